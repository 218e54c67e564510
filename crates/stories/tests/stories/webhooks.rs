//! Shopify's webhooks in: told once however often and in whatever order they come, and never half.

use std::time::Duration;

use axum::http::StatusCode;
use orders::incoming::Payment;
use serde_json::{Value, json};
use stories::stage::Stage;
use stories::stories;

use crate::kit::{
    Shop, all_orders, assert_no_half_orders, numbered, page_in, rows, shopify_order, signature, untouched,
    webhooks, with,
};

const MINUTE: Duration = Duration::from_secs(60);
/// The payload is an Austrian customer's.
const CONFIRMED: &str = "Ihre Bestellung #1001 ist bei uns";

/// The order before its payment, and the same order paid a moment later.
fn pending_and_paid() -> (Value, Value) {
    let paid = shopify_order("orders/create");
    (with(paid.clone(), "/financial_status", json!("pending")), paid)
}

/// What no order can be made of, and what the reason has to name.
fn impossible_bodies() -> Vec<(&'static str, Vec<u8>)> {
    let order = || shopify_order("orders/create");
    let changed = |pointer: &str, value: Value| with(order(), pointer, value).to_string().into_bytes();
    let line = |id: usize| json!({ "id": id, "title": "Tea", "quantity": 1, "price": "1.00" });
    let quantity = |quantity: Value| {
        let order = with(order(), "/line_items/0/quantity", quantity.clone());
        with(order, "/line_items/0/current_quantity", quantity).to_string().into_bytes()
    };
    let mut not_text = order().to_string().into_bytes();
    let place = not_text.windows(3).position(|bytes| bytes == b"Ann").expect("her name");
    not_text[place] = 0xFF;
    let mut unreachable = order();
    for pointer in ["/email", "/contact_email", "/phone", "/customer/email", "/shipping_address/phone"] {
        unreachable = with(unreachable, pointer, Value::Null);
    }
    vec![
        ("not an order in JSON", b"{\"id\":6001,".to_vec()),
        ("not an order in JSON", Vec::new()),
        ("not an order in JSON", b"7".to_vec()),
        ("/id", b"[]".to_vec()),
        ("not an order in JSON", not_text),
        ("/currency", changed("/currency", json!("DOGE"))),
        ("/currency", changed("/currency", Value::Null)),
        ("/id", changed("/id", Value::Null)),
        ("/id", changed("/id", json!("9".repeat(5_000)))),
        ("/line_items/0/quantity", quantity(json!(-2))),
        ("/line_items/0/quantity", quantity(json!(1.5))),
        ("/line_items/0/quantity", quantity(json!("many"))),
        ("/line_items/0/price", changed("/line_items/0/price", json!("-1.00"))),
        ("/line_items/0/price", changed("/line_items/0/price", json!("1,00"))),
        ("/line_items/0/title", changed("/line_items/0/title", json!("\u{1b}[2Jtea"))),
        ("/line_items/1/id", changed("/line_items", json!([line(1), line(1)]))),
        ("/line_items", changed("/line_items", (0..10_000).map(line).collect())),
        ("/lines", changed("/line_items", json!([]))),
        ("/processed_at", changed("/processed_at", json!("2026-02-30T10:00:00Z"))),
        ("/processed_at", changed("/processed_at", json!("+12026-11-20T10:00:00Z"))),
        ("/updated_at", changed("/updated_at", json!("yesterday"))),
        ("/cancelled_at", changed("/cancelled_at", json!("2026-11-20T25:00:00Z"))),
        ("/customer/name", changed("/customer/first_name", json!("An\u{0}n"))),
        ("/shipping_address/city", changed("/shipping_address/city", json!("Wi\u{0}en"))),
        ("/note", changed("/note", json!("no\u{0}te"))),
        ("/total_price", changed("/current_total_price", json!("a lot"))),
        ("/customer", unreachable.to_string().into_bytes()),
    ]
}

stories! {
    async fn an_order_from_shopify_is_stored_and_told(stage: &Stage) {
        let shop = Shop::connected(stage).await;
        let answer = shop.tell(stage, "orders/create", "w1", &shopify_order("orders/create")).await;
        assert_eq!(answer.status, StatusCode::OK);
        let stored = &all_orders(stage).await[0];
        assert_eq!((stored.order.number.as_str(), stored.is_history), ("#1001", false));
        let mails = stage.mails().await;
        assert_eq!((mails.len(), mails[0].to.as_str()), (1, "ann@example.test"));
        assert_eq!(mails[0].subject, CONFIRMED);
        assert!(mails[0].text.contains("Merino tee") && mails[0].text.contains("41,00"), "{}", mails[0].text);
        let page = stage.get(&page_in(&mails[0])).await;
        assert!(page.body.contains("Ringstraße 1"), "{}", page.body);
        let row = &webhooks(stage).await[0];
        assert_eq!((row.state.as_str(), row.order.as_deref()), ("done", Some(stored.id.as_str())));
    }

    async fn every_topic_of_an_order_is_understood(stage: &Stage) {
        let shop = Shop::connected(stage).await;
        let (pending, paid) = pending_and_paid();
        shop.tell(stage, "orders/create", "w1", &pending).await;
        stage.pass(MINUTE).await;
        let paid = with(paid, "/updated_at", json!("2026-11-20T11:01:00+01:00"));
        shop.tell(stage, "orders/paid", "w2", &paid).await;
        stage.pass(MINUTE).await;
        let sent = with(shopify_order("orders/updated"), "/shipping_address/address1", json!("Gasse 9"));
        shop.tell(stage, "orders/updated", "w3", &sent).await;
        stage.pass(MINUTE).await;
        let gone = with(shopify_order("orders/cancelled"), "/updated_at", json!("2026-11-21T08:00:00Z"));
        shop.tell(stage, "orders/cancelled", "w4", &gone).await;
        stage.pass(MINUTE).await;
        let expected = [
            "Ihre Bestellung #1001: Die Zahlung fehlt noch",
            "Zahlung für Bestellung #1001 erhalten",
            "Ihre Bestellung #1001 hat sich geändert",
            "Ihre Bestellung #1001 ist storniert",
        ];
        assert_eq!(stage.subjects().await, expected);
        let stored = all_orders(stage).await;
        assert_eq!((stored.len(), stored[0].order.payment), (1, Payment::Refunded));
        assert!(webhooks(stage).await.iter().all(|row| row.state == "done"));
        assert!(stage.mails().await[3].text.contains("41,00"));
    }

    async fn what_shopify_sent_weeks_ago_is_history(stage: &Stage) {
        let shop = Shop::connected(stage).await;
        for topic in ["orders/create", "orders/updated", "orders/cancelled"] {
            assert_eq!(shop.post(stage, &untouched(topic)).await.status, StatusCode::OK, "{topic}");
            stage.pass(MINUTE).await;
        }
        let stored = all_orders(stage).await;
        assert_eq!((stored.len(), stored[0].is_history), (1, true));
        assert!(stage.mails().await.is_empty() && stage.messages().await.is_empty());
    }

    async fn without_the_right_signature_nothing_is_stored(stage: &Stage) {
        let shop = Shop::connected(stage).await;
        let before = rows(stage).await;
        let good = untouched("orders/create");
        let other_body = signature(&shop.secret, b"{}");
        let other_secret = signature("another secret", &good.body);
        let half = good.signature[..20].to_owned();
        for wrong in [String::new(), "nonsense".to_owned(), half, other_body, other_secret] {
            let forged = crate::kit::Webhook { signature: wrong.clone(), ..good.clone() };
            let answer = shop.post(stage, &forged).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{wrong:?}");
            assert_eq!(answer.json()["status"], 401);
        }
        let mut changed = good.clone();
        changed.body.push(b' ');
        assert_eq!(shop.post(stage, &changed).await.status, StatusCode::UNAUTHORIZED);
        let mut unsigned = good.request(&shop.path);
        unsigned.headers_mut().remove("X-Shopify-Hmac-Sha256");
        assert_eq!(stage.http(unsigned).await.status, StatusCode::UNAUTHORIZED);
        stage.settle().await;
        assert_eq!(rows(stage).await, before);
    }

    async fn an_address_nobody_was_given_is_not_found(stage: &Stage) {
        let shop = Shop::connected(stage).await;
        let id = shop.path.rsplit('/').next().expect("an identifier").to_owned();
        let stranger = format!("{}x", &id[..id.len() - 1]);
        let before = rows(stage).await;
        let paths = [
            format!("/hooks/shopify/{stranger}"),
            format!("/hooks/woocommerce/{id}"),
            format!("/hooks/Shopify/{id}"),
            "/hooks/shopify/nonsense".to_owned(),
            "/hooks/shopify/ord_01k9z3v5pq7n4m2x8r6t".to_owned(),
            "/hooks/shopify/%00".to_owned(),
            "/hooks/shopify/".to_owned(),
            "/hooks/shopify".to_owned(),
        ];
        for path in paths {
            let answer = stage.http(untouched("orders/create").request(&path)).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}: {}", answer.body);
        }
        assert_eq!(rows(stage).await, before);
    }

    async fn a_body_over_a_megabyte_is_too_large(stage: &Stage) {
        let shop = Shop::connected(stage).await;
        let mut body = shopify_order("orders/create").to_string();
        body.push_str(&" ".repeat(1_000_000 - body.len()));
        let largest = shop.webhook("orders/create", "w1", body.clone());
        assert_eq!(shop.post(stage, &largest).await.status, StatusCode::OK);
        stage.settle().await;
        let before = rows(stage).await;
        let four_megabytes = json!(world::hostile::long_text(4 << 20));
        let name = with(shopify_order("orders/create"), "/customer/first_name", four_megabytes);
        for body in [body + " ", name.to_string()] {
            let answer = shop.post(stage, &shop.webhook("orders/create", "w2", body)).await;
            assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
        }
        stage.settle().await;
        assert_eq!(rows(stage).await, before);
    }

    async fn the_same_webhook_five_times_at_once_is_one_order_and_one_mail(stage: &Stage) {
        let shop = Shop::connected(stage).await;
        let hook = shop.webhook("orders/create", "w1", shopify_order("orders/create").to_string());
        let post = || shop.post(stage, &hook);
        let answers = tokio::join!(post(), post(), post(), post(), post());
        for answer in [answers.0, answers.1, answers.2, answers.3, answers.4] {
            assert_eq!(answer.status, StatusCode::OK);
        }
        stage.pass(MINUTE).await;
        assert_eq!(post().await.status, StatusCode::OK);
        stage.pass(MINUTE).await;
        assert_eq!((all_orders(stage).await.len(), webhooks(stage).await.len()), (1, 1));
        assert_eq!(stage.subjects().await, [CONFIRMED]);
    }

    async fn one_body_under_two_names_or_none_is_one_order(stage: &Stage) {
        let shop = Shop::connected(stage).await;
        let body = shopify_order("orders/create").to_string();
        for id in ["w1", "w2"] {
            shop.post(stage, &shop.webhook("orders/create", id, body.clone())).await;
        }
        for _ in 0..2 {
            let mut nameless = shop.webhook("orders/create", "w3", body.clone()).request(&shop.path);
            nameless.headers_mut().remove("X-Shopify-Webhook-Id");
            assert_eq!(stage.http(nameless).await.status, StatusCode::OK);
        }
        stage.pass(MINUTE).await;
        assert_eq!((all_orders(stage).await.len(), webhooks(stage).await.len()), (1, 3));
        assert_eq!(stage.subjects().await, [CONFIRMED]);
    }

    async fn a_topic_we_do_not_act_on_is_kept_unread(stage: &Stage) {
        let shop = Shop::connected(stage).await;
        let before = rows(stage).await;
        for (id, topic) in [("w1", "carts/update"), ("w2", "orders/delete"), ("w3", "customers/update")] {
            assert_eq!(shop.tell(stage, topic, id, &shopify_order("orders/create")).await.status, StatusCode::OK);
        }
        assert!(webhooks(stage).await.iter().all(|row| row.state == "ignored" && row.order.is_none()));
        let mut after = rows(stage).await;
        assert_eq!(after.insert("webhooks".to_owned(), 0), Some(3));
        assert_eq!(after, before);
    }

    async fn what_no_order_can_be_made_of_is_parked_with_its_reason(stage: &Stage) {
        let shop = Shop::connected(stage).await;
        let before = rows(stage).await;
        let bodies = impossible_bodies();
        for (place, (_, body)) in bodies.iter().enumerate() {
            let hook = shop.webhook("orders/create", &format!("w{place}"), body.clone());
            assert_eq!(shop.post(stage, &hook).await.status, StatusCode::OK, "{place}");
            stage.pass(Duration::from_secs(1)).await;
        }
        let found = webhooks(stage).await;
        for ((named, body), row) in bodies.iter().zip(&found) {
            let reason = row.reason.as_deref().unwrap_or_default();
            let shown = String::from_utf8_lossy(&body[..body.len().min(200)]);
            assert_eq!(row.state, "parked", "{named}: {shown}");
            assert!(reason.contains(named), "{named}: {reason}");
            assert!(!reason.contains("Ann") && !reason.contains("ann@"), "personal: {reason}");
        }
        let mut after = rows(stage).await;
        assert_eq!(after.insert("webhooks".to_owned(), 0), Some(bodies.len() as i64));
        assert_eq!(after, before);
    }

    async fn a_mended_body_is_taken_in_after_a_parked_one(stage: &Stage) {
        let shop = Shop::connected(stage).await;
        let order = shopify_order("orders/create");
        shop.tell(stage, "orders/create", "w1", &with(order.clone(), "/currency", json!("DOGE"))).await;
        shop.tell(stage, "orders/updated", "w2", &order).await;
        assert_eq!(stage.subjects().await, [CONFIRMED]);
        assert_no_half_orders(stage).await;
    }

    async fn long_names_and_broken_lines_are_put_right(stage: &Stage) {
        let shop = Shop::connected(stage).await;
        let injected = "Ann\r\nBcc: everyone@example.test\r\n\r\nHello";
        let order = with(shopify_order("orders/create"), "/customer/first_name", json!(injected));
        let order = with(order, "/name", json!("#1001\r\nBcc: a@example.test"));
        shop.tell(stage, "orders/create", "w1", &order).await;
        let long = numbered(&shopify_order("orders/create"), 2);
        let long = with(long, "/customer/first_name", json!("A".repeat(100_000)));
        shop.tell(stage, "orders/create", "w2", &long).await;
        let mails = stage.mails().await;
        assert_eq!(mails.len(), 2);
        for mail in mails {
            let names = crate::kit::header_names(&mail.source);
            assert!(!names.iter().any(|name| name.eq_ignore_ascii_case("bcc")), "{names:?}");
            assert_eq!(crate::kit::read(&mail).headers_named("Subject").len(), 1);
        }
        for stored in all_orders(stage).await {
            let name = stored.order.customer.name.expect("a name");
            assert!(name.chars().count() <= 200 && !name.contains(['\r', '\n']), "{name:?}");
        }
    }

    async fn a_flurry_in_any_order_is_one_message(stage: &Stage) {
        let shop = Shop::connected(stage).await;
        let (pending, paid) = pending_and_paid();
        let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
        for (number, order) in (2_000..).zip(orders) {
            let tagged = with(paid.clone(), "/tags", json!("paid-at-once"));
            let said = [("orders/create", &pending), ("orders/paid", &paid), ("orders/updated", &tagged)];
            for place in order {
                let (topic, body) = said[place];
                let mut hook = shop.webhook(topic, &format!("{number}-{place}"), numbered(body, number).to_string());
                hook.triggered_at = Some(format!("2026-11-20T09:00:01.{place}00Z"));
                assert_eq!(shop.post(stage, &hook).await.status, StatusCode::OK);
            }
            stage.pass(MINUTE).await;
            let mut about = stage.subjects().await;
            about.retain(|subject| subject.contains(&number.to_string()));
            assert_eq!(about, [format!("Ihre Bestellung #{number} ist bei uns")], "{order:?}");
        }
        assert!(all_orders(stage).await.iter().all(|stored| stored.order.payment == Payment::Paid));
    }
}
