//! Bars beside one another: how things compare, the largest first.

use serde::Serialize;

use super::axis::fixed;
use super::words::Unit;
use super::{Figure, Plot, Table};

/// As many bars are drawn; the table holds all.
const MOST_BARS: usize = 12;

/// What is drawn.
#[derive(Clone, Debug)]
pub struct Bars {
    /// What the numbers count.
    pub unit: Unit,
    /// What a bar is, and what its number is, `Reason` and `Returns`.
    pub heads: (&'static str, &'static str),
    /// Names and their numbers, in any order.
    pub rows: Vec<(String, u64)>,
}

/// Bars, sorted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct BarPlot {
    bars: Vec<Bar>,
    /// How many are only in the table.
    more: usize,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Bar {
    name: String,
    value: String,
    d: String,
}

impl Bars {
    /// The figure, with what it shows in one sentence.
    pub fn figure(&self, title: &str, finding: &str) -> Figure {
        let mut rows: Vec<_> = self.rows.iter().collect();
        // The sort is stable: equals stay in the order they were given in.
        rows.sort_by_key(|(_, value)| std::cmp::Reverse(*value));
        let longest = rows.first().map_or(1, |(_, value)| (*value).max(1));
        let bar = |(name, value): &&(String, u64)| Bar {
            name: name.clone(),
            value: self.unit.words(*value),
            d: bar(*value, u128::from(longest)),
        };
        let bars: Vec<_> = rows.iter().take(MOST_BARS).map(bar).collect();
        let more = rows.len() - bars.len();
        let table = Table {
            head: vec![self.heads.0.to_owned(), self.heads.1.to_owned()],
            rows: rows.iter().map(|(name, value)| vec![name.clone(), self.unit.words(*value)]).collect(),
        };
        let plot = if bars.is_empty() { Plot::Nothing } else { Plot::Bars(BarPlot { bars, more }) };
        Figure::new(title, finding, plot, table)
    }
}

/// A bar from nought over its share of `top`, as high as the square.
pub(super) fn bar(value: u64, top: u128) -> String {
    let share = (u128::from(value) * 10_000 / top.max(1)).min(10_000);
    format!("M0 0H{}V100H0Z", fixed(share))
}
