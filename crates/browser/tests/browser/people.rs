//! The pages on which the staff does something for a customer, in the running program.
#![expect(clippy::unwrap_used, reason = "the helpers of a test may panic like the test itself")]

use browser::{Browser, Page, View};
use kernel::{Clock, SystemClock};
use stories::app::App;

use crate::staff::{
    ORDER, PASSWORD, WITHOUT_SCRIPTS, check, first_of, looks, see, shop, signed_in, type_into,
};

/// An order of Amina's other account.
fn another_customer(app: &App) {
    let key = app.cli_ok(&["keys", "create", "--name", "another", "--scope", "orders:write"]);
    let order = ORDER
        .replace("2026-11-20T10:00:00Z", &SystemClock.now().to_string())
        .replace("\"external_id\": \"1042\"", "\"external_id\": \"1043\"")
        .replace("\"external_id\": \"c1\"", "\"external_id\": \"c2\"")
        .replace("amina@example.test", "a.khan@example.test");
    assert_eq!(app.post_json("/v1/orders", &key, &order).status, 201);
}

/// Opens a part of the page that is closed until somebody asks for it.
async fn unfold(page: &Page, form: &str) {
    let script =
        format!("(document.querySelector('form[action$=\"{form}\"]').closest('details').open = true)");
    page.ask::<bool>(&script).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_staff_does_what_a_customer_asks_for_on_pages_that_anybody_can_use() {
    let (app, link) = tokio::task::spawn_blocking(shop).await.expect("the program starts");
    let (base, browser) = (app.url(), Browser::launch().await.unwrap());
    let page = browser.open(&link, View::DESK).await.unwrap();
    type_into(&page, "name", "Priya").await;
    type_into(&page, "password", PASSWORD).await;
    page.click_through("button.primary").await.unwrap();
    let customer = first_of(&page, &base, "/a/customers").await;
    let order = tokio::task::spawn_blocking(move || {
        another_customer(&app);
        app
    });
    let _app = order.await.expect("a second order is taken");
    let here = format!("{base}{customer}");

    page.go(&here).await.unwrap();
    unfold(&page, "/notes").await;
    type_into(&page, "note-subject", "Her brother").await;
    type_into(&page, "note-body", "He picks parcels up for her.").await;
    page.click_through("form[action$='/notes'] button").await.unwrap();
    assert!(page.text().await.unwrap().contains("He picks parcels up for her."));
    unfold(&page, "/contacts").await;
    type_into(&page, "contact-body", "She asked when it leaves.").await;
    page.click_through("form[action$='/contacts'] button").await.unwrap();
    unfold(&page, "/incidents").await;
    page.click_through("form[action$='/incidents'] button").await.unwrap();
    unfold(&page, "/pause").await;
    page.click_through("form[action$='/pause'] button").await.unwrap();
    let text = page.text().await.unwrap();
    assert!(text.contains("She asked when it leaves.") && text.contains("Left in peace until"), "{text}");
    assert!(text.contains("Something is late"), "{text}");
    page.go(&format!("{base}/a/suppressions")).await.unwrap();
    page.ask::<bool>("(document.getElementById('new').closest('details').open = true)").await.unwrap();
    type_into(&page, "new", "liu@example.test").await;
    page.click_through("form[action='/a/suppressions'][method=post] button").await.unwrap();

    let note: String = {
        page.go(&here).await.unwrap();
        page.ask("new URL(document.querySelector('a[href*=\"/notes/\"]').href).pathname").await.unwrap()
    };
    let id = customer.rsplit('/').next().unwrap().to_owned();
    let pages = [
        ("customer", customer.clone()),
        ("view", format!("{customer}?show=contacts")),
        ("note", note),
        ("consents", format!("{customer}/consents")),
        ("merge", format!("{customer}/merge?with=a.khan%40example.test")),
        ("erase", format!("{customer}/erase")),
        ("suppressions", "/a/suppressions?address=liu%40example.test".to_owned()),
        ("why", format!("/a/why?who={id}&template=order.confirmation")),
        ("why-never", format!("/a/why?who={id}&template=order.cancelled")),
    ];
    for (look, view) in looks() {
        let page = signed_in(&browser, &base, view).await;
        for (name, path) in &pages {
            page.go(&format!("{base}{path}")).await.unwrap();
            see(&page, &format!("people-{name}"), look).await;
            if look == WITHOUT_SCRIPTS {
                continue;
            }
            // What is folded away has to be as good as what is not.
            let script = "(document.querySelectorAll('details').forEach(one => one.open = true), true)";
            page.ask::<bool>(script).await.unwrap();
            check(&page, &format!("people-{name}-{look}-unfolded")).await;
        }
    }
}
