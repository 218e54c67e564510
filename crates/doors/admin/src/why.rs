//! `/a/why`: why somebody did not get a message. What was written says so itself; of what was never written, what sets it
//! off and what did not happen; and what would become of it now, by the rule that decides every message.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use customers::Person;
use db::Read;
use kernel::{Channel, Result, Shop, ShopClock};
use messaging::decide::{Verdict, Why};
use messaging::{Template, Templates, Told};
use serde::{Deserialize, Serialize};
use web::Failure;

use crate::door::{Door, fault_of};
use crate::people::named;
use crate::people::view::{called, sentence, templates};

/// Messages of one template that are shown.
const MOST_WRITTEN: usize = 20;
/// Events that are looked through for what sets a message off.
const MOST_EVENTS: i64 = 1_000;
/// Orders that are looked at.
const MOST_ORDERS: i64 = 20;

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    who: Option<String>,
    template: Option<String>,
}

/// What `admin/why.html` is given as `page`.
#[derive(Debug, Default, Serialize)]
struct WhyPage {
    who: String,
    template: String,
    templates: Vec<(String, String)>,
    fault: Option<String>,
    answer: Option<Answer>,
}

/// The answer, most important first.
#[derive(Debug, Serialize)]
struct Answer {
    name: String,
    customer: String,
    message: String,
    tone: &'static str,
    heading: String,
    /// What was written, newest first.
    written: Vec<Written>,
    /// Why nothing was written, in sentences.
    never: Vec<String>,
    /// What would become of it now, the rule behind that, and what changes it.
    now: String,
    rule: &'static str,
    help: &'static str,
}

#[derive(Debug, Serialize)]
struct Written {
    href: String,
    standing: String,
    tone: &'static str,
    reason: String,
    outcome: Option<String>,
    help: Option<&'static str>,
    at: String,
    when: String,
}

/// `GET /a/why`.
pub(crate) async fn show(State(door): State<Door>, Query(asked): Query<Asked>) -> Result<Response, Failure> {
    let short =
        |text: Option<String>| -> String { text.unwrap_or_default().trim().chars().take(200).collect() };
    let (who, template) = (short(asked.who), short(asked.template));
    let page = door.db.read("staff.why", move |r| why_page(r, &who, &template)).await?;
    let (status, title) = match page.fault {
        Some(_) => (StatusCode::UNPROCESSABLE_ENTITY, "Error: Why didn’t they get it?"),
        None => (StatusCode::OK, "Why didn’t they get it?"),
    };
    Ok(door.page("admin/why.html", title, &page)?.status(status).into_response())
}

fn why_page(r: &mut Read<'_>, who: &str, template: &str) -> Result<WhyPage> {
    let all = r.wired::<Templates>()?.clone();
    let page = WhyPage {
        who: who.to_owned(),
        template: template.to_owned(),
        templates: templates(&all),
        ..WhyPage::default()
    };
    if who.is_empty() {
        return Ok(page);
    }
    let Some(template) = all.all().iter().find(|known| known.id == template) else {
        return Ok(WhyPage { fault: Some("Choose a message.".to_owned()), ..page });
    };
    let person = match named::people(r, who).and_then(named::only) {
        Ok(person) => person,
        Err(error) => return Ok(WhyPage { fault: Some(fault_of(error)?), ..page }),
    };
    Ok(WhyPage { answer: Some(answer(r, &person, template)?), ..page })
}

fn answer(r: &mut Read<'_>, person: &Person, template: &Template) -> Result<Answer> {
    let told = messaging::written_to(r, &person.ids(), template.id, MOST_WRITTEN)?;
    let never = if told.is_empty() { never_written(r, person, template)? } else { Vec::new() };
    let verdict = messaging::dry_run(r, person, template)?;
    let clock = ShopClock::new(&r.wired::<Shop>()?.zone, r.now);
    let (tone, heading) = heading(told.first());
    Ok(Answer {
        name: called(person),
        customer: format!("/a/customers/{}", person.id),
        message: sentence(template.id),
        tone,
        heading: heading.to_owned(),
        written: told.iter().map(|told| written(told, &clock)).collect(),
        never,
        now: would(&verdict, &clock),
        rule: verdict.why().words(),
        help: verdict.why().help(),
    })
}

/// The newest message says it in a word.
fn heading(newest: Option<&Told>) -> (&'static str, &'static str) {
    use messaging::State;
    let Some(newest) = newest else { return ("warn", "It was never written") };
    match newest.state {
        State::Accepted => ("ok", "It was sent"),
        State::Queued | State::HandingOff => ("info", "It is on its way"),
        State::Deferred => ("warn", "It is being tried again"),
        State::Held => ("warn", "It is waiting"),
        State::Unknown => ("warn", "It may have arrived: nobody knows"),
        State::Failed => ("bad", "It could not be delivered"),
        State::Dropped => ("bad", "It was not sent, because a rule said so"),
        State::Expired => ("bad", "It came too late to be of use"),
    }
}

fn written(told: &Told, clock: &ShopClock<'_>) -> Written {
    let (tone, _) = heading(Some(told));
    let rule = Why::ALL.into_iter().find(|why| told.why.as_deref() == Some(why.code()));
    Written {
        href: format!("/a/messages/{}", told.id),
        standing: sentence(told.state.as_str()),
        tone,
        reason: told.reason.clone(),
        outcome: told.outcome.clone(),
        help: rule.filter(|_| tone != "ok").map(Why::help),
        at: told.created_at.to_string(),
        when: clock.long(told.created_at),
    }
}

/// Why there is no such message: what sets it off, and what did not happen.
fn never_written(r: &mut Read<'_>, person: &Person, template: &Template) -> Result<Vec<String>> {
    let set_off_by = orders::letters::set_off_by(template.id);
    let Some((kinds, when)) = set_off_by.or_else(|| shipments::letters::set_off_by(template.id)) else {
        let answers = template.topic == messaging::topics::TEXTS
            || template.topic == messaging::topics::STOP_CONFIRMATION;
        let words = if answers {
            "It answers a text, and they have not texted that."
        } else {
            "Nothing that sets it off has happened to this customer."
        };
        return Ok(vec![words.to_owned()]);
    };
    let mut said = vec![format!("It is written {when}.")];
    let ids = person.ids();
    let orders = orders_of(r, person)?;
    let happened = timeline::of_customers(r, &ids, &["order", "shipment"], None, MOST_EVENTS)?;
    let has_happened = happened.iter().any(|event| kinds.contains(&event.kind.as_str()));
    said.push(
        match (orders.is_empty(), has_happened) {
            (true, _) => "No order of theirs is here. Ask whether the shop has told it: its webhooks may be lost.",
            (false, false) if kinds.is_empty() => "Nobody has asked for it.",
            (false, false) => "That has not happened to any order of theirs.",
            (false, true) if orders.iter().any(|is_history| *is_history) => {
                "It has happened to an order that came as history: from a file, or first told more than seven days after it was placed. Nothing is ever said about those."
            }
            (false, true) => {
                "It has happened, and there was nothing to tell: an earlier message said it already, or it was taken back before it was told."
            }
        }
        .to_owned(),
    );
    Ok(said)
}

/// Of each of their newest orders whether it is history.
fn orders_of(r: &mut Read<'_>, person: &Person) -> Result<Vec<bool>> {
    let mut orders = Vec::new();
    for id in person.ids() {
        orders.extend(orders::list_of(r, &id, MOST_ORDERS)?.iter().map(|order| order.is_history));
    }
    Ok(orders)
}

fn would(verdict: &Verdict, clock: &ShopClock<'_>) -> String {
    match verdict {
        Verdict::Send { channel, address, .. } => {
            let by = match channel {
                Channel::Email => "by e-mail",
                Channel::Sms => "by text",
            };
            format!("It would be sent {by} to {address}.")
        }
        Verdict::Hold { until, .. } => format!("It would wait, until {} at first.", clock.long(*until)),
        Verdict::Drop { .. } => "It would not be sent.".to_owned(),
    }
}
