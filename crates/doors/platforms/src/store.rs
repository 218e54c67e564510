//! Rows of connections and of the inbox.

use db::{PersonalTable, Read, SqlFile, Write, params};
use kernel::{Error, Result, Timestamp};
use orders::OrderId;

use crate::health::{ConnectionHealth, Health, Subscription};
use crate::inbox::Delivery;
use crate::platform::Platform;
use crate::poll::Cursor;
use crate::{ConnectionId, WebhookId};

db::sql_file!(pub FILE = "store.sql" {
    SAVE_CONNECTION = "save_connection",
    CONNECTION_BY_NAME = "connection_by_name",
    LIVE_CONNECTION = "live_connection",
    WEBHOOK_CAME = "webhook_came",
    POLL_TARGET = "poll_target",
    WITH_KEY = "with_key",
    SET_CURSOR = "set_cursor",
    POLLED = "polled",
    SET_TROUBLE = "set_trouble",
    SET_SUBSCRIPTION = "set_subscription",
    CONNECTIONS = "connections",
    CLAIM_WEBHOOK = "claim_webhook",
    WEBHOOK = "webhook",
    SETTLE_WEBHOOK = "settle_webhook",
    LET_WAIT = "let_wait",
    STOP_WAITING = "stop_waiting",
    FORGET_OLD_WEBHOOKS = "forget_old_webhooks",
    SEARCH_WEBHOOKS = "search_webhooks",
    BLANK_WEBHOOK = "blank_webhook",
    TELL_WEBHOOKS = "tell_webhooks",
});

/// The queries of this crate.
pub static SQL: &[&SqlFile] = &[&FILE, crate::sources::FILE, &crate::manage::MANAGE, &crate::replay::REPLAY];

/// The personal tables of this crate.
pub const PERSONAL: &[PersonalTable] =
    &[PersonalTable { table: "webhooks", holds: "webhooks as the shop sent them, for thirty days" }];

/// Where a webhook of the inbox stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Waits for its job.
    Received,
    /// An order was taken from it, or it was older than what is stored.
    Done,
    /// No order could be made of it; the reason stands beside it.
    Parked,
    /// Its topic tells nothing we act on.
    Ignored,
}

impl State {
    /// The word used in rows.
    pub fn as_str(self) -> &'static str {
        match self {
            State::Received => "received",
            State::Done => "done",
            State::Parked => "parked",
            State::Ignored => "ignored",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Result<Self> {
        [State::Received, State::Done, State::Parked, State::Ignored]
            .into_iter()
            .find(|state| state.as_str() == word)
            .ok_or_else(|| Error::internal("an unknown word stands in a webhook's row"))
    }
}

/// A webhook that is about to be read.
pub struct Waiting {
    /// Which connection it came through.
    pub connection: ConnectionId,
    /// The platform's word.
    pub source: String,
    /// What it says happened.
    pub topic: String,
    /// When the platform says it was triggered.
    pub triggered_at: Option<Timestamp>,
    /// The raw body.
    pub body: Vec<u8>,
    /// The word of its [`State`].
    pub state: String,
}

/// What is written down of a connection that is made.
pub struct NewRow<'a> {
    /// Which platform it is.
    pub platform: Platform,
    /// What the operator calls it.
    pub name: &'a str,
    /// What its webhooks are signed with.
    pub secret_sealed: &'a [u8],
    /// What they were signed with before, when that is still taken for a while.
    pub old: Option<(Vec<u8>, Timestamp)>,
    /// Where its API is.
    pub api_url: Option<&'a str>,
    /// The key to its API.
    pub api_key_sealed: Option<Vec<u8>>,
}

/// A connection that was made or made again.
pub struct Saved {
    /// The connection.
    pub id: ConnectionId,
    /// Whether address and key of its API are known.
    pub has_api: bool,
}

/// Stores a connection under its name; none when the name belongs to another platform.
pub fn save_connection(w: &mut Write<'_>, new: &NewRow<'_>) -> Result<Option<Saved>> {
    let id = ConnectionId::new(w.now, w.dice);
    let now = w.now;
    let row = w.row(
        &SAVE_CONNECTION,
        params![
            id.as_str(),
            new.platform.as_str(),
            new.name,
            new.secret_sealed,
            new.api_url,
            new.api_key_sealed.as_deref(),
            now,
            new.old.as_ref().map(|(sealed, _)| &sealed[..]),
            new.old.as_ref().map(|(_, until)| *until),
        ],
    )?;
    let Some(row) = row else { return Ok(None) };
    let (url, key): (Option<String>, Option<Vec<u8>>) = (row.get("api_url")?, row.get("api_key_sealed")?);
    Ok(Some(Saved { id: ConnectionId::stored(row.get("id")?), has_api: url.is_some() && key.is_some() }))
}

/// The sealed secret of the connection by this name.
pub fn sealed_secret(r: &mut Read<'_>, platform: Platform, name: &str) -> Result<Option<Vec<u8>>> {
    let row = r.row(&CONNECTION_BY_NAME, params![name, platform.as_str()])?;
    row.map(|row| row.get("secret_sealed")).transpose()
}

/// What is stored of a connection that takes webhooks.
pub struct LiveRow {
    /// Which platform it is.
    pub platform: Platform,
    /// What its webhooks are signed with.
    pub secret_sealed: Vec<u8>,
    /// What they were signed with before, and until when that is still taken.
    pub old: Option<(Vec<u8>, Timestamp)>,
    /// When a webhook last came, to the minute.
    pub webhook_at: Option<Timestamp>,
}

/// A connection that is switched on.
pub fn live_connection(r: &mut Read<'_>, id: &ConnectionId) -> Result<Option<LiveRow>> {
    let Some(row) = r.row(&LIVE_CONNECTION, params![id.as_str()])? else { return Ok(None) };
    let platform = Platform::parse(&row.get::<String>("platform")?)?;
    Ok(Some(LiveRow {
        platform,
        secret_sealed: row.get("secret_sealed")?,
        old: row.get::<Option<Vec<u8>>>("old_secret_sealed")?.zip(row.get("old_secret_until")?),
        webhook_at: row.get("webhook_at")?,
    }))
}

/// Writes down that a webhook came.
pub fn webhook_came(w: &mut Write<'_>, id: &ConnectionId) -> Result<()> {
    let now = w.now;
    w.send(&WEBHOOK_CAME, params![id.as_str(), now])?;
    Ok(())
}

/// What is stored of a connection whose API is asked.
pub struct TargetRow {
    /// Which platform it is.
    pub platform: Platform,
    /// Where its API is.
    pub api_url: String,
    /// The key to its API.
    pub api_key_sealed: Vec<u8>,
    /// How far its list has been read.
    pub cursor: Option<String>,
    /// When the connection was made.
    pub created_at: Timestamp,
    /// How its webhooks stood last.
    pub subscription: Subscription,
}

/// A connection that is switched on and has an API to ask.
pub fn target(r: &mut Read<'_>, id: &ConnectionId) -> Result<Option<TargetRow>> {
    let Some(row) = r.row(&POLL_TARGET, params![id.as_str()])? else { return Ok(None) };
    Ok(Some(TargetRow {
        platform: Platform::parse(&row.get::<String>("platform")?)?,
        api_url: row.get("api_url")?,
        api_key_sealed: row.get("api_key_sealed")?,
        cursor: row.get("cursor")?,
        created_at: row.get("created_at")?,
        subscription: Subscription::parse(&row.get::<String>("subscription")?)?,
    }))
}

/// Every connection that has an API to ask.
pub fn with_key(r: &mut Read<'_>) -> Result<Vec<ConnectionId>> {
    r.rows(&WITH_KEY, params![])?.iter().map(|row| row.get("id").map(ConnectionId::stored)).collect()
}

/// Remembers how far the list has been read.
pub fn set_cursor(w: &mut Write<'_>, id: &ConnectionId, cursor: &Cursor) -> Result<()> {
    let json = serde_json::to_string(cursor)?;
    w.send(&SET_CURSOR, params![id.as_str(), &json])?;
    Ok(())
}

/// The list was read to its end.
pub fn polled(w: &mut Write<'_>, id: &ConnectionId) -> Result<()> {
    let now = w.now;
    w.send(&POLLED, params![id.as_str(), Health::Well.as_str(), now])?;
    Ok(())
}

/// Something was wrong.
pub fn set_trouble(w: &mut Write<'_>, id: &ConnectionId, health: Health, words: &str) -> Result<()> {
    let now = w.now;
    w.send(&SET_TROUBLE, params![id.as_str(), health.as_str(), words, now])?;
    Ok(())
}

/// How the platform's webhooks stand.
pub fn set_subscription(
    w: &mut Write<'_>,
    id: &ConnectionId,
    subscription: Subscription,
    words: Option<&str>,
) -> Result<()> {
    let said_at = words.map(|_| w.now);
    w.send(&SET_SUBSCRIPTION, params![id.as_str(), subscription.as_str(), words, said_at])?;
    Ok(())
}

/// Every connection that is switched on, and how it is.
pub fn connections(r: &mut Read<'_>) -> Result<Vec<ConnectionHealth>> {
    r.rows(&CONNECTIONS, params![])?.iter().map(health_of).collect()
}

/// How a connection is, of a row with the columns of the query `connections`.
pub fn health_of(row: &db::Row) -> Result<ConnectionHealth> {
    let (words, at): (Option<String>, Option<Timestamp>) =
        (row.get("last_error")?, row.get("last_error_at")?);
    let (url, key): (Option<String>, Option<Vec<u8>>) = (row.get("api_url")?, row.get("api_key_sealed")?);
    Ok(ConnectionHealth {
        id: ConnectionId::stored(row.get("id")?),
        platform: Platform::parse(&row.get::<String>("platform")?)?,
        name: row.get("name")?,
        is_polled: url.is_some() && key.is_some(),
        health: Health::parse(&row.get::<String>("health")?)?,
        subscription: Subscription::parse(&row.get::<String>("subscription")?)?,
        polled_at: row.get("polled_at")?,
        webhook_at: row.get("webhook_at")?,
        last_error: words.zip(at),
    })
}

/// Stores a webhook unless it came before.
pub fn claim_webhook(w: &mut Write<'_>, delivery: &Delivery, state: State) -> Result<Option<WebhookId>> {
    let id = WebhookId::new(w.now, w.dice);
    let now = w.now;
    let row = w.row(
        &CLAIM_WEBHOOK,
        params![
            id.as_str(),
            delivery.connection.as_str(),
            delivery.platform.as_str(),
            &delivery.topic,
            &delivery.dedupe_key,
            &delivery.event_id,
            delivery.triggered_at,
            &delivery.body[..],
            &delivery.body_sha256,
            now,
            state.as_str(),
        ],
    )?;
    Ok(row.map(|_| id))
}

/// The webhook by this identifier.
pub fn webhook(r: &mut Read<'_>, id: &WebhookId) -> Result<Option<Waiting>> {
    let Some(row) = r.row(&WEBHOOK, params![id.as_str()])? else { return Ok(None) };
    Ok(Some(Waiting {
        connection: ConnectionId::stored(row.get("connection_id")?),
        source: row.get("source")?,
        topic: row.get("topic")?,
        triggered_at: row.get("triggered_at")?,
        body: row.get("body")?,
        state: row.get("state")?,
    }))
}

/// Forgets what a webhook said; that it came stays.
pub fn blank(w: &mut Write<'_>, id: &WebhookId) -> Result<()> {
    w.send(&BLANK_WEBHOOK, params![id.as_str(), &b""[..]])?;
    Ok(())
}

/// Writes down what became of a webhook.
pub fn settle(
    w: &mut Write<'_>,
    id: &WebhookId,
    state: State,
    reason: Option<&str>,
    order: Option<&OrderId>,
) -> Result<()> {
    let now = w.now;
    w.send(&SETTLE_WEBHOOK, params![id.as_str(), state.as_str(), reason, order.map(OrderId::as_str), now])?;
    Ok(())
}

/// Parks a webhook until an order comes.
pub fn wait_for(w: &mut Write<'_>, id: &WebhookId, order: &str, reason: &str) -> Result<()> {
    let now = w.now;
    w.send(&LET_WAIT, params![id.as_str(), order, reason, now])?;
    Ok(())
}

/// Lets what waited for this order be read again; returns which.
pub fn stop_waiting(w: &mut Write<'_>, connection: &ConnectionId, order: &str) -> Result<Vec<WebhookId>> {
    let rows = w.rows(&STOP_WAITING, params![connection.as_str(), order])?;
    rows.iter().map(|row| row.get("id").map(WebhookId::stored)).collect()
}

/// Deletes a chunk of what was received before `before`; returns how many rows.
pub fn forget(w: &mut Write<'_>, before: Timestamp) -> Result<u64> {
    w.execute(&FORGET_OLD_WEBHOOKS, params![before])
}
