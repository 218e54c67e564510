//! What somebody tells by hand: a parcel, its number, what happened to it.

use axum::Extension;
use axum::extract::{Path, State as Shared};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use db::{Read, Write};
use kernel::{Error, Kind, Result, text};
use staff::Member;
use web::{Failure, Form, see_other};

use super::view::{Flash, NewPage, field};
use super::{Door, new_page, no_parcel, order_facts};
use crate::incoming::{
    IncomingScan, IncomingShipment, MAX_NAME, MAX_NUMBER, MAX_WORDS, OrderRef, ShipmentLine, Tracking,
};
use crate::order::{Carriers, OrderFacts};
use crate::state::{Reason, State};
use crate::{ShipmentId, json, store, take};

/// Who tells what is told by hand.
const BY_HAND: &str = "staff";

/// `POST /a/parcels/new`.
pub(super) async fn make(
    Shared(door): Shared<Door>,
    Extension(member): Extension<Member>,
    form: Form,
) -> Result<Response, Failure> {
    let (order, by) = (form.text("order").to_owned(), member.clone());
    let (carrier, number) = (form.text("carrier").to_owned(), form.text("number").to_owned());
    let typed = NewPage { carrier: carrier.clone(), tracking: number.clone(), ..NewPage::default() };
    let pieces: Vec<String> = (0..500).map(|place| form.text(&field(place)).to_owned()).collect();
    let about = order.clone();
    let made = door.db.write("shipments.make", move |w| {
        let facts = order_facts(w, &about)?;
        let told = by_hand(w, &facts, (&carrier, &number), &pieces)?;
        let taken = take::take_of(w, &told, &facts)?;
        staff::note(w, Some(&by.id), "shipment.made", ("shipment", taken.shipment.as_str()), None, None)?;
        Ok(taken.shipment)
    });
    match made.await {
        Ok(id) => Ok(see_other(&format!("/a/parcels/{id}?did=made"))?),
        Err(error) if error.kind() == Kind::Invalid => {
            let page = door.db.read("shipments.new", move |r| new_page(r, &order)).await?;
            let flash = Some(Flash { tone: "bad", words: words_of(&error) });
            let page = NewPage { carrier: typed.carrier, tracking: typed.tracking, flash, ..page };
            let title = format!("Error: A parcel of order {}", page.number);
            let page = door.page("shipments/staff-new.html", &title, &page)?;
            Ok(page.status(StatusCode::UNPROCESSABLE_ENTITY).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

fn words_of(error: &Error) -> String {
    error.fields().first().map_or(error.words(), |field| &field.detail).to_owned()
}

/// A parcel that is told by hand. The order names itself: whoever told it needs not know of the parcel.
fn by_hand(
    w: &mut Write<'_>,
    facts: &OrderFacts,
    (carrier, number): (&str, &str),
    pieces: &[String],
) -> Result<IncomingShipment> {
    let id = ShipmentId::new(w.now, w.dice);
    Ok(IncomingShipment {
        source: BY_HAND.to_owned(),
        external_id: id.to_string(),
        order: OrderRef { source: BY_HAND.to_owned(), external_id: facts.id.clone() },
        updated_at: w.now,
        shipped_at: w.now,
        is_cancelled: false,
        tracking: tracking(carrier, number)?,
        further: Vec::new(),
        lines: lines(facts, pieces)?,
        expected: None,
        pickup: None,
        scans: Vec::new(),
    })
}

fn tracking(carrier: &str, number: &str) -> Result<Tracking> {
    let carrier_name = optional("/carrier", carrier, MAX_NAME)?;
    let number = optional("/number", number, MAX_NUMBER)?;
    Ok(Tracking { carrier: None, carrier_name, number, url: None })
}

fn optional(pointer: &str, typed: &str, most: usize) -> Result<Option<String>> {
    if typed.trim().is_empty() {
        return Ok(None);
    }
    let detail = format!("Write it in one line of at most {most} characters.");
    text::line(typed, most).map(Some).map_err(|_| Error::field(pointer, "unreadable", detail))
}

/// How many pieces of each line; none typed at all is everything that has not left.
fn lines(facts: &OrderFacts, pieces: &[String]) -> Result<Vec<ShipmentLine>> {
    let mut lines = Vec::new();
    for (line, typed) in facts.lines.iter().zip(pieces).filter(|(_, typed)| !typed.trim().is_empty()) {
        let quantity: u32 =
            typed.trim().parse().ok().filter(|pieces| *pieces <= line.quantity).ok_or_else(|| {
                let detail = format!(
                    "Of “{}” there are {} pieces. Write a number from 0 to that.",
                    line.title, line.quantity
                );
                Error::field("/pieces", "wrong_number", detail)
            })?;
        if quantity > 0 {
            lines.push(ShipmentLine { line: line.external_id.clone(), quantity });
        }
    }
    if lines.is_empty() {
        return Err(Error::field("/pieces", "empty", "Say how many pieces of at least one item are in it."));
    }
    Ok(lines)
}

/// `POST /a/parcels/{id}/number`.
pub(super) async fn change_number(
    Shared(door): Shared<Door>,
    Extension(member): Extension<Member>,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Failure> {
    let id = ShipmentId::parse(&id)?;
    let (carrier, number) = (form.text("carrier").to_owned(), form.text("number").to_owned());
    let (about, by) = (id.clone(), member.clone());
    let done = door.db.write("shipments.change_number", move |w| {
        let stored = store::shipment(w, &about)?.ok_or_else(no_parcel)?;
        take::relabel(w, &stored, tracking(&carrier, &number)?)?;
        staff::note(
            w,
            Some(&by.id),
            "shipment.number_changed",
            ("shipment", about.as_str()),
            None,
            Some("changed"),
        )
    });
    let done = done.await;
    answer(&door, &id, done.map(|()| "number")).await
}

/// `POST /a/parcels/{id}/carrier`: whose its number is.
pub(super) async fn choose_carrier(
    Shared(door): Shared<Door>,
    Extension(member): Extension<Member>,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Failure> {
    let id = ShipmentId::parse(&id)?;
    let (about, by, code) = (id.clone(), member.clone(), form.text("code").to_owned());
    let done = door.db.write("shipments.choose_carrier", move |w| {
        let stored = store::shipment(w, &about)?.ok_or_else(no_parcel)?;
        let before = stored.tracking.carrier.clone();
        let carrier = Some(known_carrier(w, &code)?);
        take::relabel(w, &stored, Tracking { carrier, ..stored.tracking.clone() })?;
        let about = ("shipment", about.as_str());
        staff::note(w, Some(&by.id), "shipment.carrier_chosen", about, before.as_deref(), Some(&code))
    });
    let done = done.await;
    answer(&door, &id, done.map(|()| "carrier")).await
}

fn known_carrier(r: &mut Read<'_>, code: &str) -> Result<String> {
    let is_known = (r.wired::<Carriers>()?.name)(code).is_some();
    let unknown = || Error::field("/code", "unknown_carrier", "Choose who carries it.");
    if is_known { Ok(code.to_owned()) } else { Err(unknown()) }
}

/// `POST /a/parcels/{id}/happened`.
pub(super) async fn happened(
    Shared(door): Shared<Door>,
    Extension(member): Extension<Member>,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Failure> {
    let id = ShipmentId::parse(&id)?;
    let state = State::parse(form.text("state"))?;
    let reason = match form.text("reason") {
        "" => None,
        word => Some(Reason::parse(word)?),
    };
    let words = form.text("words").to_owned();
    let (about, by) = (id.clone(), member.clone());
    let done = door.db.write("shipments.happened", move |w| {
        let words = optional("/words", &words, MAX_WORDS)?;
        let (at, stored) = (w.now, store::shipment(w, &about)?.ok_or_else(no_parcel)?);
        let key = json::key_of(at, state, words.as_deref(), Some(by.id.as_str()));
        let scan = IncomingScan { key, at, state, reason, words, place: None };
        take::happened(w, &stored, &scan)?;
        staff::note(
            w,
            Some(&by.id),
            "shipment.told",
            ("shipment", about.as_str()),
            None,
            Some(state.as_str()),
        )
    });
    let done = done.await;
    answer(&door, &id, done.map(|()| "happened")).await
}

/// The parcel again: with what was done, or with what is wrong.
async fn answer(door: &Door, id: &ShipmentId, done: Result<&'static str>) -> Result<Response, Failure> {
    let error = match done {
        Ok(word) => return Ok(see_other(&format!("/a/parcels/{id}?did={word}"))?),
        Err(error) if error.kind() == Kind::Invalid => error,
        Err(error) => return Err(error.into()),
    };
    let page = door.parcel_page(id, Some(Flash { tone: "bad", words: words_of(&error) })).await?;
    Ok(page.status(StatusCode::UNPROCESSABLE_ENTITY).into_response())
}

/// What was just done, by a known word of the address.
pub(super) fn flash_of(did: &str) -> Option<Flash> {
    let words = match did {
        "made" => "The parcel is written down. The customer is told when it is on its way.",
        "number" => "The number is changed. A customer who had the old one is told.",
        "carrier" => {
            "The carrier is written down. The order’s page links to its page of the number from now on."
        }
        "happened" => "It is written down. What is news for the customer is told to them.",
        _ => return None,
    };
    Some(Flash { tone: "ok", words: words.to_owned() })
}
