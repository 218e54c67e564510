//! `/a/parcels/unlinked`: parcels of late whose customers see a number without a link, because its carrier is not known.

use axum::Extension;
use axum::extract::{Query, State as Shared};
use db::Read;
use db::walk::{Bounds, walk};
use kernel::{Result, Shop, ShopClock};
use serde::Serialize;
use staff::Member;
use web::filters::{Asked, LOOKED_AT};
use web::{Failure, HtmlPage};

use super::{Door, view};
use crate::open::told_lately;
use crate::order::Orders;
use crate::{ShipmentId, store};

const PATH: &str = "/a/parcels/unlinked";
/// Parcels on one page.
const PER_PAGE: usize = 50;

/// What `shipments/staff-unlinked.html` is given as `page`.
#[derive(Debug, Serialize)]
struct UnlinkedPage {
    rows: Vec<UnlinkedRow>,
    /// Whether the page is not full because enough was looked at.
    is_cut: bool,
    older: Option<String>,
    newest: Option<&'static str>,
}

/// A parcel whose carrier is not known.
#[derive(Debug, Serialize)]
struct UnlinkedRow {
    href: String,
    number: String,
    why: String,
    order: Option<(String, String)>,
    at: String,
    when: String,
}

/// `GET /a/parcels/unlinked`.
pub(super) async fn show(
    Shared(door): Shared<Door>,
    Extension(_): Extension<Member>,
    Query(asked): Query<Asked>,
) -> Result<HtmlPage, Failure> {
    let after = asked.get("older").map(|id| ShipmentId::parse(id)).transpose()?;
    let page = door.db.read("shipments.unlinked", move |r| page(r, after.clone())).await?;
    Ok(door.page("shipments/staff-unlinked.html", "Parcels without a link", &page)?)
}

fn page(r: &mut Read<'_>, after: Option<ShipmentId>) -> Result<UnlinkedPage> {
    let newest = after.is_some().then_some(PATH);
    let bounds = Bounds { stretch: 1_000, most_looked_at: LOOKED_AT, most_kept: PER_PAGE + 1 };
    let walked = walk(bounds, after, |behind, limit| told_lately(r, behind, limit as i64))?;
    let found = walked.page(PER_PAGE);
    let mut rows = Vec::with_capacity(found.rows.len());
    for id in &found.rows {
        rows.extend(row(r, id)?);
    }
    let older = found.older.map(|id| format!("{PATH}?older={id}"));
    Ok(UnlinkedPage { rows, is_cut: found.is_cut, older, newest })
}

fn row(r: &mut Read<'_>, id: &ShipmentId) -> Result<Option<UnlinkedRow>> {
    let Some(parcel) = store::shipment(r, id)? else { return Ok(None) };
    let orders = *r.wired::<Orders>()?;
    let facts = (orders.facts)(r, &parcel.order)?;
    let country = facts.as_ref().and_then(|facts| facts.country.as_deref());
    let unknown = view::unknown(r, &parcel, country);
    let clock = ShopClock::new(&r.wired::<Shop>()?.zone, r.now);
    Ok(Some(UnlinkedRow {
        href: format!("/a/parcels/{id}"),
        number: parcel.tracking.number.unwrap_or_default(),
        why: unknown.map(|unknown| unknown.why).unwrap_or_default(),
        order: facts.map(|facts| (facts.number, format!("/a/orders/{}", facts.id))),
        at: parcel.first_seen_at.to_string(),
        when: clock.short(parcel.first_seen_at),
    }))
}
