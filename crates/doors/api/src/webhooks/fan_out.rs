//! From an event to one delivery for each endpoint that wants it.

use std::time::Duration;

use db::{Read, Write};
use jobs::{Lane, NewJob, Next};
use kernel::{Result, Timestamp};
use serde_json::{Value, json};
use timeline::Event;

use super::{DELIVER_JOB, DeliveryId, EndpointId, rules, store};

/// How long deliveries that came to their end are kept.
const KEPT: Duration = Duration::from_secs(30 * 86_400);
/// How soon the next chunk is deleted when there were many.
const NEXT_CHUNK: Duration = Duration::from_secs(10);

/// Whether an event is worth a job: most shops have no endpoint at all.
pub fn somebody_listens(r: &mut Read<'_>, _event: &Event) -> Result<bool> {
    store::any_endpoint(r)
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

/// Queues a delivery and wakes the endpoint's job. One that is there already is sent anew only by [`send_again`].
pub(super) fn queue(w: &mut Write<'_>, endpoint: &EndpointId, webhook_id: &str, kind: &str) -> Result<()> {
    let id = DeliveryId::new(w.now, w.dice);
    let give_up_at = w.now + rules::TRIED_FOR;
    if store::insert_delivery(w, &id, endpoint, webhook_id, kind, give_up_at)? {
        wake(w, endpoint)?;
    }
    Ok(())
}

/// Queues a delivery of this event, again when there was one.
pub(super) fn send_again(
    w: &mut Write<'_>,
    endpoint: &EndpointId,
    webhook_id: &str,
    kind: &str,
) -> Result<()> {
    let id = DeliveryId::new(w.now, w.dice);
    let give_up_at = w.now + rules::TRIED_FOR;
    store::revive_delivery(w, &id, endpoint, webhook_id, kind, give_up_at)?;
    wake(w, endpoint)
}

/// Lets the endpoint's job look at once.
pub(super) fn wake(w: &mut Write<'_>, endpoint: &EndpointId) -> Result<()> {
    let now = w.now;
    wake_at(w, endpoint, now)
}

pub(super) fn wake_at(w: &mut Write<'_>, endpoint: &EndpointId, due_at: Timestamp) -> Result<()> {
    let payload = json!({ "endpoint": endpoint.as_str() });
    jobs::reschedule(
        w,
        &NewJob { kind: DELIVER_JOB, key: endpoint.as_str(), payload: &payload, due_at, lane: Lane::MayWait },
    )
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
