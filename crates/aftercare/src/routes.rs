//! Every page and endpoint, and what protects them. Read from the bottom of each chain: the last word is outermost.

use std::sync::{Arc, OnceLock};

use admin::StaffShell;
use axum::Router;
use axum::routing::any;
use kernel::{Dice, Result, Shop};
use messaging::Wording;
use portal::Portal;
use web::{HeaderPolicy, Link, PageShell, Pages, PlainShell, Requests, Site, Template};

use crate::brand_look::page_in_brand;
use crate::gates::Gates;
use crate::house::House;
use crate::{checks, demo, operations};

/// The most bytes a request may have.
const BODY_BYTES: usize = 1_000_000;
/// The most bytes of a one-click unsubscription, which says one thing.
const ONE_CLICK_BYTES: usize = 10_000;

/// Every page template of the program.
pub fn templates() -> Vec<&'static [Template]> {
    vec![
        portal::templates(),
        messaging::inbox::TEMPLATES,
        messaging::you::TEMPLATES,
        messaging::log::TEMPLATES,
        messaging::design::TEMPLATES,
        orders::staff::TEMPLATES,
        shipments::staff::TEMPLATES,
        orders::find::TEMPLATES,
        orders::history::view::TEMPLATES,
        account::TEMPLATES,
        platforms::staff::TEMPLATES,
        api::staff::TEMPLATES,
        checks::TEMPLATES,
        admin::TEMPLATES,
        api::docs::TEMPLATES,
        demo::TEMPLATES,
    ]
}

/// The pages of the program: the same for every shop and every setting, so a process makes them once.
pub fn pages() -> Result<Arc<Pages>> {
    static PAGES: OnceLock<Arc<Pages>> = OnceLock::new();
    if let Some(pages) = PAGES.get() {
        return Ok(pages.clone());
    }
    let pages = Arc::new(Pages::new(&templates())?);
    Ok(PAGES.get_or_init(|| pages).clone())
}

/// The whole program as one service, with the demo's pages when it is one.
pub fn router(house: &House, mut dice: Dice, demo: Option<Router>) -> Result<Router> {
    let staffs_dice = dice.fork();
    let doors = Doors::of(house, demo.is_some())?;
    let requests = Requests::new(dice, house.db.clock().clone(), house.config.trusted_proxies.clone());
    let plain = doors.plain(house, demo)?;
    let staff = doors.staff(house, staffs_dice);
    let all = doors.shopper(house).merge(staff).merge(plain).merge(doors.machines(house)).merge(doors.assets);
    Ok(web::observed(web::secured(all, doors.headers), requests))
}

/// The plain shell for pages that are not the merchant's.
pub fn plain_shell(house: &House, is_demo: bool, pages: Arc<Pages>) -> Arc<dyn PageShell> {
    let demo = is_demo.then(|| Link::new("Demo", "/demo"));
    let inbox = house.config.uses_inbox().then(|| Link::new("Inbox", "/inbox"));
    let nav = [demo, inbox, Some(Link::new("API", "/docs"))];
    Arc::new(PlainShell::new(pages, nav.into_iter().flatten().collect()))
}

/// What surrounds the staff's pages.
fn staff_shell(house: &House, is_demo: bool, shop: &Shop, pages: Arc<Pages>) -> Arc<StaffShell> {
    let demo = is_demo.then(|| Link::new("Demo", "/demo"));
    let inbox = house.config.uses_inbox().then(|| Link::new("Inbox", "/inbox"));
    let more = [demo, inbox, Some(Link::new("API", "/docs"))];
    StaffShell::new(pages, &shop.brand.name, more.into_iter().flatten().collect())
}

struct Doors {
    pages: Arc<Pages>,
    portal: Arc<Portal>,
    plain: Arc<dyn PageShell>,
    staff: Arc<StaffShell>,
    site: Site,
    headers: HeaderPolicy,
    assets: Router,
    gates: Arc<Gates>,
}

impl Doors {
    fn of(house: &House, is_demo: bool) -> Result<Self> {
        let shop: Arc<Shop> = house.db.wiring().get_arc()?;
        let words: Arc<Wording> = house.db.wiring().get_arc()?;
        let pages = pages()?;
        let site = Site::parse(&house.config.public_url)?;
        Ok(Doors {
            plain: plain_shell(house, is_demo, pages.clone()),
            staff: staff_shell(house, is_demo, &shop, pages.clone()),
            assets: web::assets::router(),
            portal: Portal::new(pages.clone(), words, shop),
            pages,
            headers: HeaderPolicy::default(),
            gates: house.gates.clone(),
            site,
        })
    }

    /// What customers see.
    fn shopper(&self, house: &House) -> Router {
        let shell: Arc<dyn PageShell> = self.portal.clone();
        let connected = house.providers.connected();
        let pages = portal::router(self.portal.clone())
            .merge(orders::page::router(house.db.clone(), shell.clone(), self.site.clone()))
            .merge(orders::find::router(house.db.clone(), shell.clone()))
            .merge(self.own(house, &shell));
        let decisions = messaging::you::router(house.db.clone(), shell, &connected);
        let routes = web::admitted(pages, self.gates.shoppers.clone())
            .merge(web::admitted(decisions, self.gates.decisions.clone()));
        // Whoever mistypes an address is most likely a customer.
        let routes = routes.fallback(web::error::no_such_page);
        let guarded = web::guarded(web::limit_body(routes, BODY_BYTES), self.site.clone());
        // Mail programs unsubscribe their readers from wherever they are: the one form that may come from elsewhere.
        let one_click = web::limit_body(messaging::you::one_click_router(house.db.clone()), ONE_CLICK_BYTES);
        let one_click = web::admitted(one_click, self.gates.decisions.clone());
        web::failures_painted(guarded.merge(one_click), self.portal.painter())
    }

    /// What a customer sees who is signed in.
    fn own(&self, house: &House, shell: &Arc<dyn PageShell>) -> Router {
        let pages = account::router(house.db.clone(), shell.clone(), self.site.clone())
            .merge(orders::history::router(house.db.clone(), shell.clone()));
        account::recognised(pages, house.db.clone(), self.site.clone())
    }

    /// What the people who work at the shop see, once they are let in.
    fn staff(&self, house: &House, dice: Dice) -> Router {
        let shell: Arc<dyn PageShell> = self.staff.clone();
        let designs = messaging::design::router(house.db.clone(), shell.clone(), house.providers.clone());
        let rooms = messaging::log::router(house.db.clone(), shell.clone())
            .merge(designs)
            .merge(orders::staff::router(house.db.clone(), shell.clone()))
            .merge(shipments::staff::router(house.db.clone(), shell.clone()))
            .merge(platforms::staff::router(house.db.clone(), shell.clone()))
            .merge(api::staff::router(house.db.clone(), shell.clone()))
            .merge(checks::router(house, shell.clone()));
        let door =
            admin::Door::new(house.db.clone(), shell, self.site.clone(), &house.config.public_url, dice)
                .sending_by(house.providers.clone())
                .showing(page_in_brand(house.db.clone(), self.pages.clone(), self.site.clone()));
        let guarded =
            web::guarded(web::limit_body(admin::router(door, rooms), BODY_BYTES), self.site.clone());
        let guarded = web::admitted(guarded, self.gates.staff.clone());
        web::failures_painted(guarded, admin::painter(self.staff.clone()))
    }

    /// What the people who run it see: the inbox, the documents, the demo's pages.
    fn plain(&self, house: &House, demo: Option<Router>) -> Result<Router> {
        let public_url = house.config.public_url.clone();
        let document = move || {
            let mut openapi = serde_json::to_value(api::openapi())?;
            openapi["servers"] = serde_json::json!([{ "url": public_url }]);
            Ok(openapi)
        };
        let mut routes = api::docs::router(Box::new(document), self.plain.clone());
        if house.config.uses_inbox() {
            let demo_path = demo.is_some().then_some("/demo");
            routes = routes.merge(messaging::inbox::router(house.db.clone(), self.plain.clone(), demo_path));
        }
        if let Some(demo) = demo {
            routes = routes.merge(demo);
        }
        let guarded = web::guarded(web::limit_body(routes, BODY_BYTES), self.site.clone());
        let guarded = web::admitted(guarded, self.gates.plain.clone());
        let words = Arc::new(web::error::plain_words);
        Ok(web::failures_painted(guarded, web::error::as_pages(self.plain.clone(), words)))
    }

    /// What programs see.
    fn machines(&self, house: &House) -> Router {
        let webhooks = platforms::hooks(house.db.clone())
            .merge(messaging::sms::hooks(house.db.clone(), house.text_settings()));
        let routes = web::admitted(api::router(house.db.clone()), self.gates.api.clone())
            .merge(web::admitted(webhooks, self.gates.webhooks.clone()))
            .merge(operations::router(house.db.clone(), house.providers.clone(), self.gates.all()))
            .route("/v1/{*rest}", any(web::error::no_such_page));
        web::failures_painted(web::limit_body(routes, BODY_BYTES), web::error::as_problems())
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_template_is_one() {
        super::pages().and_then(|pages| pages.check()).unwrap();
    }
}
