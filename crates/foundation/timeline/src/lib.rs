//! The timeline: everything that happened to a customer, append-only, and what reacts to it.
//!
//! [`record`] appends an event and, in the same write, runs its `with` reactions and queues its `after` reactions.
//! Which room reacts to what is one list in the binary (`aftercare/src/reactions.rs`).

mod event;
mod reactions;
mod store;

pub use event::{Actor, Event, NewEvent};
pub use reactions::{REACT, Reaction, Reactions, When, react};
pub use store::{SQL, find, latest, record, recorded_between};
