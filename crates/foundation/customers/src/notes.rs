//! What the staff writes about a customer: notes, and contacts that no program saw, such as a call or a visit.
//!
//! The timeline holds that there is one, who wrote it and when it was; what it says is here.

use db::{Read, Row, SqlFile, Write, params};
use kernel::{CustomerId, Error, Result, Timestamp, id_type, text};
use serde_json::json;
use timeline::{Actor, NewEvent};

db::sql_file!(pub STORE = "notes.sql" {
    INSERT_NOTE = "insert_note",
    FIND_NOTE = "find_note",
    NOTES_OF_CUSTOMER = "notes_of_customer",
    EDIT_NOTE = "edit_note",
    REMOVE_NOTE = "remove_note",
});

pub(crate) static FILE: &SqlFile = &STORE;

/// The most characters of a subject.
pub const LONGEST_SUBJECT: usize = 200;
/// The most characters of what was said.
pub const LONGEST_BODY: usize = 8_000;

id_type!(
    /// A note, or a contact that was logged.
    NoteId, "nte"
);

/// How somebody was in touch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// By telephone.
    Phone,
    /// Over the counter, at the door.
    InPerson,
    /// By letter, or where we have no part: a fair, somebody else's site.
    Other,
}

impl Way {
    /// Every way.
    pub const ALL: [Way; 3] = [Way::Phone, Way::InPerson, Way::Other];

    /// The word used in rows and in forms.
    pub fn as_str(self) -> &'static str {
        match self {
            Way::Phone => "phone",
            Way::InPerson => "in_person",
            Way::Other => "other",
        }
    }

    /// As a person says it.
    pub fn words(self) -> &'static str {
        match self {
            Way::Phone => "By telephone",
            Way::InPerson => "In person",
            Way::Other => "Another way",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Result<Self> {
        let found = Way::ALL.into_iter().find(|way| way.as_str() == word);
        found.ok_or_else(|| Error::field("/way", "unknown_way", "Say how you were in touch."))
    }
}

/// Who began it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// They came to us.
    In,
    /// We went to them.
    Out,
}

impl Direction {
    /// Both.
    pub const ALL: [Direction; 2] = [Direction::In, Direction::Out];

    /// The word used in rows and in forms.
    pub fn as_str(self) -> &'static str {
        match self {
            Direction::In => "in",
            Direction::Out => "out",
        }
    }

    /// As a person says it.
    pub fn words(self) -> &'static str {
        match self {
            Direction::In => "They came to us",
            Direction::Out => "We went to them",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Result<Self> {
        let found = Direction::ALL.into_iter().find(|direction| direction.as_str() == word);
        found.ok_or_else(|| Error::field("/direction", "unknown_direction", "Say who began it."))
    }
}

/// A contact that no program saw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contact {
    /// How.
    pub way: Way,
    /// Who began it.
    pub direction: Direction,
}

/// What somebody writes down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wording {
    /// What it is about; a note may do without.
    pub subject: Option<String>,
    /// What it says.
    pub body: String,
}

impl Wording {
    /// Reads what was typed.
    pub fn parse(subject: &str, body: &str) -> Result<Self> {
        let subject = match text::line(subject, LONGEST_SUBJECT) {
            Ok(subject) => Some(subject),
            Err(text::TextFault::Empty) => None,
            Err(fault) => return Err(text::field_error("/subject", fault, LONGEST_SUBJECT)),
        };
        let body = text::paragraph(body, LONGEST_BODY)
            .map_err(|fault| text::field_error("/body", fault, LONGEST_BODY))?;
        Ok(Wording { subject, body })
    }
}

/// Something to be written down.
#[derive(Clone, Debug)]
pub struct NewNote<'a> {
    /// Its identifier, made with the form, so that a form that is sent twice writes once.
    pub id: NoteId,
    /// About whom.
    pub customer: &'a CustomerId,
    /// Of a contact, how it came about.
    pub contact: Option<Contact>,
    /// What it says.
    pub wording: &'a Wording,
    /// When it was.
    pub happened_at: Timestamp,
    /// Who of the staff writes it.
    pub by: &'a str,
}

/// A note or a contact as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Its identifier.
    pub id: NoteId,
    /// About whom.
    pub customer: CustomerId,
    /// Of a contact, how it came about.
    pub contact: Option<Contact>,
    /// What it says.
    pub wording: Wording,
    /// When it was.
    pub happened_at: Timestamp,
    /// Who of the staff wrote it.
    pub written_by: String,
    /// When it was written down.
    pub written_at: Timestamp,
    /// When it was last changed, if it was.
    pub edited_at: Option<Timestamp>,
}

/// Writes a note or a contact down. Whether it is new.
pub fn write_note(w: &mut Write<'_>, new: &NewNote<'_>) -> Result<bool> {
    let now = w.now;
    let kind = if new.contact.is_some() { "contact" } else { "note" };
    let params = params![
        new.id.as_str(),
        new.customer.as_str(),
        kind,
        new.contact.map(|contact| contact.way.as_str()),
        new.contact.map(|contact| contact.direction.as_str()),
        &new.wording.subject,
        &new.wording.body,
        new.happened_at,
        new.by,
        now,
    ];
    if w.execute(&INSERT_NOTE, params)? == 0 {
        return Ok(false);
    }
    let (event, payload) = match new.contact {
        Some(Contact { way, direction }) => {
            ("contact.logged", json!({ "way": way.as_str(), "direction": direction.as_str() }))
        }
        None => ("note.written", json!({})),
    };
    timeline::record(
        w,
        &NewEvent {
            kind: event,
            version: 1,
            subject: (kind, new.id.as_str()),
            customer: Some(new.customer),
            actor: Actor::Staff(new.by.to_owned()),
            cause: None,
            occurred_at: new.happened_at,
            source_key: &format!("{event}:{}", new.id),
            payload,
        },
    )?;
    Ok(true)
}

/// Says it in other words. Whether it was there.
pub fn edit_note(w: &mut Write<'_>, id: &NoteId, wording: &Wording) -> Result<bool> {
    let now = w.now;
    Ok(w.execute(&EDIT_NOTE, params![id.as_str(), &wording.subject, &wording.body, now])? > 0)
}

/// Forgets what it said; the timeline keeps that there was one. Whether it was there.
pub fn remove_note(w: &mut Write<'_>, id: &NoteId) -> Result<bool> {
    Ok(w.execute(&REMOVE_NOTE, params![id.as_str()])? > 0)
}

/// A note or contact.
pub fn note(r: &mut Read<'_>, id: &NoteId) -> Result<Option<Note>> {
    r.row(&FIND_NOTE, params![id.as_str()])?.map(|row| note_of(&row)).transpose()
}

/// What was written about a customer, oldest first, behind `after`, at most `limit`.
pub fn notes_of(
    r: &mut Read<'_>,
    customer: &CustomerId,
    after: Option<&NoteId>,
    limit: i64,
) -> Result<Vec<Note>> {
    let after = after.map_or("", NoteId::as_str);
    r.rows(&NOTES_OF_CUSTOMER, params![customer.as_str(), after, limit])?.iter().map(note_of).collect()
}

fn note_of(row: &Row) -> Result<Note> {
    let way: Option<String> = row.get("way")?;
    let direction: Option<String> = row.get("direction")?;
    let contact = match (way, direction) {
        (Some(way), Some(direction)) => {
            Some(Contact { way: Way::parse(&way)?, direction: Direction::parse(&direction)? })
        }
        _ => None,
    };
    Ok(Note {
        id: NoteId::stored(row.get("id")?),
        customer: CustomerId::stored(row.get("customer_id")?),
        contact,
        wording: Wording { subject: row.get("subject")?, body: row.get("body")? },
        happened_at: row.get("happened_at")?,
        written_by: row.get("written_by")?,
        written_at: row.get("written_at")?,
        edited_at: row.get("edited_at")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_bounded_and_says_something() {
        let said = Wording::parse(" Late ", "She rang.\nTwice.").unwrap();
        assert_eq!((said.subject.as_deref(), &*said.body), (Some("Late"), "She rang.\nTwice."));
        assert_eq!(Wording::parse("", "x").unwrap().subject, None);
        let long = "x".repeat(LONGEST_BODY + 1);
        for (subject, body, field) in
            [("a\nb", "x", "/subject"), ("", " ", "/body"), ("", "a\0b", "/body"), ("", &long, "/body")]
        {
            assert_eq!(Wording::parse(subject, body).unwrap_err().fields()[0].pointer, field);
        }
        for way in Way::ALL {
            assert_eq!(Way::parse(way.as_str()).unwrap(), way);
        }
        for direction in Direction::ALL {
            assert_eq!(Direction::parse(direction.as_str()).unwrap(), direction);
        }
        assert!(Way::parse("").is_err() && Direction::parse("up").is_err());
    }
}
