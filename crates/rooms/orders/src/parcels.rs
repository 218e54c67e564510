//! What another room knows of the parcels of an order. The binary wires in who answers, for rooms never import one
//! another.

use db::{Read, Write};
use kernel::parcel::{Reason, State};
use kernel::{Date, Result, Shop, Timestamp};
use timeline::IncidentKind;

use crate::incoming::{Fulfilment, IncomingOrder, OrderStatus};
use crate::store::StoredOrder;

/// The first and the last day of a span, both in it.
pub type Days = (Date, Date);

/// Of which order parcels are asked for.
#[derive(Clone, Copy, Debug)]
pub struct Of<'a> {
    /// Its identifier, `ord_…`.
    pub order: &'a str,
    /// The days its customer was told with it.
    pub told: Option<Days>,
    /// Where it goes, ISO 3166-1 alpha-2.
    pub country: Option<&'a str>,
}

/// Who knows of parcels.
#[derive(Clone, Copy, Debug)]
pub struct Parcels {
    /// The parcels of an order, in the order they left.
    pub of: fn(&mut Read<'_>, &Of<'_>) -> Result<Vec<ParcelSeen>>,
    /// Where each parcel of an order is, without its scans: one statement, for who looks at many orders.
    pub places: fn(&mut Read<'_>, order: &str) -> Result<Vec<ParcelPlace>>,
    /// Its customer says that a parcel of it is missing, or that it is not; false when that can't be said of it.
    pub report: fn(&mut Write<'_>, order: &str, parcel: &str, is_missing: bool) -> Result<bool>,
    /// What the customer of an order is or was asked who was told that it has not left in time; none when nobody was.
    pub asked: fn(&mut Read<'_>, order: &str) -> Result<Option<DelayAsked>>,
    /// They answer: false when there is nothing to answer, or it is no answer.
    pub answer: fn(&mut Write<'_>, order: &str, answer: &str) -> Result<bool>,
    /// What is known of an incident of that kind about an order, or about a parcel of it.
    pub finding: fn(&mut Read<'_>, order: &str, kind: IncidentKind, about: &str) -> Result<WrongSeen>,
}

/// Something that is wrong with an order or a parcel of it, in words for the staff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrongSeen {
    /// What was noticed, a sentence each without its full stop, the worst first.
    pub what: Vec<&'static str>,
    /// What is done about it by itself.
    pub next: String,
}

/// What a customer is asked who was told that their order has not left in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DelayAsked {
    /// The day at whose end it counts as cancelled when nobody answers; none: it is kept.
    pub cancels_on: Option<Date>,
    /// What they answered, and when.
    pub answered: Option<(DelayAnswer, Timestamp)>,
    /// Whether nothing is left to answer: it has left, or does not come any more.
    pub is_settled: bool,
}

/// What they want.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DelayAnswer {
    /// To wait for it.
    Keep,
    /// To have cancelled what has not left.
    Cancel,
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
    /// Whether its number leads nowhere because nobody knows its carrier.
    pub is_unlinked: bool,
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
    /// Where nobody names a day that is still ahead: when it probably arrives by what this shop's other parcels took, and
    /// for how many of a hundred that held.
    pub likely: Option<(Days, u32)>,
    /// Where it is to be collected, when it is brought to a shop or a locker.
    pub pickup: Option<PickupSeen>,
    /// Whether it should have been there by now.
    pub is_late: bool,
    /// Whether its customer says that it is not there, though its carrier says so.
    pub is_disputed: bool,
    /// That nothing is heard of it, where that is so for too long.
    pub silence: Option<SilenceSeen>,
    /// What is in it: the order's line and how many pieces. Empty when nobody said.
    pub lines: Vec<(String, u32)>,
    /// Whether it holds some of the pieces that another parcel lists: nobody said which.
    pub is_part: bool,
    /// What happened to it, the newest first.
    pub scans: Vec<ScanSeen>,
}

/// That nothing is heard of a parcel, and somebody at the shop sees that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SilenceSeen {
    /// When it was last scanned; when it left, if it never was.
    pub since: Timestamp,
    /// Whether it counts as lost.
    pub is_lost: bool,
}

/// Where a parcel is and what is in it: all that counts for whether an order is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParcelPlace {
    /// Where it is.
    pub state: State,
    /// Since when it is there.
    pub since: Timestamp,
    /// Whether its customer says that it is not there, though its carrier says so.
    pub is_disputed: bool,
    /// What is in it: the order's line and how many pieces. Empty when nobody said.
    pub lines: Vec<(String, u32)>,
    /// Whether it holds some of the pieces that another parcel lists: nobody said which.
    pub is_part: bool,
}

/// That all of an order is there, by its shop's word or its carriers'.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrived {
    /// When the last of it came; none when nobody said.
    pub at: Option<Timestamp>,
    /// Whether its customer says that some of it is not there.
    pub is_disputed: bool,
}

/// Where a parcel is to be collected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PickupSeen {
    /// What it is called.
    pub name: String,
    /// Where it is.
    pub address: Option<String>,
    /// When it is open.
    pub hours: Option<String>,
    /// The last day on which the parcel waits there.
    pub until: Option<Date>,
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

/// What the customer of this order is or was asked. Whoever was promised no day, or one to come, was asked nothing, unless
/// the order has changed since: then it may have been another day.
pub(crate) fn asked(r: &mut Read<'_>, stored: &StoredOrder) -> Result<Option<DelayAsked>> {
    let today = r.now.date_in(&r.wired::<Shop>()?.zone);
    let is_due = stored.order.expected.ships_by.is_some_and(|day| day <= today);
    let was_another = stored.changed_at > stored.first_seen_at;
    match r.wired::<Parcels>().copied() {
        Ok(parcels) if is_due || was_another => (parcels.asked)(r, stored.id.as_str()),
        Ok(_) | Err(_) => Ok(None),
    }
}

impl<'a> Of<'a> {
    fn stored(stored: &'a StoredOrder) -> Self {
        let address = stored.order.shipping_address.as_ref();
        Of {
            order: stored.id.as_str(),
            told: stored.order.expected.delivered(),
            country: address.map(|address| address.country.as_str()),
        }
    }
}

/// What is known of an incident; what kind it is, where no room knows more.
pub(crate) fn finding(
    r: &mut Read<'_>,
    stored: &StoredOrder,
    kind: IncidentKind,
    about: &str,
) -> Result<WrongSeen> {
    match r.wired::<Parcels>().copied() {
        Ok(parcels) => (parcels.finding)(r, stored.id.as_str(), kind, about),
        Err(_) => Ok(WrongSeen { what: vec![kind.words()], next: String::new() }),
    }
}

/// The parcels of an order; none where no room knows of any.
pub(crate) fn of(r: &mut Read<'_>, stored: &StoredOrder) -> Result<Vec<ParcelSeen>> {
    let Ok(parcels) = r.wired::<Parcels>().copied() else { return Ok(Vec::new()) };
    let mut seen = (parcels.of)(r, &Of::stored(stored))?;
    let order = &stored.order;
    let is_there = order.fulfilment == Fulfilment::Delivered;
    if stored.is_history || is_there || order.status != OrderStatus::Placed {
        // Nobody looks for the parcels of such an order, so nothing is said to be done about one.
        seen.iter_mut().for_each(|parcel| parcel.silence = None);
    }
    Ok(seen)
}

/// Where the parcels of an order are; none where no room knows of any.
pub(crate) fn places(r: &mut Read<'_>, stored: &StoredOrder) -> Result<Vec<ParcelPlace>> {
    match r.wired::<Parcels>().copied() {
        Ok(parcels) => (parcels.places)(r, stored.id.as_str()),
        Err(_) => Ok(Vec::new()),
    }
}

/// Whether all of an order is there: its shop says so, or each parcel by which something comes was delivered and nothing
/// is left to send. A delivery that is taken back leaves nothing behind, for nothing of this is kept. Pure.
pub(crate) fn arrived(order: &IncomingOrder, parcels: &[ParcelPlace]) -> Option<Arrived> {
    let coming: Vec<&ParcelPlace> =
        parcels.iter().filter(|parcel| parcel.state != State::Cancelled).collect();
    let by_shop = order.fulfilment == Fulfilment::Delivered || order.delivered_at.is_some();
    let all_there = !coming.is_empty() && coming.iter().all(|parcel| parcel.state == State::Delivered);
    let by_carriers = all_there && !is_rest_left(order, &coming);
    let last = coming.iter().map(|parcel| parcel.since).max().filter(|_| by_carriers);
    (by_shop || by_carriers).then(|| Arrived {
        at: order.delivered_at.or(last),
        is_disputed: coming.iter().any(|parcel| parcel.state == State::Delivered && parcel.is_disputed),
    })
}

/// Whether something of the order is in none of these parcels yet. One of which nobody said what is in it holds everything
/// that the others don't.
pub(crate) fn is_rest_left(order: &IncomingOrder, coming: &[&ParcelPlace]) -> bool {
    let all_left = matches!(order.fulfilment, Fulfilment::Fulfilled | Fulfilment::Delivered);
    if all_left || coming.iter().any(|parcel| parcel.lines.is_empty() && !parcel.is_part) {
        return false;
    }
    let sent = |line: &str| {
        let pieces = coming.iter().flat_map(|parcel| &parcel.lines).filter(|(sent, _)| sent == line);
        pieces.map(|(_, pieces)| *pieces).fold(0_u32, u32::saturating_add)
    };
    order.lines.iter().any(|line| sent(&line.external_id) < line.quantity)
}

impl ParcelSeen {
    /// Where it is and what is in it.
    pub(crate) fn place(&self) -> ParcelPlace {
        ParcelPlace {
            state: self.state,
            since: self.since,
            is_disputed: self.is_disputed,
            lines: self.lines.clone(),
            is_part: self.is_part,
        }
    }
}
