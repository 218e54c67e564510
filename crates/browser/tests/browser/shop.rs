//! The shopper's pages of the running program.
#![expect(clippy::unwrap_used, reason = "the helpers of a test may panic like the test itself")]

use std::sync::OnceLock;

use browser::{Browser, View};
use kernel::{Clock, SystemClock};
use stories::app::{App, Settings};

const ORDER: &str = include_str!("order.json");

/// A program with one order in it, and that order's page.
struct Shop {
    app: App,
    order_url: String,
}

/// The one that all tests of this process look at; none of them changes it.
fn shop() -> &'static Shop {
    static SHOP: OnceLock<Shop> = OnceLock::new();
    SHOP.get_or_init(|| {
        let app = App::start(Settings::default());
        let key = app.cli_ok(&["keys", "create", "--name", "browser", "--scope", "orders:write"]);
        // Of this moment: an order a week old would be history, and nobody would be told of it.
        let order = ORDER.replace("2026-11-20T10:00:00Z", &SystemClock.now().to_string());
        let stored = app.post_json("/v1/orders", &key, &order);
        assert_eq!(stored.status, 201, "{}", stored.text());
        let order_url = stored.json()["url"].as_str().expect("an order has a page").to_owned();
        Shop { app, order_url }
    })
}

async fn shared() -> &'static Shop {
    tokio::task::spawn_blocking(shop).await.expect("the program starts")
}

const NOTHING: Vec<String> = Vec::new();

/// What every page owes everybody, with each of the ways to look at it.
async fn check(browser: &Browser, name: &str, url: &str) {
    let views = [
        ("phone", View::PHONE),
        ("phone-dark", View::PHONE.dark()),
        ("phone-rtl", View::PHONE.right_to_left()),
        ("desk", View::DESK),
        ("desk-dark", View::DESK.dark()),
    ];
    for (look, view) in views {
        let page = browser.open(url, view).await.unwrap();
        page.screenshot(&format!("{name}-{look}")).await.unwrap();
        assert_eq!(page.sticking_out().await.unwrap(), NOTHING, "{name} {look}");
        assert_eq!(page.axe().await.unwrap(), NOTHING, "{name} {look}");
        assert_eq!(page.complaints(), NOTHING, "{name} {look}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_order_page_is_for_everybody() {
    let (shop, browser) = (shared().await, Browser::launch().await.unwrap());
    check(&browser, "order", &shop.order_url).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_order_page_says_the_same_without_scripts() {
    let (shop, browser) = (shared().await, Browser::launch().await.unwrap());
    for (name, view) in [("light", View::PHONE), ("dark", View::PHONE.dark())] {
        let page = browser.open(&shop.order_url, view.without_scripts()).await.unwrap();
        page.screenshot(&format!("order-without-scripts-{name}")).await.unwrap();
        let text = page.text().await.unwrap();
        for words in ["#1042", "First Flush Darjeeling", "£27.95"] {
            assert!(text.contains(words), "{words} is missing from:\n{text}");
        }
        assert_eq!(page.sticking_out().await.unwrap(), NOTHING);
        assert_eq!(page.complaints(), NOTHING);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_order_page_is_used_by_keyboard() {
    let (shop, browser) = (shared().await, Browser::launch().await.unwrap());
    let page = browser.open(&shop.order_url, View::DESK).await.unwrap();
    page.press("Tab").await.unwrap();
    let first = page.focused().await.unwrap();
    assert!(first.starts_with("a #"), "the first stop is the way past the head of the page, not {first}");
    assert!(page.focus_is_seen().await.unwrap(), "{first} is not seen");
    page.press("Enter").await.unwrap();
    assert!(page.url().await.unwrap().contains('#'), "the way past the head leads nowhere");
    let stops: usize =
        page.ask("document.querySelectorAll('a[href], button, input, summary').length").await.unwrap();
    for _ in 0..stops.min(30) {
        page.press("Tab").await.unwrap();
        let on_page: bool = page.ask("document.activeElement !== document.body").await.unwrap();
        let focused = page.focused().await.unwrap();
        assert!(!on_page || page.focus_is_seen().await.unwrap(), "the focus on {focused} is not seen");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_inbox_shows_what_was_sent() {
    let (shop, browser) = (shared().await, Browser::launch().await.unwrap());
    let inbox = format!("{}/inbox", shop.app.url());
    let page = browser.open(&inbox, View::DESK).await.unwrap();
    // The confirmation is sent by a job, in its own time.
    page.reload_until("document.body.innerText.includes('#1042')").await.unwrap();
    check(&browser, "inbox", &inbox).await;
    page.click_through("main a[href*='/inbox/']").await.unwrap();
    let message = page.url().await.unwrap();
    check(&browser, "inbox-message", &message).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_documents_are_for_everybody() {
    let (shop, browser) = (shared().await, Browser::launch().await.unwrap());
    check(&browser, "docs", &format!("{}/docs", shop.app.url())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_leads_nowhere_says_so_to_everybody() {
    let (shop, browser) = (shared().await, Browser::launch().await.unwrap());
    // One character too many.
    let broken = format!("{}x", shop.order_url);
    for (look, view) in [("phone", View::PHONE), ("desk-dark", View::DESK.dark())] {
        let page = browser.open(&broken, view).await.unwrap();
        page.screenshot(&format!("nowhere-{look}")).await.unwrap();
        assert!(!page.text().await.unwrap().contains("Darjeeling"));
        assert_eq!(page.sticking_out().await.unwrap(), NOTHING);
        assert_eq!(page.axe().await.unwrap(), NOTHING);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn how_we_reach_you_is_for_everybody() {
    let (shop, browser) = (shared().await, Browser::launch().await.unwrap());
    let page = browser.open(&format!("{}/inbox", shop.app.url()), View::DESK).await.unwrap();
    page.reload_until("document.body.innerText.includes('#1042')").await.unwrap();
    page.click_through("main a[href*='/inbox/']").await.unwrap();
    let text = format!("{}?view=text", page.url().await.unwrap());
    let text = browser.open(&text, View::DESK).await.unwrap().text().await.unwrap();
    let at = text.find("/you/updates/").expect("every mail leads there");
    let path = text[at..].split_whitespace().next().expect("a path");
    let url = format!("{}{path}", shop.app.url());
    check(&browser, "you-updates", &url).await;
    let page = browser.open(&url, View::PHONE.without_scripts()).await.unwrap();
    page.click_through("form[action$='/topics'] button").await.unwrap();
    let text = page.text().await.unwrap();
    assert!(text.contains("Saved. This is what we write about"), "{text}");
    assert_eq!(page.sticking_out().await.unwrap(), NOTHING);
}
