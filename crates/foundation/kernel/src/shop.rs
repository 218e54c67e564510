//! The shop this process serves: what every room may know without asking another room.

use serde::{Deserialize, Serialize};

use crate::{Brand, Channel, Currency, Error, Keys, Locale, Result, Zone};

/// One shop. A shop is a database: there is no other in it (decision 0004).
#[derive(Clone, Debug)]
pub struct Shop {
    /// The brand kit.
    pub brand: Brand,
    /// How customers reach us, without a slash at the end. Signed links begin with it.
    pub public_url: String,
    /// The secret roots.
    pub keys: Keys,
    /// The shop's own language.
    pub locale: Locale,
    /// The shop's own time zone.
    pub zone: Zone,
    /// The shop's own currency.
    pub currency: Currency,
    /// What the shop has decided about messages.
    pub policy: Policy,
    /// Who mail comes from: name and address.
    pub mail_from: Sender,
}

/// A name and an address that mail comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender {
    /// The name people see.
    pub name: String,
    /// The address.
    pub address: crate::Email,
}

/// What the shop has decided about messages, from `[policy]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Policy {
    /// The channel for people who stated none.
    pub default_channel: Channel,
    /// When nobody is disturbed, in the recipient's zone.
    pub quiet_hours: QuietHours,
    /// How much one person is written to.
    pub pressure: Pressure,
    /// How many per cent of the customers get no marketing, so that its effect can be measured.
    pub holdout_percent: u8,
}

impl Default for Policy {
    fn default() -> Self {
        Policy {
            default_channel: Channel::Email,
            quiet_hours: QuietHours::default(),
            pressure: Pressure::default(),
            holdout_percent: 0,
        }
    }
}

impl Policy {
    /// Fails with the first number that can't be meant.
    pub fn check(&self) -> Result<()> {
        let hours = self.quiet_hours;
        let wrong = |words: &'static str| Err(Error::invalid("policy", words));
        match self {
            _ if hours.from > 23 || hours.to > 23 => wrong("quiet_hours go from 0 to 23."),
            _ if self.pressure.messages == 0 || !(1..=366).contains(&self.pressure.days) => {
                wrong("pressure needs at least one message in 1 to 366 days.")
            }
            _ if self.holdout_percent > 100 => wrong("holdout_percent is a share from 0 to 100."),
            _ => Ok(()),
        }
    }
}

/// A budget per person over every channel. What belongs to a purchase is always sent, and counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Pressure {
    /// As many messages,
    pub messages: u32,
    /// in as many days; what is not part of a purchase waits when they have been sent.
    pub days: u32,
}

impl Default for Pressure {
    fn default() -> Self {
        Pressure { messages: 6, days: 7 }
    }
}

/// Hours of the recipient's day without messages that may wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct QuietHours {
    /// First quiet hour, 0–23.
    pub from: u8,
    /// First hour that is not quiet any more, 0–23.
    pub to: u8,
}

impl Default for QuietHours {
    fn default() -> Self {
        QuietHours { from: 20, to: 8 }
    }
}
