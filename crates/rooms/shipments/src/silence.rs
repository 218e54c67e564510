//! That nothing is heard of a parcel, and since when. Pure: the page says it from the moment at which the staff see it.

use kernel::{Date, ParcelPolicy, Timestamp, Zone};

use crate::state::State;
use crate::store::Shipment;
use crate::wrong::end_of_day_after;

/// That nothing is heard of a parcel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Silence {
    /// When it was last scanned; when it left, if it never was.
    pub since: Timestamp,
    /// Whether it counts as lost.
    pub is_lost: bool,
}

/// By what it is told that a parcel is silent.
#[derive(Clone, Copy, Debug)]
pub struct Patience<'a> {
    /// How many working days are too many.
    pub policy: &'a ParcelPolicy,
    /// Where it goes, ISO 3166-1 alpha-2: whose working days they are; empty where nobody said.
    pub country: &'a str,
    /// The shop's zone.
    pub zone: &'a Zone,
}

/// Whether a parcel has been silent for too long. One without a number is never scanned, and nothing is wrong with that.
pub(crate) fn silence(shipment: &Shipment, patience: &Patience<'_>, now: Timestamp) -> Option<Silence> {
    let is_over = |since: Timestamp, days: u16| {
        let day: Date = since.date_in(patience.zone);
        now >= end_of_day_after(day, days, patience.country, patience.zone)
    };
    let (standing, policy) = (&shipment.standing, patience.policy);
    match standing.state {
        State::Pending | State::InfoReceived => {
            let since = shipment.shipped_at;
            let is_silent = shipment.tracking.number.is_some() && is_over(since, policy.unscanned_days);
            is_silent.then_some(Silence { since, is_lost: false })
        }
        State::InTransit | State::OutForDelivery | State::FailedAttempt => {
            let since = standing.at;
            let is_lost = is_over(since, policy.lost_days);
            (is_lost || is_over(since, policy.silent_days)).then_some(Silence { since, is_lost })
        }
        State::AvailableForPickup
        | State::Exception
        | State::Delivered
        | State::Returned
        | State::Cancelled => None,
    }
}
