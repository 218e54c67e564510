//! Standard Webhooks in: any shop that signs an order and sends it.

use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kernel::webhooks::{self, Headers, Secret};
use kernel::{Clock, Dice, SystemClock, Timestamp};
use orders::incoming::{Fulfilment, Payment};
use platforms::{NewConnection, Platform};
use serde_json::{Value, json};
use stories::process::Folder;
use stories::stage::{Answer, Stage};
use stories::{npm, stories};

use crate::kit::{all_orders, example, page_in, signed_by, webhooks as kept, with};

const HOUR: Duration = Duration::from_secs(3_600);

/// A connected shop and the key it signs with.
struct Signing {
    path: String,
    key: Vec<u8>,
}

impl Signing {
    async fn connected(stage: &Stage, platform: Platform, secret: Option<String>) -> Signing {
        let made = connect(stage, platform, secret).await.expect("a shop is connected");
        let base64 = made.secret.strip_prefix("whsec_").expect("a secret of Standard Webhooks");
        Signing { path: made.webhook_path, key: STANDARD.decode(base64).expect("base64") }
    }

    /// Posts a body that was signed at `signed_at`.
    async fn post_at(&self, stage: &Stage, id: &str, body: &str, signed_at: Timestamp) -> Answer {
        let timestamp = (signed_at.ms() / 1_000).to_string();
        let signature = self.signature(id, &timestamp, body);
        let answer = stage.http(self.request(id, &timestamp, &signature, body)).await;
        stage.settle().await;
        answer
    }

    async fn post(&self, stage: &Stage, id: &str, body: &Value) -> Answer {
        self.post_at(stage, id, &body.to_string(), stage.now()).await
    }

    /// By the words of the specification and not by our own code.
    fn signature(&self, id: &str, timestamp: &str, body: &str) -> String {
        format!("v1,{}", signed_by(&self.key, format!("{id}.{timestamp}.{body}").as_bytes()))
    }

    fn request(&self, id: &str, timestamp: &str, signature: &str, body: &str) -> Request<Body> {
        let request = Request::post(&self.path)
            .header("webhook-id", id)
            .header("webhook-timestamp", timestamp)
            .header("webhook-signature", signature);
        request.body(Body::from(body.to_owned())).expect("a request")
    }
}

async fn connect(
    stage: &Stage,
    platform: Platform,
    secret: Option<String>,
) -> kernel::Result<platforms::Connection> {
    let (api_url, api_key) = (None, None);
    let new = NewConnection { platform, name: platform.as_str().to_owned(), secret, api_url, api_key };
    stage.house.db.write("story.connect", move |w| platforms::connect(w, &new)).await
}

fn event(order: &Value) -> Value {
    json!({ "type": "order.updated", "timestamp": "2026-11-20T10:00:01Z", "data": order })
}

stories! {
    async fn a_signed_order_of_any_shop_is_stored_and_told(stage: &Stage) {
        let shop = Signing::connected(stage, Platform::Generic, None).await;
        assert_eq!(shop.post(stage, "msg_1", &event(&example())).await.status, StatusCode::OK);
        let stored = &all_orders(stage).await[0];
        assert!(stored.order.source.starts_with("generic:con_"), "{}", stored.order.source);
        let mails = stage.mails().await;
        assert_eq!((mails.len(), mails[0].to.as_str()), (1, "amina@example.test"));
        assert!(mails[0].text.contains("First Flush Darjeeling") && mails[0].text.contains("27.95"));
        assert!(stage.get(&page_in(&mails[0])).await.body.contains("First Flush Darjeeling"));
        assert_eq!(kept(stage).await[0].state, "done");
    }

    async fn goods_and_money_move_on_the_page_without_a_second_confirmation(stage: &Stage) {
        let shop = Signing::connected(stage, Platform::Vendure, None).await;
        shop.post(stage, "msg_1", &event(&example())).await;
        stage.pass(HOUR).await;
        let mut order = with(example(), "/updated_at", json!("2026-11-20T11:00:00Z"));
        order["locale"] = Value::Null;
        order["payment"] = json!("partially_refunded");
        order["fulfilment"] = json!("delivered");
        order["delivered_at"] = json!("2026-11-20T10:50:00Z");
        order["refunds"] = json!([{ "external_id": "r1", "amount": 1200, "at": "2026-11-20T10:59:00Z" }]);
        assert_eq!(shop.post(stage, "msg_2", &event(&order)).await.status, StatusCode::OK);
        let stored = &all_orders(stage).await[0].order;
        assert_eq!((stored.payment, stored.refunded_minor), (Payment::PartiallyRefunded, 1_200));
        assert_eq!(stored.fulfilment, Fulfilment::Delivered);
        assert_eq!(stored.locale.as_ref().map(ToString::to_string).as_deref(), Some("en-GB"));
        let confirmations = stage.subjects().await.iter().filter(|s| s.contains("We’ve got")).count();
        assert_eq!(confirmations, 1);
    }

    async fn the_same_webhook_again_and_again_is_one_order_and_one_mail(stage: &Stage) {
        let shop = Signing::connected(stage, Platform::Generic, None).await;
        for _ in 0..3 {
            assert_eq!(shop.post(stage, "msg_1", &event(&example())).await.status, StatusCode::OK);
            stage.pass(Duration::from_secs(60)).await;
        }
        // Sent anew by a shop that lost our answer and made another id for it.
        shop.post(stage, "msg_2", &event(&example())).await;
        assert_eq!((all_orders(stage).await.len(), stage.mails().await.len()), (1, 1));
        assert_eq!(kept(stage).await.len(), 2);
    }

    async fn without_the_right_signature_nothing_is_kept(stage: &Stage) {
        let shop = Signing::connected(stage, Platform::Generic, None).await;
        let (body, now) = (event(&example()).to_string(), stage.now().ms() / 1_000);
        let right = shop.signature("msg_1", &now.to_string(), &body);
        let refused = [
            shop.request("msg_1", &now.to_string(), "v1,AAAA", &body),
            shop.request("msg_2", &now.to_string(), &right, &body),
            shop.request("msg_1", &(now + 1).to_string(), &right, &body),
            shop.request("msg_1", &now.to_string(), &right, &body.replace("1200", "1201")),
            Request::post(&shop.path).body(Body::from(body.clone())).expect("a request"),
        ];
        for request in refused {
            assert_eq!(stage.http(request).await.status, StatusCode::UNAUTHORIZED);
        }
        for away in [-301, 301] {
            let signed_at = Timestamp::from_ms((now + away) * 1_000);
            let answer = shop.post_at(stage, "msg_1", &body, signed_at).await;
            assert_eq!((answer.status, answer.json()["code"].as_str()), (StatusCode::UNAUTHORIZED, Some("bad_timestamp")));
        }
        let elsewhere = shop.path.replace("generic", "vendure");
        let mut request = shop.request("msg_1", &now.to_string(), &right, &body);
        *request.uri_mut() = elsewhere.parse().expect("a path");
        assert_eq!(stage.http(request).await.status, StatusCode::NOT_FOUND);
        assert_eq!((kept(stage).await.len(), all_orders(stage).await.len()), (0, 0));
    }

    async fn a_new_secret_counts_at_once_and_the_old_one_for_another_day(stage: &Stage) {
        let old = Signing::connected(stage, Platform::Generic, None).await;
        let made = Secret::generate(&mut Dice::seeded(5)).text();
        let new = Signing::connected(stage, Platform::Generic, Some(made)).await;
        assert_eq!(old.path, new.path);
        let ping = json!({ "type": "ping" });
        for shop in [&old, &new] {
            assert_eq!(shop.post(stage, "msg_1", &ping).await.status, StatusCode::OK);
        }
        // Connecting again without a secret changes neither.
        connect(stage, Platform::Generic, None).await.expect("connected again");
        stage.pass(HOUR * 23).await;
        assert_eq!(old.post(stage, "msg_2", &ping).await.status, StatusCode::OK);
        stage.pass(HOUR).await;
        assert_eq!(old.post(stage, "msg_3", &ping).await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(new.post(stage, "msg_3", &ping).await.status, StatusCode::OK);
        let refused = connect(stage, Platform::Vendure, Some("hush-hush".into())).await.err().expect("no secret");
        assert_eq!(refused.fields()[0].code, "not_a_secret");
    }

    async fn a_ping_is_answered_and_what_we_do_not_read_is_kept_unread(stage: &Stage) {
        let shop = Signing::connected(stage, Platform::Vendure, None).await;
        for ping in ["ping", "test"] {
            let answer = shop.post(stage, "msg_1", &json!({ "type": ping, "data": {} })).await;
            assert_eq!(answer.status, StatusCode::OK);
        }
        assert_eq!(kept(stage).await.len(), 0);
        shop.post(stage, "msg_2", &json!({ "type": "customer.updated", "data": { "id": 1 } })).await;
        assert_eq!(kept(stage).await[0].state, "ignored");
        for body in ["", "[]", "{\"data\":{}}", "{\"type\":7}", "{\"type\":\"\"}", "{\"type\":\"order.polled\"}"] {
            let answer = shop.post_at(stage, "msg_3", body, stage.now()).await;
            assert_eq!(answer.json()["code"], "no_event", "{body}");
            assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        }
    }

    async fn what_no_order_can_be_made_of_is_parked_with_its_reason(stage: &Stage) {
        let shop = Signing::connected(stage, Platform::Generic, None).await;
        let wrong = [
            (json!({ "type": "order.updated" }), "object"),
            (event(&with(example(), "/currency", json!("DOGE"))), "/currency"),
            (event(&with(example(), "/lines", json!([]))), "/lines"),
            (event(&with(example(), "/refunds", json!([{ "external_id": "r", "amount": -1 }]))), "/refunds/0/amount"),
            (event(&with(example(), "/customer/name", json!("a\u{0}b"))), ""),
        ];
        for (number, (body, _)) in wrong.iter().enumerate() {
            assert_eq!(shop.post(stage, &format!("msg_{number}"), body).await.status, StatusCode::OK);
            stage.pass(Duration::from_secs(1)).await;
        }
        let rows = kept(stage).await;
        for (row, (_, named)) in rows.iter().zip(&wrong) {
            let reason = row.reason.as_deref().unwrap_or_default();
            assert!(reason.contains(named), "{named}: {row:?}");
        }
        let states: Vec<&str> = rows.iter().map(|row| row.state.as_str()).collect();
        // A name that no honest text holds is not needed for an order.
        assert_eq!(states, ["parked", "parked", "parked", "parked", "done"]);
    }

    async fn totals_of_a_believed_shop_that_do_not_add_up_are_noted(stage: &Stage) {
        let shop = Signing::connected(stage, Platform::Generic, None).await;
        shop.post(stage, "msg_1", &event(&with(example(), "/totals/total", json!(9_999)))).await;
        let order = all_orders(stage).await.remove(0);
        assert_eq!(order.order.totals.total, 9_999);
        let notes = stage.house.db.read("story.notes", move |r| orders::notes(r, &order.id)).await;
        assert_eq!(notes.expect("notes can be read")[0].kind, "totals_mismatch");
    }

    async fn of_two_snapshots_of_one_second_the_later_look_counts(stage: &Stage) {
        let shop = Signing::connected(stage, Platform::Vendure, None).await;
        let event = |at: &str, payment: &str| {
            let order = with(example(), "/payment", json!(payment));
            json!({ "type": "order.updated", "timestamp": at, "data": order })
        };
        shop.post(stage, "msg_2", &event("2026-11-20T10:00:00.900Z", "paid")).await;
        shop.post(stage, "msg_1", &event("2026-11-20T10:00:00.100Z", "authorized")).await;
        assert_eq!(all_orders(stage).await[0].order.payment, Payment::Paid);
    }
}

/// Ten thousand random messages, signed by both and judged by both, among them forged, late and twice signed ones.
#[test]
fn the_official_library_and_we_agree_on_every_message() {
    if !stories::mail_server::wanted() {
        return;
    }
    let now = SystemClock.now();
    let mut dice = Dice::from_os();
    let messages: Vec<Message> = (0..10_000).map(|_| Message::random(&mut dice, now)).collect();
    let folder = Folder::fresh("official").expect("a folder can be made");
    let (input, output) = (folder.join("in.jsonl"), folder.join("out.jsonl"));
    let lines: Vec<String> = messages.iter().map(|message| message.json().to_string()).collect();
    fs::write(&input, lines.join("\n")).expect("the folder can be written");
    fs::copy(npm::shop_folder().join("official.js"), folder.join("official.js")).expect("it can be copied");
    symlink(npm::node_modules(), folder.join("node_modules")).expect("the folder can be written");
    npm::run(Command::new("node").arg(folder.join("official.js")).args([&input, &output]));
    let answers = fs::read_to_string(&output).expect("it answers");
    let mut right = 0;
    for (message, answer) in messages.iter().zip(answers.lines()) {
        let answer: Value = serde_json::from_str(answer).expect("JSON");
        let ours = message.verified(now);
        assert_eq!(answer["signature"], message.signature, "{message:?}");
        assert_eq!(answer["verified"], ours, "{message:?}");
        right += usize::from(ours);
    }
    assert_eq!(answers.lines().count(), messages.len());
    assert!((2_000..9_000).contains(&right), "{right} of ten thousand are right: both kinds are needed");
}

/// A message as one side sends it, which may have been tampered with on the way.
#[derive(Debug)]
struct Message {
    secret: Secret,
    id: String,
    signed_at: Timestamp,
    body: String,
    /// By us, of what was meant.
    signature: String,
    /// What arrives in the three headers.
    sent: (String, String, String),
    arriving_body: String,
}

impl Message {
    fn random(dice: &mut Dice, now: Timestamp) -> Message {
        let (secret, other) = (Secret::generate(dice), Secret::generate(dice));
        let id = format!("msg_{:x}", dice.bits());
        // Not within some seconds of the border: time goes on while the library works.
        let away_s = [0, 1, -1, 250, -250, 400, -400][dice.below(7) as usize];
        let signed_at = Timestamp::from_ms(now.ms() + away_s * 1_000);
        let characters = ["a", "\\u0000", "ä", "漢", "🎁", "\\n", "{", "\\\"", " ", "\u{2028}"];
        let text: String =
            (0..dice.below(40)).map(|_| characters[dice.below(characters.len() as u64) as usize]).collect();
        let body = format!("{{\"type\":\"order.updated\",\"data\":\"{text}\"}}");
        let signature = webhooks::sign(&secret, &id, signed_at, body.as_bytes());
        let by_other = webhooks::sign(&other, &id, signed_at, body.as_bytes());
        let mut message = Message {
            sent: (id.clone(), webhooks::timestamp_header(signed_at), signature.clone()),
            arriving_body: body.clone(),
            secret,
            id,
            signed_at,
            body,
            signature,
        };
        match dice.below(10) {
            0 => message.sent.0.push('x'),
            1 => message.sent.1 = webhooks::timestamp_header(signed_at + Duration::from_secs(1)),
            2 => message.sent.2 = by_other,
            3 => message.sent.2 = format!("{by_other} v1a,abc {}", message.signature),
            4 => message.sent.2 = message.signature.replace("v1,", "v2,"),
            5 => message.arriving_body = message.body.replace("order", "0rder"),
            6 => message.sent.2.truncate(20),
            _ => {}
        }
        message
    }

    fn json(&self) -> Value {
        json!({
            "secret": self.secret.text(), "id": self.id, "signed_at": self.signed_at.ms() / 1_000, "body": self.body,
            "timestamp": self.sent.1, "signatures": self.sent.2, "arriving_id": self.sent.0,
            "arriving_body": self.arriving_body,
        })
    }

    fn verified(&self, now: Timestamp) -> bool {
        let headers = Headers { id: &self.sent.0, timestamp: &self.sent.1, signature: &self.sent.2 };
        let secrets = std::slice::from_ref(&self.secret);
        webhooks::verify(secrets, &headers, self.arriving_body.as_bytes(), now, webhooks::TOLERANCE).is_ok()
    }
}
