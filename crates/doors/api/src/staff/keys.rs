//! `/a/keys`: keys of the API, made, shown once and revoked by an owner.

use ::staff::{Member, Permission, note};
use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use db::Read;
use kernel::{Error, Result, Shop, ShopClock};
use serde::{Deserialize, Serialize};
use web::{Failure, Form, HtmlPage, see_other};

use super::Door;
use crate::keys::{self, Key, KeyId, Scope};

/// Keys on one page.
const PER_PAGE: usize = 50;

/// What `api/staff-keys.html` is given as `page`.
#[derive(Debug, Default, Serialize)]
struct KeysPage {
    rows: Vec<KeyRow>,
    older: Option<String>,
    newest: Option<&'static str>,
    /// A key that was just made, this once.
    made: Option<String>,
    done: Option<&'static str>,
    fault: Option<String>,
    name: String,
    scopes: Vec<ScopeChoice>,
}

#[derive(Debug, Serialize)]
struct KeyRow {
    id: String,
    name: String,
    may: Vec<&'static str>,
    made: String,
    used: String,
    /// Since when it is refused.
    revoked: Option<String>,
}

#[derive(Debug, Serialize)]
struct ScopeChoice {
    word: &'static str,
    means: &'static str,
    is_chosen: bool,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    older: Option<String>,
    done: Option<String>,
}

/// `GET /a/keys`.
pub(super) async fn list(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    Query(asked): Query<Asked>,
) -> Result<HtmlPage, Failure> {
    member.role.require(Permission::ManageKeys)?;
    let before = asked.older.as_deref().map(KeyId::parse).transpose()?;
    let page = door.db.read("api.staff_keys", move |r| keys_page(r, before.as_ref())).await?;
    let done = asked.done.is_some().then_some("The key is revoked. Whoever shows it is refused from now on.");
    Ok(door.page("api/staff-keys.html", "API keys", &KeysPage { done, scopes: choices(&[]), ..page })?)
}

fn keys_page(r: &mut Read<'_>, before: Option<&KeyId>) -> Result<KeysPage> {
    let mut keys = keys::list_keys(r, before, PER_PAGE as i64 + 1)?;
    let is_more = keys.len() > PER_PAGE;
    keys.truncate(PER_PAGE);
    let clock = ShopClock::new(&r.wired::<Shop>()?.zone, r.now);
    Ok(KeysPage {
        older: keys.last().filter(|_| is_more).map(|last| format!("/a/keys?older={}", last.id)),
        newest: before.map(|_| "/a/keys"),
        rows: keys.iter().map(|key| row(key, &clock)).collect(),
        ..KeysPage::default()
    })
}

fn row(key: &Key, clock: &ShopClock<'_>) -> KeyRow {
    KeyRow {
        id: key.id.as_str().to_owned(),
        name: key.name.clone(),
        may: key.scopes.iter().map(|scope| scope.words()).collect(),
        made: clock.short(key.created_at),
        used: key.last_used_at.map_or_else(|| "Never".to_owned(), |at| clock.short(at)),
        revoked: key.revoked_at.map(|at| clock.short(at)),
    }
}

fn choices(chosen: &[Scope]) -> Vec<ScopeChoice> {
    let choice = |scope: Scope| ScopeChoice {
        word: scope.as_str(),
        means: scope.words(),
        is_chosen: chosen.contains(&scope),
    };
    Scope::ALL.into_iter().map(choice).collect()
}

/// `POST /a/keys`: the answer shows the key, this once.
pub(super) async fn make(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    form: Form,
) -> Result<Response, Failure> {
    member.role.require(Permission::ManageKeys)?;
    let scopes = form.all("scope").map(Scope::parse).collect::<Result<Vec<_>>>();
    let chosen = scopes.as_ref().cloned().unwrap_or_default();
    let name = form.text("name").to_owned();
    let made = match scopes {
        Ok(scopes) => {
            let make = door.db.write("api.staff_make_key", move |w| {
                let (id, key) = keys::make_key(w, &name, &scopes)?;
                let words: Vec<_> = scopes.iter().map(|scope| scope.as_str()).collect();
                let what = format!("{name}: {}", words.join(" "));
                note(w, Some(&member.id), "key.made", ("key", id.as_str()), None, Some(&what))?;
                Ok(key)
            });
            make.await.map_err(said_of_scopes)
        }
        Err(error) => Err(error),
    };
    let page = door.db.read("api.staff_keys", |r| keys_page(r, None)).await?;
    let (page, status) = match made {
        Ok(key) => (KeysPage { made: Some(key), scopes: choices(&[]), ..page }, StatusCode::OK),
        Err(error) => {
            let (fault, name) = (Some(web::fault_of(error)?), form.text("name").to_owned());
            let page = KeysPage { fault, name, scopes: choices(&chosen), ..page };
            (page, StatusCode::UNPROCESSABLE_ENTITY)
        }
    };
    Ok(door.page("api/staff-keys.html", "API keys", &page)?.status(status).into_response())
}

/// On a page nobody names a scope; they are ticked.
fn said_of_scopes(error: Error) -> Error {
    match error.fields().first() {
        Some(field) if field.pointer == "/scope" => {
            Error::field("/scope", "missing", "Tick at least one thing that the key may do.")
        }
        Some(field) if field.pointer == "/name" && field.code == "empty" => {
            Error::field("/name", "empty", "Write what the key is for.")
        }
        Some(_) | None => error,
    }
}

/// `POST /a/keys/{id}/revoke`.
pub(super) async fn revoke(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    member.role.require(Permission::ManageKeys)?;
    let id = KeyId::parse(&id)?;
    let write = door.db.write("api.staff_revoke_key", move |w| match keys::revoke_key(w, &id)? {
        Some(name) => note(w, Some(&member.id), "key.revoked", ("key", id.as_str()), Some(&name), None),
        None => Ok(()),
    });
    write.await?;
    Ok(see_other("/a/keys?done=revoked")?)
}
