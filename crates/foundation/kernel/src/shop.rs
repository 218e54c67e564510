//! The shop this process serves: what every room may know without asking another room.

use serde::{Deserialize, Serialize};

use crate::{Brand, Channel, Currency, Keys, Locale, Zone};

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
}

impl Default for Policy {
    fn default() -> Self {
        Policy { default_channel: Channel::Email, quiet_hours: QuietHours::default() }
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
