//! The newest order's page in a brand that nobody has saved yet, for the page on which the brand is changed.

use std::sync::Arc;

use admin::PageInBrand;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use db::{Db, Read};
use kernel::{Brand, Error, Result, Shop};
use messaging::Wording;
use orders::OrderLink;
use portal::Portal;
use tower::ServiceExt;
use web::{Pages, Site};

/// An order page is some tens of kilobytes.
const PAGE_BYTES: usize = 1_000_000;

/// Makes such pages.
pub fn page_in_brand(db: Db, pages: Arc<Pages>, site: Site) -> PageInBrand {
    Arc::new(move |brand| {
        let (db, pages, site) = (db.clone(), pages.clone(), site.clone());
        Box::pin(async move { page(db, pages, site, brand).await })
    })
}

/// The page as its door makes it, within another portal. None while there is no order.
async fn page(db: Db, pages: Arc<Pages>, site: Site, brand: Brand) -> Result<Option<String>> {
    let newest = |r: &mut Read<'_>| Ok(orders::latest(r)?.map(|order| OrderLink::new(order, r.now)));
    let Some(link) = db.read("settings.newest_order", newest).await? else { return Ok(None) };
    let wiring = db.wiring();
    let shop = Arc::new(Shop { brand, ..wiring.get::<Shop>()?.clone() });
    let address = link.url(&shop);
    let path = address.strip_prefix(&shop.public_url).unwrap_or(&address);
    let request =
        Request::get(path).body(Body::empty()).map_err(|error| Error::internal(error.to_string()))?;
    let portal = Portal::new(pages, wiring.get_arc::<Wording>()?, shop);
    let router = orders::page::router(db, portal, site);
    let Ok(response) = router.oneshot(request).await;
    let body = to_bytes(response.into_body(), PAGE_BYTES).await;
    let body = body.map_err(|error| Error::internal(format!("the page in another brand: {error}")))?;
    Ok(Some(String::from_utf8_lossy(&body).into_owned()))
}
