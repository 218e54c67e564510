//! Shopify: its signature, its headers, its topics and its order.
//!
//! The signature covers the raw body and nothing else: topic, shop and time in the headers are unsigned. So a
//! connection has an address of its own, the body decides what is stored, and a version guard makes a replay harmless.

pub(crate) mod api;
mod body;
mod parcels;
mod parse;
mod people;
pub mod product;
mod refunds;
mod totals;

pub use parse::{Notice, parse};

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kernel::{Error, Kind, Result, Timestamp, keys};

use crate::inbox::{self, Content, Delivery, Parcels};
use crate::platform::{Accepted, Call, bad_signature};
use crate::store::Waiting;

/// How far ahead of our clock an unsigned time in a header may be before it is taken for a forgery.
const MAX_AHEAD: Duration = Duration::from_secs(3_600);

/// The header with the signature.
pub const SIGNATURE: &str = "x-shopify-hmac-sha256";
/// The header that says what happened.
pub const TOPIC: &str = "x-shopify-topic";
/// The header that names one delivery; the same when the delivery is repeated.
pub const WEBHOOK_ID: &str = "x-shopify-webhook-id";
/// The header that groups the deliveries of one event.
pub const EVENT_ID: &str = "x-shopify-event-id";
/// The header that tells when the body was made, finer than the body's own whole seconds.
pub const TRIGGERED_AT: &str = "x-shopify-triggered-at";

/// The topics whose body is an order. Every other topic is kept unread, but for [`REFUND`] and those of
/// [`parcels`].
const ORDER_TOPICS: [&str; 7] = [
    "orders/create",
    "orders/updated",
    "orders/paid",
    "orders/cancelled",
    "orders/fulfilled",
    "orders/partially_fulfilled",
    POLLED,
];
/// Money that went back: the body is a refund and names its order.
pub(crate) const REFUND: &str = "refunds/create";
/// What stands in the place of a topic when an order was fetched.
pub(crate) const POLLED: &str = "orders/polled";

/// Checks the signature first, then reads the headers the signature does not cover.
pub(crate) fn accept(call: &Call<'_>) -> Result<Accepted> {
    let signature = call.headers.get(SIGNATURE).and_then(|value| value.to_str().ok());
    if !signature.is_some_and(|signature| verify(call.live.secret.as_bytes(), call.body, signature)) {
        return Err(bad_signature());
    }
    let topic = call.header(TOPIC).ok_or_else(no_topic)?;
    let dedupe_key = call.header(WEBHOOK_ID).unwrap_or_else(|| inbox::key_of_content(&topic, call.body));
    let triggered_at = call.header(TRIGGERED_AT).and_then(|at| Timestamp::parse(&at).ok());
    let event_id = call.header(EVENT_ID);
    Ok(Accepted::Delivery(Delivery { event_id, triggered_at, ..Delivery::new(call, topic, dedupe_key) }))
}

fn no_topic() -> Error {
    Error::new(Kind::Unreadable, "no_topic", "The header X-Shopify-Topic is missing.")
}

/// Whether webhooks under this topic are read.
pub(crate) fn reads(topic: &str) -> bool {
    ORDER_TOPICS.contains(&topic) || topic == REFUND || parcels::is_topic(topic)
}

/// Reads a stored webhook.
pub(crate) fn read(waiting: &Waiting, source: String, now: Timestamp) -> Result<Content> {
    if waiting.topic == REFUND {
        return refunds::parse(&waiting.body, source);
    }
    if parcels::is_topic(&waiting.topic) {
        return parcels::parse(&waiting.topic, &waiting.body, &source);
    }
    let triggered_at = waiting.triggered_at.filter(|at| *at <= now + MAX_AHEAD);
    let (order, parcels) = parse::parse_with_parcels(&waiting.body, &Notice { source, triggered_at })?;
    Ok(Content::Order(Box::new(order), Parcels::Told(parcels)))
}

/// Whether `signature` is the base64 HMAC-SHA256 of the raw body under the connection's secret. Constant in time.
pub fn verify(secret: &[u8], body: &[u8], signature: &str) -> bool {
    match STANDARD.decode(signature.trim()) {
        Ok(given) => keys::same(&keys::hmac_sha256(secret, body), &given),
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests;
