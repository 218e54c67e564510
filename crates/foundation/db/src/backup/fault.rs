//! What goes wrong while copying, in words for the person at the terminal.

use std::path::Path;

use kernel::{Error, Kind};
use rusqlite::ErrorCode;

/// Something the operator can put right: a file in the way, a database that is not empty.
#[track_caller]
pub(super) fn refused(code: &'static str, words: impl Into<String>) -> Error {
    Error::new(Kind::Conflict, code, words.into())
}

/// The file is not what it was when it was written.
#[track_caller]
pub(super) fn damaged(what: impl Into<String>) -> Error {
    refused("backup_damaged", "This backup is damaged; nothing was written. Use another copy of it.")
        .detail(what)
}

/// SQLite could not write the file that is being made.
#[track_caller]
pub(super) fn writing(path: &Path, error: &rusqlite::Error) -> Error {
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => full(path),
        _ => Error::unavailable(format!("{}: {error}", path.display())),
    }
}

/// The file system refused something.
#[track_caller]
pub(super) fn io(what: &str, path: &Path, error: &std::io::Error) -> Error {
    if error.kind() == std::io::ErrorKind::StorageFull {
        return full(path);
    }
    Error::invalid("backup_file", format!("Can't {what} {}: {error}", path.display()))
}

#[track_caller]
fn full(path: &Path) -> Error {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let words = format!(
        "The disk under {} is full. Make room, or name a file on another disk; nothing was left behind.",
        folder.display()
    );
    Error::new(Kind::Unavailable, "disk_full", words)
}

/// Reading the database that is backed up failed.
#[track_caller]
pub(super) fn reading(error: &rusqlite::Error) -> Error {
    Error::unavailable(format!("the database can't be read: {error}"))
}
