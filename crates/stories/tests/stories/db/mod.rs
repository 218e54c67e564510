//! What both engines promise to everyone above them.

#![expect(clippy::unwrap_used, reason = "a story that cannot go on has failed")]

mod edges;
mod kit;

mod migrations;
mod reading;
mod sameness;
mod speed;
mod trouble_postgres;
mod trouble_sqlite;
mod waking;
mod writing;
