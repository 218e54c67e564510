//! What a worker needs of an engine: transactions, and what became of them.

use std::collections::BTreeSet;

use kernel::{Error, Kind};

use crate::conn::Conn;

/// What kind of transaction a closure asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Isolation {
    /// As if alone: the writer's batch.
    Serial,
    /// Rows of the job table, skipping those that other nodes hold (PostgreSQL only; SQLite has one writer).
    Claim,
    /// One snapshot, nothing written.
    Snapshot,
    /// Changes to the schema, one node at a time.
    Schema,
}

/// What became of a transaction that broke.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// Rolled back because of what others did; the same closures may run again at once.
    Again,
    /// The connection went away before COMMIT was sent; nothing was committed.
    Lost,
    /// The connection went away while committing.
    Unknown,
    /// Rolled back, and running it again now would not help.
    Failed,
    /// This connection could not begin it, and another of the same queue can.
    Elsewhere,
    /// COMMIT itself was refused by a constraint; one of the closures is to blame.
    Refused,
    /// The process has died, as an experiment wanted: nobody is told anything.
    Died,
}

/// A broken transaction: its fate, and words for the operator.
#[derive(Clone, Debug)]
pub(crate) struct Broken {
    pub(crate) fate: Fate,
    pub(crate) detail: String,
}

impl Broken {
    pub(crate) fn new(fate: Fate, detail: impl Into<String>) -> Self {
        Broken { fate, detail: detail.into() }
    }

    /// Adds the statement that failed first, when one did.
    pub(crate) fn because(self, failed: Option<String>) -> Self {
        let detail = match failed {
            Some(failed) => format!("{}: {failed}", self.detail),
            None => self.detail,
        };
        Broken { fate: self.fate, detail }
    }

    /// The error for one closure of the broken transaction.
    pub(crate) fn error(&self) -> Error {
        match self.fate {
            Fate::Again | Fate::Lost | Fate::Failed | Fate::Elsewhere | Fate::Died => {
                Error::unavailable(self.detail.clone())
            }
            Fate::Refused => constraint(self.detail.clone()),
            Fate::Unknown => {
                let words = "We can't say yet whether this was saved. Please look before you try again.";
                let unknown = Error::new(Kind::OutcomeUnknown, "outcome_unknown", words);
                unknown.detail(self.detail.clone()).retry_after_s(5)
            }
        }
    }
}

/// The error of a violated constraint, the same for both engines.
#[track_caller]
pub(crate) fn constraint(detail: impl Into<String>) -> Error {
    Error::new(Kind::Conflict, "constraint", "This contradicts what is stored already.").detail(detail)
}

/// One connection and its transaction. A closure's work lies in a savepoint, so that its failure undoes only its own.
pub(crate) trait Session: Conn + Send {
    /// Opens a transaction and the first savepoint, connecting first when there is no connection.
    fn begin(&mut self, isolation: Isolation) -> Result<(), Broken>;
    /// Keeps the last closure's work and opens the next savepoint.
    fn next(&mut self) -> Result<(), Broken>;
    /// Undoes the last closure's work; its savepoint stays open.
    fn undo(&mut self) -> Result<(), Broken>;
    /// Commits, telling other nodes whom to wake.
    fn commit(&mut self, wakes: &BTreeSet<&'static str>) -> Result<(), Broken>;
    /// Empties the log of what was committed, where the engine leaves that to its user. Whether it is empty.
    fn scrub(&mut self) -> bool {
        true
    }
    /// Gets rid of a broken transaction.
    fn abandon(&mut self);
    /// Whether the transaction broke under the last closure, whatever the closure made of it.
    fn broken(&mut self) -> Option<Broken>;
    /// Runs one statement of a migration.
    fn script(&mut self, sql: &str) -> kernel::Result<()>;
    /// A connection to a database of its own with the same rows in it, where the engine keeps them in memory.
    fn twin(&self) -> kernel::Result<Box<dyn Session>> {
        Err(kernel::Error::internal("only a database in memory has a twin"))
    }
    /// This connection as a closure sees it.
    fn conn(&mut self) -> &mut dyn Conn;
}
