//! The durable inbox: each webhook is a row before it is anything else.

use std::time::Duration;

use db::Write;
use jobs::{Lane, NewJob, Next};
use kernel::{Error, Kind, Result, Timestamp, keys, text};
use orders::OrderId;
use orders::incoming::IncomingOrder;
use serde_json::{Value, json};

use crate::connections::Platform;
use crate::store::{self, State, Waiting};
use crate::{ConnectionId, WEBHOOK_JOB, WebhookId, products, shopify};

/// How long raw bodies live.
const KEPT: Duration = Duration::from_secs(30 * 24 * 3_600);
/// How soon the next chunk of old webhooks is deleted when there were many.
const NEXT_CHUNK: Duration = Duration::from_secs(10);
/// How far ahead of our clock an unsigned time in a header may be before it is taken for a forgery.
const MAX_AHEAD: Duration = Duration::from_secs(3_600);
/// The most characters of a stored reason.
const MAX_REASON: usize = 1_000;

/// A webhook whose signature is right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Which connection it came through.
    pub connection: ConnectionId,
    /// The platform of that connection.
    pub platform: Platform,
    /// What it says happened.
    pub topic: String,
    /// The same for the same delivery, however often it comes.
    pub dedupe_key: String,
    /// The platform's identifier of the event behind it.
    pub event_id: Option<String>,
    /// When the platform says it was triggered.
    pub triggered_at: Option<Timestamp>,
    /// The raw body.
    pub body: Vec<u8>,
    /// The hash of the raw body, in hexadecimal.
    pub body_sha256: String,
}

/// What [`receive`] did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Received {
    /// Stored, and a job will read it.
    Queued(WebhookId),
    /// Stored and left unread: its topic tells nothing we act on.
    Ignored(WebhookId),
    /// It came before. Nothing was stored.
    Duplicate,
}

/// Stores a webhook and the job that reads it, in one write.
pub fn receive(w: &mut Write<'_>, delivery: &Delivery) -> Result<Received> {
    let handled = match delivery.platform {
        Platform::Shopify => {
            shopify::is_order_topic(&delivery.topic) || shopify::product::is_topic(&delivery.topic)
        }
    };
    let state = if handled { State::Received } else { State::Ignored };
    let Some(id) = store::claim_webhook(w, delivery, state)? else { return Ok(Received::Duplicate) };
    if !handled {
        return Ok(Received::Ignored(id));
    }
    let payload = json!({ "webhook": id.as_str() });
    let due_at = w.now;
    jobs::enqueue(
        w,
        &NewJob { kind: WEBHOOK_JOB, key: id.as_str(), payload: &payload, due_at, lane: Lane::Input },
    )?;
    Ok(Received::Queued(id))
}

/// Reads a webhook into an order. A body that no order can be made of is parked with the reason and the job is done;
/// whatever may go better next time is an error and tried again.
pub fn process_webhook(w: &mut Write<'_>, payload: &Value) -> Result<Next> {
    let id = payload.get("webhook").and_then(Value::as_str);
    let id = WebhookId::parse(id.ok_or_else(|| Error::internal("a webhook job without its webhook"))?)?;
    // Deleted with the person it is about, or processed by an earlier run.
    let Some(waiting) = store::webhook(w, &id)?.filter(|waiting| waiting.state == State::Received.as_str())
    else {
        return Ok(Next::Done);
    };
    // `orders::take` refuses an order before it writes its first row, so a parked webhook never leaves half of one.
    match take_in(w, &waiting) {
        Ok(order) => store::settle(w, &id, State::Done, None, order.as_ref())?,
        Err(error) if will_stay_wrong(&error) => {
            let reason = text::shortened(&reason(&error), MAX_REASON);
            store::settle(w, &id, State::Parked, Some(&reason), None)?;
        }
        Err(error) => return Err(error),
    }
    Ok(Next::Done)
}

/// Deletes webhooks after thirty days, a chunk at a time.
pub fn forget_old_webhooks(w: &mut Write<'_>, _payload: &Value) -> Result<Next> {
    let before = w.now - KEPT;
    match store::forget(w, before)? {
        0 => Ok(Next::Done),
        _ => Ok(Next::Again(w.now + NEXT_CHUNK)),
    }
}

/// Takes in what a webhook tells: a product, or an order, which it then names.
fn take_in(w: &mut Write<'_>, waiting: &Waiting) -> Result<Option<OrderId>> {
    let platform = Platform::parse(&waiting.source)?;
    if shopify::product::is_topic(&waiting.topic) {
        let source = format!("{}:{}", waiting.source, waiting.connection);
        products::take_in(w, platform, &waiting.topic, &waiting.body, &source)?;
        return Ok(None);
    }
    let incoming = read(waiting, w.now)?;
    orders::take(w, &incoming).map(|taken| Some(taken.order))
}

fn read(waiting: &Waiting, now: Timestamp) -> Result<IncomingOrder> {
    match Platform::parse(&waiting.source)? {
        Platform::Shopify => {
            let source = format!("{}:{}", waiting.source, waiting.connection);
            let triggered_at = waiting.triggered_at.filter(|at| *at <= now + MAX_AHEAD);
            shopify::parse(&waiting.body, &shopify::Notice { source, triggered_at })
        }
    }
}

fn will_stay_wrong(error: &Error) -> bool {
    match error.kind() {
        Kind::Invalid | Kind::Unreadable | Kind::TooLarge => true,
        Kind::Unauthorized
        | Kind::Forbidden
        | Kind::NotFound
        | Kind::Conflict
        | Kind::TooMany
        | Kind::Unavailable
        | Kind::OutcomeUnknown
        | Kind::Internal => false,
    }
}

/// Which fields and why, without their values: the row is personal, but staff read reasons in lists and logs.
fn reason(error: &Error) -> String {
    error.to_string()
}

/// The key of deliveries that carry no identifier of their own: the same topic with the same body is the same.
pub(crate) fn key_of_content(topic: &str, body: &[u8]) -> String {
    let content = [topic.as_bytes(), b"\n", body].concat();
    format!("sha256:{}", keys::hex(&keys::sha256(&content)))
}
