//! What a provider is given: a mail or a text, rendered and addressed.

use kernel::{Channel, MessageId, Phone};

use crate::mail::Mail;
use crate::sms::segments::{Measured, measure};

/// A message on its way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outgoing {
    /// By e-mail.
    Email(Mail),
    /// By text message.
    Text(Text),
}

/// One text message. Gateways turn it into what they speak.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// Which message it is; delivery reports name it.
    pub message: MessageId,
    /// The message's key: the same on each attempt.
    pub key: String,
    /// Who it goes to.
    pub to: Phone,
    /// What the phone shows.
    pub body: String,
}

impl Outgoing {
    /// The channel it goes by.
    pub fn channel(&self) -> Channel {
        match self {
            Outgoing::Email(_) => Channel::Email,
            Outgoing::Text(_) => Channel::Sms,
        }
    }

    /// The address or number it goes to.
    pub fn address(&self) -> &str {
        match self {
            Outgoing::Email(mail) => mail.to.as_str(),
            Outgoing::Text(text) => text.to.as_str(),
        }
    }
}

impl Text {
    /// How it is written, and in how many segments.
    pub fn measured(&self) -> Measured {
        measure(&self.body)
    }
}
