//! Rows of endpoints and deliveries.

use db::{Query, Read, Row, Write, params};
use kernel::{Result, Timestamp};

use super::kinds::Wanted;
use super::{DeliveryId, EndpointId, rules};

db::sql_file!(pub FILE = "store.sql" {
    INSERT_ENDPOINT = "insert_endpoint",
    FIND_ENDPOINT = "find_endpoint",
    LIST_ENDPOINTS = "list_endpoints",
    ANY_ENDPOINT = "any_endpoint",
    COUNT_ENDPOINTS = "count_endpoints",
    CHANGE_ENDPOINT = "change_endpoint",
    ROTATE_ENDPOINT = "rotate_endpoint",
    DELETE_ENDPOINT = "delete_endpoint",
    FORGET_ENDPOINTS = "forget_endpoints",
    ENDPOINT_SUCCEEDED = "endpoint_succeeded",
    ENDPOINT_FAILED = "endpoint_failed",
    DISABLE_ENDPOINT = "disable_endpoint",
    INSERT_DELIVERY = "insert_delivery",
    REVIVE_DELIVERY = "revive_delivery",
    DUE_DELIVERIES = "due_deliveries",
    NEXT_DUE_DELIVERY = "next_due_delivery",
    FIND_DELIVERY = "find_delivery",
    LIST_DELIVERIES = "list_deliveries",
    SETTLE_DELIVERY = "settle_delivery",
    GIVE_UP_DELIVERIES = "give_up_deliveries",
    FORGET_DELIVERIES = "forget_deliveries",
    COUNT_DELIVERIES = "count_deliveries",
});

/// An endpoint as stored, its secrets sealed.
#[derive(Clone, Debug)]
pub struct EndpointRow {
    pub id: EndpointId,
    pub url: String,
    pub wanted: Wanted,
    pub description: Option<String>,
    pub secret_sealed: Vec<u8>,
    /// The secret before the last rotation, and until when it signs too.
    pub old_secret: Option<(Vec<u8>, Timestamp)>,
    pub created_at: Timestamp,
    pub disabled_at: Option<Timestamp>,
    pub disabled_reason: Option<String>,
    pub failures: u32,
    pub failing_since: Option<Timestamp>,
    pub paused_until: Option<Timestamp>,
}

/// A delivery as stored.
#[derive(Clone, Debug)]
pub struct Due {
    pub id: DeliveryId,
    pub endpoint: EndpointId,
    pub webhook_id: String,
    pub kind: String,
    pub state: String,
    pub attempts: u32,
    pub due_at: Timestamp,
    pub give_up_at: Timestamp,
    pub created_at: Timestamp,
    pub finished_at: Option<Timestamp>,
    pub status: Option<u32>,
    pub outcome: Option<String>,
}

/// A delivery to be queued.
#[derive(Clone, Debug)]
pub struct NewDelivery<'a> {
    pub id: DeliveryId,
    pub endpoint: &'a EndpointId,
    pub webhook_id: &'a str,
    pub kind: &'a str,
    pub due_at: Timestamp,
}

pub fn insert_endpoint(
    w: &mut Write<'_>,
    id: &EndpointId,
    url: &str,
    wanted: &Wanted,
    description: Option<&str>,
    secret_sealed: &[u8],
) -> Result<()> {
    let now = w.now;
    let kinds = wanted.stored();
    w.send(&INSERT_ENDPOINT, params![id.as_str(), url, &kinds, description, secret_sealed, now])?;
    Ok(())
}

pub fn endpoint(r: &mut Read<'_>, id: &EndpointId) -> Result<Option<EndpointRow>> {
    r.row(&FIND_ENDPOINT, params![id.as_str()])?.map(|row| endpoint_of(&row)).transpose()
}

/// Every endpoint that was not taken away, the oldest first.
pub fn endpoints(r: &mut Read<'_>) -> Result<Vec<EndpointRow>> {
    r.rows(&LIST_ENDPOINTS, params![])?.iter().map(endpoint_of).collect()
}

/// Those that are switched on.
pub fn listening(r: &mut Read<'_>) -> Result<Vec<EndpointRow>> {
    Ok(endpoints(r)?.into_iter().filter(|endpoint| endpoint.disabled_at.is_none()).collect())
}

pub fn any_endpoint(r: &mut Read<'_>) -> Result<bool> {
    Ok(r.row(&ANY_ENDPOINT, params![])?.is_some())
}

pub fn count_endpoints(r: &mut Read<'_>) -> Result<i64> {
    r.one(&COUNT_ENDPOINTS, params![])?.get("endpoints")
}

/// Writes what the operator changed.
pub fn change_endpoint(w: &mut Write<'_>, row: &EndpointRow) -> Result<()> {
    let kinds = row.wanted.stored();
    let (disabled_at, reason) = (row.disabled_at, &row.disabled_reason);
    w.send(
        &CHANGE_ENDPOINT,
        params![row.id.as_str(), &row.url, &kinds, &row.description, disabled_at, reason],
    )?;
    Ok(())
}

pub fn rotate_endpoint(w: &mut Write<'_>, id: &EndpointId, sealed: &[u8], until: Timestamp) -> Result<()> {
    w.send(&ROTATE_ENDPOINT, params![id.as_str(), sealed, until])?;
    Ok(())
}

/// Whether it was there to be taken away.
pub fn delete_endpoint(w: &mut Write<'_>, id: &EndpointId) -> Result<bool> {
    let now = w.now;
    Ok(w.execute(&DELETE_ENDPOINT, params![id.as_str(), now])? > 0)
}

pub fn forget_endpoints(w: &mut Write<'_>) -> Result<u64> {
    w.execute(&FORGET_ENDPOINTS, params![])
}

pub fn endpoint_succeeded(w: &mut Write<'_>, id: &EndpointId) -> Result<()> {
    w.send(&ENDPOINT_SUCCEEDED, params![id.as_str()])?;
    Ok(())
}

pub fn endpoint_failed(w: &mut Write<'_>, id: &EndpointId, paused_until: Timestamp) -> Result<()> {
    let now = w.now;
    w.send(&ENDPOINT_FAILED, params![id.as_str(), now, paused_until])?;
    Ok(())
}

pub fn disable_endpoint(w: &mut Write<'_>, id: &EndpointId, reason: &str) -> Result<()> {
    let now = w.now;
    w.send(&DISABLE_ENDPOINT, params![id.as_str(), now, reason])?;
    Ok(())
}

/// Queues a delivery; whether it is new.
pub fn insert_delivery(w: &mut Write<'_>, new: &NewDelivery<'_>) -> Result<bool> {
    Ok(put_delivery(w, &INSERT_DELIVERY, new)? > 0)
}

/// Queues a delivery, again when there was one.
pub fn revive_delivery(w: &mut Write<'_>, new: &NewDelivery<'_>) -> Result<()> {
    put_delivery(w, &REVIVE_DELIVERY, new).map(drop)
}

fn put_delivery(w: &mut Write<'_>, query: &'static Query, new: &NewDelivery<'_>) -> Result<u64> {
    let now = w.now;
    let give_up_at = now + rules::TRIED_FOR;
    let (id, endpoint) = (new.id.as_str(), new.endpoint.as_str());
    w.execute(query, params![id, endpoint, new.webhook_id, new.kind, new.due_at, give_up_at, now])
}

/// What is due to an endpoint now, without what a restore holds.
pub fn due(r: &mut Read<'_>, endpoint: &EndpointId, limit: i64) -> Result<Vec<Due>> {
    let now = r.now;
    let (from, to) = held_range(r)?;
    let rows = r.rows(&DUE_DELIVERIES, params![endpoint.as_str(), now, limit, from, to])?;
    rows.iter().map(delivery_of).collect()
}

/// When something is due to an endpoint next, without what a restore holds.
pub fn next_due(r: &mut Read<'_>, endpoint: &EndpointId) -> Result<Option<Timestamp>> {
    let (from, to) = held_range(r)?;
    r.one(&NEXT_DUE_DELIVERY, params![endpoint.as_str(), from, to])?.get("due_at")
}

/// From when until when due work is held by a restore; an empty range when none is.
fn held_range(r: &mut Read<'_>) -> Result<(Timestamp, Timestamp)> {
    let hold = jobs::restore_hold(r)?;
    Ok(hold.map_or_else(Default::default, |hold| (hold.released_until, hold.restored_at)))
}

pub fn delivery(r: &mut Read<'_>, id: &DeliveryId) -> Result<Option<Due>> {
    r.row(&FIND_DELIVERY, params![id.as_str()])?.map(|row| delivery_of(&row)).transpose()
}

/// A page of what an endpoint was told, the newest first, before `before`.
pub fn deliveries(
    r: &mut Read<'_>,
    endpoint: &EndpointId,
    before: &str,
    state: Option<&str>,
    limit: i64,
) -> Result<Vec<Due>> {
    let rows = r.rows(&LIST_DELIVERIES, params![endpoint.as_str(), before, state, limit])?;
    rows.iter().map(delivery_of).collect()
}

/// Writes down an attempt: its state from now on, when it is due again, its end, and what happened.
pub fn settle(
    w: &mut Write<'_>,
    id: &DeliveryId,
    state: &str,
    due_at: Timestamp,
    status: Option<u16>,
    outcome: &str,
) -> Result<()> {
    let finished_at = (state != "queued").then_some(w.now);
    let status = status.map(i64::from);
    w.send(&SETTLE_DELIVERY, params![id.as_str(), state, due_at, finished_at, status, outcome])?;
    Ok(())
}

/// Gives up a chunk of what waits for an endpoint; returns how many.
pub fn give_up(w: &mut Write<'_>, endpoint: &EndpointId, outcome: &str) -> Result<u64> {
    let now = w.now;
    w.execute(&GIVE_UP_DELIVERIES, params![endpoint.as_str(), now, outcome])
}

pub fn forget_deliveries(w: &mut Write<'_>, before: Timestamp) -> Result<u64> {
    w.execute(&FORGET_DELIVERIES, params![before])
}

/// How many deliveries there are in each state.
pub fn count_by_state(r: &mut Read<'_>) -> Result<Vec<(String, i64)>> {
    let rows = r.rows(&COUNT_DELIVERIES, params![])?;
    rows.iter().map(|row| Ok((row.get("state")?, row.get("deliveries")?))).collect()
}

fn endpoint_of(row: &Row) -> Result<EndpointRow> {
    let old: Option<Vec<u8>> = row.get("old_secret_sealed")?;
    let until: Option<Timestamp> = row.get("old_secret_until")?;
    Ok(EndpointRow {
        id: EndpointId::stored(row.get("id")?),
        url: row.get("url")?,
        wanted: Wanted::from_stored(&row.get::<String>("kinds")?),
        description: row.get("description")?,
        secret_sealed: row.get("secret_sealed")?,
        old_secret: old.zip(until),
        created_at: row.get("created_at")?,
        disabled_at: row.get("disabled_at")?,
        disabled_reason: row.get("disabled_reason")?,
        failures: row.get("failures")?,
        failing_since: row.get("failing_since")?,
        paused_until: row.get("paused_until")?,
    })
}

fn delivery_of(row: &Row) -> Result<Due> {
    Ok(Due {
        id: DeliveryId::stored(row.get("id")?),
        endpoint: EndpointId::stored(row.get("endpoint_id")?),
        webhook_id: row.get("webhook_id")?,
        kind: row.get("kind")?,
        state: row.get("state")?,
        attempts: row.get("attempts")?,
        due_at: row.get("due_at")?,
        give_up_at: row.get("give_up_at")?,
        created_at: row.get("created_at")?,
        finished_at: row.get("finished_at")?,
        status: row.get("status")?,
        outcome: row.get("outcome")?,
    })
}
