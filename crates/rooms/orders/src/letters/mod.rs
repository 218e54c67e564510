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
