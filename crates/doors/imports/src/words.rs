//! What is said when a file can't be read or written at all.

use std::path::Path;

use kernel::{Error, Kind};

/// The file can't be read.
#[track_caller]
pub fn unreadable(path: &Path, error: &std::io::Error) -> Error {
    Error::new(Kind::Unreadable, "unreadable", format!("{} can't be read: {error}.", path.display()))
}

/// The file can't be written.
#[track_caller]
pub fn unwritable(path: &Path, error: &std::io::Error) -> Error {
    Error::new(Kind::Unreadable, "unwritable", format!("{} can't be written: {error}.", path.display()))
}
