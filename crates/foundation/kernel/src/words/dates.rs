//! Calendar dates with their weekday, and times of day, in the order and grammar of the language.

use super::Catalogue;
use crate::{Date, Locale};

/// A date taken apart into what its sentence is made of.
struct Parts {
    weekday: String,
    day: String,
    month: String,
    year: String,
}

impl Catalogue {
    /// A calendar date with its weekday, `Thursday 26 November`; the year only when it is not `today`'s.
    pub fn date(&self, locale: &Locale, date: Date, today: Date) -> String {
        let parts = self.parts(locale, date);
        let key = if date.year() == today.year() { "date-this-year" } else { "date-other-year" };
        let args = [
            ("weekday", (&parts.weekday).into()),
            ("day", (&parts.day).into()),
            ("month", (&parts.month).into()),
            ("year", (&parts.year).into()),
        ];
        self.say(locale, key, &args)
    }

    /// One date, or `Wednesday 25 to Friday 27 November`.
    pub fn date_range(&self, locale: &Locale, from: Date, to: Date, today: Date) -> String {
        if from == to {
            return self.date(locale, from, today);
        }
        if (from.year(), from.month()) != (to.year(), to.month()) {
            let (from, to) = (self.date(locale, from, today), self.date(locale, to, today));
            return self.say(locale, "date-range", &[("from", (&from).into()), ("to", (&to).into())]);
        }
        let is_this_year = to.year() == today.year();
        let key = if is_this_year { "date-range-month" } else { "date-range-month-other-year" };
        let (from, to) = (self.parts(locale, from), self.parts(locale, to));
        let args = [
            ("from-weekday", (&from.weekday).into()),
            ("from-day", (&from.day).into()),
            ("to-weekday", (&to.weekday).into()),
            ("to-day", (&to.day).into()),
            ("month", (&to.month).into()),
            ("year", (&to.year).into()),
        ];
        self.say(locale, key, &args)
    }

    /// An hour and a minute, `14:05`.
    pub fn time(&self, locale: &Locale, hour: i8, minute: i8) -> String {
        let (hour, minute) = (format!("{hour:02}"), format!("{minute:02}"));
        self.say(locale, "time-of-day", &[("hour", (&hour).into()), ("minute", (&minute).into())])
    }

    fn parts(&self, locale: &Locale, date: Date) -> Parts {
        let numbered = |key: &str, n: i8| self.say(locale, key, &[("n", i64::from(n).into())]);
        Parts {
            weekday: numbered("weekday", date.weekday().to_monday_one_offset()),
            day: date.day().to_string(),
            month: numbered("month", date.month()),
            year: date.year().to_string(),
        }
    }
}
