//! Past orders: in a table of our own, or as Shopify exports them.
//!
//! An imported order is history, whatever its date: nothing is ever said about it.

mod ours;
mod shopify;

use std::path::Path;

use kernel::Result;
use orders::Effect;
use orders::incoming::IncomingOrder;

use crate::shape::{Done, Prepared, Setting, Shape};
use crate::table::{self, Dialect};

/// Whether a file is Shopify's own export, by its header.
pub fn is_shopify_file(path: &Path) -> bool {
    table::sniff(path).is_ok_and(|dialect| shopify::is_export(&dialect.names))
}

/// The shape of a file of orders, by its header.
pub fn shape(dialect: &Dialect, setting: &Setting) -> Result<Box<dyn Shape>> {
    if shopify::is_export(&dialect.names) {
        return Ok(Box::new(shopify::Export::new(dialect, setting)?));
    }
    Ok(Box::new(ours::Table::new(dialect, setting)?))
}

fn prepared(order: IncomingOrder) -> Prepared {
    Prepared::new(move |w| {
        Ok(match orders::take_history(w, &order)?.effect {
            Effect::Created => Done::Added,
            Effect::Changed => Done::Changed,
            Effect::Stale => Done::Known,
        })
    })
}
