//! What another room knows of the parcels of an order. The binary wires in who answers, for rooms never import one
//! another.

use db::{Read, Write};
use kernel::parcel::{Reason, State};
use kernel::{Date, Result, Timestamp};

use crate::store::StoredOrder;

/// The first and the last day of a span, both in it.
pub type Days = (Date, Date);

/// Who knows of parcels.
#[derive(Clone, Copy, Debug)]
pub struct Parcels {
    /// The parcels of an order, in the order they left. `told`: the days its customer was told with it, first and last.
    pub of: fn(&mut Read<'_>, order: &str, told: Option<Days>) -> Result<Vec<ParcelSeen>>,
    /// Its customer says that a parcel of it is missing, or that it is not; false when that can't be said of it.
    pub report: fn(&mut Write<'_>, order: &str, parcel: &str, is_missing: bool) -> Result<bool>,
}

/// A parcel as its customer sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct ParcelSeen {
    /// Its identifier, `shp_…`, for the staff.
    pub id: String,
    /// Who carries it, for people.
    pub carrier: Option<String>,
    /// Its tracking number.
    pub number: Option<String>,
    /// The carrier's page of it.
    pub link: Option<String>,
    /// Where it is.
    pub state: State,
    /// What more is known.
    pub reason: Option<Reason>,
    /// Since when it is there.
    pub since: Timestamp,
    /// When we last heard of it.
    pub heard_at: Timestamp,
    /// The days it is expected on, first and last: the carrier's, else the latest that was promised.
    pub expected: Option<Days>,
    /// Whether it should have been there by now.
    pub is_late: bool,
    /// Whether its customer says that it is not there, though its carrier says so.
    pub is_disputed: bool,
    /// What is in it: the order's line and how many pieces. Empty when nobody said.
    pub lines: Vec<(String, u32)>,
    /// What happened to it, the newest first.
    pub scans: Vec<ScanSeen>,
}

/// Something that happened to a parcel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScanSeen {
    /// When.
    pub at: Timestamp,
    /// Where it was then.
    pub state: State,
    /// What more is known.
    pub reason: Option<Reason>,
    /// The carrier's own words.
    pub words: Option<String>,
    /// The place.
    pub place: Option<String>,
}

/// The parcels of an order; none where no room knows of any.
pub(crate) fn of(r: &mut Read<'_>, stored: &StoredOrder) -> Result<Vec<ParcelSeen>> {
    match r.wired::<Parcels>().copied() {
        Ok(parcels) => (parcels.of)(r, stored.id.as_str(), stored.order.expected.delivered()),
        Err(_) => Ok(Vec::new()),
    }
}
