//! The order page is never stale: whatever changed what it shows, and whoever changed it, the next look shows it.

use std::fs;
use std::time::Duration;

use orders::incoming::{Address, IncomingOrder};
use serde_json::{Value, json};
use stories::app::{App, Settings};
use stories::stage::Stage;
use stories::stories;
use world::samples::{Bend, order};
use world::shopping::{
    cancelled, changed_address, changed_quantity, delayed, delivered, fulfilled, partly_refunded,
};

use crate::kit::{Shop, example, shopify_order, with};

const SECOND: Duration = Duration::from_secs(1);
const DAY: Duration = Duration::from_secs(86_400);
const PICTURE: &str = "https://cdn.shopify.example/tee-green.jpg";

/// The path of an order's page.
async fn path_of(stage: &Stage, id: orders::OrderId) -> String {
    let token = stage.house.db.read("story.link", move |r| {
        Ok(orders::OrderLink::new(id.clone(), r.now).token(&r.wired::<kernel::Shop>()?.keys))
    });
    format!("/o/{}", token.await.expect("a token"))
}

async fn page_of(stage: &Stage, order: &IncomingOrder) -> String {
    let taken = stage.take(order).await;
    path_of(stage, taken.order).await
}

async fn look(stage: &Stage, path: &str) -> String {
    let page = stage.get(path).await;
    assert_eq!(page.status, 200, "{}", page.body);
    page.body
}

/// Takes the next version of an order in, and looks at once.
async fn after(stage: &Stage, path: &str, next: &IncomingOrder, shows: &str) {
    let before = look(stage, path).await;
    assert!(!before.contains(shows), "{shows} stands there already");
    stage.take(next).await;
    let page = look(stage, path).await;
    assert!(page.contains(shows), "{shows}: {page}");
    stage.pass(SECOND).await;
}

fn quay_road() -> Address {
    Address {
        name: Some("Amina Khan".into()),
        line1: "9 Quay Road".into(),
        city: "Leeds".into(),
        postcode: Some("LS1 4AB".into()),
        country: "GB".into(),
        ..Default::default()
    }
}

stories! {
    async fn every_change_of_an_order_is_there_at_the_next_look(stage: &Stage) {
        let first = order(1042, stage.now()).paid();
        let path = page_of(stage, &first).await;
        stage.pass(SECOND).await;
        let moved = changed_address(&first, stage.now(), quay_road());
        after(stage, &path, &moved, "9 Quay Road").await;
        let more = changed_quantity(&moved, stage.now(), 0, 3);
        after(stage, &path, &more, "3 pieces").await;
        let later = delayed(&more, stage.now(), 9);
        after(stage, &path, &later, "December").await;
        let refunded = partly_refunded(&later, stage.now(), 500);
        after(stage, &path, &refunded, "£5.00").await;
        let sent = fulfilled(&refunded, stage.now());
        after(stage, &path, &sent, "<li class=\"current\" aria-current=\"step\"><span>On its way").await;
        let arrived = delivered(&sent, stage.now());
        after(stage, &path, &arrived, "<h1>Delivered Friday 20 November</h1>").await;
        let other = order(1043, stage.now()).paid();
        let path = page_of(stage, &other).await;
        stage.pass(SECOND).await;
        after(stage, &path, &cancelled(&other, stage.now(), false), "This order is cancelled").await;
    }

    async fn what_becomes_of_a_message_is_there_at_the_next_look(stage: &Stage) {
        let path = page_of(stage, &order(1042, stage.now()).paid()).await;
        let waiting = look(stage, &path).await;
        assert!(waiting.contains("On its way to a…@example.test"), "{waiting}");
        stage.settle().await;
        let told = look(stage, &path).await;
        assert!(told.contains("Email to a…@example.test") && !told.contains("On its way to"), "{told}");
    }

    async fn a_customer_who_reads_another_language_reads_it_at_the_next_look(stage: &Stage) {
        let mut first = order(1042, stage.now()).paid();
        first.locale = None;
        let path = page_of(stage, &first).await;
        assert!(look(stage, &path).await.contains("<html lang=\"en-GB\""));
        stage.pass(SECOND).await;
        stage.take(&order(1043, stage.now()).paid().in_language("de-DE")).await;
        let page = look(stage, &path).await;
        assert!(page.contains("<html lang=\"de-DE\"") && page.contains("Bestellung"), "{page}");
    }

    async fn a_picture_that_the_platform_tells_later_is_there_at_the_next_look(stage: &Stage) {
        let shop = Shop::connected(stage).await;
        shop.tell(stage, "orders/create", "w1", &shopify_order("orders/create")).await;
        let path = path_of(stage, crate::kit::all_orders(stage).await[0].id.clone()).await;
        assert!(!look(stage, &path).await.contains(PICTURE));
        let tee = json!({
            "id": 4001, "title": "Merino tee", "updated_at": "2026-11-20T09:00:00Z",
            "variants": [{ "id": 4101, "title": "M / green", "sku": "TEE-M-GRN", "price": "20.00", "image_id": 31 }],
            "images": [{ "id": 31, "src": PICTURE, "variant_ids": [4101] }],
        });
        shop.tell(stage, "products/update", "p1", &tee).await;
        assert!(look(stage, &path).await.contains(PICTURE));
    }

    async fn the_page_follows_the_clock(stage: &Stage) {
        let path = page_of(stage, &order(1042, stage.now()).paid()).await;
        let page = look(stage, &path).await;
        assert!(page.contains("placed Friday 20 November<") && page.contains("14 Elm Row"), "{page}");
        stage.pass(45 * DAY).await;
        assert!(look(stage, &path).await.contains("placed Friday 20 November 2026<"));
        stage.pass(16 * DAY).await;
        let page = look(stage, &path).await;
        assert!(!page.contains("14 Elm Row") && page.contains("Leeds, postcode ending 2AB"), "{page}");
    }

    async fn a_page_is_nobody_elses(stage: &Stage) {
        let mut pages = Vec::new();
        for number in 1..=20 {
            let order = order(number, stage.now()).paid().by(&format!("reader{number}@example.test"), "A Reader");
            let mut order = order.with_note(&format!("note of {number}."));
            order.customer.external_id = Some(format!("c{number}"));
            order.locale = kernel::Locale::parse(if number % 2 == 0 { "de-DE" } else { "en-GB" }).ok();
            pages.push((number, page_of(stage, &order).await));
        }
        for _ in 0..3 {
            for (number, path) in &pages {
                let page = look(stage, path).await;
                assert!(page.contains(&format!("note of {number}.")), "{page}");
                assert_eq!(page.matches("note of ").count(), 1, "{page}");
                assert!(page.contains(if number % 2 == 0 { "lang=\"de-DE\"" } else { "lang=\"en-GB\"" }));
            }
            pages.reverse();
        }
    }
}

#[test]
fn what_another_process_writes_is_there_at_the_next_look() {
    let app = App::start(Settings::default());
    let key = app.cli_ok(&["keys", "create", "--name", "story", "--scope", "orders:write"]);
    let old = json!("2026-01-02T10:00:00Z");
    let told = with(with(example(), "/placed_at", old.clone()), "/updated_at", old.clone());
    let told = with(told, "/consent/at", old);
    let made: Value =
        serde_json::from_str(&app.post_json("/v1/orders", key.trim(), &told.to_string()).text()).unwrap();
    let url = made["url"].as_str().expect("an address");
    let path = &url[url.find("/o/").expect("a path")..];
    assert!(!app.get(path, &[]).text().contains("This order is cancelled"));
    let columns =
        "external_id,email,name,placed_at,currency,total,title,quantity,unit_price,sku,cancelled_at\n";
    let row = "1042,amina@example.test,Amina Khan,2026-01-02,GBP,27.95,Tea,2,12.00,TEA-1,2026-01-03\n";
    fs::write(app.file("past.csv"), format!("{columns}{row}")).unwrap();
    let done: Value =
        serde_json::from_str(&app.cli_ok(&["import", "orders", "past.csv", "--source", "web"])).unwrap();
    assert_eq!(done["changed"].as_u64(), Some(1), "{done}");
    let page = app.get(path, &[]).text();
    assert!(page.contains("This order is cancelled"), "{page}");
}
