//! A parcel as pages show it.

use std::time::Duration;

use db::Read;
use kernel::{Date, Result, Shop, Timestamp};

use crate::fold::{Scan, fold, in_order};
use crate::followed::is_followed;
use crate::incoming::DateRange;
use crate::lane::Likely;
use crate::likely::likely;
use crate::promise::{Promised, latest};
use crate::say::carrier_of;
use crate::silence::{Patience, Silence, silence};
use crate::state::State;
use crate::store::{self, Shipment};

/// A parcel with everything that is known of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    /// What is stored, with where it is by all its scans.
    pub shipment: Shipment,
    /// Who carries it, for people.
    pub carrier: Option<String>,
    /// The carrier's page.
    pub link: Option<String>,
    /// When we last heard of it.
    pub heard_at: Timestamp,
    /// The days it is expected on: the carrier's, else what was promised.
    pub expected: Option<DateRange>,
    /// When it probably arrives by what others took, where nobody names a day that is still ahead.
    pub likely: Option<Likely>,
    /// Whether it should have been there by now.
    pub is_late: bool,
    /// That nothing is heard of it, where that is so for too long.
    pub silence: Option<Silence>,
    /// What happened to it, the newest first.
    pub scans: Vec<Scan>,
}

/// Of which order parcels are asked for, and what its page knows of it.
#[derive(Clone, Copy, Debug)]
pub struct Of<'a> {
    /// Its identifier, `ord_…`.
    pub order: &'a str,
    /// The days its customer was told with it.
    pub told: Option<DateRange>,
    /// Where it goes, ISO 3166-1 alpha-2.
    pub country: Option<&'a str>,
}

/// The parcels of an order, in the order they left.
pub fn of_order(r: &mut Read<'_>, of: &Of<'_>) -> Result<Vec<Seen>> {
    let (order, told) = (of.order, of.told);
    let shipments = store::of_order(r, order)?;
    if shipments.is_empty() {
        return Ok(Vec::new());
    }
    let promised = store::promises(r, order)?;
    let day = latest(&promised, Promised::Arrives).or(told.map(|range| range.to));
    let shop = r.wired::<Shop>()?;
    let (today, policy, zone) = (r.now.date_in(&shop.zone), shop.policy.parcels, shop.zone.clone());
    let patience = Patience { policy: &policy, country: of.country.unwrap_or_default(), zone: &zone };
    let mut seen = Vec::with_capacity(shipments.len());
    for shipment in shipments {
        // Its carrier's day was told too, and counts where the order has none.
        let due = day.or(shipment.expected.map(|range| range.to));
        let is_late = due.is_some_and(|day| day < today) && is_to_come(shipment.expected, today);
        let fallback =
            day.map(|day| DateRange { from: told.map_or(day, |told| told.from.min(day)), to: day });
        let mut parcel = one(r, shipment, (fallback, is_late), &patience)?;
        if parcel.is_under_way() && is_to_come(parcel.expected, today) {
            parcel.likely = likely(r, &parcel.shipment, of.country)?;
        }
        seen.push(parcel);
    }
    Ok(seen)
}

impl Seen {
    fn is_under_way(&self) -> bool {
        let state = self.shipment.standing.state;
        !state.is_final() && state != State::AvailableForPickup
    }
}

/// What a page shows: a parcel that left hours ago is on its way, whether or not its carrier tells. Some never do, and the
/// customer was told by then.
fn shown(r: &mut Read<'_>, shipment: &Shipment) -> Result<State> {
    let state = shipment.standing.state;
    let cap = Duration::from_secs(3_600 * u64::from(r.wired::<Shop>()?.policy.parcels.live_cap_hours));
    let is_label = matches!(state, State::Pending | State::InfoReceived);
    Ok(if is_label && r.now >= shipment.first_seen_at + cap { State::InTransit } else { state })
}

/// Whether nobody names a day that is still ahead.
fn is_to_come(expected: Option<DateRange>, today: Date) -> bool {
    expected.is_none_or(|range| range.to < today)
}

fn one(
    r: &mut Read<'_>,
    mut shipment: Shipment,
    (promised, is_late): (Option<DateRange>, bool),
    patience: &Patience<'_>,
) -> Result<Seen> {
    let scans = store::scans(r, &shipment)?;
    shipment.standing = fold(&scans, shipment.shipped_at, shipment.is_cancelled);
    let (carrier, link) = carrier_of(r, &shipment);
    let heard_at = scans.iter().map(|scan| scan.recorded_at).max().unwrap_or(shipment.first_seen_at);
    // A further parcel of which nobody says anything else goes where the first of its shipment goes.
    let is_spoken_of = shipment.part_of.is_none() || !scans.is_empty();
    let silence = silence(&shipment, patience, r.now).filter(|_| is_spoken_of);
    let scans = in_order(&scans).into_iter().rev().cloned().collect();
    shipment.standing.state = shown(r, &shipment)?;
    let expected = shipment.expected.or(promised);
    let mut seen =
        Seen { carrier, link, heard_at, expected, likely: None, is_late, silence, shipment, scans };
    seen.is_late = is_late && seen.is_under_way();
    // Of one that nobody follows, nobody knows whether it is there by now.
    let is_doubted = seen.is_late || seen.silence.is_some();
    if is_doubted && !is_followed(r, &seen.shipment, &seen.scans)? {
        (seen.is_late, seen.silence) = (false, None);
    }
    Ok(seen)
}
