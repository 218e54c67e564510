//! `/a/customers/{id}/consents`: everything somebody ever answered, in which words, and who told.

use axum::extract::{Path, Query, State};
use customers::ConsentId;
use db::Read;
use kernel::{CustomerId, Result, Shop, ShopClock};
use serde::{Deserialize, Serialize};
use web::{Failure, HtmlPage};

use super::acting::found;
use super::reached::question;
use super::stream::Team;
use super::view::called;
use crate::door::Door;

/// Answers on one page.
const PER_PAGE: usize = 50;

#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    older: Option<String>,
}

/// What `admin/consents.html` is given as `page`.
#[derive(Debug, Serialize)]
struct ConsentsPage {
    path: String,
    name: String,
    rows: Vec<AnswerRow>,
    older: Option<String>,
    newest: Option<String>,
}

#[derive(Debug, Serialize)]
struct AnswerRow {
    question: String,
    granted: bool,
    wording: Option<String>,
    from: String,
    at: String,
    said: String,
    heard: String,
}

/// `GET /a/customers/{id}/consents`.
pub(super) async fn show(
    State(door): State<Door>,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<HtmlPage, Failure> {
    let id = CustomerId::parse(&id)?;
    let after = asked.older.as_deref().map(ConsentId::parse).transpose()?;
    let page = door.db.read("staff.consents", move |r| consents_page(r, &id, after.as_ref())).await?;
    Ok(door.page("admin/consents.html", "What they agreed to", &page)?)
}

fn consents_page(r: &mut Read<'_>, id: &CustomerId, after: Option<&ConsentId>) -> Result<ConsentsPage> {
    let person = found(r, id)?;
    let mut entries = customers::ledger(r, &person.ids(), after, PER_PAGE + 1)?;
    let is_more = entries.len() > PER_PAGE;
    entries.truncate(PER_PAGE);
    let path = format!("/a/customers/{}", person.id);
    let older = entries.last().filter(|_| is_more).map(|last| format!("{path}/consents?older={}", last.id));
    let team = Team::of(r)?;
    let clock = ShopClock::new(&r.wired::<Shop>()?.zone, r.now);
    let row = |entry: &customers::Entry| {
        let consent = &entry.answer.consent;
        AnswerRow {
            question: question(consent),
            granted: consent.granted,
            wording: consent.wording.clone(),
            from: team.told_by(&entry.answer.source),
            at: consent.said_at.to_string(),
            said: clock.short(consent.said_at),
            heard: clock.short(entry.recorded_at),
        }
    };
    Ok(ConsentsPage {
        name: called(&person),
        rows: entries.iter().map(row).collect(),
        older,
        newest: after.map(|_| format!("{path}/consents")),
        path,
    })
}
