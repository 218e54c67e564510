//! WooCommerce: its signature, its headers, its topics and its order.
//!
//! It delivers by WordPress's own timer, so late and repeated deliveries are normal, and it never repeats one that
//! failed: after more than five failures in a row it switches the webhook off. What was lost is found by polling.

pub(crate) mod api;
mod body;
mod parcels;
mod parse;
mod people;
pub mod product;
mod totals;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kernel::{Error, Kind, Result, keys};

use crate::inbox::{self, Content, Delivery};
use crate::platform::{Accepted, Call, bad_signature};
use crate::store::Waiting;

/// The header with the signature.
pub const SIGNATURE: &str = "x-wc-webhook-signature";
/// The header that says what happened.
pub const TOPIC: &str = "x-wc-webhook-topic";
/// The header that numbers a delivery, by the second: two deliveries of one second have the same.
pub const DELIVERY_ID: &str = "x-wc-webhook-delivery-id";

/// The topics whose body is an order. Every other topic is kept unread, but for [`DELETED`].
const ORDER_TOPICS: [&str; 3] = ["order.created", "order.updated", POLLED];
/// An order that the shop threw away: its body is an identifier and nothing else.
const DELETED: &str = "order.deleted";
/// What stands in the place of a topic when an order was fetched.
pub(crate) const POLLED: &str = "order.polled";
/// The longest ping: `webhook_id=` and a number.
const MAX_PING: usize = 40;

/// Checks the signature first, then reads the headers the signature does not cover.
pub(crate) fn accept(call: &Call<'_>) -> Result<Accepted> {
    let Some(signature) = call.headers.get(SIGNATURE).and_then(|value| value.to_str().ok()) else {
        return if is_ping(call) { Ok(Accepted::Ping) } else { Err(bad_signature()) };
    };
    if !verify(&call.live.secret, call.body, signature) {
        return Err(bad_signature());
    }
    let topic = call.header(TOPIC).ok_or_else(no_topic)?;
    // Not by the number of the delivery, which two orders of one second share. The order's identifier and the time of
    // its last change stand in the body, so topic and body say whether a delivery came before.
    let dedupe_key = inbox::key_of_content(&topic, call.body);
    let event_id = call.header(DELIVERY_ID);
    Ok(Accepted::Delivery(Delivery { event_id, ..Delivery::new(call, topic, dedupe_key) }))
}

fn no_topic() -> Error {
    Error::new(Kind::Unreadable, "no_topic", "The header X-WC-Webhook-Topic is missing.")
}

/// Whether this is the form by which WooCommerce asks whether anybody is there, before it saves a webhook. It is not
/// signed, and any answer but 200 keeps the webhook from being saved.
fn is_ping(call: &Call<'_>) -> bool {
    let number = call.body.strip_prefix(b"webhook_id=").filter(|_| call.body.len() <= MAX_PING);
    let is_number = number.is_some_and(|number| !number.is_empty() && number.iter().all(u8::is_ascii_digit));
    is_number && !call.headers.contains_key(TOPIC)
}

/// Whether `signature` is the base64 HMAC-SHA256 of the raw body under the secret. Constant in time.
///
/// WooCommerce signs with its stored secret after decoding the five HTML entities of WordPress, and WordPress may have
/// encoded what was typed before storing it; older versions sign without decoding. So what the operator typed counts
/// as it is, decoded, and encoded.
pub fn verify(secret: &str, body: &[u8], signature: &str) -> bool {
    let Ok(given) = STANDARD.decode(signature.trim()) else { return false };
    let forms = [secret.to_owned(), decoded(secret), encoded(secret)];
    // Each form is tried, so that how long it takes says nothing of which one fits.
    forms.iter().filter(|form| keys::same(&keys::hmac_sha256(form.as_bytes(), body), &given)).count() > 0
}

/// The entities WordPress knows; the ampersand comes last when decoding, so that nothing is decoded twice.
const ENTITIES: [(&str, &str); 7] = [
    ("<", "&lt;"),
    (">", "&gt;"),
    ("\"", "&quot;"),
    ("'", "&#039;"),
    ("'", "&#39;"),
    ("'", "&#x27;"),
    ("&", "&amp;"),
];

fn decoded(secret: &str) -> String {
    ENTITIES.iter().fold(secret.to_owned(), |text, (sign, entity)| text.replace(entity, sign))
}

fn encoded(secret: &str) -> String {
    let entity = |sign: char| {
        let known = ENTITIES.iter().find(|(known, _)| known.chars().eq([sign]));
        known.map_or_else(|| sign.to_string(), |(_, entity)| (*entity).to_owned())
    };
    secret.chars().map(entity).collect()
}

/// Whether webhooks under this topic are read.
pub(crate) fn reads(topic: &str) -> bool {
    ORDER_TOPICS.contains(&topic) || topic == DELETED
}

/// Reads a stored webhook.
pub(crate) fn read(waiting: &Waiting, source: String) -> Result<Content> {
    if waiting.topic == DELETED {
        return parse::gone(&waiting.body, source);
    }
    parse::parse(&waiting.body, &source)
}

#[cfg(test)]
mod tests;
