//! `/a/design`: every piece the pages are made of, in each of its states, for whoever builds one.

use axum::extract::State;
use kernel::{Result, Shop, ShopClock};
use orders::staff::OrderRow;
use serde::Serialize;
use timeline::Card;
use web::{Failure, HtmlPage};

use crate::door::Door;

/// What `admin/design.html` is given as `page`. Real rows where there are some, so that their states are seen.
#[derive(Debug, Serialize)]
struct DesignPage {
    events: Vec<Card>,
    orders: Vec<OrderRow>,
}

/// `GET /a/design`.
pub(crate) async fn show(State(door): State<Door>) -> Result<HtmlPage, Failure> {
    let page = door.db.read("staff.design", |r| {
        let (events, orders) = (timeline::latest(r, 3)?, orders::staff::latest(r, 5)?);
        let clock = ShopClock::new(&r.wired::<Shop>()?.zone, r.now);
        Ok(DesignPage { events: timeline::cards(&events, &clock), orders })
    });
    Ok(door.page("admin/design.html", "Pieces", &page.await?)?)
}
