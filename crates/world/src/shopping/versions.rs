//! How one version of an order follows from another. Stories and the shop's simulated life both use these.
//!
//! Each takes the latest version and the instant of the change, and gives the next version. Time never goes back:
//! an instant that isn't later than the last version is moved to a second after it.

use std::time::Duration;

use kernel::{Date, Timestamp};
use orders::incoming::{
    Address, Cancellation, Expected, Fulfilment, IncomingOrder, OrderStatus, Payment, Version,
};

use super::basket::totals_after_edit;
use crate::calendar::{days_after, days_between, open_day, shop_zone};

/// The money has come. What was promised from the day of the order now counts from the day of the money.
pub fn paid(order: &IncomingOrder, at: Timestamp) -> IncomingOrder {
    let mut next = next(order, at);
    if order.payment == Payment::Pending {
        let zone = shop_zone();
        let waited = days_between(order.placed_at.date_in(&zone), next.version.updated_at.date_in(&zone));
        next.expected = later(order.expected, waited);
    }
    next.payment = Payment::Paid;
    next.status = OrderStatus::Placed;
    next
}

/// The parcel goes somewhere else.
pub fn changed_address(order: &IncomingOrder, at: Timestamp, address: Address) -> IncomingOrder {
    IncomingOrder { shipping_address: Some(address), ..next(order, at) }
}

/// The customer wants more or fewer of the line at `index`; with 0 the line is taken out. Totals follow.
///
/// # Panics
/// When the order has no such line.
pub fn changed_quantity(order: &IncomingOrder, at: Timestamp, index: usize, quantity: u32) -> IncomingOrder {
    let mut next = next(order, at);
    if quantity == 0 {
        next.lines.remove(index);
    } else {
        next.lines[index].quantity = quantity;
    }
    next.totals = totals_after_edit(&next);
    next
}

/// The workshop needs `days` more calendar days than it promised.
pub fn delayed(order: &IncomingOrder, at: Timestamp, days: u64) -> IncomingOrder {
    IncomingOrder { expected: later(order.expected, days), ..next(order, at) }
}

/// Called off. What was paid goes back at once when `refunded`, or else later or never; what was not is let go.
pub fn cancelled(order: &IncomingOrder, at: Timestamp, refunded: bool) -> IncomingOrder {
    let mut next = next(order, at);
    let reason = if order.payment == Payment::Pending { "unpaid" } else { "customer" };
    next.status = OrderStatus::Cancelled;
    next.cancellation = Some(Cancellation { at: next.version.updated_at, reason: Some(reason.to_owned()) });
    match order.payment {
        Payment::Pending | Payment::Authorized => next.payment = Payment::Voided,
        Payment::Paid | Payment::PartiallyRefunded if refunded => give_back_the_rest(&mut next),
        Payment::Paid | Payment::PartiallyRefunded | Payment::Refunded | Payment::Voided => {}
    }
    next
}

/// All of the money has gone back.
pub fn refunded(order: &IncomingOrder, at: Timestamp) -> IncomingOrder {
    let mut next = next(order, at);
    give_back_the_rest(&mut next);
    next
}

/// Some of the money has gone back, for example for a broken cup. Never more than was paid.
pub fn partly_refunded(order: &IncomingOrder, at: Timestamp, minor: i64) -> IncomingOrder {
    let mut next = next(order, at);
    next.refunded_minor = (order.refunded_minor + minor).min(order.totals.total);
    next.payment = if next.refunded_minor == order.totals.total {
        Payment::Refunded
    } else {
        Payment::PartiallyRefunded
    };
    next
}

/// A first parcel has left; the rest follows.
pub fn partly_fulfilled(order: &IncomingOrder, at: Timestamp) -> IncomingOrder {
    IncomingOrder { fulfilment: Fulfilment::Partial, ..next(order, at) }
}

/// All of it has left. What was only reserved on the card is taken now.
pub fn fulfilled(order: &IncomingOrder, at: Timestamp) -> IncomingOrder {
    let payment = if order.payment == Payment::Authorized { Payment::Paid } else { order.payment };
    IncomingOrder { fulfilment: Fulfilment::Fulfilled, payment, ..next(order, at) }
}

/// All of it has arrived.
pub fn delivered(order: &IncomingOrder, at: Timestamp) -> IncomingOrder {
    let next = next(order, at);
    IncomingOrder { fulfilment: Fulfilment::Delivered, delivered_at: Some(next.version.updated_at), ..next }
}

/// The same order, told again later.
fn next(order: &IncomingOrder, at: Timestamp) -> IncomingOrder {
    let updated_at = at.max(order.version.updated_at + Duration::from_secs(1));
    let mut next = order.clone();
    next.version = Version { updated_at, triggered_at: None };
    next
}

fn give_back_the_rest(order: &mut IncomingOrder) {
    order.payment = Payment::Refunded;
    order.refunded_minor = order.totals.total;
}

fn later(expected: Expected, days: u64) -> Expected {
    let moved = |date: Date| days_after(date, days);
    let ships_by = expected.ships_by.map(|date| open_day(moved(date)));
    let delivered_from =
        expected.delivered_from.map(moved).max(ships_by.filter(|_| expected.delivered_from.is_some()));
    let delivered_to =
        expected.delivered_to.map(moved).max(delivered_from.filter(|_| expected.delivered_to.is_some()));
    Expected { ships_by, delivered_from, delivered_to }
}
