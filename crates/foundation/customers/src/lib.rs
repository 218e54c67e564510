//! Who they are: recognised by what a shop tells, reachable at their contact points, asked for consent.
//!
//! [`recognise`] finds the customer of an order or makes one. The rule is [`identify`], pure and total: by the
//! source's own id, else by e-mail, by phone only when there is no e-mail, and two known people are never merged.
//! [`remember`] keeps what is told later of somebody already recognised. [`suppress`] keeps that an address wants
//! nothing more, whoever holds it.

mod identity;
mod store;
mod suppression;

pub use identity::{Known, Match, identify};
pub use store::{
    Consent, ContactPoint, Described, PERSONAL, Person, SQL, count, latest_with_number, mark_dead, person,
    recognise, record_consent, remember,
};
pub use suppression::{
    Suppression, SuppressionId, SuppressionReason, suppress, suppress_topic, suppressed, suppression_history,
    suppressions_holding, unsuppress, unsuppress_topic,
};
