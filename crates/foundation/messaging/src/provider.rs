//! The seam between the sending machine and whoever carries a message away.
//!
//! A provider is stepped: first a *connected* session, then one write to the database that marks the message as
//! handed off, and only then [`Session::submit`]. So an error before the first byte of a message is known to be one,
//! and everything after is either an answer or honestly unknown.

use std::time::Duration;

use async_trait::async_trait;
use kernel::Channel;

use crate::outgoing::Outgoing;

/// Carries messages of one channel away.
#[async_trait]
pub trait Provider: Send + Sync {
    /// The name shown beside a message, for example `smtp` or `inbox`. One name, one breaker.
    fn name(&self) -> &'static str;

    /// The channel it serves.
    fn channel(&self) -> Channel;

    /// Opens (or takes from its pool) a session that is ready for a message. Nothing of a message has been said yet,
    /// so a refusal here is always safe to try again.
    async fn connect(&self) -> Result<Box<dyn Session>, Refusal>;

    /// How many sessions may be open at once.
    fn concurrency(&self) -> usize;
}

/// A provider was given a message of another channel: a fault of the wiring, said and never sent elsewhere.
pub(crate) fn wrong_channel(message: &Outgoing) -> Submission {
    let words = format!("This provider does not carry messages by {}.", message.channel().as_str());
    Submission::Refused(Refusal { class: RefusalClass::Permanent, words, retry_after: None })
}

/// A connected session, good for one message; a healthy one goes back to its provider's pool by itself.
#[async_trait]
pub trait Session: Send {
    /// Hands the message over. Never returns before it is known what happened, or known that it can't be known.
    async fn submit(self: Box<Self>, message: &Outgoing) -> Submission;
}

/// What became of a hand-off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Submission {
    /// The provider has taken responsibility for it.
    Accepted {
        /// What the provider calls it, or its closing words.
        reference: String,
    },
    /// The provider said no, or the session failed before it could have said yes.
    Refused(Refusal),
    /// The message was wholly or partly out when the answer failed to come.
    Unknown {
        /// What happened, for the operator.
        words: String,
    },
}

/// A no, and what it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What the no is about.
    pub class: RefusalClass,
    /// The provider's own words, without personal data where we can tell. At most 500 characters.
    pub words: String,
    /// When the provider asked to be left alone until.
    pub retry_after: Option<Duration>,
}

impl Refusal {
    /// The answer that never came, told to the breaker and the retry rule as what it says of the provider.
    pub fn unanswered(words: &str) -> Self {
        Refusal { class: RefusalClass::Transient, words: words.to_owned(), retry_after: None }
    }
}

/// What a refusal is about, and so what may be tried next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusalClass {
    /// The provider or the way to it: try this message again later. Counts towards the breaker.
    Transient,
    /// This recipient, for now (mailbox full, greylisting): try again later. Does not count towards the breaker.
    RecipientBusy,
    /// This address does not exist or will never take mail (5.1.1, 5.1.2, 5.1.10, 5.2.1): never try it again.
    DeadAddress,
    /// The holder of this address has told the provider to stop: as if they had told us.
    Stopped,
    /// This message will never be taken (policy, size, content), the address may be fine.
    Permanent,
    /// Our account with the provider (credentials, sender not allowed): try later, and tell the operator.
    /// Counts towards the breaker.
    Account,
}

impl RefusalClass {
    /// Whether the same message may be offered again.
    pub fn may_try_again(self) -> bool {
        match self {
            RefusalClass::Transient | RefusalClass::RecipientBusy | RefusalClass::Account => true,
            RefusalClass::DeadAddress | RefusalClass::Stopped | RefusalClass::Permanent => false,
        }
    }

    /// Whether the provider itself is in trouble.
    pub fn trips_breaker(self) -> bool {
        matches!(self, RefusalClass::Transient | RefusalClass::Account)
    }
}
