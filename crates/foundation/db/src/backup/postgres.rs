//! Reads whole tables from PostgreSQL, and writes them there.

use kernel::{Error, Result};
use postgres::Transaction;
use postgres::fallible_iterator::FallibleIterator;
use postgres::types::{ToSql, Type};

use super::fault;
use super::rows::{Cells, Chunks, Tally};
use super::shape::{Kind, Table, quoted};
use crate::Cell;
use crate::postgres::Link;

/// Gives every row of a table to `put`, in chunks. The rows are streamed: the server sends on only as fast as they are
/// taken.
pub(super) fn read(
    snapshot: &mut Transaction<'_>,
    table: &Table,
    put: &mut dyn FnMut(&[Cells], u64) -> Result<()>,
) -> Result<Tally> {
    let statement = snapshot.prepare(&table.select()).map_err(|error| failed("read", table, &error))?;
    for (column, theirs) in table.columns.iter().zip(statement.columns()) {
        if *theirs.type_() != type_of(column.kind) {
            let words = format!(
                "{}.{} is of type {}, which no migration makes.",
                table.name,
                column.name,
                theirs.type_()
            );
            return Err(fault::refused("schema_differs", words));
        }
    }
    let none: [&(dyn ToSql + Sync); 0] = [];
    let mut rows = snapshot.query_raw(&statement, none).map_err(|error| failed("read", table, &error))?;
    let mut chunks = Chunks::new(put);
    while let Some(row) = rows.next().map_err(|error| failed("read", table, &error))? {
        let cells = table.columns.iter().enumerate().map(|(at, column)| cell(&row, at, column.kind));
        chunks.add(cells.collect::<Result<_, _>>().map_err(|error| failed("read", table, &error))?)?;
    }
    chunks.end()
}

fn cell(row: &postgres::Row, at: usize, kind: Kind) -> Result<Cell, postgres::Error> {
    let cell = match kind {
        Kind::Int => row.try_get::<_, Option<i64>>(at)?.map(Cell::Int),
        Kind::Text => row.try_get::<_, Option<String>>(at)?.map(Cell::Text),
        Kind::Bytes => row.try_get::<_, Option<Vec<u8>>>(at)?.map(Cell::Bytes),
    };
    Ok(cell.unwrap_or(Cell::Null))
}

fn type_of(kind: Kind) -> Type {
    match kind {
        Kind::Int => Type::INT8,
        Kind::Text => Type::TEXT,
        Kind::Bytes => Type::BYTEA,
    }
}

/// Writes rows, by the same protocol that `COPY` loads files with. The caller's transaction is around it.
pub(super) fn write(link: &mut Link, table: &Table, rows: &[Cells]) -> Result<()> {
    let sql = format!("COPY {} ({}) FROM STDIN (FORMAT binary)", quoted(&table.name), table.column_list());
    let types: Vec<Type> = table.columns.iter().map(|column| type_of(column.kind)).collect();
    let rows_of = rows.iter().map(|row| row.iter().map(value).collect());
    let written = link.copy_in(&sql, &types, rows_of).map_err(|error| failed("write", table, &error))?;
    if written == rows.len() as u64 {
        return Ok(());
    }
    Err(Error::internal(format!("{}: {written} of {} rows were written", table.name, rows.len())))
}

fn value(cell: &Cell) -> &(dyn ToSql + Sync) {
    match cell {
        Cell::Null => &Nothing,
        Cell::Int(n) => n,
        Cell::Text(text) => text,
        Cell::Bytes(bytes) => bytes,
    }
}

/// NULL, of whatever type the column is.
#[derive(Debug)]
struct Nothing;

impl ToSql for Nothing {
    fn to_sql(
        &self,
        _: &Type,
        _: &mut postgres::types::private::BytesMut,
    ) -> Result<postgres::types::IsNull, Box<dyn std::error::Error + Sync + Send>> {
        Ok(postgres::types::IsNull::Yes)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    postgres::types::to_sql_checked!();
}

/// A foreign key that is taken away while tables are loaded, and put back, and so checked, afterwards.
pub(super) struct Key {
    table: String,
    name: String,
    words: String,
}

/// Takes all foreign keys away, so that neither the order of the rows nor a circle of keys matters.
pub(super) fn untie(link: &mut Link) -> Result<Vec<Key>> {
    let rows = link.query(
        "SELECT CAST(t.relname AS TEXT), CAST(c.conname AS TEXT), pg_get_constraintdef(c.oid)
         FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
         WHERE c.contype = 'f' AND t.relnamespace = CAST(current_schema() AS regnamespace) ORDER BY 1, 2",
    );
    let rows = rows.map_err(|error| Error::unavailable(error.to_string()))?;
    let read = |row: &postgres::Row| {
        Ok(Key { table: row.try_get(0)?, name: row.try_get(1)?, words: row.try_get(2)? })
    };
    let keys: Result<Vec<Key>, postgres::Error> = rows.iter().map(read).collect();
    let keys = keys.map_err(|error| Error::unavailable(error.to_string()))?;
    for key in &keys {
        let drop = format!("ALTER TABLE {} DROP CONSTRAINT {}", quoted(&key.table), quoted(&key.name));
        link.batch_execute(&drop).map_err(|error| Error::unavailable(error.to_string()))?;
    }
    Ok(keys)
}

/// Puts the foreign keys back; a row that names a parent that is not there is found by it.
pub(super) fn tie(link: &mut Link, keys: &[Key]) -> Result<()> {
    for key in keys {
        let add =
            format!("ALTER TABLE {} ADD CONSTRAINT {} {}", quoted(&key.table), quoted(&key.name), key.words);
        link.batch_execute(&add).map_err(|error| match error.code().map(|state| state.code()) {
            Some("23503") => {
                fault::damaged(format!("a row of {} names a row that is not there ({})", key.table, key.name))
            }
            _ => Error::unavailable(said(&error)),
        })?;
    }
    Ok(())
}

/// Only the code and the first words: what the server quotes may be personal.
#[track_caller]
fn failed(what: &str, table: &Table, error: &postgres::Error) -> Error {
    let detail = format!("{} can't be {what}: {}", table.name, said(error));
    match error.code().map(|state| state.code()) {
        Some("53100") => {
            let words = "The disk under PostgreSQL is full. Make room there and run the restore again.";
            Error::new(kernel::Kind::Unavailable, "disk_full", words).detail(detail)
        }
        Some(code) if code.starts_with("23") => fault::damaged(detail),
        _ => Error::unavailable(detail),
    }
}

pub(super) fn said(error: &postgres::Error) -> String {
    match error.as_db_error() {
        Some(cause) if cause.code().code().starts_with("22") => format!("SQLSTATE {}", cause.code().code()),
        Some(cause) => format!("{} (SQLSTATE {})", cause.message(), cause.code().code()),
        None => match std::error::Error::source(error) {
            Some(cause) => format!("{error}: {cause}"),
            None => error.to_string(),
        },
    }
}
