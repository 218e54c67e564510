//! A line: how something went, over places of equal width, beside how it went before and how sure one is.

use std::fmt::Write as _;

use serde::Serialize;

use super::axis::{self, Axis};
use super::words::{Unit, cut};
use super::{Figure, Plot, Table};

/// As many lines can be told apart.
const MOST_SERIES: usize = 4;

/// What is drawn.
#[derive(Clone, Debug)]
pub struct Line {
    /// What its numbers count.
    pub unit: Unit,
    /// What a place is, `Day`.
    pub place: &'static str,
    /// The places, in their order.
    pub places: Vec<String>,
    /// At most four; more are only in the table.
    pub series: Vec<Series>,
    /// How it went before, in grey.
    pub prior: Option<Series>,
    /// Between what it lies with some certainty.
    pub band: Option<Band>,
}

/// A value for each place; none where nothing is known.
#[derive(Clone, Debug)]
pub struct Series {
    /// What it is called.
    pub name: String,
    /// Its values.
    pub values: Vec<Option<u64>>,
}

/// A range for each place.
#[derive(Clone, Debug)]
pub struct Band {
    /// What it is called.
    pub name: String,
    /// From what until what.
    pub values: Vec<Option<(u64, u64)>>,
}

/// Paths and labels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct LinePlot {
    lines: String,
    ticks: Vec<String>,
    paths: Vec<Drawn>,
    legend: Vec<Named>,
    /// One for each place; empty where none is named.
    labels: Vec<String>,
}

/// A path, and how it looks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Drawn {
    class: String,
    d: String,
}

/// A line of the legend.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Named {
    class: &'static str,
    name: String,
    /// The last value that is known.
    last: String,
}

const CLASSES: [&str; MOST_SERIES] = ["c1", "c2", "c3", "c4"];
const PRIOR: &str = "was";
const BAND: &str = "band";

impl Line {
    /// The figure, with what it shows in one sentence.
    pub fn figure(&self, title: &str, finding: &str) -> Figure {
        let plot = match self.is_anything_known() {
            true => Plot::Line(self.plot()),
            false => Plot::Nothing,
        };
        Figure::new(title, finding, plot, self.table())
    }

    fn is_anything_known(&self) -> bool {
        let known = |series: &Series| self.of_places(&series.values).flatten().next().is_some();
        self.series.iter().any(known) || self.prior.as_ref().is_some_and(known)
    }

    /// One for each place, however many were given.
    fn of_places<'a, T: Copy>(&'a self, values: &'a [Option<T>]) -> impl Iterator<Item = Option<T>> + 'a {
        (0..self.places.len()).map(move |nth| values.get(nth).copied().flatten())
    }

    /// Every series with its class, what was before first, so that it lies below.
    fn drawn(&self) -> impl Iterator<Item = (&'static str, &Series)> {
        let prior = self.prior.iter().map(|series| (PRIOR, series));
        prior.chain(CLASSES.into_iter().zip(&self.series))
    }

    fn plot(&self) -> LinePlot {
        let highest = self.drawn().flat_map(|(_, series)| self.of_places(&series.values)).flatten().max();
        let ranges = self.band.iter().flat_map(|band| self.of_places(&band.values)).flatten();
        let widest = ranges.map(|(low, high)| low.max(high)).max();
        let axis = Axis::of(highest.max(widest).unwrap_or_default());
        let mut paths: Vec<Drawn> = Vec::new();
        paths
            .extend(self.band.iter().map(|band| Drawn { class: BAND.to_owned(), d: self.area(&axis, band) }));
        for (class, series) in self.drawn() {
            let (lines, dots) = path(&axis, &self.of_places(&series.values).collect::<Vec<_>>());
            paths.push(Drawn { class: class.to_owned(), d: lines });
            paths.push(Drawn { class: format!("{class} dot"), d: dots });
        }
        paths.retain(|path| !path.d.is_empty());
        let labels: Vec<String> = self.places.iter().map(|label| cut(label)).collect();
        let named = axis::named(&labels);
        LinePlot {
            lines: axis.lines(),
            ticks: axis.labels(self.unit),
            paths,
            legend: self.legend(),
            labels: labels
                .into_iter()
                .zip(named)
                .map(|(label, is)| if is { label } else { String::new() })
                .collect(),
        }
    }

    fn legend(&self) -> Vec<Named> {
        let last = |series: &Series| self.of_places(&series.values).flatten().last();
        let series = self.drawn().map(|(class, series)| Named {
            class,
            name: series.name.clone(),
            last: last(series).map_or_else(no_value, |value| self.unit.words(value)),
        });
        let band = self.band.iter().map(|band| Named {
            class: BAND,
            name: band.name.clone(),
            last: self
                .of_places(&band.values)
                .flatten()
                .last()
                .map_or_else(no_value, |range| self.range(range)),
        });
        // What matters first, what was before and how sure one is behind.
        let (was, mut all): (Vec<_>, Vec<_>) = series.partition(|named| named.class == PRIOR);
        all.extend(was.into_iter().chain(band));
        all
    }

    fn range(&self, (low, high): (u64, u64)) -> String {
        format!("{} to {}", self.unit.words(low), self.unit.words(high))
    }

    /// The area between what a band lies, a piece for each run of places without a gap.
    fn area(&self, axis: &Axis, band: &Band) -> String {
        let ranges: Vec<_> = self.of_places(&band.values).collect();
        let mut path = String::new();
        for (from, run) in runs(&ranges) {
            let points =
                |nth: usize, value: u64| format!("{} {}", axis::x(from + nth, ranges.len()), axis.y(value));
            let there = run.iter().enumerate().map(|(nth, (low, high))| points(nth, *low.max(high)));
            let back = run.iter().enumerate().rev().map(|(nth, (low, high))| points(nth, *low.min(high)));
            let all: Vec<_> = there.chain(back).collect();
            let _ = write!(path, "M{}Z", all.join("L"));
        }
        path
    }

    fn table(&self) -> Table {
        let words = |value: Option<u64>| value.map_or_else(no_value, |value| self.unit.words(value));
        let columns: Vec<&Series> = self.series.iter().chain(&self.prior).collect();
        let head = std::iter::once(self.place.to_owned())
            .chain(columns.iter().map(|series| series.name.clone()))
            .chain(self.band.iter().map(|band| band.name.clone()));
        let row = |(nth, place): (usize, &String)| {
            let of = |values: &[Option<u64>]| words(values.get(nth).copied().flatten());
            let range = |band: &Band| {
                band.values.get(nth).copied().flatten().map_or_else(no_value, |range| self.range(range))
            };
            std::iter::once(place.clone())
                .chain(columns.iter().map(|series| of(&series.values)))
                .chain(self.band.iter().map(range))
                .collect()
        };
        Table { head: head.collect(), rows: self.places.iter().enumerate().map(row).collect() }
    }
}

fn no_value() -> String {
    "–".to_owned()
}

/// A line through what is known, and the dots of values that stand alone.
pub(super) fn path(axis: &Axis, values: &[Option<u64>]) -> (String, String) {
    let (mut lines, mut dots) = (String::new(), String::new());
    for (from, run) in runs(values) {
        let point =
            |(nth, value): (usize, &u64)| format!("{} {}", axis::x(from + nth, values.len()), axis.y(*value));
        let points: Vec<_> = run.iter().enumerate().map(point).collect();
        let _ = match points.as_slice() {
            [alone] => write!(dots, "M{alone}h0"),
            many => write!(lines, "M{}", many.join("L")),
        };
    }
    (lines, dots)
}

/// The runs of places without a gap, each with where it begins.
fn runs<T: Copy>(values: &[Option<T>]) -> Vec<(usize, Vec<T>)> {
    let mut runs: Vec<(usize, Vec<T>)> = Vec::new();
    for (nth, value) in values.iter().enumerate() {
        let Some(value) = value else { continue };
        match runs.last_mut().filter(|(from, run)| from + run.len() == nth) {
            Some((_, run)) => run.push(*value),
            None => runs.push((nth, vec![*value])),
        }
    }
    runs
}
