//! Working days, by country. Pure.
//!
//! Weekends and public holidays that hold in the whole country, as rules: a day of the year, days from Easter Sunday, or the
//! n-th weekday of a month. Holidays of a region, and those a government moves at short notice, are not in here: a
//! detector that counts one working day too many notices a day later, never too early by much.

use kernel::Date;

/// A public holiday.
#[derive(Clone, Copy, Debug)]
enum Holiday {
    /// Month and day.
    On(i8, i8),
    /// Days after Easter Sunday (Gregorian).
    Easter(i32),
    /// The n-th weekday of a month, counted from 1; the weekday from Monday as 1.
    Nth(i8, i8, i8),
    /// The last weekday of a month.
    Last(i8, i8),
}

use Holiday::{Easter, Last, Nth, On};

const NEW_YEAR: Holiday = On(1, 1);
const CHRISTMAS: Holiday = On(12, 25);
const SECOND_CHRISTMAS: Holiday = On(12, 26);
const GOOD_FRIDAY: Holiday = Easter(-2);
const EASTER_MONDAY: Holiday = Easter(1);
const ASCENSION: Holiday = Easter(39);
const WHIT_MONDAY: Holiday = Easter(50);
const LABOUR: Holiday = On(5, 1);
const ASSUMPTION: Holiday = On(8, 15);
const ALL_SAINTS: Holiday = On(11, 1);
const IMMACULATE: Holiday = On(12, 8);
const EPIPHANY: Holiday = On(1, 6);
const CORPUS_CHRISTI: Holiday = Easter(60);

/// What is public holiday in the whole of a country, by its law; none known is none counted.
fn holidays(country: &str) -> &'static [Holiday] {
    match country {
        "GB" => &[
            NEW_YEAR,
            GOOD_FRIDAY,
            EASTER_MONDAY,
            Nth(5, 1, 1),
            Last(5, 1),
            Last(8, 1),
            CHRISTMAS,
            SECOND_CHRISTMAS,
        ],
        "IE" => &[
            NEW_YEAR,
            On(3, 17),
            EASTER_MONDAY,
            Nth(5, 1, 1),
            Nth(6, 1, 1),
            Nth(8, 1, 1),
            Last(10, 1),
            CHRISTMAS,
            SECOND_CHRISTMAS,
        ],
        "DE" => &[
            NEW_YEAR,
            GOOD_FRIDAY,
            EASTER_MONDAY,
            LABOUR,
            ASCENSION,
            WHIT_MONDAY,
            On(10, 3),
            CHRISTMAS,
            SECOND_CHRISTMAS,
        ],
        "AT" => &[
            NEW_YEAR,
            EPIPHANY,
            EASTER_MONDAY,
            LABOUR,
            ASCENSION,
            WHIT_MONDAY,
            CORPUS_CHRISTI,
            ASSUMPTION,
            On(10, 26),
            ALL_SAINTS,
            IMMACULATE,
            CHRISTMAS,
            SECOND_CHRISTMAS,
        ],
        "CH" => &[NEW_YEAR, ASCENSION, On(8, 1), CHRISTMAS],
        "FR" => &[
            NEW_YEAR,
            EASTER_MONDAY,
            LABOUR,
            On(5, 8),
            ASCENSION,
            WHIT_MONDAY,
            On(7, 14),
            ASSUMPTION,
            ALL_SAINTS,
            On(11, 11),
            CHRISTMAS,
        ],
        "BE" => &[
            NEW_YEAR,
            EASTER_MONDAY,
            LABOUR,
            ASCENSION,
            WHIT_MONDAY,
            On(7, 21),
            ASSUMPTION,
            ALL_SAINTS,
            On(11, 11),
            CHRISTMAS,
        ],
        "NL" => &[NEW_YEAR, EASTER_MONDAY, On(4, 27), ASCENSION, WHIT_MONDAY, CHRISTMAS, SECOND_CHRISTMAS],
        "IT" => &[
            NEW_YEAR,
            EPIPHANY,
            EASTER_MONDAY,
            On(4, 25),
            LABOUR,
            On(6, 2),
            ASSUMPTION,
            ALL_SAINTS,
            IMMACULATE,
            CHRISTMAS,
            SECOND_CHRISTMAS,
        ],
        "ES" => &[
            NEW_YEAR,
            EPIPHANY,
            GOOD_FRIDAY,
            LABOUR,
            ASSUMPTION,
            On(10, 12),
            ALL_SAINTS,
            On(12, 6),
            IMMACULATE,
            CHRISTMAS,
        ],
        "PT" => &[
            NEW_YEAR,
            GOOD_FRIDAY,
            On(4, 25),
            LABOUR,
            CORPUS_CHRISTI,
            On(6, 10),
            ASSUMPTION,
            On(10, 5),
            ALL_SAINTS,
            On(12, 1),
            IMMACULATE,
            CHRISTMAS,
        ],
        "PL" => &[
            NEW_YEAR,
            EPIPHANY,
            EASTER_MONDAY,
            LABOUR,
            On(5, 3),
            CORPUS_CHRISTI,
            ASSUMPTION,
            ALL_SAINTS,
            On(11, 11),
            On(12, 24),
            CHRISTMAS,
            SECOND_CHRISTMAS,
        ],
        "DK" => &[
            NEW_YEAR,
            Easter(-3),
            GOOD_FRIDAY,
            EASTER_MONDAY,
            ASCENSION,
            WHIT_MONDAY,
            CHRISTMAS,
            SECOND_CHRISTMAS,
        ],
        "SE" => &[
            NEW_YEAR,
            EPIPHANY,
            GOOD_FRIDAY,
            EASTER_MONDAY,
            LABOUR,
            ASCENSION,
            On(6, 6),
            CHRISTMAS,
            SECOND_CHRISTMAS,
        ],
        "NO" => &[
            NEW_YEAR,
            Easter(-3),
            GOOD_FRIDAY,
            EASTER_MONDAY,
            LABOUR,
            On(5, 17),
            ASCENSION,
            WHIT_MONDAY,
            CHRISTMAS,
            SECOND_CHRISTMAS,
        ],
        "US" => &[
            NEW_YEAR,
            Nth(1, 1, 3),
            Nth(2, 1, 3),
            Last(5, 1),
            On(6, 19),
            On(7, 4),
            Nth(9, 1, 1),
            Nth(10, 1, 2),
            On(11, 11),
            Nth(11, 4, 4),
            CHRISTMAS,
        ],
        "CA" => {
            &[NEW_YEAR, GOOD_FRIDAY, On(7, 1), Nth(9, 1, 1), On(9, 30), Nth(10, 1, 2), On(11, 11), CHRISTMAS]
        }
        "AU" => &[NEW_YEAR, On(1, 26), GOOD_FRIDAY, EASTER_MONDAY, On(4, 25), CHRISTMAS, SECOND_CHRISTMAS],
        "NZ" => &[
            NEW_YEAR,
            On(1, 2),
            On(2, 6),
            GOOD_FRIDAY,
            EASTER_MONDAY,
            On(4, 25),
            Nth(6, 1, 1),
            Last(10, 1),
            CHRISTMAS,
            SECOND_CHRISTMAS,
        ],
        _ => &[],
    }
}

/// Countries where nobody delivers on Friday and Saturday, and those where only Friday is free; weekdays from Monday as 1.
fn weekend(country: &str) -> &'static [i8] {
    match country {
        "SA" | "QA" | "KW" | "BH" | "OM" | "JO" | "EG" | "IQ" | "YE" | "SY" | "LY" | "DZ" | "BD" | "IL" => {
            &[5, 6]
        }
        "IR" => &[5],
        "NP" => &[6],
        "IN" | "PK" => &[7],
        _ => &[6, 7],
    }
}

/// Whether carriers and shops work on a day in a country (ISO 3166-1 alpha-2).
pub fn is_working_day(day: Date, country: &str) -> bool {
    !is_weekend(day, country) && !is_holiday(day, country) && !is_substitute(day, country)
}

fn is_weekend(day: Date, country: &str) -> bool {
    weekend(country).contains(&day.weekday().to_monday_one_offset())
}

fn is_holiday(day: Date, country: &str) -> bool {
    holidays(country).iter().any(|holiday| falls_on(*holiday, day))
}

/// Whether a holiday of the weekend before is kept on this day, where the law moves it to the next day that is free for
/// nothing else: two of them, or one before a Monday that is a holiday itself, reach Tuesday.
fn is_substitute(day: Date, country: &str) -> bool {
    let weekday = day.weekday().to_monday_one_offset();
    if !matches!(country, "GB" | "AU" | "NZ" | "CA") || weekday > 2 {
        return false;
    }
    let days_before = |count: i8| (0..count).fold(day, |at, _| at.yesterday().unwrap_or(at));
    let kept = |at: Date| usize::from(is_holiday(at, country));
    let owed = kept(days_before(weekday)) + kept(days_before(weekday + 1));
    match weekday {
        1 => owed > 0,
        _ => owed > 0 && owed + kept(days_before(1)) > 1,
    }
}

/// The day that is `count` working days after `day`.
pub fn working_days_after(day: Date, count: u32, country: &str) -> Date {
    let mut left = count;
    let mut at = day;
    // A year without a working day is in no calendar.
    for _ in 0..366 {
        if left == 0 {
            break;
        }
        at = tomorrow(at);
        if is_working_day(at, country) {
            left -= 1;
        }
    }
    at
}

/// The next day; the last day there is stays.
pub fn tomorrow(day: Date) -> Date {
    day.tomorrow().unwrap_or(day)
}

fn falls_on(holiday: Holiday, day: Date) -> bool {
    match holiday {
        On(month, of_month) => (day.month(), day.day()) == (month, of_month),
        Nth(month, weekday, nth) => {
            day.month() == month
                && day.weekday().to_monday_one_offset() == weekday
                && (day.day() - 1) / 7 + 1 == nth
        }
        Last(month, weekday) => {
            day.month() == month
                && day.weekday().to_monday_one_offset() == weekday
                && day.day() + 7 > day.days_in_month()
        }
        Easter(after) => days_between(easter(day.year()), day) == after,
    }
}

fn days_between(from: Date, to: Date) -> i32 {
    from.until(to).map_or(i32::MAX, |span| span.get_days())
}

/// Easter Sunday of a Gregorian year: the anonymous algorithm of 1876 (Nature, vol. 13, p. 487).
fn easter(year: i16) -> Date {
    let year = i32::from(year);
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let (d, e) = (b / 4, b % 4);
    let g = (b - (b + 8) / 25 + 1) / 3;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let month = (h + l - 7 * m + 114) / 31;
    let day = (h + l - 7 * m + 114) % 31 + 1;
    let (year, month, day) = (year as i16, month as i8, day as i8);
    Date::new(year, month, day).unwrap_or(Date::MIN)
}

#[cfg(test)]
mod tests {
    use kernel::time::parse_date;

    use super::*;

    fn day(text: &str) -> Date {
        parse_date(text).unwrap()
    }

    #[test]
    fn easter_is_when_the_almanacs_say() {
        for sunday in
            ["1961-04-02", "2000-04-23", "2024-03-31", "2025-04-20", "2026-04-05", "2027-03-28", "2038-04-25"]
        {
            assert_eq!(easter(day(sunday).year()), day(sunday));
        }
    }

    #[test]
    fn weekends_and_holidays_are_those_of_the_country() {
        let free = [
            ("GB", "2026-12-25"),
            ("GB", "2026-08-31"),
            ("GB", "2026-05-04"),
            ("GB", "2026-05-25"),
            ("GB", "2026-11-28"),
            ("DE", "2026-05-14"),
            ("DE", "2026-10-03"),
            ("DE", "2026-05-25"),
            ("US", "2026-11-26"),
            ("US", "2026-09-07"),
            ("FR", "2026-07-14"),
            ("AT", "2026-06-04"),
            ("SA", "2026-11-27"),
            ("IN", "2026-11-29"),
        ];
        for (country, text) in free {
            assert!(!is_working_day(day(text), country), "{country} {text}");
        }
        let works = [
            ("GB", "2026-11-27"),
            ("DE", "2026-11-26"),
            ("SA", "2026-11-29"),
            ("IN", "2026-11-28"),
            ("XX", "2026-12-25"),
        ];
        for (country, text) in works {
            assert!(is_working_day(day(text), country), "{country} {text}");
        }
    }

    #[test]
    fn working_days_are_counted_over_weekends_and_holidays() {
        assert_eq!(working_days_after(day("2026-11-27"), 1, "GB"), day("2026-11-30"));
        assert_eq!(working_days_after(day("2026-12-24"), 1, "GB"), day("2026-12-29"));
        assert_eq!(working_days_after(day("2026-12-24"), 3, "DE"), day("2026-12-30"));
        // Christmas on a Saturday, on a Sunday, and in the middle of a week.
        assert_eq!(working_days_after(day("2021-12-24"), 1, "GB"), day("2021-12-29"));
        assert_eq!(working_days_after(day("2022-12-23"), 1, "GB"), day("2022-12-28"));
        assert_eq!(working_days_after(day("2024-12-24"), 1, "GB"), day("2024-12-27"));
        assert_eq!(working_days_after(day("2026-11-27"), 0, "GB"), day("2026-11-27"));
    }
}
