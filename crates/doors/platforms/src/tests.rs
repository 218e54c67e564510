//! Webhooks over a real database, from the wire to the inbox. What becomes of their orders is told in the stories.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use db::{DatabaseUrl, Db, Migration, Mode, Options, Wiring};
use kernel::shop::Sender;
use kernel::{Brand, Currency, Dice, Email, Keys, Locale, Policy, Shop, Timestamp, VirtualClock, Zone};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::{Connection, NewConnection, Platform, connect, hooks, process_webhook};

const MIGRATIONS: &[Migration] = &[
    Migration { version: 1, name: "jobs", sql: include_str!("../../../../migrations/0001_jobs.sql") },
    Migration {
        version: 2,
        name: "platforms",
        sql: include_str!("../../../../migrations/0005_platforms.sql"),
    },
    Migration {
        version: 3,
        name: "connections",
        sql: include_str!("../../../../migrations/0013_connections.sql"),
    },
    Migration {
        version: 4,
        name: "old_secrets",
        sql: include_str!("../../../../migrations/0015_old_secrets.sql"),
    },
    // Of this one only what is ours: the rest of it is about tables that are not here.
    Migration {
        version: 5,
        name: "settings_pages",
        sql: "ALTER TABLE connections ADD COLUMN removed_at {{int}};",
    },
];
const CREATED: &str = include_str!("../tests/payloads/shopify_orders_create.json");

db::sql_file!(pub LOOKS = "tests.sql" { INBOX = "inbox" });

fn shop() -> Shop {
    Shop {
        brand: Brand::default(),
        public_url: "http://127.0.0.1:4080".to_owned(),
        keys: Keys::parse("a root of at least thirty-two bytes").unwrap(),
        locale: Locale::default(),
        zone: Zone::utc(),
        currency: Currency::parse("GBP").unwrap(),
        policy: Policy::default(),
        mail_from: Sender { name: "Shop".to_owned(), address: Email::parse("shop@example.test").unwrap() },
    }
}

fn database() -> Db {
    let clock = Arc::new(VirtualClock::at(Timestamp::parse("2026-11-20T12:00:00Z").unwrap()));
    let wiring = Wiring::new().with(shop());
    let options = Options { mode: Mode::Inline, ..Options::new(clock, Dice::seeded(1), wiring) };
    let db = Db::open(&DatabaseUrl::Memory, options).unwrap();
    db.migrate(MIGRATIONS).unwrap();
    db
}

async fn connected(db: &Db, name: &'static str, secret: Option<&'static str>) -> Connection {
    let new = NewConnection {
        platform: Platform::Shopify,
        name: name.to_owned(),
        secret: secret.map(str::to_owned),
        api_url: None,
        api_key: None,
    };
    db.write("test", move |w| connect(w, &new)).await.unwrap()
}

/// The recorded request, as it would be sent to `path`.
fn recorded(path: &str) -> Request<Body> {
    let payload: Value = serde_json::from_str(CREATED).unwrap();
    let mut request = Request::post(path);
    for (name, value) in payload["request"]["headers"].as_object().unwrap() {
        request = request.header(name, value.as_str().unwrap());
    }
    request.body(Body::from(payload["request"]["body_raw"].as_str().unwrap().to_owned())).unwrap()
}

fn secret() -> &'static str {
    "shpss_test_0123456789abcdef"
}

async fn status(app: &Router, request: Request<Body>) -> StatusCode {
    let response = app.clone().oneshot(request).await.unwrap();
    if !response.status().is_success() {
        assert_eq!(response.headers()["content-type"], "application/problem+json");
    }
    response.status()
}

/// Identifier, state and reason of every webhook.
async fn inbox(db: &Db) -> Vec<(String, String, Option<String>)> {
    let rows = db.read("test", |r| {
        let rows = r.rows(&INBOX, &[])?;
        rows.iter().map(|row| Ok((row.get("id")?, row.get("state")?, row.get("reason")?))).collect()
    });
    rows.await.unwrap()
}

#[tokio::test]
async fn a_signed_webhook_is_stored_once_however_often_it_comes() {
    let db = database();
    let app = hooks(db.clone());
    let path = connected(&db, "shop", Some(secret())).await.webhook_path;
    for _ in 0..3 {
        assert_eq!(status(&app, recorded(&path)).await, StatusCode::OK);
    }
    let stored = inbox(&db).await;
    assert_eq!(stored.len(), 1);
    assert_eq!(stored[0].1, "received");
    let tally = db.read("test", jobs::tally).await.unwrap();
    assert!(format!("{tally:?}").contains('1'), "{tally:?}");
}

#[tokio::test]
async fn nothing_is_stored_that_is_not_signed_for_this_connection() {
    let db = database();
    let app = hooks(db.clone());
    let path = connected(&db, "shop", Some(secret())).await.webhook_path;
    let other = connected(&db, "another", None).await.webhook_path;
    assert_eq!(status(&app, recorded(&other)).await, StatusCode::UNAUTHORIZED);
    let mut unsigned = recorded(&path);
    unsigned.headers_mut().remove("x-shopify-hmac-sha256");
    assert_eq!(status(&app, unsigned).await, StatusCode::UNAUTHORIZED);
    let changed = recorded(&path).map(|_| Body::from("{}"));
    assert_eq!(status(&app, changed).await, StatusCode::UNAUTHORIZED);
    for nowhere in ["/hooks/shopify/con_00000000000000000000", "/hooks/shopify/x", "/hooks/stripe/x"] {
        assert_eq!(status(&app, recorded(nowhere)).await, StatusCode::NOT_FOUND, "{nowhere}");
    }
    let elsewhere = path.replace("/shopify/", "/woocommerce/");
    assert_eq!(status(&app, recorded(&elsewhere)).await, StatusCode::NOT_FOUND);
    let huge = recorded(&path).map(|_| Body::from(vec![b' '; 1024 * 1024 + 1]));
    assert_eq!(status(&app, huge).await, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(inbox(&db).await, []);
}

#[tokio::test]
async fn headers_that_are_missing_are_refused_or_made_up_for() {
    let db = database();
    let app = hooks(db.clone());
    let path = connected(&db, "shop", Some(secret())).await.webhook_path;
    let mut no_topic = recorded(&path);
    no_topic.headers_mut().remove("x-shopify-topic");
    assert_eq!(status(&app, no_topic).await, StatusCode::BAD_REQUEST);
    for _ in 0..2 {
        let mut nameless = recorded(&path);
        nameless.headers_mut().remove("x-shopify-webhook-id");
        assert_eq!(status(&app, nameless).await, StatusCode::OK);
    }
    let mut unhandled = recorded(&path);
    unhandled.headers_mut().insert("x-shopify-topic", "carts/update".parse().unwrap());
    assert_eq!(status(&app, unhandled).await, StatusCode::OK);
    let states: Vec<String> = inbox(&db).await.into_iter().map(|row| row.1).collect();
    assert_eq!(states, ["ignored", "received"]);
    // What waits is never deleted, however old.
    let later = |w: &mut db::Write<'_>| crate::store::forget(w, Timestamp::from_ms(w.now.ms() + 1));
    assert_eq!(db.write("test", later).await.unwrap(), 1);
    assert_eq!(inbox(&db).await.len(), 1);
}

#[tokio::test]
async fn connecting_again_keeps_the_address_and_a_new_secret_counts_at_once() {
    let db = database();
    let app = hooks(db.clone());
    let first = connected(&db, "shop", Some("the secret before")).await;
    assert_eq!(status(&app, recorded(&first.webhook_path)).await, StatusCode::UNAUTHORIZED);
    let second = connected(&db, "shop", Some(secret())).await;
    assert_eq!(second.id, first.id);
    assert_eq!(status(&app, recorded(&first.webhook_path)).await, StatusCode::OK);
    let third = connected(&db, "shop", None).await;
    assert_eq!((third.id, third.secret.as_str()), (first.id, secret()));
}

#[tokio::test]
async fn a_body_that_is_no_order_is_parked_with_the_reason() {
    let db = database();
    let app = hooks(db.clone());
    let path = connected(&db, "shop", Some(secret())).await.webhook_path;
    for (delivery, body) in [("1", "{"), ("2", "{\"id\": 1, \"currency\": \"DOGE\"}")] {
        let mut request = recorded(&path).map(|_| Body::from(body));
        request.headers_mut().insert("x-shopify-webhook-id", delivery.parse().unwrap());
        request.headers_mut().insert("x-shopify-hmac-sha256", signed(body).parse().unwrap());
        assert_eq!(status(&app, request).await, StatusCode::OK);
    }
    for (id, _, _) in inbox(&db).await {
        let payload = json!({ "webhook": id });
        let next = db.write("test", move |w| process_webhook(w, &payload)).await.unwrap();
        assert_eq!(next, jobs::Next::Done);
    }
    let parked = inbox(&db).await;
    assert!(parked.iter().all(|row| row.1 == "parked"), "{parked:?}");
    assert!(parked[0].2.as_deref().is_some_and(|reason| reason.contains("line 1")), "{parked:?}");
    assert!(parked[1].2.as_deref().is_some_and(|reason| reason.contains("/currency")), "{parked:?}");
    // A job that runs again finds the work done.
    let payload = json!({ "webhook": parked[0].0 });
    db.write("test", move |w| process_webhook(w, &payload)).await.unwrap();
    assert_eq!(inbox(&db).await, parked);
}

fn signed(body: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD
        .encode(kernel::keys::hmac_sha256(secret().as_bytes(), body.as_bytes()))
}
