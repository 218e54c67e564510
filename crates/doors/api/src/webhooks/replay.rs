//! Sending again: one delivery, or every event of a range of time.

use db::Write;
use kernel::{Error, EventId, Kind, Result};

use super::read::Range;
use super::{DeliveryId, EndpointId, KINDS, endpoints, fan_out, store};

/// How many events one request looks at: a write stays small.
const AT_ONCE: i64 = 500;

/// Sends one delivery again, under the same `webhook-id`.
pub fn one(w: &mut Write<'_>, id: &DeliveryId) -> Result<()> {
    let no_delivery = || Error::not_found("There is no delivery by that identifier.");
    let due = store::delivery(w, id)?.ok_or_else(no_delivery)?;
    switched_on(w, &due.endpoint)?;
    fan_out::send_again(w, &due.endpoint, &due.webhook_id, &due.kind)
}

/// Sends the wanted events that were recorded in a range again, also those it was never told because it was switched
/// off. Returns how many, and where to go on.
pub fn range(w: &mut Write<'_>, id: &EndpointId, range: &Range) -> Result<(usize, Option<String>)> {
    let endpoint = switched_on(w, id)?;
    let after = range.after.as_deref().map(EventId::parse).transpose()?;
    let until = range.until.unwrap_or(w.now);
    let events = timeline::recorded_between(w, range.since, until, after.as_ref(), AT_ONCE)?;
    let mut queued = 0;
    for event in &events {
        if KINDS.contains(&event.kind.as_str()) && endpoint.wanted.wants(&event.kind) {
            fan_out::send_again(w, id, event.id.as_str(), &event.kind)?;
            queued += 1;
        }
    }
    let is_full = events.len() as i64 == AT_ONCE;
    Ok((queued, events.last().filter(|_| is_full).map(|event| event.id.to_string())))
}

fn switched_on(w: &mut Write<'_>, id: &EndpointId) -> Result<endpoints::Endpoint> {
    let endpoint = endpoints::found(w, id)?;
    match endpoint.disabled_at {
        Some(_) => Err(Error::new(Kind::Conflict, "endpoint_disabled", "Switch the endpoint on first.")),
        None => Ok(endpoint),
    }
}
