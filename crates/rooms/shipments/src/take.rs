//! The ways in: a version of a shipment, and scans that name it by its number.

use std::time::Duration;

use db::{Read, Write};
use kernel::{Error, Result, Timestamp};
use serde_json::json;
use timeline::{Actor, NewEvent};

use crate::fold::{Scan, Standing, fold};
use crate::incoming::{DateRange, IncomingScan, IncomingShipment, IncomingTracking, Tracking};
use crate::order::{Carriers, OrderFacts, Orders};
use crate::state::{Reason, State};
use crate::store::{self, Shipment};
use crate::{ShipmentId, by_hand, further, likely, status, watch};

/// How far a carrier's clock, or the zone of a time without one, may lie ahead before a scan can't be meant.
const SCANS_AHEAD: Duration = Duration::from_secs(2 * 86_400);

/// What a version of a shipment did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The shipment.
    pub shipment: ShipmentId,
    /// The order it belongs to, `ord_…`.
    pub order: String,
    /// Whether the customer of that order was forgotten: of the shipment, nothing was kept that leads to a person.
    pub is_forgotten: bool,
}

/// What scans of a number did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tracked {
    /// The shipments that go under it; none when nobody knows the number yet: then its scans wait.
    pub shipments: Vec<ShipmentId>,
    /// How many scans were news.
    pub news: usize,
}

/// Takes one version of a shipment in. `None` when its order is not here.
///
/// Repeats and stale versions change nothing but for the scans they bring: a scan has no version.
pub fn take(w: &mut Write<'_>, incoming: &IncomingShipment) -> Result<Option<Taken>> {
    let orders = *w.wired::<Orders>()?;
    let Some(order) = (orders.named)(w, &incoming.order)? else { return Ok(None) };
    let Some(facts) = (orders.facts)(w, &order)? else { return Ok(None) };
    take_of(w, incoming, &facts).map(Some)
}

/// Takes one version of a shipment of this order in.
pub(crate) fn take_of(w: &mut Write<'_>, incoming: &IncomingShipment, facts: &OrderFacts) -> Result<Taken> {
    incoming.check()?;
    let forgotten = facts.is_forgotten.then(|| without_a_person(incoming));
    let incoming = forgotten.as_ref().unwrap_or(incoming);
    let (after, mut is_news) = take_one(w, incoming, facts, None)?;
    // A version that says nothing of the number says nothing of further ones.
    let is_current = incoming.updated_at >= after.updated_at;
    if is_current && incoming.tracking.number.is_some() {
        for parcel in further::parcels(w, incoming)? {
            is_news |= take_one(w, &parcel, facts, Some(&after.external_id))?.1;
        }
    }
    if is_news {
        watch::look_at(w, facts)?;
    }
    Ok(Taken { shipment: after.id, order: facts.id.clone(), is_forgotten: facts.is_forgotten })
}

/// What may be kept of an order whose customer was forgotten: that something left, and which pieces.
fn without_a_person(incoming: &IncomingShipment) -> IncomingShipment {
    let (tracking, further, scans) = (Tracking::default(), Vec::new(), Vec::new());
    IncomingShipment { tracking, further, pickup: None, scans, ..incoming.clone() }
}

/// One parcel: the shipment, or a further one of the shipment that it is `part_of`. Whether anything was news.
fn take_one(
    w: &mut Write<'_>,
    incoming: &IncomingShipment,
    facts: &OrderFacts,
    part_of: Option<&str>,
) -> Result<(Shipment, bool)> {
    let before = known(w, incoming, facts)?;
    let mut after = match &before {
        Some(before) if incoming.updated_at < before.updated_at => before.clone(),
        Some(before) => told_anew(w, before, incoming, facts)?,
        None => first_told(w, incoming, facts)?,
    };
    if let Some(whole) = part_of {
        after.part_of = Some(whole.to_owned());
    }
    let is_told_anew = before.as_ref() != Some(&after);
    if is_told_anew {
        store::save(w, &after)?;
    }
    let scans = status::without_repeats(w, &after, &incoming.scans)?;
    let heard = add_scans(w, &after, "", &scans)? + claim_strays(w, &after, facts)?;
    let is_news = is_told_anew || heard > 0;
    if is_news {
        settle(w, before.as_ref(), &mut after, facts, &incoming.source)?;
    }
    Ok((after, is_news))
}

/// The shipment that this is a version of: by its source's identifier, else one of the same order under the same number
/// that somebody else has told, such as by hand or by file. Its source takes that one over, so that no parcel is two.
fn known(w: &mut Write<'_>, incoming: &IncomingShipment, facts: &OrderFacts) -> Result<Option<Shipment>> {
    if let Some(known) = store::find_by_external(w, &incoming.source, &incoming.external_id)? {
        return if known.order == facts.id { Ok(Some(known)) } else { Err(moved()) };
    }
    let Some(number) = &incoming.tracking.number else { return Ok(None) };
    let same = store::numbered(w, &store::number_key(number))?
        .into_iter()
        .find(|other| other.order == facts.id && other.source != incoming.source && !other.is_cancelled);
    let Some(same) = same else { return Ok(None) };
    store::take_over(w, &same.id, &incoming.source, &incoming.external_id)?;
    // Whoever tells it now knows no version of before.
    let (source, external_id) = (incoming.source.clone(), incoming.external_id.clone());
    Ok(Some(Shipment { source, external_id, updated_at: incoming.updated_at.min(same.updated_at), ..same }))
}

fn moved() -> Error {
    let words = "This shipment belongs to another order already. Give it another `external_id`.";
    Error::field("/external_id", "other_order", words)
}

/// Puts another label on a shipment: what was scanned of the old one counts no more. It stays, whatever its source repeats.
pub(crate) fn relabel(w: &mut Write<'_>, stored: &Shipment, tracking: Tracking) -> Result<()> {
    let orders = *w.wired::<Orders>()?;
    let Some(facts) = (orders.facts)(w, &stored.order)? else { return Ok(()) };
    let tracking = recognised(w, &tracking, &facts);
    by_hand::replace(w, stored)?;
    let mut after = Shipment { tracking, ..stored.clone() };
    store::save(w, &after)?;
    claim_strays(w, &after, &facts)?;
    settle(w, Some(stored), &mut after, &facts, &stored.source)?;
    watch::look_at(w, &facts)
}

/// Takes scans in that name their shipment by its number. What can be of none that is known waits for one: the number is new,
/// or its carrier has given it to another parcel.
pub fn track(w: &mut Write<'_>, incoming: &IncomingTracking) -> Result<Tracked> {
    incoming.check()?;
    let key = store::number_key(&incoming.number);
    let mut tracked = Tracked { shipments: Vec::new(), news: 0 };
    let mut nobodys: Vec<&IncomingScan> = plausible(&incoming.scans, w.now).collect();
    for shipment in store::numbered(w, &key)? {
        let Some(its) = about(&shipment, incoming, w.now) else { continue };
        nobodys.retain(|scan| !shipment.standing.may_be_scanned(scan.at));
        tracked.news += track_one(w, &shipment, &its)?;
        tracked.shipments.push(shipment.id);
    }
    for scan in nobodys {
        tracked.news += usize::from(store::add_stray(w, &incoming.source, &key, &incoming.number, scan)?);
    }
    Ok(tracked)
}

/// What of it can be about this shipment.
fn about(shipment: &Shipment, incoming: &IncomingTracking, now: Timestamp) -> Option<IncomingTracking> {
    let is_its = |at| shipment.standing.may_be_scanned(at);
    let scans: Vec<_> = incoming.scans.iter().filter(|scan| is_its(scan.at)).cloned().collect();
    let expected = incoming.expected.filter(|_| is_its(now));
    let is_about_it = is_its(now) || !scans.is_empty();
    is_about_it.then(|| IncomingTracking { scans, expected, ..incoming.clone() })
}

/// Takes scans in that name their shipment as their source does. What comes before its shipment waits for it.
pub fn scan(
    w: &mut Write<'_>,
    source: &str,
    external_id: &str,
    scans: &[IncomingScan],
    expected: Option<DateRange>,
) -> Result<Tracked> {
    let Some(shipment) = store::find_by_external(w, source, external_id)? else {
        let (key, mut news) = (stray_key(source, external_id), 0);
        for scan in plausible(scans, w.now) {
            news += usize::from(store::add_stray(w, source, &key, external_id, scan)?);
        }
        return Ok(Tracked { shipments: Vec::new(), news });
    };
    let mut tracked = Tracked { shipments: Vec::new(), news: 0 };
    let Some(facts) = facts_to_hear_of(w, &shipment)? else { return Ok(tracked) };
    let further = store::parts_of(w, source, external_id)?;
    let mut is_news = false;
    for shipment in std::iter::once(shipment).chain(further) {
        let mut after = Shipment { expected: expected.or(shipment.expected), ..shipment.clone() };
        let heard = hear(w, &shipment, &mut after, ("", scans), (&facts, source))?;
        is_news |= heard.is_some();
        tracked.news += heard.unwrap_or_default();
        tracked.shipments.push(shipment.id);
    }
    if is_news {
        watch::look_at(w, &facts)?;
    }
    Ok(tracked)
}

/// Takes in what somebody says of one parcel by hand. What is said of a shipment under no number is said of all its further
/// parcels; so of a further one it is kept under its number, and that one speaks for itself from then on.
pub(crate) fn happened(w: &mut Write<'_>, stored: &Shipment, scan: &IncomingScan) -> Result<()> {
    let Some(facts) = facts_to_hear_of(w, stored)? else { return Ok(()) };
    let key = stored.part_of.as_ref().map(|_| stored.number_key()).unwrap_or_default();
    let scans = std::slice::from_ref(scan);
    match hear(w, stored, &mut stored.clone(), (&key, scans), (&facts, &stored.source))? {
        Some(_) => watch::look_at(w, &facts),
        None => Ok(()),
    }
}

/// What scans wait under that name their shipment as their source does. No number has a blank in its key.
fn stray_key(source: &str, external_id: &str) -> String {
    format!("{source} {external_id}")
}

fn track_one(w: &mut Write<'_>, shipment: &Shipment, incoming: &IncomingTracking) -> Result<usize> {
    let Some(facts) = facts_to_hear_of(w, shipment)? else { return Ok(0) };
    let expected = incoming.expected.or(shipment.expected);
    let mut after = Shipment { expected, ..shipment.clone() };
    if after.tracking.carrier.is_none() {
        after.tracking.carrier.clone_from(&incoming.carrier);
    }
    let key = shipment.number_key();
    let heard = hear(w, shipment, &mut after, (&key, &incoming.scans), (&facts, &incoming.source))?;
    if heard.is_some() {
        watch::look_at(w, &facts)?;
    }
    Ok(heard.unwrap_or_default())
}

/// The order of a shipment, as long as anything may be kept of it.
fn facts_to_hear_of(r: &mut Read<'_>, shipment: &Shipment) -> Result<Option<OrderFacts>> {
    let orders = *r.wired::<Orders>()?;
    Ok((orders.facts)(r, &shipment.order)?.filter(|facts| !facts.is_forgotten))
}

/// Takes in what was scanned of a shipment under a number, and what else is known of it `after` that. How many scans were
/// news; none when nothing else was either.
fn hear(
    w: &mut Write<'_>,
    before: &Shipment,
    after: &mut Shipment,
    (number_key, scans): (&str, &[IncomingScan]),
    (facts, source): (&OrderFacts, &str),
) -> Result<Option<usize>> {
    let news = add_scans(w, before, number_key, scans)?;
    if news == 0 && after == before {
        return Ok(None);
    }
    settle(w, Some(before), after, facts, source)?;
    Ok(Some(news))
}

fn first_told(w: &mut Write<'_>, incoming: &IncomingShipment, facts: &OrderFacts) -> Result<Shipment> {
    let (now, id) = (w.now, ShipmentId::new(w.now, w.dice));
    let shipped_at = incoming.shipped_at.min(now);
    Ok(Shipment {
        id,
        order: facts.id.clone(),
        source: incoming.source.clone(),
        external_id: incoming.external_id.clone(),
        updated_at: incoming.updated_at,
        shipped_at,
        first_seen_at: now,
        is_cancelled: incoming.is_cancelled,
        tracking: recognised(w, &incoming.tracking, facts),
        part_of: None,
        lines: incoming.lines.clone(),
        expected: incoming.expected,
        pickup: incoming.pickup.clone(),
        disputed_at: None,
        standing: fold(&[], shipped_at, incoming.is_cancelled),
    })
}

fn told_anew(
    w: &mut Write<'_>,
    before: &Shipment,
    incoming: &IncomingShipment,
    facts: &OrderFacts,
) -> Result<Shipment> {
    let told = recognised(w, &incoming.tracking, facts);
    // A version that says nothing of the number leaves it: some sources tell it in one place only.
    let stays = told.number.is_none() || by_hand::is_replaced(w, before, &told)?;
    Ok(Shipment {
        updated_at: incoming.updated_at,
        shipped_at: incoming.shipped_at.min(w.now),
        is_cancelled: incoming.is_cancelled,
        tracking: if stays { before.tracking.clone() } else { label(before, told) },
        lines: if incoming.lines.is_empty() { before.lines.clone() } else { incoming.lines.clone() },
        expected: incoming.expected.or(before.expected),
        pickup: incoming.pickup.clone().or_else(|| before.pickup.clone()),
        ..before.clone()
    })
}

/// The label as it is told now. Who carries it stays known where the same label is told again without: a tracking service
/// or a person has said so.
fn label(before: &Shipment, told: Tracking) -> Tracking {
    let known = &before.tracking;
    let key = told.number.as_deref().map(store::number_key);
    let is_same = key == Some(before.number_key()) && told.carrier_name == known.carrier_name;
    let carrier = told.carrier.or_else(|| known.carrier.clone().filter(|_| is_same));
    Tracking { carrier, ..told }
}

/// The number with its carrier, where a source named one we know, or the number can be only of one.
fn recognised(r: &mut Read<'_>, told: &Tracking, facts: &OrderFacts) -> Tracking {
    let mut tracking = told.clone();
    let Ok(carriers) = r.wired::<Carriers>().copied() else { return tracking };
    if let (None, Some(number)) = (&tracking.carrier, &tracking.number) {
        let hint = tracking.carrier_name.as_deref();
        let candidates = (carriers.recognise)(number, facts.country.as_deref(), hint);
        tracking.carrier = match candidates.as_slice() {
            [only] => Some((*only).to_owned()),
            // Several are said to be several: on the staff's page, and no link is guessed.
            _ => None,
        };
    }
    tracking
}

fn plausible(scans: &[IncomingScan], now: Timestamp) -> impl Iterator<Item = &IncomingScan> {
    scans.iter().filter(move |scan| scan.at <= now + SCANS_AHEAD)
}

/// What was scanned of a number counts for that number; what a source says of the shipment, whatever its label.
fn add_scans(
    w: &mut Write<'_>,
    shipment: &Shipment,
    number_key: &str,
    scans: &[IncomingScan],
) -> Result<usize> {
    let mut news = 0;
    for scan in plausible(scans, w.now) {
        news += usize::from(store::add_scan(w, &shipment.id, number_key, scan)?);
    }
    Ok(news)
}

/// What was scanned before we knew whose it was. Where that is somebody who was forgotten, it is only thrown away.
fn claim_strays(w: &mut Write<'_>, shipment: &Shipment, facts: &OrderFacts) -> Result<usize> {
    // What waits under the number of a parcel that came to its end long ago is of the next one.
    let is_its = shipment.standing.may_be_scanned(w.now);
    let number = if is_its { shipment.number_key() } else { String::new() };
    let own = stray_key(&shipment.source, &shipment.external_id);
    let mut news = 0;
    for (waiting, key) in [(number.as_str(), number.as_str()), (own.as_str(), "")] {
        for stray in store::take_strays(w, waiting)?.into_iter().filter(|_| !facts.is_forgotten) {
            let Scan { key: scan_key, at, state, reason, words, place, .. } = stray;
            let scan = IncomingScan { key: scan_key, at, state, reason, words, place };
            news += usize::from(store::add_scan(w, &shipment.id, key, &scan)?);
        }
    }
    Ok(news)
}

/// What follows for a parcel from what was told or scanned. Its order is to be looked at afterwards.
pub(crate) fn settle(
    w: &mut Write<'_>,
    before: Option<&Shipment>,
    after: &mut Shipment,
    facts: &OrderFacts,
    source: &str,
) -> Result<()> {
    restand(w, after)?;
    likely::count(w, before, after, facts.country.as_deref())?;
    record(w, after, facts, before.map(|before| before.standing), source)
}

/// Where it is by everything that was ever scanned, written down.
fn restand(w: &mut Write<'_>, shipment: &mut Shipment) -> Result<()> {
    let scans = store::scans(w, shipment)?;
    shipment.standing = fold(&scans, shipment.shipped_at, shipment.is_cancelled);
    store::save_row(w, shipment)
}

/// Each state a parcel comes into is an event, once. One that it was in before is not told again, unless it left it.
fn record(
    w: &mut Write<'_>,
    shipment: &Shipment,
    facts: &OrderFacts,
    before: Option<Standing>,
    source: &str,
) -> Result<()> {
    let after = shipment.standing;
    if before.is_some_and(|before| before.state == after.state) {
        return Ok(());
    }
    let id = shipment.id.as_str();
    let kind = kind_of(after.state);
    let source_key = format!("{kind}:{id}:{}", after.since.ms());
    let payload = json!({
        "order": facts.id,
        "state": after.state.as_str(),
        "reason": after.reason.map(Reason::as_str),
        "carrier": shipment.tracking.carrier,
        "history": facts.is_history,
    });
    let event = NewEvent {
        kind,
        version: 1,
        subject: ("shipment", id),
        customer: Some(&facts.customer),
        actor: Actor::Source(source.to_owned()),
        cause: None,
        occurred_at: after.since,
        source_key: &source_key,
        payload,
    };
    timeline::record(w, &event).map(drop)
}

/// The event of a state.
pub fn kind_of(state: State) -> &'static str {
    match state {
        State::Pending => "shipment.created",
        State::InfoReceived => "shipment.announced",
        State::InTransit => "shipment.in_transit",
        State::OutForDelivery => "shipment.out_for_delivery",
        State::AvailableForPickup => "shipment.available_for_pickup",
        State::FailedAttempt => "shipment.failed_attempt",
        State::Exception => "shipment.exception",
        State::Delivered => "shipment.delivered",
        State::Returned => "shipment.returned",
        State::Cancelled => "shipment.cancelled",
    }
}
