//! The plain scan that looks are held against: every row that they read, streamed from beginning to end, and each cell taken.

use db::{DatabaseUrl, Engine, Query};
use kernel::{Error, Result};
use postgres::fallible_iterator::FallibleIterator;
use postgres::types::{FromSql, ToSql, Type};

use super::fill::{
    SCAN_CONTENTS, SCAN_LINES, SCAN_NUMBERS, SCAN_ORDERS, SCAN_PARCELS, SCAN_PEOPLE, SCAN_PROMISES,
    SCAN_SCANS, SCAN_TOLD, SCAN_WATCHES,
};

/// What a look reads: a row of each for an order with one parcel.
pub const READ: [&Query; 10] = [
    &SCAN_WATCHES,
    &SCAN_ORDERS,
    &SCAN_PEOPLE,
    &SCAN_LINES,
    &SCAN_PARCELS,
    &SCAN_NUMBERS,
    &SCAN_CONTENTS,
    &SCAN_SCANS,
    &SCAN_PROMISES,
    &SCAN_TOLD,
];

/// What went by.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    /// Rows.
    pub rows: u64,
    /// Bytes of their texts.
    pub bytes: u64,
}

/// Reads all of it at an address.
pub fn scan(url: &str) -> Result<Tally> {
    match DatabaseUrl::parse(url)? {
        DatabaseUrl::Sqlite(path) => {
            let db = rusqlite::Connection::open(path).map_err(failed)?;
            READ.iter().try_fold(Tally::default(), |tally, query| of_sqlite(&db, query, tally))
        }
        DatabaseUrl::Postgres { server, schema } => of_server(&server, &schema),
        DatabaseUrl::Memory => Err(Error::internal("nobody scans a database in memory")),
    }
}

fn of_sqlite(db: &rusqlite::Connection, query: &Query, mut tally: Tally) -> Result<Tally> {
    let mut statement = db.prepare(query.text(Engine::Sqlite)?).map_err(failed)?;
    let columns = statement.column_count();
    let mut rows = statement.query([]).map_err(failed)?;
    while let Some(row) = rows.next().map_err(failed)? {
        tally.rows += 1;
        for column in 0..columns {
            let cell = row.get_ref(column).map_err(failed)?;
            tally.bytes += cell.as_bytes().map_or(8, <[u8]>::len) as u64;
        }
    }
    Ok(tally)
}

fn of_server(server: &str, schema: &str) -> Result<Tally> {
    let mut client = postgres::Client::connect(server, postgres::NoTls).map_err(failed)?;
    client.batch_execute(&format!("SET search_path TO \"{schema}\"")).map_err(failed)?;
    READ.iter().try_fold(Tally::default(), |tally, query| of_postgres(&mut client, query, tally))
}

/// The server sends on only as fast as rows are taken.
fn of_postgres(client: &mut postgres::Client, query: &Query, mut tally: Tally) -> Result<Tally> {
    let none: [&(dyn ToSql + Sync); 0] = [];
    let mut rows = client.query_raw(query.text(Engine::Postgres)?, none).map_err(failed)?;
    while let Some(row) = rows.next().map_err(failed)? {
        tally.rows += 1;
        for column in 0..row.len() {
            let cell: Option<Bytes> = row.try_get(column).map_err(failed)?;
            tally.bytes += cell.map_or(0, |cell| cell.0);
        }
    }
    Ok(tally)
}

/// How many bytes a cell of whatever type has.
struct Bytes(u64);

impl<'a> FromSql<'a> for Bytes {
    fn from_sql(
        _: &Type,
        raw: &'a [u8],
    ) -> std::result::Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Bytes(raw.len() as u64))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

fn failed(error: impl std::fmt::Display) -> Error {
    Error::internal(format!("the plain scan: {error}"))
}
