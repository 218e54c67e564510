//! `/a/webhooks`: which programs are told what happens.

use ::staff::{Member, Permission, note};
use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use db::{Read, Write};
use kernel::{Error, Result, Shop, ShopClock};
use serde::Deserialize;
use url::Url;
use web::{Failure, Form, HtmlPage, see_other};

use super::Door;
use super::endpoint_forms::{self as forms, Typed};
use super::endpoint_view::{self as view, ListPage, OnePage};
use crate::webhooks::{DeliveryId, EndpointChange, EndpointId, endpoints, replay, store};

/// Deliveries on one page of an endpoint.
const PER_PAGE: usize = 50;
/// Sorts after every delivery.
const AFTER_ALL: &str = "wdl_~";
/// What the audit log calls an endpoint.
const SUBJECT: &str = "webhook_endpoint";

#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    older: Option<String>,
    done: Option<String>,
}

/// What a form has done, in words for the page it leads to.
fn done(word: Option<&str>) -> Option<&'static str> {
    Some(match word? {
        "changed" => "The endpoint is changed.",
        "on" => "The endpoint is on. What it missed can be sent again below.",
        "off" => "The endpoint is off. Nothing is sent to it.",
        "test" => "A test is on its way. Look below in a moment for the answer.",
        "again" => "It is sent again, under the same webhook-id.",
        "removed" => "The endpoint is removed.",
        _ => return None,
    })
}

/// `GET /a/webhooks`.
pub(super) async fn list(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    Query(asked): Query<Asked>,
) -> Result<HtmlPage, Failure> {
    member.role.require(Permission::Configure)?;
    let typed = Typed { wants_all: true, ..Typed::default() };
    let page = door.db.read("api.staff_webhooks", move |r| list_page(r, &typed)).await?;
    let page = ListPage { done: done(asked.done.as_deref()), ..page };
    Ok(door.page("api/staff-webhooks.html", "Webhooks", &page)?)
}

fn list_page(r: &mut Read<'_>, typed: &Typed) -> Result<ListPage> {
    let endpoints = store::endpoints(r)?;
    let clock = ShopClock::new(&r.wired::<Shop>()?.zone, r.now);
    let rows = endpoints.iter().map(|endpoint| view::row(endpoint, &clock)).collect();
    Ok(ListPage { rows, done: None, form: view::form(typed.clone()) })
}

/// `GET /a/webhooks/{id}`.
pub(super) async fn one(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<HtmlPage, Failure> {
    member.role.require(Permission::Configure)?;
    let id = EndpointId::parse(&id)?;
    let before = asked.older.as_deref().map(DeliveryId::parse).transpose()?;
    let page = door.db.read("api.staff_webhook", move |r| one_page(r, &id, before.as_ref(), None)).await?;
    shown(&door, &OnePage { done: done(asked.done.as_deref()), ..page })
}

fn shown(door: &Door, page: &OnePage) -> Result<HtmlPage, Failure> {
    Ok(door.page("api/staff-webhook.html", "Webhook endpoint", page)?)
}

/// The page of an endpoint; with its own fields in the form unless somebody has typed others.
fn one_page(
    r: &mut Read<'_>,
    id: &EndpointId,
    before: Option<&DeliveryId>,
    typed: Option<&Typed>,
) -> Result<OnePage> {
    let endpoint = endpoints::found(r, id)?;
    let from = before.map_or(AFTER_ALL, DeliveryId::as_str);
    let mut deliveries = store::deliveries(r, id, from, None, PER_PAGE as i64 + 1)?;
    let is_more = deliveries.len() > PER_PAGE;
    deliveries.truncate(PER_PAGE);
    let clock = ShopClock::new(&r.wired::<Shop>()?.zone, r.now);
    let form = view::form(typed.cloned().unwrap_or_else(|| view::typed(&endpoint)));
    let page = view::one(&endpoint, form, &clock);
    Ok(OnePage {
        older: deliveries.last().filter(|_| is_more).map(|last| format!("{}?older={}", page.path, last.id)),
        newest: before.map(|_| page.path.clone()),
        rows: deliveries.iter().map(|due| view::delivery(due, &clock)).collect(),
        ..page
    })
}

/// `POST /a/webhooks`: the answer shows the secret, this once.
pub(super) async fn add(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    form: Form,
) -> Result<Response, Failure> {
    member.role.require(Permission::Configure)?;
    let made = match forms::new(&form) {
        Ok(new) => {
            let add = move |w: &mut Write<'_>| {
                let (id, secret) = endpoints::create(w, &new)?;
                let host = host(&new.url);
                let subject = (SUBJECT, id.as_str());
                note(w, Some(&member.id), "webhook_endpoint.added", subject, None, Some(&host))?;
                Ok((id, secret.text()))
            };
            door.db.write("api.staff_add_webhook", add).await
        }
        Err(error) => Err(error),
    };
    match made {
        Ok((id, secret)) => {
            let page = door.db.read("api.staff_webhook", move |r| one_page(r, &id, None, None)).await?;
            let words =
                "The endpoint is made. Its receiver verifies each webhook with this secret.".to_owned();
            Ok(shown(&door, &OnePage { secret: Some((secret, words)), ..page })?.into_response())
        }
        Err(error) => {
            let typed = Typed { fault: Some(web::fault_of(error)?), ..Typed::of(&form) };
            let page = door.db.read("api.staff_webhooks", move |r| list_page(r, &typed)).await?;
            let page = door.page("api/staff-webhooks.html", "Webhooks", &page)?;
            Ok(page.status(StatusCode::UNPROCESSABLE_ENTITY).into_response())
        }
    }
}

/// What the audit log may hold of an address: the rest of it may be a secret.
fn host(url: &str) -> String {
    let host = Url::parse(url).ok().and_then(|url| url.host_str().map(str::to_owned));
    host.unwrap_or_else(|| "an address".to_owned())
}

/// `POST /a/webhooks/{id}`.
pub(super) async fn change(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Failure> {
    member.role.require(Permission::Configure)?;
    let id = EndpointId::parse(&id)?;
    let of = id.clone();
    let changed = match forms::change(&form) {
        Ok(change) => {
            let write = door.db.write("api.staff_change_webhook", move |w| {
                let before = endpoints::found(w, &of)?;
                let after = endpoints::change(w, &of, &change)?;
                let told = |endpoint: &endpoints::Endpoint| {
                    format!("{}: {}", host(&endpoint.url), endpoint.wanted.stored())
                };
                let (before, after) = (told(&before), told(&after));
                let subject = (SUBJECT, of.as_str());
                note(w, Some(&member.id), "webhook_endpoint.changed", subject, Some(&before), Some(&after))
            });
            write.await
        }
        Err(error) => Err(error),
    };
    match changed {
        Ok(()) => Ok(see_other(&format!("/a/webhooks/{id}?done=changed"))?),
        Err(error) => refused(&door, id, &form, error).await,
    }
}

async fn refused(door: &Door, id: EndpointId, form: &Form, error: Error) -> Result<Response, Failure> {
    let typed = Typed { fault: Some(web::fault_of(error)?), ..Typed::of(form) };
    let page = door.db.read("api.staff_webhook", move |r| one_page(r, &id, None, Some(&typed))).await?;
    Ok(shown(door, &page)?.status(StatusCode::UNPROCESSABLE_ENTITY).into_response())
}

/// `POST /a/webhooks/{id}/rotate`: the answer shows the new secret, this once.
pub(super) async fn rotate(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    member.role.require(Permission::Configure)?;
    let id = EndpointId::parse(&id)?;
    let of = id.clone();
    let rotated = door.db.write("api.staff_rotate", move |w| {
        let (secret, until) = endpoints::rotate(w, &of)?;
        let subject = (SUBJECT, of.as_str());
        note(w, Some(&member.id), "webhook_endpoint.rotated", subject, None, Some("changed"))?;
        let until = ShopClock::new(&w.wired::<Shop>()?.zone, w.now).long(until);
        Ok((
            secret.text(),
            format!("The secret before it signs too until {until}: change the receiver over by then."),
        ))
    });
    let secret = Some(rotated.await?);
    let page = door.db.read("api.staff_webhook", move |r| one_page(r, &id, None, None)).await?;
    Ok(shown(&door, &OnePage { secret, ..page })?.into_response())
}

/// `POST /a/webhooks/{id}/switch`, with `to` as `on` or `off`.
pub(super) async fn switch(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Failure> {
    member.role.require(Permission::Configure)?;
    let id = EndpointId::parse(&id)?;
    let (disabled, action, done) = match form.text("to") {
        "on" => (false, "webhook_endpoint.switched_on", "on"),
        "off" => (true, "webhook_endpoint.switched_off", "off"),
        _ => return Err(Error::invalid("unknown_word", "Switch it on or off.").into()),
    };
    let path = format!("/a/webhooks/{id}?done={done}");
    let write = door.db.write("api.staff_switch_webhook", move |w| {
        if endpoints::found(w, &id)?.disabled_at.is_some() == disabled {
            return Ok(());
        }
        endpoints::change(w, &id, &EndpointChange { disabled: Some(disabled), ..EndpointChange::default() })?;
        note(w, Some(&member.id), action, (SUBJECT, id.as_str()), None, None)
    });
    write.await?;
    Ok(see_other(&path)?)
}

/// `POST /a/webhooks/{id}/test`.
pub(super) async fn test(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    member.role.require(Permission::Configure)?;
    let id = EndpointId::parse(&id)?;
    let path = format!("/a/webhooks/{id}?done=test");
    let write = door.db.write("api.staff_test_webhook", move |w| {
        endpoints::test(w, &id)?;
        note(w, Some(&member.id), "webhook_endpoint.tested", (SUBJECT, id.as_str()), None, None)
    });
    write.await?;
    Ok(see_other(&path)?)
}

/// `POST /a/webhooks/{id}/remove`.
pub(super) async fn remove(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    member.role.require(Permission::Configure)?;
    let id = EndpointId::parse(&id)?;
    let write = door.db.write("api.staff_remove_webhook", move |w| {
        let host = host(&endpoints::found(w, &id)?.url);
        endpoints::delete(w, &id)?;
        note(w, Some(&member.id), "webhook_endpoint.removed", (SUBJECT, id.as_str()), Some(&host), None)
    });
    write.await?;
    Ok(see_other("/a/webhooks?done=removed")?)
}

/// `POST /a/webhooks/{id}/deliveries/{delivery}/again`.
pub(super) async fn send_again(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    Path((id, delivery)): Path<(String, String)>,
) -> Result<Response, Failure> {
    member.role.require(Permission::Configure)?;
    let (id, delivery) = (EndpointId::parse(&id)?, DeliveryId::parse(&delivery)?);
    let path = format!("/a/webhooks/{id}?done=again");
    let write = door.db.write("api.staff_send_again", move |w| {
        let of = store::delivery(w, &delivery)?.filter(|due| due.endpoint == id);
        of.ok_or_else(|| Error::not_found("There is no such delivery at this endpoint."))?;
        replay::one(w, &delivery)?;
        note(
            w,
            Some(&member.id),
            "webhook_delivery.sent_again",
            ("webhook_delivery", delivery.as_str()),
            None,
            None,
        )
    });
    write.await?;
    Ok(see_other(&path)?)
}
