//! `/o/{token}/status.json`: the order page for programs. The signed link is the key, so a shop's own front end may ask from
//! wherever it is; a cookie is neither asked for nor of use.
//!
//! It says what the page says and no more: who ordered, where it goes and what they wrote are not in it.

use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use db::Read;
use kernel::{Date, Result};
use serde::Serialize;
use web::{Failure, RequestId};

use super::fill::Fill;
use super::{Door, Token, no_order};
use crate::incoming::Fulfilment;
use crate::link::OrderLink;
use crate::parcels::ParcelSeen;
use crate::store;

/// An order's state. Amounts are minor units of `currency`, days are calendar dates; what is not known is `null`.
#[derive(Debug, Serialize)]
struct OrderState {
    number: String,
    placed_at: String,
    status: &'static str,
    payment: &'static str,
    /// How far the goods are: as its shop says, and `delivered` once its carriers have brought all of it.
    fulfilment: &'static str,
    /// Where the order is, in the sentence that the page begins with, and in which language that is.
    summary: String,
    locale: String,
    expected: Expected,
    delivered_at: Option<String>,
    currency: String,
    lines: Vec<Line>,
    parcels: Vec<Parcel>,
    total: i64,
    refunded: i64,
    url: String,
}

#[derive(Debug, Serialize)]
struct Expected {
    ships_by: Option<String>,
    delivered_from: Option<String>,
    delivered_to: Option<String>,
}

/// A parcel of the order: `state` and `reason` are the words of the API.
#[derive(Debug, Serialize)]
struct Parcel {
    carrier: Option<String>,
    tracking_number: Option<String>,
    tracking_url: Option<String>,
    state: &'static str,
    reason: Option<&'static str>,
    since: String,
    expected_from: Option<String>,
    expected_to: Option<String>,
    /// Where nobody names a day that is still ahead: when it probably arrives by what the shop's other parcels took,
    likely_from: Option<String>,
    likely_to: Option<String>,
    /// and for how many of a hundred that held.
    likely_percent: Option<u32>,
    is_late: bool,
}

#[derive(Debug, Serialize)]
struct Line {
    title: String,
    variant: Option<String>,
    quantity: u32,
    unit_price: i64,
}

/// `GET /o/{token}/status.json`. What goes wrong is told as to a program too.
pub(super) async fn tell(
    State(door): State<Door>,
    request: Option<Extension<RequestId>>,
    token: Result<Token, Failure>,
) -> Response {
    let told = match token {
        Ok(Token(token)) => told(&door, token).await,
        Err(Failure(error)) => Err(error),
    };
    told.unwrap_or_else(|error| {
        let request = request.map(|Extension(id)| id).unwrap_or_default();
        web::problem(&error, &request)
    })
}

async fn told(door: &Door, token: String) -> Result<Response> {
    let link = door.link(&token)?;
    let state = door.db.glance("orders.state", move |r| state(r, &link, &token)).await?;
    let headers: [(HeaderName, HeaderValue); 3] = [
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")),
        (HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex")),
    ];
    Ok((headers, Json(state)).into_response())
}

fn state(r: &mut Read<'_>, link: &OrderLink, token: &str) -> Result<OrderState> {
    let stored = store::stored(r, &link.order)?.ok_or_else(no_order)?;
    let language = customers::language_of(r, &stored.customer)?;
    let parcels = crate::parcels::of(r, &stored)?;
    let delay = crate::parcels::asked(r, &stored)?;
    let shop = r.wired::<kernel::Shop>()?;
    let fill = Fill::new(shop, r.wired()?, &stored, language.as_ref(), r.now, token);
    let told = parcels.iter().map(parcel).collect();
    let fill = fill.with_parcels(parcels).with_delay(delay);
    let (order, arrived) = (&stored.order, fill.arrived());
    let fulfilment = if arrived.is_some() { Fulfilment::Delivered } else { order.fulfilment };
    let day = |date: Option<Date>| date.map(|date| date.to_string());
    let lines = order.lines.iter().map(|line| Line {
        title: line.title.clone(),
        variant: line.variant.clone(),
        quantity: line.quantity,
        unit_price: line.unit_price,
    });
    Ok(OrderState {
        number: order.number.clone(),
        placed_at: order.placed_at.to_string(),
        status: order.status.as_str(),
        payment: order.payment.as_str(),
        fulfilment: fulfilment.as_str(),
        summary: fill.heading(),
        locale: fill.locale().to_string(),
        expected: Expected {
            ships_by: day(order.expected.ships_by),
            delivered_from: day(order.expected.delivered_from),
            delivered_to: day(order.expected.delivered_to),
        },
        delivered_at: arrived.and_then(|arrived| arrived.at).map(|at| at.to_string()),
        currency: order.currency.code().to_owned(),
        lines: lines.collect(),
        parcels: told,
        total: order.totals.total,
        refunded: order.refunded_minor,
        url: format!("{}/o/{token}", shop.public_url),
    })
}

fn parcel(seen: &ParcelSeen) -> Parcel {
    let day = |day: Option<Date>| day.map(|day| day.to_string());
    Parcel {
        carrier: seen.carrier.clone(),
        tracking_number: seen.number.clone(),
        tracking_url: seen.link.clone(),
        state: seen.state.as_str(),
        reason: seen.reason.map(kernel::parcel::Reason::as_str),
        since: seen.since.to_string(),
        expected_from: day(seen.expected.map(|(from, _)| from)),
        expected_to: day(seen.expected.map(|(_, to)| to)),
        likely_from: day(seen.likely.map(|((from, _), _)| from)),
        likely_to: day(seen.likely.map(|((_, to), _)| to)),
        likely_percent: seen.likely.map(|(_, percent)| percent),
        is_late: seen.is_late,
    }
}
