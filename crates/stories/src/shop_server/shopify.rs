//! Shopify's REST Admin API, as far as it is asked.

use std::collections::BTreeMap;

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use kernel::{Clock, Timestamp};
use serde_json::{Value, json};

use super::{Hook, KEY, Shared, Shop, lock, refused};

/// The webhooks an operator makes.
pub const TOPICS: &[&str] =
    &["orders/create", "orders/updated", "orders/paid", "orders/cancelled", "refunds/create"];

/// Requests the bucket holds, and how many run out of it in a second.
const BUCKET: f64 = 40.0;
const LEAK: f64 = 2.0;

pub fn routes(shared: Shared) -> Router {
    Router::new()
        .route("/admin/api/2026-10/orders.json", get(orders))
        .route("/admin/api/2026-10/webhooks.json", get(hooks).post(make_hook))
        .with_state(shared)
}

/// The answer to who may not ask, or asks too often.
fn turned_away(shop: &mut Shop, headers: &HeaderMap) -> Option<Response> {
    if headers.get("x-shopify-access-token").is_none_or(|given| given.as_bytes() != KEY.as_bytes()) {
        return Some(refused(401, "[API] Invalid API key or access token"));
    }
    let now = shop.clock.now();
    let (level, at) = shop.bucket;
    let level = (level - now.since(at).as_secs_f64() * LEAK).max(0.0) + 1.0;
    if level > BUCKET {
        return Some((StatusCode::TOO_MANY_REQUESTS, [("Retry-After", "2.0")], "{}").into_response());
    }
    shop.bucket = (level, now);
    None
}

async fn orders(
    State(shared): State<Shared>,
    headers: HeaderMap,
    Query(query): Query<BTreeMap<String, String>>,
) -> Response {
    let mut shop = lock(&shared);
    if let Some(response) = shop.misbehaves() {
        return response;
    }
    if let Some(answer) = turned_away(&mut shop, &headers) {
        return answer;
    }
    let limit: usize = query.get("limit").and_then(|limit| limit.parse().ok()).unwrap_or(50);
    let place = match (query.get("page_info"), query.get("updated_at_min")) {
        (Some(_), _) if query.keys().any(|name| name != "limit" && name != "page_info") => None,
        (Some(word), _) => place_of(word),
        (None, since) => {
            let since = since.and_then(|since| Timestamp::parse(since).ok());
            let is_whole = query.get("status").is_some_and(|status| status == "any");
            since.filter(|_| is_whole).map(|since| (since, 0))
        }
    };
    let Some((since, after)) = place.filter(|_| (1..=250).contains(&limit)) else {
        return refused(400, "Bad Request");
    };
    let found = shop.changed_since(since);
    let rest = found.into_iter().filter(|(at, id, _)| (*at, *id) > (since, after));
    let limit = limit.min(shop.page_cap);
    let mut rest: Vec<_> = rest.take(limit + 1).collect();
    let has_more = rest.len() > limit;
    rest.truncate(limit);
    let link = rest.last().filter(|_| has_more).map(|(at, id, _)| {
        let next = format!("page_info={}-{id}&limit={limit}", at.ms());
        format!("<https://example-shop.myshopify.com/admin/api/2026-10/orders.json?{next}>; rel=\"next\"")
    });
    let orders: Vec<Value> = rest.into_iter().map(|(_, _, order)| order).collect();
    let headers = link.map(|link| [("Link", link)]);
    match headers {
        Some(headers) => (headers, Json(json!({ "orders": orders }))).into_response(),
        None => Json(json!({ "orders": orders })).into_response(),
    }
}

fn place_of(word: &str) -> Option<(Timestamp, u64)> {
    let (ms, id) = word.split_once('-')?;
    Some((Timestamp::from_ms(ms.parse().ok()?), id.parse().ok()?))
}

fn told(hook: &Hook) -> Value {
    json!({ "id": hook.id, "topic": hook.topic, "address": hook.url, "format": "json" })
}

async fn hooks(
    State(shared): State<Shared>,
    headers: HeaderMap,
    Query(query): Query<BTreeMap<String, String>>,
) -> Response {
    let mut shop = lock(&shared);
    if let Some(answer) = turned_away(&mut shop, &headers) {
        return answer;
    }
    let asked = query.get("address");
    let ours = shop.hooks.iter().filter(|hook| asked.is_none_or(|address| *address == hook.url));
    Json(json!({ "webhooks": ours.map(told).collect::<Vec<_>>() })).into_response()
}

async fn make_hook(State(shared): State<Shared>, headers: HeaderMap, Json(new): Json<Value>) -> Response {
    let mut shop = lock(&shared);
    if let Some(answer) = turned_away(&mut shop, &headers) {
        return answer;
    }
    let (Some(topic), Some(address)) = (new["webhook"]["topic"].as_str(), new["webhook"]["address"].as_str())
    else {
        return refused(422, "Unprocessable Entity");
    };
    if shop.hooks.iter().any(|hook| hook.topic == topic && hook.url == address) {
        return refused(422, "for this topic has already been taken");
    }
    shop.add_hook(topic, address);
    (StatusCode::CREATED, Json(json!({ "webhook": told(shop.hooks.last().expect("it was made")) })))
        .into_response()
}
