//! AfterShip Tracking's webhooks.
//!
//! The body is `{ event, event_id, msg, ts }`; `msg` is the whole tracking with all its checkpoints, each time. Both the
//! present names of fields and those of version 4 are read (`country_region` and `country_iso3`).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kernel::{Error, Kind, Result, Timestamp, keys};
use serde_json::Value;
use shipments::incoming::{DateRange, IncomingScan, IncomingTracking};
use shipments::state::{Reason, State};

use crate::country;
use crate::feed::{
    self, Entry, Meaning, Notice, OrderHint, Signed, Told, carrier_code, items, line, meaning, number, place,
    plain,
};
use crate::when;

/// The header with the signature.
pub const SIGNATURE: &str = "aftership-hmac-sha256";

/// The events whose matter is a tracking.
pub(crate) const TOPICS: [&str; 2] = ["tracking_update", "edd_revise"];

/// The most characters of an order's identifier or number.
const MAX_ORDER: usize = 200;

/// What each subtag means. Source: AfterShip, "Delivery sub-statuses".
const SUBTAGS: &[(&str, State, Option<Reason>)] = &[
    ("InfoReceived_001", State::InfoReceived, None),
    ("InTransit_001", State::InTransit, None),
    ("InTransit_002", State::InTransit, None),
    ("InTransit_003", State::InTransit, None),
    ("InTransit_004", State::InTransit, None),
    ("InTransit_005", State::InTransit, None),
    // Handed to customs: not held by it.
    ("InTransit_006", State::InTransit, None),
    ("InTransit_007", State::InTransit, None),
    ("InTransit_008", State::InTransit, None),
    ("InTransit_009", State::InTransit, None),
    ("OutForDelivery_001", State::OutForDelivery, None),
    // The customer was called, or a day was agreed: it is not on the van.
    ("OutForDelivery_003", State::InTransit, None),
    ("OutForDelivery_004", State::InTransit, None),
    ("AttemptFail_001", State::FailedAttempt, None),
    ("AttemptFail_002", State::FailedAttempt, Some(Reason::NobodyHome)),
    // The business was closed.
    ("AttemptFail_003", State::FailedAttempt, Some(Reason::NobodyHome)),
    ("AvailableForPickup_001", State::AvailableForPickup, None),
    ("Delivered_001", State::Delivered, None),
    // Collected, signed for, or paid at the door: it was handed to somebody.
    ("Delivered_002", State::Delivered, Some(Reason::Signed)),
    ("Delivered_003", State::Delivered, Some(Reason::Signed)),
    ("Delivered_004", State::Delivered, Some(Reason::Signed)),
    ("Delivered_005", State::Delivered, Some(Reason::Neighbour)),
    ("Exception_001", State::Exception, None),
    // The customer has moved.
    ("Exception_002", State::Exception, Some(Reason::Address)),
    ("Exception_003", State::Exception, Some(Reason::Refused)),
    ("Exception_004", State::Exception, Some(Reason::Customs)),
    ("Exception_005", State::Exception, Some(Reason::Delayed)),
    // Held for a payment, and rejected by the carrier: there is no word for either.
    ("Exception_006", State::Exception, None),
    ("Exception_007", State::Exception, Some(Reason::Address)),
    ("Exception_008", State::Exception, Some(Reason::NotCollected)),
    ("Exception_009", State::Exception, None),
    ("Exception_010", State::Exception, Some(Reason::Returning)),
    ("Exception_011", State::Returned, None),
    ("Exception_012", State::Exception, Some(Reason::Damaged)),
    ("Exception_013", State::Exception, Some(Reason::Lost)),
    ("Exception_016", State::Exception, Some(Reason::Delayed)),
    ("Exception_017", State::Exception, Some(Reason::Weather)),
    // Papers for customs are missing.
    ("Exception_018", State::Exception, Some(Reason::Customs)),
    ("Expired_001", State::Exception, Some(Reason::NoNews)),
    ("Pending_001", State::Pending, None),
];

/// What each tag means, for subtags that are not known. Source: AfterShip, "Delivery statuses".
const TAGS: &[(&str, State, Option<Reason>)] = &[
    ("Pending", State::Pending, None),
    ("InfoReceived", State::InfoReceived, None),
    ("InTransit", State::InTransit, None),
    ("OutForDelivery", State::OutForDelivery, None),
    ("AttemptFail", State::FailedAttempt, None),
    ("AvailableForPickup", State::AvailableForPickup, None),
    ("Delivered", State::Delivered, None),
    ("Exception", State::Exception, None),
    ("Expired", State::Exception, Some(Reason::NoNews)),
];

/// Base64 HMAC-SHA256 of the raw body.
pub(crate) fn is_signed(secret: &str, signed: &Signed<'_>) -> bool {
    let given = signed.signature.and_then(|signature| STANDARD.decode(signature.trim()).ok());
    given.is_some_and(|given| keys::same(&keys::hmac_sha256(secret.as_bytes(), signed.body), &given))
}

pub(crate) fn notice(root: &Value) -> Result<Notice> {
    let seconds =
        root.get("ts").and_then(Value::as_i64).filter(|seconds| (0..=253_402_300_799).contains(seconds));
    let sent_at = seconds.map(|seconds| Timestamp::from_ms(seconds * 1_000));
    feed::notice(plain(root, "event"), plain(root, "event_id"), sent_at)
}

pub(crate) fn read(root: &Value, source: String, now: Timestamp) -> Result<Told> {
    let msg = root.get("msg").filter(|msg| msg.is_object()).ok_or_else(no_tracking)?;
    let number = number("/msg/tracking_number", plain(msg, "tracking_number"))?;
    let destination = either(msg, "destination_country_region", "destination_country_iso3");
    let destination = destination.as_deref().and_then(country::two_letters);
    let carrier = carrier_code(plain(msg, "slug").as_deref(), &number, destination);
    let tracking =
        IncomingTracking { source, carrier, number, expected: expected(msg), scans: scans(msg, now) };
    let order = |key| plain(msg, key).and_then(|text| line(&text, MAX_ORDER));
    Ok(Told { tracking, order: OrderHint { id: order("order_id"), number: order("order_number") } })
}

fn no_tracking() -> Error {
    Error::new(Kind::Unreadable, "unreadable", "The event has no tracking in it (msg).")
}

fn either(value: &Value, one: &str, other: &str) -> Option<String> {
    plain(value, one).or_else(|| plain(value, other))
}

/// The newest estimate: a day, or the first and the last of several.
fn expected(msg: &Value) -> Option<DateRange> {
    let latest = msg.get("latest_estimated_delivery").unwrap_or(&Value::Null);
    let range = feed::expected(plain(latest, "datetime_min"), plain(latest, "datetime_max"));
    let one = || feed::expected(either(latest, "datetime", "date"), None);
    range.or_else(one).or_else(|| feed::expected(plain(msg, "expected_delivery"), None))
}

/// The checkpoints, and what the tracking itself says when that is more than the last of them does: it has expired, or
/// somebody has set it by hand.
fn scans(msg: &Value, now: Timestamp) -> Vec<IncomingScan> {
    let entries =
        || items(msg, "checkpoints").iter().filter_map(|checkpoint| entry(checkpoint, now)).collect();
    let scans = feed::scans(entries());
    let last = scans.last();
    match whole(msg, last, now) {
        Some(entry) => {
            let mut entries: Vec<Entry> = entries();
            entries.push(entry);
            feed::scans(entries)
        }
        None => scans,
    }
}

/// The state of the tracking as an entry of its own, when its last checkpoint says something else.
fn whole(msg: &Value, last: Option<&IncomingScan>, now: Timestamp) -> Option<Entry> {
    let word = either(msg, "subtag", "tag")?;
    let meaning = meaning_of(msg)?;
    if meaning.0 == State::Pending || last.is_some_and(|scan| says(scan, meaning)) {
        return None;
    }
    let told_at = plain(msg, "updated_at").and_then(|text| Timestamp::parse(&text).ok()).unwrap_or(now);
    let at = last.map_or(told_at, |scan| told_at.max(scan.at));
    let key = feed::key(&[Some("tag".to_owned()), Some(word), last.map(|scan| scan.key.clone())]);
    Some(Entry { at, meaning: Some(meaning), words: plain(msg, "subtag_message"), place: None, key })
}

/// Whether a scan says as much as that. Delivered, and to the sender, is no contradiction.
fn says(scan: &IncomingScan, (state, reason): Meaning) -> bool {
    let is_back = scan.state == State::Returned && state == State::Delivered;
    is_back || (scan.state == state && (reason.is_none() || scan.reason == reason))
}

fn entry(checkpoint: &Value, now: Timestamp) -> Option<Entry> {
    let written = plain(checkpoint, "checkpoint_time");
    let noted = plain(checkpoint, "created_at");
    let noted_at = noted.as_deref().and_then(|text| Timestamp::parse(text).ok());
    let zone = country::zone(either(checkpoint, "country_region", "country_iso3").as_deref());
    let happened_at = written.as_deref().and_then(|text| when::instant(text, &zone));
    // Whatever the zone was, nothing happens after it was written down.
    let at = match (happened_at, noted_at) {
        (Some(happened), Some(noted)) => happened.min(noted),
        (Some(happened), None) => happened.min(now),
        (None, noted) => noted?,
    };
    let words = either(checkpoint, "message", "subtag_message");
    let town = ["city", "state", "zip"].map(|key| plain(checkpoint, key));
    let location = plain(checkpoint, "location");
    let [city, state, zip] = town;
    let place = match &location {
        Some(location) => place(&[Some(location.clone())]),
        None => place(&[city.clone(), state.clone()]),
    };
    let key =
        feed::key(&[plain(checkpoint, "slug"), written.or(noted), words.clone(), location, city, state, zip]);
    Some(Entry { at, meaning: meaning_of(checkpoint), words, place, key })
}

/// What tag and subtag of a checkpoint or of a whole tracking mean.
fn meaning_of(value: &Value) -> Option<Meaning> {
    let (tag, subtag) = (plain(value, "tag"), plain(value, "subtag"));
    let by_subtag = subtag.as_deref().and_then(|subtag| meaning(SUBTAGS, subtag));
    let by_tag = || tag.as_deref().and_then(|tag| meaning(TAGS, tag));
    // A subtag that is new begins with its tag.
    let by_beginning = || subtag.as_deref()?.split_once('_').and_then(|(tag, _)| meaning(TAGS, tag));
    let found = by_subtag.or_else(by_tag).or_else(by_beginning)?;
    Some(if found.0 == State::Returned && says_returning(value) { RETURNING } else { found })
}

const RETURNING: Meaning = (State::Exception, Some(Reason::Returning));

/// Exception_011 is told of parcels that are still on their way back, too; then its message says so.
fn says_returning(value: &Value) -> bool {
    plain(value, "subtag_message").is_some_and(|message| message.to_lowercase().contains("returning"))
}

#[cfg(test)]
mod tests;
