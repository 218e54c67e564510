//! The hold that a restore puts on whatever was due before it.
//!
//! A backup is older than the moment it is restored. What was due in it may have been done in between, by the shop it
//! was taken of: mails sent, webhooks posted. So whoever talks to the outside asks here, in the write that decides, and
//! keeps what is held until an operator has let it go. Housekeeping and reading go on.

use db::{Read, Write, params};
use kernel::{Result, Timestamp, id_type};

db::sql_file!(pub HOLD = "hold.sql" {
    NEWEST_HOLD = "newest_hold",
    INSERT_HOLD = "insert_hold",
    RELEASE_HOLD = "release_hold",
});

id_type!(
    /// A hold.
    HoldId, "hld"
);

/// The hold of the last restore.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RestoreHold {
    id: HoldId,
    /// When the database was restored.
    pub restored_at: Timestamp,
    /// What was due before this has been let go.
    pub released_until: Timestamp,
}

impl RestoreHold {
    /// Whether what was due at `due_at` must not leave yet.
    pub fn holds(&self, due_at: Timestamp) -> bool {
        self.released_until <= due_at && due_at < self.restored_at
    }

    /// Whether everything has been let go.
    pub fn is_over(&self) -> bool {
        self.released_until >= self.restored_at
    }
}

/// The hold of the last restore, if there was one and something of it is left.
pub fn restore_hold(r: &mut Read<'_>) -> Result<Option<RestoreHold>> {
    let Some(row) = r.row(&NEWEST_HOLD, params![])? else { return Ok(None) };
    let hold = RestoreHold {
        id: HoldId::stored(row.get("id")?),
        restored_at: row.get("restored_at")?,
        released_until: row.get("released_until")?,
    };
    Ok((!hold.is_over()).then_some(hold))
}

/// Holds everything that was due before now: the last word of a restore.
pub fn hold_after_restore(w: &mut Write<'_>) -> Result<()> {
    let now = w.now;
    let id = HoldId::new(now, w.dice);
    w.send(&INSERT_HOLD, params![id.as_str(), now])
}

/// Lets go what was due before `time`, and nothing that was due after the restore. Returns the hold as it was and as it
/// is now; `None` when nothing is held. Never takes back what was let go.
pub fn release_hold(w: &mut Write<'_>, time: Timestamp) -> Result<Option<(RestoreHold, RestoreHold)>> {
    let Some(before) = restore_hold(w)? else { return Ok(None) };
    let released_until = time.min(before.restored_at).max(before.released_until);
    w.send(&RELEASE_HOLD, params![before.id.as_str(), released_until])?;
    let after = RestoreHold { released_until, ..before.clone() };
    Ok(Some((before, after)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hold(restored_at: i64, released_until: i64) -> RestoreHold {
        let at = Timestamp::from_ms;
        RestoreHold {
            id: HoldId::stored("hld_1".to_owned()),
            restored_at: at(restored_at),
            released_until: at(released_until),
        }
    }

    #[test]
    fn what_was_due_before_the_restore_is_held_until_it_is_let_go() {
        for (released_until, due_at, held) in [
            (0, 0, true),
            (0, 99, true),
            (0, 100, false),
            (0, 101, false),
            (50, 49, false),
            (50, 50, true),
            (100, 99, false),
        ] {
            let holds = hold(100, released_until).holds(Timestamp::from_ms(due_at));
            assert_eq!(holds, held, "released until {released_until}, due at {due_at}");
        }
        assert!(hold(100, 100).is_over() && !hold(100, 99).is_over());
    }
}
