//! What an endpoint can ask to hear of.

use std::collections::BTreeSet;

use kernel::{Error, Result};

/// Every kind of event that may leave.
pub const KINDS: &[&str] = &[
    "order.placed",
    "order.paid",
    "order.changed",
    "order.cancelled",
    "order.delay_accepted",
    "order.cancel_asked",
    "refund.issued",
    "shipment.created",
    "shipment.in_transit",
    "shipment.out_for_delivery",
    "shipment.available_for_pickup",
    "shipment.failed_attempt",
    "shipment.exception",
    "shipment.delivered",
    "shipment.disputed",
    "shipment.returned",
    "shipment.noticed",
    "message.accepted",
    "message.undelivered",
    "message.failed",
    "message.expired",
    "message.dropped",
    "message.unknown",
    "customer.changed",
    "customer.merged",
    "customer.unmerged",
    "customer.erased",
    "consent.given",
    "consent.withdrawn",
];

/// What a kind says, in a sentence.
pub fn words(kind: &str) -> &'static str {
    match kind {
        "order.placed" => "An order was placed.",
        "order.paid" => "An order was paid.",
        "order.changed" => "An order changed: lines, address, dates or how far it is.",
        "order.cancelled" => "An order was cancelled.",
        "order.delay_accepted" => "A customer waits for an order that is late.",
        "order.cancel_asked" => "A customer asks to cancel what has not left of an order that is late.",
        "refund.issued" => "Money went back.",
        "shipment.created" => "A parcel has a label.",
        "shipment.in_transit" => "A parcel is on its way.",
        "shipment.out_for_delivery" => "A parcel comes today.",
        "shipment.available_for_pickup" => "A parcel waits to be collected.",
        "shipment.failed_attempt" => "Nobody was there to take a parcel.",
        "shipment.exception" => "Something is in the way of a parcel.",
        "shipment.delivered" => "A parcel is there.",
        "shipment.disputed" => "A customer says that a delivered parcel is not there.",
        "shipment.returned" => "A parcel is back.",
        "shipment.noticed" => "Something is wrong with a parcel, or with an order that has not left.",
        "message.accepted" => "A message was handed over.",
        "message.undelivered" => "A message did not arrive.",
        "message.failed" => "A message can’t be delivered.",
        "message.expired" => "A message became worthless before it could leave.",
        "message.dropped" => "A message was not sent, because a rule said so.",
        "message.unknown" => "Nobody knows whether a message arrived.",
        "customer.changed" => "What is known of a customer changed.",
        "customer.merged" => "Two customers turned out to be one.",
        "customer.unmerged" => "Customers that were merged are two again.",
        "customer.erased" => "A customer is forgotten: delete what you keep of them too.",
        "consent.given" => "A customer agreed to something.",
        "consent.withdrawn" => "A customer took that back.",
        TEST => "A test.",
        _ => "",
    }
}

/// What a test is called. Every endpoint hears it.
pub const TEST: &str = "webhook.test";

/// In the column `kinds`: all of them, also those of later versions.
const ALL: &str = "*";

/// The kinds an endpoint asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// All there are.
    All,
    /// These.
    Some(BTreeSet<String>),
}

impl Wanted {
    /// Reads a list of kinds; an empty one means all.
    pub fn parse(kinds: &[String]) -> Result<Self> {
        if kinds.is_empty() {
            return Ok(Wanted::All);
        }
        match kinds.iter().find(|kind| !KINDS.contains(&kind.as_str())) {
            Some(_) => {
                Err(Error::invalid("unknown_kind", format!("A kind is one of: {}.", KINDS.join(", "))))
            }
            None => Ok(Wanted::Some(kinds.iter().cloned().collect())),
        }
    }

    /// Whether this kind is wanted.
    pub fn wants(&self, kind: &str) -> bool {
        match self {
            Wanted::All => true,
            Wanted::Some(kinds) => kinds.contains(kind) || kind == TEST,
        }
    }

    /// As a row holds it.
    pub fn stored(&self) -> String {
        match self {
            Wanted::All => ALL.to_owned(),
            Wanted::Some(kinds) => kinds.iter().cloned().collect::<Vec<_>>().join(" "),
        }
    }

    /// From a row.
    pub fn from_stored(text: &str) -> Self {
        match text {
            ALL => Wanted::All,
            kinds => Wanted::Some(kinds.split(' ').map(str::to_owned).collect()),
        }
    }

    /// As the API says it: none for all.
    pub fn list(&self) -> Vec<String> {
        match self {
            Wanted::All => Vec::new(),
            Wanted::Some(kinds) => kinds.iter().cloned().collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_said_in_words() {
        for kind in KINDS {
            assert!(words(kind).ends_with('.'), "{kind}");
        }
    }
}
