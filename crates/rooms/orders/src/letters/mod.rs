//! The messages this room can send. Each is a list of blocks over the frozen order, in the reader's language.

mod facts;
mod letter;
mod offer;
mod parts;
mod refund;
mod texts;

use kernel::{Purpose, Result, Urgency};
pub use letter::CodeContext;
use messaging::design::offer::Offer;
use messaging::letter::Letter;
use messaging::text_letter::TextLetter;
use messaging::topics::{CODES, ORDERS};
use messaging::{Given, Template};

/// That we have the order.
pub const CONFIRMATION: &str = "order.confirmation";
/// That the payment we waited for is here.
pub const PAYMENT_RECEIVED: &str = "order.payment_received";
/// What changed.
pub const UPDATED: &str = "order.updated";
/// That it is cancelled, and what happens to the money.
pub const CANCELLED: &str = "order.cancelled";
/// That money went back.
pub const REFUNDED: &str = "order.refunded";
/// A code that shows the full address.
pub const CODE: &str = "order.code";
/// The link to its page, for somebody who has lost it.
pub const LINK: &str = "order.link";

/// What sets a message off: kinds of event, and in words. `None` of a message that is not this room's.
pub fn set_off_by(template: &str) -> Option<(&'static [&'static str], &'static str)> {
    Some(match template {
        CONFIRMATION => (&["order.placed"][..], "when an order is placed"),
        PAYMENT_RECEIVED => {
            (&["order.paid"], "when the payment of an order comes that was confirmed without it")
        }
        UPDATED => (&["order.changed"], "when something changes in an order that its customer can see"),
        CANCELLED => (&["order.cancelled"], "when an order is cancelled"),
        REFUNDED => (&["refund.issued"], "when money goes back that was not told with a cancellation"),
        CODE => (&[], "when somebody asks on the order page for a code"),
        LINK => (&[], "when somebody who has lost the link looks for the order"),
        _ => return None,
    })
}

/// Every message this room can send.
pub const TEMPLATES: &[Template] = &[
    offering(
        &offer::CONFIRMATION,
        about_an_order(CONFIRMATION, letter::confirmation, texts::confirmation, letter::sample),
    ),
    offering(
        &offer::PAYMENT_RECEIVED,
        about_an_order(PAYMENT_RECEIVED, letter::payment_received, texts::payment_received, letter::sample),
    ),
    offering(
        &offer::UPDATED,
        about_an_order(UPDATED, letter::updated, texts::updated, letter::sample_changed),
    ),
    offering(
        &offer::CANCELLED,
        about_an_order(CANCELLED, letter::cancelled, texts::cancelled, letter::sample),
    ),
    offering(&offer::REFUNDED, about_an_order(REFUNDED, refund::refunded, texts::refunded, refund::sample)),
    offering(
        &offer::CODE,
        Template { topic: CODES, ..about_an_order(CODE, letter::code, texts::code, letter::sample_code) },
    ),
    offering(
        &offer::LINK,
        Template { topic: CODES, ..about_an_order(LINK, letter::link, texts::link, letter::sample) },
    ),
];

const fn about_an_order(
    id: &'static str,
    write: fn(&Given<'_>) -> Result<Letter>,
    text: fn(&Given<'_>) -> Result<TextLetter>,
    sample: fn() -> serde_json::Value,
) -> Template {
    let (purpose, urgency) = (Purpose::Transactional, Urgency::AtOnce);
    Template { id, version: 1, purpose, topic: ORDERS, urgency, write, text, sample, offer: None }
}

const fn offering(offer: &'static Offer, template: Template) -> Template {
    Template { offer: Some(offer), ..template }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_every_message_it_is_said_what_sets_it_off() {
        assert!(TEMPLATES.iter().all(|template| set_off_by(template.id).is_some()));
        assert!(set_off_by("text.help").is_none());
    }
}
