//! A shop's platform on this machine: Shopify or WooCommerce as far as Aftercare speaks with them.
//!
//! It answers their REST shapes over a real socket, with their pages, status codes and limits, signs webhooks as they
//! do, loses as many as it is told to, and gives up on an address as each of them does: WooCommerce switches a webhook
//! off after more than five failures in a row, Shopify deletes it after eight. Neither sends one again here: Shopify
//! really does for four hours, and what is promised must hold without it.

mod shopify;
mod woocommerce;

use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use kernel::{Clock, Dice, Timestamp, VirtualClock};
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::stage::Stage;

/// Which platform it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Shopify.
    Shopify,
    /// WooCommerce.
    Woocommerce,
}

/// What it does to the next request for orders instead of answering.
#[derive(Clone, Debug)]
pub enum Misbehaviour {
    /// This status, with `Retry-After` when there is one.
    Status(u16, Option<&'static str>),
    /// 200 and this body.
    Says(String),
}

/// A webhook the shop keeps for somebody.
#[derive(Clone, Debug)]
pub struct Hook {
    /// Its number.
    pub id: u64,
    /// What it tells of.
    pub topic: String,
    /// Where it goes.
    pub url: String,
    /// `active`, `paused` or `disabled`; Shopify has no such word.
    pub status: String,
    /// How many deliveries have failed in a row.
    pub failures: u32,
}

/// A running shop.
pub struct ShopServer {
    kind: Kind,
    address: SocketAddr,
    shared: Shared,
    serving: JoinHandle<()>,
}

type Shared = Arc<Mutex<Shop>>;

/// What the shop holds.
struct Shop {
    clock: Arc<VirtualClock>,
    /// Orders by number, each with when it last changed.
    orders: BTreeMap<u64, (Timestamp, Value)>,
    hooks: Vec<Hook>,
    next_hook: u64,
    /// The most orders of a page, whatever is asked for.
    page_cap: usize,
    misbehaviour: VecDeque<Misbehaviour>,
    /// Requests that asked for orders.
    asked: u32,
    /// Shopify's bucket: how full it was, and when.
    bucket: (f64, Timestamp),
    secret: String,
    dice: Dice,
    lost: u32,
}

/// The key that opens the shop's API.
pub const KEY: &str = "ck_story:cs_story";

impl ShopServer {
    /// A shop that signs with `secret`.
    pub async fn start(kind: Kind, stage: &Stage, secret: &str) -> ShopServer {
        let shop = Shop {
            clock: stage.clock.clone(),
            orders: BTreeMap::new(),
            hooks: Vec::new(),
            next_hook: 5,
            page_cap: usize::MAX,
            misbehaviour: VecDeque::new(),
            asked: 0,
            bucket: (0.0, stage.now()),
            secret: secret.to_owned(),
            dice: Dice::seeded(2),
            lost: 0,
        };
        let shared: Shared = Arc::new(Mutex::new(shop));
        let router: Router = match kind {
            Kind::Shopify => shopify::routes(shared.clone()),
            Kind::Woocommerce => woocommerce::routes(shared.clone()),
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let serving = tokio::spawn(async move { axum::serve(listener, router).await.expect("it serves") });
        ShopServer { kind, address, shared, serving }
    }

    /// Where its API is.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Gives pages of at most this many orders.
    pub fn cap_pages(&self, orders: usize) {
        self.shop().page_cap = orders;
    }

    /// Does this to the next request for orders.
    pub fn misbehave(&self, how: Misbehaviour) {
        self.shop().misbehaviour.push_back(how);
    }

    /// Makes the webhooks an operator makes by hand.
    pub fn subscribe(&self, url: &str) {
        let topics = match self.kind {
            Kind::Shopify => shopify::TOPICS,
            Kind::Woocommerce => woocommerce::TOPICS,
        };
        let mut shop = self.shop();
        topics.iter().for_each(|topic| shop.add_hook(topic, url));
    }

    /// The webhooks it keeps.
    pub fn hooks(&self) -> Vec<Hook> {
        self.shop().hooks.clone()
    }

    /// Pauses every webhook, as a person at the shop can.
    pub fn pause(&self) {
        self.shop().hooks.iter_mut().for_each(|hook| "paused".clone_into(&mut hook.status));
    }

    /// How often it was asked for orders.
    pub fn asked(&self) -> u32 {
        self.shop().asked
    }

    /// How many webhooks were lost on their way.
    pub fn lost(&self) -> u32 {
        self.shop().lost
    }

    /// Every order as it stands.
    pub fn orders(&self) -> Vec<Value> {
        self.shop().orders.values().map(|(_, order)| order.clone()).collect()
    }

    /// Puts an order, or a new version of it, into the shop, and tells of it by each webhook. `loss` of a hundred are
    /// lost.
    pub async fn put(&self, stage: &Stage, topic: &str, id: u64, order: Value, loss: u64) {
        let order = self.shop().put(self.kind, id, order);
        let hooks = self.shop().hooks.clone();
        for hook in hooks.iter().filter(|hook| hook.topic == topic && hook.status != "disabled") {
            if self.shop().loses(loss) {
                continue;
            }
            let request = self.delivery(stage, hook, &order.to_string());
            let answer = stage.http(request).await;
            self.shop().answered(self.kind, hook.id, answer.status);
        }
    }

    /// Puts an order into the shop without a word.
    pub fn put_silently(&self, id: u64, order: Value) {
        self.shop().put(self.kind, id, order);
    }

    fn delivery(&self, stage: &Stage, hook: &Hook, body: &str) -> Request<Body> {
        let path = hook.url.strip_prefix(&stage.house.config.public_url).unwrap_or(&hook.url);
        let mut shop = self.shop();
        let signature = shop.signature(body);
        let request = Request::post(path).header(header::CONTENT_TYPE, "application/json");
        let request = match self.kind {
            Kind::Shopify => request
                .header("X-Shopify-Topic", &hook.topic)
                .header("X-Shopify-Webhook-Id", format!("{:032x}", shop.dice.below(u64::MAX)))
                .header("X-Shopify-Triggered-At", shop.clock.now().to_string())
                .header("X-Shopify-Hmac-Sha256", signature),
            Kind::Woocommerce => request
                .header("X-WC-Webhook-Topic", &hook.topic)
                .header("X-WC-Webhook-ID", hook.id)
                .header("X-WC-Webhook-Delivery-ID", format!("{:032x}", shop.clock.now().ms() / 1_000))
                .header("X-WC-Webhook-Signature", signature),
        };
        request.body(Body::from(body.to_owned())).expect("a request")
    }

    fn shop(&self) -> MutexGuard<'_, Shop> {
        lock(&self.shared)
    }
}

impl Drop for ShopServer {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

fn lock(shared: &Shared) -> MutexGuard<'_, Shop> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shop {
    fn put(&mut self, kind: Kind, id: u64, mut order: Value) -> Value {
        // Both platforms tell whole seconds.
        let now = Timestamp::from_ms(self.clock.now().ms() / 1_000 * 1_000);
        order["id"] = json!(id);
        let stamp: String = now.to_string().chars().take(19).collect();
        match kind {
            Kind::Shopify => order["updated_at"] = json!(format!("{stamp}Z")),
            Kind::Woocommerce => order["date_modified_gmt"] = json!(stamp),
        }
        self.orders.insert(id, (now, order.clone()));
        order
    }

    fn add_hook(&mut self, topic: &str, url: &str) {
        let id = self.next_hook;
        self.next_hook += 1;
        let (topic, url, status) = (topic.to_owned(), url.to_owned(), "active".to_owned());
        self.hooks.push(Hook { id, topic, url, status, failures: 0 });
    }

    fn loses(&mut self, loss: u64) -> bool {
        let is_lost = self.dice.below(100) < loss;
        self.lost += u32::from(is_lost);
        is_lost
    }

    fn answered(&mut self, kind: Kind, id: u64, status: StatusCode) {
        let Some(hook) = self.hooks.iter_mut().find(|hook| hook.id == id) else { return };
        let succeeded = match kind {
            Kind::Shopify => status.is_success(),
            Kind::Woocommerce => (200..=302).contains(&status.as_u16()),
        };
        hook.failures = if succeeded { 0 } else { hook.failures + 1 };
        match kind {
            Kind::Shopify => self.hooks.retain(|hook| hook.failures < 8),
            Kind::Woocommerce if hook.failures > 5 => "disabled".clone_into(&mut hook.status),
            Kind::Woocommerce => {}
        }
    }

    /// Orders changed at this time or later, in the order of their change.
    fn changed_since(&self, since: Timestamp) -> Vec<(Timestamp, u64, Value)> {
        let mut found: Vec<_> = self.orders.iter().filter(|(_, (at, _))| *at >= since).collect();
        found.sort_by_key(|(id, (at, _))| (*at, **id));
        found.into_iter().map(|(id, (at, order))| (*at, *id, order.clone())).collect()
    }

    fn misbehaves(&mut self) -> Option<Response> {
        self.asked += 1;
        Some(match self.misbehaviour.pop_front()? {
            Misbehaviour::Status(status, retry_after) => {
                let wait = retry_after.map(|wait| [(header::RETRY_AFTER, wait)]);
                (
                    StatusCode::from_u16(status).expect("a status"),
                    wait.unwrap_or([(header::RETRY_AFTER, "x")]),
                    "{}",
                )
                    .into_response()
            }
            Misbehaviour::Says(body) => ([(header::CONTENT_TYPE, "application/json")], body).into_response(),
        })
    }

    /// Base64 HMAC-SHA256, by the platforms' description and not by our own code.
    fn signature(&self, body: &str) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.secret.as_bytes()).expect("a key of any length");
        mac.update(body.as_bytes());
        STANDARD.encode(mac.finalize().into_bytes())
    }
}

fn refused(status: u16, code: &str) -> Response {
    let status = StatusCode::from_u16(status).expect("a status");
    (status, axum::Json(json!({ "code": code, "message": code, "data": { "status": status.as_u16() } })))
        .into_response()
}
