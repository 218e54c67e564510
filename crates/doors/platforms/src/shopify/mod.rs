//! Shopify: its signature, its headers, its topics and its order.
//!
//! The signature covers the raw body and nothing else: topic, shop and time in the headers are unsigned. So a
//! connection has an address of its own, the body decides what is stored, and a version guard makes a replay harmless.

mod body;
mod parse;
mod people;
pub mod product;
mod totals;

pub use parse::{Notice, parse};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kernel::keys;

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

/// The topics whose body is an order. Every other topic is kept unread.
const ORDER_TOPICS: [&str; 6] = [
    "orders/create",
    "orders/updated",
    "orders/paid",
    "orders/cancelled",
    "orders/fulfilled",
    "orders/partially_fulfilled",
];

/// Whether the body of this topic is an order.
pub fn is_order_topic(topic: &str) -> bool {
    ORDER_TOPICS.contains(&topic)
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
