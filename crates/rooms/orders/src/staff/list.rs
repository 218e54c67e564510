//! The orders that somebody looks for: walked by when they were placed, and held against the filters.

use std::collections::BTreeSet;

use db::walk::{Bounds, Found, Walked, walk};
use db::{Query, Read, Row, params};
use kernel::{CustomerId, Error, Result, Shop, Timestamp};
use web::filters::{Asked, FilterField, Filters, LOOKED_AT};

use crate::OrderId;
use crate::incoming::{Address, Fulfilment, OrderStatus, Payment};
use crate::products::{self, Product};

db::sql_file!(pub LIST = "list.sql" {
    WALK_ORDERS = "walk_orders",
    WALK_NOT_PLACED = "walk_not_placed",
    WALK_NOT_PAID = "walk_not_paid",
    COUNT_WALK = "count_walk",
    COUNT_NOT_PLACED = "count_not_placed",
    COUNT_NOT_PAID = "count_not_paid",
    ORDER_PLACED_AT = "order_placed_at",
    NEXT_SOURCE = "next_source",
    WITH_ORDERS_BETWEEN = "with_orders_between",
    LAST_ADDRESS = "last_address",
});

/// The list these filters are of.
pub(super) const PATH: &str = "/a/orders";
/// Sources that can be chosen.
const MOST_SOURCES: usize = 20;

const PAYMENTS: [(Payment, &str); 6] = [
    (Payment::Pending, "Pending"),
    (Payment::Authorized, "Authorized"),
    (Payment::Paid, "Paid"),
    (Payment::PartiallyRefunded, "Partly refunded"),
    (Payment::Refunded, "Refunded"),
    (Payment::Voided, "Voided"),
];

const FULFILMENTS: [(Fulfilment, &str); 4] = [
    (Fulfilment::Unfulfilled, "Nothing has left"),
    (Fulfilment::Partial, "Some of it has left"),
    (Fulfilment::Fulfilled, "All of it has left"),
    (Fulfilment::Delivered, "All of it has arrived"),
];

/// What somebody looks for.
pub(super) fn filters(r: &mut Read<'_>, asked: &Asked) -> Result<Filters> {
    Ok(Filters::read(PATH, fields(r)?, asked))
}

pub(super) fn filters_of_query(r: &mut Read<'_>, query: &str) -> Result<Filters> {
    Ok(Filters::from_query(PATH, fields(r)?, query))
}

fn fields(r: &mut Read<'_>) -> Result<Vec<FilterField>> {
    let statuses = [("placed", "Placed"), ("cancelled", "Cancelled"), ("unplaced", "Not placed yet")];
    let sources = sources(r)?;
    Ok(vec![
        FilterField::one_of("status", "State", statuses),
        FilterField::one_of("payment", "Payment", PAYMENTS.map(|(word, words)| (word.as_str(), words))),
        FilterField::one_of(
            "fulfilment",
            "Fulfilment",
            FULFILMENTS.map(|(word, words)| (word.as_str(), words)),
        ),
        FilterField::one_of("mark", "Marked", [("held", "Held"), ("packed", "Packed")]),
        FilterField::one_of(
            "source",
            "From the shop",
            sources.into_iter().map(|source| (source.clone(), source)),
        ),
        FilterField::text("product", "Product (title or SKU)"),
        FilterField::day("from", "Placed from"),
        FilterField::day("to", "Placed until"),
    ])
}

fn sources(r: &mut Read<'_>) -> Result<Vec<String>> {
    let mut sources: Vec<String> = Vec::new();
    while sources.len() < MOST_SOURCES {
        let last = sources.last().cloned().unwrap_or_default();
        match r.one(&NEXT_SOURCE, params![&last])?.get::<Option<String>>("source")? {
            Some(source) => sources.push(source),
            None => break,
        }
    }
    Ok(sources)
}

/// Where an order stands in the walk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub id: OrderId,
    pub placed_at: Timestamp,
}

/// Where a page goes on: behind this order.
pub(super) fn place_of(r: &mut Read<'_>, id: &OrderId) -> Result<Place> {
    let row = r.row(&ORDER_PLACED_AT, params![id.as_str()])?;
    let row = row.ok_or_else(|| Error::not_found("There is no such order."))?;
    Ok(Place { id: id.clone(), placed_at: row.get("placed_at")? })
}

/// Which orders, and how they are found: by the smallest index that holds them all.
struct Wanted {
    from: Timestamp,
    until: Timestamp,
    status: Option<OrderStatus>,
    payment: Option<Payment>,
    fulfilment: Option<Fulfilment>,
    source: Option<String>,
    is_held: bool,
    is_packed: bool,
    /// What has to be among what was bought, when anything has.
    products: Option<Vec<Product>>,
}

impl Wanted {
    fn of(r: &mut Read<'_>, filters: &Filters) -> Result<Self> {
        let (from, until) = filters.span("from", "to", &r.wired::<Shop>()?.zone);
        let products = filters.value("product").map(|text| products::beginning(r, text)).transpose()?;
        Ok(Wanted {
            from: from.unwrap_or(Timestamp::from_ms(i64::MIN)),
            until: until.unwrap_or(Timestamp::from_ms(i64::MAX)),
            status: filters.value("status").map(OrderStatus::parse).transpose()?,
            payment: filters.value("payment").map(Payment::parse).transpose()?,
            fulfilment: filters.value("fulfilment").map(Fulfilment::parse).transpose()?,
            source: filters.value("source").map(str::to_owned),
            is_held: filters.value("mark") == Some("held"),
            is_packed: filters.value("mark") == Some("packed"),
            products,
        })
    }

    /// Two queries over the same index: one reads it, one counts it.
    fn queries(&self) -> (&'static Query, &'static Query) {
        match (self.status, self.payment) {
            (Some(OrderStatus::Cancelled | OrderStatus::Unplaced), _) => {
                (&WALK_NOT_PLACED, &COUNT_NOT_PLACED)
            }
            (_, Some(payment)) if payment != Payment::Paid => (&WALK_NOT_PAID, &COUNT_NOT_PAID),
            (Some(OrderStatus::Placed) | None, _) => (&WALK_ORDERS, &COUNT_WALK),
        }
    }

    fn fits(&self, row: &Row) -> Result<bool> {
        Ok(is(row, "status", self.status.map(OrderStatus::as_str))?
            && is(row, "payment", self.payment.map(Payment::as_str))?
            && is(row, "fulfilment", self.fulfilment.map(Fulfilment::as_str))?
            && is(row, "source", self.source.as_deref())?
            && (!self.is_held || is_marked(row, "held_at")?)
            && (!self.is_packed || is_marked(row, "packed_at")?))
    }

    fn walked(&self, r: &mut Read<'_>, after: Option<Place>, bounds: Bounds) -> Result<Walked<Place>> {
        let (query, _) = self.queries();
        walk(bounds, after, |behind, limit| {
            let (at, id) = match behind {
                Some(place) if place.placed_at < self.until => (place.placed_at, place.id.as_str()),
                Some(_) | None => (self.until, ""),
            };
            let rows = match &self.products {
                Some(products) => with_any_of(r, products, (at, id), self.from, limit)?,
                None => r.rows(query, params![at, id, self.from, limit as i64])?,
            };
            rows.iter().map(|row| Ok((place_in(row)?, self.fits(row)?))).collect()
        })
    }

    fn count(&self, r: &mut Read<'_>) -> Result<i64> {
        if let Some(products) = &self.products {
            let counts = products.iter().map(|product| product.count(r, self.from, self.until));
            return counts.sum();
        }
        let (_, count) = self.queries();
        r.one(count, params![self.until, self.from])?.get("orders")
    }
}

/// The next orders that have any of these products, the newest first. Each walks along its own index; an order that has
/// several of them is there once.
fn with_any_of(
    r: &mut Read<'_>,
    products: &[Product],
    behind: (Timestamp, &str),
    from: Timestamp,
    limit: usize,
) -> Result<Vec<Row>> {
    let mut found: Vec<(Place, Row)> = Vec::new();
    for product in products {
        for row in product.orders(r, behind, from, limit)? {
            found.push((place_in(&row)?, row));
        }
    }
    found.sort_by(|(a, _), (b, _)| (b.placed_at, b.id.as_str()).cmp(&(a.placed_at, a.id.as_str())));
    found.dedup_by(|(a, _), (b, _)| a.id == b.id);
    found.truncate(limit);
    Ok(found.into_iter().map(|(_, row)| row).collect())
}

/// The newest orders with a product whose title or SKU begins so.
pub(super) fn with_product(r: &mut Read<'_>, text: &str, limit: usize) -> Result<Vec<OrderId>> {
    let products = products::beginning(r, text)?;
    let (newest, oldest) = (Timestamp::from_ms(i64::MAX), Timestamp::from_ms(i64::MIN));
    let rows = with_any_of(r, &products, (newest, ""), oldest, limit)?;
    rows.iter().map(|row| row.get("id").map(OrderId::stored)).collect()
}

/// The country that the newest order of a customer went to, as ISO 3166-1 says it.
pub fn country_of(r: &mut Read<'_>, customer: &CustomerId) -> Result<Option<String>> {
    let Some(row) = r.row(&LAST_ADDRESS, params![customer.as_str()])? else { return Ok(None) };
    let address: Address = serde_json::from_str(&row.get::<String>("address")?)?;
    Ok(Some(address.country))
}

/// Whether a column says what is wanted, when anything is.
fn is(row: &Row, column: &str, wanted: Option<&str>) -> Result<bool> {
    match wanted {
        Some(wanted) => Ok(row.get::<String>(column)? == wanted),
        None => Ok(true),
    }
}

fn is_marked(row: &Row, column: &str) -> Result<bool> {
    Ok(row.get::<Option<Timestamp>>(column)?.is_some())
}

fn place_in(row: &Row) -> Result<Place> {
    Ok(Place { id: OrderId::stored(row.get("id")?), placed_at: row.get("placed_at")? })
}

/// A page, the newest first, of what was placed before `after`.
pub(super) fn page(
    r: &mut Read<'_>,
    filters: &Filters,
    after: Option<Place>,
    per_page: usize,
) -> Result<Found<Place>> {
    // Without a filter everything that is read fits, and no more is read than is shown; nearly all of what has a product does.
    let stretch = match (filters.any(), filters.value("product")) {
        (false, _) => per_page + 1,
        (true, Some(_)) => 200,
        (true, None) => 1_000,
    };
    let bounds = Bounds { stretch, most_looked_at: LOOKED_AT, most_kept: per_page + 1 };
    Ok(Wanted::of(r, filters)?.walked(r, after, bounds)?.page(per_page))
}

/// A stretch of an export.
pub(super) fn stretch(r: &mut Read<'_>, filters: &Filters, after: Option<Place>) -> Result<Walked<Place>> {
    let bounds = Bounds { stretch: 500, most_looked_at: 2_000, most_kept: 100 };
    Wanted::of(r, filters)?.walked(r, after, bounds)
}

/// How much an export has to look at.
pub(super) fn count(r: &mut Read<'_>, filters: &Filters) -> Result<i64> {
    Wanted::of(r, filters)?.count(r)
}

/// Which of the customers from `first` to `last` have ordered anything.
pub fn customers_with_orders(
    r: &mut Read<'_>,
    first: &CustomerId,
    last: &CustomerId,
) -> Result<BTreeSet<CustomerId>> {
    let rows = r.rows(&WITH_ORDERS_BETWEEN, params![first.as_str(), last.as_str()])?;
    rows.iter().map(|row| row.get("customer_id").map(CustomerId::stored)).collect()
}
