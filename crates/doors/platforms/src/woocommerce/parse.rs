//! From WooCommerce's order to ours. Pure: bytes in, content or a reasoned error out.

use kernel::fields::Fields;
use kernel::{Currency, Result, Timestamp};
use orders::incoming::{
    Cancellation, Expected, Fulfilment, IncomingOrder, MAX_ID, MAX_NOTE, OrderStatus, Payment, Version,
};

use shipments::incoming::OrderRef;

use super::body::{Gone, Order};
use super::{parcels, people, totals};
use crate::inbox::{Content, Parcels};
use crate::reading::{self, Plain, identifier, items, required};

/// Ways to pay where the money comes by itself, later.
const PAID_BY_TRANSFER: [&str; 2] = ["bacs", "cheque"];
/// Where the money comes with the parcel.
const PAID_ON_DELIVERY: &str = "cod";

/// Reads an order under the source of its connection, `woocommerce:con_…`. The error names every field that can't be
/// believed.
pub(crate) fn parse(body: &[u8], source: &str) -> Result<Content> {
    let order: Order =
        serde_json::from_slice(body).map_err(|error| reading::unreadable("an order", &error))?;
    let mut fields = Fields::believing();
    if order.status.word().as_deref() == Some("trash") {
        let id = identifier(&mut fields, "/id", &order.id);
        return fields.finish_with(id).map(|order| Content::Gone { source: source.to_owned(), order });
    }
    let read = read(&mut fields, &order, source);
    let incoming = fields.finish_with(read)?;
    incoming.check()?;
    let named = OrderRef { source: incoming.source.clone(), external_id: incoming.external_id.clone() };
    let parcels = parcels::of_order(body, &named, incoming.version.updated_at);
    Ok(Content::Order(Box::new(incoming), Parcels::Listed(parcels)))
}

/// Reads the identifier of an order that was thrown away.
pub(super) fn gone(body: &[u8], source: String) -> Result<Content> {
    let gone: Gone = serde_json::from_slice(body).map_err(|error| reading::unreadable("an order", &error))?;
    let mut fields = Fields::believing();
    let id = identifier(&mut fields, "/id", &gone.id);
    fields.finish_with(id).map(|order| Content::Gone { source, order })
}

/// `None` only when `fields` holds the reason.
fn read(fields: &mut Fields, order: &Order, source: &str) -> Option<IncomingOrder> {
    let currency = required(fields, "/currency", &order.currency, Currency::parse);
    let external_id = identifier(fields, "/id", &order.id);
    let number = number(fields, order);
    let updated_at =
        first_instant(fields, "/date_modified_gmt", [&order.date_modified_gmt, &order.date_created_gmt]);
    let placed_at =
        first_instant(fields, "/date_created_gmt", [&order.date_created_gmt, &order.date_modified_gmt]);
    // Without a currency no amount can be read, and without an instant no version be told.
    let (currency, placed_at, updated_at) = (currency?, placed_at?, updated_at?);
    let lines = totals::lines(fields, order, currency);
    let totals = totals::totals(fields, order, currency);
    let refunds = totals::refunds(fields, order, currency, updated_at);
    let refunded_minor = refunds.iter().map(|refund| refund.amount_minor).sum();
    let status = status(order);
    Some(IncomingOrder {
        source: source.to_owned(),
        external_id: external_id?,
        number: number?,
        status,
        payment: payment(order, refunded_minor, totals.total),
        placed_at,
        version: Version { updated_at, triggered_at: None },
        currency,
        locale: people::locale(order),
        customer: people::customer(fields, order),
        consents: Vec::new(),
        lines,
        totals,
        shipping_address: people::address(fields, order),
        expected: Expected::default(),
        fulfilment: fulfilment(order),
        delivered_at: None,
        cancellation: (status == OrderStatus::Cancelled)
            .then_some(Cancellation { at: updated_at, reason: None }),
        refunded_minor,
        refunds,
        is_gift: people::is_gift(order),
        note: order.customer_note.text().and_then(|note| fields.paragraph("/customer_note", note, MAX_NOTE)),
        tags: Vec::new(),
    })
}

/// Customers know their order as WooCommerce's own mails write it: `#645`.
fn number(fields: &mut Fields, order: &Order) -> Option<String> {
    let told = if order.number.text().is_some() { &order.number } else { &order.id };
    let text = fields.required("/number", told.text())?;
    fields.identifier("/number", &format!("#{}", text.trim_start_matches('#')), MAX_ID)
}

/// The first of these that is told at all must be an instant. The `_gmt` fields are UTC and don't say so.
fn first_instant(fields: &mut Fields, pointer: &str, told: [&Plain; 2]) -> Option<Timestamp> {
    let text = fields.required(pointer, told.into_iter().find_map(Plain::text))?;
    let has_zone = text.ends_with(['Z', 'z']) || text.get(10..).is_some_and(|time| time.contains(['+', '-']));
    let text = if has_zone { text.to_owned() } else { format!("{text}Z") };
    fields.instant(pointer, &text)
}

/// Whether the customer has ordered. A shop may have statuses of its own: then a payment says so.
fn status(order: &Order) -> OrderStatus {
    match order.status.word().as_deref() {
        Some("processing" | "on-hold" | "completed" | "refunded") => OrderStatus::Placed,
        Some("cancelled") => OrderStatus::Cancelled,
        Some("checkout-draft" | "auto-draft" | "draft" | "pending" | "failed") => OrderStatus::Unplaced,
        _ if order.date_paid_gmt.text().is_some() => OrderStatus::Placed,
        _ => OrderStatus::Unplaced,
    }
}

/// Where the money is. WooCommerce writes down a payment with `processing` and `completed`, also where the money comes
/// with the parcel: there it is not ours before the order is completed.
fn payment(order: &Order, refunded: i64, total: i64) -> Payment {
    let method = order.payment_method.word().unwrap_or_default();
    let status = order.status.word().unwrap_or_default();
    let comes_with_the_parcel = method == PAID_ON_DELIVERY && status != "completed";
    let is_paid =
        order.date_paid_gmt.text().is_some() || matches!(status.as_str(), "processing" | "completed");
    let is_reserved = order.transaction_id.text().is_some() && !PAID_BY_TRANSFER.contains(&method.as_str());
    match () {
        () if status == "refunded" => Payment::Refunded,
        () if refunded > 0 && refunded >= total => Payment::Refunded,
        () if refunded > 0 => Payment::PartiallyRefunded,
        () if status == "pending" || status == "failed" || status == "checkout-draft" => Payment::Pending,
        () if comes_with_the_parcel && (is_paid || status == "on-hold") => Payment::Authorized,
        () if is_paid => Payment::Paid,
        () if is_reserved && status == "on-hold" => Payment::Authorized,
        () => Payment::Pending,
    }
}

/// `completed` is the one word WooCommerce itself has for goods that have left.
fn fulfilment(order: &Order) -> Fulfilment {
    match order.status.word().as_deref() {
        Some("completed") => Fulfilment::Fulfilled,
        _ => Fulfilment::Unfulfilled,
    }
}

/// The first plain value of these keys that a plugin attached.
pub(super) fn meta<'a>(order: &'a Order, keys: &[&str]) -> Option<&'a Plain> {
    let of = |key: &str| items(&order.meta_data).iter().find(|meta| meta.key.text() == Some(key));
    keys.iter().filter_map(|key| of(key)).map(|meta| &meta.value).find(|value| value.text().is_some())
}
