//! How a database is opened.

use std::sync::Arc;

use kernel::{Clock, Dice};

use crate::{Edges, Wiring};

/// How a database is opened.
#[derive(Clone)]
pub struct Options {
    /// Where `now` comes from.
    pub clock: Arc<dyn Clock>,
    /// Where chance comes from.
    pub dice: Dice,
    /// What every closure can ask for.
    pub wiring: Wiring,
    /// How hard a commit is pressed to the disk.
    pub durability: Durability,
    /// Which threads do the work.
    pub mode: Mode,
    /// What goes wrong at the edges of commits, in experiments; only [`Mode::Inline`] on SQLite asks.
    pub edges: Option<Arc<dyn Edges>>,
}

impl Options {
    /// Full durability, threads of its own.
    pub fn new(clock: Arc<dyn Clock>, dice: Dice, wiring: Wiring) -> Self {
        Options { clock, dice, wiring, durability: Durability::Full, mode: Mode::Threads, edges: None }
    }
}

/// How hard a commit is pressed to the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// An answered write survives a power cut.
    Full,
    /// SQLite presses only its checkpoints to the disk: a power cut loses what was answered since the last one. For
    /// the experiment that shows so, and for nothing else. PostgreSQL ignores it.
    Normal,
    /// SQLite leaves the disk to the operating system while the demo is seeded. PostgreSQL ignores it.
    Bulk,
}

/// Which threads do the work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// One writer thread, a few readers.
    Threads,
    /// One closure at a time: on SQLite on the caller's thread inside `poll`; on PostgreSQL, whose blocking client
    /// panics inside a runtime, on one thread of its own. For stories and the simulator.
    Inline,
}
