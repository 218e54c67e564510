//! From Shopify's order to ours. Pure: bytes in, an [`IncomingOrder`] or a reasoned error out.

use std::collections::BTreeSet;

use kernel::fields::Fields;
use kernel::{Currency, Locale, Result, Timestamp, text};
use orders::incoming::{
    Cancellation, Expected, IncomingLine, IncomingOrder, MAX_ID, MAX_LINES, MAX_MINOR, MAX_NOTE,
    MAX_QUANTITY, MAX_TAGS, MAX_TITLE, OrderStatus, Payment, Version,
};

use super::body::{Line, Order};
use super::{parcels, people, refunds, totals};
use crate::reading::{Plain, identifier, items, required, unreadable};
use shipments::incoming::{IncomingShipment, OrderRef};
use totals::View;

/// What is known about a notice besides its body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The source orders of this connection are stored under, `shopify:con_…`.
    pub source: String,
    /// When the notice was triggered; only as trustworthy as an unsigned header.
    pub triggered_at: Option<Timestamp>,
}

/// Reads an order. The error names every field that can't be believed.
pub fn parse(body: &[u8], notice: &Notice) -> Result<IncomingOrder> {
    Ok(parse_with_parcels(body, notice)?.0)
}

/// The same, with the fulfilments that are told in it.
pub fn parse_with_parcels(body: &[u8], notice: &Notice) -> Result<(IncomingOrder, Vec<IncomingShipment>)> {
    let order: Order = serde_json::from_slice(body).map_err(|error| unreadable("an order", &error))?;
    let mut fields = Fields::believing();
    let read = read(&mut fields, &order, notice);
    let incoming = fields.finish_with(read)?;
    incoming.check()?;
    let named = OrderRef { source: incoming.source.clone(), external_id: incoming.external_id.clone() };
    let parcels = parcels::of_order(&order, &named);
    Ok((incoming, parcels))
}

/// `None` only when `fields` holds the reason.
fn read(fields: &mut Fields, order: &Order, notice: &Notice) -> Option<IncomingOrder> {
    let currency = required(fields, "/currency", &order.currency, Currency::parse);
    let external_id = identifier(fields, "/id", &order.id);
    let number = identifier(fields, "/name", &number(order));
    let placed_at = first_instant(fields, "/processed_at", [&order.processed_at, &order.created_at]);
    let updated_at = first_instant(fields, "/updated_at", [&order.updated_at, &order.created_at]);
    let cancellation = cancellation(fields, order);
    // Without a currency no amount can be read, and without an instant no version be told.
    let (currency, placed_at, updated_at) = (currency?, placed_at?, updated_at?);
    let lines = lines(fields, order, currency);
    let totals = totals::totals(fields, order, currency, &lines, was_edited(order));
    let (fulfilment, delivered_at) = totals::fulfilment(fields, order);
    let is_gift = is_gift(order);
    let customer = people::customer(fields, order, is_gift);
    Some(IncomingOrder {
        source: notice.source.clone(),
        external_id: external_id?,
        number: number?,
        status: status(order),
        payment: totals::payment(order),
        placed_at,
        version: Version { updated_at, triggered_at: notice.triggered_at },
        currency,
        locale: order.customer_locale.text().and_then(|tag| Locale::parse(tag).ok()),
        consents: people::consents(order, &customer, placed_at),
        customer,
        lines,
        totals,
        shipping_address: people::address(fields, order),
        expected: Expected::default(),
        fulfilment,
        delivered_at,
        cancellation,
        refunded_minor: refunds::refunded(fields, order, currency, totals.total),
        refunds: refunds::refunds(fields, order, currency, updated_at),
        is_gift,
        note: order.note.text().and_then(|note| fields.paragraph("/note", note, MAX_NOTE)),
        tags: tags(order),
    })
}

/// The first of these that is told at all must be an instant.
fn first_instant(fields: &mut Fields, pointer: &str, told: [&Plain; 2]) -> Option<Timestamp> {
    let text = fields.required(pointer, told.into_iter().find_map(Plain::text))?;
    fields.instant(pointer, text)
}

/// `#1001` as customers know it; the plain number where the platform tells no name.
fn number(order: &Order) -> Plain {
    if order.name.text().is_some() { order.name.clone() } else { order.order_number.clone() }
}

/// Whether the customer has ordered. A pending payment counts when it is meant to come later: by agreed terms, or by
/// a method such as cash on delivery or a bank transfer, which names a gateway where an unfinished checkout has none.
fn status(order: &Order) -> OrderStatus {
    if order.cancelled_at.text().is_some() {
        return OrderStatus::Cancelled;
    }
    let partly_paid = order.financial_status.word().as_deref() == Some("partially_paid");
    let pays_later = order.payment_terms.is_some()
        || items(&order.payment_gateway_names).iter().any(|name| name.text().is_some());
    match totals::payment(order) {
        Payment::Authorized | Payment::Paid | Payment::PartiallyRefunded | Payment::Refunded => {
            OrderStatus::Placed
        }
        Payment::Pending if partly_paid || pays_later => OrderStatus::Placed,
        Payment::Pending | Payment::Voided => OrderStatus::Unplaced,
    }
}

fn cancellation(fields: &mut Fields, order: &Order) -> Option<Cancellation> {
    let at = fields.instant("/cancelled_at", order.cancelled_at.text()?)?;
    let reason =
        order.cancel_reason.text().and_then(|reason| fields.line("/cancel_reason", reason, MAX_TITLE));
    Some(Cancellation { at, reason })
}

/// Reads the lines that still stand; all of them when none does.
fn lines(fields: &mut Fields, order: &Order, currency: Currency) -> Vec<IncomingLine> {
    let told = items(&order.line_items);
    if told.len() > MAX_LINES {
        fields.fault("/line_items", "too_many", format!("An order has at most {MAX_LINES} lines."));
        return Vec::new();
    }
    let view = View::of(order);
    let mut seen = BTreeSet::new();
    let lines = told.iter().enumerate();
    lines
        .filter_map(|(place, told)| {
            line(fields, &format!("/line_items/{place}"), told, view, currency, &mut seen)
        })
        .collect()
}

fn line(
    fields: &mut Fields,
    at: &str,
    told: &Line,
    view: View,
    currency: Currency,
    seen: &mut BTreeSet<String>,
) -> Option<IncomingLine> {
    let pieces = pieces(fields, &format!("{at}/quantity"), told, view)?;
    if pieces == 0 {
        return None;
    }
    let external_id = identifier(fields, &format!("{at}/id"), &told.id)?;
    fields.unique(&format!("{at}/id"), seen, &external_id);
    let title_at = format!("{at}/title");
    let title = fields.required(&title_at, told.title.text().or(told.name.text()))?;
    let title = fields.line(&title_at, title, MAX_TITLE)?;
    let price_at = format!("{at}/price");
    let price = fields.required(&price_at, told.price.text())?;
    let unit_price = fields.decimal(&price_at, price, currency, MAX_MINOR)?;
    fields.line_total(&price_at, pieces, unit_price, MAX_MINOR)?;
    Some(IncomingLine {
        external_id,
        sku: told.sku.text().and_then(|sku| fields.line(&format!("{at}/sku"), sku, MAX_ID)),
        title,
        variant: told
            .variant_title
            .text()
            .and_then(|text| fields.line(&format!("{at}/variant_title"), text, MAX_TITLE)),
        quantity: pieces,
        unit_price,
        image_url: None,
        url: None,
    })
}

fn pieces(fields: &mut Fields, pointer: &str, told: &Line, view: View) -> Option<u32> {
    let text = match view {
        View::Current => told.current_quantity.text().or(told.quantity.text()),
        View::Placed => told.quantity.text().or(told.current_quantity.text()),
    };
    let text = fields.required(pointer, text)?;
    // What is not a whole number is out of range, like a negative one.
    fields.quantity(pointer, text.parse().unwrap_or(-1), 0, MAX_QUANTITY)
}

/// Whether lines were taken out or made fewer, so that the sum of the lines as placed is not the sum as it stands.
fn was_edited(order: &Order) -> bool {
    let changed =
        |line: &Line| line.current_quantity.text().is_some_and(|now| line.quantity.text() != Some(now));
    View::of(order) == View::Current && items(&order.line_items).iter().any(changed)
}

/// Themes mark a present with a note attribute.
fn is_gift(order: &Order) -> bool {
    let named = |name: &Plain| matches!(name.word().as_deref(), Some("gift" | "is_gift"));
    items(&order.note_attributes).iter().any(|attribute| named(&attribute.name) && attribute.value.is_true())
}

/// Tags are for the shop's own rules, so a tag that can't be kept is left out rather than the order refused.
fn tags(order: &Order) -> Vec<String> {
    let told = order.tags.text().unwrap_or_default().split(',').take(MAX_TAGS);
    told.filter_map(|tag| text::line(&text::unfolded(tag), MAX_TAGS).ok()).collect()
}
