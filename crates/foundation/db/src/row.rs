//! Rows, decoded strictly: a NULL where none may be, or another type than asked for, is an error that names
//! the query and the column.

use std::sync::Arc;

use kernel::{Date, Error, Result, Timestamp};

/// One value of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// NULL.
    Null,
    /// BIGINT.
    Int(i64),
    /// TEXT.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
}

/// One row of a result.
#[derive(Clone, Debug)]
pub struct Row {
    query: &'static str,
    columns: Arc<[String]>,
    cells: Vec<Cell>,
}

impl Row {
    pub(crate) fn new(query: &'static str, columns: Arc<[String]>, cells: Vec<Cell>) -> Self {
        Row { query, columns, cells }
    }

    /// The value of `column`.
    #[track_caller]
    pub fn get<T: FromCell>(&self, column: &str) -> Result<T> {
        let place = self.columns.iter().position(|name| name == column);
        let cell = place
            .and_then(|at| self.cells.get(at))
            .ok_or_else(|| self.fault(column, "is not in the result"))?;
        T::from_cell(cell).ok_or_else(|| self.fault(column, T::MISMATCH))
    }

    /// The cells in the order of the result, for code that copies whole tables.
    pub fn cells(&self) -> &[Cell] {
        &self.cells
    }

    /// The names of the columns in the order of the result.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    #[track_caller]
    fn fault(&self, column: &str, what: &str) -> Error {
        Error::internal(format!("query {}: column {column} {what}", self.query))
    }
}

/// A type a cell can be read as.
pub trait FromCell: Sized {
    /// What to say when the cell is of another kind.
    const MISMATCH: &'static str;

    /// Reads the cell; `None` when it is of another kind.
    fn from_cell(cell: &Cell) -> Option<Self>;
}

impl FromCell for i64 {
    const MISMATCH: &'static str = "is not a BIGINT";
    fn from_cell(cell: &Cell) -> Option<Self> {
        if let Cell::Int(n) = cell { Some(*n) } else { None }
    }
}

impl FromCell for u32 {
    const MISMATCH: &'static str = "is not a BIGINT from 0 to 4294967295";
    fn from_cell(cell: &Cell) -> Option<Self> {
        i64::from_cell(cell).and_then(|n| u32::try_from(n).ok())
    }
}

impl FromCell for bool {
    const MISMATCH: &'static str = "is neither 0 nor 1";
    fn from_cell(cell: &Cell) -> Option<Self> {
        match cell {
            Cell::Int(0) => Some(false),
            Cell::Int(1) => Some(true),
            _ => None,
        }
    }
}

impl FromCell for Timestamp {
    const MISMATCH: &'static str = "is not an instant (BIGINT milliseconds)";
    fn from_cell(cell: &Cell) -> Option<Self> {
        i64::from_cell(cell).map(Timestamp::from_ms)
    }
}

impl FromCell for Date {
    const MISMATCH: &'static str = "is not a date (TEXT YYYY-MM-DD)";
    fn from_cell(cell: &Cell) -> Option<Self> {
        if let Cell::Text(text) = cell { kernel::time::parse_date(text).ok() } else { None }
    }
}

impl FromCell for String {
    const MISMATCH: &'static str = "is not a TEXT";
    fn from_cell(cell: &Cell) -> Option<Self> {
        if let Cell::Text(text) = cell { Some(text.clone()) } else { None }
    }
}

impl FromCell for Vec<u8> {
    const MISMATCH: &'static str = "is not bytes";
    fn from_cell(cell: &Cell) -> Option<Self> {
        if let Cell::Bytes(bytes) = cell { Some(bytes.clone()) } else { None }
    }
}

impl<T: FromCell> FromCell for Option<T> {
    const MISMATCH: &'static str = T::MISMATCH;
    fn from_cell(cell: &Cell) -> Option<Self> {
        if matches!(cell, Cell::Null) { Some(None) } else { T::from_cell(cell).map(Some) }
    }
}
