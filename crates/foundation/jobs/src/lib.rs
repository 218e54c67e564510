//! Durable work: everything that will happen later is a row with a `due_at`.
//!
//! A handler of the plain kind runs inside *one write that also completes its job*: both happen or neither does.
//! Only work that talks to the outside (handing a message over) is of the stepped kind and completes its job itself,
//! in the write that records the outcome. A process has only so much of it in hand as its kind may, in places of its
//! own, so it never keeps the plain kind waiting. The job alone holds lease, token and attempts; the token fences: a
//! worker that lost its lease changes nothing.

mod backoff;
mod desk;
mod heartbeat;
mod hold;
mod in_hand;
mod parked;
mod registry;
mod runner;
mod store;
pub mod tasks;

pub use desk::Desk;
pub use hold::{RestoreHold, hold_after_restore, release_hold, restore_hold};
pub use parked::{
    Parked, ParkedAfter, discard_parked, find_parked, parked, parked_kinds, parked_page, retry_one,
    retry_parked,
};
pub use registry::{Handler, Next, Registry, Stepped};
pub use runner::Runner;
pub use store::{
    Job, JobId, Lane, NewJob, PERSONAL, SQL, Tally, again, beats, enqueue, fence, finish, next_due,
    reschedule, tally, tally_by_lane,
};

/// Whoever waits for work waits for this topic.
pub const WAKE: &str = "jobs";
