//! The shops that tell orders: one through the API, one by webhooks of Vendure and by the list behind them.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use axum::body::Body;
use axum::http::{Request, header};
use egress::{Answer, CallError, Caller, NoAnswer, NotReached, Request as Asked};
use kernel::Timestamp;
use kernel::webhooks::{self, Secret};
use orders::incoming::IncomingOrder;
use serde_json::{Value, json};

use super::agenda::Action;
use super::carrier::{Carrier, Telling};
use super::http::{Heard, ask};
use super::scene::Scene;
use super::{Credentials, wire};
use crate::shopping::{Moment, Told};

/// Which way an order comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Door {
    /// `POST /v1/orders`.
    Api,
    /// Webhooks of Vendure, and polling.
    Vendure,
}

impl Door {
    /// Orders with an even number come through the API.
    pub(crate) fn of(number: u64) -> Door {
        if number.is_multiple_of(2) { Door::Api } else { Door::Vendure }
    }
}

/// A version of an order, as it is told.
pub(crate) struct Version {
    pub(crate) order: IncomingOrder,
    pub(crate) door: Door,
    pub(crate) body: Value,
    /// Whether the shop has heard a 2xx for it.
    pub(crate) acknowledged: AtomicBool,
    /// The same of the parcel that it tells.
    parcel: Option<Arc<AtomicBool>>,
}

/// What a shop knows of an order by the moment it tells of it.
#[derive(Default)]
struct Known<'c> {
    order: Option<IncomingOrder>,
    refunds: Vec<wire::Refund>,
    parcel: Option<&'c Telling>,
}

/// Everything the shops ever tell, in the order of its times.
pub(crate) struct Shop {
    pub(crate) versions: Vec<Version>,
}

impl Shop {
    /// A shop on Vendure tells where a parcel is with one more version of its order.
    pub(crate) fn of(moments: Vec<Moment>, carrier: &Carrier) -> Self {
        let mut known: BTreeMap<String, Known<'_>> = BTreeMap::new();
        let mut tellings = carrier.tellings.iter().filter(|telling| telling.door == Door::Vendure).peekable();
        let mut versions = Vec::new();
        for moment in moments {
            match moment.told {
                Told::Order(order) => {
                    let known = known.entry(order.external_id.clone()).or_default();
                    versions.push(version(*order, known));
                }
                Told::Shipment(told) => {
                    let is_this = |telling: &&Telling| {
                        let next = &telling.shipment;
                        (&next.external_id, next.updated_at) == (&told.external_id, told.updated_at)
                    };
                    let Some(telling) = tellings.next_if(is_this) else { continue };
                    let known = known.entry(told.order.external_id.clone()).or_default();
                    known.parcel = Some(telling);
                    let Some(mut order) = known.order.clone() else { continue };
                    order.version.updated_at = order.version.updated_at.max(told.updated_at);
                    versions.push(version(order, known));
                }
            }
        }
        Shop { versions }
    }

    /// Writes down when each version is told. A webhook comes late, twice, or never.
    pub(crate) fn plan(&self, scene: &Scene, loses_percent: u64) {
        for (which, version) in self.versions.iter().enumerate() {
            let at = version.order.version.updated_at;
            match version.door {
                Door::Api => {
                    let at = at + scene.span(0, 30);
                    scene.agenda.add(at, Action::Tell { version: which, attempt: 0 });
                }
                Door::Vendure => plan_webhook(scene, which, at, loses_percent),
            }
        }
    }

    fn acknowledge(&self, which: usize) {
        let version = &self.versions[which];
        for acknowledged in std::iter::once(&version.acknowledged).chain(version.parcel.as_deref()) {
            acknowledged.store(true, Ordering::Relaxed);
        }
    }
}

fn plan_webhook(scene: &Scene, which: usize, at: Timestamp, loses_percent: u64) {
    if scene.chance(loses_percent) {
        return;
    }
    let most = if scene.chance(25) { 40_000 } else { 20 };
    for _ in 0..=u64::from(scene.chance(20)) {
        scene.agenda.add(at + scene.span(0, most), Action::Deliver { version: which });
    }
}

fn version(order: IncomingOrder, known: &mut Known<'_>) -> Version {
    let door = Door::of(order.external_id.parse().unwrap_or_default());
    let before: i64 = known.refunds.iter().map(|(_, amount, _)| amount).sum();
    if order.refunded_minor > before {
        let id = format!("r{}", known.refunds.len() + 1);
        known.refunds.push((id, order.refunded_minor - before, order.version.updated_at));
    }
    let body = match door {
        Door::Api => wire::for_api(&order),
        Door::Vendure => wire::for_webhook(&order, &known.refunds, known.parcel.map(|parcel| &parcel.body)),
    };
    known.order = Some(order.clone());
    let parcel = known.parcel.map(|parcel| Arc::clone(&parcel.acknowledged));
    Version { order, door, body, acknowledged: AtomicBool::new(false), parcel }
}

/// Tells a version through the API, until it is heard.
pub(crate) async fn tell(
    scene: &Scene,
    shop: &Shop,
    keys: &Credentials,
    router: Option<axum::Router>,
    which: usize,
    attempt: u32,
) {
    let again = |scene: &Scene| {
        let most = 60 << attempt.min(7);
        scene.later(5, most, Action::Tell { version: which, attempt: attempt + 1 });
    };
    // Now and then a request never arrives.
    let Some(router) = router.filter(|_| !scene.faults.happens(3)) else { return again(scene) };
    let version = &shop.versions[which];
    let request = Request::post("/v1/orders")
        .header(header::AUTHORIZATION, format!("Bearer {}", keys.api_key))
        .header(header::CONTENT_TYPE, "application/json")
        .header("idempotency-key", format!("{}-{which}", version.order.external_id));
    // What is written down first comes even when the process dies while it is asked.
    let (body, seen) = (Body::from(version.body.to_string()), scene.now());
    let heard = ask(scene, router, request.body(body)).await;
    let is_lost = scene.faults.happens(3);
    match heard {
        Heard { status: 200..=299, .. } if !is_lost => shop.acknowledge(which),
        Heard { status: 400..=428, body, .. } => scene.refuse(format!("order {which} at {seen}: {body}")),
        Heard { .. } => again(scene),
    }
}

/// Delivers a webhook, and does not care what becomes of it.
pub(crate) async fn deliver(
    scene: &Scene,
    shop: &Shop,
    keys: &Credentials,
    router: Option<axum::Router>,
    which: usize,
) {
    let Some(router) = router else { return };
    let (version, now) = (&shop.versions[which], scene.now());
    let event = json!({ "type": "order.updated", "timestamp": version.order.version.updated_at.to_string(), "data": version.body });
    let body = event.to_string();
    let id = format!("evt_{which}");
    let Ok(secret) = Secret::parse(&keys.hook_secret) else {
        return scene.refuse("the connection's secret is none".to_owned());
    };
    let request = Request::post(&keys.hook_path)
        .header(header::CONTENT_TYPE, "application/json")
        .header(webhooks::ID, &id)
        .header(webhooks::TIMESTAMP, webhooks::timestamp_header(now))
        .header(webhooks::SIGNATURE, webhooks::sign(&secret, &id, now, body.as_bytes()));
    let heard = ask(scene, router, request.body(Body::from(body))).await;
    match heard.status {
        200..=299 => shop.acknowledge(which),
        400..=428 => scene.refuse(format!("webhook {which}: {} {}", heard.status, heard.body)),
        _ => {}
    }
}

/// What the program finds when it asks outside: the Vendure shop's list of changed orders.
pub(crate) struct Platform {
    pub(crate) scene: Arc<Scene>,
    pub(crate) shop: Arc<Shop>,
}

#[async_trait]
impl Caller for Platform {
    async fn call(&self, request: Asked) -> Result<Answer, CallError> {
        super::tasks::step_aside().await;
        if self.scene.faults.happens(4) {
            let words = "The simulated shop can't be reached.".to_owned();
            return Err(CallError::NotReached(NotReached { is_forbidden: false, words }));
        }
        if self.scene.faults.happens(2) {
            return Err(CallError::NoAnswer(NoAnswer { words: "The simulated shop hangs.".to_owned() }));
        }
        if self.scene.faults.happens(3) {
            return Ok(answer(503, &json!({})));
        }
        let pairs: BTreeMap<String, String> = request.url.query_pairs().into_owned().collect();
        match request.url.path() {
            "/aftercare/orders" => Ok(answer(200, &self.list(&pairs))),
            _ => Ok(answer(404, &json!({}))),
        }
    }
}

impl Platform {
    /// A page of orders by the time of their last change; `after` is how the page before ended.
    fn list(&self, pairs: &BTreeMap<String, String>) -> Value {
        let limit = pairs.get("limit").and_then(|limit| limit.parse().ok()).unwrap_or(50);
        let since = pairs.get("since").and_then(|at| Timestamp::parse(at).ok());
        let begin = match pairs.get("after") {
            Some(after) => after.clone(),
            None => word(since.unwrap_or(Timestamp::from_ms(0)), ""),
        };
        let mut newest: BTreeMap<&str, &Version> = BTreeMap::new();
        let told = self.shop.versions.iter().filter(|version| version.door == Door::Vendure);
        for version in told.filter(|version| version.order.version.updated_at <= self.scene.now()) {
            newest.insert(&version.order.external_id, version);
        }
        let changed = |(id, version): (&str, &Version)| {
            let place = word(version.order.version.updated_at, id);
            (place > begin).then(|| (place, version.body.clone()))
        };
        let mut rows: Vec<(String, Value)> =
            newest.into_iter().filter_map(|(id, version)| changed((id, version))).collect();
        rows.sort_by(|a, b| a.0.cmp(&b.0));
        let has_more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().map_or(begin, |(place, _)| place.clone());
        let data: Vec<Value> = rows.into_iter().map(|(_, body)| body).collect();
        json!({ "data": data, "has_more": has_more, "next": next })
    }
}

fn word(at: Timestamp, id: &str) -> String {
    format!("{:015}-{id}", at.ms())
}

fn answer(status: u16, body: &Value) -> Answer {
    Answer { status, headers: Vec::new(), body: body.to_string().into_bytes(), is_whole: true }
}
