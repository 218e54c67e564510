//! How costs grow with what is stored.

use std::cell::Cell;
use std::path::PathBuf;
use std::time::Duration;

use kernel::Result;

use super::arrivals::Arrivals;
use super::page;
use crate::anchors::wrk;
use crate::load::{self, Pace};
use crate::machine;
use crate::protocol::{Bench, Contender, Measured, Rests, Round, compare, measured, ratio, spread};
use crate::report::{Bound, Figure, Plot, Section, Table};
use crate::seed::{self, FIRST_NEW};
use crate::shop::{self, Shop};
use crate::stats::Spread;

/// Orders that are stored, and what a shop of that size is called.
type Size = (u64, &'static str);
const SIZES: [Size; 3] = [(10_000, "10000"), (100_000, "100000"), (1_000_000, "1000000")];
const QUICK_SIZES: [Size; 2] = [(1_000, "1000"), (10_000, "10000")];

/// A shop of one size, with nothing to do.
struct Stand {
    name: &'static str,
    shop: Shop,
    pid: u32,
    /// What `wrk` asks for: pages of random orders.
    pages: PathBuf,
}

/// Runs it.
pub fn run(bench: &mut Bench) -> Result<Section> {
    let sizes: &[Size] = bench.pick(&SIZES, &QUICK_SIZES);
    let arrivals = Arrivals::start()?;
    let stands = sizes.iter().map(|size| stand(bench, &arrivals, *size)).collect::<Result<Vec<Stand>>>()?;
    let pages = pages(bench, &stands)?;
    let orders = orders(bench, &stands, &arrivals)?;
    arrivals.check()?;
    Ok(section(&stands, &pages, &orders))
}

fn stand(bench: &Bench, arrivals: &Arrivals, (orders, name): Size) -> Result<Stand> {
    let customers = orders / 3;
    let past = seed::past(&bench.folder, orders, customers)?;
    let database = shop::copy_of(&past, &bench.folder, &format!("growth-{orders}"))?;
    let links = page::links(&database)?;
    let pages = page::script(&bench.folder, &format!("growth-{name}"), &links)?;
    let shop = Shop::start(shop::sqlite_url(&database), Some(arrivals.mail_url()), customers)?;
    let pid = shop.pid()?;
    Ok(Stand { name, shop, pid, pages })
}

fn pages(bench: &mut Bench, stands: &[Stand]) -> Result<Vec<Round>> {
    let seconds = bench.pick(5, 2);
    let asking = stands
        .iter()
        .map(|stand| Contender { name: stand.name, run: Box::new(move || asked(stand, seconds)) });
    compare(bench, Rests::OnTheProcessor, &mut asking.collect::<Vec<_>>())
}

/// Pages of a shop: their 99th percentile, and what one costs.
fn asked(stand: &Stand, seconds: u32) -> Result<Measured> {
    let url = stand.shop.app.url();
    let _warm = wrk::run(&url, page::CONNECTIONS, 1, Some(&stand.pages))?;
    let before = machine::cpu_s(stand.pid);
    let said = wrk::run(&url, page::CONNECTIONS, seconds, Some(&stand.pages))?;
    let cpu_us = (machine::cpu_s(stand.pid) - before) * 1e6 / (said.per_second * f64::from(seconds));
    Ok(measured([("p99_ms", said.p99_ms), ("cpu_us", cpu_us)]))
}

fn orders(bench: &mut Bench, stands: &[Stand], arrivals: &Arrivals) -> Result<Vec<Round>> {
    let span = bench.pick(Duration::from_secs(4), Duration::from_secs(2));
    let first = &Cell::new(FIRST_NEW);
    let confirming = stands.iter().map(|stand| Contender {
        name: stand.name,
        run: Box::new(move || confirmed(stand, arrivals, span, first)),
    });
    compare(bench, Rests::OnTheDisk, &mut confirming.collect::<Vec<_>>())
}

/// Orders that a shop takes in and confirms, from the number `first` on: how many a second, and what one costs.
fn confirmed(stand: &Stand, arrivals: &Arrivals, span: Duration, first: &Cell<u64>) -> Result<Measured> {
    let before = machine::cpu_s(stand.pid);
    let shop = &stand.shop;
    let answers =
        load::run(shop.app.port(), 32, Pace::Closed(span), first.get(), &|number| shop.webhook(number))?;
    let good = answers.all.iter().filter(|answered| answered.status == 200);
    let taken: Vec<u64> = good.map(|answered| answered.number).collect();
    let last_us = arrivals.wait_for_all(&taken)?;
    let cpu_us = (machine::cpu_s(stand.pid) - before) * 1e6 / taken.len() as f64;
    let began_us = answers.all.iter().map(|answered| answered.due_us).min().unwrap_or_default();
    let rate = taken.len() as f64 * 1e6 / last_us.saturating_sub(began_us).max(1) as f64;
    first.set(first.get() + answers.all.len() as u64 + 64);
    Ok(measured([("cpu_us", cpu_us), ("rate", rate)]))
}

fn section(stands: &[Stand], pages: &[Round], orders: &[Round]) -> Section {
    let names: Vec<&str> = stands.iter().map(|stand| stand.name).collect();
    let span = match names[..] {
        [first, .., last] => format!("from {first} to {last} orders stored"),
        _ => String::new(),
    };
    let figure = |what: &str, growth: Spread| {
        Figure::new(&format!("{what}, {span}"), growth, "×", "the smallest shop of the same round")
            .floor(Bound::AtMost(1.5))
    };
    let figures = vec![
        figure("most growth of the processor time of an order", most_growth(orders, &names, "cpu_us")),
        figure("most growth of the page's 99th percentile", most_growth(pages, &names, "p99_ms")),
    ];
    let row = |name: &&str| {
        let shown = |rounds: &[Round], what, digits| {
            let Spread { median, min, max } = spread(rounds, name, what);
            format!("{median:.digits$} ({min:.digits$}–{max:.digits$})")
        };
        vec![
            (*name).to_owned(),
            shown(orders, "cpu_us", 0),
            shown(orders, "rate", 0),
            shown(pages, "cpu_us", 0),
            shown(pages, "p99_ms", 2),
        ]
    };
    let head = ["orders stored", "µs an order, all of it", "orders per second", "µs a page", "page p99, ms"];
    let table = Table {
        caption: "At each size, in one process over SQLite.".to_owned(),
        head: head.map(str::to_owned).to_vec(),
        rows: names.iter().map(row).collect(),
    };
    let line = |what: &str, rounds: &[Round]| {
        (what.to_owned(), names.iter().map(|name| spread(rounds, name, "cpu_us").median).collect())
    };
    let plots = vec![Plot::Lines {
        title: "Processor time as a shop grows, in µs".to_owned(),
        steps: names.iter().map(|name| (*name).to_owned()).collect(),
        lines: vec![line("an order, all of it", orders), line("an order page", pages)],
    }];
    let about = vec![
        "The past is made as an import makes it, with a sent message and its event for each order, and three orders a customer. In each round every shop is asked for pages of its random orders; then, in rounds too, orders come in to every shop over 32 connections until each is confirmed, which makes the smallest one somewhat larger. What counts is the size that is dearest beside the smallest."
            .to_owned(),
    ];
    let rounds = [pages, orders].concat();
    let title = "How costs grow".to_owned();
    Section { title, about, figures, tables: vec![table], plots, rounds, ..Section::default() }
}

/// How many times the smallest shop's the dearest of all sizes is.
fn most_growth(rounds: &[Round], names: &[&str], what: &str) -> Spread {
    let Some((smallest, larger)) = names.split_first() else { return Spread::single(1.0) };
    let growths = larger.iter().map(|name| ratio(rounds, (name, what), (smallest, what)));
    growths.fold(Spread::single(1.0), |most, growth| if growth.median > most.median { growth } else { most })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round(costs: [f64; 3]) -> Round {
        let of = |(name, cost): (&str, f64)| (name.to_owned(), measured([("cpu_us", cost)]));
        Round {
            order: Vec::new(),
            flush_ms: None,
            class: None,
            foreign_percent: 0.0,
            noisy: false,
            counts: true,
            results: ["small", "middle", "large"].into_iter().zip(costs).map(of).collect(),
        }
    }

    #[test]
    fn a_size_in_between_that_is_the_dearest_counts() {
        let most = |costs| most_growth(&[round(costs)], &["small", "middle", "large"], "cpu_us").median;
        assert_eq!(most([8.0, 12.0, 10.0]), 1.5);
        assert_eq!(most([8.0, 10.0, 12.0]), 1.5);
        assert_eq!(most([8.0, 6.0, 4.0]), 1.0);
    }

    #[test]
    fn growth_is_within_a_round() {
        let rounds = [round([1.0, 1.0, 2.0]), round([10.0, 10.0, 11.0]), round([4.0, 4.0, 6.0])];
        let most = most_growth(&rounds, &["small", "middle", "large"], "cpu_us");
        assert_eq!(most, Spread { median: 1.5, min: 1.1, max: 2.0 });
        assert_eq!(most_growth(&rounds, &[], "cpu_us"), Spread::single(1.0));
    }
}
