//! What orders tell of products, before anybody better does.

use db::{Read, Write};
use kernel::{Currency, Money, Result, Timestamp};
use timeline::Event;

use crate::incoming::{IncomingProduct, IncomingVariant, Stock, ToldBy};
use crate::rules::is_just_now;
use crate::store::{self, KnownVariant};
use crate::take;

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

/// Whether an order tells something that is not known: mostly it is of best sellers, and then nothing is queued.
pub fn has_news(r: &mut Read<'_>, event: &Event) -> Result<bool> {
    let lines = r.wired::<OrderLines>()?.0;
    let Some(order) = lines(r, &event.subject_id)? else { return Ok(false) };
    let known = store::known_by_sku(r, &order)?;
    Ok(!order.lines.iter().all(|line| known.iter().any(|known| says_the_same(known, &order, line))))
}

/// Whether a line says nothing that its product does not: somebody better has told of it, or an order has told the same
/// within a minute.
fn says_the_same(known: &KnownVariant, order: &SeenOrder, line: &SeenLine) -> bool {
    let silent_or = |told: &Option<String>, known: &Option<String>| told.is_none() || told == known;
    if known.variant.sku != line.sku {
        return false;
    }
    if known.told_by != ToldBy::OrderLine {
        return true;
    }
    known.source == order.source
        && is_just_now(known.updated_at, order.placed_at)
        && known.title == line.title
        && silent_or(&line.variant, &known.variant.title)
        && known.variant.price == Some(Money::new(line.unit_price, order.currency))
        && silent_or(&line.url, &known.url)
        && silent_or(&line.image_url, &known.image_url)
        && silent_or(&line.image_url, &known.variant.image_url)
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
