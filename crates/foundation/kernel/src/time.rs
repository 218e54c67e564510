//! Instants, civil dates, zones, and the only clocks of the program.

use std::fmt;
use std::ops::{Add, Sub};
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// A civil (calendar) date without a time or a zone, such as a promised delivery date.
pub type Date = jiff::civil::Date;

/// An instant: milliseconds since 1970-01-01T00:00:00Z. Stored as BIGINT.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(i64);

/// The last instant we accept from outside: the end of the year 9999.
const MAX_MS: i64 = 253_402_300_799_999;

impl Timestamp {
    /// From milliseconds since the epoch.
    pub const fn from_ms(ms: i64) -> Self {
        Timestamp(ms)
    }

    /// Milliseconds since the epoch.
    pub const fn ms(self) -> i64 {
        self.0
    }

    /// Reads RFC 3339, such as `2026-11-20T10:00:00Z` or `2026-11-01T10:00:00+01:00`, between the years 1970 and 9999.
    pub fn parse(text: &str) -> Result<Self> {
        let instant: jiff::Timestamp = text.parse().map_err(|_| bad_instant())?;
        let ms = instant.as_millisecond();
        if (0..=MAX_MS).contains(&ms) { Ok(Timestamp(ms)) } else { Err(bad_instant()) }
    }

    /// Reads the date of a mail or of an HTTP answer, such as `Fri, 20 Nov 2026 10:00:00 GMT`.
    pub fn parse_rfc2822(text: &str) -> Result<Self> {
        let instant = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text.trim());
        let ms = instant.map_err(|_| bad_instant())?.as_millisecond();
        if (0..=MAX_MS).contains(&ms) { Ok(Timestamp(ms)) } else { Err(bad_instant()) }
    }

    /// How long ago `earlier` was; zero when it is not earlier.
    pub fn since(self, earlier: Timestamp) -> Duration {
        Duration::from_millis(self.0.saturating_sub(earlier.0).max(0) as u64)
    }

    /// The calendar date of this instant in `zone`.
    pub fn date_in(self, zone: &Zone) -> Date {
        self.zoned(zone).date()
    }

    /// Hour (0–23) and minute of this instant in `zone`.
    pub fn clock_in(self, zone: &Zone) -> (i8, i8) {
        let zoned = self.zoned(zone);
        (zoned.hour(), zoned.minute())
    }

    /// The next time, strictly later, that clocks in `zone` show the full `hour`. Where the clocks jump over it
    /// (a gap), the first instant after the jump; where they show it twice, the first time.
    pub fn next_hour_in(self, zone: &Zone, hour: i8) -> Timestamp {
        let local = self.zoned(zone);
        let at = |date: Date| date.at(hour.clamp(0, 23), 0, 0, 0).to_zoned(zone.0.clone()).ok();
        let candidates = [at(local.date()), local.date().tomorrow().ok().and_then(at)];
        let later = candidates.into_iter().flatten().map(|z| Timestamp(z.timestamp().as_millisecond()));
        later.filter(|instant| *instant > self).min().unwrap_or(self + Duration::from_secs(3600))
    }

    /// The first instant of a calendar date in `zone`; `None` for a date that no instant has.
    pub fn at_start_of(day: Date, zone: &Zone) -> Option<Timestamp> {
        let start = day.to_zoned(zone.0.clone()).ok()?.timestamp().as_millisecond();
        (0..=MAX_MS).contains(&start).then_some(Timestamp(start))
    }

    /// What a clock in `zone` shows, `2026-11-20T10:00`, as a form's field for a day and a time has it.
    pub fn local_in(self, zone: &Zone) -> String {
        self.zoned(zone).strftime("%Y-%m-%dT%H:%M").to_string()
    }

    /// Reads what a clock in `zone` shows, `2026-11-20T10:00`. Where it shows that twice, the first time; where the clocks
    /// jump over it, the moment after.
    pub fn parse_local(text: &str, zone: &Zone) -> Result<Self> {
        let bad = || Error::invalid("not_a_time", "Write day and time like 2026-11-20T10:00.");
        if text.len() != 16 {
            return Err(bad());
        }
        let shown: jiff::civil::DateTime = text.parse().map_err(|_| bad())?;
        let zoned = shown.to_zoned(zone.0.clone()).map_err(|_| bad())?;
        let ms = zoned.timestamp().as_millisecond();
        if (0..=MAX_MS).contains(&ms) { Ok(Timestamp(ms)) } else { Err(bad()) }
    }

    /// RFC 5322 date for a mail header, in UTC.
    pub fn rfc2822(self) -> String {
        self.zoned(&Zone::utc()).strftime("%a, %d %b %Y %H:%M:%S +0000").to_string()
    }

    fn zoned(self, zone: &Zone) -> jiff::Zoned {
        let instant = jiff::Timestamp::from_millisecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        instant.to_zoned(zone.0.clone())
    }
}

fn bad_instant() -> Error {
    Error::invalid("not_an_instant", "Write the time as RFC 3339, like 2026-11-20T10:00:00Z.")
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_millisecond(self.0) {
            Ok(instant) => write!(f, "{instant}"),
            Err(_) => write!(f, "{} ms", self.0),
        }
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Add<Duration> for Timestamp {
    type Output = Timestamp;
    fn add(self, span: Duration) -> Timestamp {
        Timestamp(self.0.saturating_add(span.as_millis() as i64))
    }
}

impl Sub<Duration> for Timestamp {
    type Output = Timestamp;
    fn sub(self, span: Duration) -> Timestamp {
        Timestamp(self.0.saturating_sub(span.as_millis() as i64))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: serde::Serializer>(&self, to: S) -> std::result::Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> std::result::Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        Timestamp::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// Reads a calendar date, `2026-11-23`.
pub fn parse_date(text: &str) -> Result<Date> {
    let plain = text.len() == 10 && text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    if !plain {
        return Err(bad_date());
    }
    text.parse().map_err(|_| bad_date())
}

fn bad_date() -> Error {
    Error::invalid("not_a_date", "Write the date as year-month-day, like 2026-11-23.")
}

/// An IANA time zone, such as `Europe/London`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone(jiff::tz::TimeZone);

impl Zone {
    /// Coordinated universal time.
    pub fn utc() -> Self {
        Zone(jiff::tz::TimeZone::UTC)
    }

    /// Reads an IANA name.
    pub fn parse(name: &str) -> Result<Self> {
        jiff::tz::TimeZone::get(name)
            .map(Zone)
            .map_err(|_| Error::invalid("unknown_time_zone", "Name a time zone like Europe/London."))
    }

    /// The IANA name.
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }
}

/// Where `now` comes from. Pure code takes `now`; only the shell holds a clock.
pub trait Clock: Send + Sync + fmt::Debug {
    /// The present instant.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    fn now(&self) -> Timestamp {
        let since_epoch =
            std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        Timestamp(since_epoch.as_millis() as i64)
    }
}

/// A clock that stands still until it is moved. Stories and the simulator use it.
#[derive(Debug)]
pub struct VirtualClock(AtomicI64);

impl VirtualClock {
    /// A clock standing at `start`.
    pub fn at(start: Timestamp) -> Self {
        VirtualClock(AtomicI64::new(start.ms()))
    }

    /// Moves to `instant`; a clock never goes back.
    pub fn move_to(&self, instant: Timestamp) {
        self.0.fetch_max(instant.ms(), Ordering::SeqCst);
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

/// The machine's clock plus an offset that only grows: the demo's time machine.
#[derive(Debug, Default)]
pub struct ShiftedClock {
    offset_ms: AtomicI64,
}

impl ShiftedClock {
    /// Moves ahead so that it is now `instant`, unless it is later already.
    pub fn move_to(&self, instant: Timestamp) {
        let wanted = instant.ms().saturating_sub(SystemClock.now().ms());
        self.offset_ms.fetch_max(wanted, Ordering::SeqCst);
    }
}

impl Clock for ShiftedClock {
    fn now(&self) -> Timestamp {
        Timestamp(SystemClock.now().ms() + self.offset_ms.load(Ordering::SeqCst))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forms_time_is_read_by_the_clock_it_was_shown_by() {
        let berlin = Zone::parse("Europe/Berlin").unwrap();
        let at = Timestamp::parse("2026-11-20T09:00:00Z").unwrap();
        assert_eq!(at.local_in(&berlin), "2026-11-20T10:00");
        assert_eq!(Timestamp::parse_local("2026-11-20T10:00", &berlin).unwrap(), at);
        let twice = Timestamp::parse_local("2026-10-25T02:30", &berlin).unwrap();
        assert_eq!(twice.to_string(), "2026-10-25T00:30:00Z");
        for wrong in [
            "",
            "2026-11-20",
            "2026-11-20T25:00",
            "2026-02-30T10:00",
            "2026-11-20T10:00:00Z",
            "1900-01-01T00:00",
        ] {
            assert!(Timestamp::parse_local(wrong, &berlin).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_offset_and_utc_name_the_same_instant() {
        let a = Timestamp::parse("2026-11-01T10:00:00+01:00").unwrap();
        assert_eq!(a, Timestamp::parse("2026-11-01T09:00:00Z").unwrap());
        assert_eq!(a.to_string(), "2026-11-01T09:00:00Z");
    }

    #[test]
    fn what_is_not_an_instant_is_refused() {
        for text in [
            "",
            "yesterday",
            "2026-13-01T00:00:00Z",
            "2026-02-30T00:00:00Z",
            "1969-12-31T23:59:59Z",
            "2026-11-20",
        ] {
            assert!(Timestamp::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn dates_are_calendar_dates_of_the_zone() {
        let late = Timestamp::parse("2026-11-20T23:30:00Z").unwrap();
        assert_eq!(late.date_in(&Zone::parse("Europe/Berlin").unwrap()).to_string(), "2026-11-21");
        assert_eq!(late.date_in(&Zone::utc()).to_string(), "2026-11-20");
        assert!(parse_date("2026-02-30").is_err());
        assert!(parse_date("20261120").is_err());
    }

    #[test]
    fn the_next_morning_is_found_across_a_clock_change() {
        let berlin = Zone::parse("Europe/Berlin").unwrap();
        let at = |text: &str| Timestamp::parse(text).unwrap();
        // 29 March 2026: 02:00 becomes 03:00.
        assert_eq!(at("2026-03-28T22:00:00Z").next_hour_in(&berlin, 8), at("2026-03-29T06:00:00Z"));
        assert_eq!(at("2026-03-29T00:30:00Z").next_hour_in(&berlin, 2), at("2026-03-29T01:00:00Z"));
        assert_eq!(at("2026-11-20T07:00:00Z").next_hour_in(&berlin, 8), at("2026-11-21T07:00:00Z"));
    }

    #[test]
    fn a_mail_date_is_rfc_5322() {
        let at = Timestamp::parse("2026-11-01T09:05:03Z").unwrap();
        assert_eq!(at.rfc2822(), "Sun, 01 Nov 2026 09:05:03 +0000");
        for same in
            ["Sun, 01 Nov 2026 09:05:03 +0000", "Sun, 01 Nov 2026 09:05:03 GMT", "1 Nov 2026 10:05:03 +0100"]
        {
            assert_eq!(Timestamp::parse_rfc2822(same).unwrap().ms() / 1_000, at.ms() / 1_000, "{same}");
        }
        assert!(Timestamp::parse_rfc2822("yesterday").is_err());
    }

    #[test]
    fn a_virtual_clock_never_goes_back() {
        let clock = VirtualClock::at(Timestamp::from_ms(10));
        clock.move_to(Timestamp::from_ms(5));
        assert_eq!(clock.now().ms(), 10);
    }
}
