//! A person is forgotten: everything that says who they are goes, and what is left has no face.
//!
//! It begins in one write, [`begin_erasure`]: from then on nobody is recognised as them, nothing is sent to them, and
//! whatever a shop tells of their orders stays faceless. The rest is a job that goes on in small writes until nothing is left.
//! What an address wished stays: it is kept as a keyed hash, and it is what keeps the next list from writing to it again.

use db::{Read, SqlFile, Write, params};
use jobs::{Lane, NewJob, Next};
use kernel::{CustomerId, Error, Result, Timestamp};
use serde_json::{Value, json};
use timeline::{TELL_EVENTS, TELL_INCIDENTS};

use crate::knowing::{self, Forgot, Knowing, Knowledge, Subject};
use crate::{Person, account, find, happened};

db::sql_file!(pub STORE = "erase.sql" {
    ASK_TO_ERASE = "ask_to_erase",
    MARK_ERASED = "mark_erased",
    FORGET_IDENTITIES = "forget_identities",
    FORGET_NAME = "forget_name",
    FORGET_CONTACT_POINTS = "forget_contact_points",
    FORGET_NOTES = "forget_notes",
    SEARCHED_TO = "searched_to",
    SET_SEARCHED_TO = "set_searched_to",
    FINISH_ERASURE = "finish_erasure",
    FIND_ERASURE = "find_erasure",
    TELL_CUSTOMER = "tell_customer",
    TELL_NAME = "tell_name",
    TELL_IDENTITIES = "tell_identities",
    TELL_CONTACT_POINTS = "tell_contact_points",
    TELL_CONSENTS = "tell_consents",
    TELL_TOPICS = "tell_topics",
    TELL_NOTES = "tell_notes",
});

pub(crate) static FILE: &SqlFile = &STORE;

/// The kind of job that forgets somebody.
pub const ERASE_JOB: &str = "customers.erase";

/// What this crate knows of a person.
pub const KNOWLEDGE: &[Knowledge] = &[
    account::KNOWLEDGE[0],
    account::KNOWLEDGE[1],
    account::KNOWLEDGE[2],
    Knowledge { table: "customers", tell: |r, s| knowing::rows_of(r, s, &TELL_CUSTOMER), forget: None },
    Knowledge { table: "consents", tell: |r, s| knowing::rows_of(r, s, &TELL_CONSENTS), forget: None },
    Knowledge { table: "topic_choices", tell: |r, s| knowing::rows_of(r, s, &TELL_TOPICS), forget: None },
    crate::limits::KNOWLEDGE,
    Knowledge { table: "events", tell: |r, s| knowing::rows_of(r, s, &TELL_EVENTS), forget: None },
    Knowledge { table: "incidents", tell: |r, s| knowing::rows_of(r, s, &TELL_INCIDENTS), forget: None },
    Knowledge {
        table: "customer_notes",
        tell: |r, s| knowing::rows_of(r, s, &TELL_NOTES),
        forget: Some(|w, s| knowing::forget_rows(w, s, &FORGET_NOTES)),
    },
    Knowledge {
        table: "identities",
        tell: |r, s| knowing::rows_of(r, s, &TELL_IDENTITIES),
        forget: Some(|w, s| knowing::forget_rows(w, s, &FORGET_IDENTITIES)),
    },
    Knowledge {
        table: "customer_profiles",
        tell: |r, s| knowing::rows_of(r, s, &TELL_NAME),
        forget: Some(forget_name),
    },
    Knowledge {
        table: "contact_points",
        tell: |r, s| knowing::rows_of(r, s, &TELL_CONTACT_POINTS),
        forget: Some(|w, s| knowing::forget_rows(w, s, &FORGET_CONTACT_POINTS)),
    },
];

fn forget_name(w: &mut Write<'_>, subject: &Subject) -> Result<Forgot> {
    for id in &subject.ids {
        w.send(&FORGET_NAME, params![id.as_str()])?;
    }
    Ok(Forgot::All)
}

/// An erasure that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erasure {
    /// When.
    pub asked_at: Timestamp,
    /// When nothing was left, if that is so.
    pub finished_at: Option<Timestamp>,
}

/// Everything that is known of a person, table by table, as the one documented shape, which names the tables of which it
/// does not hold all.
pub fn export(r: &mut Read<'_>, person: &Person) -> Result<Value> {
    let subject = Subject::of(person);
    let knowing = r.wired::<Knowing>()?.clone();
    let (mut tables, mut cut) = (serde_json::Map::new(), Vec::new());
    for knowledge in &knowing.0 {
        let mut told = (knowledge.tell)(r, &subject)?;
        if told.len() > knowing::MOST_TOLD {
            told.truncate(knowing::MOST_TOLD);
            cut.push(knowledge.table);
        }
        tables.insert(knowledge.table.to_owned(), Value::Array(told));
    }
    Ok(json!({
        "format": "aftercare.customer",
        "version": 1,
        "exported_at": r.now.to_string(),
        "customer": person.id.as_str(),
        "customers": person.ids().iter().map(CustomerId::as_str).collect::<Vec<_>>(),
        "cut": cut,
        "tables": tables,
    }))
}

/// Who asks that a person is forgotten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asker<'a> {
    /// Somebody of the staff.
    Staff(&'a str),
    /// The person, who has proved who they are.
    Themselves,
    /// The log of erasures beside the database, after a restore.
    Log,
}

impl Asker<'_> {
    fn source(self) -> String {
        match self {
            Asker::Staff(member) => happened::by_staff(member),
            Asker::Themselves => account::SIGN_IN.to_owned(),
            Asker::Log => "erasure log".to_owned(),
        }
    }

    fn member(&self) -> Option<&str> {
        match self {
            Asker::Staff(member) => Some(member),
            Asker::Themselves | Asker::Log => None,
        }
    }
}

/// Begins to forget a person. Whether that is news.
pub fn begin_erasure(w: &mut Write<'_>, id: &CustomerId, asker: Asker<'_>) -> Result<bool> {
    let person = find(w, id)?.ok_or_else(|| Error::not_found("There is no such customer."))?;
    let now = w.now;
    let mut is_news = false;
    for id in person.ids() {
        is_news |= w.execute(&ASK_TO_ERASE, params![id.as_str(), now, asker.member()])? > 0;
        w.send(&MARK_ERASED, params![id.as_str(), now])?;
        w.send(&FORGET_IDENTITIES, params![id.as_str(), knowing::FORGOTTEN_AT_ONCE])?;
    }
    if !is_news {
        return Ok(false);
    }
    happened::tell(w, "customer.erased", &person.id, &asker.source(), json!({}))?;
    let payload = json!({ "customer": person.id.as_str() });
    let key = person.id.as_str();
    jobs::enqueue(w, &NewJob { kind: ERASE_JOB, key, payload: &payload, due_at: now, lane: Lane::Reaction })?;
    Ok(true)
}

/// The handler of [`ERASE_JOB`]: forgets a bounded number of rows, and comes again until there are none.
pub fn erase(w: &mut Write<'_>, payload: &Value) -> Result<Next> {
    let id = CustomerId::parse(payload.get("customer").and_then(Value::as_str).unwrap_or_default())?;
    let Some(person) = find(w, &id)? else { return Ok(Next::Done) };
    let searched =
        w.row(&SEARCHED_TO, params![id.as_str()])?.map(|row| row.get("searched_to")).transpose()?;
    let subject = Subject { searched_to: searched.flatten(), ..Subject::of(&person) };
    let now = w.now;
    for knowledge in &w.wired::<Knowing>()?.clone().0 {
        let Some(forget) = knowledge.forget else { continue };
        match forget(w, &subject)? {
            Forgot::All => {}
            Forgot::More(searched_to) => {
                if searched_to.is_some() {
                    w.send(&SET_SEARCHED_TO, params![id.as_str(), &searched_to])?;
                }
                return Ok(Next::Again(now));
            }
        }
    }
    for id in person.ids() {
        w.send(&FINISH_ERASURE, params![id.as_str(), now])?;
    }
    // What was deleted must not stay readable in the log.
    w.scrub();
    Ok(Next::Done)
}

/// The erasure of a customer, if one was asked for.
pub fn erasure(r: &mut Read<'_>, id: &CustomerId) -> Result<Option<Erasure>> {
    r.row(&FIND_ERASURE, params![id.as_str()])?.map(|row| erasure_of(&row)).transpose()
}

fn erasure_of(row: &db::Row) -> Result<Erasure> {
    Ok(Erasure { asked_at: row.get("asked_at")?, finished_at: row.get("finished_at")? })
}
