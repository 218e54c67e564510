//! The same webhook from several connections of the real program at once: what only threads can get wrong.

use std::thread;
use std::time::Duration;

use db::Engine;
use kernel::{Clock, SystemClock, Timestamp};
use serde_json::{Value, json};
use stories::app::{App, Settings};
use stories::postgres::{self, Cluster};
use stories::process;

use crate::kit::{numbered, shopify_order, signature, with};

const SECRET: &str = "the secret the shop signs with";
const LONG: Duration = Duration::from_secs(30);
/// Longer than a change takes to settle: a second message would be there by then.
const SETTLED: Duration = Duration::from_secs(4);

fn started(engine: Engine) -> App {
    let database_url = match engine {
        Engine::Sqlite => None,
        Engine::Postgres => Some(Cluster::shared().url(&Cluster::shared().fresh_schema())),
    };
    App::start(Settings { database_url, ..Settings::default() })
}

fn connected(app: &App) -> String {
    let said = app.cli_ok(&["connect", "shopify", "--name", "Example", "--secret", SECRET]);
    let made: Value = serde_json::from_str(&said).unwrap_or_else(|error| panic!("{error}: {said}"));
    let url = made["webhook_url"].as_str().expect("an address");
    url[url.find("/hooks/").expect("a path")..].to_owned()
}

/// An order of this moment, under the real clock.
fn order_of(now: Timestamp, number: usize) -> Value {
    let order = numbered(&shopify_order("orders/create"), number);
    let order = with(order, "/processed_at", json!(now.to_string()));
    with(order, "/updated_at", json!(now.to_string()))
}

fn post(app: &App, path: &str, topic: &str, id: &str, body: &str) -> u16 {
    let signature = signature(SECRET, body.as_bytes());
    let headers = [
        ("X-Shopify-Hmac-Sha256", signature.as_str()),
        ("X-Shopify-Topic", topic),
        ("X-Shopify-Webhook-Id", id),
    ];
    app.post(path, &headers, body.as_bytes()).status
}

/// How many mails of the inbox speak of an order.
fn mails_about(app: &App, number: usize) -> usize {
    app.get("/inbox", &[]).text().matches(&format!("Bestellung #{number} ist bei uns<")).count()
}

fn told_once(app: &App, number: usize) {
    let arrived = process::wait_for(LONG, || (mails_about(app, number) > 0).then_some(()));
    assert!(arrived.is_some(), "no mail: {}\n{}", app.get("/inbox", &[]).text(), app.logs());
    let more = process::wait_for(SETTLED, || (mails_about(app, number) > 1).then_some(()));
    assert!(more.is_none(), "told twice");
}

fn at_once(engine: Engine) {
    let app = started(engine);
    let path = connected(&app);
    let order = order_of(SystemClock.now(), 7_001);
    let body = order.to_string();
    let statuses: Vec<u16> = thread::scope(|scope| {
        let five: Vec<_> =
            (0..5).map(|_| scope.spawn(|| post(&app, &path, "orders/create", "w1", &body))).collect();
        five.into_iter().map(|one| one.join().expect("an answer")).collect()
    });
    assert_eq!(statuses, [200; 5], "{}", app.logs());
    told_once(&app, 7_001);

    let paid = order_of(SystemClock.now(), 7_002);
    let pending = with(paid.clone(), "/financial_status", json!("pending"));
    let flurry = [("orders/create", pending), ("orders/paid", paid.clone()), ("orders/updated", paid)];
    thread::scope(|scope| {
        for (topic, body) in &flurry {
            let (app, path) = (&app, &path);
            scope.spawn(move || assert_eq!(post(app, path, topic, topic, &body.to_string()), 200));
        }
    });
    told_once(&app, 7_002);
}

#[test]
fn what_comes_at_once_is_told_once_on_sqlite() {
    at_once(Engine::Sqlite);
}

#[test]
fn what_comes_at_once_is_told_once_on_postgres() {
    if postgres::wanted() {
        at_once(Engine::Postgres);
    }
}
