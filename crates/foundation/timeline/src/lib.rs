//! The timeline: everything that happened to a customer, append-only, and what reacts to it.
//!
//! [`record`] appends an event and, in the same write, runs its `with` reactions and queues its `after` reactions.
//! Which room reacts to what is one list in the binary (`aftercare/src/reactions.rs`).
//!
//! [`open_incident`] says that something is wrong for a customer; what could wait is not said to them until it is
//! closed and has cooled down.

mod card;
mod event;
mod incident;
mod reactions;
mod store;

pub use card::{Card, cards};
pub use event::{Actor, Event, NewEvent};
pub use incident::{
    Ending, FORGOTTEN_EVERY, FORGOTTEN_JOB, IncidentId, IncidentKind, Wrong, close_forgotten_incidents,
    close_incident, close_incident_named, incident, incident_holds_until, incidents_of, open_incident,
};
pub use reactions::{REACT, Reaction, Reactions, When, react};
pub use store::{
    SQL, TELL_EVENTS, TELL_INCIDENTS, about, find, latest, of_customers, record, recorded_between,
};
