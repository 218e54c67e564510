//! Parcels as their customer sees them, and as the staff does.
#![expect(clippy::unwrap_used, reason = "the helpers of a test may panic like the test itself")]

use std::time::Duration;

use browser::{Browser, Page, View};
use kernel::{Clock, SystemClock};
use serde_json::json;
use stories::app::{App, Settings};

use crate::staff::{EMAIL, NOTHING, ORDER, WITHOUT_SCRIPTS, check, join, looks, see, signed_in, type_into};

const HOUR: Duration = Duration::from_secs(3_600);

/// A shop whose only order has left in two parcels: one is there, by its carrier's word, and customs looks at the other.
fn shop() -> (App, String, String) {
    let app = App::start(Settings::default());
    let key = app.cli_ok(&["keys", "create", "--name", "browser", "--scope", "orders:write"]);
    let now = SystemClock.now();
    let order = app.post_json(
        "/v1/orders",
        &key,
        &ORDER.replace("2026-11-20T10:00:00Z", &(now - HOUR * 30).to_string()),
    );
    assert_eq!(order.status, 201, "{}", order.text());
    let parcel = |id: &str, number: &str, state: &str, reason: &str| {
        let scans = json!([
            { "at": (now - HOUR * 20).to_string(), "state": "in_transit", "words": "Left the depot", "place": "Warrington" },
            { "at": (now - HOUR * 12).to_string(), "state": "in_transit", "words": "On its way", "place": "Leeds" },
            { "at": (now - HOUR * 2).to_string(), "state": state, "reason": reason, "place": "Leeds" },
        ]);
        let told = json!({ "source": "web", "external_id": id, "order": "1042", "updated_at": now.to_string(),
            "carrier": "Royal Mail", "tracking_number": number, "lines": [{ "line": "l1", "quantity": 1 }], "scans": scans });
        let answer = app.post_json("/v1/shipments", &key, &told.to_string());
        assert_eq!(answer.status, 200, "{}", answer.text());
    };
    parcel("1", "AB123456785GB", "delivered", "neighbour");
    parcel("2", "CD987654321GB", "exception", "customs");
    let link = app.cli_ok(&["staff", "add", EMAIL, "--role", "owner"]);
    let url = order.json()["url"].as_str().unwrap().to_owned();
    (app, url, link)
}

#[tokio::test(flavor = "multi_thread")]
async fn parcels_are_for_everybody_and_a_missing_one_is_said_without_scripts() {
    let (_app, url, _) = tokio::task::spawn_blocking(shop).await.expect("the program starts");
    let browser = Browser::launch().await.unwrap();
    let tablet = View { width: 768, ..View::DESK };
    let more =
        [("tablet", tablet), ("tablet-dark", tablet.dark()), ("phone-rtl", View::PHONE.right_to_left())];
    for (look, view) in looks().into_iter().chain(more) {
        let page = browser.open(&url, view).await.unwrap();
        see(&page, "parcels", look).await;
        if look == WITHOUT_SCRIPTS {
            let text = page.text().await.unwrap();
            for words in [
                "There’s a problem with your parcel",
                "Customs",
                "AB123456785GB",
                "Leeds",
                "1 of 2",
                "1 earlier update",
            ] {
                assert!(text.contains(words), "{words} is missing from:\n{text}");
            }
        }
    }
    let page = browser.open(&url, View::PHONE.without_scripts()).await.unwrap();
    page.click_through("form[action$='/missing'] button").await.unwrap();
    assert!(
        page.text().await.unwrap().contains("you say that it isn’t there"),
        "{}",
        page.text().await.unwrap()
    );
    page.screenshot("parcels-missing").await.unwrap();
    page.click_through("form[action$='/found'] button").await.unwrap();
    assert!(page.text().await.unwrap().contains("It isn’t here"));
    assert_eq!(page.complaints(), NOTHING);
}

/// A page of A4 in CSS pixels, without its margins.
const PAPER: View = View { width: 718, height: 1_047, ..View::DESK };

#[tokio::test(flavor = "multi_thread")]
async fn on_paper_the_page_is_what_was_bought_and_where_it_is_and_nothing_to_press() {
    let (_app, url, _) = tokio::task::spawn_blocking(shop).await.expect("the program starts");
    let browser = Browser::launch().await.unwrap();
    let page = browser.open(&url, PAPER.dark()).await.unwrap();
    page.on_paper().await.unwrap();
    page.screenshot("parcels-on-paper").await.unwrap();
    let text = page.text().await.unwrap();
    for words in ["#1042", "First Flush Darjeeling", "Total", "AB123456785GB", "Warrington"] {
        assert!(text.contains(words), "{words} is missing on paper:\n{text}");
    }
    let seen =
        "[...document.querySelectorAll('button, nav, form, .skip')].filter(e => e.checkVisibility()).length";
    assert_eq!(page.ask::<u32>(seen).await.unwrap(), 0, "nothing on paper can be pressed");
    let ink =
        "getComputedStyle(document.body).color + ' on ' + getComputedStyle(document.body).backgroundColor";
    assert_eq!(page.ask::<String>(ink).await.unwrap(), "rgb(0, 0, 0) on rgb(255, 255, 255)");
    assert_eq!(page.sticking_out().await.unwrap(), NOTHING);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_staff_writes_a_parcel_down_and_says_what_happened() {
    let (app, _, link) = tokio::task::spawn_blocking(shop).await.expect("the program starts");
    let (base, browser) = (app.url(), Browser::launch().await.unwrap());
    let page = browser.open(&link, View::PHONE).await.unwrap();
    join(&page).await;
    let order = crate::staff::first_of(&page, &base, "/a/orders").await;
    let new = format!("/a/parcels/new?order={}", order.rsplit('/').next().unwrap());
    page.go(&format!("{base}{new}")).await.unwrap();
    type_into(&page, "carrier", "Our own van").await;
    page.ask::<bool>("(document.getElementById('pieces-0').value = '1', true)").await.unwrap();
    page.click_through("button.primary").await.unwrap();
    let made = page.text().await.unwrap();
    assert!(made.contains("The parcel is written down") && made.contains("Our own van"), "{made}");
    let parcel = path_of(&page, &base).await;
    page.ask::<bool>("(document.getElementById('state').value = 'delivered', true)").await.unwrap();
    page.click_through("form[action$='/happened'] button").await.unwrap();
    assert!(page.text().await.unwrap().contains("It is written down"));
    let pages = [
        ("order", order.as_str()),
        ("new", &new),
        ("one", &parcel),
        ("wrong", "/a/parcels"),
        ("unlinked", "/a/parcels/unlinked"),
        ("strays", "/a/parcels/strays"),
    ];
    for (look, view) in looks() {
        let page = signed_in(&browser, &base, view).await;
        for (name, path) in pages {
            page.go(&format!("{base}{path}")).await.unwrap();
            see(&page, &format!("staff-parcel-{name}"), look).await;
        }
    }
    check(&page, "staff-parcel-told").await;
}

async fn path_of(page: &Page, base: &str) -> String {
    let url = page.url().await.unwrap();
    url.trim_start_matches(base).split('?').next().unwrap().to_owned()
}
