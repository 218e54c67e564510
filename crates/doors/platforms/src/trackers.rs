//! Services that follow parcels: their webhooks go the way of a shop's, and what they tell goes to the room of shipments.
//!
//! What a service signs, says and means is known in `carriers`, a file for each. Here it is only taken in.

use carriers::{Service, Signed, Told};
use db::Write;
use kernel::{Result, Timestamp};
use orders::OrderId;

use crate::inbox::{self, Content, Delivery, Settled};
use crate::platform::{Accepted, Call, bad_signature};
use crate::store::Waiting;

/// Checks the signature first, then reads what surrounds the matter.
pub fn accept(service: Service, call: &Call<'_>) -> Result<Accepted> {
    let signature = call.headers.get(service.signature_header()).and_then(|value| value.to_str().ok());
    let signed = Signed { signature, token: call.token, body: call.body };
    if !secrets(call).any(|secret| service.is_signed(secret, &signed)) {
        return Err(bad_signature());
    }
    let notice = service.notice(call.body)?;
    // The service's identifier alone would let two states of a parcel under one name pass for one; what is told twice
    // changes nothing in any case.
    let content = inbox::key_of_content(&notice.topic, call.body);
    let dedupe_key = notice.event_id.as_ref().map_or(content.clone(), |event| format!("{event} {content}"));
    let (event_id, triggered_at) = (notice.event_id, notice.sent_at);
    Ok(Accepted::Delivery(Delivery {
        event_id,
        triggered_at,
        ..Delivery::new(call, notice.topic, dedupe_key)
    }))
}

/// The secret, and for a while the one before it.
fn secrets<'a>(call: &Call<'a>) -> impl Iterator<Item = &'a str> {
    let (live, now) = (call.live, call.now);
    let old =
        live.old_secret.iter().filter(move |(_, until)| now < *until).map(|(secret, _)| secret.as_str());
    std::iter::once(live.secret.as_str()).chain(old)
}

/// Reads what a stored webhook tells.
pub fn read(service: Service, waiting: &Waiting, source: String, now: Timestamp) -> Result<Content> {
    Ok(Content::Tracking(Box::new(service.read(&waiting.body, source, now)?)))
}

/// Hands what was told to the room, and says which order it is of. A number that nobody knows yet waits there for its
/// shipment.
pub fn take_in(w: &mut Write<'_>, told: &Told) -> Result<Settled> {
    let mut order = None;
    for shipment in shipments::track(w, &told.tracking)?.shipments {
        let Some(shipment) = shipments::shipment(w, &shipment)? else { continue };
        let Some(stored) = orders::stored(w, &OrderId::parse(&shipment.order)?)? else { continue };
        // Services name the customer to us each time.
        if stored.is_forgotten {
            return Ok(Settled::Forgotten);
        }
        order.get_or_insert(stored.id);
    }
    Ok(Settled::Done(order))
}
