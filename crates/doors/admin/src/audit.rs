//! `/a/audit`: who changed what, and when. For owners.

use axum::Extension;
use axum::extract::{Query, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use db::Read;
use kernel::{Result, Shop, ShopClock, Timestamp, csv};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use staff::{AuditFilter, AuditId, By, Entry, Member, Permission, StaffId};
use web::{Failure, HtmlPage};

use crate::door::Door;

/// Lines on one page.
const PER_PAGE: usize = 50;
/// Lines that are read at once for the file.
const PER_READ: usize = 1_000;
/// The most lines of a file: a spreadsheet bears it, and so do we.
const MOST_IN_FILE: usize = 20_000;
/// The most characters of a word that somebody filters by.
const MAX_WORD: usize = 100;
/// How the address calls what was done by a command.
const MACHINE: &str = "machine";

/// What the address asks for.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Asked {
    who: Option<String>,
    what: Option<String>,
    older: Option<String>,
}

#[derive(Debug, Serialize)]
struct AuditPage {
    rows: Vec<EntryRow>,
    people: Vec<Choice>,
    actions: Vec<Choice>,
    is_filtered: bool,
    file: String,
    older: Option<String>,
    newest: Option<String>,
}

#[derive(Debug, Serialize)]
struct Choice {
    value: String,
    label: String,
    is_chosen: bool,
}

/// One line of the log.
#[derive(Debug, Serialize)]
pub(crate) struct EntryRow {
    who: String,
    what: String,
    /// Kind and identifier.
    subject: (String, String),
    /// The page about it, where there is one.
    href: Option<String>,
    change: String,
    at: String,
    when: String,
}

impl EntryRow {
    pub(crate) fn of(entry: &Entry, clock: &ShopClock<'_>) -> Self {
        let sides = [entry.before.as_deref(), entry.after.as_deref()];
        EntryRow {
            who: who(entry),
            what: words(&entry.action),
            href: page_of(&entry.subject),
            subject: (words(&entry.subject.0), entry.subject.1.clone()),
            change: sides.into_iter().flatten().collect::<Vec<_>>().join(" → "),
            at: entry.at.to_string(),
            when: clock.short(entry.at),
        }
    }
}

fn who(entry: &Entry) -> String {
    let gone = || entry.by.as_ref().map_or("the command line", |_| "somebody who left").to_owned();
    entry.name.clone().unwrap_or_else(gone)
}

/// `webhook_endpoint.switched_off` as `webhook endpoint switched off`.
fn words(name: &str) -> String {
    name.replace(['.', '_'], " ")
}

/// Pages whose address is made of the identifier alone.
fn page_of((kind, id): &(String, String)) -> Option<String> {
    let folder = match kind.as_str() {
        "order" => "orders",
        "customer" => "customers",
        "message" => "messages",
        "connection" => "connections",
        "webhook_endpoint" => "webhooks",
        _ => return None,
    };
    Some(format!("/a/{folder}/{id}"))
}

impl Asked {
    fn who(&self) -> &str {
        self.who.as_deref().unwrap_or_default()
    }

    fn what(&self) -> &str {
        self.what.as_deref().unwrap_or_default()
    }

    fn filter(&self) -> Result<AuditFilter> {
        let by = match self.who() {
            "" => By::Anybody,
            MACHINE => By::Machine,
            id => By::Person(StaffId::parse(id)?),
        };
        let action = Some(self.what()).filter(|word| !word.is_empty() && word.len() <= MAX_WORD);
        Ok(AuditFilter { by, action: action.map(str::to_owned) })
    }

    /// An address with the same filter.
    fn at(&self, path: &str, older: Option<&AuditId>) -> String {
        let coded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let parts = [
            (!self.who().is_empty()).then(|| format!("who={}", coded(self.who()))),
            (!self.what().is_empty()).then(|| format!("what={}", coded(self.what()))),
            older.map(|id| format!("older={id}")),
        ];
        let query = parts.into_iter().flatten().collect::<Vec<_>>().join("&");
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    }
}

/// `GET /a/audit`.
pub(crate) async fn show(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    Query(asked): Query<Asked>,
) -> Result<HtmlPage, Failure> {
    member.role.require(Permission::ReadAudit)?;
    let filter = asked.filter()?;
    let before = asked.older.as_deref().map(AuditId::parse).transpose()?;
    let page = door.db.read("staff.audit", move |r| page(r, &asked, &filter, before.as_ref())).await?;
    Ok(door.page("admin/audit.html", "Audit log", &page)?)
}

fn page(
    r: &mut Read<'_>,
    asked: &Asked,
    filter: &AuditFilter,
    before: Option<&AuditId>,
) -> Result<AuditPage> {
    let mut entries = staff::audit_page(r, filter, before, PER_PAGE as i64 + 1)?;
    let is_more = entries.len() > PER_PAGE;
    entries.truncate(PER_PAGE);
    let people = staff::accounts(r)?.into_iter().map(|one| (one.id.as_str().to_owned(), one.name));
    let people = people.chain([(MACHINE.to_owned(), "The command line".to_owned())]);
    let actions = staff::audit_actions(r)?.into_iter().map(|action| (action.clone(), words(&action)));
    let clock = ShopClock::new(&r.wired::<Shop>()?.zone, r.now);
    Ok(AuditPage {
        rows: entries.iter().map(|entry| EntryRow::of(entry, &clock)).collect(),
        people: choices("Everybody", people, asked.who()),
        actions: choices("Everything", actions, asked.what()),
        is_filtered: *filter != AuditFilter::default(),
        file: asked.at("/a/audit.csv", None),
        older: entries.last().filter(|_| is_more).map(|last| asked.at("/a/audit", Some(&last.id))),
        newest: before.map(|_| asked.at("/a/audit", None)),
    })
}

fn choices(all: &str, choices: impl Iterator<Item = (String, String)>, chosen: &str) -> Vec<Choice> {
    let first = std::iter::once((String::new(), all.to_owned()));
    let choice = |(value, label): (String, String)| Choice { is_chosen: value == chosen, value, label };
    first.chain(choices).map(choice).collect()
}

/// The newest lines of the whole log, for the page of the team.
pub(crate) fn last(r: &mut Read<'_>, limit: i64) -> Result<Vec<EntryRow>> {
    let entries = staff::audited(r, limit)?;
    let clock = ShopClock::new(&r.wired::<Shop>()?.zone, r.now);
    Ok(entries.iter().map(|entry| EntryRow::of(entry, &clock)).collect())
}

/// `GET /a/audit.csv`: the same lines for a spreadsheet, none of them a formula.
pub(crate) async fn file(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    member.role.require(Permission::ReadAudit)?;
    let filter = asked.filter()?;
    let mut text = csv::line(&["at", "who", "action", "kind", "id", "before", "after"].map(str::to_owned));
    let (mut before, mut lines) = (None, 0);
    loop {
        let (filter, from) = (filter.clone(), before.clone());
        let read = move |r: &mut Read<'_>| {
            Ok((staff::audit_page(r, &filter, from.as_ref(), PER_READ as i64)?, r.now))
        };
        let (entries, now) = door.db.read("staff.audit_file", read).await?;
        entries.iter().for_each(|entry| text.push_str(&line(entry)));
        lines += entries.len();
        before = entries.last().map(|last| last.id.clone());
        if entries.len() < PER_READ || lines >= MOST_IN_FILE {
            return Ok(attached(text, now)?);
        }
    }
}

fn line(entry: &Entry) -> String {
    let side = |side: &Option<String>| side.clone().unwrap_or_default();
    csv::line(&[
        entry.at.to_string(),
        who(entry),
        entry.action.clone(),
        entry.subject.0.clone(),
        entry.subject.1.clone(),
        side(&entry.before),
        side(&entry.after),
    ])
}

fn attached(text: String, now: Timestamp) -> Result<Response> {
    let day = now.to_string().chars().take(10).collect::<String>();
    let name = format!("attachment; filename=\"audit-{day}.csv\"");
    let name =
        HeaderValue::try_from(name).map_err(|_| kernel::Error::internal("a date that is no header"))?;
    let kind = HeaderValue::from_static("text/csv; charset=utf-8");
    let keep = HeaderValue::from_static("no-store");
    let headers =
        [(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name), (header::CACHE_CONTROL, keep)];
    Ok((headers, text).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(name: Option<&str>, before: Option<&str>, after: Option<&str>) -> Entry {
        let id = AuditId::stored("aud_1".to_owned());
        Entry {
            id,
            by: name.map(|_| StaffId::stored("stf_1".to_owned())),
            name: name.map(str::to_owned),
            action: "connection.access".to_owned(),
            subject: ("connection".to_owned(), "con_1".to_owned()),
            before: before.map(str::to_owned),
            after: after.map(str::to_owned),
            at: Timestamp::from_ms(1_800_000_000_000),
        }
    }

    #[test]
    fn a_line_of_the_file_is_never_a_formula() {
        let line = line(&entry(Some("=cmd()"), Some("+1"), Some("a,b")));
        assert_eq!(line, "2027-01-15T08:00:00Z,'=cmd(),connection.access,connection,con_1,'+1,\"a,b\"\r\n");
    }

    #[test]
    fn an_address_keeps_its_filter_and_leaves_out_what_is_not_asked() {
        let asked = |who: &str, what: &str| Asked {
            who: Some(who.to_owned()),
            what: Some(what.to_owned()),
            older: None,
        };
        assert_eq!(asked("", "").at("/a/audit", None), "/a/audit");
        let older = AuditId::stored("aud_9".to_owned());
        let path = asked("machine", "key.made").at("/a/audit", Some(&older));
        assert_eq!(path, "/a/audit?who=machine&what=key%2Emade&older=aud_9");
        assert_eq!(asked("machine", "").filter().unwrap().by, By::Machine);
        assert!(asked("nobody", "").filter().is_err());
        assert_eq!(asked("", &"x".repeat(200)).filter().unwrap(), AuditFilter::default());
    }

    #[test]
    fn who_left_is_told_from_the_command_line() {
        assert_eq!(who(&entry(None, None, None)), "the command line");
        let left = Entry { by: Some(StaffId::stored("stf_1".to_owned())), ..entry(None, None, None) };
        assert_eq!(who(&left), "somebody who left");
    }
}
