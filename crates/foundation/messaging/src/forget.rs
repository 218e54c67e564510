//! What messages know of a person, and how it is forgotten.

use customers::{ASKED_FOR, FORGOTTEN_AT_ONCE, Forgot, Knowledge, Subject, as_json, forget_rows, rows_of};
use db::{Read, Write, params};
use kernel::Result;
use serde_json::Value;

use crate::outcome;
use crate::store::{
    FORGET_CONTEXTS, FORGET_INBOX, FORGET_INCOMING_TEXTS, TELL_CONTEXTS, TELL_INBOX, TELL_INCOMING_TEXTS,
    TELL_MESSAGES,
};

/// Table by table. What is under way is ended first.
pub const KNOWLEDGE: &[Knowledge] = &[
    Knowledge { table: "messages", tell: |r, s| rows_of(r, s, &TELL_MESSAGES), forget: Some(cancel) },
    Knowledge {
        table: "message_contexts",
        tell: |r, s| rows_of(r, s, &TELL_CONTEXTS),
        forget: Some(|w, s| forget_rows(w, s, &FORGET_CONTEXTS)),
    },
    Knowledge {
        table: "incoming_texts",
        tell: |r, s| rows_of(r, s, &TELL_INCOMING_TEXTS),
        forget: Some(|w, s| forget_rows(w, s, &FORGET_INCOMING_TEXTS)),
    },
    Knowledge { table: "inbox_mails", tell: tell_inbox, forget: Some(forget_inbox) },
];

fn cancel(w: &mut Write<'_>, subject: &Subject) -> Result<Forgot> {
    /// Each ends with an event and wakes what waits behind it.
    const AT_ONCE: i64 = 50;
    for id in &subject.ids {
        if outcome::cancel_for(w, id, AT_ONCE)? as i64 == AT_ONCE {
            return Ok(Forgot::More(None));
        }
    }
    Ok(Forgot::All)
}

fn tell_inbox(r: &mut Read<'_>, subject: &Subject) -> Result<Vec<Value>> {
    let mut told = Vec::new();
    for (_, address, _) in &subject.addresses {
        told.extend(r.rows(&TELL_INBOX, params![address, ASKED_FOR as i64])?.iter().map(as_json));
    }
    Ok(told)
}

fn forget_inbox(w: &mut Write<'_>, subject: &Subject) -> Result<Forgot> {
    for (_, address, _) in &subject.addresses {
        if w.execute(&FORGET_INBOX, params![address, FORGOTTEN_AT_ONCE])? == FORGOTTEN_AT_ONCE as u64 {
            return Ok(Forgot::More(None));
        }
    }
    Ok(Forgot::All)
}
