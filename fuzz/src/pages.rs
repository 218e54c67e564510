//! The whole program as one service: a request as a stranger writes it, with the right keys put in where it asks.
//!
//! The first line is method and path, headers follow until an empty line, the rest is the body. `{key}`, `{order}`,
//! `{id}`, `{you}`, `{stop}`, `{customer}` and `{shopify}` stand for what only the shop can make, so that inputs reach what is
//! behind.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use aftercare::house::{House, Setting};
use aftercare::{Config, lists};
use api::Scope;
use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response, StatusCode, header};
use customers::AddressHash;
use db::{Durability, Mode};
use http_body_util::BodyExt;
use jobs::Runner;
use kernel::{Channel, Clock, CustomerId, Dice, Keys, VirtualClock};
use messaging::you::{UnsubscribeLink, YouLink};
use messaging::{Templates, topics};
use serde_json::Value;
use tokio::runtime::Runtime;
use tower::ServiceExt;

use crate::input::{keys, now, secret};

/// Requests that one shop takes: what they leave behind must not become the shop that is tested.
const REQUESTS_PER_SHOP: u32 = 200;
/// The most headers of a request.
const MAX_HEADERS: usize = 12;
const ORDER: &str = include_str!("../../crates/browser/tests/browser/order.json");

/// One request.
pub fn pages(bytes: &[u8]) {
    SHOP.with_borrow_mut(|shop| {
        let used_up = shop.as_ref().is_none_or(|shop| shop.taken == REQUESTS_PER_SHOP);
        if used_up {
            *shop = Some(Shop::opened());
        }
        if let Some(shop) = shop {
            shop.taken += 1;
            shop.ask(bytes);
        }
    });
}

thread_local! {
    static SHOP: RefCell<Option<Shop>> = const { RefCell::new(None) };
}

struct Shop {
    house: House,
    router: Router,
    runner: Arc<Runner>,
    clock: Arc<VirtualClock>,
    runtime: Runtime,
    places: Vec<(&'static str, String)>,
    taken: u32,
}

impl Shop {
    fn opened() -> Shop {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let clock = Arc::new(VirtualClock::at(now()));
        let house = house(clock.clone());
        house.migrate().expect("the migrations apply");
        let runner = runtime.block_on(house.runner()).expect("a runner starts");
        let router = house.router().expect("the routes are whole");
        let mut shop = Shop { house, router, runner, clock, runtime, places: Vec::new(), taken: 0 };
        shop.places = shop.furnished();
        shop
    }

    /// A shop with an order in it, and everything that leads to it.
    fn furnished(&self) -> Vec<(&'static str, String)> {
        let make = |w: &mut db::Write<'_>| {
            let all = [
                Scope::OrdersWrite,
                Scope::OrdersRead,
                Scope::CustomersRead,
                Scope::CustomersWrite,
                Scope::MessagesRead,
                Scope::WebhooksManage,
            ];
            let connection = platforms::NewConnection {
                platform: platforms::Platform::Shopify,
                name: "Shop".to_owned(),
                secret: Some(secret().to_owned()),
                api_url: None,
                api_key: None,
            };
            Ok((api::create_key(w, "Fuzz", &all)?, platforms::connect(w, &connection)?.id.to_string()))
        };
        let made = self.runtime.block_on(self.house.db.write("fuzz.furnish", make));
        let (key, connection) = made.expect("a key and a connection can be made");
        let order = Request::post("/v1/orders").header(header::AUTHORIZATION, format!("Bearer {key}"));
        let order = order.header(header::CONTENT_TYPE, "application/json").body(Body::from(ORDER));
        let (status, told) = self.answer(order.expect("a request"));
        assert_eq!(status, StatusCode::CREATED, "{told}");
        self.pass();
        let told: Value = serde_json::from_str(&told).expect("the order is JSON");
        let text = |name: &str| told[name].as_str().unwrap_or_default().to_owned();
        let order = text("url").rsplit('/').next().unwrap_or_default().to_owned();
        let customer = CustomerId::parse(&text("customer_id")).expect("the customer has an identifier");
        let mut places = links(&keys(), customer);
        places.extend([("{key}", key), ("{order}", order), ("{id}", text("id")), ("{shopify}", connection)]);
        places
    }

    fn ask(&self, bytes: &[u8]) {
        let Some(request) = self.request(bytes) else { return };
        let changes = !matches!(request.method().as_str(), "GET" | "HEAD");
        let what = format!("{} {}", request.method(), request.uri());
        let (status, body) = self.answer(request);
        assert!(
            status.as_u16() < 500 || status == StatusCode::SERVICE_UNAVAILABLE,
            "{what}: {status} {body}"
        );
        if changes && status.as_u16() < 400 {
            self.pass();
        }
    }

    fn answer(&self, request: Request<Body>) -> (StatusCode, String) {
        self.runtime.block_on(async {
            let answer = self.router.clone().oneshot(request).await.expect("a router answers always");
            check_headers(&answer);
            let status = answer.status();
            let body = answer.into_body().collect().await.expect("the body is in memory").to_bytes();
            (status, String::from_utf8_lossy(&body).into_owned())
        })
    }

    fn pass(&self) {
        let done = world::passing::pass(&self.runner, &*self.clock, self.clock.now());
        self.runtime.block_on(done).expect("what was left to do can be done");
    }

    fn request(&self, bytes: &[u8]) -> Option<Request<Body>> {
        let end = bytes.windows(2).position(|two| two == b"\n\n").unwrap_or(bytes.len());
        let mut head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        for (place, thing) in &self.places {
            head = head.replace(place, thing);
        }
        let mut lines = head.lines();
        let (method, path) = lines.next()?.split_once(' ')?;
        let mut request = Request::builder().method(method).uri(path);
        for line in lines.take(MAX_HEADERS) {
            let (name, value) = line.split_once(':')?;
            request = request.header(name, value.trim_start());
        }
        let body = bytes.get(end + 2..).unwrap_or_default().to_vec();
        // As a server does: a request whose path is no path, or whose headers are none, reaches no router.
        request.body(Body::from(body)).ok().filter(|request| request.uri().path().starts_with('/'))
    }
}

/// Whatever is answered says how it is to be read, and is read as nothing else.
fn check_headers(answer: &Response<Body>) {
    let header = |name| answer.headers().get(name).map(|value| value.to_str().unwrap_or("not text"));
    assert_eq!(header(header::X_CONTENT_TYPE_OPTIONS), Some("nosniff"));
    let html = header(header::CONTENT_TYPE).is_some_and(|kind| kind.starts_with("text/html"));
    assert!(!html || header(header::CONTENT_SECURITY_POLICY).is_some(), "a page says what may run on it");
}

fn links(keys: &Keys, customer: CustomerId) -> Vec<(&'static str, String)> {
    let address = AddressHash::of(keys, Channel::Email, "amina@example.test");
    let stop = UnsubscribeLink {
        customer: customer.clone(),
        channel: Channel::Email,
        address,
        topic: &topics::NEWS,
    };
    let id = customer.to_string();
    let you = YouLink { customer }.token(keys);
    vec![("{you}", you), ("{stop}", stop.token(keys)), ("{customer}", id)]
}

fn house(clock: Arc<VirtualClock>) -> House {
    let env = [
        ("AFTERCARE_DATABASE_URL", "sqlite::memory:"),
        ("AFTERCARE_PUBLIC_URL", "http://127.0.0.1:4080"),
        ("AFTERCARE_MAIL_FROM", "Northwind Tea <orders@northwind.example>"),
    ];
    let env: BTreeMap<String, String> =
        env.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let mut config = Config::load(None, &env).expect("the configuration is right");
    config.brand = aftercare::demo::northwind("https://northwind.example");
    let templates = Templates::new(&[lists::messages::templates().all()]);
    let (mode, durability) = (Mode::Inline, Durability::Bulk);
    let dice = Dice::seeded(7);
    let setting = Setting { clock, dice, mode, durability, templates, ..Setting::server() };
    House::with_keys(config, keys(), setting).expect("the house opens")
}
