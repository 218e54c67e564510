//! Services that follow parcels: signed, durable, and told once however often they come.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use carriers::Service;
use kernel::keys;
use platforms::{NewConnection, Platform};
use serde_json::{Value, json};
use stories::stage::{Answer, Stage};
use stories::stories;
use world::samples::{Bend, order};

use crate::kit::{all_orders, page_in, rows, signature, webhooks, with};

const HOUR: Duration = Duration::from_secs(3_600);
const SECRET: &str = "hush-hush";
/// The number that the payloads of AfterShip are about, as a person writes it.
const NUMBER: &str = "RR 123 456 785 GB";
const PAGE: &str = "https://www.royalmail.com/track-your-item#/tracking-results/RR123456785GB";
const IN_TRANSIT: &str = include_str!("../../../doors/carriers/tests/payloads/aftership_in_transit.json");
const OUT_FOR_DELIVERY: &str =
    include_str!("../../../doors/carriers/tests/payloads/aftership_out_for_delivery.json");
const DELIVERED: &str = include_str!("../../../doors/carriers/tests/payloads/aftership_delivered.json");
const EASYPOST: &str = include_str!("../../../doors/carriers/tests/payloads/easypost_delivered.json");
const SHIPPO: &str = include_str!("../../../doors/carriers/tests/payloads/shippo_attempted.json");

/// A service that is connected.
struct Tracker {
    path: String,
    service: Service,
}

impl Tracker {
    async fn connected(stage: &Stage, service: Service, secret: &'static str) -> Tracker {
        let new = NewConnection {
            platform: Platform::Tracker(service),
            name: format!("Parcels by {}", service.as_str()),
            secret: Some(secret.to_owned()),
            api_url: None,
            api_key: None,
        };
        let made = stage.house.db.write("story.connect", move |w| platforms::connect(w, &new)).await;
        Tracker { path: made.expect("a service is connected").webhook_path, service }
    }

    /// The signature, by the words of each service and not by our own code.
    fn signed(&self, secret: &str, body: &str) -> String {
        let hex = |message: &str| keys::hex(&keys::hmac_sha256(secret.as_bytes(), message.as_bytes()));
        match self.service {
            Service::Aftership => signature(secret, body.as_bytes()),
            Service::Easypost => format!("hmac-sha256-hex={}", hex(body)),
            Service::Shippo => format!("t=1795361220,v1={}", hex(&format!("1795361220.{body}"))),
        }
    }

    async fn send(&self, stage: &Stage, signature: Option<&str>, body: &str) -> Answer {
        let request = Request::post(&self.path).header("content-type", "application/json");
        let request = match signature {
            Some(signature) => request.header(self.service.signature_header(), signature),
            None => request,
        };
        let answer = stage.http(request.body(Body::from(body.to_owned())).expect("a request")).await;
        stage.settle().await;
        answer
    }

    async fn tell(&self, stage: &Stage, body: &str) -> Answer {
        self.send(stage, Some(&self.signed(SECRET, body)), body).await
    }
}

fn delivered() -> Value {
    serde_json::from_str(DELIVERED).expect("a payload is JSON")
}

/// An order that was confirmed.
async fn ordered(stage: &Stage) -> String {
    let key = stage.api_key().await;
    stage.take(&order(1042, stage.now()).paid()).await;
    stage.settle().await;
    key
}

/// Its parcel, told by the shop.
async fn sent(stage: &Stage, key: &str, number: &str, carrier: Option<&str>) {
    let parcel = json!({ "source": "web", "external_id": "1", "order": "1042", "updated_at": stage.now().to_string(),
        "carrier": carrier, "tracking_number": number, "lines": [{ "line": "l1", "quantity": 2 }] });
    let request = Request::post("/v1/shipments")
        .header(header::AUTHORIZATION, format!("Bearer {key}"))
        .header(header::CONTENT_TYPE, "application/json");
    let answer = stage.http(request.body(Body::from(parcel.to_string())).expect("a request")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    stage.settle().await;
}

/// What was said behind the confirmation.
async fn said(stage: &Stage) -> Vec<String> {
    stage.subjects().await.split_off(1)
}

async fn states(stage: &Stage) -> Vec<String> {
    webhooks(stage).await.into_iter().map(|row| row.state).collect()
}

stories! {
    async fn a_parcel_that_aftership_follows_is_told_step_by_step_and_once(stage: &Stage) {
        let (key, tracker) = (ordered(stage).await, Tracker::connected(stage, Service::Aftership, SECRET).await);
        stage.pass(22 * HOUR).await;
        sent(stage, &key, NUMBER, Some("Royal Mail Tracked 48")).await;
        stage.pass(HOUR).await;
        assert!(said(stage).await.is_empty(), "the carrier has not had it");
        for (body, wait, subject) in [
            (IN_TRANSIT, 22 * HOUR, "Your order #1042 is on its way"),
            (OUT_FOR_DELIVERY, 7 * HOUR, "Order #1042 arrives today"),
            (DELIVERED, 24 * HOUR, "Order #1042 is there"),
        ] {
            assert_eq!(tracker.tell(stage, body).await.status, StatusCode::OK);
            assert_eq!(said(stage).await.last().map(String::as_str), Some(subject));
            stage.pass(wait).await;
        }
        let mail = &stage.mails().await[1];
        assert!(mail.text.contains("Royal Mail") && mail.text.contains(PAGE), "{}", mail.text);
        let page = stage.get(&page_in(mail)).await.body;
        assert!(page.contains("Delivered and signed for") && page.contains("Bristol"), "{page}");
        let told = said(stage).await.len();
        // A day later, and under another event: nobody is told again.
        assert_eq!(tracker.tell(stage, DELIVERED).await.status, StatusCode::OK);
        let other = with(delivered(), "/event_id", json!("another")).to_string();
        assert_eq!(tracker.tell(stage, &other).await.status, StatusCode::OK);
        stage.pass(24 * HOUR).await;
        assert_eq!(said(stage).await.len(), told);
        let order = all_orders(stage).await.remove(0).id;
        let rows = webhooks(stage).await;
        assert_eq!(rows.len(), 4);
        assert!(rows.iter().all(|row| row.state == "done" && row.order.as_deref() == Some(order.as_str())));
    }

    async fn what_came_before_its_parcel_counts_as_soon_as_that_is_told(stage: &Stage) {
        let (key, tracker) = (ordered(stage).await, Tracker::connected(stage, Service::Aftership, SECRET).await);
        stage.pass(23 * HOUR).await;
        assert_eq!(tracker.tell(stage, IN_TRANSIT).await.status, StatusCode::OK);
        assert!(said(stage).await.is_empty(), "nobody knows the number");
        assert_eq!(webhooks(stage).await[0].order, None);
        sent(stage, &key, NUMBER, None).await;
        stage.pass(HOUR).await;
        assert_eq!(said(stage).await, ["Your order #1042 is on its way"]);
        let mail = &stage.mails().await[1];
        assert!(mail.text.contains("Royal Mail") && mail.text.contains(PAGE), "recognised by its number: {}", mail.text);
    }

    async fn a_number_of_several_carriers_has_no_page_until_somebody_says_whose_it_is(stage: &Stage) {
        let key = ordered(stage).await;
        sent(stage, &key, "3318810025", None).await;
        stage.pass(7 * HOUR).await;
        let mail = stage.mails().await.pop().unwrap();
        assert!(mail.text.contains("3318810025"), "{}", mail.text);
        assert!(!mail.text.contains("dhl.com") && !mail.text.contains("dpd.co.uk"), "{}", mail.text);
    }

    async fn each_service_is_heard_under_its_own_signature(stage: &Stage) {
        for (service, body, topic) in [
            (Service::Aftership, IN_TRANSIT, "tracking_update"),
            (Service::Easypost, EASYPOST, "tracker.updated"),
            (Service::Shippo, SHIPPO, "track_updated"),
        ] {
            let tracker = Tracker::connected(stage, service, SECRET).await;
            assert_eq!(tracker.path, format!("/hooks/{}/{}", service.as_str(), tracker.path.rsplit('/').next().unwrap()));
            assert_eq!(tracker.tell(stage, body).await.status, StatusCode::OK, "{topic}");
            let row = webhooks(stage).await.into_iter().find(|row| row.topic == topic).expect("it is kept");
            assert_eq!((row.state.as_str(), row.reason), ("done", None), "{topic}");
        }
        assert!(stage.mails().await.is_empty(), "nobody knows these numbers");
    }

    async fn nothing_of_a_tracking_is_stored_that_is_not_signed(stage: &Stage) {
        for (service, body) in [(Service::Aftership, DELIVERED), (Service::Easypost, EASYPOST), (Service::Shippo, SHIPPO)] {
            let tracker = Tracker::connected(stage, service, SECRET).await;
            let before = rows(stage).await;
            let other_body = tracker.signed(SECRET, "{}");
            let other_secret = tracker.signed("another secret", body);
            for wrong in [None, Some(""), Some("nonsense"), Some(other_body.as_str()), Some(other_secret.as_str())] {
                let answer = tracker.send(stage, wrong, body).await;
                assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{wrong:?}");
                assert_eq!(answer.json()["code"], "bad_signature");
            }
            assert_eq!(rows(stage).await, before);
        }
    }

    async fn shippos_token_counts_where_nothing_is_signed_and_nowhere_else(stage: &Stage) {
        let shippo = Tracker::connected(stage, Service::Shippo, "a & b").await;
        let post = |path: String, body: &'static str| async move {
            let request = Request::post(path).body(Body::from(body)).expect("a request");
            let status = stage.http(request).await.status;
            stage.settle().await;
            status
        };
        assert_eq!(post(format!("{}?token=a%20%26%20b", shippo.path), SHIPPO).await, StatusCode::OK);
        assert_eq!(post(format!("{}?token=a", shippo.path), SHIPPO).await, StatusCode::UNAUTHORIZED);
        assert_eq!(post(format!("{}?token", shippo.path), SHIPPO).await, StatusCode::UNAUTHORIZED);
        let aftership = Tracker::connected(stage, Service::Aftership, SECRET).await;
        let path = format!("{}?token={SECRET}", aftership.path);
        assert_eq!(post(path, DELIVERED).await, StatusCode::UNAUTHORIZED, "AfterShip signs");
    }

    async fn the_same_event_again_is_one(stage: &Stage) {
        let tracker = Tracker::connected(stage, Service::Aftership, SECRET).await;
        for _ in 0..3 {
            assert_eq!(tracker.tell(stage, DELIVERED).await.status, StatusCode::OK);
            stage.pass(Duration::from_secs(86_400)).await;
        }
        assert_eq!(states(stage).await, ["done"]);
        // The same matter under another name, or in other bytes, is another webhook and changes nothing.
        let before = rows(stage).await;
        let other = with(delivered(), "/event_id", json!("another")).to_string();
        assert_eq!(tracker.tell(stage, &other).await.status, StatusCode::OK);
        let mut after = rows(stage).await;
        assert_eq!(after["webhooks"], before["webhooks"] + 1);
        // The webhook and its job are all that is new.
        after.insert("webhooks".to_owned(), before["webhooks"]);
        after.insert("jobs".to_owned(), before["jobs"]);
        assert_eq!(after, before);
    }

    async fn two_states_under_one_identifier_are_two(stage: &Stage) {
        let tracker = Tracker::connected(stage, Service::Aftership, SECRET).await;
        let early: Value = serde_json::from_str(IN_TRANSIT).expect("a payload is JSON");
        let early = with(early, "/event_id", delivered()["event_id"].clone()).to_string();
        for body in [early.as_str(), DELIVERED, early.as_str(), DELIVERED] {
            assert_eq!(tracker.tell(stage, body).await.status, StatusCode::OK);
            stage.pass(Duration::from_secs(1)).await;
        }
        assert_eq!(states(stage).await, ["done", "done"]);
    }

    async fn an_event_without_an_identifier_is_known_by_its_content(stage: &Stage) {
        let tracker = Tracker::connected(stage, Service::Shippo, SECRET).await;
        for _ in 0..2 {
            assert_eq!(tracker.tell(stage, SHIPPO).await.status, StatusCode::OK);
        }
        assert_eq!(states(stage).await, ["done"]);
    }

    async fn what_is_too_large_or_no_event_is_refused_and_leaves_nothing(stage: &Stage) {
        let tracker = Tracker::connected(stage, Service::Aftership, SECRET).await;
        let mut body = DELIVERED.to_owned();
        body.push_str(&" ".repeat(1_000_000 - body.len()));
        assert_eq!(tracker.tell(stage, &body).await.status, StatusCode::OK, "the largest");
        let before = rows(stage).await;
        assert_eq!(tracker.tell(stage, &(body + " ")).await.status, StatusCode::PAYLOAD_TOO_LARGE);
        for nonsense in ["", "tracking_update", "[]", "{}", r#"{"event":{}}"#, "\u{0}"] {
            let answer = tracker.tell(stage, nonsense).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{nonsense}: {}", answer.body);
        }
        assert_eq!(rows(stage).await, before);
    }

    async fn what_no_tracking_can_be_made_of_is_parked_and_other_events_are_kept_unread(stage: &Stage) {
        let tracker = Tracker::connected(stage, Service::Aftership, SECRET).await;
        let numberless = with(delivered(), "/msg/tracking_number", Value::Null);
        tracker.tell(stage, &numberless.to_string()).await;
        stage.pass(Duration::from_secs(1)).await;
        let pending = with(with(delivered(), "/event", json!("tracking_pending_time")), "/event_id", json!("e2"));
        tracker.tell(stage, &pending.to_string()).await;
        let rows = webhooks(stage).await;
        assert_eq!((rows[0].state.as_str(), rows[1].state.as_str()), ("parked", "ignored"));
        let reason = rows[0].reason.clone().unwrap();
        assert!(reason.contains("tracking_number") && !reason.contains("Amina"), "{reason}");
    }

    async fn the_secret_before_is_taken_for_a_day_and_the_address_stays(stage: &Stage) {
        let before = Tracker::connected(stage, Service::Aftership, "the first").await;
        let after = Tracker::connected(stage, Service::Aftership, SECRET).await;
        assert_eq!(before.path, after.path);
        let old = after.signed("the first", DELIVERED);
        assert_eq!(after.send(stage, Some(&old), DELIVERED).await.status, StatusCode::OK);
        stage.pass(Duration::from_secs(86_401)).await;
        assert_eq!(after.send(stage, Some(&old), DELIVERED).await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(after.tell(stage, DELIVERED).await.status, StatusCode::OK);
    }

    async fn one_services_address_is_not_anothers(stage: &Stage) {
        let tracker = Tracker::connected(stage, Service::Aftership, SECRET).await;
        let stranger = Tracker { path: tracker.path.replace("aftership", "easypost"), service: Service::Easypost };
        assert_eq!(stranger.tell(stage, EASYPOST).await.status, StatusCode::NOT_FOUND);
    }
}
