//! What a Shopify order costs.
//!
//! Shopify tells every order twice: as it was placed, and as it stands after edits and returns (`current_…`). We
//! show it as it stands, unless nothing is left of it: an order that was wholly returned is shown as it was placed,
//! for its page still has to say what was bought.
//!
//! All amounts are in the shop's currency, the one Shopify itself reports and refunds by.

use kernel::fields::Fields;
use kernel::{Currency, Timestamp};
use orders::incoming::{IncomingLine, MAX_MINOR, Payment, Totals};

use super::body::{Order, PriceSet};
use crate::reading::{Plain, items};

/// Which telling of the order is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// As it was placed.
    Placed,
    /// As it stands.
    Current,
}

impl View {
    /// As it stands, unless every line was taken out.
    pub fn of(order: &Order) -> Self {
        let left = |line: &super::body::Line| line.current_quantity.text().is_none_or(|pieces| pieces != "0");
        if items(&order.line_items).iter().any(left) { View::Current } else { View::Placed }
    }

    /// The amount of this view; the other one when the platform's version does not tell it.
    fn pick<'a>(self, current: &'a Plain, placed: &'a Plain) -> Option<&'a str> {
        match self {
            View::Current => current.text().or(placed.text()),
            View::Placed => placed.text().or(current.text()),
        }
    }
}

/// Reads the totals that belong to `lines`.
pub fn totals(
    fields: &mut Fields,
    order: &Order,
    currency: Currency,
    lines: &[IncomingLine],
    edited: bool,
) -> Totals {
    let view = View::of(order);
    let total = fields.required("/total_price", view.pick(&order.current_total_price, &order.total_price));
    let mut read = |pointer: &str, text: Option<&str>| fields.decimal(pointer, text?, currency, MAX_MINOR);
    let total = read("/total_price", total);
    let stated = read("/total_line_items_price", order.total_line_items_price.text()).filter(|_| !edited);
    let discount_text = view.pick(&order.current_total_discounts, &order.total_discounts);
    let discount = read("/total_discounts", discount_text);
    let tax = read("/total_tax", view.pick(&order.current_total_tax, &order.total_tax));
    let current_shipping =
        read("/current_shipping_price_set", shop_amount(&order.current_shipping_price_set));
    let placed_shipping = read("/total_shipping_price_set", shop_amount(&order.total_shipping_price_set));
    let sum_of_lines = lines.iter().map(|line| line.unit_price * i64::from(line.quantity)).sum();
    let known = Totals {
        subtotal: stated.unwrap_or(sum_of_lines),
        discount: discount.unwrap_or(0),
        shipping: 0,
        tax: tax.unwrap_or(0),
        tax_included: order.taxes_included.is_true(),
        total: total.unwrap_or(0),
    };
    let shippings = match view {
        View::Current => [current_shipping, placed_shipping],
        View::Placed => [placed_shipping, current_shipping],
    };
    with_shipping(known, shippings)
}

/// Delivery is told before and after its own discount, and the order's discount may or may not hold that one: the
/// figure that makes the order add up is the right one, else the first.
fn with_shipping(known: Totals, candidates: [Option<i64>; 2]) -> Totals {
    let with = |shipping: i64| Totals { shipping, ..known };
    let adds_up = |totals: &Totals| totals.computed() == totals.total;
    let told = candidates.into_iter().flatten();
    told.clone().map(with).find(adds_up).or(told.map(with).next()).unwrap_or(known)
}

fn shop_amount(set: &Option<PriceSet>) -> Option<&str> {
    set.as_ref()?.shop_money.as_ref()?.amount.text()
}

/// Where the money is. A customer who has paid a part still owes the rest, so that is pending; an authorisation that
/// ran out is gone like a voided one.
pub fn payment(order: &Order) -> Payment {
    match order.financial_status.word().as_deref() {
        Some("authorized") => Payment::Authorized,
        Some("paid") => Payment::Paid,
        Some("partially_refunded") => Payment::PartiallyRefunded,
        Some("refunded") => Payment::Refunded,
        Some("voided" | "expired") => Payment::Voided,
        // `pending`, `partially_paid`, none, and words of a later version.
        _ => Payment::Pending,
    }
}

/// How far the goods have got, and when the last of them arrived.
pub fn fulfilment(fields: &mut Fields, order: &Order) -> (orders::incoming::Fulfilment, Option<Timestamp>) {
    use orders::incoming::Fulfilment;
    match order.fulfillment_status.word().as_deref() {
        Some("partial") => (Fulfilment::Partial, None),
        Some("fulfilled") => match delivered_at(fields, order) {
            Some(at) => (Fulfilment::Delivered, Some(at)),
            None => (Fulfilment::Fulfilled, None),
        },
        // Nothing yet, `restocked`, and words of a later version.
        _ => (Fulfilment::Unfulfilled, None),
    }
}

/// When the last parcel arrived; none while one is still on its way.
fn delivered_at(fields: &mut Fields, order: &Order) -> Option<Timestamp> {
    let standing = |status: &Plain| status.word().is_none_or(|status| status == "success");
    let mut latest = None;
    for parcel in items(&order.fulfillments).iter().filter(|parcel| standing(&parcel.status)) {
        if parcel.shipment_status.word().as_deref() != Some("delivered") {
            return None;
        }
        let at = parcel.updated_at.text().and_then(|text| fields.instant("/fulfillments", text));
        latest = latest.max(at);
    }
    latest
}
