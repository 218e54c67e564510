//! EasyPost's webhooks about trackers.
//!
//! The body is an event whose `result` is the whole tracker with all its details, each time.

use kernel::{Result, Timestamp, keys};
use serde_json::Value;
use shipments::incoming::IncomingTracking;
use shipments::state::{Reason, State};
use unicode_normalization::UnicodeNormalization as _;

use crate::country;
use crate::feed::{
    self, Entry, Meaning, Notice, OrderHint, Signed, Told, carrier_code, items, meaning, number, place, plain,
};
use crate::when;

/// The header with the signature.
pub const SIGNATURE: &str = "x-hmac-signature";
/// What the signature begins with.
const SCHEME: &str = "hmac-sha256-hex=";

/// The events whose matter is a tracker.
pub(crate) const TOPICS: [&str; 2] = ["tracker.created", "tracker.updated"];

/// What each status means. Source: EasyPost, "Tracker object", `status`.
const STATUSES: &[(&str, State, Option<Reason>)] = &[
    ("pre_transit", State::InfoReceived, None),
    ("in_transit", State::InTransit, None),
    ("out_for_delivery", State::OutForDelivery, None),
    ("available_for_pickup", State::AvailableForPickup, None),
    ("delivered", State::Delivered, None),
    ("return_to_sender", State::Exception, Some(Reason::Returning)),
    ("failure", State::Exception, None),
    ("cancelled", State::Cancelled, None),
];

/// What each detail adds. Source: EasyPost, "Tracker object", `status_detail`.
const DETAILS: &[(&str, Reason)] = &[
    ("address_correction", Reason::Address),
    ("damaged", Reason::Damaged),
    ("delayed", Reason::Delayed),
    ("missorted", Reason::Delayed),
    ("expired", Reason::NoNews),
    ("lost", Reason::Lost),
    ("refused", Reason::Refused),
    ("return", Reason::Returning),
    ("weather_delay", Reason::Weather),
];

/// Hexadecimal HMAC-SHA256 of the raw body under the compatibility decomposition (NFKD) of the secret.
pub(crate) fn is_signed(secret: &str, signed: &Signed<'_>) -> bool {
    let given = signed.signature.and_then(|signature| signature.trim().strip_prefix(SCHEME));
    let secret: String = secret.nfkd().collect();
    let ours = keys::hex(&keys::hmac_sha256(secret.as_bytes(), signed.body));
    given.is_some_and(|given| keys::same(ours.as_bytes(), given.to_ascii_lowercase().as_bytes()))
}

pub(crate) fn notice(root: &Value) -> Result<Notice> {
    let sent_at = plain(root, "created_at").and_then(|text| Timestamp::parse(&text).ok());
    feed::notice(plain(root, "description"), plain(root, "id"), sent_at)
}

pub(crate) fn read(root: &Value, source: String) -> Result<Told> {
    let tracker = root.get("result").unwrap_or(&Value::Null);
    let number = number("/result/tracking_code", plain(tracker, "tracking_code"))?;
    let carrier = carrier_code(plain(tracker, "carrier").as_deref(), &number, None);
    let expected = feed::expected(plain(tracker, "est_delivery_date"), None);
    let scans = feed::scans(items(tracker, "tracking_details").iter().filter_map(entry).collect());
    let tracking = IncomingTracking { source, carrier, number, expected, scans };
    Ok(Told { tracking, order: OrderHint::default() })
}

fn entry(detail: &Value) -> Option<Entry> {
    let written = plain(detail, "datetime")?;
    let location = detail.get("tracking_location").unwrap_or(&Value::Null);
    let [city, state, zip, country] = ["city", "state", "zip", "country"].map(|key| plain(location, key));
    let at = when::instant(&written, &country::zone(country.as_deref()))?;
    let words = plain(detail, "message").or_else(|| plain(detail, "description"));
    let key =
        feed::key(&[plain(detail, "source"), Some(written), words.clone(), city.clone(), state.clone(), zip]);
    Some(Entry { at, meaning: meaning_of(detail), words, place: place(&[city, state]), key })
}

fn meaning_of(detail: &Value) -> Option<Meaning> {
    let (state, reason) = meaning(STATUSES, &plain(detail, "status")?)?;
    let word = plain(detail, "status_detail").unwrap_or_default();
    let more = DETAILS.iter().find(|(known, _)| known.eq_ignore_ascii_case(&word)).map(|(_, reason)| *reason);
    Some((state, reason.or(more)))
}

#[cfg(test)]
mod tests;
