//! `/a/orders`: the orders as the people who run the shop see them.
//!
//! GET only: looking changes nothing.

mod view;
mod wrong;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::routing::get;
use db::{Db, Read};
use kernel::{CustomerId, Error, Result, Shop, ShopClock};
use serde::{Deserialize, Serialize};
use web::{Failure, HtmlPage, PageShell, Template};

pub use self::view::OrderRow;
use self::view::{OrderPage, OrdersPage, Told};
use crate::store;
use crate::{OrderId, OrderLink};

/// The templates of these pages, which the staff's shell surrounds.
pub const TEMPLATES: &[Template] = &[
    Template { name: "orders/staff-list.html", source: include_str!("templates/list.html") },
    Template { name: "orders/staff-order.html", source: include_str!("templates/order.html") },
];

/// Orders on one page of the list.
const PER_PAGE: usize = 50;
/// Messages and events that are shown of one order.
const MOST_SHOWN: i64 = 100;

#[derive(Clone)]
struct Door {
    db: Db,
    shell: Arc<dyn PageShell>,
}

/// The routes, dressed by `shell`. Whoever mounts them lets nobody in but the staff.
pub fn router(db: Db, shell: Arc<dyn PageShell>) -> Router {
    Router::new()
        .route("/a/orders", get(list))
        .route("/a/orders/{id}", get(order))
        .with_state(Door { db, shell })
}

#[derive(Debug, Default, Deserialize)]
struct Asked {
    older: Option<String>,
}

async fn list(State(door): State<Door>, Query(asked): Query<Asked>) -> Result<HtmlPage, Failure> {
    let after = asked.older.as_deref().map(OrderId::parse).transpose()?;
    let page = door.db.read("orders.staff_list", move |r| list_page(r, after.as_ref())).await?;
    Ok(door.page("orders/staff-list.html", "Orders", &page)?)
}

fn list_page(r: &mut Read<'_>, after: Option<&OrderId>) -> Result<OrdersPage> {
    let mut orders = store::list(r, after, PER_PAGE as i64 + 1)?;
    let is_more = orders.len() > PER_PAGE;
    orders.truncate(PER_PAGE);
    let older = orders.last().filter(|_| is_more).map(|order| format!("/a/orders?older={}", order.id));
    let shop = r.wired::<Shop>()?;
    let clock = ShopClock::new(&shop.zone, r.now);
    let newest = after.map(|_| "/a/orders".to_owned());
    Ok(OrdersPage {
        rows: orders.iter().map(|order| view::row(order, &clock, &shop.locale)).collect(),
        older,
        newest,
    })
}

/// The orders of one person, whichever of these customers they are, newest first, as rows of the list.
pub fn of_customers(r: &mut Read<'_>, customers: &[CustomerId], limit: i64) -> Result<Vec<OrderRow>> {
    let mut orders = Vec::new();
    for customer in customers {
        orders.extend(store::list_of(r, customer, limit)?);
    }
    orders.sort_by(|a, b| (b.order.placed_at, b.id.as_str()).cmp(&(a.order.placed_at, a.id.as_str())));
    orders.truncate(usize::try_from(limit).unwrap_or_default());
    rows_of(r, &orders)
}

/// The orders with a number, as rows of the list.
pub fn numbered(r: &mut Read<'_>, number: &str, limit: i64) -> Result<Vec<OrderRow>> {
    let orders = store::numbered(r, number, limit)?;
    rows_of(r, &orders)
}

fn rows_of(r: &mut Read<'_>, orders: &[store::StoredOrder]) -> Result<Vec<OrderRow>> {
    let shop = r.wired::<Shop>()?;
    let clock = ShopClock::new(&shop.zone, r.now);
    Ok(orders.iter().map(|order| view::row(order, &clock, &shop.locale)).collect())
}

async fn order(State(door): State<Door>, Path(id): Path<String>) -> Result<HtmlPage, Failure> {
    let id = OrderId::parse(&id)?;
    let page = door.db.read("orders.staff_order", move |r| order_page(r, &id)).await?;
    let title = format!("Order {}", page.number);
    Ok(door.page("orders/staff-order.html", &title, &page)?)
}

fn order_page(r: &mut Read<'_>, id: &OrderId) -> Result<OrderPage> {
    let stored = store::stored(r, id)?.ok_or_else(|| Error::not_found("There is no such order."))?;
    let told = messaging::told_about(r, "order", id.as_str(), MOST_SHOWN)?;
    let events = timeline::about(r, ("order", id.as_str()), MOST_SHOWN)?;
    let notes = store::notes(r, id)?;
    let wrong = wrong::card(r, &stored)?;
    let shop = r.wired::<Shop>()?;
    let clock = ShopClock::new(&shop.zone, r.now);
    let told: Vec<Told> = told.iter().rev().map(|told| view::told(told, &clock)).collect();
    let customers_page = OrderLink::new(id.clone(), r.now).url(shop);
    let events = timeline::cards(&events, &clock);
    Ok(view::order(&stored, &notes, (told, events, wrong), customers_page, (&clock, &shop.locale)))
}

impl Door {
    fn page<T: Serialize>(&self, template: &str, title: &str, page: &T) -> Result<HtmlPage> {
        web::operators_page(&*self.shell, template, title, page)
    }
}
