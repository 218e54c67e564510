//! What other programs are told: once per event, signed, again when it did not arrive, and each without the others.

use std::time::Duration;

use api::Scope;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use kernel::Timestamp;
use kernel::webhooks::{Headers, Secret, TOLERANCE, verify};
use serde_json::{Value, json};
use stories::http_sink::{Asked, HttpSink, Reply};
use stories::stage::{Answer, Stage};
use stories::stories;
use world::samples::{Bend, order};
use world::shopping::refunded;

const MINUTE: Duration = Duration::from_secs(60);

/// Somebody who may manage webhooks.
struct Manager(String);

impl Manager {
    async fn of(stage: &Stage) -> Manager {
        let made = stage.house.db.write("story.key", |w| api::create_key(w, "erp", &[Scope::WebhooksManage]));
        Manager(made.await.unwrap())
    }

    async fn ask(&self, stage: &Stage, method: &str, path: &str, body: Value) -> Answer {
        self.ask_as(stage, method, path, "application/json", body).await
    }

    async fn ask_as(&self, stage: &Stage, method: &str, path: &str, kind: &str, body: Value) -> Answer {
        let request = Request::builder().method(method).uri(path).header("content-type", kind);
        let request = request.header("authorization", format!("Bearer {}", self.0));
        let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
        stage.http(request.body(body).unwrap()).await
    }

    /// An endpoint at this server: its identifier and its secret.
    async fn connect(&self, stage: &Stage, sink: &HttpSink, kinds: &[&str]) -> (String, Secret) {
        let body = json!({ "url": sink.url("/hooks"), "kinds": kinds });
        let made = self.ask(stage, "POST", "/v1/webhook-endpoints", body).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
        let (id, secret) = (made.json()["id"].clone(), made.json()["secret"].clone());
        (id.as_str().unwrap().to_owned(), Secret::parse(secret.as_str().unwrap()).unwrap())
    }

    async fn deliveries(&self, stage: &Stage, endpoint: &str) -> Vec<Value> {
        let path = format!("/v1/webhook-endpoints/{endpoint}/deliveries?limit=100");
        let list = self.ask(stage, "GET", &path, Value::Null).await;
        assert_eq!(list.status, StatusCode::OK, "{}", list.body);
        list.json()["data"].as_array().unwrap().clone()
    }
}

fn is_signed_by(asked: &Asked, secret: &Secret, now: Timestamp) -> bool {
    let headers = Headers {
        id: asked.header("webhook-id"),
        timestamp: asked.header("webhook-timestamp"),
        signature: asked.header("webhook-signature"),
    };
    verify(std::slice::from_ref(secret), &headers, &asked.body, now, TOLERANCE).is_ok()
}

/// What was told, by its type: no order is promised.
fn kinds(asked: &[Asked]) -> Vec<String> {
    let mut kinds: Vec<_> =
        asked.iter().map(|asked| asked.json()["type"].as_str().unwrap().to_owned()).collect();
    kinds.sort();
    kinds
}

/// Amina with her account, and the account that she forgot.
async fn two_customers(stage: &Stage) -> (kernel::CustomerId, kernel::CustomerId) {
    let mut ids = Vec::new();
    for number in 1..3 {
        let mut order = order(number, stage.now()).paid();
        order.customer.external_id = Some(format!("c{number}"));
        order.customer.email = kernel::Email::parse(&format!("c{number}@example.test")).ok();
        let taken = stage.take(&order).await;
        stage.settle().await;
        ids.push(stage.order(&taken.order).await.customer);
    }
    (ids[0].clone(), ids[1].clone())
}

stories! {
    async fn an_endpoint_hears_each_event_once_and_signed(stage: &Stage) {
        let (manager, sink) = (Manager::of(stage).await, HttpSink::start());
        let (_, secret) = manager.connect(stage, &sink, &[]).await;
        let placed = order(1, stage.now()).paid();
        let taken = stage.take(&placed).await;
        stage.settle().await;
        stage.take(&placed).await;
        stage.settle().await;
        let asked = sink.asked();
        assert_eq!(kinds(&asked), ["consent.given", "message.accepted", "order.paid", "order.placed"]);
        assert!(asked.iter().all(|asked| is_signed_by(asked, &secret, stage.now())));
        let placed_hook = asked.iter().find(|asked| asked.json()["type"] == "order.placed").unwrap();
        let data = &placed_hook.json()["data"];
        assert_eq!(data["order"]["id"], taken.order.as_str());
        assert_eq!(data["order"]["totals"]["total"], placed.totals.total);
        assert_eq!(data["details"]["payment"], "paid");
        let accepted = asked.iter().find(|asked| asked.json()["type"] == "message.accepted").unwrap();
        let message = &accepted.json()["data"]["message"];
        assert_eq!(message["order"], taken.order.as_str());
        assert_eq!((&message["state"], &message["channel"]), (&json!("accepted"), &json!("email")));
        assert!(asked[0].header("webhook-id").starts_with("evt_"), "{asked:?}");
    }

    async fn an_endpoint_hears_only_what_it_asked_for(stage: &Stage) {
        let (manager, sink) = (Manager::of(stage).await, HttpSink::start());
        manager.connect(stage, &sink, &["order.paid"]).await;
        stage.take(&order(1, stage.now()).paid()).await;
        stage.settle().await;
        assert_eq!(kinds(&sink.asked()), ["order.paid"]);
    }

    async fn a_refund_is_told_with_the_order_it_belongs_to(stage: &Stage) {
        let (manager, sink) = (Manager::of(stage).await, HttpSink::start());
        manager.connect(stage, &sink, &["refund.issued"]).await;
        let paid = order(1, stage.now()).paid();
        let taken = stage.take(&paid).await;
        stage.pass(MINUTE).await;
        stage.take(&refunded(&paid, stage.now())).await;
        stage.pass(MINUTE).await;
        let asked = sink.asked();
        assert_eq!(kinds(&asked), ["refund.issued"]);
        let data = &asked[0].json()["data"];
        assert_eq!(data["order"]["id"], taken.order.as_str());
        assert_eq!(data["order"]["refunded"], paid.totals.total);
        assert_eq!(data["details"]["refunded"], paid.totals.total);
    }

    async fn a_merge_is_told_of_both_and_taken_back_of_both(stage: &Stage) {
        let (manager, sink) = (Manager::of(stage).await, HttpSink::start());
        manager.connect(stage, &sink, &["customer.merged", "customer.unmerged"]).await;
        let (kept, gone) = two_customers(stage).await;
        let (into, from) = (kept.clone(), gone.clone());
        let merged = stage.house.db.write("story.merge", move |w| customers::merge(w, &into, &from, "staff:story"));
        assert!(merged.await.unwrap());
        stage.settle().await;
        let of = gone.clone();
        stage.house.db.write("story.unmerge", move |w| customers::unmerge(w, &of, "staff:story")).await.unwrap();
        stage.settle().await;
        let asked = sink.asked();
        let expected = ["customer.merged", "customer.merged", "customer.unmerged", "customer.unmerged"];
        assert_eq!(kinds(&asked), expected);
        for one in &asked {
            let details = &one.json()["data"]["details"];
            assert_eq!((&details["customer"], &details["into"]), (&json!(gone.as_str()), &json!(kept.as_str())));
        }
        let told: std::collections::BTreeSet<_> =
            asked.iter().map(|one| one.json()["data"]["customer_id"].as_str().unwrap().to_owned()).collect();
        assert_eq!(told, [kept.to_string(), gone.to_string()].into());
    }

    async fn of_somebody_who_is_erased_nothing_leaves_but_that(stage: &Stage) {
        let (manager, sink) = (Manager::of(stage).await, HttpSink::start());
        manager.connect(stage, &sink, &[]).await;
        let (kept, _) = two_customers(stage).await;
        let before = sink.asked().len();
        let id = kept.clone();
        let begun = stage.house.db.write("story.erase", move |w| {
            // What was told a moment before and is still to leave is about somebody who is forgotten meanwhile.
            customers::prefer_channel(w, &id, Some(kernel::Channel::Sms), "api")?;
            customers::begin_erasure(w, &id, customers::Asker::Log)
        });
        assert!(begun.await.unwrap());
        stage.pass(10 * MINUTE).await;
        let asked = sink.asked();
        let after: Vec<_> = asked[before..].iter().filter(|one| one.json()["data"]["customer_id"] == kept.as_str()).collect();
        let erased = after.iter().find(|one| one.json()["type"] == "customer.erased").unwrap();
        assert_eq!(erased.json()["data"]["customer"], json!({ "id": kept.as_str() }));
        assert!(after.iter().any(|one| one.json()["type"] == "customer.changed"), "{after:?}");
        for one in after {
            let body = String::from_utf8_lossy(&one.body).into_owned();
            assert!(!body.contains("Amina") && !body.contains("c1@example.test"), "{body}");
        }
    }

    async fn the_past_is_no_news(stage: &Stage) {
        let (manager, sink) = (Manager::of(stage).await, HttpSink::start());
        manager.connect(stage, &sink, &["order.placed"]).await;
        let long_ago = order(1, stage.now() - 30 * 1440 * MINUTE).paid();
        assert!(stage.order(&stage.take(&long_ago).await.order).await.is_history);
        stage.take(&order(2, stage.now()).paid()).await;
        stage.settle().await;
        assert_eq!(sink.asked().len(), 1);
    }

    async fn without_endpoints_no_event_costs_a_job(stage: &Stage) {
        stage.take(&order(1, stage.now()).paid()).await;
        let tally = stage.house.db.read("story.tally", jobs::tally).await.unwrap();
        // The message's hand-off and the catalogue's look at the order.
        assert_eq!(tally.due, 2);
    }

    async fn what_did_not_arrive_is_sent_again_under_the_same_identifier(stage: &Stage) {
        let (manager, sink) = (Manager::of(stage).await, HttpSink::deciding(|_| Reply::status(503)));
        let (endpoint, _) = manager.connect(stage, &sink, &["order.paid"]).await;
        stage.take(&order(1, stage.now()).paid()).await;
        stage.settle().await;
        assert_eq!(sink.asked().len(), 1);
        sink.decide(|_| Reply::Hang);
        stage.pass(MINUTE).await;
        sink.decide(|_| Reply::status(204));
        stage.pass(15 * MINUTE).await;
        let asked = sink.asked();
        assert!((3..=4).contains(&asked.len()), "{}", asked.len());
        assert!(asked.windows(2).all(|pair| pair[0].header("webhook-id") == pair[1].header("webhook-id")));
        assert_ne!(asked[0].header("webhook-timestamp"), asked[1].header("webhook-timestamp"));
        let deliveries = manager.deliveries(stage, &endpoint).await;
        assert_eq!((deliveries.len(), deliveries[0]["state"].as_str()), (1, Some("delivered")));
        assert_eq!(deliveries[0]["status"], 204);
        // Days later nothing comes after it.
        stage.pass(4 * 1440 * MINUTE).await;
        assert_eq!(sink.asked().len(), asked.len());
    }

    async fn an_endpoint_that_never_answers_is_given_up_and_switched_off(stage: &Stage) {
        let (manager, sink) = (Manager::of(stage).await, HttpSink::deciding(|_| Reply::status(500)));
        let (endpoint, _) = manager.connect(stage, &sink, &["order.paid"]).await;
        stage.take(&order(1, stage.now()).paid()).await;
        stage.pass(4 * 1440 * MINUTE).await;
        let deliveries = manager.deliveries(stage, &endpoint).await;
        assert_eq!(deliveries[0]["state"], "failed", "{deliveries:?}");
        assert!(deliveries[0]["attempts"].as_u64().unwrap() >= 8, "{deliveries:?}");
        stage.take(&order(2, stage.now()).paid()).await;
        stage.pass(2 * 1440 * MINUTE).await;
        let path = format!("/v1/webhook-endpoints/{endpoint}");
        let shown = manager.ask(stage, "GET", &path, Value::Null).await.json();
        assert!(shown["disabled_at"].is_string(), "{shown}");
        let asked = sink.asked().len();
        stage.take(&order(3, stage.now()).paid()).await;
        stage.pass(1440 * MINUTE).await;
        assert_eq!(sink.asked().len(), asked, "nothing more is sent to it");
        // Mended: switched on again, it hears what it missed.
        sink.decide(|_| Reply::status(200));
        let on = manager.ask(stage, "PATCH", &path, json!({ "disabled": false })).await;
        assert_eq!(on.status, StatusCode::OK, "{}", on.body);
        let since = json!({ "since": "2026-11-01T00:00:00Z" });
        let replay = manager.ask(stage, "POST", &format!("{path}/replay"), since).await;
        assert_eq!((replay.status, &replay.json()["queued"]), (StatusCode::ACCEPTED, &json!(3)), "{}", replay.body);
        stage.settle().await;
        let heard = &sink.asked()[asked..];
        assert_eq!(kinds(heard), ["order.paid", "order.paid", "order.paid"]);
    }

    async fn gone_means_gone(stage: &Stage) {
        let (manager, sink) = (Manager::of(stage).await, HttpSink::deciding(|_| Reply::status(410)));
        let (endpoint, _) = manager.connect(stage, &sink, &[]).await;
        stage.take(&order(1, stage.now()).paid()).await;
        stage.pass(1440 * MINUTE).await;
        assert_eq!(sink.asked().len(), 1, "it is asked once");
        let deliveries = manager.deliveries(stage, &endpoint).await;
        assert!(deliveries.iter().all(|delivery| delivery["state"] == "failed"), "{deliveries:?}");
    }

    async fn one_endpoint_in_trouble_delays_no_other(stage: &Stage) {
        let manager = Manager::of(stage).await;
        let (bad, good) = (HttpSink::deciding(|_| Reply::Hang), HttpSink::start());
        manager.connect(stage, &bad, &["order.paid"]).await;
        manager.connect(stage, &good, &["order.paid"]).await;
        for n in 1..=5 {
            stage.take(&order(n, stage.now()).paid()).await;
        }
        stage.settle().await;
        assert_eq!(good.asked().len(), 5, "all at once");
        assert_eq!(bad.asked().len(), 1, "one attempt, and then it is left alone");
    }

    async fn a_body_that_says_it_is_something_else_than_json_is_not_read(stage: &Stage) {
        let (manager, sink) = (Manager::of(stage).await, HttpSink::start());
        let (endpoint, _) = manager.connect(stage, &sink, &[]).await;
        let path = format!("/v1/webhook-endpoints/{endpoint}");
        let replay = format!("{path}/replay");
        for (method, path) in [("POST", "/v1/webhook-endpoints"), ("PATCH", &*path), ("POST", &*replay)] {
            for kind in ["text/plain", "application/x-www-form-urlencoded", "application/jsonx"] {
                let answer = manager.ask_as(stage, method, path, kind, json!({})).await;
                assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{method} {path} {kind}");
                assert_eq!(answer.json()["status"], 415);
            }
        }
    }

    async fn a_new_secret_and_the_old_one_sign_side_by_side_for_a_day(stage: &Stage) {
        let (manager, sink) = (Manager::of(stage).await, HttpSink::start());
        let (endpoint, old) = manager.connect(stage, &sink, &["order.paid"]).await;
        let path = format!("/v1/webhook-endpoints/{endpoint}/rotate");
        let rotated = manager.ask(stage, "POST", &path, Value::Null).await;
        let new = Secret::parse(rotated.json()["secret"].as_str().unwrap()).unwrap();
        stage.take(&order(1, stage.now()).paid()).await;
        stage.settle().await;
        let first = sink.asked().pop().unwrap();
        assert!(is_signed_by(&first, &old, stage.now()) && is_signed_by(&first, &new, stage.now()));
        stage.pass(1441 * MINUTE).await;
        stage.take(&order(2, stage.now()).paid()).await;
        stage.settle().await;
        let second = sink.asked().pop().unwrap();
        assert!(is_signed_by(&second, &new, stage.now()) && !is_signed_by(&second, &old, stage.now()));
    }

    async fn a_test_and_a_replay_say_what_became_of_them(stage: &Stage) {
        let (manager, sink) = (Manager::of(stage).await, HttpSink::start());
        let (endpoint, secret) = manager.connect(stage, &sink, &["order.paid"]).await;
        let path = format!("/v1/webhook-endpoints/{endpoint}/test");
        let sent = manager.ask(stage, "POST", &path, Value::Null).await;
        assert_eq!(sent.status, StatusCode::ACCEPTED, "{}", sent.body);
        stage.settle().await;
        let tested = sink.asked();
        assert_eq!(kinds(&tested), ["webhook.test"]);
        assert!(is_signed_by(&tested[0], &secret, stage.now()));
        let delivery = manager.deliveries(stage, &endpoint).await.remove(0);
        assert_eq!((delivery["state"].as_str(), delivery["id"].as_str()), (Some("delivered"), sent.json()["id"].as_str()));
        let path = format!("/v1/webhook-deliveries/{}/replay", delivery["id"].as_str().unwrap());
        assert_eq!(manager.ask(stage, "POST", &path, Value::Null).await.status, StatusCode::ACCEPTED);
        stage.settle().await;
        let again = sink.asked();
        assert_eq!(again.len(), 2);
        assert_eq!(again[0].header("webhook-id"), again[1].header("webhook-id"));
    }

    async fn an_endpoint_is_refused_with_its_reason(stage: &Stage) {
        let manager = Manager::of(stage).await;
        for (url, code) in [
            ("nonsense", "not_a_link"),
            ("http://shop.example/hooks", "not_https"),
            ("http://10.0.0.1/hooks", "not_https"),
            ("ftp://shop.example/", "not_https"),
            ("https://user:word@shop.example/", "has_credentials"),
            ("http://127.0.0.1:4080/hooks", "own_address"),
        ] {
            let answer = manager.ask(stage, "POST", "/v1/webhook-endpoints", json!({ "url": url })).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{url}: {}", answer.body);
            let fault = &answer.json()["errors"][0];
            assert_eq!((fault["pointer"].as_str(), fault["code"].as_str()), (Some("/url"), Some(code)), "{url}");
        }
        let body = json!({ "url": "https://shop.example/", "kinds": ["order.lost"], "colour": "red" });
        let answer = manager.ask(stage, "POST", "/v1/webhook-endpoints", body).await;
        assert_eq!(answer.json()["errors"][0]["pointer"], "/colour", "{}", answer.body);
        let strangers = stage.api_key().await;
        let answer = Manager(strangers).ask(stage, "GET", "/v1/webhook-endpoints", Value::Null).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
    }

    /// An address that passes the first look and leads inside is stopped when it is called, each time.
    async fn an_inner_address_is_never_called(stage: &Stage) {
        let manager = Manager::of(stage).await;
        let body = json!({ "url": "https://[::1]:8443/hooks", "kinds": ["order.paid"] });
        let made = manager.ask(stage, "POST", "/v1/webhook-endpoints", body).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
        stage.take(&order(1, stage.now()).paid()).await;
        stage.settle().await;
        let endpoint = made.json()["id"].as_str().unwrap().to_owned();
        let delivery = manager.deliveries(stage, &endpoint).await.remove(0);
        assert!(delivery["outcome"].as_str().unwrap().starts_with("Not called"), "{delivery}");
    }

    async fn what_was_due_before_a_restore_waits_until_it_is_let_go(stage: &Stage) {
        let (manager, sink) = (Manager::of(stage).await, HttpSink::start());
        manager.connect(stage, &sink, &["order.paid"]).await;
        sink.decide(|_| Reply::Hang);
        stage.take(&order(1, stage.now()).paid()).await;
        stage.settle().await;
        stage.pass(MINUTE).await;
        sink.decide(|_| Reply::status(200));
        let asked = sink.asked().len();
        stage.pass(10 * MINUTE).await;
        assert_eq!(sink.asked().len(), asked + 1, "it has arrived, and after that day the backup is restored");
        let revive = Duration::from_secs(30);
        stage.take(&order(2, stage.now()).paid()).await;
        stage.clock.move_to(stage.now() + revive);
        stage.house.db.write("story.restored", jobs::hold_after_restore).await.unwrap();
        stage.take(&order(3, stage.now()).paid()).await;
        stage.pass(5 * MINUTE).await;
        let told: Vec<_> = sink.asked().split_off(asked + 1);
        assert_eq!(told.len(), 1, "what came after the restore, and nothing that was due before it");
        let until = stage.now();
        stage.house.db.write("story.release", move |w| jobs::release_hold(w, until)).await.unwrap();
        stage.pass(61 * MINUTE).await;
        assert_eq!(sink.asked().len(), asked + 3);
    }

    async fn an_endpoint_that_is_taken_away_hears_nothing_more(stage: &Stage) {
        let (manager, sink) = (Manager::of(stage).await, HttpSink::start());
        let (endpoint, _) = manager.connect(stage, &sink, &["order.paid"]).await;
        stage.take(&order(1, stage.now()).paid()).await;
        let path = format!("/v1/webhook-endpoints/{endpoint}");
        assert_eq!(manager.ask(stage, "DELETE", &path, Value::Null).await.status, StatusCode::NO_CONTENT);
        stage.settle().await;
        assert!(sink.asked().is_empty());
        assert_eq!(manager.ask(stage, "GET", &path, Value::Null).await.status, StatusCode::NOT_FOUND);
        assert_eq!(manager.ask(stage, "DELETE", &path, Value::Null).await.status, StatusCode::NOT_FOUND);
    }
}
