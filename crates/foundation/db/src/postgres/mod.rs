//! PostgreSQL: a writer, a claimer and a few readers, each with a connection of its own.
//!
//! The blocking client panics inside a runtime, so it is made, used and dropped on this crate's own threads.

mod fault;
mod listener;
mod session;
mod target;
mod values;

pub(crate) use listener::Listener;
pub(crate) use session::PostgresSession;
pub(crate) use target::Target;
