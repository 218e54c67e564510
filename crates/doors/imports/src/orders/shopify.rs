//! Orders as Shopify's admin exports them (Orders → Export): one row per line, everything about the order in the
//! first of its rows.
//!
//! The export is believed as webhooks are. It tells neither the lines' own identifiers, nor the customer's, nor when
//! the order was last changed: its version is the latest time it names, so that any webhook about the same order is
//! newer. `Accepts Marketing` is not read: it tells neither the words nor the moment of the answer.

use kernel::fields::country;
use kernel::{Currency, Email, Error, Phone, Result, Timestamp, text};
use orders::incoming::{
    Address, CLOCKS_DIFFER_BY, Cancellation, Expected, Fulfilment, IncomingCustomer, IncomingLine,
    IncomingOrder, MAX_ID, MAX_LINES, MAX_MINOR, MAX_NAME, MAX_NOTE, MAX_QUANTITY, MAX_TAGS, MAX_TITLE,
    OrderStatus, Payment, Totals, Version,
};

use super::prepared;
use crate::faults::Fault;
use crate::shape::{Prepared, Setting, Shape};
use crate::table::{Cells, Dialect, Header, Row};

/// What tells the export from any other table.
const MARKS: [&str; 4] = ["name", "financial status", "lineitem name", "lineitem price"];
/// The columns that are read.
const READ: [&str; 37] = [
    "name",
    "id",
    "email",
    "phone",
    "financial status",
    "paid at",
    "fulfillment status",
    "fulfilled at",
    "created at",
    "cancelled at",
    "currency",
    "subtotal",
    "shipping",
    "taxes",
    "total",
    "discount amount",
    "refunded amount",
    "payment method",
    "payment terms name",
    "lineitem quantity",
    "lineitem name",
    "lineitem price",
    "lineitem sku",
    "billing name",
    "billing phone",
    "shipping name",
    "shipping street",
    "shipping address1",
    "shipping address2",
    "shipping city",
    "shipping zip",
    "shipping province",
    "shipping province name",
    "shipping country",
    "shipping phone",
    "notes",
    "tags",
];
const REQUIRED: [&str; 9] = [
    "name",
    "id",
    "financial status",
    "created at",
    "currency",
    "total",
    "lineitem quantity",
    "lineitem name",
    "lineitem price",
];

/// Whether these are the columns of Shopify's export.
pub fn is_export(names: &[String]) -> bool {
    let has = |mark: &&str| names.iter().any(|name| name.trim().to_lowercase() == **mark);
    MARKS.iter().all(has)
}

/// Shopify's export.
pub struct Export {
    header: Header,
    key: Vec<usize>,
    source: String,
}

impl Export {
    /// Checks the header.
    pub fn new(dialect: &Dialect, setting: &Setting) -> Result<Self> {
        let header = Header::read(&dialect.names, |name| READ.contains(&name), &REQUIRED)?.silent();
        if !header.has("email") && !header.has("phone") {
            let words = "The header lacks Email or Phone: an order belongs to somebody.";
            return Err(Error::invalid("missing_column", words));
        }
        let key = header.place("name").into_iter().collect();
        Ok(Export { header, key, source: setting.source.clone() })
    }
}

impl Shape for Export {
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
        let Some(first) = rows.first() else { return Err(Vec::new()) };
        if rows.len() > MAX_LINES {
            let detail = format!("An order has at most {MAX_LINES} lines.");
            return Err(vec![Fault::of_row(first.line, "too_many_lines", detail)]);
        }
        let mut faults = Vec::new();
        let mut head = Cells::believing(&self.header, first);
        let currency = head.parsed("currency", Currency::parse);
        let currency = head.required("currency", currency);
        let lines = currency.map(|currency| self.lines(rows, currency, &mut faults));
        if rows.iter().all(|row| Cells::believing(&self.header, row).text("lineitem name").is_none()) {
            head.fault("lineitem name", "missing", "An order has at least one line.");
        }
        let order = order(&mut head, &self.source, currency, lines, now + CLOCKS_DIFFER_BY);
        faults.splice(0..0, head.faults());
        match order {
            Some(order) if faults.is_empty() => Ok(prepared(order)),
            _ => Err(faults),
        }
    }
}

impl Export {
    fn lines(&self, rows: &[Row], currency: Currency, faults: &mut Vec<Fault>) -> Vec<IncomingLine> {
        let mut found = Vec::new();
        for (row, place) in rows.iter().zip(1_usize..) {
            let mut cells = Cells::believing(&self.header, row);
            // An order that was paid in two ways has rows that tell of the second payment alone.
            if cells.text("lineitem name").is_some() {
                found.extend(line(&mut cells, place, currency));
            }
            faults.extend(cells.faults());
        }
        found
    }
}

fn line(cells: &mut Cells<'_>, place: usize, currency: Currency) -> Option<IncomingLine> {
    let title = cells.line("lineitem name", MAX_TITLE);
    let quantity = cells.quantity("lineitem quantity", 1, MAX_QUANTITY);
    let quantity = cells.required("lineitem quantity", quantity);
    let unit_price = cells.amount("lineitem price", currency, MAX_MINOR);
    let unit_price = cells.required("lineitem price", unit_price);
    let sku = cells.line("lineitem sku", MAX_ID);
    let (quantity, unit_price) = (quantity?, unit_price?);
    cells.fields().line_total("lineitem price", quantity, unit_price, MAX_MINOR)?;
    Some(IncomingLine {
        external_id: format!("row-{place}"),
        sku,
        title: title?,
        variant: None,
        quantity,
        unit_price,
        image_url: None,
        url: None,
    })
}

/// `None` only when `cells` holds the reason, or a line did.
fn order(
    cells: &mut Cells<'_>,
    source: &str,
    currency: Option<Currency>,
    lines: Option<Vec<IncomingLine>>,
    latest: Timestamp,
) -> Option<IncomingOrder> {
    let number = cells.identifier("name", MAX_ID);
    let number = cells.required("name", number);
    let external_id = cells.identifier("id", MAX_ID);
    let external_id = cells.required("id", external_id);
    let placed_at = cells.instant_until("created at", latest);
    let placed_at = cells.required("created at", placed_at);
    let mut instant = |column: &str| cells.instant_until(column, latest);
    let (paid_at, fulfilled_at, cancelled_at) =
        (instant("paid at"), instant("fulfilled at"), instant("cancelled at"));
    let customer = customer(cells);
    let address = address(cells);
    let note = cells.paragraph("notes", MAX_NOTE);
    let refunded = currency.and_then(|currency| cells.amount("refunded amount", currency, MAX_MINOR));
    let totals = currency.and_then(|currency| totals(cells, currency, lines.as_deref()?));
    let updated_at = [placed_at, paid_at, fulfilled_at, cancelled_at].into_iter().flatten().max();
    Some(IncomingOrder {
        source: source.to_owned(),
        external_id: external_id?,
        number: number?,
        status: status(cells, cancelled_at.is_some()),
        payment: payment(cells),
        placed_at: placed_at?,
        version: Version { updated_at: updated_at?, triggered_at: None },
        currency: currency?,
        locale: None,
        customer,
        lines: lines?,
        totals: totals?,
        shipping_address: address,
        expected: Expected::default(),
        consents: Vec::new(),
        fulfilment: fulfilment(cells),
        delivered_at: None,
        cancellation: cancelled_at.map(|at| Cancellation { at, reason: None }),
        refunded_minor: refunded.unwrap_or(0),
        refunds: Vec::new(),
        is_gift: false,
        note,
        tags: tags(cells),
    })
}

fn payment(cells: &Cells<'_>) -> Payment {
    match cells.word("financial status").as_deref() {
        Some("authorized") => Payment::Authorized,
        Some("paid") => Payment::Paid,
        Some("partially_refunded") => Payment::PartiallyRefunded,
        Some("refunded") => Payment::Refunded,
        Some("voided" | "expired") => Payment::Voided,
        // `pending`, `partially_paid`, none, and words of a later version.
        _ => Payment::Pending,
    }
}

/// As for webhooks: a payment that is to come later counts as placed when it says how it comes.
fn status(cells: &Cells<'_>, is_cancelled: bool) -> OrderStatus {
    let partly_paid = cells.word("financial status").as_deref() == Some("partially_paid");
    let pays_later = cells.text("payment method").is_some() || cells.text("payment terms name").is_some();
    match payment(cells) {
        _ if is_cancelled => OrderStatus::Cancelled,
        Payment::Authorized | Payment::Paid | Payment::PartiallyRefunded | Payment::Refunded => {
            OrderStatus::Placed
        }
        Payment::Pending if partly_paid || pays_later => OrderStatus::Placed,
        Payment::Pending | Payment::Voided => OrderStatus::Unplaced,
    }
}

fn fulfilment(cells: &Cells<'_>) -> Fulfilment {
    match cells.word("fulfillment status").as_deref() {
        Some("partial") => Fulfilment::Partial,
        Some("fulfilled") => Fulfilment::Fulfilled,
        _ => Fulfilment::Unfulfilled,
    }
}

/// A contact point that can't be used is passed over, as of a webhook; an order without any is refused.
fn customer(cells: &mut Cells<'_>) -> IncomingCustomer {
    let email = cells.text("email").and_then(|text| Email::parse(text).ok());
    let phones = ["phone", "billing phone", "shipping phone"];
    let phone =
        phones.iter().filter_map(|column| cells.text(column)).find_map(|text| Phone::parse(text).ok());
    if email.is_none() && phone.is_none() {
        cells.fault("email", "no_contact", "No e-mail address and no phone number that could be used.");
    }
    let name = cells.line("billing name", MAX_NAME).or_else(|| cells.line("shipping name", MAX_NAME));
    IncomingCustomer { external_id: None, email, phone, name, preferred_channel: None, time_zone: None }
}

fn address(cells: &mut Cells<'_>) -> Option<Address> {
    let country = country(cells.text("shipping country")?).ok()?;
    let line1 = cells.line("shipping address1", MAX_TITLE);
    let line1 = line1.or_else(|| cells.line("shipping street", MAX_TITLE)).unwrap_or_default();
    let region = cells.line("shipping province name", MAX_TITLE);
    let address = Address {
        name: cells.line("shipping name", MAX_NAME),
        line1,
        line2: cells.line("shipping address2", MAX_TITLE),
        city: cells.line("shipping city", MAX_TITLE).unwrap_or_default(),
        region: region.or_else(|| cells.line("shipping province", MAX_TITLE)),
        postcode: cells.line("shipping zip", MAX_ID),
        country,
    };
    let somewhere = !address.line1.is_empty() || !address.city.is_empty();
    somewhere.then_some(address)
}

/// `Subtotal` is told after discounts, and nothing says whether taxes are inside: what makes the order add up is right.
fn totals(cells: &mut Cells<'_>, currency: Currency, lines: &[IncomingLine]) -> Option<Totals> {
    let mut amount = |column: &str| cells.amount(column, currency, MAX_MINOR);
    let (after_discount, discount) = (amount("subtotal"), amount("discount amount").unwrap_or(0));
    let (shipping, tax, total) =
        (amount("shipping").unwrap_or(0), amount("taxes").unwrap_or(0), amount("total"));
    let total = cells.required("total", total)?;
    let sum = lines.iter().map(|line| line.unit_price * i64::from(line.quantity)).sum();
    let subtotal = cells.fields().amount("subtotal", sum, MAX_MINOR)?;
    let told = Totals { subtotal, discount, shipping, tax, tax_included: true, total };
    let inferred = after_discount.map(|after| subtotal - after).filter(|discount| *discount >= 0);
    let discounts = [Some(discount), inferred].into_iter().flatten();
    let mut candidates = discounts
        .flat_map(|discount| [true, false].map(|tax_included| Totals { discount, tax_included, ..told }));
    Some(candidates.find(|totals| totals.computed() == total).unwrap_or(told))
}

fn tags(cells: &Cells<'_>) -> Vec<String> {
    let told = cells.text("tags").unwrap_or_default().split(',').take(MAX_TAGS);
    told.filter_map(|tag| text::line(&text::unfolded(tag), MAX_TAGS).ok()).collect()
}
