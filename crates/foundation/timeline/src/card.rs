//! An event as the people who run the shop read it.

use kernel::ShopClock;
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
        subject: (event.subject_kind.clone(), event.subject_id.clone()),
        facts: facts(&event.payload),
    }
}

/// What is plain in a payload. Lists and objects are for programs.
fn facts(payload: &Value) -> Vec<(String, String)> {
    let plain = |(name, value): (&String, &Value)| {
        let value = match value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            Value::Bool(true) => "yes".to_owned(),
            Value::Bool(false) => "no".to_owned(),
            Value::Null | Value::Array(_) | Value::Object(_) => return None,
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
        let payload =
            json!({ "total_minor": 2795, "why": "no_address", "lines": [1], "is_gift": false, "x": null });
        let expected = [("Is gift", "no"), ("Total minor", "2795"), ("Why", "no_address")];
        assert_eq!(facts(&payload), expected.map(|(a, b)| (a.to_owned(), b.to_owned())));
        assert!(facts(&Value::Null).is_empty());
    }
}
