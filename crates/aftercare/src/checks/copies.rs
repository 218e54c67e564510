//! When the last copy of the shop was made, for whoever wonders whether there is one.

use db::{Read, Write, params};
use kernel::{Result, Timestamp};

use super::run::{FIND_CHECK, NOTE_BACKUP};

/// Writes down that a copy was made of how the shop was at `taken_at`.
pub fn note_backup(w: &mut Write<'_>, taken_at: Timestamp, bytes: u64) -> Result<()> {
    let (now, size) = (w.now, bytes.to_string());
    w.send(&NOTE_BACKUP, params![taken_at, now, &size])
}

/// The last copy that is known of: the moment of the shop in it, and its bytes.
pub(super) fn last_backup(r: &mut Read<'_>) -> Result<Option<(Timestamp, i64)>> {
    let Some(row) = r.row(&FIND_CHECK, params!["backup"])? else { return Ok(None) };
    let size: Option<String> = row.get("findings")?;
    let bytes = size.and_then(|text| text.parse().ok()).unwrap_or_default();
    Ok(Some((row.get("begun_at")?, bytes)))
}
