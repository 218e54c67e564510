//! Webhooks that people look at, and reading one again.
//!
//! Reading again is safe: a version of an order that is stored already changes nothing and tells nobody.

use db::{Read, Row, Write, params};
use jobs::{Lane, NewJob};
use kernel::{Error, Kind, Result, Timestamp};
use orders::OrderId;
use serde_json::json;

use crate::platform::Platform;
use crate::store::{self, State};
use crate::{ConnectionId, WEBHOOK_JOB, WebhookId};

db::sql_file!(pub REPLAY = "replay.sql" {
    INBOX_OF = "inbox_of",
    PARKED_WEBHOOKS = "parked_webhooks",
    COUNT_PARKED_WEBHOOKS = "count_parked_webhooks",
    REVIVE_WEBHOOK = "revive_webhook",
    REVIVE_PARKED_WEBHOOKS = "revive_parked_webhooks",
    DISCARD_WEBHOOK = "discard_webhook",
});

/// Sorts after every identifier.
const AFTER_ALL: &str = "whk_~";
/// How many parked webhooks one write lets be read again; each is a row here and a job.
const AT_ONCE: i64 = 500;

/// A webhook of one shop, without its body.
#[derive(Clone, Debug)]
pub struct InboxRow {
    /// The webhook.
    pub id: WebhookId,
    /// What it says happened.
    pub topic: String,
    /// Where it stands.
    pub state: State,
    /// Why, when it is parked or was discarded.
    pub reason: Option<String>,
    /// Whether it waits for the order it belongs to.
    pub waits: bool,
    /// The order it was about.
    pub order: Option<OrderId>,
    /// When it came.
    pub received_at: Timestamp,
}

/// A webhook that nothing could be made of.
#[derive(Clone, Debug)]
pub struct ParkedWebhook {
    /// The webhook.
    pub id: WebhookId,
    /// The shop it came from.
    pub connection: ConnectionId,
    /// What that is called.
    pub shop: String,
    /// What it says happened.
    pub topic: String,
    /// Why nothing could be made of it.
    pub reason: String,
    /// When it came.
    pub received_at: Timestamp,
}

/// The last webhooks of a shop that came before `before`, the newest first.
pub fn inbox_of(
    r: &mut Read<'_>,
    connection: &ConnectionId,
    before: Option<&WebhookId>,
    limit: i64,
) -> Result<Vec<InboxRow>> {
    let before = before.map_or(AFTER_ALL, WebhookId::as_str);
    r.rows(&INBOX_OF, params![connection.as_str(), before, limit])?.iter().map(inbox_row).collect()
}

/// Webhooks that nothing could be made of, the longest waiting first, behind the one that a page ended with.
pub fn parked_webhooks(
    r: &mut Read<'_>,
    after: Option<(Timestamp, &WebhookId)>,
    limit: i64,
) -> Result<Vec<ParkedWebhook>> {
    let (at, id) = after.map_or((Timestamp::from_ms(0), ""), |(at, id)| (at, id.as_str()));
    r.rows(&PARKED_WEBHOOKS, params![at, id, limit])?.iter().map(parked_row).collect()
}

/// How many there are; none is counted beyond `most`.
pub fn count_parked_webhooks(r: &mut Read<'_>, most: i64) -> Result<i64> {
    r.one(&COUNT_PARKED_WEBHOOKS, params![most])?.get("webhooks")
}

/// Reads a webhook again, whatever came of it before.
pub fn process_again(w: &mut Write<'_>, id: &WebhookId) -> Result<()> {
    let stored = store::webhook(w, id)?.ok_or_else(no_webhook)?;
    if !Platform::parse(&stored.source)?.reads(&stored.topic) {
        let words = "Webhooks of this topic tell nothing that is acted on, so there is nothing to read.";
        return Err(Error::new(Kind::Conflict, "not_read", words));
    }
    w.send(&REVIVE_WEBHOOK, params![id.as_str()])?;
    queue(w, id)
}

/// The same of a webhook of one shop; another's is not found.
pub fn process_again_of(w: &mut Write<'_>, connection: &ConnectionId, id: &WebhookId) -> Result<()> {
    let stored = store::webhook(w, id)?.filter(|stored| stored.connection == *connection);
    stored.ok_or_else(no_webhook)?;
    process_again(w, id)
}

/// Reads what was parked before `parked_before` again, a bounded number of webhooks at a time; returns how many.
pub fn process_parked_again(w: &mut Write<'_>, parked_before: Timestamp) -> Result<u64> {
    let rows = w.rows(&REVIVE_PARKED_WEBHOOKS, params![parked_before, AT_ONCE])?;
    for row in &rows {
        queue(w, &WebhookId::stored(row.get("id")?))?;
    }
    Ok(rows.len() as u64)
}

/// Gives a webhook up that nothing could be made of; false when it is past that.
pub fn discard_webhook(w: &mut Write<'_>, id: &WebhookId, reason: &str) -> Result<bool> {
    store::webhook(w, id)?.ok_or_else(no_webhook)?;
    let now = w.now;
    Ok(w.execute(&DISCARD_WEBHOOK, params![id.as_str(), reason, now])? > 0)
}

/// A stored reason as people read it: the fields that are wrong by their names, each with what is wrong with it.
pub(crate) fn in_words(reason: &str) -> String {
    let Some((_, fields)) = reason.split_once(" [/") else { return reason.to_owned() };
    let fields = fields.trim_end_matches(']').split("] [/").map(|field| match field.split_once(": ") {
        Some((pointer, detail)) => format!("{}: {detail}", pointer.replace('/', " › ")),
        None => field.to_owned(),
    });
    fields.collect::<Vec<_>>().join(" ")
}

/// Its job may be parked itself, or wait for another try: it is done now.
fn queue(w: &mut Write<'_>, id: &WebhookId) -> Result<()> {
    let payload = json!({ "webhook": id.as_str() });
    let due_at = w.now;
    let job = NewJob { kind: WEBHOOK_JOB, key: id.as_str(), payload: &payload, due_at, lane: Lane::Input };
    jobs::reschedule(w, &job)
}

#[track_caller]
fn no_webhook() -> Error {
    Error::not_found("There is no such webhook. They are kept for thirty days.")
}

fn inbox_row(row: &Row) -> Result<InboxRow> {
    Ok(InboxRow {
        id: WebhookId::stored(row.get("id")?),
        topic: row.get("topic")?,
        state: State::parse(&row.get::<String>("state")?)?,
        reason: row.get("reason")?,
        waits: row.get::<Option<String>>("waits_for")?.is_some(),
        order: row.get::<Option<String>>("order_id")?.map(OrderId::stored),
        received_at: row.get("received_at")?,
    })
}

fn parked_row(row: &Row) -> Result<ParkedWebhook> {
    Ok(ParkedWebhook {
        id: WebhookId::stored(row.get("id")?),
        connection: ConnectionId::stored(row.get("connection_id")?),
        shop: row.get("name")?,
        topic: row.get("topic")?,
        reason: in_words(&row.get::<Option<String>>("reason")?.unwrap_or_default()),
        received_at: row.get("received_at")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_names_its_fields_in_words() {
        let reason = Error::field("/lines/0/quantity", "out_of_range", "Write a number from 1.").to_string();
        assert_eq!(in_words(&reason), "lines › 0 › quantity: Write a number from 1.");
        let two = "Some fields are not right. [/currency: Like EUR.] [/lines: At least one.]";
        assert_eq!(in_words(two), "currency: Like EUR. lines: At least one.");
        for plain in ["The body is not an order in JSON.", "Discarded: It was a test.", ""] {
            assert_eq!(in_words(plain), plain);
        }
    }
}
