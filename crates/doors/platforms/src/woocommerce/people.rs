//! Who a WooCommerce order belongs to: contact points, name, address, language.
//!
//! A contact point that can't be used is dropped, not refused: an order with a mistyped phone number is an order.

use kernel::fields::{Fields, country};
use kernel::{Email, Locale, Phone};
use orders::incoming::{Address, IncomingCustomer, MAX_ID, MAX_NAME, MAX_TITLE};

use super::body::{self, Order};
use super::parse::meta;
use crate::reading::{Plain, joined};

/// Where the plugins for several languages write down which one the customer shopped in: WPML, Polylang,
/// TranslatePress, Weglot.
const LANGUAGE_KEYS: [&str; 5] =
    ["wpml_language", "_wpml_language", "_order_language", "trp_language", "weglot_language"];
/// Where themes and plugins write down that an order is a present.
const GIFT_KEYS: [&str; 5] = ["is_gift", "_is_gift", "gift", "_gift", "_billing_is_gift"];
/// Where they write down what its card says.
const GIFT_MESSAGES: [&str; 3] = ["gift_message", "_gift_message", "_billing_gift_message"];

/// Reads the customer; a guest has the number 0.
pub fn customer(fields: &mut Fields, order: &Order) -> IncomingCustomer {
    let billing = order.billing.as_ref();
    let account = order.customer_id.text().filter(|id| *id != "0");
    let name = billing.and_then(|address| joined(&address.first_name, &address.last_name)).or_else(|| {
        order.shipping.as_ref().and_then(|address| joined(&address.first_name, &address.last_name))
    });
    IncomingCustomer {
        external_id: account.and_then(|id| fields.identifier("/customer_id", id, MAX_ID)),
        email: billing.and_then(|address| address.email.text()).and_then(|text| Email::parse(text).ok()),
        phone: billing.and_then(|address| address.phone.text()).and_then(|text| Phone::parse(text).ok()),
        name: name.and_then(|name| fields.line("/billing/name", &name, MAX_NAME)),
        preferred_channel: None,
        time_zone: None,
    }
}

/// Reads where it goes. Without a country, or without any street and town, it is not an address: nothing is sent.
pub fn address(fields: &mut Fields, order: &Order) -> Option<Address> {
    let told = order.shipping.as_ref()?;
    let country = country(told.country.text()?).ok()?;
    let name = joined(&told.first_name, &told.last_name).or_else(|| told.company.text().map(str::to_owned));
    let mut line =
        |pointer: &str, text: Option<&str>, max: usize| text.and_then(|text| fields.line(pointer, text, max));
    let address = Address {
        name: line("/shipping/name", name.as_deref(), MAX_NAME),
        line1: line("/shipping/address_1", told.address_1.text(), MAX_TITLE).unwrap_or_default(),
        line2: line("/shipping/address_2", second_line(told), MAX_TITLE),
        city: line("/shipping/city", told.city.text(), MAX_TITLE).unwrap_or_default(),
        region: line("/shipping/state", told.state.text(), MAX_TITLE),
        postcode: line("/shipping/postcode", told.postcode.text(), MAX_ID),
        country,
    };
    let somewhere = !address.line1.is_empty() || !address.city.is_empty();
    somewhere.then_some(address)
}

/// The second line of the street, else the company when a person stands in the first.
fn second_line(told: &body::Address) -> Option<&str> {
    let company = joined(&told.first_name, &told.last_name).and_then(|_| told.company.text());
    told.address_2.text().or(company)
}

/// The language the customer shopped in, where a plugin says so.
pub fn locale(order: &Order) -> Option<Locale> {
    let tag = meta(order, &LANGUAGE_KEYS)?.text()?.replace('_', "-");
    Locale::parse(&tag).ok()
}

/// Whether it is a present.
pub fn is_gift(order: &Order) -> bool {
    meta(order, &GIFT_KEYS).is_some_and(Plain::is_true) || meta(order, &GIFT_MESSAGES).is_some()
}
