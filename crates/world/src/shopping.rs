//! Eighteen months of buying, as the versions of orders that the shop would have told us.
//!
//! Who buys when is in `habits`, what lies in the basket in `basket`, what then happens to the order in `life`, and
//! how one version follows from another in `versions`. All of it is decided by the dice; nothing reads a clock.

mod basket;
mod habits;
mod life;
mod versions;

use std::time::Duration;

use db::Write;
use kernel::{Channel, Currency, Date, Dice, Result, Timestamp};
use orders::incoming::{Expected, Fulfilment, IncomingConsent, IncomingOrder, OrderStatus, Payment, Version};
use shipments::incoming::IncomingShipment;

use crate::calendar::{brought_after, open_days_after, shop_zone};
use crate::parcels;
use crate::people::{self, Person};
use crate::throws::{chance, pick};

pub(crate) use basket::totals_after_edit;
pub use versions::{
    cancelled, changed_address, changed_quantity, delayed, delivered, fulfilled, paid, partly_fulfilled,
    partly_refunded, refunded,
};

/// How long before the end of the list parcels are told of: older orders have arrived, and nobody looks.
const PARCELS_FROM: Duration = Duration::from_secs(90 * 86_400);
/// The number of the shop's first order.
const FIRST_NUMBER: u32 = 1_001;

/// A moment in the life of the shop: what was told of an order or of its parcel, when it came to be.
#[derive(Clone, Debug, PartialEq)]
pub struct Moment {
    /// When the shop told it.
    pub at: Timestamp,
    /// What it told.
    pub told: Told,
}

/// What a shop, or a carrier, tells.
#[derive(Clone, Debug, PartialEq)]
pub enum Told {
    /// A version of an order.
    Order(Box<IncomingOrder>),
    /// A version of a shipment.
    Shipment(Box<IncomingShipment>),
}

impl Moment {
    /// The order that is told; none when a shipment is.
    pub fn order(&self) -> Option<&IncomingOrder> {
        match &self.told {
            Told::Order(order) => Some(order),
            Told::Shipment(_) => None,
        }
    }

    /// Takes in what is told, as every door does.
    pub fn take(&self, w: &mut Write<'_>) -> Result<()> {
        match &self.told {
            Told::Order(order) => orders::take(w, order).map(drop),
            Told::Shipment(shipment) => shipments::take(w, shipment).map(drop),
        }
    }
}

/// What sort of purchase it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// From stock, paid at once.
    Paid,
    /// From stock, by bank transfer: the money comes later, or never.
    PayLater,
    /// With something in it that has to be made first.
    MadeToOrder,
    /// A present, sometimes sent straight to the one who gets it.
    Gift,
}

/// Every version of every order that `people` place between `from` and `to`, in the order of their times.
///
/// Parcels of the last orders are still on their way at `to`, so the list ends some weeks after it: whoever plays
/// it holds those versions back until their time comes. At equal times the lower order number is first.
pub fn eighteen_months(people: &[Person], from: Timestamp, to: Timestamp, dice: &mut Dice) -> Vec<Moment> {
    let mut moments = Vec::new();
    for (number, purchase) in (FIRST_NUMBER..).zip(purchases(people, from, to, dice)) {
        let mut dice = dice.fork();
        let first = first_version(&purchase, number, &mut dice);
        let versions = life::lived(first, &mut dice);
        if purchase.at + PARCELS_FROM >= to {
            let parcels = parcels::way(&versions, &mut dice).into_iter();
            moments.extend(parcels.map(|(at, told)| Moment { at, told: Told::Shipment(Box::new(told)) }));
        }
        let versions = versions.into_iter();
        moments.extend(
            versions.map(|order| Moment { at: order.version.updated_at, told: Told::Order(Box::new(order)) }),
        );
    }
    // Of one moment the order first: its parcel belongs to it.
    moments.sort_by_key(|moment| (moment.at, moment.order().is_none()));
    moments
}

/// An order of `person` at this very moment, as the demo's button places it: its first version.
pub fn order_now(person: &Person, kind: Kind, number: u32, now: Timestamp, dice: &mut Dice) -> IncomingOrder {
    placed(&Purchase { person, at: now, nth: 2 }, kind, number, dice)
}

/// Somebody's decision to buy.
struct Purchase<'a> {
    person: &'a Person,
    at: Timestamp,
    /// Counted from 1: the first purchase comes with the question about news, and often with a discount.
    nth: usize,
}

fn purchases<'a>(people: &'a [Person], from: Timestamp, to: Timestamp, dice: &mut Dice) -> Vec<Purchase<'a>> {
    let mut all = Vec::new();
    for person in people {
        let times = habits::times(&person.zone, from, to, &mut dice.fork());
        all.extend((1..).zip(times).map(|(nth, at)| Purchase { person, at, nth }));
    }
    all.sort_by_key(|purchase| purchase.at);
    all
}

fn first_version(purchase: &Purchase<'_>, number: u32, dice: &mut Dice) -> IncomingOrder {
    let presents = if habits::is_before_christmas(purchase.at.date_in(&shop_zone())) { 30 } else { 7 };
    let kind = match dice.below(100) {
        0..8 => Kind::PayLater,
        8..17 => Kind::MadeToOrder,
        chosen if chosen < 17 + presents => Kind::Gift,
        _ => Kind::Paid,
    };
    placed(purchase, kind, number, dice)
}

fn placed(purchase: &Purchase<'_>, kind: Kind, number: u32, dice: &mut Dice) -> IncomingOrder {
    let (person, at, today) = (purchase.person, purchase.at, purchase.at.date_in(&shop_zone()));
    let is_gift = kind == Kind::Gift;
    let address = if is_gift && chance(dice, 50) { people::friend(dice) } else { person.address.clone() };
    let lines = basket::lines(kind, number, dice);
    let offer = basket::offer(today, purchase.nth == 1, dice);
    IncomingOrder {
        source: "web".to_owned(),
        external_id: number.to_string(),
        number: format!("#{number}"),
        status: OrderStatus::Placed,
        payment: payment(kind, dice),
        placed_at: at,
        version: Version { updated_at: at, triggered_at: None },
        currency: Currency::parse("GBP").expect("a currency of ISO 4217"),
        locale: Some(person.locale.clone()),
        customer: person.as_customer(),
        totals: basket::totals(&lines, offer, &address.country, dice),
        expected: promised(today, basket::making_days(&lines), &address.country),
        lines,
        shipping_address: Some(address),
        consents: if purchase.nth == 1 { consents(person, at, dice) } else { Vec::new() },
        fulfilment: Fulfilment::Unfulfilled,
        delivered_at: None,
        cancellation: None,
        refunded_minor: 0,
        refunds: Vec::new(),
        is_gift,
        note: note(is_gift, dice),
        tags: offer.map(|offer| offer.code.to_owned()).into_iter().collect(),
    }
}

fn payment(kind: Kind, dice: &mut Dice) -> Payment {
    match kind {
        Kind::PayLater => Payment::Pending,
        // What has to be made is sometimes only charged when it leaves.
        Kind::MadeToOrder if chance(dice, 25) => Payment::Authorized,
        Kind::Paid | Kind::MadeToOrder | Kind::Gift => Payment::Paid,
    }
}

/// Two working days in the shop and what has to be made, then the carrier's own range.
fn promised(today: Date, making_days: u64, country: &str) -> Expected {
    let ships_by = open_days_after(today, 2 + making_days);
    let (fastest, slowest) = transit_days(country);
    Expected {
        ships_by: Some(ships_by),
        delivered_from: Some(brought_after(ships_by, fastest)),
        delivered_to: Some(brought_after(ships_by, slowest)),
    }
}

/// How many days a parcel is on its way: the fewest and the most.
fn transit_days(country: &str) -> (u64, u64) {
    match country {
        "GB" => (1, 4),
        "US" => (5, 11),
        _ => (3, 7),
    }
}

fn consents(person: &Person, at: Timestamp, dice: &mut Dice) -> Vec<IncomingConsent> {
    let said = |channel, granted| {
        let wording = Some("Send me news and offers from Northwind Tea.".to_owned());
        IncomingConsent { channel, granted, wording, at }
    };
    let by_email = said(Channel::Email, chance(dice, 42));
    let by_sms = person.phone.is_some().then(|| said(Channel::Sms, chance(dice, 14)));
    [by_email].into_iter().chain(by_sms).collect()
}

fn note(is_gift: bool, dice: &mut Dice) -> Option<String> {
    let (notes, percent) = if is_gift { (GIFT_NOTES, 60) } else { (NOTES, 7) };
    chance(dice, percent).then(|| (*pick(dice, notes)).to_owned())
}

const NOTES: &[&str] = &[
    "Please leave it with the neighbour at number 9 if I am out.",
    "No plastic tape if you can help it. Thank you!",
    "The bell is broken – please knock.",
    "Could you send the tea in two smaller bags?",
    "It need not arrive before Friday.",
    "Please put in a sample of something smoky.",
    "Behind the blue gate.\nMind the cat: she will try to come out.",
    "Bitte klingeln Sie zweimal.",
    "من فضلك اتركه عند الباب",
];

const GIFT_NOTES: &[&str] = &[
    "Happy birthday, Gran! Put the kettle on, we are coming on Sunday.",
    "Please don’t put the prices in the parcel.",
    "To the best neighbour anyone could have. 🫖",
    "Merry Christmas from all of us!",
    "For your new home. May it always smell of Earl Grey.",
    "Thank you for looking after the garden.",
    "Get well soon – with love, M.",
];

#[cfg(test)]
mod tests;
