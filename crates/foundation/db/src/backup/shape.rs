//! Which tables there are, with which columns: read from the catalogue of an SQLite file, or from what the migrations
//! make of an empty one. There is no list of tables to keep up to date.

use std::collections::BTreeSet;

use kernel::{Result, Timestamp};
use rusqlite::Connection;

use crate::migrate::{self, BACKUP_TABLE};
use crate::sqlite::{self, SqliteSession};
use crate::{Durability, Migration};

/// The type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Int,
    Text,
    Bytes,
}

/// One column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) kind: Kind,
}

/// One table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Table {
    pub(super) name: String,
    pub(super) columns: Vec<Column>,
}

impl Table {
    /// The columns as SQL lists them.
    pub(super) fn column_list(&self) -> String {
        let names: Vec<_> = self.columns.iter().map(|column| quoted(&column.name)).collect();
        names.join(", ")
    }

    /// The statement that reads all of it, in the order of the columns.
    pub(super) fn select(&self) -> String {
        format!("SELECT {} FROM {}", self.column_list(), quoted(&self.name))
    }
}

/// A name in SQL.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// What these migrations make: every table, parents before their children.
pub(super) fn of_migrations(migrations: &[Migration]) -> Result<Vec<Table>> {
    let mut session = SqliteSession::new(sqlite::open_writer(None, Durability::Bulk)?);
    migrate::apply_all(&mut session, migrations, Timestamp::from_ms(0), |_| Ok(()))?;
    of_file(session.raw())
}

/// The tables of an SQLite file, parents before their children, without those that only a backup has, and without those
/// of somebody else whose columns are of types that no migration makes.
pub(super) fn of_file(db: &Connection) -> Result<Vec<Table>> {
    let read = || -> rusqlite::Result<Vec<Table>> {
        let mut tables = Vec::new();
        for name in in_order(db, names(db)?)? {
            tables.extend(table(db, name)?);
        }
        Ok(tables)
    };
    read().map_err(|error| super::fault::reading(&error))
}

/// The names of everything in an SQLite file that `known` does not name.
pub(super) fn strange(db: &Connection, known: &[Table]) -> Result<Vec<String>> {
    let names = names(db).map_err(|error| super::fault::reading(&error))?;
    Ok(names.into_iter().filter(|name| known.iter().all(|table| table.name != *name)).collect())
}

/// The names of an SQLite file's own tables; a virtual table is none of ours.
fn names(db: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut statement = db.prepare(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
           AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name",
    )?;
    let names = statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<Vec<String>>>()?;
    Ok(names.into_iter().filter(|name| !name.starts_with(BACKUP_TABLE)).collect())
}

/// Parents first. What is left in a circle of keys comes last, in the order of its names.
fn in_order(db: &Connection, mut left: Vec<String>) -> rusqlite::Result<Vec<String>> {
    let mut ordered: Vec<String> = Vec::new();
    let mut parents = Vec::new();
    for name in &left {
        let mut statement = db.prepare("SELECT \"table\" FROM pragma_foreign_key_list(?1)")?;
        let of_one = statement.query_map([name], |row| row.get::<_, String>(0))?;
        let of_one = of_one.collect::<rusqlite::Result<BTreeSet<_>>>()?;
        parents.push((name.clone(), of_one));
    }
    loop {
        let free = |name: &String| {
            parents.iter().filter(|(child, _)| child == name).all(|(child, parents)| {
                parents.iter().all(|parent| parent == child || ordered.contains(parent))
            })
        };
        let Some(at) = left.iter().position(free) else { break };
        ordered.push(left.remove(at));
    }
    ordered.append(&mut left);
    Ok(ordered)
}

/// `None` when a column is of a type that no migration makes.
fn table(db: &Connection, name: String) -> rusqlite::Result<Option<Table>> {
    let mut statement = db.prepare("SELECT name, type FROM pragma_table_info(?1) ORDER BY cid")?;
    let rows = statement.query_map([&name], |row| Ok((row.get(0)?, row.get::<_, String>(1)?)))?;
    let rows = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    let columns = rows.into_iter().map(|(column, word)| {
        let kind = match word.as_str() {
            "INTEGER" | "INT" => Kind::Int,
            "TEXT" => Kind::Text,
            "BLOB" => Kind::Bytes,
            _ => return None,
        };
        Some(Column { name: column, kind })
    });
    Ok(columns.collect::<Option<Vec<_>>>().map(|columns| Table { name, columns }))
}
