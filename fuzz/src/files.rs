//! CSV: whatever stands in a file, every row of it is accounted for.

use std::cell::RefCell;
use std::fs::File;
use std::io::{BufReader, Seek, Write};
use std::os::fd::AsRawFd;
use std::path::PathBuf;

use imports::{Maker, Row, RowReader, Setting, examine};
use kernel::Currency;

use crate::input::{Fields, now};

/// Past orders: our own columns, and Shopify's export.
pub fn orders(bytes: &[u8]) {
    file(bytes, imports::orders::shape);
}

/// Parcels.
pub fn shipments(bytes: &[u8]) {
    file(bytes, imports::shipments::shape);
}

/// Consents.
pub fn consents(bytes: &[u8]) {
    file(bytes, imports::consents::shape);
}

/// Addresses that another system may not write to.
pub fn suppressions(bytes: &[u8]) {
    file(bytes, imports::suppressions::shape);
}

/// Products.
pub fn products(bytes: &[u8]) {
    file(bytes, imports::products::shape);
}

fn file(bytes: &[u8], maker: Maker) {
    let setting = Setting { source: "web".to_owned(), currency: Currency::parse("GBP").expect("a currency") };
    let path = written(bytes);
    let found = examine(&path, maker, &setting, now()).ok();
    assert_eq!(found, examine(&path, maker, &setting, now()).ok(), "a file reads the same twice");
    if let Some(found) = found {
        let all = found.ready + found.doubled + found.refused;
        assert_eq!(found.rows, all, "every row is taken, passed over or refused: {found:?}");
    }
}

thread_local! {
    /// One file without a name, written anew for each input: names would fill a folder.
    static SCRATCH: RefCell<Option<File>> = const { RefCell::new(None) };
}

/// A path to a file that holds these bytes.
fn written(bytes: &[u8]) -> PathBuf {
    SCRATCH.with_borrow_mut(|scratch| {
        let file = scratch.get_or_insert_with(unnamed);
        file.set_len(0).and_then(|()| file.rewind()).expect("the scratch file is ours");
        file.write_all(bytes).expect("there is room for a few thousand bytes");
        PathBuf::from(format!("/proc/self/fd/{}", file.as_raw_fd()))
    })
}

fn unnamed() -> File {
    let path = std::env::temp_dir().join(format!(
        "aftercare-fuzz-{}-{:?}",
        std::process::id(),
        std::thread::current().id()
    ));
    let file = File::options().read(true).write(true).create(true).truncate(true).open(&path);
    let file = file.expect("a temporary file can be made");
    std::fs::remove_file(&path).expect("and lives on without its name");
    file
}

/// Bytes as rows, and cells as a line of the error file.
pub fn rows(bytes: &[u8]) {
    for delimiter in *b",;\t" {
        let whole = all_rows(RowReader::new(bytes, delimiter));
        let drop_by_drop = all_rows(RowReader::new(BufReader::with_capacity(1, bytes), delimiter));
        assert_eq!(whole, drop_by_drop, "where the reads end makes no difference");
        assert!(whole.is_sorted_by_key(|row| row.line), "lines go up");
    }
    written_and_read(&Fields::of(bytes).rest());
}

fn all_rows<R: std::io::BufRead>(mut reader: RowReader<R>) -> Vec<Row> {
    std::iter::from_fn(|| reader.next_row().expect("bytes in memory can be read")).collect()
}

fn written_and_read(cells: &[String]) {
    let line = kernel::csv::line(cells);
    let mut reader = RowReader::new(line.as_bytes(), b',');
    let Some(row) = reader.next_row().expect("bytes in memory can be read") else {
        assert!(cells.iter().all(|cell| cell.trim().is_empty()), "only an empty row is none");
        return;
    };
    assert_eq!((row.flaw, row.cells.len()), (None, cells.len()));
    for (read, cell) in row.cells.iter().zip(cells) {
        assert!(read == cell || *read == format!("'{cell}"), "{read:?} was {cell:?}");
        let first = read.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}').chars().next();
        assert!(
            !matches!(first, Some('=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠')),
            "{read:?} is a formula"
        );
    }
    assert_eq!(reader.next_row().expect("readable"), None, "one line is one row");
}
