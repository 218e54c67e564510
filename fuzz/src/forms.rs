//! What browsers and proxies send beside a body: forms, cookies, one-click unsubscriptions, forwarded addresses.

use std::net::IpAddr;

use axum::http::{HeaderMap, HeaderValue, header};
use messaging::you::one_click::is_one_click;
use web::client::address;
use web::{Form, Site, TrustedProxies, read_cookie};

use crate::input::first_line;

/// A header in the first line, a body below it.
pub fn forms(bytes: &[u8]) {
    let (line, body) = first_line(bytes);
    if let Ok(form) = Form::parse(body) {
        assert!(form.all("a").count() <= 200);
        assert_eq!(form.text("a"), form.all("a").last().unwrap_or_default().trim());
        assert_eq!(form.has("a"), form.all("a").next().is_some());
    }
    let header = String::from_utf8_lossy(line);
    if is_one_click(&header, body) {
        let text = String::from_utf8_lossy(body).to_ascii_lowercase();
        assert!(text.contains("list-unsubscribe") || text.contains('%'), "nothing else unsubscribes");
    }
    if let Ok(value) = HeaderValue::from_bytes(line) {
        headers(value);
    }
}

fn headers(value: HeaderValue) {
    let mut headers = HeaderMap::new();
    headers.insert("x-forwarded-for", value.clone());
    headers.insert(header::COOKIE, value);
    let peer: IpAddr = "203.0.113.9".parse().expect("an address");
    let nobody = TrustedProxies::default();
    assert_eq!(address(peer, &headers, &nobody).0, peer, "who is not trusted is not believed");
    let proxies = TrustedProxies::parse("203.0.113.0/24").expect("a network");
    let client = address(peer, &headers, &proxies).0;
    assert_eq!(client, client.to_canonical());
    let site = Site::parse("https://shop.example").expect("an address");
    if let Some(cookie) = read_cookie(&headers, &site, "order_code") {
        assert!(!cookie.contains(';'), "a cookie ends where the next begins");
    }
}
