//! A connection that reads, opened when it is first needed: each reads the whole schema when it opens, and a start that
//! waits for all of them takes twice as long.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use kernel::{Error, Result};

use super::SqliteSession;
use crate::conn::Conn;
use crate::session::{Broken, Fate, Isolation, Session};
use crate::{Engine, Query, Row, Value};

/// One reading connection, or the path to make it from.
pub(crate) struct SqliteReader {
    path: PathBuf,
    session: Option<SqliteSession>,
}

impl SqliteReader {
    pub(crate) fn new(path: &Path) -> Self {
        SqliteReader { path: path.to_owned(), session: None }
    }

    fn opened(&mut self) -> Result<&mut SqliteSession, Broken> {
        let session = match self.session.take() {
            Some(session) => session,
            None => {
                let opened = super::open_reader(&self.path);
                SqliteSession::new(
                    opened.map_err(|error| Broken::new(Fate::Failed, error.operator_detail()))?,
                )
            }
        };
        Ok(self.session.insert(session))
    }

    /// Every transaction begins with [`Session::begin`], which opens it.
    fn open(&mut self) -> Result<&mut SqliteSession> {
        self.session.as_mut().ok_or_else(|| Error::internal("a reader was asked before its transaction"))
    }
}

impl Session for SqliteReader {
    fn begin(&mut self, isolation: Isolation) -> Result<(), Broken> {
        self.opened()?.begin(isolation)
    }

    fn next(&mut self) -> Result<(), Broken> {
        self.opened()?.next()
    }

    fn undo(&mut self) -> Result<(), Broken> {
        self.opened()?.undo()
    }

    fn commit(&mut self, wakes: &BTreeSet<&'static str>) -> Result<(), Broken> {
        self.opened()?.commit(wakes)
    }

    fn abandon(&mut self) {
        if let Some(session) = &mut self.session {
            session.abandon();
        }
    }

    fn broken(&mut self) -> Option<Broken> {
        self.session.as_mut().and_then(Session::broken)
    }

    fn script(&mut self, sql: &str) -> Result<()> {
        self.open()?.script(sql)
    }

    fn conn(&mut self) -> &mut dyn Conn {
        self
    }
}

impl Conn for SqliteReader {
    fn engine(&self) -> Engine {
        Engine::Sqlite
    }

    fn query(&mut self, query: &'static Query, params: &[Value<'_>]) -> Result<Vec<Row>> {
        self.open()?.query(query, params)
    }

    fn execute(&mut self, query: &'static Query, params: &[Value<'_>]) -> Result<u64> {
        self.open()?.execute(query, params)
    }

    fn prepare(&mut self, query: &'static Query) -> Result<()> {
        self.open()?.prepare(query)
    }

    fn explain(&mut self, query: &'static Query) -> Result<String> {
        self.open()?.explain(query)
    }

    fn take_steps(&mut self) -> u64 {
        self.session.as_mut().map_or(0, Conn::take_steps)
    }
}
