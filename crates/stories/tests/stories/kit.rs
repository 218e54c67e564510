//! What the stories at the doors share: Shopify's own payloads, requests as shops and browsers send them, and counted
//! rows to show that nothing was left behind.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::{Request, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use db::params;
use hmac::{Hmac, KeyInit, Mac};
use messaging::outgoing::{Outgoing, Text};
use messaging::sms::kannel::KannelProvider;
use messaging::sms::settings::SmsSettings;
use orders::{OrderId, StoredOrder};
use platforms::{NewConnection, Platform};
use serde_json::{Value, json};
use sha2::Sha256;
use stories::mime_reader;
use stories::stage::{Answer, Mail, Stage};

db::sql_file!(pub KIT = "kit.sql" {
    ROWS = "rows",
    WEBHOOKS = "webhooks",
    ORDER_IDS = "order_ids",
    HALF_ORDERS = "half_orders",
});

const CREATE: &str = include_str!("../payloads/shopify_orders_create.json");
const UPDATED: &str = include_str!("../payloads/shopify_orders_updated.json");
const CANCELLED: &str = include_str!("../payloads/shopify_orders_cancelled.json");

/// A shop that is connected.
pub struct Shop {
    pub path: String,
    pub secret: String,
}

/// A webhook as Shopify sends it.
#[derive(Clone, Debug)]
pub struct Webhook {
    pub topic: String,
    pub id: String,
    pub triggered_at: Option<String>,
    pub body: Vec<u8>,
    pub signature: String,
}

impl Shop {
    /// Connects a shop that signs with the secret of the payloads.
    pub async fn connected(stage: &Stage) -> Shop {
        let secret = text_at(&payload(CREATE), "/signature/secret");
        let new = NewConnection {
            platform: Platform::Shopify,
            name: "Example".to_owned(),
            secret: Some(secret.clone()),
            api_url: None,
            api_key: None,
        };
        let made = stage.house.db.write("story.connect", move |w| platforms::connect(w, &new));
        Shop { path: made.await.expect("a shop is connected").webhook_path, secret }
    }

    /// A webhook of our own making with a real signature.
    pub fn webhook(&self, topic: &str, id: &str, body: impl Into<Vec<u8>>) -> Webhook {
        let body = body.into();
        let signature = signature(&self.secret, &body);
        Webhook { topic: topic.to_owned(), id: id.to_owned(), triggered_at: None, body, signature }
    }

    /// Posts it to this shop's own address.
    pub async fn post(&self, stage: &Stage, webhook: &Webhook) -> Answer {
        stage.http(webhook.request(&self.path)).await
    }

    /// Posts an order under a topic and does everything it brings about.
    pub async fn tell(&self, stage: &Stage, topic: &str, id: &str, order: &Value) -> Answer {
        let answer = self.post(stage, &self.webhook(topic, id, order.to_string())).await;
        stage.settle().await;
        answer
    }
}

impl Webhook {
    /// The request, with the headers Shopify sets.
    pub fn request(&self, path: &str) -> Request<Body> {
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/json")
            .header("X-Shopify-Topic", &self.topic)
            .header("X-Shopify-Shop-Domain", "example-shop.myshopify.com")
            .header("X-Shopify-API-Version", "2026-10")
            .header("X-Shopify-Webhook-Id", &self.id)
            .header("X-Shopify-Hmac-Sha256", &self.signature);
        let request = match &self.triggered_at {
            Some(at) => request.header("X-Shopify-Triggered-At", at),
            None => request,
        };
        request.body(Body::from(self.body.clone())).expect("a request")
    }
}

/// The shared payload of a topic, byte for byte, with the signature it came with.
pub fn untouched(topic: &str) -> Webhook {
    let payload = payload(match topic {
        "orders/create" => CREATE,
        "orders/updated" => UPDATED,
        _ => CANCELLED,
    });
    let said = |name: &str| text_at(&payload, &format!("/request/headers/{name}"));
    Webhook {
        topic: said("X-Shopify-Topic"),
        id: said("X-Shopify-Webhook-Id"),
        triggered_at: Some(said("X-Shopify-Triggered-At")),
        body: text_at(&payload, "/request/body_raw").into_bytes(),
        signature: said("X-Shopify-Hmac-Sha256"),
    }
}

/// The order of a topic's payload, moved from the beginning of November to the day on which stories begin.
pub fn shopify_order(topic: &str) -> Value {
    let body = String::from_utf8(untouched(topic).body).expect("a payload is text");
    let moved = body.replace("2026-11-02T", "2026-11-21T").replace("2026-11-01T", "2026-11-20T");
    serde_json::from_str(&moved).expect("a payload is JSON")
}

fn payload(text: &str) -> Value {
    serde_json::from_str(text).expect("a payload is JSON")
}

fn text_at(value: &Value, pointer: &str) -> String {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_else(|| panic!("no {pointer}")).to_owned()
}

/// Base64 HMAC-SHA256, by Shopify's description and not by our own code.
pub fn signature(secret: &str, body: &[u8]) -> String {
    signed_by(secret.as_bytes(), body)
}

/// Base64 HMAC-SHA256 by any key.
pub fn signed_by(key: &[u8], message: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("a key of any length");
    mac.update(message);
    STANDARD.encode(mac.finalize().into_bytes())
}

/// The example of the public interface, word for word.
pub fn example() -> Value {
    json!({
        "source": "web", "external_id": "1042", "number": "#1042", "status": "placed", "payment": "paid",
        "placed_at": "2026-11-20T10:00:00Z", "updated_at": "2026-11-20T10:00:00Z", "currency": "GBP",
        "locale": "en-GB",
        "customer": {
            "external_id": "c1", "email": "amina@example.test", "phone": "+447700900123", "name": "Amina Khan",
            "preferred_channel": "email", "time_zone": "Europe/London"
        },
        "lines": [{
            "external_id": "l1", "sku": "TEA-1", "title": "First Flush Darjeeling", "variant": "100 g",
            "quantity": 2, "unit_price": 1200, "image_url": null, "url": null
        }],
        "totals": {
            "subtotal": 2400, "discount": 0, "shipping": 395, "tax": 466, "tax_included": true, "total": 2795
        },
        "shipping_address": {
            "name": "Amina Khan", "line1": "14 Elm Row", "line2": null, "city": "Leeds", "region": null,
            "postcode": "LS6 2AB", "country": "GB"
        },
        "expected": { "ships_by": "2026-11-23", "delivered_from": "2026-11-25", "delivered_to": "2026-11-27" },
        "consent": {
            "marketing_email": true, "marketing_sms": false, "wording": "Tick to get our news",
            "at": "2026-11-20T09:59:58Z"
        },
        "is_gift": false, "note": null, "tags": []
    })
}

/// The example with every optional text there, and identifiers of its own.
pub fn full_example(number: usize) -> Value {
    let order = with(example(), "/external_id", json!(format!("h{number}")));
    let order = with(order, "/number", json!(format!("#{number}")));
    let order = with(order, "/tags", json!(["calm"]));
    let order = with(order, "/note", json!("A calm note."));
    let order = with(order, "/lines/0/image_url", json!("https://shop.example/tea.jpg"));
    with(order, "/lines/0/url", json!("https://shop.example/tea"))
}

/// Shopify's order with an identifier and a number of its own.
pub fn numbered(order: &Value, number: usize) -> Value {
    let order = with(order.clone(), "/id", json!(number));
    with(order, "/name", json!(format!("#{number}")))
}

/// `value` with what stands at `pointer` replaced, or added.
pub fn with(mut value: Value, pointer: &str, new: Value) -> Value {
    let (parent, name) = pointer.rsplit_once('/').expect("a JSON Pointer");
    match value.pointer_mut(parent).unwrap_or_else(|| panic!("no {parent}")) {
        Value::Array(list) => list[name.parse::<usize>().expect("a place")] = new,
        object => object[name] = new,
    }
    value
}

/// `POST /v1/orders`.
pub fn post_order(key: &str, body: impl Into<Body>) -> Request<Body> {
    let request = Request::post("/v1/orders").header(header::CONTENT_TYPE, "application/json");
    request.header(header::AUTHORIZATION, format!("Bearer {key}")).body(body.into()).expect("a request")
}

/// A form as a browser sends it from our own page, with its cookies.
pub fn form(path: &str, cookies: &str, body: &str) -> Request<Body> {
    let mut request = Request::post(path)
        .header("Sec-Fetch-Site", "same-origin")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    if !cookies.is_empty() {
        request = request.header(header::COOKIE, cookies);
    }
    request.body(Body::from(body.to_owned())).expect("a request")
}

/// A GET with cookies.
pub async fn get_with(stage: &Stage, path: &str, cookies: &str) -> Answer {
    stage
        .http(Request::get(path).header(header::COOKIE, cookies).body(Body::empty()).expect("a request"))
        .await
}

/// The cookies of an answer, as a browser sends them back.
pub fn cookies(answer: &Answer) -> String {
    let set = answer.headers.get_all(header::SET_COOKIE).iter().filter_map(|value| value.to_str().ok());
    let pairs: Vec<&str> = set.filter_map(|line| line.split(';').next()).collect();
    pairs.join("; ")
}

/// How many rows each table has that an order could leave something in.
pub async fn rows(stage: &Stage) -> BTreeMap<String, i64> {
    let read = stage.house.db.read("story.rows", |r| {
        let row = r.one(&ROWS, params![])?;
        row.columns().iter().map(|name| Ok((name.clone(), row.get(name)?))).collect()
    });
    read.await.expect("rows can be counted")
}

/// How a webhook ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookRow {
    pub topic: String,
    pub state: String,
    pub reason: Option<String>,
    pub order: Option<String>,
}

/// How every webhook ended, oldest first.
pub async fn webhooks(stage: &Stage) -> Vec<WebhookRow> {
    let read = stage.house.db.read("story.webhooks", |r| {
        let rows = r.rows(&WEBHOOKS, params![])?;
        let read = |row: &db::Row| {
            Ok(WebhookRow {
                topic: row.get("topic")?,
                state: row.get("state")?,
                reason: row.get("reason")?,
                order: row.get("order_id")?,
            })
        };
        rows.iter().map(read).collect()
    });
    read.await.expect("webhooks can be read")
}

/// Every order as stored, oldest first.
pub async fn all_orders(stage: &Stage) -> Vec<StoredOrder> {
    let read = stage.house.db.read("story.orders", |r| {
        let ids = r.rows(&ORDER_IDS, params![])?;
        let ids = ids.iter().map(|row| row.get("id").map(OrderId::stored));
        ids.map(|id| Ok(orders::stored(r, &id?)?.expect("it is there"))).collect()
    });
    read.await.expect("orders can be read")
}

/// Fails when an order lies there without the one who ordered it, or with nothing ordered.
pub async fn assert_no_half_orders(stage: &Stage) {
    let read = stage.house.db.read("story.half", |r| Ok(r.rows(&HALF_ORDERS, params![])?.len()));
    assert_eq!(read.await.expect("orders can be read"), 0, "half an order");
}

/// Hands one text to the gateway at `url`, as the sending machine does.
pub async fn send_text(url: &str, to: &str, body: &str) -> messaging::provider::Submission {
    use messaging::provider::Provider;
    let SmsSettings::Kannel(gateway) = SmsSettings::parse(url).expect("a gateway") else {
        panic!("a Kannel")
    };
    let mut config = aftercare::Config::load(None, &BTreeMap::new()).expect("the defaults are right");
    config.brand = aftercare::demo::northwind("https://northwind.example");
    let shop = config.shop(kernel::Keys::parse(stories::stage::SECRET).expect("a root"));
    let session =
        KannelProvider::new(gateway, &shop).expect("a provider").connect().await.expect("a session");
    let message = kernel::MessageId::new(kernel::Timestamp::from_ms(1), &mut kernel::Dice::seeded(1));
    let to = kernel::Phone::parse(to).expect("a number");
    session.submit(&Outgoing::Text(Text { message, key: "k".to_owned(), to, body: body.to_owned() })).await
}

/// The path of the order page that a mail links to.
pub fn page_in(mail: &Mail) -> String {
    path_in(mail, "/o/")
}

/// The first path in a mail that begins so.
pub fn path_in(mail: &Mail, beginning: &str) -> String {
    let at = mail.text.find(beginning).unwrap_or_else(|| panic!("no {beginning} in {}", mail.text));
    mail.text[at..].split_whitespace().next().expect("a path").to_owned()
}

/// The names of a mail's headers, in their order.
pub fn header_names(source: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(source);
    let head = text.split("\r\n\r\n").next().unwrap_or_default();
    let lines = head.split("\r\n").filter(|line| !line.starts_with([' ', '\t']));
    lines.map(|line| line.split(':').next().unwrap_or_default().to_owned()).collect()
}

/// The mail read as its recipient's program would.
pub fn read(mail: &Mail) -> mime_reader::Mail {
    mime_reader::Mail::read(&mail.source)
}
