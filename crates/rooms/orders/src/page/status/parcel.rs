//! The parcels of an order for programs.

use kernel::{Date, Timestamp};
use serde::Serialize;

use crate::incoming::IncomingOrder;
use crate::parcels::{ParcelSeen, PickupSeen, ScanSeen};

/// The newest scans that are told of one parcel, and of all of an order: an answer stays below some hundred kilobytes.
const MOST_SCANS: usize = 40;
const MOST_SCANS_OF_ORDER: usize = 400;

/// A parcel of the order: `state` and `reason` are the words of the API.
#[derive(Debug, Serialize)]
pub(super) struct Parcel {
    carrier: Option<String>,
    tracking_number: Option<String>,
    tracking_url: Option<String>,
    state: &'static str,
    reason: Option<&'static str>,
    since: String,
    expected_from: Option<String>,
    expected_to: Option<String>,
    /// Where nobody names a day that is still ahead: when it probably arrives by what the shop's other parcels took,
    likely_from: Option<String>,
    likely_to: Option<String>,
    /// and for how many of a hundred that held.
    likely_percent: Option<u32>,
    is_late: bool,
    /// Since when nothing is heard of it, where that is so for too long,
    silent_since: Option<String>,
    /// and whether it counts as lost.
    is_lost: bool,
    /// Whether its customer says that it is not there, though its carrier says so.
    is_disputed: bool,
    /// Where it is to be collected, until it is.
    pickup: Option<Pickup>,
    /// What is in it; empty when nobody said.
    lines: Vec<Pieces>,
    /// Whether it holds some of the pieces of another parcel, and nobody said which.
    is_part: bool,
    /// How many scans there are,
    scan_count: usize,
    /// and the newest of them, the newest first.
    scans: Vec<Scan>,
}

#[derive(Debug, Serialize)]
struct Pickup {
    name: String,
    address: Option<String>,
    hours: Option<String>,
    until: Option<String>,
}

#[derive(Debug, Serialize)]
struct Pieces {
    title: String,
    quantity: u32,
}

#[derive(Debug, Serialize)]
struct Scan {
    at: String,
    state: &'static str,
    reason: Option<&'static str>,
    words: Option<String>,
    place: Option<String>,
}

/// The parcels of an order, in the order they left.
pub(super) fn parcels_of(order: &IncomingOrder, seen: &[ParcelSeen]) -> Vec<Parcel> {
    let mut left = MOST_SCANS_OF_ORDER;
    let mut parcels = Vec::with_capacity(seen.len());
    for one in seen {
        let parcel = parcel(order, one, left.min(MOST_SCANS));
        left -= parcel.scans.len();
        parcels.push(parcel);
    }
    parcels
}

fn parcel(order: &IncomingOrder, seen: &ParcelSeen, most_scans: usize) -> Parcel {
    let day = |day: Option<Date>| day.map(|day| day.to_string());
    let at = |at: Option<Timestamp>| at.map(|at| at.to_string());
    let pieces = |(line, quantity): &(String, u32)| {
        let found = order.lines.iter().find(|ordered| ordered.external_id == *line)?;
        Some(Pieces { title: found.title.clone(), quantity: *quantity })
    };
    Parcel {
        carrier: seen.carrier.clone(),
        tracking_number: seen.number.clone(),
        tracking_url: seen.link.clone(),
        state: seen.state.as_str(),
        reason: seen.reason.map(kernel::parcel::Reason::as_str),
        since: seen.since.to_string(),
        expected_from: day(seen.expected.map(|(from, _)| from)),
        expected_to: day(seen.expected.map(|(_, to)| to)),
        likely_from: day(seen.likely.map(|((from, _), _)| from)),
        likely_to: day(seen.likely.map(|((_, to), _)| to)),
        likely_percent: seen.likely.map(|(_, percent)| percent),
        is_late: seen.is_late,
        silent_since: at(seen.silence.map(|silence| silence.since)),
        is_lost: seen.silence.is_some_and(|silence| silence.is_lost),
        is_disputed: seen.is_disputed,
        pickup: seen.pickup.as_ref().filter(|_| !seen.state.is_final()).map(pickup),
        lines: seen.lines.iter().filter_map(pieces).collect(),
        is_part: seen.is_part,
        scan_count: seen.scans.len(),
        scans: seen.scans.iter().take(most_scans).map(scan).collect(),
    }
}

fn pickup(seen: &PickupSeen) -> Pickup {
    Pickup {
        name: seen.name.clone(),
        address: seen.address.clone(),
        hours: seen.hours.clone(),
        until: seen.until.map(|day| day.to_string()),
    }
}

fn scan(seen: &ScanSeen) -> Scan {
    Scan {
        at: seen.at.to_string(),
        state: seen.state.as_str(),
        reason: seen.reason.map(kernel::parcel::Reason::as_str),
        words: seen.words.clone(),
        place: seen.place.clone(),
    }
}
