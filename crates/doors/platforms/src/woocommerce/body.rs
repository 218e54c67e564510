//! The part of WooCommerce's order (REST v3) that we read.

use serde::Deserialize;

use crate::reading::{List, Plain};

/// An order.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Order {
    pub id: Plain,
    pub number: Plain,
    pub status: Plain,
    pub currency: Plain,
    pub prices_include_tax: Plain,
    pub date_created_gmt: Plain,
    pub date_modified_gmt: Plain,
    pub date_paid_gmt: Plain,
    pub discount_total: Plain,
    pub discount_tax: Plain,
    pub shipping_total: Plain,
    pub shipping_tax: Plain,
    pub total: Plain,
    pub total_tax: Plain,
    pub customer_id: Plain,
    pub billing: Option<Address>,
    pub shipping: Option<Address>,
    pub payment_method: Plain,
    pub transaction_id: Plain,
    pub customer_note: Plain,
    pub meta_data: List<Meta>,
    pub line_items: List<Line>,
    pub fee_lines: List<Fee>,
    pub refunds: List<Refund>,
}

/// A postal address; the one on the bill holds the contact points.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Address {
    pub first_name: Plain,
    pub last_name: Plain,
    pub company: Plain,
    pub address_1: Plain,
    pub address_2: Plain,
    pub city: Plain,
    pub state: Plain,
    pub postcode: Plain,
    pub country: Plain,
    pub email: Plain,
    pub phone: Plain,
}

/// A name and a value that a plugin attached. The value may be anything; only plain ones are read.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Meta {
    pub key: Plain,
    pub value: Plain,
}

/// One line. `subtotal` is for all pieces before coupons, without tax.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Line {
    pub id: Plain,
    pub name: Plain,
    pub parent_name: Plain,
    pub sku: Plain,
    pub quantity: Plain,
    pub subtotal: Plain,
    pub subtotal_tax: Plain,
    pub price: Plain,
    pub image: Option<Image>,
}

/// A picture.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Image {
    pub src: Plain,
}

/// Something else that is paid for, or taken off when its total is negative.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Fee {
    pub id: Plain,
    pub name: Plain,
    pub total: Plain,
    pub total_tax: Plain,
}

/// Money that went back; `total` is negative.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Refund {
    pub id: Plain,
    pub total: Plain,
}

/// All that is told of an order that was thrown away.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Gone {
    pub id: Plain,
}
