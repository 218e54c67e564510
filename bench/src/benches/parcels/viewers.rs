//! The page of an order with a parcel while two hundred look at theirs at once, beside a static file of that size.

use std::path::Path;
use std::time::Duration;

use kernel::{Error, Result};
use rig::app::{App, Settings};
use rig::postgres::Cluster;

use super::super::{page, staff};
use super::fill::{self, Shape};
use super::weight;
use crate::anchors::nginx::Nginx;
use crate::anchors::wrk;
use crate::load::{self, Pace};
use crate::protocol::{Bench, Contender, Measured, Rests, Round, compare, measured, ratio, spread};
use crate::report::{Figure, Section, Table};
use crate::shop;
use crate::stats::Spread;

/// Connections that are kept open, each a viewer.
const VIEWERS: u32 = 200;
/// Scans of each parcel, and of one that has come a long way.
const SCANS: i64 = 6;
const LONG_WAY: i64 = 60;
/// With more answers than this that are no pages, latencies are not those of pages.
const FEW_PERCENT: f64 = 1.0;
const NGINX: &str = "nginx";
/// The contender, and its engine.
const PAGES: [(&str, &str); 2] = [("page", "SQLite"), ("page on PostgreSQL", "PostgreSQL")];

fn shape(bench: &Bench) -> Shape {
    Shape { parcels: bench.pick(100_000, 2_000), scans: SCANS, last: LONG_WAY, messages: true }
}

/// What is done.
pub fn about(bench: &Bench) -> String {
    format!(
        "*The page.* {} orders with a parcel of {SCANS} scans and the message that confirmed each, on either engine; the pages of \
         random ones are asked for, each by its own signed link, over {VIEWERS} connections. *At once*: `wrk -t2 -c{VIEWERS}`, each \
         asking again as soon as it was answered; what is more at once than the program lets in is told to come back (503), and stands \
         in the percentiles too. *One a second*: each viewer looks again after a second, and latency counts from the due time. The anchor is \
         nginx with a static file of the same size, in the same rounds. The budget is that of a customer's page: 8 KiB of HTML and \
         7 KiB of stylesheets, compressed, and five requests.",
        shape(bench).parcels
    )
}

/// Fills two shops, looks at their pages and weighs one.
pub fn run(bench: &mut Bench, cluster: &Cluster) -> Result<Section> {
    let shape = shape(bench);
    let sqlite = open(shop::sqlite_url(&bench.folder.join("viewers.db")), shape)?;
    let postgres = open(cluster.url("viewers"), shape)?;
    // The last one has come a long way.
    let ids = (0..=shape.parcels.unsigned_abs()).map(|number| staff::id("ord", number));
    let mut paths = page::paths_of(ids.collect())?;
    let long_way = paths.pop().unwrap_or_default();
    let body = sqlite.get(&paths[0], &[]);
    if body.status != 200 || !body.text().contains("Leeds Mail Centre") {
        return Err(Error::internal(format!("the order page answers {}: {}", body.status, body.text())));
    }
    let nginx = Nginx::start(&body.body)?;
    let rounds = rounds(bench, &nginx, [&sqlite, &postgres], &paths)?;
    let pieces =
        weight::weigh(&sqlite, &bench.folder, &[("six scans", &paths[0]), ("sixty scans", &long_way)])?;
    let figures = [figures(&rounds, body.body.len()), weight::figures(&pieces)].concat();
    let tables = vec![table(&rounds), weight::table(&pieces)];
    Ok(Section { figures, tables, rounds, ..Section::default() })
}

/// The program over a shop that is filled. What it has to do when it starts is over before the first round, which waits
/// for a quiet machine.
fn open(url: String, shape: Shape) -> Result<App> {
    fill::fill(&url, shape)?;
    Ok(App::start(Settings { database_url: Some(url), env: shop::environment(), ..Settings::default() }))
}

fn rounds(bench: &mut Bench, nginx: &Nginx, apps: [&App; 2], paths: &[String]) -> Result<Vec<Round>> {
    let script = page::script(&bench.folder, "parcels", paths)?;
    let (span, script) = (bench.pick(6, 2), script.as_path());
    let anchor = vec![Nginx::PAGE.to_owned()];
    let file = Site { port: nginx.port(), url: nginx.url(), script: None, paths: &anchor };
    let mut contenders = vec![Contender { name: NGINX, run: Box::new(|| file.seen(span)) }];
    for ((name, _), app) in PAGES.into_iter().zip(apps) {
        let site = Site { port: app.port(), url: app.url(), script: Some(script), paths };
        contenders.push(Contender { name, run: Box::new(move || site.seen(span)) });
    }
    compare(bench, Rests::OnTheProcessor, &mut contenders)
}

/// Whose pages are looked at.
struct Site<'a> {
    port: u16,
    url: String,
    script: Option<&'a Path>,
    paths: &'a [String],
}

impl Site<'_> {
    /// At once, and then one a second.
    fn seen(&self, seconds: u32) -> Result<Measured> {
        let _warm = wrk::run(&self.url, VIEWERS, 1, self.script)?;
        let said = wrk::run(&self.url, VIEWERS, seconds, self.script)?;
        let pace = Pace::Open(f64::from(VIEWERS), Duration::from_secs(u64::from(seconds)));
        let answers = load::run(self.port, VIEWERS as usize, pace, 0, &|number| self.request(number))?;
        let all = answers.all.len();
        let failed_a_second = said.failed as f64 / f64::from(seconds);
        Ok(measured([
            ("rate", said.per_second - failed_a_second),
            ("p50_ms", said.p50_ms),
            ("p99_ms", said.p99_ms),
            ("turned_away_percent", percent(failed_a_second, said.per_second)),
            ("paced_p50_ms", answers.latency_ms(50.0)),
            ("paced_p99_ms", answers.latency_ms(99.0)),
            ("paced_turned_away_percent", percent((all - answers.good()) as f64, all as f64)),
        ]))
    }

    /// Pages all over the table, and not in order.
    fn request(&self, number: u64) -> Vec<u8> {
        let path = &self.paths[(number as usize * 7_919) % self.paths.len()];
        format!("GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n").into_bytes()
    }
}

fn percent(some: f64, all: f64) -> f64 {
    100.0 * some / all.max(1.0)
}

/// The ratios, each beside nginx of the same rounds.
fn figures(rounds: &[Round], bytes: usize) -> Vec<Figure> {
    let both = PAGES.into_iter().flat_map(|(name, engine)| {
        let title = |words: &str| format!("order page with a parcel, {VIEWERS} viewers, {words}, {engine}");
        let times = |words: &str, what: &str| {
            let nginx = format!("nginx, {bytes} bytes: {:.2} ms", spread(rounds, NGINX, what).median);
            let title = title(&format!("{words}, times nginx's"));
            Figure::new(&title, ratio(rounds, (name, what), (NGINX, what)), "×", &nginx)
        };
        let turned_away = spread(rounds, name, "turned_away_percent");
        let at_once = match turned_away.median {
            few if few <= FEW_PERCENT => {
                vec![times("at once: 99th percentile", "p99_ms"), times("at once: median", "p50_ms")]
            }
            // How fast somebody is turned away says nothing about pages.
            _ => vec![Figure::new(&title("at once: told to come back"), turned_away, "%", "of all answers")],
        };
        let paced = vec![
            times("one a second: 99th percentile", "paced_p99_ms"),
            times("one a second: median", "paced_p50_ms"),
        ];
        [paced, at_once].concat()
    });
    both.collect()
}

fn table(rounds: &[Round]) -> Table {
    let cell = |who: &str, what: &str| {
        let Spread { median, min, max } = spread(rounds, who, what);
        format!("{median:.2} ({min:.2}–{max:.2})")
    };
    let columns = [
        ("one a second: median, ms", "paced_p50_ms"),
        ("99th percentile, ms", "paced_p99_ms"),
        ("told to come back, %", "paced_turned_away_percent"),
        ("at once: median, ms", "p50_ms"),
        ("99th percentile, ms", "p99_ms"),
        ("pages per second", "rate"),
        ("told to come back, %", "turned_away_percent"),
    ];
    let row = |(words, who): (&str, &str)| {
        let cells = columns.map(|(_, what)| cell(who, what));
        [vec![words.to_owned()], cells.to_vec()].concat()
    };
    let rows = [
        ("nginx, a file of that size", NGINX),
        ("order pages, SQLite", PAGES[0].0),
        ("order pages, PostgreSQL", PAGES[1].0),
    ];
    let head = [vec![String::new()], columns.map(|(words, _)| words.to_owned()).to_vec()].concat();
    Table { caption: format!("Over {VIEWERS} connections."), head, rows: rows.map(row).to_vec() }
}
