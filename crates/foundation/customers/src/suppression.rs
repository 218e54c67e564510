//! What may not be sent to an address any more, whoever holds it.
//!
//! Only a keyed hash of the address is stored, so that a wish outlives the person's data, a new import and the next
//! synchronisation with a shop. Nothing is forgotten: a suppression that was lifted stays, with the moment it was.

use db::{Read, Row, SqlFile, Write, params};
use kernel::{Channel, Error, Keys, Result, Shop, Timestamp, id_type, ids};
use serde_json::json;

use crate::consent::IMPORT;
use crate::{happened, holders};

db::sql_file!(pub STORE = "suppression.sql" {
    INSERT_SUPPRESSION = "insert_suppression",
    LIFT_SUPPRESSION = "lift_suppression",
    SUPPRESSIONS_HOLDING = "suppressions_holding",
    SUPPRESSIONS_OF_ADDRESS = "suppressions_of_address",
    LIST_SUPPRESSIONS = "list_suppressions",
    COUNT_COMPLAINTS = "count_complaints",
});

pub(crate) static FILE: &SqlFile = &STORE;

/// In the column `topic`: everything that can be switched off.
const EVERYTHING: &str = "*";
/// Addresses one query asks for.
const AT_ONCE: usize = 4;

id_type!(
    /// A suppression of an address.
    SuppressionId, "sup"
);

/// Why an address is suppressed; the later one is the stronger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SuppressionReason {
    /// Its holder unsubscribed: nothing that can be switched off, or nothing of one topic.
    Unsubscribed,
    /// Its holder complained of us to their provider: nothing that can be switched off.
    Complained,
    /// Its holder answered STOP: nothing at all on this channel but the confirmation of it.
    Stopped,
}

impl SuppressionReason {
    /// Every reason.
    pub const ALL: [SuppressionReason; 3] =
        [SuppressionReason::Unsubscribed, SuppressionReason::Complained, SuppressionReason::Stopped];

    /// The word used in rows and in the interface.
    pub fn as_str(self) -> &'static str {
        match self {
            SuppressionReason::Unsubscribed => "unsubscribed",
            SuppressionReason::Complained => "complained",
            SuppressionReason::Stopped => "stopped",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Result<Self> {
        let found = SuppressionReason::ALL.into_iter().find(|reason| reason.as_str() == word);
        found.ok_or_else(|| Error::internal(format!("unknown suppression reason {word}")))
    }
}

/// A wish not to be written to at an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppression {
    /// On which channel.
    pub channel: Channel,
    /// Why.
    pub reason: SuppressionReason,
    /// Of which topic only; `None` for everything the reason covers.
    pub topic: Option<String>,
    /// Who told us: `one_click`, `you_updates`, `text` …
    pub source: String,
    /// Since when.
    pub since: Timestamp,
    /// When it was lifted, if it was.
    pub lifted_at: Option<Timestamp>,
}

impl Suppression {
    /// Whether its holder wished it with their own hand: then only they take it back, or a newer yes of theirs.
    pub fn is_their_own(&self) -> bool {
        happened::is_their_own(&self.source)
    }
}

/// Whether the shop may lift a suppression, pure: what a person wished themselves, or complained of, holds until a newer
/// yes of their own; a STOP until they text START. What the shop or a list said, the shop takes back.
pub fn may_lift(suppression: &Suppression, newest_own_yes: Option<Timestamp>) -> bool {
    let has_newer_yes = newest_own_yes.is_some_and(|yes| yes > suppression.since);
    match suppression.reason {
        SuppressionReason::Stopped => !suppression.is_their_own() && suppression.source != PROVIDER,
        SuppressionReason::Complained => has_newer_yes,
        SuppressionReason::Unsubscribed => !suppression.is_their_own() || has_newer_yes,
    }
}

/// The source of what a provider told: that somebody answered STOP to them.
const PROVIDER: &str = "provider";

/// A suppression of a list, of which nobody knows the address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedSuppression {
    /// Its identifier.
    pub id: SuppressionId,
    /// What it says.
    pub suppression: Suppression,
}

/// A page of what holds now, newest first, behind `after`.
pub fn list_suppressions(
    r: &mut Read<'_>,
    after: Option<&SuppressionId>,
    limit: i64,
) -> Result<Vec<ListedSuppression>> {
    // A character that sorts behind every identifier.
    let before = after.map_or("t", SuppressionId::as_str);
    let listed = |row: &Row| {
        Ok(ListedSuppression { id: SuppressionId::stored(row.get("id")?), suppression: suppression_of(row)? })
    };
    r.rows(&LIST_SUPPRESSIONS, params![before, limit])?.iter().map(listed).collect()
}

/// How many have complained of us since a time, as far as somebody has told; none are counted beyond `most`.
pub fn complaints_since(r: &mut Read<'_>, channel: Channel, since: Timestamp, most: i64) -> Result<i64> {
    let first = ids::first_at(SuppressionId::PREFIX, since);
    r.one(&COUNT_COMPLAINTS, params![&first, channel.as_str(), IMPORT, most])?.get("complaints")
}

/// Suppresses an address. `address_key` is `Email::key` or the phone number in E.164. Whether that is news.
pub fn suppress(
    w: &mut Write<'_>,
    channel: Channel,
    address_key: &str,
    reason: SuppressionReason,
    source: &str,
) -> Result<bool> {
    let hash = hash(w, channel, address_key)?;
    let is_news = insert(w, channel, &hash, reason, EVERYTHING, source)?;
    if is_news {
        tell_holders(w, channel, address_key, "suppressed", reason, source)?;
    }
    Ok(is_news)
}

/// Lifts what [`suppress`] did for this reason. Whether there was anything to lift.
pub fn unsuppress(
    w: &mut Write<'_>,
    channel: Channel,
    address_key: &str,
    reason: SuppressionReason,
    source: &str,
) -> Result<bool> {
    let hash = hash(w, channel, address_key)?;
    let was_there = lift(w, &hash, reason, EVERYTHING, source)?;
    if was_there {
        tell_holders(w, channel, address_key, "unsuppressed", reason, source)?;
    }
    Ok(was_there)
}

/// Unsubscribes an address from one topic. Whether that is news.
pub fn suppress_topic(
    w: &mut Write<'_>,
    channel: Channel,
    address_key: &str,
    topic: &str,
    source: &str,
) -> Result<bool> {
    let hash = hash(w, channel, address_key)?;
    insert(w, channel, &hash, SuppressionReason::Unsubscribed, topic, source)
}

/// Unsubscribes an address of which only the hash is known, as in a link: from one topic, or from everything that can
/// be switched off. Whether that is news.
pub fn unsubscribe_hash(
    w: &mut Write<'_>,
    channel: Channel,
    address: &AddressHash,
    topic: Option<&str>,
    source: &str,
) -> Result<bool> {
    insert(w, channel, address, SuppressionReason::Unsubscribed, topic.unwrap_or(EVERYTHING), source)
}

/// Lifts what [`suppress_topic`] did. Whether there was anything to lift.
pub fn unsuppress_topic(
    w: &mut Write<'_>,
    channel: Channel,
    address_key: &str,
    topic: &str,
    source: &str,
) -> Result<bool> {
    let hash = hash(w, channel, address_key)?;
    lift(w, &hash, SuppressionReason::Unsubscribed, topic, source)
}

/// The strongest suppression of the whole address that holds now.
pub fn suppressed(r: &mut Read<'_>, channel: Channel, address_key: &str) -> Result<Option<Suppression>> {
    let holding = suppressions_holding(r, &[(channel, address_key)])?;
    let whole = holding.into_iter().flatten().filter(|suppression| suppression.topic.is_none());
    Ok(whole.max_by_key(|suppression| suppression.reason))
}

/// What holds now for each of these addresses, in their order.
pub fn suppressions_holding(
    r: &mut Read<'_>,
    addresses: &[(Channel, &str)],
) -> Result<Vec<Vec<Suppression>>> {
    let mut hashes = Vec::with_capacity(addresses.len());
    for (channel, key) in addresses {
        hashes.push(hash(r, *channel, key)?);
    }
    let mut holding = vec![Vec::new(); addresses.len()];
    for some in hashes.chunks(AT_ONCE) {
        let at = |place: usize| some.get(place).map_or("", |hash: &AddressHash| hash.0.as_str());
        for row in r.rows(&SUPPRESSIONS_HOLDING, params![at(0), at(1), at(2), at(3)])? {
            let held: String = row.get("address_hash")?;
            let suppression = suppression_of(&row)?;
            let places = hashes.iter().enumerate().filter(|(_, hash)| hash.0 == held);
            places.for_each(|(place, _)| holding[place].push(suppression.clone()));
        }
    }
    Ok(holding)
}

/// Everything an address ever wished, oldest first.
pub fn suppression_history(
    r: &mut Read<'_>,
    channel: Channel,
    address_key: &str,
) -> Result<Vec<Suppression>> {
    let hash = hash(r, channel, address_key)?;
    r.rows(&SUPPRESSIONS_OF_ADDRESS, params![&hash.0])?.iter().map(suppression_of).collect()
}

fn insert(
    w: &mut Write<'_>,
    channel: Channel,
    address: &AddressHash,
    reason: SuppressionReason,
    topic: &str,
    source: &str,
) -> Result<bool> {
    let now = w.now;
    let id = SuppressionId::new(now, w.dice);
    let params = params![id.as_str(), channel.as_str(), &address.0, reason.as_str(), topic, source, now];
    Ok(w.execute(&INSERT_SUPPRESSION, params)? > 0)
}

fn lift(
    w: &mut Write<'_>,
    address: &AddressHash,
    reason: SuppressionReason,
    topic: &str,
    source: &str,
) -> Result<bool> {
    let now = w.now;
    Ok(w.execute(&LIFT_SUPPRESSION, params![&address.0, reason.as_str(), topic, now, source])? > 0)
}

/// Everybody who is reached at the address hears of it; the event says which channel, never which address.
fn tell_holders(
    w: &mut Write<'_>,
    channel: Channel,
    address_key: &str,
    what: &str,
    reason: SuppressionReason,
    source: &str,
) -> Result<()> {
    let (channel_word, reason) = (channel.as_str(), reason.as_str());
    for customer in holders(w, channel, address_key)? {
        let payload = json!({ "what": what, "channel": channel_word, "reason": reason });
        happened::tell(w, "customer.changed", &customer, source, payload)?;
    }
    Ok(())
}

/// The keyed hash under which an address is remembered. The channel is part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressHash(String);

impl AddressHash {
    /// Bytes of a hash.
    pub const LEN: usize = 32;

    /// The hash of an address.
    pub fn of(keys: &Keys, channel: Channel, address_key: &str) -> Self {
        let text = format!("{}\n{address_key}", channel.as_str());
        AddressHash(keys.fingerprint("suppression", text.as_bytes()))
    }

    /// The hash as bytes, for a link.
    pub fn bytes(&self) -> Vec<u8> {
        let digits = |at: usize| u8::from_str_radix(self.0.get(at..at + 2).unwrap_or_default(), 16);
        (0..self.0.len()).step_by(2).filter_map(|at| digits(at).ok()).collect()
    }

    /// The hash that a link of ours carries.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        (bytes.len() == Self::LEN).then(|| AddressHash(kernel::keys::hex(bytes)))
    }
}

fn hash(r: &Read<'_>, channel: Channel, address_key: &str) -> Result<AddressHash> {
    Ok(AddressHash::of(&r.wired::<Shop>()?.keys, channel, address_key))
}

fn suppression_of(row: &Row) -> Result<Suppression> {
    let topic: String = row.get("topic")?;
    Ok(Suppression {
        channel: Channel::parse(&row.get::<String>("channel")?)?,
        reason: SuppressionReason::parse(&row.get::<String>("reason")?)?,
        topic: Some(topic).filter(|topic| topic != EVERYTHING),
        source: row.get("source")?,
        since: row.get("since")?,
        lifted_at: row.get("lifted_at")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_persons_own_word_is_taken_back_by_nobody_else() {
        use SuppressionReason::{Complained, Stopped, Unsubscribed};
        let staff = happened::by_staff("stf_1");
        for (reason, source, own_yes, may) in [
            (Unsubscribed, "one_click", None, false),
            (Unsubscribed, "you_updates", None, false),
            // A yes from before the wish is what they took back.
            (Unsubscribed, "one_click", Some(9), false),
            (Unsubscribed, "one_click", Some(11), true),
            (Unsubscribed, "import", None, true),
            (Unsubscribed, &staff, None, true),
            (Complained, "provider", None, false),
            (Complained, &staff, Some(11), true),
            (Stopped, "text", Some(11), false),
            (Stopped, "provider", Some(11), false),
            (Stopped, &staff, None, true),
        ] {
            let suppression = Suppression {
                channel: Channel::Email,
                reason,
                topic: None,
                source: source.to_owned(),
                since: Timestamp::from_ms(10),
                lifted_at: None,
            };
            assert_eq!(
                may_lift(&suppression, own_yes.map(Timestamp::from_ms)),
                may,
                "{suppression:?} {own_yes:?}"
            );
        }
    }
}
