//! Which of two versions of an order is the newer one. Pure.

use crate::incoming::{Fulfilment, IncomingOrder, OrderStatus, Payment};

/// Whether `incoming` may take the place of `stored`.
///
/// The later `updated_at` wins, then the later trigger. Platforms tell whole seconds, so two different versions may
/// carry the same time: then one that has got further (paid, cancelled, delivered) never gives way to one that has not.
pub fn supersedes(incoming: &IncomingOrder, stored: &IncomingOrder) -> bool {
    let (new, old) = (incoming.version, stored.version);
    if new.updated_at != old.updated_at {
        return new.updated_at > old.updated_at;
    }
    match (new.triggered_at, old.triggered_at) {
        (Some(new), Some(old)) if new != old => new > old && !loses_ground(incoming, stored),
        _ => !loses_ground(incoming, stored),
    }
}

fn loses_ground(incoming: &IncomingOrder, stored: &IncomingOrder) -> bool {
    let way = |order: &IncomingOrder| -> (OrderStatus, Payment, Fulfilment) {
        (order.status, order.payment, order.fulfilment)
    };
    let (new, old) = (way(incoming), way(stored));
    new.0 < old.0 || new.1 < old.1 || new.2 < old.2
}
