//! Rows that belong together, and a first look at the whole file for rows that stand in it twice.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::BufRead;
use std::path::Path;

use kernel::Result;

use crate::faults::Fault;
use crate::table::{Dialect, Flaw, Header, Row, RowReader};
use crate::{table, words};

/// Rows of one order, or one row of another kind of file.
#[derive(Clone, Debug)]
pub struct Group {
    /// The rows, at most one more than may be.
    pub rows: Vec<Row>,
    /// How many rows it has in the file.
    pub count: u64,
    /// What is the same in all its rows; none for a row that lacks it.
    key: Option<String>,
    content: u64,
}

impl Group {
    /// The line it begins on.
    pub fn line(&self) -> u64 {
        self.rows.first().map_or(0, |row| row.line)
    }

    /// The faults of its rows as rows: too long, too few cells, without what says where it belongs.
    pub fn flaws(&self, header: &Header, key: Option<usize>) -> Vec<Fault> {
        let later = self.rows.iter().skip(1);
        let lost = later.filter_map(|row| lost(row, header, key?));
        self.rows.iter().filter_map(|row| flaw(row, header)).chain(lost).collect()
    }
}

fn lost(row: &Row, header: &Header, key: usize) -> Option<Fault> {
    let is_lost = row.flaw.is_none() && row.cells.get(key).is_some_and(|cell| cell.trim().is_empty());
    let column = header.name(key).to_owned();
    let detail =
        "Each row names its order. Nothing of the order above was taken, for this may be a part of it.";
    is_lost.then(|| Fault { line: row.line, column, code: "missing", detail: detail.to_owned() })
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
pub struct Groups<R> {
    rows: RowReader<R>,
    key: Option<usize>,
    most: usize,
    next: Option<Row>,
}

impl<R: BufRead> Groups<R> {
    /// Groups by what stands in the column at `key`; each row is a group of its own without one. Keeps at most
    /// `most` rows of a group and one more.
    pub fn new(rows: RowReader<R>, key: Option<usize>, most: usize) -> Self {
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
        while self.key.is_some() {
            let Some(row) = self.rows.next_row()? else { break };
            if !group.owns(self.key_of(&row).as_deref()) {
                self.next = Some(row);
                break;
            }
            row.cells.hash(&mut hasher);
            group.take(row, self.most);
        }
        group.content = hasher.finish();
        Ok(Some(group))
    }

    fn key_of(&self, row: &Row) -> Option<String> {
        let cell = row.cells.get(self.key?)?.trim();
        (!cell.is_empty()).then(|| cell.to_owned())
    }
}

impl Group {
    /// A row whose owner can't be told may be a part of the group that it follows, which then is not whole.
    fn owns(&self, key: Option<&str>) -> bool {
        match (self.key.as_deref(), key) {
            (Some(mine), Some(its)) => mine == its,
            (Some(_), None) => true,
            (None, _) => false,
        }
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
pub fn survey(path: &Path, dialect: &Dialect, key: Option<usize>, most: usize) -> Result<Survey> {
    let mut groups = Groups::new(table::rows(path, dialect)?, key, most);
    let mut rows = 0;
    let mut seen: Vec<(u64, u64, u64)> = Vec::new();
    while let Some(group) = groups.next_group().map_err(|error| words::unreadable(path, &error))? {
        rows += group.count;
        match (&group.key, key) {
            (Some(name), _) => seen.push((hash(name), group.line(), group.content)),
            (None, None) if group.rows.iter().all(|row| row.flaw.is_none()) => {
                seen.push((group.content, group.line(), group.content));
            }
            // A row without its key and a broken one are refused for that.
            (None, _) => {}
        }
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

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groups(text: &str, key: Option<usize>, most: usize) -> Vec<Group> {
        let mut groups = Groups::new(RowReader::new(text.as_bytes(), b','), key, most);
        std::iter::from_fn(|| groups.next_group().unwrap()).collect()
    }

    #[test]
    fn rows_of_one_key_are_a_group_and_only_so_many_are_kept() {
        let text = ",z\n#1,a\n#1,b\n#2,c\n,d\n#3,f\n";
        let sizes: Vec<_> =
            groups(text, Some(0), 9).iter().map(|group| (group.line(), group.count)).collect();
        assert_eq!(sizes, [(1, 1), (2, 2), (4, 2), (6, 1)]);
        let many = "#1,a\n".repeat(1_000);
        let group = &groups(&many, Some(0), 500)[0];
        assert_eq!((group.count, group.rows.len()), (1_000, 501));
        assert_eq!(groups("a\nb\n", None, 1).len(), 2);
    }

    #[test]
    fn a_broken_row_spoils_the_group_it_may_belong_to() {
        let long = format!("\"{}\n#1,b\n", "x".repeat(2_000_000));
        let found = groups(&format!("#1,a\n{long}"), Some(0), 9);
        assert_eq!((found.len(), found[0].rows[1].flaw), (1, Some(Flaw::TooLong)));
        let header = Header::read(&["id".to_owned(), "x".to_owned()], |_| true, &[]).expect("a plain header");
        assert_eq!(found[0].flaws(&header, Some(0))[0].code, "row_too_long");
        let lost = groups("#1,a\n,b\n", Some(0), 9)[0].flaws(&header, Some(0));
        assert_eq!((lost[0].line, lost[0].column.as_str(), lost[0].code), (2, "id", "missing"));
        assert_eq!(
            groups("#1,a,z\n", Some(0), 9)[0].flaws(&header, Some(0))[0].code,
            "wrong_number_of_cells"
        );
    }

    #[test]
    fn what_stands_twice_is_told_from_what_is_torn_apart() {
        let path = std::env::temp_dir().join(format!("aftercare-survey-{}", std::process::id()));
        std::fs::write(&path, "id,x\n#1,a\n#2,b\n#1,a\n#3,c\n#4,d\n#3,e\n").unwrap();
        let dialect = table::sniff(&path).unwrap();
        let found = survey(&path, &dialect, Some(0), 9).unwrap();
        std::fs::remove_file(&path).unwrap();
        assert_eq!(found.rows, 6);
        assert_eq!((found.repeat(2), found.repeat(4)), (None, Some(Repeat::Doubled(2))));
        assert_eq!((found.repeat(5), found.repeat(7)), (Some(Repeat::Split(7)), Some(Repeat::Split(5))));
        assert_eq!((found.repeat(3), found.repeat(6)), (None, None));
    }
}
