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
    /// When a parcel is looked at as one that something is wrong with.
    pub parcels: ParcelPolicy,
}

impl Default for Policy {
    fn default() -> Self {
        Policy {
            default_channel: Channel::Email,
            quiet_hours: QuietHours::default(),
            pressure: Pressure::default(),
            holdout_percent: 0,
            parcels: ParcelPolicy::default(),
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
            _ => self.parcels.check(),
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

/// How long the way of a parcel may take before somebody is told. Days are working days where the parcel goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ParcelPolicy {
    /// Hours after which a parcel is said to be on its way although its carrier has not scanned it yet.
    pub live_cap_hours: u16,
    /// Minutes in which parcels of one order that leave one after the other become one message.
    pub digest_minutes: u16,
    /// Days to pack an order that was promised no day.
    pub unpacked_days: u16,
    /// Days until the carrier has to have scanned a label.
    pub unscanned_days: u16,
    /// Days a parcel under way may be without a scan,
    pub silent_days: u16,
    /// and after which it counts as lost.
    pub lost_days: u16,
    /// Days a parcel waits to be collected before somebody is reminded.
    pub pickup_reminder_days: u16,
    /// Calendar days after the promised one at whose end an order that has not left counts as cancelled when its
    /// customer, who was told, does not say that they wait; 0: it is kept. The rule of some places goes before.
    pub silence_days: u16,
}

impl Default for ParcelPolicy {
    fn default() -> Self {
        ParcelPolicy {
            live_cap_hours: 6,
            digest_minutes: 10,
            unpacked_days: 3,
            unscanned_days: 3,
            silent_days: 5,
            lost_days: 10,
            pickup_reminder_days: 3,
            silence_days: 0,
        }
    }
}

impl ParcelPolicy {
    fn check(&self) -> Result<()> {
        let wrong = |words: &'static str| Err(Error::invalid("policy", words));
        let days = [self.unpacked_days, self.unscanned_days, self.silent_days, self.pickup_reminder_days];
        match self {
            _ if self.live_cap_hours > 168 => wrong("parcels.live_cap_hours is at most a week, 168."),
            _ if self.digest_minutes > 120 => wrong("parcels.digest_minutes is at most 120."),
            _ if days.iter().any(|days| !(1..=60).contains(days)) => {
                wrong("The days of parcels go from 1 to 60.")
            }
            _ if self.silence_days > 90 => wrong("parcels.silence_days is at most 90."),
            _ if self.lost_days <= self.silent_days || self.lost_days > 60 => {
                wrong("parcels.lost_days lies behind silent_days and is at most 60.")
            }
            _ => Ok(()),
        }
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
