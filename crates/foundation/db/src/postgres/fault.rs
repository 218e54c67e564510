//! What PostgreSQL's errors mean to a caller.
//!
//! Only the code and the primary message are kept: DETAIL and CONTEXT quote values, and values may be personal.

use kernel::Error;

use crate::Query;
use crate::session::{Broken, Fate, constraint};

/// The error of a query.
#[track_caller]
pub(super) fn of(query: &Query, error: &tokio_postgres::Error) -> Error {
    let detail = format!("query {}: {}", query.name(), said(error));
    match class(error) {
        Class::Conflict | Class::Gone | Class::Unavailable => Error::unavailable(detail),
        Class::Constraint => constraint(detail),
        Class::Mistake => Error::internal(detail),
    }
}

/// The error of a migration's statement.
#[track_caller]
pub(super) fn of_script(error: &tokio_postgres::Error) -> Error {
    match class(error) {
        Class::Conflict | Class::Gone | Class::Unavailable => Error::unavailable(said(error)),
        Class::Constraint | Class::Mistake => Error::internal(said(error)),
    }
}

/// What became of the transaction when a statement failed; `None` when only its savepoint is lost.
pub(super) fn of_statement(error: &tokio_postgres::Error) -> Option<Broken> {
    match class(error) {
        Class::Conflict => Some(Broken::new(Fate::Again, said(error))),
        Class::Gone => Some(Broken::new(Fate::Lost, said(error))),
        Class::Constraint | Class::Unavailable | Class::Mistake => None,
    }
}

/// What became of a transaction whose BEGIN, SAVEPOINT or ROLLBACK failed.
pub(super) fn of_transaction(error: &tokio_postgres::Error) -> Broken {
    of_statement(error).unwrap_or_else(|| Broken::new(Fate::Failed, said(error)))
}

/// What became of a transaction whose COMMIT failed.
pub(super) fn of_commit(error: &tokio_postgres::Error) -> Broken {
    let fate = match class(error) {
        Class::Conflict => Fate::Again,
        // The server may have committed before the connection went away.
        Class::Gone => Fate::Unknown,
        Class::Constraint => Fate::Refused,
        Class::Unavailable | Class::Mistake => Fate::Failed,
    };
    Broken::new(fate, format!("COMMIT: {}", said(error)))
}

/// A connection that could not be made.
pub(super) fn connecting(error: &tokio_postgres::Error) -> Broken {
    Broken::new(Fate::Failed, format!("PostgreSQL cannot be reached: {}", said(error)))
}

enum Class {
    /// Rolled back because of what others did, or because a statement was prepared for an older schema.
    Conflict,
    /// The connection is of no more use.
    Gone,
    /// A constraint was violated.
    Constraint,
    /// It may work later: disk full, too many connections, a lock held for too long.
    Unavailable,
    /// Ours.
    Mistake,
}

fn class(error: &tokio_postgres::Error) -> Class {
    // Parameters and columns are checked before they reach the client library, so what is left is the connection.
    let Some(code) = error.code().map(|state| state.code()) else { return Class::Gone };
    match (code, &code[..2]) {
        ("40001" | "40P01" | "26000", _) => Class::Conflict,
        ("0A000", _) if said(error).contains("cached plan") => Class::Conflict,
        ("57P01" | "57P02" | "57P03" | "57P05" | "25006" | "25P03", _) | (_, "08") => Class::Gone,
        ("57014" | "55P03", _) | (_, "53" | "58") => Class::Unavailable,
        (_, "23") => Class::Constraint,
        _ => Class::Mistake,
    }
}

fn said(error: &tokio_postgres::Error) -> String {
    match error.as_db_error() {
        // Class 22 (data exception) quotes the value in its message.
        Some(cause) if cause.code().code().starts_with("22") => format!("SQLSTATE {}", cause.code().code()),
        Some(cause) => format!("{} (SQLSTATE {})", cause.message(), cause.code().code()),
        None => match std::error::Error::source(error) {
            Some(cause) => format!("{error}: {cause}"),
            None => error.to_string(),
        },
    }
}
