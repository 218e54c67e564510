//! An event as the people who run the shop read it.

use kernel::{Currency, Locale, Money, ShopClock};
use serde::Serialize;
use serde_json::Value;

use crate::Event;

/// One line of a timeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Card {
    /// RFC 3339, for machines.
    pub at: String,
    /// By the shop's clock.
    pub when: String,
    /// `Order placed`.
    pub title: String,
    /// Who made it happen: `customer`, `staff`, `api key`, `rule` or `source`.
    pub by: String,
    /// Which one: a shop by its name, one of the staff by their identifier.
    pub by_whom: String,
    /// What it is about: kind and id.
    pub subject: (String, String),
    /// What else is known: label and value.
    pub facts: Vec<(String, String)>,
}

/// Events as cards, in their order.
pub fn cards(events: &[Event], clock: &ShopClock<'_>) -> Vec<Card> {
    events.iter().map(|event| card(event, clock)).collect()
}

fn card(event: &Event, clock: &ShopClock<'_>) -> Card {
    Card {
        at: event.occurred_at.to_string(),
        when: clock.short(event.occurred_at),
        title: sentence(&event.kind),
        by: spaced(&event.actor_kind),
        by_whom: event.actor_id.clone().unwrap_or_default(),
        subject: (event.subject_kind.clone(), event.subject_id.clone()),
        facts: facts(&event.payload),
    }
}

/// Fields that hold minor units of the payload's own currency.
const AMOUNTS: [&str; 3] = ["total", "amount", "refunded"];

/// What is plain in a payload. Lists and objects are for programs; what is not so needs no saying.
fn facts(payload: &Value) -> Vec<(String, String)> {
    let code = payload.get("currency").and_then(Value::as_str);
    let currency = code.and_then(|code| Currency::parse(code).ok());
    let plain = |(name, value): (&String, &Value)| {
        let amount = currency.zip(value.as_i64()).filter(|_| AMOUNTS.contains(&name.as_str()));
        let value = match (amount, value) {
            (Some((currency, minor)), _) => Money::new(minor, currency).shown(&Locale::default()),
            (None, Value::String(text)) if name != "currency" || currency.is_none() => text.clone(),
            (None, Value::Number(number)) => number.to_string(),
            (None, Value::Bool(true)) => "yes".to_owned(),
            (None, _) => return None,
        };
        Some((sentence(name), value))
    };
    payload.as_object().into_iter().flatten().filter_map(plain).collect()
}

/// `order.placed` as `Order placed`.
fn sentence(name: &str) -> String {
    let words = spaced(name);
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn spaced(name: &str) -> String {
    name.replace(['.', '_'], " ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_kind_reads_as_words_and_a_payload_as_facts() {
        assert_eq!(sentence("order.placed"), "Order placed");
        assert_eq!(sentence("message.expired"), "Message expired");
        assert_eq!(sentence(""), "");
        let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        let payload = json!({ "lines": 2, "why": "no_address", "parts": [1], "is_gift": true, "history": false, "x": null });
        assert_eq!(facts(&payload), [("Is gift", "yes"), ("Lines", "2"), ("Why", "no_address")].map(owned));
        let payload = json!({ "currency": "GBP", "total": 2795 });
        assert_eq!(facts(&payload), [("Total", "£27.95")].map(owned));
        assert!(facts(&Value::Null).is_empty());
    }
}
