//! What a platform's API answers when it is asked: lists of changed orders, and of our webhooks. The first line of an input
//! is `shopify`, `woocommerce` or `vendure`, `orders` or `webhooks`, and the answer's status; the second the header that
//! says how a list goes on, a wait or nothing; the third the word the list was asked on with, or nothing. The rest is the
//! body.

use egress::Answer;
use platforms::{ConnectionId, Platform, Polled};

use crate::input::{first_line, now};
use crate::webhooks::{check, check_refusal};

const API: &str = "https://shop.example";

/// One answer.
pub fn polled(bytes: &[u8]) {
    let (head, rest) = first_line(bytes);
    let (header, rest) = first_line(rest);
    let (next, body) = first_line(rest);
    let head = String::from_utf8_lossy(head).into_owned();
    let mut words = head.split(' ');
    let platform = words.next().and_then(|word| Platform::parse(word).ok());
    let Some(platform) = platform.filter(|platform| platform.is_polled()) else { return };
    let is_webhooks = words.next() == Some("webhooks");
    let status = words.next().and_then(|word| word.parse().ok()).unwrap_or(200);
    let answer = answer(status, &String::from_utf8_lossy(header), body);
    let connection = ConnectionId::stored("con_00000000000000000001".to_owned());
    let asking = Polled {
        platform,
        connection: &connection,
        api_url: API,
        api_key: "ck_1:cs_1",
        hook_url: "https://orders.example/hooks",
        now: now(),
    };
    if is_webhooks {
        webhooks(&asking, answer);
    } else {
        let next = String::from_utf8_lossy(next);
        list(&asking, answer, Some(&*next).filter(|next| !next.is_empty()));
    }
}

fn answer(status: u16, header: &str, body: &[u8]) -> Answer {
    let headers = ["link", "x-wp-totalpages", "retry-after"].map(|name| (name.to_owned(), header.to_owned()));
    Answer { status, headers: headers.into(), body: body.to_vec(), is_whole: true }
}

fn list(asking: &Polled<'_>, answer: Answer, next: Option<&str>) {
    let since = now() - std::time::Duration::from_secs(3_600);
    let body = answer.body.clone();
    let Ok(listed) = asking.list(answer, since, next) else { return };
    assert!((since..=now()).contains(&listed.since), "a cursor goes neither back nor ahead of our clock");
    check_address(&listed.next);
    let beginning = format!("{}:con_", asking.platform.as_str());
    for (order, read) in &listed.orders {
        let is_there = order.is_empty() || body.windows(order.len()).any(|part| part == order);
        assert!(is_there, "an order is kept byte for byte");
        match read {
            Ok(content) => check(content, &beginning),
            Err(error) => check_refusal(error),
        }
    }
}

fn webhooks(asking: &Polled<'_>, answer: Answer) {
    for url in asking.webhooks(answer).unwrap_or_default() {
        check_address(&url);
        assert!(url.query().is_none() && url.path().contains("/webhooks"), "{url}");
        assert!(!url.path().contains(".."), "{url}");
    }
}

/// The key goes along: to the API it was given for, and nowhere else.
fn check_address(url: &url::Url) {
    assert_eq!((url.scheme(), url.host_str(), url.port()), ("https", Some("shop.example"), None), "{url}");
    let paths = ["/admin/api/", "/wp-json/wc/v3/", "/aftercare/orders"];
    assert!(paths.iter().any(|path| url.path().starts_with(path)), "{url}");
}
