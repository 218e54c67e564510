//! Leaving somebody in peace because they asked for it: what could wait, waits until then.

use std::time::Duration;

use db::{Read, SqlFile, Write, params};
use kernel::{CustomerId, Error, Result, Timestamp};
use serde_json::json;

use crate::happened;

db::sql_file!(pub STORE = "pause.sql" {
    SET_PAUSED_UNTIL = "set_paused_until",
    PAUSED_UNTIL = "paused_until",
});

pub(crate) static FILE: &SqlFile = &STORE;

/// The longest pause. Whoever wants to hear nothing for longer unsubscribes.
pub const LONGEST_PAUSE: Duration = Duration::from_secs(366 * 86_400);

/// Leaves somebody in peace until then: everything that can be switched off waits. A new pause takes the place of the one
/// before. Whether that is a change.
pub fn pause(w: &mut Write<'_>, id: &CustomerId, until: Timestamp, source: &str) -> Result<bool> {
    let now = w.now;
    if until <= now || until.since(now) > LONGEST_PAUSE {
        let words = "Choose a day that is still to come, at most a year from now.";
        return Err(Error::field("/until", "impossible_date", words));
    }
    set(w, id, Some(until), json!({ "what": "paused", "until": until.to_string() }), source)
}

/// Ends a pause. Whether there was one.
pub fn resume(w: &mut Write<'_>, id: &CustomerId, source: &str) -> Result<bool> {
    set(w, id, None, json!({ "what": "resumed" }), source)
}

fn set(
    w: &mut Write<'_>,
    id: &CustomerId,
    until: Option<Timestamp>,
    payload: serde_json::Value,
    source: &str,
) -> Result<bool> {
    if standing(w, id)? == until {
        return Ok(false);
    }
    w.send(&SET_PAUSED_UNTIL, params![id.as_str(), until])?;
    happened::tell(w, "customer.changed", id, source, payload)?;
    Ok(true)
}

/// Until when, while it lasts: one that is over is none.
fn standing(r: &mut Read<'_>, id: &CustomerId) -> Result<Option<Timestamp>> {
    let now = r.now;
    let row = r.row(&PAUSED_UNTIL, params![id.as_str()])?;
    let row = row.ok_or_else(|| Error::not_found("There is no such customer."))?;
    Ok(row.get::<Option<Timestamp>>("paused_until")?.filter(|until| *until > now))
}
