//! What the staff does for a customer, and with what is known of them.

mod erased;
mod kit;
mod left_in_peace;
mod merged;
mod suppressed;
mod why;
mod written;
mod wrong;

pub use kit::Desk;
