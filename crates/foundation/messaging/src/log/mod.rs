//! `/a/messages`: every message with its verdict and reason, and exactly what was sent, for the people who run the shop.
//!
//! A GET changes nothing. A message is shown as it was written: rendered again from its frozen context. What somebody does
//! with it is in [`crate::actions`].

mod acts;
mod export;
mod preview;
mod rows;
mod view;

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Extension, Router};
use db::{Db, Read, SqlFile};
use kernel::{CustomerId, MessageId, Result, Shop, ShopClock, Timestamp};
use serde::{Deserialize, Serialize};
use staff::{Member, Permission};
use web::filters::Asked;
use web::headers::Framing;
use web::{Failure, HtmlPage, PageShell, Template};

pub use self::export::TASKS;
pub use self::view::LogRow;
use self::view::{LogPage, MessagePage};
use crate::inbox::view::{Body, View, forced_dark, forced_light};
use crate::inbox::why::why;
use crate::{actions, store};

/// The queries of these pages.
pub(crate) static FILE: &SqlFile = &rows::LOG;

/// The templates of these pages, which the staff's shell surrounds.
pub const TEMPLATES: &[Template] = &[
    Template { name: "messaging/log.html", source: include_str!("templates/log.html") },
    Template { name: "messaging/logged.html", source: include_str!("templates/logged.html") },
];

/// Messages on one page of the log.
const PER_PAGE: usize = 50;
/// Tries that are shown of one message.
const MOST_TRIES: i64 = 100;
/// Lines of the audit log that are shown of one message.
const MOST_ENTRIES: i64 = 20;

#[derive(Clone)]
struct Door {
    db: Db,
    shell: Arc<dyn PageShell>,
}

/// The routes of the log, dressed by `shell`. Whoever mounts them lets nobody in but the staff.
pub fn router(db: Db, shell: Arc<dyn PageShell>) -> Router {
    Router::new()
        .route("/a/messages", get(list))
        .route("/a/messages/act", post(acts::on_many))
        .route("/a/messages/export", post(export::begin))
        .route("/a/messages/{id}", get(message))
        .route("/a/messages/{id}/act", post(acts::on_one))
        .route("/a/messages/{id}/html", get(html))
        .with_state(Door { db, shell })
}

#[derive(Debug, Default, Deserialize)]
struct Looks {
    view: Option<String>,
    dark: Option<String>,
    did: Option<String>,
}

async fn list(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    Query(asked): Query<Asked>,
) -> Result<HtmlPage, Failure> {
    let before = asked.get("older").map(|id| MessageId::parse(id)).transpose()?;
    let page = door.db.read("messaging.log", move |r| log_page(r, &member, &asked, before.as_ref())).await?;
    let status = if page.bar.faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(door.page("messaging/log.html", "Messages", &page)?.status(status))
}

fn log_page(r: &mut Read<'_>, member: &Member, asked: &Asked, before: Option<&MessageId>) -> Result<LogPage> {
    let filters = rows::filters(r, asked)?;
    let (logged, found) = rows::page(r, &filters, before, PER_PAGE)?;
    let views = staff::views(r, member, "messages")?;
    let clock = ShopClock::new(&r.wired::<Shop>()?.zone, r.now);
    let may_export = member.role.may(Permission::Export);
    let page = view::log(&filters, &logged, (before, &found), named_views(views, member), &clock);
    Ok(LogPage { flash: acts::flash_of_many(asked), may_export, ..page })
}

/// Saved filters, as a bar shows them.
fn named_views(views: Vec<staff::SavedView>, member: &Member) -> Vec<web::filters::NamedView> {
    let named = |view: staff::SavedView| web::filters::NamedView {
        id: (view.is_own || member.role.may(Permission::Configure)).then(|| view.id.as_str().to_owned()),
        name: view.name,
        query: view.query,
    };
    views.into_iter().map(named).collect()
}

/// The messages to one person, whichever of these customers they are, newest first, as rows of the log.
pub fn of_customers(r: &mut Read<'_>, customers: &[CustomerId], limit: i64) -> Result<Vec<LogRow>> {
    let logged = rows::of_customers(r, customers, limit)?;
    let clock = ShopClock::new(&r.wired::<Shop>()?.zone, r.now);
    Ok(logged.iter().map(|row| view::row(row, &clock)).collect())
}

/// How many messages of the time since `since` are in trouble, and how many are held; neither counts beyond `most`.
pub fn that_need_a_look(r: &mut Read<'_>, since: Timestamp, most: i64) -> Result<(i64, i64)> {
    Ok((rows::count_in_trouble(r, since, most)?, rows::count_held(r, most)?))
}

async fn message(
    State(door): State<Door>,
    Path(id): Path<String>,
    Query(looks): Query<Looks>,
) -> Result<HtmlPage, Failure> {
    let id = MessageId::parse(&id)?;
    let flash = looks.did.as_deref().and_then(acts::flash_of_one);
    let view = View::of_name(looks.view.as_deref().unwrap_or_default());
    let page = door.db.read("messaging.logged", move |r| message_page(r, &id, view)).await?;
    door.message_page(&MessagePage { flash, ..page })
}

fn message_page(r: &mut Read<'_>, id: &MessageId, view: View) -> Result<MessagePage> {
    let (message, standing) = actions::look(r, id)?.ok_or_else(no_message)?;
    let explained = store::explained(r, &message.key)?;
    let events = timeline::about(r, ("message", id.as_str()), 50)?;
    let tries = rows::tries(r, id, MOST_TRIES)?;
    let said_again = actions::said_again(r, &message)?;
    let entries = staff::audited_about(r, ("message", id.as_str()), MOST_ENTRIES)?;
    let written = preview::of(r, &message);
    let clock = ShopClock::new(&r.wired::<Shop>()?.zone, r.now);
    let why = why(explained.as_ref(), &message.key, &clock);
    let page = view::message(&message, why, written, timeline::cards(&events, &clock), view, &clock);
    Ok(MessagePage {
        actions: view::actions(&standing),
        tries: tries.iter().map(|one| view::a_try(one, &clock)).collect(),
        said_again: said_again.map(|id| format!("/a/messages/{id}")),
        done_by: entries.iter().map(|entry| view::done_by(entry, &clock)).collect(),
        ..page
    })
}

async fn html(
    State(door): State<Door>,
    Path(id): Path<String>,
    Query(looks): Query<Looks>,
) -> Result<HtmlPage, Failure> {
    let id = MessageId::parse(&id)?;
    let written = door
        .db
        .read("messaging.logged_html", move |r| {
            let message = store::find(r, &id)?.ok_or_else(no_message)?;
            preview::of(r, &message)
        })
        .await?;
    let html = written.html.unwrap_or_default();
    let is_dark = looks.dark.as_deref() == Some("1");
    let html = if is_dark { forced_dark(&html) } else { forced_light(&html) };
    Ok(HtmlPage::new(html).framing(Framing::Shown))
}

impl Door {
    fn message_page(&self, page: &MessagePage) -> Result<HtmlPage, Failure> {
        let html = self.page("messaging/logged.html", &page.title, page)?;
        Ok(match page.body {
            Some(Body::Frame { .. }) => html.framing(Framing::Shows),
            Some(Body::Text { .. } | Body::Bubble { .. } | Body::Headers { .. }) | None => html,
        })
    }

    fn page<T: Serialize>(&self, template: &str, title: &str, page: &T) -> Result<HtmlPage> {
        web::operators_page(&*self.shell, template, title, page)
    }
}

fn no_message() -> kernel::Error {
    kernel::Error::not_found("There is no such message.")
}
