//! Looks a backup over before anything is written: is it ours, is it whole, can it be loaded.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use kernel::{Error, Kind, Result};
use rusqlite::{Connection, OpenFlags};

use super::manifest::{APPLICATION_ID, Manifest};
use super::shape::{self, Table};
use super::{Doing, Progress, fault, read};
use crate::Migration;
use crate::migrate::BACKUP_TABLE;

/// What every SQLite file begins with.
const SQLITE: &[u8; 16] = b"SQLite format 3\0";

/// A backup that was opened and says that it is one.
pub(super) struct Opened {
    pub(super) db: Connection,
    pub(super) manifest: Manifest,
    /// The tables to be loaded, parents first.
    pub(super) tables: Vec<Table>,
    /// Tables in it that no migration makes: somebody's own, which stay behind.
    pub(super) strange: Vec<String>,
}

/// Opens a backup for reading, and holds what it says of itself against the migrations of this program.
pub(super) fn open(path: &Path, migrations: &[Migration]) -> Result<Opened> {
    begins_like_sqlite(path)?;
    let db = open_readonly(path)?;
    is_ours(&db, path)?;
    let manifest = Manifest::read(&db)?;
    let version = manifest.schema_version as usize;
    let Some(written) = migrations.get(..version) else {
        let words =
            "This backup was taken by a newer version of this program. Install that version or a newer one.";
        let detail = format!("its schema is at version {version}; this program knows {}", migrations.len());
        return Err(Error::new(Kind::Conflict, "backup_newer", words).detail(detail));
    };
    let (tables, strange) = compared(&db, &manifest, shape::of_migrations(written)?)?;
    Ok(Opened { db, manifest, tables, strange })
}

fn begins_like_sqlite(path: &Path) -> Result<()> {
    let mut head = [0; 16];
    let read = File::open(path).and_then(|mut file| file.read_exact(&mut head));
    match read {
        Ok(()) if &head == SQLITE => Ok(()),
        Err(error) if error.kind() != std::io::ErrorKind::UnexpectedEof => {
            Err(fault::io("read", path, &error))
        }
        _ => Err(no_backup(path, "it is no SQLite file")),
    }
}

/// Read-only, and with nothing in the file trusted: it may come from anywhere.
fn open_readonly(path: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let opened = Connection::open_with_flags(path, flags).and_then(|db| {
        db.execute_batch(
            "PRAGMA query_only=ON; PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA mmap_size=0;
             PRAGMA temp_store=MEMORY; PRAGMA cache_size=-8192;",
        )?;
        Ok(db)
    });
    opened.map_err(|error| fault::damaged(error.to_string()))
}

fn is_ours(db: &Connection, path: &Path) -> Result<()> {
    let read = |sql: &str| db.query_row(sql, [], |row| row.get::<_, i64>(0));
    let damaged = |error: rusqlite::Error| fault::damaged(error.to_string());
    let marked = read("PRAGMA application_id").map_err(damaged)? == APPLICATION_ID;
    let named =
        read(&format!("SELECT COUNT(*) FROM sqlite_schema WHERE type = 'table' AND name = '{BACKUP_TABLE}'"));
    if marked && named.map_err(damaged)? == 1 {
        return Ok(());
    }
    let shop = read("SELECT COUNT(*) FROM sqlite_schema WHERE type = 'table' AND name = 'schema_migrations'");
    Err(match shop.map_err(damaged)? {
        0 => no_backup(path, "it is an SQLite file of something else"),
        _ => no_backup(path, "it is a shop's database itself: run `aftercare backup` on it first"),
    })
}

#[track_caller]
fn no_backup(path: &Path, why: &str) -> Error {
    fault::refused("not_a_backup", format!("{} is no backup of Aftercare: {why}.", path.display()))
}

/// Every table that the migrations make has to be there, with these columns.
fn compared(db: &Connection, manifest: &Manifest, wanted: Vec<Table>) -> Result<(Vec<Table>, Vec<String>)> {
    let found = shape::of_file(db)?;
    for table in &wanted {
        let there = found.contains(table) && manifest.tables.iter().any(|note| note.name == table.name);
        if !there {
            return Err(fault::damaged(format!("the table {} is missing or has other columns", table.name)));
        }
    }
    let strange = shape::strange(db, &wanted)?;
    Ok((wanted, strange))
}

/// Reads everything once and holds it against what the backup says: the file's own structure, then every row.
pub(super) fn look_over(backup: &Opened, progress: &mut dyn Progress) -> Result<()> {
    let whole = backup.db.query_row("PRAGMA integrity_check(1)", [], |row| row.get::<_, String>(0));
    match whole {
        Ok(said) if said == "ok" => {}
        Ok(said) => return Err(fault::damaged(said)),
        Err(error) => return Err(fault::damaged(error.to_string())),
    }
    super::sqlite::check_keys(&backup.db)?;
    for table in &backup.tables {
        let Some(note) = backup.manifest.tables.iter().find(|note| note.name == table.name) else {
            return Err(fault::damaged(format!("it says nothing of {}", table.name)));
        };
        let mut look = |_: &[Vec<crate::Cell>], so_far: u64| {
            progress.rows(Doing::Checking, &table.name, so_far, Some(note.rows));
            Ok(())
        };
        let tally = read::table(&backup.db, table, &mut look)?;
        if tally.rows != note.rows || tally.digest() != note.digest {
            let detail = format!(
                "{}: {} rows were written and {} are there, or their content differs",
                table.name, note.rows, tally.rows
            );
            return Err(fault::damaged(detail));
        }
    }
    Ok(())
}
