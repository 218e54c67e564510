//! Versions and drafts, in and out.

use db::{Read, Row, Write, params};
use kernel::{MessageId, Result, Timestamp};
use staff::StaffId;

use super::source::Design;

db::sql_file!(pub DESIGNS = "store.sql" {
    LATEST_VERSION = "latest_version",
    FIND_VERSION = "find_version",
    VERSIONS_BEFORE = "versions_before",
    INSERT_VERSION = "insert_version",
    FIND_DRAFT = "find_draft",
    DRAFTS_OF = "drafts_of",
    KEEP_DRAFT = "keep_draft",
    DROP_DRAFT = "drop_draft",
    WRITTEN_LATELY = "written_lately",
    ANY_VERSION = "any_version",
});

/// A saved version of a design.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Its number; counted from 1 within its template.
    pub version: u32,
    /// What it is.
    pub source: String,
    /// What its maker said of it.
    pub note: String,
    /// Who made it.
    pub made_by: StaffId,
    /// When.
    pub made_at: Timestamp,
}

/// What somebody is writing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The version it was begun from.
    pub base: u32,
    /// What it is by now.
    pub design: Design,
    /// What they say of it.
    pub note: String,
    /// When it was last changed.
    pub changed_at: Timestamp,
}

/// The live version of a template; none while it is as it came.
pub fn latest(r: &mut Read<'_>, template: &str) -> Result<Option<Version>> {
    r.row(&LATEST_VERSION, params![template])?.map(|row| version_of(&row)).transpose()
}

/// One version.
pub fn version(r: &mut Read<'_>, template: &str, version: u32) -> Result<Option<Version>> {
    r.row(&FIND_VERSION, params![template, version])?.map(|row| version_of(&row)).transpose()
}

/// A page of versions, the newest first.
pub(super) fn versions(r: &mut Read<'_>, template: &str, before: u32, limit: i64) -> Result<Vec<Version>> {
    r.rows(&VERSIONS_BEFORE, params![template, before, limit])?.iter().map(version_of).collect()
}

fn version_of(row: &Row) -> Result<Version> {
    Ok(Version {
        version: row.get("version")?,
        source: row.get("source")?,
        note: row.get("note")?,
        made_by: StaffId::stored(row.get("made_by")?),
        made_at: row.get("made_at")?,
    })
}

/// Writes the version after `base`; `false` when somebody else did so meanwhile.
pub(super) fn insert(
    w: &mut Write<'_>,
    template: &str,
    base: u32,
    source: &str,
    note: &str,
    by: &StaffId,
) -> Result<bool> {
    let (now, next) = (w.now, base + 1);
    let is_newest = latest(w, template)?.map_or(0, |latest| latest.version) == base;
    let params = params![template, next, source, note, by.as_str(), now];
    Ok(is_newest && w.execute(&INSERT_VERSION, params)? == 1)
}

/// What somebody is writing at a template.
pub(super) fn draft(r: &mut Read<'_>, by: &StaffId, template: &str) -> Result<Option<Draft>> {
    let draft = |row: Row| {
        Ok(Draft {
            base: row.get("base_version")?,
            design: Design::parse(&row.get::<String>("source")?)?,
            note: row.get("note")?,
            changed_at: row.get("changed_at")?,
        })
    };
    r.row(&FIND_DRAFT, params![by.as_str(), template])?.map(draft).transpose()
}

/// The templates somebody is writing at.
pub(super) fn drafts(r: &mut Read<'_>, by: &StaffId) -> Result<Vec<String>> {
    r.rows(&DRAFTS_OF, params![by.as_str()])?.iter().map(|row| row.get("template")).collect()
}

pub(super) fn keep(
    w: &mut Write<'_>,
    by: &StaffId,
    template: &str,
    base: u32,
    design: &Design,
    note: &str,
) -> Result<()> {
    let (now, source) = (w.now, design.source()?);
    w.send(&KEEP_DRAFT, params![by.as_str(), template, base, &source, note, now])?;
    Ok(())
}

pub(super) fn drop_draft(w: &mut Write<'_>, by: &StaffId, template: &str) -> Result<()> {
    w.send(&DROP_DRAFT, params![by.as_str(), template])?;
    Ok(())
}

/// The newest messages of a template, at most `limit`, as far as they are among the newest of all.
pub(super) fn written_lately(r: &mut Read<'_>, template: &str, limit: i64) -> Result<Vec<MessageId>> {
    let rows = r.rows(&WRITTEN_LATELY, params![template, limit])?;
    rows.iter().map(|row| row.get("id").map(MessageId::stored)).collect()
}

/// Whether any template was ever changed.
pub fn is_any_changed(r: &mut Read<'_>) -> Result<bool> {
    Ok(r.row(&ANY_VERSION, params![])?.is_some())
}
