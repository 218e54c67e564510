//! `/a/messages`: every message with its verdict and reason, and exactly what was sent, for the people who run the shop.
//!
//! GET only: looking changes nothing. A message is shown as it was written: rendered again from its frozen context.

mod preview;
mod rows;
mod view;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::routing::get;
use db::{Db, Read, SqlFile};
use kernel::{CustomerId, MessageId, Result, Shop, ShopClock, Timestamp};
use serde::{Deserialize, Serialize};
use web::headers::Framing;
use web::{Failure, HtmlPage, PageShell, Template};

use self::rows::Filter;
pub use self::view::LogRow;
use self::view::{LogPage, MessagePage};
use crate::inbox::view::{Body, View, forced_dark, forced_light};
use crate::inbox::why::why;
use crate::store;

/// The queries of these pages.
pub(crate) static FILE: &SqlFile = &rows::LOG;

/// The templates of these pages, which the staff's shell surrounds.
pub const TEMPLATES: &[Template] = &[
    Template { name: "messaging/log.html", source: include_str!("templates/log.html") },
    Template { name: "messaging/logged.html", source: include_str!("templates/logged.html") },
];

/// Messages on one page of the log.
const PER_PAGE: usize = 50;

#[derive(Clone)]
struct Door {
    db: Db,
    shell: Arc<dyn PageShell>,
}

/// The routes of the log, dressed by `shell`. Whoever mounts them lets nobody in but the staff.
pub fn router(db: Db, shell: Arc<dyn PageShell>) -> Router {
    Router::new()
        .route("/a/messages", get(list))
        .route("/a/messages/{id}", get(message))
        .route("/a/messages/{id}/html", get(html))
        .with_state(Door { db, shell })
}

#[derive(Debug, Default, Deserialize)]
struct Asked {
    show: Option<String>,
    older: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
struct Looks {
    view: Option<String>,
    dark: Option<String>,
}

async fn list(State(door): State<Door>, Query(asked): Query<Asked>) -> Result<HtmlPage, Failure> {
    let filter = Filter::of_name(asked.show.as_deref().unwrap_or_default());
    let before = asked.older.as_deref().map(MessageId::parse).transpose()?;
    let page = door.db.read("messaging.log", move |r| log_page(r, filter, before.as_ref())).await?;
    Ok(door.page("messaging/log.html", "Messages", &page)?)
}

fn log_page(r: &mut Read<'_>, filter: Filter, before: Option<&MessageId>) -> Result<LogPage> {
    let mut logged = rows::page(r, filter, before, PER_PAGE as i64 + 1)?;
    let is_more = logged.len() > PER_PAGE;
    logged.truncate(PER_PAGE);
    let oldest = logged.last().filter(|_| is_more).map(|row| row.id.clone());
    let clock = ShopClock::new(&r.wired::<Shop>()?.zone, r.now);
    Ok(view::log(filter, &logged, (before, oldest.as_ref()), &clock))
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
    let view = View::of_name(looks.view.as_deref().unwrap_or_default());
    let page = door.db.read("messaging.logged", move |r| message_page(r, &id, view)).await?;
    let html = door.page("messaging/logged.html", &page.title, &page)?;
    Ok(match page.body {
        Some(Body::Frame { .. }) => html.framing(Framing::Shows),
        Some(Body::Text { .. } | Body::Bubble { .. } | Body::Headers { .. }) | None => html,
    })
}

fn message_page(r: &mut Read<'_>, id: &MessageId, view: View) -> Result<MessagePage> {
    let message = store::find(r, id)?.ok_or_else(no_message)?;
    let explained = store::explained(r, &message.key)?;
    let events = timeline::about(r, ("message", id.as_str()), 50)?;
    let written = preview::of(r, &message);
    let clock = ShopClock::new(&r.wired::<Shop>()?.zone, r.now);
    let why = why(explained.as_ref(), &message.key, &clock);
    Ok(view::message(&message, why, written, timeline::cards(&events, &clock), view, &clock))
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
    fn page<T: Serialize>(&self, template: &str, title: &str, page: &T) -> Result<HtmlPage> {
        web::operators_page(&*self.shell, template, title, page)
    }
}

fn no_message() -> kernel::Error {
    kernel::Error::not_found("There is no such message.")
}
