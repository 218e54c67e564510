//! What a template was before: its versions, how two of them differ, bringing one back; and what somebody else saved while
//! one was writing.

use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use db::Read;
use kernel::{Error, Kind, Result, Shop, ShopClock};
use serde::Deserialize;
use staff::Member;
use web::{Failure, Form, HtmlPage, see_other};

use super::editor::{Desk, desk, open, path, saved};
use super::looks::Asked;
use super::view::{DiffLine, MeanwhilePage, VersionsPage};
use super::{Door, fill, form, may_change, only_managers};
use crate::design::save::Saved;
use crate::design::source::Design;
use crate::design::{diff, lines, save, store};

/// Versions on one page.
const PER_PAGE: usize = 50;

#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Compared {
    /// Versions before this one.
    older: Option<u32>,
    /// What is compared; 0 is the letter as it came.
    from: Option<u32>,
    to: Option<u32>,
}

/// `GET /a/templates/{id}/versions`.
pub(super) async fn versions(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    Path(id): Path<String>,
    Query(compared): Query<Compared>,
) -> Result<HtmlPage, Failure> {
    let read = door.db.read("messaging.template_versions", move |r| {
        let desk = desk(r, &id, &member, &Asked::default())?;
        versions_page(r, &desk, &compared)
    });
    let page = read.await?;
    Ok(door.page("messaging/versions.html", page.title, &page)?)
}

fn versions_page(r: &mut Read<'_>, desk: &Desk, compared: &Compared) -> Result<VersionsPage> {
    let before = compared.older.unwrap_or(i32::MAX as u32);
    let mut versions = store::versions(r, desk.template.id, before, PER_PAGE as i64 + 1)?;
    let is_more = versions.len() > PER_PAGE;
    versions.truncate(PER_PAGE);
    let people = staff::accounts(r)?;
    let live = store::latest(r, desk.template.id)?.map_or(0, |latest| latest.version);
    let pair = compared.from.zip(compared.to);
    let diff = match pair {
        Some((from, to)) => difference(desk, &saved(r, desk, from)?, &saved(r, desk, to)?),
        None => Vec::new(),
    };
    let base = format!("/a/templates/{}", desk.template.id);
    let older =
        versions.last().filter(|_| is_more).map(|last| format!("{base}/versions?older={}", last.version));
    let clock = ShopClock::new(&r.wired::<Shop>()?.zone, r.now);
    Ok(VersionsPage {
        title: desk.offer.title,
        live,
        may_change: may_change(&desk.member),
        rows: versions.iter().map(|version| fill::version(version, &people, &clock)).collect(),
        older,
        newest: compared.older.map(|_| format!("{base}/versions")),
        path: base,
        compared: pair,
        diff,
        fault: None,
    })
}

fn difference(desk: &Desk, from: &Design, to: &Design) -> Vec<DiffLine> {
    let lines = diff::lines(&lines::of(from, desk.offer), &lines::of(to, desk.offer));
    lines.into_iter().map(DiffLine::new).collect()
}

/// `POST /a/templates/{id}/versions/{version}/bring-back`: the old design as a new version.
pub(super) async fn bring_back(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    Path((id, version)): Path<(String, u32)>,
    form: Form,
) -> Result<Response, Failure> {
    only_managers(&member)?;
    let base = form::base(&form);
    let brought = door.db.write("messaging.template_brought_back", move |w| {
        let desk = desk(w, &id, &member, &Asked::default())?;
        let design = saved(w, &desk, version)?;
        let note = if version == 0 { "As it came".to_owned() } else { format!("Version {version} again") };
        let done = match save(w, desk.template.id, base, &design, &note, &member.id) {
            Err(error) if error.kind() == Kind::Invalid => Err(fill::first_fault(&error)),
            done => Ok(done?),
        };
        Ok((desk, done))
    });
    let (desk, done) = brought.await?;
    let fault = match done {
        Ok(Saved::As(_)) => return Ok(see_other(&path(&desk, &desk.looks, "saved", ""))?),
        Ok(Saved::Meanwhile(_)) => {
            "Somebody saved another version meanwhile. Look at it, then bring back what you want.".to_owned()
        }
        Err(words) => format!("This version can’t be used any more. {words}"),
    };
    let page =
        door.db.read("messaging.template_versions", move |r| versions_page(r, &desk, &Compared::default()));
    let page = VersionsPage { fault: Some(fault), ..page.await? };
    let html = door.page("messaging/versions.html", page.title, &page)?;
    Ok(html.status(StatusCode::UNPROCESSABLE_ENTITY).into_response())
}

/// `GET /a/templates/{id}/meanwhile`: what somebody else saved since one began.
pub(super) async fn meanwhile(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    Path(id): Path<String>,
) -> Result<HtmlPage, Failure> {
    let read = door.db.read("messaging.template_meanwhile", move |r| {
        let desk = desk(r, &id, &member, &Asked::default())?;
        meanwhile_page(r, &desk)
    });
    let page = read.await?;
    Ok(door.page("messaging/meanwhile.html", page.title, &page)?)
}

/// The same as the answer to whoever saved second: nothing of either is lost.
pub(super) async fn conflict(door: &Door, desk: Desk) -> Result<Response> {
    let page = door.db.read("messaging.template_meanwhile", move |r| meanwhile_page(r, &desk)).await?;
    let html = door.page("messaging/meanwhile.html", page.title, &page)?;
    Ok(html.status(StatusCode::CONFLICT).into_response())
}

fn meanwhile_page(r: &mut Read<'_>, desk: &Desk) -> Result<MeanwhilePage> {
    let none = || Error::not_found("Nobody has saved a version since you began.");
    let mine = open(r, desk)?;
    let latest = store::latest(r, desk.template.id)?.filter(|latest| latest.version > mine.base);
    let latest = latest.ok_or_else(none)?;
    let (mine, theirs) = (mine.design, saved(r, desk, latest.version)?);
    let people = staff::accounts(r)?;
    let clock = ShopClock::new(&r.wired::<Shop>()?.zone, r.now);
    Ok(MeanwhilePage {
        path: format!("/a/templates/{}", desk.template.id),
        title: desk.offer.title,
        next: latest.version + 1,
        theirs: fill::version(&latest, &people, &clock),
        diff: difference(desk, &theirs, &mine),
    })
}
