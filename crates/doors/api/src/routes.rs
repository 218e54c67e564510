//! The routes of `/v1`.

use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router, middleware};
use db::{Db, Read, Write};
use kernel::fields::Fields;
use kernel::{Error, Result};
use orders::incoming::IncomingOrder;
use orders::{Effect, OrderId};
use serde::Deserialize;
use utoipa::IntoParams;
use web::Failure;
use web::error::as_problems;

use crate::body::{Refused, json};
use crate::idempotency::{self, Once};
use crate::keys::{self, Scope};
use crate::openapi::openapi;
use crate::order_out::present;
use crate::schema::{OrderBody, OrderList, OrderOut, Problem};
use crate::{messages, stored, webhooks};

/// The most bytes of a request.
const MAX_BODY: usize = 1_000_000;
/// How many orders a page of the list has when nobody says.
const DEFAULT_LIMIT: u32 = 20;
/// The most orders of a page.
const MAX_LIMIT: u32 = 100;
/// Says that the answer is that of an earlier request.
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// The routes of `/v1`. Failures are problem documents.
pub fn router(db: Db) -> Router {
    let routes = Router::new()
        .route("/v1/orders", post(post_order).get(list_orders))
        .route("/v1/orders/{id}", get(get_order))
        .route("/v1/shipments", post(crate::shipments::post_shipment))
        .merge(webhooks::routes::router())
        .route("/v1/messages", get(messages::list_messages))
        .route("/v1/messages/{id}", get(messages::get_message))
        .route(
            "/v1/customers/{id}",
            get(crate::customers::get_customer).patch(crate::customers::patch_customer),
        )
        .route("/v1/openapi.json", get(async || Json(openapi())))
        .with_state(db);
    let painted = web::failures_painted(web::limit_body(routes, MAX_BODY), as_problems());
    painted.layer(middleware::map_response(challenged))
}

/// A refused caller is told how to introduce itself (RFC 9110 §11.6.1).
async fn challenged(mut response: Response) -> Response {
    if response.status() == StatusCode::UNAUTHORIZED {
        let challenge = HeaderValue::from_static("Bearer realm=\"aftercare\"");
        response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    }
    response
}

/// What writing an order is answered with.
struct Answer {
    status: StatusCode,
    replayed: bool,
    order: OrderOut,
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(self.order)).into_response();
        if self.replayed {
            response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
        }
        response
    }
}

/// Write an order
///
/// Creates the order, or changes it when `source` and `external_id` name a known one. A version that is not newer
/// than the stored one changes nothing and is answered with the stored order.
#[utoipa::path(
    post, path = "/v1/orders", operation_id = "writeOrder", tag = "orders", request_body = OrderBody,
    params(("Idempotency-Key" = Option<String>, Header, max_length = 255,
        description = "Repeats under one key within a week are done once; the repeat's answer carries Idempotent-Replayed: true.")),
    responses(
        (status = 201, description = "Created.", body = OrderOut),
        (status = 200, description = "Changed, or not newer than what is stored.", body = OrderOut),
        (status = 400, description = "Not JSON.", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No key, or none of this shop.", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The key lacks the scope.", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "More than 1 MB.", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "Another media type than application/json.", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Some fields are wrong; nothing was changed.", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Not now; send it again.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = ["orders:write"])),
)]
async fn post_order(State(db): State<Db>, headers: HeaderMap, body: Bytes) -> Result<Response, Refused> {
    let caller = keys::authenticate(&db, &headers, Scope::OrdersWrite).await?;
    let value = json(&headers, &body)?;
    let once = idempotency::asked(&headers, &caller.key, &body)?;
    let incoming = orders::json::read(&value, caller.now)?;
    let answer = db.write("api.order", move |w| take(w, &incoming, once.as_ref())).await?;
    Ok(answer.into_response())
}

/// The order and the claim on its request, in one write.
fn take(w: &mut Write<'_>, incoming: &IncomingOrder, once: Option<&Once>) -> Result<Answer> {
    if let Some(done) = once.map(|once| idempotency::claim(w, once)).transpose()?.flatten() {
        return Ok(Answer { status: done.status, replayed: true, order: read_order(w, &done.order)? });
    }
    let taken = orders::take(w, incoming)?;
    let status = match taken.effect {
        Effect::Created => StatusCode::CREATED,
        Effect::Changed | Effect::Stale => StatusCode::OK,
    };
    if let Some(once) = once {
        idempotency::settle(w, once, status, &taken.order)?;
    }
    Ok(Answer { status, replayed: false, order: read_order(w, &taken.order)? })
}

fn read_order(r: &mut Read<'_>, id: &OrderId) -> Result<OrderOut> {
    let stored =
        stored::stored(r, id)?.ok_or_else(|| Error::not_found("There is no order by that identifier."))?;
    Ok(present(&stored))
}

/// Read an order
#[utoipa::path(
    get, path = "/v1/orders/{id}", operation_id = "readOrder", tag = "orders",
    params(("id" = String, Path, description = "The order's `ord_…`.")),
    responses(
        (status = 200, description = "The order as it is stored.", body = OrderOut),
        (status = 401, description = "No key, or none of this shop.", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The key lacks the scope.", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such order.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = ["orders:read"])),
)]
async fn get_order(
    State(db): State<Db>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    keys::authenticate(&db, &headers, Scope::OrdersRead).await?;
    let id = OrderId::parse(&id)?;
    let order = db.read("api.order", move |r| read_order(r, &id)).await?;
    Ok(Json(order).into_response())
}

/// Which page of the list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Page {
    /// How many orders, 1 to 100; 20 when absent.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100, default = 20)]
    limit: Option<String>,
    /// The `id` of the last order of the page before.
    starting_after: Option<String>,
}

/// List orders
///
/// Newest first. For the next page give the last `id` as `starting_after`.
#[utoipa::path(
    get, path = "/v1/orders", operation_id = "listOrders", tag = "orders", params(Page),
    responses(
        (status = 200, description = "A page of orders.", body = OrderList),
        (status = 401, description = "No key, or none of this shop.", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The key lacks the scope.", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`starting_after` is no order's `id`.", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "The limit is wrong.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = ["orders:read"])),
)]
async fn list_orders(
    State(db): State<Db>,
    headers: HeaderMap,
    Query(page): Query<Page>,
) -> Result<Response, Failure> {
    keys::authenticate(&db, &headers, Scope::OrdersRead).await?;
    let limit = limit(&page)?;
    let after = page.starting_after.as_deref().map(OrderId::parse).transpose()?;
    let list = db.read("api.orders", move |r| list(r, after.as_ref(), limit)).await?;
    Ok(Json(list).into_response())
}

fn limit(page: &Page) -> Result<u32> {
    let Some(text) = &page.limit else { return Ok(DEFAULT_LIMIT) };
    let mut fields = Fields::strict();
    let limit = fields.quantity("/limit", text.parse().unwrap_or(0), 1, MAX_LIMIT);
    fields.finish_with(limit)
}

/// One more than asked for tells whether there are more.
fn list(r: &mut Read<'_>, after: Option<&OrderId>, limit: u32) -> Result<OrderList> {
    let mut found = stored::list(r, after, limit + 1)?;
    let has_more = found.len() > limit as usize;
    found.truncate(limit as usize);
    Ok(OrderList { data: found.iter().map(present).collect(), has_more })
}
