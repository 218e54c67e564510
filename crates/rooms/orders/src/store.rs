//! Orders, in and out.

use db::{PersonalTable, Read, Row, SqlFile, Write, params};
use kernel::{Currency, CustomerId, Email, Locale, Phone, Result, Timestamp};

use crate::OrderId;
use crate::incoming::{
    Address, Cancellation, Expected, Fulfilment, IncomingCustomer, IncomingLine, IncomingOrder,
    IncomingRefund, OrderStatus, Payment, Totals, Version,
};
use crate::products;
use crate::refunds::Refunds;
use crate::tell::Told;

db::sql_file!(pub STORE = "store.sql" {
    FIND_BY_EXTERNAL = "find_by_external",
    FIND_ORDER = "find_order",
    LINES_OF = "lines_of",
    UPSERT_ORDER = "upsert_order",
    UPSERT_PEOPLE = "upsert_people",
    DELETE_LINES = "delete_lines",
    INSERT_LINE = "insert_line",
    FIND_TOLD = "find_told",
    UPSERT_TOLD = "upsert_told",
    UPSERT_NOTE = "upsert_note",
    DELETE_NOTE = "delete_note",
    NOTES_OF = "notes_of",
    LIST_ORDERS = "list_orders",
    LIST_ORDERS_OF = "list_orders_of",
    ORDERS_NUMBERED = "orders_numbered",
    ORDERS_NUMBERED_FROM = "orders_numbered_from",
    LATEST_ORDER = "latest_order",
    ORDERS_TO_PACK = "orders_to_pack",
    COUNT_ORDERS = "count_orders",
    REFUNDS_OF = "refunds_of",
    SAVE_REFUND = "save_refund",
    SAVE_REFUNDED = "save_refunded",
    INSERT_CODE = "insert_code",
    CODES_SINCE = "codes_since",
    COUNT_WRONG_TRY = "count_wrong_try",
    USE_CODE = "use_code",
    INSERT_SHORT_LINK = "insert_short_link",
    FIND_SHORT_LINK = "find_short_link",
    FIND_MARKS = "find_marks",
    SAVE_MARKS = "save_marks",
    TELL_ORDERS = "tell_orders",
    TELL_MARKS = "tell_marks",
    TELL_STAFFS_NOTES = "tell_staffs_notes",
    FORGET_MARKS = "forget_marks",
    FORGET_STAFFS_NOTES = "forget_staffs_notes",
    TELL_LINES = "tell_lines",
    TELL_PEOPLE = "tell_people",
    TELL_TOLD = "tell_told",
    FORGET_PEOPLE = "forget_people",
    FORGET_TOLD = "forget_told",
});

/// The queries of this crate.
pub static SQL: &[&SqlFile] =
    &[&STORE, &products::PRODUCTS, crate::staff::FILE, &crate::history::FILE, &crate::find::FILE];

/// The tables of this crate that hold personal data.
pub const PERSONAL: &[PersonalTable] = &[
    PersonalTable {
        table: "order_people",
        holds: "names, contact points, addresses, notes, tags and reasons of orders",
    },
    PersonalTable { table: "order_marks", holds: "why an order is held, in the words of the staff" },
    PersonalTable {
        table: "order_told",
        holds: "orders as customers were last told them, addresses included",
    },
    PersonalTable { table: "order_searches", holds: "addresses of those who look for an order" },
];

/// An order as stored: what the shop told, and what we know besides.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredOrder {
    /// Its identifier.
    pub id: OrderId,
    /// Whose it is.
    pub customer: CustomerId,
    /// What the shop told last.
    pub order: IncomingOrder,
    /// A keyed hash of what the shop told last.
    pub fingerprint: String,
    /// How many versions were taken over.
    pub revision: u32,
    /// When we first heard of it.
    pub first_seen_at: Timestamp,
    /// When we first saw it placed.
    pub seen_placed_at: Option<Timestamp>,
    /// When it last changed in a way that can be seen.
    pub changed_at: Timestamp,
    /// When more was last seen to have gone back than before.
    pub refund_seen_at: Option<Timestamp>,
    /// First seen long after it was placed: nothing is ever sent.
    pub is_history: bool,
    /// Whose it is was erased: it has no face.
    pub is_forgotten: bool,
}

/// The order of this source and identifier.
pub fn find_by_external(r: &mut Read<'_>, source: &str, external_id: &str) -> Result<Option<StoredOrder>> {
    match r.row(&FIND_BY_EXTERNAL, params![source, external_id])? {
        Some(row) => stored(r, &OrderId::stored(row.get("id")?)),
        None => Ok(None),
    }
}

/// An order as stored.
pub fn stored(r: &mut Read<'_>, id: &OrderId) -> Result<Option<StoredOrder>> {
    let Some(row) = r.row(&FIND_ORDER, params![id.as_str()])? else { return Ok(None) };
    let lines = r.rows(&LINES_OF, params![id.as_str()])?;
    let lines = lines.iter().map(line_of).collect::<Result<Vec<_>>>()?;
    stored_of(&row, lines).map(Some)
}

fn stored_of(row: &Row, lines: Vec<IncomingLine>) -> Result<StoredOrder> {
    Ok(StoredOrder {
        id: OrderId::stored(row.get("id")?),
        customer: CustomerId::stored(row.get("customer_id")?),
        order: order_of(row, lines)?,
        fingerprint: row.get("fingerprint")?,
        revision: row.get("revision")?,
        first_seen_at: row.get("first_seen_at")?,
        seen_placed_at: row.get("seen_placed_at")?,
        changed_at: row.get("changed_at")?,
        refund_seen_at: row.get("refund_seen_at")?,
        is_history: row.get("is_history")?,
        is_forgotten: row.get("erased")?,
    })
}

fn order_of(row: &Row, lines: Vec<IncomingLine>) -> Result<IncomingOrder> {
    let locale: Option<String> = row.get("locale")?;
    let address: Option<String> = row.get("address")?;
    Ok(IncomingOrder {
        source: row.get("source")?,
        external_id: row.get("external_id")?,
        number: row.get("number")?,
        status: OrderStatus::parse(&row.get::<String>("status")?)?,
        payment: Payment::parse(&row.get::<String>("payment")?)?,
        placed_at: row.get("placed_at")?,
        version: Version { updated_at: row.get("updated_at")?, triggered_at: row.get("triggered_at")? },
        currency: Currency::parse(&row.get::<String>("currency")?)?,
        locale: locale.as_deref().map(Locale::parse).transpose()?,
        customer: customer_of(row)?,
        lines,
        totals: totals_of(row)?,
        shipping_address: address.as_deref().map(serde_json::from_str::<Address>).transpose()?,
        expected: Expected {
            ships_by: row.get("ships_by")?,
            delivered_from: row.get("delivered_from")?,
            delivered_to: row.get("delivered_to")?,
        },
        // Consents live with the customer, append-only.
        consents: Vec::new(),
        fulfilment: Fulfilment::parse(&row.get::<String>("fulfilment")?)?,
        delivered_at: row.get("delivered_at")?,
        cancellation: cancellation_of(row)?,
        refunded_minor: row.get("refunded")?,
        // Refunds have a table of their own; their sum stands here.
        refunds: Vec::new(),
        is_gift: row.get("is_gift")?,
        note: row.get("note")?,
        tags: serde_json::from_str(&row.get::<String>("tags")?)?,
    })
}

fn customer_of(row: &Row) -> Result<IncomingCustomer> {
    let email: Option<String> = row.get("email")?;
    let phone: Option<String> = row.get("phone")?;
    Ok(IncomingCustomer {
        external_id: row.get("customer_external_id")?,
        email: email.as_deref().map(Email::parse).transpose()?,
        phone: phone.as_deref().map(Phone::parse).transpose()?,
        name: row.get("name")?,
        // Preferences live with the customer.
        preferred_channel: None,
        time_zone: None,
    })
}

fn totals_of(row: &Row) -> Result<Totals> {
    Ok(Totals {
        subtotal: row.get("subtotal")?,
        discount: row.get("discount")?,
        shipping: row.get("shipping")?,
        tax: row.get("tax")?,
        tax_included: row.get("tax_included")?,
        total: row.get("total")?,
    })
}

fn cancellation_of(row: &Row) -> Result<Option<Cancellation>> {
    let at: Option<Timestamp> = row.get("cancelled_at")?;
    let reason = row.get("cancel_reason")?;
    Ok(at.map(|at| Cancellation { at, reason }))
}

fn line_of(row: &Row) -> Result<IncomingLine> {
    Ok(IncomingLine {
        external_id: row.get("external_id")?,
        sku: row.get("sku")?,
        title: row.get("title")?,
        variant: row.get("variant")?,
        quantity: row.get("quantity")?,
        unit_price: row.get("unit_price")?,
        image_url: row.get("image_url")?,
        url: row.get("url")?,
    })
}

/// Writes an order, its people and its lines; the first version of it has no lines to replace.
pub(crate) fn save(w: &mut Write<'_>, stored: &StoredOrder) -> Result<()> {
    save_order(w, stored)?;
    save_people(w, stored)?;
    if stored.revision > 1 {
        w.send(&DELETE_LINES, params![stored.id.as_str()])?;
    }
    for (line, position) in stored.order.lines.iter().zip(0i64..) {
        w.send(
            &INSERT_LINE,
            params![
                stored.id.as_str(),
                position,
                &line.external_id,
                &line.sku,
                &line.title,
                &line.variant,
                line.quantity,
                line.unit_price,
                &line.image_url,
                &line.url,
                &products::key(&line.title),
                &line.sku.as_deref().map(products::key),
                stored.order.placed_at,
            ],
        )?;
    }
    Ok(())
}

fn save_order(w: &mut Write<'_>, stored: &StoredOrder) -> Result<()> {
    let order = &stored.order;
    let (totals, expected) = (&order.totals, &order.expected);
    let cancelled_at = order.cancellation.as_ref().map(|c| c.at);
    w.send(
        &UPSERT_ORDER,
        params![
            stored.id.as_str(),
            &order.source,
            &order.external_id,
            &order.number,
            stored.customer.as_str(),
            order.status.as_str(),
            order.payment.as_str(),
            order.fulfilment.as_str(),
            order.placed_at,
            order.version.updated_at,
            order.version.triggered_at,
            &stored.fingerprint,
            stored.revision,
            stored.first_seen_at,
            stored.seen_placed_at,
            stored.changed_at,
            stored.is_history,
            order.currency.code(),
            order.locale.as_ref().map(Locale::as_str),
            totals.subtotal,
            totals.discount,
            totals.shipping,
            totals.tax,
            totals.tax_included,
            totals.total,
            order.refunded_minor,
            expected.ships_by,
            expected.delivered_from,
            expected.delivered_to,
            order.delivered_at,
            cancelled_at,
            order.is_gift,
            stored.refund_seen_at,
        ],
    )?;
    Ok(())
}

/// The refunds of an order that are known one by one.
pub(crate) fn refunds(r: &mut Read<'_>, id: &OrderId) -> Result<Refunds> {
    let refund = |row: &Row| {
        let external_id: String = row.get("external_id")?;
        let (amount_minor, at) = (row.get("amount")?, row.get("refunded_at")?);
        Ok((external_id.clone(), IncomingRefund { external_id, amount_minor, at }))
    };
    r.rows(&REFUNDS_OF, params![id.as_str()])?.iter().map(refund).collect()
}

/// Writes a refund down, or what it has grown to.
pub(crate) fn save_refund(w: &mut Write<'_>, id: &OrderId, refund: &IncomingRefund) -> Result<()> {
    w.send(&SAVE_REFUND, params![id.as_str(), &refund.external_id, refund.amount_minor, refund.at])?;
    Ok(())
}

/// Writes down what went back of an order that stays as it is otherwise.
pub(crate) fn save_refunded(w: &mut Write<'_>, stored: &StoredOrder) -> Result<()> {
    let (order, seen_at) = (&stored.order, stored.refund_seen_at);
    let params = params![stored.id.as_str(), order.refunded_minor, order.payment.as_str(), seen_at];
    w.send(&SAVE_REFUNDED, params)?;
    Ok(())
}

fn save_people(w: &mut Write<'_>, stored: &StoredOrder) -> Result<()> {
    let (order, customer) = (&stored.order, &stored.order.customer);
    let address = order.shipping_address.as_ref().map(serde_json::to_string).transpose()?;
    let cancel_reason = order.cancellation.as_ref().and_then(|c| c.reason.as_deref());
    let tags = serde_json::to_string(&order.tags)?;
    w.send(
        &UPSERT_PEOPLE,
        params![
            stored.id.as_str(),
            &customer.external_id,
            &customer.name,
            customer.email.as_ref().map(Email::as_str),
            customer.phone.as_ref().map(Phone::as_str),
            &address,
            &order.note,
            cancel_reason,
            &tags,
        ],
    )?;
    Ok(())
}

/// How the customer was last told an order.
pub(crate) fn told(r: &mut Read<'_>, id: &OrderId) -> Result<Told> {
    match r.row(&FIND_TOLD, params![id.as_str()])? {
        Some(row) => Ok(serde_json::from_str(&row.get::<String>("told")?)?),
        None => Ok(Told::default()),
    }
}

/// Remembers how the customer has just been told an order.
pub(crate) fn save_told(w: &mut Write<'_>, id: &OrderId, told: &Told) -> Result<()> {
    let json = serde_json::to_string(told)?;
    w.send(&UPSERT_TOLD, params![id.as_str(), &json])?;
    Ok(())
}

/// Something a person at the shop should know about an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderNote {
    /// Which kind: one note per kind.
    pub kind: String,
    /// What, without personal data.
    pub detail: String,
    /// Since when.
    pub noted_at: Timestamp,
}

/// Notes something, or takes the note away when there is nothing to note any more.
pub(crate) fn note(w: &mut Write<'_>, id: &OrderId, kind: &str, detail: Option<&str>) -> Result<()> {
    let now = w.now;
    match detail {
        Some(detail) => w.execute(&UPSERT_NOTE, params![id.as_str(), kind, detail, now])?,
        None => w.execute(&DELETE_NOTE, params![id.as_str(), kind])?,
    };
    Ok(())
}

/// The notes of an order.
pub fn notes(r: &mut Read<'_>, id: &OrderId) -> Result<Vec<OrderNote>> {
    let note = |row: &Row| {
        Ok(OrderNote { kind: row.get("kind")?, detail: row.get("detail")?, noted_at: row.get("noted_at")? })
    };
    r.rows(&NOTES_OF, params![id.as_str()])?.iter().map(note).collect()
}

/// A page of orders, newest first, that come after `after` in that order; from the newest when there is none.
pub fn list(r: &mut Read<'_>, after: Option<&OrderId>, limit: i64) -> Result<Vec<StoredOrder>> {
    // A character that sorts behind every identifier.
    let before = after.map_or("p", OrderId::as_str);
    let rows = r.rows(&LIST_ORDERS, params![before, limit])?;
    all_stored(r, &rows)
}

/// What one customer has ordered, newest first, at most `limit`.
pub fn list_of(r: &mut Read<'_>, customer: &CustomerId, limit: i64) -> Result<Vec<StoredOrder>> {
    let rows = r.rows(&LIST_ORDERS_OF, params![customer.as_str(), limit])?;
    all_stored(r, &rows)
}

/// The orders with this number, with or without its `#`, newest first, at most `limit`.
pub fn numbered(r: &mut Read<'_>, number: &str, limit: i64) -> Result<Vec<StoredOrder>> {
    let bare = number.trim().trim_start_matches('#');
    let mut found = Vec::new();
    for number in [format!("#{bare}"), bare.to_owned()] {
        let rows = r.rows(&ORDERS_NUMBERED, params![&number, limit])?;
        found.extend(all_stored(r, &rows)?);
    }
    Ok(found)
}

/// The orders whose number begins so, with or without its `#`, at most `limit`.
pub fn number_begins(r: &mut Read<'_>, number: &str, limit: i64) -> Result<Vec<StoredOrder>> {
    // Sorts behind whatever begins with the same characters.
    const BEHIND: char = '\u{10FFFF}';
    let bare = number.trim().trim_start_matches('#');
    let mut found = Vec::new();
    for number in [format!("#{bare}"), bare.to_owned()] {
        let rows = r.rows(&ORDERS_NUMBERED_FROM, params![&number, &format!("{number}{BEHIND}"), limit])?;
        found.extend(all_stored(r, &rows)?);
    }
    found.truncate(usize::try_from(limit).unwrap_or(0));
    Ok(found)
}

fn all_stored(r: &mut Read<'_>, rows: &[Row]) -> Result<Vec<StoredOrder>> {
    let mut orders = Vec::with_capacity(rows.len());
    for row in rows {
        orders.extend(stored(r, &OrderId::stored(row.get("id")?))?);
    }
    Ok(orders)
}

/// The newest order that stands.
pub fn latest(r: &mut Read<'_>) -> Result<Option<OrderId>> {
    r.row(&LATEST_ORDER, params![])?.map(|row| row.get("id").map(OrderId::stored)).transpose()
}

/// A page of orders that nobody has told to have left, placed behind `from` and `after` and before `until`, the oldest
/// first: which, and when it was placed.
pub fn to_pack(
    r: &mut Read<'_>,
    from: Timestamp,
    after: &str,
    until: Timestamp,
    limit: i64,
) -> Result<Vec<(OrderId, Timestamp)>> {
    let order = |row: &Row| Ok((OrderId::stored(row.get("id")?), row.get("placed_at")?));
    r.rows(&ORDERS_TO_PACK, params![from, after, until, limit])?.iter().map(order).collect()
}

/// How many orders there are.
pub fn count(r: &mut Read<'_>) -> Result<i64> {
    r.one(&COUNT_ORDERS, params![])?.get("orders")
}
