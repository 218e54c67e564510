//! Long work that somebody asked for: an export, a message sent again to many people.
//!
//! A task is a row that says how far it has come. Its job does one chunk after the other; each chunk moves the cursor in
//! the write that does it, so a process that is killed leaves nothing half done and the next one goes on behind it.
//! What it writes is kept in parts until [`KEPT_FOR`] has passed.

mod kinds;
mod left;
mod step;
mod store;

pub use kinds::{Chunk, Count, Fault, FileKind, TaskKind, Tasks, Work};
pub use left::time_left;
pub use step::{FORGET_PARTS, RunTasks, STEP, drop_files, forget_old_parts};
pub(crate) use store::TASKS;
pub use store::{Task, TaskId, TaskState, faults, find, go_on, has_file, latest, no_task, part, start, stop};

use std::time::Duration;

/// How long the file of a task is kept.
pub const KEPT_FOR: Duration = Duration::from_secs(7 * 86_400);
