//! What a WooCommerce order costs.
//!
//! WooCommerce keeps every amount without tax and the tax beside it, whatever customers see. A shop whose prices
//! include tax is told with tax, so that the customer finds the prices they saw. All sums are exact; only what is
//! finer than the currency is rounded, once, at the end.

use std::collections::BTreeSet;

use kernel::fields::Fields;
use kernel::{Currency, Timestamp, brand, text};
use orders::incoming::{
    IncomingLine, IncomingRefund, MAX_ID, MAX_LINES, MAX_LINK, MAX_MINOR, MAX_QUANTITY, MAX_TITLE, Totals,
};

use super::body::{Fee, Line, Order};
use crate::decimal::Decimal;
use crate::reading::{Plain, identifier, items};

/// Reads the lines, and after them the fees, which customers see as lines too.
pub fn lines(fields: &mut Fields, order: &Order, currency: Currency) -> Vec<IncomingLine> {
    let (told, fees) = (items(&order.line_items), items(&order.fee_lines));
    if told.len() + fees.len() > MAX_LINES {
        fields.fault("/line_items", "too_many", format!("An order has at most {MAX_LINES} lines."));
        return Vec::new();
    }
    let with_tax = order.prices_include_tax.is_true();
    let mut seen = BTreeSet::new();
    let mut lines = Vec::with_capacity(told.len() + fees.len());
    for (place, told) in told.iter().enumerate() {
        lines.extend(line(fields, &format!("/line_items/{place}"), told, with_tax, currency, &mut seen));
    }
    for (place, fee) in fees.iter().enumerate() {
        lines.extend(fee_line(fields, &format!("/fee_lines/{place}"), fee, with_tax, currency, &mut seen));
    }
    lines
}

fn line(
    fields: &mut Fields,
    at: &str,
    told: &Line,
    with_tax: bool,
    currency: Currency,
    seen: &mut BTreeSet<String>,
) -> Option<IncomingLine> {
    let external_id = identifier(fields, &format!("{at}/id"), &told.id)?;
    fields.unique(&format!("{at}/id"), seen, &external_id);
    let title_at = format!("{at}/name");
    let name = fields.required(&title_at, told.name.text().or(told.parent_name.text()))?;
    let (title, variant) = title_and_variant(name, told.parent_name.text());
    let pieces = pieces(fields, &format!("{at}/quantity"), told)?;
    let unit_price = unit_price(fields, at, told, with_tax, pieces, currency)?;
    fields.line_total(&format!("{at}/subtotal"), pieces, unit_price, MAX_MINOR)?;
    Some(IncomingLine {
        external_id,
        sku: told.sku.text().and_then(|sku| fields.line(&format!("{at}/sku"), sku, MAX_ID)),
        title: fields.line(&title_at, title, MAX_TITLE)?,
        variant: variant.and_then(|variant| fields.line(&title_at, variant, MAX_TITLE)),
        quantity: pieces,
        unit_price,
        image_url: told.image.as_ref().and_then(|image| picture(&image.src)),
        url: None,
    })
}

/// A variation is named after its product: `Merino tee - M, green`.
fn title_and_variant<'a>(name: &'a str, parent: Option<&'a str>) -> (&'a str, Option<&'a str>) {
    let rest = parent.and_then(|parent| Some((parent, name.strip_prefix(parent)?.strip_prefix(" - ")?)));
    match rest {
        Some((parent, variant)) => (parent, Some(variant)),
        None => (name, None),
    }
}

/// How many. Plugins sell by weight, half a kilogram for one: that is one piece at the price of the line.
fn pieces(fields: &mut Fields, pointer: &str, told: &Line) -> Option<u32> {
    let text = fields.required(pointer, told.quantity.text())?;
    let count = fields.parsed(pointer, text, Decimal::parse)?;
    match count.whole() {
        Some(pieces) => fields.quantity(pointer, pieces, 1, MAX_QUANTITY),
        None if count.is_negative() => fields.quantity(pointer, -1, 1, MAX_QUANTITY),
        None => Some(1),
    }
}

/// The price of one piece before coupons: from the line's sum, else from the price itself.
fn unit_price(
    fields: &mut Fields,
    at: &str,
    told: &Line,
    with_tax: bool,
    pieces: u32,
    currency: Currency,
) -> Option<i64> {
    let (pointer, minor) = match told.subtotal.text() {
        Some(_) => {
            let pointer = format!("{at}/subtotal");
            let sum = with_its_tax(fields, &pointer, &told.subtotal, &told.subtotal_tax, with_tax)?;
            (pointer, sum.minor_of_each(pieces, currency))
        }
        None => {
            let pointer = format!("{at}/price");
            let text = fields.required(&pointer, told.price.text())?;
            let price = fields.parsed(&pointer, text, Decimal::parse)?;
            (pointer, price.minor(currency))
        }
    };
    fields.amount(&pointer, minor, MAX_MINOR)
}

fn fee_line(
    fields: &mut Fields,
    at: &str,
    fee: &Fee,
    with_tax: bool,
    currency: Currency,
    seen: &mut BTreeSet<String>,
) -> Option<IncomingLine> {
    let pointer = format!("{at}/total");
    let sum = with_its_tax(fields, &pointer, &fee.total, &fee.total_tax, with_tax)?;
    if sum <= Decimal::ZERO {
        return None;
    }
    let external_id = format!("fee:{}", identifier(fields, &format!("{at}/id"), &fee.id)?);
    fields.unique(&format!("{at}/id"), seen, &external_id);
    let name_at = format!("{at}/name");
    let name = fields.required(&name_at, fee.name.text())?;
    Some(IncomingLine {
        external_id,
        sku: None,
        title: fields.line(&name_at, name, MAX_TITLE)?,
        variant: None,
        quantity: 1,
        unit_price: fields.amount(&pointer, sum.minor(currency), MAX_MINOR)?,
        image_url: None,
        url: None,
    })
}

/// Reads the totals: coupons are discount, and so are fees below nothing.
pub fn totals(fields: &mut Fields, order: &Order, currency: Currency) -> Totals {
    let with_tax = order.prices_include_tax.is_true();
    let mut subtotal = Decimal::ZERO;
    let mut discount = Decimal::ZERO;
    for line in items(&order.line_items).iter().take(MAX_LINES) {
        let sum = with_its_tax(fields, "/line_items", &line.subtotal, &line.subtotal_tax, with_tax);
        subtotal = subtotal.plus(sum.unwrap_or_default());
    }
    for fee in items(&order.fee_lines).iter().take(MAX_LINES) {
        let sum =
            with_its_tax(fields, "/fee_lines", &fee.total, &fee.total_tax, with_tax).unwrap_or_default();
        if sum.is_negative() {
            discount = discount.plus(sum.abs());
        } else {
            subtotal = subtotal.plus(sum);
        }
    }
    let coupons =
        with_its_tax(fields, "/discount_total", &order.discount_total, &order.discount_tax, with_tax);
    let discount = discount.plus(coupons.unwrap_or_default());
    let shipping =
        with_its_tax(fields, "/shipping_total", &order.shipping_total, &order.shipping_tax, with_tax);
    let total = fields.required("/total", order.total.text());
    let total = total.and_then(|text| fields.parsed("/total", text, Decimal::parse)).unwrap_or_default();
    let tax = plain(fields, "/total_tax", &order.total_tax).unwrap_or_default();
    let mut minor =
        |pointer: &str, sum: Decimal| fields.amount(pointer, sum.minor(currency), MAX_MINOR).unwrap_or(0);
    Totals {
        subtotal: minor("/line_items", subtotal),
        discount: minor("/discount_total", discount),
        shipping: minor("/shipping_total", shipping.unwrap_or_default()),
        tax: minor("/total_tax", tax),
        tax_included: with_tax,
        total: minor("/total", total),
    }
}

/// What went back, one by one. WooCommerce tells no time of a refund, so it is that of the version that tells it.
pub fn refunds(fields: &mut Fields, order: &Order, currency: Currency, at: Timestamp) -> Vec<IncomingRefund> {
    let told = items(&order.refunds);
    if told.len() > MAX_LINES {
        fields.fault("/refunds", "too_many", format!("An order has at most {MAX_LINES} refunds."));
        return Vec::new();
    }
    let refunds = told.iter().enumerate().filter_map(|(place, told)| {
        let external_id = identifier(fields, &format!("/refunds/{place}/id"), &told.id)?;
        let pointer = format!("/refunds/{place}/total");
        let amount = plain(fields, &pointer, &told.total)?.abs().minor(currency);
        let amount_minor = fields.amount(&pointer, amount, MAX_MINOR).filter(|minor| *minor > 0)?;
        Some(IncomingRefund { external_id, amount_minor, at })
    });
    refunds.collect()
}

/// An amount, with the tax that stands beside it where the shop's prices include tax.
fn with_its_tax(
    fields: &mut Fields,
    pointer: &str,
    sum: &Plain,
    tax: &Plain,
    with_tax: bool,
) -> Option<Decimal> {
    let sum = plain(fields, pointer, sum)?;
    let tax = if with_tax { plain(fields, &format!("{pointer}_tax"), tax) } else { None };
    Some(sum.plus(tax.unwrap_or_default()))
}

fn plain(fields: &mut Fields, pointer: &str, value: &Plain) -> Option<Decimal> {
    fields.parsed(pointer, value.text()?, Decimal::parse)
}

/// A picture that may stand in a mail; anything else is left out.
fn picture(src: &Plain) -> Option<String> {
    let link = src.text().filter(|link| link.starts_with("https://") && brand::check_link(link).is_ok())?;
    text::line(link, MAX_LINK).ok()
}
