//! The passing of time: from due time to due time, every job at its own moment.

use jobs::Runner;
use kernel::{Clock, Result, ShiftedClock, Timestamp, VirtualClock};

/// A clock that can be moved ahead.
pub trait Movable: Clock {
    /// Moves ahead so that it is `instant`; a clock never goes back.
    fn move_to(&self, instant: Timestamp);
}

impl Movable for VirtualClock {
    fn move_to(&self, instant: Timestamp) {
        VirtualClock::move_to(self, instant);
    }
}

impl Movable for ShiftedClock {
    fn move_to(&self, instant: Timestamp) {
        ShiftedClock::move_to(self, instant);
    }
}

/// Lets time pass until `until`: stops at every moment something is due, and does it there.
/// Returns how much work was done.
pub async fn pass(runner: &Runner, clock: &dyn Movable, until: Timestamp) -> Result<usize> {
    let mut done = runner.run_due().await?;
    while let Some(due_at) = runner.next_due().await? {
        if due_at > until {
            break;
        }
        clock.move_to(due_at);
        done += runner.run_due().await?;
    }
    clock.move_to(until);
    Ok(done + runner.run_due().await?)
}
