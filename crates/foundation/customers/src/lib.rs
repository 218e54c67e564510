//! Who they are: recognised by what a shop tells, reachable at their contact points, asked for consent.
//!
//! [`recognise`] finds the customer of an order or makes one. The rule is [`identify`], pure and total: by the
//! source's own id, else by e-mail, by phone only when there is no e-mail, and two known people are never merged.
//! [`remember`] keeps what is told later of somebody already recognised.

mod identity;
mod imported;
mod store;

pub use identity::{Known, Match, identify};
pub use imported::{holders_of, is_told};
pub use store::{
    Consent, ContactPoint, Described, PERSONAL, Person, SQL, count, mark_dead, person, recognise,
    recognise_from_past, record_consent, remember,
};
