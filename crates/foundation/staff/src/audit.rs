//! Who changed what.

use db::{Read, Row, Write, params};
use kernel::{Result, Timestamp};

use crate::store::{
    AUDIT_ABOUT, AUDIT_ACTIONS, AUDIT_OF_ACTION, AUDIT_OF_MACHINE, AUDIT_OF_PERSON, COUNT_AUDIT_OF,
    INSERT_AUDIT, LIST_AUDIT,
};
use crate::{AuditId, StaffId};

/// A line of the audit log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The line itself.
    pub id: AuditId,
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
    w.send(&INSERT_AUDIT, params![id.as_str(), by, action, subject.0, subject.1, before, after, now])?;
    Ok(())
}

/// How often somebody has done something since `since`; not counted beyond `most`.
pub fn count_of(r: &mut Read<'_>, by: &StaffId, action: &str, since: Timestamp, most: i64) -> Result<i64> {
    r.one(&COUNT_AUDIT_OF, params![by.as_str(), action, since, most])?.get("entries")
}

/// The newest lines about one thing, at most `limit`.
pub fn audited_about(r: &mut Read<'_>, subject: (&str, &str), limit: i64) -> Result<Vec<Entry>> {
    r.rows(&AUDIT_ABOUT, params![subject.0, subject.1, limit])?.iter().map(entry).collect()
}

/// Whose lines are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum By {
    /// Everybody's.
    #[default]
    Anybody,
    /// What one person did.
    Person(StaffId),
    /// What was done by a command on the machine itself.
    Machine,
}

/// Which lines are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// By whom.
    pub by: By,
    /// What was done; every action when none is named.
    pub action: Option<String>,
}

/// Sorts after every line.
const AFTER_ALL: &str = "aud_~";

/// The newest lines, at most `limit`.
pub fn audited(r: &mut Read<'_>, limit: i64) -> Result<Vec<Entry>> {
    audit_page(r, &AuditFilter::default(), None, limit)
}

/// A page of lines that were written before `before`, the newest first.
pub fn audit_page(
    r: &mut Read<'_>,
    filter: &AuditFilter,
    before: Option<&AuditId>,
    limit: i64,
) -> Result<Vec<Entry>> {
    let before = before.map_or(AFTER_ALL, AuditId::as_str);
    let action = filter.action.as_deref();
    let rows = match (&filter.by, action) {
        (By::Anybody, None) => r.rows(&LIST_AUDIT, params![before, limit])?,
        (By::Anybody, Some(action)) => r.rows(&AUDIT_OF_ACTION, params![before, limit, action])?,
        (By::Person(id), action) => r.rows(&AUDIT_OF_PERSON, params![before, limit, id.as_str(), action])?,
        (By::Machine, action) => r.rows(&AUDIT_OF_MACHINE, params![before, limit, action])?,
    };
    rows.iter().map(entry).collect()
}

/// Everything that was ever done, by its word.
pub fn audit_actions(r: &mut Read<'_>) -> Result<Vec<String>> {
    r.rows(&AUDIT_ACTIONS, params![])?.iter().map(|row| row.get("action")).collect()
}

fn entry(row: &Row) -> Result<Entry> {
    Ok(Entry {
        id: AuditId::stored(row.get("id")?),
        by: row.get::<Option<String>>("staff_id")?.map(StaffId::stored),
        name: row.get("name")?,
        action: row.get("action")?,
        subject: (row.get("subject_kind")?, row.get("subject_id")?),
        before: row.get("before")?,
        after: row.get("after")?,
        at: row.get("at")?,
    })
}
