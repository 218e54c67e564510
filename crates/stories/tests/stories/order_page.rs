//! The customer's page: who may see it, what it says in each state, and that looking changes nothing.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use orders::incoming::IncomingOrder;
use stories::stage::{Answer, Stage};
use stories::stories;
use web::markup::assert_html;
use world::samples::{Bend, order};
use world::shopping::{cancelled, delivered, fulfilled, paid};

use crate::kit::{page_in, rows};

const HOUR: Duration = Duration::from_secs(3_600);

/// Where an order's own link leads.
async fn page_of(stage: &Stage, order: &IncomingOrder) -> String {
    let taken = stage.take(order).await;
    let url = stage.house.db.read("story.link", move |r| {
        Ok(orders::OrderLink::new(taken.order.clone(), r.now).url(r.wired::<kernel::Shop>()?))
    });
    let url = url.await.expect("a link is made");
    url[url.find("/o/").expect("a path")..].to_owned()
}

/// The text of the first element of that name.
fn inside<'a>(page: &'a str, name: &str) -> &'a str {
    let from = &page[page.find(&format!("<{name}")).unwrap_or_else(|| panic!("no {name}: {page}"))..];
    let from = &from[from.find('>').expect("the tag ends") + 1..];
    &from[..from.find(&format!("</{name}>")).expect("the element ends")]
}

async fn head(stage: &Stage, path: &str) -> Answer {
    stage.http(Request::head(path).body(Body::empty()).expect("a request")).await
}

stories! {
    async fn the_link_in_the_mail_opens_the_page(stage: &Stage) {
        stage.take(&order(1042, stage.now()).paid().with_strainer()).await;
        stage.settle().await;
        let page = stage.get(&page_in(&stage.mails().await[0])).await;
        assert_eq!(page.status, StatusCode::OK);
        assert_html("order page", &page.body);
        let lines = ["#1042", "First Flush Darjeeling", "100 g", "Fine Strainer", "£8.95", "£36.90", "£3.95"];
        let address = ["14 Elm Row", "Leeds", "LS6 2AB"];
        let shop = ["mailto:", "northwind.example"];
        for part in lines.iter().chain(&address).chain(&shop) {
            assert!(page.body.contains(part), "{part}: {}", page.body);
        }
    }

    async fn nobody_keeps_or_indexes_the_page_and_it_says_nothing_to_others(stage: &Stage) {
        let path = page_of(stage, &order(1042, stage.now()).paid()).await;
        let page = stage.get(&path).await;
        assert_eq!(page.headers["x-robots-tag"], "noindex");
        assert_eq!(page.header(header::REFERRER_POLICY), "no-referrer");
        assert_eq!(page.header(header::CACHE_CONTROL), "no-store");
        assert_eq!(page.header(header::X_CONTENT_TYPE_OPTIONS), "nosniff");
        let policy = page.header(header::CONTENT_SECURITY_POLICY);
        for rule in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"] {
            assert!(policy.contains(rule), "{policy}");
        }
        assert!(!policy.contains("unsafe"), "{policy}");
        assert!(!page.body.to_lowercase().contains("<script"), "it works without JavaScript");
        assert!(page.body.contains("<meta name=\"robots\" content=\"noindex\">"));
        assert!(page.headers.get(header::SET_COOKIE).is_none());
    }

    async fn a_bent_or_guessed_link_looks_like_an_order_that_is_not_there(stage: &Stage) {
        let path = page_of(stage, &order(1042, stage.now()).paid()).await;
        let unknown = orders::OrderId::new(stage.now(), &mut kernel::Dice::seeded(99));
        let unknown = stage.house.db.read("story.link", move |r| {
            Ok(orders::OrderLink::new(unknown.clone(), r.now).token(&r.wired::<kernel::Shop>()?.keys))
        });
        let unknown = stage.get(&format!("/o/{}", unknown.await.expect("a token"))).await;
        assert_eq!(unknown.status, StatusCode::NOT_FOUND);
        assert_html("no order", &unknown.body);
        assert!(inside(&unknown.body, "h1").contains("no page here"), "{}", unknown.body);
        let last = if path.ends_with('A') { 'B' } else { 'A' };
        let bent = [
            format!("{}{last}", &path[..path.len() - 1]),
            format!("{path}A"),
            path[..path.len() - 1].to_owned(),
            "/o/1042".to_owned(),
            "/o/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".to_owned(),
            "/o/..%2F..%2Fetc%2Fpasswd".to_owned(),
            "/o/%00".to_owned(),
            "/o/%FF".to_owned(),
            format!("/o/{}", "A".repeat(5_000)),
        ];
        for path in bent {
            let answer = stage.get(&path).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
            assert_eq!(answer.body, unknown.body, "{path}");
        }
    }

    async fn looking_changes_nothing(stage: &Stage) {
        let path = page_of(stage, &delivered(&order(1042, stage.now()).paid(), stage.now())).await;
        stage.settle().await;
        let before = rows(stage).await;
        for after in ["", "?code=sent", "?code=shown", "?code=%FF"] {
            let path = format!("{path}{after}");
            assert!(!stage.get(&path).await.status.is_server_error(), "{path}");
            let head = head(stage, &path).await;
            assert!(head.status.is_success() && head.body.is_empty(), "{path}: {}", head.status);
        }
        for path in [format!("{path}/code"), format!("{path}/address")] {
            assert_eq!(stage.get(&path).await.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
        }
        stage.settle().await;
        assert_eq!(rows(stage).await, before);
    }

    async fn the_heading_answers_where_the_order_is(stage: &Stage) {
        let now = stage.now();
        let date = |text: &str| kernel::time::parse_date(text).ok();
        let made = |mut order: IncomingOrder| {
            order.expected.ships_by = date("2026-12-07");
            order.expected.delivered_from = date("2026-12-09");
            order.expected.delivered_to = date("2026-12-11");
            order
        };
        let plain = |number| order(number, now).paid();
        let states = [
            (plain(1), "Arriving Wednesday 25 to Friday 27 November"),
            (plain(2).without_dates(), "We’ve got your order"),
            (order(3, now).authorized().without_dates(), "We’ve got your order"),
            (order(4, now).pending(), "Waiting for your payment"),
            (made(plain(5)), "We’re making your order"),
            (fulfilled(&plain(6).without_dates(), now), "On its way"),
            (fulfilled(&plain(7), now), "Arriving Wednesday 25 to Friday 27 November"),
            (delivered(&plain(8), now), "Delivered Friday 20 November"),
            (cancelled(&plain(9), now, true), "This order is cancelled"),
        ];
        for (order, heading) in states {
            let page = stage.get(&page_of(stage, &order).await).await;
            assert_html(heading, &page.body);
            assert_eq!(inside(&page.body, "h1").trim(), heading, "{}", order.number);
        }
    }

    async fn a_cancelled_order_says_what_happens_to_the_money(stage: &Stage) {
        let now = stage.now();
        let plain = |number| order(number, now).paid();
        let states = [
            (cancelled(&plain(1), now, true), "We’ve sent £27.95 back"),
            (cancelled(&plain(2), now, false), "We’ll send £27.95 back"),
            (cancelled(&order(3, now).pending(), now, false).pending(), "nothing to give back"),
            (cancelled(&order(4, now).authorized(), now, false), "never taken"),
        ];
        for (order, words) in states {
            let page = stage.get(&page_of(stage, &order).await).await;
            assert!(inside(&page.body, "main").contains(words), "{words}: {}", page.body);
            assert!(!page.body.contains("aria-current=\"step\""), "it goes nowhere any more");
        }
    }

    async fn an_order_that_waits_for_its_payment_says_how_much(stage: &Stage) {
        let path = page_of(stage, &order(1042, stage.now()).pending()).await;
        let page = stage.get(&path).await;
        assert!(page.body.contains("Pay £27.95"), "{}", page.body);
    }

    async fn the_page_lists_what_was_told(stage: &Stage) {
        let first = order(1042, stage.now()).pending();
        let path = page_of(stage, &first).await;
        assert!(stage.get(&path).await.body.contains("Nothing yet"));
        stage.pass(HOUR).await;
        let payment = paid(&first, stage.now());
        stage.take(&payment).await;
        stage.pass(HOUR).await;
        stage.take(&cancelled(&payment, stage.now(), true)).await;
        stage.pass(HOUR).await;
        let page = stage.get(&path).await;
        for told in ["Your order is confirmed", "Your payment is here", "Your order is cancelled"] {
            assert!(page.body.contains(told), "{told}: {}", page.body);
        }
        assert!(page.body.contains("a…@example.test"));
        assert!(!page.body.contains("amina@example.test"), "whoever has the link need not know the address");
    }

    async fn the_page_says_its_address_to_nobody_else(stage: &Stage) {
        let path = page_of(stage, &order(1042, stage.now()).paid()).await;
        let page = stage.get(&path).await;
        let leads_away = |tag: &&str| ["a ", "img ", "link "].iter().any(|name| tag.starts_with(name));
        for tag in page.body.split('<').filter(leads_away) {
            assert!(!tag.contains(&path), "{tag}");
        }
    }
}
