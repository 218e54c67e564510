//! What came in is there, once, and is the newest.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::Ordering;

use orders::incoming::{OrderStatus, Payment};

use super::{Ending, none};
use crate::sim::oracle::comparable;
use crate::sim::shop::Door;

/// "What is acknowledged is on disk."
pub(super) fn every_acknowledged_input_is_reflected(ending: &Ending<'_>) -> Result<(), String> {
    let acknowledged = ending.versions.iter().filter(|version| version.acknowledged.load(Ordering::Relaxed));
    none(acknowledged.into_iter().find_map(|version| {
        let (source, told) = match version.door {
            Door::Api => (version.order.source.as_str(), &version.order),
            Door::Vendure => (ending.keys.hook_source.as_str(), &version.order),
        };
        let is_it = |stored: &&orders::StoredOrder| {
            stored.order.source == source && stored.order.external_id == told.external_id
        };
        match ending.rows.orders.iter().find(is_it) {
            None => Some(format!("order {} was acknowledged and is not there", told.number)),
            Some(stored) if stored.order.version.updated_at < told.version.updated_at => Some(format!(
                "order {} is as of {}, but {} was acknowledged",
                told.number, stored.order.version.updated_at, told.version.updated_at
            )),
            Some(_) => None,
        }
    }))
}

/// "Repeats, reorderings and stale versions end in the right state": that of every version once, in order. What
/// webhooks lose is found by polling, and the API's caller asks until it is answered, so nothing is missing.
pub(super) fn every_order_equals_the_oracle(ending: &Ending<'_>) -> Result<(), String> {
    let key = |order: &orders::incoming::IncomingOrder| (order.source.clone(), order.external_id.clone());
    let stored: BTreeMap<_, _> = ending
        .rows
        .orders
        .iter()
        .map(|stored| (key(&stored.order), comparable(stored.order.clone())))
        .collect();
    for (key, expected) in ending.expected {
        match stored.get(key) {
            None => return Err(format!("order {} is missing", expected.number)),
            Some(found) if found != expected => {
                return Err(format!(
                    "order {}:\n  is        {found:?}\n  should be {expected:?}",
                    expected.number
                ));
            }
            Some(_) => {}
        }
    }
    none(
        stored
            .keys()
            .find(|key| !ending.expected.contains_key(*key))
            .map(|key| format!("{key:?} was never told")),
    )
}

/// "No pending left over": every webhook was made something of.
pub(super) fn no_webhook_is_left_over(ending: &Ending<'_>) -> Result<(), String> {
    none(ending.rows.webhooks.first().cloned())
}

/// "The same event twice sends once": an order that stands and is paid has one confirmation, written once.
pub(super) fn every_standing_order_is_confirmed_once(ending: &Ending<'_>) -> Result<(), String> {
    let standing = ending.rows.orders.iter().filter(|stored| {
        stored.order.status == OrderStatus::Placed
            && stored.order.payment == Payment::Paid
            && !stored.is_history
    });
    none(standing.into_iter().find_map(|stored| {
        let confirms = |message: &&super::MessageRow| {
            message.template == "order.confirmation"
                && !message.is_repeat
                && message.subject == stored.id.as_str()
        };
        let many = ending.rows.messages.iter().filter(confirms).count();
        (many != 1).then(|| format!("order {} has {many} confirmations", stored.order.number))
    }))
}

/// "A customer's facts are a pure fold over the timeline, tested against the tables."
pub(super) fn facts_folded_from_the_timeline_equal_the_tables(ending: &Ending<'_>) -> Result<(), String> {
    let of_kind = |kind: &str| -> BTreeSet<&str> {
        ending
            .rows
            .events
            .iter()
            .filter(|event| event.kind == kind)
            .map(|event| event.subject.as_str())
            .collect()
    };
    let placed: BTreeSet<&str> = ending
        .rows
        .orders
        .iter()
        .filter(|stored| stored.seen_placed_at.is_some())
        .map(|stored| stored.id.as_str())
        .collect();
    same("placed orders", &of_kind("order.placed"), &placed)?;
    let cancelled: BTreeSet<&str> = ending
        .rows
        .orders
        .iter()
        .filter(|stored| stored.order.status == OrderStatus::Cancelled)
        .map(|stored| stored.id.as_str())
        .collect();
    same("cancelled orders", &of_kind("order.cancelled"), &cancelled)?;
    for (state, kind) in [
        ("accepted", "message.accepted"),
        ("failed", "message.failed"),
        ("dropped", "message.dropped"),
        ("expired", "message.expired"),
    ] {
        let rows = ending.rows.messages.iter().filter(|message| message.state == state);
        same(kind, &of_kind(kind), &rows.map(|message| message.id.as_str()).collect())?;
    }
    refunds_add_up(ending)
}

fn refunds_add_up(ending: &Ending<'_>) -> Result<(), String> {
    none(ending.rows.orders.iter().find_map(|stored| {
        let issued = ending
            .rows
            .events
            .iter()
            .filter(|event| event.kind == "refund.issued" && event.subject == stored.id.as_str());
        let sum: i64 = issued.filter_map(|event| event.payload["amount"].as_i64()).sum();
        let refunded = stored.order.refunded_minor;
        (sum != refunded)
            .then(|| format!("order {}: {refunded} went back, events say {sum}", stored.order.number))
    }))
}

fn same(what: &str, events: &BTreeSet<&str>, rows: &BTreeSet<&str>) -> Result<(), String> {
    let differs: Vec<_> = events.symmetric_difference(rows).collect();
    none((!differs.is_empty()).then(|| format!("{what}: timeline and tables differ about {differs:?}")))
}
