//! A customer as a line of a list.

use customers::{Listed, Person};
use kernel::ShopClock;
use serde::Serialize;

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

/// What somebody is called of whom a name may not be known.
pub(super) fn called(name: Option<&str>) -> String {
    name.filter(|name| !name.is_empty()).unwrap_or("Name not known").to_owned()
}
