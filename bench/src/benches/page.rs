//! The order page, asked for by the signed links of many orders.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use kernel::{Clock, Error, Keys, Result, SystemClock, Timestamp};
use orders::OrderId;
use orders::OrderLink;

use crate::anchors::nginx::Nginx;
use crate::anchors::wrk;
use crate::load::{self, Pace};
use crate::protocol::{Bench, Contender, Measured, Rests, Round, compare, measured, ratio, spread};
use crate::report::{Bound, Figure, Plot, Section};
use crate::seed;
use crate::shop::{self, Shop};
use crate::stats::Spread;
use crate::{clock, machine};

/// Connections that pages are asked for over.
pub const CONNECTIONS: u32 = 16;
/// As many different pages are asked for.
pub const LINKS: usize = 100_000;

/// Runs it.
pub fn run(bench: &mut Bench) -> Result<Section> {
    let (orders, customers) = bench.pick((300_000, 100_000), (10_000, 5_000));
    let past = seed::past(&bench.folder, orders, customers)?;
    let database = shop::copy_of(&past, &bench.folder, "page")?;
    let links = links(&database)?;
    let shop = Shop::start(shop::sqlite_url(&database), None, customers)?;
    let page = shop.app.get(&links[0], &[]);
    if page.status != 200 {
        return Err(Error::internal(format!("the order page answers {}", page.status)));
    }
    let nginx = Nginx::start(&page.body)?;
    let script = script(&bench.folder, "page", &links)?;
    let seconds = bench.pick(6, 2);
    let pid = shop.pid()?;
    let url = shop.app.url();
    let rounds = compare(
        bench,
        Rests::OnTheProcessor,
        &mut [
            Contender { name: "nginx", run: Box::new(|| asked(&nginx.url(), seconds, None, None)) },
            Contender { name: "page", run: Box::new(|| asked(&url, seconds, Some(&script), Some(pid))) },
        ],
    )?;
    let stale = staleness(bench, &shop)?;
    let leaks = strangers(&shop)?;
    let figures = figures(&rounds, page.body.len(), stale, leaks);
    let plots = vec![Plot::Bars {
        title: "Pages per second over 16 connections".to_owned(),
        bars: vec![
            ("nginx, a file of that size".to_owned(), spread(&rounds, "nginx", "rate")),
            ("order pages, random orders".to_owned(), spread(&rounds, "page", "rate")),
        ],
        goals: vec![("floor, 0.6 ×".to_owned(), 0.6 * spread(&rounds, "nginx", "rate").median)],
    }];
    let about = vec![format!(
        "`wrk -t2 -c16` asks for the pages of {} random orders out of {orders}, each by its own signed link, while nothing is \
         written. The anchor is nginx with a static file of the same {} bytes. Then a writer changes orders and reads each page \
         right after its change was answered: a page that shows the version before is stale.",
        links.len(),
        page.body.len()
    )];
    let title = "The order page (G4)".to_owned();
    Ok(Section { title, about, figures, plots, rounds, ..Section::default() })
}

fn asked(url: &str, seconds: u32, script: Option<&Path>, pid: Option<u32>) -> Result<Measured> {
    let _warm = wrk::run(url, CONNECTIONS, 1, script)?;
    let before = pid.map(machine::cpu_s);
    let said = wrk::run(url, CONNECTIONS, seconds, script)?;
    if said.failed > 0 {
        return Err(Error::internal(format!("{} answers of {url} were none", said.failed)));
    }
    let mut found = measured([("rate", said.per_second), ("p50_ms", said.p50_ms), ("p99_ms", said.p99_ms)]);
    if let Some((pid, before)) = pid.zip(before) {
        let pages = said.per_second * f64::from(seconds);
        found.insert("cpu_us".to_owned(), (machine::cpu_s(pid) - before) * 1e6 / pages);
    }
    Ok(found)
}

/// Paths of the pages of orders all over the table.
pub fn links(database: &Path) -> Result<Vec<String>> {
    let failed = |error: rusqlite::Error| Error::internal(format!("the orders of the past: {error}"));
    let db = rusqlite::Connection::open(database).map_err(failed)?;
    let mut statement = db.prepare("SELECT id FROM orders ORDER BY fingerprint LIMIT ?1").map_err(failed)?;
    let ids = statement.query_map([LINKS as i64], |row| row.get::<_, String>(0)).map_err(failed)?;
    let ids = ids.collect::<rusqlite::Result<Vec<_>>>().map_err(failed)?;
    paths_of(ids)
}

/// The paths of the pages of these orders.
pub fn paths_of(ids: Vec<String>) -> Result<Vec<String>> {
    let (keys, now) = (Keys::parse(rig::app::SECRET)?, SystemClock.now());
    Ok(ids.into_iter().map(|id| path_of(&keys, id, now)).collect())
}

fn path_of(keys: &Keys, id: String, now: Timestamp) -> String {
    format!("/o/{}", OrderLink::new(OrderId::stored(id), now).token(keys))
}

/// A script for `wrk`, by a name of its own in the folder, that asks for one of these paths, by chance, each time.
pub fn script(folder: &Path, name: &str, paths: &[String]) -> Result<PathBuf> {
    let (list, script) = (folder.join(format!("{name}.txt")), folder.join(format!("{name}.lua")));
    let lua = format!(
        "local paths = {{}}\nfor line in io.lines('{}') do paths[#paths + 1] = line end\nlocal seed = 0\n\
         function setup(thread) seed = seed + 1; thread:set('seed', seed) end\n\
         function init(args) math.randomseed(seed) end\n\
         function request() return wrk.format('GET', paths[math.random(#paths)]) end\n",
        list.display()
    );
    let failed = |error: std::io::Error| Error::internal(format!("the script for wrk: {error}"));
    std::fs::write(&list, paths.join("\n")).map_err(failed)?;
    std::fs::write(&script, lua).map_err(failed)?;
    Ok(script)
}

/// Changes an order again and again and looks at its page right after each change was answered, while others read it
/// too: how many pages were behind.
fn staleness(bench: &Bench, shop: &Shop) -> Result<u64> {
    let (changes, over) = (bench.pick(500, 50), AtomicBool::new(false));
    let path = change(shop, 0)?;
    let read = |_: u64| format!("GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n").into_bytes();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !over.load(Ordering::SeqCst) {
                // Readers that fail are the matter of `asked`.
                let _ = load::run(shop.app.port(), 4, Pace::Closed(Duration::from_millis(200)), 0, &read);
            }
        });
        let behind = (1..=changes).try_fold(0, |behind, version| {
            change(shop, version)?;
            let page = shop.app.get(&path, &[]).text();
            Ok(behind + u64::from(!page.contains(&total_shown(version))))
        });
        over.store(true, Ordering::SeqCst);
        behind
    })
}

/// Tells version `version` of one order, with a total of its own; the path of its page.
fn change(shop: &Shop, version: u64) -> Result<String> {
    // Versions of an order are told apart by their time.
    clock::wait(Duration::from_millis(2));
    let answer = shop.post_version(seed::FIRST_NEW, version);
    let url = answer["url"].as_str().unwrap_or_default();
    let path = url.find("/o/").map(|at| url[at..].to_owned());
    path.ok_or_else(|| Error::internal(format!("a change was answered with {answer}")))
}

/// The total of that version as the page writes it.
fn total_shown(version: u64) -> String {
    let pence = shop::total(version);
    format!("£{}.{:02}", pence / 100, pence % 100)
}

/// Links that we have not signed: how many open a page. All but the last characters are those of a good link.
fn strangers(shop: &Shop) -> Result<u64> {
    let good = change(shop, 1_000)?;
    let opened = (0..10_000_u64).map(|nth| {
        let forged = format!("{}{:06}", &good[..good.len() - 6], nth);
        format!("GET {forged} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n").into_bytes()
    });
    let forged: Vec<Vec<u8>> = opened.collect();
    let next = |number: u64| forged[number as usize % forged.len()].clone();
    let answers = load::run(shop.app.port(), 8, Pace::Closed(Duration::from_secs(1)), 0, &next)?;
    Ok(answers.all.iter().filter(|answered| answered.status != 404).count() as u64)
}

fn figures(rounds: &[Round], bytes: usize, stale: u64, opened: u64) -> Vec<Figure> {
    let times = |what: &str| ratio(rounds, ("page", what), ("nginx", what));
    let of = |who: &str, what: &str| spread(rounds, who, what);
    let nginx = format!("nginx, {bytes} bytes: {:.0} per second", of("nginx", "rate").median);
    let nginx_p99 = format!("nginx {:.2} ms", of("nginx", "p99_ms").median);
    let count = |what: &str, value: u64, beside: &str| {
        Figure::new(what, Spread::single(value as f64), "", beside).floor(Bound::AtMost(0.0))
    };
    vec![
        Figure::new(
            "G4a order pages, times a static file of nginx",
            times("rate"),
            "×",
            "nginx, the same bytes",
        )
        .floor(Bound::AtLeast(0.6))
        .moonshot(Bound::AtLeast(1.0)),
        Figure::new("order pages", of("page", "rate"), "per second", &nginx),
        Figure::new("G4b 99th percentile, times nginx's", times("p99_ms"), "×", &nginx_p99)
            .floor(Bound::AtMost(1.5)),
        Figure::new("processor time of a page", of("page", "cpu_us"), "µs", ""),
        count(
            "G4c pages that were behind a change already answered",
            stale,
            "each change read at once, readers beside",
        ),
        count(
            "forged links that opened something",
            opened,
            "the last six characters of a good link exchanged",
        ),
    ]
}
