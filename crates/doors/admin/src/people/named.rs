//! Whom somebody means who types an identifier, an address or the number of an order.

use customers::Person;
use db::Read;
use kernel::{Channel, CustomerId, Email, Error, Phone, Result};

/// Orders of one number that are looked at.
const MOST_NUMBERED: i64 = 20;

/// Everybody who is called that, as who they are now, each once.
pub(crate) fn people(r: &mut Read<'_>, typed: &str) -> Result<Vec<Person>> {
    let mut people: Vec<Person> = Vec::new();
    for id in ids(r, typed.trim())? {
        if let Some(person) = customers::find(r, &id)?
            && !people.iter().any(|known| known.id == person.id)
        {
            people.push(person);
        }
    }
    Ok(people)
}

fn ids(r: &mut Read<'_>, typed: &str) -> Result<Vec<CustomerId>> {
    if let Ok(id) = CustomerId::parse(typed) {
        return Ok(vec![id]);
    }
    if let Ok(email) = Email::parse(typed) {
        return customers::holders(r, Channel::Email, &email.key());
    }
    if let Ok(phone) = Phone::parse(typed) {
        return customers::holders(r, Channel::Sms, phone.as_str());
    }
    let orders = orders::numbered(r, typed, MOST_NUMBERED)?;
    Ok(orders.into_iter().map(|order| order.customer).collect())
}

/// The one who is meant.
pub(crate) fn only(mut people: Vec<Person>) -> Result<Person> {
    match (people.pop(), people.is_empty()) {
        (Some(person), true) => Ok(person),
        (Some(_), false) => Err(Error::invalid(
            "several_customers",
            "Several customers are known by that. Write the identifier of the one you mean: it stands in the address of their page.",
        )),
        (None, _) => Err(Error::invalid(
            "no_such_customer",
            "Nobody is known by that. Write an e-mail address, a phone number with its +, the number of an order, or an identifier such as cus_….",
        )),
    }
}
