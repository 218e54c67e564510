//! What was taken in stays text wherever somebody reads it: in the mail, in its headers, on the page.

use std::collections::BTreeSet;
use std::time::Duration;

use axum::http::StatusCode;
use serde_json::{Value, json};
use stories::stage::{Mail, Stage};
use stories::stories;
use world::hostile::strings;

use crate::kit::{
    Shop, full_example, get_with, header_names, numbered, page_in, post_order, read, shopify_order, webhooks,
    with,
};

/// Where a text can be read by somebody in the end; what stands before it tells names and streets from other texts.
const API_SHOWN: [(&str, &str); 15] = [
    ("/number", ""),
    ("/customer/name", "n "),
    ("/lines/0/sku", ""),
    ("/lines/0/title", ""),
    ("/lines/0/variant", ""),
    ("/lines/0/image_url", ""),
    ("/lines/0/url", ""),
    ("/shipping_address/name", ""),
    ("/shipping_address/line1", "s "),
    ("/shipping_address/line2", ""),
    ("/shipping_address/city", ""),
    ("/shipping_address/region", ""),
    ("/shipping_address/postcode", ""),
    ("/note", ""),
    ("/tags/0", ""),
];
const SHOPIFY_SHOWN: [(&str, &str); 10] = [
    ("/name", ""),
    ("/customer/first_name", "n "),
    ("/note", ""),
    ("/tags", ""),
    ("/line_items/0/title", ""),
    ("/line_items/0/variant_title", ""),
    ("/shipping_address/name", ""),
    ("/shipping_address/address1", "s "),
    ("/shipping_address/city", ""),
    ("/shipping_address/zip", ""),
];

/// The shapes of all tags: names with the names of their attributes. Text that stays text adds none.
pub fn shapes(html: &str) -> BTreeSet<String> {
    let mut shapes = BTreeSet::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let (tag, after) = tag_at(&rest[at + 1..]);
        shapes.insert(tag);
        rest = after;
    }
    shapes
}

/// One tag without its values, and what follows it.
fn tag_at(text: &str) -> (String, &str) {
    let (mut shape, mut quoted) = (String::new(), false);
    for (at, c) in text.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '>' if !quoted => return (shape, &text[at + 1..]),
            c if !quoted => shape.push(c),
            _ => {}
        }
    }
    (shape, "")
}

/// Where links and pictures lead.
fn links(html: &str) -> Vec<&str> {
    let after = |name: &'static str| html.split(name).skip(1).filter_map(|rest| rest.split('"').next());
    after(" href=\"").chain(after(" src=\"")).collect()
}

/// What a calm order looks like.
struct Calm {
    mail: BTreeSet<String>,
    page: BTreeSet<String>,
    headers: Vec<String>,
}

impl Calm {
    async fn of(stage: &Stage) -> Calm {
        let mail = stage.mails().await.pop().expect("a mail");
        let page = stage.get(&page_in(&mail)).await;
        Calm { mail: shapes(&mail.html), page: shapes(&page.body), headers: header_names(&mail.source) }
    }

    /// Fails when the newest mail or its page has anything in it that is more than text.
    async fn holds(&self, stage: &Stage, name: &str) {
        let mail = stage.mails().await.pop().expect("a mail");
        self.holds_for_mail(&mail, name);
        let page = stage.get(&page_in(&mail)).await;
        assert_eq!(page.status, StatusCode::OK, "{name}");
        web::markup::assert_html(name, &page.body);
        assert!(!page.body.to_lowercase().contains("<script"), "{name}");
        let new: Vec<_> = shapes(&page.body).difference(&self.page).cloned().collect();
        assert!(new.is_empty(), "{name} on the page: {new:?}");
        assert_links(&page.body, name);
    }

    fn holds_for_mail(&self, mail: &Mail, name: &str) {
        let new: Vec<_> = shapes(&mail.html).difference(&self.mail).cloned().collect();
        assert!(new.is_empty(), "{name} in the mail: {new:?}");
        assert_eq!(header_names(&mail.source), self.headers, "{name}");
        assert_inert_mail(mail, name);
    }
}

/// A mail that is one whole mail, whatever stands in it, and leads nowhere it should not.
pub fn assert_inert_mail(mail: &Mail, name: &str) {
    assert_links(&mail.html, name);
    assert_data(&mail.html, name);
    let text = String::from_utf8_lossy(&mail.source);
    assert!(text.split("\r\n").all(|line| line.len() <= 998 && !line.contains(['\r', '\n', '\0'])), "{name}");
    let mime = read(mail);
    assert_eq!((mime.parts.len(), mime.header("To").contains("example.test")), (2, true), "{name}");
    let subject = mime.header("Subject");
    let turns = |c: char| matches!(c, '\u{202A}'..='\u{202E}');
    assert!(!subject.chars().any(|c| c.is_control() || turns(c)), "{name}: {subject:?}");
    let odd = |c: char| (c.is_control() && c != '\n') || turns(c);
    assert!(!mime.text().chars().any(odd), "{name}: {:?}", mime.text());
}

/// Every link leads to a page, an address or a number.
pub fn assert_links(html: &str, name: &str) {
    let harmless = |link: &str| {
        ["https://", "http://", "mailto:", "tel:", "/", "#"].iter().any(|start| link.starts_with(start))
    };
    for link in links(html) {
        assert!(harmless(link), "{name}: {link}");
    }
}

/// The only script is data for machines, and it is data.
fn assert_data(html: &str, name: &str) {
    let scripts: Vec<&str> = html.split("<script").skip(1).collect();
    assert!(scripts.len() <= 1, "{name}: {} scripts", scripts.len());
    for script in scripts {
        let data = script
            .strip_prefix(" type=\"application/ld+json\">")
            .and_then(|rest| rest.split("</script>").next());
        let data: Result<Value, _> =
            serde_json::from_str(data.unwrap_or_else(|| panic!("{name}: a script that runs")));
        assert!(data.is_ok(), "{name}");
    }
}

/// What somebody who is signed in sees: their orders, and what is known of them.
async fn own_pages(stage: &Stage, browser: &str) -> String {
    let mut pages = String::new();
    for path in ["/orders", "/orders?q=%3Cscript%3E&state=cancelled", "/you"] {
        let page = get_with(stage, path, browser).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        web::markup::assert_html(path, &page.body);
        pages.push_str(&page.body);
    }
    pages
}

/// The API's order with the text wherever it can be read in the end and is not refused.
async fn post_poured(stage: &Stage, key: &str, number: usize, text: &str) -> StatusCode {
    let calm = full_example(number);
    let mut order = calm.clone();
    for (field, start) in API_SHOWN {
        order = with(order, field, json!(format!("{start}{text}")));
    }
    for _ in 0..3 {
        let answer = stage.http(post_order(key, order.to_string())).await;
        if answer.status != StatusCode::UNPROCESSABLE_ENTITY {
            return answer.status;
        }
        for fault in answer.json()["errors"].as_array().expect("the faults") {
            let field = fault["pointer"].as_str().expect("a pointer");
            order = with(order, field, calm.pointer(field).expect("a field").clone());
        }
    }
    panic!("refused three times");
}

stories! {
    async fn what_the_api_takes_in_is_inert_wherever_it_is_read(stage: &Stage) {
        let key = stage.api_key().await;
        let first = full_example(1);
        let first = with(first, "/shipping_address/line2", json!("Back door"));
        let first = with(first, "/shipping_address/region", json!("Yorkshire"));
        assert_eq!(stage.http(post_order(&key, first.to_string())).await.status, StatusCode::CREATED);
        stage.settle().await;
        let calm = Calm::of(stage).await;
        // As many as a page of the list holds, and one more.
        for number in 2..=11 {
            assert_eq!(stage.http(post_order(&key, full_example(number).to_string())).await.status, StatusCode::CREATED);
        }
        stage.settle().await;
        let browser = crate::account::signed_in(stage, "amina@example.test").await;
        let own = shapes(&own_pages(stage, &browser).await);
        stage.pass(Duration::from_secs(1)).await;
        for (number, (name, text)) in (12..).zip(strings()) {
            let status = post_poured(stage, &key, number, &text).await;
            if status == StatusCode::PAYLOAD_TOO_LARGE {
                continue;
            }
            assert_eq!(status, StatusCode::CREATED, "{name}");
            stage.pass(Duration::from_secs(1)).await;
            calm.holds(stage, name).await;
            let pages = own_pages(stage, &browser).await;
            let new: Vec<_> = shapes(&pages).difference(&own).cloned().collect();
            assert!(new.is_empty() && !pages.to_lowercase().contains("<script"), "{name} on their own pages: {new:?}");
            assert_links(&pages, name);
        }
    }

    async fn what_shopifys_door_takes_in_is_inert_wherever_it_is_read(stage: &Stage) {
        let shop = Shop::connected(stage).await;
        let plain = shopify_order("orders/create");
        shop.tell(stage, "orders/create", "calm", &numbered(&plain, 1)).await;
        let calm = Calm::of(stage).await;
        for (number, (name, text)) in (2..).zip(strings()).filter(|(_, (_, text))| text.len() < 100_000) {
            let mut order = numbered(&plain, number);
            for (field, start) in SHOPIFY_SHOWN {
                // What identifies is never shortened, so a long one is refused.
                let fits = text.chars().count() < 100 || !matches!(field, "/name" | "/shipping_address/zip");
                order = if fits { with(order, field, json!(format!("{start}{text}"))) } else { order };
            }
            let before = stage.mails().await.len();
            shop.tell(stage, "orders/create", &number.to_string(), &order).await;
            stage.pass(Duration::from_secs(1)).await;
            let row = webhooks(stage).await.pop().expect("a webhook");
            match row.state.as_str() {
                "done" => calm.holds(stage, name).await,
                state => assert_eq!((state, stage.mails().await.len()), ("parked", before), "{name}: {:?}", row.reason),
            }
        }
    }
}

#[test]
fn a_tag_that_was_never_there_is_a_new_shape() {
    let calm = shapes("<p class=\"a\">Tea</p><img src=\"x\">");
    assert_eq!(calm, shapes("<p class=\"b > c\">&lt;b&gt;</p><img src=\"y\">"));
    for hostile in
        ["<p class=\"a\"><b>", "<p class=\"\" onfocus=\"x\">", "<img src=\"x\" onerror=alert(1)>", "<!-- "]
    {
        assert!(!shapes(hostile).is_subset(&calm), "{hostile}");
    }
}
