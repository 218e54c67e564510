//! What services and platforms call the columns of a file of shipments, and the states in it.

use kernel::parcel::State;
use kernel::{Error, Result};

/// Each column in our words, which are the API's, and what others call it, in small letters with `_` between
/// words.
const COLUMNS: [(&str, &[&str]); 16] = [
    (
        "external_id",
        &["shipment_id", "shipment", "fulfillment_id", "fulfilment_id", "parcel_id", "package_id"],
    ),
    ("order", &["order_id", "order_external_id"]),
    (
        "order_number",
        &["order_no", "order_name", "order_reference", "order_ref", "bestellnummer", "auftragsnummer"],
    ),
    (
        "tracking_number",
        &[
            "tracking",
            "tracking_no",
            "tracking_code",
            "tracking_id",
            "trackingnumber",
            "shipment_tracking_number",
            "fulfillment_tracking_number",
            "consignment_number",
            "sendungsnummer",
            "paketnummer",
            "trackingnummer",
        ],
    ),
    (
        "carrier",
        &[
            "carrier_name",
            "courier",
            "tracking_company",
            "tracking_provider",
            "shipping_carrier",
            "shipping_company",
            "shipping_provider",
            "fulfillment_tracking_company",
            "versanddienstleister",
            "paketdienst",
        ],
    ),
    (
        "tracking_url",
        &["tracking_link", "tracking_page", "fulfillment_tracking_url", "trackinglink", "sendungsverfolgung"],
    ),
    (
        "shipped_at",
        &[
            "shipped",
            "shipped_on",
            "shipped_date",
            "ship_date",
            "date_shipped",
            "date_shipped_date",
            "shipping_date",
            "shipment_date",
            "dispatched_at",
            "dispatch_date",
            "despatch_date",
            "fulfilled_at",
            "versanddatum",
            "versendet_am",
        ],
    ),
    ("updated_at", &["last_updated", "date_updated", "updated"]),
    ("expected_from", &["expected_delivery_from", "estimated_delivery_from"]),
    (
        "expected_to",
        &[
            "expected",
            "expected_at",
            "expected_on",
            "expected_delivery",
            "expected_delivery_date",
            "expected_delivery_to",
            "estimated_delivery",
            "estimated_delivery_date",
            "estimated_delivery_to",
            "eta",
        ],
    ),
    (
        "state",
        &[
            "status",
            "shipment_status",
            "tracking_status",
            "delivery_status",
            "status_shipped",
            "sendungsstatus",
        ],
    ),
    ("state_at", &["status_at", "status_date", "status_updated_at"]),
    ("delivered_at", &["delivered", "delivered_on", "delivered_date", "date_delivered", "zugestellt_am"]),
    ("line", &["line_id", "line_external_id", "line_item_id", "lineitem_id"]),
    ("sku", &["line_sku", "lineitem_sku", "item_sku", "product_sku", "variant_sku", "artikelnummer"]),
    (
        "quantity",
        &["qty", "line_quantity", "lineitem_quantity", "quantity_shipped", "qty_shipped", "menge", "anzahl"],
    ),
];

/// What exports write where our words say otherwise. That a parcel was sent is what every row says: no scan.
const STATES: [(&str, State); 12] = [
    ("shipped", State::Pending),
    ("dispatched", State::Pending),
    ("despatched", State::Pending),
    ("fulfilled", State::Pending),
    ("versendet", State::Pending),
    ("unterwegs", State::InTransit),
    ("ready_for_pickup", State::AvailableForPickup),
    ("attempted_delivery", State::FailedAttempt),
    ("zugestellt", State::Delivered),
    ("returned", State::Returned),
    ("canceled", State::Cancelled),
    ("voided", State::Cancelled),
];

/// The column that a name of the file means.
pub fn meant(name: &str) -> Option<&str> {
    let name = worded(name);
    let is_it = |(ours, others): &&(&str, &[&str])| *ours == name || others.contains(&name.as_str());
    COLUMNS.iter().find(is_it).map(|(ours, _)| *ours)
}

/// Where a parcel is, in our words or in others'.
pub fn state(text: &str) -> Result<State> {
    let word = worded(text);
    let known = STATES.iter().find(|(others, _)| *others == word).map(|(_, state)| Ok(*state));
    known.unwrap_or_else(|| State::parse(&word)).map_err(|_| {
        let words: Vec<&str> = State::ALL.iter().map(|state| state.as_str()).collect();
        Error::invalid("unknown_state", format!("Write one of these: {}.", words.join(", ")))
    })
}

/// `Order - Number` as `order_number`: nobody means anything by what stands between two words.
fn worded(text: &str) -> String {
    let text = text.to_lowercase();
    let words: Vec<&str> =
        text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.join("_")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn what_others_call_a_column_is_found_and_no_name_means_two() {
        for (name, column) in [
            ("order", Some("order")),
            ("Order ID", Some("order")),
            ("Order - Number", Some("order_number")),
            ("Tracking Number", Some("tracking_number")),
            ("Fulfillment: Tracking Company", Some("carrier")),
            ("Date - Shipped Date", Some("shipped_at")),
            ("Versanddatum", Some("shipped_at")),
            ("ETA", Some("expected_to")),
            ("Name", None),
            ("", None),
        ] {
            assert_eq!(meant(name), column, "{name}");
        }
        let mut names = BTreeSet::new();
        for (ours, others) in COLUMNS {
            for name in others.iter().chain([&ours]) {
                assert!(names.insert(*name) && worded(name) == *name, "{name}");
            }
        }
    }

    #[test]
    fn a_state_is_read_in_our_words_and_in_those_of_exports() {
        for own in State::ALL {
            assert_eq!(state(own.as_str()).unwrap(), *own);
        }
        for (text, expected) in [
            ("Delivered", State::Delivered),
            ("In Transit", State::InTransit),
            ("out-for-delivery", State::OutForDelivery),
            ("SHIPPED", State::Pending),
            ("Returned", State::Returned),
            ("voided", State::Cancelled),
        ] {
            assert_eq!(state(text).unwrap(), expected, "{text}");
        }
        assert_eq!(state("somewhere").unwrap_err().code(), "unknown_state");
    }
}
