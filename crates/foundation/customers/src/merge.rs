//! Two customers who are one person. Nothing moves: one of them is marked as merged into the other, and whoever asks for
//! either is told of both. So what comes later for either is at home at once, however much there is, and taking it back
//! is exact: the mark goes, and everybody has what was always theirs.

use std::collections::BTreeMap;

use db::{Read, SqlFile, Write, params};
use kernel::{Channel, CustomerId, Error, Kind, Result};
use serde_json::json;

use crate::store::alone;
use crate::{ContactPoint, Person, happened};

db::sql_file!(pub STORE = "merge.sql" {
    SET_MERGED_INTO = "set_merged_into",
    MERGED_INTO = "merged_into",
});

pub(crate) static FILE: &SqlFile = &STORE;

/// As many may be merged into one.
pub const MOST_MERGED: usize = 20;

/// What stands in the way of a merge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// Both are the same customer.
    TheSame,
    /// The one that would go is one that others were merged into.
    HasOthers,
    /// The one that would go was merged into somebody else.
    IsMerged,
    /// The one that would stay was merged into somebody else.
    IntoMerged,
    /// One of them was erased.
    Erased,
    /// Enough were merged into that one.
    TooMany,
}

impl Obstacle {
    /// What it is and what helps, in a sentence.
    pub fn words(self) -> &'static str {
        match self {
            Obstacle::TheSame => "This is the same customer. Name the other one.",
            Obstacle::HasOthers => {
                "Others were merged into this customer. Merge the other way round, or take those merges back first."
            }
            Obstacle::IsMerged => {
                "This customer was merged into somebody else. Take that merge back first, or merge the one they were merged into."
            }
            Obstacle::IntoMerged => {
                "That customer was merged into somebody else. Merge into the one they were merged into."
            }
            Obstacle::Erased => "The data of one of them were erased. There is nobody left to merge.",
            Obstacle::TooMany => {
                "Twenty customers are merged into that one already. That is as many as there can be."
            }
        }
    }
}

/// How somebody stands whom a merge is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// Who.
    pub id: CustomerId,
    /// Into whom they were merged.
    pub merged_into: Option<CustomerId>,
    /// How many were merged into them.
    pub others: usize,
    /// Whether their data were erased.
    pub is_erased: bool,
}

/// Whether `gone` may be merged into `kept`, pure. A merge is one step deep, so that taking it back is exact.
pub fn may_merge(kept: &Side, gone: &Side) -> std::result::Result<(), Obstacle> {
    if kept.id == gone.id {
        return Err(Obstacle::TheSame);
    }
    if kept.is_erased || gone.is_erased {
        return Err(Obstacle::Erased);
    }
    if gone.merged_into.as_ref().is_some_and(|into| *into != kept.id) {
        return Err(Obstacle::IsMerged);
    }
    if kept.merged_into.is_some() {
        return Err(Obstacle::IntoMerged);
    }
    if gone.others > 0 {
        return Err(Obstacle::HasOthers);
    }
    if gone.merged_into.is_none() && kept.others >= MOST_MERGED {
        return Err(Obstacle::TooMany);
    }
    Ok(())
}

/// Merges `gone` into `kept`. Whether that is news: done twice it is done once.
pub fn merge(w: &mut Write<'_>, kept: &CustomerId, gone: &CustomerId, source: &str) -> Result<bool> {
    let (kept_side, gone_side) = (side(w, kept)?, side(w, gone)?);
    if let Err(obstacle) = may_merge(&kept_side, &gone_side) {
        return Err(Error::new(Kind::Invalid, "can_not_merge", obstacle.words()));
    }
    if gone_side.merged_into.is_some() {
        return Ok(false);
    }
    w.send(&SET_MERGED_INTO, params![gone.as_str(), kept.as_str()])?;
    tell_both(w, "customer.merged", kept, gone, source)?;
    Ok(true)
}

/// Takes a merge back. Whether there was one.
pub fn unmerge(w: &mut Write<'_>, gone: &CustomerId, source: &str) -> Result<bool> {
    let Some(kept) = side(w, gone)?.merged_into else { return Ok(false) };
    w.send(&SET_MERGED_INTO, params![gone.as_str(), None::<&str>])?;
    tell_both(w, "customer.unmerged", &kept, gone, source)?;
    Ok(true)
}

fn tell_both(
    w: &mut Write<'_>,
    kind: &'static str,
    kept: &CustomerId,
    gone: &CustomerId,
    source: &str,
) -> Result<()> {
    for customer in [kept, gone] {
        happened::tell(
            w,
            kind,
            customer,
            source,
            json!({ "customer": gone.as_str(), "into": kept.as_str() }),
        )?;
    }
    Ok(())
}

/// How a customer stands as a side of a merge.
pub fn side(r: &mut Read<'_>, id: &CustomerId) -> Result<Side> {
    let alone = alone(r, id)?.ok_or_else(|| Error::not_found("There is no such customer."))?;
    let others = if alone.has_others { merged_into(r, id)?.len() } else { 0 };
    Ok(Side {
        id: id.clone(),
        merged_into: alone.merged_into,
        others,
        is_erased: alone.person.erased_at.is_some(),
    })
}

/// Somebody as they are without whom they were merged with; for pages that show both sides.
pub fn find_alone(r: &mut Read<'_>, id: &CustomerId) -> Result<Option<Person>> {
    Ok(alone(r, id)?.map(|alone| alone.person))
}

/// Who was merged into somebody.
pub(crate) fn merged_into(r: &mut Read<'_>, id: &CustomerId) -> Result<Vec<CustomerId>> {
    let rows = r.rows(&MERGED_INTO, params![id.as_str()])?;
    rows.iter().map(|row| row.get("id").map(CustomerId::stored)).collect()
}

/// Several customers as the one person they are, pure; the first is whom the others were merged into.
///
/// What the first one lacks is taken from the others. The channel is the one that was stated last; an address is dead when
/// it is for one of them; and who asked to be left in peace is, until the last of what they asked.
pub fn unite(people: Vec<Person>) -> Option<Person> {
    let others: Vec<CustomerId> = people.iter().skip(1).map(|person| person.id.clone()).collect();
    let first = people.first()?.clone();
    let stated = people.iter().filter(|person| person.preferred_channel.is_some());
    let stated = stated.max_by_key(|person| (person.preferred_at, person.id == first.id));
    Some(Person {
        others,
        created_at: people.iter().map(|person| person.created_at).min()?,
        preferred_channel: stated.and_then(|person| person.preferred_channel),
        preferred_at: stated.and_then(|person| person.preferred_at),
        paused_until: people.iter().filter_map(|person| person.paused_until).max(),
        own_hours: people.iter().find_map(|person| person.own_hours.clone()),
        locale: people.iter().find_map(|person| person.locale.clone()),
        zone: people.iter().find_map(|person| person.zone.clone()),
        name: people.iter().find_map(|person| person.name.clone()),
        contact_points: contact_points(&people),
        consents: Vec::new(),
        ..first
    })
}

fn contact_points(people: &[Person]) -> Vec<ContactPoint> {
    let mut points: BTreeMap<(Channel, &str), ContactPoint> = BTreeMap::new();
    for point in people.iter().flat_map(|person| &person.contact_points) {
        let known = points.entry((point.channel, &point.key)).or_insert_with(|| point.clone());
        known.dead_at = known.dead_at.or(point.dead_at);
        if point.first_seen_at < known.first_seen_at {
            *known = ContactPoint { dead_at: known.dead_at, ..point.clone() };
        }
    }
    let mut points: Vec<ContactPoint> = points.into_values().collect();
    points.sort_by_key(|point| point.first_seen_at);
    points
}

#[cfg(test)]
mod tests {
    use kernel::{Dice, Timestamp};

    use super::*;

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_ms(ms)
    }

    fn id(n: u64) -> CustomerId {
        CustomerId::new(at(1), &mut Dice::seeded(n))
    }

    fn person(n: u64) -> Person {
        Person {
            id: id(n),
            others: Vec::new(),
            created_at: at(n as i64),
            preferred_channel: None,
            preferred_at: None,
            paused_until: None,
            own_hours: None,
            erased_at: None,
            locale: None,
            zone: None,
            name: None,
            contact_points: Vec::new(),
            consents: Vec::new(),
        }
    }

    fn side(n: u64) -> Side {
        Side { id: id(n), merged_into: None, others: 0, is_erased: false }
    }

    #[test]
    fn a_merge_is_one_step_deep() {
        let (kept, gone) = (side(1), side(2));
        assert_eq!(may_merge(&kept, &gone), Ok(()));
        let again = Side { merged_into: Some(id(1)), ..gone.clone() };
        assert_eq!(may_merge(&Side { others: 1, ..kept.clone() }, &again), Ok(()), "done twice");
        for (kept, gone, obstacle) in [
            (side(1), side(1), Obstacle::TheSame),
            (side(1), Side { others: 1, ..side(2) }, Obstacle::HasOthers),
            (side(1), Side { merged_into: Some(id(3)), ..side(2) }, Obstacle::IsMerged),
            (Side { merged_into: Some(id(3)), ..side(1) }, side(2), Obstacle::IntoMerged),
            (Side { is_erased: true, ..side(1) }, side(2), Obstacle::Erased),
            (side(1), Side { is_erased: true, ..side(2) }, Obstacle::Erased),
            (Side { others: MOST_MERGED, ..side(1) }, side(2), Obstacle::TooMany),
        ] {
            assert_eq!(may_merge(&kept, &gone), Err(obstacle), "{obstacle:?}");
        }
    }

    #[test]
    fn one_person_has_what_each_of_them_has() {
        let point = |address: &str, seen: i64, dead: Option<i64>| ContactPoint {
            channel: Channel::Email,
            address: address.to_owned(),
            key: address.to_lowercase(),
            first_seen_at: at(seen),
            source: None,
            dead_at: dead.map(at),
        };
        let first = Person {
            preferred_channel: Some(Channel::Email),
            preferred_at: Some(at(10)),
            paused_until: Some(at(5)),
            contact_points: vec![point("A@x.test", 7, None)],
            ..person(2)
        };
        let second = Person {
            name: Some("Amina".to_owned()),
            preferred_channel: Some(Channel::Sms),
            preferred_at: Some(at(11)),
            paused_until: Some(at(9)),
            contact_points: vec![point("b@x.test", 3, None), point("a@x.test", 5, Some(6))],
            ..person(1)
        };
        let one = unite(vec![first, second]).unwrap();
        assert_eq!((one.id.clone(), one.ids()), (id(2), vec![id(2), id(1)]));
        assert_eq!((one.created_at, one.paused_until), (at(1), Some(at(9))));
        assert_eq!(one.preferred_channel, Some(Channel::Sms), "what was stated last");
        assert_eq!(one.name.as_deref(), Some("Amina"));
        let points: Vec<_> = one.contact_points.iter().map(|p| (&*p.address, p.dead_at.is_some())).collect();
        assert_eq!(points, [("b@x.test", false), ("a@x.test", true)], "oldest first, dead for one is dead");
        assert_eq!(unite(Vec::new()), None);
    }
}
