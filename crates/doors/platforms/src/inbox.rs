//! The durable inbox: each webhook is a row before it is anything else.

use std::time::Duration;

use db::Write;
use jobs::{Lane, NewJob, Next};
use kernel::{Error, Kind, Result, Timestamp, keys, text};
use orders::incoming::IncomingOrder;
use serde_json::{Value, json};

use crate::platform::{Call, Platform};
use crate::store::{self, State, Waiting};
use crate::{ConnectionId, WEBHOOK_JOB, WebhookId};

/// How long raw bodies live.
const KEPT: Duration = Duration::from_secs(30 * 24 * 3_600);
/// How soon the next chunk of old webhooks is deleted when there were many.
const NEXT_CHUNK: Duration = Duration::from_secs(10);
/// How exactly a connection remembers when a webhook last came.
const TO_THE_MINUTE: Duration = Duration::from_secs(60);
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
    /// Whether it is the first for a minute, so that the connection remembers that it came.
    pub is_news: bool,
}

impl Delivery {
    /// A delivery of what this call brings, with nothing known beside its topic.
    pub(crate) fn new(call: &Call<'_>, topic: String, dedupe_key: String) -> Self {
        Delivery {
            connection: call.connection.clone(),
            platform: call.live.platform,
            topic,
            dedupe_key,
            event_id: None,
            triggered_at: None,
            body: call.body.to_vec(),
            body_sha256: keys::hex(&keys::sha256(call.body)),
            is_news: call.live.webhook_at.is_none_or(|at| at + TO_THE_MINUTE <= call.now),
        }
    }
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
    let handled = delivery.platform.reads(&delivery.topic);
    let state = if handled { State::Received } else { State::Ignored };
    let Some(id) = store::claim_webhook(w, delivery, state)? else { return Ok(Received::Duplicate) };
    if delivery.is_news {
        store::webhook_came(w, &delivery.connection)?;
    }
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
    match read(&waiting, w.now).and_then(|incoming| orders::take(w, &incoming)) {
        Ok(taken) => store::settle(w, &id, State::Done, None, Some(&taken.order))?,
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

fn read(waiting: &Waiting, now: Timestamp) -> Result<IncomingOrder> {
    let source = format!("{}:{}", waiting.source, waiting.connection);
    Platform::parse(&waiting.source)?.read(waiting, source, now)
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
