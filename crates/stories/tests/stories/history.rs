//! `/orders`: what somebody who is signed in has ordered, and the state of an order for programs.

use std::time::Duration;

use axum::http::{StatusCode, header};
use kernel::Channel;
use orders::incoming::IncomingOrder;
use stories::stage::Stage;
use stories::stories;
use web::markup::assert_html;
use world::samples::{Bend, order};
use world::shopping::{cancelled, delivered};

use crate::account::signed_in;
use crate::kit::{get_with, page_in};

const DAY: Duration = Duration::from_secs(86_400);

/// The headings of the orders on a page, from the top.
fn numbers(body: &str) -> Vec<String> {
    let cards = body.split("<section class=\"card order\"").skip(1);
    let number = |card: &str| {
        let number = card.split("Order ").nth(1)?.split(' ').next()?;
        Some(number.chars().filter(|c| c.is_ascii_graphic()).collect())
    };
    cards.filter_map(number).collect()
}

fn link_saying<'a>(body: &'a str, words: &str) -> Option<&'a str> {
    let before = body.split(&format!("\">{words}</a>")).next().filter(|before| before.len() < body.len())?;
    before.rsplit("href=\"").next()
}

async fn took(stage: &Stage, order: &IncomingOrder) -> orders::OrderId {
    let taken = stage.take(order).await;
    stage.settle().await;
    taken.order
}

stories! {
    async fn orders_stand_newest_first_each_with_where_it_is_and_a_way_to_its_page(stage: &Stage) {
        let now = stage.now();
        took(stage, &delivered(&order(1, now).paid(), now)).await;
        stage.pass(DAY).await;
        took(stage, &order(2, stage.now()).paid().with_strainer()).await;
        stage.pass(DAY).await;
        let third = took(stage, &cancelled(&order(3, stage.now()).paid(), stage.now(), true)).await;
        let browser = signed_in(stage, "amina@example.test").await;
        let page = get_with(stage, "/orders", &browser).await;
        assert_html("all orders", &page.body);
        assert_eq!(numbers(&page.body), ["#3", "#2", "#1"]);
        for said in ["This order is cancelled", "Arriving", "Delivered Friday 20 November", "Fine Strainer", "£36.90", "100 g"] {
            assert!(page.body.contains(said), "{said} in {}", page.body);
        }
        assert_eq!(page.header(header::CACHE_CONTROL), "no-store");
        assert!(!page.body.contains("/o/"), "the list itself is no key to a page");
        let opened = get_with(stage, &format!("/orders/{third}"), &browser).await;
        assert_eq!(opened.status, StatusCode::SEE_OTHER);
        let page = stage.get(opened.header(header::LOCATION)).await;
        assert!(page.body.contains("This order is cancelled"), "{}", page.body);
    }

    async fn somebody_elses_order_is_not_there(stage: &Stage) {
        let bens = took(stage, &order(7, stage.now()).paid().by("ben@example.test", "Ben")).await;
        let hers = took(stage, &order(1042, stage.now()).paid()).await;
        let browser = signed_in(stage, "amina@example.test").await;
        let unknown = orders::OrderId::new(stage.now(), &mut kernel::Dice::seeded(99));
        let nothing = get_with(stage, &format!("/orders/{unknown}"), &browser).await;
        assert_eq!(nothing.status, StatusCode::NOT_FOUND);
        for path in [format!("/orders/{bens}"), "/orders/1042".to_owned(), "/orders/%FF".to_owned(), format!("/orders/{bens}x")] {
            let answer = get_with(stage, &path, &browser).await;
            assert_eq!((answer.status, &answer.body), (nothing.status, &nothing.body), "{path}");
        }
        for (path, cookies) in [(format!("/orders/{hers}"), ""), ("/orders".to_owned(), "shopper=x"), (format!("/orders/{bens}"), "")] {
            assert_eq!(get_with(stage, &path, cookies).await.header(header::LOCATION), "/you?next=orders", "{path}");
        }
        let page = get_with(stage, "/orders?q=7", &browser).await;
        assert!(numbers(&page.body).is_empty() && page.body.contains("No orders like that"), "{}", page.body);
    }

    async fn pages_of_orders_leave_none_out_and_show_none_twice(stage: &Stage) {
        let browser = {
            took(stage, &order(1, stage.now()).paid()).await;
            signed_in(stage, "amina@example.test").await
        };
        // Several at one moment, so that the cursor has to tell them apart.
        for number in 2..=23 {
            stage.take(&order(number, stage.now()).paid()).await;
            if number % 5 == 0 {
                stage.pass(Duration::from_secs(1)).await;
            }
        }
        stage.settle().await;
        let (mut path, mut all, mut pages) = ("/orders".to_owned(), Vec::new(), 0);
        loop {
            let page = get_with(stage, &path, &browser).await;
            assert_html("a page of orders", &page.body);
            all.extend(numbers(&page.body));
            pages += 1;
            match link_saying(&page.body, "Older orders") {
                Some(href) => path = href.replace("&amp;", "&"),
                None => break,
            }
        }
        assert_eq!((all.len(), pages), (23, 3), "{all:?}");
        assert_eq!(all.iter().collect::<std::collections::BTreeSet<_>>().len(), 23);
        assert_eq!(all.last().unwrap(), "#1");
        for made_up in ["/orders?after=x", "/orders?after=-", "/orders?after=5-ord_x&state=x&period=x"] {
            assert_eq!(numbers(&get_with(stage, made_up, &browser).await.body).len(), 10, "{made_up}");
        }
    }

    async fn orders_are_looked_for_by_what_was_in_them_their_number_state_and_time(stage: &Stage) {
        let now = stage.now();
        let mut last_year = order(1, now).paid();
        last_year.placed_at = kernel::Timestamp::parse("2025-06-01T10:00:00Z").unwrap();
        last_year.lines[0].title = "Große Kanne".to_owned();
        took(stage, &last_year).await;
        took(stage, &delivered(&order(22, now).paid(), now)).await;
        took(stage, &order(223, now).paid().with_strainer()).await;
        took(stage, &cancelled(&order(4, now).paid(), now, true)).await;
        let browser = signed_in(stage, "amina@example.test").await;
        for (query, expected) in [
            ("q=strainer", vec!["#223"]),
            ("q=GROSSE", vec![]),
            ("q=gro%C3%9Fe+KANNE", vec!["#1"]),
            ("q=%2322", vec!["#223", "#22"]),
            ("q=223", vec!["#223"]),
            ("q=100+g&state=delivered", vec!["#22"]),
            ("state=open", vec!["#223", "#1"]),
            ("state=cancelled", vec!["#4"]),
            ("period=2025", vec!["#1"]),
            ("period=2024", vec![]),
            ("period=30d&state=open", vec!["#223"]),
            ("q=%25", vec![]),
            ("q=%27%3B--", vec![]),
            ("q=%3Cscript%3Ealert(1)%3C%2Fscript%3E", vec![]),
            ("q=%00%0A", vec!["#4", "#223", "#22", "#1"]),
        ] {
            let page = get_with(stage, &format!("/orders?{query}"), &browser).await;
            assert_html(query, &page.body);
            let mut found = numbers(&page.body);
            let mut expected = expected.into_iter().map(str::to_owned).collect::<Vec<_>>();
            found.sort();
            expected.sort();
            assert_eq!(found, expected, "{query}");
            assert!(!page.body.contains("<script"), "{query}");
        }
    }

    async fn who_has_no_orders_any_more_reads_what_to_do(stage: &Stage) {
        let taken = stage.take(&order(1042, stage.now()).paid()).await;
        stage.settle().await;
        let browser = signed_in(stage, "amina@example.test").await;
        let mut changed = order(1042, stage.now()).paid();
        changed.customer.email = kernel::Email::parse("a.khan@example.test").ok();
        changed.version.updated_at = stage.now() + DAY;
        stage.pass(2 * DAY).await;
        assert_eq!(stage.take(&changed).await.order, taken.order);
        stage.settle().await;
        let page = get_with(stage, "/orders", &browser).await;
        assert_html("no orders", &page.body);
        assert!(page.body.contains("No orders yet") && !page.body.contains("type=\"search\""), "{}", page.body);
    }

    async fn an_order_opened_from_the_list_is_as_old_as_the_order(stage: &Stage) {
        let id = took(stage, &order(1042, stage.now()).paid()).await;
        stage.pass(70 * DAY).await;
        let browser = signed_in(stage, "amina@example.test").await;
        let opened = get_with(stage, &format!("/orders/{id}"), &browser).await;
        let page = stage.get(opened.header(header::LOCATION)).await;
        assert!(!page.body.contains("14 Elm Row"), "{}", page.body);
    }

    async fn the_state_of_an_order_is_told_to_programs_that_have_its_link(stage: &Stage) {
        took(stage, &order(1042, stage.now()).paid().with_note("Ring twice")).await;
        let page = page_in(&stage.mails().await[0]);
        let path = format!("{page}/status.json");
        let before = stage.house.db.stats().closures;
        let answer = stage.get(&path).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        let state = answer.json();
        assert_eq!(state["number"], "#1042");
        assert_eq!((&state["status"], &state["payment"], &state["fulfilment"]), (&"placed".into(), &"paid".into(), &"unfulfilled".into()));
        assert_eq!(state["summary"], "Arriving Wednesday 25 to Friday 27 November");
        assert_eq!((&state["total"], &state["currency"]), (&2795.into(), &"GBP".into()));
        assert_eq!(state["expected"]["delivered_to"], "2026-11-27");
        assert_eq!(state["lines"][0]["title"], "First Flush Darjeeling");
        for private in ["amina", "Amina", "Elm Row", "Leeds", "Ring twice", "7700"] {
            assert!(!answer.body.contains(private), "{private}: {}", answer.body);
        }
        assert_eq!(answer.header(header::CACHE_CONTROL), "no-store");
        assert_eq!(answer.header(header::ACCESS_CONTROL_ALLOW_ORIGIN), "*");
        for forged in ["/o/x/status.json".to_owned(), "/o/%FF/status.json".to_owned(), format!("{page}x/status.json")] {
            let answer = stage.get(&forged).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{forged}");
            assert_eq!(answer.header(header::CONTENT_TYPE), "application/problem+json");
        }
        assert_eq!(stage.house.db.stats().closures, before);
        let texting = took(stage, &order(7, stage.now()).paid().preferring(Channel::Sms).in_language("de")).await;
        let token = stage.house.db.read("story.link", move |r| {
            Ok(orders::OrderLink::new(texting.clone(), r.now).token(&r.wired::<kernel::Shop>()?.keys))
        });
        let german = stage.get(&format!("/o/{}/status.json", token.await.unwrap())).await.json();
        assert_eq!(german["locale"], "de");
    }
}
