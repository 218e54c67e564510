//! The shop's calendar: when it is open, when parcels are brought, and which instant a local time means.

use std::time::Duration;

use kernel::{Date, Timestamp, Zone};

/// Twenty-four hours.
pub(crate) const DAY: Duration = Duration::from_secs(86_400);

const EPOCH: Date = Date::constant(1970, 1, 1);

/// Where the shop is.
pub(crate) fn shop_zone() -> Zone {
    Zone::parse("Europe/London").expect("the zone data holds London")
}

/// `days` calendar days later.
pub(crate) fn days_after(date: Date, days: u64) -> Date {
    date.saturating_add(DAY * days as u32)
}

/// How many calendar days `later` is after `date`; zero when it is not.
pub(crate) fn days_between(date: Date, later: Date) -> u64 {
    (later.duration_since(date).as_secs() / 86_400).max(0) as u64
}

/// Monday is 0, Sunday is 6.
pub(crate) fn weekday(date: Date) -> usize {
    date.weekday().to_monday_zero_offset() as usize
}

/// Whether the workshop packs parcels: Monday to Friday, but not at Christmas and New Year.
pub(crate) fn is_open(date: Date) -> bool {
    weekday(date) < 5 && !is_holiday(date)
}

/// Whether carriers bring parcels: Monday to Saturday, but not at Christmas and New Year.
fn is_delivery_day(date: Date) -> bool {
    weekday(date) < 6 && !is_holiday(date)
}

fn is_holiday(date: Date) -> bool {
    matches!((date.month(), date.day()), (12, 25 | 26) | (1, 1))
}

/// The day itself when the workshop is open, or else the next on which it is.
pub(crate) fn open_day(date: Date) -> Date {
    first_from(date, is_open)
}

/// The `days`-th open day after `date`.
pub(crate) fn open_days_after(date: Date, days: u64) -> Date {
    (0..days).fold(date, |day, _| open_day(days_after(day, 1)))
}

/// The first day from `days` after `date` on which a parcel is brought.
pub(crate) fn brought_after(date: Date, days: u64) -> Date {
    first_from(days_after(date, days), is_delivery_day)
}

fn first_from(date: Date, fits: fn(Date) -> bool) -> Date {
    // No closure lasts longer than five days: a weekend around Christmas.
    (0..7).map(|days| days_after(date, days)).find(|day| fits(*day)).unwrap_or(date)
}

/// The instant at which clocks in `zone` show `second` of the day `date`.
///
/// In the one night a year when clocks change it may be an hour off, which no customer of this shop notices.
pub(crate) fn at_local(date: Date, second: u64, zone: &Zone) -> Timestamp {
    let as_utc = civil_seconds(date) + second as i64;
    let guess = Timestamp::from_ms(as_utc * 1_000);
    let (hour, minute) = guess.clock_in(zone);
    let shown = civil_seconds(guess.date_in(zone)) + i64::from(hour) * 3_600 + i64::from(minute) * 60;
    let ahead = shown - (as_utc - as_utc.rem_euclid(60));
    Timestamp::from_ms((as_utc - ahead) * 1_000)
}

fn civil_seconds(date: Date) -> i64 {
    date.duration_since(EPOCH).as_secs()
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::time::parse_date;

    fn date(text: &str) -> Date {
        parse_date(text).unwrap()
    }

    #[test]
    fn the_workshop_rests_on_weekends_and_at_christmas() {
        assert_eq!(open_days_after(date("2026-11-20"), 1), date("2026-11-23"));
        assert_eq!(open_days_after(date("2026-12-24"), 1), date("2026-12-28"));
        assert_eq!(open_day(date("2027-01-01")), date("2027-01-04"));
        assert_eq!(brought_after(date("2026-11-20"), 1), date("2026-11-21"));
        assert_eq!(brought_after(date("2026-11-20"), 2), date("2026-11-23"));
    }

    #[test]
    fn a_local_time_names_its_instant_in_summer_and_winter() {
        for (zone, day, second, instant) in [
            ("Europe/London", "2026-07-01", 36_001, "2026-07-01T09:00:01Z"),
            ("Europe/London", "2026-12-01", 36_001, "2026-12-01T10:00:01Z"),
            ("America/Los_Angeles", "2026-12-01", 79_200, "2026-12-02T06:00:00Z"),
            ("Europe/Athens", "2026-07-01", 3_600, "2026-06-30T22:00:00Z"),
        ] {
            let zone = Zone::parse(zone).unwrap();
            assert_eq!(at_local(date(day), second, &zone).to_string(), instant);
        }
    }

    #[test]
    fn days_are_counted_between_dates() {
        assert_eq!(days_between(date("2026-02-27"), date("2026-03-02")), 3);
        assert_eq!(days_between(date("2026-03-02"), date("2026-02-27")), 0);
    }
}
