//! A shop full of open parcels, written in sets: what is measured is how they are looked at.

use std::time::Duration;

use aftercare::house::Setting;
use db::{Durability, Write, params};
use kernel::{Clock, Date, Error, Result, SystemClock, Timestamp, Zone, keys};

use super::super::staff;
use crate::{clock, seed};

db::sql_file!(pub PARCELS = "../../parcels.sql" {
    PUT_OPEN_ORDERS = "put_open_orders",
    PUT_RECEIVERS = "put_receivers",
    PUT_PARCELS = "put_parcels",
    PUT_NUMBERS = "put_numbers",
    PUT_CONTENTS = "put_contents",
    PUT_SCANS = "put_scans",
    PUT_TOLD = "put_told",
    PUT_PROMISES = "put_promises",
    PUT_WATCHES = "put_watches",
    MAKE_DUE = "make_due",
    LEFT_TO_DO = "left_to_do",
    GONE_WRONG = "gone_wrong",
    FIND_TOLD = "find_told",
    FORGET_TOLD = "forget_told",
    FORGET_WATCH = "forget_watch",
    SCAN_WATCHES = "scan_watches",
    SCAN_ORDERS = "scan_orders",
    SCAN_PEOPLE = "scan_people",
    SCAN_LINES = "scan_lines",
    SCAN_PARCELS = "scan_parcels",
    SCAN_NUMBERS = "scan_numbers",
    SCAN_CONTENTS = "scan_contents",
    SCAN_SCANS = "scan_scans",
    SCAN_PROMISES = "scan_promises",
    SCAN_TOLD = "scan_told",
});

const HOUR: Duration = Duration::from_secs(3_600);
const DAY: Duration = Duration::from_secs(86_400);
/// Orders in one write.
const CHUNK: i64 = 10_000;
/// What was told of so many goes along as one text, in which each is looked up from the beginning.
const TOLD_AT_ONCE: i64 = 250;

/// What a shop is filled with.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// Orders with a parcel each.
    pub parcels: i64,
    /// Scans of each parcel.
    pub scans: i64,
    /// Scans of the parcel of one more order at the end; none, and that order is new and has no parcel.
    pub last: i64,
    /// Whether each order has the message that confirmed it.
    pub messages: bool,
}

/// Moments that all rows are written by.
#[derive(Clone, Copy)]
struct Days {
    now: Timestamp,
    /// When the first order was placed; the others follow a second apart.
    began: Timestamp,
    promised: (Date, Date),
}

impl Days {
    /// The last of so many orders is placed `before` now.
    fn ending(orders: i64, before: Duration) -> Days {
        let now = SystemClock.now();
        let day = |days: u32| (now + DAY.saturating_mul(days)).date_in(&Zone::utc());
        let began = now - before - Duration::from_secs(orders.unsigned_abs());
        Days { now, began, promised: (day(4), day(5)) }
    }
}

/// Fills a shop at an address with parcels that are under way and all right.
pub fn fill(url: &str, shape: Shape) -> Result<()> {
    let (filled, took) = clock::timed(|| {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        runtime.map_err(|error| Error::internal(error.to_string()))?.block_on(fill_all(url, shape))
    });
    eprintln!("  a shop of {} open parcels was made in {:.0} s", shape.parcels, took.as_secs_f64());
    filled
}

async fn fill_all(url: &str, shape: Shape) -> Result<()> {
    let house = seed::open_at(url, Setting { durability: Durability::Bulk, ..Setting::server() })?;
    house.migrate()?;
    let (parcels, days) = (shape.parcels, Days::ending(shape.parcels, HOUR.saturating_mul(36)));
    for first in (0..parcels).step_by(CHUNK as usize) {
        let behind = parcels.min(first + CHUNK);
        let put = move |w: &mut Write<'_>| {
            put_orders(w, first, behind, days)?;
            put_parcels(w, first, behind, days, shape.scans)?;
            if shape.messages { put_messages(w, first, behind, days) } else { Ok(()) }
        };
        house.db.write("bench.parcels", put).await?;
    }
    let end = move |w: &mut Write<'_>| {
        let (days, behind) = (Days::ending(parcels, HOUR.saturating_mul(2)), parcels + 1);
        put_orders(w, parcels, behind, days)?;
        if shape.last == 0 { Ok(()) } else { put_parcels(w, parcels, behind, days, shape.last) }
    };
    house.db.write("bench.last_order", end).await?;
    house.db.write("bench.look_over", |w| w.execute(&staff::LOOK_OVER, params![])).await?;
    house.db.clone().close().await;
    Ok(())
}

fn put_orders(w: &mut Write<'_>, first: i64, behind: i64, days: Days) -> Result<()> {
    let (began, (from, to)) = (days.began, days.promised);
    w.execute(&staff::PUT_CUSTOMERS, params![first, behind, began])?;
    w.execute(&PUT_OPEN_ORDERS, params![first, behind, began, from, to])?;
    w.execute(&staff::PUT_LINES, params![first, behind, began])?;
    w.execute(&PUT_RECEIVERS, params![first, behind]).map(drop)
}

fn put_parcels(w: &mut Write<'_>, first: i64, behind: i64, days: Days, scans: i64) -> Result<()> {
    let (began, scanned) = (days.began, days.now - HOUR);
    w.execute(&PUT_PARCELS, params![first, behind, began, scanned])?;
    w.execute(&PUT_NUMBERS, params![first, behind])?;
    w.execute(&PUT_CONTENTS, params![first, behind])?;
    w.execute(&PUT_SCANS, params![first, behind, scanned, scans])?;
    for first in (first..behind).step_by(TOLD_AT_ONCE as usize) {
        let behind = behind.min(first + TOLD_AT_ONCE);
        w.execute(&PUT_TOLD, params![first, behind, &number_keys(first, behind)])?;
    }
    w.execute(&PUT_PROMISES, params![first, behind, began, days.promised.1])?;
    w.execute(&PUT_WATCHES, params![first, behind, days.now + DAY.saturating_mul(2)]).map(drop)
}

fn put_messages(w: &mut Write<'_>, first: i64, behind: i64, days: Days) -> Result<()> {
    w.execute(&staff::PUT_MESSAGES, params![first, behind, days.began])?;
    w.execute(&staff::PUT_CONTEXTS, params![first, behind]).map(drop)
}

/// What is kept of each number that was told, one behind the other.
fn number_keys(first: i64, behind: i64) -> String {
    let number = |place: i64| format!("AB{place:09}GB");
    (first..behind).map(|place| keys::hex(&keys::sha256(number(place).as_bytes())[..8])).collect()
}
