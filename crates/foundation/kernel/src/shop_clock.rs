//! Times as the people who run a shop read them: by the shop's clock, because that is the clock its rules go by.

use crate::{Date, Timestamp, Zone};

/// The shop's clock, in English. The year is said only when it isn't this one.
#[derive(Clone, Copy, Debug)]
pub struct ShopClock<'a> {
    zone: &'a Zone,
    now: Timestamp,
}

impl<'a> ShopClock<'a> {
    /// The clock of a shop in `zone`, looked at at `now`.
    pub fn new(zone: &'a Zone, now: Timestamp) -> Self {
        ShopClock { zone, now }
    }

    /// `Fri 20 Nov, 10:00`, for lists.
    pub fn short(&self, at: Timestamp) -> String {
        self.minute(at, "%a %-d %b")
    }

    /// `Friday 20 November, 10:00`.
    pub fn long(&self, at: Timestamp) -> String {
        self.minute(at, "%A %-d %B")
    }

    /// `Fri 20 Nov, 10:00:04`: between writing and accepting there are seconds. Every zone has whole minutes, so
    /// the seconds are the same everywhere.
    pub fn exact(&self, at: Timestamp) -> String {
        format!("{}:{:02}", self.short(at), at.ms().div_euclid(1_000).rem_euclid(60))
    }

    /// The shop's day.
    pub fn today(&self) -> Date {
        self.now.date_in(self.zone)
    }

    /// `Fri 20 Nov`.
    pub fn day(&self, day: Date) -> String {
        day.strftime(&format!("%a %-d %b{}", self.year(day))).to_string()
    }

    fn year(&self, day: Date) -> &'static str {
        if day.year() == self.today().year() { "" } else { " %Y" }
    }

    fn minute(&self, at: Timestamp, day: &str) -> String {
        let date = at.date_in(self.zone);
        let (hour, minute) = at.clock_in(self.zone);
        format!("{}, {hour:02}:{minute:02}", date.strftime(&format!("{day}{}", self.year(date))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_the_shops_and_years_are_said_when_they_differ() {
        let berlin = Zone::parse("Europe/Berlin").unwrap();
        let clock = ShopClock::new(&berlin, Timestamp::parse("2026-12-01T00:00:00Z").unwrap());
        let at = Timestamp::parse("2026-11-20T23:00:04.9Z").unwrap();
        assert_eq!(clock.short(at), "Sat 21 Nov, 00:00");
        assert_eq!(clock.long(at), "Saturday 21 November, 00:00");
        assert_eq!(clock.exact(at), "Sat 21 Nov, 00:00:04");
        let earlier = Timestamp::parse("2025-12-31T22:59:59Z").unwrap();
        assert_eq!(clock.exact(earlier), "Wed 31 Dec 2025, 23:59:59");
        assert_eq!(clock.day(clock.today()), "Tue 1 Dec");
        assert_eq!(clock.day(earlier.date_in(&berlin)), "Wed 31 Dec 2025");
    }
}
