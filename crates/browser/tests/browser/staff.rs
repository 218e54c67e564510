//! The staff's pages of the running program, from the first link on.
#![expect(clippy::unwrap_used, reason = "the helpers of a test may panic like the test itself")]

use browser::{Browser, Page, View};
use kernel::{Clock, SystemClock};
use stories::app::{App, Settings};

pub const ORDER: &str = include_str!("order.json");
pub const EMAIL: &str = "priya@northwind.test";
pub const PASSWORD: &str = "a sentence about tea";
pub const WITHOUT_SCRIPTS: &str = "phone-without-scripts";
const RIGHT_TO_LEFT: &str = "desk-rtl";
pub const NOTHING: Vec<String> = Vec::new();

/// A program with one order in it, and a link that lets an owner in.
pub fn shop() -> (App, String) {
    shop_with(Settings::default())
}

/// The same with these settings.
pub fn shop_with(settings: Settings) -> (App, String) {
    let app = App::start(settings);
    let key = app.cli_ok(&["keys", "create", "--name", "browser", "--scope", "orders:write"]);
    let order = ORDER.replace("2026-11-20T10:00:00Z", &SystemClock.now().to_string());
    assert_eq!(app.post_json("/v1/orders", &key, &order).status, 201);
    let link = app.cli_ok(&["staff", "add", EMAIL, "--role", "owner"]);
    (app, link)
}

pub async fn type_into(page: &Page, field: &str, text: &str) {
    page.ask::<bool>(&format!("(document.getElementById('{field}').focus(), true)")).await.unwrap();
    page.write(text).await.unwrap();
}

/// Follows the link that this page shows, as its owner.
pub async fn join(page: &Page) {
    type_into(page, "name", "Priya").await;
    type_into(page, "password", PASSWORD).await;
    page.click_through("button.primary").await.unwrap();
    assert!(page.text().await.unwrap().contains("Hello, Priya"));
}

/// The page of somebody who has signed out and in again, seen this way.
pub async fn signed_in(browser: &Browser, base: &str, view: View) -> Page {
    let page = browser.open(&format!("{base}/a/account"), view).await.unwrap();
    page.click_through("form[action$='/sign-out'] button").await.unwrap();
    assert!(page.text().await.unwrap().contains("You are signed out."));
    type_into(&page, "email", EMAIL).await;
    type_into(&page, "password", PASSWORD).await;
    page.click_through("button.primary").await.unwrap();
    assert!(page.url().await.unwrap().ends_with("/a"), "{}", page.url().await.unwrap());
    page
}

pub async fn check(page: &Page, name: &str) {
    page.screenshot(name).await.unwrap();
    assert_eq!(page.sticking_out().await.unwrap(), NOTHING, "{name}");
    assert_eq!(page.axe().await.unwrap(), NOTHING, "{name}");
    assert_eq!(page.complaints(), NOTHING, "{name}");
}

/// The ways every page is looked at: what each is called, and how.
pub fn looks() -> [(&'static str, View); 5] {
    [
        ("desk", View::DESK),
        ("desk-dark", View::DESK.dark()),
        (RIGHT_TO_LEFT, View::DESK.right_to_left()),
        ("phone", View::PHONE),
        (WITHOUT_SCRIPTS, View::PHONE.dark().without_scripts()),
    ]
}

/// What finds faults is a script itself: where none run, only what can be seen is looked at. Neither does it find anything
/// from right to left that it didn't find the other way round.
pub async fn see(page: &Page, name: &str, look: &str) {
    let name = format!("{name}-{look}");
    if look == WITHOUT_SCRIPTS || look == RIGHT_TO_LEFT {
        page.screenshot(&name).await.unwrap();
        assert_eq!(page.sticking_out().await.unwrap(), NOTHING, "{name}");
    } else {
        check(page, &name).await;
    }
}

/// Where the first link of the list at `path` leads.
pub async fn first_of(page: &Page, base: &str, path: &str) -> String {
    page.go(&format!("{base}{path}")).await.unwrap();
    page.reload_until("document.querySelector('.list tbody a') !== null").await.unwrap();
    page.ask("new URL(document.querySelector('.list tbody a').href).pathname").await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_gets_in_and_sees_every_page() {
    let (app, link) = tokio::task::spawn_blocking(shop).await.expect("the program starts");
    let (base, browser) = (app.url(), Browser::launch().await.unwrap());
    let page = browser.open(&link, View::PHONE).await.unwrap();
    check(&page, "staff-welcome").await;
    check(&browser.open(&format!("{base}/a/sign-in"), View::PHONE).await.unwrap(), "staff-sign-in").await;
    check(&browser.open(&format!("{base}/a/sign-in/code"), View::PHONE).await.unwrap(), "staff-code").await;
    join(&page).await;
    let order = first_of(&page, &base, "/a/orders").await;
    let customer = first_of(&page, &base, "/a/customers").await;
    let message = first_of(&page, &base, "/a/messages").await;
    let pages = [
        ("home", "/a"),
        ("customers", "/a/customers"),
        ("customer", &customer),
        ("orders", "/a/orders"),
        ("order", &order),
        ("messages", "/a/messages"),
        ("messages-held", "/a/messages?show=held"),
        ("message", &message),
        ("search", "/a/search?q=nothing"),
        ("account", "/a/account"),
        ("second-factor", "/a/account/second-factor"),
        ("team", "/a/team"),
        ("guide", "/a/guide"),
        ("design", "/a/design"),
        ("brand", "/a/settings/brand"),
        ("rules", "/a/settings/rules"),
        ("wording", "/a/settings/wording"),
        ("sentence", "/a/settings/wording/mail-confirmation-line?language=en"),
        ("channels", "/a/settings/channels"),
    ];
    for (look, view) in looks() {
        let page = signed_in(&browser, &base, view).await;
        for (name, path) in pages {
            page.go(&format!("{base}{path}")).await.unwrap();
            see(&page, &format!("staff-{name}"), look).await;
        }
    }
}

/// Pairs of labels of an axis that touch, as far as a reader sees them.
const TOUCHING: &str = "[...document.querySelectorAll('.places, .ticks')].flatMap(axis => {
  const box = label => { const range = document.createRange(); range.selectNodeContents(label); return range.getBoundingClientRect() };
  const boxes = [...axis.children].filter(label => label.textContent).map(box);
  const apart = (a, b) => a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
  return boxes.flatMap((a, nth) => boxes.slice(nth + 1).filter(b => !apart(a, b)).map(() => axis.textContent));
})";

#[tokio::test(flavor = "multi_thread")]
async fn charts_are_read_without_seeing_them() {
    let (app, link) = tokio::task::spawn_blocking(shop).await.expect("the program starts");
    let (base, browser) = (app.url(), Browser::launch().await.unwrap());
    let page = browser.open(&link, View::DESK).await.unwrap();
    join(&page).await;
    for (look, view) in looks().into_iter().filter(|(look, _)| *look != WITHOUT_SCRIPTS) {
        let page = signed_in(&browser, &base, view).await;
        page.go(&format!("{base}/a/design")).await.unwrap();
        let opened = "document.querySelectorAll('.chart details').forEach(fold => fold.open = true), true";
        assert!(page.ask::<bool>(&format!("({opened})")).await.unwrap());
        see(&page, "staff-charts-open", look).await;
        let seen = "[...document.querySelectorAll(':is(.chart, .spark) svg')].filter(one => one.ariaHidden !== 'true').length";
        assert_eq!(page.ask::<u32>(seen).await.unwrap(), 0, "pictures are for the eye only");
        let silent = "[...document.querySelectorAll('.chart')].filter(one => one.querySelector('svg') && !one.querySelector('tbody td')).length";
        assert_eq!(page.ask::<u32>(silent).await.unwrap(), 0, "and each has its table");
        assert_eq!(page.ask::<Vec<String>>(TOUCHING).await.unwrap(), NOTHING, "{look}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_way_around_is_used_by_keyboard() {
    let (app, link) = tokio::task::spawn_blocking(shop).await.expect("the program starts");
    let browser = Browser::launch().await.unwrap();
    let page = browser.open(&link, View::DESK).await.unwrap();
    type_into(&page, "name", "Priya").await;
    type_into(&page, "password", PASSWORD).await;
    page.press("Enter").await.unwrap();
    page.wait_until("location.pathname === '/a'").await.unwrap();
    page.press("Tab").await.unwrap();
    assert!(
        page.focused().await.unwrap().starts_with("a #"),
        "the first stop is the way past the navigation"
    );
    let stops: usize = page.ask("document.querySelectorAll('a[href], button, input').length").await.unwrap();
    for _ in 0..stops.min(30) {
        page.press("Tab").await.unwrap();
        let on_page: bool = page.ask("document.activeElement !== document.body").await.unwrap();
        assert!(!on_page || page.focus_is_seen().await.unwrap(), "{}", page.focused().await.unwrap());
    }
    page.go(&format!("{}/a", app.url())).await.unwrap();
    page.ask::<bool>("(document.querySelector('input[type=search]').focus(), true)").await.unwrap();
    page.write("#1042").await.unwrap();
    page.press("Enter").await.unwrap();
    page.wait_until("location.pathname.startsWith('/a/orders/ord_')").await.unwrap();
}
