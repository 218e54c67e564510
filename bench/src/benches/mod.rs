//! What is measured, by name.

pub mod arrivals;
pub mod campaign;
mod copies;
mod direct;
mod footprint;
mod growth;
mod nodes;
mod orders;
mod page;
pub mod parcels;
mod rendering;
mod staff;

use kernel::{Error, Result};

use crate::protocol::Bench;
use crate::report::Section;

/// Every bench, in the order of the page.
pub const NAMES: [&str; 11] = [
    "orders",
    "direct",
    "campaign",
    "page",
    "parcels",
    "staff",
    "footprint",
    "growth",
    "nodes",
    "rendering",
    "copies",
];

/// Runs one.
pub fn run(name: &str, bench: &mut Bench) -> Result<Section> {
    match name {
        "orders" => orders::run(bench),
        "direct" => direct::run(bench),
        "campaign" => campaign::run(bench),
        "page" => page::run(bench),
        "parcels" => parcels::run(bench),
        "staff" => staff::run(bench),
        "footprint" => footprint::run(bench),
        "growth" => growth::run(bench),
        "nodes" => nodes::run(bench),
        "rendering" => rendering::run(),
        "copies" => copies::run(bench),
        name => Err(Error::invalid("bench", format!("there is no bench {name}"))),
    }
}
