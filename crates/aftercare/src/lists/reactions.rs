//! Who hears of what. Every reaction of every room, in one list.

use kernel::Result;
use timeline::{Reaction, Reactions, When};

/// The list. `With` runs in the write that records the event and may refuse it (money, incidents and holds only);
/// `After` runs in a write of its own.
pub fn reactions() -> Result<Reactions> {
    Reactions::new(vec![
        Reaction {
            name: "orders.note_unreachable",
            on: &["message.failed", "message.expired", "message.undelivered", "message.unknown"],
            when: When::After,
            heeds: None,
            why: "A customer who can't be told about their order is something a person at the shop must see.",
            run: orders::note_unreachable,
        },
        Reaction {
            name: "messaging.reconsider",
            on: &[
                "incident.closed",
                "customer.changed",
                "customer.merged",
                "customer.unmerged",
                "consent.given",
            ],
            when: When::After,
            heeds: Some(messaging::something_is_held),
            why: "What waits for something to be put right goes out when it is, without asking every hour.",
            run: messaging::reconsider,
        },
        Reaction {
            name: "aftercare.write_erasure_down",
            on: &["customer.erased"],
            when: When::After,
            heeds: None,
            why: "A restore of an older backup brings back whom it names; the log beside the database says who is to be forgotten again.",
            run: crate::erasures::write_down,
        },
        Reaction {
            name: "api.webhooks",
            on: api::webhooks::KINDS,
            when: When::After,
            heeds: Some(api::webhooks::somebody_listens),
            why: "Other programs of the shop hear what happens without asking again and again.",
            run: api::webhooks::fan_out,
        },
        Reaction {
            name: "shipments.look_again",
            on: &["order.changed", "order.cancelled"],
            when: When::After,
            heeds: Some(shipments::watch::is_watched),
            why: "An order that is cancelled, has left or has another day is not late in the way it was.",
            run: shipments::watch::look_again,
        },
        Reaction {
            name: "catalogue.see_order",
            on: &["order.placed", "order.changed"],
            when: When::After,
            heeds: Some(catalogue::has_news),
            why: "What stands in an order is sold here, until somebody tells better.",
            run: catalogue::see_order,
        },
    ])
}
