//! Rows that belong together, and a first look at the whole file for rows that stand in it twice.
//!
//! Rows belong together by their key: the columns that are filled and the same in each of them.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::BufRead;
use std::path::Path;

use kernel::Result;

use crate::faults::Fault;
use crate::table::{Cells, Dialect, Flaw, Header, Row, RowReader};
use crate::{table, words};

/// Rows of one order or one parcel, or one row of another kind of file.
#[derive(Clone, Debug)]
pub struct Group {
    /// The rows, at most one more than may be.
    pub rows: Vec<Row>,
    /// How many rows it has in the file.
    pub count: u64,
    /// The cells of the key, as its first row has them; empty for what that row lacks.
    key: Vec<String>,
    content: u64,
}

impl Group {
    /// The line it begins on.
    pub fn line(&self) -> u64 {
        self.rows.first().map_or(0, |row| row.line)
    }

    /// The faults of its rows as rows: too long, too few cells, without what says where it belongs.
    pub fn flaws(&self, header: &Header, key: &[usize]) -> Vec<Fault> {
        let later = self.rows.iter().skip(1);
        let lost = later.filter_map(|row| lost(row, header, key));
        self.rows.iter().filter_map(|row| flaw(row, header)).chain(lost).collect()
    }
}

fn lost(row: &Row, header: &Header, key: &[usize]) -> Option<Fault> {
    let is_empty = |place: &&usize| row.cells.get(**place).is_some_and(|cell| cell.trim().is_empty());
    let empty = key.iter().find(is_empty).filter(|_| row.flaw.is_none())?;
    let detail =
        "This is filled in each row. Nothing of the rows above was taken, for this may be a part of them.";
    let column = header.name(*empty).to_owned();
    Some(Fault { line: row.line, column, code: "missing", detail: detail.to_owned() })
}

/// What later rows say in these columns has to be what the first row says, or nothing.
pub fn contradictions(rows: &[Row], header: &Header, columns: &[&str]) -> Vec<Fault> {
    let Some((first, later)) = rows.split_first() else { return Vec::new() };
    later.iter().flat_map(|row| contradictions_of(first, row, header, columns)).collect()
}

fn contradictions_of(first: &Row, row: &Row, header: &Header, columns: &[&str]) -> Vec<Fault> {
    let (told, mut again) = (Cells::strict(header, first, false), Cells::strict(header, row, false));
    for column in columns {
        if again.text(column).is_some_and(|text| told.text(column) != Some(text)) {
            let detail =
                format!("Line {} belongs to this and says something else. Write it there alone.", first.line);
            again.fault(column, "contradiction", detail);
        }
    }
    again.faults()
}

fn flaw(row: &Row, header: &Header) -> Option<Fault> {
    let (code, detail) = match row.flaw {
        Some(Flaw::TooLong) => (
            "row_too_long",
            "A row has at most 1,000,000 bytes. Is a quotation mark opened here that is never closed?"
                .to_owned(),
        ),
        Some(Flaw::TooManyCells) => ("too_many_cells", "A row has at most 1,000 cells.".to_owned()),
        Some(Flaw::UnclosedQuote) => {
            ("unclosed_quote", "A quotation mark is opened in this row and never closed.".to_owned())
        }
        Some(Flaw::Misencoded) => {
            ("wrong_encoding", "This row is not UTF-8: the file changed while it was read.".to_owned())
        }
        None if row.cells.len() != header.width() => (
            "wrong_number_of_cells",
            format!(
                "The header has {} cells, this row has {}. Put cells that hold a separator or a quotation mark in \
                 quotation marks.",
                header.width(),
                row.cells.len()
            ),
        ),
        None => return None,
    };
    Some(Fault::of_row(row.line, code, detail))
}

/// Reads groups.
pub struct Groups<'a, R> {
    rows: RowReader<R>,
    key: &'a [usize],
    most: usize,
    next: Option<Row>,
}

impl<'a, R: BufRead> Groups<'a, R> {
    /// Groups by what stands in the columns of `key`; each row is a group of its own without any. Keeps at most
    /// `most` rows of a group and one more.
    pub fn new(rows: RowReader<R>, key: &'a [usize], most: usize) -> Self {
        Groups { rows, key, most, next: None }
    }

    /// The next group; none at the end.
    pub fn next_group(&mut self) -> std::io::Result<Option<Group>> {
        let first = match self.next.take() {
            Some(row) => row,
            None => match self.rows.next_row()? {
                Some(row) => row,
                None => return Ok(None),
            },
        };
        let mut hasher = DefaultHasher::new();
        let mut group = Group { key: self.key_of(&first), rows: Vec::new(), count: 0, content: 0 };
        first.cells.hash(&mut hasher);
        group.take(first, self.most);
        while !self.key.is_empty() {
            let Some(row) = self.rows.next_row()? else { break };
            if !group.owns(&self.key_of(&row)) {
                self.next = Some(row);
                break;
            }
            row.cells.hash(&mut hasher);
            group.take(row, self.most);
        }
        group.content = hasher.finish();
        Ok(Some(group))
    }

    fn key_of(&self, row: &Row) -> Vec<String> {
        let cell = |place: &usize| row.cells.get(*place).map_or("", |cell| cell.trim()).to_owned();
        self.key.iter().map(cell).collect()
    }
}

impl Group {
    /// A row whose owner can't be told may be a part of the group that it follows, which then is not whole.
    fn owns(&self, key: &[String]) -> bool {
        self.is_named() && self.key.iter().zip(key).all(|(mine, its)| its.is_empty() || mine == its)
    }

    /// Whether its first row says what it belongs to.
    fn is_named(&self) -> bool {
        !self.key.is_empty() && self.key.iter().all(|cell| !cell.is_empty())
    }

    fn take(&mut self, row: Row, most: usize) {
        self.count += 1;
        if self.rows.len() <= most {
            self.rows.push(row);
        }
    }
}

/// What is known of a file before any of it is taken.
#[derive(Clone, Debug, Default)]
pub struct Survey {
    /// How many rows there are below the header.
    pub rows: u64,
    repeats: BTreeMap<u64, Repeat>,
}

/// A group that stands in the file more than once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeat {
    /// Word for word as on this earlier line: that one counts.
    Doubled(u64),
    /// In two places with different rows: nobody can tell what belongs together.
    Split(u64),
}

impl Survey {
    /// Whether the group that begins on this line stands elsewhere too.
    pub fn repeat(&self, line: u64) -> Option<Repeat> {
        self.repeats.get(&line).copied()
    }
}

/// Reads the whole file once: how long it is, and what stands in it twice. Twenty-four bytes are kept per group.
pub fn survey(path: &Path, dialect: &Dialect, key: &[usize], most: usize) -> Result<Survey> {
    let mut groups = Groups::new(table::rows(path, dialect)?, key, most);
    let mut rows = 0;
    let mut seen: Vec<(u64, u64, u64)> = Vec::new();
    while let Some(group) = groups.next_group().map_err(|error| words::unreadable(path, &error))? {
        rows += group.count;
        if group.is_named() {
            seen.push((hash(&group.key), group.line(), group.content));
        } else if key.is_empty() && group.rows.iter().all(|row| row.flaw.is_none()) {
            seen.push((group.content, group.line(), group.content));
        }
        // A row without its key and a broken one are refused for that.
    }
    seen.sort_unstable();
    let mut repeats = BTreeMap::new();
    for same in seen.chunk_by(|a, b| a.0 == b.0).filter(|same| same.len() > 1) {
        repeats.extend(repeated(same));
    }
    Ok(Survey { rows, repeats })
}

fn repeated(same: &[(u64, u64, u64)]) -> Vec<(u64, Repeat)> {
    let (_, first_line, first_content) = same[0];
    if same.iter().all(|(_, _, content)| *content == first_content) {
        return same[1..].iter().map(|(_, line, _)| (*line, Repeat::Doubled(first_line))).collect();
    }
    let other = |line: u64| same.iter().map(|(_, other, _)| *other).find(|other| *other != line);
    same.iter().map(|(_, line, _)| (*line, Repeat::Split(other(*line).unwrap_or(*line)))).collect()
}

fn hash(key: &[String]) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groups(text: &str, key: &[usize], most: usize) -> Vec<Group> {
        let mut groups = Groups::new(RowReader::new(text.as_bytes(), b','), key, most);
        std::iter::from_fn(|| groups.next_group().unwrap()).collect()
    }

    #[test]
    fn rows_of_one_key_are_a_group_and_only_so_many_are_kept() {
        let text = ",z\n#1,a\n#1,b\n#2,c\n,d\n#3,f\n";
        let sizes: Vec<_> = groups(text, &[0], 9).iter().map(|group| (group.line(), group.count)).collect();
        assert_eq!(sizes, [(1, 1), (2, 2), (4, 2), (6, 1)]);
        let many = "#1,a\n".repeat(1_000);
        let group = &groups(&many, &[0], 500)[0];
        assert_eq!((group.count, group.rows.len()), (1_000, 501));
        assert_eq!(groups("a\nb\n", &[], 1).len(), 2);
    }

    #[test]
    fn a_broken_row_spoils_the_group_it_may_belong_to() {
        let long = format!("\"{}\n#1,b\n", "x".repeat(2_000_000));
        let found = groups(&format!("#1,a\n{long}"), &[0], 9);
        assert_eq!((found.len(), found[0].rows[1].flaw), (1, Some(Flaw::TooLong)));
        let header = Header::read(&["id".to_owned(), "x".to_owned()], |_| true, &[]).expect("a plain header");
        assert_eq!(found[0].flaws(&header, &[0])[0].code, "row_too_long");
        let lost = groups("#1,a\n,b\n", &[0], 9)[0].flaws(&header, &[0]);
        assert_eq!((lost[0].line, lost[0].column.as_str(), lost[0].code), (2, "id", "missing"));
        assert_eq!(groups("#1,a,z\n", &[0], 9)[0].flaws(&header, &[0])[0].code, "wrong_number_of_cells");
    }

    #[test]
    fn rows_of_two_columns_belong_together_by_both_and_what_differs_in_one_spoils_nothing() {
        let text = "#1,N1,a\n#1,N1,b\n#1,N2,c\n#2,,d\n#3,N3,e\n#3,,f\n";
        let found = groups(text, &[0, 1], 9);
        let sizes: Vec<_> = found.iter().map(|group| (group.line(), group.count)).collect();
        assert_eq!(sizes, [(1, 2), (3, 1), (4, 1), (5, 2)]);
        let names = ["order", "number", "x"].map(str::to_owned);
        let header = Header::read(&names, |_| true, &[]).expect("a plain header");
        let flaws: Vec<_> = found.iter().flat_map(|group| group.flaws(&header, &[0, 1])).collect();
        assert_eq!((flaws.len(), flaws[0].line, flaws[0].column.as_str()), (1, 6, "number"));
    }

    #[test]
    fn what_stands_twice_is_told_from_what_is_torn_apart() {
        let path = std::env::temp_dir().join(format!("aftercare-survey-{}", std::process::id()));
        std::fs::write(&path, "id,x\n#1,a\n#2,b\n#1,a\n#3,c\n#4,d\n#3,e\n").unwrap();
        let dialect = table::sniff(&path).unwrap();
        let found = survey(&path, &dialect, &[0], 9).unwrap();
        std::fs::remove_file(&path).unwrap();
        assert_eq!(found.rows, 6);
        assert_eq!((found.repeat(2), found.repeat(4)), (None, Some(Repeat::Doubled(2))));
        assert_eq!((found.repeat(5), found.repeat(7)), (Some(Repeat::Split(7)), Some(Repeat::Split(5))));
        assert_eq!((found.repeat(3), found.repeat(6)), (None, None));
    }
}
