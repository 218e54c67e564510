//! Work that is out of tries: it stays until a person has looked at it.

use db::{Read, Row, Write, params};
use kernel::{Result, Timestamp};

use crate::store::JobId;

db::sql_file!(pub PARKED = "parked.sql" {
    LIST_PARKED = "list_parked",
    PARKED_PAGE = "parked_page",
    FIND_PARKED = "find_parked",
    PARKED_KINDS = "parked_kinds",
    RETRY_PARKED = "retry_parked",
    RETRY_ONE = "retry_one",
    DISCARD_PARKED = "discard_parked",
});

/// Work that is out of tries and waits for a person.
#[derive(Clone, Debug)]
pub struct Parked {
    /// Its identifier.
    pub id: String,
    /// Which handler failed.
    pub kind: String,
    /// What it was about.
    pub key: String,
    /// How often it failed.
    pub attempts: u32,
    /// The last error, for the operator.
    pub error: String,
    /// Since when.
    pub parked_at: Timestamp,
}

/// The parked work, oldest first, at most `limit`.
pub fn parked(r: &mut Read<'_>, limit: i64) -> Result<Vec<Parked>> {
    r.rows(&LIST_PARKED, params![limit])?.iter().map(parked_of).collect()
}

/// Where a page of parked work ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParkedAfter {
    /// Since when the last of it is parked.
    pub parked_at: Timestamp,
    /// The last of it.
    pub id: JobId,
}

/// A page of the parked work, oldest first, behind the page before.
pub fn parked_page(r: &mut Read<'_>, after: Option<&ParkedAfter>, limit: i64) -> Result<Vec<Parked>> {
    let Some(after) = after else { return parked(r, limit) };
    let rows = r.rows(&PARKED_PAGE, params![after.parked_at, after.id.as_str(), limit])?;
    rows.iter().map(parked_of).collect()
}

/// One piece of parked work.
pub fn find_parked(r: &mut Read<'_>, id: &JobId) -> Result<Option<Parked>> {
    r.row(&FIND_PARKED, params![id.as_str()])?.as_ref().map(parked_of).transpose()
}

/// The kinds of parked work, and how much there is of each; nothing is counted beyond `most` altogether.
pub fn parked_kinds(r: &mut Read<'_>, most: i64) -> Result<Vec<(String, i64)>> {
    let rows = r.rows(&PARKED_KINDS, params![most])?;
    rows.iter().map(|row| Ok((row.get("kind")?, row.get("jobs")?))).collect()
}

/// Makes parked work due again at once, with all its tries: of one kind or of every, the oldest `at_most`. Returns how
/// much it was.
pub fn retry_parked(w: &mut Write<'_>, kind: Option<&str>, at_most: i64) -> Result<u64> {
    let now = w.now;
    let revived = w.execute(&RETRY_PARKED, params![now, kind, at_most])?;
    w.wake(crate::WAKE);
    Ok(revived)
}

/// The same of one piece; false when it is not parked any more.
pub fn retry_one(w: &mut Write<'_>, id: &JobId) -> Result<bool> {
    let now = w.now;
    let revived = w.execute(&RETRY_ONE, params![id.as_str(), now])?;
    w.wake(crate::WAKE);
    Ok(revived > 0)
}

/// Gives parked work up; false when it is not parked any more. Whoever asks sees to what it was about.
pub fn discard_parked(w: &mut Write<'_>, id: &JobId) -> Result<bool> {
    Ok(w.execute(&DISCARD_PARKED, params![id.as_str()])? > 0)
}

fn parked_of(row: &Row) -> Result<Parked> {
    Ok(Parked {
        id: row.get("id")?,
        kind: row.get("kind")?,
        key: row.get("key")?,
        attempts: row.get("attempts")?,
        error: row.get::<Option<String>>("last_error")?.unwrap_or_default(),
        parked_at: row.get("parked_at")?,
    })
}
