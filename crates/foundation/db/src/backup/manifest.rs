//! What a backup says of itself.

use kernel::{Result, Timestamp};
use rusqlite::Connection;

use super::fault;
use crate::migrate::BACKUP_TABLE;

/// The format that this program writes and reads.
pub(super) const FORMAT: u32 = 1;
/// Stands in the header of the file: `AFTB`.
pub(super) const APPLICATION_ID: i64 = 0x4146_5442;

/// What a backup says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// The version of the program that took it.
    pub program: String,
    /// The version of the schema in it.
    pub schema_version: u32,
    /// The engine it was taken from: `sqlite` or `postgres`.
    pub engine: String,
    /// When it was taken.
    pub taken_at: Timestamp,
    /// How many sealed credentials are in it.
    pub sealed_credentials: u64,
    /// By what a secret is recognised as the one that seals them, a line for each root.
    pub secret_marks: Vec<String>,
    /// Every table, parents first.
    pub tables: Vec<TableNote>,
}

/// What a backup says of one table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableNote {
    /// Its name.
    pub name: String,
    /// How many rows it has.
    pub rows: u64,
    /// A digest of all its rows, whatever their order.
    pub digest: String,
}

impl Manifest {
    /// The rows of all tables.
    pub fn rows(&self) -> u64 {
        self.tables.iter().map(|table| table.rows).sum()
    }

    pub(super) fn write(&self, db: &Connection) -> rusqlite::Result<()> {
        db.execute_batch(&format!(
            "PRAGMA application_id = {APPLICATION_ID};
             CREATE TABLE {BACKUP_TABLE} (key TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) STRICT;
             CREATE TABLE {BACKUP_TABLE}_tables (
               position INTEGER PRIMARY KEY NOT NULL, name TEXT NOT NULL, row_count INTEGER NOT NULL, digest TEXT NOT NULL
             ) STRICT;"
        ))?;
        let facts = [
            ("format", FORMAT.to_string()),
            ("program", self.program.clone()),
            ("schema_version", self.schema_version.to_string()),
            ("engine", self.engine.clone()),
            ("taken_at", self.taken_at.to_string()),
            ("sealed_credentials", self.sealed_credentials.to_string()),
            ("secret_marks", self.secret_marks.join(" ")),
            // For whoever finds the file: the program reads the facts above.
            ("root_secret", "not inside; restore needs the same AFTERCARE_SECRET".to_owned()),
        ];
        for (key, value) in facts {
            db.execute(&format!("INSERT INTO {BACKUP_TABLE} VALUES (?1, ?2)"), (key, value))?;
        }
        for (at, table) in self.tables.iter().enumerate() {
            let sql = format!("INSERT INTO {BACKUP_TABLE}_tables VALUES (?1, ?2, ?3, ?4)");
            db.execute(&sql, (at as i64 + 1, &table.name, table.rows as i64, &table.digest))?;
        }
        Ok(())
    }

    /// Reads it. A format this program does not know is refused before anything else is read.
    pub(super) fn read(db: &Connection) -> Result<Manifest> {
        let format: u32 = number(db, "format")?;
        if format != FORMAT {
            let words = format!(
                "This backup has format {format}; this program reads format {FORMAT}. Use the program that wrote it, or a newer one."
            );
            return Err(fault::refused("backup_format", words));
        }
        let marks = fact(db, "secret_marks")?;
        Ok(Manifest {
            program: fact(db, "program")?,
            schema_version: number(db, "schema_version")?,
            engine: fact(db, "engine")?,
            taken_at: Timestamp::parse(&fact(db, "taken_at")?)
                .map_err(|_| fault::damaged("taken_at is no instant"))?,
            sealed_credentials: number(db, "sealed_credentials")?,
            secret_marks: marks.split_whitespace().map(str::to_owned).collect(),
            tables: tables(db).map_err(|error| fault::damaged(error.to_string()))?,
        })
    }
}

fn fact(db: &Connection, key: &str) -> Result<String> {
    let read =
        db.query_row(&format!("SELECT value FROM {BACKUP_TABLE} WHERE key = ?1"), [key], |row| row.get(0));
    read.map_err(|error| fault::damaged(format!("what it says of {key}: {error}")))
}

fn number<T: std::str::FromStr>(db: &Connection, key: &str) -> Result<T> {
    fact(db, key)?.parse().map_err(|_| fault::damaged(format!("what it says of {key} is no number")))
}

fn tables(db: &Connection) -> rusqlite::Result<Vec<TableNote>> {
    let mut statement =
        db.prepare(&format!("SELECT name, row_count, digest FROM {BACKUP_TABLE}_tables ORDER BY position"))?;
    let rows = statement.query_map([], |row| {
        Ok(TableNote { name: row.get(0)?, rows: row.get::<_, i64>(1)? as u64, digest: row.get(2)? })
    })?;
    rows.collect()
}
