//! What the database did, for `/metrics`.

use std::sync::atomic::{AtomicU64, Ordering};

/// Counts since the database was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DbStats {
    /// Transactions committed by writers (writes and claims).
    pub commits: u64,
    /// Closures run by writers, each run counted.
    pub closures: u64,
    /// Statements run by closures, reads included.
    pub statements: u64,
    /// Steps that SQLite's machine took for them: what they read and wrote, the same on every computer. PostgreSQL counts
    /// none.
    pub steps: u64,
    /// Closures whose work was rolled back because they failed.
    pub rollbacks: u64,
    /// Times that a batch or a closure was run again.
    pub retries: u64,
    /// Closures that took longer than 50 ms.
    pub slow_writes: u64,
    /// Closures waiting at this moment.
    pub queued: u64,
}

/// The counters behind [`DbStats`].
#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) commits: AtomicU64,
    pub(crate) closures: AtomicU64,
    pub(crate) statements: AtomicU64,
    pub(crate) steps: AtomicU64,
    pub(crate) rollbacks: AtomicU64,
    pub(crate) retries: AtomicU64,
    pub(crate) slow_writes: AtomicU64,
}

impl Counters {
    pub(crate) fn read(&self, queued: usize) -> DbStats {
        DbStats {
            commits: self.commits.load(Ordering::Relaxed),
            closures: self.closures.load(Ordering::Relaxed),
            statements: self.statements.load(Ordering::Relaxed),
            steps: self.steps.load(Ordering::Relaxed),
            rollbacks: self.rollbacks.load(Ordering::Relaxed),
            retries: self.retries.load(Ordering::Relaxed),
            slow_writes: self.slow_writes.load(Ordering::Relaxed),
            queued: queued as u64,
        }
    }
}

/// Adds one.
pub(crate) fn count(counter: &AtomicU64) {
    add(counter, 1);
}

/// Adds several.
pub(crate) fn add(counter: &AtomicU64, several: u64) {
    counter.fetch_add(several, Ordering::Relaxed);
}
