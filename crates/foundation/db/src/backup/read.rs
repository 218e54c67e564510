//! Reads the tables of an SQLite file, row by row.

use kernel::{Error, Result};
use rusqlite::Connection;
use rusqlite::types::ValueRef;

use super::fault;
use super::rows::{Cells, Chunks, Tally, wrong};
use super::shape::Table;
use crate::Cell;

/// Gives every row of a table to `put`, in chunks. A value of another type than its column's is an error that names the
/// row and the column, and never the value.
pub(super) fn table(
    db: &Connection,
    table: &Table,
    put: &mut dyn FnMut(&[Cells], u64) -> Result<()>,
) -> Result<Tally> {
    let mut statement = db.prepare(&table.select()).map_err(|error| unreadable(table, &error))?;
    let mut rows = statement.query([]).map_err(|error| unreadable(table, &error))?;
    let mut chunks = Chunks::new(put);
    let mut number = 0;
    while let Some(row) = rows.next().map_err(|error| unreadable(table, &error))? {
        number += 1;
        let mut cells = Vec::with_capacity(table.columns.len());
        for at in 0..table.columns.len() {
            let value = row.get_ref(at).map_err(|error| unreadable(table, &error))?;
            let cell = cell(value).map_err(|what| misfit(table, at, number, what))?;
            if let Some(what) = wrong(table, at, &cell) {
                return Err(misfit(table, at, number, what));
            }
            cells.push(cell);
        }
        chunks.add(cells)?;
    }
    chunks.end()
}

fn cell(value: ValueRef<'_>) -> Result<Cell, &'static str> {
    match value {
        ValueRef::Null => Ok(Cell::Null),
        ValueRef::Integer(n) => Ok(Cell::Int(n)),
        ValueRef::Real(_) => Err("a number with a fraction"),
        ValueRef::Text(text) => {
            String::from_utf8(text.to_vec()).map(Cell::Text).map_err(|_| "a text that is not UTF-8")
        }
        ValueRef::Blob(bytes) => Ok(Cell::Bytes(bytes.to_vec())),
    }
}

#[track_caller]
fn misfit(table: &Table, at: usize, number: u64, what: &str) -> Error {
    let (table, column) = (&table.name, &table.columns[at].name);
    let words = format!("Row {number} of {table} holds, in {column}, {what}. It can't be copied.");
    fault::refused("row_refused", words)
}

#[track_caller]
fn unreadable(table: &Table, error: &rusqlite::Error) -> Error {
    fault::damaged(format!("{}: {error}", table.name))
}
