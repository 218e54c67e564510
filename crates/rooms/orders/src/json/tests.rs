//! What a shop says is believed; the strict manner is tested where callers meet it, in the API.

use kernel::{Dice, Kind, Timestamp};
use serde_json::{Value, json};

use super::{Teller, believe, read};
use crate::incoming::{Fulfilment, IncomingOrder, OrderStatus, Payment};

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn believed(value: &Value) -> kernel::Result<IncomingOrder> {
    let teller = Teller { source: "vendure:con_1", triggered_at: Some(at("2026-11-20T11:59:59.123Z")) };
    believe(value, teller, at("2026-11-20T12:00:00Z"))
}

fn told() -> Value {
    json!({
        "external_id": "17", "number": "T7K2", "status": "placed", "payment": "partially_refunded",
        "placed_at": "2026-11-20T10:00:00Z", "updated_at": "2026-11-20T11:00:00.5Z", "currency": "EUR",
        "locale": "de",
        "customer": { "external_id": "c1", "email": "amina@example.test" },
        "lines": [{ "external_id": "l1", "title": "Darjeeling", "quantity": 2, "unit_price": 1200 }],
        "totals": { "subtotal": 2400, "shipping": 395, "tax": 466, "total": 2795 },
        "shipping_address": { "line1": "14 Elm Row", "city": "Leeds", "country": "gb" },
        "fulfilment": "delivered", "delivered_at": "2026-11-20T10:50:00Z",
        "refunds": [{ "external_id": "r1", "amount": 1200, "at": "2026-11-20T10:55:00Z" },
                    { "external_id": "r2", "amount": 300 }, { "external_id": "r3", "amount": 0 }],
    })
}

fn with(pointer: &str, value: Value) -> Value {
    let mut order = told();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    match order.pointer_mut(parent).unwrap() {
        Value::Array(list) => list[name.parse::<usize>().unwrap()] = value,
        object => object[name] = value,
    }
    order
}

#[test]
fn a_shop_tells_how_far_goods_and_money_have_got() {
    let order = believed(&told()).unwrap();
    assert_eq!((order.source.as_str(), order.number.as_str()), ("vendure:con_1", "T7K2"));
    assert_eq!((order.fulfilment, order.payment), (Fulfilment::Delivered, Payment::PartiallyRefunded));
    assert_eq!(order.delivered_at, Some(at("2026-11-20T10:50:00Z")));
    let refunds: Vec<_> = order.refunds.iter().map(|refund| (refund.amount_minor, refund.at)).collect();
    let settled = (1_200, at("2026-11-20T10:55:00Z"));
    assert_eq!((order.refunded_minor, refunds), (1_500, vec![settled, (300, at("2026-11-20T11:00:00.5Z"))]));
    assert_eq!(order.version.updated_at, at("2026-11-20T11:00:00.5Z"));
    assert_eq!(order.version.triggered_at, Some(at("2026-11-20T11:59:59.123Z")));
    assert_eq!(order.shipping_address.unwrap().country, "GB");
    let given_back = believed(&{
        let mut order = with("/payment", json!("refunded"));
        order["refunds"] = json!([]);
        order
    });
    assert_eq!(given_back.unwrap().refunded_minor, 2_795);
}

#[test]
fn a_cancellation_has_its_own_time_where_the_shop_tells_it() {
    let mut order = with("/status", json!("cancelled"));
    let cancellation = believed(&order).unwrap().cancellation.unwrap();
    assert_eq!((cancellation.at, cancellation.reason), (at("2026-11-20T11:00:00.5Z"), None));
    order["cancelled_at"] = json!("2026-11-20T10:30:00Z");
    order["cancel_reason"] = json!("Out of stock");
    let cancellation = believed(&order).unwrap().cancellation.unwrap();
    assert_eq!(cancellation.at, at("2026-11-20T10:30:00Z"));
    assert_eq!(cancellation.reason.as_deref(), Some("Out of stock"));
    assert_eq!(believed(&with("/status", json!("unplaced"))).unwrap().status, OrderStatus::Unplaced);
}

#[test]
fn what_is_not_needed_and_can_not_be_read_is_absent() {
    type IsRight = fn(&IncomingOrder) -> bool;
    let absent: [(&str, Value, IsRight); 12] = [
        ("/source", json!("web:x"), |order| order.source == "vendure:con_1"),
        ("/colour", json!("red"), |_| true),
        ("/locale", json!("english"), |order| order.locale.is_none()),
        ("/customer/phone", json!("07700 900123"), |order| order.customer.phone.is_none()),
        ("/customer/name", json!(7), |order| order.customer.name.is_none()),
        ("/lines/0/image_url", json!("ftp://shop.test/tea.jpg"), |order| order.lines[0].image_url.is_none()),
        ("/shipping_address/city", json!(""), |order| order.shipping_address.is_some()),
        ("/shipping_address/country", json!("England"), |order| order.shipping_address.is_none()),
        ("/expected", json!("soon"), |order| order.expected.ships_by.is_none()),
        ("/consent", json!([]), |order| order.consents.is_empty()),
        ("/fulfilment", json!("teleported"), |order| order.fulfilment == Fulfilment::Unfulfilled),
        ("/totals/total", json!(9_999), |order| order.totals.total == 9_999),
    ];
    for (pointer, value, is_right) in absent {
        let order = believed(&with(pointer, value)).unwrap_or_else(|error| panic!("{pointer}: {error}"));
        assert!(is_right(&order), "{pointer}");
    }
}

#[test]
fn what_an_order_can_not_be_without_is_named() {
    let cases = [
        ("/external_id", json!("  "), "missing"),
        ("/number", json!(null), "missing"),
        ("/status", json!("lost"), "unknown_word"),
        ("/currency", json!("Taler"), "unknown_currency"),
        ("/updated_at", json!("9999-01-01T00:00:00Z"), "in_the_future"),
        ("/customer", json!("Amina"), "wrong_type"),
        ("/customer/email", json!("amina"), "no_contact"),
        ("/lines/0/title", json!(""), "missing"),
        ("/lines/0/quantity", json!("2"), "wrong_type"),
        ("/refunds/0/amount", json!(-5), "out_of_range"),
        ("/refunds/1/external_id", json!("r1"), "duplicate"),
    ];
    for (pointer, value, code) in cases {
        let error = believed(&with(pointer, value)).unwrap_err();
        let named = error.fields().iter().any(|fault| fault.code == code);
        assert!(named && error.kind() == Kind::Invalid, "{pointer}: {error} {:?}", error.fields());
    }
}

#[test]
fn only_a_shop_that_is_believed_tells_progress() {
    let mut order = told();
    order["source"] = json!("web");
    let unknown = read(&order, at("2026-11-20T12:00:00Z")).unwrap_err();
    let unknown: Vec<&str> = unknown.fields().iter().map(|fault| fault.pointer.as_str()).collect();
    assert_eq!(unknown, ["/delivered_at", "/fulfilment", "/refunds"]);
}

#[test]
fn no_mutated_order_panics_or_fails_without_a_reason() {
    let mut dice = Dice::seeded(11);
    let values = [json!(null), json!(-1), json!("\u{0}"), json!(""), json!([]), json!({}), json!(i64::MAX)];
    let pointers = [
        "/external_id",
        "/status",
        "/payment",
        "/placed_at",
        "/updated_at",
        "/currency",
        "/locale",
        "/customer",
        "/customer/email",
        "/lines",
        "/lines/0",
        "/lines/0/quantity",
        "/lines/0/unit_price",
        "/totals",
        "/totals/total",
        "/shipping_address",
        "/shipping_address/country",
        "/fulfilment",
        "/delivered_at",
        "/refunds",
        "/refunds/0",
        "/refunds/0/amount",
        "/refunds/0/at",
    ];
    for _ in 0..20_000 {
        let mut order = told();
        for _ in 0..=dice.below(3) {
            let pointer = pointers[dice.below(pointers.len() as u64) as usize];
            if let Some(place) = order.pointer_mut(pointer) {
                *place = values[dice.below(values.len() as u64) as usize].clone();
            }
        }
        match believed(&order) {
            Ok(order) => order.check().unwrap(),
            Err(error) => assert_eq!(error.kind(), Kind::Invalid, "{order}"),
        }
    }
}
