//! Orders in a table of our own: one row per line of an order, in the words of the API.

use std::collections::BTreeSet;

use kernel::fields::country;
use kernel::{Currency, Email, Locale, Phone, Result, Timestamp};
use orders::incoming::{
    Address, CLOCKS_DIFFER_BY, Cancellation, Expected, Fulfilment, IncomingCustomer, IncomingLine,
    IncomingOrder, MAX_ID, MAX_LINES, MAX_LINK, MAX_MINOR, MAX_NAME, MAX_NOTE, MAX_QUANTITY, MAX_TAGS,
    MAX_TITLE, OrderStatus, Payment, Totals, Version,
};

use super::prepared;
use crate::faults::Fault;
use crate::groups::contradictions;
use crate::shape::{Prepared, Setting, Shape};
use crate::table::{Cells, Dialect, Header, Row};

/// Columns about the whole order: in each of its rows, or in the first alone.
const OF_ORDER: [&str; 34] = [
    "number",
    "status",
    "payment",
    "placed_at",
    "updated_at",
    "currency",
    "locale",
    "customer_external_id",
    "email",
    "phone",
    "name",
    "discount",
    "shipping",
    "tax",
    "tax_included",
    "total",
    "refunded",
    "shipping_name",
    "shipping_line1",
    "shipping_line2",
    "shipping_city",
    "shipping_region",
    "shipping_postcode",
    "shipping_country",
    "fulfilment",
    "ships_by",
    "delivered_from",
    "delivered_to",
    "delivered_at",
    "cancelled_at",
    "cancel_reason",
    "is_gift",
    "note",
    "tags",
];
/// Columns about one line.
const OF_LINE: [&str; 8] =
    ["line_external_id", "sku", "title", "variant", "quantity", "unit_price", "image_url", "url"];
/// Columns without which no order can be made.
const REQUIRED: [&str; 7] =
    ["external_id", "placed_at", "currency", "total", "title", "quantity", "unit_price"];

/// A table of orders.
pub struct Table {
    header: Header,
    key: Vec<usize>,
    source: String,
    comma: bool,
}

impl Table {
    /// Checks the header.
    pub fn new(dialect: &Dialect, setting: &Setting) -> Result<Self> {
        let known = |name: &str| name == "external_id" || OF_ORDER.contains(&name) || OF_LINE.contains(&name);
        let header = Header::read(&dialect.names, known, &REQUIRED)?;
        if !header.has("email") && !header.has("phone") {
            let words = "The header lacks email or phone: an order belongs to somebody.";
            return Err(kernel::Error::invalid("missing_column", words));
        }
        let key = header.place("external_id").into_iter().collect();
        Ok(Table { header, key, source: setting.source.clone(), comma: dialect.delimiter == b';' })
    }
}

impl Shape for Table {
    fn key(&self) -> &[usize] {
        &self.key
    }

    fn header(&self) -> &Header {
        &self.header
    }

    fn most_rows(&self) -> usize {
        MAX_LINES
    }

    fn read(&self, rows: &[Row], now: Timestamp) -> Result<Prepared, Vec<Fault>> {
        let cells = |row| Cells::strict(&self.header, row, self.comma);
        let Some(first) = rows.first() else { return Err(Vec::new()) };
        let mut faults = Vec::new();
        if rows.len() > MAX_LINES {
            let detail = format!("An order has at most {MAX_LINES} lines.");
            return Err(vec![Fault::of_row(first.line, "too_many_lines", detail)]);
        }
        let mut head = cells(first);
        let currency = head.parsed("currency", |text| Currency::parse(&text.to_uppercase()));
        let currency = head.required("currency", currency);
        let lines = currency.map(|currency| lines(rows, currency, cells, &mut faults));
        let order = order(&mut head, &self.source, currency, lines, now + CLOCKS_DIFFER_BY);
        faults.splice(0..0, head.faults());
        faults.extend(contradictions(rows, &self.header, &OF_ORDER));
        match order {
            Some(order) if faults.is_empty() => Ok(prepared(order)),
            _ => Err(faults),
        }
    }
}

fn lines<'a>(
    rows: &'a [Row],
    currency: Currency,
    cells: impl Fn(&'a Row) -> Cells<'a>,
    faults: &mut Vec<Fault>,
) -> Vec<IncomingLine> {
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for (row, place) in rows.iter().zip(1_usize..) {
        let mut cells = cells(row);
        found.extend(line(&mut cells, place, currency, &mut seen));
        // Without identifiers nobody can tell two lines from one that was copied.
        let doubled = rows[..place - 1].iter().any(|earlier| earlier.cells == row.cells);
        if doubled && cells.text("line_external_id").is_none() {
            let detail = "The same row stands above. Take it out, or add its quantity there.";
            cells.fault("", "doubled_row", detail);
        }
        faults.extend(cells.faults());
    }
    found
}

fn line(
    cells: &mut Cells<'_>,
    place: usize,
    currency: Currency,
    seen: &mut BTreeSet<String>,
) -> Option<IncomingLine> {
    let external_id = cells.identifier("line_external_id", MAX_ID);
    if let Some(id) = &external_id {
        cells.fields().unique("line_external_id", seen, id);
    }
    let title = cells.line("title", MAX_TITLE);
    let title = cells.required("title", title);
    let quantity = cells.quantity("quantity", 1, MAX_QUANTITY);
    let quantity = cells.required("quantity", quantity);
    let unit_price = cells.amount("unit_price", currency, MAX_MINOR);
    let unit_price = cells.required("unit_price", unit_price);
    let (sku, variant) = (cells.line("sku", MAX_ID), cells.line("variant", MAX_TITLE));
    let (image_url, url) = (cells.link("image_url", MAX_LINK), cells.link("url", MAX_LINK));
    let (quantity, unit_price) = (quantity?, unit_price?);
    cells.fields().line_total("unit_price", quantity, unit_price, MAX_MINOR)?;
    let external_id = external_id.unwrap_or_else(|| format!("row-{place}"));
    Some(IncomingLine { external_id, sku, title: title?, variant, quantity, unit_price, image_url, url })
}

/// `None` only when `cells` holds the reason, or a line did.
fn order(
    cells: &mut Cells<'_>,
    source: &str,
    currency: Option<Currency>,
    lines: Option<Vec<IncomingLine>>,
    latest: Timestamp,
) -> Option<IncomingOrder> {
    let external_id = cells.identifier("external_id", MAX_ID);
    let external_id = cells.required("external_id", external_id);
    let number = cells.identifier("number", MAX_ID);
    let placed_at = cells.instant_until("placed_at", latest);
    let placed_at = cells.required("placed_at", placed_at);
    let cancelled_at = cells.instant_until("cancelled_at", latest);
    let delivered_at = cells.instant_until("delivered_at", latest);
    let updated_at = cells.instant_until("updated_at", latest);
    let status = cells.parsed("status", status);
    let payment = cells.parsed("payment", |text| Payment::parse(&text.to_lowercase()));
    let fulfilment = cells.parsed("fulfilment", |text| Fulfilment::parse(&text.to_lowercase()));
    let customer = customer(cells);
    let address = address(cells);
    let expected = expected(cells);
    let reason = cells.line("cancel_reason", MAX_TITLE);
    let locale = cells.parsed("locale", Locale::parse);
    let is_gift = cells.yes_or_no("is_gift").unwrap_or(false);
    let note = cells.paragraph("note", MAX_NOTE);
    let tags = tags(cells);
    let refunded = currency.and_then(|currency| cells.amount("refunded", currency, MAX_MINOR));
    let totals = currency.and_then(|currency| totals(cells, currency, lines.as_deref()?));
    let (external_id, placed_at) = (external_id?, placed_at?);
    let told = [Some(placed_at), cancelled_at, delivered_at].into_iter().flatten().max();
    Some(IncomingOrder {
        source: source.to_owned(),
        number: number.unwrap_or_else(|| external_id.clone()),
        external_id,
        status: match (status, cancelled_at) {
            (Some(status), None) => status,
            (None, None) => OrderStatus::Placed,
            (_, Some(_)) => OrderStatus::Cancelled,
        },
        payment: payment.unwrap_or(Payment::Paid),
        placed_at,
        version: Version { updated_at: updated_at.or(told)?, triggered_at: None },
        currency: currency?,
        locale,
        customer,
        lines: lines?,
        totals: totals?,
        shipping_address: address,
        expected,
        consents: Vec::new(),
        fulfilment: match delivered_at {
            Some(_) => Fulfilment::Delivered,
            None => fulfilment.unwrap_or(Fulfilment::Unfulfilled),
        },
        delivered_at,
        cancellation: cancelled_at.map(|at| Cancellation { at, reason }),
        refunded_minor: refunded.unwrap_or(0),
        refunds: Vec::new(),
        is_gift,
        note,
        tags,
    })
}

fn status(text: &str) -> Result<OrderStatus> {
    match text.to_lowercase().as_str() {
        "placed" => Ok(OrderStatus::Placed),
        "cancelled" | "canceled" => Ok(OrderStatus::Cancelled),
        _ => Err(kernel::Error::invalid("unknown_word", "Write placed or cancelled.")),
    }
}

fn customer(cells: &mut Cells<'_>) -> IncomingCustomer {
    let email = cells.parsed("email", Email::parse);
    let phone = cells.parsed("phone", Phone::parse);
    if cells.text("email").is_none() && cells.text("phone").is_none() {
        cells.fault("email", "no_contact", "Give the customer's e-mail address or phone number.");
    }
    IncomingCustomer {
        external_id: cells.identifier("customer_external_id", MAX_ID),
        email,
        phone,
        name: cells.line("name", MAX_NAME),
        preferred_channel: None,
        time_zone: None,
    }
}

fn address(cells: &mut Cells<'_>) -> Option<Address> {
    let line1 = cells.line("shipping_line1", MAX_TITLE);
    let city = cells.line("shipping_city", MAX_TITLE);
    let is_there = cells.text("shipping_line1").is_some() || cells.text("shipping_city").is_some();
    let code = cells.parsed("shipping_country", country);
    if is_there {
        cells.required("shipping_country", code.clone());
    }
    let address = Address {
        name: cells.line("shipping_name", MAX_NAME),
        line1: line1.unwrap_or_default(),
        line2: cells.line("shipping_line2", MAX_TITLE),
        city: city.unwrap_or_default(),
        region: cells.line("shipping_region", MAX_TITLE),
        postcode: cells.line("shipping_postcode", MAX_ID),
        country: code?,
    };
    is_there.then_some(address)
}

fn expected(cells: &mut Cells<'_>) -> Expected {
    let mut date = |column: &str| cells.parsed(column, kernel::time::parse_date);
    Expected {
        ships_by: date("ships_by"),
        delivered_from: date("delivered_from"),
        delivered_to: date("delivered_to"),
    }
}

fn totals(cells: &mut Cells<'_>, currency: Currency, lines: &[IncomingLine]) -> Option<Totals> {
    let mut amount = |column: &str| cells.amount(column, currency, MAX_MINOR);
    let (discount, shipping, tax, total) =
        (amount("discount"), amount("shipping"), amount("tax"), amount("total"));
    let total = cells.required("total", total);
    let subtotal = lines.iter().map(|line| line.unit_price * i64::from(line.quantity)).sum();
    Some(Totals {
        subtotal: cells.fields().amount("total", subtotal, MAX_MINOR)?,
        discount: discount.unwrap_or(0),
        shipping: shipping.unwrap_or(0),
        tax: tax.unwrap_or(0),
        tax_included: cells.yes_or_no("tax_included").unwrap_or(true),
        total: total?,
    })
}

fn tags(cells: &mut Cells<'_>) -> Vec<String> {
    let told: Vec<&str> = cells.text("tags").unwrap_or_default().split(',').collect();
    if told.len() > MAX_TAGS {
        cells.fault("tags", "too_many", format!("Give at most {MAX_TAGS} tags."));
        return Vec::new();
    }
    let told = told.into_iter().filter(|tag| !tag.trim().is_empty());
    told.filter_map(|tag| cells.fields().line("tags", tag, MAX_TAGS)).collect()
}
