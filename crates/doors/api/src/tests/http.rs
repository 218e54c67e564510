//! The routes over a real database. What the orders room does with an order is told in the stories.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use db::{DatabaseUrl, Db, Migration, Mode, Options, Wiring};
use kernel::{Dice, Timestamp, VirtualClock};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::keys::{KeyId, Scope, create_key, revoke_key};
use crate::schema::example;

const MIGRATIONS: &[Migration] =
    &[Migration { version: 1, name: "api", sql: include_str!("../../../../../migrations/0006_api.sql") }];

fn database() -> Db {
    let clock = Arc::new(VirtualClock::at(Timestamp::parse("2026-11-20T12:00:00Z").unwrap()));
    let options = Options { mode: Mode::Inline, ..Options::new(clock, Dice::seeded(1), Wiring::new()) };
    let db = Db::open(&DatabaseUrl::Memory, options).unwrap();
    db.migrate(MIGRATIONS).unwrap();
    db
}

async fn key(db: &Db, scopes: &'static [Scope]) -> String {
    db.write("test", move |w| create_key(w, "till", scopes)).await.unwrap()
}

fn post(key: &str, body: impl Into<Body>) -> Request<Body> {
    let request = Request::post("/v1/orders").header("content-type", "application/json");
    request.header("authorization", format!("Bearer {key}")).body(body.into()).unwrap()
}

async fn answer(app: &Router, request: Request<Body>) -> (StatusCode, Value) {
    let response = app.clone().oneshot(request).await.unwrap();
    let status = response.status();
    if status.is_client_error() {
        assert_eq!(response.headers()["content-type"], "application/problem+json");
    }
    assert_eq!(response.headers().contains_key("www-authenticate"), status == StatusCode::UNAUTHORIZED);
    let body = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
    (status, serde_json::from_slice(&body).unwrap_or_default())
}

#[tokio::test]
async fn a_key_is_shown_once_and_does_only_what_it_may() {
    let db = database();
    let app = crate::router(db.clone());
    let reader = key(&db, &[Scope::OrdersRead]).await;
    assert_eq!((reader.len(), &reader[..3]), (43, "ak_"));
    assert_eq!(answer(&app, post(&reader, example().to_string())).await.0, StatusCode::FORBIDDEN);
    let wrong = format!("ak_{}", "0".repeat(40));
    for stranger in [wrong.as_str(), "", "ak_", "\u{e9}"] {
        let (status, problem) = answer(&app, post(stranger, "{}")).await;
        assert_eq!(
            (status, problem["code"].as_str()),
            (StatusCode::UNAUTHORIZED, Some("unknown_key")),
            "{stranger}"
        );
    }
    let nobody = Request::get("/v1/orders").body(Body::empty()).unwrap();
    assert_eq!(answer(&app, nobody).await.0, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_revoked_key_opens_nothing() {
    let db = database();
    let app = crate::router(db.clone());
    let writer = key(&db, &[Scope::OrdersWrite]).await;
    assert_eq!(answer(&app, post(&writer, "{}")).await.0, StatusCode::UNPROCESSABLE_ENTITY);
    let hash = kernel::keys::hex(&kernel::keys::sha256(writer.as_bytes()));
    let found = db.read("test", move |r| crate::store::live_key(r, &hash)).await.unwrap().unwrap();
    assert!(found.last_used_at.is_some());
    let id = KeyId::stored(found.id.to_string());
    db.write("test", move |w| revoke_key(w, &id)).await.unwrap();
    assert_eq!(answer(&app, post(&writer, "{}")).await.0, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn what_cannot_be_read_says_why() {
    let db = database();
    let app = crate::router(db.clone());
    let writer = key(&db, &[Scope::OrdersWrite]).await;
    for body in ["", "{", "{\"source\": }", "\u{feff}{}"] {
        let (status, problem) = answer(&app, post(&writer, body)).await;
        assert_eq!(
            (status, problem["code"].as_str()),
            (StatusCode::BAD_REQUEST, Some("unreadable")),
            "{body}"
        );
    }
    let too_much = format!("{{\"note\": \"{}\"}}", "x".repeat(1024 * 1024));
    assert_eq!(answer(&app, post(&writer, too_much)).await.0, StatusCode::PAYLOAD_TOO_LARGE);
    let mut form = post(&writer, "a=b");
    form.headers_mut().insert("content-type", "application/x-www-form-urlencoded".parse().unwrap());
    let (status, problem) = answer(&app, form).await;
    assert_eq!((status, problem["status"].as_u64()), (StatusCode::UNSUPPORTED_MEDIA_TYPE, Some(415)));
    let mut long = post(&writer, example().to_string());
    long.headers_mut().insert("idempotency-key", "k".repeat(256).parse().unwrap());
    let (status, problem) = answer(&app, long).await;
    assert_eq!(
        (status, problem["code"].as_str()),
        (StatusCode::UNPROCESSABLE_ENTITY, Some("bad_idempotency_key"))
    );
}

#[tokio::test]
async fn wrong_fields_come_back_by_pointer() {
    let db = database();
    let app = crate::router(db.clone());
    let writer = key(&db, &[Scope::OrdersWrite]).await;
    let mut order = example();
    order["totals"]["total"] = json!(1);
    let (status, problem) = answer(&app, post(&writer, order.to_string())).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(problem["errors"][0]["pointer"], "/totals/total");
    let list = Request::get("/v1/orders?limit=101").header("authorization", format!("Bearer {writer}"));
    let (status, problem) = answer(&app, list.body(Body::empty()).unwrap()).await;
    assert_eq!(
        (status, problem["errors"][0]["pointer"].as_str()),
        (StatusCode::UNPROCESSABLE_ENTITY, Some("/limit"))
    );
}

#[tokio::test]
async fn a_claimed_request_is_answered_once_and_another_body_under_its_key_is_refused() {
    use crate::idempotency::{Once, claim, settle};
    let db = database();
    key(&db, &[Scope::OrdersWrite]).await;
    let outcome = db.write("test", |w| {
        let caller = KeyId::new(w.now, w.dice);
        crate::store::insert_key(w, &caller, "till", "hash", "orders:write")?;
        let once = Once { caller, key: "k".to_owned(), request_sha256: "a".to_owned() };
        assert_eq!(claim(w, &once)?, None);
        let order = orders::OrderId::new(w.now, w.dice);
        settle(w, &once, StatusCode::CREATED, &order)?;
        let done = claim(w, &once)?.unwrap();
        assert_eq!((done.status, done.order), (StatusCode::CREATED, order));
        let other = Once { request_sha256: "b".to_owned(), ..once };
        let now = w.now;
        let refused = claim(w, &other).unwrap_err();
        assert_eq!(crate::store::forget_requests(w, now)?, 0);
        let later = Timestamp::from_ms(w.now.ms() + 1);
        assert_eq!(crate::store::forget_requests(w, later)?, 1);
        assert_eq!(claim(w, &other)?, None);
        Err::<(), _>(refused)
    });
    assert_eq!(outcome.await.unwrap_err().code(), "idempotency_mismatch");
}

#[tokio::test]
async fn the_document_is_served_to_anybody() {
    let app = crate::router(database());
    let request = Request::get("/v1/openapi.json").body(Body::empty()).unwrap();
    let (status, document) = answer(&app, request).await;
    assert_eq!((status, document["openapi"].as_str()), (StatusCode::OK, Some("3.1.0")));
}
