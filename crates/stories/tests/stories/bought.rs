//! Orders by what was bought, and customers by where they live: in lists, files, views and searches.

use std::time::Duration;

use axum::http::header;
use db::params;
use orders::incoming::{IncomingLine, IncomingOrder};
use staff::Role;
use stories::stage::Stage;
use stories::stories;
use world::samples::{Bend, order};

use crate::staff::{get, joined, post as send};

db::sql_file!(pub BEFORE = "bought.sql" {
    AS_BEFORE_LINES = "as_before_lines",
    AS_BEFORE_PROFILES = "as_before_profiles",
});

const DAY: Duration = Duration::from_secs(86_400);

/// An order of somebody of their own, with another product besides.
fn with_line(number: u32, stage: &Stage, title: &str, sku: Option<&str>, country: &str) -> IncomingOrder {
    let mut order = order(number, stage.now()).paid();
    order.customer.external_id = Some(format!("c{number}"));
    order.customer.email = kernel::Email::parse(&format!("c{number}@example.test")).ok();
    order.customer.phone = None;
    order.shipping_address.as_mut().unwrap().country = country.to_owned();
    let first = order.lines[0].clone();
    let line = IncomingLine {
        external_id: "l2".into(),
        title: title.into(),
        sku: sku.map(str::to_owned),
        unit_price: 0,
        ..first
    };
    order.lines.push(line);
    order
}

/// The numbers of the orders on a page, in their order.
async fn numbers(stage: &Stage, path: &str, cookie: &str) -> Vec<String> {
    let page = get(stage, path, cookie).await.body;
    let rows = page.split("<th scope=\"row\"><a href=\"/a/orders/").skip(1);
    rows.map(|row| row.split("<bdi>").nth(1).unwrap().split('<').next().unwrap().to_owned()).collect()
}

async fn shop(stage: &Stage) -> String {
    let cookie = joined(stage, Role::Manager, "mei@northwind.test").await;
    for (number, title, sku, country) in [
        (1, "Sencha  Fukuyu <b>", Some("SEN-7"), "GB"),
        (2, "Sencha Makinohara", None, "AT"),
        (3, "first flush darjeeling", Some("DAR-2"), "AT"),
    ] {
        stage.take(&with_line(number, stage, title, sku, country)).await;
        stage.settle().await;
        stage.pass(Duration::from_secs(60)).await;
    }
    cookie
}

stories! {
    async fn orders_are_found_by_what_was_bought(stage: &Stage) {
        let cookie = shop(stage).await;
        let cases: [(&str, &[&str]); 8] = [
            ("sencha", &["#2", "#1"]),
            ("SENCHA%20fuk", &["#1"]),
            ("sen-7", &["#1"]),
            ("First%20Flush", &["#3", "#2", "#1"]),
            ("TEA-1", &["#3", "#2", "#1"]),
            ("matcha", &[]),
            ("%25", &[]),
            ("_", &[]),
        ];
        for (product, found) in cases {
            assert_eq!(numbers(stage, &format!("/a/orders?product={product}"), &cookie).await, found, "{product}");
        }
        assert_eq!(numbers(stage, "/a/orders?product=sencha&to=2026-11-19", &cookie).await, [""; 0]);
        assert_eq!(numbers(stage, "/a/orders?product=sencha&payment=pending", &cookie).await, [""; 0]);
        let page = get(stage, "/a/orders?product=Sencha+%3Cb%3E", &cookie).await.body;
        assert!(page.contains("Product (title or SKU): <bdi>Sencha &lt;b&gt;</bdi>"), "{page}");
        assert!(page.contains("No order fits all of these filters."), "{page}");
        let long = get(stage, &format!("/a/orders?product={}", "x".repeat(101)), &cookie).await;
        assert_eq!(long.status, 422);
        assert_eq!(numbers(stage, "/a/search?q=sencha", &cookie).await, ["#2", "#1"]);
        let json = get(stage, "/a/search?q=SEN-7&format=json", &cookie).await.json();
        assert_eq!((&json["found"][0]["kind"], &json["found"][0]["label"]), (&"Order".into(), &"#1".into()));
        let view = [("list", "orders"), ("query", "product=sencha"), ("name", "Green tea")];
        let kept = send(stage, "/a/views", &cookie, &view).await;
        assert_eq!(kept.header(header::LOCATION), "/a/orders?product=sencha");
        let listed = get(stage, "/a/orders?product=sencha", &cookie).await.body;
        assert!(listed.contains("aria-current=\"page\"><bdi>Green tea</bdi>"), "{listed}");
    }

    async fn a_new_version_of_an_order_is_found_by_what_it_holds_now(stage: &Stage) {
        let cookie = shop(stage).await;
        let mut changed = with_line(1, stage, "Gyokuro", None, "GB");
        changed.placed_at = stage.now() - Duration::from_secs(180);
        changed.version.updated_at = stage.now();
        stage.take(&changed).await;
        stage.settle().await;
        assert_eq!(numbers(stage, "/a/orders?product=gyokuro", &cookie).await, ["#1"]);
        assert_eq!(numbers(stage, "/a/orders?product=sencha", &cookie).await, ["#2"]);
    }

    async fn customers_are_found_by_where_they_live(stage: &Stage) {
        let cookie = shop(stage).await;
        let listed = async |path: &str| {
            let page = get(stage, path, &cookie).await.body;
            (page.matches("<th scope=\"row\"><a href=\"/a/customers/").count(), page)
        };
        let (count, page) = listed("/a/customers?country=AT").await;
        assert!(count == 2 && page.contains("Country: <bdi>Austria</bdi>"), "{page}");
        assert!(page.contains("<option value=\"GB\">United Kingdom</option>"), "{page}");
        assert_eq!(listed("/a/customers?country=GB").await.0, 1);
        assert_eq!(listed("/a/customers?country=AT&orders=no").await.0, 0);
        assert_eq!(listed("/a/customers?country=%3Cscript%3E").await.0, 3, "what is no country filters nothing");
    }

    async fn what_an_earlier_version_has_written_is_found_a_day_later(stage: &Stage) {
        let cookie = shop(stage).await;
        let before = stage.house.db.write("story.before", |w| {
            w.execute(&AS_BEFORE_LINES, params![])?;
            w.execute(&AS_BEFORE_PROFILES, params![])
        });
        before.await.unwrap();
        assert_eq!(numbers(stage, "/a/orders?product=sencha", &cookie).await, [""; 0]);
        stage.pass(DAY + Duration::from_secs(60)).await;
        assert_eq!(numbers(stage, "/a/orders?product=sencha", &cookie).await, ["#2", "#1"]);
        let page = get(stage, "/a/customers?country=AT", &cookie).await.body;
        assert_eq!(page.matches("<th scope=\"row\"><a href=\"/a/customers/").count(), 2, "{page}");
    }
}
