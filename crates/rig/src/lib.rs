//! What the experiments stand on: the built program as a process, and real counterparts around it.
//!
//! Stories, browser tests, proofs and benches start the program the same way, against the same throw-away
//! PostgreSQL, and none of what they start outlives them.

pub mod app;
pub mod keep_alive;
pub mod now;
pub mod postgres;
pub mod process;
pub mod sink;
