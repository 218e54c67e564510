//! Connections: which shops may send us webhooks, and the secret each of them signs with.

use db::{Read, Write};
use kernel::{Error, Keys, Kind, Result, Shop, brand, text};

use crate::{ConnectionId, store};

/// What secrets of connections are sealed for.
const SEALED_FOR: &str = "platforms.connection.secret";
/// The most characters of a name, an address or a secret.
const MAX_CHARS: usize = 500;

/// A kind of shop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Platform {
    /// Shopify.
    Shopify,
}

impl Platform {
    /// The word used in rows, in addresses and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Platform::Shopify => "shopify",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Result<Self> {
        match word {
            "shopify" => Ok(Platform::Shopify),
            _ => Err(Error::invalid(
                "unknown_platform",
                "This version connects shopify. Any other shop can use POST /v1/orders.",
            )),
        }
    }
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

/// Connects a shop, or connects it again under the same name. `secret` is the one the platform signs with (Shopify's
/// app client secret); without it the stored one stays, and a first connection gets a new one.
///
/// The new secret counts at once. Shopify may sign with the old one for up to an hour after a rotation; such a
/// webhook is answered with 401, and Shopify sends it again for four hours.
pub fn connect(
    w: &mut Write<'_>,
    platform: Platform,
    name: &str,
    secret: Option<&str>,
    api_url: Option<&str>,
) -> Result<Connection> {
    let name = text::line(name, MAX_CHARS).map_err(|fault| text::field_error("/name", fault, MAX_CHARS))?;
    api_url.map_or(Ok(()), brand::check_link)?;
    let shop = w.wired_arc::<Shop>()?;
    let secret = match secret {
        Some(secret) => {
            text::line(secret, MAX_CHARS).map_err(|fault| text::field_error("/secret", fault, MAX_CHARS))?
        }
        None => kept_secret(w, &shop, platform, &name)?.unwrap_or_else(|| Keys::generate(w.dice)),
    };
    let sealed = shop.keys.seal(SEALED_FOR, secret.as_bytes(), w.dice)?;
    let id = store::save_connection(w, platform, &name, &sealed, api_url)?.ok_or_else(taken)?;
    let webhook_path = format!("/hooks/{}/{id}", platform.as_str());
    Ok(Connection { id, webhook_path, secret })
}

fn taken() -> Error {
    Error::new(Kind::Conflict, "name_taken", "A connection to another platform has this name already.")
}

fn kept_secret(w: &mut Write<'_>, shop: &Shop, platform: Platform, name: &str) -> Result<Option<String>> {
    match store::sealed_secret(w, platform, name)? {
        Some(sealed) => opened(shop, &sealed).map(Some),
        None => Ok(None),
    }
}

fn opened(shop: &Shop, sealed: &[u8]) -> Result<String> {
    let bytes = shop.keys.open(SEALED_FOR, sealed)?;
    String::from_utf8(bytes).map_err(|_| Error::internal("a stored secret is not text"))
}

/// A connection that takes webhooks.
pub struct Live {
    /// Which platform it is.
    pub platform: Platform,
    /// What webhooks are signed with.
    pub secret: String,
}

/// The connection by this identifier, if it is switched on.
pub fn live(r: &mut Read<'_>, id: &ConnectionId) -> Result<Option<Live>> {
    let Some((platform, sealed)) = store::live_connection(r, id)? else { return Ok(None) };
    let secret = opened(r.wired::<Shop>()?, &sealed)?;
    Ok(Some(Live { platform, secret }))
}
