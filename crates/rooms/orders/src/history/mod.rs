//! `/orders`: what somebody who is signed in has ordered, the newest first.
//!
//! Shown is what was placed with an address they have proved, however the shop joined it to people
//! (`customers::account`). Each order opens by [`one`], which leads to its page; one that is not theirs is not there.

mod fill;
mod find;
pub mod view;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{FromRequestParts, Path, Query, State};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Router};
use customers::account::SignedIn;
use db::{Db, Read};
use kernel::{Error, Locale, Result, Shop};
use web::filters::Asked;
use web::{Failure, Frame, HtmlPage, PageShell};

use crate::link::OrderLink;
use crate::{OrderId, shelf, store};
use find::{Place, Wanted};

pub(crate) use find::FILE;

/// What the handlers share.
#[derive(Clone)]
struct Door {
    db: Db,
    shell: Arc<dyn PageShell>,
}

/// The pages, dressed by `shell`. They have to be told who is signed in.
pub fn router(db: Db, shell: Arc<dyn PageShell>) -> Router {
    Router::new().route("/orders", get(all)).route("/orders/{id}", get(one)).with_state(Door { db, shell })
}

/// The identifier in the address. One that is not even text looks like any other that is not there.
struct Id(OrderId);

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let path = Path::<String>::from_request_parts(parts, state).await;
        let Path(id) = path.map_err(|_| Failure::from(no_order()))?;
        OrderId::parse(&id).map(Id).map_err(|_| no_order().into())
    }
}

#[track_caller]
fn no_order() -> Error {
    Error::not_found("There is no such order.")
}

/// `GET /orders`.
async fn all(
    State(door): State<Door>,
    signed_in: Option<Extension<SignedIn>>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let Some(Extension(signed_in)) = signed_in else { return Ok(web::see_other("/you?next=orders")?) };
    let page = door.db.glance("orders.history", move |r| seen(r, &signed_in, &asked)).await?;
    Ok(door.page(&page.0, &page.1)?.into_response())
}

fn seen(r: &mut Read<'_>, signed_in: &SignedIn, asked: &Asked) -> Result<(view::HistoryPage, Locale)> {
    let holders = customers::account::holders_of(r, &signed_in.proofs)?;
    let zone = r.wired::<Shop>()?.zone.clone();
    let (wanted, after) = (Wanted::read(asked, r.now, &zone), Place::read(asked));
    let is_later = after.is_some();
    let mut found = find::found(r, &holders, &wanted, after)?;
    found.orders = found.orders.into_iter().map(|stored| shelf::filled(r, stored)).collect::<Result<_>>()?;
    let mut parcels = BTreeMap::new();
    for order in &found.orders {
        parcels.insert(order.id.clone(), crate::parcels::of(r, order)?);
    }
    let mut locale = None;
    for (customer, _) in &holders {
        locale = locale.or(customers::language_of(r, customer)?);
    }
    let words = fill::Fill::new(r.wired()?, r.wired()?, locale.as_ref(), r.now).with_parcels(parcels);
    Ok((words.page(&wanted, &found, is_later), words.locale().clone()))
}

/// `GET /orders/{id}`: to the page of an order of theirs. As old as the order, so that its address is not shown for longer
/// than by the link in its first message.
async fn one(
    State(door): State<Door>,
    signed_in: Option<Extension<SignedIn>>,
    Id(id): Id,
) -> Result<Response, Failure> {
    let Some(Extension(signed_in)) = signed_in else { return Ok(web::see_other("/you?next=orders")?) };
    let read = door.db.glance("orders.history_one", move |r| {
        let stored = store::stored(r, &id)?.ok_or_else(no_order)?;
        let holders = customers::account::holders_of(r, &signed_in.proofs)?;
        if !find::is_seen(&stored, &holders, r.now) {
            return Err(no_order());
        }
        let link = OrderLink::new(stored.id.clone(), stored.order.placed_at);
        Ok(format!("/o/{}", link.token(&r.wired::<Shop>()?.keys)))
    });
    Ok(web::see_other(&read.await?)?)
}

impl Door {
    fn page(&self, page: &view::HistoryPage, locale: &Locale) -> Result<HtmlPage> {
        let frame = Frame { template: "orders/history.html", locale, title: &page.heading };
        self.shell.page(&frame, web::value(page)).map(HtmlPage::new)
    }
}
