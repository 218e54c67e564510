//! Doing something with several orders of a list.

use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use db::Read;
use jobs::tasks;
use kernel::{Error, Result};
use serde_json::json;
use staff::{Member, Permission};
use web::{Failure, Form, see_other};

use super::acts::seen;
use super::view::{self, ResendPage, ResendRow};
use super::{Door, export, list, only};
use crate::resend::{self, may_resend};
use crate::{OrderId, store};

/// Orders of one page of the list.
const MOST_AT_ONCE: usize = 50;
const NOT_YOURS: &str = "Only a manager sends something to many people at once. Ask one of them.";

/// What somebody may do with several orders: the word, and what its button says.
pub(super) fn actions(member: &Member) -> Vec<(&'static str, &'static str)> {
    let all = [
        ("export", "Make a file of the ticked", Permission::Export),
        ("resend", "Send their confirmations again", Permission::ReachMany),
    ];
    let may = all.into_iter().filter(|(_, _, permission)| member.role.may(*permission));
    may.map(|(word, label, _)| (word, label)).collect()
}

/// `POST /a/orders/act`.
pub(super) async fn act(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    form: Form,
) -> Result<Response, Failure> {
    let ids = picked(&form)?;
    if ids.is_empty() {
        return Ok(see_other(&format!("{}?none=1", list::PATH))?);
    }
    match form.text("do") {
        "export" => {
            let ids: Vec<&str> = ids.iter().map(OrderId::as_str).collect();
            export::start(&door, member, json!({ "ids": ids })).await
        }
        "resend" => {
            only(&member, Permission::ReachMany, NOT_YOURS)?;
            let page = door.db.read("orders.check_resend", move |r| check(r, &ids)).await?;
            Ok(door.page("orders/staff-resend.html", "Send confirmations again", &page)?.into_response())
        }
        _ => Err(Error::invalid("unknown_action", "Choose what to do with the orders.").into()),
    }
}

/// The boxes that were ticked, or everything on the page.
fn picked(form: &Form) -> Result<Vec<OrderId>> {
    let ids: Vec<&str> = match form.has("all") {
        true => form.text("on_page").split(' ').filter(|id| !id.is_empty()).collect(),
        false => form.all("pick").collect(),
    };
    if ids.len() > MOST_AT_ONCE {
        return Err(Error::invalid("too_many", "Choose at most fifty orders at once."));
    }
    let mut ids = ids.into_iter().map(OrderId::parse).collect::<Result<Vec<_>>>()?;
    ids.sort();
    ids.dedup();
    Ok(ids)
}

/// Who would get what, before anything is sent.
fn check(r: &mut Read<'_>, ids: &[OrderId]) -> Result<ResendPage> {
    let mut rows = Vec::with_capacity(ids.len());
    for id in ids {
        let Some(stored) = store::stored(r, id)? else { continue };
        let so_far = resend::confirmations(r, id)?;
        rows.push(view::resend_row(&stored, so_far, may_resend(&stored, so_far).err()));
    }
    let sent: Vec<&ResendRow> = rows.iter().filter(|row| row.why_not.is_none()).collect();
    let mut people: Vec<&str> = sent.iter().map(|row| row.customer.as_str()).collect();
    people.sort_unstable();
    people.dedup();
    Ok(ResendPage { messages: sent.len(), people: people.len(), rows })
}

/// `POST /a/orders/resend`: what the page before has shown.
pub(super) async fn resend(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    form: Form,
) -> Result<Response, Failure> {
    only(&member, Permission::ReachMany, NOT_YOURS)?;
    let asked = form.all("order").map(asked_for).collect::<Result<Vec<_>>>()?;
    if asked.is_empty() || asked.len() > MOST_AT_ONCE {
        return Err(Error::invalid("too_many", "Choose between one and fifty orders at once.").into());
    }
    let task = door
        .db
        .write("orders.resend_many", move |w| {
            let task = tasks::start(w, resend::RESEND, &resend::spec(&asked), Some(member.id.as_str()))?;
            let (subject, how_many) = (("task", task.as_str()), asked.len().to_string());
            staff::note(w, Some(&member.id), "orders.resent", subject, None, Some(&how_many))?;
            Ok(task)
        })
        .await?;
    Ok(see_other(&format!("/a/tasks/{task}"))?)
}

/// `ord_…:2`: an order, and how many confirmations were seen of it.
fn asked_for(text: &str) -> Result<(OrderId, u32)> {
    let unreadable = || Error::invalid("unreadable", "Choose the orders anew.");
    let (id, count) = text.split_once(':').ok_or_else(unreadable)?;
    Ok((OrderId::parse(id)?, seen(count)?))
}
