//! What SQLite's errors mean to a caller.

use kernel::{Error, Result};
use rusqlite::ErrorCode;
use rusqlite::ffi::SQLITE_CONSTRAINT_DATATYPE;

use crate::Query;
use crate::session::{Broken, Fate, constraint};

/// The error of a query. SQLite's messages name tables and columns, never values.
#[track_caller]
pub(super) fn of(query: &Query, error: &rusqlite::Error) -> Error {
    let detail = format!("query {}: {error}", query.name());
    match error.sqlite_error() {
        Some(cause) if transient(cause.code) => Error::unavailable(detail),
        // A text in a BIGINT column is our mistake, not a contradiction with what is stored.
        Some(cause) if cause.extended_code == SQLITE_CONSTRAINT_DATATYPE => Error::internal(detail),
        Some(cause) if cause.code == ErrorCode::ConstraintViolation => constraint(detail),
        Some(_) | None => Error::internal(detail),
    }
}

/// The error of opening a connection.
#[track_caller]
pub(super) fn opening(error: &rusqlite::Error) -> Error {
    let detail = format!("the database cannot be opened: {error}");
    let transient = error.sqlite_error_code().is_some_and(transient);
    if transient { Error::unavailable(detail) } else { Error::internal(detail) }
}

/// What became of a transaction whose BEGIN, SAVEPOINT or ROLLBACK failed.
pub(super) fn of_transaction(what: &'static str, error: &rusqlite::Error) -> Broken {
    Broken::new(Fate::Failed, format!("{what}: {error}"))
}

/// What became of a transaction whose COMMIT failed.
pub(super) fn of_commit(error: &rusqlite::Error) -> Broken {
    let fate = match error.sqlite_error_code() {
        Some(ErrorCode::ConstraintViolation) => Fate::Refused,
        // When the disk fails under COMMIT, the log may hold the commit or not until it is read again.
        Some(ErrorCode::SystemIoFailure) => Fate::Unknown,
        _ => Fate::Failed,
    };
    Broken::new(fate, format!("COMMIT: {error}"))
}

/// The error of a script.
pub(super) fn of_script(result: rusqlite::Result<()>) -> Result<()> {
    result.map_err(|error| match error.sqlite_error_code() {
        Some(code) if transient(code) => Error::unavailable(error.to_string()),
        Some(_) | None => Error::internal(error.to_string()),
    })
}

/// Whether the same call may succeed later: somebody else writes, or the disk is full, failing or not to be written.
fn transient(code: ErrorCode) -> bool {
    use ErrorCode::{CannotOpen, DatabaseBusy, DatabaseLocked, DiskFull, ReadOnly, SystemIoFailure};
    matches!(code, DatabaseBusy | DatabaseLocked | DiskFull | SystemIoFailure | ReadOnly | CannotOpen)
}
