//! How a person is reached, and why.

use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// A way to reach a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    /// An e-mail address.
    Email,
    /// A text message to a mobile phone.
    Sms,
}

impl Channel {
    /// Every channel, in the order we prefer them when nobody said otherwise.
    pub const ALL: [Channel; 2] = [Channel::Email, Channel::Sms];

    /// The word used in rows, in the API and in the interface.
    pub fn as_str(self) -> &'static str {
        match self {
            Channel::Email => "email",
            Channel::Sms => "sms",
        }
    }

    /// Reads the word; `text` is understood as `sms`.
    pub fn parse(word: &str) -> Result<Self> {
        match word {
            "email" => Ok(Channel::Email),
            "sms" | "text" => Ok(Channel::Sms),
            _ => Err(Error::invalid("unknown_channel", "The channel is email or sms.")),
        }
    }
}

/// Why a message is sent. Decides which consent it needs and what may hold it back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    /// Part of the purchase itself: confirmation, change, cancellation, delivery.
    Transactional,
    /// A notice the law demands.
    Legal,
    /// Helps with what was bought: care tips, how-to.
    Service,
    /// Asks for an opinion.
    Survey,
    /// Offers something.
    Marketing,
}

impl Purpose {
    /// Every purpose.
    pub const ALL: [Purpose; 5] =
        [Purpose::Transactional, Purpose::Legal, Purpose::Service, Purpose::Survey, Purpose::Marketing];

    /// The word used in rows and in the interface.
    pub fn as_str(self) -> &'static str {
        match self {
            Purpose::Transactional => "transactional",
            Purpose::Legal => "legal",
            Purpose::Service => "service",
            Purpose::Survey => "survey",
            Purpose::Marketing => "marketing",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Result<Self> {
        Purpose::ALL
            .into_iter()
            .find(|purpose| purpose.as_str() == word)
            .ok_or_else(|| Error::internal(format!("unknown purpose {word}")))
    }
}

/// Whether the person waits for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgency {
    /// Answers what the person just did; retried within seconds.
    AtOnce,
    /// May wait for the morning; retried within minutes.
    MayWait,
}

impl Urgency {
    /// The word used in rows.
    pub fn as_str(self) -> &'static str {
        match self {
            Urgency::AtOnce => "at_once",
            Urgency::MayWait => "may_wait",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Result<Self> {
        match word {
            "at_once" => Ok(Urgency::AtOnce),
            "may_wait" => Ok(Urgency::MayWait),
            _ => Err(Error::internal(format!("unknown urgency {word}"))),
        }
    }
}
