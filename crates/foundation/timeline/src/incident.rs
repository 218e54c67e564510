//! Something is wrong for a customer. While an incident is open, and for a while after it is cured, nothing is said to
//! them that could wait: no marketing, no question, no tip.
//!
//! A room opens and closes its own incidents; what they hold back is decided in `messaging`. Each kind has a greatest
//! age, so that one that was forgotten can't silence a customer for ever.

use std::time::Duration;

use db::{Read, Row, SqlFile, Write, params};
use jobs::Next;
use kernel::{CustomerId, Error, Result, Timestamp, id_type};
use serde_json::{Value, json};

use crate::{Actor, NewEvent, record};

db::sql_file!(pub STORE = "incident.sql" {
    INSERT_INCIDENT = "insert_incident",
    FIND_OPEN_INCIDENT = "find_open_incident",
    CLOSE_INCIDENT = "close_incident",
    INCIDENT_HOLDS_UNTIL = "incident_holds_until",
    INCIDENTS_TOO_OLD = "incidents_too_old",
    FIND_INCIDENT = "find_incident",
    INCIDENTS_OF_CUSTOMER = "incidents_of_customer",
});

pub(crate) static FILE: &SqlFile = &STORE;

/// The schedule that closes what nobody closed.
pub const FORGOTTEN_JOB: &str = "timeline.forgotten_incidents";
/// How often it looks.
pub const FORGOTTEN_EVERY: Duration = DAY;
/// As many are closed in one write.
const AT_ONCE: i64 = 200;

const DAY: Duration = Duration::from_secs(86_400);

id_type!(
    /// Something that is wrong for a customer.
    IncidentId, "inc"
);

/// What can be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum IncidentKind {
    /// A parcel or an order is late.
    Late,
    /// A parcel is lost.
    Lost,
    /// Something arrived damaged.
    Damaged,
    /// A return is under way.
    ReturnInProgress,
    /// A conversation with the shop is open.
    OpenConversation,
    /// They told us that they were not content.
    LowScore,
    /// Money that is due to them has not gone back.
    RefundOverdue,
}

impl IncidentKind {
    /// Every kind.
    pub const ALL: [IncidentKind; 7] = [
        IncidentKind::Late,
        IncidentKind::Lost,
        IncidentKind::Damaged,
        IncidentKind::ReturnInProgress,
        IncidentKind::OpenConversation,
        IncidentKind::LowScore,
        IncidentKind::RefundOverdue,
    ];

    /// The word used in rows and in events.
    pub fn as_str(self) -> &'static str {
        match self {
            IncidentKind::Late => "late",
            IncidentKind::Lost => "lost",
            IncidentKind::Damaged => "damaged",
            IncidentKind::ReturnInProgress => "return_in_progress",
            IncidentKind::OpenConversation => "open_conversation",
            IncidentKind::LowScore => "low_score",
            IncidentKind::RefundOverdue => "refund_overdue",
        }
    }

    /// As a person says it.
    pub fn words(self) -> &'static str {
        match self {
            IncidentKind::Late => "Something is late",
            IncidentKind::Lost => "A parcel is lost",
            IncidentKind::Damaged => "Something arrived damaged",
            IncidentKind::ReturnInProgress => "A return is under way",
            IncidentKind::OpenConversation => "They wait for an answer of ours",
            IncidentKind::LowScore => "They were not content",
            IncidentKind::RefundOverdue => "Money that is due to them has not gone back",
        }
    }

    /// Reads the word used in rows and in forms.
    pub fn parse(word: &str) -> Result<Self> {
        let found = IncidentKind::ALL.into_iter().find(|kind| kind.as_str() == word);
        found.ok_or_else(|| Error::internal(format!("unknown incident {word}")))
    }

    /// The oldest it may get: then it holds nothing back any more, cured or not.
    pub fn oldest(self) -> Duration {
        match self {
            IncidentKind::OpenConversation | IncidentKind::LowScore => 14 * DAY,
            IncidentKind::Late | IncidentKind::Lost | IncidentKind::Damaged => 30 * DAY,
            IncidentKind::ReturnInProgress | IncidentKind::RefundOverdue => 60 * DAY,
        }
    }

    /// How long the customer is left in peace after it is cured.
    pub fn cool_down(self) -> Duration {
        match self {
            IncidentKind::OpenConversation | IncidentKind::ReturnInProgress => 2 * DAY,
            IncidentKind::Late | IncidentKind::RefundOverdue => 3 * DAY,
            IncidentKind::Lost | IncidentKind::Damaged | IncidentKind::LowScore => 7 * DAY,
        }
    }
}

/// How an incident ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// What was wrong is put right: the cool-down begins.
    Cured,
    /// It was never wrong: nothing to cool down from.
    Mistaken,
    /// Nobody closed it.
    TooOld,
}

impl Ending {
    /// The word used in rows and in events.
    pub fn as_str(self) -> &'static str {
        match self {
            Ending::Cured => "cured",
            Ending::Mistaken => "mistaken",
            Ending::TooOld => "too_old",
        }
    }
}

/// What is wrong for a customer, or was a short while ago.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// Its identifier.
    pub id: IncidentId,
    /// What is wrong.
    pub kind: IncidentKind,
    /// With what: kind and id.
    pub subject: (String, String),
    /// Whose it is.
    pub customer: CustomerId,
    /// Since when.
    pub opened_at: Timestamp,
    /// When it was closed, if it was.
    pub closed_at: Option<Timestamp>,
    /// Until when the customer is left in peace for it, at the longest.
    pub holds_until: Timestamp,
}

struct Incident {
    id: IncidentId,
    kind: IncidentKind,
    subject: (String, String),
    customer: CustomerId,
}

/// Opens an incident of `kind` about `subject`. `None` when it is open already.
pub fn open_incident(
    w: &mut Write<'_>,
    kind: IncidentKind,
    subject: (&str, &str),
    customer: &CustomerId,
    actor: Actor,
) -> Result<Option<IncidentId>> {
    let now = w.now;
    let incident = Incident {
        id: IncidentId::new(now, w.dice),
        kind,
        subject: (subject.0.to_owned(), subject.1.to_owned()),
        customer: customer.clone(),
    };
    let oldest = now + kind.oldest();
    let params =
        params![incident.id.as_str(), kind.as_str(), subject.0, subject.1, customer.as_str(), now, oldest];
    if w.execute(&INSERT_INCIDENT, params)? == 0 {
        return Ok(None);
    }
    tell(w, "incident.opened", &incident, actor, json!({}))?;
    Ok(Some(incident.id))
}

/// Closes the incident of `kind` about `subject`. Whether there was one open.
pub fn close_incident(
    w: &mut Write<'_>,
    kind: IncidentKind,
    subject: (&str, &str),
    ending: Ending,
    actor: Actor,
) -> Result<bool> {
    let found = w.row(&FIND_OPEN_INCIDENT, params![kind.as_str(), subject.0, subject.1])?;
    let Some(incident) = found.map(|row| incident_of(&row)).transpose()? else { return Ok(false) };
    close(w, &incident, ending, actor)?;
    Ok(true)
}

/// Closes an incident by its identifier. Whether it was open; an unknown one is not found.
pub fn close_incident_named(
    w: &mut Write<'_>,
    id: &IncidentId,
    ending: Ending,
    actor: Actor,
) -> Result<bool> {
    let row = w.row(&FIND_INCIDENT, params![id.as_str()])?;
    let row = row.ok_or_else(|| Error::not_found("There is no such incident."))?;
    if row.get::<Option<Timestamp>>("closed_at")?.is_some() {
        return Ok(false);
    }
    close(w, &incident_of(&row)?, ending, actor)?;
    Ok(true)
}

/// What is wrong for a customer, or still counts, the newest first, at most a hundred.
pub fn incidents_of(r: &mut Read<'_>, customer: &CustomerId) -> Result<Vec<Wrong>> {
    let now = r.now;
    r.rows(&INCIDENTS_OF_CUSTOMER, params![customer.as_str(), now])?.iter().map(wrong_of).collect()
}

/// An incident by its identifier.
pub fn incident(r: &mut Read<'_>, id: &IncidentId) -> Result<Option<Wrong>> {
    r.row(&FIND_INCIDENT, params![id.as_str()])?.map(|row| wrong_of(&row)).transpose()
}

fn wrong_of(row: &Row) -> Result<Wrong> {
    let Incident { id, kind, subject, customer } = incident_of(row)?;
    Ok(Wrong {
        id,
        kind,
        subject,
        customer,
        opened_at: row.get("opened_at")?,
        closed_at: row.get("closed_at")?,
        holds_until: row.get("holds_until")?,
    })
}

fn close(w: &mut Write<'_>, incident: &Incident, ending: Ending, actor: Actor) -> Result<()> {
    let now = w.now;
    let holds_until = match ending {
        Ending::Cured => now + incident.kind.cool_down(),
        Ending::Mistaken | Ending::TooOld => now,
    };
    w.send(&CLOSE_INCIDENT, params![incident.id.as_str(), now, ending.as_str(), holds_until])?;
    tell(w, "incident.closed", incident, actor, json!({ "ending": ending.as_str() }))
}

/// Until when a customer is left in peace, by what is wrong for them or was a short while ago; `None` when nothing is.
pub fn incident_holds_until(r: &mut Read<'_>, customer: &CustomerId) -> Result<Option<Timestamp>> {
    let now = r.now;
    r.one(&INCIDENT_HOLDS_UNTIL, params![customer.as_str(), now])?.get("holds_until")
}

/// The handler of [`FORGOTTEN_JOB`]: closes what has got too old, so that the record says so.
pub fn close_forgotten_incidents(w: &mut Write<'_>, _: &Value) -> Result<Next> {
    let now = w.now;
    let rows = w.rows(&INCIDENTS_TOO_OLD, params![now, AT_ONCE])?;
    for row in &rows {
        close(w, &incident_of(row)?, Ending::TooOld, Actor::Rule("timeline"))?;
    }
    let is_more = rows.len() as i64 == AT_ONCE;
    Ok(if is_more { Next::Again(now) } else { Next::Done })
}

fn tell(
    w: &mut Write<'_>,
    kind: &'static str,
    incident: &Incident,
    actor: Actor,
    mut payload: Value,
) -> Result<()> {
    payload["kind"] = json!(incident.kind.as_str());
    payload[&incident.subject.0] = json!(incident.subject.1);
    let source_key = format!("{kind}:{}", incident.id);
    let occurred_at = w.now;
    record(
        w,
        &NewEvent {
            kind,
            version: 1,
            subject: ("incident", incident.id.as_str()),
            customer: Some(&incident.customer),
            actor,
            cause: None,
            occurred_at,
            source_key: &source_key,
            payload,
        },
    )?;
    Ok(())
}

fn incident_of(row: &Row) -> Result<Incident> {
    Ok(Incident {
        id: IncidentId::stored(row.get("id")?),
        kind: IncidentKind::parse(&row.get::<String>("kind")?)?,
        subject: (row.get("subject_kind")?, row.get("subject_id")?),
        customer: CustomerId::stored(row.get("customer_id")?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_read_as_it_is_written_and_ends_some_day() {
        for kind in IncidentKind::ALL {
            assert_eq!(IncidentKind::parse(kind.as_str()).unwrap(), kind);
            assert!(kind.cool_down() < kind.oldest() && kind.oldest() <= 60 * DAY, "{kind:?}");
        }
        assert!(IncidentKind::parse("bored").is_err());
    }
}
