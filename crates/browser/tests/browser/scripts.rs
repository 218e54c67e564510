//! Texts that would run, through every door and onto every page. None of them runs, and a careless page runs them all.
#![expect(clippy::unwrap_used, reason = "the helpers of a test may panic like the test itself")]

use std::collections::BTreeSet;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use browser::{Browser, Page, Trap, View};
use db::Engine;
use kernel::keys;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use stories::stage::{Answer, Stage};
use world::scripts::scripts;

use crate::mirror::Mirror;
use crate::scripts_within::{PAGES, Place, within};

const ORDER: &str = include_str!("order.json");
const SHOPIFY: &str = include_str!("../../../doors/platforms/tests/payloads/shopify_orders_create.json");
const WOOCOMMERCE: &str =
    include_str!("../../../doors/platforms/tests/payloads/woocommerce_order_created.json");
const SECRET: &str = "the secret the shop signs with";

/// Every text of an order by the API that somebody reads in the end. What stands before it keeps it from being refused.
pub const API: [(&str, &str); 17] = [
    ("/number", ""),
    ("/customer/name", ""),
    ("/customer/external_id", ""),
    ("/lines/0/sku", ""),
    ("/lines/0/title", ""),
    ("/lines/0/variant", ""),
    ("/lines/0/image_url", ""),
    ("/lines/0/url", ""),
    ("/lines/1/url", "https://shop.example/"),
    ("/shipping_address/name", ""),
    ("/shipping_address/line1", ""),
    ("/shipping_address/line2", ""),
    ("/shipping_address/city", ""),
    ("/shipping_address/region", ""),
    ("/shipping_address/postcode", ""),
    ("/note", ""),
    ("/tags/0", ""),
];
const OF_SHOPIFY: [&str; 11] = [
    "/name",
    "/customer/first_name",
    "/customer/last_name",
    "/note",
    "/tags",
    "/line_items/0/title",
    "/line_items/0/variant_title",
    "/line_items/0/sku",
    "/shipping_address/name",
    "/shipping_address/address1",
    "/shipping_address/city",
];
const OF_WOOCOMMERCE: [&str; 10] = [
    "/number",
    "/customer_note",
    "/billing/first_name",
    "/billing/last_name",
    "/shipping/first_name",
    "/shipping/company",
    "/shipping/address_1",
    "/shipping/city",
    "/line_items/0/name",
    "/line_items/0/sku",
];

/// Documents with what they are, each once.
#[derive(Default)]
pub struct Documents {
    names: Vec<String>,
    bodies: Vec<String>,
    seen: BTreeSet<String>,
}

impl Documents {
    /// What a browser would show.
    pub fn add(&mut self, name: &str, answer: &Answer) {
        if answer.header(header::CONTENT_TYPE).starts_with("text/html") {
            self.add_html(name, &answer.body);
        }
    }

    /// What differs from another only by the request it answers tells nothing new.
    pub fn add_html(&mut self, name: &str, html: &str) {
        let mut parts = html.split("req_");
        let first = parts.next().unwrap_or_default().to_owned();
        let same = parts.fold(first, |same, part| same + part.get(20..).unwrap_or_default());
        if self.seen.insert(same) {
            self.names.push(name.to_owned());
            self.bodies.push(html.to_owned());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_anybody_wrote_runs_on_any_page_or_in_any_mail() {
    let stage = Stage::on(Engine::Sqlite).await;
    let mut documents = Documents::default();
    by_the_api(&stage, &mut documents).await;
    by_platforms(&stage, &mut documents).await;
    by_address(&stage, &mut documents).await;
    within(&stage, &mut documents).await;
    let sprung = shown(&documents).await;
    assert!(
        sprung.is_empty(),
        "{} of {} documents:\n{}",
        sprung.len(),
        documents.names.len(),
        sprung.join("\n")
    );
    let texts = scripts().len();
    assert!(documents.names.len() > 8 * texts, "only {} documents were looked at", documents.names.len());
}

/// Each text in every field of an order of its own, which is read on the order's page, in its mail, and in the inbox.
async fn by_the_api(stage: &Stage, documents: &mut Documents) {
    let key = stage.api_key().await;
    for (number, text) in scripts().iter().enumerate() {
        let calm = calm(number);
        let answer = written(stage, &key, &calm, poured(&calm, &API, text)).await;
        let told: Value = serde_json::from_str(&answer.body).unwrap();
        settled(stage).await;
        let name = format!("{number} by the API");
        documents.add(&format!("{name}, page"), &stage.get(told["url"].as_str().unwrap()).await);
        let path = newest(stage).await;
        documents.add(&format!("{name}, message"), &stage.get(&path).await);
        documents.add(&format!("{name}, mail"), &stage.get(&format!("{path}/html")).await);
        // The list shows the newest twenty at once.
        if number.is_multiple_of(20) {
            documents.add(&format!("{name}, inbox"), &stage.get("/inbox").await);
        }
    }
}

/// An order without anything in it.
pub fn calm(number: usize) -> Value {
    let mut order: Value = serde_json::from_str(ORDER).unwrap();
    let second = json!({ "external_id": "l2", "title": "Pot", "quantity": 1, "unit_price": 0 });
    order["lines"].as_array_mut().unwrap().push(second);
    order["external_id"] = json!(format!("x{number}"));
    // Every third customer prefers texts.
    order["customer"]["email"] = json!(format!("ann{number}@example.test"));
    if number.is_multiple_of(3) {
        order["customer"]["phone"] = json!(format!("+4477009{number:05}"));
        order["customer"]["preferred_channel"] = json!("sms");
    }
    order["tags"] = json!(["calm"]);
    order
}

/// The order with the text in these fields.
pub fn poured(calm: &Value, fields: &[(&str, &str)], text: &str) -> Value {
    let mut order = calm.clone();
    for (field, start) in fields {
        set(&mut order, field, json!(format!("{start}{text}")));
    }
    order
}

/// Puts it at this place.
pub fn set(value: &mut Value, pointer: &str, to: Value) {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    match value.pointer_mut(parent).unwrap() {
        Value::Array(items) => items[name.parse::<usize>().unwrap()] = to,
        Value::Object(fields) => drop(fields.insert(name.to_owned(), to)),
        other => panic!("{pointer}: {other}"),
    }
}

/// What is refused is written calmly: the API says which fields.
pub async fn written(stage: &Stage, key: &str, calm: &Value, mut order: Value) -> Answer {
    for _ in 0..3 {
        let request = Request::post("/v1/orders")
            .header(header::AUTHORIZATION, format!("Bearer {key}"))
            .header(header::CONTENT_TYPE, "application/json");
        let answer = stage.http(request.body(Body::from(order.to_string())).unwrap()).await;
        if answer.status == StatusCode::CREATED {
            return answer;
        }
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.body);
        let told: Value = serde_json::from_str(&answer.body).unwrap();
        for fault in told["errors"].as_array().unwrap() {
            let field = fault["pointer"].as_str().unwrap();
            let calmly = calm.pointer(field).cloned().unwrap_or(Value::Null);
            set(&mut order, field, calmly);
        }
    }
    panic!("refused three times: {order}");
}

/// A flurry of versions is waited for before anything is said.
pub async fn settled(stage: &Stage) {
    stage.pass(Duration::from_secs(5)).await;
}

/// The page of the newest message.
async fn newest(stage: &Stage) -> String {
    let list = stage.get("/inbox").await;
    let newest = list.body.split("href=\"/inbox/").nth(1).and_then(|rest| rest.split('"').next());
    format!("/inbox/{}", newest.expect("a message is in the inbox"))
}

/// The same through the doors that believe what they are told.
async fn by_platforms(stage: &Stage, documents: &mut Documents) {
    let (shopify, woocommerce) = (connected(stage, "shopify").await, connected(stage, "woocommerce").await);
    let now = stage.now().to_string();
    for (number, text) in scripts().iter().enumerate() {
        let mut order = body_of(SHOPIFY);
        OF_SHOPIFY.iter().for_each(|field| set(&mut order, field, json!(text)));
        set(&mut order, "/id", json!(9_000 + number));
        set(&mut order, "/processed_at", json!(now));
        deliver(stage, &shopify, ("X-Shopify-Topic", "orders/create"), "X-Shopify-Hmac-Sha256", &order).await;
        mail_of(stage, documents, &format!("{number} by Shopify")).await;
        let mut order = body_of(WOOCOMMERCE);
        OF_WOOCOMMERCE.iter().for_each(|field| set(&mut order, field, json!(text)));
        set(&mut order, "/id", json!(7_000 + number));
        set(&mut order, "/date_created_gmt", json!(now.trim_end_matches('Z')));
        deliver(
            stage,
            &woocommerce,
            ("X-WC-Webhook-Topic", "order.created"),
            "X-WC-Webhook-Signature",
            &order,
        )
        .await;
        mail_of(stage, documents, &format!("{number} by WooCommerce")).await;
    }
}

/// The mail alone: the pages are those of an order by the API.
async fn mail_of(stage: &Stage, documents: &mut Documents, name: &str) {
    let path = format!("{}/html", newest(stage).await);
    documents.add(name, &stage.get(&path).await);
}

fn body_of(payload: &str) -> Value {
    let payload: Value = serde_json::from_str(payload).unwrap();
    serde_json::from_str(payload["request"]["body_raw"].as_str().unwrap()).unwrap()
}

async fn connected(stage: &Stage, platform: &'static str) -> String {
    let connection = platforms::NewConnection {
        platform: platforms::Platform::parse(platform).unwrap(),
        name: platform.to_owned(),
        secret: Some(SECRET.to_owned()),
        api_url: None,
        api_key: None,
    };
    let made = stage.house.db.write("story.connect", move |w| platforms::connect(w, &connection)).await;
    format!("/hooks/{platform}/{}", made.unwrap().id)
}

async fn deliver(stage: &Stage, path: &str, topic: (&str, &str), signature: &str, order: &Value) {
    let body = order.to_string();
    let signed = BASE64_STANDARD.encode(keys::hmac_sha256(SECRET.as_bytes(), body.as_bytes()));
    let request = Request::post(path).header(topic.0, topic.1).header(signature, signed);
    let answer = stage.http(request.body(Body::from(body)).unwrap()).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    settled(stage).await;
}

/// Texts as addresses that nobody was given, and as what an address says behind its question mark.
async fn by_address(stage: &Stage, documents: &mut Documents) {
    let page = stage.mails().await.last().map(|mail| mail.text.clone()).unwrap();
    let order = page.split_whitespace().find(|word| word.contains("/o/")).unwrap().to_owned();
    for (number, text) in scripts().iter().enumerate() {
        let text = utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        for (route, _) in PAGES.iter().filter(|(_, place)| *place == Place::Address) {
            // As what a path names, and where it names nothing, behind its question mark.
            let path = route.split_once('{').map_or(format!("{route}?q="), |(before, _)| before.to_owned());
            documents.add(&format!("{number} in {path}"), &stage.get(&format!("{path}{text}")).await);
        }
        for name in ["done", "code", "x"] {
            let answer = stage.get(&format!("{order}?{name}={text}")).await;
            documents.add(&format!("{number} in ?{name}="), &answer);
        }
    }
}

/// Shows each document and says what happened that may not.
async fn shown(documents: &Documents) -> Vec<String> {
    let mirror = Mirror::of(documents.bodies.clone());
    let (one, other) = tokio::join!(shown_from(&mirror, documents, 0), shown_from(&mirror, documents, 1));
    [one, other].concat()
}

/// How many browsers there are: each mostly waits, and one lets the timers of a tab behind another sleep.
const BROWSERS: usize = 2;

async fn shown_from(mirror: &Mirror, documents: &Documents, first: usize) -> Vec<String> {
    let (browser, mut sprung) = (Browser::launch().await.unwrap(), Vec::new());
    let (page, trap) = watched(&browser, mirror).await;
    for (place, name) in documents.names.iter().enumerate().skip(first).step_by(BROWSERS) {
        let seen = seen_on(&page, &trap, &mirror.url(place)).await;
        // Where a shop's own picture lies is the shop's to say, and it says https.
        sprung.extend(seen.iter().filter(|seen| !is_own_picture(seen)).map(|seen| format!("{name}: {seen}")));
    }
    sprung
}

fn is_own_picture(seen: &str) -> bool {
    [
        "request https://shop.example/",
        "request https://cdn.shopify.com/",
        "request https://northwind.example/",
        "request https://van.example/",
    ]
    .iter()
    .any(|own| seen.starts_with(own))
}

async fn watched(browser: &Browser, mirror: &Mirror) -> (Page, Trap) {
    let page = browser.open("about:blank", View::DESK).await.unwrap();
    let trap = page.watch(mirror.home()).await.unwrap();
    (page, trap)
}

/// A page that leads away while it is touched can't be asked any more: that is one of the things that may not happen.
async fn seen_on(page: &Page, trap: &Trap, url: &str) -> Vec<String> {
    page.go(url).await.unwrap();
    let (touched, settled) = (page.touch().await, page.settle().await);
    let mut seen = touched.unwrap_or_else(|error| vec![error]);
    seen.extend(settled.err().into_iter().chain(trap.sprung()));
    seen
}

/// The places a careless page could put a text, so that each text finds one where it is more than that.
const CARELESS: [&str; 12] = [
    "<p>%</p>",
    "<p title=\"%\">x</p>",
    "<p title='%'>x</p>",
    "<p title=x%>x</p>",
    "<a href=\"%\">x</a>",
    "<title>%</title>",
    "<textarea>%</textarea>",
    "<style>p { color: red; % }</style>",
    "<script type=\"application/ld+json\">\"%\"</script>",
    "<noscript>%</noscript>",
    "<template>%</template>",
    "<!-- % -->",
];

#[tokio::test(flavor = "multi_thread")]
async fn a_careless_page_runs_every_one_of_these_texts() {
    let texts = scripts();
    let careless =
        |text: &String| CARELESS.map(|place| format!("<!doctype html><body>{}", place.replace('%', text)));
    let mirror = Mirror::of(texts.iter().flat_map(careless).collect());
    let browser = Browser::launch().await.unwrap();
    let mut harmless = Vec::new();
    for (number, text) in texts.iter().enumerate() {
        let mut sprang = false;
        for place in 0..CARELESS.len() {
            // A tab of its own: some of them lead away.
            let (page, trap) = watched(&browser, &mirror).await;
            let url = mirror.url(number * CARELESS.len() + place);
            let went = page.go(&url).await;
            let touched = page.touch().await.unwrap_or_default();
            let settled = page.settle().await;
            let seen = [touched, trap.sprung()].concat();
            sprang = seen.iter().any(|seen| names(seen, number));
            drop((went, settled));
            if sprang {
                break;
            }
        }
        if !sprang {
            harmless.push(format!("{number}: {text}"));
        }
    }
    assert!(
        harmless.is_empty(),
        "{} of {} run nowhere:\n{}",
        harmless.len(),
        texts.len(),
        harmless.join("\n")
    );
}

/// Whether it is this text that told: by its number, and not by a longer one that begins alike.
fn names(seen: &str, number: usize) -> bool {
    let digits = seen.rsplit(|c: char| !c.is_ascii_digit()).find(|run| !run.is_empty());
    let alone = seen.split(|c: char| !c.is_ascii_digit()).any(|run| run == number.to_string());
    digits == Some(number.to_string().as_str()) || alone
}
