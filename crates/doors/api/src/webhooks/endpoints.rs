//! What can be done with an endpoint.

use std::time::Duration;

use db::{Read, Write};
use kernel::net::Networks;
use kernel::webhooks::Secret;
use kernel::{Error, Kind, Result, Shop, Timestamp, text};
use url::{Host, Url};

use super::kinds::{TEST, Wanted};
use super::store::{self, EndpointRow};
use super::{DeliveryId, EndpointId, Outside, fan_out};

/// What secrets of endpoints are sealed for.
const SEALED_FOR: &str = "api.webhook_endpoint.secret";
/// The most endpoints of a shop: each event is compared with every one of them.
const MOST: i64 = 100;
/// The most characters of an address, and of a description.
const MAX_URL: usize = 2_000;
const MAX_DESCRIPTION: usize = 500;
/// How long the secret before a rotation goes on signing beside the new one.
const OVERLAP: Duration = Duration::from_secs(24 * 3_600);

/// An endpoint as its owner wants it.
#[derive(Clone, Debug)]
pub struct NewEndpoint {
    /// Where to.
    pub url: String,
    /// Kinds of event; none for all.
    pub kinds: Vec<String>,
    /// What it is for.
    pub description: Option<String>,
}

/// What is to be changed; what is absent stays.
#[derive(Clone, Debug, Default)]
pub struct EndpointChange {
    /// Where to.
    pub url: Option<String>,
    /// Kinds of event; an empty list for all.
    pub kinds: Option<Vec<String>>,
    /// What it is for.
    pub description: Option<String>,
    /// Whether what it is for is forgotten.
    pub forgets_description: bool,
    /// Whether it is switched off.
    pub disabled: Option<bool>,
}

/// An endpoint as it stands, without its secrets.
pub type Endpoint = EndpointRow;

/// Makes an endpoint; the secret is returned this once.
pub fn create(w: &mut Write<'_>, new: &NewEndpoint) -> Result<(EndpointId, Secret)> {
    let url = checked_url(w, &new.url)?;
    let wanted = Wanted::parse(&new.kinds).map_err(|error| at("/kinds", &error))?;
    let description = new.description.as_deref().map(checked_description).transpose()?;
    if store::count_endpoints(w)? >= MOST {
        let words = format!("A shop has at most {MOST} webhook endpoints. Delete one that nobody needs.");
        return Err(Error::new(Kind::Conflict, "too_many_endpoints", words));
    }
    let secret = Secret::generate(w.dice);
    let sealed = sealed(w, &secret)?;
    let id = EndpointId::new(w.now, w.dice);
    store::insert_endpoint(w, &id, &url, &wanted, description.as_deref(), &sealed)?;
    Ok((id, secret))
}

/// Changes an endpoint. One that is switched on again begins without its old troubles.
pub fn change(w: &mut Write<'_>, id: &EndpointId, change: &EndpointChange) -> Result<Endpoint> {
    let mut row = found(w, id)?;
    if let Some(url) = &change.url {
        row.url = checked_url(w, url)?;
    }
    if let Some(kinds) = &change.kinds {
        row.wanted = Wanted::parse(kinds).map_err(|error| at("/kinds", &error))?;
    }
    if let Some(description) = &change.description {
        row.description = Some(checked_description(description)?);
    }
    if change.forgets_description {
        row.description = None;
    }
    match change.disabled {
        Some(true) if row.disabled_at.is_none() => {
            row.disabled_at = Some(w.now);
            row.disabled_reason = Some("Switched off by its owner.".to_owned());
        }
        Some(false) => (row.disabled_at, row.disabled_reason) = (None, None),
        Some(true) | None => {}
    }
    store::change_endpoint(w, &row)?;
    fan_out::wake(w, id)?;
    found(w, id)
}

/// Takes an endpoint away. What waited for it is not sent.
pub fn delete(w: &mut Write<'_>, id: &EndpointId) -> Result<()> {
    if !store::delete_endpoint(w, id)? {
        return Err(no_endpoint());
    }
    fan_out::wake(w, id)
}

/// Gives an endpoint a new secret; the old one signs beside it for a day.
pub fn rotate(w: &mut Write<'_>, id: &EndpointId) -> Result<(Secret, Timestamp)> {
    found(w, id)?;
    let secret = Secret::generate(w.dice);
    let sealed = sealed(w, &secret)?;
    let until = w.now + OVERLAP;
    store::rotate_endpoint(w, id, &sealed, until)?;
    Ok((secret, until))
}

/// Queues a webhook that says it is a test.
pub fn test(w: &mut Write<'_>, id: &EndpointId) -> Result<DeliveryId> {
    let row = found(w, id)?;
    if row.disabled_at.is_some() {
        return Err(Error::new(Kind::Conflict, "endpoint_disabled", "Switch the endpoint on first."));
    }
    let delivery = DeliveryId::new(w.now, w.dice);
    fan_out::send_again_as(w, delivery.clone(), id, delivery.as_str(), TEST)?;
    Ok(delivery)
}

/// The endpoint by this identifier.
pub fn found(r: &mut Read<'_>, id: &EndpointId) -> Result<Endpoint> {
    store::endpoint(r, id)?.ok_or_else(no_endpoint)
}

/// What an endpoint's webhooks are signed with now: its secret, and after a rotation for a while the one before.
pub(super) fn secrets(r: &mut Read<'_>, row: &EndpointRow) -> Result<Vec<Secret>> {
    let (now, shop) = (r.now, r.wired::<Shop>()?);
    let old = row.old_secret.iter().filter(|(_, until)| *until > now).map(|(sealed, _)| sealed);
    let opened = std::iter::once(&row.secret_sealed).chain(old).map(|sealed| {
        let text = shop.keys.open(SEALED_FOR, sealed)?;
        Secret::parse(&String::from_utf8_lossy(&text))
    });
    opened.collect()
}

fn sealed(w: &mut Write<'_>, secret: &Secret) -> Result<Vec<u8>> {
    let shop = w.wired_arc::<Shop>()?;
    shop.keys.seal(SEALED_FOR, secret.text().as_bytes(), w.dice)
}

fn checked_description(description: &str) -> Result<String> {
    text::line(description, MAX_DESCRIPTION)
        .map_err(|fault| text::field_error("/description", fault, MAX_DESCRIPTION))
}

/// An address that may be called, as far as it can be told before its name is resolved; that is checked on each call.
fn checked_url(r: &mut Read<'_>, text: &str) -> Result<String> {
    let wrong = |code: &'static str, words: &str| Err(Error::field("/url", code, words));
    let Some(url) = Url::parse(text).ok().filter(|_| text.len() <= MAX_URL) else {
        return wrong("not_a_link", "Write a link that begins with https://.");
    };
    if !url.username().is_empty() || url.password().is_some() {
        return wrong("has_credentials", "Leave user and password out: what we send is signed.");
    }
    let shop = r.wired::<Shop>()?;
    if Url::parse(&shop.public_url).is_ok_and(|own| own.origin() == url.origin()) {
        return wrong("own_address", "This is our own address.");
    }
    let allowed = &r.wired::<Outside>()?.allowed;
    if url.scheme() != "https" && !is_allowed_http(&url, allowed) {
        return wrong("not_https", "Write a link that begins with https://.");
    }
    Ok(url.to_string())
}

/// Without TLS only to an address that the operator allows by name.
fn is_allowed_http(url: &Url, allowed: &Networks) -> bool {
    let address = match url.host() {
        Some(Host::Ipv4(address)) => std::net::IpAddr::V4(address),
        Some(Host::Ipv6(address)) => std::net::IpAddr::V6(address),
        Some(Host::Domain(_)) | None => return false,
    };
    url.scheme() == "http" && allowed.hold(address)
}

fn at(pointer: &str, error: &Error) -> Error {
    Error::field(pointer, error.code(), error.words())
}

#[track_caller]
fn no_endpoint() -> Error {
    Error::not_found("There is no webhook endpoint by that identifier.")
}
