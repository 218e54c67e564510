//! PostgreSQL: a writer, a claimer and a few readers, each with a connection of its own.
//!
//! A link blocks, which panics inside a runtime, so it is made, used and dropped on this crate's own threads.

mod fault;
mod link;
mod listener;
mod session;
mod target;
mod values;

pub(crate) use link::Link;
pub(crate) use listener::Listener;
pub(crate) use session::PostgresSession;
pub(crate) use target::Target;
