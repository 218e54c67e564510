//! Loads a backup into an empty database of either engine.
//!
//! A mark is set before anything else and taken away with the last write. While it stands, the database is not served
//! and not migrated, and a restore may begin again: it clears what the one before has left.

use std::collections::BTreeSet;
use std::path::Path;

use kernel::{Dice, Error, Kind, Result, Timestamp};
use rusqlite::Connection;

use super::check::{self, Opened};
use super::manifest::Manifest;
use super::postgres::Key;
use super::shape::{self, Table, quoted};
use super::{Doing, Progress, fault, postgres as server, read, sqlite as file, take};
use crate::migrate::{self, LEDGER_TABLE, UNFINISHED_TABLE, expand};
use crate::postgres::PostgresSession;
use crate::session::{Broken, Isolation, Session};
use crate::sqlite::{self, SqliteSession};
use crate::wakes::Afterwards;
use crate::{Cell, DatabaseUrl, Durability, Engine, Migration, Read, Wiring, Write};

/// As many names as an error lists.
const NAMES: usize = 5;

/// A backup that can be restored, as far as it says itself.
pub struct Restore<'a> {
    backup: Opened,
    migrations: &'a [Migration],
}

/// A restore that is whole and durable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Restored {
    /// The rows that were loaded.
    pub rows: u64,
    /// The version of the schema now.
    pub schema_version: u32,
}

/// The last words of a restore, in its last write.
pub type Finish<'a> = &'a mut dyn FnMut(&mut Write<'_>) -> Result<()>;

impl<'a> Restore<'a> {
    /// Opens a backup and reads what it says of itself. A file that isn't ours, or is too new, is refused.
    pub fn open(path: &Path, migrations: &'a [Migration]) -> Result<Self> {
        Ok(Restore { backup: check::open(path, migrations)?, migrations })
    }

    /// What the backup says of itself.
    pub fn manifest(&self) -> &Manifest {
        &self.backup.manifest
    }

    /// Tables in it that no migration makes; they are left out.
    pub fn strange(&self) -> &[String] {
        &self.backup.strange
    }

    /// Loads it into the database at `url`, which must hold nothing, and runs `finish` in the write that makes it whole.
    /// Blocks, and must not be called on a thread of a runtime.
    pub fn load(
        &self,
        url: &DatabaseUrl,
        now: &dyn Fn() -> Timestamp,
        dice: &mut Dice,
        progress: &mut dyn Progress,
        finish: Finish<'_>,
    ) -> Result<Restored> {
        let known: Vec<Table> = shape::of_migrations(self.migrations)?;
        Target::look(url, &known)?;
        check::look_over(&self.backup, progress)?;
        let mut target = Target::begin(url, &known, now())?;
        let loaded = self.fill(&mut target, now, dice, progress, finish);
        loaded.map_err(|error| half_way(&error))
    }

    fn fill(
        &self,
        target: &mut Target,
        now: &dyn Fn() -> Timestamp,
        dice: &mut Dice,
        progress: &mut dyn Progress,
        finish: Finish<'_>,
    ) -> Result<Restored> {
        let written = &self.migrations[..self.backup.manifest.schema_version as usize];
        migrate::apply_all(target.session(), written, now(), |_| Ok(()))?;
        let keys = target.untie(&self.backup.tables)?;
        for table in &self.backup.tables {
            let of =
                self.backup.manifest.tables.iter().find(|note| note.name == table.name).map(|note| note.rows);
            let mut put = |rows: &[Vec<Cell>], so_far: u64| {
                target.write(table, rows)?;
                progress.rows(Doing::Restoring, &table.name, so_far, of);
                Ok(())
            };
            let tally = read::table(&self.backup.db, table, &mut put)?;
            target.count(table, tally.rows)?;
        }
        target.tie(&keys)?;
        let applied = migrate::apply_all(target.session(), self.migrations, now(), |_| Ok(()))?;
        target.end(&self.backup.tables, now(), dice, finish)?;
        Ok(Restored { rows: self.backup.manifest.rows(), schema_version: applied.version })
    }
}

/// What the operator has to know of a restore that was stopped.
#[track_caller]
fn half_way(error: &Error) -> Error {
    let words = "The restore did not come to its end. The database is not served as it is: mend the cause and run the same restore again.";
    let detail = match error.operator_detail() {
        "" => error.words().to_owned(),
        detail => detail.to_owned(),
    };
    Error::new(Kind::Unavailable, "restore_unfinished", words).detail(detail)
}

/// The database that is restored into.
enum Target {
    File(Box<SqliteSession>),
    Server(Box<PostgresSession>),
}

impl Target {
    /// Refuses a database with anything in it, before the backup is read through. Changes nothing.
    fn look(url: &DatabaseUrl, known: &[Table]) -> Result<()> {
        match url {
            DatabaseUrl::Sqlite(path) if !path.exists() => Ok(()),
            DatabaseUrl::Sqlite(path) => {
                let mut target = Target::File(Box::new(SqliteSession::new(sqlite::open_beside(path)?)));
                target.looked(known)
            }
            DatabaseUrl::Memory => Err(in_memory()),
            DatabaseUrl::Postgres { server, schema } => {
                Target::Server(Box::new(take::session(server, schema)?)).looked(known)
            }
        }
    }

    fn looked(&mut self, known: &[Table]) -> Result<()> {
        begun(self.session().begin(Isolation::Snapshot))?;
        let found = self.found().and_then(|found| self.refuse_full(&found, known));
        self.session().abandon();
        found
    }

    /// Sets the mark and clears what an earlier restore has left, in one transaction.
    fn begin(url: &DatabaseUrl, known: &[Table], now: Timestamp) -> Result<Target> {
        let mut target = match url {
            DatabaseUrl::Sqlite(path) => {
                Target::File(Box::new(SqliteSession::new(sqlite::open_writer(Some(path), Durability::Full)?)))
            }
            DatabaseUrl::Memory => return Err(in_memory()),
            DatabaseUrl::Postgres { server, schema } => {
                Target::Server(Box::new(take::session(server, schema)?))
            }
        };
        target.prepare(url)?;
        begun(target.session().begin(Isolation::Schema))?;
        let found = target.found()?;
        if let Err(refused) = target.refuse_full(&found, known) {
            target.session().abandon();
            return Err(refused);
        }
        target.mark(&found, now)?;
        begun(target.session().commit(&BTreeSet::new()))?;
        Ok(target)
    }

    /// Settings for a load, and the lock that keeps a second one away.
    fn prepare(&mut self, url: &DatabaseUrl) -> Result<()> {
        match (self, url) {
            (Target::File(session), _) => session.script(
                "PRAGMA foreign_keys=OFF; PRAGMA secure_delete=OFF; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16384",
            ),
            (Target::Server(session), DatabaseUrl::Postgres { schema, .. }) => {
                begun(session.begin(Isolation::Snapshot))?;
                session.abandon();
                let link = session.link()?;
                let patient = "SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0";
                let lock = format!("SELECT pg_try_advisory_lock(hashtext('aftercare restore {schema}'))");
                let locked = link.batch_execute(patient).and_then(|()| link.query_one(&lock));
                let locked = locked.and_then(|row| row.try_get::<_, bool>(0));
                match locked.map_err(|error| Error::unavailable(server::said(&error)))? {
                    true => Ok(()),
                    false => Err(fault::refused("restore_under_way", "Another restore into this schema is under way.")),
                }
            }
            (Target::Server(_), _) => Err(Error::internal("a server without a schema")),
        }
    }

    fn session(&mut self) -> &mut dyn Session {
        match self {
            Target::File(session) => &mut **session,
            Target::Server(session) => &mut **session,
        }
    }

    /// The names of everything that lies in the database.
    fn found(&mut self) -> Result<Vec<String>> {
        match self {
            Target::File(session) => {
                let sql = "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";
                names(session.raw(), sql).map_err(|error| fault::reading(&error))
            }
            Target::Server(session) => {
                let sql = "SELECT CAST(relname AS TEXT) FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
                           WHERE n.nspname = current_schema() AND relkind IN ('r', 'p', 'v', 'm', 'f', 'S') ORDER BY 1";
                let rows = session.link()?.query(sql);
                let rows = rows.map_err(|error| Error::unavailable(server::said(&error)))?;
                let names: Result<Vec<String>, _> = rows.iter().map(|row| row.try_get(0)).collect();
                names.map_err(|error| Error::unavailable(server::said(&error)))
            }
        }
    }

    /// Nothing, the beginnings of a restore, or tables that were made and never used: everything else is somebody's.
    fn refuse_full(&mut self, found: &[String], known: &[Table]) -> Result<()> {
        if found.is_empty() || found.iter().any(|name| name == UNFINISHED_TABLE) {
            return Ok(());
        }
        let mut in_use = Vec::new();
        for name in found {
            let ours = known.iter().any(|table| table.name == *name);
            if !ours || (name != LEDGER_TABLE && self.rows_of(name)? > 0) {
                in_use.push(name.as_str());
            }
        }
        if in_use.is_empty() {
            return Ok(());
        }
        let more = if in_use.len() > NAMES { ", …" } else { "" };
        in_use.truncate(NAMES);
        let words = format!(
            "The database is not empty: there is something in {}{more}. A restore only fills an empty one: name a new file or schema in AFTERCARE_DATABASE_URL.",
            in_use.join(", ")
        );
        Err(fault::refused("database_not_empty", words))
    }

    fn rows_of(&mut self, table: &str) -> Result<u64> {
        let sql = format!("SELECT COUNT(*) FROM {}", quoted(table));
        let count: i64 = match self {
            Target::File(session) => {
                session.raw().query_row(&sql, [], |row| row.get(0)).map_err(|error| fault::reading(&error))?
            }
            Target::Server(session) => {
                let row = session.link()?.query_one(&sql);
                row.and_then(|row| row.try_get(0))
                    .map_err(|error| Error::unavailable(server::said(&error)))?
            }
        };
        Ok(count.max(0) as u64)
    }

    fn mark(&mut self, found: &[String], now: Timestamp) -> Result<()> {
        let engine = self.session().engine();
        let mark = format!(
            "CREATE TABLE IF NOT EXISTS {UNFINISHED_TABLE} (began_at {{{{int}}}} NOT NULL) {{{{strict}}}}"
        );
        self.session().script(&expand(&mark, engine)?)?;
        self.session().script(&format!("INSERT INTO {UNFINISHED_TABLE} VALUES ({})", now.ms()))?;
        let old: Vec<_> =
            found.iter().filter(|name| *name != UNFINISHED_TABLE).map(|name| quoted(name)).collect();
        match engine {
            Engine::Sqlite => {
                old.iter().try_for_each(|table| self.session().script(&format!("DROP TABLE {table}")))
            }
            Engine::Postgres if old.is_empty() => Ok(()),
            Engine::Postgres => self.session().script(&format!("DROP TABLE {} CASCADE", old.join(", "))),
        }
    }

    /// Takes away what the migrations have put in, and the keys between the tables.
    fn untie(&mut self, tables: &[Table]) -> Result<Vec<Key>> {
        begun(self.session().begin(Isolation::Schema))?;
        let keys = match self {
            Target::File(_) => Vec::new(),
            Target::Server(session) => server::untie(session.link()?)?,
        };
        for table in tables {
            self.session().script(&format!("DELETE FROM {}", quoted(&table.name)))?;
        }
        begun(self.session().commit(&BTreeSet::new()))?;
        Ok(keys)
    }

    /// One chunk, one commit.
    fn write(&mut self, table: &Table, rows: &[Vec<Cell>]) -> Result<()> {
        begun(self.session().begin(Isolation::Claim))?;
        match self {
            Target::File(session) => file::insert(session.raw(), table, rows)
                .map_err(|error| Error::unavailable(format!("{} can't be written: {error}", table.name)))?,
            Target::Server(session) => server::write(session.link()?, table, rows)?,
        }
        begun(self.session().commit(&BTreeSet::new()))
    }

    fn count(&mut self, table: &Table, wanted: u64) -> Result<()> {
        let rows = self.rows_of(&table.name)?;
        if rows == wanted {
            return Ok(());
        }
        Err(Error::internal(format!("{}: {rows} of {wanted} rows have arrived", table.name)))
    }

    fn tie(&mut self, keys: &[Key]) -> Result<()> {
        match self {
            Target::File(session) => file::check_keys(session.raw()),
            Target::Server(session) => {
                begun(session.begin(Isolation::Schema))?;
                server::tie(session.link()?, keys)?;
                begun(session.commit(&BTreeSet::new()))
            }
        }
    }

    /// The last write: what the caller has to add, and the mark goes.
    fn end(&mut self, tables: &[Table], now: Timestamp, dice: &mut Dice, finish: Finish<'_>) -> Result<()> {
        if let Target::File(session) = self {
            session.script("PRAGMA synchronous=FULL")?;
        }
        begun(self.session().begin(Isolation::Schema))?;
        let (wiring, mut afterwards) = (Wiring::new(), Afterwards::default());
        let read = Read { conn: self.session().conn(), wiring: &wiring, now };
        finish(&mut Write { read, due_at: now, dice, afterwards: &mut afterwards })?;
        self.session().script(&format!("DROP TABLE {UNFINISHED_TABLE}"))?;
        begun(self.session().commit(&afterwards.wakes))?;
        self.tidy(tables);
        Ok(())
    }

    /// The restore is whole; what is done here only spares others the time, and may fail.
    fn tidy(&mut self, tables: &[Table]) {
        let names: Vec<_> = tables.iter().map(|table| quoted(&table.name)).collect();
        let tidied = match self {
            Target::File(session) => session.script("PRAGMA wal_checkpoint(TRUNCATE)"),
            // Without figures of its tables the planner would guess until it gathers them by itself.
            Target::Server(session) => session.script(&format!("ANALYZE {}", names.join(", "))),
        };
        if let Err(error) = tidied {
            tracing::warn!(?error, "restore.not_tidied");
        }
    }
}

fn begun(outcome: Result<(), Broken>) -> Result<()> {
    outcome.map_err(|broken| broken.error())
}

#[track_caller]
fn in_memory() -> Error {
    fault::refused("no_place", "A database in memory can't be restored into: it would be gone at once.")
}

fn names(db: &Connection, sql: &str) -> rusqlite::Result<Vec<String>> {
    db.prepare(sql)?.query_map([], |row| row.get(0))?.collect()
}
