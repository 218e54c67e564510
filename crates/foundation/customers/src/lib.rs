//! Who they are: recognised by what a shop tells, reachable at their contact points, asked for consent.
//!
//! [`recognise`] finds the customer of an order or makes one. The rule is [`identify`], pure and total: by the
//! source's own id, else by e-mail, by phone only when there is no e-mail, and two known people are never merged.
//! [`remember`] keeps what is told later of somebody already recognised.
//!
//! What they agreed to is a ledger, [`record_consent`], and one pure fold over it, [`fold`]. What they chose is
//! [`prefer_channel`] and [`switch_topic`]. [`suppress`] keeps that an address wants nothing more, whoever holds it.
//! [`pause`] leaves somebody in peace for a while, [`limit_topic`] and [`choose_hours`] say how and when they want to hear.
//!
//! Two customers who are one person are [`merge`]d: nothing moves, and [`find`] tells of both. [`write_note`] keeps what the
//! staff knows of them. [`export`] tells everything that is known, and [`begin_erasure`] forgets it.
//!
//! How they get in to see all that themselves is [`account`].

pub mod account;
mod choices;
mod consent;
mod erase;
mod happened;
mod identity;
mod imported;
mod knowing;
mod known;
mod ledger;
mod limits;
mod merge;
mod names;
mod notes;
mod pause;
mod store;
mod suppression;
mod suppression_list;
mod walked;

pub use choices::{TopicChoice, TopicChoiceId, prefer_channel, switch_topic, topic_choices, topics_off};
pub use consent::{Answer, Consent, ConsentId, IMPORT, consents, fold, is_granted, record_consent};
pub use erase::{Asker, ERASE_JOB, Erasure, KNOWLEDGE, begin_erasure, erase, erasure, export};
pub use happened::{by_staff, staff_of};
pub use identity::{Known, Match, identify};
pub use imported::{everybody_at, is_told};
pub use knowing::{
    ASKED_FOR, FORGOTTEN_AT_ONCE, Forget, Forgot, Knowing, Knowledge, MOST_TOLD, Subject, Tell, as_json,
    forget_rows, rows_of,
};
pub use known::{Identity, identities};
pub use ledger::{Entry, ledger};
pub use limits::{
    MOST_SELDOM_DAYS, OwnHours, TopicLimit, TopicLimitId, choose_hours, limit_topic, topic_limits,
};
pub use merge::{MOST_MERGED, Obstacle, Side, find_alone, may_merge, merge, side, unite, unmerge};
pub use names::{key_names, name_begins};
pub use notes::{
    Contact, Direction, LONGEST_BODY, LONGEST_SUBJECT, NewNote, Note, NoteId, Way, Wording, edit_note, note,
    notes_of, remove_note, write_note,
};
pub use pause::{LONGEST_PAUSE, pause, resume};
pub use store::{
    ContactPoint, ContactPointId, Described, PERSONAL, Person, SQL, count, find, holders, language_of,
    latest_with_number, mark_dead, person, person_unasked, recognise, recognise_from_past, remember,
};
pub use suppression::{
    AddressHash, ListedSuppression, Suppression, SuppressionId, SuppressionReason, complaints_since,
    list_suppressions, may_lift, suppress, suppress_topic, suppressed, suppression_history,
    suppressions_holding, unsubscribe_hash, unsuppress, unsuppress_topic,
};
pub use suppression_list::{LONGEST_LIST, ListFault, Listing, read_list};
pub use walked::{
    KnownSince, Listed, consents_between, count_known, countries, email_begins, ids_behind, listed, place,
    unplaced,
};
