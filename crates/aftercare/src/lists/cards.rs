//! What one room knows for another. Rooms never import one another: each says what it would like to ask, and here
//! stands who answers.

use catalogue::{Bought, OrderLines, SeenLine, SeenOrder};
use db::Read;
use kernel::Result;
use orders::context::LineLinks;
use orders::incoming::IncomingLine;
use orders::{OrderId, Shelf};

/// For the catalogue: what stands in an order.
pub fn order_lines() -> OrderLines {
    OrderLines(lines_of)
}

/// For orders: the picture and the page of what was bought.
pub fn shelf() -> Shelf {
    Shelf(links_of)
}

fn lines_of(r: &mut Read<'_>, order: &str) -> Result<Option<SeenOrder>> {
    let Some(stored) = orders::stored(r, &OrderId::parse(order)?)? else { return Ok(None) };
    let line = |line: IncomingLine| SeenLine {
        sku: line.sku,
        title: line.title,
        variant: line.variant,
        unit_price: line.unit_price,
        image_url: line.image_url,
        url: line.url,
    };
    Ok(Some(SeenOrder {
        source: stored.order.source,
        placed_at: stored.order.placed_at,
        currency: stored.order.currency,
        lines: stored.order.lines.into_iter().map(line).collect(),
    }))
}

fn links_of(r: &mut Read<'_>, source: &str, line: &IncomingLine) -> Result<LineLinks> {
    let bought =
        Bought { source, sku: line.sku.as_deref(), title: &line.title, variant: line.variant.as_deref() };
    let links = catalogue::links_of(r, &bought)?;
    Ok(LineLinks { image_url: links.image_url, url: links.url })
}
