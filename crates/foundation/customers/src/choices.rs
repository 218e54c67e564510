//! What a person chose: the channel, and the topics.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use db::{Read, SqlFile, Write, params};
use kernel::{Channel, CustomerId, Error, Result, Timestamp, id_type};
use serde_json::json;

use crate::happened;

db::sql_file!(pub STORE = "choices.sql" {
    SET_PREFERRED_CHANNEL = "set_preferred_channel",
    PREFERRED_CHANNEL_OF = "preferred_channel_of",
    INSERT_TOPIC_CHOICE = "insert_topic_choice",
    TOPIC_CHOICES_OF = "topic_choices_of",
});

pub(crate) static FILE: &SqlFile = &STORE;

id_type!(
    /// A topic switched off, or on again.
    TopicChoiceId, "tch"
);

/// What somebody last chose about a topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicChoice {
    /// Which topic.
    pub topic: String,
    /// Whether they want it.
    pub wanted: bool,
    /// Who told us.
    pub source: String,
    /// When.
    pub said_at: Timestamp,
}

/// States how a person wants to be reached, or that they don't mind. Whether that is a change.
pub fn prefer_channel(
    w: &mut Write<'_>,
    id: &CustomerId,
    channel: Option<Channel>,
    source: &str,
) -> Result<bool> {
    let row = w.row(&PREFERRED_CHANNEL_OF, params![id.as_str()])?;
    let row = row.ok_or_else(|| Error::not_found("There is no customer by that identifier."))?;
    let word = channel.map(Channel::as_str);
    if row.get::<Option<String>>("preferred_channel")?.as_deref() == word {
        return Ok(false);
    }
    let now = w.now;
    w.send(&SET_PREFERRED_CHANNEL, params![id.as_str(), word, now])?;
    let payload = json!({ "what": "preferred_channel", "channel": word });
    happened::tell(w, "customer.changed", id, source, payload)?;
    Ok(true)
}

/// Switches a topic on or off for a person. Whether that is a change; a topic nobody chose about is on.
pub fn switch_topic(
    w: &mut Write<'_>,
    id: &CustomerId,
    topic: &str,
    wanted: bool,
    source: &str,
) -> Result<bool> {
    let last = topic_choices(w, id)?.into_iter().find(|choice| choice.topic == topic);
    if last.as_ref().is_none_or(|last| last.wanted) == wanted {
        return Ok(false);
    }
    // Two choices of one millisecond stay in the order in which they were made.
    let said_at = last.map_or(w.now, |last| w.now.max(last.said_at + Duration::from_millis(1)));
    let choice = TopicChoiceId::new(w.now, w.dice);
    w.send(&INSERT_TOPIC_CHOICE, params![choice.as_str(), id.as_str(), topic, wanted, source, said_at])?;
    let payload = json!({ "what": "topic", "topic": topic, "wanted": wanted });
    happened::tell(w, "customer.changed", id, source, payload)?;
    Ok(true)
}

/// What a person last chose about each topic they ever chose about.
pub fn topic_choices(r: &mut Read<'_>, id: &CustomerId) -> Result<Vec<TopicChoice>> {
    let rows = r.rows(&TOPIC_CHOICES_OF, params![id.as_str()])?;
    rows.iter()
        .map(|row| {
            Ok(TopicChoice {
                topic: row.get("topic")?,
                wanted: row.get("wanted")?,
                source: row.get("source")?,
                said_at: row.get("said_at")?,
            })
        })
        .collect()
}

/// The topics a person switched off, whichever of the customers they are did it: the newest choice about a topic counts,
/// and of two at one moment the no.
pub fn topics_off(r: &mut Read<'_>, ids: &[CustomerId]) -> Result<BTreeSet<String>> {
    let mut newest: BTreeMap<String, (Timestamp, bool)> = BTreeMap::new();
    for id in ids {
        for choice in topic_choices(r, id)? {
            let rank = (choice.said_at, !choice.wanted);
            let known = newest.entry(choice.topic).or_insert(rank);
            *known = rank.max(*known);
        }
    }
    Ok(newest.into_iter().filter(|(_, (_, is_off))| *is_off).map(|(topic, _)| topic).collect())
}
