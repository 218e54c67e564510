//! What the staff writes down about an order or a person.

use db::{Read, Row, Write, params};
use kernel::{Error, Kind, Result, Timestamp, text};

use crate::store::{DELETE_STAFF_NOTE, FIND_STAFF_NOTE, INSERT_STAFF_NOTE, STAFF_NOTES_ABOUT};
use crate::{Member, NoteId, Permission, StaffId, note};

/// Characters of one note.
const MAX_CHARS: usize = 4_000;

/// Something the staff has written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Its identifier.
    pub id: NoteId,
    /// Who wrote it.
    pub by: StaffId,
    /// What they are called.
    pub name: String,
    /// What it says.
    pub body: String,
    /// When it was written.
    pub written_at: Timestamp,
}

impl Note {
    /// Whether somebody may remove it: who wrote it, and whoever may configure the shop.
    pub fn may_be_removed_by(&self, member: &Member) -> bool {
        may_remove(&self.by, member)
    }
}

fn may_remove(by: &StaffId, member: &Member) -> bool {
    *by == member.id || member.role.may(Permission::Configure)
}

/// Writes a note down.
pub fn add_note(w: &mut Write<'_>, member: &Member, subject: (&str, &str), body: &str) -> Result<NoteId> {
    let body = text::paragraph(body, MAX_CHARS)
        .map_err(|fault| Error::field("/body", fault.code(), fault.words(MAX_CHARS)))?;
    let (now, by) = (w.now, &member.id);
    let id = NoteId::new(now, w.dice);
    w.send(&INSERT_STAFF_NOTE, params![id.as_str(), subject.0, subject.1, by.as_str(), &body, now])?;
    note(w, Some(by), "note.added", subject, None, Some("changed"))?;
    Ok(id)
}

/// The notes about one thing, the newest first, at most `limit`.
pub fn notes(r: &mut Read<'_>, subject: (&str, &str), limit: i64) -> Result<Vec<Note>> {
    let note = |row: &Row| {
        Ok(Note {
            id: NoteId::stored(row.get("id")?),
            by: StaffId::stored(row.get("staff_id")?),
            name: row.get("name")?,
            body: row.get("body")?,
            written_at: row.get("written_at")?,
        })
    };
    r.rows(&STAFF_NOTES_ABOUT, params![subject.0, subject.1, limit])?.iter().map(note).collect()
}

/// Removes a note about `subject`. Removing what is gone already changes nothing.
pub fn remove_note(w: &mut Write<'_>, member: &Member, subject: (&str, &str), id: &NoteId) -> Result<()> {
    let Some(row) = w.row(&FIND_STAFF_NOTE, params![id.as_str(), subject.0, subject.1])? else {
        return Ok(());
    };
    if !may_remove(&StaffId::stored(row.get("staff_id")?), member) {
        let words = "Only who wrote a note, or a manager, can remove it.";
        return Err(Error::new(Kind::Forbidden, "not_allowed", words));
    }
    w.send(&DELETE_STAFF_NOTE, params![id.as_str()])?;
    note(w, Some(&member.id), "note.removed", subject, Some("changed"), None)
}
