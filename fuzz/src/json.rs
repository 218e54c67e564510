//! The bodies of our own API: what is taken is what is given back, and what is refused names its fields.

use kernel::Error;
use orders::json::{Teller, believe, read};
use serde_json::Value;

use crate::input::now;
use crate::webhooks::check_order;

/// `POST /v1/orders`.
pub fn order(bytes: &[u8]) {
    let Ok(value) = serde_json::from_slice::<Value>(bytes) else { return };
    let strict = read(&value, now());
    let teller = Teller { source: "generic:con_1", triggered_at: None };
    let believed = believe(&value, teller, now());
    match &strict {
        Ok(order) => {
            check_order(order);
            let told = serde_json::to_value(api::told(order)).expect("an order is JSON");
            assert_eq!(read(&told, now()).ok().as_ref(), Some(order), "what is given back is what was taken");
            let lines = believed.as_ref().ok().map(|believed| &believed.lines);
            assert_eq!(lines, Some(&order.lines), "what is right is believed");
        }
        Err(error) => check_faults(error),
    }
    match &believed {
        Ok(order) => check_order(order),
        Err(error) => check_faults(error),
    }
}

/// `POST /v1/shipments`.
pub fn shipment(bytes: &[u8]) {
    let Ok(value) = serde_json::from_slice::<Value>(bytes) else { return };
    match shipments::json::read(&value, now()) {
        Ok(told) => {
            assert!(told.updated_at <= now() && told.shipped_at <= now());
            assert!(told.expected.is_none_or(|days| days.from <= days.to));
            assert!(told.lines.len() <= shipments::incoming::MAX_LINES);
            assert!(told.lines.iter().all(|line| line.quantity > 0), "a line has pieces");
            assert!(told.scans.len() <= shipments::incoming::MAX_SCANS);
            assert!(told.pickup.is_none_or(|point| !point.name.is_empty()), "a place has a name");
        }
        Err(error) => check_faults(&error),
    }
}

/// `PATCH /v1/customers/{id}`.
pub fn customer(bytes: &[u8]) {
    let Ok(value) = serde_json::from_slice::<Value>(bytes) else { return };
    match api::read_customer_change(&value, now()) {
        Ok(change) => {
            assert!(change.consents.len() <= 20);
            for (consent, source) in &change.consents {
                assert!(
                    !source.is_empty()
                        && source != "you_updates"
                        && source != "one_click"
                        && source != "text"
                );
                assert!(!consent.granted || consent.wording.is_some(), "a yes has its words");
            }
        }
        Err(error) => check_faults(&error),
    }
}

/// The caller has to find the field.
fn check_faults(error: &Error) {
    assert!(!error.fields().is_empty(), "a refusal names what is wrong: {error:?}");
    for field in error.fields() {
        assert!(field.pointer.is_empty() || field.pointer.starts_with('/'), "{}", field.pointer);
        assert!(!field.detail.is_empty() && !field.code.is_empty());
    }
}
