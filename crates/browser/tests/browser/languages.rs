//! The order page and a mail in German, in words that are longer than any, and from right to left.
#![expect(clippy::unwrap_used, reason = "the helpers of a test may panic like the test itself")]

use browser::{Browser, View};
use kernel::{Clock, SystemClock};
use stories::app::{App, Settings};

const ORDER: &str = include_str!("order.json");

/// A shop whose language is `shop`, with an order that says `order`, and that order's page.
fn shop_with_order(shop: &str, order: &str) -> (App, String) {
    let env = vec![("AFTERCARE_LOCALE".to_owned(), shop.to_owned())];
    let app = App::start(Settings { env, ..Settings::default() });
    let key = app.cli_ok(&["keys", "create", "--name", "browser", "--scope", "orders:write"]);
    let order = match order {
        "" => String::new(),
        tag => format!("\"locale\": \"{tag}\","),
    };
    // Of this moment: an order a week old would be history, and nobody would be told of it.
    let json = ORDER.replace("2026-11-20T10:00:00Z", &SystemClock.now().to_string());
    let json = json.replace("\"locale\": \"en-GB\",", &order);
    let stored = app.post_json("/v1/orders", &key, &json);
    assert_eq!(stored.status, 201, "{}", stored.text());
    let url = stored.json()["url"].as_str().unwrap().to_owned();
    (app, url)
}

#[tokio::test(flavor = "multi_thread")]
async fn page_and_mail_hold_in_every_language() {
    let browser = Browser::launch().await.unwrap();
    for (shop, order, dir) in [("en-GB", "de-DE", "ltr"), ("en-XA", "", "ltr"), ("ar-XB", "", "rtl")] {
        let starting = tokio::task::spawn_blocking(move || shop_with_order(shop, order));
        let (app, order_url) = starting.await.unwrap();
        let lang = if order.is_empty() { shop } else { order };
        let views = [("phone", View::PHONE), ("phone-dark", View::PHONE.dark()), ("desk", View::DESK)];
        for (look, view) in views {
            let page = browser.open(&order_url, view).await.unwrap();
            page.screenshot(&format!("order-{lang}-{look}")).await.unwrap();
            let said: String =
                page.ask("document.documentElement.lang + ' ' + document.documentElement.dir").await.unwrap();
            assert_eq!(said, format!("{lang} {dir}"));
            assert_eq!(page.sticking_out().await.unwrap(), Vec::<String>::new(), "{lang} {look}");
            assert_eq!(page.axe().await.unwrap(), Vec::<String>::new(), "{lang} {look}");
        }
        let inbox = browser.open(&format!("{}/inbox", app.url()), View::DESK).await.unwrap();
        // The confirmation is sent by a job, in its own time.
        inbox.reload_until("document.body.innerText.includes('#1042')").await.unwrap();
        inbox.click_through("main a[href*='/inbox/']").await.unwrap();
        let message = inbox.url().await.unwrap();
        let mail = message.split(['?', '#']).next().unwrap().to_owned() + "/html";
        for (look, url) in [("phone", mail.clone()), ("phone-dark", format!("{mail}?dark=1"))] {
            let page = browser.open(&url, View::PHONE).await.unwrap();
            page.screenshot(&format!("mail-{lang}-{look}")).await.unwrap();
            assert_eq!(page.sticking_out().await.unwrap(), Vec::<String>::new(), "mail {lang} {look}");
        }
    }
}
