//! The part of Shopify's order that we read.
//!
//! Everything may be missing, null or unknown. A plain value may be a string, a number or a boolean, whatever the
//! version of the platform prefers: it is kept as text and read where its meaning is known.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// A plain value as text; none when it is null or not plain.
#[derive(Clone, Debug, Default)]
pub struct Plain(Option<String>);

impl Plain {
    /// The text, trimmed, when there is any.
    pub fn text(&self) -> Option<&str> {
        self.0.as_deref().map(str::trim).filter(|text| !text.is_empty())
    }

    /// The text without its capitals, for the platform's own words.
    pub fn word(&self) -> Option<String> {
        self.text().map(str::to_ascii_lowercase)
    }

    /// Whether it says yes.
    pub fn is_true(&self) -> bool {
        self.word().is_some_and(|word| matches!(word.as_str(), "true" | "yes" | "1"))
    }
}

impl<'de> Deserialize<'de> for Plain {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(PlainVisitor)
    }
}

struct PlainVisitor;

impl<'de> Visitor<'de> for PlainVisitor {
    type Value = Plain;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a plain value")
    }

    fn visit_str<E>(self, text: &str) -> Result<Plain, E> {
        Ok(Plain(Some(text.to_owned())))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Plain, E> {
        Ok(Plain(Some(number.to_string())))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Plain, E> {
        Ok(Plain(Some(number.to_string())))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Plain, E> {
        // The shortest decimal that reads back as this number, which is what the sender wrote for any price.
        Ok(Plain(Some(number.to_string())))
    }

    fn visit_bool<E>(self, yes: bool) -> Result<Plain, E> {
        Ok(Plain(Some(yes.to_string())))
    }

    fn visit_unit<E>(self) -> Result<Plain, E> {
        Ok(Plain(None))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Plain, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Plain(None))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Plain, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Plain(None))
    }
}

/// A list that may be missing or null.
pub type List<T> = Option<Vec<T>>;

/// The items of a list that may be missing.
pub fn items<T>(list: &List<T>) -> &[T] {
    list.as_deref().unwrap_or_default()
}

/// An order.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Order {
    pub id: Plain,
    pub name: Plain,
    pub order_number: Plain,
    pub currency: Plain,
    pub customer_locale: Plain,
    pub created_at: Plain,
    pub processed_at: Plain,
    pub updated_at: Plain,
    pub cancelled_at: Plain,
    pub cancel_reason: Plain,
    pub financial_status: Plain,
    pub fulfillment_status: Plain,
    pub email: Plain,
    pub contact_email: Plain,
    pub phone: Plain,
    pub note: Plain,
    pub tags: Plain,
    pub buyer_accepts_marketing: Plain,
    pub taxes_included: Plain,
    pub total_line_items_price: Plain,
    pub total_discounts: Plain,
    pub current_total_discounts: Plain,
    pub total_tax: Plain,
    pub current_total_tax: Plain,
    pub total_price: Plain,
    pub current_total_price: Plain,
    pub total_shipping_price_set: Option<PriceSet>,
    pub current_shipping_price_set: Option<PriceSet>,
    /// Only whether there are any counts.
    pub payment_terms: Option<IgnoredAny>,
    pub payment_gateway_names: List<Plain>,
    pub note_attributes: List<Attribute>,
    pub customer: Option<Customer>,
    pub shipping_address: Option<Address>,
    pub billing_address: Option<Address>,
    pub line_items: List<Line>,
    pub fulfillments: List<Fulfillment>,
    pub refunds: List<Refund>,
}

/// An amount in the shop's currency; the other one, in the customer's, is left.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct PriceSet {
    pub shop_money: Option<ShopMoney>,
}

/// An amount.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ShopMoney {
    pub amount: Plain,
}

/// A name and a value the shop's theme attached.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Attribute {
    pub name: Plain,
    pub value: Plain,
}

/// Who ordered.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Customer {
    pub id: Plain,
    pub email: Plain,
    pub phone: Plain,
    pub first_name: Plain,
    pub last_name: Plain,
    pub email_marketing_consent: Option<Consent>,
    pub sms_marketing_consent: Option<Consent>,
}

/// What they agreed to.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Consent {
    pub state: Plain,
    pub consent_updated_at: Plain,
}

/// A postal address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Address {
    pub name: Plain,
    pub first_name: Plain,
    pub last_name: Plain,
    pub address1: Plain,
    pub address2: Plain,
    pub city: Plain,
    pub province: Plain,
    pub zip: Plain,
    pub country_code: Plain,
    pub phone: Plain,
}

/// One line.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Line {
    pub id: Plain,
    pub sku: Plain,
    pub title: Plain,
    pub name: Plain,
    pub variant_title: Plain,
    pub quantity: Plain,
    pub current_quantity: Plain,
    pub price: Plain,
}

/// Something that left.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Fulfillment {
    pub status: Plain,
    pub shipment_status: Plain,
    pub updated_at: Plain,
}

/// Money that went back.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Refund {
    pub transactions: List<Transaction>,
}

/// One movement of money.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Transaction {
    pub kind: Plain,
    pub status: Plain,
    pub amount: Plain,
    pub currency: Plain,
}
