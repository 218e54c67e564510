//! The editor of templates in a real browser: seen in every view, and used by keyboard without scripts.
#![expect(clippy::unwrap_used, reason = "the helpers of a test may panic like the test itself")]

use browser::{Browser, Page, View};

use stories::app::App;

use crate::staff::{looks, see, shop, signed_in, type_into};

const NOTHING: Vec<String> = Vec::new();
const CONFIRMATION: &str = "/a/templates/order.confirmation";

/// The owner's page after following the first link.
async fn joined(browser: &Browser, link: &str) -> Page {
    let page = browser.open(link, View::DESK).await.unwrap();
    type_into(&page, "name", "Priya").await;
    type_into(&page, "password", "a sentence about tea").await;
    page.click_through("button.primary").await.unwrap();
    page
}

async fn press(page: &Page, value: &str) {
    page.ask::<bool>(&format!("(document.querySelector(`button[value=\"{value}\"]`).closest('details')?.setAttribute('open', ''), true)"))
        .await
        .unwrap();
    page.click_through(&format!("button[value=\"{value}\"]")).await.unwrap();
}

async fn write_into(page: &Page, field: &str, text: &str) {
    page.ask::<bool>(&format!("(document.getElementById('{field}').select(), true)")).await.unwrap();
    page.write(text).await.unwrap();
}

/// Two saved versions, and a draft with one of everything and some of it wrong.
async fn prepared(page: &Page, base: &str) {
    page.go(&format!("{base}{CONFIRMATION}")).await.unwrap();
    write_into(page, "subject", "Your tea, {{number}}").await;
    write_into(page, "note", "Warmer").await;
    press(page, "save").await;
    assert!(page.text().await.unwrap().contains("Messages are written like this from now on"));
    press(page, "add-text:see_order").await;
    write_into(page, "words-own-1", "Dear {{name}}, the kettle is on.").await;
    press(page, "hide:progress").await;
    assert!(page.text().await.unwrap().contains("Where the order stands is hidden."));
    press(page, "save").await;
    for kind in ["button", "picture", "divider"] {
        press(page, &format!("add-{kind}:own-1")).await;
    }
    write_into(page, "words-own-1", "Dear {{nobody}}, the kettle is still on.").await;
    press(page, "keep").await;
    assert!(page.text().await.unwrap().contains("{{nobody}} isn't known here"));
}

/// Somebody else saves a version while the first one writes.
async fn saved_by_another(browser: &Browser, app: &App, base: &str) {
    let link = app.cli_ok(&["staff", "add", "liu@northwind.test", "--role", "manager"]);
    let page = joined(browser, &link).await;
    page.go(&format!("{base}{CONFIRMATION}")).await.unwrap();
    write_into(&page, "subject", "Liu’s tea, {{number}}").await;
    press(&page, "save").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_designed_and_every_page_of_it_is_seen() {
    let (app, link) = tokio::task::spawn_blocking(shop).await.expect("the program starts");
    let (base, browser) = (app.url(), Browser::launch().await.unwrap());
    let page = joined(&browser, &link).await;
    page.go(&format!("{base}/a/messages")).await.unwrap();
    page.reload_until("document.querySelector('.list tbody a') !== null").await.unwrap();
    prepared(&page, &base).await;
    saved_by_another(&browser, &app, &base).await;
    let pages = [
        ("list", "/a/templates".to_owned()),
        ("editor", CONFIRMATION.to_owned()),
        ("editor-phone", format!("{CONFIRMATION}?view=phone&language=de")),
        ("editor-dark", format!("{CONFIRMATION}?view=dark&with=sample")),
        ("editor-text", format!("{CONFIRMATION}?view=text")),
        ("editor-sms", format!("{CONFIRMATION}?view=sms")),
        ("versions", format!("{CONFIRMATION}/versions?from=1&to=2")),
        ("meanwhile", format!("{CONFIRMATION}/meanwhile")),
        ("other", "/a/templates/order.code".to_owned()),
    ];
    for (look, view) in looks() {
        let page = signed_in(&browser, &base, view).await;
        for (name, path) in &pages {
            page.go(&format!("{base}{path}")).await.unwrap();
            see(&page, &format!("designs-{name}"), look).await;
        }
        press_what_is_wrong(&page, &base, look).await;
    }
}

/// What can't be used is refused, with a way to each field.
async fn press_what_is_wrong(page: &Page, base: &str, look: &str) {
    page.go(&format!("{base}{CONFIRMATION}")).await.unwrap();
    press(page, "save").await;
    assert!(page.text().await.unwrap().contains("This can’t be used yet"));
    page.screenshot(&format!("designs-refused-{look}")).await.unwrap();
    assert_eq!(page.sticking_out().await.unwrap(), NOTHING, "{look}");
    let leads: bool = page
        .ask("[...document.querySelectorAll('.notice.bad a')].every(a => document.getElementById(a.hash.slice(1)))")
        .await
        .unwrap();
    assert!(leads, "each problem leads to its field");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_designed_by_keyboard_and_without_scripts() {
    let (app, link) = tokio::task::spawn_blocking(shop).await.expect("the program starts");
    let (base, browser) = (app.url(), Browser::launch().await.unwrap());
    joined(&browser, &link).await;
    let page = signed_in(&browser, &base, View::DESK.without_scripts()).await;
    page.go(&format!("{base}{CONFIRMATION}")).await.unwrap();
    enter_on(&page, "summary", "Add below").await;
    page.press("Tab").await.unwrap();
    assert!(page.focus_is_seen().await.unwrap());
    page.press("Enter").await.unwrap();
    page.wait_until("document.getElementById('words-own-1') !== null").await.unwrap();
    assert!(page.url().await.unwrap().ends_with("#piece-own-1"), "{}", page.url().await.unwrap());
    // From the block that was added, the next stop is the box to write in.
    page.press("Tab").await.unwrap();
    assert!(page.focused().await.unwrap().contains("words-own-1"), "{}", page.focused().await.unwrap());
    page.write("Thank you, {{name}}.").await.unwrap();
    enter_on(&page, "button", "Move down Your text").await;
    page.wait_until("document.body.innerText.includes('Your text is now block')").await.unwrap();
    let kept: String = page.ask("document.getElementById('words-own-1').value").await.unwrap();
    assert_eq!(kept, "Thank you, {{name}}.");
    enter_on(&page, "button", "Save as version 1").await;
    page.wait_until("document.body.innerText.includes('Messages are written like this from now on')")
        .await
        .unwrap();
}

/// Goes on by Tab until the element with these words has the focus, which is always seen, and presses Enter.
async fn enter_on(page: &Page, element: &str, words: &str) {
    for _ in 0..120 {
        page.press("Tab").await.unwrap();
        let focused = page.focused().await.unwrap();
        if focused.starts_with(element)
            && focused.split_whitespace().collect::<Vec<_>>().join(" ").contains(words)
        {
            assert!(page.focus_is_seen().await.unwrap(), "{focused}");
            page.press("Enter").await.unwrap();
            return;
        }
    }
    panic!("no {element} says {words}");
}
