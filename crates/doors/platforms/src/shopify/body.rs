//! The part of Shopify's order that we read.

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::reading::{List, Plain};

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
    pub id: Plain,
    pub order_id: Plain,
    pub status: Plain,
    pub shipment_status: Plain,
    pub created_at: Plain,
    pub updated_at: Plain,
    pub tracking_company: Plain,
    pub tracking_number: Plain,
    pub tracking_numbers: List<Plain>,
    pub tracking_url: Plain,
    pub tracking_urls: List<Plain>,
    pub line_items: List<Line>,
}

/// Something that happened to what left.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct FulfillmentEvent {
    pub id: Plain,
    pub fulfillment_id: Plain,
    pub order_id: Plain,
    pub status: Plain,
    pub message: Plain,
    pub happened_at: Plain,
    pub estimated_delivery_at: Plain,
    pub city: Plain,
    pub country: Plain,
}

/// Money that went back. It stands in its order, and comes alone under a topic of its own.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Refund {
    pub id: Plain,
    pub order_id: Plain,
    pub processed_at: Plain,
    pub created_at: Plain,
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
