//! What happened, and why, in words for whoever looks on. Plain English: this is not for customers.

use std::collections::BTreeMap;

use db::Read;
use kernel::{Channel, Result, Shop, Timestamp};
use messaging::{State, Told};
use orders::{OrderId, OrderLink, StoredOrder};
use timeline::Event;
use web::Link;

use super::view::{Happened, Verdict};

/// How many happenings the page shows.
const SHOWN: i64 = 40;

/// The newest happenings, newest first: events of orders, and every message with its verdict.
pub fn newest(r: &mut Read<'_>) -> Result<Vec<Happened>> {
    let events = timeline::latest(r, SHOWN)?;
    let messages = messaging::latest(r, SHOWN)?;
    let mut orders = Orders::default();
    // Of one moment, what follows from something stands over it.
    let mut all: Vec<((Timestamp, u8), Happened)> = Vec::new();
    let is_of_order = |event: &&Event| matches!(event.subject_kind.as_str(), "order" | "shipment");
    for event in events.iter().filter(is_of_order) {
        let order = match event.subject_kind.as_str() {
            "order" => event.subject_id.as_str(),
            _ => event.payload.get("order").and_then(serde_json::Value::as_str).unwrap_or_default(),
        };
        let order = orders.find(r, order)?;
        let place = u8::from(event.kind != "order.placed");
        all.push(((event.recorded_at, place), of_event(r.wired()?, event, order.as_ref(), r.now)));
    }
    for message in &messages {
        let order = orders.find(r, &message.subject_id)?;
        all.push(((message.created_at, 2), of_message(r.wired()?, message, order.as_ref(), r.now)));
    }
    all.sort_by_key(|(place, _)| std::cmp::Reverse(*place));
    all.truncate(SHOWN as usize);
    Ok(all.into_iter().map(|(_, happened)| happened).collect())
}

/// Orders that were looked up for this page already.
#[derive(Default)]
struct Orders(BTreeMap<String, Option<StoredOrder>>);

impl Orders {
    fn find(&mut self, r: &mut Read<'_>, id: &str) -> Result<Option<StoredOrder>> {
        if let Some(found) = self.0.get(id) {
            return Ok(found.clone());
        }
        let found = orders::stored(r, &OrderId::stored(id.to_owned()))?;
        self.0.insert(id.to_owned(), found.clone());
        Ok(found)
    }
}

fn of_event(shop: &Shop, event: &Event, order: Option<&StoredOrder>, now: Timestamp) -> Happened {
    let number = order.map_or("an order", |o| o.order.number.as_str());
    let who = order.and_then(|o| o.order.customer.name.as_deref()).unwrap_or("Somebody");
    let words = match event.kind.as_str() {
        "order.placed" => format!("{who} placed order {number}"),
        "order.paid" => format!("Order {number} was paid"),
        "order.changed" => format!("Order {number} was changed"),
        "order.cancelled" => format!("Order {number} was cancelled"),
        "refund.issued" => format!("Money went back for order {number}"),
        "shipment.created" => format!("The parcel of order {number} was packed"),
        "shipment.in_transit" => format!("The parcel of order {number} is on its way"),
        "shipment.out_for_delivery" => format!("The parcel of order {number} is on the van"),
        "shipment.exception" => format!("Something is in the way of the parcel of order {number}"),
        "shipment.delivered" => format!("The parcel of order {number} was delivered"),
        "shipment.noticed" => format!("We noticed that something is wrong with the parcel of order {number}"),
        other => format!("{other}: {number}"),
    };
    Happened {
        at: event.recorded_at.to_string(),
        when: shown(shop, event.recorded_at),
        words,
        verdict: None,
        links: order_link(shop, order, now).into_iter().collect(),
    }
}

fn of_message(shop: &Shop, message: &Told, order: Option<&StoredOrder>, now: Timestamp) -> Happened {
    let number = order.map_or("an order", |o| o.order.number.as_str());
    let what = message.template.split('.').next_back().unwrap_or_default().replace('_', " ");
    let in_inbox = message.reference.as_deref().filter(|reference| reference.starts_with("ibx_"));
    let name = if message.channel == Some(Channel::Sms) { "The text" } else { "The mail" };
    let in_inbox = in_inbox.map(|id| Link::new(name, format!("/inbox/{id}")));
    Happened {
        at: message.created_at.to_string(),
        when: shown(shop, message.created_at),
        words: format!("Message about {number}: {what}"),
        verdict: Some(verdict(message)),
        links: in_inbox.into_iter().chain(order_link(shop, order, now)).collect(),
    }
}

fn verdict(message: &Told) -> Verdict {
    let (tone, label) = match message.state {
        State::Accepted => ("ok", "Sent"),
        State::Queued | State::HandingOff => ("info", "On its way"),
        State::Deferred | State::Unknown => ("warn", "Trying again"),
        State::Held => ("warn", "Held"),
        State::Dropped | State::Expired => ("info", "Not sent"),
        State::Failed => ("bad", "Failed"),
    };
    let outcome = message.outcome.as_deref().unwrap_or_default();
    let reason = format!("{} {outcome}", message.reason);
    Verdict { tone, label: label.to_owned(), reason: reason.trim_end().to_owned() }
}

fn order_link(shop: &Shop, order: Option<&StoredOrder>, now: Timestamp) -> Option<Link> {
    order.map(|o| Link::new("The customer's page", OrderLink::new(o.id.clone(), now).url(shop)))
}

/// By the shop's clock: `2026-11-20 10:04`.
pub fn shown(shop: &Shop, at: Timestamp) -> String {
    let (hour, minute) = at.clock_in(&shop.zone);
    format!("{} {hour:02}:{minute:02}", at.date_in(&shop.zone))
}
