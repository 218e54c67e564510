//! What a restore holds is let go by an operator: all of it, or part by part by when it was due.

use db::{Read, Write, params};
use jobs::RestoreHold;
use kernel::{MessageId, Purpose, Result, Timestamp, Urgency};

use crate::decide::Why;
use crate::outbox;
use crate::store::{COUNT_DUE_BETWEEN, RELEASED_WAITING, SET_RELEASED};

/// Messages that a restore holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldByRestore {
    /// When the database was restored, and what of it has been let go.
    pub hold: RestoreHold,
    /// How many messages wait.
    pub messages: u64,
}

/// The messages that a restore holds; `None` when there is no hold, or it is over.
pub fn held_by_restore(r: &mut Read<'_>) -> Result<Option<HeldByRestore>> {
    let Some(hold) = jobs::restore_hold(r)? else { return Ok(None) };
    let messages = due_between(r, hold.released_until, hold.restored_at)?;
    Ok(Some(HeldByRestore { hold, messages }))
}

/// Lets go the messages that were due before `time`. Returns how many that are. Those that wait already are to be
/// woken afterwards, with [`wake_released`].
pub fn release(w: &mut Write<'_>, time: Timestamp) -> Result<u64> {
    match jobs::release_hold(w, time)? {
        Some((before, after)) => due_between(w, before.released_until, after.released_until),
        None => Ok(0),
    }
}

/// Lets messages that were let go be decided again, a bounded number at a time. Returns how many; 0 when none is left.
pub fn wake_released(w: &mut Write<'_>, at_most: u32) -> Result<u64> {
    let now = w.now;
    let until = jobs::restore_hold(w)?.map_or(now, |hold| hold.released_until);
    let rows = w.rows(&RELEASED_WAITING, params![until, Why::Restored.words(), at_most])?;
    for row in &rows {
        let id = MessageId::stored(row.get("id")?);
        let purpose = Purpose::parse(&row.get::<String>("purpose")?)?;
        let urgency = Urgency::parse(&row.get::<String>("urgency")?)?;
        w.send(&SET_RELEASED, params![id.as_str()])?;
        outbox::decide_again(w, &id, outbox::lane_of(purpose, urgency), now)?;
    }
    Ok(rows.len() as u64)
}

/// What is still to be sent and of use, by when it was due.
fn due_between(r: &mut Read<'_>, from: Timestamp, to: Timestamp) -> Result<u64> {
    let now = r.now;
    let messages: i64 = r.one(&COUNT_DUE_BETWEEN, params![from, to, now])?.get("messages")?;
    Ok(messages.max(0) as u64)
}
