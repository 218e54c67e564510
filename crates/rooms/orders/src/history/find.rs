//! The orders that somebody sees: walked by when they were placed, over everybody who ordered with a proved address, and held
//! against what they look for.

use std::collections::BTreeMap;
use std::time::Duration;

use customers::account::Proof;
use db::walk::{Bounds, Found, walk};
use db::{Read, Row, params};
use kernel::{Channel, CustomerId, Date, Result, Timestamp, Zone};
use web::filters::Asked;

use crate::OrderId;
use crate::incoming::{IncomingOrder, OrderStatus};
use crate::parcels::{self, Arrived};
use crate::store::{self, StoredOrder};

db::sql_file!(pub FILE = "find.sql" {
    SEEN_BY_EMAIL = "seen_by_email",
    SEEN_BY_PHONE = "seen_by_phone",
});

/// Orders on one page.
const PAGE: usize = 10;
/// How far one look goes: somebody with thousands of orders goes on at the next page.
const BOUNDS: Bounds = Bounds { stretch: 25, most_looked_at: 200, most_kept: PAGE + 1 };
/// The most characters that are looked for.
pub(super) const LONGEST_QUERY: usize = 80;
const DAY: Duration = Duration::from_secs(86_400);
/// Years back that can be chosen.
pub(super) const YEARS: i16 = 5;

/// Where an order stands in the walk: also the cursor, so that whose it is need not be asked again.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub placed_at: Timestamp,
    pub id: OrderId,
}

impl Place {
    /// Reads the cursor of an address; whatever is none is the beginning.
    pub fn read(asked: &Asked) -> Option<Place> {
        let (placed_at, id) = asked.get("after")?.split_once('-')?;
        Some(Place { placed_at: Timestamp::from_ms(placed_at.parse().ok()?), id: OrderId::parse(id).ok()? })
    }

    /// As it stands in an address.
    pub fn cursor(&self) -> String {
        format!("{}-{}", self.placed_at.ms(), self.id)
    }
}

/// How an order stands, as far as one looks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    Open,
    Delivered,
    Cancelled,
}

impl Sort {
    pub const ALL: [Sort; 3] = [Sort::Open, Sort::Delivered, Sort::Cancelled];

    /// Its name in addresses and among the words.
    pub fn name(self) -> &'static str {
        match self {
            Sort::Open => "open",
            Sort::Delivered => "delivered",
            Sort::Cancelled => "cancelled",
        }
    }

    /// One of which something was delivered and is not there stays open.
    fn of(order: &IncomingOrder, arrived: Option<Arrived>) -> Sort {
        match (order.status, arrived) {
            (OrderStatus::Cancelled, _) => Sort::Cancelled,
            (_, Some(arrived)) if !arrived.is_disputed => Sort::Delivered,
            (_, Some(_) | None) => Sort::Open,
        }
    }
}

/// When it was placed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Period {
    Days(u16),
    Year(i16),
}

impl Period {
    /// The choices there are, for somebody who looks `today`.
    pub fn choices(today: Date) -> Vec<Period> {
        let years = (0..YEARS).map(|back| Period::Year(today.year() - back));
        [Period::Days(30), Period::Days(180)].into_iter().chain(years).collect()
    }

    /// Its name in addresses.
    pub fn name(self) -> String {
        match self {
            Period::Days(days) => format!("{days}d"),
            Period::Year(year) => year.to_string(),
        }
    }

    /// From when until before when, by the shop's clock.
    fn span(self, now: Timestamp, zone: &Zone) -> (Timestamp, Timestamp) {
        let begins = |year| Date::new(year, 1, 1).ok().and_then(|day| Timestamp::at_start_of(day, zone));
        match self {
            Period::Days(days) => (now - DAY * u32::from(days), ALWAYS.1),
            Period::Year(year) => (begins(year).unwrap_or(ALWAYS.0), begins(year + 1).unwrap_or(ALWAYS.1)),
        }
    }
}

const ALWAYS: (Timestamp, Timestamp) = (Timestamp::from_ms(i64::MIN), Timestamp::from_ms(i64::MAX));

/// What somebody looks for. What an address says besides is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    pub words: String,
    pub sort: Option<Sort>,
    pub period: Option<Period>,
    from: Timestamp,
    until: Timestamp,
}

impl Wanted {
    pub fn read(asked: &Asked, now: Timestamp, zone: &Zone) -> Wanted {
        let value = |name: &str| asked.get(name).map_or("", |value| value.trim());
        let words: String = value("q").chars().filter(|c| !c.is_control()).take(LONGEST_QUERY).collect();
        let sort = Sort::ALL.into_iter().find(|sort| sort.name() == value("state"));
        let periods = Period::choices(now.date_in(zone));
        let period = periods.into_iter().find(|period| period.name() == value("period"));
        let (from, until) = period.map_or(ALWAYS, |period| period.span(now, zone));
        Wanted { words: words.trim().to_owned(), sort, period, from, until }
    }

    /// Whether anything is looked for at all.
    pub fn is_narrow(&self) -> bool {
        !self.words.is_empty() || self.sort.is_some() || self.period.is_some()
    }

    /// Whether an order is one of those.
    fn fits(&self, r: &mut Read<'_>, stored: &StoredOrder) -> Result<bool> {
        if !self.names(&stored.order) {
            return Ok(false);
        }
        let Some(sort) = self.sort else { return Ok(true) };
        let places = parcels::places(r, stored)?;
        Ok(sort == Sort::of(&stored.order, parcels::arrived(&stored.order, &places)))
    }

    /// Its number with or without its sign, or the name of anything in it.
    fn names(&self, order: &IncomingOrder) -> bool {
        let words = self.words.to_lowercase();
        let number = words.trim_start_matches('#');
        let holds = |text: &str| text.to_lowercase().contains(&words);
        let is_named = || {
            order.lines.iter().any(|line| holds(&line.title) || line.variant.as_deref().is_some_and(holds))
        };
        let is_numbered = || !number.is_empty() && order.number.to_lowercase().contains(number);
        words.is_empty() || is_named() || is_numbered()
    }
}

/// A page of what they see.
#[derive(Debug)]
pub(super) struct Page {
    /// The orders on it.
    pub orders: Vec<StoredOrder>,
    /// Behind what the next page goes on, when there may be one.
    pub older: Option<Place>,
    /// Whether the page is not full because enough was looked at.
    pub is_cut: bool,
}

/// Finds it, behind `after`.
pub(super) fn found(
    r: &mut Read<'_>,
    holders: &[(CustomerId, Proof)],
    wanted: &Wanted,
    after: Option<Place>,
) -> Result<Page> {
    let mut seen: BTreeMap<Place, StoredOrder> = BTreeMap::new();
    let read = |after: Option<&Place>, most: usize| {
        let mut stretch = Vec::new();
        for place in stretch_of(r, holders, wanted, after, most)? {
            let stored = match store::stored(r, &place.id)? {
                Some(stored) if wanted.fits(r, &stored)? => Some(stored),
                Some(_) | None => None,
            };
            stretch.push((place.clone(), stored.is_some()));
            seen.extend(stored.map(|stored| (place, stored)));
        }
        Ok(stretch)
    };
    let page: Found<Place> = walk(BOUNDS, after, read)?.page(PAGE);
    let orders = page.rows.iter().filter_map(|place| seen.remove(place)).collect();
    Ok(Page { orders, older: page.older, is_cut: page.is_cut })
}

/// The next orders behind one, over everybody.
fn stretch_of(
    r: &mut Read<'_>,
    holders: &[(CustomerId, Proof)],
    wanted: &Wanted,
    after: Option<&Place>,
    most: usize,
) -> Result<Vec<Place>> {
    let mut places = Vec::new();
    let until = match after {
        Some(after) if after.placed_at < wanted.until => (after.placed_at, after.id.as_str()),
        Some(_) | None => (wanted.until, ""),
    };
    for (customer, proof) in holders {
        let query = match proof.channel {
            Channel::Email => &SEEN_BY_EMAIL,
            Channel::Sms => &SEEN_BY_PHONE,
        };
        let from = proof.reaches_back_to(r.now).max(wanted.from);
        let rows =
            r.rows(query, params![customer.as_str(), &proof.key, from, until.0, until.1, most as i64])?;
        for row in &rows {
            places.push(place_of(row)?);
        }
    }
    // One that was placed with two proved addresses is one.
    places.sort_unstable_by(|a, b| b.cmp(a));
    places.dedup();
    places.truncate(most);
    Ok(places)
}

fn place_of(row: &Row) -> Result<Place> {
    Ok(Place { placed_at: row.get("placed_at")?, id: OrderId::stored(row.get("id")?) })
}

/// Whether an order is one that they see.
pub(super) fn is_seen(stored: &StoredOrder, holders: &[(CustomerId, Proof)], now: Timestamp) -> bool {
    let customer = &stored.order.customer;
    let is_with = |proof: &Proof| match proof.channel {
        Channel::Email => customer.email.as_ref().is_some_and(|email| email.key() == proof.key),
        Channel::Sms => customer.phone.as_ref().is_some_and(|phone| phone.as_str() == proof.key),
    };
    let reaches = |proof: &Proof| stored.order.placed_at >= proof.reaches_back_to(now);
    stored.order.status != OrderStatus::Unplaced
        && holders.iter().any(|(id, proof)| *id == stored.customer && is_with(proof) && reaches(proof))
}

#[cfg(test)]
mod tests {
    use kernel::time::parse_date;

    use super::*;

    fn asked(pairs: &[(&str, &str)]) -> Asked {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn an_address_that_somebody_made_up_looks_for_nothing() {
        let (now, zone) = (Timestamp::parse("2026-11-20T10:00:00Z").unwrap(), Zone::utc());
        let read = |pairs: &[(&str, &str)]| Wanted::read(&asked(pairs), now, &zone);
        for made_up in [
            &[("state", "x"), ("period", "1d")][..],
            &[("period", "1066")],
            &[("q", " \u{0}\n ")],
            &[("q", "")],
        ] {
            assert!(!read(made_up).is_narrow(), "{made_up:?}");
        }
        assert_eq!(read(&[("q", &"x".repeat(9_000))]).words.len(), LONGEST_QUERY);
        let year = read(&[("period", "2025")]);
        assert_eq!(year.from.to_string(), "2025-01-01T00:00:00Z");
        assert_eq!(year.until.to_string(), "2026-01-01T00:00:00Z");
        assert_eq!(read(&[("period", "30d")]).from, now - DAY * 30);
        let today = parse_date("2026-11-20").unwrap();
        assert_eq!(Period::choices(today).len(), 2 + usize::try_from(YEARS).unwrap());
    }

    #[test]
    fn a_cursor_is_read_back_and_nothing_else_is_one() {
        let mut dice = kernel::Dice::seeded(1);
        let at = Timestamp::from_ms(1_795_168_800_000);
        let place = Place { placed_at: at, id: OrderId::new(at, &mut dice) };
        assert_eq!(Place::read(&asked(&[("after", &place.cursor())])), Some(place));
        for other in ["", "-", "x-ord_1", "5-cus_1", "5", "99999999999999999999-ord_1"] {
            assert_eq!(Place::read(&asked(&[("after", other)])), None, "{other}");
        }
    }
}
