//! Payloads in the exact shape Shopify sends, and payloads nobody should send.

use kernel::{Channel, Dice, Kind, Timestamp};
use orders::incoming::{Fulfilment, IncomingOrder, OrderStatus, Payment, Totals};
use serde_json::{Value, json};

use super::{Notice, parcels, parse, verify};
use crate::inbox::Content;

const PAYLOADS: [(&str, &str); 3] = [
    ("create", include_str!("../../tests/payloads/shopify_orders_create.json")),
    ("updated", include_str!("../../tests/payloads/shopify_orders_updated.json")),
    ("cancelled", include_str!("../../tests/payloads/shopify_orders_cancelled.json")),
];

fn request(name: &str) -> Value {
    let text = PAYLOADS.iter().find(|(known, _)| *known == name).unwrap().1;
    serde_json::from_str(text).unwrap()
}

fn raw_body(name: &str) -> String {
    request(name)["request"]["body_raw"].as_str().unwrap().to_owned()
}

fn notice() -> Notice {
    Notice { source: "shopify:con_1".to_owned(), triggered_at: None }
}

fn order() -> Value {
    serde_json::from_str(&raw_body("create")).unwrap()
}

/// The order of the payload with some fields put in their place.
fn with(changes: Value) -> Value {
    let mut order = order();
    for (name, value) in changes.as_object().unwrap() {
        order[name] = value.clone();
    }
    order
}

fn parsed(order: &Value) -> kernel::Result<IncomingOrder> {
    parse(order.to_string().as_bytes(), &notice())
}

fn read(changes: Value) -> IncomingOrder {
    parsed(&with(changes)).unwrap()
}

fn refused(order: &Value) -> Vec<(String, &'static str)> {
    let error = parsed(order).unwrap_err();
    assert_eq!(error.kind(), Kind::Invalid, "{error}");
    error.fields().iter().map(|fault| (fault.pointer.clone(), fault.code)).collect()
}

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

#[test]
fn every_payload_verifies_and_no_changed_byte_does() {
    for (name, _) in PAYLOADS {
        let request = request(name);
        let signature = request["request"]["headers"]["X-Shopify-Hmac-Sha256"].as_str().unwrap().to_owned();
        let secret = request["signature"]["secret"].as_str().unwrap().as_bytes().to_vec();
        let body = raw_body(name).into_bytes();
        assert!(verify(&secret, &body, &signature), "{name}");
        assert!(!verify(b"another secret", &body, &signature));
        for place in (0..body.len()).step_by(997) {
            let mut changed = body.clone();
            changed[place] ^= 1;
            assert!(!verify(&secret, &changed, &signature), "{name}, byte {place}");
        }
        for wrong in ["", "=", "not base64!", &signature[1..], &signature[..signature.len() - 4]] {
            assert!(!verify(&secret, &body, wrong), "{wrong}");
        }
    }
}

#[test]
fn a_created_order_is_read_whole() {
    let order = parse(raw_body("create").as_bytes(), &notice()).unwrap();
    assert_eq!((order.external_id.as_str(), order.number.as_str()), ("6001", "#1001"));
    assert_eq!((order.status, order.payment), (OrderStatus::Placed, Payment::Paid));
    assert_eq!(order.placed_at, at("2026-11-01T08:59:58Z"));
    assert_eq!(order.version.updated_at, at("2026-11-01T09:00:01Z"));
    assert_eq!(order.currency.code(), "EUR");
    assert_eq!(order.locale.unwrap().as_str(), "de-AT");
    assert_eq!(order.customer.external_id.as_deref(), Some("7001"));
    assert_eq!(order.customer.email.unwrap().as_str(), "ann@example.test");
    assert_eq!(order.customer.phone.unwrap().as_str(), "+4315550100");
    assert_eq!(order.customer.name.as_deref(), Some("Ann Buyer"));
    let expected =
        Totals { subtotal: 4000, discount: 400, shipping: 500, tax: 667, tax_included: true, total: 4100 };
    assert_eq!(order.totals, expected);
    assert_eq!(order.totals.computed(), order.totals.total);
    assert_eq!(order.lines.len(), 1);
    let line = &order.lines[0];
    assert_eq!((line.external_id.as_str(), line.title.as_str(), line.quantity), ("5001", "Merino tee", 2));
    assert_eq!((line.variant.as_deref(), line.sku.as_deref()), (Some("M / green"), Some("TEE-M-GRN")));
    let address = order.shipping_address.unwrap();
    assert_eq!((address.line1.as_str(), address.country.as_str()), ("Ringstraße 1", "AT"));
    assert!(order.is_gift);
    assert_eq!(order.note.as_deref(), Some("Gift — please don’t include the invoice"));
    assert_eq!(order.tags, ["first-order"]);
    assert_eq!(order.fulfilment, Fulfilment::Unfulfilled);
    assert_eq!(order.consents.len(), 1);
    assert!(order.consents[0].granted);
    assert_eq!(order.consents[0].at, at("2026-01-05T08:00:00Z"));
}

#[test]
fn later_versions_tell_dispatch_and_cancellation() {
    let updated = parse(raw_body("updated").as_bytes(), &notice()).unwrap();
    assert_eq!((updated.fulfilment, updated.delivered_at), (Fulfilment::Fulfilled, None));
    let cancelled = parse(raw_body("cancelled").as_bytes(), &notice()).unwrap();
    assert_eq!((cancelled.status, cancelled.payment), (OrderStatus::Cancelled, Payment::Refunded));
    let cancellation = cancelled.cancellation.unwrap();
    assert_eq!(cancellation.at, at("2026-11-01T10:00:00Z"));
    assert_eq!(cancellation.reason.as_deref(), Some("customer"));
    assert_eq!(cancelled.refunded_minor, 4100);
}

#[test]
fn the_customer_has_ordered_when_paid_or_when_paying_later_was_agreed() {
    let no_gateway = json!([]);
    let card = json!(["bogus"]);
    let cases = [
        ("paid", &no_gateway, OrderStatus::Placed, Payment::Paid),
        ("authorized", &no_gateway, OrderStatus::Placed, Payment::Authorized),
        ("partially_paid", &no_gateway, OrderStatus::Placed, Payment::Pending),
        ("partially_refunded", &card, OrderStatus::Placed, Payment::PartiallyRefunded),
        ("refunded", &card, OrderStatus::Placed, Payment::Refunded),
        ("pending", &card, OrderStatus::Placed, Payment::Pending),
        ("pending", &no_gateway, OrderStatus::Unplaced, Payment::Pending),
        ("voided", &card, OrderStatus::Unplaced, Payment::Voided),
        ("expired", &card, OrderStatus::Unplaced, Payment::Voided),
    ];
    for (word, gateways, status, payment) in cases {
        let order = read(json!({ "financial_status": word, "payment_gateway_names": gateways }));
        assert_eq!((order.status, order.payment), (status, payment), "{word} {gateways}");
    }
    let terms =
        json!({ "financial_status": "pending", "payment_gateway_names": [], "payment_terms": { "id": 1 } });
    assert_eq!(read(terms).status, OrderStatus::Placed);
    assert_eq!(read(json!({ "test": true })).status, OrderStatus::Placed);
}

#[test]
fn an_edited_order_adds_up_as_it_stands() {
    let mut order = with(json!({
        "current_total_price": "23.00", "current_total_discounts": "2.00", "current_total_tax": "3.67"
    }));
    order["line_items"][0]["current_quantity"] = json!(1);
    let read = parsed(&order).unwrap();
    assert_eq!(read.lines[0].quantity, 1);
    assert_eq!(read.totals.subtotal, 2000);
    assert_eq!(read.totals.computed(), read.totals.total);
}

#[test]
fn a_wholly_returned_order_still_says_what_was_bought() {
    let mut order = with(json!({ "current_total_price": "0.00", "current_total_discounts": "0.00" }));
    order["line_items"][0]["current_quantity"] = json!(0);
    order["refunds"] = json!([{ "transactions": [
        { "kind": "refund", "status": "success", "amount": "41.00", "currency": "EUR" },
        { "kind": "refund", "status": "failure", "amount": "41.00", "currency": "EUR" },
        { "kind": "void", "amount": "1.00" },
    ] }]);
    let read = parsed(&order).unwrap();
    assert_eq!((read.lines[0].quantity, read.totals.total, read.refunded_minor), (2, 4100, 4100));
    assert_eq!(read.totals.computed(), read.totals.total);
}

#[test]
fn a_line_that_was_taken_out_is_left_out() {
    let mut order = order();
    let mut gone = order["line_items"][0].clone();
    gone["id"] = json!(5002);
    gone["current_quantity"] = json!(0);
    order["line_items"].as_array_mut().unwrap().push(gone);
    assert_eq!(parsed(&order).unwrap().lines.len(), 1);
}

#[test]
fn free_delivery_by_discount_adds_up_whichever_way_it_is_told() {
    let amount = |text: &str| json!({ "shop_money": { "amount": text, "currency_code": "EUR" } });
    let changes = json!({
        "current_shipping_price_set": amount("0.00"), "total_shipping_price_set": amount("5.00"),
        "current_total_discounts": "9.00", "current_total_price": "36.00"
    });
    let totals = read(changes).totals;
    assert_eq!((totals.shipping, totals.computed()), (500, totals.total));
}

#[test]
fn a_mismatch_is_believed() {
    let totals = read(json!({ "current_total_price": "99.99" })).totals;
    assert_eq!((totals.total, totals.computed()), (9999, 4100));
}

#[test]
fn delivered_means_every_parcel_arrived() {
    let parcel = |status: &str, updated: &str| json!({ "status": "success", "shipment_status": status, "updated_at": updated });
    let arrived = json!([
        parcel("delivered", "2026-11-03T10:00:00Z"), parcel("delivered", "2026-11-04T10:00:00Z"),
        { "status": "cancelled", "shipment_status": null }
    ]);
    let order = read(json!({ "fulfillment_status": "fulfilled", "fulfillments": arrived }));
    assert_eq!(
        (order.fulfilment, order.delivered_at),
        (Fulfilment::Delivered, Some(at("2026-11-04T10:00:00Z")))
    );
    let on_its_way =
        json!([parcel("delivered", "2026-11-03T10:00:00Z"), parcel("in_transit", "2026-11-04T10:00:00Z")]);
    let order = read(json!({ "fulfillment_status": "fulfilled", "fulfillments": on_its_way }));
    assert_eq!((order.fulfilment, order.delivered_at), (Fulfilment::Fulfilled, None));
}

#[test]
fn contact_points_that_cannot_be_used_are_dropped_and_without_any_the_order_is_refused() {
    let order = read(json!({ "phone": "call me", "email": "nonsense" }));
    // The next best is used: the account's e-mail address, and no phone, for the parcel's is the recipient's.
    assert_eq!(order.customer.email.unwrap().as_str(), "ann@example.test");
    assert_eq!(order.customer.phone, None);
    let not_a_gift = read(json!({ "phone": null, "note_attributes": [] }));
    assert_eq!(not_a_gift.customer.phone.unwrap().as_str(), "+4315550100");
    let nobody = with(json!({ "phone": "x", "email": "x", "contact_email": null, "customer": null }));
    assert_eq!(refused(&nobody), [("/customer".to_owned(), "no_contact")]);
}

#[test]
fn consent_counts_only_for_the_address_it_was_given_for() {
    let mut order = order();
    order["customer"]["email"] = json!("other@example.test");
    assert_eq!(parsed(&order).unwrap().consents, []);
    order["customer"]["email_marketing_consent"] = json!({ "state": "unsubscribed" });
    let consents = parsed(&order).unwrap().consents;
    assert_eq!((consents.len(), consents[0].granted), (1, false));
    order["customer"]["email_marketing_consent"] =
        json!({ "state": "not_subscribed", "consent_updated_at": null });
    assert_eq!(parsed(&order).unwrap().consents, []);
    order["customer"]["phone"] = json!("+43 1 5550100");
    order["customer"]["sms_marketing_consent"] = json!({ "state": "subscribed" });
    let consents = parsed(&order).unwrap().consents;
    assert_eq!((consents[0].channel, consents[0].granted), (Channel::Sms, true));
}

#[test]
fn an_unticked_box_takes_nothing_back() {
    let mut order = order();
    order["customer"]["email_marketing_consent"] = json!(null);
    assert!(parsed(&order).unwrap().consents[0].granted);
    order["buyer_accepts_marketing"] = json!(false);
    assert_eq!(parsed(&order).unwrap().consents, []);
}

#[test]
fn hostile_values_are_refused_with_the_field_named() {
    let mut negative = order();
    negative["line_items"][0]["current_quantity"] = json!(-3);
    let mut nul = order();
    nul["line_items"][0]["title"] = json!("Tee\u{0}");
    let mut twice = order();
    let line = twice["line_items"][0].clone();
    twice["line_items"].as_array_mut().unwrap().push(line.clone());
    let mut many = order();
    many["line_items"] = json!(vec![line; 10_000]);
    let mut vast = order();
    vast["line_items"][0]["price"] = json!("999999999999999.00");
    let cases: [(Value, &str, &str); 11] = [
        (with(json!({ "currency": "DOGE" })), "/currency", "unknown_currency"),
        (with(json!({ "currency": null })), "/currency", "missing"),
        (with(json!({ "id": [1] })), "/id", "missing"),
        (with(json!({ "name": "#".repeat(5_000) })), "/name", "too_long"),
        (with(json!({ "processed_at": "2026-02-30T00:00:00Z" })), "/processed_at", "not_an_instant"),
        (with(json!({ "line_items": [] })), "/lines", "empty"),
        (negative, "/line_items/0/quantity", "out_of_range"),
        (nul, "/line_items/0/title", "nul_byte"),
        (twice, "/line_items/1/id", "duplicate"),
        (many, "/line_items", "too_many"),
        (vast, "/line_items/0/price", "out_of_range"),
    ];
    for (order, pointer, code) in cases {
        assert_eq!(refused(&order), [(pointer.to_owned(), code)], "{pointer}");
    }
}

#[test]
fn what_is_not_an_order_is_unreadable_and_quotes_nothing() {
    let deep = "[".repeat(50_000);
    for body in ["", "{", "null", "\"ann@example.test\"", "{\"line_items\":7}", "\u{feff}{}", deep.as_str()] {
        let error = parse(body.as_bytes(), &notice()).unwrap_err();
        assert_eq!(error.kind(), Kind::Unreadable, "{body:.20}");
        assert!(!error.to_string().contains("ann@"), "{error}");
    }
    assert_eq!(parse(b"\xff\xfe{}", &notice()).unwrap_err().kind(), Kind::Unreadable);
    for body in [b"{}", b"[]"] {
        assert_eq!(parse(body, &notice()).unwrap_err().kind(), Kind::Invalid);
    }
}

#[test]
fn hostile_texts_become_inert() {
    let mut order = order();
    order["customer"]["first_name"] = json!("Ann\r\nBcc: victim@example.test");
    order["customer"]["last_name"] = json!("\u{202E}<b>\u{1F469}\u{200D}\u{1F680}</b>");
    order["shipping_address"]["city"] = json!("Wien\t\n");
    order["line_items"][0]["title"] = json!("T".repeat(100_000));
    order["note"] = json!("{{#each x}}<script>alert(1)</script>");
    order["tags"] = json!("ok, , \u{7}, also ok");
    let read = parsed(&order).unwrap();
    let name = read.customer.name.unwrap();
    assert!(!name.contains(['\r', '\n']) && name.starts_with("Ann  Bcc"), "{name}");
    assert_eq!(read.lines[0].title.chars().count(), orders::incoming::MAX_TITLE);
    assert_eq!(read.shipping_address.unwrap().city, "Wien");
    assert_eq!(read.tags, ["ok", "also ok"]);
}

#[test]
fn no_mutated_body_panics() {
    let mut dice = Dice::seeded(20_261_122);
    let bodies: Vec<Vec<u8>> = PAYLOADS.iter().map(|(name, _)| raw_body(name).into_bytes()).collect();
    let mut taken = 0;
    for round in 0..20_000 {
        let mut body = bodies[round % bodies.len()].clone();
        for _ in 0..=dice.below(4) {
            mutate(&mut body, &mut dice);
        }
        if let Ok(order) = parse(&body, &notice()) {
            order.check().unwrap();
            let sum: i64 = order.lines.iter().map(|line| line.unit_price * i64::from(line.quantity)).sum();
            assert!(sum >= 0 && order.totals.total >= 0);
            taken += 1;
        }
    }
    // Most changed bytes are in texts; if hardly any order were read, the loop would test the JSON parser only.
    assert!(taken > 5_000, "{taken}");
}

fn mutate(body: &mut Vec<u8>, dice: &mut Dice) {
    const PIECES: [&[u8]; 10] = [
        b"null",
        b"-1",
        b"1e999",
        b"\\u0000",
        b"\\ud800",
        b"[]",
        b"{}",
        b"\"\"",
        b"99999999999999999999",
        b"\xff",
    ];
    let at = dice.below(body.len() as u64) as usize;
    match dice.below(5) {
        0 => body[at] = dice.bits() as u8,
        1 => body[at] ^= 1 << dice.below(8),
        2 => drop(body.remove(at)),
        3 => {
            let piece = PIECES[dice.below(PIECES.len() as u64) as usize];
            body.splice(at..at, piece.iter().copied());
        }
        _ => replace_value(body, at, PIECES[dice.below(PIECES.len() as u64) as usize]),
    }
}

/// Puts `piece` in the place of the next plain value after `at`, so that the body stays JSON and its meaning breaks.
fn replace_value(body: &mut Vec<u8>, at: usize, piece: &[u8]) {
    let Some(colon) = body[at..].iter().position(|b| *b == b':') else { return };
    let from = at + colon + 1;
    let Some(end) = body[from..].iter().position(|b| matches!(b, b',' | b'}')) else { return };
    body.splice(from..from + end, piece.iter().copied());
}

#[test]
fn each_number_of_a_fulfilment_is_read_once_with_the_link_at_its_place() {
    let numbers = |told: Value| {
        let mut fulfilment = json!({ "id": 7, "order_id": 1, "updated_at": "2026-11-04T10:00:00Z" });
        fulfilment.as_object_mut().unwrap().extend(told.as_object().unwrap().clone());
        let body = fulfilment.to_string();
        let read = parcels::parse("fulfillments/create", body.as_bytes(), "shopify:con_1");
        let Ok(Content::Shipment(told)) = read else { panic!("{body}") };
        let all = std::iter::once(told.tracking).chain(told.further);
        all.map(|number| (number.number.unwrap_or_default(), number.url.unwrap_or_default()))
            .collect::<Vec<_>>()
    };
    let number = |number: &str, url: &str| (number.to_owned(), url.to_owned());
    assert_eq!(numbers(json!({})), [number("", "")]);
    let links = json!(["https://a.example/", "https://b.example/"]);
    let both = [number("A", "https://a.example/"), number("B", "https://b.example/")];
    assert_eq!(numbers(json!({ "tracking_numbers": ["A", "B"], "tracking_urls": links })), both);
    let told = json!({ "tracking_number": "A", "tracking_numbers": ["A", "B"], "tracking_urls": links });
    assert_eq!(numbers(told), both);
    let told = json!({ "tracking_number": "A", "tracking_numbers": ["A", "B", " b"], "tracking_url": "https://a.example/" });
    assert_eq!(numbers(told), [number("A", "https://a.example/"), number("B", "")]);
    assert_eq!(numbers(json!({ "tracking_numbers": vec!["A"; 900] })).len(), 1);
    let many: Vec<String> = (0..900).map(|nth| format!("N{nth}")).collect();
    assert_eq!(numbers(json!({ "tracking_numbers": many })).len(), 20);
}
