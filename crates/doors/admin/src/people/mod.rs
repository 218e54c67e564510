//! `/a/customers`: who they are, everything that happened to them in one stream, and what the shop does about it.

mod acting;
mod erase;
mod ledger;
mod list;
mod merge;
pub(crate) mod named;
mod notes;
mod pause;
pub(crate) mod reached;
pub(crate) mod stream;
pub(crate) mod view;
mod words;
mod wrong;

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::routing::{get, post};
use axum::{Extension, http::StatusCode, response::IntoResponse, response::Response};
use db::Read;
use kernel::{CustomerId, Error, EventId, Result, Shop, ShopClock};
use messaging::Templates;
use serde::Deserialize;
use staff::{Member, Permission};
use web::{Failure, HtmlPage};

pub(crate) use self::acting::{found, only_managers};
pub(crate) use self::list::CustomerRow;
use self::stream::Filter;
use self::view::{CustomerPage, Fault, Typed};
use crate::door::{Door, fault_of};

/// Events on one page of a timeline.
const EVENTS: usize = 50;
/// Orders and messages that are listed of one customer.
const MOST_LISTED: i64 = 20;

/// Every page and form about customers.
pub(crate) fn routes() -> Router<Door> {
    Router::new()
        .route("/a/customers/{id}", get(show))
        .route("/a/customers/{id}/notes", post(notes::write))
        .route("/a/customers/{id}/contacts", post(notes::log))
        .route("/a/customers/{id}/notes/{note}", get(notes::ask).post(notes::edit))
        .route("/a/customers/{id}/notes/{note}/remove", post(notes::remove))
        .route("/a/customers/{id}/incidents", post(wrong::open))
        .route("/a/customers/{id}/incidents/{incident}/close", post(wrong::close))
        .route("/a/customers/{id}/pause", post(pause::pause))
        .route("/a/customers/{id}/resume", post(pause::resume))
        .route("/a/customers/{id}/consents", get(ledger::show))
        .route("/a/customers/{id}/merge", get(merge::ask).post(merge::merge))
        .route("/a/customers/{id}/unmerge", post(merge::unmerge))
        .route("/a/customers/{id}/export", post(erase::export))
        .route("/a/customers/{id}/erase", get(erase::ask).post(erase::erase))
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    show: Option<String>,
    older: Option<String>,
}

/// `GET /a/customers/{id}`. Whoever was merged is shown as who they are now.
async fn show(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<HtmlPage, Failure> {
    let id = CustomerId::parse(&id)?;
    let filter = Filter::of_name(asked.show.as_deref().unwrap_or_default());
    let after = asked.older.as_deref().map(EventId::parse).transpose()?;
    Ok(shown(&door, member, id, (filter, after), Typed::default()).await?)
}

/// The page again, with what is wrong beside the form it was typed into.
async fn again(
    door: &Door,
    member: Member,
    id: CustomerId,
    form: &'static str,
    typed: Typed,
    error: Error,
) -> Result<Response, Failure> {
    let fault = Some(Fault { form, words: fault_of(error)? });
    let page = shown(door, member, id, (Filter::All, None), Typed { fault, ..typed }).await?;
    Ok(page.status(StatusCode::UNPROCESSABLE_ENTITY).into_response())
}

async fn shown(
    door: &Door,
    member: Member,
    id: CustomerId,
    part: (Filter, Option<EventId>),
    typed: Typed,
) -> Result<HtmlPage> {
    let once = customers::NoteId::new(door.db.now(), &mut door.dice());
    let page = door
        .db
        .read("staff.customer", move |r| {
            let typed = Typed { once: once.as_str().to_owned(), ..typed.clone() };
            customer_page(r, &member, &id, &part, typed)
        })
        .await?;
    let title = if page.forms.fault.is_some() { format!("Error: {}", page.name) } else { page.name.clone() };
    door.page("admin/customer.html", &title, &page)
}

fn customer_page(
    r: &mut Read<'_>,
    member: &Member,
    id: &CustomerId,
    (filter, after): &(Filter, Option<EventId>),
    typed: Typed,
) -> Result<CustomerPage> {
    let person = found(r, id)?;
    let ids = person.ids();
    let mut events = timeline::of_customers(r, &ids, filter.about(), after.as_ref(), EVENTS as i64 + 1)?;
    let is_more = events.len() > EVENTS;
    events.truncate(EVENTS);
    let path = format!("/a/customers/{}", person.id);
    let part = filter.query();
    let older = events.last().filter(|_| is_more).map(|last| format!("{path}?{part}older={}", last.id));
    let team = stream::Team::of(r)?;
    let lines = stream::lines(r, &events, &team, &path)?;
    let known = reached::known(r, &person, &team)?;
    let wrong = wrong::rows(r, &person)?;
    let merged = merge::rows(r, &person)?;
    let orders = orders::staff::of_customers(r, &ids, MOST_LISTED)?;
    let messages = messaging::log::of_customers(r, &ids, MOST_LISTED)?;
    let erasure = erase::standing(r, &person)?;
    let templates = view::templates(r.wired::<Templates>()?);
    let (zone, now) = (r.wired::<Shop>()?.zone.clone(), r.now);
    let clock = ShopClock::new(&zone, now);
    let now_local = now.local_in(&zone);
    let forms = if typed.at.is_empty() { Typed { at: now_local.clone(), ..typed } } else { typed };
    Ok(CustomerPage {
        known_as: person.id.to_string(),
        name: view::called(&person),
        at: person.created_at.to_string(),
        since: clock.short(person.created_at),
        paused: person.paused_until.filter(|until| *until > now).map(|until| clock.long(until)),
        erasure,
        merged,
        chips: Filter::chips(*filter, &path),
        nothing: filter.nothing(),
        lines,
        older,
        newest: after.as_ref().map(|_| format!("{path}?{part}").trim_end_matches(['?', '&']).to_owned()),
        known,
        wrong,
        kinds: wrong::kinds(),
        today: now_local.split('T').next().unwrap_or_default().to_owned(),
        forms,
        templates,
        may_manage: member.role.may(Permission::ManageCustomers),
        orders,
        messages,
        path,
    })
}
