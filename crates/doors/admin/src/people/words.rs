//! What an event of a customer's stream is called, and what of its payload says something to a person. Pure.

use customers::{Direction, Way};
use kernel::{ShopClock, Timestamp};
use serde_json::Value;
use timeline::{Card, Event, IncidentKind};

/// Labels of facts that are for programs, or that stand elsewhere on the line.
const UNSAID: [&str; 9] =
    ["Source", "What", "Customer", "Into", "Order", "Kind", "Way", "Direction", "Until"];

/// A card in the words of the stream.
pub(super) fn said(mut card: Card, event: &Event, clock: &ShopClock<'_>) -> Card {
    let is_of_order = card.subject.0 == "order";
    // An order's own facts are its own; of anything else the identifiers say nothing.
    card.facts.retain(|(label, _)| is_of_order || !UNSAID.contains(&label.as_str()));
    card.facts.retain(|(label, _)| label != "Source");
    if let Some(title) = title(event) {
        card.title = title.to_owned();
    }
    card.facts.extend(facts(event, clock));
    card
}

/// The order that something else than an order is about.
pub(super) fn order_of(event: &Event) -> Option<&str> {
    text(event, "order").filter(|_| event.subject_kind == "incident")
}

fn text<'a>(event: &'a Event, field: &str) -> Option<&'a str> {
    event.payload.get(field).and_then(Value::as_str)
}

fn title(event: &Event) -> Option<&'static str> {
    let wanted = event.payload.get("wanted").and_then(Value::as_bool);
    match (event.kind.as_str(), text(event, "what").unwrap_or_default()) {
        ("customer.changed", "paused") => Some("Left in peace"),
        ("customer.changed", "resumed") => Some("Written to again"),
        ("customer.changed", "preferred_channel") => Some("Chose how to be told"),
        ("customer.changed", "topic") if wanted == Some(true) => Some("Topic switched on"),
        ("customer.changed", "topic") => Some("Topic switched off"),
        ("customer.changed", "suppressed") => Some("Address suppressed"),
        ("customer.changed", "unsuppressed") => Some("Suppression lifted"),
        ("customer.merged", _) => Some("Merged with another customer"),
        ("customer.unmerged", _) => Some("Made two again"),
        ("customer.erased", _) => Some("Data erased"),
        _ => None,
    }
}

fn facts(event: &Event, clock: &ShopClock<'_>) -> Vec<(String, String)> {
    let fact = |label: &str, value: &str| (label.to_owned(), value.to_owned());
    let parsed = |field: &str| text(event, field).unwrap_or_default();
    match event.kind.as_str() {
        "customer.changed" => {
            let until = text(event, "until").and_then(|until| Timestamp::parse(until).ok());
            until.map(|until| fact("Until", &clock.long(until))).into_iter().collect()
        }
        "incident.opened" | "incident.closed" => {
            let kind = IncidentKind::parse(parsed("kind"));
            kind.map(|kind| fact("What", kind.words())).into_iter().collect()
        }
        "contact.logged" => {
            let way = Way::parse(parsed("way")).map(|way| fact("How", way.words()));
            let direction =
                Direction::parse(parsed("direction")).map(|direction| fact("Who began", direction.words()));
            way.into_iter().chain(direction).collect()
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use kernel::{Dice, EventId, Zone};
    use serde_json::json;

    use super::*;

    fn event(kind: &str, payload: Value) -> Event {
        let at = Timestamp::parse("2026-11-20T10:00:00Z").unwrap();
        Event {
            id: EventId::new(at, &mut Dice::seeded(1)),
            kind: kind.to_owned(),
            version: 1,
            subject_kind: kind.split('.').next().unwrap().to_owned(),
            subject_id: "x".to_owned(),
            customer: None,
            actor_kind: "staff".to_owned(),
            actor_id: None,
            occurred_at: at,
            recorded_at: at,
            payload,
        }
    }

    #[test]
    fn a_line_says_what_happened_and_not_how_it_is_kept() {
        let zone = Zone::utc();
        let line = |kind: &str, payload: Value| {
            let event = event(kind, payload);
            let clock = ShopClock::new(&zone, event.occurred_at);
            let card = timeline::cards(std::slice::from_ref(&event), &clock).remove(0);
            let card = said(card, &event, &clock);
            let facts: Vec<_> = card.facts.iter().map(|(label, value)| format!("{label}: {value}")).collect();
            (card.title, facts.join(" · "))
        };
        for (kind, payload, title, facts) in [
            (
                "customer.changed",
                json!({ "what": "paused", "until": "2026-11-27T10:00:00Z", "source": "staff:stf_1" }),
                "Left in peace",
                "Until: Friday 27 November, 10:00",
            ),
            (
                "customer.changed",
                json!({ "what": "topic", "topic": "tips", "wanted": false }),
                "Topic switched off",
                "Topic: tips",
            ),
            (
                "incident.opened",
                json!({ "kind": "lost", "order": "ord_1" }),
                "Incident opened",
                "What: A parcel is lost",
            ),
            (
                "contact.logged",
                json!({ "way": "phone", "direction": "in" }),
                "Contact logged",
                "How: By telephone · Who began: They came to us",
            ),
            (
                "customer.merged",
                json!({ "customer": "cus_2", "into": "cus_1" }),
                "Merged with another customer",
                "",
            ),
            ("order.placed", json!({ "source": "web", "lines": 2 }), "Order placed", "Lines: 2"),
        ] {
            assert_eq!(line(kind, payload), (title.to_owned(), facts.to_owned()));
        }
    }
}
