//! The way of a parcel, as its carrier would have told it: who carries it, under which number, and where it was when.

use std::time::Duration;

use kernel::parcel::{Reason, State};
use kernel::{Date, Dice, Timestamp};
use orders::incoming::{Fulfilment, IncomingOrder};
use shipments::incoming::{DateRange, IncomingScan, IncomingShipment, OrderRef, ShipmentLine, Tracking};

use crate::calendar::{at_local, days_after, shop_zone};
use crate::throws::between;

const HOUR: Duration = Duration::from_secs(3_600);
/// What a late parcel is late by, in days.
const LATE_BY: u64 = 3;

/// What becomes of a parcel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It comes when it should.
    InTime,
    /// Its carrier says on the promised day that it needs longer.
    Late,
}

/// The way of the parcel of an order that has left: everything its carrier tells, at its moment, each telling with all that
/// was told before. Nothing when it has not left.
pub fn way(versions: &[IncomingOrder], dice: &mut Dice) -> Vec<(Timestamp, IncomingShipment)> {
    let Some(left) = versions.iter().find(|version| version.fulfilment == Fulfilment::Fulfilled) else {
        return Vec::new();
    };
    let delivered_at = versions.iter().find_map(|version| version.delivered_at);
    let mut way = Way::of(left, dice);
    way.depart(dice);
    if let Some(at) = delivered_at.filter(|at| *at > way.now + HOUR * 4) {
        way.bring(at);
    }
    way.told
}

/// What is still to come for an order that was just placed: it leaves, and its parcel meets this fate. The order's own
/// versions with the parcel's tellings between them.
pub fn to_come(order: &IncomingOrder, left_at: Timestamp, fate: Fate, dice: &mut Dice) -> Tellings {
    let left = crate::shopping::fulfilled(order, left_at);
    let mut way = Way::of(&left, dice);
    way.depart(dice);
    let promised =
        order.expected.delivered_to.unwrap_or_else(|| days_after(left_at.date_in(&shop_zone()), 2));
    let zone = shop_zone();
    let day = match fate {
        Fate::InTime => promised,
        Fate::Late => {
            let late = days_after(promised, LATE_BY);
            way.say_late(at_local(promised, 7 * 3_600, &zone), late);
            late
        }
    };
    let at = at_local(day, between(dice, 11 * 3_600, 17 * 3_600), &zone).max(way.now + HOUR * 5);
    way.bring(at);
    let there = crate::shopping::delivered(&left, at + HOUR);
    Tellings { orders: vec![left, there], shipments: way.told }
}

/// When it leaves: in the early afternoon of the promised day; of one that is promised none, tomorrow's.
pub fn leaves_at(order: &IncomingOrder, now: Timestamp) -> Timestamp {
    let zone = shop_zone();
    let today = now.date_in(&zone);
    let day = order.expected.ships_by.filter(|day| *day > today).unwrap_or_else(|| days_after(today, 1));
    at_local(day, 14 * 3_600, &zone)
}

/// What an order's shop and its carrier tell, each in the order of time.
#[derive(Clone, Debug)]
pub struct Tellings {
    /// Versions of the order.
    pub orders: Vec<IncomingOrder>,
    /// Versions of its shipment, each at its moment.
    pub shipments: Vec<(Timestamp, IncomingShipment)>,
}

struct Way {
    now: Timestamp,
    shipment: IncomingShipment,
    told: Vec<(Timestamp, IncomingShipment)>,
}

impl Way {
    fn of(left: &IncomingOrder, dice: &mut Dice) -> Self {
        let now = left.version.updated_at;
        let order = OrderRef { source: left.source.clone(), external_id: left.external_id.clone() };
        let line = |line: &orders::incoming::IncomingLine| ShipmentLine {
            line: line.external_id.clone(),
            quantity: line.quantity,
        };
        let tracking = Tracking {
            carrier_name: Some("Royal Mail".to_owned()),
            number: Some(number(dice)),
            ..Tracking::default()
        };
        let shipment = IncomingShipment {
            source: left.source.clone(),
            external_id: format!("{}-1", left.external_id),
            order,
            updated_at: now,
            shipped_at: now,
            is_cancelled: false,
            tracking,
            further: Vec::new(),
            lines: left.lines.iter().map(line).collect(),
            expected: None,
            pickup: None,
            scans: Vec::new(),
        };
        let mut way = Way { now, shipment, told: Vec::new() };
        way.tell();
        way
    }

    fn tell(&mut self) {
        self.shipment.updated_at = self.now;
        self.told.push((self.now, self.shipment.clone()));
    }

    fn scan(&mut self, at: Timestamp, state: State, reason: Option<Reason>, words: &str, place: &str) {
        self.now = at.max(self.now);
        let key = format!("{} {}", state.as_str(), self.shipment.scans.len());
        let (words, place) = (Some(words.to_owned()), Some(place.to_owned()));
        self.shipment.scans.push(IncomingScan { key, at: self.now, state, reason, words, place });
    }

    fn depart(&mut self, dice: &mut Dice) {
        let collected = self.now + HOUR * (2 + u32::try_from(dice.below(3)).unwrap_or_default());
        self.scan(collected, State::InTransit, None, "We have it", "Leeds");
        self.tell();
    }

    fn say_late(&mut self, at: Timestamp, until: Date) {
        self.scan(at, State::Exception, Some(Reason::Delayed), "It takes longer than planned", "Warrington");
        self.shipment.expected = Some(DateRange { from: until, to: until });
        self.tell();
    }

    fn bring(&mut self, at: Timestamp) {
        self.scan(at - HOUR * 3, State::OutForDelivery, None, "On the van", "Local depot");
        self.tell();
        self.scan(at, State::Delivered, Some(Reason::Signed), "Delivered", "At the address");
        self.tell();
    }
}

/// A number of the Universal Postal Union (S10): two letters, eight digits, a check digit, and the country.
fn number(dice: &mut Dice) -> String {
    let digits: Vec<u64> = (0..8).map(|_| dice.below(10)).collect();
    let weighted: u64 =
        digits.iter().zip([8, 6, 4, 2, 3, 5, 9, 7]).map(|(digit, weight)| digit * weight).sum();
    let check = match 11 - weighted % 11 {
        10 => 0,
        11 => 5,
        check => check,
    };
    let digits: String = digits.iter().map(u64::to_string).collect();
    format!("NT{digits}{check}GB")
}
