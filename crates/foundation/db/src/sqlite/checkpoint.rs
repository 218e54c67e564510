//! Moves the write-ahead log into the file beside the writer, so that commits need not stop for it.

use std::path::Path;
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use kernel::Result;
use rusqlite::Connection;

use crate::queue::{Lane, Queue};

/// A commit of a batch writes some ten pages; this keeps the log at a few megabytes.
const COMMITS_BETWEEN: u32 = 100;

/// A thread with a connection of its own that checkpoints when told. It has ended when this is dropped: whoever has closed
/// a database may copy its file.
pub(crate) struct Checkpointer {
    due: Arc<Queue<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Checkpointer {
    pub(crate) fn start(path: &Path) -> Result<Self> {
        let due = Arc::new(Queue::new());
        let (signal, path) = (Arc::clone(&due), path.to_owned());
        let thread = thread::Builder::new()
            .name("db-checkpoint".to_owned())
            .spawn(move || serve(&path, &signal))
            .map_err(|error| kernel::Error::unavailable(format!("no thread for checkpoints: {error}")))?;
        Ok(Checkpointer { due, thread: Some(thread) })
    }

    /// What the writer calls after each commit.
    pub(crate) fn after_commit(self) -> impl FnMut() + Send + 'static {
        let mut commits = 0;
        move || {
            commits += 1;
            if commits >= COMMITS_BETWEEN && self.due.len() == 0 {
                commits = 0;
                // The queue closes only with this closure, so the signal always gets in.
                let _ = self.due.push(Lane::Door, ());
            }
        }
    }
}

/// Opens its connection when there is something to do for the first time.
fn serve(path: &Path, signal: &Queue<()>) {
    let mut open = None;
    while signal.take(true).is_some() {
        let connection = match open.take() {
            Some(connection) => Ok(connection),
            None => connect(path),
        };
        match connection {
            Ok(connection) => {
                move_log(&connection);
                open = Some(connection);
            }
            Err(error) => tracing::warn!(error = error.operator_detail(), "checkpoint.failed"),
        }
    }
}

fn connect(path: &Path) -> Result<Connection> {
    let db = super::open_reader(path)?;
    // `query_only` forbids checkpoints too.
    super::fault::of_script(db.execute_batch("PRAGMA query_only=OFF;"))?;
    Ok(db)
}

fn move_log(db: &Connection) {
    // PASSIVE takes no lock that a writer or reader waits for; what it leaves, the next one takes.
    if let Err(error) = db.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(())) {
        tracing::warn!(%error, "checkpoint.failed");
    }
}

impl Drop for Checkpointer {
    fn drop(&mut self) {
        self.due.close();
        // One that panicked has ended, too.
        let _ = self.thread.take().map(JoinHandle::join);
    }
}
