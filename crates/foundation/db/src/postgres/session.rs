//! One PostgreSQL connection and its transaction.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use kernel::{Error, Result};
use postgres::types::ToSql;
use postgres::{Client, SimpleQueryMessage};

use super::fault;
use super::target::Target;
use super::values::{Param, Prepared};
use crate::conn::Conn;
use crate::session::{Broken, Fate, Isolation, Session};
use crate::{Engine, Query, Row, Value};

/// One connection, made when it is first needed and again when it was lost.
pub(crate) struct PostgresSession {
    target: Arc<Target>,
    client: Option<Client>,
    isolation: Isolation,
    /// Statements by the address of the query's text: names may repeat from room to room.
    prepared: BTreeMap<usize, Prepared>,
    broken: Option<Broken>,
}

impl PostgresSession {
    pub(crate) fn new(target: Arc<Target>) -> Self {
        PostgresSession {
            target,
            client: None,
            isolation: Isolation::Serial,
            prepared: BTreeMap::new(),
            broken: None,
        }
    }

    fn ensure_connected(&mut self) -> Result<(), Broken> {
        if self.client.as_ref().is_none_or(Client::is_closed) {
            self.forget_connection();
            self.client = Some(self.target.connect()?);
        }
        Ok(())
    }

    fn forget_connection(&mut self) {
        self.client = None;
        self.prepared.clear();
    }

    /// Runs statements of the transaction's own, such as BEGIN, in one round trip.
    fn control(&mut self, sql: &str) -> Result<(), Broken> {
        let Some(client) = self.client.as_mut() else { return Err(gone()) };
        client.batch_execute(sql).map_err(|error| fault::of_transaction(&error))
    }

    /// Remembers what a failed statement did to the transaction, whatever the closure makes of its error.
    fn failed(&mut self, query: &Query, error: &postgres::Error) -> Error {
        if let Some(broken) = fault::of_statement(error) {
            self.broken = Some(broken);
            // A conflict may come from a statement that was prepared for an older schema.
            self.prepared.clear();
        }
        fault::of(query, error)
    }

    fn prepared(&mut self, query: &'static Query) -> Result<Prepared> {
        let text = query.text(Engine::Postgres)?;
        let key = text.as_ptr().addr();
        if let Some(known) = self.prepared.get(&key) {
            return Ok(known.clone());
        }
        let statement = self.client()?.prepare(text).map_err(|error| self.failed(query, &error))?;
        let prepared = Prepared::new(query, statement)?;
        self.prepared.insert(key, prepared.clone());
        Ok(prepared)
    }

    pub(crate) fn client(&mut self) -> Result<&mut Client> {
        self.client.as_mut().ok_or_else(|| gone().error())
    }
}

fn gone() -> Broken {
    Broken::new(Fate::Lost, "the connection to PostgreSQL is gone")
}

impl Session for PostgresSession {
    fn begin(&mut self, isolation: Isolation) -> Result<(), Broken> {
        self.isolation = isolation;
        self.broken = None;
        self.ensure_connected()?;
        match isolation {
            Isolation::Serial => self.control("BEGIN ISOLATION LEVEL SERIALIZABLE; SAVEPOINT closure"),
            Isolation::Claim => self.control(BEGIN_CLAIM),
            Isolation::Snapshot => self.control("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"),
            Isolation::Schema => self.control(&begin_schema(self.target.schema())),
        }
    }

    fn next(&mut self) -> Result<(), Broken> {
        self.control("RELEASE closure; SAVEPOINT closure")
    }

    fn undo(&mut self) -> Result<(), Broken> {
        // A failed snapshot is thrown away as a whole; it had nothing to lose.
        if self.isolation == Isolation::Snapshot { Ok(()) } else { self.control("ROLLBACK TO closure") }
    }

    fn commit(&mut self, wakes: &BTreeSet<&'static str>) -> Result<(), Broken> {
        let Some(client) = self.client.as_mut() else { return Err(gone()) };
        if self.isolation == Isolation::Snapshot {
            // The rows are here; if the connection is not, the next read finds out.
            if client.batch_execute("COMMIT").is_err() {
                self.forget_connection();
            }
            return Ok(());
        }
        // RELEASE fails when a statement has failed; COMMIT alone would then roll back and say nothing.
        let notify: String = wakes.iter().map(|topic| self.target.notify(topic)).collect();
        client
            .batch_execute(&format!("RELEASE closure; {notify} COMMIT"))
            .map_err(|error| fault::of_commit(&error))
    }

    fn abandon(&mut self) {
        let rolled_back = self.client.as_mut().is_some_and(|client| client.batch_execute("ROLLBACK").is_ok());
        if !rolled_back {
            self.forget_connection();
        }
    }

    fn broken(&mut self) -> Option<Broken> {
        self.broken.take()
    }

    fn script(&mut self, sql: &str) -> Result<()> {
        self.client()?.batch_execute(sql).map_err(|error| fault::of_script(&error))
    }

    fn conn(&mut self) -> &mut dyn Conn {
        self
    }
}

/// What is known of a queue's table is always wrong: it was counted when the queue was as good as empty, or is bloated by
/// what has gone since. By such figures every way to read it costs the same, and then the whole of what is due is read
/// and sorted for each kind and lane. So only the ways remain that stay right however much waits: by index, in order.
const BEGIN_CLAIM: &str = "BEGIN ISOLATION LEVEL READ COMMITTED;
     SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off;
     SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off;
     SAVEPOINT closure";

/// One node at a time, and with patience for it; but a statement that waits for a lock on a table in use stops
/// everybody behind it, so it gives up soon. The schema is made only when it is missing, because making one needs a
/// right that an operator may not want to give.
fn begin_schema(schema: &str) -> String {
    format!(
        "BEGIN ISOLATION LEVEL READ COMMITTED;
         SET LOCAL statement_timeout = 0;
         SET LOCAL lock_timeout = '60s';
         SELECT pg_advisory_xact_lock(hashtext('aftercare schema {schema}'));
         SET LOCAL lock_timeout = '5s';
         DO $$ BEGIN
           IF NOT EXISTS (SELECT 1 FROM pg_namespace WHERE nspname = '{schema}') THEN CREATE SCHEMA \"{schema}\"; END IF;
         END $$;
         SAVEPOINT closure"
    )
}

impl Conn for PostgresSession {
    fn engine(&self) -> Engine {
        Engine::Postgres
    }

    fn query(&mut self, query: &'static Query, params: &[Value<'_>]) -> Result<Vec<Row>> {
        let prepared = self.prepared(query)?;
        prepared.check(query, params)?;
        let params: Vec<Param<'_>> = params.iter().copied().map(Param).collect();
        let params: Vec<&(dyn ToSql + Sync)> = params.iter().map(|param| param as _).collect();
        let rows = self.client()?.query(&prepared.statement, &params);
        let rows = rows.map_err(|error| self.failed(query, &error))?;
        rows.iter().map(|row| prepared.row(query, row)).collect()
    }

    fn execute(&mut self, query: &'static Query, params: &[Value<'_>]) -> Result<u64> {
        let prepared = self.prepared(query)?;
        prepared.check(query, params)?;
        let params: Vec<Param<'_>> = params.iter().copied().map(Param).collect();
        let params: Vec<&(dyn ToSql + Sync)> = params.iter().map(|param| param as _).collect();
        let count = self.client()?.execute(&prepared.statement, &params);
        count.map_err(|error| self.failed(query, &error))
    }

    fn prepare(&mut self, query: &'static Query) -> Result<()> {
        self.prepared(query).map(drop)
    }

    fn explain(&mut self, query: &'static Query) -> Result<String> {
        let params = self.prepared(query)?.statement.params().len();
        let nulls = vec!["NULL"; params].join(", ");
        let call = if params == 0 { String::new() } else { format!("({nulls})") };
        let script = format!(
            "SET LOCAL enable_seqscan = off; SET LOCAL plan_cache_mode = force_generic_plan;
             PREPARE explained AS {}; EXPLAIN EXECUTE explained{call}; DEALLOCATE explained",
            query.text(Engine::Postgres)?.trim_end().trim_end_matches(';')
        );
        let answer = self.client()?.simple_query(&script).map_err(|error| self.failed(query, &error))?;
        let lines = answer.iter().filter_map(|message| match message {
            SimpleQueryMessage::Row(row) => row.get(0),
            _ => None,
        });
        Ok(lines.collect::<Vec<_>>().join("\n"))
    }
}
