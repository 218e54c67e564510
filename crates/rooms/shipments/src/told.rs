//! What was said about the parcels of an order, what was noticed, and what was put right by hand. No names, no addresses:
//! states, days and keys.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{Date, Timestamp};
use serde::{Deserialize, Serialize};

use crate::delay::Notice;
use crate::state::Reason;

/// What the customer knows from us about the parcels of one order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Told {
    /// By shipment.
    pub parcels: BTreeMap<String, Said>,
    /// That we have said that it does not leave by the promised day: the last time.
    pub notice: Option<Notice>,
    /// The promised day of arrival that we have said is missed.
    pub late_arrives: Option<Date>,
    /// What was noticed and is not cured: `late shipment shp_…`. It is not opened again when a person closes it.
    pub noticed: BTreeSet<String>,
    /// What is noticed at present, by detector: `silent shp_…`. The timeline says each once, and the staff reads it.
    pub detected: BTreeSet<String>,
    /// Of each shipment whose number somebody set by hand, the number that its source told then, as a key that is no number.
    pub by_hand: BTreeMap<String, String>,
}

/// What the customer knows of one parcel.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Said {
    /// That it is on its way.
    pub shipped: bool,
    /// Under which number, as a key that is no number.
    pub number: Option<String>,
    /// How often we said that it goes under another one.
    pub renumbered: u32,
    /// On which day it was said to come that day.
    pub out_on: Option<Date>,
    /// That it waits to be collected, since then.
    pub pickup_since: Option<Timestamp>,
    /// That it still waits.
    pub reminded: bool,
    /// On which days they were missed.
    pub missed_on: BTreeSet<Date>,
    /// What is wrong with it, in the word of the API.
    pub problem: Option<String>,
    /// The last day it was said to arrive on.
    pub day: Option<Date>,
    /// The day of those that we have said is missed.
    pub late: Option<Date>,
    /// How often a later day was told.
    pub put_off: u32,
    /// That it is there.
    pub delivered: bool,
    /// How often we took back that it was there.
    pub corrected: u32,
    /// That it is back at the shop.
    pub returned: bool,
}

impl Told {
    /// What is known of one parcel.
    pub fn of(&self, shipment: &str) -> Said {
        self.parcels.get(shipment).cloned().unwrap_or_default()
    }

    /// Changes what is known of one parcel.
    pub fn change(&mut self, shipment: &str, change: impl FnOnce(&mut Said)) {
        change(self.parcels.entry(shipment.to_owned()).or_default());
    }
}

impl Said {
    /// Whether this problem was told.
    pub fn knows_of(&self, reason: Reason) -> bool {
        self.problem.as_deref() == Some(reason.as_str())
    }
}
