//! What an import would make of a file: everything but the database and the error file.

use std::path::Path;

use kernel::{Result, Timestamp};

use crate::groups::{Groups, Repeat, survey};
use crate::shape::{Maker, Setting};
use crate::{table, words};

/// What would become of the rows of a file, without its header. `rows` is the sum of the others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Examined {
    /// Rows the file has.
    pub rows: u64,
    /// Rows that can be taken in.
    pub ready: u64,
    /// Rows that stand in the file twice.
    pub doubled: u64,
    /// Rows that would be refused.
    pub refused: u64,
}

/// Reads a file to its end as [`import`](crate::import) does. An error means that it would not be begun.
pub fn examine(path: &Path, maker: Maker, setting: &Setting, now: Timestamp) -> Result<Examined> {
    table::check_encoding(path)?;
    let dialect = table::sniff(path)?;
    let shape = maker(&dialect, setting)?;
    let (key, most) = (shape.key(), shape.most_rows());
    let survey = survey(path, &dialect, key, most)?;
    let mut groups = Groups::new(table::rows(path, &dialect)?, key, most);
    let mut found = Examined { rows: survey.rows, ..Examined::default() };
    while let Some(group) = groups.next_group().map_err(|error| words::unreadable(path, &error))? {
        let is_ready = || group.flaws(shape.header(), key).is_empty() && shape.read(&group.rows, now).is_ok();
        match survey.repeat(group.line()) {
            Some(Repeat::Doubled(_)) => found.doubled += group.count,
            Some(Repeat::Split(_)) => found.refused += group.count,
            None if is_ready() => found.ready += group.count,
            None => found.refused += group.count,
        }
    }
    Ok(found)
}
