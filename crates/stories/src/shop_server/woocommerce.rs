//! WooCommerce's REST API v3, as far as it is asked.

use std::collections::BTreeMap;

use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, put};
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kernel::Timestamp;
use serde_json::{Value, json};

use super::{Hook, KEY, Shared, lock, refused};

/// The webhooks an operator makes.
pub const TOPICS: &[&str] = &["order.created", "order.updated"];

pub fn routes(shared: Shared) -> Router {
    Router::new()
        .route("/wp-json/wc/v3/orders", get(orders))
        .route("/wp-json/wc/v3/webhooks", get(hooks))
        .route("/wp-json/wc/v3/webhooks/{id}", put(change_hook))
        .with_state(shared)
}

fn is_known(headers: &HeaderMap) -> bool {
    let expected = format!("Basic {}", STANDARD.encode(KEY));
    headers.get("authorization").is_some_and(|given| given.as_bytes() == expected.as_bytes())
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
    if !is_known(&headers) {
        return refused(401, "woocommerce_rest_cannot_view");
    }
    let text = |name: &str| query.get(name).map(String::as_str).unwrap_or_default();
    let per_page: usize = text("per_page").parse().unwrap_or(10);
    let page: usize = text("page").parse().unwrap_or(1);
    let Ok(after) = Timestamp::parse(&format!("{}Z", text("modified_after"))) else {
        return refused(400, "rest_invalid_param");
    };
    let rules = [("dates_are_gmt", "true"), ("orderby", "modified"), ("order", "asc")];
    if rules.iter().any(|(name, value)| text(name) != *value) || !(1..=100).contains(&per_page) || page == 0 {
        return refused(400, "rest_invalid_param");
    }
    let per_page = per_page.min(shop.page_cap);
    // Later than, not at: WordPress leaves out what changed at this very second.
    let found = shop.changed_since(after + std::time::Duration::from_secs(1));
    let pages = found.len().div_ceil(per_page);
    let on_page: Vec<Value> =
        found.iter().skip((page - 1) * per_page).take(per_page).map(|(_, _, order)| order.clone()).collect();
    let headers = [("X-WP-Total", found.len().to_string()), ("X-WP-TotalPages", pages.to_string())];
    (headers, Json(on_page)).into_response()
}

fn told(hook: &Hook) -> Value {
    json!({ "id": hook.id, "name": "Aftercare", "status": hook.status, "topic": hook.topic, "delivery_url": hook.url })
}

async fn hooks(State(shared): State<Shared>, headers: HeaderMap) -> Response {
    if !is_known(&headers) {
        return refused(401, "woocommerce_rest_cannot_view");
    }
    Json(lock(&shared).hooks.iter().map(told).collect::<Vec<_>>()).into_response()
}

async fn change_hook(
    State(shared): State<Shared>,
    headers: HeaderMap,
    Path(id): Path<u64>,
    Json(change): Json<Value>,
) -> Response {
    if !is_known(&headers) {
        return refused(401, "woocommerce_rest_cannot_edit");
    }
    let mut shop = lock(&shared);
    let Some(hook) = shop.hooks.iter_mut().find(|hook| hook.id == id) else {
        return refused(404, "woocommerce_rest_shop_webhook_invalid_id");
    };
    if let Some(status) = change["status"].as_str() {
        status.clone_into(&mut hook.status);
        hook.failures = 0;
    }
    Json(told(hook)).into_response()
}
