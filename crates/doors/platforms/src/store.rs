//! Rows of connections and of the inbox.

use db::{PersonalTable, Read, SqlFile, Write, params};
use kernel::{Result, Timestamp};
use orders::OrderId;

use crate::connections::Platform;
use crate::inbox::Delivery;
use crate::{ConnectionId, WebhookId};

db::sql_file!(pub FILE = "store.sql" {
    SAVE_CONNECTION = "save_connection",
    CONNECTION_BY_NAME = "connection_by_name",
    LIVE_CONNECTION = "live_connection",
    CLAIM_WEBHOOK = "claim_webhook",
    WEBHOOK = "webhook",
    SETTLE_WEBHOOK = "settle_webhook",
    FORGET_OLD_WEBHOOKS = "forget_old_webhooks",
});

/// The queries of this crate.
pub static SQL: &[&SqlFile] = &[&FILE, crate::sources::FILE];

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

/// Stores a connection under its name; none when the name belongs to another platform.
pub fn save_connection(
    w: &mut Write<'_>,
    platform: Platform,
    name: &str,
    sealed: &[u8],
    api_url: Option<&str>,
) -> Result<Option<ConnectionId>> {
    let id = ConnectionId::new(w.now, w.dice);
    let now = w.now;
    let row = w.row(&SAVE_CONNECTION, params![id.as_str(), platform.as_str(), name, sealed, api_url, now])?;
    row.map(|row| row.get("id").map(ConnectionId::stored)).transpose()
}

/// The sealed secret of the connection by this name.
pub fn sealed_secret(r: &mut Read<'_>, platform: Platform, name: &str) -> Result<Option<Vec<u8>>> {
    let row = r.row(&CONNECTION_BY_NAME, params![name, platform.as_str()])?;
    row.map(|row| row.get("secret_sealed")).transpose()
}

/// Platform and sealed secret of a connection that is switched on.
pub fn live_connection(r: &mut Read<'_>, id: &ConnectionId) -> Result<Option<(Platform, Vec<u8>)>> {
    let Some(row) = r.row(&LIVE_CONNECTION, params![id.as_str()])? else { return Ok(None) };
    let platform = Platform::parse(&row.get::<String>("platform")?)?;
    Ok(Some((platform, row.get("secret_sealed")?)))
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

/// Writes down what became of a webhook.
pub fn settle(
    w: &mut Write<'_>,
    id: &WebhookId,
    state: State,
    reason: Option<&str>,
    order: Option<&OrderId>,
) -> Result<()> {
    let now = w.now;
    w.execute(
        &SETTLE_WEBHOOK,
        params![id.as_str(), state.as_str(), reason, order.map(OrderId::as_str), now],
    )?;
    Ok(())
}

/// Deletes a chunk of what was received before `before`; returns how many rows.
pub fn forget(w: &mut Write<'_>, before: Timestamp) -> Result<u64> {
    w.execute(&FORGET_OLD_WEBHOOKS, params![before])
}
