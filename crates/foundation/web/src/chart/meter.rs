//! A meter: a share held against its limits.

use std::fmt::Write as _;

use serde::Serialize;

use super::axis::{Axis, fixed};
use super::bars::bar;
use super::words::{Unit, grouped};
use super::{Figure, Plot, Table};

/// A share of a whole, and what it must not reach.
#[derive(Clone, Debug)]
pub struct Meter {
    /// How many.
    pub part: u64,
    /// Of how many.
    pub whole: u64,
    /// What the two count, `mails`.
    pub of: &'static str,
    /// Of fewer than these nothing is concluded.
    pub enough: u64,
    /// What it is held against, the lowest first.
    pub limits: &'static [Limit],
}

/// From where a share is no longer well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// Hundredths of a per cent.
    pub at: u64,
    /// `warn` or `bad`.
    pub tone: &'static str,
    /// What is said of a share that has reached it.
    pub word: &'static str,
}

/// The meter with its words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct MeterPlot {
    value: String,
    of: String,
    tone: &'static str,
    word: &'static str,
    fill: String,
    lines: String,
    limits: Vec<String>,
}

impl Meter {
    /// The share, in hundredths of a per cent.
    pub fn share(&self) -> u64 {
        let share = u128::from(self.part) * 10_000 / u128::from(self.whole.max(1));
        u64::try_from(share).unwrap_or(u64::MAX)
    }

    /// The highest limit that is reached, once there is enough to say so.
    pub fn reached(&self) -> Option<Limit> {
        let share = self.share();
        let reached = self.limits.iter().rev().find(|limit| share >= limit.at);
        reached.filter(|_| self.whole >= self.enough).copied()
    }

    /// The figure, with what it counts in one sentence.
    pub fn figure(&self, title: &str, finding: &str) -> Figure {
        let plot = if self.whole == 0 { Plot::Nothing } else { Plot::Meter(self.plot()) };
        Figure::new(title, finding, plot, self.table())
    }

    fn plot(&self) -> MeterPlot {
        let highest = self.limits.last().map_or(0, |limit| limit.at);
        // Room behind the last limit, so that it is seen to be crossed.
        let axis = Axis::of(self.share().max(highest.saturating_add(highest / 4)));
        let mut lines = String::new();
        for limit in self.limits {
            // Beyond both edges of the bar, so that it is seen whatever lies under it.
            let _ = write!(lines, "M{} -40V140", fixed(axis.share(limit.at)));
        }
        let (tone, word) = match self.reached() {
            Some(limit) => (limit.tone, limit.word),
            None if self.whole < self.enough => ("info", "Too few to say"),
            None => ("ok", "Well"),
        };
        MeterPlot {
            value: Unit::Percent.words(self.share()),
            of: self.counted(),
            tone,
            word,
            fill: bar(self.share(), axis.top),
            lines,
            limits: self.limits.iter().map(limit_words).collect(),
        }
    }

    fn counted(&self) -> String {
        format!("{} of {} {}", grouped(self.part), grouped(self.whole), self.of)
    }

    fn table(&self) -> Table {
        let row = |name: &str, value: String| vec![name.to_owned(), value];
        let limits = self.limits.iter().map(|limit| row(limit.word, from(limit)));
        let share = row("Share", format!("{}, {}", Unit::Percent.words(self.share()), self.counted()));
        Table {
            head: vec!["What".to_owned(), "Value".to_owned()],
            rows: std::iter::once(share).chain(limits).collect(),
        }
    }
}

fn from(limit: &Limit) -> String {
    format!("from {}", Unit::Percent.words(limit.at))
}

fn limit_words(limit: &Limit) -> String {
    format!("{} {}", limit.word, from(limit))
}
