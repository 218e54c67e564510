//! What a bench has to say, kept as JSON, and the page that is made of all of them.
//!
//! Each bench writes `docs/performance/NAME.json` and its plots; the page is made anew from every such file, so one
//! bench can be measured again without the others.

mod page;
mod plot;

use std::fs;
use std::path::{Path, PathBuf};

use kernel::{Error, Result};
use serde::{Deserialize, Serialize};

use crate::machine::Machine;
use crate::protocol::Round;
use crate::stats::Spread;

/// Everything one bench has found.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Section {
    /// Its name on the command line, and of its files.
    pub name: String,
    /// The heading.
    pub title: String,
    /// What was done: the workload, the anchor, how it was measured. A paragraph each.
    pub about: Vec<String>,
    /// Where and when.
    pub machine: Machine,
    /// Whether it was a quick run, whose figures are only a glance.
    pub quick: bool,
    /// What came out, with the goals.
    pub figures: Vec<Figure>,
    /// What does not fit into one line.
    pub tables: Vec<Table>,
    /// Pictures.
    pub plots: Vec<Plot>,
    /// Every round.
    pub rounds: Vec<Round>,
}

/// One figure and what stands beside it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Figure {
    /// What was measured.
    pub what: String,
    /// Over the rounds.
    pub value: Spread,
    /// Of the value: `×`, `ms`, `µs`, `MB`, `per second`; empty for a count.
    pub unit: String,
    /// The anchor or the limit it is held against.
    pub beside: String,
    /// What has to be reached.
    pub floor: Option<Bound>,
    /// What would be remarkable.
    pub moonshot: Option<Bound>,
}

/// A goal.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Bound {
    /// This or more.
    AtLeast(f64),
    /// This or less.
    AtMost(f64),
}

impl Bound {
    /// Whether a value keeps it.
    pub fn is_kept(self, value: f64) -> bool {
        match self {
            Bound::AtLeast(least) => value >= least,
            Bound::AtMost(most) => value <= most,
        }
    }

    /// The bound itself.
    pub fn value(self) -> f64 {
        match self {
            Bound::AtLeast(value) | Bound::AtMost(value) => value,
        }
    }
}

impl Figure {
    /// A figure that stands for itself.
    pub fn new(what: &str, value: Spread, unit: &str, beside: &str) -> Figure {
        let (what, unit, beside) = (what.to_owned(), unit.to_owned(), beside.to_owned());
        Figure { what, value, unit, beside, floor: None, moonshot: None }
    }

    /// The same with what has to be reached.
    pub fn floor(mut self, bound: Bound) -> Figure {
        self.floor = Some(bound);
        self
    }

    /// The same with what would be remarkable.
    pub fn moonshot(mut self, bound: Bound) -> Figure {
        self.moonshot = Some(bound);
        self
    }

    /// How far it got; `None` without a goal.
    pub fn verdict(&self) -> Option<&'static str> {
        let kept = |bound: Option<Bound>| bound.map(|bound| bound.is_kept(self.value.median));
        match (kept(self.moonshot), kept(self.floor)) {
            (Some(true), _) => Some("moonshot"),
            (_, Some(true)) => Some("floor"),
            (None, None) => None,
            _ => Some("**not reached**"),
        }
    }
}

/// Rows under a head.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Table {
    /// A sentence over it.
    pub caption: String,
    /// The head.
    pub head: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<String>>,
}

/// A picture.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Plot {
    /// Bars beside one another, each with its range.
    Bars {
        /// What it shows, with the unit.
        title: String,
        /// Name and value.
        bars: Vec<(String, Spread)>,
        /// Goals, as named lines.
        goals: Vec<(String, f64)>,
    },
    /// Lines over steps, such as numbers of orders.
    Lines {
        /// What it shows, with the unit.
        title: String,
        /// What the steps are called.
        steps: Vec<String>,
        /// Name and one value a step.
        lines: Vec<(String, Vec<f64>)>,
    },
}

/// Writes a section's files, and the page anew.
pub fn publish(docs: &Path, section: &Section) -> Result<()> {
    let folder = docs.join("performance");
    fs::create_dir_all(&folder).map_err(|error| failed(&folder, &error))?;
    let json = serde_json::to_string_pretty(section)?;
    write(&folder.join(format!("{}.json", section.name)), &(json + "\n"))?;
    for (number, picture) in section.plots.iter().enumerate() {
        write(&folder.join(plot_file(&section.name, number)), &plot::svg(picture))?;
    }
    render(docs)
}

/// Makes the page of what lies in its folder.
pub fn render(docs: &Path) -> Result<()> {
    write(&docs.join("performance.md"), &page_of(docs)?)
}

fn page_of(docs: &Path) -> Result<String> {
    let folder = docs.join("performance");
    let read = |name: &&str| -> Option<Result<Section>> {
        let path = folder.join(format!("{name}.json"));
        let text = fs::read_to_string(&path).ok()?;
        Some(serde_json::from_str(&text).map_err(|error| failed(&path, &error)))
    };
    let sections = crate::benches::NAMES.iter().filter_map(read).collect::<Result<Vec<_>>>()?;
    let told = fs::read_to_string(folder.join("told.md")).unwrap_or_default();
    Ok(page::markdown(&sections, &told))
}

fn plot_file(name: &str, number: usize) -> String {
    format!("{name}-{}.svg", number + 1)
}

fn write(path: &PathBuf, text: &str) -> Result<()> {
    fs::write(path, text).map_err(|error| failed(path, &error))
}

fn failed(path: &Path, error: &dyn std::fmt::Display) -> Error {
    Error::internal(format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verdict_names_the_highest_goal_that_is_kept() {
        let figure = |value: f64| {
            Figure::new("rate", Spread::single(value), "×", "Postfix")
                .floor(Bound::AtLeast(2.0))
                .moonshot(Bound::AtLeast(4.0))
        };
        assert_eq!(figure(1.9).verdict(), Some("**not reached**"));
        assert_eq!(figure(2.0).verdict(), Some("floor"));
        assert_eq!(figure(4.1).verdict(), Some("moonshot"));
        let bare = Figure::new("rate", Spread::single(1.0), "", "");
        assert_eq!(bare.verdict(), None);
        assert_eq!(bare.floor(Bound::AtMost(1.0)).verdict(), Some("floor"));
    }

    #[test]
    fn the_page_says_what_its_files_say() {
        let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs");
        let page = fs::read_to_string(docs.join("performance.md")).unwrap();
        let made = page_of(&docs).unwrap();
        for (written, made) in page.lines().zip(made.lines()) {
            assert_eq!(written, made, "docs/performance.md is written by cargo run -p bench -- --render");
        }
        assert_eq!(page.lines().count(), made.lines().count());
    }
}
