//! What the staff does on its pages, in a real browser: filters, actions, files, and the way to anything by keyboard.
#![expect(clippy::unwrap_used, reason = "the helpers of a test may panic like the test itself")]

use browser::{Browser, Page, View};

use crate::staff::{NOTHING, PASSWORD, check, first_of, looks, see, shop, signed_in, type_into};

/// Somebody who has just joined as an owner, at a desk.
async fn joined(browser: &Browser, link: &str) -> Page {
    let page = browser.open(link, View::DESK).await.unwrap();
    type_into(&page, "name", "Priya").await;
    type_into(&page, "password", PASSWORD).await;
    page.click_through("button.primary").await.unwrap();
    page
}

/// An order that is held and written about, filters under a name, a file, and a message that was sent again.
async fn worked(page: &Page, base: &str) -> [String; 3] {
    let order = first_of(page, base, "/a/orders").await;
    page.go(&format!("{base}{order}")).await.unwrap();
    type_into(page, "because", "Amina calls back about the colour").await;
    page.click_through("button[value=hold]").await.unwrap();
    assert!(page.text().await.unwrap().contains("It is held."));
    type_into(page, "body", "She wants it wrapped, and a card with it.").await;
    page.click_through("form[action$='/notes'] button").await.unwrap();
    assert!(page.text().await.unwrap().contains("Your note is kept."));
    page.click_through("form[action$='/resend'] button").await.unwrap();
    assert!(page.text().await.unwrap().contains("The confirmation is on its way again."));
    page.go(&format!("{base}/a/orders?payment=paid&mark=held")).await.unwrap();
    page.ask::<bool>("(document.querySelector('details.filter').open = true, true)").await.unwrap();
    type_into(page, "view-name", "Held and paid").await;
    page.click_through("form[action='/a/views'] button").await.unwrap();
    assert!(page.text().await.unwrap().contains("Held and paid"));
    page.click_through("form[action='/a/orders/export'] button").await.unwrap();
    page.reload_until("document.querySelector('.badge.ok') !== null").await.unwrap();
    let task: String = page.ask("location.pathname").await.unwrap();
    let message = first_of(page, base, "/a/messages").await;
    [order, task, message]
}

#[tokio::test(flavor = "multi_thread")]
async fn the_staff_works_on_pages_that_everybody_can_use() {
    let (app, link) = tokio::task::spawn_blocking(shop).await.expect("the program starts");
    let (base, browser) = (app.url(), Browser::launch().await.unwrap());
    let page = joined(&browser, &link).await;
    let [order, task, message] = worked(&page, &base).await;
    let pages = [
        ("order", order.as_str()),
        ("orders", "/a/orders"),
        ("orders-filtered", "/a/orders?payment=paid&mark=held"),
        ("orders-none", "/a/orders?status=cancelled&from=2026-01-01"),
        ("customers", "/a/customers?email=yes&orders=yes"),
        ("messages", "/a/messages?template=order%2Econfirmation&did=cancel&n=1&not=2"),
        ("message", &message),
        ("tasks", "/a/tasks"),
        ("task", &task),
        ("search", "/a/search?q=amina"),
    ];
    for (look, view) in looks() {
        let page = signed_in(&browser, &base, view).await;
        for (name, path) in pages {
            page.go(&format!("{base}{path}")).await.unwrap();
            page.ask::<bool>("(document.querySelectorAll('details').forEach(one => one.open = true), true)")
                .await
                .unwrap();
            see(&page, &format!("work-{name}"), look).await;
        }
        page.go(&format!("{base}/a/orders")).await.unwrap();
        page.ask::<bool>("(document.querySelector('input[name=all]').checked = true, true)").await.unwrap();
        page.click_through("button[value=resend]").await.unwrap();
        assert!(
            page.text().await.unwrap().contains("Send 1 message")
                || page.text().await.unwrap().contains("None of these")
        );
        see(&page, "work-resend", look).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn anything_is_found_by_keyboard_from_every_page() {
    let (app, link) = tokio::task::spawn_blocking(shop).await.expect("the program starts");
    let (base, browser) = (app.url(), Browser::launch().await.unwrap());
    joined(&browser, &link).await;
    for (look, view) in
        [("desk", View::DESK), ("desk-rtl", View::DESK.right_to_left().dark()), ("phone", View::PHONE)]
    {
        let page = signed_in(&browser, &base, view).await;
        first_of(&page, &base, "/a/messages").await;
        page.press("Ctrl+k").await.unwrap();
        page.wait_until("document.activeElement.getAttribute('role') === 'combobox'").await.unwrap();
        page.wait_until("document.querySelectorAll('[role=option]').length > 5").await.unwrap();
        page.write("amina").await.unwrap();
        page.wait_until("document.querySelector('[role=option]')?.innerText.includes('Amina Khan')")
            .await
            .unwrap();
        check(&page, &format!("work-palette-{look}")).await;
        page.press("ArrowDown").await.unwrap();
        page.press("ArrowUp").await.unwrap();
        page.press("Enter").await.unwrap();
        page.wait_until("location.pathname.startsWith('/a/customers/cus_')").await.unwrap();
        page.press("Ctrl+k").await.unwrap();
        page.write("#10").await.unwrap();
        page.wait_until("document.querySelector('[role=option]')?.innerText.includes('#1042')")
            .await
            .unwrap();
        page.press("Escape").await.unwrap();
        page.wait_until("document.querySelector('dialog[open]') === null").await.unwrap();
        assert_eq!(page.complaints(), NOTHING);
    }
}
