//! From the first start to a shop that its customers hear from, by the guide alone.
#![expect(clippy::unwrap_used, reason = "the helpers of a test may panic like the test itself")]

use std::time::Duration;

use browser::{Browser, Page, View};
use rig::process::wait_for;
use stories::app::{App, Settings};

use crate::staff::{EMAIL, PASSWORD, check, type_into};

/// A program that was just started, and the link it prints while nobody works there.
fn first_start() -> (App, String) {
    let app = App::start(Settings::default());
    // It is written when the door is open already.
    let Some(path) = wait_for(Duration::from_secs(5), || welcome_path(&app.logs())) else {
        panic!("no link: {}", app.logs())
    };
    let link = format!("{}{path}", app.url());
    (app, link)
}

/// The path of the link, once its whole line is written.
fn welcome_path(logs: &str) -> Option<String> {
    let line =
        logs.split_inclusive('\n').find(|line| line.contains("/a/welcome/") && line.ends_with('\n'))?;
    let path = &line[line.find("/a/welcome/")?..];
    path.split_whitespace().next().map(str::to_owned)
}

/// Follows a task of the guide from the first page.
async fn begin(page: &Page, href: &str) {
    page.click_through("nav a[href='/a']").await.unwrap();
    page.click_through(&format!(".tasks a[href='{href}']")).await.unwrap();
}

async fn write_into(page: &Page, field: &str, text: &str) {
    page.ask::<bool>(&format!("(document.getElementById('{field}').select(), true)")).await.unwrap();
    page.write(text).await.unwrap();
}

async fn says(page: &Page, words: &str, name: &str) {
    let text = page.text().await.unwrap();
    assert!(text.contains(words), "{name}: {text}");
    check(page, &format!("guide-{name}")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_owner_is_through_by_the_guide_alone() {
    let (app, link) = tokio::task::spawn_blocking(first_start).await.expect("the program starts");
    let browser = Browser::launch().await.unwrap();
    let page = browser.open(&link, View::DESK).await.unwrap();
    type_into(&page, "email", EMAIL).await;
    type_into(&page, "name", "Priya").await;
    type_into(&page, "password", PASSWORD).await;
    page.click_through("button.primary").await.unwrap();
    says(&page, "0 of 5 done", "begin").await;

    begin(&page, "/a/connections").await;
    page.click_through("a[href='/a/connections/new/generic']").await.unwrap();
    type_into(&page, "name", "The shop in the harbour").await;
    page.click_through("button.primary").await.unwrap();
    says(&page, "The connection is made", "connected").await;

    begin(&page, "/a/settings/brand").await;
    write_into(&page, "name", "Northwind Tea").await;
    write_into(&page, "color", "#0B6E4F").await;
    page.click_through("button[value='save']").await.unwrap();
    says(&page, "What is sent and shown from now on looks like this.", "brand").await;

    begin(&page, "/a/settings/channels").await;
    page.click_through("button.primary").await.unwrap();
    says(&page, &format!("It was taken for {EMAIL}"), "tested").await;

    begin(&page, "/a/templates/order.confirmation").await;
    write_into(&page, "subject", "Your tea is on its way to the kettle, {{number}}").await;
    page.click_through("button[value='save']").await.unwrap();
    says(&page, "Messages are written like this from now on", "words").await;
    page.click_through("button[value='test-mail']").await.unwrap();
    says(&page, "Your tea is on its way to the kettle", "words-tested").await;

    begin(&page, "/a/team").await;
    type_into(&page, "email", "liu@northwind.test").await;
    page.click_through("button.primary").await.unwrap();
    says(&page, "The invitation is ready", "invited").await;

    page.click_through("nav a[href='/a']").await.unwrap();
    says(&page, "Nothing needs you.", "through").await;
    assert!(!page.text().await.unwrap().contains("of 5 done"), "the guide is through");
    let inbox = app.get("/inbox", &[]).text();
    assert!(inbox.contains("[Test] Northwind Tea can send mail"), "{inbox}");
    assert!(inbox.contains("[Test] Your tea is on its way to the kettle"), "{inbox}");
}
