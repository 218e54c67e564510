//! `/a/orders`: the orders as the people who run the shop see them, and what they do with one.
//!
//! A GET changes nothing.

mod acts;
mod export;
mod list;
mod many;
mod view;
mod wrong;

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Extension, Router};
use db::{Db, Read, SqlFile};
use jobs::tasks::TaskKind;
use kernel::{CustomerId, Error, Kind, Result, Shop, ShopClock};
use serde::{Deserialize, Serialize};
use staff::{Member, Permission};
use web::filters::{Asked, NamedView};
use web::{Failure, HtmlPage, PageShell, Template};

pub use self::list::{country_of, customers_with_orders};
pub use self::view::OrderRow;
use self::view::{Flash, OrderPage, OrdersPage, Told};
use crate::{OrderId, OrderLink};
use crate::{marks, resend, store};

/// The queries of these pages.
pub(crate) static FILE: &SqlFile = &list::LIST;

/// The templates of these pages, which the staff's shell surrounds.
pub const TEMPLATES: &[Template] = &[
    Template { name: "orders/staff-list.html", source: include_str!("templates/list.html") },
    Template { name: "orders/staff-order.html", source: include_str!("templates/order.html") },
    Template { name: "orders/staff-resend.html", source: include_str!("templates/resend.html") },
];

/// The long work of these pages.
pub const TASKS: &[TaskKind] = &[export::TASK, resend::TASK];

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
        .route("/a/orders/act", post(many::act))
        .route("/a/orders/resend", post(many::resend))
        .route("/a/orders/export", post(export::begin))
        .route("/a/orders/{id}", get(order))
        .route("/a/orders/{id}/mark", post(acts::mark))
        .route("/a/orders/{id}/resend", post(acts::resend))
        .route("/a/orders/{id}/notes", post(acts::add_note))
        .route("/a/orders/{id}/notes/{note}/remove", post(acts::remove_note))
        .with_state(Door { db, shell })
}

async fn list(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    Query(asked): Query<Asked>,
) -> Result<HtmlPage, Failure> {
    let after = asked.get("older").map(|id| OrderId::parse(id)).transpose()?;
    let page =
        door.db.read("orders.staff_list", move |r| list_page(r, &member, &asked, after.as_ref())).await?;
    let status = if page.bar.faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(door.page("orders/staff-list.html", "Orders", &page)?.status(status))
}

fn list_page(
    r: &mut Read<'_>,
    member: &Member,
    asked: &Asked,
    after: Option<&OrderId>,
) -> Result<OrdersPage> {
    let filters = list::filters(r, asked)?;
    let place = after.map(|id| list::place_of(r, id)).transpose()?;
    let found = list::page(r, &filters, place, PER_PAGE)?;
    let ids: Vec<OrderId> = found.rows.iter().map(|place| place.id.clone()).collect();
    let rows = rows_of(r, &ids)?;
    let views = staff::views(r, member, "orders")?;
    let clock = ShopClock::new(&r.wired::<Shop>()?.zone, r.now);
    let looked_until = found.older.as_ref().filter(|_| found.is_cut);
    Ok(OrdersPage {
        nothing: nothing(filters.any(), found.is_cut),
        looked_until: looked_until.map(|place| clock.short(place.placed_at)),
        older: found.older.as_ref().map(|place| filters.href(Some(("older", place.id.as_str())))),
        newest: after.map(|_| filters.href(None)),
        on_page: ids.iter().map(OrderId::as_str).collect::<Vec<_>>().join(" "),
        actions: many::actions(member),
        may_export: member.role.may(Permission::Export),
        bar: filters.bar("orders", named_views(views, member)),
        flash: asked.get("none").map(|_| Flash::warn("Tick the orders first.")),
        rows,
    })
}

fn nothing(is_filtered: bool, is_cut: bool) -> &'static str {
    match (is_filtered, is_cut) {
        (_, true) => "None of those that were looked at fit these filters.",
        (true, false) => "No order fits all of these filters.",
        (false, false) => {
            "No orders yet. They show here as soon as a shop is connected, an order comes by the API, or past orders are imported."
        }
    }
}

/// Saved filters, as a bar shows them.
fn named_views(views: Vec<staff::SavedView>, member: &Member) -> Vec<NamedView> {
    let named = |view: staff::SavedView| NamedView {
        id: (view.is_own || member.role.may(Permission::Configure)).then(|| view.id.as_str().to_owned()),
        name: view.name,
        query: view.query,
    };
    views.into_iter().map(named).collect()
}

/// The newest orders, as rows of the list.
pub fn latest(r: &mut Read<'_>, limit: i64) -> Result<Vec<OrderRow>> {
    let orders = store::list(r, None, limit)?;
    rows_of_stored(r, &orders)
}

/// The orders of one person, whichever of these customers they are, newest first, as rows of the list.
pub fn of_customers(r: &mut Read<'_>, customers: &[CustomerId], limit: i64) -> Result<Vec<OrderRow>> {
    let mut orders = Vec::new();
    for customer in customers {
        orders.extend(store::list_of(r, customer, limit)?);
    }
    orders.sort_by(|a, b| (b.order.placed_at, b.id.as_str()).cmp(&(a.order.placed_at, a.id.as_str())));
    orders.truncate(usize::try_from(limit).unwrap_or_default());
    rows_of_stored(r, &orders)
}

/// The orders with a number, as rows of the list.
pub fn numbered(r: &mut Read<'_>, number: &str, limit: i64) -> Result<Vec<OrderRow>> {
    let orders = store::numbered(r, number, limit)?;
    rows_of_stored(r, &orders)
}

/// The orders whose number begins so, as rows of the list.
pub fn number_begins(r: &mut Read<'_>, number: &str, limit: i64) -> Result<Vec<OrderRow>> {
    let orders = store::number_begins(r, number, limit)?;
    rows_of_stored(r, &orders)
}

/// The newest orders with a product whose title or SKU begins so, as rows of the list.
pub fn with_product(r: &mut Read<'_>, text: &str, limit: usize) -> Result<Vec<OrderRow>> {
    let ids = list::with_product(r, text, limit)?;
    rows_of(r, &ids)
}

fn rows_of(r: &mut Read<'_>, ids: &[OrderId]) -> Result<Vec<OrderRow>> {
    let mut orders = Vec::with_capacity(ids.len());
    for id in ids {
        orders.extend(store::stored(r, id)?);
    }
    rows_of_stored(r, &orders)
}

fn rows_of_stored(r: &mut Read<'_>, orders: &[store::StoredOrder]) -> Result<Vec<OrderRow>> {
    let mut rows = Vec::with_capacity(orders.len());
    for order in orders {
        let marks = marks::marks(r, &order.id)?;
        let shop = r.wired::<Shop>()?;
        rows.push(view::row(order, &marks, &ShopClock::new(&shop.zone, r.now), &shop.locale));
    }
    Ok(rows)
}

#[derive(Debug, Default, Deserialize)]
struct Looks {
    did: Option<String>,
}

async fn order(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    Path(id): Path<String>,
    Query(looks): Query<Looks>,
) -> Result<HtmlPage, Failure> {
    let id = OrderId::parse(&id)?;
    let flash = looks.did.as_deref().and_then(acts::flash_of);
    Ok(door.order_page(&id, member, flash).await?)
}

fn order_page(r: &mut Read<'_>, id: &OrderId, member: &Member) -> Result<OrderPage> {
    let stored = store::stored(r, id)?.ok_or_else(no_order)?;
    let told = messaging::told_about(r, "order", id.as_str(), MOST_SHOWN)?;
    let events = timeline::about(r, ("order", id.as_str()), MOST_SHOWN)?;
    let notes = store::notes(r, id)?;
    let (marks, confirmations) = (marks::marks(r, id)?, resend::confirmations(r, id)?);
    let staffs_notes = staff::notes(r, ("order", id.as_str()), MOST_SHOWN)?;
    let parcels = crate::parcels::of(r, &stored)?;
    let wrong = wrong::card(r, &stored, &parcels)?;
    let delay = crate::parcels::asked(r, &stored)?.filter(|asked| !asked.is_settled);
    let shop = r.wired::<Shop>()?;
    let clock = ShopClock::new(&shop.zone, r.now);
    let told: Vec<Told> = told.iter().rev().map(|told| view::told(told, &clock)).collect();
    let customers_page = OrderLink::new(id.clone(), r.now).url(shop);
    let events = timeline::cards(&events, &clock);
    let page = view::order(&stored, &notes, (told, events, wrong), customers_page, (&clock, &shop.locale));
    Ok(OrderPage {
        marks: view::marks(&stored, &marks, &clock),
        resend: view::resend(&stored, confirmations),
        parcels: parcels.iter().map(|parcel| view::parcel(parcel, &clock)).collect(),
        delay: delay.and_then(|asked| view::delay(asked, &clock)),
        staffs_notes: staffs_notes.iter().map(|note| view::staffs_note(note, member, &clock)).collect(),
        ..page
    })
}

fn no_order() -> Error {
    Error::not_found("There is no such order.")
}

impl Door {
    fn page<T: Serialize>(&self, template: &str, title: &str, page: &T) -> Result<HtmlPage> {
        web::operators_page(&*self.shell, template, title, page)
    }

    async fn order_page(&self, id: &OrderId, member: Member, flash: Option<Flash>) -> Result<HtmlPage> {
        let id = id.clone();
        let page = self.db.read("orders.staff_order", move |r| order_page(r, &id, &member)).await?;
        let title = format!("Order {}", page.number);
        self.page("orders/staff-order.html", &title, &OrderPage { flash, ..page })
    }
}

/// Only some may do it.
fn only(member: &Member, permission: Permission, words: &'static str) -> Result<()> {
    if member.role.may(permission) { Ok(()) } else { Err(Error::new(Kind::Forbidden, "not_allowed", words)) }
}
