//! What people do with connected shops: add one, change it, pause it, take it away.

use db::{Read, Row, Write, params};
use kernel::{Error, Result, Timestamp};

use crate::connections::{Connection, NewConnection, connect, line, webhook_path};
use crate::health::ConnectionHealth;
use crate::{ConnectionId, poll, store};

db::sql_file!(pub MANAGE = "manage.sql" {
    MANAGED = "managed",
    FIND_MANAGED = "find_managed",
    NAME_IN_USE = "name_in_use",
    PAUSE_CONNECTION = "pause_connection",
    RESUME_CONNECTION = "resume_connection",
    REMOVE_CONNECTION = "remove_connection",
});

/// A connected shop, for whoever sees to it.
#[derive(Clone, Debug)]
pub struct Managed {
    /// How it is.
    pub health: ConnectionHealth,
    /// Where the platform's API is.
    pub api_url: Option<String>,
    /// Since when it is connected.
    pub created_at: Timestamp,
    /// Since when it is paused, if it is.
    pub paused_at: Option<Timestamp>,
    /// Until when the secret before the last one is taken too.
    pub old_secret_until: Option<Timestamp>,
}

impl Managed {
    /// Where the shop sends its webhooks, below our own address.
    pub fn webhook_path(&self) -> String {
        webhook_path(self.health.platform, &self.health.id)
    }
}

/// What is to be changed of a shop; what is absent stays.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// What it signs with.
    pub secret: Option<String>,
    /// Where its API is, and the key to it.
    pub api: Option<(String, String)>,
}

/// Every connected shop, by name.
pub fn list(r: &mut Read<'_>) -> Result<Vec<Managed>> {
    r.rows(&MANAGED, params![])?.iter().map(managed).collect()
}

/// One of them; a shop that was taken away is not found.
pub fn find(r: &mut Read<'_>, id: &ConnectionId) -> Result<Managed> {
    let row = r.row(&FIND_MANAGED, params![id.as_str()])?;
    managed(&row.ok_or_else(|| Error::not_found("There is no such connection."))?)
}

/// Connects a shop that is not connected yet. One that was taken away comes back under its old address.
pub fn add(w: &mut Write<'_>, new: &NewConnection) -> Result<Connection> {
    let name = line("/name", &new.name)?;
    if w.row(&NAME_IN_USE, params![&name])?.is_some() {
        let words = "A connection has this name already. Open it to change it, or choose another name.";
        return Err(Error::field("/name", "name_taken", words));
    }
    connect(w, new)
}

/// Changes a shop's secret or its API. It counts at once, and a paused shop goes on.
pub fn change(w: &mut Write<'_>, id: &ConnectionId, change: Change) -> Result<Connection> {
    let ConnectionHealth { platform, name, .. } = find(w, id)?.health;
    let (api_url, api_key) = change.api.unzip();
    connect(w, &NewConnection { platform, name, secret: change.secret, api_url, api_key })
}

/// Gives a shop another secret of our making. The one before is taken for another day where the platform lets us.
pub fn renew_secret(w: &mut Write<'_>, id: &ConnectionId) -> Result<Connection> {
    let secret = find(w, id)?.health.platform.new_secret(w.dice);
    change(w, id, Change { secret: Some(secret), api: None })
}

/// Pauses a shop: its webhooks are refused, and its list is not read. False when it was paused already.
pub fn pause(w: &mut Write<'_>, id: &ConnectionId) -> Result<bool> {
    find(w, id)?;
    let now = w.now;
    Ok(w.execute(&PAUSE_CONNECTION, params![id.as_str(), now])? > 0)
}

/// Lets a paused shop go on; its list is read from where that stopped. False when it was not paused.
pub fn resume(w: &mut Write<'_>, id: &ConnectionId) -> Result<bool> {
    let health = find(w, id)?.health;
    if w.execute(&RESUME_CONNECTION, params![id.as_str()])? == 0 {
        return Ok(false);
    }
    if health.is_polled && health.platform.is_polled() {
        poll::begin(w, id)?;
    }
    Ok(true)
}

/// Takes a shop away. Its orders stay; its credentials are gone at once.
pub fn remove(w: &mut Write<'_>, id: &ConnectionId) -> Result<()> {
    find(w, id)?;
    let (now, nothing) = (w.now, &[][..]);
    w.send(&REMOVE_CONNECTION, params![id.as_str(), now, nothing])?;
    Ok(())
}

fn managed(row: &Row) -> Result<Managed> {
    Ok(Managed {
        health: store::health_of(row)?,
        api_url: row.get("api_url")?,
        created_at: row.get("created_at")?,
        paused_at: row.get("disabled_at")?,
        old_secret_until: row.get("old_secret_until")?,
    })
}
