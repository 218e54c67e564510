//! `/a/connections`: the shops that send their orders here, for the people who see to them.
//!
//! Whoever may configure the shop adds one, changes its secret or key, pauses it and takes it away; what came of each
//! webhook is shown, and one can be read again. Every change is in the audit log, with its secrets as "changed".

mod acts;
mod forms;
mod guide;
mod view;

use std::sync::Arc;

use ::staff::{Member, Permission};
use axum::extract::{Path, Query, State};
use axum::routing::{get, post};
use axum::{Extension, Router};
use db::{Db, Read};
use kernel::{Result, Shop, ShopClock};
use serde::{Deserialize, Serialize};
use web::{Failure, HtmlPage, PageShell, Template};

use self::forms::Typed;
use self::view::{ListPage, OnePage};
use crate::platform::Platform;
use crate::{ConnectionId, WebhookId, manage, replay};

/// The templates of these pages, which the staff's shell surrounds.
pub const TEMPLATES: &[Template] = &[
    Template { name: "platforms/staff-list.html", source: include_str!("templates/list.html") },
    Template { name: "platforms/staff-new.html", source: include_str!("templates/new.html") },
    Template { name: "platforms/staff-one.html", source: include_str!("templates/one.html") },
];

/// Webhooks on one page of a shop.
const PER_PAGE: usize = 50;

#[derive(Clone)]
struct Door {
    db: Db,
    shell: Arc<dyn PageShell>,
}

/// The routes, dressed by `shell`. Whoever mounts them lets nobody in but the staff.
pub fn router(db: Db, shell: Arc<dyn PageShell>) -> Router {
    Router::new()
        .route("/a/connections", get(list))
        .route("/a/connections/new/{platform}", get(new).post(acts::add))
        .route("/a/connections/{id}", get(one))
        .route("/a/connections/{id}/secret", post(acts::change_secret))
        .route("/a/connections/{id}/access", post(acts::change_access))
        .route("/a/connections/{id}/pause", post(acts::pause))
        .route("/a/connections/{id}/resume", post(acts::resume))
        .route("/a/connections/{id}/remove", post(acts::remove))
        .route("/a/connections/{id}/webhooks/{webhook}/again", post(acts::process_again))
        .with_state(Door { db, shell })
}

#[derive(Debug, Default, Deserialize)]
struct Asked {
    older: Option<String>,
    done: Option<String>,
}

/// What a form has done, in words for the page it leads to.
fn done(word: Option<&str>) -> Option<&'static str> {
    Some(match word? {
        "again" => "The webhook is read again. Look below in a moment for what came of it.",
        "secret" => "The secret is changed. It counts from the next webhook on.",
        "access" => "Address and key are changed. The list of orders is read now.",
        "paused" => "It is paused. Its webhooks are refused until you resume it.",
        "resumed" => "It goes on.",
        "removed" => "It is removed. What came from it stays; its secret and key are gone.",
        _ => return None,
    })
}

async fn list(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    Query(asked): Query<Asked>,
) -> Result<HtmlPage, Failure> {
    member.role.require(Permission::Configure)?;
    let page = door.db.read("platforms.staff_list", move |r| {
        let connected = manage::list(r)?;
        let clock = ShopClock::new(&r.wired::<Shop>()?.zone, r.now);
        let rows = connected.iter().map(|shop| view::row(shop, &clock)).collect();
        let (shops, services) = (view::choices(true), view::choices(false));
        Ok(ListPage { rows, shops, services, done: done(asked.done.as_deref()) })
    });
    Ok(door.page("platforms/staff-list.html", "Connections", &page.await?)?)
}

async fn new(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    Path(platform): Path<String>,
) -> Result<HtmlPage, Failure> {
    member.role.require(Permission::Configure)?;
    let page = view::new(named(&platform)?, Typed::default());
    Ok(door.page("platforms/staff-new.html", &format!("Connect {}", page.name), &page)?)
}

/// The platform that an address names.
fn named(word: &str) -> Result<Platform> {
    Platform::parse(word).map_err(|_| kernel::Error::not_found("There is no such platform."))
}

async fn one(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<HtmlPage, Failure> {
    member.role.require(Permission::Configure)?;
    let id = ConnectionId::parse(&id)?;
    let before = asked.older.as_deref().map(WebhookId::parse).transpose()?;
    let page = door.db.read("platforms.staff_one", move |r| one_page(r, &id, before.as_ref(), None)).await?;
    let page = OnePage { done: done(asked.done.as_deref()), ..page };
    Ok(door.page("platforms/staff-one.html", &page.name, &page)?)
}

fn one_page(
    r: &mut Read<'_>,
    id: &ConnectionId,
    before: Option<&WebhookId>,
    secret: Option<String>,
) -> Result<OnePage> {
    let shop = manage::find(r, id)?;
    let mut webhooks = replay::inbox_of(r, id, before, PER_PAGE as i64 + 1)?;
    let is_more = webhooks.len() > PER_PAGE;
    webhooks.truncate(PER_PAGE);
    let ours = r.wired::<Shop>()?;
    let clock = ShopClock::new(&ours.zone, r.now);
    let page = view::one(&shop, &ours.public_url, secret, &clock);
    Ok(OnePage {
        older: webhooks.last().filter(|_| is_more).map(|last| format!("{}?older={}", page.path, last.id)),
        newest: before.map(|_| page.path.clone()),
        rows: webhooks.iter().map(|row| view::webhook(row, shop.health.platform, &clock)).collect(),
        ..page
    })
}

impl Door {
    fn page<T: Serialize>(&self, template: &str, title: &str, page: &T) -> Result<HtmlPage> {
        web::operators_page(&*self.shell, template, title, page)
    }
}
