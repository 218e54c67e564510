//! `/a/suppressions`: addresses that may not be written to. Only a keyed hash of each is kept, so one is looked up by typing
//! it; the list says when, why and who said it.

use axum::Extension;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use customers::{SuppressionId, SuppressionReason, may_lift};
use db::{Db, Read, Write};
use kernel::{Channel, Email, Error, Phone, Purpose, Result, Shop, ShopClock, Timestamp, text};
use serde::{Deserialize, Serialize};
use staff::{Member, Permission};
use web::{Failure, Form};

use crate::door::{Door, fault_of, see_other};
use crate::people::only_managers;
use crate::people::reached::{channel_word, suppression_words};
use crate::people::stream::Team;

/// Suppressions on one page.
const PER_PAGE: usize = 50;
/// Addresses of a list that go into one write: each tells everybody who holds it.
const AT_ONCE: usize = 40;
/// Lines that are named of a list.
const MOST_NAMED: usize = 50;
/// The most characters of why something is lifted.
const LONGEST_REASON: usize = 200;

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    address: Option<String>,
    older: Option<String>,
    done: Option<String>,
}

/// What `admin/suppressions.html` is given as `page`.
#[derive(Debug, Default, Serialize)]
struct SuppressionsPage {
    address: String,
    /// What is known of the address that was typed; none when none was.
    found: Option<Vec<Found>>,
    rows: Vec<Row>,
    older: Option<String>,
    newest: Option<&'static str>,
    done: Option<String>,
    fault: Option<String>,
    /// In which form the fault is.
    form: &'static str,
    list: String,
    imported: Option<Imported>,
    may_manage: bool,
}

#[derive(Debug, Serialize)]
struct Row {
    channel: &'static str,
    why: String,
    from: String,
    at: String,
    since: String,
}

/// What an address wished, and whether the shop may lift it.
#[derive(Debug, Serialize)]
struct Found {
    row: Row,
    reason: &'static str,
    topic: String,
    lifted: Option<String>,
    may_lift: bool,
}

/// What became of a list.
#[derive(Debug, Serialize)]
struct Imported {
    added: usize,
    known: usize,
    faults: Vec<(usize, &'static str)>,
    more_faults: usize,
}

/// An address as somebody typed it.
struct Typed {
    channel: Channel,
    key: String,
}

impl Typed {
    fn parse(typed: &str) -> Result<Self> {
        if let Ok(email) = Email::parse(typed) {
            return Ok(Typed { channel: Channel::Email, key: email.key() });
        }
        let words = "Write an e-mail address, or a phone number with its + and country.";
        let phone = Phone::parse(typed).map_err(|_| Error::field("/address", "not_an_address", words))?;
        Ok(Typed { channel: Channel::Sms, key: phone.as_str().to_owned() })
    }
}

/// `GET /a/suppressions`.
pub(crate) async fn show(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let done = match asked.done.as_deref() {
        Some("added") => Some("Nothing that can be switched off goes to this address any more."),
        Some("known") => Some("This address was suppressed already. Nothing was changed."),
        Some("lifted") => Some("It is lifted. That it held stays on record."),
        _ => None,
    };
    let page = SuppressionsPage {
        address: asked.address.unwrap_or_default().trim().chars().take(320).collect(),
        done: done.map(str::to_owned),
        ..SuppressionsPage::default()
    };
    let after = asked.older.as_deref().map(SuppressionId::parse).transpose()?;
    Ok(shown(&door, member, page, after).await?)
}

async fn shown(
    door: &Door,
    member: Member,
    page: SuppressionsPage,
    after: Option<SuppressionId>,
) -> Result<Response> {
    let address = page.address.clone();
    let looked_up = door.db.read("staff.suppressions", move |r| {
        let found = match Typed::parse(&address) {
            Ok(typed) => Ok(Some(found(r, &typed)?)),
            Err(_) if address.is_empty() => Ok(None),
            Err(error) => Err(fault_of(error)?),
        };
        Ok((found, listed(r, after.as_ref())?, after.is_some()))
    });
    let (found, (rows, older), is_older) = looked_up.await?;
    let (found, fault) = match found {
        Ok(found) => (found, page.fault),
        Err(fault) => (None, page.fault.or(Some(fault))),
    };
    let (status, title) = match fault {
        Some(_) => (StatusCode::UNPROCESSABLE_ENTITY, "Error: Suppressions"),
        None => (StatusCode::OK, "Suppressions"),
    };
    let may_manage = member.role.may(Permission::ManageCustomers);
    let newest = is_older.then_some("/a/suppressions");
    let page = SuppressionsPage { found, fault, rows, older, newest, may_manage, ..page };
    Ok(door.page("admin/suppressions.html", title, &page)?.status(status).into_response())
}

fn listed(r: &mut Read<'_>, after: Option<&SuppressionId>) -> Result<(Vec<Row>, Option<String>)> {
    let mut listed = customers::list_suppressions(r, after, PER_PAGE as i64 + 1)?;
    let is_more = listed.len() > PER_PAGE;
    listed.truncate(PER_PAGE);
    let older = listed.last().filter(|_| is_more).map(|last| format!("/a/suppressions?older={}", last.id));
    let team = Team::of(r)?;
    let clock = ShopClock::new(&r.wired::<Shop>()?.zone, r.now);
    Ok((listed.iter().map(|one| row(&one.suppression, &team, &clock)).collect(), older))
}

fn row(suppression: &customers::Suppression, team: &Team, clock: &ShopClock<'_>) -> Row {
    Row {
        channel: channel_word(suppression.channel),
        why: suppression_words(suppression),
        from: team.told_by(&suppression.source),
        at: suppression.since.to_string(),
        since: clock.short(suppression.since),
    }
}

fn found(r: &mut Read<'_>, typed: &Typed) -> Result<Vec<Found>> {
    let wished = customers::suppression_history(r, typed.channel, &typed.key)?;
    let own_yes = newest_own_yes(r, typed)?;
    let team = Team::of(r)?;
    let clock = ShopClock::new(&r.wired::<Shop>()?.zone, r.now);
    let found = |wish: &customers::Suppression| Found {
        row: row(wish, &team, &clock),
        reason: wish.reason.as_str(),
        topic: wish.topic.clone().unwrap_or_default(),
        lifted: wish.lifted_at.map(|at| clock.short(at)),
        may_lift: wish.lifted_at.is_none() && may_lift(wish, own_yes),
    };
    Ok(wished.iter().rev().map(found).collect())
}

/// When whoever holds the address last said yes to marketing on its channel themselves, if that is what counts.
fn newest_own_yes(r: &mut Read<'_>, typed: &Typed) -> Result<Option<Timestamp>> {
    let mut newest = None;
    for id in customers::holders(r, typed.channel, &typed.key)? {
        let answers = customers::find(r, &id)?.map(|person| person.consents).unwrap_or_default();
        let own = answers.iter().filter(|answer| {
            let consent = &answer.consent;
            let asked = consent.channel == typed.channel && consent.purpose == Purpose::Marketing;
            asked && consent.granted && !answer.is_imported()
        });
        newest = newest.max(own.map(|answer| answer.consent.said_at).max());
    }
    Ok(newest)
}

/// `POST /a/suppressions`: one more.
pub(crate) async fn add(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    form: Form,
) -> Result<Response, Failure> {
    let address = form.text("address").to_owned();
    let asked = Typed::parse(&address).and_then(|typed| {
        let reason = SuppressionReason::parse(form.text("reason")).ok();
        // A STOP is an answer to a text.
        let reason =
            reason.filter(|reason| *reason != SuppressionReason::Stopped || typed.channel == Channel::Sms);
        let words = "Say why: an e-mail address can’t answer STOP.";
        Ok((typed, reason.ok_or_else(|| Error::field("/reason", "unknown_reason", words))?))
    });
    let (typed, reason) = match asked {
        Ok(asked) => asked,
        Err(error) => {
            let (fault, form) = (Some(fault_of(error)?), "add");
            let page =
                SuppressionsPage { fault, form, address: String::new(), ..SuppressionsPage::default() };
            return Ok(shown(&door, member, page, None).await?);
        }
    };
    let write = door.db.write("staff.suppress", move |w| suppress(w, &member, &typed, reason));
    let done = if write.await? { "added" } else { "known" };
    Ok(see_other(&format!("/a/suppressions?done={done}"), None)?)
}

/// Whether that is news.
fn suppress(w: &mut Write<'_>, member: &Member, typed: &Typed, reason: SuppressionReason) -> Result<bool> {
    let source = customers::by_staff(member.id.as_str());
    let is_news = customers::suppress(w, typed.channel, &typed.key, reason, &source)?;
    if is_news {
        let by = &member.id;
        let subject = ("suppression", typed.channel.as_str());
        staff::note(w, Some(by), "suppression.added", subject, None, Some(reason.as_str()))?;
    }
    Ok(is_news)
}

/// `POST /a/suppressions/lift`: never a person's own, without a newer yes of theirs.
pub(crate) async fn lift(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    form: Form,
) -> Result<Response, Failure> {
    only_managers(&member, "Lifting a suppression")?;
    let address = form.text("address").to_owned();
    match lifted(&door.db, &member, &form).await {
        Ok(()) => Ok(see_other("/a/suppressions?done=lifted", None)?),
        Err(error) => {
            let (fault, form) = (Some(fault_of(error)?), "lift");
            let page = SuppressionsPage { fault, form, address, ..SuppressionsPage::default() };
            Ok(shown(&door, member, page, None).await?)
        }
    }
}

async fn lifted(db: &Db, member: &Member, form: &Form) -> Result<()> {
    let typed = Typed::parse(form.text("address"))?;
    let reason = SuppressionReason::parse(form.text("reason"))
        .map_err(|_| Error::field("/reason", "unknown_reason", "Say which one is to be lifted."))?;
    let topic = form.text("topic").to_owned();
    let because = text::line(form.text("because"), LONGEST_REASON)
        .map_err(|_| Error::field("/because", "no_reason", "Say in a line why it is lifted."))?;
    let member = member.clone();
    let write = db.write("staff.lift", move |w| {
        let own_yes = newest_own_yes(w, &typed)?;
        let holding = customers::suppressions_holding(w, &[(typed.channel, &typed.key)])?;
        let wish = holding.into_iter().flatten().find(|wish| {
            wish.reason == reason && wish.topic.as_deref().unwrap_or_default() == topic
        });
        let Some(wish) = wish else { return Ok(()) };
        if !may_lift(&wish, own_yes) {
            let words = "They wished this themselves. Only they take it back: on the page “How we reach you”, with a newer yes, or by texting START.";
            return Err(Error::invalid("their_own_wish", words));
        }
        let source = customers::by_staff(member.id.as_str());
        match wish.topic.as_deref() {
            Some(topic) => customers::unsuppress_topic(w, typed.channel, &typed.key, topic, &source)?,
            None => customers::unsuppress(w, typed.channel, &typed.key, reason, &source)?,
        };
        // Why is free text and may name somebody: the log says that a reason was given, and how long it was.
        let after = format!("reason given ({} characters)", because.chars().count());
        let subject = ("suppression", typed.channel.as_str());
        staff::note(w, Some(&member.id), "suppression.lifted", subject, Some(reason.as_str()), Some(&after))
    });
    write.await
}

/// `POST /a/suppressions/import`: a list, line by line. It only ever adds.
pub(crate) async fn import(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    form: Form,
) -> Result<Response, Failure> {
    only_managers(&member, "Importing a list")?;
    let (listings, faults) = customers::read_list(form.text("list"));
    if listings.is_empty() {
        let fault =
            Some("There is no address in this list. Write one on each line. Nothing was changed.".to_owned());
        let list = form.text("list").chars().take(2_000).collect();
        let page = SuppressionsPage { fault, form: "import", list, ..SuppressionsPage::default() };
        return Ok(shown(&door, member, page, None).await?);
    }
    let mut added = 0;
    for some in listings.chunks(AT_ONCE) {
        let (some, by) = (some.to_vec(), member.id.clone());
        let write = door.db.write("staff.import_suppressions", move |w| {
            let mut added = 0;
            for one in &some {
                let reason = SuppressionReason::Unsubscribed;
                added +=
                    usize::from(customers::suppress(w, one.channel, &one.key, reason, customers::IMPORT)?);
            }
            if added > 0 {
                let after = format!("{added} of a list");
                staff::note(
                    w,
                    Some(&by),
                    "suppression.imported",
                    ("suppression", "list"),
                    None,
                    Some(&after),
                )?;
            }
            Ok(added)
        });
        added += write.await?;
    }
    let imported = Imported {
        added,
        known: listings.len() - added,
        faults: faults.iter().take(MOST_NAMED).map(|fault| (fault.line, fault.detail)).collect(),
        more_faults: faults.len().saturating_sub(MOST_NAMED),
    };
    let page = SuppressionsPage { imported: Some(imported), ..SuppressionsPage::default() };
    Ok(shown(&door, member, page, None).await?)
}
