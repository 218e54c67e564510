//! `/a/search`: a number, an address, an identifier or the beginning of one, and where it leads. As a page, and as JSON for
//! the keyboard's way to it.

use axum::Json;
use axum::extract::{Query, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use customers::Person;
use db::Read;
use kernel::{Channel, CustomerId, Email, MessageId, Phone, Result, Shop, ShopClock};
use messaging::log::LogRow;
use orders::OrderId;
use orders::staff::OrderRow;
use serde::{Deserialize, Serialize};
use web::Failure;

use crate::door::{Door, see_other};
use crate::people::CustomerRow;

/// The longest thing one looks for.
const MAX_QUERY: usize = 200;
/// Results of each kind.
const MOST: i64 = 20;
/// Messages of each person who was found.
const MOST_MESSAGES: i64 = 3;
/// People whose messages are shown.
const MOST_PEOPLE: usize = 3;
/// The least that must be known of an address or a number to find what begins so.
const LEAST_BEGINNING: usize = 2;
/// Results of the keyboard's way, so that they fit a screen.
const MOST_AT_ONCE: usize = 12;

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    q: Option<String>,
    format: Option<String>,
}

#[derive(Debug, Default, Serialize)]
struct SearchPage {
    q: String,
    orders: Vec<OrderRow>,
    customers: Vec<CustomerRow>,
    messages: Vec<LogRow>,
    pages: Vec<(&'static str, &'static str)>,
}

/// Something that was found, for a program.
#[derive(Debug, Serialize)]
struct Hit {
    kind: &'static str,
    label: String,
    detail: String,
    href: String,
}

/// Every page that one may look for by name.
const PAGES: [(&str, &str); 29] = [
    ("Home", "/a"),
    ("Orders", "/a/orders"),
    ("Orders that are held", "/a/orders?mark=held"),
    ("Parcels, and what is wrong", "/a/parcels"),
    ("Parcels without a link", "/a/parcels/unlinked"),
    ("Parcels that belong to nothing", "/a/parcels/strays"),
    ("Customers", "/a/customers"),
    ("Messages", "/a/messages"),
    ("Messages in trouble", "/a/messages?show=trouble"),
    ("Messages that are held", "/a/messages?show=held"),
    ("Suppressions", "/a/suppressions"),
    ("Why didn’t they get it?", "/a/why"),
    ("Templates", "/a/templates"),
    ("Settings", "/a/settings"),
    ("Brand", "/a/settings/brand"),
    ("Rules for messages", "/a/settings/rules"),
    ("Languages and wording", "/a/settings/wording"),
    ("Channels and test messages", "/a/settings/channels"),
    ("Set up", "/a/guide"),
    ("Connections", "/a/connections"),
    ("API keys", "/a/keys"),
    ("Webhooks", "/a/webhooks"),
    ("Domains", "/a/domains"),
    ("Parked work", "/a/parked"),
    ("System", "/a/system"),
    ("Long work and files", "/a/tasks"),
    ("Account and sign out", "/a/account"),
    ("Second factor", "/a/account/second-factor"),
    ("Who works here", "/a/team"),
];

/// `GET /a/search`. What can only be one thing is shown at once.
pub(crate) async fn show(State(door): State<Door>, Query(asked): Query<Asked>) -> Result<Response, Failure> {
    let q: String = asked.q.unwrap_or_default().trim().chars().take(MAX_QUERY).collect();
    if asked.format.as_deref() == Some("json") {
        let page = door.db.read("staff.search", move |r| found(r, &q, Wanted::Begins)).await?;
        return Ok(as_json(page));
    }
    if let Some(path) = direct(&q) {
        return Ok(see_other(&path, None)?);
    }
    let whole = q.clone();
    let exact = door.db.read("staff.search", move |r| found(r, &whole, Wanted::Whole)).await?;
    let only = match (exact.orders.as_slice(), exact.customers.as_slice()) {
        ([order], []) => Some(order.href.clone()),
        ([], [customer]) => Some(customer.href.clone()),
        _ => None,
    };
    if let Some(path) = only {
        return Ok(see_other(&path, None)?);
    }
    let page = door.db.read("staff.search", move |r| found(r, &q, Wanted::Begins)).await?;
    Ok(door.page("admin/search.html", "Search", &page)?.into_response())
}

fn as_json(page: SearchPage) -> Response {
    let mut found =
        direct(&page.q).map(|href| hit("Identifier", &page.q, "", &href)).into_iter().collect::<Vec<_>>();
    found.extend(page.orders.iter().map(|order| hit("Order", &order.number, &order.who, &order.href)));
    found.extend(page.customers.iter().map(|one| hit("Customer", &one.name, &one.address, &one.href)));
    found.extend(page.messages.iter().map(|one| hit("Message", &one.what, &one.to, &one.href)));
    found.extend(page.pages.iter().map(|(name, href)| hit("Page", name, "", href)));
    found.truncate(MOST_AT_ONCE);
    let no_store = [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    (no_store, Json(serde_json::json!({ "found": found }))).into_response()
}

fn hit(kind: &'static str, label: &str, detail: &str, href: &str) -> Hit {
    Hit { kind, label: label.to_owned(), detail: detail.to_owned(), href: href.to_owned() }
}

/// Identifiers say by themselves what they name.
fn direct(q: &str) -> Option<String> {
    let order = OrderId::parse(q).ok().map(|id| format!("/a/orders/{id}"));
    let message = || MessageId::parse(q).ok().map(|id| format!("/a/messages/{id}"));
    let customer = || CustomerId::parse(q).ok().map(|id| format!("/a/customers/{id}"));
    order.or_else(message).or_else(customer)
}

/// Whether the beginning of a number or an address is enough.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Whole,
    Begins,
}

fn found(r: &mut Read<'_>, q: &str, wanted: Wanted) -> Result<SearchPage> {
    let begins = wanted == Wanted::Begins && q.chars().count() >= LEAST_BEGINNING;
    let orders = match begins {
        true => numbered_or_bought(r, q)?,
        false if q.is_empty() => Vec::new(),
        false => orders::staff::numbered(r, q, MOST)?,
    };
    let people = people(r, q, begins)?;
    let (mut customers, mut messages) = (Vec::new(), Vec::new());
    for person in &people {
        let clock = ShopClock::new(&r.wired::<Shop>()?.zone, r.now);
        customers.push(CustomerRow::of_person(person, &clock));
    }
    for person in people.iter().take(MOST_PEOPLE) {
        messages.extend(messaging::log::of_customers(r, &person.ids(), MOST_MESSAGES)?);
    }
    let pages = if wanted == Wanted::Begins { pages(q) } else { Vec::new() };
    Ok(SearchPage { q: q.to_owned(), orders, customers, messages, pages })
}

/// Orders whose number begins so, and the newest with a product whose title or SKU does.
fn numbered_or_bought(r: &mut Read<'_>, q: &str) -> Result<Vec<OrderRow>> {
    let mut found = orders::staff::number_begins(r, q, MOST)?;
    for order in orders::staff::with_product(r, q, MOST as usize)? {
        if !found.iter().any(|known| known.href == order.href) {
            found.push(order);
        }
    }
    found.truncate(MOST as usize);
    Ok(found)
}

/// Whose address or number it is, or whose address or name begins so; each person once, whomever they were merged with.
fn people(r: &mut Read<'_>, q: &str, begins: bool) -> Result<Vec<Person>> {
    let mut people: Vec<Person> = Vec::new();
    for id in holders(r, q, begins)? {
        let person = customers::person_unasked(r, &id)?;
        if !people.iter().any(|known| known.id == person.id) {
            people.push(person);
        }
    }
    Ok(people)
}

fn holders(r: &mut Read<'_>, q: &str, begins: bool) -> Result<Vec<CustomerId>> {
    let mut holders = Vec::new();
    if let Ok(email) = Email::parse(q) {
        holders.extend(customers::holders(r, Channel::Email, &email.key())?);
    }
    if let Ok(phone) = Phone::parse(q) {
        holders.extend(customers::holders(r, Channel::Sms, phone.as_str())?);
    }
    if begins {
        holders.extend(customers::email_begins(r, q, MOST)?);
        holders.extend(customers::name_begins(r, q, MOST)?);
    }
    Ok(holders)
}

/// The pages that are called so, or all of them.
fn pages(q: &str) -> Vec<(&'static str, &'static str)> {
    let words = q.to_lowercase();
    PAGES.into_iter().filter(|(name, _)| name.to_lowercase().contains(&words)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_found_by_a_part_of_its_name() {
        assert_eq!(pages("HELD").len(), 2);
        assert_eq!(pages("").len(), PAGES.len());
        assert!(pages("<script>").is_empty());
    }
}
