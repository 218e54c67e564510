//! A CSV file as rows of named cells, whatever program wrote it.

mod cells;
mod encoding;
mod header;
mod rows;

pub use cells::Cells;
pub use encoding::check_encoding;
pub use header::{Dialect, Header, sniff};
pub use rows::{Flaw, Row, RowReader};

use std::fs::File;
use std::io::{BufReader, Seek, SeekFrom};
use std::path::Path;

use kernel::{Error, Result};

use crate::words;

/// A reader of the rows below the header. `dialect` is what [`sniff`] found.
pub fn rows(path: &Path, dialect: &Dialect) -> Result<RowReader<BufReader<File>>> {
    let mut file = open(path)?;
    file.seek(SeekFrom::Start(dialect.begins_at)).map_err(|error| words::unreadable(path, &error))?;
    let mut reader = RowReader::new(BufReader::with_capacity(64 * 1_024, file), dialect.delimiter);
    // The header is a row like any other; it was looked at before.
    reader.next_row().map_err(|error| words::unreadable(path, &error))?;
    Ok(reader)
}

pub(crate) fn open(path: &Path) -> Result<File> {
    let file = File::open(path).map_err(|error| words::unreadable(path, &error))?;
    let is_file = file.metadata().map(|data| data.is_file()).unwrap_or(false);
    if is_file { Ok(file) } else { Err(not_a_file(path)) }
}

#[track_caller]
fn not_a_file(path: &Path) -> Error {
    Error::invalid("not_a_file", format!("{} is not a file. It is read more than once.", path.display()))
}
