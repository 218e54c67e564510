//! Who a Shopify order belongs to: contact points, name, address, consent.
//!
//! A contact point that can't be used is dropped, not refused: an order with a mistyped phone number is an order.

use kernel::fields::{Fields, country};
use kernel::{Channel, Email, Phone, Timestamp};
use orders::incoming::{
    Address, CLOCKS_DIFFER_BY, IncomingConsent, IncomingCustomer, MAX_ID, MAX_NAME, MAX_TITLE,
};

use super::body::{self, Customer, Order};
use crate::reading::{Plain, joined};

/// Reads the customer. `is_gift` keeps the recipient's phone number out: it is not the customer's.
pub fn customer(fields: &mut Fields, order: &Order, is_gift: bool) -> IncomingCustomer {
    let customer = order.customer.as_ref();
    let external_id = customer
        .and_then(|customer| customer.id.text())
        .and_then(|id| fields.identifier("/customer/id", id, MAX_ID));
    IncomingCustomer {
        external_id,
        email: email(order, customer),
        phone: phone(order, customer, is_gift),
        name: name(fields, order),
        preferred_channel: None,
        time_zone: None,
    }
}

fn email(order: &Order, customer: Option<&Customer>) -> Option<Email> {
    let told = [Some(&order.email), Some(&order.contact_email), customer.map(|customer| &customer.email)];
    told.into_iter().flatten().filter_map(Plain::text).find_map(|text| Email::parse(text).ok())
}

fn phone(order: &Order, customer: Option<&Customer>, is_gift: bool) -> Option<Phone> {
    let shipping = order.shipping_address.as_ref().filter(|_| !is_gift);
    let told = [
        Some(&order.phone),
        customer.map(|customer| &customer.phone),
        shipping.map(|address| &address.phone),
    ];
    told.into_iter().flatten().filter_map(Plain::text).find_map(|text| Phone::parse(text).ok())
}

/// The customer's own name, else the name on the bill, else the one on the parcel.
fn name(fields: &mut Fields, order: &Order) -> Option<String> {
    let own = order.customer.as_ref().and_then(|person| joined(&person.first_name, &person.last_name));
    let name = own
        .or_else(|| order.billing_address.as_ref().and_then(address_name))
        .or_else(|| order.shipping_address.as_ref().and_then(address_name))?;
    fields.line("/customer/name", &name, MAX_NAME)
}

fn address_name(address: &body::Address) -> Option<String> {
    address.name.text().map(str::to_owned).or_else(|| joined(&address.first_name, &address.last_name))
}

/// Reads where it goes. Without a country, or without any street and town, it is not an address.
pub fn address(fields: &mut Fields, order: &Order) -> Option<Address> {
    let told = order.shipping_address.as_ref()?;
    let country = country(told.country_code.text()?).ok()?;
    let mut line =
        |pointer: &str, text: Option<&str>, max: usize| text.and_then(|text| fields.line(pointer, text, max));
    let address = Address {
        name: line("/shipping_address/name", address_name(told).as_deref(), MAX_NAME),
        line1: line("/shipping_address/address1", told.address1.text(), MAX_TITLE).unwrap_or_default(),
        line2: line("/shipping_address/address2", told.address2.text(), MAX_TITLE),
        city: line("/shipping_address/city", told.city.text(), MAX_TITLE).unwrap_or_default(),
        region: line("/shipping_address/province", told.province.text(), MAX_TITLE),
        postcode: line("/shipping_address/zip", told.zip.text(), MAX_ID),
        country,
    };
    let somewhere = !address.line1.is_empty() || !address.city.is_empty();
    somewhere.then_some(address)
}

/// Reads what the customer agreed to. A yes counts only for the very address it was given for: the customer's account
/// may hold another one than the order.
pub fn consents(order: &Order, reached_by: &IncomingCustomer, placed_at: Timestamp) -> Vec<IncomingConsent> {
    let customer = order.customer.as_ref();
    let latest = latest_consent(order, placed_at);
    let consent = |channel, told| consent(channel, told, placed_at, latest);
    let email = match customer.and_then(|customer| customer.email_marketing_consent.as_ref()) {
        Some(told) => consent(Channel::Email, told),
        None => ticked_at_checkout(order, placed_at),
    };
    let sms = customer
        .and_then(|customer| customer.sms_marketing_consent.as_ref())
        .and_then(|told| consent(Channel::Sms, told));
    let about_this_address =
        |consent: &IncomingConsent| !consent.granted || speaks_for(consent.channel, customer, reached_by);
    [email, sms].into_iter().flatten().filter(about_this_address).collect()
}

/// The latest a customer may have said something that this version tells.
fn latest_consent(order: &Order, placed_at: Timestamp) -> Timestamp {
    let updated_at = order.updated_at.text().and_then(|text| Timestamp::parse(text).ok());
    updated_at.unwrap_or(placed_at) + CLOCKS_DIFFER_BY
}

/// `not_subscribed` without a date was never asked; `pending` waits for the customer's second click; other words say
/// nothing. A date of the future is none: an answer that carried it could never be taken back.
fn consent(
    channel: Channel,
    told: &body::Consent,
    placed_at: Timestamp,
    latest: Timestamp,
) -> Option<IncomingConsent> {
    let at = told.consent_updated_at.text().and_then(|text| Timestamp::parse(text).ok());
    let at = at.filter(|at| *at <= latest);
    let (granted, at) = match told.state.word()?.as_str() {
        "subscribed" => (true, at.unwrap_or(placed_at)),
        "unsubscribed" => (false, at.unwrap_or(placed_at)),
        "not_subscribed" => (false, at?),
        _ => return None,
    };
    Some(IncomingConsent { channel, granted, wording: None, at })
}

/// Older versions tell only the box at checkout. Not ticking it says nothing about an earlier yes.
fn ticked_at_checkout(order: &Order, placed_at: Timestamp) -> Option<IncomingConsent> {
    let yes = IncomingConsent { channel: Channel::Email, granted: true, wording: None, at: placed_at };
    order.buyer_accepts_marketing.is_true().then_some(yes)
}

fn speaks_for(channel: Channel, customer: Option<&Customer>, reached_by: &IncomingCustomer) -> bool {
    let account = |pick: fn(&Customer) -> &Plain| customer.and_then(|customer| pick(customer).text());
    match channel {
        Channel::Email => {
            let given = account(|customer| &customer.email).and_then(|text| Email::parse(text).ok());
            reached_by.email.as_ref().is_some_and(|used| given.is_none_or(|given| given.key() == used.key()))
        }
        Channel::Sms => {
            let given = account(|customer| &customer.phone).and_then(|text| Phone::parse(text).ok());
            given.is_some() && given == reached_by.phone
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_consent_from_the_future_has_no_time() {
        let said = |state: &str, at: &str| {
            let order = serde_json::json!({
                "updated_at": "2026-11-20T12:00:00Z",
                "customer": { "email_marketing_consent": { "state": state, "consent_updated_at": at } },
            });
            let order: Order = serde_json::from_str(&order.to_string()).unwrap();
            let reached_by = IncomingCustomer {
                email: Email::parse("ann@example.test").ok(),
                ..IncomingCustomer::default()
            };
            let placed_at = Timestamp::parse("2026-11-20T11:00:00Z").unwrap();
            consents(&order, &reached_by, placed_at).pop().map(|consent| consent.at.to_string())
        };
        let placed_at = Timestamp::parse("2026-11-20T11:00:00Z").unwrap().to_string();
        assert_eq!(said("subscribed", "9999-01-01T00:00:00Z"), Some(placed_at.clone()));
        assert_eq!(said("unsubscribed", "9999-01-01T00:00:00Z"), Some(placed_at));
        assert_eq!(said("not_subscribed", "9999-01-01T00:00:00Z"), None);
        let believed = Timestamp::parse("2026-11-20T12:00:05Z").unwrap().to_string();
        assert_eq!(said("subscribed", "2026-11-20T12:00:05Z"), Some(believed));
    }
}
