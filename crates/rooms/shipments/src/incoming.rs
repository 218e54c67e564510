//! A shipment and its scans as a source tells them: typed shapes that every door parses into.
//!
//! Whoever builds one has checked every single text against the limits below; from here on the types carry that.

use kernel::{Date, Error, Result, Timestamp};
use serde::{Deserialize, Serialize};

use crate::state::{Reason, State};

/// The most characters of a tracking number.
pub const MAX_NUMBER: usize = 64;
/// The most characters of a carrier's name, of a place or of a pickup point.
pub const MAX_NAME: usize = 200;
/// The most characters of the address or the hours of a pickup point.
pub const MAX_PLACE: usize = 300;
/// The most characters of a carrier's words about a scan.
pub const MAX_WORDS: usize = 500;
/// The most characters of a link.
pub const MAX_LINK: usize = 2_000;
/// The most lines of one shipment: one write stays within a thousand rows.
pub const MAX_LINES: usize = 500;
/// The most further numbers of one shipment.
pub const MAX_FURTHER: usize = 19;
/// The most scans told at once.
pub const MAX_SCANS: usize = 200;

/// One version of a shipment: what left the shop in one parcel.
#[derive(Clone, Debug, PartialEq)]
pub struct IncomingShipment {
    /// Who says so: `web`, `shopify:con_…`, `staff`. With `external_id` it names the shipment.
    pub source: String,
    /// The source's identifier of the shipment.
    pub external_id: String,
    /// The order that it belongs to, by its own source and that source's identifier.
    pub order: OrderRef,
    /// Which version this is: the source's time of the last change.
    pub updated_at: Timestamp,
    /// When it left, or the label was made, by the source.
    pub shipped_at: Timestamp,
    /// Whether the source has taken it back: nothing comes by it.
    pub is_cancelled: bool,
    /// Who carries it and under which number.
    pub tracking: Tracking,
    /// The further numbers it goes under: as many parcels more, and nobody says which piece is in which.
    pub further: Vec<Tracking>,
    /// What is in it. Empty: the source does not say, and it counts as everything that has not left yet.
    pub lines: Vec<ShipmentLine>,
    /// The calendar days it is expected on, by the carrier or the shop.
    pub expected: Option<DateRange>,
    /// Where it is to be collected, when it is brought to a shop or a locker.
    pub pickup: Option<PickupPoint>,
    /// What has happened to it, as far as it is told with it.
    pub scans: Vec<IncomingScan>,
}

/// All that a source lists of the parcels of one order.
#[derive(Clone, Debug, PartialEq)]
pub struct IncomingList {
    /// The order, and who says so.
    pub order: OrderRef,
    /// Which version of the list this is: the time of the order's last change.
    pub updated_at: Timestamp,
    /// What the identifier of each parcel of the list begins with, and of no other one that the source tells.
    pub begins: String,
    /// Whether each entry could be read. Of a list with gaps nobody knows what has gone.
    pub is_whole: bool,
    /// The parcels on it.
    pub parcels: Vec<IncomingShipment>,
}

/// Where a parcel is to be collected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PickupPoint {
    /// What it is called.
    pub name: String,
    /// Where it is, in one line.
    pub address: Option<String>,
    /// When it is open, in the words of whoever runs it.
    pub hours: Option<String>,
    /// The last day on which the parcel waits there.
    pub until: Option<Date>,
}

/// Which order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderRef {
    /// Who told the order.
    pub source: String,
    /// That source's identifier of it.
    pub external_id: String,
}

/// Who carries a shipment, and under which number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tracking {
    /// The carrier's code where it is one we know (`ups`, `royal-mail`).
    pub carrier: Option<String>,
    /// The carrier as the source calls it.
    pub carrier_name: Option<String>,
    /// The tracking number as it was given.
    pub number: Option<String>,
    /// The carrier's page as the source gives it (`https`).
    pub url: Option<String>,
}

/// Some pieces of a line of the order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShipmentLine {
    /// The source's identifier of the order's line.
    pub line: String,
    /// How many pieces, at least one.
    pub quantity: u32,
}

/// Calendar days, both included, in the destination's calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateRange {
    /// The first.
    pub from: Date,
    /// The last, never before the first.
    pub to: Date,
}

impl DateRange {
    /// One day, or several. The other way round counts as the other way round.
    pub fn new(one: Date, other: Date) -> Self {
        DateRange { from: one.min(other), to: one.max(other) }
    }
}

/// The key of a scan by which a shop says that its carrier has the shipment: nobody has scanned anything.
pub const SHIPPED_KEY: &str = "shipped";

/// Something that happened to a shipment, as its carrier wrote it down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncomingScan {
    /// What makes it the same scan when it is told again; unique within the shipment.
    pub key: String,
    /// When it happened, by the carrier.
    pub at: Timestamp,
    /// Where the shipment was then.
    pub state: State,
    /// What more is known.
    pub reason: Option<Reason>,
    /// The carrier's own words.
    pub words: Option<String>,
    /// The place.
    pub place: Option<String>,
}

/// Scans of a shipment that is known by its number: what a tracking service tells.
#[derive(Clone, Debug, PartialEq)]
pub struct IncomingTracking {
    /// Who says so: `aftership:con_…`.
    pub source: String,
    /// The carrier's code, where the service names one we know.
    pub carrier: Option<String>,
    /// The tracking number.
    pub number: String,
    /// The day it is expected on, as the carrier says now.
    pub expected: Option<DateRange>,
    /// What has happened.
    pub scans: Vec<IncomingScan>,
}

impl IncomingShipment {
    /// The rules that span several fields. Each door has checked the single fields.
    pub fn check(&self) -> Result<()> {
        check_scans(&self.scans)?;
        if self.lines.len() > MAX_LINES {
            let detail = format!("A shipment has at most {MAX_LINES} lines.");
            return Err(Error::field("/lines", "too_many", detail));
        }
        if self.further.len() > MAX_FURTHER {
            let detail = format!("A shipment goes under at most {} numbers.", MAX_FURTHER + 1);
            return Err(Error::field("/tracking", "too_many", detail));
        }
        Ok(())
    }
}

impl IncomingTracking {
    /// The rules that span several fields.
    pub fn check(&self) -> Result<()> {
        check_scans(&self.scans)
    }
}

fn check_scans(scans: &[IncomingScan]) -> Result<()> {
    if scans.len() > MAX_SCANS {
        let detail = format!("Tell at most {MAX_SCANS} scans at once, the newest ones.");
        return Err(Error::field("/scans", "too_many", detail));
    }
    Ok(())
}
