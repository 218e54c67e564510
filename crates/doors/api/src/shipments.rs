//! `/v1/shipments`: parcels, told by programs.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use db::{Db, Read, Write};
use kernel::{Error, Result};
use orders::incoming::CLOCKS_DIFFER_BY;
use serde::Serialize;
use shipments::incoming::IncomingShipment;
use utoipa::ToSchema;

use crate::body::{Refused, json};
use crate::keys::{self, Scope};
use crate::schema::Problem;

/// A parcel, as it is told.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "only described; `shipments::json` reads it")]
pub struct ShipmentBody {
    /// Who tells it; with `external_id` it names the shipment, and with `order` the order.
    #[schema(max_length = 120)]
    source: String,
    /// Your identifier of the shipment.
    #[schema(max_length = 120)]
    external_id: String,
    /// Your identifier of its order: the `external_id` under which the order was told by the same `source`.
    #[schema(max_length = 120)]
    order: String,
    /// When you last changed it: a version that is older than the stored one changes nothing but its scans.
    #[schema(format = DateTime)]
    updated_at: String,
    /// When it left; `updated_at` when absent.
    #[schema(format = DateTime)]
    shipped_at: Option<String>,
    /// Whether nothing comes by it after all.
    cancelled: Option<bool>,
    /// Who carries it, as you call them: `Royal Mail`, `UPS`.
    #[schema(max_length = 200)]
    carrier: Option<String>,
    /// The tracking number.
    #[schema(max_length = 64)]
    tracking_number: Option<String>,
    /// The carrier's page, for carriers we have none of (`https`).
    #[schema(max_length = 2000)]
    tracking_url: Option<String>,
    /// What is in it; absent when it is everything that has not left yet.
    #[schema(max_items = 500)]
    lines: Option<Vec<ShipmentLineBody>>,
    /// The first day it is expected on, in the destination's calendar.
    #[schema(format = Date)]
    expected_from: Option<String>,
    /// The last day.
    #[schema(format = Date)]
    expected_to: Option<String>,
    /// Where it is to be collected, when it is brought to a shop or a locker.
    pickup: Option<PickupBody>,
    /// What happened to it.
    #[schema(max_items = 200)]
    scans: Option<Vec<ScanBody>>,
}

/// Where a parcel is to be collected.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "only described; `shipments::json` reads it")]
pub struct PickupBody {
    /// What it is called.
    #[schema(max_length = 200)]
    name: String,
    /// Where it is, in one line.
    #[schema(max_length = 300)]
    address: Option<String>,
    /// When it is open, in your words.
    #[schema(max_length = 300)]
    hours: Option<String>,
    /// The last day on which the parcel waits there.
    #[schema(format = Date)]
    until: Option<String>,
}

/// Some pieces of a line of the order.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "only described; `shipments::json` reads it")]
pub struct ShipmentLineBody {
    /// The line's `external_id` in the order.
    #[schema(max_length = 120)]
    line: String,
    /// How many pieces.
    #[schema(minimum = 1, maximum = 1000000)]
    quantity: u32,
}

/// Something that happened to a parcel.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "only described; `shipments::json` reads it")]
pub struct ScanBody {
    /// What makes it the same when it is told again; by default everything it says.
    #[schema(max_length = 120)]
    key: Option<String>,
    /// When.
    #[schema(format = DateTime)]
    at: String,
    /// Where the parcel was then: `pending`, `info_received`, `in_transit`, `out_for_delivery`, `available_for_pickup`,
    /// `failed_attempt`, `exception`, `delivered`, `returned_to_sender` or `cancelled`.
    state: String,
    /// What more is known: `nobody_home`, `address`, `customs`, `damaged`, `delayed`, `weather`, `refused`, `lost`,
    /// `returning`, `not_collected`, `no_news`, `signed`, `neighbour`, `safe_place` or `locker`.
    reason: Option<String>,
    /// The carrier's own words.
    #[schema(max_length = 500)]
    words: Option<String>,
    /// The place.
    #[schema(max_length = 200)]
    place: Option<String>,
}

/// A parcel as it is stored.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShipmentOut {
    /// Its identifier.
    id: String,
    /// The order's identifier.
    order_id: String,
    /// Where it is, by everything that was told of it.
    state: &'static str,
    /// What more is known.
    reason: Option<&'static str>,
    /// The carrier, where it is one we know.
    carrier: Option<String>,
    /// The tracking number.
    tracking_number: Option<String>,
    /// When it left.
    shipped_at: String,
    /// When it was delivered.
    delivered_at: Option<String>,
}

/// Write a shipment
///
/// Creates the shipment, or changes it when `source` and `external_id` name a known one. Its order has to be there. What
/// changes for the customer is told to them: once for each state, never for one that was overtaken.
#[utoipa::path(
    post, path = "/v1/shipments", operation_id = "writeShipment", tag = "shipments", request_body = ShipmentBody,
    responses(
        (status = 200, description = "Stored, or nothing new.", body = ShipmentOut),
        (status = 400, description = "Not JSON.", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No key, or none of this shop.", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The key lacks the scope.", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "More than 1 MB.", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "Another media type than application/json.", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Some fields are wrong, or the order is not known; nothing was changed.", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Not now; send it again.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = ["orders:write"])),
)]
pub async fn post_shipment(
    State(db): State<Db>,
    headers: HeaderMap,
    body: Bytes,
) -> std::result::Result<Response, Refused> {
    let caller = keys::authenticate(&db, &headers, Scope::OrdersWrite).await?;
    let value = json(&headers, &body)?;
    let incoming = shipments::json::read(&value, caller.now + CLOCKS_DIFFER_BY)?;
    let stored = db.write("api.shipment", move |w| take(w, &incoming)).await?;
    Ok((StatusCode::OK, Json(stored)).into_response())
}

fn take(w: &mut Write<'_>, incoming: &IncomingShipment) -> Result<ShipmentOut> {
    let Some(taken) = shipments::take(w, incoming)? else {
        let detail = "There is no order under this identifier of this source. Write the order first.";
        return Err(Error::field("/order", "unknown_order", detail));
    };
    let stored = find(w, &taken.shipment)?;
    stored.ok_or_else(|| Error::internal("a shipment that was just stored is not there"))
}

/// A parcel, if it is there.
pub fn find(r: &mut Read<'_>, id: &shipments::ShipmentId) -> Result<Option<ShipmentOut>> {
    Ok(shipments::shipment(r, id)?.map(present))
}

fn present(stored: shipments::Shipment) -> ShipmentOut {
    let standing = stored.standing;
    ShipmentOut {
        id: stored.id.to_string(),
        order_id: stored.order,
        state: standing.state.as_str(),
        reason: standing.reason.map(kernel::parcel::Reason::as_str),
        carrier: stored.tracking.carrier.or(stored.tracking.carrier_name),
        tracking_number: stored.tracking.number,
        shipped_at: stored.shipped_at.to_string(),
        delivered_at: standing.delivered_at.map(|at| at.to_string()),
    }
}
