//! What a restore has left to be decided.

use db::Db;

use super::finding::{Finding, bad, good};
use crate::commands;

/// Nothing to say when there was no restore, or all of it was let go.
pub(super) fn examine(db: &Db) -> Option<Finding> {
    if commands::block_on(db.read("doctor.restored", ::db::unfinished_restore)).unwrap_or(false) {
        let found = "a restore has not come to its end; this database is not served";
        return Some(bad("restore", found, "Run it again: aftercare restore FILE"));
    }
    // A schema that is not there yet has its own finding.
    let held = commands::block_on(db.read("doctor.held", messaging::held_by_restore)).ok().flatten()?;
    let at = held.hold.restored_at;
    let found = format!("{} messages that were due before the restore of {at} are held", held.messages);
    let fix = format!(
        "When the shop this is a copy of no longer runs: aftercare messages release --due-before {at}"
    );
    Some(if held.messages == 0 { good("restore", found).advice(fix) } else { bad("restore", found, fix) })
}
