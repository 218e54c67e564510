//! One, two and four processes on one PostgreSQL: what more of them bring, and what their collisions cost.

use std::time::Duration;

use kernel::{Error, Result};
use rig::postgres::Cluster;

use super::arrivals::Arrivals;
use crate::load::{self, Pace};
use crate::protocol::Bench;
use crate::report::{Figure, Plot, Section, Table};
use crate::seed::FIRST_NEW;
use crate::shop::Shop;
use crate::stats::Spread;

/// Customers of the load.
const CUSTOMERS: u64 = 30_000;

/// What was measured with so many nodes.
struct Step {
    nodes: usize,
    rate: f64,
    retries: f64,
}

/// Runs it.
pub fn run(bench: &mut Bench) -> Result<Section> {
    let cluster = Cluster::start_durable();
    let arrivals = Arrivals::start()?;
    let (mut steps, mut first) = (Vec::new(), FIRST_NEW);
    for nodes in [1, 2, 4] {
        let step = with(bench, &cluster, &arrivals, nodes, &mut first)?;
        eprintln!("  {nodes} nodes: {:.0} per second, {:.2} retries an order", step.rate, step.retries);
        steps.push(step);
    }
    arrivals.check()?;
    Ok(section(&steps))
}

fn with(
    bench: &Bench,
    cluster: &Cluster,
    arrivals: &Arrivals,
    nodes: usize,
    first: &mut u64,
) -> Result<Step> {
    let schema = format!("nodes_{nodes}");
    let start = |_| Shop::start(cluster.url(&schema), Some(arrivals.mail_url()), CUSTOMERS);
    let shops = (0..nodes).map(start).collect::<Result<Vec<Shop>>>()?;
    let span = bench.pick(Duration::from_secs(6), Duration::from_secs(2));
    let before = shops.iter().map(retries).sum::<Result<f64>>()?;
    let firsts: Vec<u64> = (0..nodes as u64).map(|node| *first + node * 500_000).collect();
    let each = |shop: &Shop, first: u64| {
        load::run(shop.app.port(), 32 / nodes, Pace::Closed(span), first, &|number| shop.webhook(number))
    };
    let answers = std::thread::scope(|scope| {
        let loads: Vec<_> =
            shops.iter().zip(firsts).map(|(shop, first)| scope.spawn(move || each(shop, first))).collect();
        let ended =
            loads.into_iter().map(|load| load.join().map_err(|_| Error::internal("a load has failed")));
        ended.map(|ended| ended.and_then(|answers| answers)).collect::<Result<Vec<_>>>()
    })?;
    let all: Vec<_> = answers.iter().flat_map(|answers| &answers.all).collect();
    let taken: Vec<u64> =
        all.iter().filter(|answered| answered.status == 200).map(|answered| answered.number).collect();
    let last_us = arrivals.wait_for_all(&taken)?;
    let began_us = all.iter().map(|answered| answered.due_us).min().unwrap_or_default();
    let rate = taken.len() as f64 * 1e6 / last_us.saturating_sub(began_us).max(1) as f64;
    let retries = (shops.iter().map(retries).sum::<Result<f64>>()? - before) / taken.len() as f64;
    *first += 50_000;
    Ok(Step { nodes, rate, retries })
}

/// Writes that were run again after a conflict, as the program counts them.
fn retries(shop: &Shop) -> Result<f64> {
    let page = shop.app.get("/metrics", &[]).text();
    let line = page.lines().find_map(|line| line.strip_prefix("aftercare_db_retries_total "));
    let count = line.and_then(|count| count.trim().parse().ok());
    count.ok_or_else(|| Error::internal("/metrics does not tell the retries"))
}

fn section(steps: &[Step]) -> Section {
    let one = steps.first().map_or(1.0, |step| step.rate);
    let figures = steps.iter().map(|step| {
        let beside =
            format!("{:.2} × one node; {:.3} writes run again per order", step.rate / one, step.retries);
        let what = format!("orders confirmed by {} nodes on one PostgreSQL", step.nodes);
        Figure::new(&what, Spread::single(step.rate), "per second", &beside)
    });
    let rows = steps.iter().map(|step| {
        vec![step.nodes.to_string(), format!("{:.0}", step.rate), format!("{:.3}", step.retries)]
    });
    let table = Table {
        caption: "All nodes, the server, the load and the sink share the machine's processors.".to_owned(),
        head: ["nodes", "orders per second", "writes run again per order"].map(str::to_owned).to_vec(),
        rows: rows.collect(),
    };
    let plots = vec![Plot::Bars {
        title: "Orders confirmed per second on one PostgreSQL".to_owned(),
        bars: steps.iter().map(|step| (format!("{} nodes", step.nodes), Spread::single(step.rate))).collect(),
        goals: Vec::new(),
    }];
    let about = vec![
        "Each node is a whole program (`--role all`) with connections of its own; the same 32 connections of load are shared out among them. Every order is confirmed once, whichever node sends it."
            .to_owned(),
    ];
    let title = "Several nodes on one PostgreSQL".to_owned();
    Section { title, about, figures: figures.collect(), tables: vec![table], plots, ..Section::default() }
}
