//! Payloads in the exact shape WooCommerce sends, and payloads nobody should send.

use kernel::{Dice, Kind, Timestamp};
use orders::incoming::{Fulfilment, IncomingOrder, OrderStatus, Payment, Totals};
use serde_json::{Value, json};

use super::parse::{gone, parse};
use super::{decoded, encoded, verify};
use crate::inbox::Content;

const CREATED: &str = include_str!("../../tests/payloads/woocommerce_order_created.json");
const COMPLETED: &str = include_str!("../../tests/payloads/woocommerce_order_updated_completed.json");
const REFUNDED: &str = include_str!("../../tests/payloads/woocommerce_order_updated_refunded.json");
const DELETED: &str = include_str!("../../tests/payloads/woocommerce_order_deleted.json");
const SOURCE: &str = "woocommerce:con_1";

fn raw_body(payload: &str) -> String {
    let request: Value = serde_json::from_str(payload).unwrap();
    request["request"]["body_raw"].as_str().unwrap().to_owned()
}

/// The order of the payload with some fields put in their place.
fn with(changes: Value) -> Value {
    let mut order: Value = serde_json::from_str(&raw_body(CREATED)).unwrap();
    for (name, value) in changes.as_object().unwrap() {
        order[name] = value.clone();
    }
    order
}

fn parsed(body: &str) -> kernel::Result<IncomingOrder> {
    match parse(body.as_bytes(), SOURCE)? {
        Content::Order(order, _) => Ok(*order),
        other => panic!("not an order: {other:?}"),
    }
}

fn read(changes: Value) -> IncomingOrder {
    parsed(&with(changes).to_string()).unwrap()
}

fn refused(order: &Value) -> Vec<(String, &'static str)> {
    let error = parsed(&order.to_string()).unwrap_err();
    assert_eq!(error.kind(), Kind::Invalid, "{error}");
    error.fields().iter().map(|fault| (fault.pointer.clone(), fault.code)).collect()
}

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

#[test]
fn every_payload_verifies_and_no_changed_byte_does() {
    for payload in [CREATED, COMPLETED, REFUNDED, DELETED] {
        let request: Value = serde_json::from_str(payload).unwrap();
        let signature = request["request"]["headers"]["X-WC-Webhook-Signature"].as_str().unwrap();
        let secret = request["signature"]["secret"].as_str().unwrap();
        let body = raw_body(payload).into_bytes();
        assert!(verify(secret, &body, signature));
        assert!(!verify("another secret", &body, signature));
        for place in (0..body.len()).step_by(997) {
            let mut changed = body.clone();
            changed[place] ^= 1;
            assert!(!verify(secret, &changed, signature), "byte {place}");
        }
        for wrong in ["", "=", "not base64!", &signature[1..]] {
            assert!(!verify(secret, &body, wrong), "{wrong}");
        }
    }
}

#[test]
fn a_secret_counts_as_typed_decoded_and_encoded() {
    use base64::Engine as _;
    let signed = |secret: &str| {
        base64::engine::general_purpose::STANDARD
            .encode(kernel::keys::hmac_sha256(secret.as_bytes(), b"body"))
    };
    let (plain, coded) = ("a&b<c>\"d'", "a&amp;b&lt;c&gt;&quot;d&#039;");
    assert_eq!((decoded(coded).as_str(), encoded(plain).as_str()), (plain, coded));
    assert_eq!(decoded("&amp;lt;"), "&lt;", "nothing is decoded twice");
    for typed in [plain, coded] {
        for used in [plain, coded] {
            assert!(verify(typed, b"body", &signed(used)), "{typed} {used}");
        }
    }
    assert!(!verify("a&b", b"body", &signed("a&c")));
}

#[test]
fn a_created_order_is_read_whole() {
    let order = parsed(&raw_body(CREATED)).unwrap();
    assert_eq!((order.external_id.as_str(), order.number.as_str()), ("645", "#645"));
    assert_eq!((order.status, order.payment), (OrderStatus::Placed, Payment::Paid));
    assert_eq!(order.placed_at, at("2026-11-01T09:00:00Z"), "the _gmt fields are UTC");
    assert_eq!(order.version.updated_at, at("2026-11-01T09:00:02Z"));
    assert_eq!(order.currency.code(), "EUR");
    assert_eq!(order.customer.external_id.as_deref(), Some("26"));
    assert_eq!(order.customer.email.unwrap().as_str(), "ann@example.test");
    assert_eq!(order.customer.phone.unwrap().as_str(), "+4315550100");
    assert_eq!(order.customer.name.as_deref(), Some("Ann Buyer"));
    let expected =
        Totals { subtotal: 4000, discount: 400, shipping: 500, tax: 667, tax_included: true, total: 4100 };
    assert_eq!((order.totals, order.totals.computed()), (expected, 4100));
    let line = &order.lines[0];
    assert_eq!((line.title.as_str(), line.quantity, line.unit_price), ("Merino tee", 2, 2000));
    assert_eq!((line.sku.as_deref(), line.image_url.as_deref()), (Some("TEE-M-GRN"), None));
    assert_eq!(order.shipping_address.unwrap().line1, "Ringstraße 1");
    assert_eq!((order.note, order.is_gift, order.refunds.len()), (None, false, 0));
}

#[test]
fn later_versions_tell_completion_and_refunds() {
    let completed = parsed(&raw_body(COMPLETED)).unwrap();
    assert_eq!((completed.fulfilment, completed.payment), (Fulfilment::Fulfilled, Payment::Paid));
    let refunded = parsed(&raw_body(REFUNDED)).unwrap();
    assert_eq!((refunded.status, refunded.payment), (OrderStatus::Placed, Payment::Refunded));
    assert_eq!((refunded.refunds[0].external_id.as_str(), refunded.refunds[0].amount_minor), ("700", 2000));
    assert_eq!(refunded.refunded_minor, 2000);
    let part = read(json!({ "refunds": [{ "id": 1, "total": "-18.00" }, { "id": 2, "total": -0.5 }] }));
    assert_eq!((part.payment, part.refunded_minor), (Payment::PartiallyRefunded, 1850));
    let all = read(json!({ "refunds": [{ "id": 1, "total": "-41.00" }, { "id": 2, "total": "0.00" }] }));
    assert_eq!((all.payment, all.refunds.len()), (Payment::Refunded, 1));
}

#[test]
fn the_customer_has_ordered_when_the_shop_says_so() {
    use {OrderStatus as S, Payment as P};
    let paid = Some("2026-11-01T09:00:02");
    let cases = [
        ("checkout-draft", "", None, "", S::Unplaced, P::Pending),
        ("pending", "stripe", None, "", S::Unplaced, P::Pending),
        ("failed", "stripe", None, "", S::Unplaced, P::Pending),
        ("processing", "stripe", paid, "ch_1", S::Placed, P::Paid),
        ("processing", "cod", paid, "", S::Placed, P::Authorized),
        ("completed", "cod", paid, "", S::Placed, P::Paid),
        ("on-hold", "bacs", None, "", S::Placed, P::Pending),
        ("on-hold", "cheque", None, "77", S::Placed, P::Pending),
        ("on-hold", "stripe", None, "ch_1", S::Placed, P::Authorized),
        ("on-hold", "stripe", paid, "ch_1", S::Placed, P::Paid),
        ("cancelled", "bacs", None, "", S::Cancelled, P::Pending),
        ("cancelled", "cod", paid, "", S::Cancelled, P::Authorized),
        ("cancelled", "stripe", paid, "ch_1", S::Cancelled, P::Paid),
        ("refunded", "stripe", paid, "ch_1", S::Placed, P::Refunded),
        ("awaiting-collection", "stripe", paid, "ch_1", S::Placed, P::Paid),
        ("awaiting-collection", "stripe", None, "", S::Unplaced, P::Pending),
    ];
    for (word, method, paid_at, transaction, status, payment) in cases {
        let order = read(json!({
            "status": word, "payment_method": method, "date_paid_gmt": paid_at, "transaction_id": transaction
        }));
        assert_eq!((order.status, order.payment), (status, payment), "{word} {method}");
        assert_eq!(order.cancellation.is_some(), status == S::Cancelled);
    }
}

#[test]
fn what_was_thrown_away_is_only_noted() {
    let expected = Content::Gone { source: SOURCE.to_owned(), order: "645".to_owned() };
    assert_eq!(gone(raw_body(DELETED).as_bytes(), SOURCE.to_owned()).unwrap(), expected);
    let trash = with(json!({ "status": "trash" })).to_string();
    assert_eq!(parse(trash.as_bytes(), SOURCE).unwrap(), expected);
    assert!(gone(b"{}", SOURCE.to_owned()).is_err());
}

#[test]
fn taxes_coupons_fees_and_delivery_add_up_both_ways() {
    let line = |quantity: Value, subtotal: &str, tax: &str| json!({ "id": 1, "name": "Tea", "quantity": quantity, "subtotal": subtotal, "subtotal_tax": tax });
    let exclusive = read(json!({
        "prices_include_tax": false, "currency": "USD", "line_items": [line(json!(3), "30.00", "2.48")],
        "fee_lines": [{ "id": 9, "name": "Gift wrap", "total": "2.00", "total_tax": "0.17" },
                      { "id": 10, "name": "Loyal customer", "total": "-1.00", "total_tax": "-0.08" }],
        "discount_total": "3.00", "discount_tax": "0.25", "shipping_total": "5.00", "shipping_tax": "0.41",
        "total_tax": "2.73", "total": "35.73"
    }));
    let expected =
        Totals { subtotal: 3200, discount: 400, shipping: 500, tax: 273, tax_included: false, total: 3573 };
    assert_eq!((exclusive.totals, expected.computed()), (expected, 3573));
    assert_eq!((exclusive.lines[0].unit_price, exclusive.lines[1].title.as_str()), (1000, "Gift wrap"));
    assert_eq!((exclusive.lines.len(), exclusive.lines[1].external_id.as_str()), (2, "fee:9"));
    let inclusive = read(json!({
        "prices_include_tax": true, "line_items": [line(json!(3), "25.206", "4.794")], "fee_lines": [],
        "discount_total": "2.52", "discount_tax": "0.48", "shipping_total": "4.20", "shipping_tax": "0.80",
        "total_tax": "5.11", "total": "32.00"
    }));
    assert_eq!((inclusive.totals.subtotal, inclusive.lines[0].unit_price), (3000, 1000));
    assert_eq!((inclusive.totals.discount, inclusive.totals.shipping), (300, 500));
    assert_eq!(inclusive.totals.computed(), inclusive.totals.total);
    let yen =
        read(json!({ "currency": "JPY", "line_items": [line(json!(2), "1000", "100")], "total": "1100" }));
    assert_eq!((yen.lines[0].unit_price, yen.totals.total), (550, 1100));
    let by_weight = read(json!({ "line_items": [line(json!(0.25), "5.00", "1.00")] }));
    assert_eq!((by_weight.lines[0].quantity, by_weight.lines[0].unit_price), (1, 600));
}

#[test]
fn a_price_that_stands_alone_is_read_from_its_digits() {
    // Written out, because a float would have lost its last digits before any test saw it.
    let body = raw_body(CREATED)
        .replace("\"subtotal\":\"33.33\",\"subtotal_tax\":\"6.67\",\"total\"", "\"total\"")
        .replace("\"price\":16.665,", "\"price\":16.66499999999999999999,");
    assert!(body.contains("16.66499999999999999999"));
    assert_eq!(parsed(&body).unwrap().lines[0].unit_price, 1666);
    assert_eq!(parsed(&body.replace("16.66499999999999999999", "16.665")).unwrap().lines[0].unit_price, 1667);
}

#[test]
fn a_mismatch_is_believed() {
    let totals = read(json!({ "total": "99.99" })).totals;
    assert_eq!((totals.total, totals.computed()), (9999, 4100));
}

#[test]
fn what_plugins_attach_is_read_where_it_is_known() {
    let meta = |key: &str, value: Value| json!([{ "id": 1, "key": key, "value": value }]);
    assert_eq!(
        read(json!({ "meta_data": meta("wpml_language", json!("de")) })).locale.unwrap().as_str(),
        "de"
    );
    assert_eq!(
        read(json!({ "meta_data": meta("trp_language", json!("de_AT")) })).locale.unwrap().as_str(),
        "de-AT"
    );
    assert!(read(json!({ "meta_data": meta("_gift_message", json!("For you")) })).is_gift);
    assert!(read(json!({ "meta_data": meta("is_gift", json!("yes")) })).is_gift);
    for no in [meta("is_gift", json!("0")), meta("gift_message", json!([{ "a": 1 }])), json!(null), json!([])]
    {
        assert!(!read(json!({ "meta_data": no })).is_gift);
    }
}

#[test]
fn a_variation_is_a_variant_of_its_product() {
    let mut order = with(json!({ "customer_note": "Ring twice" }));
    order["line_items"][0]["name"] = json!("Merino tee - M, green");
    order["line_items"][0]["image"]["src"] = json!("https://shop.example/tee.jpg");
    let read = parsed(&order.to_string()).unwrap();
    assert_eq!(
        (read.lines[0].title.as_str(), read.lines[0].variant.as_deref()),
        ("Merino tee", Some("M, green"))
    );
    assert_eq!(read.lines[0].image_url.as_deref(), Some("https://shop.example/tee.jpg"));
    assert_eq!(read.note.as_deref(), Some("Ring twice"));
}

#[test]
fn an_order_without_delivery_has_no_address_and_a_guest_no_account() {
    let nothing = json!({ "first_name": "", "last_name": "", "address_1": "", "city": "", "country": "" });
    let order = read(json!({ "shipping": nothing, "customer_id": 0 }));
    assert_eq!((order.shipping_address, order.customer.external_id), (None, None));
}

#[test]
fn hostile_values_are_refused_with_the_field_named() {
    let changed = |pointer: &str, value: Value| {
        let mut order = with(json!({}));
        *order.pointer_mut(pointer).unwrap() = value;
        order
    };
    let mut twice = with(json!({}));
    let line = twice["line_items"][0].clone();
    twice["line_items"].as_array_mut().unwrap().push(line.clone());
    let cases: [(Value, &str, &str); 14] = [
        (changed("/currency", json!("DOGE")), "/currency", "unknown_currency"),
        (changed("/id", json!([1])), "/id", "missing"),
        (changed("/number", json!("4".repeat(5_000))), "/number", "too_long"),
        (changed("/date_created_gmt", json!("2026-02-30T00:00:00")), "/date_created_gmt", "not_an_instant"),
        (changed("/date_modified_gmt", json!("yesterday")), "/date_modified_gmt", "not_an_instant"),
        (changed("/line_items", json!([])), "/lines", "empty"),
        (changed("/line_items", json!(vec![line; 10_000])), "/line_items", "too_many"),
        (twice, "/line_items/1/id", "duplicate"),
        (changed("/line_items/0/quantity", json!(-2)), "/line_items/0/quantity", "out_of_range"),
        (changed("/line_items/0/quantity", json!(0)), "/line_items/0/quantity", "out_of_range"),
        (changed("/line_items/0/name", json!("Tee\u{0}")), "/line_items/0/name", "nul_byte"),
        (changed("/total", json!(null)), "/total", "missing"),
        (changed("/total", json!("-41.00")), "/total", "out_of_range"),
        (changed("/customer_note", json!("no\u{0}te")), "/customer_note", "nul_byte"),
    ];
    for (order, pointer, code) in cases {
        assert!(refused(&order).contains(&(pointer.to_owned(), code)), "{pointer}: {:?}", refused(&order));
    }
    let nobody = with(json!({ "billing": { "email": "x", "phone": "call me" } }));
    assert_eq!(refused(&nobody), [("/customer".to_owned(), "no_contact")]);
}

#[test]
fn what_is_not_an_order_is_unreadable_and_quotes_nothing() {
    let deep = "[".repeat(50_000);
    let nested = format!("{{\"meta_data\":[{{\"value\":{}}}]}}", "[".repeat(100_000));
    for body in
        ["", "{", "null", "\"ann@example.test\"", "{\"line_items\":7}", deep.as_str(), nested.as_str()]
    {
        let error = parsed(body).unwrap_err();
        assert_eq!(error.kind(), Kind::Unreadable, "{body:.20}");
        assert!(!error.to_string().contains("ann@"), "{error}");
    }
    assert_eq!(parsed("{}").unwrap_err().kind(), Kind::Invalid);
}

#[test]
fn no_mutated_body_panics() {
    let mut dice = Dice::seeded(20_261_126);
    let bodies = [CREATED, COMPLETED, REFUNDED].map(|payload| raw_body(payload).into_bytes());
    let mut taken = 0;
    for round in 0..10_000 {
        let mut body = bodies[round % bodies.len()].clone();
        for _ in 0..=dice.below(4) {
            let place = dice.below(body.len() as u64) as usize;
            match dice.below(3) {
                0 => body[place] = dice.below(256) as u8,
                1 => drop(body.remove(place)),
                _ => body.insert(place, b"0123456789-e.\"{}[],"[dice.below(19) as usize]),
            }
        }
        if let Ok(Content::Order(order, _)) = parse(&body, SOURCE) {
            order.check().unwrap();
            assert!(order.totals.total >= 0 && order.refunded_minor >= 0);
            taken += 1;
        }
    }
    assert!(taken > 100, "most mutations of a note leave an order an order: {taken}");
}
