//! `/a/team`: who works here, and what they did last. For owners.

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use db::Read;
use kernel::{Email, Error, Kind, Result, Shop, ShopClock};
use serde::Serialize;
use staff::{Member, Permission, Role, StaffId};
use web::{Failure, Form, HtmlPage};

use crate::audit::{self, EntryRow};
use crate::door::{Door, fault_of, see_other};

/// Lines of the audit log on the page; the others have a page of their own.
const LAST_ENTRIES: i64 = 10;

#[derive(Debug, Default, Serialize)]
struct TeamPage {
    people: Vec<PersonRow>,
    roles: Vec<(&'static str, &'static str)>,
    entries: Vec<EntryRow>,
    /// The link of an invitation that was just made; shown once.
    link: Option<String>,
    fault: Option<String>,
    email: String,
}

#[derive(Debug, Serialize)]
struct PersonRow {
    id: String,
    name: String,
    email: String,
    role: &'static str,
    since: String,
    is_you: bool,
}

fn only_owners(member: &Member) -> Result<()> {
    if member.role.may(Permission::ManageTeam) {
        return Ok(());
    }
    let words = "Only an owner decides who works here. Ask one of them.";
    Err(Error::new(Kind::Forbidden, "not_allowed", words))
}

/// `GET /a/team`.
pub(crate) async fn show(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
) -> Result<HtmlPage, Failure> {
    only_owners(&member)?;
    let page = door.db.read("staff.team", move |r| team(r, &member)).await?;
    Ok(door.page("admin/team.html", "Team", &page)?)
}

fn team(r: &mut Read<'_>, member: &Member) -> Result<TeamPage> {
    let (people, entries) = (staff::accounts(r)?, audit::last(r, LAST_ENTRIES)?);
    let clock = ShopClock::new(&r.wired::<Shop>()?.zone, r.now);
    let person = |account: &staff::Account| PersonRow {
        id: account.id.as_str().to_owned(),
        name: account.name.clone(),
        email: account.email.clone(),
        role: account.role.as_str(),
        since: clock.short(account.created_at),
        is_you: account.id == member.id,
    };
    Ok(TeamPage {
        people: people.iter().map(person).collect(),
        roles: Role::ALL.map(|role| (role.as_str(), role.words())).to_vec(),
        entries,
        ..TeamPage::default()
    })
}

/// `POST /a/team/invite`.
pub(crate) async fn invite(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    form: Form,
) -> Result<Response, Failure> {
    only_owners(&member)?;
    let asked =
        Email::parse(form.text("email")).and_then(|email| Ok((email, Role::parse(form.text("role"))?)));
    let made = match asked {
        Ok((email, role)) => {
            let by = member.id.clone();
            door.db.write("staff.invite", move |w| staff::invite(w, role, Some(&email), Some(&by))).await
        }
        Err(error) => Err(error),
    };
    let page = door.db.read("staff.team", move |r| team(r, &member)).await?;
    let (page, status) = match made {
        Ok(token) => {
            let link = format!("{}/a/welcome/{token}", door.public_url);
            (TeamPage { link: Some(link), ..page }, StatusCode::OK)
        }
        Err(error) => {
            let (fault, email) = (Some(fault_of(error)?), form.text("email").to_owned());
            (TeamPage { fault, email, ..page }, StatusCode::UNPROCESSABLE_ENTITY)
        }
    };
    Ok(door.page("admin/team.html", "Team", &page)?.status(status).into_response())
}

/// `POST /a/team/{id}/remove`.
pub(crate) async fn remove(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    only_owners(&member)?;
    let id = StaffId::parse(&id)?;
    door.db.write("staff.remove", move |w| staff::remove(w, &id, &member.id)).await?;
    Ok(see_other("/a/team", None)?)
}
