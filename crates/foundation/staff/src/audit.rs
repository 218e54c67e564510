//! Who changed what.

use db::{Read, Row, Write, params};
use kernel::{Result, Timestamp};

use crate::store::{AUDIT_ABOUT, COUNT_AUDIT_OF, INSERT_AUDIT, LIST_AUDIT};
use crate::{AuditId, StaffId};

/// A line of the audit log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Who; none is a command on the machine itself.
    pub by: Option<StaffId>,
    /// Their name, while they work here.
    pub name: Option<String>,
    /// Past tense: `staff.invited`.
    pub action: String,
    /// What it was done to: kind and id.
    pub subject: (String, String),
    /// How it was; of what is personal only that it changed.
    pub before: Option<String>,
    /// How it is.
    pub after: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// Writes down what somebody did, in the write that did it.
pub fn note(
    w: &mut Write<'_>,
    by: Option<&StaffId>,
    action: &str,
    subject: (&str, &str),
    before: Option<&str>,
    after: Option<&str>,
) -> Result<()> {
    let now = w.now;
    let (id, by) = (AuditId::new(now, w.dice), by.map(StaffId::as_str));
    w.execute(&INSERT_AUDIT, params![id.as_str(), by, action, subject.0, subject.1, before, after, now])?;
    Ok(())
}

/// How often somebody has done something since `since`; not counted beyond `most`.
pub fn count_of(r: &mut Read<'_>, by: &StaffId, action: &str, since: Timestamp, most: i64) -> Result<i64> {
    r.one(&COUNT_AUDIT_OF, params![by.as_str(), action, since, most])?.get("entries")
}

/// The newest lines, at most `limit`.
pub fn audited(r: &mut Read<'_>, limit: i64) -> Result<Vec<Entry>> {
    r.rows(&LIST_AUDIT, params![limit])?.iter().map(entry_of).collect()
}

/// The newest lines about one thing, at most `limit`.
pub fn audited_about(r: &mut Read<'_>, subject: (&str, &str), limit: i64) -> Result<Vec<Entry>> {
    r.rows(&AUDIT_ABOUT, params![subject.0, subject.1, limit])?.iter().map(entry_of).collect()
}

fn entry_of(row: &Row) -> Result<Entry> {
    Ok(Entry {
        by: row.get::<Option<String>>("staff_id")?.map(StaffId::stored),
        name: row.get("name")?,
        action: row.get("action")?,
        subject: (row.get("subject_kind")?, row.get("subject_id")?),
        before: row.get("before")?,
        after: row.get("after")?,
        at: row.get("at")?,
    })
}
