//! The pages on which a shop is set up and seen to, of the running program.
#![expect(clippy::unwrap_used, reason = "the helpers of a test may panic like the test itself")]

use browser::{Browser, View};
use kernel::webhooks::{Secret, sign, timestamp_header};
use kernel::{Clock, SystemClock};
use stories::app::{App, Settings};
use stories::dns_server::DnsServer;

use crate::staff::{NOTHING, check, join, looks, see, shop_with, signed_in, type_into};

/// A program that sends by a mail server that is not there, in the name of a domain that publishes half of what it should.
fn shop() -> (App, String, DnsServer) {
    let dns = DnsServer::start(
        "shop.example TXT v=spf1 include:spf.relay.example -all
         spf.relay.example TXT v=spf1 ip4:192.0.2.0/24 ~all
         shop.example MX 10 mx.shop.example",
    );
    let env = [
        ("AFTERCARE_DNS", dns.address()),
        ("AFTERCARE_MAIL_FROM", "Northwind Tea <orders@shop.example>".to_owned()),
    ];
    let env = env.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let mail_url = Some("smtp://127.0.0.1:1".to_owned());
    let (app, link) = shop_with(Settings { mail_url, env, ..Settings::default() });
    (app, link, dns)
}

/// A shop that is connected, with a webhook that was taken in and one that nothing could be made of.
fn connected(app: &App) -> String {
    let made = app.cli_ok(&["connect", "generic", "--name", "Northwind Tea, the shop in the harbour"]);
    let made: serde_json::Value = serde_json::from_str(&made).unwrap();
    let text = |name: &str| made[name].as_str().unwrap().to_owned();
    let (id, secret) = (text("id"), Secret::parse(&text("secret")).unwrap());
    let now = SystemClock.now();
    let right = crate::staff::ORDER.replace("2026-11-20T10:00:00Z", &now.to_string());
    let wrong = right.replace("\"GBP\"", "\"DOGE\"");
    for (name, order) in [("msg_1", right), ("msg_2", wrong)] {
        let body = format!("{{\"type\":\"order.updated\",\"timestamp\":\"{now}\",\"data\":{order}}}");
        let headers = [
            ("webhook-id", name.to_owned()),
            ("webhook-timestamp", timestamp_header(now)),
            ("webhook-signature", sign(&secret, name, now, body.as_bytes())),
        ];
        let headers = headers.iter().map(|(name, value)| (*name, value.as_str())).collect::<Vec<_>>();
        let answer = app.post(&format!("/hooks/generic/{id}"), &headers, body.as_bytes());
        assert_eq!(answer.status, 200, "{name}");
    }
    format!("/a/connections/{id}")
}

/// A form that is refused. In a tab of its own: the browser notes the status 422 as a complaint.
async fn see_a_fault(browser: &Browser, base: &str) {
    let page = browser.open(&format!("{base}/a/connections/new/woocommerce"), View::PHONE).await.unwrap();
    type_into(&page, "name", "Northwind Tea by WordPress").await;
    type_into(&page, "api_url", "http://shop.example").await;
    type_into(&page, "api_key", "ck:cs").await;
    page.click_through("button.primary").await.unwrap();
    assert!(page.text().await.unwrap().contains("has to begin with https://"));
    // The browser gives the focus after it has shown the page.
    page.wait_until("document.activeElement.id === 'api_url'")
        .await
        .expect("the field that is wrong has the focus");
    page.screenshot("settings-connect-fault").await.unwrap();
    assert_eq!(page.sticking_out().await.unwrap(), NOTHING);
    assert_eq!(page.axe().await.unwrap(), NOTHING);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_sets_the_shop_up_and_sees_to_it() {
    let (app, link, _dns) = tokio::task::spawn_blocking(shop).await.expect("the program starts");
    let (base, browser) = (app.url(), Browser::launch().await.unwrap());
    let page = browser.open(&link, View::DESK).await.unwrap();
    join(&page).await;

    page.go(&format!("{base}/a/connections")).await.unwrap();
    check(&page, "settings-connections-none").await;
    see_a_fault(&browser, &base).await;
    page.go(&format!("{base}/a/connections/new/woocommerce")).await.unwrap();
    type_into(&page, "name", "Northwind Tea by WordPress").await;
    page.click_through("button.primary").await.unwrap();
    let text = page.text().await.unwrap();
    assert!(text.contains("The connection is made") && text.contains("Processing order"), "{text}");
    check(&page, "settings-connection-made").await;

    page.go(&format!("{base}/a/keys")).await.unwrap();
    check(&page, "settings-keys-none").await;
    type_into(&page, "name", "The warehouse").await;
    page.ask::<bool>("(document.querySelector('input[value=\"orders:read\"]').click(), true)").await.unwrap();
    page.click_through("button.primary").await.unwrap();
    assert!(page.text().await.unwrap().contains("Copy it now."));
    check(&page, "settings-key-made").await;

    page.go(&format!("{base}/a/webhooks")).await.unwrap();
    type_into(
        &page,
        "url",
        "https://erp.northwind.example/hooks/aftercare?token=a-rather-long-token-of-theirs",
    )
    .await;
    page.click_through("button.primary").await.unwrap();
    assert!(page.text().await.unwrap().contains("Copy it now."));
    let endpoint: String = page
        .ask("new URL(document.querySelector(\"form[action$='/rotate']\").action).pathname")
        .await
        .unwrap();
    page.click_through("form[action$='/test'] button").await.unwrap();
    let endpoint = endpoint.trim_end_matches("/rotate").to_owned();

    for path in ["/a/domains", "/a/system"] {
        page.go(&format!("{base}{path}")).await.unwrap();
        page.click_through("button.primary").await.unwrap();
        page.reload_until("document.body.textContent.includes('Looked')").await.unwrap();
    }
    let (app, shop) = tokio::task::spawn_blocking(move || {
        let shop = connected(&app);
        app.cli_ok(&["backup", "copy.backup"]);
        (app, shop)
    })
    .await
    .unwrap();
    page.go(&format!("{base}/a/system")).await.unwrap();
    assert!(!page.text().await.unwrap().contains("None is known of"), "the copy is known of");
    page.go(&format!("{base}/a/parked")).await.unwrap();
    page.reload_until("document.querySelector('details') !== null").await.unwrap();
    page.ask::<bool>("(document.querySelector('details').open = true)").await.unwrap();
    check(&page, "settings-parked-open").await;

    let pages = [
        ("index", "/a/settings"),
        ("home", "/a"),
        ("connections", "/a/connections"),
        ("connect-shopify", "/a/connections/new/shopify"),
        ("connection", &shop),
        ("keys", "/a/keys"),
        ("webhooks", "/a/webhooks"),
        ("webhook", &endpoint),
        ("domains", "/a/domains"),
        ("audit", "/a/audit"),
        ("audit-filtered", "/a/audit?what=key.made"),
        ("system", "/a/system"),
        ("parked", "/a/parked"),
        ("team", "/a/team"),
    ];
    for (look, view) in looks() {
        let page = signed_in(&browser, &base, view).await;
        for (name, path) in pages {
            page.go(&format!("{base}{path}")).await.unwrap();
            see(&page, &format!("settings-{name}"), look).await;
        }
    }
    drop(app);
}
