//! What the staff's pages of parcels show.

use db::Read;
use kernel::ShopClock;
use serde::Serialize;
use timeline::Card;

use crate::fold::Scan;
use crate::order::{Carriers, OrderFacts};
use crate::seen::Seen;
use crate::state::{Reason, State};
use crate::store::{Shipment, Stray};

/// What was just done, or could not be.
#[derive(Clone, Debug, Serialize)]
pub struct Flash {
    pub tone: &'static str,
    pub words: String,
}

/// What `shipments/staff-strays.html` is given as `page`.
#[derive(Clone, Debug, Serialize)]
pub struct StraysPage {
    pub rows: Vec<StrayRow>,
}

/// A number that belongs to nothing.
#[derive(Clone, Debug, Serialize)]
pub struct StrayRow {
    pub number: String,
    pub source: String,
    pub scans: i64,
    pub at: String,
    pub when: String,
}

/// What `shipments/staff-new.html` is given as `page`.
#[derive(Clone, Debug, Default, Serialize)]
pub struct NewPage {
    pub order: String,
    pub number: String,
    pub lines: Vec<NewLine>,
    pub carrier: String,
    pub tracking: String,
    pub flash: Option<Flash>,
}

/// A line of the order, and how many pieces have not left yet.
#[derive(Clone, Debug, Serialize)]
pub struct NewLine {
    pub field: String,
    pub title: String,
    pub left: u32,
    pub quantity: u32,
}

/// What `shipments/staff-parcel.html` is given as `page`.
#[derive(Clone, Debug, Serialize)]
pub struct ParcelPage {
    pub path: String,
    pub order: String,
    pub number: String,
    pub tone: &'static str,
    pub state: &'static str,
    pub reason: Option<&'static str>,
    pub carrier: Option<String>,
    pub tracking: Option<String>,
    pub link: Option<String>,
    /// That nobody knows who carries it.
    pub unknown: Option<Unknown>,
    pub facts: Vec<(&'static str, String)>,
    pub items: Vec<String>,
    pub scans: Vec<ScanRow>,
    pub states: Vec<(&'static str, &'static str)>,
    pub reasons: Vec<(&'static str, &'static str)>,
    pub events: Vec<Card>,
    pub flash: Option<Flash>,
}

/// Something that happened to a parcel.
#[derive(Clone, Debug, Serialize)]
pub struct ScanRow {
    pub state: &'static str,
    pub reason: Option<&'static str>,
    pub words: Option<String>,
    pub place: Option<String>,
    pub at: String,
    pub when: String,
}

pub fn strays(strays: &[Stray], clock: &ShopClock<'_>) -> StraysPage {
    let row = |stray: &Stray| StrayRow {
        number: stray.number.clone(),
        source: stray.source.clone(),
        scans: stray.scans,
        at: stray.latest_at.to_string(),
        when: clock.short(stray.latest_at),
    };
    StraysPage { rows: strays.iter().map(row).collect() }
}

pub fn new(facts: &OrderFacts, sent: &[Shipment]) -> NewPage {
    let sent: Vec<&Shipment> =
        sent.iter().filter(|parcel| parcel.standing.state != State::Cancelled).collect();
    let left = facts.left_after(&sent);
    let line = |(place, line): (usize, &crate::order::OrderedLine)| {
        let left = left.iter().find(|(id, _)| *id == line.external_id).map_or(0, |(_, pieces)| *pieces);
        let variant = line.variant.as_ref().map(|variant| format!(", {variant}")).unwrap_or_default();
        NewLine {
            field: field(place),
            title: format!("{}{variant}", line.title),
            left,
            quantity: line.quantity,
        }
    };
    NewPage {
        order: facts.id.clone(),
        number: facts.number.clone(),
        lines: facts.lines.iter().enumerate().map(line).collect(),
        ..NewPage::default()
    }
}

/// The field of the form that says how many pieces of a line.
pub fn field(place: usize) -> String {
    format!("pieces-{place}")
}

/// That nobody knows who carries a parcel: why, in words; who it may be, the surest first; and everybody whom we know, by
/// code and name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unknown {
    pub why: String,
    pub candidates: Vec<(&'static str, &'static str)>,
    pub all: Vec<(&'static str, &'static str)>,
}

/// Whose a number may be, when no carrier is known; nothing to say of a parcel without a number.
pub fn unknown(r: &mut Read<'_>, shipment: &Shipment, country: Option<&str>) -> Option<Unknown> {
    let tracking = &shipment.tracking;
    let (carriers, number) = (r.wired::<Carriers>().copied().ok()?, tracking.number.as_ref()?);
    if !shipment.is_unlinked() {
        return None;
    }
    let codes = (carriers.recognise)(number, country, tracking.carrier_name.as_deref());
    let candidates: Vec<_> =
        codes.into_iter().map(|code| (code, (carriers.name)(code).unwrap_or(code))).collect();
    let why = why_unknown(tracking.carrier_name.as_deref(), &candidates);
    Some(Unknown { why, candidates, all: (carriers.all)() })
}

fn why_unknown(named: Option<&str>, candidates: &[(&str, &str)]) -> String {
    let names = candidates.iter().map(|(_, name)| *name).collect::<Vec<_>>().join(", ");
    match (named, candidates) {
        (Some(named), []) => {
            format!("Nobody we know is called “{named}”, and nobody’s numbers look like this.")
        }
        (None, []) => "Nobody said who carries it, and nobody’s numbers look like this.".to_owned(),
        (_, [_]) => format!("The number looks like one of {names}."),
        (_, [_, _, ..]) => format!("The number may be of several carriers: {names}."),
    }
}

pub fn parcel(
    seen: &Seen,
    facts: &OrderFacts,
    unknown: Option<Unknown>,
    events: Vec<Card>,
    clock: &ShopClock<'_>,
) -> ParcelPage {
    let (shipment, standing) = (&seen.shipment, &seen.shipment.standing);
    let scan = |scan: &Scan| ScanRow {
        state: words(scan.state),
        reason: scan.reason.map(reason_words),
        words: scan.words.clone(),
        place: scan.place.clone(),
        at: scan.happened_at().to_string(),
        when: clock.short(scan.happened_at()),
    };
    let items = crate::say::items_of(facts, shipment);
    ParcelPage {
        path: format!("/a/parcels/{}", shipment.id),
        order: format!("/a/orders/{}", shipment.order),
        number: facts.number.clone(),
        tone: if seen.is_late { "warn" } else { tone(standing.state) },
        state: words(standing.state),
        reason: standing.reason.map(reason_words),
        carrier: seen.carrier.clone(),
        tracking: shipment.tracking.number.clone(),
        link: seen.link.clone(),
        unknown,
        facts: facts_of(seen, clock),
        items: items.iter().map(|item| format!("{} × {}", item.quantity, item.title)).collect(),
        scans: seen.scans.iter().map(scan).collect(),
        states: HAPPENS.iter().map(|state| (state.as_str(), words(*state))).collect(),
        reasons: Reason::ALL.iter().map(|reason| (reason.as_str(), reason_words(*reason))).collect(),
        events,
        flash: None,
    }
}

fn facts_of(seen: &Seen, clock: &ShopClock<'_>) -> Vec<(&'static str, String)> {
    let shipment = &seen.shipment;
    let expected = seen.expected.map(|range| match range.from == range.to {
        true => range.to.to_string(),
        false => format!("{} to {}", range.from, range.to),
    });
    let facts = [
        Some(("Told by", shipment.source.clone())),
        Some(("Left", clock.short(shipment.shipped_at))),
        shipment.standing.live_at.map(|at| ("First scanned", clock.short(at))),
        Some(("Last news", clock.short(seen.heard_at))),
        expected.map(|days| ("Expected", days)),
        shipment.standing.delivered_at.map(|at| ("Delivered", clock.short(at))),
    ];
    facts.into_iter().flatten().collect()
}

/// What may be said by hand to have happened.
const HAPPENS: [State; 7] = [
    State::InTransit,
    State::OutForDelivery,
    State::AvailableForPickup,
    State::FailedAttempt,
    State::Exception,
    State::Delivered,
    State::Returned,
];

fn tone(state: State) -> &'static str {
    match state {
        State::Exception | State::Returned => "bad",
        State::FailedAttempt | State::AvailableForPickup => "warn",
        State::Delivered => "ok",
        State::Pending
        | State::InfoReceived
        | State::InTransit
        | State::OutForDelivery
        | State::Cancelled => "info",
    }
}

/// A state for the staff.
pub fn words(state: State) -> &'static str {
    match state {
        State::Pending => "Packed",
        State::InfoReceived => "Announced to the carrier",
        State::InTransit => "On its way",
        State::OutForDelivery => "Out for delivery",
        State::AvailableForPickup => "Ready to collect",
        State::FailedAttempt => "Delivery missed",
        State::Exception => "Problem",
        State::Delivered => "Delivered",
        State::Returned => "Back at the shop",
        State::Cancelled => "Cancelled",
    }
}

fn reason_words(reason: Reason) -> &'static str {
    match reason {
        Reason::NobodyHome => "Nobody was at home",
        Reason::Address => "The address is wrong or incomplete",
        Reason::Customs => "Held by customs",
        Reason::Damaged => "Damaged",
        Reason::Delayed => "The carrier is late",
        Reason::Weather => "Weather",
        Reason::Refused => "Not accepted",
        Reason::Lost => "Lost",
        Reason::Returning => "On its way back",
        Reason::NotCollected => "Not collected in time",
        Reason::NoNews => "The carrier stopped telling",
        Reason::Signed => "Signed for",
        Reason::Neighbour => "With a neighbour",
        Reason::SafePlace => "In a safe place",
        Reason::Locker => "In a locker or letter box",
    }
}
