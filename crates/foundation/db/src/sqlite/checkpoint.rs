//! Moves the write-ahead log into the file beside the writer, so that commits need not stop for it.

use std::path::Path;
use std::sync::Arc;
use std::thread;

use kernel::Result;

use crate::queue::Queue;

/// A commit of a batch writes some ten pages; this keeps the log at a few megabytes.
const COMMITS_BETWEEN: u32 = 100;

/// A thread with a connection of its own that checkpoints when told.
pub(crate) struct Checkpointer {
    due: Arc<Queue<()>>,
}

impl Checkpointer {
    pub(crate) fn start(path: &Path) -> Result<Self> {
        let db = super::open_reader(path)?;
        // `query_only` forbids checkpoints too.
        super::fault::of_script(db.execute_batch("PRAGMA query_only=OFF;"))?;
        let due = Arc::new(Queue::new());
        let signal = Arc::clone(&due);
        thread::Builder::new()
            .name("db-checkpoint".to_owned())
            .spawn(move || {
                while signal.take().is_some() {
                    // PASSIVE takes no lock that a writer or reader waits for; what it leaves, the next one takes.
                    let moved = db.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
                    if let Err(error) = moved {
                        tracing::warn!(%error, "checkpoint.failed");
                    }
                }
            })
            .map_err(|error| kernel::Error::unavailable(format!("no thread for checkpoints: {error}")))?;
        Ok(Checkpointer { due })
    }

    /// What the writer calls after each commit.
    pub(crate) fn after_commit(self) -> impl FnMut() + Send + 'static {
        let mut commits = 0;
        move || {
            commits += 1;
            if commits >= COMMITS_BETWEEN && self.due.len() == 0 {
                commits = 0;
                // The queue closes only with this closure, so the signal always gets in.
                let _ = self.due.push(());
            }
        }
    }
}

impl Drop for Checkpointer {
    fn drop(&mut self) {
        self.due.close();
    }
}
