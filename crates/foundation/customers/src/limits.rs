//! How somebody wants to hear of what they did not switch off: which way not, how often at most, and at which hours not.

use std::collections::BTreeMap;
use std::time::Duration;

use db::{Read, Row, SqlFile, Write, params};
use kernel::shop::QuietHours;
use kernel::{Channel, CustomerId, Error, Result, Timestamp, Zone, id_type};
use serde_json::json;

use crate::happened;
use crate::knowing::{self, Knowledge};

db::sql_file!(pub STORE = "limits.sql" {
    INSERT_TOPIC_LIMIT = "insert_topic_limit",
    TOPIC_LIMITS_OF = "topic_limits_of",
    TELL_TOPIC_LIMITS = "tell_topic_limits",
    QUIET_HOURS_OF = "quiet_hours_of",
    SET_QUIET_HOURS = "set_quiet_hours",
});

pub(crate) static FILE: &SqlFile = &STORE;

/// What this module knows of a person: nothing personal, so it stays.
pub(crate) const KNOWLEDGE: Knowledge = Knowledge {
    table: "topic_limits",
    tell: |r, s| knowing::rows_of(r, s, &TELL_TOPIC_LIMITS),
    forget: None,
};

id_type!(
    /// A word about how somebody wants to hear of a topic.
    TopicLimitId, "tli"
);

/// As seldom as somebody may ask for.
pub const MOST_SELDOM_DAYS: u32 = 366;

/// How somebody wants to hear of a topic.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TopicLimit {
    /// Not this way.
    pub without: Option<Channel>,
    /// At most one message in so many days; none says as it happens.
    pub every_days: u32,
}

/// The hours at which somebody wants to hear nothing that could wait, by which clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnHours {
    /// The hours.
    pub hours: QuietHours,
    /// The clock.
    pub zone: Zone,
}

/// States how a person wants to hear of a topic. Whether that is a change.
pub fn limit_topic(
    w: &mut Write<'_>,
    id: &CustomerId,
    topic: &str,
    limit: TopicLimit,
    source: &str,
) -> Result<bool> {
    if limit.every_days > MOST_SELDOM_DAYS {
        return Err(Error::field("/every_days", "too_many", "Once a year is as seldom as there is."));
    }
    let last = limits_of(w, id)?.remove(topic);
    if last.map(|(_, limit)| limit).unwrap_or_default() == limit {
        return Ok(false);
    }
    // Two words of one millisecond stay in the order in which they were said.
    let said_at = last.map_or(w.now, |(said_at, _)| w.now.max(said_at + Duration::from_millis(1)));
    let (row, without) = (TopicLimitId::new(w.now, w.dice), limit.without.map(Channel::as_str));
    w.send(
        &INSERT_TOPIC_LIMIT,
        params![row.as_str(), id.as_str(), topic, without, limit.every_days, source, said_at],
    )?;
    let payload =
        json!({ "what": "topic_limit", "topic": topic, "without": without, "every_days": limit.every_days });
    happened::tell(w, "customer.changed", id, source, payload)?;
    Ok(true)
}

fn limits_of(r: &mut Read<'_>, id: &CustomerId) -> Result<BTreeMap<String, (Timestamp, TopicLimit)>> {
    let limit = |row: &Row| {
        let without: Option<String> = row.get("without")?;
        let without = without.as_deref().map(Channel::parse).transpose()?;
        let limit = TopicLimit { without, every_days: row.get("every_days")? };
        Ok((row.get("topic")?, (row.get("said_at")?, limit)))
    };
    r.rows(&TOPIC_LIMITS_OF, params![id.as_str()])?.iter().map(limit).collect()
}

/// How a person wants to hear of each topic they ever said it of, whichever of the customers they are said it: the newest
/// word counts.
pub fn topic_limits(r: &mut Read<'_>, ids: &[CustomerId]) -> Result<BTreeMap<String, TopicLimit>> {
    let mut newest: BTreeMap<String, (Timestamp, TopicLimit)> = BTreeMap::new();
    for id in ids {
        for (topic, (said_at, limit)) in limits_of(r, id)? {
            let known = newest.entry(topic).or_insert((said_at, limit));
            if said_at > known.0 {
                *known = (said_at, limit);
            }
        }
    }
    Ok(newest.into_iter().map(|(topic, (_, limit))| (topic, limit)).collect())
}

/// States at which hours a person wants to hear nothing that could wait, or that the shop's hours are theirs. Whether that is
/// a change.
pub fn choose_hours(
    w: &mut Write<'_>,
    id: &CustomerId,
    own: Option<&OwnHours>,
    source: &str,
) -> Result<bool> {
    if own.is_some_and(|own| own.hours.from > 23 || own.hours.to > 23) {
        return Err(Error::field("/quiet_hours", "no_hour", "Hours go from 0 to 23."));
    }
    let row = w.row(&QUIET_HOURS_OF, params![id.as_str()])?;
    let row = row.ok_or_else(|| Error::not_found("There is no such customer."))?;
    if own_hours(&row)?.as_ref() == own {
        return Ok(false);
    }
    let (from, to) = own.map(|own| (i64::from(own.hours.from), i64::from(own.hours.to))).unzip();
    w.send(&SET_QUIET_HOURS, params![id.as_str(), from, to, own.map(|own| own.zone.name())])?;
    let payload = json!({ "what": "quiet_hours", "from": from, "to": to });
    happened::tell(w, "customer.changed", id, source, payload)?;
    Ok(true)
}

/// The hours of a row, if it has any.
pub(crate) fn own_hours(row: &Row) -> Result<Option<OwnHours>> {
    let (from, to): (Option<u32>, Option<u32>) = (row.get("quiet_from")?, row.get("quiet_to")?);
    let zone: Option<String> = row.get("quiet_zone")?;
    let hour = |hour: u32| u8::try_from(hour).unwrap_or_default();
    match (from, to, zone) {
        (Some(from), Some(to), Some(zone)) => {
            let hours = QuietHours { from: hour(from), to: hour(to) };
            Ok(Some(OwnHours { hours, zone: Zone::parse(&zone)? }))
        }
        _ => Ok(None),
    }
}
