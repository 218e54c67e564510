//! Shippo's webhooks about tracking.
//!
//! The body is `{ event, data }` with the whole history, each time. Shippo signs only where its support has switched that
//! on; everywhere else the address carries a token that only Shippo was given.

use kernel::{Result, Timestamp, keys};
use serde_json::Value;
use shipments::incoming::IncomingTracking;
use shipments::state::{Reason, State};

use crate::country;
use crate::feed::{
    self, Entry, Meaning, Notice, OrderHint, Signed, Told, carrier_code, items, meaning, number, place, plain,
};
use crate::when;

/// The header with the signature.
pub const SIGNATURE: &str = "shippo-auth-signature";

/// The events whose matter is a tracking.
pub(crate) const TOPICS: [&str; 1] = ["track_updated"];

/// What each status means. Source: Shippo, "Tracking statuses".
const STATUSES: &[(&str, State, Option<Reason>)] = &[
    ("PRE_TRANSIT", State::InfoReceived, None),
    ("TRANSIT", State::InTransit, None),
    ("DELIVERED", State::Delivered, None),
    // On its way back, or back: Shippo has one word for both.
    ("RETURNED", State::Exception, Some(Reason::Returning)),
    ("FAILURE", State::Exception, None),
];

/// What a substatus means beside its status. Source: Shippo, "Tracking substatuses".
const SUBSTATUSES: &[(&str, State, Option<Reason>)] = &[
    ("TRANSIT/address_issue", State::Exception, Some(Reason::Address)),
    ("TRANSIT/location_inaccessible", State::Exception, Some(Reason::Address)),
    ("TRANSIT/contact_carrier", State::Exception, None),
    ("TRANSIT/delayed", State::InTransit, Some(Reason::Delayed)),
    ("TRANSIT/delivery_attempted", State::FailedAttempt, None),
    ("TRANSIT/notice_left", State::FailedAttempt, Some(Reason::NobodyHome)),
    ("TRANSIT/out_for_delivery", State::OutForDelivery, None),
    ("TRANSIT/package_damaged", State::Exception, Some(Reason::Damaged)),
    ("TRANSIT/pickup_available", State::AvailableForPickup, None),
    ("RETURNED/package_unclaimed", State::Exception, Some(Reason::Returning)),
    ("FAILURE/delivery_attempted", State::FailedAttempt, None),
    ("FAILURE/package_lost", State::Exception, Some(Reason::Lost)),
];

/// The signature where there is one, else the token.
pub(crate) fn is_signed(secret: &str, signed: &Signed<'_>) -> bool {
    match (signed.signature, signed.token) {
        (Some(signature), _) => is_right(secret, signature, signed.body),
        (None, Some(token)) => keys::same(secret.as_bytes(), token.as_bytes()),
        (None, None) => false,
    }
}

/// `t=…,v1=` and the hexadecimal HMAC-SHA256 of the time, a point and the raw body. The time is not held against ours:
/// Shippo tries for days, and whatever is told twice changes nothing.
fn is_right(secret: &str, signature: &str, body: &[u8]) -> bool {
    let part =
        |name: &str| signature.split(',').find_map(|part| part.trim().strip_prefix(name)?.strip_prefix('='));
    let (Some(time), Some(given)) = (part("t"), part("v1")) else { return false };
    let signed = [time.as_bytes(), b".", body].concat();
    let ours = keys::hex(&keys::hmac_sha256(secret.as_bytes(), &signed));
    keys::same(ours.as_bytes(), given.to_ascii_lowercase().as_bytes())
}

pub(crate) fn notice(root: &Value) -> Result<Notice> {
    let status = root.get("data").and_then(|data| data.get("tracking_status")).unwrap_or(&Value::Null);
    let sent_at = plain(status, "object_updated").and_then(|text| Timestamp::parse(&text).ok());
    feed::notice(plain(root, "event"), None, sent_at)
}

pub(crate) fn read(root: &Value, source: String) -> Result<Told> {
    let data = root.get("data").unwrap_or(&Value::Null);
    let number = number("/data/tracking_number", plain(data, "tracking_number"))?;
    let destination = data.get("address_to").and_then(|to| plain(to, "country"));
    let destination = destination.as_deref().and_then(country::two_letters);
    let carrier = carrier_code(plain(data, "carrier").as_deref(), &number, destination);
    let history = items(data, "tracking_history").iter().chain(data.get("tracking_status"));
    let scans = feed::scans(history.filter_map(entry).collect());
    let tracking = IncomingTracking {
        source,
        carrier,
        number,
        expected: feed::expected(plain(data, "eta"), None),
        scans,
    };
    Ok(Told { tracking, order: OrderHint::default() })
}

/// One of the history. The present status is the last of it again, and the same scan.
fn entry(status: &Value) -> Option<Entry> {
    let written = plain(status, "status_date")?;
    let location = status.get("location").unwrap_or(&Value::Null);
    let [city, state, zip, country] = ["city", "state", "zip", "country"].map(|key| plain(location, key));
    let at = when::instant(&written, &country::zone(country.as_deref()))?;
    let words = plain(status, "status_details");
    let key = feed::key(&[Some(written), words.clone(), city.clone(), state.clone(), zip]);
    Some(Entry { at, meaning: meaning_of(status), words, place: place(&[city, state]), key })
}

/// A substatus counts beside its own status only.
fn meaning_of(status: &Value) -> Option<Meaning> {
    let word = plain(status, "status")?;
    let detail = status.get("substatus").and_then(|substatus| plain(substatus, "code"));
    let by_detail = detail.and_then(|detail| meaning(SUBSTATUSES, &format!("{word}/{detail}")));
    by_detail.or_else(|| meaning(STATUSES, &word))
}

#[cfg(test)]
mod tests;
