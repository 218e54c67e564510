//! Keys of the API: a secret shown once, and what it may do.

use std::time::Duration;

use axum::http::{HeaderMap, header};
use db::{Db, Read, Write};
use kernel::{Error, Kind, Result, Timestamp, id_type, keys, text};

use crate::store;

id_type!(
    /// A key of the API. Not the key itself.
    KeyId, "key"
);

/// What a key begins with, so that scanners for leaked secrets find it.
const PREFIX: &str = "ak_";
/// Crockford's alphabet: no i, l, o, u.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// The most characters of a key's name.
const MAX_NAME: usize = 200;
/// How exactly we keep when a key was last used: one write an hour, not one a request.
const TOUCH_EVERY: Duration = Duration::from_secs(3_600);

/// What a key may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// Read orders.
    OrdersRead,
    /// Write orders, and read them.
    OrdersWrite,
    /// Read what was said to customers, and why; never the words.
    MessagesRead,
    /// Read customers: how they are reached, and what they agreed to.
    CustomersRead,
    /// Write what customers chose and agreed to, and read it.
    CustomersWrite,
    /// Make, change and replay webhooks.
    WebhooksManage,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Scope; 6] = [
        Scope::OrdersRead,
        Scope::OrdersWrite,
        Scope::CustomersRead,
        Scope::CustomersWrite,
        Scope::MessagesRead,
        Scope::WebhooksManage,
    ];

    /// The word used in rows, in the documentation and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Scope::OrdersRead => "orders:read",
            Scope::OrdersWrite => "orders:write",
            Scope::CustomersRead => "customers:read",
            Scope::CustomersWrite => "customers:write",
            Scope::MessagesRead => "messages:read",
            Scope::WebhooksManage => "webhooks:manage",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Result<Self> {
        let known = Scope::ALL.into_iter().find(|scope| scope.as_str() == word);
        known.ok_or_else(|| {
            let words = Scope::ALL.map(Scope::as_str).join(", ");
            Error::invalid("unknown_scope", format!("A scope is one of: {words}."))
        })
    }

    /// What a key with it may do, in a sentence.
    pub fn words(self) -> &'static str {
        match self {
            Scope::OrdersRead => "Read orders.",
            Scope::OrdersWrite => "Write orders, and read them.",
            Scope::CustomersRead => "Read customers: how they are reached, and what they agreed to.",
            Scope::CustomersWrite => "Write what customers chose and agreed to, and read it.",
            Scope::MessagesRead => "Read what was said to customers, and why; never the words.",
            Scope::WebhooksManage => "Make, change and replay webhooks.",
        }
    }

    /// Whether a key with this scope may do what needs `wanted`.
    fn allows(self, wanted: Scope) -> bool {
        match self {
            Scope::OrdersRead => wanted == Scope::OrdersRead,
            Scope::OrdersWrite => matches!(wanted, Scope::OrdersRead | Scope::OrdersWrite),
            Scope::CustomersRead => wanted == Scope::CustomersRead,
            Scope::CustomersWrite => matches!(wanted, Scope::CustomersRead | Scope::CustomersWrite),
            Scope::MessagesRead => wanted == Scope::MessagesRead,
            Scope::WebhooksManage => wanted == Scope::WebhooksManage,
        }
    }
}

/// Who calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The key that was shown.
    pub key: KeyId,
    /// When the call began.
    pub now: Timestamp,
}

/// A key as people see it: never the key itself.
#[derive(Clone, Debug)]
pub struct Key {
    /// The key.
    pub id: KeyId,
    /// What it is for.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last used, to within an hour.
    pub last_used_at: Option<Timestamp>,
    /// Since when it is refused.
    pub revoked_at: Option<Timestamp>,
}

/// The keys that were made before `before`, the newest first, also those that were revoked.
pub fn list_keys(r: &mut Read<'_>, before: Option<&KeyId>, limit: i64) -> Result<Vec<Key>> {
    store::keys(r, before, limit)
}

/// How many keys are in use; none is counted beyond `most`.
pub fn count_keys(r: &mut Read<'_>, most: i64) -> Result<i64> {
    store::count_keys(r, most)
}

/// Makes a key and returns it, once: only its hash is stored.
pub fn create_key(w: &mut Write<'_>, name: &str, scopes: &[Scope]) -> Result<String> {
    make_key(w, name, scopes).map(|(_, key)| key)
}

/// The same, with the identifier by which it can be revoked.
pub fn make_key(w: &mut Write<'_>, name: &str, scopes: &[Scope]) -> Result<(KeyId, String)> {
    let name = text::line(name, MAX_NAME).map_err(|fault| text::field_error("/name", fault, MAX_NAME))?;
    if scopes.is_empty() {
        return Err(Error::field("/scope", "missing", "Name at least one scope."));
    }
    let key = format!("{PREFIX}{}", base32(w.dice.bytes::<25>()));
    let id = KeyId::new(w.now, w.dice);
    let words: Vec<&str> = scopes.iter().map(|scope| scope.as_str()).collect();
    store::insert_key(w, &id, &name, &hash(&key), &words.join(" "))?;
    Ok((id, key))
}

/// Ends a key; its name, when it was still in use. Ending it twice changes nothing.
pub fn revoke_key(w: &mut Write<'_>, id: &KeyId) -> Result<Option<String>> {
    let found = store::key(w, id)?.ok_or_else(|| Error::not_found("There is no such key."))?;
    Ok(store::revoke_key(w, id)?.then_some(found.name))
}

/// Finds out who calls and whether they may do what needs `wanted`.
pub async fn authenticate(db: &Db, headers: &HeaderMap, wanted: Scope) -> Result<Caller> {
    let hash = hash(bearer(headers).ok_or_else(unknown)?);
    let found = db.glance("api.key", move |r| Ok((store::live_key(r, &hash)?, r.now))).await?;
    let (Some(key), now) = found else { return Err(unknown()) };
    if !key.scopes.split(' ').any(|word| Scope::parse(word).is_ok_and(|scope| scope.allows(wanted))) {
        let words = format!("This key lacks the scope {}.", wanted.as_str());
        return Err(Error::new(Kind::Forbidden, "missing_scope", words));
    }
    if key.last_used_at.is_none_or(|last| last + TOUCH_EVERY <= now) {
        touch(db, key.id.clone()).await;
    }
    Ok(Caller { key: key.id, now })
}

/// A call is not refused because its time could not be written down.
async fn touch(db: &Db, id: KeyId) {
    if let Err(error) = db.write("api.touch_key", move |w| store::touch_key(w, &id)).await {
        tracing::warn!(?error, "the last use of a key was not written down");
    }
}

fn unknown() -> Error {
    Error::new(Kind::Unauthorized, "unknown_key", "Send a key of this shop as Authorization: Bearer KEY.")
}

/// The scheme's name has no case (RFC 9110 §11.1).
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, key) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let key = key.trim();
    (scheme.eq_ignore_ascii_case("bearer") && key.starts_with(PREFIX)).then_some(key)
}

/// Two hundred bits of chance need no salt and no slow hash.
fn hash(key: &str) -> String {
    keys::hex(&keys::sha256(key.as_bytes()))
}

/// Five bytes are eight characters.
fn base32(bytes: [u8; 25]) -> String {
    let groups =
        bytes.chunks(5).map(|group| group.iter().fold(0u64, |bits, byte| bits << 8 | u64::from(*byte)));
    groups
        .flat_map(|bits| {
            (0..8).rev().map(move |place| char::from(ALPHABET[(bits >> (place * 5)) as usize & 31]))
        })
        .collect()
}
