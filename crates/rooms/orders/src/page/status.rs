//! `/o/{token}/status.json`: the order page for programs. The signed link is the key, so a shop's own front end may ask from
//! wherever it is; a cookie is neither asked for nor of use.
//!
//! It says what the page says and no more: who ordered, where it goes and what they wrote are not in it.

mod parcel;

use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use db::Read;
use kernel::{Date, Result};
use serde::Serialize;
use web::{Failure, RequestId};

use self::parcel::{Parcel, parcels_of};
use super::fill::Fill;
use super::{Door, Token, no_order};
use crate::incoming::Fulfilment;
use crate::link::OrderLink;
use crate::parcels::{DelayAnswer, DelayAsked};
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
    delay: Option<Delay>,
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

/// What the customer is or was asked whose order has not left in time.
#[derive(Debug, Serialize)]
struct Delay {
    /// The day at whose end it counts as cancelled when nobody answers; none: it is kept.
    cancels_on: Option<String>,
    /// `keep` or `cancel`.
    answer: Option<&'static str>,
    answered_at: Option<String>,
    /// Whether nothing is left to answer.
    is_settled: bool,
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
    let asked = crate::parcels::asked(r, &stored)?;
    let shop = r.wired::<kernel::Shop>()?;
    let fill = Fill::new(shop, r.wired()?, &stored, language.as_ref(), r.now, token);
    let told = parcels_of(&stored.order, &parcels);
    let fill = fill.with_parcels(parcels).with_delay(asked);
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
        delay: asked.map(delay),
        total: order.totals.total,
        refunded: order.refunded_minor,
        url: format!("{}/o/{token}", shop.public_url),
    })
}

fn delay(asked: DelayAsked) -> Delay {
    let answer = asked.answered.map(|(answer, _)| match answer {
        DelayAnswer::Keep => "keep",
        DelayAnswer::Cancel => "cancel",
    });
    Delay {
        cancels_on: asked.cancels_on.filter(|_| !asked.is_settled).map(|day| day.to_string()),
        answer,
        answered_at: asked.answered.map(|(_, at)| at.to_string()),
        is_settled: asked.is_settled,
    }
}
