//! One e-mail, as parts. `mime` turns it into the bytes that leave.

use kernel::shop::Sender;
use kernel::{Email, Timestamp};

/// A rendered message with its envelope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// Who it comes from.
    pub from: Sender,
    /// Who answers go to, when not to the sender.
    pub reply_to: Option<Email>,
    /// Who it goes to. One recipient per message.
    pub to: Email,
    /// The recipient's name, when known.
    pub to_name: Option<String>,
    /// The subject line.
    pub subject: String,
    /// The HTML part.
    pub html: String,
    /// The plain-text part, written from the same blocks.
    pub text: String,
    /// Without angle brackets; the same on each attempt.
    pub message_id: String,
    /// Message-IDs of the thread's first message, without angle brackets.
    pub references: Vec<String>,
    /// The `Date` header: when the message was written, the same on each attempt.
    pub date: Timestamp,
    /// `List-Unsubscribe` and its like, name and value.
    pub headers: Vec<(&'static str, String)>,
}
