//! Writes whole tables into an SQLite file.

use kernel::{Error, Result};
use rusqlite::types::ToSqlOutput;
use rusqlite::types::{Null, ValueRef};
use rusqlite::{Connection, ToSql};

use super::rows::Cells;
use super::shape::{Table, quoted};
use crate::Cell;

/// Inserts rows. The caller's transaction is around it.
pub(super) fn insert(db: &Connection, table: &Table, rows: &[Cells]) -> rusqlite::Result<()> {
    let marks = vec!["?"; table.columns.len()].join(", ");
    let sql = format!("INSERT INTO {} ({}) VALUES ({marks})", quoted(&table.name), table.column_list());
    let mut statement = db.prepare_cached(&sql)?;
    for row in rows {
        statement.execute(rusqlite::params_from_iter(row.iter().map(Bound)))?;
    }
    Ok(())
}

/// A cell as a parameter, without a copy.
struct Bound<'a>(&'a Cell);

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self.0 {
            Cell::Null => ToSqlOutput::from(Null),
            Cell::Int(n) => ToSqlOutput::from(*n),
            Cell::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Cell::Bytes(bytes) => ToSqlOutput::Borrowed(ValueRef::Blob(bytes)),
        })
    }
}

/// Fails when a row names a parent that is not there.
pub(super) fn check_keys(db: &Connection) -> Result<()> {
    let stray = db.query_row("SELECT \"table\", parent FROM pragma_foreign_key_check LIMIT 1", [], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
    });
    match stray {
        Err(rusqlite::Error::QueryReturnedNoRows) => Ok(()),
        Ok((child, parent)) => {
            Err(super::fault::damaged(format!("a row of {child} names a row of {parent} that is not there")))
        }
        Err(error) => Err(Error::unavailable(format!("the keys can't be checked: {error}"))),
    }
}
