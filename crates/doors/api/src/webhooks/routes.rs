//! The routes of endpoints and deliveries.

use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use axum::{Json, Router};
use db::Db;
use kernel::fields::Fields;
use kernel::{Error, Result};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::schema::{
    DeliveryList, DeliveryOut, EndpointBody, EndpointList, EndpointMade, EndpointOut, EndpointPatch,
    ReplayBody, Replayed, Rotated, present, present_delivery,
};
use super::{DeliveryId, EndpointId, endpoints, read, replay, store};
use crate::body::{Refused, json};
use crate::keys::{self, Scope};
use crate::schema::Problem;

/// How many deliveries a page has when nobody says, and at most.
const DEFAULT_LIMIT: u32 = 20;
const MAX_LIMIT: u32 = 100;
/// Sorts after every identifier.
const AFTER_ALL: &str = "wdl_~";

/// The routes below `/v1`.
pub fn router() -> Router<Db> {
    Router::new()
        .route("/v1/webhook-endpoints", post(create_endpoint).get(list_endpoints))
        .route(
            "/v1/webhook-endpoints/{id}",
            get(read_endpoint).patch(change_endpoint).delete(delete_endpoint),
        )
        .route("/v1/webhook-endpoints/{id}/rotate", post(rotate_secret))
        .route("/v1/webhook-endpoints/{id}/test", post(send_test))
        .route("/v1/webhook-endpoints/{id}/replay", post(replay_range))
        .route("/v1/webhook-endpoints/{id}/deliveries", get(list_deliveries))
        .route("/v1/webhook-deliveries/{id}/replay", post(replay_one))
}

type Answer<T> = Result<T, Refused>;

async fn allowed(db: &Db, headers: &HeaderMap) -> Result<()> {
    keys::authenticate(db, headers, Scope::WebhooksManage).await.map(drop)
}

/// Make a webhook endpoint
///
/// The answer holds the secret, this once. Every event of the wanted kinds from now on is sent to it.
#[utoipa::path(
    post, path = "/v1/webhook-endpoints", operation_id = "createWebhookEndpoint", tag = "webhooks",
    request_body = EndpointBody,
    responses(
        (status = 201, description = "Made.", body = EndpointMade),
        (status = 401, description = "No key, or none of this shop.", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The key lacks the scope.", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "There are a hundred already.", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Some fields are wrong.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = ["webhooks:manage"])),
)]
pub async fn create_endpoint(
    State(db): State<Db>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer<(StatusCode, Json<EndpointMade>)> {
    allowed(&db, &headers).await?;
    let new = read::new_endpoint(&json(&headers, &body)?)?;
    let made = db.write("api.webhook_endpoint", move |w| {
        let (id, secret) = endpoints::create(w, &new)?;
        Ok(EndpointMade { endpoint: present(&endpoints::found(w, &id)?), secret: secret.text() })
    });
    Ok((StatusCode::CREATED, Json(made.await?)))
}

/// List webhook endpoints
#[utoipa::path(
    get, path = "/v1/webhook-endpoints", operation_id = "listWebhookEndpoints", tag = "webhooks",
    responses((status = 200, description = "All of them.", body = EndpointList)),
    security(("key" = ["webhooks:manage"])),
)]
pub async fn list_endpoints(State(db): State<Db>, headers: HeaderMap) -> Answer<Json<EndpointList>> {
    allowed(&db, &headers).await?;
    let rows = db.read("api.webhook_endpoints", store::endpoints).await?;
    Ok(Json(EndpointList { data: rows.iter().map(present).collect() }))
}

/// Read a webhook endpoint
#[utoipa::path(
    get, path = "/v1/webhook-endpoints/{id}", operation_id = "readWebhookEndpoint", tag = "webhooks",
    params(("id" = String, Path, description = "The endpoint's `wep_…`.")),
    responses(
        (status = 200, description = "The endpoint.", body = EndpointOut),
        (status = 404, description = "No such endpoint.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = ["webhooks:manage"])),
)]
pub async fn read_endpoint(
    State(db): State<Db>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Answer<Json<EndpointOut>> {
    allowed(&db, &headers).await?;
    let id = EndpointId::parse(&id)?;
    let found = db.read("api.webhook_endpoint", move |r| endpoints::found(r, &id)).await?;
    Ok(Json(present(&found)))
}

/// Change a webhook endpoint
///
/// Switching it on again makes it begin anew; what it missed can be sent again by a replay.
#[utoipa::path(
    patch, path = "/v1/webhook-endpoints/{id}", operation_id = "changeWebhookEndpoint", tag = "webhooks",
    params(("id" = String, Path, description = "The endpoint's `wep_…`.")), request_body = EndpointPatch,
    responses(
        (status = 200, description = "As it is now.", body = EndpointOut),
        (status = 404, description = "No such endpoint.", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Some fields are wrong.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = ["webhooks:manage"])),
)]
pub async fn change_endpoint(
    State(db): State<Db>,
    headers: HeaderMap,
    Path(id): Path<String>,
    body: Bytes,
) -> Answer<Json<EndpointOut>> {
    allowed(&db, &headers).await?;
    let (id, change) = (EndpointId::parse(&id)?, read::endpoint_change(&json(&headers, &body)?)?);
    let changed = db.write("api.webhook_endpoint", move |w| endpoints::change(w, &id, &change)).await?;
    Ok(Json(present(&changed)))
}

/// Delete a webhook endpoint
#[utoipa::path(
    delete, path = "/v1/webhook-endpoints/{id}", operation_id = "deleteWebhookEndpoint", tag = "webhooks",
    params(("id" = String, Path, description = "The endpoint's `wep_…`.")),
    responses(
        (status = 204, description = "Gone; what waited for it is not sent."),
        (status = 404, description = "No such endpoint.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = ["webhooks:manage"])),
)]
pub async fn delete_endpoint(
    State(db): State<Db>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Answer<StatusCode> {
    allowed(&db, &headers).await?;
    let id = EndpointId::parse(&id)?;
    db.write("api.webhook_endpoint", move |w| endpoints::delete(w, &id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Give a webhook endpoint a new secret
///
/// For a day webhooks carry two signatures, one by each secret, so that the receiver can change over in its own time.
#[utoipa::path(
    post, path = "/v1/webhook-endpoints/{id}/rotate", operation_id = "rotateWebhookSecret", tag = "webhooks",
    params(("id" = String, Path, description = "The endpoint's `wep_…`.")),
    responses(
        (status = 200, description = "The new secret, this once.", body = Rotated),
        (status = 404, description = "No such endpoint.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = ["webhooks:manage"])),
)]
pub async fn rotate_secret(
    State(db): State<Db>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Answer<Json<Rotated>> {
    allowed(&db, &headers).await?;
    let id = EndpointId::parse(&id)?;
    let (secret, until) = db.write("api.webhook_rotate", move |w| endpoints::rotate(w, &id)).await?;
    Ok(Json(Rotated { secret: secret.text(), old_secret_until: until.to_string() }))
}

/// Send a test
///
/// Queues a webhook of the type `webhook.test`; what became of it stands among the deliveries.
#[utoipa::path(
    post, path = "/v1/webhook-endpoints/{id}/test", operation_id = "testWebhookEndpoint", tag = "webhooks",
    params(("id" = String, Path, description = "The endpoint's `wep_…`.")),
    responses(
        (status = 202, description = "Queued.", body = DeliveryOut),
        (status = 404, description = "No such endpoint.", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "The endpoint is switched off.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = ["webhooks:manage"])),
)]
pub async fn send_test(
    State(db): State<Db>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Answer<(StatusCode, Json<DeliveryOut>)> {
    allowed(&db, &headers).await?;
    let id = EndpointId::parse(&id)?;
    let queued = db.write("api.webhook_test", move |w| {
        let delivery = endpoints::test(w, &id)?;
        let queued = store::delivery(w, &delivery)?;
        queued.ok_or_else(|| Error::internal("a delivery that was queued just now is not there"))
    });
    Ok((StatusCode::ACCEPTED, Json(present_delivery(&queued.await?))))
}

/// Send a range again
///
/// Sends the wanted events that were recorded in a range of time again, under the same `webhook-id`, also those the
/// endpoint was never told because it was switched off.
#[utoipa::path(
    post, path = "/v1/webhook-endpoints/{id}/replay", operation_id = "replayWebhooks", tag = "webhooks",
    params(("id" = String, Path, description = "The endpoint's `wep_…`.")), request_body = ReplayBody,
    responses(
        (status = 202, description = "Queued, 500 events at most.", body = Replayed),
        (status = 404, description = "No such endpoint.", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "The endpoint is switched off.", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Some fields are wrong.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = ["webhooks:manage"])),
)]
pub async fn replay_range(
    State(db): State<Db>,
    headers: HeaderMap,
    Path(id): Path<String>,
    body: Bytes,
) -> Answer<(StatusCode, Json<Replayed>)> {
    allowed(&db, &headers).await?;
    let (id, range) = (EndpointId::parse(&id)?, read::range(&json(&headers, &body)?)?);
    let (queued, next) = db.write("api.webhook_replay", move |w| replay::range(w, &id, &range)).await?;
    Ok((StatusCode::ACCEPTED, Json(Replayed { queued, next })))
}

/// Send a delivery again
#[utoipa::path(
    post, path = "/v1/webhook-deliveries/{id}/replay", operation_id = "replayWebhook", tag = "webhooks",
    params(("id" = String, Path, description = "The delivery's `wdl_…`.")),
    responses(
        (status = 202, description = "Queued."),
        (status = 404, description = "No such delivery.", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "The endpoint is switched off.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = ["webhooks:manage"])),
)]
pub async fn replay_one(
    State(db): State<Db>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Answer<StatusCode> {
    allowed(&db, &headers).await?;
    let id = DeliveryId::parse(&id)?;
    db.write("api.webhook_replay", move |w| replay::one(w, &id)).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Which page of deliveries.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DeliveryPage {
    /// How many, 1 to 100; 20 when absent.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100, default = 20)]
    limit: Option<String>,
    /// The `id` of the last delivery of the page before.
    starting_after: Option<String>,
    /// Only those in this state.
    #[param(value_type = Option<DeliveryState>)]
    state: Option<String>,
}

/// Where a delivery stands.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum DeliveryState {
    /// It will be tried.
    Queued,
    /// It was taken.
    Delivered,
    /// It was given up.
    Failed,
}

/// List deliveries
///
/// Newest first. For the next page give the last `id` as `starting_after`.
#[utoipa::path(
    get, path = "/v1/webhook-endpoints/{id}/deliveries", operation_id = "listWebhookDeliveries", tag = "webhooks",
    params(("id" = String, Path, description = "The endpoint's `wep_…`."), DeliveryPage),
    responses(
        (status = 200, description = "A page of deliveries.", body = DeliveryList),
        (status = 404, description = "No such endpoint.", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "The limit or the state is wrong.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = ["webhooks:manage"])),
)]
pub async fn list_deliveries(
    State(db): State<Db>,
    headers: HeaderMap,
    Path(id): Path<String>,
    Query(page): Query<DeliveryPage>,
) -> Answer<Json<DeliveryList>> {
    allowed(&db, &headers).await?;
    let id = EndpointId::parse(&id)?;
    let (limit, state) = checked(&page)?;
    let before = page.starting_after.as_deref().map(DeliveryId::parse).transpose()?;
    let list = db.read("api.webhook_deliveries", move |r| {
        endpoints::found(r, &id)?;
        let before = before.as_ref().map_or(AFTER_ALL, DeliveryId::as_str);
        let mut rows = store::deliveries(r, &id, before, state.as_deref(), i64::from(limit) + 1)?;
        let has_more = rows.len() > limit as usize;
        rows.truncate(limit as usize);
        Ok(DeliveryList { data: rows.iter().map(present_delivery).collect(), has_more })
    });
    Ok(Json(list.await?))
}

fn checked(page: &DeliveryPage) -> Result<(u32, Option<String>)> {
    let mut fields = Fields::strict();
    let limit = match &page.limit {
        Some(text) => fields.quantity("/limit", text.parse().unwrap_or(0), 1, MAX_LIMIT),
        None => Some(DEFAULT_LIMIT),
    };
    if page.state.as_deref().is_some_and(|state| !["queued", "delivered", "failed"].contains(&state)) {
        fields.fault("/state", "unknown_word", "Use one of: queued delivered failed.");
    }
    fields.finish_with(limit).map(|limit| (limit, page.state.clone()))
}
