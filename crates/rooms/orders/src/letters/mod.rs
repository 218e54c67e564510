//! The messages this room can send. Each is a list of blocks over the frozen order, in the reader's language.

mod facts;
mod letter;
mod refund;

mod parts;

use kernel::{Purpose, Urgency};
pub use letter::CodeContext;
use messaging::Template;
use messaging::topics::{CODES, ORDERS};

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
    about_an_order(CONFIRMATION, Urgency::AtOnce, letter::confirmation, letter::sample),
    about_an_order(PAYMENT_RECEIVED, Urgency::AtOnce, letter::payment_received, letter::sample),
    about_an_order(UPDATED, Urgency::AtOnce, letter::updated, letter::sample_changed),
    about_an_order(CANCELLED, Urgency::AtOnce, letter::cancelled, letter::sample),
    about_an_order(REFUNDED, Urgency::AtOnce, refund::refunded, refund::sample),
    Template { topic: CODES, ..about_an_order(CODE, Urgency::AtOnce, letter::code, letter::sample_code) },
];

const fn about_an_order(
    id: &'static str,
    urgency: Urgency,
    write: fn(&messaging::Given<'_>) -> kernel::Result<messaging::letter::Letter>,
    sample: fn() -> serde_json::Value,
) -> Template {
    Template { id, version: 1, purpose: Purpose::Transactional, topic: ORDERS, urgency, write, sample }
}
