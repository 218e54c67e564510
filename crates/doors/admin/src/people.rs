//! `/a/customers`: who they are, and everything that happened to them in one stream.

use axum::extract::{Path, Query, State};
use customers::{Listed, Person};
use db::Read;
use kernel::{Channel, CustomerId, Error, EventId, Result, Shop, ShopClock};
use messaging::log::LogRow;
use orders::staff::OrderRow;
use serde::{Deserialize, Serialize};
use timeline::Card;
use web::{Failure, HtmlPage};

use crate::door::Door;

/// Events on one page of a timeline.
const EVENTS: usize = 50;
/// Orders and messages that are listed of one customer.
const MOST_LISTED: i64 = 20;

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    older: Option<String>,
}

/// One customer of a list.
#[derive(Debug, Serialize)]
pub(crate) struct CustomerRow {
    pub id: String,
    pub href: String,
    pub name: String,
    pub address: String,
    at: String,
    since: String,
}

#[derive(Debug, Serialize)]
struct CustomerPage {
    name: String,
    at: String,
    since: String,
    facts: Vec<(&'static str, String)>,
    consents: Vec<(String, String)>,
    orders: Vec<OrderRow>,
    messages: Vec<LogRow>,
    events: Vec<Card>,
    older: Option<String>,
    newest: Option<String>,
}

impl CustomerRow {
    pub(crate) fn of(listed: &Listed, clock: &ShopClock<'_>) -> Self {
        CustomerRow {
            id: listed.id.as_str().to_owned(),
            href: format!("/a/customers/{}", listed.id),
            name: called(listed.name.as_deref()),
            address: listed.address.clone().unwrap_or_default(),
            at: listed.created_at.to_string(),
            since: clock.short(listed.created_at),
        }
    }

    pub(crate) fn of_person(person: &Person, clock: &ShopClock<'_>) -> Self {
        let address = person.contact_points.first().map(|point| point.address.clone());
        let listed = Listed {
            id: person.id.clone(),
            name: person.name.clone(),
            address,
            created_at: person.created_at,
        };
        CustomerRow::of(&listed, clock)
    }
}

fn called(name: Option<&str>) -> String {
    name.filter(|name| !name.is_empty()).unwrap_or("Name not known").to_owned()
}

/// `GET /a/customers/{id}`.
pub(crate) async fn show(
    State(door): State<Door>,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<HtmlPage, Failure> {
    let id = CustomerId::parse(&id)?;
    let after = asked.older.as_deref().map(EventId::parse).transpose()?;
    let page = door.db.read("staff.customer", move |r| customer_page(r, &id, after.as_ref())).await?;
    Ok(door.page("admin/customer.html", &page.name, &page)?)
}

fn customer_page(r: &mut Read<'_>, id: &CustomerId, after: Option<&EventId>) -> Result<CustomerPage> {
    let person = customers::find(r, id)?.ok_or_else(|| Error::not_found("There is no such customer."))?;
    let mut events = timeline::of_customer(r, id, after, EVENTS as i64 + 1)?;
    let is_more = events.len() > EVENTS;
    events.truncate(EVENTS);
    let path = format!("/a/customers/{id}");
    let older = events.last().filter(|_| is_more).map(|last| format!("{path}?older={}", last.id));
    let orders = orders::staff::of_customer(r, id, MOST_LISTED)?;
    let messages = messaging::log::of_customer(r, id, MOST_LISTED)?;
    let clock = ShopClock::new(&r.wired::<Shop>()?.zone, r.now);
    Ok(CustomerPage {
        name: called(person.name.as_deref()),
        at: person.created_at.to_string(),
        since: clock.short(person.created_at),
        facts: facts(&person, &clock),
        consents: consents(&person, &clock),
        orders,
        messages,
        events: timeline::cards(&events, &clock),
        older,
        newest: after.map(|_| path),
    })
}

fn facts(person: &Person, clock: &ShopClock<'_>) -> Vec<(&'static str, String)> {
    let mut facts = Vec::new();
    for point in &person.contact_points {
        let label = match point.channel {
            Channel::Email => "E-mail",
            Channel::Sms => "Phone",
        };
        let dead = point.dead_at.map(|at| format!(" (reaches nobody since {})", clock.short(at)));
        facts.push((label, format!("{}{}", point.address, dead.unwrap_or_default())));
    }
    facts.extend(person.preferred_channel.map(|channel| {
        let word = match channel {
            Channel::Email => "by e-mail",
            Channel::Sms => "by text",
        };
        ("Wants to be told", word.to_owned())
    }));
    facts.extend(person.locale.as_ref().map(|locale| ("Language", locale.to_string())));
    facts.extend(person.zone.as_ref().map(|zone| ("Time zone", zone.name().to_owned())));
    facts
}

fn consents(person: &Person, clock: &ShopClock<'_>) -> Vec<(String, String)> {
    let told = |answer: &customers::Answer| {
        let consent = &answer.consent;
        let word = if consent.granted { "yes" } else { "no" };
        let what = format!("{} by {}", consent.purpose.as_str(), consent.channel.as_str());
        (what, format!("{word}, said {} ({})", clock.short(consent.said_at), answer.source))
    };
    person.consents.iter().map(told).collect()
}
