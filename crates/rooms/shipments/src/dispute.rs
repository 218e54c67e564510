//! The customer says that a delivered parcel is not there, or that it is after all.

use db::Write;
use kernel::{CustomerId, Result};
use serde_json::json;
use timeline::{Actor, NewEvent};

use crate::order::Orders;
use crate::state::State;
use crate::{ShipmentId, store, watch};

/// Writes it down; false when there is nothing to say of it: no such parcel of this order, or not one that was delivered.
/// Pressing twice is pressing once.
pub fn dispute(w: &mut Write<'_>, order: &str, id: &ShipmentId, is_missing: bool) -> Result<bool> {
    let Some(stored) = store::shipment(w, id)?.filter(|stored| stored.order == order) else {
        return Ok(false);
    };
    if stored.standing.state != State::Delivered || stored.is_disputed() == is_missing {
        return Ok(stored.is_disputed() && is_missing);
    }
    let orders = *w.wired::<Orders>()?;
    let Some(facts) = (orders.facts)(w, order)? else { return Ok(false) };
    let now = w.now;
    store::dispute(w, id, is_missing.then_some(now))?;
    record(w, &facts.customer, order, id, is_missing)?;
    watch::look(w, order)?;
    Ok(true)
}

fn record(
    w: &mut Write<'_>,
    customer: &CustomerId,
    order: &str,
    id: &ShipmentId,
    is_missing: bool,
) -> Result<()> {
    let kind = if is_missing { "shipment.disputed" } else { "shipment.found" };
    let (now, source_key) = (w.now, format!("{kind}:{id}:{}", w.now.ms()));
    let event = NewEvent {
        kind,
        version: 1,
        subject: ("shipment", id.as_str()),
        customer: Some(customer),
        actor: Actor::Customer(customer.clone()),
        cause: None,
        occurred_at: now,
        source_key: &source_key,
        payload: json!({ "order": order }),
    };
    timeline::record(w, &event).map(drop)
}
