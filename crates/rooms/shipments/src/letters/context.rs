//! What a message about parcels is written from: frozen when the message is written.

use kernel::{Date, Timestamp, time::parse_date};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::delay::Basis;
use crate::incoming::PickupPoint;

/// Parcels of an order, as a message tells them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ParcelContext {
    /// The order's number, as customers know it.
    pub number: String,
    /// The order's page.
    pub url: String,
    /// A shorter way to it, for a text.
    pub short_url: Option<String>,
    /// The customer's name.
    pub name: Option<String>,
    /// The parcels that are told of.
    pub parcels: Vec<ParcelTold>,
    /// How many parcels the order has so far.
    pub of_parcels: usize,
    /// Whether everything is there now.
    pub all_here: bool,
    /// The day that was promised and is missed.
    pub promised: Option<Date>,
    /// What makes it the promised day of an order that has not left.
    #[serde(default)]
    pub basis: Basis,
    /// The day it is expected on instead.
    pub expected: Option<Date>,
    /// The day at whose end an order that has not left counts as cancelled unless its customer waits for it.
    #[serde(default)]
    pub cancels_on: Option<Date>,
    /// The days the order was said to arrive on.
    pub arrives: Option<(Date, Date)>,
}

/// One parcel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ParcelTold {
    /// Who carries it.
    pub carrier: Option<String>,
    /// Its tracking number.
    pub number: Option<String>,
    /// The carrier's page of it.
    pub link: Option<String>,
    /// Where it is, in the word of the API.
    pub state: String,
    /// What more is known, likewise.
    pub reason: Option<String>,
    /// Since when.
    pub since: Timestamp,
    /// The days it is expected on.
    pub expected: Option<(Date, Date)>,
    /// Where it is to be collected.
    #[serde(default)]
    pub pickup: Option<PickupPoint>,
    /// What is in it.
    pub items: Vec<ItemTold>,
    /// Whether it is there.
    pub is_there: bool,
}

/// Some pieces of something that was bought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemTold {
    /// What.
    pub title: String,
    /// Which variant.
    pub variant: Option<String>,
    /// How many.
    pub quantity: u32,
    /// A picture of it.
    pub image_url: Option<String>,
    /// Its page.
    pub url: Option<String>,
}

fn day(text: &str) -> Option<Date> {
    parse_date(text).ok()
}

fn sample() -> ParcelContext {
    let item = ItemTold {
        title: "First Flush Darjeeling".to_owned(),
        variant: Some("100 g".to_owned()),
        quantity: 2,
        image_url: None,
        url: None,
    };
    let parcel = ParcelTold {
        carrier: Some("Royal Mail".to_owned()),
        number: Some("AB123456785GB".to_owned()),
        link: Some("https://www.royalmail.com/track-your-item#/tracking-results/AB123456785GB".to_owned()),
        state: "in_transit".to_owned(),
        reason: None,
        since: Timestamp::from_ms(1_795_428_000_000),
        expected: day("2026-11-25").zip(day("2026-11-27")),
        pickup: None,
        items: vec![item],
        is_there: false,
    };
    ParcelContext {
        number: "#1042".to_owned(),
        url: "https://orders.northwind.example/o/sample".to_owned(),
        short_url: Some("https://orders.northwind.example/s/7q2x4m9kc0v3w5t".to_owned()),
        name: Some("Amina Khan".to_owned()),
        parcels: vec![parcel],
        of_parcels: 2,
        ..ParcelContext::default()
    }
}

/// A parcel on its way.
pub fn on_its_way() -> Value {
    json!(sample())
}

/// One that something is wrong with.
pub fn in_trouble() -> Value {
    let mut context = sample();
    for parcel in &mut context.parcels {
        (parcel.state, parcel.reason) = ("exception".to_owned(), Some("address".to_owned()));
    }
    json!(context)
}

/// One that waits to be collected.
pub fn waiting() -> Value {
    let mut context = sample();
    let point = PickupPoint {
        name: "Corner Shop, Elm Row".to_owned(),
        address: Some("2 Elm Row, Leeds LS6 2AB".to_owned()),
        hours: Some("Mon–Sat 7–22".to_owned()),
        until: day("2026-12-04"),
    };
    for parcel in &mut context.parcels {
        (parcel.state, parcel.pickup) = ("available_for_pickup".to_owned(), Some(point.clone()));
    }
    json!(context)
}

/// One that is there.
pub fn there() -> Value {
    let mut context = sample();
    for parcel in &mut context.parcels {
        (parcel.state, parcel.is_there) = ("delivered".to_owned(), true);
        parcel.reason = Some("neighbour".to_owned());
    }
    json!(ParcelContext { all_here: true, ..context })
}

/// An order that has not left.
pub fn not_left() -> Value {
    let none = ParcelContext { parcels: Vec::new(), of_parcels: 0, ..sample() };
    json!(ParcelContext { promised: day("2026-11-24"), cancels_on: day("2026-12-24"), ..none })
}

/// One that is late, with a new day.
pub fn late() -> Value {
    json!(ParcelContext { promised: day("2026-11-27"), expected: day("2026-11-30"), ..sample() })
}
