//! WooCommerce's webhooks in: nothing lost that shares a second, nothing said about what was never ordered, and the
//! newest version in the end, whatever order they come in.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use catalogue::Stock;
use kernel::Dice;
use orders::incoming::{OrderStatus, Payment};
use platforms::{NewConnection, Platform};
use serde_json::{Value, json};
use stories::stage::{Answer, Stage};
use stories::stories;

use crate::kit::{all_orders, assert_no_half_orders, rows, signature, webhooks, with};

const CREATED: &str = include_str!("../payloads/woocommerce_order_created.json");
const DELETED: &str = "{\"id\":645}";
const MINUTE: Duration = Duration::from_secs(60);
const CONFIRMED: &str = "We’ve got your order #645";

/// A connected shop.
pub struct Woo {
    path: String,
    secret: &'static str,
}

impl Woo {
    /// Connects a shop that signs with this secret.
    pub async fn connected(stage: &Stage, secret: &'static str) -> Woo {
        let new = NewConnection {
            platform: Platform::Woocommerce,
            name: "Woo".to_owned(),
            secret: Some(secret.to_owned()),
            api_url: None,
            api_key: None,
        };
        let made = stage.house.db.write("story.connect", move |w| platforms::connect(w, &new)).await;
        Woo { path: made.expect("a shop is connected").webhook_path, secret }
    }

    /// A delivery as WooCommerce makes it. All deliveries of one second have the same identifier.
    pub fn delivery(&self, topic: &str, body: &str) -> Request<Body> {
        Request::post(&self.path)
            .header(header::CONTENT_TYPE, "application/json")
            .header("X-WC-Webhook-Topic", topic)
            .header("X-WC-Webhook-ID", "5")
            .header("X-WC-Webhook-Delivery-ID", "d5928020c898b13f7d522c8fff0e6ec6")
            .header("X-WC-Webhook-Signature", signature(self.secret, body.as_bytes()))
            .body(Body::from(body.to_owned()))
            .expect("a request")
    }

    /// Posts an order under a topic and does everything it brings about.
    pub async fn tell(&self, stage: &Stage, topic: &str, order: &Value) -> Answer {
        let answer = stage.http(self.delivery(topic, &order.to_string())).await;
        stage.settle().await;
        answer
    }
}

/// The order of the payload, moved to the day on which stories begin.
pub fn order() -> Value {
    let payload: Value = serde_json::from_str(CREATED).expect("a payload is JSON");
    let body = payload["request"]["body_raw"].as_str().expect("a body").replace("2026-11-01T", "2026-11-20T");
    serde_json::from_str(&body).expect("an order")
}

/// The order, so many seconds after it was made.
fn changed(seconds: u32, changes: Value) -> Value {
    let mut order = with(order(), "/date_modified_gmt", json!(format!("2026-11-20T09:01:{seconds:02}")));
    for (name, value) in changes.as_object().expect("changes") {
        order[name] = value.clone();
    }
    order
}

/// The versions of one order, in the order in which the shop made them.
fn life() -> Vec<Value> {
    let unpaid = json!({ "status": "pending", "date_paid_gmt": null });
    let line = |quantity: u32, net: &str, tax: &str| {
        let line = with(order(), "/line_items/0/quantity", json!(quantity));
        let line = with(line, "/line_items/0/subtotal", json!(net));
        json!([with(line, "/line_items/0/subtotal_tax", json!(tax))["line_items"][0]])
    };
    let more = json!({ "line_items": line(3, "50.00", "10.00"), "total": "61.00", "total_tax": "10.00" });
    let with_more = |mut changes: Value| {
        for (name, value) in more.as_object().expect("changes") {
            changes[name] = value.clone();
        }
        changes
    };
    let back = json!([{ "id": 700, "total": "-18.00" }]);
    vec![
        changed(1, json!({ "status": "checkout-draft", "date_paid_gmt": null })),
        changed(2, unpaid),
        changed(3, json!({ "status": "processing" })),
        changed(4, with_more(json!({ "status": "processing" }))),
        changed(5, with_more(json!({ "status": "completed" }))),
        changed(6, with_more(json!({ "status": "completed", "refunds": back }))),
    ]
}

stories! {
    async fn its_products_stand_in_the_catalogue_with_their_variations(stage: &Stage) {
        let shop = Woo::connected(stage, "secret").await;
        let tell = async |topic: &str, product: Value| {
            assert_eq!(shop.tell(stage, topic, &product).await.status, StatusCode::OK);
            stage.house.db.read("story.products", |r| catalogue::list(r, None, 10)).await.unwrap()
        };
        let hoodie = json!({
            "id": 799, "name": "Hoodie", "type": "variable", "variations": [800], "price": "",
            "date_modified_gmt": "2026-11-20T09:00:00",
        });
        let blue = json!({
            "id": 800, "name": "Hoodie - Blue", "type": "variation", "parent_id": 799, "sku": "H-B", "price": "40",
            "manage_stock": true, "stock_quantity": 3, "date_modified_gmt": "2026-11-20T09:01:00",
            "attributes": [{ "name": "Colour", "option": "Blue" }],
        });
        tell("product.created", hoodie.clone()).await;
        let known = tell("product.updated", blue).await;
        assert_eq!((known.len(), known[0].title.as_str()), (1, "Hoodie"));
        let variant = &known[0].variants[0];
        assert_eq!((variant.title.as_deref(), variant.stock), (Some("Blue"), Stock::Pieces(3)));
        assert!(tell("product.deleted", json!({ "id": 799 })).await[0].deleted_at.is_some());
        let unreadable = with(with(hoodie, "/id", json!(900)), "/price", json!("a lot"));
        assert_eq!(tell("product.updated", unreadable).await.len(), 1);
        let mut states: Vec<_> = webhooks(stage).await.into_iter().map(|row| row.state).collect();
        states.sort();
        assert_eq!(states, ["done", "done", "done", "parked"]);
    }

    async fn an_order_from_woocommerce_is_stored_and_told(stage: &Stage) {
        let woo = Woo::connected(stage, "woo-secret").await;
        assert_eq!(woo.tell(stage, "order.created", &order()).await.status, StatusCode::OK);
        let mails = stage.mails().await;
        assert_eq!((mails.len(), mails[0].subject.as_str(), mails[0].to.as_str()), (1, CONFIRMED, "ann@example.test"));
        for seen in ["Merino tee", "40.00", "41.00", "5.00"] {
            assert!(mails[0].text.contains(seen), "{seen} in {}", mails[0].text);
        }
        assert_eq!(webhooks(stage).await[0].state, "done");
        assert_eq!(all_orders(stage).await[0].order.totals.computed(), 4100);
    }

    async fn what_was_never_ordered_is_stored_silently(stage: &Stage) {
        let woo = Woo::connected(stage, "woo-secret").await;
        for (second, status) in ["checkout-draft", "pending", "failed", "pending"].into_iter().enumerate() {
            let version = changed(second as u32, json!({ "status": status, "date_paid_gmt": null }));
            woo.tell(stage, "order.updated", &version).await;
            stage.pass(MINUTE).await;
            assert_eq!(all_orders(stage).await[0].order.status, OrderStatus::Unplaced);
        }
        woo.tell(stage, "order.updated", &changed(30, json!({ "status": "cancelled", "date_paid_gmt": null }))).await;
        stage.pass(MINUTE).await;
        assert!(stage.mails().await.is_empty(), "it was never theirs");
    }

    async fn a_bank_transfer_is_waited_for_and_thanked_for(stage: &Stage) {
        let woo = Woo::connected(stage, "woo-secret").await;
        let waiting = changed(1, json!({ "status": "on-hold", "date_paid_gmt": null }));
        woo.tell(stage, "order.created", &waiting).await;
        stage.pass(MINUTE).await;
        woo.tell(stage, "order.updated", &changed(9, json!({ "status": "processing" }))).await;
        stage.pass(MINUTE).await;
        woo.tell(stage, "order.updated", &changed(12, json!({ "status": "cancelled" }))).await;
        stage.pass(MINUTE).await;
        let expected = [
            "Your order #645: waiting for your payment",
            "Payment received for order #645",
            "Your order #645 is cancelled",
        ];
        assert_eq!(stage.subjects().await, expected);
        assert!(stage.mails().await[2].text.contains("41.00"));
    }

    async fn the_ping_is_answered_and_leaves_nothing(stage: &Stage) {
        let woo = Woo::connected(stage, "woo-secret").await;
        let before = rows(stage).await;
        let ping = |body: &str| {
            let request = Request::post(&woo.path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
            request.body(Body::from(body.to_owned())).expect("a request")
        };
        assert_eq!(stage.http(ping("webhook_id=5")).await.status, StatusCode::OK);
        for wrong in ["webhook_id=", "webhook_id=x", "webhook_id=5&a=b", "id=5", "", &format!("webhook_id={}", "5".repeat(99))] {
            assert_eq!(stage.http(ping(wrong)).await.status, StatusCode::UNAUTHORIZED, "{wrong}");
        }
        stage.settle().await;
        assert_eq!(rows(stage).await, before);
    }

    async fn without_the_right_signature_nothing_is_stored(stage: &Stage) {
        let woo = Woo::connected(stage, "woo-secret").await;
        let before = rows(stage).await;
        let mut forged = woo.delivery("order.created", &order().to_string());
        forged.headers_mut().insert("X-WC-Webhook-Signature", signature("other", b"x").parse().expect("a header"));
        assert_eq!(stage.http(forged).await.status, StatusCode::UNAUTHORIZED);
        let mut unsigned = woo.delivery("order.created", &order().to_string());
        unsigned.headers_mut().remove("X-WC-Webhook-Signature");
        assert_eq!(stage.http(unsigned).await.status, StatusCode::UNAUTHORIZED);
        stage.settle().await;
        assert_eq!(rows(stage).await, before);
    }

    async fn a_secret_that_wordpress_has_encoded_still_counts(stage: &Stage) {
        // What the operator typed here, and what WooCommerce signs with.
        let woo = Woo::connected(stage, "salt &amp; &lt;pepper&gt;").await;
        let body = order().to_string();
        let mut signed = woo.delivery("order.created", &body);
        let by_woocommerce = signature("salt & <pepper>", body.as_bytes());
        signed.headers_mut().insert("X-WC-Webhook-Signature", by_woocommerce.parse().expect("a header"));
        assert_eq!(stage.http(signed).await.status, StatusCode::OK);
        stage.settle().await;
        assert_eq!(stage.subjects().await, [CONFIRMED]);
    }

    async fn two_orders_of_one_second_share_an_identifier_and_are_both_kept(stage: &Stage) {
        let woo = Woo::connected(stage, "woo-secret").await;
        let other = with(with(order(), "/id", json!(646)), "/number", json!("646"));
        for told in [&order(), &other, &order(), &other] {
            assert_eq!(woo.tell(stage, "order.created", told).await.status, StatusCode::OK);
        }
        assert_eq!((webhooks(stage).await.len(), all_orders(stage).await.len()), (2, 2));
        let mut subjects = stage.subjects().await;
        subjects.sort();
        assert_eq!(subjects, [CONFIRMED, "We’ve got your order #646"]);
    }

    async fn an_order_thrown_away_is_noted_and_nobody_is_told(stage: &Stage) {
        let woo = Woo::connected(stage, "woo-secret").await;
        woo.tell(stage, "order.created", &order()).await;
        assert_eq!(stage.http(woo.delivery("order.deleted", DELETED)).await.status, StatusCode::OK);
        stage.pass(MINUTE).await;
        woo.tell(stage, "order.updated", &changed(9, json!({ "status": "trash" }))).await;
        stage.http(woo.delivery("order.deleted", "{\"id\":999}")).await;
        stage.pass(MINUTE).await;
        assert_eq!(stage.subjects().await, [CONFIRMED]);
        let stored = all_orders(stage).await.remove(0);
        assert_eq!(stored.order.status, OrderStatus::Placed);
        let notes = stage.house.db.read("story.notes", move |r| orders::notes(r, &stored.id)).await.unwrap();
        assert_eq!(notes.iter().map(|note| note.kind.as_str()).collect::<Vec<_>>(), ["gone_at_shop"]);
        assert!(webhooks(stage).await.iter().all(|row| row.state == "done"));
    }

    async fn other_topics_are_kept_unread_and_hostile_bodies_parked(stage: &Stage) {
        let woo = Woo::connected(stage, "woo-secret").await;
        woo.tell(stage, "customer.updated", &json!({ "id": 26 })).await;
        let hostile = ["{", "7", "[]", "{\"id\":645,\"currency\":\"DOGE\"}", &"[".repeat(200_000)];
        for body in hostile {
            assert_eq!(stage.http(woo.delivery("order.updated", body)).await.status, StatusCode::OK);
            stage.settle().await;
        }
        let (parked, ignored): (Vec<_>, Vec<_>) =
            webhooks(stage).await.into_iter().partition(|row| row.state == "parked");
        assert!(parked.len() == 5 && parked.iter().all(|row| row.reason.is_some()), "{parked:?}");
        assert_eq!((ignored.len(), ignored[0].state.as_str()), (1, "ignored"));
        assert!(all_orders(stage).await.is_empty());
        assert_no_half_orders(stage).await;
    }

    async fn any_order_of_arrival_ends_in_the_newest_version_and_one_sum(stage: &Stage) {
        let woo = Woo::connected(stage, "woo-secret").await;
        let mut dice = Dice::seeded(11);
        for number in 0..12u64 {
            let id = 7_000 + number;
            let versions: Vec<Value> = life()
                .into_iter()
                .map(|version| with(with(version, "/id", json!(id)), "/number", json!(id.to_string())))
                .collect();
            let mut arrivals: Vec<&Value> = versions.iter().chain(&versions).collect();
            for place in (1..arrivals.len()).rev() {
                arrivals.swap(place, dice.below(place as u64 + 1) as usize);
            }
            for version in arrivals {
                let topic = if dice.below(2) == 0 { "order.created" } else { "order.updated" };
                assert_eq!(woo.tell(stage, topic, version).await.status, StatusCode::OK);
            }
            stage.pass(MINUTE).await;
            let stored = all_orders(stage).await.into_iter().find(|o| o.order.external_id == id.to_string());
            let stored = stored.expect("it is there").order;
            assert_eq!((stored.lines[0].quantity, stored.totals.total), (3, 6100), "#{id}");
            assert_eq!((stored.payment, stored.refunded_minor), (Payment::PartiallyRefunded, 1800), "#{id}");
            let told = stage.subjects().await.into_iter().filter(|subject| subject.contains(&id.to_string()));
            let confirmed = told.filter(|subject| subject.starts_with("We’ve got")).count();
            assert_eq!(confirmed, 1, "#{id}");
        }
    }
}
