//! The demo, as somebody who has just downloaded the program sees it.

use browser::{Browser, View};
use stories::app::Demo;

#[tokio::test(flavor = "multi_thread")]
async fn every_page_the_demo_names_is_for_everybody() {
    let starting = tokio::task::spawn_blocking(|| Demo::start(&["--customers", "20", "--months", "2"]));
    let (demo, browser) = (starting.await.expect("the demo starts"), Browser::launch().await.unwrap());
    assert!(!demo.urls().is_empty(), "the demo names its pages");
    for (number, url) in demo.urls().iter().enumerate() {
        for (look, view) in [("phone", View::PHONE), ("desk-dark", View::DESK.dark())] {
            let page = browser.open(url, view).await.unwrap();
            page.screenshot(&format!("demo-{number}-{look}")).await.unwrap();
            assert_eq!(page.sticking_out().await.unwrap(), Vec::<String>::new(), "{url} {look}");
            assert_eq!(page.axe().await.unwrap(), Vec::<String>::new(), "{url} {look}");
            assert_eq!(page.complaints(), Vec::<String>::new(), "{url} {look}");
        }
    }
}
