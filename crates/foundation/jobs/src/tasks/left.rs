//! How long a task still takes, as far as that can be known.

use std::time::Duration;

/// The first chunks say little.
const ENOUGH: Duration = Duration::from_secs(2);
const MINUTE_MS: u128 = 60_000;

/// Between how long and how long it still takes, in words; `None` while nobody can say. What was done so far says how fast
/// it goes, and the rest may be a third faster or half as fast again.
pub fn time_left(done: i64, total: i64, elapsed: Duration) -> Option<String> {
    let left = total.checked_sub(done).filter(|left| *left > 0 && done > 0)?;
    if elapsed < ENOUGH {
        return None;
    }
    let ms = elapsed.as_millis().saturating_mul(left.unsigned_abs().into()) / u128::from(done.unsigned_abs());
    let (least, most) = (ms / 3 * 2, ms.saturating_mul(3) / 2);
    Some(match most.div_ceil(MINUTE_MS) {
        0 | 1 => "less than a minute".to_owned(),
        2..=120 => between(least, most, MINUTE_MS, "minutes"),
        _ => between(least, most, 60 * MINUTE_MS, "hours"),
    })
}

fn between(least: u128, most: u128, unit_ms: u128, units: &str) -> String {
    let (least, most) = (least.div_ceil(unit_ms), most.div_ceil(unit_ms));
    if least == most { format!("about {most} {units}") } else { format!("{least} to {most} {units}") }
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
            (1, 1_000_000, 10, Some("1852 to 4167 hours")),
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
