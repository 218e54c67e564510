//! Times and days as tracking services write them.

use std::time::Duration;

use kernel::{Date, Timestamp, Zone, time};

/// When something happened. A time with a zone is taken as it is; without one it is what clocks in `zone` showed. A day
/// alone is its end, so that it comes after whatever else is told of that day.
pub fn instant(text: &str, zone: &Zone) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(at) = Timestamp::parse(&with_colon(text)) {
        return Some(at);
    }
    if let Ok(day) = time::parse_date(text) {
        return Timestamp::at_start_of(day.tomorrow().ok()?, zone).map(|next| next - Duration::from_secs(1));
    }
    let minute = text.get(..16)?.replacen(' ', "T", 1);
    let rest = &text[16..];
    let seconds = if rest.is_empty() { Duration::ZERO } else { seconds(rest)? };
    Timestamp::parse_local(&minute, zone).ok().map(|at| at + seconds)
}

/// Seconds behind the minute, `:07` or `:07.123`; none when something else stands there.
fn seconds(text: &str) -> Option<Duration> {
    let (whole, fraction) = text.strip_prefix(':')?.split_once('.').unwrap_or((text.get(1..)?, ""));
    let is_plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let seconds =
        (whole.len() == 2 && is_plain(whole) && is_plain(fraction)).then(|| whole.parse().ok())??;
    (seconds < 60).then(|| Duration::from_secs(seconds))
}

/// An offset without its colon, `+0100`, as others write it.
fn with_colon(text: &str) -> String {
    let bytes = text.as_bytes();
    let is_bare = bytes.len() > 19
        && matches!(bytes[bytes.len() - 5], b'+' | b'-')
        && bytes[bytes.len() - 4..].iter().all(u8::is_ascii_digit);
    match is_bare {
        true => format!("{}:{}", &text[..text.len() - 2], &text[text.len() - 2..]),
        false => text.to_owned(),
    }
}

/// The day of a time or of a day, as it is written: an expected day is one of the destination's calendar.
pub fn day(text: &str) -> Option<Date> {
    time::parse_date(text.trim().get(..10)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_with_and_without_its_zone() {
        let vienna = Zone::parse("Europe/Vienna").unwrap();
        for (text, expected) in [
            ("2026-11-02T10:00:00+00:00", "2026-11-02T10:00:00Z"),
            ("2026-11-02T10:00:00+05:30", "2026-11-02T04:30:00Z"),
            ("2026-11-02T10:00:00Z", "2026-11-02T10:00:00Z"),
            ("2026-11-02T10:00:00+0530", "2026-11-02T04:30:00Z"),
            ("2026-11-02T10:00:07", "2026-11-02T09:00:07Z"),
            ("2026-11-02 10:00:07.123", "2026-11-02T09:00:07Z"),
            ("2026-07-02T10:00", "2026-07-02T08:00:00Z"),
            ("2026-11-02", "2026-11-02T22:59:59Z"),
        ] {
            assert_eq!(instant(text, &vienna), Timestamp::parse(expected).ok(), "{text}");
        }
        for none in [
            "",
            "yesterday",
            "2026-13-02T10:00:00",
            "2026-11-02T25:00",
            "2026-11-02T10:00:99",
            "2026-11-02T10:00 pm",
            "1901-01-01",
            "ééééééééééééééééé",
        ] {
            assert_eq!(instant(none, &vienna), None, "{none}");
        }
    }

    #[test]
    fn a_day_is_the_one_that_is_written() {
        let fifth = time::parse_date("2026-11-05").unwrap();
        for text in ["2026-11-05", "2026-11-05T23:30:00-08:00", "2026-11-05 00:00:00"] {
            assert_eq!(day(text), Some(fifth), "{text}");
        }
        for none in ["", "soon", "2026-11", "05/11/2026", "ééééééé"] {
            assert_eq!(day(none), None, "{none}");
        }
    }
}
