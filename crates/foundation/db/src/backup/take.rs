//! Takes a backup of a live and busy database: one snapshot, while everybody goes on writing.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use kernel::{Error, Result, Timestamp};
use postgres::{Client, IsolationLevel};
use rusqlite::{Connection, OpenFlags};
use sha2::{Digest, Sha256};

use super::draft::Draft;
use super::manifest::{Manifest, TableNote};
use super::shape::{self, Table};
use super::{Doing, Progress, fault, postgres as server, read, sqlite as file};
use crate::migrate::{self, BACKUP_TABLE, LEDGER_TABLE, UNFINISHED_TABLE};
use crate::postgres::{PostgresSession, Target};
use crate::session::{Isolation, Session};
use crate::sqlite::{self, SqliteSession};
use crate::{Cell, DatabaseUrl, Durability, Migration};

/// How often the growing file is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// What a backup is taken of, and what it will say of itself.
#[derive(Clone, Debug)]
pub struct Backup<'a> {
    /// The database.
    pub url: &'a DatabaseUrl,
    /// The migrations of this program: the database must have been made by them, or by the first of them.
    pub migrations: &'a [Migration],
    /// The version of this program.
    pub program: &'a str,
    /// By what the secret will be recognised that seals the credentials.
    pub secret_marks: Vec<String>,
    /// When it is taken.
    pub now: Timestamp,
}

/// A backup that is written and durable.
#[derive(Clone, Debug)]
pub struct BackedUp {
    /// How large the file is.
    pub bytes: u64,
    /// The SHA-256 of the file, in hexadecimal.
    pub sha256: String,
    /// What it says of itself.
    pub manifest: Manifest,
}

impl Backup<'_> {
    /// Writes the backup to `place`, where nothing may be yet. A backup that fails leaves nothing. Blocks, and must not
    /// be called on a thread of a runtime.
    pub fn write(&self, place: &Path, progress: &mut dyn Progress) -> Result<BackedUp> {
        let draft = Draft::beside(place)?;
        let manifest = match self.url {
            DatabaseUrl::Sqlite(path) => self.of_file(path, draft.path(), progress)?,
            DatabaseUrl::Postgres { server, schema } => {
                self.of_server(server, schema, draft.path(), progress)?
            }
            DatabaseUrl::Memory => {
                return Err(fault::refused("nothing_to_back_up", "A database in memory has no backup."));
            }
        };
        let (bytes, sha256) = measured(draft.path())?;
        draft.publish()?;
        Ok(BackedUp { bytes, sha256, manifest })
    }

    /// SQLite copies the file as it stands in one snapshot; whoever writes meanwhile writes on.
    fn of_file(&self, path: &Path, draft: &Path, progress: &mut dyn Progress) -> Result<Manifest> {
        if !path.exists() {
            return Err(nothing_there(&path.display().to_string()));
        }
        vacuum_into(path, draft, progress)?;
        let db = open_draft(draft)?;
        let version = version_of_file(&db, self.migrations)?;
        let mut notes = Vec::new();
        let mut sealed = 0;
        for table in shape::of_migrations(&self.migrations[..version as usize])? {
            let mut put = |rows: &[Vec<Cell>], so_far: u64| {
                sealed += sealed_in(&table, rows);
                progress.rows(Doing::BackingUp, &table.name, so_far, None);
                Ok(())
            };
            let tally = read::table(&db, &table, &mut put)?;
            notes.push(TableNote { name: table.name.clone(), rows: tally.rows, digest: tally.digest() });
        }
        let manifest = self.manifest("sqlite", version, sealed, notes);
        manifest.write(&db).map_err(|error| fault::writing(draft, &error))?;
        Ok(manifest)
    }

    /// PostgreSQL is read in one snapshot into a file that the same migrations have made.
    fn of_server(
        &self,
        server: &str,
        schema: &str,
        draft: &Path,
        progress: &mut dyn Progress,
    ) -> Result<Manifest> {
        let version = version_of_server(server, schema, self.migrations)?;
        let written = &self.migrations[..version as usize];
        let db = make_draft(draft, written)?;
        let tables = shape::of_file(&db)?;
        let mut client = connect(server, schema)?;
        let mut snapshot = client
            .build_transaction()
            .isolation_level(IsolationLevel::RepeatableRead)
            .read_only(true)
            .start()
            .map_err(|error| Error::unavailable(server::said(&error)))?;
        let write = |error: &rusqlite::Error| fault::writing(draft, error);
        let mut notes = Vec::new();
        let mut sealed = 0;
        for table in &tables {
            // What the migrations themselves have put in is in the database too.
            db.execute_batch(&format!("BEGIN; DELETE FROM {};", shape::quoted(&table.name)))
                .map_err(|error| write(&error))?;
            let mut put = |rows: &[Vec<Cell>], so_far: u64| {
                sealed += sealed_in(table, rows);
                progress.rows(Doing::BackingUp, &table.name, so_far, None);
                file::insert(&db, table, rows).map_err(|error| write(&error))
            };
            let tally = server::read(&mut snapshot, table, &mut put)?;
            db.execute_batch("COMMIT").map_err(|error| write(&error))?;
            notes.push(TableNote { name: table.name.clone(), rows: tally.rows, digest: tally.digest() });
        }
        let manifest = self.manifest("postgres", version, sealed, notes);
        manifest.write(&db).map_err(|error| write(&error))?;
        Ok(manifest)
    }

    fn manifest(&self, engine: &str, schema_version: u32, sealed: u64, tables: Vec<TableNote>) -> Manifest {
        Manifest {
            program: self.program.to_owned(),
            schema_version,
            engine: engine.to_owned(),
            taken_at: self.now,
            sealed_credentials: sealed,
            secret_marks: self.secret_marks.clone(),
            tables,
        }
    }
}

/// Copies the database into the empty file, and tells how large it has grown meanwhile.
fn vacuum_into(path: &Path, draft: &Path, progress: &mut dyn Progress) -> Result<()> {
    let db = sqlite::open_beside(path)?;
    refuse_what_is_no_shop(&db)?;
    let size =
        db.query_row("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size", [], |row| {
            row.get::<_, i64>(0)
        });
    let size = size.map_err(|error| fault::reading(&error))? as u64;
    let name = draft.to_str().ok_or_else(|| {
        Error::invalid("backup_file", "SQLite needs the name of the file in UTF-8: name another.")
    })?;
    let (done, waiting) = mpsc::channel();
    let copied = thread::scope(|scope| {
        let copying = scope.spawn(move || {
            let copied = db.execute("VACUUM INTO ?1", [name]);
            // Whoever waits looks at the thread's own answer.
            drop(done);
            copied
        });
        while let Err(RecvTimeoutError::Timeout) = waiting.recv_timeout(LOOK_EVERY) as Result<(), _> {
            let so_far = std::fs::metadata(draft).map(|meta| meta.len()).unwrap_or_default();
            progress.bytes(so_far, size);
        }
        copying.join()
    });
    match copied {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) => Err(fault::writing(draft, &error)),
        Err(_) => Err(Error::internal("copying the database panicked")),
    }
}

fn refuse_what_is_no_shop(db: &Connection) -> Result<()> {
    let has = |table: &str| {
        let sql = "SELECT COUNT(*) FROM sqlite_schema WHERE type = 'table' AND name = ?1";
        db.query_row(sql, [table], |row| row.get::<_, i64>(0)).map(|found| found > 0)
    };
    if has(BACKUP_TABLE).map_err(|error| fault::reading(&error))? {
        return Err(fault::refused(
            "database_is_a_backup",
            "This database is a backup already: copy the file.",
        ));
    }
    if has(UNFINISHED_TABLE).map_err(|error| fault::reading(&error))? {
        return Err(unfinished());
    }
    if !has(LEDGER_TABLE).map_err(|error| fault::reading(&error))? {
        return Err(nothing_there("the database"));
    }
    Ok(())
}

#[track_caller]
fn unfinished() -> Error {
    let words = "A restore into this database has not come to its end: there is only half a shop to back up.";
    fault::refused("restore_unfinished", words)
}

#[track_caller]
fn nothing_there(place: &str) -> Error {
    let words = format!("There is no shop at {place}: nothing to back up. Is AFTERCARE_DATABASE_URL right?");
    fault::refused("nothing_to_back_up", words)
}

/// Opens the copy, which nobody else knows yet, so that it can be completed.
fn open_draft(draft: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let opened = Connection::open_with_flags(draft, flags).and_then(|db| {
        // It is on disk when it gets its name, and gone if that never comes: nothing of it needs to survive before.
        db.execute_batch(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA foreign_keys=OFF; PRAGMA temp_store=MEMORY;
             PRAGMA trusted_schema=OFF; PRAGMA cache_size=-8192; PRAGMA locking_mode=EXCLUSIVE;",
        )?;
        Ok(db)
    });
    opened.map_err(|error| fault::writing(draft, &error))
}

/// An empty file with the tables that these migrations make.
fn make_draft(draft: &Path, migrations: &[Migration]) -> Result<Connection> {
    {
        let mut session = SqliteSession::new(sqlite::open_writer(Some(draft), Durability::Bulk)?);
        migrate::apply_all(&mut session, migrations, Timestamp::from_ms(0), |_| Ok(()))?;
        // Out of the write-ahead log, which a single file must not have.
        session.script("PRAGMA journal_mode=DELETE")?;
    }
    open_draft(draft)
}

fn version_of_file(db: &Connection, migrations: &[Migration]) -> Result<u32> {
    let copy = "SELECT version, name, sha256 FROM schema_migrations ORDER BY version";
    let read = || -> rusqlite::Result<Vec<(u32, String, String)>> {
        let mut statement = db.prepare(copy)?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        rows.collect()
    };
    let applied = read().map_err(|error| fault::reading(&error))?;
    migrate::compare_with(&applied, migrations).map(|version| version as u32)
}

fn version_of_server(server: &str, schema: &str, migrations: &[Migration]) -> Result<u32> {
    let mut session = session(server, schema)?;
    session.begin(Isolation::Snapshot).map_err(|broken| broken.error())?;
    let looked = (|| {
        if has_table(&mut session, UNFINISHED_TABLE)? {
            return Err(unfinished());
        }
        if !has_table(&mut session, LEDGER_TABLE)? {
            return Err(nothing_there(&format!("schema {schema}")));
        }
        migrate::compare(&mut session, migrations).map(|version| version as u32)
    })();
    session.abandon();
    looked
}

fn has_table(session: &mut dyn Session, table: &str) -> Result<bool> {
    let found = session.query(&migrate::HAS_TABLE, crate::params![table])?;
    found.first().map(|row| row.get("found")).transpose().map(|found| found == Some(true))
}

pub(super) fn session(server: &str, schema: &str) -> Result<PostgresSession> {
    Ok(PostgresSession::new(std::sync::Arc::new(Target::new(server, schema, "backup".to_owned())?)))
}

/// A connection of our own that may take its time.
fn connect(server: &str, schema: &str) -> Result<Client> {
    let target = Target::new(server, schema, "backup".to_owned())?;
    let mut client = target.connect_blocking().map_err(|broken| broken.error())?;
    let patient = "SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0";
    client.batch_execute(patient).map_err(|error| Error::unavailable(server::said(&error)))?;
    Ok(client)
}

/// Sealed credentials stand in columns that say so.
fn sealed_in(table: &Table, rows: &[Vec<Cell>]) -> u64 {
    let sealed = table.columns.iter().enumerate().filter(|(_, column)| column.name.contains("sealed"));
    let places: Vec<usize> = sealed.map(|(at, _)| at).collect();
    let of_row = |row: &Vec<Cell>| places.iter().filter(|at| row[**at] != Cell::Null).count() as u64;
    if places.is_empty() { 0 } else { rows.iter().map(of_row).sum() }
}

/// The size of a file and its SHA-256.
fn measured(path: &Path) -> Result<(u64, String)> {
    let failed = |error: std::io::Error| fault::io("read", path, &error);
    let mut file = File::open(path).map_err(failed)?;
    let (mut hash, mut bytes, mut buffer) = (Sha256::new(), 0, vec![0; 1 << 16]);
    loop {
        let read = file.read(&mut buffer).map_err(failed)?;
        if read == 0 {
            break;
        }
        hash.update(&buffer[..read]);
        bytes += read as u64;
    }
    Ok((bytes, hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()))
}
