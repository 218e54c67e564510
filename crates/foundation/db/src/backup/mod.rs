//! One backup format: a backup is always one SQLite file, whichever engine it was taken from, and `restore` loads it
//! into either engine. So it is also the way from one file to PostgreSQL, and back.
//!
//! The tables and their columns are whatever the migrations make: a table that is added tomorrow is in the backup
//! without anybody thinking of it. The file says what it is in tables of its own ([`manifest`]): its format, the
//! version of the schema, and for every table how many rows it has and a digest of them, so that a damaged file is
//! found out before anything is written.

mod check;
mod draft;
mod fault;
mod manifest;
mod postgres;
mod read;
mod restore;
mod rows;
mod shape;
mod sqlite;
mod take;

pub use manifest::{Manifest, TableNote};
pub use restore::{Restore, Restored};
pub use take::{BackedUp, Backup};

/// Hears how far a long copy has come.
pub trait Progress {
    /// `done` rows of a table are through, of `of` when that is known.
    fn rows(&mut self, doing: Doing, table: &str, done: u64, of: Option<u64>);
    /// `done` bytes of about `of` are copied.
    fn bytes(&mut self, done: u64, of: u64);
}

/// What is being done with the rows of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing {
    /// They are copied out of the database.
    BackingUp,
    /// They are read and checked; nothing is written yet.
    Checking,
    /// They are loaded into the database.
    Restoring,
}

/// Nobody listens.
impl Progress for () {
    fn rows(&mut self, _: Doing, _: &str, _: u64, _: Option<u64>) {}
    fn bytes(&mut self, _: u64, _: u64) {}
}
