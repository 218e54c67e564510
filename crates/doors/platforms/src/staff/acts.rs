//! What the forms on these pages do. Each change is written to the audit log in the write that makes it.

use ::staff::{Member, Permission, note};
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use db::Write;
use kernel::{Error, Result};
use web::{Failure, Form, see_other};

use super::forms::{self, Typed};
use super::guide::{SecretOf, guide};
use super::view::{self, OnePage};
use super::{Door, named, one_page};
use crate::connections::Connection;
use crate::{ConnectionId, WebhookId, manage, replay};

/// What the audit log calls a connection.
const SUBJECT: &str = "connection";

/// `POST /a/connections/new/{platform}`: the answer shows address and secret, this once.
pub(super) async fn add(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    Path(platform): Path<String>,
    form: Form,
) -> Result<Response, Failure> {
    member.role.require(Permission::Configure)?;
    let platform = named(&platform)?;
    let made = match forms::new(&form, platform) {
        Ok(new) => {
            let add = move |w: &mut Write<'_>| {
                let made = manage::add(w, &new)?;
                let what = format!("{} ({})", new.name, new.platform.as_str());
                note(
                    w,
                    Some(&member.id),
                    "connection.added",
                    (SUBJECT, made.id.as_str()),
                    None,
                    Some(&what),
                )?;
                Ok(made)
            };
            door.db.write("platforms.staff_add", add).await
        }
        Err(error) => Err(error),
    };
    match made {
        Ok(made) => shown_once(&door, made, true).await,
        Err(error) => {
            let page = view::new(platform, Typed::refused(&form, error)?);
            let title = format!("Connect {}", page.name);
            let page = door.page("platforms/staff-new.html", &title, &page)?;
            Ok(page.status(StatusCode::UNPROCESSABLE_ENTITY).into_response())
        }
    }
}

/// The page of a shop with the secret that was just made for it. One that the platform made is known there.
async fn shown_once(door: &Door, made: Connection, is_new: bool) -> Result<Response, Failure> {
    let page = door.db.read("platforms.staff_one", move |r| {
        let is_ours = guide(manage::find(r, &made.id)?.health.platform).secret == SecretOf::Us;
        one_page(r, &made.id, None, is_ours.then(|| made.secret.clone()))
    });
    let page = OnePage { is_new, ..page.await? };
    Ok(door.page("platforms/staff-one.html", &page.name, &page)?.into_response())
}

/// `POST /a/connections/{id}/secret`: the platform's own where it makes one, else a new one of ours, shown once.
pub(super) async fn change_secret(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Failure> {
    member.role.require(Permission::Configure)?;
    let id = ConnectionId::parse(&id)?;
    let (of, typed) = (id.clone(), form.clone());
    let changed = door.db.write("platforms.staff_secret", move |w| {
        let platform = manage::find(w, &of)?.health.platform;
        let changed = match guide(platform).secret {
            SecretOf::Platform => manage::change(w, &of, forms::secret(&typed)?)?,
            SecretOf::Us => manage::renew_secret(w, &of)?,
        };
        note(w, Some(&member.id), "connection.secret", (SUBJECT, of.as_str()), None, Some("changed"))?;
        Ok((guide(platform).secret, changed))
    });
    match changed.await {
        Ok((SecretOf::Us, changed)) => shown_once(&door, changed, false).await,
        Ok((SecretOf::Platform, _)) => Ok(see_other(&format!("/a/connections/{id}?done=secret"))?),
        Err(error) => refused(&door, id, &form, error).await,
    }
}

/// `POST /a/connections/{id}/access`.
pub(super) async fn change_access(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Failure> {
    member.role.require(Permission::Configure)?;
    let id = ConnectionId::parse(&id)?;
    let (of, typed) = (id.clone(), form.clone());
    let changed = door.db.write("platforms.staff_access", move |w| {
        let before = manage::find(w, &of)?;
        manage::change(w, &of, forms::access(&typed, before.health.platform)?)?;
        let after = manage::find(w, &of)?;
        let (before, after) = (before.api_url.as_deref(), after.api_url.as_deref());
        note(w, Some(&member.id), "connection.access", (SUBJECT, of.as_str()), before, after)
    });
    match changed.await {
        Ok(()) => Ok(see_other(&format!("/a/connections/{id}?done=access"))?),
        Err(error) => refused(&door, id, &form, error).await,
    }
}

/// The page of a shop again, with what is wrong with a form on it.
async fn refused(door: &Door, id: ConnectionId, form: &Form, error: Error) -> Result<Response, Failure> {
    let typed = Typed::refused(form, error)?;
    let page = door.db.read("platforms.staff_one", move |r| one_page(r, &id, None, None)).await?;
    let page = OnePage { form: typed, ..page };
    let page = door.page("platforms/staff-one.html", &page.name, &page)?;
    Ok(page.status(StatusCode::UNPROCESSABLE_ENTITY).into_response())
}

/// `POST /a/connections/{id}/pause`.
pub(super) async fn pause(
    door: State<Door>,
    member: Extension<Member>,
    id: Path<String>,
) -> Result<Response, Failure> {
    act(door, member, id, "connection.paused", "paused", manage::pause).await
}

/// `POST /a/connections/{id}/resume`.
pub(super) async fn resume(
    door: State<Door>,
    member: Extension<Member>,
    id: Path<String>,
) -> Result<Response, Failure> {
    act(door, member, id, "connection.resumed", "resumed", manage::resume).await
}

/// One that changed nothing is not in the log.
async fn act(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    Path(id): Path<String>,
    action: &'static str,
    done: &str,
    verb: fn(&mut Write<'_>, &ConnectionId) -> Result<bool>,
) -> Result<Response, Failure> {
    member.role.require(Permission::Configure)?;
    let id = ConnectionId::parse(&id)?;
    let path = format!("/a/connections/{id}?done={done}");
    let write = door.db.write("platforms.staff_act", move |w| match verb(w, &id)? {
        true => note(w, Some(&member.id), action, (SUBJECT, id.as_str()), None, None),
        false => Ok(()),
    });
    write.await?;
    Ok(see_other(&path)?)
}

/// `POST /a/connections/{id}/remove`.
pub(super) async fn remove(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    member.role.require(Permission::Configure)?;
    let id = ConnectionId::parse(&id)?;
    let write = door.db.write("platforms.staff_remove", move |w| {
        let name = manage::find(w, &id)?.health.name;
        manage::remove(w, &id)?;
        note(w, Some(&member.id), "connection.removed", (SUBJECT, id.as_str()), Some(&name), None)
    });
    write.await?;
    Ok(see_other("/a/connections?done=removed")?)
}

/// `POST /a/connections/{id}/webhooks/{webhook}/again`.
pub(super) async fn process_again(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    Path((id, webhook)): Path<(String, String)>,
) -> Result<Response, Failure> {
    member.role.require(Permission::Configure)?;
    let (id, webhook) = (ConnectionId::parse(&id)?, WebhookId::parse(&webhook)?);
    let path = format!("/a/connections/{id}?done=again");
    let write = door.db.write("platforms.staff_again", move |w| {
        replay::process_again_of(w, &id, &webhook)?;
        note(w, Some(&member.id), "webhook.processed_again", ("webhook", webhook.as_str()), None, None)
    });
    write.await?;
    Ok(see_other(&path)?)
}
