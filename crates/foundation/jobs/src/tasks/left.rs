//! How long a task still takes, as far as that can be known.

use std::time::Duration;

/// The first chunks say little.
const ENOUGH: Duration = Duration::from_secs(2);

/// Between how long and how long it still takes, in words; `None` while nobody can say. What was done so far says how fast
/// it goes, and the rest may be a third faster or half as fast again.
pub fn time_left(done: i64, total: i64, elapsed: Duration) -> Option<String> {
    let left = total.checked_sub(done).filter(|left| *left > 0 && done > 0)?;
    if elapsed < ENOUGH {
        return None;
    }
    let ms = elapsed.as_millis().saturating_mul(left.unsigned_abs().into()) / u128::from(done.unsigned_abs());
    let minutes = |ms: u128| ms.div_ceil(60_000);
    let (least, most) = (minutes(ms * 2 / 3), minutes(ms * 3 / 2));
    Some(match (least, most) {
        (_, 0 | 1) => "less than a minute".to_owned(),
        (least, most) if least == most => format!("about {most} minutes"),
        (least, most) => format!("{least} to {most} minutes"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rest_takes_about_as_long_as_what_was_done() {
        for (done, total, seconds, words) in [
            (0, 100, 60, None),
            (100, 100, 60, None),
            (10, 100, 1, None),
            (110, 100, 60, None),
            (90, 100, 60, Some("less than a minute")),
            (50, 100, 240, Some("3 to 6 minutes")),
            (1, 1_000_000, 10, Some("111112 to 250000 minutes")),
            (25, 100, 60, Some("2 to 5 minutes")),
        ] {
            let told = time_left(done, total, Duration::from_secs(seconds));
            assert_eq!(told.as_deref(), words, "{done} of {total} in {seconds} s");
        }
    }

    #[test]
    fn no_number_is_too_large() {
        assert!(time_left(1, i64::MAX, Duration::from_secs(u64::MAX / 1_000)).is_some());
        assert_eq!(time_left(i64::MAX, i64::MIN, Duration::from_secs(9)), None);
    }
}
