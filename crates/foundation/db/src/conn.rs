//! What a closure sees of the database: one snapshot to read, or one transaction to write.

use std::ops::{Deref, DerefMut};

use kernel::{Dice, Error, Result, Timestamp};

use crate::wakes::Afterwards;
use crate::{Engine, Query, Row, Value, Wiring};

/// A connection inside a transaction, whichever engine it belongs to.
pub(crate) trait Conn {
    /// Which engine it is.
    fn engine(&self) -> Engine;
    /// Runs a named query and returns all its rows.
    fn query(&mut self, query: &'static Query, params: &[Value<'_>]) -> Result<Vec<Row>>;
    /// Runs a named statement and returns how many rows it touched.
    fn execute(&mut self, query: &'static Query, params: &[Value<'_>]) -> Result<u64>;
    /// Runs a named statement whose count nobody needs. Its answer may come later: an error of it is then that of the
    /// next statement, or of [`Conn::settle`].
    fn send(&mut self, query: &'static Query, params: &[Value<'_>]) -> Result<()> {
        self.execute(query, params).map(drop)
    }
    /// Waits for the answers of all that was sent.
    fn settle(&mut self) -> Result<()> {
        Ok(())
    }
    /// Prepares a named query without running it, and checks the types of its parameters and columns.
    fn prepare(&mut self, query: &'static Query) -> Result<()>;
    /// How the engine would run a named query, in its own words.
    fn explain(&mut self, query: &'static Query) -> Result<String>;
    /// The steps that its statements took since somebody asked, where the engine counts them.
    fn take_steps(&mut self) -> u64 {
        0
    }
}

/// One consistent snapshot.
pub struct Read<'a> {
    pub(crate) conn: &'a mut dyn Conn,
    pub(crate) wiring: &'a Wiring,
    /// The instant of this transaction. One transaction has one time.
    pub now: Timestamp,
}

impl Read<'_> {
    /// All rows.
    pub fn rows(&mut self, query: &'static Query, params: &[Value<'_>]) -> Result<Vec<Row>> {
        self.conn.query(query, params)
    }

    /// The only row, or none; more than one is an error.
    #[track_caller]
    pub fn row(&mut self, query: &'static Query, params: &[Value<'_>]) -> Result<Option<Row>> {
        let mut rows = self.conn.query(query, params)?;
        match rows.len() {
            0 | 1 => Ok(rows.pop()),
            n => {
                Err(Error::internal(format!("query {} found {n} rows where one was expected", query.name())))
            }
        }
    }

    /// The only row; none is an error.
    #[track_caller]
    pub fn one(&mut self, query: &'static Query, params: &[Value<'_>]) -> Result<Row> {
        self.row(query, params)?
            .ok_or_else(|| Error::internal(format!("query {} found no row", query.name())))
    }

    /// How the engine would run a query, in its own words, with whole-table scans made as unattractive as the engine
    /// allows. For the test that holds the hot queries to their indexes.
    pub fn explain(&mut self, query: &'static Query) -> Result<String> {
        self.conn.explain(query)
    }

    /// Prepares a query without running it: its SQL, its parameters and the types of its columns are right. For the
    /// test that looks at every named query on both engines.
    pub fn check(&mut self, query: &'static Query) -> Result<()> {
        self.conn.prepare(query)
    }

    /// Which engine this is, for the few places that may know (statistics, doctor).
    pub fn engine(&self) -> Engine {
        self.conn.engine()
    }

    /// What the binary wired in for everyone: the shop, the list of reactions, the catalogue of words.
    pub fn wired<T: Send + Sync + 'static>(&self) -> Result<&T> {
        self.wiring.get::<T>()
    }

    /// The same, shared, so that it can be used while reading and writing.
    pub fn wired_arc<T: Send + Sync + 'static>(&self) -> Result<std::sync::Arc<T>> {
        self.wiring.get_arc::<T>()
    }
}

/// One write: a transaction (a savepoint of the writer's batch) with its instant and its dice.
pub struct Write<'a> {
    pub(crate) read: Read<'a>,
    /// When this work was due: `now`, or earlier for a job that has waited. What it brings about is no younger.
    pub due_at: Timestamp,
    /// Chance for identifiers, tokens and jitter.
    pub dice: &'a mut Dice,
    pub(crate) afterwards: &'a mut Afterwards,
}

impl Write<'_> {
    /// Runs a statement; returns how many rows it touched.
    pub fn execute(&mut self, query: &'static Query, params: &[Value<'_>]) -> Result<u64> {
        self.read.conn.execute(query, params)
    }

    /// Runs a statement whose count nobody needs. With PostgreSQL its answer is not waited for: what goes wrong with it is
    /// the error of the next statement, or of the whole write. For whoever wants to know at once there is
    /// [`Write::execute`].
    pub fn send(&mut self, query: &'static Query, params: &[Value<'_>]) -> Result<()> {
        self.read.conn.send(query, params)
    }

    /// After this write is durable, wakes whoever waits for `topic`, on every node.
    pub fn wake(&mut self, topic: &'static str) {
        self.afterwards.wakes.insert(topic);
    }

    /// Does `deed` when this write is durable, in this process, on the database's own thread: it must be quick. A deed
    /// that is dropped undone belongs to a write that did not happen, or of which nobody knows.
    pub fn after_commit(&mut self, deed: impl FnOnce() + Send + 'static) {
        self.afterwards.deeds.push(Box::new(deed));
    }

    /// After this write is durable, what it and those before it deleted is no more to be read in the file or in its log.
    /// Waits for whoever reads at that moment; PostgreSQL gives the place back in its own time, by VACUUM.
    pub fn scrub(&mut self) {
        self.afterwards.scrub = true;
    }
}

impl<'a> Deref for Write<'a> {
    type Target = Read<'a>;
    fn deref(&self) -> &Read<'a> {
        &self.read
    }
}

impl<'a> DerefMut for Write<'a> {
    fn deref_mut(&mut self) -> &mut Read<'a> {
        &mut self.read
    }
}
