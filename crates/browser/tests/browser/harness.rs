//! The harness itself, against a small page with known faults.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;

use browser::{Browser, Page, View};

const GOOD: &str = "<!doctype html><html lang=en><title>Good</title><meta name=viewport content='width=device-width'>\
    <style>@media (prefers-color-scheme: dark) { body { background: #000; color: #fff } } \
    a { display: inline-block; padding: 1em; color: inherit }</style>\
    <a href='#main'>Skip to the order</a><main id=main><h1>Your order</h1><p id=who>nobody</p>\
    <form action='/found'><label>Number <input name=number></label> <button>Find</button></form></main>\
    <script>document.getElementById('who').textContent = 'scripts run'</script>";

const BAD: &str = "<!doctype html><html lang=en><title>Bad</title><main><h1>Bad</h1><img src='data:,'>\
    <p style='color:#aaa;background:#fff'>Hard to read</p><div style='width:900px'>Wide</div></main>\
    <script>throw new Error('broken on purpose')</script>";

/// Serves both pages for as long as the test runs, with a policy that refuses what is not on the page itself.
fn serve() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("the machine has a free port");
    let address = listener.local_addr().expect("a bound socket has an address");
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut request = [0; 4096];
            let count = stream.read(&mut request).unwrap_or(0);
            let page = match String::from_utf8_lossy(&request[..count]).split(' ').nth(1) {
                Some("/bad") => BAD,
                Some("/styled") => "<!doctype html><title>x</title><p style='color:red'>refused</p>",
                _ => GOOD,
            };
            let policy =
                if page.contains("refused") { "Content-Security-Policy: style-src 'none'\r\n" } else { "" };
            let length = page.len();
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n{policy}Connection: close\r\nContent-Length: {length}\r\n\r\n"
            );
            let _ = stream.write_all((head + page).as_bytes());
        }
    });
    format!("http://{address}")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_good_page_passes_every_check() {
    let (site, browser) = (serve(), Browser::launch().await.unwrap());
    let page = browser.open(&site, View::PHONE).await.unwrap();
    assert!(page.text().await.unwrap().contains("scripts run"));
    assert_eq!(page.sticking_out().await.unwrap(), Vec::<String>::new());
    assert_eq!(page.axe().await.unwrap(), Vec::<String>::new());
    assert_eq!(page.ask::<(u32, f64)>("[innerWidth, devicePixelRatio]").await.unwrap(), (320, 2.0));
    page.press("Tab").await.unwrap();
    assert_eq!(page.focused().await.unwrap(), "a #main Skip to the order");
    assert!(page.focus_is_seen().await.unwrap());
    page.press("Tab").await.unwrap();
    page.write("1042 ä").await.unwrap();
    page.press("Enter").await.unwrap();
    page.wait_until("location.search !== ''").await.unwrap();
    assert!(page.url().await.unwrap().ends_with("/found?number=1042+%C3%A4"));
    assert_eq!(page.complaints(), Vec::<String>::new());
    assert!(page.screenshot("harness").await.unwrap().exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_page_is_found_out() {
    let (site, browser) = (serve(), Browser::launch().await.unwrap());
    let page = browser.open(&format!("{site}/bad"), View::PHONE).await.unwrap();
    let found = page.axe().await.unwrap().join("\n");
    assert!(found.contains("image-alt") && found.contains("color-contrast"), "{found}");
    assert!(!page.sticking_out().await.unwrap().is_empty());
    assert!(complains(&page, "broken on purpose").await, "{:?}", page.complaints());
    let styled = browser.open(&format!("{site}/styled"), View::DESK).await.unwrap();
    assert!(complains(&styled, "Content Security Policy").await, "{:?}", styled.complaints());
}

/// Whether the browser complains in these words, which it does beside its answers: a moment of them is waited for.
async fn complains(page: &Page, words: &str) -> bool {
    for _ in 0..500 {
        if page.complaints().iter().any(|complaint| complaint.contains(words)) {
            return true;
        }
        if page.ask::<bool>("true").await.is_err() {
            break;
        }
    }
    false
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_is_what_the_page_gets() {
    let (site, browser) = (serve(), Browser::launch().await.unwrap());
    let view = View::DESK.dark().without_scripts().right_to_left();
    let page = browser.open(&site, view).await.unwrap();
    assert!(page.text().await.unwrap().contains("nobody"), "scripts ran");
    let colours =
        "getComputedStyle(document.body).backgroundColor + getComputedStyle(document.body).direction";
    assert_eq!(page.ask::<String>(colours).await.unwrap(), "rgb(0, 0, 0)rtl");
    page.click_through("button").await.unwrap();
    assert!(page.url().await.unwrap().ends_with("/found?number="));
}
