//! Reading an order, one fault at a time and all at once.

use kernel::{Channel, Dice, Timestamp};
use orders::incoming::{IncomingConsent, IncomingOrder, OrderStatus};
use serde_json::{Value, json};

use crate::order_out::body;
use crate::schema::{OrderBody, example};
use crate::stored::Said;

fn now() -> Timestamp {
    Timestamp::parse("2026-11-20T12:00:00Z").unwrap()
}

fn read(value: &Value) -> kernel::Result<IncomingOrder> {
    orders::json::read(value, now())
}

/// The example with the value at `pointer` in its place.
fn with(pointer: &str, value: Value) -> Value {
    let mut order = example();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    match order.pointer_mut(parent).unwrap() {
        Value::Array(list) => list[name.parse::<usize>().unwrap()] = value,
        object => object[name] = value,
    }
    order
}

/// The order as the API would say it if nothing happened to it and its customer since.
fn said_back(order: &IncomingOrder) -> OrderBody {
    let said = |consent: &IncomingConsent| Said {
        channel: consent.channel,
        granted: consent.granted,
        wording: consent.wording.clone(),
        at: consent.at,
    };
    body(order, &order.consents.iter().map(said).collect::<Vec<_>>())
}

fn faults(value: &Value) -> Vec<(String, &'static str)> {
    let error = read(value).unwrap_err();
    error.fields().iter().map(|fault| (fault.pointer.clone(), fault.code)).collect()
}

#[test]
fn the_documented_order_is_read_and_said_back_in_the_same_shape() {
    let order = read(&example()).unwrap();
    assert_eq!(order.totals.computed(), order.totals.total);
    assert_eq!(order.consents.len(), 2);
    assert_eq!((order.consents[1].channel, order.consents[1].granted), (Channel::Sms, false));
    assert_eq!(serde_json::to_value(said_back(&order)).unwrap(), example());
}

#[test]
fn what_is_said_back_can_be_sent_again() {
    let minimal = json!({
        "source": "pos", "external_id": "1", "number": "1", "status": "cancelled", "payment": "refunded",
        "placed_at": "2026-11-20T10:00:00+01:00", "updated_at": "2026-11-20T10:00:00Z", "currency": "JPY",
        "customer": { "phone": "+447700900123" },
        "lines": [{ "external_id": "1", "title": "Tea", "quantity": 1, "unit_price": 500 }],
        "totals": { "subtotal": 500, "total": 500 }
    });
    let order = read(&minimal).unwrap();
    assert_eq!((order.status, order.refunded_minor), (OrderStatus::Cancelled, 500));
    assert!(order.totals.tax_included && order.cancellation.is_some());
    let said = serde_json::to_value(said_back(&order)).unwrap();
    assert_eq!(read(&said).unwrap(), order);
}

#[test]
fn each_wrong_field_is_named() {
    let cases = [
        ("/source", json!(null), "missing"),
        ("/source", json!("shopify:con_1"), "reserved"),
        ("/external_id", json!(1042), "wrong_type"),
        ("/number", json!(""), "empty"),
        ("/number", json!("a\nb"), "control_character"),
        ("/number", json!("a\u{0}b"), "nul_byte"),
        ("/number", json!("n".repeat(121)), "too_long"),
        ("/status", json!("unplaced"), "unknown_word"),
        ("/payment", json!("maybe"), "unknown_word"),
        ("/placed_at", json!("2026-11-21T12:00:01Z"), "in_the_future"),
        ("/placed_at", json!("2026-02-30T10:00:00Z"), "not_an_instant"),
        ("/updated_at", json!("yesterday"), "not_an_instant"),
        ("/currency", json!("gbp"), "unknown_currency"),
        ("/locale", json!("english"), "unknown_locale"),
        ("/customer/email", json!("amina"), "not_an_email"),
        ("/customer/phone", json!("07700 900123"), "not_a_phone"),
        ("/customer/name", json!("Amina\r\nBcc: x@example.test"), "control_character"),
        ("/customer/preferred_channel", json!("pigeon"), "unknown_channel"),
        ("/customer/time_zone", json!("Mars/Olympus"), "unknown_time_zone"),
        ("/lines", json!({}), "wrong_type"),
        ("/lines", json!(null), "missing"),
        ("/lines/0", json!("tea"), "wrong_type"),
        ("/lines/0/quantity", json!(0), "out_of_range"),
        ("/lines/0/quantity", json!(-1), "out_of_range"),
        ("/lines/0/quantity", json!(1.5), "wrong_type"),
        ("/lines/0/unit_price", json!(-1), "out_of_range"),
        ("/lines/0/unit_price", json!("1200"), "wrong_type"),
        ("/lines/0/unit_price", json!(999_999_999_999_999i64), "out_of_range"),
        ("/lines/0/image_url", json!("javascript:alert(1)"), "not_a_link"),
        ("/totals/subtotal", json!(2401), "does_not_add_up"),
        ("/totals/total", json!(1), "does_not_add_up"),
        ("/totals/tax_included", json!("yes"), "wrong_type"),
        ("/shipping_address/country", json!("England"), "unknown_country"),
        ("/expected/ships_by", json!("23.11.2026"), "not_a_date"),
        ("/expected/delivered_to", json!("2026-11-24"), "impossible_date"),
        ("/consent/marketing_email", json!(1), "wrong_type"),
        ("/is_gift", json!("no"), "wrong_type"),
        ("/tags", json!("a,b"), "wrong_type"),
    ];
    for (pointer, value, code) in cases {
        let found = faults(&with(pointer, value.clone()));
        assert!(found.contains(&(pointer.to_owned(), code)), "{pointer} {value}: {found:?}");
    }
}

#[test]
fn all_faults_are_told_at_once_and_unknown_fields_by_name() {
    let mut order = with("/currency", json!("DOGE"));
    order["customer"] = json!({ "nick/name": "A~" });
    order["lines"][0]["quantity"] = json!(0);
    order["colour"] = json!("red");
    let expected = [
        ("/currency", "unknown_currency"),
        ("/customer", "no_contact"),
        ("/customer/nick~1name", "unknown_field"),
        ("/lines/0/quantity", "out_of_range"),
        ("/colour", "unknown_field"),
    ];
    assert_eq!(faults(&order), expected.map(|(pointer, code)| (pointer.to_owned(), code)));
}

#[test]
fn a_body_that_is_no_object_or_far_too_much_is_refused() {
    for value in [json!([]), json!("x"), json!(null), json!(7)] {
        assert_eq!(faults(&value), [(String::new(), "wrong_type")]);
    }
    let mut empty = with("/lines", json!([]));
    empty["totals"] = json!({ "subtotal": 0, "total": 0 });
    assert_eq!(faults(&empty), [("/lines".to_owned(), "empty")]);
    let line = example()["lines"][0].clone();
    assert!(
        faults(&with("/lines", json!(vec![line.clone(); 10_000])))
            .contains(&("/lines".to_owned(), "too_many"))
    );
    let twice = faults(&with("/lines", json!([line.clone(), line])));
    assert!(twice.contains(&("/lines/1/external_id".to_owned(), "duplicate")), "{twice:?}");
}

/// The document and the reader can't drift apart: every field the document names is a field the reader knows.
#[test]
fn every_documented_field_is_known_to_the_reader() {
    let document = serde_json::to_value(crate::openapi()).unwrap();
    let places = [
        ("OrderBody", ""),
        ("CustomerBody", "/customer"),
        ("LineBody", "/lines/0"),
        ("TotalsBody", "/totals"),
        ("AddressBody", "/shipping_address"),
        ("ExpectedBody", "/expected"),
        ("ConsentBody", "/consent"),
    ];
    for (schema, place) in places {
        let properties = document.pointer(&format!("/components/schemas/{schema}/properties")).unwrap();
        let example = example();
        let known = example.pointer(place).unwrap().as_object().unwrap();
        let documented: Vec<&String> = properties.as_object().unwrap().keys().collect();
        assert_eq!(documented, known.keys().collect::<Vec<_>>(), "{schema}");
    }
}

#[test]
fn no_mutated_body_panics() {
    let mut dice = Dice::seeded(7);
    let values = [
        json!(null),
        json!(-1),
        json!("\u{0}"),
        json!([]),
        json!({}),
        json!(1e300),
        json!(i64::MAX),
        json!(true),
    ];
    let pointers = [
        "/source",
        "/placed_at",
        "/currency",
        "/customer",
        "/customer/email",
        "/lines",
        "/lines/0",
        "/lines/0/quantity",
        "/lines/0/unit_price",
        "/totals",
        "/totals/discount",
        "/totals/total",
        "/shipping_address",
        "/shipping_address/country",
        "/expected",
        "/expected/ships_by",
        "/consent",
        "/consent/at",
        "/tags",
        "/note",
        "/is_gift",
    ];
    for _ in 0..20_000 {
        let mut order = example();
        for _ in 0..=dice.below(3) {
            let pointer = pointers[dice.below(pointers.len() as u64) as usize];
            if let Some(place) = order.pointer_mut(pointer) {
                *place = values[dice.below(values.len() as u64) as usize].clone();
            }
        }
        if let Ok(order) = read(&order) {
            order.check().unwrap();
        }
    }
}
