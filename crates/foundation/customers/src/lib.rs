//! Who they are: recognised by what a shop tells, reachable at their contact points, asked for consent.
//!
//! [`recognise`] finds the customer of an order or makes one. The rule is [`identify`], pure and total: by the
//! source's own id, else by e-mail, by phone only when there is no e-mail, and two known people are never merged.
//! [`remember`] keeps what is told later of somebody already recognised.
//!
//! What they agreed to is a ledger, [`record_consent`], and one pure fold over it, [`fold`]. What they chose is
//! [`prefer_channel`] and [`switch_topic`]. [`suppress`] keeps that an address wants nothing more, whoever holds it.

mod choices;
mod consent;
mod happened;
mod identity;
mod imported;
mod names;
mod store;
mod suppression;
mod walked;

pub use choices::{TopicChoice, TopicChoiceId, prefer_channel, switch_topic, topic_choices, topics_off};
pub use consent::{
    Answer, Consent, ConsentId, IMPORT, consent_history, consents, fold, is_granted, record_consent,
};
pub use identity::{Known, Match, identify};
pub use imported::{everybody_at, is_told};
pub use names::{key_names, name_begins};
pub use store::{
    ContactPoint, ContactPointId, Described, PERSONAL, Person, SQL, count, find, holders, language_of,
    latest_with_number, mark_dead, person, person_unasked, recognise, recognise_from_past, remember,
};
pub use suppression::{
    AddressHash, Suppression, SuppressionId, SuppressionReason, suppress, suppress_topic, suppressed,
    suppression_history, suppressions_holding, unsubscribe_hash, unsuppress, unsuppress_topic,
};
pub use walked::{KnownSince, Listed, consents_between, count_known, email_begins, ids_behind, listed};
