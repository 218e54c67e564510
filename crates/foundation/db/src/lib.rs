//! One handle over SQLite and PostgreSQL.
//!
//! [`Db::read`] and [`Db::write`] take *synchronous, re-runnable* closures, so nobody can await the network inside a
//! transaction. Every write runs as if alone: one writer thread per process takes what is queued, runs each closure
//! in a savepoint, commits once and answers all. There is one SQL text for both engines, in named, explained files.

pub mod backup;
mod checked;
mod conn;
mod edges;
mod handle;
mod migrate;
mod open;
mod options;
mod pace;
mod personal;
mod postgres;
mod query;
mod queue;
mod row;
mod serving;
mod session;
mod sqlite;
mod stats;
mod task;
mod url;
mod value;
mod wakes;
pub mod walk;
mod wiring;
mod writer;

pub use conn::{Read, Write};
pub use edges::{Edge, Edges, Fault};
pub use handle::Db;
pub use migrate::{Applied, Migration, OWN_QUERIES, statements, unfinished_restore};
pub use options::{Durability, Mode, Options};
pub use personal::PersonalTable;
pub use query::{Query, SqlFile};
pub use row::{Cell, FromCell, Row};
pub use stats::DbStats;
pub use url::{DatabaseUrl, Engine};
pub use value::Value;
pub use wakes::Wakes;
pub use wiring::Wiring;
