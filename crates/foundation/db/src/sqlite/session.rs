//! One SQLite connection and its transaction.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use kernel::{Error, Result};
use rusqlite::types::{Null, ValueRef};
use rusqlite::{CachedStatement, Connection, StatementStatus};

use super::fault;
use crate::conn::Conn;
use crate::session::{Broken, Fate, Isolation, Session};
use crate::{Cell, Engine, Query, Row, Value};

/// One connection.
pub(crate) struct SqliteSession {
    db: Connection,
    isolation: Isolation,
    /// The shape of each statement by the address of the query's text.
    shapes: BTreeMap<usize, Arc<Shape>>,
    /// The steps of the statements since somebody asked.
    steps: u64,
    /// Told after every commit that wrote.
    committed: Option<Box<dyn FnMut() + Send>>,
}

/// What a prepared statement looks like from outside; found out once, for every run asks for it.
struct Shape {
    /// The names of the columns, which all its rows share.
    columns: Arc<[String]>,
    /// The `n` of the parameter `$n` at each of SQLite's own places.
    numbers: Box<[usize]>,
}

impl SqliteSession {
    pub(crate) fn new(db: Connection) -> Self {
        SqliteSession { db, isolation: Isolation::Serial, shapes: BTreeMap::new(), steps: 0, committed: None }
    }

    /// The connection itself, for code that copies whole tables.
    pub(crate) fn raw(&self) -> &Connection {
        &self.db
    }

    /// Calls `told` after every commit that wrote.
    pub(crate) fn telling(mut self, told: impl FnMut() + Send + 'static) -> Self {
        self.committed = Some(Box::new(told));
        self
    }

    /// Runs a statement of the transaction's own, such as BEGIN.
    fn control(&self, sql: &'static str) -> rusqlite::Result<()> {
        self.db.prepare_cached(sql)?.raw_execute().map(drop)
    }

    fn step(&self, sql: &'static str) -> Result<(), Broken> {
        self.control(sql).map_err(|error| fault::of_transaction(sql, &error))
    }

    fn has_savepoints(&self) -> bool {
        self.isolation != Isolation::Snapshot
    }
}

impl Session for SqliteSession {
    fn begin(&mut self, isolation: Isolation) -> Result<(), Broken> {
        self.isolation = isolation;
        match isolation {
            Isolation::Snapshot => self.step("BEGIN DEFERRED"),
            Isolation::Serial | Isolation::Claim | Isolation::Schema => {
                self.step("BEGIN IMMEDIATE")?;
                self.step("SAVEPOINT closure")
            }
        }
    }

    fn next(&mut self) -> Result<(), Broken> {
        self.step("RELEASE closure")?;
        self.step("SAVEPOINT closure")
    }

    fn undo(&mut self) -> Result<(), Broken> {
        if self.has_savepoints() { self.step("ROLLBACK TO closure") } else { Ok(()) }
    }

    fn commit(&mut self, _wakes: &BTreeSet<&'static str>) -> Result<(), Broken> {
        self.control("COMMIT").map_err(|error| fault::of_commit(&error))?;
        if let Some(told) = self.committed.as_mut().filter(|_| self.isolation != Isolation::Snapshot) {
            told();
        }
        Ok(())
    }

    fn scrub(&mut self) -> bool {
        // TRUNCATE leaves a log with nothing in it, and needs a moment without readers: no write waits long for that.
        // `secure_delete` has overwritten what was deleted in the file itself.
        let (own, short) = (super::BUSY, std::time::Duration::from_millis(20));
        let patience = |db: &rusqlite::Connection, time| {
            if let Err(error) = db.busy_timeout(time) {
                tracing::warn!(%error, "scrub.patience");
            }
        };
        patience(&self.db, short);
        let scrubbed = self.db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0));
        patience(&self.db, own);
        matches!(scrubbed, Ok(0))
    }

    fn abandon(&mut self) {
        if !self.db.is_autocommit()
            && let Err(error) = self.control("ROLLBACK")
        {
            tracing::error!(%error, "rollback.failed");
        }
    }

    fn broken(&mut self) -> Option<Broken> {
        // SQLite rolls back by itself after some errors (disk full, I/O error). A savepoint is no help then:
        // the work of the whole batch is gone.
        let rolled_back = self.db.is_autocommit();
        rolled_back.then(|| Broken::new(Fate::Failed, "SQLite rolled the whole transaction back by itself"))
    }

    fn script(&mut self, sql: &str) -> Result<()> {
        fault::of_script(self.db.execute_batch(sql))
    }

    fn twin(&self) -> Result<Box<dyn Session>> {
        Ok(Box::new(SqliteSession::new(super::copy_in_memory(&self.db)?)))
    }

    fn conn(&mut self) -> &mut dyn Conn {
        self
    }
}

impl Conn for SqliteSession {
    fn engine(&self) -> Engine {
        Engine::Sqlite
    }

    fn query(&mut self, query: &'static Query, params: &[Value<'_>]) -> Result<Vec<Row>> {
        let text = query.text(Engine::Sqlite)?;
        let mut statement = prepared(&self.db, query, text, self.isolation)?;
        let shape = shape_of(&mut self.shapes, query, text, &statement)?;
        bind(&mut statement, query, &shape, params)?;
        let columns = &shape.columns;
        let mut found = Vec::new();
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next().map_err(|error| fault::of(query, &error))? {
            let mut cells = Vec::with_capacity(columns.len());
            for (at, column) in columns.iter().enumerate() {
                cells.push(cell(query, column, row.get_ref(at))?);
            }
            found.push(Row::new(query.name(), Arc::clone(columns), cells));
        }
        drop(rows);
        self.steps += steps_of(&statement);
        Ok(found)
    }

    fn execute(&mut self, query: &'static Query, params: &[Value<'_>]) -> Result<u64> {
        let text = query.text(Engine::Sqlite)?;
        let mut statement = prepared(&self.db, query, text, self.isolation)?;
        let shape = shape_of(&mut self.shapes, query, text, &statement)?;
        bind(&mut statement, query, &shape, params)?;
        if statement.column_count() == 0 {
            let rows = statement.raw_execute().map_err(|error| fault::of(query, &error))?;
            self.steps += steps_of(&statement);
            return Ok(rows as u64);
        }
        // With RETURNING every row comes back, as PostgreSQL counts it.
        let (mut rows, mut count) = (statement.raw_query(), 0);
        while rows.next().map_err(|error| fault::of(query, &error))?.is_some() {
            count += 1;
        }
        drop(rows);
        self.steps += steps_of(&statement);
        Ok(count)
    }

    fn prepare(&mut self, query: &'static Query) -> Result<()> {
        let statement = prepared(&self.db, query, query.text(Engine::Sqlite)?, Isolation::Serial)?;
        let count = statement.parameter_count();
        let numbered =
            (1..=count).all(|index| number(&statement, index).is_some_and(|number| number <= count));
        if numbered { Ok(()) } else { Err(wrong_params(query, count, count)) }
    }

    fn explain(&mut self, query: &'static Query) -> Result<String> {
        let text = query.text(Engine::Sqlite)?;
        explained(&self.db, text).map_err(|error| fault::of(query, &error))
    }

    fn take_steps(&mut self) -> u64 {
        std::mem::take(&mut self.steps)
    }
}

/// What a statement did since it was asked last.
fn steps_of(statement: &CachedStatement<'_>) -> u64 {
    u64::try_from(statement.reset_status(StatementStatus::VmStep)).unwrap_or_default()
}

fn explained(db: &Connection, text: &str) -> rusqlite::Result<String> {
    let mut statement = db.prepare(&format!("EXPLAIN QUERY PLAN {text}"))?;
    let (mut lines, mut rows) = (Vec::new(), statement.raw_query());
    while let Some(row) = rows.next()? {
        lines.push(row.get::<_, String>("detail")?);
    }
    Ok(lines.join("\n"))
}

fn prepared<'c>(
    db: &'c Connection,
    query: &Query,
    text: &str,
    isolation: Isolation,
) -> Result<CachedStatement<'c>> {
    let statement = db.prepare_cached(text).map_err(|error| fault::of(query, &error))?;
    if isolation == Isolation::Snapshot && !statement.readonly() {
        return Err(Error::internal(format!("query {} writes inside a read", query.name())));
    }
    Ok(statement)
}

/// Binds `$n` by name: to SQLite `$1` is a name like any other, numbered by where it first appears, so that binding
/// by position would silently swap `$2 … $1`.
fn bind(
    statement: &mut CachedStatement<'_>,
    query: &Query,
    shape: &Shape,
    params: &[Value<'_>],
) -> Result<()> {
    let count = shape.numbers.len();
    if count != params.len() {
        return Err(wrong_params(query, count, params.len()));
    }
    for (number, index) in shape.numbers.iter().zip(1..) {
        let value = params.get(number - 1).ok_or_else(|| wrong_params(query, count, params.len()))?;
        let bound = match value {
            Value::Null => statement.raw_bind_parameter(index, Null),
            Value::Int(n) => statement.raw_bind_parameter(index, n),
            Value::Text(text) => statement.raw_bind_parameter(index, text),
            Value::Bytes(bytes) => statement.raw_bind_parameter(index, bytes),
            Value::Date(date) => statement.raw_bind_parameter(index, date.to_string()),
        };
        bound.map_err(|error| fault::of(query, &error))?;
    }
    Ok(())
}

/// The `n` of the parameter `$n` that SQLite has put at `index`.
fn number(statement: &CachedStatement<'_>, index: usize) -> Option<usize> {
    let number = statement.parameter_name(index)?.strip_prefix('$')?.parse::<usize>();
    number.ok().filter(|number| *number > 0)
}

#[track_caller]
fn wrong_params(query: &Query, wanted: usize, given: usize) -> Error {
    Error::internal(format!(
        "query {} has {wanted} parameters, which must be $1, $2, …; {given} were given",
        query.name()
    ))
}

fn shape_of(
    known: &mut BTreeMap<usize, Arc<Shape>>,
    query: &Query,
    text: &'static str,
    statement: &CachedStatement<'_>,
) -> Result<Arc<Shape>> {
    match known.get(&text.as_ptr().addr()) {
        // A table that has changed since gives `SELECT *` other columns.
        Some(shape) if shape.columns.len() == statement.column_count() => Ok(Arc::clone(shape)),
        _ => {
            let shape = Arc::new(look_at(query, statement)?);
            known.insert(text.as_ptr().addr(), Arc::clone(&shape));
            Ok(shape)
        }
    }
}

fn look_at(query: &Query, statement: &CachedStatement<'_>) -> Result<Shape> {
    let count = statement.parameter_count();
    let numbers = (1..=count).map(|index| number(statement, index));
    let numbers = numbers.collect::<Option<_>>().ok_or_else(|| wrong_params(query, count, count))?;
    Ok(Shape { columns: statement.column_names().map(str::to_owned).collect(), numbers })
}

fn cell(query: &Query, column: &str, value: rusqlite::Result<ValueRef<'_>>) -> Result<Cell> {
    let wrong = |what: &str| Error::internal(format!("query {}: column {column} is {what}", query.name()));
    match value.map_err(|error| fault::of(query, &error))? {
        ValueRef::Null => Ok(Cell::Null),
        ValueRef::Integer(n) => Ok(Cell::Int(n)),
        ValueRef::Real(_) => Err(wrong("REAL; CAST it")),
        ValueRef::Text(text) => {
            String::from_utf8(text.to_vec()).map(Cell::Text).map_err(|_| wrong("TEXT that is not UTF-8"))
        }
        ValueRef::Blob(bytes) => Ok(Cell::Bytes(bytes.to_vec())),
    }
}
