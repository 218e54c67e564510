//! `/a/parcels`: parcels as the people who run the shop see them, and what they tell by hand.
//!
//! A GET changes nothing.

mod acts;
mod unlinked;
mod view;
mod wrong;

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::routing::get;
use axum::{Extension, Router, routing::post};
use db::{Db, Read};
use kernel::{Error, Result, Shop, ShopClock};
use serde::{Deserialize, Serialize};
use staff::Member;
use web::{Failure, HtmlPage, PageShell, Template};

use self::view::{Flash, NewPage, ParcelPage, StraysPage};
use crate::order::{OrderFacts, Orders};
use crate::{ShipmentId, seen, store};

/// The templates of these pages, which the staff's shell surrounds.
pub const TEMPLATES: &[Template] = &[
    Template { name: "shipments/staff-wrong.html", source: include_str!("templates/wrong.html") },
    Template { name: "shipments/staff-unlinked.html", source: include_str!("templates/unlinked.html") },
    Template { name: "shipments/staff-strays.html", source: include_str!("templates/strays.html") },
    Template { name: "shipments/staff-new.html", source: include_str!("templates/new.html") },
    Template { name: "shipments/staff-parcel.html", source: include_str!("templates/parcel.html") },
];

/// Numbers that belong to nothing, on one page.
const MOST_STRAYS: i64 = 100;
/// Events that are shown of one parcel.
const MOST_EVENTS: i64 = 100;

#[derive(Clone)]
struct Door {
    db: Db,
    shell: Arc<dyn PageShell>,
}

/// The routes, dressed by `shell`. Whoever mounts them lets nobody in but the staff.
pub fn router(db: Db, shell: Arc<dyn PageShell>) -> Router {
    Router::new()
        .route("/a/parcels", get(wrong::show))
        .route("/a/parcels/strays", get(strays))
        .route("/a/parcels/unlinked", get(unlinked::show))
        .route("/a/parcels/new", get(new).post(acts::make))
        .route("/a/parcels/{id}", get(parcel))
        .route("/a/parcels/{id}/carrier", post(acts::choose_carrier))
        .route("/a/parcels/{id}/number", post(acts::change_number))
        .route("/a/parcels/{id}/happened", post(acts::happened))
        .with_state(Door { db, shell })
}

async fn strays(State(door): State<Door>, Extension(_): Extension<Member>) -> Result<HtmlPage, Failure> {
    let page = door.db.read("shipments.strays", strays_page).await?;
    Ok(door.page("shipments/staff-strays.html", "Parcels that belong to nothing", &page)?)
}

fn strays_page(r: &mut Read<'_>) -> Result<StraysPage> {
    let strays = store::strays(r, MOST_STRAYS)?;
    let clock = ShopClock::new(&r.wired::<Shop>()?.zone, r.now);
    Ok(view::strays(&strays, &clock))
}

/// Which order a new parcel is of.
#[derive(Debug, Default, Deserialize)]
struct Of {
    #[serde(default)]
    order: String,
}

async fn new(
    State(door): State<Door>,
    Extension(_): Extension<Member>,
    Query(of): Query<Of>,
) -> Result<HtmlPage, Failure> {
    let page = door.db.read("shipments.new", move |r| new_page(r, &of.order)).await?;
    Ok(door.page("shipments/staff-new.html", &format!("A parcel of order {}", page.number), &page)?)
}

fn new_page(r: &mut Read<'_>, order: &str) -> Result<NewPage> {
    let facts = order_facts(r, order)?;
    let sent = store::of_order(r, &facts.id)?;
    Ok(view::new(&facts, &sent))
}

fn order_facts(r: &mut Read<'_>, order: &str) -> Result<OrderFacts> {
    let orders = *r.wired::<Orders>()?;
    (orders.facts)(r, order)?.ok_or_else(|| Error::not_found("There is no such order."))
}

#[derive(Debug, Default, Deserialize)]
struct Looks {
    did: Option<String>,
}

async fn parcel(
    State(door): State<Door>,
    Extension(_): Extension<Member>,
    Path(id): Path<String>,
    Query(looks): Query<Looks>,
) -> Result<HtmlPage, Failure> {
    let id = ShipmentId::parse(&id)?;
    let flash = looks.did.as_deref().and_then(acts::flash_of);
    Ok(door.parcel_page(&id, flash).await?)
}

fn parcel_page(r: &mut Read<'_>, id: &ShipmentId) -> Result<ParcelPage> {
    let stored = store::shipment(r, id)?.ok_or_else(no_parcel)?;
    let facts = order_facts(r, &stored.order)?;
    let country = facts.country.as_deref();
    let all = seen::of_order(r, &seen::Of { order: &stored.order, told: facts.arrives, country })?;
    let seen = all.into_iter().find(|seen| seen.shipment.id == *id).ok_or_else(no_parcel)?;
    let unknown = view::unknown(r, &seen.shipment, country);
    let events = timeline::about(r, ("shipment", id.as_str()), MOST_EVENTS)?;
    let clock = ShopClock::new(&r.wired::<Shop>()?.zone, r.now);
    let events = timeline::cards(&events, &clock);
    Ok(view::parcel(&seen, &facts, unknown, events, &clock))
}

fn no_parcel() -> Error {
    Error::not_found("There is no such parcel.")
}

impl Door {
    fn page<T: Serialize>(&self, template: &str, title: &str, page: &T) -> Result<HtmlPage> {
        web::operators_page(&*self.shell, template, title, page)
    }

    async fn parcel_page(&self, id: &ShipmentId, flash: Option<Flash>) -> Result<HtmlPage> {
        let id = id.clone();
        let page = self.db.read("shipments.parcel", move |r| parcel_page(r, &id)).await?;
        let title = format!("A parcel of order {}", page.number);
        self.page("shipments/staff-parcel.html", &title, &ParcelPage { flash, ..page })
    }
}
