//! `/inbox`: the built-in inbox as pages, for whoever tries the program out or develops with it.
//!
//! GET only: looking changes nothing. A mail's own HTML is a stranger's document. It has an address of its own and
//! is shown in a sandboxed frame, under a policy that lets no script run.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::routing::get;
use db::{Db, Read};
use kernel::{Channel, Result, Shop, ShopClock};
use serde::{Deserialize, Serialize};
use web::headers::Framing;
use web::{Failure, HtmlPage, PageShell};

use super::kept::{self, Cursor};
use super::view::{Body, InboxList, InboxMessage, View, forced_dark, forced_light};
use super::{InboxMailId, fill, why};
use crate::sms::reports;
use crate::store;

/// What the handlers share.
#[derive(Clone)]
struct Door {
    db: Db,
    shell: Arc<dyn PageShell>,
    demo: Option<&'static str>,
}

/// The routes of the inbox, dressed by `shell`; an empty inbox points to `demo`, where an order can be placed.
pub fn router(db: Db, shell: Arc<dyn PageShell>, demo: Option<&'static str>) -> Router {
    Router::new()
        .route("/inbox", get(list))
        .route("/inbox/{id}", get(message))
        .route("/inbox/{id}/html", get(html))
        .with_state(Door { db, shell, demo })
}

/// Which page of the list is asked for.
#[derive(Debug, Default, Deserialize)]
struct Paging {
    older: Option<String>,
    newer: Option<String>,
}

/// How a mail is asked for.
#[derive(Debug, Default, Deserialize)]
struct Looks {
    view: Option<String>,
    dark: Option<String>,
}

async fn list(State(door): State<Door>, Query(paging): Query<Paging>) -> Result<HtmlPage, Failure> {
    let (cursor, demo) = (cursor(&paging)?, door.demo);
    let list = door.db.read("messaging.inbox_list", move |r| list_of(r, &cursor, demo)).await?;
    Ok(door.page("messaging/list.html", "Inbox", &list)?)
}

async fn message(
    State(door): State<Door>,
    Path(id): Path<String>,
    Query(looks): Query<Looks>,
) -> Result<HtmlPage, Failure> {
    let id = InboxMailId::parse(&id)?;
    let view = View::of_name(looks.view.as_deref().unwrap_or_default());
    let message = door.db.read("messaging.inbox_message", move |r| message_of(r, &id, view)).await?;
    let page = door.page("messaging/message.html", &message.subject, &message)?;
    Ok(match message.body {
        Body::Frame { .. } => page.framing(Framing::Shows),
        Body::Text { .. } | Body::Bubble { .. } | Body::Headers { .. } => page,
    })
}

async fn html(
    State(door): State<Door>,
    Path(id): Path<String>,
    Query(looks): Query<Looks>,
) -> Result<HtmlPage, Failure> {
    let id = InboxMailId::parse(&id)?;
    let mail = door.db.read("messaging.inbox_html", move |r| kept::mail(r, &id)).await?;
    let is_dark = looks.dark.as_deref() == Some("1");
    let html = if is_dark { forced_dark(&mail.html) } else { forced_light(&mail.html) };
    Ok(HtmlPage::new(html).framing(Framing::Shown))
}

impl Door {
    fn page<T: Serialize>(&self, template: &str, title: &str, page: &T) -> Result<HtmlPage> {
        web::operators_page(&*self.shell, template, title, page)
    }
}

fn cursor(paging: &Paging) -> Result<Cursor> {
    match (&paging.older, &paging.newer) {
        (Some(id), _) => InboxMailId::parse(id).map(Cursor::OlderThan),
        (None, Some(id)) => InboxMailId::parse(id).map(Cursor::NewerThan),
        (None, None) => Ok(Cursor::Newest),
    }
}

fn list_of(r: &mut Read<'_>, cursor: &Cursor, demo: Option<&str>) -> Result<InboxList> {
    let page = kept::page(r, cursor)?;
    let clock = ShopClock::new(&r.wired::<Shop>()?.zone, r.now);
    Ok(fill::list(&page, &clock, demo))
}

fn message_of(r: &mut Read<'_>, id: &InboxMailId, view: View) -> Result<InboxMessage> {
    let mail = kept::mail(r, id)?;
    let explained = store::explained(r, why::key_of(&mail.message_id))?;
    if mail.channel == Channel::Sms {
        let sent =
            explained.as_ref().map(|message| reports::sent_text(r, &message.id)).transpose()?.flatten();
        let shop = r.wired::<Shop>()?;
        let clock = ShopClock::new(&shop.zone, r.now);
        return Ok(fill::text(&mail, sent.as_ref(), explained.as_ref(), &clock, shop));
    }
    let clock = ShopClock::new(&r.wired::<Shop>()?.zone, r.now);
    Ok(fill::message(&mail, explained.as_ref(), &clock, view))
}
