//! `/a/templates`: what each message says and how it is laid out, for the people who run the shop.
//!
//! One form holds the whole editor. Whatever is pressed in it, what was typed is kept first, as a draft of the one who
//! typed it; then the press is done, and the page is shown again. So nothing is lost on the way, nothing is used before
//! *Save*, and all of it works without scripts.

mod editor;
mod fields;
mod fill;
mod form;
mod history;
mod looks;
mod test_send;
mod view;

use std::sync::Arc;

use axum::extract::State;
use axum::routing::{get, post};
use axum::{Extension, Router};
use db::{Db, Read};
use kernel::{Error, Kind, Result, Shop, ShopClock};
use serde::Serialize;
use staff::{Member, Permission};
use web::{Failure, HtmlPage, PageShell};

use super::offer::Offer;
use super::store;
use crate::providers::Providers;
use crate::template::{Template, Templates};
use view::{ListPage, TemplateRow};

/// The templates of these pages, which the staff's shell surrounds.
pub const TEMPLATES: &[web::Template] = &[
    web::Template { name: "messaging/templates.html", source: include_str!("templates/templates.html") },
    web::Template { name: "messaging/template.html", source: include_str!("templates/template.html") },
    web::Template {
        name: "messaging/template-parts.html",
        source: include_str!("templates/template-parts.html"),
    },
    web::Template { name: "messaging/meanwhile.html", source: include_str!("templates/meanwhile.html") },
    web::Template { name: "messaging/versions.html", source: include_str!("templates/versions.html") },
];

#[derive(Clone)]
struct Door {
    db: Db,
    shell: Arc<dyn PageShell>,
    providers: Arc<Providers>,
}

/// The routes, dressed by `shell`; tests leave through `providers`. Whoever mounts them lets nobody in but the staff.
pub fn router(db: Db, shell: Arc<dyn PageShell>, providers: Arc<Providers>) -> Router {
    Router::new()
        .route("/a/templates", get(list))
        .route("/a/templates/{id}", get(editor::show).post(editor::press))
        .route("/a/templates/{id}/html", get(editor::html))
        .route("/a/templates/{id}/meanwhile", get(history::meanwhile))
        .route("/a/templates/{id}/versions", get(history::versions))
        .route("/a/templates/{id}/versions/{version}/bring-back", post(history::bring_back))
        .with_state(Door { db, shell, providers })
}

/// `GET /a/templates`.
async fn list(State(door): State<Door>, Extension(member): Extension<Member>) -> Result<HtmlPage, Failure> {
    let page = door.db.read("messaging.templates", move |r| list_page(r, &member)).await?;
    Ok(door.page("messaging/templates.html", "Templates", &page)?)
}

fn list_page(r: &mut Read<'_>, member: &Member) -> Result<ListPage> {
    let templates = r.wired::<Templates>()?.clone();
    let (drafts, people) = (store::drafts(r, &member.id)?, staff::accounts(r)?);
    let mut rows = Vec::new();
    for template in templates.all() {
        let Some(offer) = template.offer else { continue };
        let latest = store::latest(r, template.id)?;
        let clock = ShopClock::new(&r.wired::<Shop>()?.zone, r.now);
        let has_draft = drafts.iter().any(|draft| draft == template.id);
        let version = latest.map(|latest| fill::version(&latest, &people, &clock));
        rows.push(TemplateRow::new(template, offer, version, has_draft));
    }
    let some_stay = templates.all().iter().any(|template| template.offer.is_none());
    Ok(ListPage { rows, some_stay })
}

/// The template of an address and what it offers; one that stays as it is has no page.
fn offered(r: &Read<'_>, id: &str) -> Result<(Template, &'static Offer)> {
    let found = r.wired::<Templates>()?.all().iter().find(|template| template.id == id).copied();
    let none = || Error::not_found("There is no such template.");
    let template = found.ok_or_else(none)?;
    Ok((template, template.offer.ok_or_else(none)?))
}

fn may_change(member: &Member) -> bool {
    member.role.may(Permission::Configure)
}

fn only_managers(member: &Member) -> Result<()> {
    if may_change(member) {
        return Ok(());
    }
    let words = "Managers and owners decide what messages say. Ask one of them.";
    Err(Error::new(Kind::Forbidden, "not_allowed", words))
}

impl Door {
    fn page<T: Serialize>(&self, template: &str, title: &str, page: &T) -> Result<HtmlPage> {
        web::operators_page(&*self.shell, template, title, page)
    }
}
