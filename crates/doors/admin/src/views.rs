//! `/a/views`: filters of a list that somebody keeps under a name.

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use kernel::{Error, Result};
use staff::{Member, Permission, SavedView, ViewId};
use web::filters::NamedView;
use web::{Failure, Form};

use crate::door::{Door, see_other};

/// Saved filters, as a bar shows them.
pub(crate) fn named_views(views: Vec<SavedView>, member: &Member) -> Vec<NamedView> {
    let named = |view: SavedView| NamedView {
        id: (view.is_own || member.role.may(Permission::Configure)).then(|| view.id.as_str().to_owned()),
        name: view.name,
        query: view.query,
    };
    views.into_iter().map(named).collect()
}

/// `POST /a/views`.
pub(crate) async fn save(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    form: Form,
) -> Result<Response, Failure> {
    let (list, name) = (form.text("list").to_owned(), form.text("name").to_owned());
    let (query, is_shared) = (form.text("query").to_owned(), form.has("shared"));
    let back = format!("/a/{list}?{query}");
    door.db
        .write("staff.save_view", move |w| staff::save_view(w, &member, &list, &name, &query, is_shared))
        .await
        .map_err(said_whole)?;
    Ok(see_other(&back, None)?)
}

/// A form of its own has no page to be shown on again: what is wrong with its field is the whole answer.
fn said_whole(error: Error) -> Error {
    match error.fields() {
        [field] => Error::invalid(field.code, field.detail.clone()),
        _ => error,
    }
}

/// `POST /a/views/{id}/remove`.
pub(crate) async fn remove(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let id = ViewId::parse(&id)?;
    let list = door.db.write("staff.remove_view", move |w| staff::remove_view(w, &member, &id)).await?;
    Ok(see_other(&format!("/a/{list}"), None)?)
}
