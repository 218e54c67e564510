//! How long parcels take: by carrier and country, from what this shop's own parcels took. Pure.
//!
//! Counted are working days of the destination from leaving to arriving. What most of them took is said of the next one,
//! as a span and with how many it held for; of a way that few have gone, nothing is said.

use kernel::{Date, Zone};

use crate::calendar::{is_working_day, tomorrow, working_days_after};
use crate::incoming::DateRange;
use crate::state::State;
use crate::store::Shipment;

/// As many parcels have to have gone the same way before anything is said.
const ENOUGH: u32 = 20;
/// What is left out on each side: one in ten was faster, one in ten slower.
const LEFT_OUT: u32 = 10;
/// What takes longer was lost and found, and says nothing of the next one.
const LONGEST: u32 = 40;

/// A way that parcels go, at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lane {
    /// The carrier's code; empty where none is known.
    pub carrier: String,
    /// Where it goes, ISO 3166-1 alpha-2.
    pub country: String,
    /// The quarter in which it left, `2026-4`.
    pub quarter: String,
}

/// When a parcel probably arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Likely {
    /// Between which days.
    pub days: DateRange,
    /// Of a hundred parcels that went the same way, as many took so long.
    pub percent: u32,
}

/// The way of a parcel that arrived, and how many working days it took; none for any other.
pub fn went(shipment: &Shipment, country: &str, zone: &Zone) -> Option<(Lane, u32)> {
    let arrived = shipment.standing.delivered_at.filter(|_| shipment.standing.state == State::Delivered)?;
    let (left, arrived) = (shipment.shipped_at.date_in(zone), arrived.date_in(zone));
    let took = working_days_between(left, arrived, country)?;
    let carrier = shipment.tracking.carrier.clone().unwrap_or_default();
    Some((Lane { carrier, country: country.to_owned(), quarter: quarter_of(left) }, took))
}

/// `2026-4`.
pub fn quarter_of(day: Date) -> String {
    format!("{}-{}", day.year(), (day.month() + 2) / 3)
}

/// This quarter and the three before it: what was long ago says little of now.
pub fn recent_quarters(today: Date) -> [String; 4] {
    let of = today.year() * 4 + i16::from((today.month() + 2) / 3) - 1;
    [of, of - 1, of - 2, of - 3].map(|of| format!("{}-{}", of.div_euclid(4), of.rem_euclid(4) + 1))
}

fn working_days_between(left: Date, arrived: Date, country: &str) -> Option<u32> {
    let (mut at, mut days) = (left, 0);
    while at < arrived {
        at = tomorrow(at);
        days += u32::from(is_working_day(at, country));
        if days > LONGEST {
            return None;
        }
    }
    (arrived >= left).then_some(days)
}

/// When a parcel that left on that day probably arrives. `took`: how many parcels took how many working days, the fewest
/// days first.
pub fn likely(took: &[(u32, u32)], left: Date, country: &str) -> Option<Likely> {
    let all: u32 = took.iter().map(|(_, parcels)| parcels).sum();
    if all < ENOUGH {
        return None;
    }
    let out = all / LEFT_OUT;
    let (from, to) = (nth(took.iter(), out)?, nth(took.iter().rev(), out)?);
    let inside = took.iter().filter(|(days, _)| (from..=to).contains(days)).map(|(_, parcels)| parcels);
    let day = |days: u32| working_days_after(left, days, country);
    Some(Likely {
        days: DateRange { from: day(from), to: day(to) },
        percent: inside.sum::<u32>() * 100 / all,
    })
}

/// How long the parcel took that has so many before it.
fn nth<'a>(took: impl Iterator<Item = &'a (u32, u32)>, before: u32) -> Option<u32> {
    let mut seen = 0;
    for (days, parcels) in took {
        seen += parcels;
        if seen > before {
            return Some(*days);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        kernel::time::parse_date(text).unwrap()
    }

    #[test]
    fn most_of_many_are_a_span_and_few_say_nothing() {
        // Monday; one in a hundred takes three weeks.
        let took = [(1, 8), (2, 60), (3, 25), (4, 6), (15, 1)];
        let likely = likely(&took, day("2026-11-23"), "DE").unwrap();
        assert_eq!(likely.days, DateRange { from: day("2026-11-25"), to: day("2026-11-26") });
        assert_eq!(likely.percent, 85);
        assert_eq!(super::likely(&[(2, 19)], day("2026-11-23"), "DE"), None);
        assert_eq!(super::likely(&[], day("2026-11-23"), "DE"), None);
        let one = super::likely(&[(2, 20)], day("2026-11-23"), "DE").unwrap();
        assert_eq!((one.days.from, one.days.to, one.percent), (day("2026-11-25"), day("2026-11-25"), 100));
    }

    #[test]
    fn working_days_are_counted_and_what_was_lost_is_not() {
        // Friday to Tuesday, and to itself.
        assert_eq!(working_days_between(day("2026-11-20"), day("2026-11-24"), "DE"), Some(2));
        assert_eq!(working_days_between(day("2026-11-20"), day("2026-11-20"), "DE"), Some(0));
        assert_eq!(working_days_between(day("2026-11-20"), day("2026-11-19"), "DE"), None);
        assert_eq!(working_days_between(day("2026-01-05"), day("2026-11-24"), "DE"), None);
    }

    #[test]
    fn quarters_go_back_over_the_new_year() {
        assert_eq!(quarter_of(day("2026-12-31")), "2026-4");
        assert_eq!(recent_quarters(day("2026-02-01")), ["2026-1", "2025-4", "2025-3", "2025-2"]);
    }
}
