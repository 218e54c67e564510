//! `/a/account`: one's own browsers, and signing out.

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use kernel::{Shop, ShopClock};
use serde::Serialize;
use staff::{Member, Permission, SessionId};
use web::{Failure, HtmlPage};

use crate::door::{Door, see_other};
use crate::entry::no_cookie;

#[derive(Debug, Serialize)]
struct AccountPage {
    name: String,
    email: String,
    role: &'static str,
    means: &'static str,
    manages_team: bool,
    sessions: Vec<SessionRow>,
}

#[derive(Debug, Serialize)]
struct SessionRow {
    id: String,
    browser: String,
    began: String,
    seen: String,
    is_this: bool,
}

/// `GET /a/account`.
pub(crate) async fn show(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
) -> Result<HtmlPage, Failure> {
    let page = door.db.read("staff.account", move |r| {
        let open = staff::sessions(r, &member.id)?;
        let clock = ShopClock::new(&r.wired::<Shop>()?.zone, r.now);
        let row = |open: &staff::OpenSession| SessionRow {
            id: open.id.as_str().to_owned(),
            browser: open.browser.clone(),
            began: clock.short(open.began_at),
            seen: clock.short(open.seen_at),
            is_this: open.id == member.session,
        };
        Ok(AccountPage {
            name: member.name.clone(),
            email: member.email.clone(),
            role: member.role.as_str(),
            means: member.role.words(),
            manages_team: member.role.may(Permission::ManageTeam),
            sessions: open.iter().map(row).collect(),
        })
    });
    Ok(door.page("admin/account.html", "Account", &page.await?)?)
}

/// `POST /a/account/sign-out`.
pub(crate) async fn sign_out(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
) -> Result<Response, Failure> {
    door.db.write("staff.sign_out", move |w| staff::end_session(w, &member.id, &member.session)).await?;
    Ok(see_other("/a/sign-in?out=1", Some(no_cookie(&door)?))?)
}

/// `POST /a/account/sign-out-everywhere`.
pub(crate) async fn sign_out_everywhere(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
) -> Result<Response, Failure> {
    door.db.write("staff.sign_out_everywhere", move |w| staff::end_sessions(w, &member.id)).await?;
    Ok(see_other("/a/sign-in?out=1", Some(no_cookie(&door)?))?)
}

/// `POST /a/account/sessions/{id}`: signs one browser of one's own out.
pub(crate) async fn end_session(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let id = SessionId::parse(&id)?;
    door.db.write("staff.end_session", move |w| staff::end_session(w, &member.id, &id)).await?;
    Ok(see_other("/a/account", None)?)
}
