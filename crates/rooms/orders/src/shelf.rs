//! What another room knows of what was bought: the picture and the page that an order's lines lack.

use db::Read;
use kernel::Result;

use crate::context::LineLinks;
use crate::incoming::IncomingLine;
use crate::store::StoredOrder;

/// Looks a line of a source's order up. The binary wires one in, for rooms never import one another.
#[derive(Clone, Copy, Debug)]
pub struct Shelf(pub fn(&mut Read<'_>, source: &str, line: &IncomingLine) -> Result<LineLinks>);

/// The most lines that are looked up: nobody scrolls past as many, and a page stays quick.
const MOST_LINES: usize = 50;

/// The order with the pictures and pages its shop did not tell. It is shown like this and never stored.
pub(crate) fn filled(r: &mut Read<'_>, stored: StoredOrder) -> Result<StoredOrder> {
    let mut shown = stored;
    // Without a shelf an order shows what its shop told.
    let Ok(shelf) = r.wired::<Shelf>().copied() else { return Ok(shown) };
    let lacking = |line: &&mut IncomingLine| line.image_url.is_none() || line.url.is_none();
    for line in shown.order.lines.iter_mut().filter(lacking).take(MOST_LINES) {
        let found = (shelf.0)(r, &shown.order.source, line)?;
        line.image_url = line.image_url.take().or(found.image_url);
        line.url = line.url.take().or(found.url);
    }
    Ok(shown)
}
