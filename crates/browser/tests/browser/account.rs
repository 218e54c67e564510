//! A customer's own pages in the running program: finding an order, signing in, all orders, what is known, wishes.
#![expect(clippy::unwrap_used, reason = "the helpers of a test may panic like the test itself")]

use browser::{Browser, Page, View};
use kernel::{Clock, SystemClock};
use stories::app::{App, Settings};

use crate::staff::{ORDER, WITHOUT_SCRIPTS, check, see, type_into};

const TABLET: View = View { width: 768, height: 1024, ..View::PHONE };

/// A program in this language, with some orders of Amina's in it.
fn shop(language: &str) -> App {
    let env = vec![("AFTERCARE_LOCALE".to_owned(), language.to_owned())];
    let app = App::start(Settings { env, ..Settings::default() });
    let key = app.cli_ok(&["keys", "create", "--name", "browser", "--scope", "orders:write"]);
    for number in 1042..1055 {
        let order = ORDER
            .replace("2026-11-20T10:00:00Z", &SystemClock.now().to_string())
            .replace("\"locale\": \"en-GB\",", "")
            .replace("1042", &number.to_string())
            .replace(
                "\"name\": \"Amina Khan\" }",
                "\"phone\": \"+447700900123\", \"name\": \"Amina Khan\" }",
            );
        assert_eq!(app.post_json("/v1/orders", &key, &order).status, 201);
    }
    app
}

/// The code in the newest message of the inbox.
async fn code(browser: &Browser, base: &str) -> String {
    let inbox = browser.open(&format!("{base}/inbox"), View::DESK).await.unwrap();
    // The message is sent by a job, in its own time.
    inbox.reload_until("/[0-9]{6}/.test(document.querySelector('main li')?.innerText ?? '')").await.unwrap();
    inbox.ask("document.querySelector('main li').innerText.match(/[0-9]{6}/)[0]").await.unwrap()
}

/// Signs in as Amina, looking at each page on the way.
async fn sign_in(browser: &Browser, page: &Page, base: &str, look: &str) {
    page.go(&format!("{base}/you")).await.unwrap();
    check(page, &format!("account-asks-{look}")).await;
    type_into(page, "address", "amina@example.test").await;
    page.click_through("form[action='/you/code'] button").await.unwrap();
    check(page, &format!("account-code-{look}")).await;
    let code = code(browser, base).await;
    page.go(&format!("{base}/you/code")).await.unwrap();
    type_into(page, "code", &code).await;
    page.click_through("form[action='/you/enter'] button").await.unwrap();
    assert!(page.url().await.unwrap().ends_with("/orders"), "{}", page.url().await.unwrap());
}

async fn seen(page: &Page, base: &str, look: &str) {
    let pages = [
        ("orders", "/orders"),
        ("orders-none", "/orders?q=nothing+like+it&state=cancelled"),
        ("you", "/you"),
        ("updates", "/you/updates"),
        ("delete", "/you/delete"),
        ("find", "/find"),
        ("find-sent", "/find?sent=1"),
    ];
    for (name, path) in pages {
        page.go(&format!("{base}{path}")).await.unwrap();
        see(page, &format!("account-{name}"), look).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customers_own_pages_are_for_everybody() {
    let app = tokio::task::spawn_blocking(|| shop("en-GB")).await.unwrap();
    let base = app.url();
    let views = [
        ("phone", View::PHONE),
        (WITHOUT_SCRIPTS, View::PHONE.dark().without_scripts()),
        ("tablet", TABLET),
        ("desk-dark", View::DESK.dark()),
        ("desk-rtl", View::DESK.right_to_left()),
    ];
    let first = Browser::launch().await.unwrap();
    let page = first.open(&base, View::PHONE).await.unwrap();
    check(&page, "account-front-phone").await;
    sign_in(&first, &page, &base, "phone").await;
    for (look, view) in views {
        let page = first.open(&format!("{base}/orders"), view).await.unwrap();
        seen(&page, &base, look).await;
    }
    page.go(&format!("{base}/orders")).await.unwrap();
    let cards: usize = page.ask("document.querySelectorAll('section.order').length").await.unwrap();
    assert_eq!(cards, 10);
    type_into(&page, "q", "1049").await;
    page.click_through("form[action='/orders'] button").await.unwrap();
    let text = page.text().await.unwrap();
    assert!(text.contains("#1049") && !text.contains("#1050"), "{text}");
    page.click_through("section.order a.button").await.unwrap();
    assert!(page.url().await.unwrap().contains("/o/"));
    page.go(&format!("{base}/you")).await.unwrap();
    page.click_through("form[action='/you/sign-out'] button").await.unwrap();
    assert!(page.text().await.unwrap().contains("You’re signed out."));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customers_own_pages_hold_in_every_language() {
    for language in ["de-DE", "en-XA", "ar-XB"] {
        let app = tokio::task::spawn_blocking(move || shop(language)).await.unwrap();
        let (base, browser) = (app.url(), Browser::launch().await.unwrap());
        let page = browser.open(&base, View::PHONE).await.unwrap();
        sign_in(&browser, &page, &base, &format!("{language}-phone")).await;
        seen(&page, &base, &format!("{language}-phone")).await;
        let page = browser.open(&base, View::DESK.dark()).await.unwrap();
        seen(&page, &base, &format!("{language}-desk-dark")).await;
    }
}

/// What a form has to say of what was typed stands beside the field, for whoever sees and whoever listens.
#[tokio::test(flavor = "multi_thread")]
async fn a_fault_is_said_where_it_is_and_a_wish_is_taken_back() {
    let app = tokio::task::spawn_blocking(|| shop("en-GB")).await.unwrap();
    let (base, browser) = (app.url(), Browser::launch().await.unwrap());
    let page = browser.open(&format!("{base}/you"), View::PHONE).await.unwrap();
    let faulty = [("/you", "address", "amina", "/you/code"), ("/find", "contact", "amina", "/find")];
    for (path, field, typed, form) in faulty {
        page.go(&format!("{base}{path}")).await.unwrap();
        if path == "/find" {
            type_into(&page, "number", "1042").await;
        }
        type_into(&page, field, typed).await;
        page.click_through(&format!("form[action='{form}'] button")).await.unwrap();
        // The status is the browser's own word for it.
        let complaints = page.complaints();
        assert!(complaints.iter().all(|complaint| complaint.contains("422")), "{complaints:?}");
        page.screenshot(&format!("account-fault-{field}")).await.unwrap();
        assert_eq!(page.axe().await.unwrap(), Vec::<String>::new(), "{path}");
        let described: String = page
            .ask(&format!("document.getElementById('{field}').getAttribute('aria-describedby').split(' ').map(id => document.getElementById(id).innerText).join(' ')"))
            .await
            .unwrap();
        assert!(described.contains("Write"), "{described}");
    }
    let page = browser.open(&base, View::PHONE).await.unwrap();
    sign_in(&browser, &page, &base, "wish").await;
    page.go(&format!("{base}/you/updates")).await.unwrap();
    page.click_through("form[action$='/stop'] button").await.unwrap();
    check(&page, "account-updates-stopped").await;
    page.click_through(".notice form button").await.unwrap();
    assert!(page.text().await.unwrap().contains("Saved. This is what we write about"));
    page.click_through("form[action$='/pause'] button[value='30']").await.unwrap();
    check(&page, "account-updates-paused").await;
}
