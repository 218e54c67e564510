//! What the shop sells: seen in orders, told by the platform, completed by a table, and shown where an order lacks it.

use std::time::Duration;

use catalogue::{Bought, Product, Stock, ToldBy};
use imports::{ErrorFile, Setting};
use kernel::{Currency, Locale};
use serde_json::{Value, json};
use stories::process::Folder;
use stories::stage::Stage;
use stories::stories;
use world::samples::order;

use crate::kit::{Shop, page_in, shopify_order, webhooks, with};

const HOUR: Duration = Duration::from_secs(3_600);
const PICTURE: &str = "https://cdn.shopify.example/tee-green.jpg";

async fn products(stage: &Stage) -> Vec<Product> {
    stage.house.db.read("story.products", |r| catalogue::list(r, None, 100)).await.unwrap()
}

/// The product behind the line of Shopify's example order, as Shopify tells it.
fn tee() -> Value {
    json!({
        "id": 4001, "title": "Merino tee", "updated_at": "2026-11-20T09:00:00Z",
        "variants": [
            { "id": 4101, "title": "M / green", "sku": "TEE-M-GRN", "price": "20.00", "inventory_quantity": 9,
              "inventory_management": "shopify", "image_id": 31 },
            { "id": 4102, "title": "L / green", "sku": "TEE-L-GRN", "price": "20.00", "inventory_quantity": 0,
              "inventory_management": "shopify", "image_id": 31 },
        ],
        "images": [{ "id": 31, "src": PICTURE, "variant_ids": [4101, 4102] }],
    })
}

async fn import_products(stage: &Stage, source: &str, file: &str) -> imports::Count {
    let folder = Folder::fresh("products").unwrap();
    let path = folder.join("products.csv");
    std::fs::write(&path, file).unwrap();
    let setting = Setting { source: source.to_owned(), currency: Currency::parse("GBP").unwrap() };
    let mut errors = ErrorFile::at(&folder.join("errors.csv"), false).unwrap();
    let shape = imports::products::shape;
    imports::import(&stage.house.db, &path, shape, &setting, &mut errors, &mut |_| {}).await.unwrap()
}

stories! {
    async fn what_stands_in_an_order_is_sold_here(stage: &Stage) {
        stage.take(&order(1, stage.now())).await;
        stage.pass(HOUR).await;
        let mut dearer = order(2, stage.now());
        dearer.lines[0].unit_price = 1_300;
        dearer.lines[0].image_url = Some("https://shop.example/tea.jpg".to_owned());
        dearer.totals.subtotal = 2_600;
        dearer.totals.total = 2_995;
        stage.take(&dearer).await;
        stage.settle().await;
        let all = products(stage).await;
        let [tea] = &all[..] else { panic!("{all:?}") };
        assert_eq!((tea.title.as_str(), tea.told_by), ("First Flush Darjeeling", ToldBy::OrderLine));
        let [bag] = &tea.variants[..] else { panic!("{tea:?}") };
        assert_eq!((bag.title.as_deref(), bag.sku.as_deref()), (Some("100 g"), Some("TEA-1")));
        assert_eq!((bag.price.map(|price| price.minor), bag.stock), (Some(1_300), Stock::Unknown));
        assert_eq!(tea.image_url.as_deref(), Some("https://shop.example/tea.jpg"));
    }

    async fn a_best_seller_is_written_down_once_a_minute_and_at_once_when_it_changes(stage: &Stage) {
        let seen_at = async |stage: &Stage| products(stage).await[0].updated_at;
        let first = stage.now();
        stage.take(&order(1, first)).await;
        stage.settle().await;
        assert_eq!(seen_at(stage).await, first);
        stage.pass(Duration::from_secs(59)).await;
        stage.take(&order(2, stage.now())).await;
        stage.settle().await;
        assert_eq!(seen_at(stage).await, first, "the same within a minute is no news");
        let mut dearer = order(3, stage.now());
        dearer.lines[0].unit_price = 1_300;
        dearer.totals.subtotal = 2_600;
        dearer.totals.total = 2_995;
        stage.take(&dearer).await;
        stage.settle().await;
        let changed = stage.now();
        assert_eq!(seen_at(stage).await, changed, "another price is");
        stage.pass(Duration::from_secs(60)).await;
        let mut again = order(4, stage.now());
        (again.lines, again.totals) = (dearer.lines.clone(), dearer.totals);
        stage.take(&again).await;
        stage.settle().await;
        assert_eq!(seen_at(stage).await, changed + Duration::from_secs(60), "and so is the next minute");
    }

    async fn the_platform_beats_what_was_seen_and_the_newer_version_the_older(stage: &Stage) {
        let shop = Shop::connected(stage).await;
        shop.tell(stage, "orders/create", "w1", &shopify_order("orders/create")).await;
        assert_eq!(products(stage).await[0].told_by, ToldBy::OrderLine);
        shop.tell(stage, "products/update", "p1", &tee()).await;
        let all = products(stage).await;
        assert_eq!(all.len(), 1, "what was seen gave way: {all:?}");
        assert_eq!((all[0].told_by, all[0].external_id.as_deref()), (ToldBy::Platform, Some("4001")));
        assert_eq!(all[0].variants[0].stock, Stock::Pieces(9));
        let renamed = with(tee(), "/title", json!("Merino T-shirt"));
        let renamed = with(renamed, "/updated_at", json!("2026-11-20T10:00:00Z"));
        let renamed = with(renamed, "/variants", json!([tee()["variants"][0]]));
        shop.tell(stage, "products/update", "p3", &renamed).await;
        let stale = with(tee(), "/title", json!("Tee"));
        shop.tell(stage, "products/update", "p2", &stale).await;
        let now = products(stage).await.remove(0);
        assert_eq!(now.title, "Merino T-shirt");
        let gone: Vec<_> = now.variants.iter().map(|variant| variant.deleted_at.is_some()).collect();
        assert_eq!(gone, [false, true]);
        // A later order tells nothing better, and an end is an end for versions before it.
        let later = with(shopify_order("orders/create"), "/id", json!(6_002));
        shop.tell(stage, "orders/create", "w2", &later).await;
        shop.tell(stage, "products/delete", "p4", &json!({ "id": 4001 })).await;
        shop.tell(stage, "products/update", "p5", &stale).await;
        let now = products(stage).await;
        assert_eq!((now.len(), now[0].title.as_str(), now[0].deleted_at.is_some()), (1, "Merino T-shirt", true));
        let broken = with(tee(), "/variants/0/price", json!("a lot"));
        shop.tell(stage, "products/update", "p6", &broken).await;
        let parked: Vec<_> = webhooks(stage).await.into_iter().filter(|row| row.state == "parked").collect();
        assert_eq!(parked.len(), 1);
        assert!(parked[0].reason.as_deref().unwrap().contains("/variants/0/price"));
    }

    async fn a_picture_that_the_order_lacks_stands_in_the_mail_and_on_the_page(stage: &Stage) {
        let shop = Shop::connected(stage).await;
        shop.tell(stage, "products/create", "p1", &tee()).await;
        let source = shop.path.trim_start_matches("/hooks/").replace('/', ":");
        let link = "sku,url\nTEE-M-GRN,https://shop.example/tee\n";
        assert_eq!(import_products(stage, &source, link).await.changed, 1);
        shop.tell(stage, "orders/create", "w1", &shopify_order("orders/create")).await;
        let mail = stage.mails().await.remove(0);
        assert!(mail.html.contains(PICTURE) && mail.html.contains("https://shop.example/tee"), "{}", mail.html);
        let page = stage.get(&page_in(&mail)).await.body;
        assert!(page.contains(PICTURE) && page.contains("https://shop.example/tee"));
    }

    async fn a_table_tells_care_and_cycle_and_keeps_what_it_does_not_name(stage: &Stage) {
        let shop = Shop::connected(stage).await;
        let source = shop.path.trim_start_matches("/hooks/").replace('/', ":");
        shop.tell(stage, "products/create", "p1", &tee()).await;
        let table = "sku,cycle_days,care_en,care_de\nTEE-M-GRN,365,Wash at 30 degrees.,Bei 30 Grad waschen.\n\
                     NEW-1,,,\n";
        let done = import_products(stage, &source, table).await;
        assert_eq!((done.changed, done.refused), (1, 1), "a product needs a title to be new");
        let tee = products(stage).await.remove(0);
        assert_eq!((tee.title.as_str(), tee.image_url.as_deref()), ("Merino tee", Some(PICTURE)));
        assert_eq!((tee.variants[0].stock, tee.variants.len()), (Stock::Pieces(9), 2));
        stage.pass(HOUR).await;
        let again = import_products(stage, &source, table).await;
        assert_eq!((again.changed, again.known), (0, 1));
        for (locale, care) in [("de-AT", Some("Bei 30 Grad waschen.")), ("en-GB", Some("Wash at 30 degrees.")), ("pl", None)] {
            let (source, locale) = (source.clone(), Locale::parse(locale).unwrap());
            let asked = move |r: &mut db::Read<'_>| {
                let bought = Bought { source: &source, sku: Some("TEE-M-GRN"), title: "Tee", variant: None };
                catalogue::advice_for(r, &bought, &locale)
            };
            let advice = stage.house.db.read("story.advice", asked).await.unwrap();
            assert_eq!((advice.care.as_deref(), advice.cycle_days), (care, Some(365)));
        }
    }
}
