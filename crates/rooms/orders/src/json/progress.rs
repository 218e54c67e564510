//! How far goods and money have got, as a believed shop tells it with the order.

use std::collections::BTreeSet;

use kernel::Timestamp;
use kernel::fields::Fields;
use serde_json::Value;

use super::order::{amount, id, title};
use crate::incoming::{Cancellation, Fulfilment, IncomingRefund, MAX_MINOR, OrderStatus, Payment};
use kernel::object::Object;

/// The most refunds of one order.
const MAX_REFUNDS: usize = 500;

/// What happened to an order after it was placed.
#[derive(Clone, Debug, PartialEq)]
pub struct Progress {
    /// How far the goods have got.
    pub fulfilment: Fulfilment,
    /// When all of it was delivered.
    pub delivered_at: Option<Timestamp>,
    /// When and why it was cancelled.
    pub cancellation: Option<Cancellation>,
    /// What went back to the customer, each once; none when the shop does not tell.
    pub refunds: Vec<IncomingRefund>,
}

impl Progress {
    /// What is known of an order whose shape tells only whether it stands.
    pub fn untold(status: OrderStatus, updated_at: Timestamp) -> Self {
        Progress {
            fulfilment: Fulfilment::Unfulfilled,
            delivered_at: None,
            cancellation: cancelled(status, updated_at, None),
            refunds: Vec::new(),
        }
    }

    /// Reads what the shop tells beside the order itself.
    pub fn read(
        fields: &mut Fields,
        body: &mut Object<'_>,
        status: OrderStatus,
        updated_at: Timestamp,
        latest: Timestamp,
    ) -> Self {
        let mut instant = |fields: &mut Fields, name| {
            fields.optional(|fields| body.read(fields, name, |f, at, text| f.instant_until(at, text, latest)))
        };
        let delivered_at = instant(fields, "delivered_at");
        let cancelled_at = instant(fields, "cancelled_at");
        let fulfilment = fields.optional(|fields| {
            body.read(fields, "fulfilment", |f, at, text| f.parsed(at, text, Fulfilment::parse))
        });
        let reason = fields.optional(|fields| body.read(fields, "cancel_reason", title));
        let fulfilment = fulfilment.unwrap_or(Fulfilment::Unfulfilled);
        Progress {
            fulfilment,
            delivered_at: delivered_at.filter(|_| fulfilment == Fulfilment::Delivered),
            cancellation: cancelled(status, cancelled_at.unwrap_or(updated_at), reason),
            refunds: body
                .list(fields, "refunds")
                .map(|told| refunds(fields, told, updated_at, latest))
                .unwrap_or_default(),
        }
    }

    /// Minor units that went back. An order told as refunded without its refunds had all of its `total` given back.
    pub fn refunded_minor(&self, payment: Payment, total: i64) -> i64 {
        let sum = self.refunds.iter().map(|refund| refund.amount_minor).reduce(i64::saturating_add);
        match (sum, payment) {
            (Some(sum), _) => sum.min(MAX_MINOR),
            (None, Payment::Refunded) => total,
            (None, _) => 0,
        }
    }
}

fn cancelled(status: OrderStatus, at: Timestamp, reason: Option<String>) -> Option<Cancellation> {
    (status == OrderStatus::Cancelled).then_some(Cancellation { at, reason })
}

/// A refund that can't be read is a fault and not passed over: money would be missing from what is told. One of
/// nothing is none.
fn refunds(
    fields: &mut Fields,
    told: &[Value],
    updated_at: Timestamp,
    latest: Timestamp,
) -> Vec<IncomingRefund> {
    if told.len() > MAX_REFUNDS {
        fields.fault("/refunds", "too_many", format!("An order has at most {MAX_REFUNDS} refunds."));
        return Vec::new();
    }
    let mut seen = BTreeSet::new();
    let read = told.iter().enumerate().filter_map(|(place, value)| {
        let mut object = Object::new(fields, &format!("/refunds/{place}"), value)?;
        let external_id = object.must_read(fields, "external_id", id);
        let amount_minor = amount(fields, &mut object, "amount");
        let at = fields
            .optional(|fields| object.read(fields, "at", |f, at, text| f.instant_until(at, text, latest)));
        let external_id = external_id?;
        fields.unique(&object.pointer("external_id"), &mut seen, &external_id);
        Some(IncomingRefund { external_id, amount_minor: amount_minor?, at: at.unwrap_or(updated_at) })
    });
    read.filter(|refund| refund.amount_minor > 0).collect()
}
