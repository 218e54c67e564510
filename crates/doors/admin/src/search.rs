//! `/a/search`: a number, an address or an identifier, and where it leads.

use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use db::Read;
use kernel::{Channel, CustomerId, Email, MessageId, Phone, Result, Shop, ShopClock};
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

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    q: Option<String>,
}

#[derive(Debug, Default, Serialize)]
struct SearchPage {
    q: String,
    orders: Vec<OrderRow>,
    customers: Vec<CustomerRow>,
}

/// `GET /a/search`. What can only be one thing is shown at once.
pub(crate) async fn show(State(door): State<Door>, Query(asked): Query<Asked>) -> Result<Response, Failure> {
    let q: String = asked.q.unwrap_or_default().trim().chars().take(MAX_QUERY).collect();
    if let Some(path) = direct(&q) {
        return Ok(see_other(&path, None)?);
    }
    let page = door.db.read("staff.search", move |r| found(r, &q)).await?;
    let only = match (page.orders.as_slice(), page.customers.as_slice()) {
        ([order], []) => Some(order.href.clone()),
        ([], [customer]) => Some(customer.href.clone()),
        _ => None,
    };
    match only {
        Some(path) => Ok(see_other(&path, None)?),
        None => Ok(door.page("admin/search.html", "Search", &page)?.into_response()),
    }
}

/// Identifiers say by themselves what they name.
fn direct(q: &str) -> Option<String> {
    let order = OrderId::parse(q).ok().map(|id| format!("/a/orders/{id}"));
    let message = || MessageId::parse(q).ok().map(|id| format!("/a/messages/{id}"));
    let customer = || CustomerId::parse(q).ok().map(|id| format!("/a/customers/{id}"));
    order.or_else(message).or_else(customer)
}

fn found(r: &mut Read<'_>, q: &str) -> Result<SearchPage> {
    if q.is_empty() {
        return Ok(SearchPage::default());
    }
    let orders = orders::staff::numbered(r, q, MOST)?;
    let mut people = Vec::new();
    if let Ok(email) = Email::parse(q) {
        people.extend(customers::holders(r, Channel::Email, &email.key())?);
    }
    if let Ok(phone) = Phone::parse(q) {
        people.extend(customers::holders(r, Channel::Sms, phone.as_str())?);
    }
    let mut customers = Vec::new();
    for id in people {
        let person = customers::person_unasked(r, &id)?;
        let clock = ShopClock::new(&r.wired::<Shop>()?.zone, r.now);
        customers.push(CustomerRow::of_person(&person, &clock));
    }
    Ok(SearchPage { q: q.to_owned(), orders, customers })
}
