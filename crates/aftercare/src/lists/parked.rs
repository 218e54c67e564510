//! Everything that can be parked until a person has looked at it, and what there is to say about each kind of work.

use std::sync::Arc;

use admin::{Discard, KindCount, ParkedJobs, Parking, Parkings, Piece, Reason, Subject, WorkKind};
use db::{Read, Write};
use kernel::{Error, Result, Timestamp};
use platforms::{ParkedWebhook, WebhookId};

/// The list, in the order it is shown.
pub fn parkings() -> Parkings {
    Parkings(vec![Arc::new(ParkedJobs(WORK)), Arc::new(ParkedWebhooks)])
}

/// Every kind of work of the list of jobs.
pub const WORK: &[WorkKind] = &[
    WorkKind {
        kind: timeline::REACT,
        name: "What follows from an event",
        page: no_page,
        discard: Discard::Loses(
            "What should follow from the event does not: nobody else is told of it.",
            nothing_more,
        ),
    },
    WorkKind {
        kind: orders::TELL,
        name: "Telling a customer about their order",
        page: order_page,
        discard: Discard::Loses(
            "The customer is not told what changed. Later changes are told.",
            nothing_more,
        ),
    },
    WorkKind {
        kind: shipments::WATCH,
        name: "Watching the parcels of an order",
        page: order_page,
        discard: Discard::Loses(
            "The customer is not told about these parcels until something new is heard of them.",
            nothing_more,
        ),
    },
    WorkKind {
        kind: platforms::WEBHOOK_JOB,
        name: "Reading a webhook",
        page: no_page,
        discard: Discard::Loses(
            "What the shop told by it is not taken in, unless the shop tells it again.",
            forget_webhook,
        ),
    },
    WorkKind {
        kind: messaging::HAND_OFF,
        name: "Handing a message over",
        page: message_page,
        discard: Discard::Never("A message has to come to its end: try it again."),
    },
    WorkKind {
        kind: platforms::POLL_JOB,
        name: "Reading a shop’s list of orders",
        page: connection_page,
        discard: Discard::Loses("The list is read again within the hour.", nothing_more),
    },
    WorkKind {
        kind: api::webhooks::DELIVER_JOB,
        name: "Telling an endpoint what happened",
        page: endpoint_page,
        discard: Discard::Loses("What waits for the endpoint is sent with the next event.", nothing_more),
    },
    WorkKind {
        kind: orders::find::SEARCH_JOB,
        name: "Looking for an order for somebody who lost the link",
        page: no_page,
        discard: Discard::Loses("The link is not sent. Whoever asked may ask again.", forget_search),
    },
    WorkKind {
        kind: account::SEND_JOB,
        name: "Sending a code to sign in",
        page: no_page,
        discard: Discard::Loses("The code is not sent. Whoever asked may ask again.", nothing_more),
    },
    WorkKind {
        kind: customers::ERASE_JOB,
        name: "Forgetting a customer",
        page: customer_page,
        discard: Discard::Never("Whoever is to be forgotten has to be: try it again."),
    },
    WorkKind {
        kind: jobs::tasks::STEP,
        name: "Long work",
        page: task_page,
        discard: Discard::Never("Stop it on its own page, or let it go on there."),
    },
    upkeep(customers::account::FORGET_JOB, "Deleting old codes and sessions of customers"),
    upkeep(jobs::tasks::FORGET_PARTS, "Deleting old files"),
    upkeep(admin::KEY_NAMES_JOB, "Making names from before findable"),
    upkeep(admin::PLACE_CUSTOMERS_JOB, "Finding the countries of customers from before"),
    upkeep(orders::KEY_LINES_JOB, "Making products from before findable"),
    upkeep(admin::FORGET_SESSIONS_JOB, "Forgetting browsers that were signed out"),
    upkeep(messaging::sms::FORGET_TEXTS_JOB, "Deleting old texts and reports"),
    upkeep(messaging::TALLY_JOB, "Counting what was sent by day"),
    upkeep(timeline::FORGOTTEN_JOB, "Closing incidents that were forgotten"),
    upkeep(shipments::SWEEP, "Looking for orders that have not left"),
    upkeep(shipments::SWEEP_PAGE, "Looking at orders that have not left"),
    upkeep(shipments::FORGET_STRAYS, "Deleting scans that nobody claimed"),
    upkeep(platforms::KEEP_POLLING_JOB, "Seeing to it that lists of orders are read"),
    upkeep(platforms::FORGET_JOB, "Deleting old webhooks"),
    upkeep(api::webhooks::FORGET_DELIVERIES_JOB, "Deleting old deliveries"),
    upkeep(api::FORGET_JOB, "Deleting old requests"),
];

const fn upkeep(kind: &'static str, name: &'static str) -> WorkKind {
    let discard = Discard::Never("Housekeeping goes on for as long as the shop does: try it again.");
    WorkKind { kind, name, page: no_page, discard }
}

fn no_page(_key: &str) -> Option<String> {
    None
}

fn order_page(key: &str) -> Option<String> {
    orders::OrderId::parse(key).ok().map(|id| format!("/a/orders/{id}"))
}

fn message_page(key: &str) -> Option<String> {
    kernel::MessageId::parse(key).ok().map(|id| format!("/a/messages/{id}"))
}

fn connection_page(key: &str) -> Option<String> {
    platforms::ConnectionId::parse(key).ok().map(|id| format!("/a/connections/{id}"))
}

fn endpoint_page(key: &str) -> Option<String> {
    api::webhooks::EndpointId::parse(key).ok().map(|id| format!("/a/webhooks/{id}"))
}

fn customer_page(key: &str) -> Option<String> {
    kernel::CustomerId::parse(key).ok().map(|id| format!("/a/customers/{id}"))
}

fn task_page(key: &str) -> Option<String> {
    jobs::tasks::TaskId::parse(key).ok().map(|id| format!("/a/tasks/{id}"))
}

fn nothing_more(_w: &mut Write<'_>, _key: &str, _reason: Reason) -> Result<()> {
    Ok(())
}

/// Without its job what was typed would wait for ever.
fn forget_search(w: &mut Write<'_>, key: &str, _reason: Reason) -> Result<()> {
    orders::find::give_up(w, key)
}

/// Without its job a webhook would wait for ever.
fn forget_webhook(w: &mut Write<'_>, key: &str, reason: Reason) -> Result<()> {
    let Ok(id) = WebhookId::parse(key) else { return Ok(()) };
    match platforms::discard_webhook(w, &id, &discarded(reason)) {
        Ok(_) => Ok(()),
        // Deleted with the person it was about.
        Err(error) if error.kind() == kernel::Kind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

fn discarded(reason: Reason) -> String {
    format!("Discarded: {}.", reason.words())
}

/// Webhooks that nothing could be made of.
struct ParkedWebhooks;

/// Webhooks are of one kind.
const KIND: &str = "webhooks";

impl Parking for ParkedWebhooks {
    fn word(&self) -> &'static str {
        KIND
    }

    fn title(&self) -> &'static str {
        "Webhooks that could not be read"
    }

    fn count(&self, r: &mut Read<'_>, most: i64) -> Result<i64> {
        platforms::count_parked_webhooks(r, most)
    }

    fn kinds(&self, r: &mut Read<'_>, most: i64) -> Result<Vec<KindCount>> {
        let count = platforms::count_parked_webhooks(r, most)?;
        let kind = KindCount { kind: KIND.to_owned(), name: "Webhooks".to_owned(), count };
        Ok(if count > 0 { vec![kind] } else { Vec::new() })
    }

    fn page(&self, r: &mut Read<'_>, after: Option<(Timestamp, &str)>, limit: i64) -> Result<Vec<Piece>> {
        let id = after.map(|(_, id)| WebhookId::parse(id)).transpose()?;
        let after = after.map(|(at, _)| at).zip(id.as_ref());
        Ok(platforms::parked_webhooks(r, after, limit)?.into_iter().map(piece).collect())
    }

    fn try_again(&self, w: &mut Write<'_>, id: &str) -> Result<Option<Subject>> {
        let id = WebhookId::parse(id)?;
        platforms::process_again(w, &id)?;
        Ok(Some(("webhook".to_owned(), id.to_string())))
    }

    fn try_all_again(&self, w: &mut Write<'_>, kind: &str, parked_before: Timestamp) -> Result<u64> {
        if kind != KIND {
            return Err(Error::not_found("Webhooks are of one kind."));
        }
        platforms::process_parked_again(w, parked_before)
    }

    fn discard(&self, w: &mut Write<'_>, id: &str, reason: Reason) -> Result<Option<Subject>> {
        let id = WebhookId::parse(id)?;
        let is_done = platforms::discard_webhook(w, &id, &discarded(reason))?;
        Ok(is_done.then(|| ("webhook".to_owned(), id.to_string())))
    }
}

fn piece(webhook: ParkedWebhook) -> Piece {
    Piece {
        id: webhook.id.to_string(),
        what: format!("{} from {}", webhook.topic, webhook.shop),
        href: Some(format!("/a/connections/{}", webhook.connection)),
        why: webhook.reason,
        parked_at: webhook.received_at,
        discarded: Ok("What the shop told by it is not taken in, unless the shop tells it again."),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::time::Duration;

    use api::webhooks::{Deliver, Outside};
    use messaging::Providers;
    use platforms::Poll;

    use super::*;
    use crate::lists::jobs::registry;

    #[test]
    fn every_kind_of_work_is_said_in_words() {
        let webhooks = Deliver::new(&Outside::default()).unwrap();
        let registry = registry(Arc::new(Providers::new()), webhooks, Poll::new(Duration::from_secs(60)));
        let known: BTreeSet<_> = WORK.iter().map(|work| work.kind).collect();
        let done: BTreeSet<_> = registry.kinds().collect();
        assert_eq!(known, done, "lists/parked.rs and lists/jobs.rs name the same kinds");
    }
}
