//! The only way out to a person.
//!
//! A room writes a message with [`queue`]: the message, its frozen context and its job commit together with the
//! business change. At hand-off one pure function, [`decide`](decide::decide), says whether, when, on which channel
//! and why; the verdict and its reason are stored. [`Provider`](provider::Provider)s carry messages away. What a person
//! decides about our messages is in [`you`].

pub mod actions;
pub mod breaker;
pub mod compose;
mod connected;
mod days;
pub mod decide;
pub mod design;
pub mod dkim;
mod forget;
mod hand_off;
pub mod inbox;
pub mod letter;
pub mod log;
mod look;
pub mod mail;
pub mod mime;
mod outbox;
mod outcome;
pub mod outgoing;
pub mod provider;
mod providers;
mod release;
pub mod render;
pub mod retry;
mod shown;
pub mod sms;
pub mod smtp;
pub mod specimen;
mod store;
mod template;
pub mod text_letter;
pub mod topics;
pub mod trial;
pub mod wording;
mod words;
pub mod you;

pub use connected::{Connected, can_be_texted};
pub use days::{Day, SentByDay, TALLY_EVERY, TALLY_JOB, counted_by_day, sent_by_day, tally_days};
pub use design::Designs;
pub use forget::KNOWLEDGE;
pub use hand_off::{HAND_OFF, HandOff};
pub use look::dry_run;
pub use outbox::{NewMessage, WORTH_SENDING_FOR, queue, reconsider, something_is_held};
pub use outcome::overtake;
pub use providers::Providers;
pub use release::{HeldByRestore, held_by_restore, release, wake_released};
pub use shown::{Shown, shown, shown_about};
pub use store::{
    Context, Message, PERSONAL, Recipient, SQL, State, Told, count_by_state, find, latest, told_about,
    unaccounted, written_to,
};
pub use template::{Given, Template, Templates};
pub use wording::Wording;
pub use words::WORDS;
