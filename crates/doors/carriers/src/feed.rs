//! What tracking services have in common: a signed notice about one number, with everything that has happened so far.
//!
//! A service is a file with four answers: which request is signed ([`Service::is_signed`]), what surrounds its matter
//! ([`Service::notice`]), which topics tell something ([`Service::reads`]), and what they tell ([`Service::read`]). What
//! is here is the same for all: cleaning texts, ordering scans, and making the same scan the same one each time.

use std::collections::BTreeMap;

use kernel::{Error, Kind, Result, Timestamp, keys, text};
use serde_json::Value;
use shipments::incoming::{
    DateRange, IncomingScan, IncomingTracking, MAX_NAME, MAX_NUMBER, MAX_SCANS, MAX_WORDS,
};
use shipments::state::{Reason, State};

use crate::{Certainty, aftership, easypost, recognise, shippo, when};

/// The most characters of a topic or of an identifier.
const MAX_ID: usize = 200;

/// A service that follows parcels and tells what happens to them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    /// AfterShip Tracking.
    Aftership,
    /// EasyPost.
    Easypost,
    /// Shippo.
    Shippo,
}

/// What a request brings that may show who sent it.
#[derive(Clone, Copy, Debug)]
pub struct Signed<'a> {
    /// The header with the signature, [`Service::signature_header`].
    pub signature: Option<&'a str>,
    /// The parameter `token` of the address.
    pub token: Option<&'a str>,
    /// The raw bytes.
    pub body: &'a [u8],
}

/// What surrounds the matter of a webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// What the service says happened.
    pub topic: String,
    /// Its identifier of this event, the same when it is sent again.
    pub event_id: Option<String>,
    /// When it says so.
    pub sent_at: Option<Timestamp>,
}

/// What a webhook tells.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// About which number, and what has happened.
    pub tracking: IncomingTracking,
    /// The order as the shop has named it to the service, for a number that is not known yet.
    pub order: OrderHint,
}

/// An order as a shop has named it to a tracking service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrderHint {
    /// The shop's identifier.
    pub id: Option<String>,
    /// The number the customer knows.
    pub number: Option<String>,
}

impl Service {
    /// Every service there is a word for.
    pub const ALL: [Service; 3] = [Service::Aftership, Service::Easypost, Service::Shippo];

    /// The word used in rows, in addresses and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Service::Aftership => "aftership",
            Service::Easypost => "easypost",
            Service::Shippo => "shippo",
        }
    }

    /// The header that holds the signature.
    pub fn signature_header(self) -> &'static str {
        match self {
            Service::Aftership => aftership::SIGNATURE,
            Service::Easypost => easypost::SIGNATURE,
            Service::Shippo => shippo::SIGNATURE,
        }
    }

    /// Whether whoever sent this knows the secret. Constant in time.
    pub fn is_signed(self, secret: &str, signed: &Signed<'_>) -> bool {
        match self {
            Service::Aftership => aftership::is_signed(secret, signed),
            Service::Easypost => easypost::is_signed(secret, signed),
            Service::Shippo => shippo::is_signed(secret, signed),
        }
    }

    /// Reads what surrounds the matter of a webhook.
    pub fn notice(self, body: &[u8]) -> Result<Notice> {
        let root = object(body)?;
        match self {
            Service::Aftership => aftership::notice(&root),
            Service::Easypost => easypost::notice(&root),
            Service::Shippo => shippo::notice(&root),
        }
    }

    /// Whether webhooks under this topic are read.
    pub fn reads(self, topic: &str) -> bool {
        match self {
            Service::Aftership => aftership::TOPICS.contains(&topic),
            Service::Easypost => easypost::TOPICS.contains(&topic),
            Service::Shippo => shippo::TOPICS.contains(&topic),
        }
    }

    /// Reads what a webhook tells. `source` is who says so, `aftership:con_…`.
    pub fn read(self, body: &[u8], source: String, now: Timestamp) -> Result<Told> {
        let root = object(body)?;
        let told = match self {
            Service::Aftership => aftership::read(&root, source, now),
            Service::Easypost => easypost::read(&root, source),
            Service::Shippo => shippo::read(&root, source),
        }?;
        told.tracking.check()?;
        Ok(told)
    }
}

/// The body, when it is an object in JSON. The parser's own words may quote a value, and values are personal.
fn object(body: &[u8]) -> Result<Value> {
    let root: Value = serde_json::from_slice(body).map_err(|error| {
        let place =
            format!("{:?} error at line {} column {}", error.classify(), error.line(), error.column());
        unreadable().detail(place)
    })?;
    if root.is_object() { Ok(root) } else { Err(unreadable()) }
}

fn unreadable() -> Error {
    Error::new(Kind::Unreadable, "unreadable", "The body is not a tracking event in JSON.")
}

/// What stands around the matter, of a field with the topic, one with an identifier, and a time.
pub(crate) fn notice(
    topic: Option<String>,
    event_id: Option<String>,
    sent_at: Option<Timestamp>,
) -> Result<Notice> {
    let topic = topic.and_then(|topic| line(&topic, MAX_ID)).ok_or_else(unreadable)?;
    let event_id = event_id.and_then(|id| text::line(&id, MAX_ID).ok());
    Ok(Notice { topic, event_id, sent_at })
}

/// The tracking number, which must be there.
pub(crate) fn number(pointer: &str, given: Option<String>) -> Result<String> {
    let given = given.ok_or_else(|| Error::field(pointer, "missing", "The tracking number is missing."))?;
    text::line(&text::unfolded(&given), MAX_NUMBER)
        .map_err(|fault| text::field_error(pointer, fault, MAX_NUMBER))
}

/// The code of a carrier as a service calls it; none for one that we don't know.
pub(crate) fn carrier_code(name: Option<&str>, number: &str, country: Option<&str>) -> Option<String> {
    let first = recognise(number, country, Some(name?)).into_iter().next()?;
    matches!(first.certainty, Certainty::Named | Certainty::Doubted).then(|| first.carrier.code.to_owned())
}

/// A plain value as text, trimmed; none when it is empty or not plain.
pub(crate) fn plain(value: &Value, key: &str) -> Option<String> {
    let text = match value.get(key)? {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// The items of a list that may be missing.
pub(crate) fn items<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// A text on one line, shortened, without what would change how the rest is shown.
pub(crate) fn line(given: &str, max_chars: usize) -> Option<String> {
    let plain: String = given.chars().map(|char| if char.is_control() { ' ' } else { char }).collect();
    let plain = text::without_bidi_controls(&text::unfolded(&plain));
    text::line(&text::shortened(plain.trim(), max_chars), max_chars).ok()
}

/// One day or several, of the days that are written.
pub(crate) fn expected(first: Option<String>, last: Option<String>) -> Option<DateRange> {
    let [first, last] = [first, last].map(|text| text.and_then(|text| when::day(&text)));
    let one = first.or(last)?;
    Some(DateRange::new(one, last.unwrap_or(one)))
}

/// A place of a town, a state and a country, as far as they are there.
pub(crate) fn place(parts: &[Option<String>]) -> Option<String> {
    let parts: Vec<&str> = parts.iter().flatten().map(String::as_str).collect();
    line(&parts.join(", "), MAX_NAME)
}

/// What a word of a service means.
pub(crate) type Meaning = (State, Option<Reason>);

/// The meaning of a word in a table, whatever its capitals.
pub(crate) fn meaning(table: &[(&str, State, Option<Reason>)], word: &str) -> Option<Meaning> {
    table
        .iter()
        .find(|(known, _, _)| known.eq_ignore_ascii_case(word))
        .map(|(_, state, reason)| (*state, *reason))
}

/// Something that happened, as it is read from one entry of a service's list.
pub(crate) struct Entry {
    /// When.
    pub at: Timestamp,
    /// What it means; none for a word that we don't know.
    pub meaning: Option<Meaning>,
    /// The carrier's own words.
    pub words: Option<String>,
    /// The place.
    pub place: Option<String>,
    /// What makes it this entry and no other, of what stays the same each time it is told.
    pub key: String,
}

/// A key of what an entry says. Neither the meaning nor the list's order is in it: a service may think better of both.
pub(crate) fn key(parts: &[Option<String>]) -> String {
    let parts: Vec<&str> = parts.iter().map(|part| part.as_deref().unwrap_or_default()).collect();
    let hash = keys::hex(&keys::sha256(parts.join("\u{1f}").as_bytes()));
    hash[..32].to_owned()
}

/// The scans of a list, the oldest first, at most the newest [`MAX_SCANS`].
///
/// A word that we don't know is kept with its words, and the parcel is where it was: something was said, and nothing is
/// claimed. Delivered after it was on its way back is delivered to the sender.
pub(crate) fn scans(mut entries: Vec<Entry>) -> Vec<IncomingScan> {
    entries.sort_by_key(|entry| entry.at);
    let mut before: Meaning = (State::InfoReceived, None);
    let mut is_returning = false;
    let mut scans = Vec::new();
    for entry in entries {
        let (state, reason) = towards(entry.meaning.unwrap_or(before), is_returning);
        is_returning |= reason == Some(Reason::Returning) || state == State::Returned;
        before = (state, reason);
        let words = entry.words.and_then(|words| line(&words, MAX_WORDS));
        scans.push(IncomingScan { key: entry.key, at: entry.at, state, reason, words, place: entry.place });
    }
    newest(told_once(scans))
}

/// To the customer or back.
fn towards((state, reason): Meaning, is_returning: bool) -> Meaning {
    match (state, is_returning) {
        (State::Delivered, true) => (State::Returned, None),
        _ => (state, reason),
    }
}

/// Of entries that say the same, the one that is further on.
fn told_once(scans: Vec<IncomingScan>) -> Vec<IncomingScan> {
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    let mut once: Vec<IncomingScan> = Vec::new();
    for scan in scans {
        match places.get(&scan.key) {
            Some(place) if once[*place].state >= scan.state => {}
            Some(place) => once[*place] = IncomingScan { at: once[*place].at, ..scan },
            None => {
                places.insert(scan.key.clone(), once.len());
                once.push(scan);
            }
        }
    }
    once
}

fn newest(mut scans: Vec<IncomingScan>) -> Vec<IncomingScan> {
    let too_many = scans.len().saturating_sub(MAX_SCANS);
    scans.drain(..too_many);
    scans
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    fn entry(minute: u64, meaning: Option<Meaning>) -> Entry {
        let at = at("2026-11-02T10:00:00Z") + std::time::Duration::from_secs(60 * minute);
        Entry { at, meaning, words: None, place: None, key: format!("{minute}") }
    }

    fn states(entries: Vec<Entry>) -> Vec<State> {
        scans(entries).into_iter().map(|scan| scan.state).collect()
    }

    #[test]
    fn scans_are_ordered_by_time_and_an_unknown_word_changes_no_state() {
        let (transit, out) = (Some((State::InTransit, None)), Some((State::OutForDelivery, None)));
        assert_eq!(
            states(vec![entry(3, None), entry(1, transit), entry(2, out), entry(0, None)]),
            [State::InfoReceived, State::InTransit, State::OutForDelivery, State::OutForDelivery]
        );
    }

    #[test]
    fn an_unknown_word_keeps_what_was_known_of_the_state() {
        let held = (State::Exception, Some(Reason::Customs));
        let scans = scans(vec![entry(0, Some(held)), entry(1, None)]);
        assert_eq!((scans[1].state, scans[1].reason), held);
    }

    #[test]
    fn delivered_on_the_way_back_is_back_at_the_sender() {
        let back = Some((State::Exception, Some(Reason::Returning)));
        let delivered = Some((State::Delivered, None));
        assert_eq!(
            states(vec![entry(2, delivered), entry(1, back), entry(0, delivered)]),
            [State::Delivered, State::Exception, State::Returned]
        );
    }

    #[test]
    fn what_is_told_twice_in_one_list_is_one_scan_and_the_further_one() {
        let twice = |meaning| Entry { key: "same".to_owned(), ..entry(0, meaning) };
        let list = vec![twice(Some((State::Delivered, None))), twice(Some((State::InTransit, None)))];
        assert_eq!(states(list), [State::Delivered]);
        let list = vec![twice(Some((State::InTransit, None))), twice(Some((State::Delivered, None)))];
        assert_eq!(states(list), [State::Delivered]);
    }

    #[test]
    fn of_too_many_the_newest_are_kept() {
        let many = (0..1_000).rev().map(|minute| entry(minute, Some((State::InTransit, None)))).collect();
        let scans = scans(many);
        assert_eq!(scans.len(), MAX_SCANS);
        assert_eq!((scans[0].key.as_str(), scans.last().unwrap().key.as_str()), ("800", "999"));
    }

    #[test]
    fn a_text_is_one_safe_line() {
        assert_eq!(line(" a\u{0}b\r\nc\u{202E} ", 20).as_deref(), Some("a b  c"));
        assert_eq!(line("abcdef", 3).as_deref(), Some("ab…"));
        assert_eq!(line("\u{0}\n", 3), None);
    }
}
