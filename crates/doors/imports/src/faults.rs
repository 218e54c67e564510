//! What was wrong, row by row: the error file.
//!
//! Names, addresses and amounts stay out of it unless they are asked for: it is mailed around more easily than the
//! database is opened.

use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use kernel::{Error, Result, csv};

use crate::table::Row;
use crate::words;

/// The columns of the error file.
const HEADER: &str = "line,column,code,what to do";

/// One thing that is wrong with a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The line the row begins on.
    pub line: u64,
    /// The column, as the file calls it; empty when it is the whole row.
    pub column: String,
    /// A stable name.
    pub code: &'static str,
    /// What to do, without quoting the cell.
    pub detail: String,
}

impl Fault {
    /// A fault of a whole row.
    pub fn of_row(line: u64, code: &'static str, detail: impl Into<String>) -> Self {
        Fault { line, column: String::new(), code, detail: detail.into() }
    }
}

/// The error file, made when the first fault is written.
pub struct ErrorFile {
    path: PathBuf,
    with_rows: bool,
    out: Option<BufWriter<File>>,
}

impl ErrorFile {
    /// A file at `path`; one that an earlier run left there is removed, so that what stands there is about this run.
    /// Any other file there is left alone, and that is an error. `with_rows` adds the cells of each faulty row, which
    /// are personal data.
    pub fn at(path: &Path, with_rows: bool) -> Result<Self> {
        if path.exists() {
            if !is_error_file(path) {
                let words =
                    format!("{} is there already and is no error file. Name another one.", path.display());
                return Err(Error::invalid("not_an_error_file", words));
            }
            std::fs::remove_file(path).map_err(|error| words::unwritable(path, &error))?;
        }
        Ok(ErrorFile { path: path.to_owned(), with_rows, out: None })
    }

    /// Where it is, when there was anything to write.
    pub fn written(&self) -> Option<&Path> {
        self.out.is_some().then_some(self.path.as_path())
    }

    /// Writes faults down, each beside its row when that is wanted.
    pub fn write(&mut self, faults: &[Fault], rows: &[Row]) -> Result<()> {
        for fault in faults {
            let mut cells = vec![
                fault.line.to_string(),
                fault.column.clone(),
                fault.code.to_owned(),
                fault.detail.clone(),
            ];
            if self.with_rows {
                let row = rows.iter().find(|row| row.line == fault.line);
                cells.extend(row.into_iter().flat_map(|row| row.cells.iter().cloned()));
            }
            self.line(&cells)?;
        }
        Ok(())
    }

    /// Everything is on its way to the disk.
    pub fn flush(&mut self) -> Result<()> {
        let Some(out) = &mut self.out else { return Ok(()) };
        out.flush().map_err(|error| words::unwritable(&self.path, &error))
    }

    fn line(&mut self, cells: &[String]) -> Result<()> {
        if self.out.is_none() {
            self.out = Some(self.begin()?);
        }
        let Some(out) = &mut self.out else { return Ok(()) };
        out.write_all(csv::line(cells).as_bytes()).map_err(|error| words::unwritable(&self.path, &error))
    }

    fn begin(&self) -> Result<BufWriter<File>> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&self.path).map_err(|error| words::unwritable(&self.path, &error))?;
        let mut out = BufWriter::new(file);
        let rest = if self.with_rows { ",the row\r\n" } else { "\r\n" };
        let written = out.write_all(HEADER.as_bytes()).and_then(|()| out.write_all(rest.as_bytes()));
        written.map_err(|error| words::unwritable(&self.path, &error))?;
        Ok(out)
    }
}

/// Whether an earlier run wrote the file.
fn is_error_file(path: &Path) -> bool {
    let mut beginning = [0; HEADER.len()];
    let read = File::open(path).and_then(|mut file| file.read_exact(&mut beginning));
    read.is_ok() && beginning == *HEADER.as_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::RowReader;

    #[test]
    fn what_is_written_is_no_formula_and_reads_back_as_it_was() {
        let cells = [
            "=1+1",
            "\u{b}=1",
            "\u{a0}@x",
            "+44",
            "-1",
            "@x",
            "\t=1",
            " =1",
            "＝1",
            "a,\"b\"\nc",
            "",
            "plain",
        ];
        let cells: Vec<String> = cells.iter().map(|cell| (*cell).to_owned()).collect();
        let line = csv::line(&cells);
        let row = RowReader::new(line.as_bytes(), b',').next_row().unwrap().unwrap();
        for (written, cell) in row.cells.iter().zip(&cells) {
            assert!(written == cell || *written == format!("'{cell}"), "{written}");
            assert!(!written.trim_start().starts_with(['=', '+', '-', '@', '＝']), "{written}");
        }
        assert_eq!(row.cells.len(), cells.len());
    }
}
