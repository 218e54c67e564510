//! Events, in and out.

use db::{Read, Row, SqlFile, Write, params};
use kernel::{CustomerId, EventId, Result, Timestamp};

use crate::event::{Event, NewEvent};
use crate::{incident, reactions};

db::sql_file!(pub STORE = "store.sql" {
    INSERT_EVENT = "insert_event",
    FIND_EVENT = "find_event",
    LATEST_EVENTS = "latest_events",
    EVENTS_ABOUT = "events_about",
    EVENTS_OF_CUSTOMER = "events_of_customer",
    EVENTS_OF_CUSTOMER_ABOUT = "events_of_customer_about",
    RECORDED_BETWEEN = "recorded_between",
    TELL_EVENTS = "tell_events",
    TELL_INCIDENTS = "tell_incidents",
});

/// The queries of this crate.
pub static SQL: &[&SqlFile] = &[&STORE, incident::FILE];

/// Appends an event and sets off its reactions. `None` when this happening was recorded before: nothing is done then.
pub fn record(w: &mut Write<'_>, new: &NewEvent<'_>) -> Result<Option<EventId>> {
    let id = EventId::new(w.now, w.dice);
    let event = Event {
        id: id.clone(),
        kind: new.kind.to_owned(),
        version: new.version,
        subject_kind: new.subject.0.to_owned(),
        subject_id: new.subject.1.to_owned(),
        customer: new.customer.cloned(),
        actor_kind: new.actor.kind().to_owned(),
        actor_id: Some(new.actor.id().to_owned()),
        occurred_at: new.occurred_at,
        recorded_at: w.now,
        payload: new.payload.clone(),
    };
    if insert(w, &event, new)? == 0 {
        return Ok(None);
    }
    reactions::set_off(w, &event)?;
    Ok(Some(id))
}

fn insert(w: &mut Write<'_>, event: &Event, new: &NewEvent<'_>) -> Result<u64> {
    let payload = event.payload.to_string();
    w.execute(
        &INSERT_EVENT,
        params![
            event.id.as_str(),
            new.kind,
            new.version,
            new.subject.0,
            new.subject.1,
            new.customer.map(CustomerId::as_str),
            new.actor.kind(),
            new.actor.id(),
            new.cause.map(EventId::as_str),
            event.occurred_at,
            event.recorded_at,
            new.source_key,
            &payload,
        ],
    )
}

/// The event by this identifier.
pub fn find(r: &mut Read<'_>, id: &EventId) -> Result<Option<Event>> {
    r.row(&FIND_EVENT, params![id.as_str()])?.map(|row| event_of(&row)).transpose()
}

/// Events by when they were recorded, from `since` until before `until`, oldest first, at most `limit`. A page goes on
/// behind the event the page before ended with.
pub fn recorded_between(
    r: &mut Read<'_>,
    since: Timestamp,
    until: Timestamp,
    after: Option<&EventId>,
    limit: i64,
) -> Result<Vec<Event>> {
    let last = after.map(|id| find(r, id)).transpose()?.flatten();
    let (from, id) = last.as_ref().map_or((since, ""), |event| (event.recorded_at, event.id.as_str()));
    r.rows(&RECORDED_BETWEEN, params![from, id, until, limit])?.iter().map(event_of).collect()
}

/// The newest events of the shop, newest first, at most `limit`.
pub fn latest(r: &mut Read<'_>, limit: i64) -> Result<Vec<Event>> {
    r.rows(&LATEST_EVENTS, params![limit])?.iter().map(event_of).collect()
}

/// What happened to one thing, newest first, at most `limit`.
pub fn about(r: &mut Read<'_>, subject: (&str, &str), limit: i64) -> Result<Vec<Event>> {
    r.rows(&EVENTS_ABOUT, params![subject.0, subject.1, limit])?.iter().map(event_of).collect()
}

/// What happened to a person, newest first, at most `limit`, whichever of these customers they are; a page goes on behind
/// the event the page before ended with. `about` says of which kinds of thing; nothing is everything.
pub fn of_customers(
    r: &mut Read<'_>,
    customers: &[CustomerId],
    about: &[&str],
    after: Option<&EventId>,
    limit: i64,
) -> Result<Vec<Event>> {
    let last = after.map(|id| find(r, id)).transpose()?.flatten();
    let (before, id) = last
        .as_ref()
        .map_or((Timestamp::from_ms(i64::MAX), ""), |event| (event.occurred_at, event.id.as_str()));
    let is_all = about.is_empty();
    let kind = |place: usize| about.get(place).or(about.last()).copied().unwrap_or_default();
    let mut events = Vec::new();
    for customer in customers {
        let rows = if is_all {
            r.rows(&EVENTS_OF_CUSTOMER, params![customer.as_str(), before, id, limit])?
        } else {
            let params = params![customer.as_str(), before, id, limit, kind(0), kind(1), kind(2)];
            r.rows(&EVENTS_OF_CUSTOMER_ABOUT, params)?
        };
        events.extend(rows.iter().map(event_of).collect::<Result<Vec<_>>>()?);
    }
    events.sort_by(|a, b| (b.occurred_at, b.id.as_str()).cmp(&(a.occurred_at, a.id.as_str())));
    events.truncate(usize::try_from(limit).unwrap_or_default());
    Ok(events)
}

fn event_of(row: &Row) -> Result<Event> {
    Ok(Event {
        id: EventId::stored(row.get("id")?),
        kind: row.get("kind")?,
        version: row.get("version")?,
        subject_kind: row.get("subject_kind")?,
        subject_id: row.get("subject_id")?,
        customer: row.get::<Option<String>>("customer_id")?.map(CustomerId::stored),
        actor_kind: row.get("actor_kind")?,
        actor_id: row.get("actor_id")?,
        occurred_at: row.get("occurred_at")?,
        recorded_at: row.get("recorded_at")?,
        payload: serde_json::from_str(&row.get::<String>("payload")?)?,
    })
}
