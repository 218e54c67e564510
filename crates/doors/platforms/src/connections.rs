//! Connections: which shops may send us webhooks, the secret each of them signs with, and the key to its API.

use db::{Read, Write};
use kernel::{Error, Kind, Result, Shop, Timestamp, text};
use url::{Host, Url};

use crate::health::Subscription;
use crate::platform::Platform;
use crate::poll::{self, Cursor};
use crate::{ConnectionId, store};

/// What secrets of connections are sealed for.
const SECRET: &str = "platforms.connection.secret";
/// What keys to a platform's API are sealed for.
const API_KEY: &str = "platforms.connection.api_key";
/// The most characters of a name, an address or a secret.
const MAX_CHARS: usize = 500;

/// What an operator says about a shop when connecting it.
#[derive(Clone, Debug)]
pub struct NewConnection {
    /// Which platform it is.
    pub platform: Platform,
    /// What they call it. The same name is the same connection.
    pub name: String,
    /// What the platform signs its webhooks with; the stored one stays without it, and a first connection gets a new one.
    pub secret: Option<String>,
    /// Where the platform's API is, for looking after lost webhooks; the stored one stays without it.
    pub api_url: Option<String>,
    /// The key to that API; the stored one stays without it.
    pub api_key: Option<String>,
}

/// A connected shop, as the operator needs it once.
#[derive(Clone, PartialEq, Eq)]
pub struct Connection {
    /// The connection.
    pub id: ConnectionId,
    /// Where the shop sends its webhooks, below our own address.
    pub webhook_path: String,
    /// What the shop signs them with.
    pub secret: String,
}

/// Connects a shop, or connects it again under the same name.
///
/// The new secret counts at once. Where the platform lets us, the one before it is taken for another day. Shopify may sign with the old one for up to an hour after a rotation; such a
/// webhook is answered with 401, and Shopify sends it again for four hours.
pub fn connect(w: &mut Write<'_>, new: &NewConnection) -> Result<Connection> {
    let name = line("/name", &new.name)?;
    let api_url = new.api_url.as_deref().map(api_url).transpose()?;
    let api_key = new.api_key.as_deref().map(|key| line("/api_key", key)).transpose()?;
    api_key.as_deref().map_or(Ok(()), |key| new.platform.check_key(key))?;
    let shop = w.wired_arc::<Shop>()?;
    let kept = kept_secret(w, &shop, new.platform, &name)?;
    let secret = match (&new.secret, &kept) {
        (Some(secret), _) => line("/secret", secret)?,
        (None, Some(kept)) => kept.clone(),
        (None, None) => new.platform.new_secret(w.dice),
    };
    new.platform.check_secret(&secret)?;
    let replaced = kept.filter(|kept| *kept != secret);
    let old_until = new.platform.overlap().map(|overlap| w.now + overlap);
    let old = match (replaced, old_until) {
        (Some(old), Some(until)) => Some((shop.keys.seal(SECRET, old.as_bytes(), w.dice)?, until)),
        (None, _) | (_, None) => None,
    };
    let row = store::NewRow {
        platform: new.platform,
        name: &name,
        secret_sealed: &shop.keys.seal(SECRET, secret.as_bytes(), w.dice)?,
        old,
        api_url: api_url.as_deref(),
        api_key_sealed: api_key.map(|key| shop.keys.seal(API_KEY, key.as_bytes(), w.dice)).transpose()?,
    };
    let saved = store::save_connection(w, &row)?.ok_or_else(taken)?;
    if saved.has_api && new.platform.is_polled() {
        poll::begin(w, &saved.id)?;
    }
    let webhook_path = webhook_path(new.platform, &saved.id);
    Ok(Connection { id: saved.id, webhook_path, secret })
}

pub(crate) fn webhook_path(platform: Platform, id: &ConnectionId) -> String {
    format!("/hooks/{}/{id}", platform.as_str())
}

pub(crate) fn line(pointer: &str, value: &str) -> Result<String> {
    text::line(value, MAX_CHARS).map_err(|fault| text::field_error(pointer, fault, MAX_CHARS))
}

/// The address of a platform's API, without a slash at its end. A key travels there with each request, so only TLS
/// will do, except to this machine itself.
fn api_url(given: &str) -> Result<String> {
    let refused = |words: &str| Error::field("/api_url", "not_an_api_address", words);
    let url = Url::parse(given).map_err(|_| refused("Write an address such as https://shop.example."))?;
    let loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    if url.scheme() != "https" && !(url.scheme() == "http" && loopback) {
        return Err(refused("The key is sent there, so the address has to begin with https://."));
    }
    if !url.username().is_empty()
        || url.password().is_some()
        || url.query().is_some()
        || url.fragment().is_some()
    {
        return Err(refused("Write the address alone; the key has its own option, --api-key."));
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

fn taken() -> Error {
    Error::new(Kind::Conflict, "name_taken", "A connection to another platform has this name already.")
}

fn kept_secret(w: &mut Write<'_>, shop: &Shop, platform: Platform, name: &str) -> Result<Option<String>> {
    match store::sealed_secret(w, platform, name)? {
        Some(sealed) => opened(shop, SECRET, &sealed).map(Some),
        None => Ok(None),
    }
}

fn opened(shop: &Shop, purpose: &str, sealed: &[u8]) -> Result<String> {
    let bytes = shop.keys.open(purpose, sealed)?;
    String::from_utf8(bytes).map_err(|_| Error::internal("a stored secret is not text"))
}

/// A connection that takes webhooks.
pub struct Live {
    /// Which platform it is.
    pub platform: Platform,
    /// What webhooks are signed with.
    pub secret: String,
    /// What they were signed with before, and until when that is still taken.
    pub old_secret: Option<(String, Timestamp)>,
    /// When a webhook last came, to the minute.
    pub webhook_at: Option<Timestamp>,
}

/// The connection by this identifier, if it is switched on.
pub fn live(r: &mut Read<'_>, id: &ConnectionId) -> Result<Option<Live>> {
    let Some(row) = store::live_connection(r, id)? else { return Ok(None) };
    let shop = r.wired::<Shop>()?;
    let secret = opened(shop, SECRET, &row.secret_sealed)?;
    let old_secret = match row.old {
        Some((sealed, until)) => Some((opened(shop, SECRET, &sealed)?, until)),
        None => None,
    };
    Ok(Some(Live { platform: row.platform, secret, old_secret, webhook_at: row.webhook_at }))
}

/// A platform's API as one connection may ask it.
pub struct Api {
    /// Where it is, without a slash at the end.
    pub url: String,
    /// The key to it.
    pub key: String,
    /// Where the platform's webhooks are to go.
    pub hook_url: String,
}

/// A connection whose API is asked for what webhooks have lost.
pub struct Target {
    /// The connection.
    pub id: ConnectionId,
    /// Which platform it is.
    pub platform: Platform,
    /// Its API.
    pub api: Api,
    /// How far its list has been read.
    pub cursor: Cursor,
    /// How its webhooks stood last.
    pub subscription: Subscription,
}

/// The connection by this identifier, if it is switched on and has an API to ask. Its first list begins where the
/// connection does: what is older is for an import.
pub fn target(r: &mut Read<'_>, id: &ConnectionId) -> Result<Option<Target>> {
    let Some(row) = store::target(r, id)? else { return Ok(None) };
    let shop = r.wired::<Shop>()?;
    let hook_url = format!("{}{}", shop.public_url, webhook_path(row.platform, id));
    let api = Api { url: row.api_url, key: opened(shop, API_KEY, &row.api_key_sealed)?, hook_url };
    let cursor = match row.cursor {
        Some(text) => Cursor::parse(&text)?,
        None => Cursor::new(row.created_at),
    };
    Ok(Some(Target { id: id.clone(), platform: row.platform, api, cursor, subscription: row.subscription }))
}

#[cfg(test)]
mod tests {
    use super::api_url;

    #[test]
    fn a_key_is_sent_only_where_nobody_can_listen() {
        for right in
            ["https://shop.example", "http://127.0.0.1:8080/", "http://localhost:1", "http://[::1]:1/wp"]
        {
            assert_eq!(api_url(right).unwrap(), right.trim_end_matches('/'));
        }
        let wrong = [
            "shop.example",
            "http://shop.example",
            "http://10.0.0.1",
            "ftp://localhost",
            "https://ck:cs@shop.example",
            "https://shop.example/?key=1",
            "https://shop.example/#a",
            "http://localhost.shop.example",
        ];
        for wrong in wrong {
            assert!(api_url(wrong).is_err(), "{wrong}");
        }
    }
}
