//! Orders: what was bought, what the customer was told about it, and the page that shows it.
//!
//! [`take`] is the one way in, whatever door an order came through. What there is to say about an order is one pure
//! rule, [`tell::what_to_say`]; what a customer can see of it is one type, [`visible::Visible`].

pub mod context;
pub mod find;
mod forget;
pub mod history;
pub mod incoming;
pub mod json;
pub mod letters;
mod link;
pub mod marks;
pub mod page;
pub mod parcels;
mod products;
mod refunds;
pub mod resend;
mod say;
mod shelf;
mod short_link;
pub mod staff;
mod store;
mod take;
pub mod tell;
mod version;
pub mod visible;

use kernel::{Words, id_type};

pub use forget::KNOWLEDGE;
pub use link::{OrderLink, links};
pub use products::{KEY_LINES_JOB, key_lines};
pub use refunds::take_refund;
pub use say::{TELL, note_unreachable, recipient, tell};
pub use shelf::Shelf;
pub use store::{
    OrderNote, PERSONAL, SQL, StoredOrder, count, find_by_external, latest, list, list_of, notes, numbered,
    stored, to_pack,
};
pub use take::{HISTORY_AFTER, note_gone, take, take_history};
pub use version::supersedes;

/// This room's words.
pub const WORDS: &[Words] = &[
    Words { language: "en", source: include_str!("words/mail-en.ftl") },
    Words { language: "en", source: include_str!("words/page-en.ftl") },
    Words { language: "de", source: include_str!("words/mail-de.ftl") },
    Words { language: "de", source: include_str!("words/page-de.ftl") },
    Words { language: "en", source: include_str!("words/text-en.ftl") },
    Words { language: "de", source: include_str!("words/text-de.ftl") },
    Words { language: "en", source: include_str!("words/refund-en.ftl") },
    Words { language: "de", source: include_str!("words/refund-de.ftl") },
    Words { language: "en", source: include_str!("words/find-en.ftl") },
    Words { language: "de", source: include_str!("words/find-de.ftl") },
];

id_type!(
    /// An order.
    OrderId, "ord"
);

/// What a version of an order did to what is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// First seen.
    Created,
    /// Newer than what was stored, and taken over.
    Changed,
    /// The same as, or older than, what is stored.
    Stale,
}

/// The answer to [`take`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The order.
    pub order: OrderId,
    /// What happened.
    pub effect: Effect,
    /// Whether it is an order of somebody who was erased: whoever told it again forgets what it said of them.
    pub is_forgotten: bool,
}
