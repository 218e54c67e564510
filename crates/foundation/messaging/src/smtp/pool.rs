//! Sessions that wait for their next message.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use kernel::{Clock, Timestamp};

use super::opening::Line;

/// Servers close what is idle, and a firewall forgets it even earlier; a young session is worth the check.
const IDLE_FOR: Duration = Duration::from_secs(30);

/// The idle sessions of one provider.
pub(super) struct Pool {
    idle: Mutex<Vec<(Timestamp, Line)>>,
    messages_per_session: u32,
    clock: Arc<dyn Clock>,
}

impl Pool {
    /// An empty pool.
    pub fn new(messages_per_session: u32, clock: Arc<dyn Clock>) -> Self {
        Pool { idle: Mutex::default(), messages_per_session, clock }
    }

    /// The session that was used last and for how long it has waited; those that waited for too long are closed on the
    /// way.
    pub fn take(&self) -> Option<(Line, Duration)> {
        let now = self.clock.now();
        let mut idle = self.idle();
        idle.retain(|(since, _)| now.since(*since) < IDLE_FOR);
        idle.pop().map(|(since, line)| (line, now.since(since)))
    }

    /// Keeps a healthy session, unless it has carried as much as it may.
    pub fn keep(&self, line: Line) {
        if line.messages < self.messages_per_session {
            self.idle().push((self.clock.now(), line));
        }
    }

    /// How many are waiting.
    pub fn waiting(&self) -> usize {
        self.idle().len()
    }

    /// Nobody leaves the list half-changed, so a panic elsewhere does not spoil it.
    fn idle(&self) -> MutexGuard<'_, Vec<(Timestamp, Line)>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
