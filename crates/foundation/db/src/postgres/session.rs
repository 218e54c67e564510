//! One PostgreSQL connection and its transaction.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use kernel::{Error, Result};
use tokio_postgres::SimpleQueryMessage;
use tokio_postgres::types::ToSql;

use super::fault;
use super::link::{Failed, Link, Sent};
use super::target::Target;
use super::values::{Kept, Param, Prepared};
use crate::conn::Conn;
use crate::session::{Broken, Fate, Isolation, Session};
use crate::{Engine, Query, Row, Value};

/// One connection, made when it is first needed and again when it was lost.
pub(crate) struct PostgresSession {
    target: Arc<Target>,
    link: Option<Link>,
    isolation: Isolation,
    /// Statements by the address of the query's text: names may repeat from room to room.
    prepared: BTreeMap<usize, Prepared>,
    broken: Option<Broken>,
}

impl PostgresSession {
    pub(crate) fn new(target: Arc<Target>) -> Self {
        PostgresSession {
            target,
            link: None,
            isolation: Isolation::Serial,
            prepared: BTreeMap::new(),
            broken: None,
        }
    }

    fn ensure_connected(&mut self) -> Result<(), Broken> {
        if self.link.as_ref().is_none_or(Link::is_closed) {
            self.forget_connection();
            self.link = Some(self.target.connect()?);
        }
        Ok(())
    }

    fn forget_connection(&mut self) {
        // Statements are closed through the link that they were made on.
        self.prepared.clear();
        self.link = None;
    }

    /// Runs statements of the transaction's own, such as BEGIN, in one round trip.
    fn control(&mut self, sql: &str) -> Result<(), Broken> {
        let link = self.link.as_mut().ok_or_else(gone)?;
        link.batch_execute(sql).map_err(|error| fault::of_transaction(&error))
    }

    /// Sends such statements; what is asked next finds out what became of them.
    fn send_control(&mut self, sql: &'static str) -> Result<(), Broken> {
        self.link.as_mut().ok_or_else(gone)?.send_control(sql);
        Ok(())
    }

    /// The error of what was asked, or of what was sent before it and has failed.
    fn failed(&mut self, asked: &Query, failed: &Failed) -> Error {
        match failed.sent {
            None => self.statement_failed(asked, &failed.error),
            Some(sent) => self.sending_failed(sent, &failed.error),
        }
    }

    fn sending_failed(&mut self, sent: Sent, error: &tokio_postgres::Error) -> Error {
        match sent {
            Sent::Query(query) => self.statement_failed(query, error),
            Sent::Control => {
                let broken = fault::of_transaction(error);
                let said = broken.error();
                self.broken = Some(broken);
                said
            }
        }
    }

    /// Remembers what a failed statement did to the transaction, whatever the closure makes of its error.
    fn statement_failed(&mut self, query: &Query, error: &tokio_postgres::Error) -> Error {
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
        let link = self.link()?;
        let client = link.client();
        let statement = link.ask(client.prepare(text)).map_err(|failed| self.failed(query, &failed))?;
        let prepared = Prepared::new(query, statement)?;
        self.prepared.insert(key, prepared.clone());
        Ok(prepared)
    }

    pub(crate) fn link(&mut self) -> Result<&mut Link> {
        self.link.as_mut().ok_or_else(|| gone().error())
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
            Isolation::Serial => {
                self.send_control("BEGIN ISOLATION LEVEL SERIALIZABLE READ WRITE; SAVEPOINT closure")
            }
            Isolation::Claim => self.send_control(BEGIN_CLAIM),
            Isolation::Snapshot => self.send_control("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"),
            Isolation::Schema => self.control(&begin_schema(self.target.schema())),
        }
    }

    fn next(&mut self) -> Result<(), Broken> {
        self.send_control("RELEASE closure; SAVEPOINT closure")
    }

    fn undo(&mut self) -> Result<(), Broken> {
        // A failed snapshot is thrown away as a whole; it had nothing to lose.
        if self.isolation == Isolation::Snapshot { Ok(()) } else { self.control("ROLLBACK TO closure") }
    }

    fn commit(&mut self, wakes: &BTreeSet<&'static str>) -> Result<(), Broken> {
        let link = self.link.as_mut().ok_or_else(gone)?;
        if self.isolation == Isolation::Snapshot {
            // The rows are here; if the connection is not, the next read finds out.
            link.send_control("COMMIT");
            link.flush();
            return Ok(());
        }
        // RELEASE fails when a statement has failed; COMMIT alone would then roll back and say nothing.
        let notify: String = wakes.iter().map(|topic| self.target.notify(topic)).collect();
        link.batch_execute(&format!("RELEASE closure; {notify} COMMIT"))
            .map_err(|error| fault::of_commit(&error))
    }

    fn abandon(&mut self) {
        let rolled_back = self.link.as_mut().is_some_and(|link| {
            link.forget_sent();
            link.batch_execute("ROLLBACK").is_ok()
        });
        if !rolled_back {
            self.forget_connection();
        }
    }

    fn broken(&mut self) -> Option<Broken> {
        self.broken.take()
    }

    fn script(&mut self, sql: &str) -> Result<()> {
        self.link()?.batch_execute(sql).map_err(|error| fault::of_script(&error))
    }

    fn conn(&mut self) -> &mut dyn Conn {
        self
    }
}

/// What is known of a queue's table is always wrong: it was counted when the queue was as good as empty, or is bloated by
/// what has gone since. By such figures every way to read it costs the same, and then the whole of what is due is read
/// and sorted for each kind and lane. So only the ways remain that stay right however much waits: by index, in order.
const BEGIN_CLAIM: &str = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;
     SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off;
     SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off;
     SAVEPOINT closure";

/// One node at a time, and with patience for it; but a statement that waits for a lock on a table in use stops
/// everybody behind it, so it gives up soon. The schema is made only when it is missing, because making one needs a
/// right that an operator may not want to give.
fn begin_schema(schema: &str) -> String {
    format!(
        "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;
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
        let link = self.link()?;
        let client = link.client();
        let rows = link.ask(client.query(&prepared.statement, &params));
        let rows = rows.map_err(|failed| self.failed(query, &failed))?;
        rows.iter().map(|row| prepared.row(query, row)).collect()
    }

    fn execute(&mut self, query: &'static Query, params: &[Value<'_>]) -> Result<u64> {
        let prepared = self.prepared(query)?;
        prepared.check(query, params)?;
        let params: Vec<Param<'_>> = params.iter().copied().map(Param).collect();
        let params: Vec<&(dyn ToSql + Sync)> = params.iter().map(|param| param as _).collect();
        let link = self.link()?;
        let client = link.client();
        let count = link.ask(client.execute(&prepared.statement, &params));
        count.map_err(|failed| self.failed(query, &failed))
    }

    fn send(&mut self, query: &'static Query, params: &[Value<'_>]) -> Result<()> {
        let prepared = self.prepared(query)?;
        prepared.check(query, params)?;
        self.link()?.send(query, prepared.statement, params.iter().map(Kept::from).collect());
        Ok(())
    }

    fn settle(&mut self) -> Result<()> {
        self.link()?.settle().map_err(|(sent, error)| self.sending_failed(sent, &error))
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
        let link = self.link()?;
        let client = link.client();
        let answer = link.ask(client.simple_query(&script)).map_err(|failed| self.failed(query, &failed))?;
        let lines = answer.iter().filter_map(|message| match message {
            SimpleQueryMessage::Row(row) => row.get(0),
            _ => None,
        });
        Ok(lines.collect::<Vec<_>>().join("\n"))
    }
}
