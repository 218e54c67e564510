//! Bodies of webhooks under their topics, rightly signed. The first line of an input is the topic, or for Standard
//! Webhooks nothing; the rest is the body.

use axum::http::{HeaderMap, HeaderValue};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use carriers::Service;
use kernel::webhooks::{self, Secret};
use kernel::{Currency, Error, Kind, keys};
use orders::incoming::{IncomingOrder, MAX_MINOR};
use platforms::{Asked, ConnectionId, Content, Platform, examine};
use shipments::incoming::IncomingShipment;

use crate::input::{first_line, now};

const SECRET: &str = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

/// Shopify's orders, refunds and products.
pub fn shopify(bytes: &[u8]) {
    let (topic, body) = first_line(bytes);
    let (topic_name, signature) = (platforms::shopify::TOPIC, platforms::shopify::SIGNATURE);
    told(Platform::Shopify, headers(body, topic_name, topic, signature), signature, body);
}

/// WooCommerce's orders and products.
pub fn woocommerce(bytes: &[u8]) {
    let (topic, body) = first_line(bytes);
    let (topic_name, signature) = (platforms::woocommerce::TOPIC, platforms::woocommerce::SIGNATURE);
    told(Platform::Woocommerce, headers(body, topic_name, topic, signature), signature, body);
}

/// The orders of shops that speak Standard Webhooks.
pub fn standard(body: &[u8]) {
    let secret = Secret::parse(SECRET).expect("a secret");
    let signature = webhooks::sign(&secret, "msg_1", now(), body);
    let mut headers = HeaderMap::new();
    for (name, value) in [
        (webhooks::ID, "msg_1".to_owned()),
        (webhooks::TIMESTAMP, webhooks::timestamp_header(now())),
        (webhooks::SIGNATURE, signature),
    ] {
        headers.insert(name, HeaderValue::try_from(value).expect("plain text"));
    }
    told(Platform::Generic, headers, webhooks::SIGNATURE, body);
}

/// What AfterShip tells of a parcel.
pub fn aftership(body: &[u8]) {
    let signed = BASE64_STANDARD.encode(keys::hmac_sha256(SECRET.as_bytes(), body));
    tracked(Service::Aftership, signed, body);
}

/// What EasyPost tells of a parcel.
pub fn easypost(body: &[u8]) {
    let signed = keys::hex(&keys::hmac_sha256(SECRET.as_bytes(), body));
    tracked(Service::Easypost, format!("hmac-sha256-hex={signed}"), body);
}

/// What Shippo tells of a parcel.
pub fn shippo(body: &[u8]) {
    let signed = keys::hex(&keys::hmac_sha256(SECRET.as_bytes(), &[b"1.", body].concat()));
    tracked(Service::Shippo, format!("t=1,v1={signed}"), body);
}

fn tracked(service: Service, signed: String, body: &[u8]) {
    let mut headers = HeaderMap::new();
    headers.insert(service.signature_header(), HeaderValue::try_from(signed).expect("plain text"));
    told(Platform::Tracker(service), headers, service.signature_header(), body);
}

fn headers(body: &[u8], topic_name: &'static str, topic: &[u8], signature: &'static str) -> HeaderMap {
    let signed = BASE64_STANDARD.encode(keys::hmac_sha256(SECRET.as_bytes(), body));
    let mut headers = HeaderMap::new();
    headers.insert(signature, HeaderValue::try_from(signed).expect("base64 is plain text"));
    if let Ok(topic) = HeaderValue::from_bytes(topic) {
        headers.insert(topic_name, topic);
    }
    headers
}

fn told(platform: Platform, mut headers: HeaderMap, signature: &'static str, body: &[u8]) {
    let connection = ConnectionId::stored("con_00000000000000000001".to_owned());
    let currency = Currency::parse("GBP").expect("a currency");
    let ask = |headers: &HeaderMap| {
        let (connection, now) = (&connection, now());
        examine(&Asked { connection, platform, secret: SECRET, currency, headers, body, now })
    };
    let read = ask(&headers);
    assert_eq!(read.is_ok(), ask(&headers).is_ok(), "the same webhook is the same twice");
    match &read {
        Ok(None) => {}
        Ok(Some(content)) => check(content, &format!("{}:con_", platform.as_str())),
        Err(error) => check_refusal(error),
    }
    headers.insert(signature, HeaderValue::from_static("v1,bm90IHNpZ25lZA=="));
    if let Ok(content) = ask(&headers) {
        panic!("what was not signed was believed: {content:?}");
    }
}

/// A job that fails with anything else is tried again for ever, and this body will never become better.
pub fn check_refusal(error: &Error) {
    let stays_wrong = matches!(error.kind(), Kind::Invalid | Kind::Unreadable | Kind::TooLarge);
    assert!(stays_wrong, "a body that can't be read is refused for good: {error:?}");
}

/// What is told begins with the connection that tells it.
pub fn check(content: &Content, beginning: &str) {
    match content {
        Content::Order(order, parcels) => {
            assert!(order.source.starts_with(beginning), "nobody speaks for another shop");
            check_order(order);
            parcels.told().iter().for_each(|parcel| check_parcel(parcel, beginning));
        }
        Content::Shipment(parcel) => check_parcel(parcel, beginning),
        Content::Scans { source, shipment, .. } => {
            assert!(source.starts_with(beginning) && !shipment.is_empty());
        }
        Content::Refund { source, order, refund } => {
            assert!(source.starts_with(beginning) && !order.is_empty());
            if let Some((_, refund)) = refund {
                assert!((1..=MAX_MINOR).contains(&refund.amount_minor), "what went back is an amount");
            }
        }
        Content::Gone { source, order } => assert!(source.starts_with(beginning) && !order.is_empty()),
        Content::Product { source, .. } => assert!(source.starts_with(beginning)),
        Content::Tracking(told) => {
            assert!(told.tracking.source.starts_with(beginning));
            crate::tracking::check(&told.tracking);
        }
    }
}

fn check_parcel(parcel: &IncomingShipment, beginning: &str) {
    assert!(parcel.check().is_ok(), "what was read passes the check of the one way in");
    assert!(parcel.source.starts_with(beginning) && parcel.order.source.starts_with(beginning));
    assert!(!parcel.external_id.is_empty() && !parcel.order.external_id.is_empty());
}

/// What every order is that any door lets in.
pub fn check_order(order: &IncomingOrder) {
    assert!(order.check().is_ok(), "what was read passes the check of the one way in");
    assert!(order.customer.email.is_some() || order.customer.phone.is_some());
    assert!(!order.external_id.is_empty() && !order.number.is_empty());
    let totals = order.totals;
    let amounts = [totals.subtotal, totals.discount, totals.shipping, totals.tax, totals.total];
    let lines = order.lines.iter().map(|line| line.unit_price);
    let refunds = order.refunds.iter().map(|refund| refund.amount_minor);
    let all = amounts.into_iter().chain(lines).chain(refunds).chain([order.refunded_minor]);
    assert!(all.into_iter().all(|minor| (0..=MAX_MINOR).contains(&minor)), "amounts are bounded");
    let texts = [&order.external_id, &order.number, &order.source];
    assert!(texts.into_iter().all(|text| !text.chars().any(char::is_control)), "a name is one line");
}
