//! What signing in leaves behind: told and forgotten with the person, and deleted when it is old.

use std::time::Duration;

use db::{Query, Read, Write, params};
use jobs::Next;
use kernel::Result;
use serde_json::Value;

use super::{
    DELETE_OLD_ASKS, DELETE_OLD_CODES, DELETE_OLD_PROOFS, DELETE_OLD_SESSIONS, FORGET_PROOFS,
    FORGET_SHOPPER_SESSIONS, FORGET_SIGN_IN_CODES, IDLE_FOR, TELL_PROOFS, TELL_SHOPPER_SESSIONS,
    TELL_SIGN_IN_CODES,
};
use crate::knowing::{FORGOTTEN_AT_ONCE, Forgot, Knowledge, MOST_TOLD, Subject, as_json};

/// What signing in knows of a person: by their addresses, so before these are forgotten.
pub(crate) const KNOWLEDGE: [Knowledge; 3] = [
    Knowledge {
        table: "sign_in_codes",
        tell: |r, s| tell(r, s, &TELL_SIGN_IN_CODES),
        forget: Some(|w, s| forget(w, s, &FORGET_SIGN_IN_CODES)),
    },
    Knowledge {
        table: "customer_sessions",
        tell: |r, s| tell(r, s, &TELL_SHOPPER_SESSIONS),
        forget: Some(|w, s| forget(w, s, &FORGET_SHOPPER_SESSIONS)),
    },
    Knowledge {
        table: "customer_proofs",
        tell: |r, s| tell(r, s, &TELL_PROOFS),
        forget: Some(|w, s| forget(w, s, &FORGET_PROOFS)),
    },
];

fn tell(r: &mut Read<'_>, subject: &Subject, query: &'static Query) -> Result<Vec<Value>> {
    let mut told = Vec::new();
    for (channel, _, key) in &subject.addresses {
        let rows = r.rows(query, params![channel.as_str(), key, MOST_TOLD as i64])?;
        told.extend(rows.iter().map(as_json));
    }
    told.truncate(MOST_TOLD);
    Ok(told)
}

fn forget(w: &mut Write<'_>, subject: &Subject, statement: &'static Query) -> Result<Forgot> {
    for (channel, _, key) in &subject.addresses {
        let done = w.execute(statement, params![channel.as_str(), key, FORGOTTEN_AT_ONCE])?;
        if done == FORGOTTEN_AT_ONCE as u64 {
            return Ok(Forgot::More(None));
        }
    }
    Ok(Forgot::All)
}

/// The kind of job that deletes what is old.
pub const FORGET_JOB: &str = "customers.forget_sign_ins";
/// Codes are looked at in case of trouble, and the longest limit on asking is a day.
const KEPT: Duration = Duration::from_secs(2 * 86_400);
/// As many rows go at once.
const CHUNK: i64 = 500;
const NEXT_CHUNK: Duration = Duration::from_secs(1);

/// The handler of [`FORGET_JOB`].
pub fn forget_old(w: &mut Write<'_>, _payload: &Value) -> Result<Next> {
    let (old, unused) = (w.now - KEPT, w.now - IDLE_FOR);
    let mut deleted = 0;
    deleted += w.execute(&DELETE_OLD_CODES, params![old, CHUNK])?;
    deleted += w.execute(&DELETE_OLD_ASKS, params![old, CHUNK])?;
    w.send(&DELETE_OLD_PROOFS, params![unused, CHUNK])?;
    deleted += w.execute(&DELETE_OLD_SESSIONS, params![unused, CHUNK])?;
    Ok(if deleted == 0 { Next::Done } else { Next::Again(w.now + NEXT_CHUNK) })
}
