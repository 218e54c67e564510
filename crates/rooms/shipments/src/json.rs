//! A shipment as it is written in JSON: the shape of `POST /v1/shipments`, and of what shops tell with their orders. Pure.

use std::collections::BTreeSet;

use kernel::fields::Fields;
use kernel::object::Object;
use kernel::{Date, Result, Timestamp, keys};
use serde_json::Value;

use crate::incoming::{
    DateRange, IncomingScan, IncomingShipment, MAX_LINES, MAX_LINK, MAX_NAME, MAX_NUMBER, MAX_PLACE,
    MAX_SCANS, MAX_WORDS, OrderRef, PickupPoint, ShipmentLine, Tracking,
};
use crate::state::{Reason, State};

/// The most characters of an identifier of a shop.
const MAX_ID: usize = 120;
/// The most pieces of one line.
const MAX_QUANTITY: u32 = 1_000_000;
/// The most shipments told with one order.
const MAX_SHIPMENTS: usize = 50;

/// Reads a shipment strictly: whatever is wrong is refused by its name. `latest`: no instant may lie behind it.
pub fn read(value: &Value, latest: Timestamp) -> Result<IncomingShipment> {
    let mut fields = Fields::strict();
    let read = Object::new(&mut fields, "", value).and_then(|mut body| {
        let source = body.must_read(&mut fields, "source", id);
        let order = body.must_read(&mut fields, "order", id);
        let shipment = shipment(&mut fields, body, latest);
        let (source, external_id) = (source?, order?);
        let order = OrderRef { source: source.clone(), external_id };
        Some(IncomingShipment { source, order, ..shipment? })
    });
    let incoming = fields.finish_with(read)?;
    incoming.check()?;
    Ok(incoming)
}

/// Reads what a shop tells of the shipments of an order that it tells with them: what is unreadable and not needed is absent.
pub fn believe(told: &[Value], order: &OrderRef, latest: Timestamp) -> Result<Vec<IncomingShipment>> {
    let mut fields = Fields::believing();
    let mut shipments = Vec::new();
    if told.len() > MAX_SHIPMENTS {
        let detail = format!("An order is told with at most {MAX_SHIPMENTS} shipments.");
        fields.fault("/shipments", "too_many", detail);
    }
    for (place, value) in told.iter().take(MAX_SHIPMENTS).enumerate() {
        let body = Object::new(&mut fields, &format!("/shipments/{place}"), value);
        let read = body.and_then(|body| shipment(&mut fields, body, latest));
        shipments.extend(read.map(|read| IncomingShipment {
            source: order.source.clone(),
            order: order.clone(),
            ..read
        }));
    }
    let shipments = fields.finish_with(Some(shipments))?;
    shipments.iter().try_for_each(IncomingShipment::check)?;
    Ok(shipments)
}

/// The shipment itself; whose it is is filled in by who knows.
fn shipment(fields: &mut Fields, mut body: Object<'_>, latest: Timestamp) -> Option<IncomingShipment> {
    let instant = |f: &mut Fields, at: &str, text: &str| f.instant_until(at, text, latest);
    let external_id = body.must_read(fields, "external_id", id);
    let updated_at = body.must_read(fields, "updated_at", instant);
    let shipped_at = fields.optional(|fields| body.read(fields, "shipped_at", instant));
    let is_cancelled = fields.optional(|fields| body.boolean(fields, "cancelled"));
    let tracking = tracking(fields, &mut body);
    let lines = lines(fields, &mut body);
    let expected = expected(fields, &mut body);
    let pickup = pickup(fields, &mut body);
    let scans = scans(fields, &mut body, latest);
    body.close(fields);
    let updated_at = updated_at?;
    Some(IncomingShipment {
        source: String::new(),
        external_id: external_id?,
        order: OrderRef { source: String::new(), external_id: String::new() },
        updated_at,
        shipped_at: shipped_at.unwrap_or(updated_at),
        is_cancelled: is_cancelled.unwrap_or(false),
        tracking,
        further: Vec::new(),
        lines,
        expected,
        pickup,
        scans,
    })
}

/// A place without a name is none.
fn pickup(fields: &mut Fields, body: &mut Object<'_>) -> Option<PickupPoint> {
    let mut object = fields.optional(|fields| body.object(fields, "pickup"))?;
    let name = object.must_read(fields, "name", |f, at, text| f.line(at, text, MAX_NAME));
    let mut line = |fields: &mut Fields, name| {
        fields.optional(|fields| object.read(fields, name, |f, at, text| f.line(at, text, MAX_PLACE)))
    };
    let (address, hours) = (line(fields, "address"), line(fields, "hours"));
    let until = fields.optional(|fields| object.read(fields, "until", |f, at, text| f.date(at, text)));
    object.close(fields);
    Some(PickupPoint { name: name?, address, hours, until })
}

fn tracking(fields: &mut Fields, body: &mut Object<'_>) -> Tracking {
    let mut line = |fields: &mut Fields, name, most| {
        fields.optional(|fields| body.read(fields, name, |f, at, text| f.line(at, text, most)))
    };
    let carrier_name = line(fields, "carrier", MAX_NAME);
    let number = line(fields, "tracking_number", MAX_NUMBER);
    let url =
        fields.optional(|fields| body.read(fields, "tracking_url", |f, at, text| f.link(at, text, MAX_LINK)));
    Tracking { carrier: None, carrier_name, number, url }
}

fn lines(fields: &mut Fields, body: &mut Object<'_>) -> Vec<ShipmentLine> {
    let told = body.list(fields, "lines").unwrap_or_default();
    if told.len() > MAX_LINES {
        fields.fault("/lines", "too_many", format!("A shipment has at most {MAX_LINES} lines."));
        return Vec::new();
    }
    let mut seen = BTreeSet::new();
    let mut lines = Vec::new();
    for (place, value) in told.iter().enumerate() {
        let Some(mut object) = Object::new(fields, &format!("/lines/{place}"), value) else { continue };
        let line = object.must_read(fields, "line", id);
        let pieces = object.must_integer(fields, "quantity");
        let pointer = object.pointer("quantity");
        let quantity = pieces.and_then(|pieces| fields.quantity(&pointer, pieces, 1, MAX_QUANTITY));
        if let Some(line) = &line {
            fields.unique(&object.pointer("line"), &mut seen, line);
        }
        object.close(fields);
        lines.extend(line.zip(quantity).map(|(line, quantity)| ShipmentLine { line, quantity }));
    }
    lines
}

/// One day, or two.
fn expected(fields: &mut Fields, body: &mut Object<'_>) -> Option<DateRange> {
    let mut day = |fields: &mut Fields, name| -> Option<Date> {
        fields.optional(|fields| body.read(fields, name, |f, at, text| f.date(at, text)))
    };
    let (from, to) = (day(fields, "expected_from"), day(fields, "expected_to"));
    Some(DateRange::new(from.or(to)?, to.or(from)?))
}

fn scans(fields: &mut Fields, body: &mut Object<'_>, latest: Timestamp) -> Vec<IncomingScan> {
    let told = body.list(fields, "scans").unwrap_or_default();
    if told.len() > MAX_SCANS {
        fields.fault(
            "/scans",
            "too_many",
            format!("Tell at most {MAX_SCANS} scans at once, the newest ones."),
        );
        return Vec::new();
    }
    let scans = told.iter().enumerate();
    scans
        .filter_map(|(place, value)| {
            let object = Object::new(fields, &format!("/scans/{place}"), value)?;
            scan(fields, object, latest)
        })
        .collect()
}

/// One scan. Without a key of its own it is known by what it says.
fn scan(fields: &mut Fields, mut object: Object<'_>, latest: Timestamp) -> Option<IncomingScan> {
    let at = object.must_read(fields, "at", |f, at, text| f.instant_until(at, text, latest));
    let state = object.must_read(fields, "state", |f, at, text| f.parsed(at, text, State::parse));
    let reason = fields
        .optional(|fields| object.read(fields, "reason", |f, at, text| f.parsed(at, text, Reason::parse)));
    let words =
        fields.optional(|fields| object.read(fields, "words", |f, at, text| f.line(at, text, MAX_WORDS)));
    let place =
        fields.optional(|fields| object.read(fields, "place", |f, at, text| f.line(at, text, MAX_NAME)));
    let key = fields.optional(|fields| object.read(fields, "key", id));
    object.close(fields);
    let (at, state) = (at?, state?);
    let key = key.unwrap_or_else(|| key_of(at, state, words.as_deref(), place.as_deref()));
    Some(IncomingScan { key, at, state, reason, words, place })
}

/// A key of what a scan says, for sources that name none.
pub fn key_of(at: Timestamp, state: State, words: Option<&str>, place: Option<&str>) -> String {
    let said = format!("{}\n{}\n{}\n{}", at.ms(), state.as_str(), words.unwrap_or(""), place.unwrap_or(""));
    keys::hex(&keys::sha256(said.as_bytes())[..16])
}

fn id(fields: &mut Fields, at: &str, text: &str) -> Option<String> {
    fields.identifier(at, text, MAX_ID)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn now() -> Timestamp {
        Timestamp::parse("2026-11-27T10:00:00Z").unwrap()
    }

    fn told() -> Value {
        json!({ "source": "web", "external_id": "f1", "order": "1042", "updated_at": "2026-11-26T10:00:00Z",
            "carrier": "Royal Mail", "tracking_number": "AB123456785GB", "lines": [{ "line": "l1", "quantity": 2 }],
            "expected_to": "2026-11-28", "pickup": { "name": "Corner shop", "until": "2026-12-04" },
            "scans": [{ "at": "2026-11-26T12:00:00Z", "state": "in_transit", "place": "Leeds" }] })
    }

    #[test]
    fn a_shipment_is_read_with_everything_in_it() {
        let read = read(&told(), now()).unwrap();
        assert_eq!((read.source.as_str(), read.order.external_id.as_str()), ("web", "1042"));
        assert_eq!(read.shipped_at, read.updated_at);
        assert_eq!(read.lines, [ShipmentLine { line: "l1".to_owned(), quantity: 2 }]);
        assert_eq!(read.scans[0].state, State::InTransit);
        assert_eq!(read.expected.map(|days| days.from), read.expected.map(|days| days.to));
        assert_eq!(
            read.pickup.map(|point| (point.name, point.hours)),
            Some(("Corner shop".to_owned(), None))
        );
    }

    #[test]
    fn what_is_wrong_is_named() {
        let mut wrong = told();
        wrong["scans"][0]["state"] = json!("flying");
        wrong["lines"][0]["quantity"] = json!(0);
        wrong["tracking_url"] = json!("javascript:alert(1)");
        wrong["surprise"] = json!(1);
        wrong["pickup"] = json!({ "until": "soon" });
        wrong["updated_at"] = json!("9999-01-01T00:00:00Z");
        let error = read(&wrong, now()).unwrap_err();
        let pointers: Vec<&str> = error.fields().iter().map(|fault| fault.pointer.as_str()).collect();
        for pointer in [
            "/scans/0/state",
            "/lines/0/quantity",
            "/pickup/name",
            "/pickup/until",
            "/tracking_url",
            "/surprise",
            "/updated_at",
        ] {
            assert!(pointers.contains(&pointer), "{pointer} is not in {pointers:?}");
        }
    }

    #[test]
    fn a_shop_is_believed_and_what_is_unreadable_is_absent() {
        let order = OrderRef { source: "vendure:con_1".to_owned(), external_id: "7".to_owned() };
        let told = [
            json!({ "external_id": 3, "updated_at": "2026-11-26T10:00:00Z" }),
            json!({ "external_id": "4", "updated_at": "2026-11-26T10:00:00Z", "tracking_url": "nonsense", "more": 1 }),
        ];
        assert!(believe(&told[..1], &order, now()).is_err());
        let read = believe(&told[1..], &order, now()).unwrap();
        assert_eq!((read[0].order.clone(), read[0].tracking.url.clone()), (order, None));
    }

    #[test]
    fn the_same_scan_told_twice_has_one_key() {
        let key = |words| key_of(now(), State::InTransit, words, Some("Leeds"));
        assert_eq!(key(Some("Left")), key(Some("Left")));
        assert_ne!(key(Some("Left")), key(None));
    }
}
