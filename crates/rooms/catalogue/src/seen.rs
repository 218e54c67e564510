//! What orders tell of products, before anybody better does.

use db::{Read, Write};
use kernel::{Currency, Money, Result, Timestamp};
use timeline::Event;

use crate::incoming::{IncomingProduct, IncomingVariant, Stock, ToldBy};
use crate::{store, take};

/// How to read an order's lines. The binary wires one in, for rooms never import one another.
#[derive(Clone, Copy, Debug)]
pub struct OrderLines(pub fn(&mut Read<'_>, order: &str) -> Result<Option<SeenOrder>>);

/// An order, as far as it tells of products.
#[derive(Clone, Debug, PartialEq)]
pub struct SeenOrder {
    /// Its source.
    pub source: String,
    /// When it was placed: prices and titles of a later order are newer.
    pub placed_at: Timestamp,
    /// The currency of its prices.
    pub currency: Currency,
    /// Its lines.
    pub lines: Vec<SeenLine>,
}

/// A line, as far as it tells of a product.
#[derive(Clone, Debug, PartialEq)]
pub struct SeenLine {
    /// The stock keeping unit.
    pub sku: Option<String>,
    /// The product's title.
    pub title: String,
    /// Which variant, in words.
    pub variant: Option<String>,
    /// Minor units for one piece.
    pub unit_price: i64,
    /// A picture.
    pub image_url: Option<String>,
    /// The product's page.
    pub url: Option<String>,
}

/// A reaction to `order.placed` and `order.changed`: what stands in an order is sold here.
pub fn see_order(w: &mut Write<'_>, event: &Event) -> Result<()> {
    let lines = w.wired_arc::<OrderLines>()?;
    let Some(order) = (lines.0)(w, &event.subject_id)? else { return Ok(()) };
    for line in &order.lines {
        if !store::is_told_better(w, &order.source, line)? {
            take::take(w, &seen(&order, line))?;
        }
    }
    Ok(())
}

fn seen(order: &SeenOrder, line: &SeenLine) -> IncomingProduct {
    let variant = IncomingVariant {
        external_id: None,
        sku: line.sku.clone(),
        title: line.variant.clone(),
        price: Some(Money::new(line.unit_price, order.currency)),
        stock: Stock::Unknown,
        image_url: line.image_url.clone(),
    };
    IncomingProduct {
        source: order.source.clone(),
        external_id: None,
        told_by: ToldBy::OrderLine,
        updated_at: order.placed_at,
        title: Some(line.title.clone()),
        url: line.url.clone(),
        image_url: line.image_url.clone(),
        cycle_days: None,
        care: Vec::new(),
        variants: vec![variant],
        is_whole: false,
    }
}
