//! Charts that need no script: bare paths in a square that is stretched over its place, and words beside it as HTML, so that
//! text has one size at every width and follows zoom.
//!
//! Nothing is told by colour alone: series differ by their dashes, limits by their words, and behind each picture stands the
//! table it was drawn from. Axes begin at nought. Everything is whole numbers, so that the same data is the same picture.

mod axis;
mod bars;
mod line;
mod meter;
mod spark;
#[cfg(test)]
mod tests;
mod words;

use serde::Serialize;

pub use bars::Bars;
pub use line::{Band, Line, Series};
pub use meter::{Limit, Meter};
pub use spark::Spark;
pub use words::{Unit, grouped};

/// A picture with its words and its table: what `figure` in `web/chart.html` draws.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Figure {
    title: String,
    /// What it shows, in one sentence.
    finding: String,
    plot: Plot,
    table: Table,
}

/// The picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Plot {
    Line(line::LinePlot),
    Bars(bars::BarPlot),
    Meter(meter::MeterPlot),
    /// There is nothing to draw yet; the finding says why.
    Nothing,
}

/// What was drawn, as a table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
struct Table {
    head: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Figure {
    fn new(title: &str, finding: &str, plot: Plot, table: Table) -> Self {
        Figure { title: title.to_owned(), finding: finding.to_owned(), plot, table }
    }
}
