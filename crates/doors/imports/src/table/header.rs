//! The first row: how cells are separated, and which column is which.

use std::collections::BTreeMap;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use kernel::{Error, Result};

use super::{RowReader, open};
use crate::words;

/// The separators programs write.
const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];
/// UTF-8's mark at the beginning of a file.
const BOM: [u8; 3] = [0xEF, 0xBB, 0xBF];

/// How a file is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dialect {
    /// What stands between two cells.
    pub delimiter: u8,
    /// The byte the header begins at: 3 behind a mark.
    pub begins_at: u64,
    /// The header's cells.
    pub names: Vec<String>,
}

/// Looks at the header. The separator that gives the most columns is the one.
pub fn sniff(path: &Path) -> Result<Dialect> {
    let mut file = open(path)?;
    let mut mark = [0; 3];
    let read = file.read(&mut mark).map_err(|error| words::unreadable(path, &error))?;
    let begins_at = if mark[..read] == BOM { BOM.len() as u64 } else { 0 };
    let mut best: Option<Dialect> = None;
    for delimiter in DELIMITERS {
        file.seek(SeekFrom::Start(begins_at)).map_err(|error| words::unreadable(path, &error))?;
        let mut rows = RowReader::new(BufReader::new(&mut file), delimiter);
        let row = rows.next_row().map_err(|error| words::unreadable(path, &error))?;
        let names = row.filter(|row| row.flaw.is_none()).map(|row| row.cells).unwrap_or_default();
        if best.as_ref().is_none_or(|best| names.len() > best.names.len()) {
            best = Some(Dialect { delimiter, begins_at, names });
        }
    }
    let found = best.filter(|dialect| !dialect.names.is_empty());
    found.ok_or_else(|| {
        Error::invalid("no_header", "The file has no header: its first row names the columns.")
    })
}

/// Which column is which.
#[derive(Clone, Debug)]
pub struct Header {
    names: Vec<String>,
    places: BTreeMap<String, usize>,
    ignored: Vec<String>,
}

impl Header {
    /// Checks the header: columns that are `known` and stand twice, and `required` ones that are missing, are refused.
    pub fn read(names: &[String], known: impl Fn(&str) -> bool, required: &[&str]) -> Result<Header> {
        Header::translated(names, |name| known(name).then_some(name), required)
    }

    /// The same of columns that have several names: `column` says which one a name means, if any.
    pub fn translated(
        names: &[String],
        column: impl Fn(&str) -> Option<&str>,
        required: &[&str],
    ) -> Result<Header> {
        let mut header = Header {
            names: names.iter().map(|name| name.trim().to_owned()).collect(),
            places: BTreeMap::new(),
            ignored: Vec::new(),
        };
        for (place, name) in names.iter().enumerate() {
            let key = folded(name);
            match column(&key).map(|column| header.places.insert(column.to_owned(), place)) {
                None => header.ignored.extend((!key.is_empty()).then(|| name.trim().to_owned())),
                Some(None) => {}
                Some(Some(earlier)) => return Err(doubled(header.name(earlier), header.name(place))),
            }
        }
        let missing: Vec<&str> = required.iter().copied().filter(|name| !header.has(name)).collect();
        if missing.is_empty() {
            return Ok(header);
        }
        let words = format!(
            "The header lacks: {}. The first row must name the columns; nothing was taken in.",
            missing.join(", ")
        );
        Err(Error::invalid("missing_column", words))
    }

    /// Whether there is such a column.
    pub fn has(&self, column: &str) -> bool {
        self.places.contains_key(column)
    }

    /// Where a column stands.
    pub fn place(&self, column: &str) -> Option<usize> {
        self.places.get(column).copied()
    }

    /// The columns that are read, in no particular order.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.places.keys().map(String::as_str)
    }

    /// What the file itself calls the column at a place.
    pub fn name(&self, place: usize) -> &str {
        self.names.get(place).map_or("", String::as_str)
    }

    /// What the file itself calls a column.
    pub fn shown<'a>(&'a self, column: &'a str) -> &'a str {
        self.place(column).and_then(|place| self.names.get(place)).map_or(column, String::as_str)
    }

    /// The columns that nobody reads, as the file calls them.
    pub fn ignored(&self) -> &[String] {
        &self.ignored
    }

    /// Without the columns that nobody reads: of a platform's own export they are nobody's mistake.
    pub fn silent(mut self) -> Self {
        self.ignored = Vec::new();
        self
    }

    /// How many cells a row has.
    pub fn width(&self) -> usize {
        self.names.len()
    }
}

#[track_caller]
fn doubled(earlier: &str, name: &str) -> Error {
    let words = if folded(earlier) == folded(name) {
        format!("The column {name} stands twice in the header.")
    } else {
        format!("The columns {earlier} and {name} mean the same. Take one of them out.")
    };
    Error::invalid("doubled_column", words)
}

/// A name as it is compared: `Paid at` and `paid at` are one column.
pub fn folded(name: &str) -> String {
    name.trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(names: &[&str]) -> Result<Header> {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        Header::read(&names, |name| ["email", "at"].contains(&name), &["email"])
    }

    #[test]
    fn columns_are_found_by_name_and_strangers_are_named() {
        let found = header(&[" Email ", "Colour", "AT", ""]).unwrap();
        assert_eq!((found.place("email"), found.place("at"), found.width()), (Some(0), Some(2), 4));
        assert_eq!((found.shown("email"), found.ignored()), ("Email", &["Colour".to_owned()][..]));
    }

    #[test]
    fn a_missing_and_a_doubled_column_are_refused_by_name() {
        assert!(header(&["at"]).unwrap_err().words().contains("email"));
        assert!(header(&["email", "Email"]).unwrap_err().words().contains("Email"));
        let names = ["Mail", "E-Mail"].map(str::to_owned);
        let error =
            Header::translated(&names, |name| name.contains("mail").then_some("email"), &[]).unwrap_err();
        assert!(error.words().contains("Mail and E-Mail"), "{error}");
    }
}
