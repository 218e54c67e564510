//! Rows of a CSV file (RFC 4180), one at a time and never more than a megabyte of one.
//!
//! Line breaks and separators in quoted cells, doubled quotes, CRLF, LF and lone CR are understood. A row that is too
//! long is passed over to its end without being kept, so that a file of one endless line costs no memory.

use std::io::{self, BufRead};

/// The most bytes of one row.
const MAX_ROW: usize = 1_000_000;
/// The most cells of one row.
const MAX_CELLS: usize = 1_000;

/// What is wrong with a row as a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// More bytes than a row may have.
    TooLong,
    /// More cells than any table has.
    TooManyCells,
    /// The file ends inside a quoted cell.
    UnclosedQuote,
    /// Not UTF-8: the file changed while it was read.
    Misencoded,
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The line of the file it begins on; the first is 1.
    pub line: u64,
    /// Its cells; of a flawed row those that were whole.
    pub cells: Vec<String>,
    /// What is wrong with it.
    pub flaw: Option<Flaw>,
}

/// Reads rows.
#[derive(Debug)]
pub struct RowReader<R> {
    input: R,
    delimiter: u8,
    line: u64,
    after_cr: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    CellStart,
    Plain,
    Quoted,
    /// After a quote inside quotes: the end of the cell, or the first of two.
    Quote,
}

/// What a byte did.
enum Step {
    Goes,
    EndsRow,
}

/// A row that is being read.
struct Draft {
    at: At,
    row: Row,
    cell: Vec<u8>,
    bytes: usize,
    begun: bool,
}

impl<R: BufRead> RowReader<R> {
    /// Reads from `input`, whose cells are separated by `delimiter`.
    pub fn new(input: R, delimiter: u8) -> Self {
        RowReader { input, delimiter, line: 1, after_cr: false }
    }

    /// The next row that holds anything; none at the end of the file.
    pub fn next_row(&mut self) -> io::Result<Option<Row>> {
        loop {
            let Some(row) = self.any_row()? else { return Ok(None) };
            if row.flaw.is_some() || row.cells.iter().any(|cell| !cell.trim().is_empty()) {
                return Ok(Some(row));
            }
        }
    }

    fn any_row(&mut self) -> io::Result<Option<Row>> {
        let mut draft = Draft::at_line(self.line);
        loop {
            let chunk = self.input.fill_buf()?;
            if chunk.is_empty() {
                return Ok(draft.at_the_end());
            }
            let mut used = 0;
            let mut ended = false;
            for &byte in chunk {
                used += 1;
                if std::mem::take(&mut self.after_cr) && byte == b'\n' {
                    continue;
                }
                let breaks = byte == b'\r' || byte == b'\n';
                let quoted = draft.at == At::Quoted;
                // A carriage return inside quotes is counted by the line feed that follows it.
                self.line += u64::from(if quoted { byte == b'\n' } else { breaks });
                if let Step::EndsRow = draft.take(byte, self.delimiter) {
                    self.after_cr = byte == b'\r';
                    ended = true;
                    break;
                }
            }
            self.input.consume(used);
            if ended {
                return Ok(Some(draft.row));
            }
        }
    }
}

impl Draft {
    fn at_line(line: u64) -> Self {
        let row = Row { line, cells: Vec::new(), flaw: None };
        Draft { at: At::CellStart, row, cell: Vec::new(), bytes: 0, begun: false }
    }

    fn take(&mut self, byte: u8, delimiter: u8) -> Step {
        self.begun = true;
        self.bytes += 1;
        if self.bytes > MAX_ROW {
            self.spoil(Flaw::TooLong);
        }
        match (self.at, byte) {
            (At::CellStart, b'"') => self.at = At::Quoted,
            (At::Quoted, b'"') => self.at = At::Quote,
            (At::Quoted, _) => self.keep(byte),
            (At::Quote, b'"') => {
                self.keep(byte);
                self.at = At::Quoted;
            }
            (At::CellStart | At::Plain | At::Quote, b'\r' | b'\n') => {
                self.end_cell();
                return Step::EndsRow;
            }
            (At::CellStart | At::Plain | At::Quote, _) if byte == delimiter => {
                self.end_cell();
                self.at = At::CellStart;
            }
            (At::CellStart | At::Plain | At::Quote, _) => {
                self.keep(byte);
                self.at = At::Plain;
            }
        }
        Step::Goes
    }

    fn keep(&mut self, byte: u8) {
        if self.row.flaw.is_none() {
            self.cell.push(byte);
        }
    }

    fn end_cell(&mut self) {
        if self.row.flaw.is_some() {
            return;
        }
        if self.row.cells.len() == MAX_CELLS {
            return self.spoil(Flaw::TooManyCells);
        }
        match String::from_utf8(std::mem::take(&mut self.cell)) {
            Ok(cell) => self.row.cells.push(cell),
            Err(_) => self.spoil(Flaw::Misencoded),
        }
    }

    /// Keeps the cells that were whole: the first of them often says whose row it is.
    fn spoil(&mut self, flaw: Flaw) {
        self.row.flaw.get_or_insert(flaw);
        self.cell = Vec::new();
    }

    fn at_the_end(mut self) -> Option<Row> {
        if !self.begun {
            return None;
        }
        if self.at == At::Quoted {
            self.spoil(Flaw::UnclosedQuote);
        }
        self.end_cell();
        Some(self.row)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, delimiter: u8) -> Vec<Row> {
        let mut reader = RowReader::new(text.as_bytes(), delimiter);
        std::iter::from_fn(|| reader.next_row().unwrap()).collect()
    }

    fn cells(text: &str) -> Vec<Vec<String>> {
        read(text, b',').into_iter().map(|row| row.cells).collect()
    }

    #[test]
    fn what_programs_write_is_read_as_they_meant_it() {
        let table: [(&str, &[&[&str]]); 12] = [
            ("", &[]),
            ("\n\r\n  \n", &[]),
            (",,\n", &[]),
            ("a,b\n", &[&["a", "b"]]),
            ("a,b", &[&["a", "b"]]),
            ("a,\"b\"\r\nc,d\r\n", &[&["a", "b"], &["c", "d"]]),
            ("a\rb\r", &[&["a"], &["b"]]),
            ("\"a,\"\"b\"\"\",\"x\ny\"\n", &[&["a,\"b\"", "x\ny"]]),
            ("a,\"\",c\n", &[&["a", "", "c"]]),
            ("5\" pipe,b\n", &[&["5\" pipe", "b"]]),
            ("\"a\"b,c\n", &[&["ab", "c"]]),
            ("=1+1,@x,+4\n", &[&["=1+1", "@x", "+4"]]),
        ];
        for (text, expected) in table {
            assert_eq!(cells(text), expected, "{text:?}");
        }
        assert_eq!(read("a;b,c\n", b';')[0].cells, ["a", "b,c"]);
    }

    #[test]
    fn a_row_knows_the_line_it_begins_on() {
        let lines = |text: &str| read(text, b',').iter().map(|row| row.line).collect::<Vec<_>>();
        assert_eq!(lines("a\nb\n\nc"), [1, 2, 4]);
        assert_eq!(lines("a\r\n\"x\r\ny\"\r\n\r\nb\r\n"), [1, 2, 5]);
        assert_eq!(lines("a\rb\r\rc"), [1, 2, 4]);
    }

    #[test]
    fn an_endless_line_is_passed_over_and_the_next_one_read() {
        let text = format!("#1,{}\n#2,b\n", "x".repeat(3 * MAX_ROW));
        let rows = read(&text, b',');
        assert_eq!((rows[0].flaw, rows[0].cells.as_slice()), (Some(Flaw::TooLong), &["#1".to_owned()][..]));
        assert_eq!((rows[1].flaw, rows[1].line), (None, 2));
        let many = ",".repeat(2 * MAX_CELLS) + "a\nb\n";
        assert_eq!(read(&many, b',')[0].flaw, Some(Flaw::TooManyCells));
    }

    #[test]
    fn a_quote_that_is_never_closed_is_a_flaw() {
        let rows = read("a,b\n#2,\"c\nd,e\n", b',');
        assert_eq!((rows.len(), rows[1].flaw, rows[1].line), (2, Some(Flaw::UnclosedQuote), 2));
        assert_eq!(rows[1].cells, ["#2"]);
    }
}
