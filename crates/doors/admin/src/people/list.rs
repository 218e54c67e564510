//! `/a/customers`: the list.

use axum::extract::{Query, State};
use customers::{Listed, Person};
use db::Read;
use kernel::{CustomerId, Result, Shop, ShopClock};
use serde::Serialize;
use web::{Failure, HtmlPage};

use super::Asked;
use crate::door::Door;

/// Customers on one page of the list.
const PER_PAGE: usize = 50;

#[derive(Debug, Serialize)]
struct CustomersPage {
    rows: Vec<CustomerRow>,
    older: Option<String>,
    newest: Option<&'static str>,
}

/// One customer of a list.
#[derive(Debug, Serialize)]
pub(crate) struct CustomerRow {
    pub href: String,
    name: String,
    address: String,
    at: String,
    since: String,
}

impl CustomerRow {
    fn of(listed: &Listed, clock: &ShopClock<'_>) -> Self {
        CustomerRow {
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

/// What somebody is called of whom a name may not be known.
pub(super) fn called(name: Option<&str>) -> String {
    name.filter(|name| !name.is_empty()).unwrap_or("Name not known").to_owned()
}

/// `GET /a/customers`.
pub(super) async fn list(State(door): State<Door>, Query(asked): Query<Asked>) -> Result<HtmlPage, Failure> {
    let after = asked.older.as_deref().map(CustomerId::parse).transpose()?;
    let page = door.db.read("staff.customers", move |r| customers_page(r, after.as_ref())).await?;
    Ok(door.page("admin/customers.html", "Customers", &page)?)
}

fn customers_page(r: &mut Read<'_>, after: Option<&CustomerId>) -> Result<CustomersPage> {
    let mut listed = customers::list(r, after, PER_PAGE as i64 + 1)?;
    let is_more = listed.len() > PER_PAGE;
    listed.truncate(PER_PAGE);
    let older = listed.last().filter(|_| is_more).map(|last| format!("/a/customers?older={}", last.id));
    let clock = ShopClock::new(&r.wired::<Shop>()?.zone, r.now);
    let rows = listed.iter().map(|listed| CustomerRow::of(listed, &clock)).collect();
    Ok(CustomersPage { rows, older, newest: after.map(|_| "/a/customers") })
}
