//! SQLite: one file (or memory), one writing connection, a few that read.

mod checkpoint;
mod fault;
mod reader;
mod session;

use std::fs::OpenOptions;
use std::path::Path;
use std::time::Duration;

use kernel::{Error, Result};
use rusqlite::backup::{Backup, StepResult};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

pub(crate) use checkpoint::Checkpointer;
pub(crate) use reader::SqliteReader;
pub(crate) use session::SqliteSession;

use crate::Durability;

/// Long enough for another process to finish a transaction, short enough for a person to wait.
const BUSY: Duration = Duration::from_secs(2);
/// More than all named queries of the program.
const STATEMENTS: usize = 512;
/// The checkpoint thread keeps the log short; only when it cannot keep up does a commit pay for it (64 MB of log).
const PAGES_BEFORE_COMMITS_PAY: u32 = 16_000;

/// Opens the one connection that writes.
pub(crate) fn open_writer(path: Option<&Path>, durability: Durability) -> Result<Connection> {
    let db = match path {
        Some(path) => {
            create_private(path)?;
            open(path)?
        }
        None => Connection::open_in_memory().map_err(|error| fault::opening(&error))?,
    };
    let journal = set_up(&db, durability).map_err(|error| fault::opening(&error))?;
    if path.is_some() && journal != "wal" {
        return Err(Error::unavailable(format!(
            "the file system allows no write-ahead log (SQLite says {journal})"
        )));
    }
    Ok(db)
}

/// A database in memory with everything that is in this one.
pub(crate) fn copy_in_memory(from: &Connection) -> Result<Connection> {
    let mut copy = open_writer(None, Durability::Full)?;
    let copied = Backup::new(from, &mut copy).and_then(|backup| backup.step(-1));
    match copied.map_err(|error| fault::opening(&error))? {
        StepResult::Done => Ok(copy),
        other => Err(Error::unavailable(format!("the database can't be copied: {other:?}"))),
    }
}

/// Opens a connection that only reads, or only moves the log into the file.
pub(crate) fn open_reader(path: &Path) -> Result<Connection> {
    let db = open(path)?;
    let tuned = common(&db).and_then(|()| db.execute_batch("PRAGMA query_only=ON; PRAGMA cache_size=-4096;"));
    tuned.map_err(|error| fault::opening(&error))?;
    Ok(db)
}

/// Opens a connection beside whoever serves the file, for one task of its own. The file must be there.
pub(crate) fn open_beside(path: &Path) -> Result<Connection> {
    let db = open(path)?;
    common(&db).map_err(|error| fault::opening(&error))?;
    Ok(db)
}

fn open(path: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Connection::open_with_flags(path, flags).map_err(|error| fault::opening(&error))
}

/// Customers' data is in it: only the account the program runs under may read the file. Log and index inherit this.
fn create_private(path: &Path) -> Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop).map_err(|error| {
        Error::unavailable(format!("the database file {} cannot be opened: {error}", path.display()))
    })
}

fn common(db: &Connection) -> rusqlite::Result<()> {
    db.busy_timeout(BUSY)?;
    db.set_prepared_statement_cache_capacity(STATEMENTS);
    // Without it SQLite parses a statement anew each time another value is bound, in the hope of a better plan for that
    // value. Our plans follow from the indexes (`hot_queries_use_indexes`), and parsing cost more than all the reading.
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    db.execute_batch("PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY; PRAGMA trusted_schema=OFF;")
}

/// Returns the kind of journal that SQLite agreed to.
fn set_up(db: &Connection, durability: Durability) -> rusqlite::Result<String> {
    common(db)?;
    let journal = db.query_row("PRAGMA journal_mode=WAL", [], |row| row.get(0))?;
    let synchronous = match durability {
        Durability::Full => "FULL",
        Durability::Normal => "NORMAL",
        Durability::Bulk => "OFF",
    };
    db.execute_batch(&format!(
        "PRAGMA synchronous={synchronous}; PRAGMA fullfsync=ON; PRAGMA secure_delete=ON;
         PRAGMA cache_size=-16384; PRAGMA wal_autocheckpoint={PAGES_BEFORE_COMMITS_PAY};"
    ))?;
    Ok(journal)
}

#[cfg(test)]
mod tests {
    use rusqlite::StatementStatus;

    use super::*;

    #[test]
    fn a_statement_is_parsed_once_whatever_is_bound_to_it() {
        let db = open_writer(None, Durability::Full).unwrap();
        db.execute_batch("CREATE TABLE t (id TEXT PRIMARY KEY NOT NULL, at INTEGER NOT NULL) STRICT; CREATE INDEX t_at ON t (at);")
            .unwrap();
        let mut statement =
            db.prepare("SELECT id FROM t WHERE id = $1 AND at > $2 ORDER BY at LIMIT $3").unwrap();
        for id in ["a", "b", "c", "d"] {
            let found = statement.query_map((id, 7, 3), |row| row.get::<_, String>(0)).unwrap().count();
            assert_eq!(found, 0);
        }
        assert_eq!(statement.get_status(StatementStatus::RePrepare), 0);
    }

    /// What `PRAGMA synchronous` says for FULL.
    const FULL: i64 = 2;

    fn synchronous(db: &Connection) -> i64 {
        db.query_row("PRAGMA synchronous", [], |row| row.get(0)).unwrap()
    }

    /// With NORMAL a write-ahead log loses what was answered last when the power goes, and no other test would notice.
    #[test]
    fn whoever_writes_to_a_file_waits_for_the_disk() {
        let folder = std::env::temp_dir().join(format!("aftercare-synchronous-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join("shop.db");
        let writer = open_writer(Some(&path), Durability::Full).unwrap();
        let bulk = open_writer(Some(&folder.join("seeded.db")), Durability::Bulk).unwrap();
        let others = [open_reader(&path).unwrap(), open_beside(&path).unwrap()];
        let found = (synchronous(&writer), synchronous(&bulk), others.map(|other| synchronous(&other)));
        std::fs::remove_dir_all(&folder).unwrap();
        assert_eq!(found, (FULL, 0, [FULL; 2]), "only the seeding of the demo does without");
    }
}
