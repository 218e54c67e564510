//! `/a/guide`: from an empty program to a shop that its customers hear from, step by step.

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use db::Read;
use kernel::{Brand, Result, Shop};
use serde::Serialize;
use settings::{Section, Step};
use staff::{AuditFilter, Member, Permission};
use web::{Failure, HtmlPage};

use crate::door::{Door, see_other};
use crate::settings::Settings;

/// Where shops are connected.
const CONNECTIONS: &str = "/a/connections";
/// Invitations that are looked at: those of a command on the machine are nobody's.
const MOST_INVITED: i64 = 20;
/// Where the confirmation is edited.
const CONFIRMATION: &str = "/a/templates/order.confirmation";

/// What `admin/guide.html` is given as `page`, and `admin/home.html` as `page.guide`.
#[derive(Debug, Serialize)]
pub(crate) struct Guide {
    tasks: Vec<Task>,
    done: usize,
    /// Whether it was put away, or is through.
    pub is_over: bool,
}

/// One of its tasks.
#[derive(Debug, Serialize)]
struct Task {
    title: &'static str,
    why: &'static str,
    minutes: u8,
    href: &'static str,
    is_done: bool,
}

/// What is known of how far setting up has got.
#[derive(Clone, Copy, Debug, Default)]
struct Standing {
    has_shop: bool,
    has_brand: bool,
    has_tested: bool,
    has_words: bool,
    has_colleagues: bool,
}

/// `GET /a/guide`.
pub(crate) async fn show(
    State(door): State<Door>,
    Extension(_): Extension<Member>,
) -> Result<HtmlPage, Failure> {
    let guide = door.db.read("staff.guide", guide).await?;
    Ok(door.page("admin/guide.html", "Set up", &guide)?)
}

/// `POST /a/guide/put-away`: takes it off the first page.
pub(crate) async fn put_away(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
) -> Result<Response, Failure> {
    member.role.require(Permission::Configure)?;
    door.db.write("staff.put_away", |w| settings::reach(w, Step::PutAway)).await?;
    Ok(see_other("/a", None)?)
}

/// The guide for the first page, for those who may do what it says; none when it is over.
pub(crate) fn for_home(r: &mut Read<'_>, member: &Member) -> Result<Option<Guide>> {
    if !member.role.may(Permission::Configure) {
        return Ok(None);
    }
    Ok(Some(guide(r)?).filter(|guide| !guide.is_over))
}

fn guide(r: &mut Read<'_>) -> Result<Guide> {
    let reached = settings::reached(r)?;
    let standing = Standing {
        has_shop: stands(r, CONNECTIONS)? || orders::latest(r)?.is_some(),
        has_brand: has_brand(r)?,
        has_tested: reached.contains(&Step::TestMail),
        has_words: messaging::design::is_any_changed(r)?,
        has_colleagues: staff::accounts(r)?.len() > 1 || has_invited(r)?,
    };
    let tasks = tasks(standing);
    let done = tasks.iter().filter(|task| task.is_done).count();
    let is_over = done == tasks.len() || reached.contains(&Step::PutAway);
    Ok(Guide { tasks, done, is_over })
}

/// Whether what is set on a page stands well, as the page of all settings says it.
fn stands(r: &mut Read<'_>, href: &str) -> Result<bool> {
    let settings = r.wired_arc::<Settings>()?;
    let Some(setting) = settings.0.iter().find(|setting| setting.href == href) else { return Ok(false) };
    Ok((setting.state)(r)?.tone == "ok")
}

/// Whoever was invited may not have come yet.
fn has_invited(r: &mut Read<'_>) -> Result<bool> {
    let invited = AuditFilter { action: Some("staff.invited".to_owned()), ..AuditFilter::default() };
    let newest = staff::audit_page(r, &invited, None, MOST_INVITED)?;
    Ok(newest.iter().any(|entry| entry.by.is_some()))
}

/// The file may say it as well as the page.
fn has_brand(r: &mut Read<'_>) -> Result<bool> {
    let is_set = settings::find::<Brand>(r, Section::Brand)?.value.is_some();
    Ok(is_set || r.wired::<Shop>()?.brand.name != Brand::default().name)
}

fn tasks(standing: Standing) -> Vec<Task> {
    let task = |title, why, minutes, href, is_done| Task { title, why, minutes, href, is_done };
    vec![
        task("Connect your shop", "Its orders come in as they happen.", 3, CONNECTIONS, standing.has_shop),
        task(
            "Set your brand",
            "Every mail, page and text wears it.",
            2,
            "/a/settings/brand",
            standing.has_brand,
        ),
        task(
            "Send yourself a test",
            "You see that mail arrives, and where.",
            1,
            "/a/settings/channels",
            standing.has_tested,
        ),
        task(
            "Say it in your words",
            "The confirmation is the first thing customers get.",
            3,
            CONFIRMATION,
            standing.has_words,
        ),
        task(
            "Invite somebody",
            "Whoever answers customers sees everything.",
            1,
            "/a/team",
            standing.has_colleagues,
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_task_is_ticked_by_what_it_asks_for() {
        let none = Standing::default();
        assert!(tasks(none).iter().all(|task| !task.is_done));
        let each = [
            Standing { has_shop: true, ..none },
            Standing { has_brand: true, ..none },
            Standing { has_tested: true, ..none },
            Standing { has_words: true, ..none },
            Standing { has_colleagues: true, ..none },
        ];
        for (nth, standing) in each.into_iter().enumerate() {
            let done: Vec<_> = tasks(standing).iter().map(|task| task.is_done).collect();
            assert_eq!(done.iter().position(|is_done| *is_done), Some(nth));
            assert_eq!(done.iter().filter(|is_done| **is_done).count(), 1);
        }
    }

    #[test]
    fn it_takes_ten_minutes() {
        let minutes: u8 = tasks(Standing::default()).iter().map(|task| task.minutes).sum();
        assert!(minutes <= 10);
    }
}
