//! What is sent: made when it is sent, so that a late delivery says how things stand and no copy of it waits anywhere.

use ::shipments::ShipmentId;
use db::Read;
use kernel::{CustomerId, EventId, MessageId, Result};
use orders::OrderId;
use serde_json::{Map, Value, json};
use timeline::Event;

use super::kinds::TEST;
use super::store::Due;
use crate::order_out::present;
use crate::{messages, shipments, stored};

/// The body of a delivery; `None` when its event is gone.
pub fn body(r: &mut Read<'_>, due: &Due) -> Result<Option<Value>> {
    if due.kind == TEST {
        let data = json!({ "words": "This is a test. Nothing has happened." });
        return Ok(Some(envelope(TEST, &due.created_at.to_string(), data)));
    }
    let Some(event) = timeline::find(r, &EventId::stored(due.webhook_id.clone()))? else { return Ok(None) };
    let data = data(r, &event)?;
    Ok(Some(envelope(&event.kind, &event.occurred_at.to_string(), data)))
}

/// The shape Standard Webhooks asks for: what, when, and about what.
fn envelope(kind: &str, timestamp: &str, data: Value) -> Value {
    json!({ "type": kind, "timestamp": timestamp, "data": data })
}

/// The thing itself under its own name where the API shows it, its identifier otherwise, and what the event says. Of somebody
/// who is erased nothing is told but that; of what was theirs nothing until everything that says who they are is gone.
fn data(r: &mut Read<'_>, event: &Event) -> Result<Value> {
    let mut data = Map::new();
    let subject =
        if is_kept_back(r, event)? { json!({ "id": event.subject_id }) } else { subject(r, event)? };
    data.insert(event.subject_kind.clone(), subject);
    if let Some(customer) = &event.customer {
        data.insert("customer_id".to_owned(), json!(customer.as_str()));
    }
    data.insert("details".to_owned(), event.payload.clone());
    Ok(Value::Object(data))
}

fn is_kept_back(r: &mut Read<'_>, event: &Event) -> Result<bool> {
    let Some(id) = &event.customer else { return Ok(false) };
    let person = customers::find(r, id)?.filter(|person| person.erased_at.is_some());
    let Some(person) = person else { return Ok(false) };
    let is_about_them = event.subject_kind == "customer";
    Ok(is_about_them
        || customers::erasure(r, &person.id)?.is_none_or(|erasure| erasure.finished_at.is_none()))
}

fn subject(r: &mut Read<'_>, event: &Event) -> Result<Value> {
    let shown = match event.subject_kind.as_str() {
        "order" => order(r, &event.subject_id)?,
        "shipment" => shipment(r, &event.subject_id)?,
        "message" => message(r, &event.subject_id)?,
        "customer" => Some(customer(r, &event.subject_id)?),
        _ => None,
    };
    Ok(shown.unwrap_or_else(|| json!({ "id": event.subject_id })))
}

fn order(r: &mut Read<'_>, id: &str) -> Result<Option<Value>> {
    let found = stored::stored(r, &OrderId::parse(id)?)?;
    Ok(found.map(|found| serde_json::to_value(present(&found))).transpose()?)
}

fn shipment(r: &mut Read<'_>, id: &str) -> Result<Option<Value>> {
    let found = shipments::find(r, &ShipmentId::parse(id)?)?;
    Ok(found.map(serde_json::to_value).transpose()?)
}

fn message(r: &mut Read<'_>, id: &str) -> Result<Option<Value>> {
    let found = messaging::shown(r, &MessageId::parse(id)?)?;
    Ok(found.map(|found| serde_json::to_value(messages::present(&found, r.now))).transpose()?)
}

fn customer(r: &mut Read<'_>, id: &str) -> Result<Value> {
    Ok(serde_json::to_value(crate::customers::present(r, &CustomerId::parse(id)?)?)?)
}
