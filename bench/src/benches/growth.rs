//! How costs grow with what is stored.

use std::path::PathBuf;
use std::time::Duration;

use kernel::Result;

use super::arrivals::Arrivals;
use super::page;
use crate::anchors::wrk;
use crate::load::{self, Pace};
use crate::machine;
use crate::protocol::Bench;
use crate::report::{Bound, Figure, Plot, Section, Table};
use crate::seed::{self, FIRST_NEW};
use crate::shop::{self, Shop};
use crate::stats::Spread;

/// What was measured at one size.
struct Step {
    orders: u64,
    cpu_us: f64,
    rate: f64,
    page_p99_ms: f64,
    page_us: f64,
}

/// Runs it.
pub fn run(bench: &mut Bench) -> Result<Section> {
    let sizes = bench.pick::<&[u64]>(&[10_000, 100_000, 1_000_000], &[1_000, 10_000]);
    let arrivals = Arrivals::start()?;
    let mut first = FIRST_NEW;
    let mut steps = Vec::new();
    for orders in sizes {
        let step = at(bench, &arrivals, *orders, &mut first)?;
        eprintln!(
            "  {orders} orders: {:.0} µs an order, {:.0} per second, page p99 {:.2} ms",
            step.cpu_us, step.rate, step.page_p99_ms
        );
        steps.push(step);
    }
    arrivals.check()?;
    Ok(section(&steps))
}

fn at(bench: &Bench, arrivals: &Arrivals, orders: u64, first: &mut u64) -> Result<Step> {
    let customers = orders / 3;
    let database: PathBuf = seed::past(&bench.folder, orders, customers)?;
    let links = page::links(&database)?;
    let script = page::script(&bench.folder, &links)?;
    let shop = Shop::start(shop::sqlite_url(&database), Some(arrivals.mail_url()), customers)?;
    let pid = shop.pid()?;
    let (seconds, span) = bench.pick((5, Duration::from_secs(8)), (2, Duration::from_secs(2)));
    let _warm = wrk::run(&shop.app.url(), page::CONNECTIONS, 1, Some(&script))?;
    let page_cpu = machine::cpu_s(pid);
    let pages = wrk::run(&shop.app.url(), page::CONNECTIONS, seconds, Some(&script))?;
    let page_cpu = machine::cpu_s(pid) - page_cpu;
    let before = machine::cpu_s(pid);
    let answers = load::run(shop.app.port(), 32, Pace::Closed(span), *first, &|number| shop.webhook(number))?;
    let taken: Vec<u64> = answers
        .all
        .iter()
        .filter(|answered| answered.status == 200)
        .map(|answered| answered.number)
        .collect();
    let last_us = arrivals.wait_for_all(&taken)?;
    let cpu_us = (machine::cpu_s(pid) - before) * 1e6 / taken.len() as f64;
    let began_us = answers.all.iter().map(|answered| answered.due_us).min().unwrap_or_default();
    let rate = taken.len() as f64 * 1e6 / last_us.saturating_sub(began_us).max(1) as f64;
    *first += answers.all.len() as u64 + 64;
    let page_us = page_cpu * 1e6 / (pages.per_second * f64::from(seconds));
    Ok(Step { orders, cpu_us, rate, page_p99_ms: pages.p99_ms, page_us })
}

fn section(steps: &[Step]) -> Section {
    let growth = |of: fn(&Step) -> f64| most_growth(&steps.iter().map(of).collect::<Vec<_>>());
    let span = match steps {
        [first, .., last] => format!("from {} to {} orders stored", first.orders, last.orders),
        _ => String::new(),
    };
    let figure = |what: &str, value: f64| {
        Figure::new(&format!("{what}, {span}"), Spread::single(value), "×", "the smallest shop")
            .floor(Bound::AtMost(1.5))
    };
    let figures = vec![
        figure("most growth of the processor time of an order", growth(|step| step.cpu_us)),
        figure("most growth of the page's 99th percentile", growth(|step| step.page_p99_ms)),
    ];
    let row = |step: &Step| {
        vec![
            step.orders.to_string(),
            format!("{:.0}", step.cpu_us),
            format!("{:.0}", step.rate),
            format!("{:.0}", step.page_us),
            format!("{:.2}", step.page_p99_ms),
        ]
    };
    let head = ["orders stored", "µs an order, all of it", "orders per second", "µs a page", "page p99, ms"];
    let table = Table {
        caption: "At each size, in one process over SQLite.".to_owned(),
        head: head.map(str::to_owned).to_vec(),
        rows: steps.iter().map(row).collect(),
    };
    let line = |name: &str, of: fn(&Step) -> f64| (name.to_owned(), steps.iter().map(of).collect());
    let plots = vec![Plot::Lines {
        title: "Processor time as a shop grows, in µs".to_owned(),
        steps: steps.iter().map(|step| step.orders.to_string()).collect(),
        lines: vec![
            line("an order, all of it", |step| step.cpu_us),
            line("an order page", |step| step.page_us),
        ],
    }];
    let about = vec![
        "The past is made as an import makes it, with a sent message and its event for each order, and three orders a customer. \
         Then pages of random orders are asked for, and orders come in over 32 connections until each is confirmed."
            .to_owned(),
    ];
    let title = "How costs grow".to_owned();
    Section { title, about, figures, tables: vec![table], plots, ..Section::default() }
}

/// How many times the smallest shop's the dearest of all sizes is.
fn most_growth(values: &[f64]) -> f64 {
    let Some(smallest) = values.first() else { return 1.0 };
    values.iter().map(|value| value / smallest).fold(1.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_in_between_that_is_the_dearest_counts() {
        assert_eq!(most_growth(&[8.0, 12.0, 10.0]), 1.5);
        assert_eq!(most_growth(&[8.0, 10.0, 12.0]), 1.5);
        assert_eq!(most_growth(&[8.0, 6.0, 4.0]), 1.0);
        assert_eq!(most_growth(&[]), 1.0);
    }
}
