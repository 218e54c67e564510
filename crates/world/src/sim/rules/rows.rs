//! What the tables say in the end.

use std::collections::BTreeMap;

use db::{Read, params};
use kernel::{Date, Result, Timestamp, time::parse_date};
use orders::StoredOrder;
use serde_json::Value;

db::sql_file!(pub(crate) STORE = "../sim.sql" {
    SIM_MESSAGES = "sim_messages",
    SIM_EVENTS = "sim_events",
    SIM_ADDRESSES = "sim_addresses",
    SIM_UNFINISHED_JOBS = "sim_unfinished_jobs",
    SIM_WEBHOOKS = "sim_webhooks",
    SIM_OPEN = "sim_open",
    SIM_PARCELS = "sim_parcels",
});

/// Everything the rules read.
pub(crate) struct Rows {
    pub(crate) messages: Vec<MessageRow>,
    pub(crate) by_key: BTreeMap<String, MessageRow>,
    pub(crate) events: Vec<EventRow>,
    pub(crate) orders: Vec<StoredOrder>,
    pub(crate) unfinished_jobs: Vec<String>,
    pub(crate) webhooks: Vec<String>,
    /// Where each parcel is, by its source's identifier.
    pub(crate) parcels: BTreeMap<String, String>,
    addresses: BTreeMap<String, String>,
}

/// How many messages have not come to their end.
pub(crate) fn open_messages(r: &mut Read<'_>) -> Result<i64> {
    r.one(&SIM_OPEN, params![])?.get("open")
}

/// A message.
#[derive(Clone, Debug)]
pub(crate) struct MessageRow {
    pub(crate) id: String,
    pub(crate) key: String,
    pub(crate) customer: String,
    pub(crate) purpose: String,
    pub(crate) urgency: String,
    pub(crate) topic: String,
    pub(crate) template: String,
    pub(crate) thread: String,
    pub(crate) subject: String,
    pub(crate) state: String,
    pub(crate) why: Option<String>,
    pub(crate) reason: String,
    pub(crate) created_at: Timestamp,
    pub(crate) not_after: Timestamp,
    pub(crate) finished_at: Option<Timestamp>,
    /// Whether it says again, by mail, what a text did not bring.
    pub(crate) is_repeat: bool,
    /// The new day on which something that is late is said to come.
    pub(crate) expected: Option<Date>,
}

/// An event.
#[derive(Clone, Debug)]
pub(crate) struct EventRow {
    pub(crate) kind: String,
    pub(crate) subject: String,
    pub(crate) recorded_at: Timestamp,
    pub(crate) payload: Value,
}

impl Rows {
    /// Reads them all in one snapshot.
    pub(crate) fn read(r: &mut Read<'_>) -> Result<Rows> {
        let now = r.now;
        let messages = read_messages(r)?;
        let by_key = messages.iter().map(|message| (message.key.clone(), message.clone())).collect();
        let addresses = r.rows(&SIM_ADDRESSES, params![])?;
        let address = |row: &db::Row| Ok((row.get("address")?, row.get("customer_id")?));
        let jobs = r.rows(&SIM_UNFINISHED_JOBS, params![now])?;
        let job = |row: &db::Row| {
            let error: Option<String> = row.get("last_error")?;
            Ok(format!("{} {} {error:?}", row.get::<String>("kind")?, row.get::<String>("key")?))
        };
        let webhooks = r.rows(&SIM_WEBHOOKS, params![])?;
        let webhook = |row: &db::Row| {
            let reason: Option<String> = row.get("reason")?;
            Ok(format!("{} {reason:?}", row.get::<String>("state")?))
        };
        let parcels = r.rows(&SIM_PARCELS, params![])?;
        let parcel = |row: &db::Row| Ok((row.get("external_id")?, row.get("state")?));
        Ok(Rows {
            parcels: parcels.iter().map(parcel).collect::<Result<_>>()?,
            by_key,
            messages,
            events: read_events(r)?,
            orders: all_orders(r)?,
            unfinished_jobs: jobs.iter().map(job).collect::<Result<_>>()?,
            webhooks: webhooks.iter().map(webhook).collect::<Result<_>>()?,
            addresses: addresses.iter().map(address).collect::<Result<_>>()?,
        })
    }

    /// Whose an address is.
    pub(crate) fn holder_of(&self, address: &str) -> Option<&str> {
        self.addresses.get(address).map(String::as_str)
    }
}

fn read_messages(r: &mut Read<'_>) -> Result<Vec<MessageRow>> {
    let rows = r.rows(&SIM_MESSAGES, params![])?;
    let message = |row: &db::Row| {
        let recipient: Value = serde_json::from_str(&row.get::<String>("recipient")?)?;
        let context: Value = serde_json::from_str(&row.get::<String>("context")?)?;
        Ok(MessageRow {
            id: row.get("id")?,
            key: row.get("key")?,
            customer: row.get("customer_id")?,
            purpose: row.get("purpose")?,
            urgency: row.get("urgency")?,
            topic: row.get("topic")?,
            template: row.get("template")?,
            thread: row.get("thread")?,
            subject: row.get("subject_id")?,
            state: row.get("state")?,
            why: row.get("why")?,
            reason: row.get("reason")?,
            created_at: row.get("created_at")?,
            not_after: row.get("not_after")?,
            finished_at: row.get("finished_at")?,
            is_repeat: recipient["was_undelivered"] == true,
            expected: context["expected"].as_str().and_then(|day| parse_date(day).ok()),
        })
    };
    rows.iter().map(message).collect()
}

fn read_events(r: &mut Read<'_>) -> Result<Vec<EventRow>> {
    let rows = r.rows(&SIM_EVENTS, params![])?;
    let event = |row: &db::Row| {
        let payload: String = row.get("payload")?;
        let payload = serde_json::from_str(&payload)?;
        let recorded_at = row.get("recorded_at")?;
        Ok(EventRow { kind: row.get("kind")?, subject: row.get("subject_id")?, recorded_at, payload })
    };
    rows.iter().map(event).collect()
}

fn all_orders(r: &mut Read<'_>) -> Result<Vec<StoredOrder>> {
    let mut all: Vec<StoredOrder> = Vec::new();
    loop {
        let page = orders::list(r, all.last().map(|order| &order.id), 100)?;
        if page.is_empty() {
            return Ok(all);
        }
        all.extend(page);
    }
}
