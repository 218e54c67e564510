//! What left, and what happened to it: Shopify's fulfilments, told in their order or alone, and their events.

use kernel::fields::Fields;
use kernel::parcel::{Reason, State};
use kernel::{Result, Timestamp};
use shipments::incoming::{
    DateRange, IncomingScan, IncomingShipment, MAX_FURTHER, MAX_LINES, MAX_LINK, MAX_NAME, MAX_NUMBER,
    MAX_WORDS, OrderRef, ShipmentLine, Tracking,
};
use shipments::{number_key, status_key};

use super::body::{Fulfillment, FulfillmentEvent, Order};
use crate::inbox::Content;
use crate::reading::{Plain, identifier, items, unreadable};

/// The topics whose body is a fulfilment.
const FULFILMENTS: [&str; 2] = ["fulfillments/create", "fulfillments/update"];
/// The topic whose body is something that happened to one.
const EVENT: &str = "fulfillment_events/create";

/// Whether webhooks under this topic tell of parcels.
pub fn is_topic(topic: &str) -> bool {
    FULFILMENTS.contains(&topic) || topic == EVENT
}

/// Reads a fulfilment, or an event of one, that comes alone.
pub fn parse(topic: &str, body: &[u8], source: &str) -> Result<Content> {
    if topic == EVENT {
        return event(body, source);
    }
    let told: Fulfillment =
        serde_json::from_slice(body).map_err(|error| unreadable("a fulfilment", &error))?;
    let mut fields = Fields::believing();
    let order = identifier(&mut fields, "/order_id", &told.order_id);
    let order = order.map(|external_id| OrderRef { source: source.to_owned(), external_id });
    let parcel = order.and_then(|order| one(&mut fields, "", &told, &order));
    Ok(Content::Shipment(Box::new(fields.finish_with(parcel)?)))
}

/// The fulfilments that are told in an order. One that can't be read is passed over: the order counts all the same, and
/// the fulfilment is told by itself too.
pub fn of_order(order: &Order, named: &OrderRef) -> Vec<IncomingShipment> {
    let told = items(&order.fulfillments).iter().enumerate();
    told.filter_map(|(place, told)| {
        let mut fields = Fields::believing();
        let read = one(&mut fields, &format!("/fulfillments/{place}"), told, named);
        fields.finish_with(read).ok()
    })
    .collect()
}

/// A fulfilment is one parcel. Where it names several numbers (one piece of furniture in several boxes, by Shopify's own
/// example), what it lists is spread over as many.
fn one(fields: &mut Fields, at: &str, told: &Fulfillment, order: &OrderRef) -> Option<IncomingShipment> {
    let external_id = identifier(fields, &format!("{at}/id"), &told.id)?;
    let updated_at = instant(fields, &format!("{at}/updated_at"), [&told.updated_at, &told.created_at])?;
    let shipped_at =
        told.created_at.text().and_then(|text| Timestamp::parse(text).ok()).unwrap_or(updated_at);
    let lines = items(&told.line_items).iter().take(MAX_LINES).filter_map(|line| {
        let quantity = line.quantity.text()?.parse().ok().filter(|pieces| *pieces > 0)?;
        Some(ShipmentLine { line: line.id.text()?.to_owned(), quantity })
    });
    let mut lines: Vec<ShipmentLine> = lines.collect();
    lines.sort_by(|a, b| a.line.cmp(&b.line));
    lines.dedup_by(|a, b| a.line == b.line);
    let mut numbers = numbers(fields, told).into_iter();
    Some(IncomingShipment {
        source: order.source.clone(),
        external_id,
        order: order.clone(),
        updated_at,
        shipped_at,
        is_cancelled: matches!(told.status.word().as_deref(), Some("cancelled" | "error" | "failure")),
        tracking: numbers.next().unwrap_or_default(),
        further: numbers.collect(),
        lines,
        expected: None,
        pickup: None,
        scans: status(told, updated_at).into_iter().collect(),
    })
}

fn instant(fields: &mut Fields, pointer: &str, told: [&Plain; 2]) -> Option<Timestamp> {
    let text = fields.required(pointer, told.into_iter().find_map(Plain::text))?;
    fields.instant(pointer, text)
}

/// Every number with its page: the one that stands alone, then the list, in which it mostly stands too. The links belong to
/// the numbers by their place (Shopify, `FulfillmentTrackingInput`).
fn numbers(fields: &mut Fields, told: &Fulfillment) -> Vec<Tracking> {
    let name = told.tracking_company.text();
    let carrier_name = name.and_then(|name| fields.optional(|f| f.line("/tracking_company", name, MAX_NAME)));
    let (numbers, links) = (items(&told.tracking_numbers), items(&told.tracking_urls));
    let listed = (0..numbers.len().max(links.len())).map(|nth| (numbers.get(nth), links.get(nth)));
    let alone = (Some(&told.tracking_number), Some(&told.tracking_url));
    let mut all = Vec::new();
    for (number, link) in std::iter::once(alone).chain(listed.take(1 + MAX_FURTHER)) {
        let (number, link) = (number.and_then(Plain::text), link.and_then(Plain::text));
        let number = number.and_then(|number| fields.optional(|f| f.line("/tracking", number, MAX_NUMBER)));
        let url = link.and_then(|link| fields.optional(|f| f.link("/tracking_url", link, MAX_LINK)));
        add(&mut all, Tracking { carrier: None, carrier_name: carrier_name.clone(), number, url });
    }
    all.truncate(1 + MAX_FURTHER);
    all
}

/// A number that is told twice, however it is spaced, is one number; and a link without a number is the page of whatever
/// comes first.
fn add(all: &mut Vec<Tracking>, told: Tracking) {
    let is_same = |known: &&mut Tracking| match (&known.number, &told.number) {
        (Some(known), Some(told)) => number_key(known) == number_key(told),
        (None, _) | (_, None) => true,
    };
    match all.iter_mut().find(is_same) {
        Some(known) => {
            known.number = known.number.take().or(told.number);
            known.url = known.url.take().or(told.url);
        }
        None => all.push(told),
    }
}

/// What the fulfilment says of itself counts as a scan of the moment it was said.
fn status(told: &Fulfillment, at: Timestamp) -> Option<IncomingScan> {
    let word = told.shipment_status.word()?;
    let (state, reason) = state_of(&word)?;
    Some(IncomingScan { key: status_key(&word, at), at, state, reason, words: None, place: None })
}

/// Shopify's words for where a shipment is (REST Admin API, `shipment_status` of a fulfilment and `status` of its events).
fn state_of(word: &str) -> Option<(State, Option<Reason>)> {
    Some(match word {
        "label_purchased" | "label_printed" => (State::Pending, None),
        "confirmed" | "ready_for_pickup_by_carrier" => (State::InfoReceived, None),
        "carrier_picked_up" | "picked_up" | "in_transit" => (State::InTransit, None),
        "delayed" => (State::Exception, Some(Reason::Delayed)),
        "out_for_delivery" => (State::OutForDelivery, None),
        "ready_for_pickup" => (State::AvailableForPickup, None),
        "attempted_delivery" => (State::FailedAttempt, None),
        "delivered" => (State::Delivered, None),
        "failure" => (State::Exception, None),
        _ => return None,
    })
}

fn event(body: &[u8], source: &str) -> Result<Content> {
    let told: FulfillmentEvent =
        serde_json::from_slice(body).map_err(|error| unreadable("an event of a fulfilment", &error))?;
    let mut fields = Fields::believing();
    let shipment = identifier(&mut fields, "/fulfillment_id", &told.fulfillment_id);
    let key = identifier(&mut fields, "/id", &told.id);
    let text = fields.required("/happened_at", told.happened_at.text());
    let at = text.and_then(|text| fields.instant("/happened_at", text));
    let words =
        told.message.text().and_then(|words| fields.optional(|f| f.line("/message", words, MAX_WORDS)));
    let place = place(&mut fields, &told);
    // A day in the zone it was told in: the first ten letters of it.
    let day = told.estimated_delivery_at.text().and_then(|text| text.get(..10));
    let day = day.and_then(|day| kernel::time::parse_date(day).ok());
    let read = shipment.zip(key).zip(at);
    let ((shipment, key), at) = fields.finish_with(read)?;
    let state = told.status.word().and_then(|word| state_of(&word));
    let scans = state.map(|(state, reason)| IncomingScan { key, at, state, reason, words, place });
    Ok(Content::Scans {
        source: source.to_owned(),
        shipment,
        order: told.order_id.text().map(str::to_owned),
        expected: day.map(|day| DateRange { from: day, to: day }),
        scans: scans.into_iter().collect(),
    })
}

fn place(fields: &mut Fields, told: &FulfillmentEvent) -> Option<String> {
    let parts: Vec<&str> = [&told.city, &told.country].into_iter().filter_map(Plain::text).collect();
    let place = (!parts.is_empty()).then(|| parts.join(", "))?;
    fields.optional(|f| f.line("/city", &place, MAX_NAME))
}
