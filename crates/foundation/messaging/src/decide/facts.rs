//! What the decision rests on, and what it comes to.

use customers::SuppressionReason;
use kernel::shop::QuietHours;
use kernel::{Channel, Purpose, Timestamp, Urgency, Zone};

use super::Why;

/// What is known of the message.
#[derive(Clone, Copy, Debug)]
pub struct MessageFacts {
    /// Why it is sent.
    pub purpose: Purpose,
    /// Whether the person waits for it.
    pub urgency: Urgency,
    /// Not before.
    pub not_before: Timestamp,
    /// Worthless from then on.
    pub not_after: Timestamp,
    /// An earlier hand-off that may or may not have succeeded.
    pub unknown: Option<Unknown>,
    /// While an earlier message of its thread is under way: until when it may be, at the longest.
    pub thread_busy_until: Option<Timestamp>,
    /// Whether it was due before a restore and nobody has let it go yet.
    pub held_by_restore: bool,
    /// Whether it is the confirmation of a STOP.
    pub confirms_stop: bool,
    /// Whether it answers another text that the person has just sent: START or HELP.
    pub answers_text: bool,
    /// Whether a report says that it did not arrive as a text.
    pub text_lost: bool,
}

/// A hand-off of which nobody knows whether it succeeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// On which channel.
    pub channel: Channel,
    /// Since when.
    pub since: Timestamp,
}

/// What is known of the person, as far as this message is concerned.
#[derive(Clone, Debug)]
pub struct PersonFacts {
    /// The channel they stated.
    pub stated: Option<Channel>,
    /// Their zone, or the shop's.
    pub zone: Zone,
    /// Where they can be reached, best first.
    pub addresses: Vec<Address>,
    /// Whether they switched the message's topic off.
    pub topic_off: bool,
    /// The way they do not want to hear of it.
    pub without: Option<Channel>,
    /// They want to hear of it seldom: until when that was enough.
    pub pace_until: Option<Timestamp>,
    /// The quiet hours they chose themselves.
    pub quiet: Option<QuietHours>,
    /// Channels on which they opted in to marketing.
    pub opted_in: Vec<Channel>,
    /// Whether their data were erased: there is nobody left to write to.
    pub erased: bool,
    /// They asked to be left in peace: until when.
    pub paused_until: Option<Timestamp>,
    /// Something is wrong for them, or was a short while ago: until when it counts.
    pub incident_until: Option<Timestamp>,
    /// As much was sent to them as the budget allows: until when.
    pub pressure_until: Option<Timestamp>,
    /// Whether they are one of those who get no marketing, so that its effect can be measured.
    pub held_out: bool,
}

/// An address, whether anything still arrives there, and what its holder wished.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// The channel.
    pub channel: Channel,
    /// The address or number.
    pub address: String,
    /// Nothing arrives there any more.
    pub dead: bool,
    /// The strongest suppression that concerns this message's topic.
    pub suppressed: Option<SuppressionReason>,
}

/// What is to be done with the message now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Hand it over.
    Send {
        /// On this channel.
        channel: Channel,
        /// To this address.
        address: String,
        /// Why this channel.
        why: Why,
    },
    /// Keep it until then, and decide again.
    Hold {
        /// When to decide again.
        until: Timestamp,
        /// Why not now.
        why: Why,
    },
    /// Never send it.
    Drop {
        /// Why not.
        why: Why,
    },
}

impl Verdict {
    /// The rule that made it.
    pub fn why(&self) -> Why {
        match self {
            Verdict::Send { why, .. } | Verdict::Hold { why, .. } | Verdict::Drop { why } => *why,
        }
    }
}
