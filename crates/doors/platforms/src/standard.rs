//! Standard Webhooks in: shops with our plugin for Vendure, and any other shop that can sign an order and send it.
//!
//! The body is `{ "type": "order.updated", "timestamp": …, "data": … }`, with the whole order as `data` in the shape of
//! `POST /v1/orders`. The signature covers the webhook's id, its time and every byte of the body, so all of them are
//! believed once it is right.

use std::time::Duration;

use kernel::webhooks::{self, Headers, Secret};
use kernel::{Error, Kind, Result, Timestamp, text};
use orders::incoming::CLOCKS_DIFFER_BY;
use orders::json::{Teller, believe};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;
use shipments::incoming::OrderRef;

use crate::inbox::{Content, Delivery, Parcels};
use crate::platform::{Accepted, Call, bad_signature};
use crate::store::Waiting;

/// How long the secret before the last one is still taken.
pub const OVERLAP: Duration = Duration::from_secs(24 * 3_600);

/// The type whose data is an order. Every other is stored unread.
const ORDER: &str = "order.updated";
/// What stands in the place of a type when an order was fetched: the body is the order alone.
pub const POLLED: &str = "order.polled";
/// The types by which a shop asks whether anybody is there.
const PINGS: [&str; 2] = ["ping", "test"];
/// The most characters of a type.
const MAX_TYPE: usize = 120;

/// What surrounds the data; the data itself is read by a job.
#[derive(Deserialize)]
struct Envelope {
    #[serde(rename = "type")]
    kind: String,
    timestamp: Option<String>,
    #[serde(rename = "data")]
    _data: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct Contents {
    #[serde(default)]
    data: Value,
}

/// Whether the data of this type is an order.
pub fn is_order_topic(topic: &str) -> bool {
    topic == ORDER || topic == POLLED
}

/// Refuses what is no secret of Standard Webhooks.
pub fn check_secret(secret: &str) -> Result<()> {
    Secret::parse(secret)
        .map(|_| ())
        .map_err(|error| Error::field("/secret", error.code(), error.words().to_owned()))
}

/// Checks signature and time, then reads what surrounds the data.
pub fn accept(call: &Call<'_>) -> Result<Accepted> {
    let [id, timestamp, signature] =
        [webhooks::ID, webhooks::TIMESTAMP, webhooks::SIGNATURE].map(|name| one_header(call, name));
    let (id, timestamp, signature) = match (id, timestamp, signature) {
        (Some(id), Some(timestamp), Some(signature)) => (id, timestamp, signature),
        (None, _, _) | (_, None, _) | (_, _, None) => return Err(bad_signature()),
    };
    let headers = Headers { id, timestamp, signature };
    webhooks::verify(&secrets(call)?, &headers, call.body, call.now, webhooks::TOLERANCE)?;
    let envelope: Envelope = serde_json::from_slice(call.body).map_err(|_| no_envelope())?;
    let topic = text::line(&envelope.kind, MAX_TYPE).map_err(|_| no_envelope())?;
    if PINGS.contains(&topic.as_str()) {
        return Ok(Accepted::Ping);
    }
    if topic == POLLED {
        // Ours alone: a body under this word is read in another way.
        return Err(no_envelope());
    }
    let triggered_at = envelope.timestamp.and_then(|at| Timestamp::parse(&at).ok());
    Ok(Accepted::Delivery(Delivery { triggered_at, ..Delivery::new(call, topic, id.to_owned()) }))
}

/// Twice the same header would be two answers to one question.
fn one_header<'a>(call: &Call<'a>, name: &str) -> Option<&'a str> {
    let mut all = call.headers.get_all(name).iter();
    let first = all.next()?;
    if all.next().is_some() { None } else { first.to_str().ok() }
}

/// The secret, and for a while the one before it.
fn secrets(call: &Call<'_>) -> Result<Vec<Secret>> {
    let old = call.live.old_secret.iter().filter(|(_, until)| call.now < *until).map(|(secret, _)| secret);
    std::iter::once(&call.live.secret).chain(old).map(|secret| Secret::parse(secret)).collect()
}

fn no_envelope() -> Error {
    let words = "The body is not an event in JSON: {\"type\": …, \"timestamp\": …, \"data\": …}.";
    Error::new(Kind::Unreadable, "no_event", words)
}

/// Reads the order in a stored webhook. A time of the future is none: it would make every later version stale.
pub fn read(waiting: &Waiting, source: &str, now: Timestamp) -> Result<Content> {
    let order = match waiting.topic.as_str() {
        POLLED => serde_json::from_slice(&waiting.body).map_err(|_| no_envelope())?,
        _ => serde_json::from_slice::<Contents>(&waiting.body).map_err(|_| no_envelope())?.data,
    };
    let triggered_at = waiting.triggered_at.filter(|at| *at <= now + webhooks::TOLERANCE);
    let incoming = believe(&order, Teller { source, triggered_at }, now)?;
    let told = order.get("shipments").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let named = OrderRef { source: source.to_owned(), external_id: incoming.external_id.clone() };
    let parcels = shipments::json::believe(told, &named, now + CLOCKS_DIFFER_BY)?;
    Ok(Content::Order(Box::new(incoming), Parcels::Told(parcels)))
}
