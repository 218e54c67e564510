//! Rows of keys and of requests that must not be done twice.

use db::{Read, Row, SqlFile, Write, params};
use kernel::{Result, Timestamp};
use orders::OrderId;

use crate::idempotency::Once;
use crate::keys::{Key, KeyId, Scope};

db::sql_file!(pub FILE = "store.sql" {
    INSERT_KEY = "insert_key",
    LIVE_KEY = "live_key",
    TOUCH_KEY = "touch_key",
    REVOKE_KEY = "revoke_key",
    LIST_KEYS = "list_keys",
    FIND_KEY = "find_key",
    COUNT_KEYS = "count_keys",
    CLAIM_REQUEST = "claim_request",
    CLAIMED_REQUEST = "claimed_request",
    SETTLE_REQUEST = "settle_request",
    FORGET_OLD_REQUESTS = "forget_old_requests",
});

/// The queries of this crate.
pub static SQL: &[&SqlFile] = &[&FILE, &crate::webhooks::FILE];

/// A key that was not revoked.
pub struct LiveKey {
    /// The key.
    pub id: KeyId,
    /// What it may do, separated by spaces.
    pub scopes: String,
    /// When it was last used, to within an hour.
    pub last_used_at: Option<Timestamp>,
}

/// What a request with this key was, and what it was answered with.
pub struct Claimed {
    /// The hash of the request.
    pub request_sha256: String,
    /// The status it was answered with.
    pub status: Option<u32>,
    /// The order it was about.
    pub order: Option<OrderId>,
}

/// Stores a key by its hash.
pub fn insert_key(w: &mut Write<'_>, id: &KeyId, name: &str, hash: &str, scopes: &str) -> Result<()> {
    let now = w.now;
    w.send(&INSERT_KEY, params![id.as_str(), name, hash, scopes, now])?;
    Ok(())
}

/// The key with this hash, unless it was revoked.
pub fn live_key(r: &mut Read<'_>, hash: &str) -> Result<Option<LiveKey>> {
    let Some(row) = r.row(&LIVE_KEY, params![hash])? else { return Ok(None) };
    let id = KeyId::stored(row.get("id")?);
    Ok(Some(LiveKey { id, scopes: row.get("scopes")?, last_used_at: row.get("last_used_at")? }))
}

/// Writes down that a key is being used.
pub fn touch_key(w: &mut Write<'_>, id: &KeyId) -> Result<()> {
    let now = w.now;
    w.send(&TOUCH_KEY, params![id.as_str(), now])?;
    Ok(())
}

/// Ends a key; false when it had ended before.
pub fn revoke_key(w: &mut Write<'_>, id: &KeyId) -> Result<bool> {
    let now = w.now;
    Ok(w.execute(&REVOKE_KEY, params![id.as_str(), now])? > 0)
}

/// Sorts after every key.
const AFTER_ALL: &str = "key_~";

/// A page of keys, the newest first.
pub fn keys(r: &mut Read<'_>, before: Option<&KeyId>, limit: i64) -> Result<Vec<Key>> {
    let before = before.map_or(AFTER_ALL, KeyId::as_str);
    r.rows(&LIST_KEYS, params![before, limit])?.iter().map(key_of).collect()
}

/// One key, whether or not it was revoked.
pub fn key(r: &mut Read<'_>, id: &KeyId) -> Result<Option<Key>> {
    r.row(&FIND_KEY, params![id.as_str()])?.as_ref().map(key_of).transpose()
}

/// How many keys are in use.
pub fn count_keys(r: &mut Read<'_>, most: i64) -> Result<i64> {
    r.one(&COUNT_KEYS, params![most])?.get("keys")
}

/// A scope that a later version knew is passed over.
fn key_of(row: &Row) -> Result<Key> {
    let scopes: String = row.get("scopes")?;
    Ok(Key {
        id: KeyId::stored(row.get("id")?),
        name: row.get("name")?,
        scopes: scopes.split(' ').filter_map(|word| Scope::parse(word).ok()).collect(),
        created_at: row.get("created_at")?,
        last_used_at: row.get("last_used_at")?,
        revoked_at: row.get("revoked_at")?,
    })
}

/// Claims a request; false when it came before.
pub fn claim_request(w: &mut Write<'_>, once: &Once) -> Result<bool> {
    let now = w.now;
    let row = w.row(&CLAIM_REQUEST, params![once.caller.as_str(), &once.key, &once.request_sha256, now])?;
    Ok(row.is_some())
}

/// What was claimed under this key.
pub fn claimed_request(r: &mut Read<'_>, once: &Once) -> Result<Claimed> {
    let row = r.one(&CLAIMED_REQUEST, params![once.caller.as_str(), &once.key])?;
    Ok(Claimed {
        request_sha256: row.get("request_sha256")?,
        status: row.get("status")?,
        order: row.get::<Option<String>>("order_id")?.map(OrderId::stored),
    })
}

/// Writes down what a claimed request is answered with.
pub fn settle_request(w: &mut Write<'_>, once: &Once, status: u16, order: &OrderId) -> Result<()> {
    let status = i64::from(status);
    w.send(&SETTLE_REQUEST, params![once.caller.as_str(), &once.key, status, order.as_str()])?;
    Ok(())
}

/// Deletes a chunk of the requests made before `before`; returns how many rows.
pub fn forget_requests(w: &mut Write<'_>, before: Timestamp) -> Result<u64> {
    w.execute(&FORGET_OLD_REQUESTS, params![before])
}
