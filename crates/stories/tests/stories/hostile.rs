//! Texts that break careless programs, through every text field of both doors: refused whole or taken in whole.

use std::time::Duration;

use axum::http::StatusCode;
use serde_json::{Value, json};
use stories::stage::Stage;
use stories::stories;
use world::hostile::strings;

use crate::kit::{
    Shop, assert_no_half_orders, full_example, numbered, post_order, rows, shopify_order, webhooks, with,
};
use crate::woocommerce::{self, Woo};

/// Every text of the API's order, but for names and address.
const API_TEXTS: [&str; 24] = [
    "/source",
    "/external_id",
    "/number",
    "/status",
    "/payment",
    "/placed_at",
    "/updated_at",
    "/currency",
    "/locale",
    "/customer/external_id",
    "/customer/preferred_channel",
    "/customer/time_zone",
    "/lines/0/external_id",
    "/lines/0/sku",
    "/lines/0/title",
    "/lines/0/variant",
    "/lines/0/image_url",
    "/lines/0/url",
    "/expected/ships_by",
    "/expected/delivered_from",
    "/expected/delivered_to",
    "/consent/wording",
    "/consent/at",
    "/tags/0",
];
/// Names, contact points and address: apart, so that a story can tell where personal data went.
const API_PEOPLE: [&str; 11] = [
    "/customer/name",
    "/customer/email",
    "/customer/phone",
    "/shipping_address/name",
    "/shipping_address/line1",
    "/shipping_address/line2",
    "/shipping_address/city",
    "/shipping_address/region",
    "/shipping_address/postcode",
    "/shipping_address/country",
    "/note",
];
/// Every text of Shopify's order that we read, but for names and address.
const SHOPIFY_TEXTS: [&str; 24] = [
    "/id",
    "/name",
    "/currency",
    "/customer_locale",
    "/financial_status",
    "/fulfillment_status",
    "/processed_at",
    "/updated_at",
    "/cancelled_at",
    "/cancel_reason",
    "/tags",
    "/customer/id",
    "/line_items/0/id",
    "/line_items/0/title",
    "/line_items/0/variant_title",
    "/line_items/0/sku",
    "/line_items/0/price",
    "/line_items/0/quantity",
    "/line_items/0/current_quantity",
    "/current_total_price",
    "/current_total_tax",
    "/total_line_items_price",
    "/note_attributes/0/name",
    "/payment_gateway_names/0",
];
const SHOPIFY_PEOPLE: [&str; 14] = [
    "/email",
    "/contact_email",
    "/phone",
    "/note",
    "/customer/email",
    "/customer/first_name",
    "/customer/last_name",
    "/shipping_address/name",
    "/shipping_address/address1",
    "/shipping_address/address2",
    "/shipping_address/city",
    "/shipping_address/province",
    "/shipping_address/zip",
    "/shipping_address/country_code",
];

/// Every text of WooCommerce's order that we read, but for names and address.
const WOO_TEXTS: [&str; 24] = [
    "/id",
    "/number",
    "/status",
    "/currency",
    "/prices_include_tax",
    "/date_created_gmt",
    "/date_modified_gmt",
    "/date_paid_gmt",
    "/discount_total",
    "/discount_tax",
    "/shipping_total",
    "/shipping_tax",
    "/total",
    "/total_tax",
    "/customer_id",
    "/payment_method",
    "/transaction_id",
    "/line_items/0/id",
    "/line_items/0/name",
    "/line_items/0/parent_name",
    "/line_items/0/sku",
    "/line_items/0/quantity",
    "/line_items/0/subtotal",
    "/line_items/0/image/src",
];
const WOO_PEOPLE: [&str; 12] = [
    "/customer_note",
    "/billing/email",
    "/billing/phone",
    "/billing/first_name",
    "/billing/last_name",
    "/shipping/first_name",
    "/shipping/company",
    "/shipping/address_1",
    "/shipping/address_2",
    "/shipping/city",
    "/shipping/postcode",
    "/shipping/country",
];

/// The example with every optional text there, placed so long ago that nobody is told of it.
fn old_order(number: usize) -> Value {
    let order = with(full_example(number), "/placed_at", json!("2026-11-01T10:00:00Z"));
    with(order, "/updated_at", json!("2026-11-01T10:00:00Z"))
}

/// Every text for every field. The largest is refused by its size before any field is read, so one field will do.
fn cases<'a>(fields: &'a [&'static str]) -> impl Iterator<Item = (&'static str, String, &'static str)> + 'a {
    let fields_for = move |text: &str| if text.len() > 1_000_000 { &fields[..1] } else { fields };
    strings().into_iter().flat_map(move |(name, text)| {
        fields_for(&text).iter().map(move |field| (name, text.clone(), *field)).collect::<Vec<_>>()
    })
}

/// Sends each text through each field: an answer that says what is wrong, or an order.
async fn api_bears(stage: &Stage, fields: &[&'static str]) {
    let key = stage.api_key().await;
    let mut before = rows(stage).await;
    for (number, (name, text, field)) in cases(fields).enumerate() {
        let order = with(old_order(number), field, json!(text));
        let answer = stage.http(post_order(&key, order.to_string())).await;
        let after = rows(stage).await;
        let right = match answer.status {
            StatusCode::CREATED => after["orders"] == before["orders"] + 1,
            StatusCode::OK => after["orders"] == before["orders"],
            StatusCode::UNPROCESSABLE_ENTITY => names(&answer.json(), field) && after == before,
            StatusCode::PAYLOAD_TOO_LARGE => text.len() > 1_000_000 && after == before,
            _ => false,
        };
        let said: String = answer.body.chars().take(300).collect();
        assert!(right, "{name} in {field}: {} {said}", answer.status);
        before = after;
    }
    stage.settle().await;
    assert_no_half_orders(stage).await;
    assert!(stage.mails().await.is_empty(), "these orders are history");
}

fn names(problem: &Value, field: &str) -> bool {
    problem["errors"].as_array().is_some_and(|all| all.iter().any(|one| one["pointer"] == field))
}

/// The same through Shopify's door: taken in, or parked with the reason.
async fn shopify_bears(stage: &Stage, fields: &[&'static str]) {
    let shop = Shop::connected(stage).await;
    let old = with(shopify_order("orders/create"), "/processed_at", json!("2026-11-01T10:00:00Z"));
    for (number, (name, text, field)) in cases(fields).enumerate() {
        let order = with(numbered(&old, number), field, json!(text));
        let hook = shop.webhook("orders/create", &number.to_string(), order.to_string());
        let status = shop.post(stage, &hook).await.status;
        let too_large = status == StatusCode::PAYLOAD_TOO_LARGE && text.len() > 1_000_000;
        assert!(status == StatusCode::OK || too_large, "{name} in {field}: {status}");
    }
    assert_taken_in_or_parked(stage).await;
}

/// The same through WooCommerce's door.
async fn woocommerce_bears(stage: &Stage, fields: &[&'static str]) {
    let woo = Woo::connected(stage, "woo-secret").await;
    let old = with(woocommerce::order(), "/date_created_gmt", json!("2026-11-01T10:00:00"));
    for (number, (name, text, field)) in cases(fields).enumerate() {
        let numbered = with(with(old.clone(), "/id", json!(number)), "/number", json!(number.to_string()));
        let body = with(numbered, field, json!(text)).to_string();
        let status = stage.http(woo.delivery("order.updated", &body)).await.status;
        let too_large = status == StatusCode::PAYLOAD_TOO_LARGE && text.len() > 1_000_000;
        assert!(status == StatusCode::OK || too_large, "{name} in {field}: {status}");
    }
    assert_taken_in_or_parked(stage).await;
}

async fn assert_taken_in_or_parked(stage: &Stage) {
    stage.settle().await;
    for row in webhooks(stage).await {
        let told = row.state == "parked" && row.reason.is_some_and(|reason| !reason.is_empty());
        assert!(told || (row.state == "done" && row.order.is_some()), "{}", row.state);
    }
    assert_no_half_orders(stage).await;
}

stories! {
    async fn the_api_bears_every_text_in_every_field(stage: &Stage) {
        api_bears(stage, &API_TEXTS).await;
    }

    async fn the_api_bears_every_text_as_name_and_address(stage: &Stage) {
        api_bears(stage, &API_PEOPLE).await;
    }

    async fn shopifys_door_bears_every_text_in_every_field(stage: &Stage) {
        shopify_bears(stage, &SHOPIFY_TEXTS).await;
    }

    async fn shopifys_door_bears_every_text_as_name_and_address(stage: &Stage) {
        shopify_bears(stage, &SHOPIFY_PEOPLE).await;
        stage.pass(Duration::from_secs(60)).await;
    }

    async fn woocommerces_door_bears_every_text_in_every_field(stage: &Stage) {
        woocommerce_bears(stage, &WOO_TEXTS).await;
    }

    async fn woocommerces_door_bears_every_text_as_name_and_address(stage: &Stage) {
        woocommerce_bears(stage, &WOO_PEOPLE).await;
        stage.pass(Duration::from_secs(60)).await;
    }
}
