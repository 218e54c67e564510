//! From an event to one delivery for each endpoint that wants it.

use std::time::Duration;

use db::{Read, Write};
use jobs::{Lane, NewJob, Next};
use kernel::Result;
use serde_json::{Value, json};
use timeline::Event;

use super::store::{self, NewDelivery};
use super::{DELIVER_JOB, DeliveryId, EndpointId};

/// How long deliveries that came to their end are kept.
const KEPT: Duration = Duration::from_secs(30 * 86_400);
/// How soon the next chunk is deleted when there were many.
const NEXT_CHUNK: Duration = Duration::from_secs(10);

/// Whether an event is worth a job: most shops have no endpoint at all, and the past is no news.
pub fn somebody_listens(r: &mut Read<'_>, event: &Event) -> Result<bool> {
    Ok(!is_history(event) && store::any_endpoint(r)?)
}

/// Whether it tells of an order that was long over when we first heard of it, such as one that was imported.
fn is_history(event: &Event) -> bool {
    event.payload.get("history").and_then(Value::as_bool).unwrap_or(false)
}

/// A reaction to every kind of event that may leave: queues a delivery for each endpoint that wants it.
pub fn fan_out(w: &mut Write<'_>, event: &Event) -> Result<()> {
    for endpoint in store::listening(w)? {
        if endpoint.wanted.wants(&event.kind) {
            queue(w, &endpoint.id, event.id.as_str(), &event.kind)?;
        }
    }
    Ok(())
}

/// Queues a delivery and wakes the endpoint's job. One that is there already is sent anew only by [`send_again`]. It is as
/// old as the work that brings it about: a restore holds it by that.
fn queue(w: &mut Write<'_>, endpoint: &EndpointId, webhook_id: &str, kind: &str) -> Result<()> {
    let (id, due_at) = (DeliveryId::new(w.now, w.dice), w.due_at);
    if store::insert_delivery(w, &NewDelivery { id, endpoint, webhook_id, kind, due_at })? {
        wake(w, endpoint)?;
    }
    Ok(())
}

/// Queues a delivery of this event for now, again when there was one.
pub(super) fn send_again(
    w: &mut Write<'_>,
    endpoint: &EndpointId,
    webhook_id: &str,
    kind: &str,
) -> Result<()> {
    let id = DeliveryId::new(w.now, w.dice);
    send_again_as(w, id, endpoint, webhook_id, kind)
}

/// The same under an identifier that is known already.
pub(super) fn send_again_as(
    w: &mut Write<'_>,
    id: DeliveryId,
    endpoint: &EndpointId,
    webhook_id: &str,
    kind: &str,
) -> Result<()> {
    let due_at = w.now;
    store::revive_delivery(w, &NewDelivery { id, endpoint, webhook_id, kind, due_at })?;
    wake(w, endpoint)
}

/// Lets the endpoint's job look at once.
pub(super) fn wake(w: &mut Write<'_>, endpoint: &EndpointId) -> Result<()> {
    let (payload, due_at) = (json!({ "endpoint": endpoint.as_str() }), w.now);
    let (kind, key, lane) = (DELIVER_JOB, endpoint.as_str(), Lane::MayWait);
    jobs::reschedule(w, &NewJob { kind, key, payload: &payload, due_at, lane })
}

/// Deletes deliveries thirty days after their end, a chunk at a time, and then endpoints that were taken away.
pub fn forget_old_deliveries(w: &mut Write<'_>, _payload: &Value) -> Result<Next> {
    let before = w.now - KEPT;
    match store::forget_deliveries(w, before)? {
        0 => {
            store::forget_endpoints(w)?;
            Ok(Next::Done)
        }
        _ => Ok(Next::Again(w.now + NEXT_CHUNK)),
    }
}
