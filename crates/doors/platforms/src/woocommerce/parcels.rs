//! What left, as the shop's tracking plugin keeps it with the order. WooCommerce itself knows no parcels: *Shipment Tracking*
//! and *Advanced Shipment Tracking* write a list of numbers into the order's meta data, in one shape.

use std::collections::BTreeMap;

use kernel::fields::Fields;
use kernel::{Timestamp, keys};
use serde::Deserialize;
use serde_json::value::RawValue;
use shipments::incoming::{
    IncomingList, IncomingShipment, MAX_LINK, MAX_NAME, MAX_NUMBER, OrderRef, Tracking,
};

use crate::reading::{List, Plain, items};

/// Under what the plugins keep their list.
const KEY: &str = "_wc_shipment_tracking_items";
/// As many parcels of one order are read.
const MOST_PARCELS: usize = 50;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Order<'a> {
    #[serde(borrow)]
    meta_data: List<Meta<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Meta<'a> {
    key: Plain,
    #[serde(borrow)]
    value: Option<&'a RawValue>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Item {
    tracking_provider: Plain,
    formatted_tracking_provider: Plain,
    custom_tracking_provider: Plain,
    custom_tracking_link: Plain,
    formatted_tracking_link: Plain,
    tracking_number: Plain,
    tracking_id: Plain,
    date_shipped: Plain,
}

/// The parcels in an order's meta data. What can't be read is passed over: the order counts all the same, and the list is
/// not whole.
pub fn of_order(body: &[u8], named: &OrderRef, updated_at: Timestamp) -> IncomingList {
    let read = told(body).map(|told| {
        let numbered = told.iter().filter(|item| item.tracking_number.text().is_some());
        let count = numbered.clone().count();
        let parcels: Vec<_> =
            numbered.take(MOST_PARCELS).filter_map(|item| one(item, named, updated_at)).collect();
        (parcels.len() == count, parcels)
    });
    let (is_whole, parcels) = read.unwrap_or_default();
    IncomingList { order: named.clone(), updated_at, begins: begins(named), is_whole, parcels }
}

/// What is on the list; nothing that can be told when it is no list.
fn told(body: &[u8]) -> Option<Vec<Item>> {
    let is_there = body.windows(KEY.len()).any(|window| window == KEY.as_bytes());
    if !is_there {
        return Some(Vec::new());
    }
    let order = serde_json::from_slice::<Order<'_>>(body).ok()?;
    let mut all = Vec::new();
    for meta in items(&order.meta_data).iter().filter(|meta| meta.key.text() == Some(KEY)) {
        let Some(value) = meta.value else { continue };
        all.extend(entries(value.get())?);
    }
    Some(all)
}

/// The list as PHP writes it: an array with a gap in it, such as one whose first number was deleted, becomes an object in
/// JSON, and an empty text stands for none.
fn entries(value: &str) -> Option<Vec<Item>> {
    if let Ok(items) = serde_json::from_str(value) {
        return Some(items);
    }
    if let Ok(items) = serde_json::from_str::<BTreeMap<String, Item>>(value) {
        return Some(items.into_values().collect());
    }
    let text: String = serde_json::from_str(value).ok()?;
    text.is_empty().then(Vec::new)
}

/// Parcels have identifiers within their order.
fn begins(named: &OrderRef) -> String {
    format!("{} ", named.external_id)
}

fn one(item: &Item, named: &OrderRef, updated_at: Timestamp) -> Option<IncomingShipment> {
    let mut fields = Fields::believing();
    let mut line =
        |text: &Plain, most| text.text().and_then(|text| fields.optional(|f| f.line("/", text, most)));
    let number = line(&item.tracking_number, MAX_NUMBER)?;
    let names = [&item.custom_tracking_provider, &item.formatted_tracking_provider, &item.tracking_provider];
    let carrier_name = names.into_iter().find_map(|name| line(name, MAX_NAME));
    let url = [&item.custom_tracking_link, &item.formatted_tracking_link]
        .into_iter()
        .find_map(|link| link.text().and_then(|text| fields.optional(|f| f.link("/", text, MAX_LINK))));
    // The plugins count seconds.
    let shipped_at = item.date_shipped.text().and_then(|seconds| seconds.parse::<i64>().ok());
    let shipped_at = shipped_at.and_then(|seconds| seconds.checked_mul(1_000)).map(Timestamp::from_ms);
    let id = item.tracking_id.text().map(str::to_owned);
    let id = id.unwrap_or_else(|| keys::hex(&keys::sha256(number.as_bytes())[..16]));
    Some(IncomingShipment {
        source: named.source.clone(),
        external_id: kernel::text::line(&format!("{}{id}", begins(named)), 120).ok()?,
        order: named.clone(),
        updated_at,
        shipped_at: shipped_at.unwrap_or(updated_at),
        is_cancelled: false,
        tracking: Tracking { carrier: None, carrier_name, number: Some(number), url },
        further: Vec::new(),
        lines: Vec::new(),
        expected: None,
        pickup: None,
        scans: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &str) -> IncomingList {
        let body = format!(r#"{{"id":7,"meta_data":[{{"id":1,"key":"{KEY}","value":{value}}}]}}"#);
        let named = OrderRef { source: "woocommerce:con_1".to_owned(), external_id: "7".to_owned() };
        of_order(body.as_bytes(), &named, Timestamp::from_ms(1_795_168_800_000))
    }

    #[test]
    fn the_plugins_list_is_read_and_nonsense_passed_over() {
        let told = r#"[{"tracking_provider":"royal-mail","custom_tracking_provider":"","custom_tracking_link":"",
            "tracking_number":"AB123456785GB","date_shipped":"1795168800","tracking_id":"a1b2"},
            {"tracking_number":""}, {"tracking_number":"42","custom_tracking_provider":"Our van","date_shipped":"soon"}]"#;
        let list = read(told);
        let read_ = &list.parcels;
        assert_eq!((read_.len(), list.is_whole), (2, true));
        assert_eq!(read_[0].tracking.carrier_name.as_deref(), Some("royal-mail"));
        assert_eq!((read_[0].external_id.as_str(), read_[0].shipped_at.ms()), ("7 a1b2", 1_795_168_800_000));
        assert_eq!(read_[1].tracking.carrier_name.as_deref(), Some("Our van"));
        for nonsense in ["7", "\"x\"", "[7]", "{\"a\":1}"] {
            let list = read(nonsense);
            assert!(list.parcels.is_empty() && !list.is_whole, "{nonsense}");
        }
    }

    #[test]
    fn a_list_with_a_gap_is_a_list_and_an_empty_one_is_whole() {
        let list = read(r#"{"1":{"tracking_number":"42","tracking_id":"b"}}"#);
        assert_eq!((list.parcels[0].external_id.as_str(), list.is_whole), ("7 b", true));
        for empty in ["[]", "{}", "null", "\"\""] {
            let list = read(empty);
            assert!(list.parcels.is_empty() && list.is_whole, "{empty}");
        }
    }
}
