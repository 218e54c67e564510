//! What webhooks lose is found by reading the platform's own list: within one interval, once, and from any trouble on.

use std::sync::Arc;
use std::time::Duration;

use db::Engine;
use kernel::{Dice, VirtualClock};
use orders::incoming::IncomingOrder;
use platforms::{ConnectionHealth, Health, NewConnection, Platform, Subscription};
use serde_json::{Value, json};
use stories::postgres::Cluster;
use stories::process::Folder;
use stories::shop_server::{KEY, Kind, Misbehaviour, ShopServer};
use stories::stage::{self, Stage};
use stories::stories;

use crate::kit::{Webhook, all_orders, shopify_order, signature, with};
use crate::post::run_on;
use crate::program::Lock;

const CREATED: &str = include_str!("../payloads/woocommerce_order_created.json");
const MINUTE: Duration = Duration::from_secs(60);
/// The usual interval, and the dice's share of it.
const INTERVAL: Duration = Duration::from_secs(15 * 60);

fn platform(kind: Kind) -> Platform {
    match kind {
        Kind::Shopify => Platform::Shopify,
        Kind::Woocommerce => Platform::Woocommerce,
    }
}

/// A connected shop with its webhooks, and its connection.
async fn connected(kind: Kind, stage: &Stage) -> ShopServer {
    let server = ShopServer::start(kind, stage, "shop-secret").await;
    let path = connect(kind, stage, &server, KEY).await;
    server.subscribe(&format!("{}{path}", stage.house.config.public_url));
    server
}

async fn connect(kind: Kind, stage: &Stage, server: &ShopServer, key: &str) -> String {
    let new = NewConnection {
        platform: platform(kind),
        name: "Story".to_owned(),
        secret: Some("shop-secret".to_owned()),
        api_url: Some(server.url()),
        api_key: Some(key.to_owned()),
    };
    let made = stage.house.db.write("story.connect", move |w| platforms::connect(w, &new)).await;
    made.expect("a shop is connected").webhook_path
}

async fn health(stage: &Stage) -> ConnectionHealth {
    stage.house.db.read("story.health", platforms::health).await.expect("it can be read").remove(0)
}

/// An order in the platform's own words: paid, or sent.
fn order(kind: Kind, id: u64, pieces: u32, is_sent: bool) -> Value {
    match kind {
        Kind::Shopify => {
            let order = with(shopify_order("orders/create"), "/name", json!(format!("#{id}")));
            let order = with(order, "/line_items/0/current_quantity", json!(pieces));
            let sent = if is_sent { json!("fulfilled") } else { Value::Null };
            with(order, "/fulfillment_status", sent)
        }
        Kind::Woocommerce => {
            let payload: Value = serde_json::from_str(CREATED).expect("a payload is JSON");
            let body = payload["request"]["body_raw"].as_str().expect("a body");
            let order: Value =
                serde_json::from_str(&body.replace("2026-11-01T", "2026-11-20T")).expect("an order");
            let order = with(order, "/number", json!(id.to_string()));
            let order = with(order, "/line_items/0/quantity", json!(pieces));
            with(order, "/status", json!(if is_sent { "completed" } else { "processing" }))
        }
    }
}

fn topics(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Shopify => ("orders/create", "orders/updated"),
        Kind::Woocommerce => ("order.created", "order.updated"),
    }
}

/// How the shop has an order, and how we have it: number, pieces, whether it was sent.
fn at_the_shop(kind: Kind, order: &Value) -> (String, u64, bool) {
    let id = order["id"].to_string();
    match kind {
        Kind::Shopify => {
            let pieces = order["line_items"][0]["current_quantity"].as_u64().expect("pieces");
            (id, pieces, order["fulfillment_status"] == "fulfilled")
        }
        Kind::Woocommerce => {
            let pieces = order["line_items"][0]["quantity"].as_u64().expect("pieces");
            (id, pieces, order["status"] == "completed")
        }
    }
}

fn here(order: &IncomingOrder) -> (String, u64, bool) {
    let is_sent = order.fulfilment == orders::incoming::Fulfilment::Fulfilled;
    (order.external_id.clone(), order.lines[0].quantity.into(), is_sent)
}

async fn assert_same(kind: Kind, stage: &Stage, server: &ShopServer) {
    let mut shop: Vec<_> = server.orders().iter().map(|order| at_the_shop(kind, order)).collect();
    let mut ours: Vec<_> = all_orders(stage).await.iter().map(|stored| here(&stored.order)).collect();
    shop.sort();
    ours.sort();
    assert_eq!(ours, shop);
}

/// An hour of a shop that loses one webhook in twenty.
async fn an_hour_of_losses(kind: Kind, stage: &Stage) {
    let server = connected(kind, stage).await;
    server.cap_pages(7);
    let (create, update) = topics(kind);
    let mut dice = Dice::seeded(4);
    for step in 0..120u64 {
        let id = 6_000 + dice.below(40);
        let is_new = server.orders().iter().all(|order| order["id"] != json!(id));
        let changed = order(kind, id, 1 + dice.below(5) as u32, dice.below(4) == 0);
        server.put(stage, if is_new { create } else { update }, id, changed, 5).await;
        // Several in one second, and some seconds with none.
        if step % 3 == 0 {
            stage.pass(Duration::from_secs(dice.below(60))).await;
        }
    }
    assert!(server.lost() >= 3, "nothing was lost: {}", server.lost());
    stage.pass(INTERVAL).await;
    assert_same(kind, stage, &server).await;
    let told = stage.messages().await;
    let confirmed = told.iter().filter(|message| message.template == "order.confirmation").count();
    assert_eq!(confirmed, server.orders().len(), "each is confirmed once: {told:?}");
    let health = health(stage).await;
    assert!(health.is_well() && health.is_polled, "{health:?}");
    assert_eq!(health.subscription, Subscription::Active);
}

/// Ten minutes without a database while the shop goes on selling.
async fn an_outage(kind: Kind, stage: &Stage, away: impl FnOnce(), back: impl FnOnce()) {
    let server = connected(kind, stage).await;
    let (create, _) = topics(kind);
    server.put(stage, create, 6_001, order(kind, 6_001, 1, false), 0).await;
    stage.settle().await;
    assert_eq!(health(stage).await.subscription, Subscription::Active);
    away();
    for id in 6_002..6_011 {
        stage.clock.move_to(stage.now() + MINUTE);
        server.put(stage, create, id, order(kind, id, 2, false), 0).await;
    }
    let gone = match kind {
        Kind::Shopify => server.hooks().iter().all(|hook| hook.topic != create),
        Kind::Woocommerce => {
            server.hooks().iter().any(|hook| hook.topic == create && hook.status == "disabled")
        }
    };
    assert!(gone, "the platform has given up on us: {:?}", server.hooks());
    back();
    stage.pass(INTERVAL).await;
    assert_same(kind, stage, &server).await;
    let mended = health(stage).await;
    assert_eq!((mended.subscription, mended.is_well()), (Subscription::Mended, true));
    assert!(mended.last_error.is_some(), "the operator can read what happened");
    server.put(stage, create, 6_050, order(kind, 6_050, 1, false), 0).await;
    stage.settle().await;
    assert_same(kind, stage, &server).await;
    stage.pass(INTERVAL + 3 * MINUTE).await;
    assert_eq!(health(stage).await.subscription, Subscription::Active);
}

/// A platform that is away, asks for patience, refuses, or talks nonsense: each is said, and nothing is lost by it.
async fn every_trouble(kind: Kind, stage: &Stage) {
    let server = connected(kind, stage).await;
    stage.settle().await;
    let troubles = [
        (Misbehaviour::Status(503, None), Health::Unreachable),
        (Misbehaviour::Status(429, Some("70")), Health::Limited),
        (Misbehaviour::Status(403, None), Health::Refused),
        (Misbehaviour::Status(404, None), Health::Nonsense),
        (Misbehaviour::Status(302, None), Health::Nonsense),
        (Misbehaviour::Says("<html>".to_owned()), Health::Nonsense),
        (Misbehaviour::Says("[".repeat(500_000)), Health::Nonsense),
        (Misbehaviour::Says("x".repeat(33 * 1024 * 1024)), Health::Nonsense),
        (Misbehaviour::Says(format!("[{}7]", "7,".repeat(5_000))), Health::Nonsense),
    ];
    for (number, (trouble, expected)) in troubles.into_iter().enumerate() {
        let said = format!("{trouble:.40?}");
        server.misbehave(trouble);
        server.put_silently(number as u64 + 1, order(kind, number as u64 + 1, 1, false));
        let asked = server.asked();
        while server.asked() == asked {
            stage.pass(Duration::from_secs(20)).await;
        }
        let found = health(stage).await;
        assert_eq!(found.health, expected, "{kind:?} {said}");
        assert!(found.last_error.is_some() && found.is_well() == (expected == Health::Limited));
        stage.pass(2 * INTERVAL).await;
        assert_eq!(health(stage).await.health, Health::Well, "{kind:?} {said}");
        assert_same(kind, stage, &server).await;
    }
}

/// A shop that is put back: its list tells again what the shop of before has told, and something new.
async fn a_restore(kind: Kind, stage: &Stage) {
    let server = connected(kind, stage).await;
    stage.pass(MINUTE).await;
    server.put_silently(6_001, order(kind, 6_001, 1, false));
    stage.clock.move_to(stage.now() + MINUTE);
    let hold = |w: &mut db::Write<'_>| jobs::hold_after_restore(w);
    stage.house.db.write("story.restored", hold).await.expect("a hold is written");
    let restored_at = stage.now();
    stage.pass(MINUTE).await;
    server.put_silently(6_002, order(kind, 6_002, 1, false));
    stage.pass(INTERVAL).await;
    assert_same(kind, stage, &server).await;
    let subjects = stage.subjects().await;
    assert!(subjects.len() == 1 && subjects[0].contains("6002"), "{subjects:?}");
    let release = move |w: &mut db::Write<'_>| messaging::release(w, restored_at);
    assert_eq!(stage.house.db.write("story.release", release).await.expect("released"), 1);
    stage.house.db.write("story.wake", |w| messaging::wake_released(w, 2)).await.expect("woken");
    stage.settle().await;
    assert_eq!(stage.subjects().await.len(), 2);
}

fn outage_of_postgres(kind: Kind) {
    run_on(Engine::Postgres, async {
        let cluster = Cluster::start();
        let stage =
            Stage::at(&cluster.url("away"), Arc::new(VirtualClock::at(stage::at(stage::BEGINNING))), None)
                .await;
        an_outage(kind, &stage, || cluster.kill9(), || cluster.restart()).await;
        stage.end().await;
    });
}

fn outage_of_sqlite(kind: Kind) {
    run_on(Engine::Sqlite, async {
        let folder = Folder::fresh("away").expect("a folder");
        let file = folder.path().join("shop.db");
        let url = format!("sqlite:{}", file.display());
        let stage = Stage::at(&url, Arc::new(VirtualClock::at(stage::at(stage::BEGINNING))), None).await;
        let lock = std::cell::RefCell::new(None);
        let away = || *lock.borrow_mut() = Some(Lock::on(&file));
        let back = || lock.borrow_mut().take().expect("it is held").release();
        an_outage(kind, &stage, away, back).await;
        stage.end().await;
    });
}

#[test]
fn an_outage_of_postgres_while_woocommerce_posts_loses_nothing() {
    outage_of_postgres(Kind::Woocommerce);
}

#[test]
fn an_outage_of_sqlite_while_woocommerce_posts_loses_nothing() {
    outage_of_sqlite(Kind::Woocommerce);
}

#[test]
fn an_outage_of_postgres_while_shopify_posts_loses_nothing() {
    outage_of_postgres(Kind::Shopify);
}

#[test]
fn an_outage_of_sqlite_while_shopify_posts_loses_nothing() {
    outage_of_sqlite(Kind::Shopify);
}

stories! {
    async fn a_poll_after_a_restore_tells_what_is_new_and_holds_what_is_old(stage: &Stage) {
        a_restore(Kind::Woocommerce, stage).await;
    }

    async fn what_woocommerce_loses_is_found_within_an_interval(stage: &Stage) {
        an_hour_of_losses(Kind::Woocommerce, stage).await;
    }

    async fn what_shopify_loses_is_found_within_an_interval(stage: &Stage) {
        an_hour_of_losses(Kind::Shopify, stage).await;
    }

    async fn a_burst_of_one_second_that_fills_many_pages_is_read_whole(stage: &Stage) {
        for kind in [Kind::Woocommerce, Kind::Shopify] {
            let server = ShopServer::start(kind, stage, "shop-secret").await;
            let new = NewConnection {
                platform: platform(kind),
                name: format!("{kind:?}"),
                secret: None,
                api_url: Some(server.url()),
                api_key: Some(KEY.to_owned()),
            };
            stage.house.db.write("story.connect", move |w| platforms::connect(w, &new)).await.unwrap();
            // More requests than one run makes, and than Shopify takes at once.
            server.cap_pages(1);
            let before = all_orders(stage).await.len();
            for id in 100..150 {
                server.put_silently(id, order(kind, id, 1, false));
            }
            stage.pass(INTERVAL).await;
            assert_eq!(all_orders(stage).await.len() - before, 50, "{kind:?}");
        }
    }

    async fn a_webhook_that_comes_late_never_takes_the_place_of_what_was_fetched(stage: &Stage) {
        let server = ShopServer::start(Kind::Shopify, stage, "shop-secret").await;
        let path = connect(Kind::Shopify, stage, &server, KEY).await;
        stage.pass(MINUTE).await;
        // Two changes of one second: the later one is fetched, the earlier one comes after that.
        let triggered_at = stage.now();
        server.put_silently(6_001, order(Kind::Shopify, 6_001, 3, false));
        stage.pass(INTERVAL).await;
        let earlier = with(server.orders().remove(0), "/line_items/0/current_quantity", json!(2)).to_string();
        let late = Webhook {
            topic: "orders/create".to_owned(),
            id: "late".to_owned(),
            triggered_at: Some(triggered_at.to_string()),
            signature: signature("shop-secret", earlier.as_bytes()),
            body: earlier.into_bytes(),
        };
        assert_eq!(stage.http(late.request(&path)).await.status, 200);
        stage.settle().await;
        assert_same(Kind::Shopify, stage, &server).await;
    }

    async fn what_is_older_than_the_connection_is_left_to_an_import(stage: &Stage) {
        for kind in [Kind::Woocommerce, Kind::Shopify] {
            let server = ShopServer::start(kind, stage, "shop-secret").await;
            server.put_silently(1, order(kind, 1, 1, false));
            stage.pass(MINUTE).await;
            let new = NewConnection {
                platform: platform(kind),
                name: format!("{kind:?}"),
                secret: None,
                api_url: Some(server.url()),
                api_key: Some(KEY.to_owned()),
            };
            stage.house.db.write("story.connect", move |w| platforms::connect(w, &new)).await.unwrap();
            stage.pass(2 * INTERVAL).await;
            assert!(server.asked() >= 2 && all_orders(stage).await.is_empty(), "{kind:?}");
        }
    }

    async fn every_trouble_with_woocommerce_is_said_and_passes(stage: &Stage) {
        every_trouble(Kind::Woocommerce, stage).await;
    }

    async fn every_trouble_with_shopify_is_said_and_passes(stage: &Stage) {
        every_trouble(Kind::Shopify, stage).await;
    }

    async fn a_key_that_is_wrong_is_said_and_a_new_one_counts_at_once(stage: &Stage) {
        let server = ShopServer::start(Kind::Woocommerce, stage, "shop-secret").await;
        connect(Kind::Woocommerce, stage, &server, "ck_wrong:cs_wrong").await;
        stage.settle().await;
        let refused = health(stage).await;
        assert_eq!((refused.health, refused.is_well()), (Health::Refused, false));
        assert!(refused.last_error.is_some_and(|(words, _)| words.contains("--api-key")));
        connect(Kind::Woocommerce, stage, &server, KEY).await;
        stage.settle().await;
        let found = health(stage).await;
        assert_eq!((found.health, found.subscription), (Health::Well, Subscription::Missing));
        let metrics = stage.get("/metrics").await.body;
        assert!(metrics.contains("aftercare_connection_well{connection=\"con_"), "{metrics}");
    }

    async fn a_webhook_that_a_person_paused_is_left_alone(stage: &Stage) {
        let server = connected(Kind::Woocommerce, stage).await;
        server.pause();
        stage.settle().await;
        assert_eq!(health(stage).await.subscription, Subscription::Paused);
        assert!(server.hooks().iter().all(|hook| hook.status == "paused"));
    }

    async fn a_shop_that_is_not_there_is_asked_again(stage: &Stage) {
        let server = ShopServer::start(Kind::Woocommerce, stage, "shop-secret").await;
        let url = server.url();
        drop(server);
        let new = NewConnection {
            platform: Platform::Woocommerce,
            name: "Story".to_owned(),
            secret: None,
            api_url: Some(url),
            api_key: Some(KEY.to_owned()),
        };
        stage.house.db.write("story.connect", move |w| platforms::connect(w, &new)).await.unwrap();
        tokio::task::yield_now().await;
        stage.pass(INTERVAL).await;
        assert_eq!(health(stage).await.health, Health::Unreachable);
    }
}
