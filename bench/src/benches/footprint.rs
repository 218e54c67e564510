//! What the program weighs, how fast it is there, and what it needs while it does nothing.

use std::path::Path;
use std::time::Duration;

use kernel::{Error, Result};
use rig::app::{App, Settings, binary};
use rig::process;

use crate::anchors::hello;
use crate::protocol::{Bench, Contender, Measured, Rests, Round, compare, measured, ratio, spread};
use crate::report::{Bound, Figure, Plot, Section};
use crate::stats::{self, Spread};
use crate::{clock, machine, seed, shop};

/// Starts of each in a round.
const STARTS: usize = 3;
/// How long nothing is done before memory is looked at.
const IDLE_FOR: Duration = Duration::from_secs(10);

/// Runs it.
pub fn run(bench: &mut Bench) -> Result<Section> {
    let past = seed::past(&bench.folder, bench.pick(100_000, 10_000), bench.pick(30_000, 5_000))?;
    let database = shop::copy_of(&past, &bench.folder, "footprint")?;
    let rounds = starts(bench, &database)?;
    let idle = idle(&database, bench.pick(IDLE_FOR, Duration::from_secs(2)))?;
    let first_run = first_run()?;
    let size_mb = mb(&binary())?;
    let hello_mb = mb(&hello::binary()?)?;
    let figures = figures(&rounds, &idle, first_run, size_mb, hello_mb);
    let bar = |name: &str, who: &str| (name.to_owned(), spread(&rounds, who, "ready_ms"));
    let plots = vec![Plot::Bars {
        title: "Milliseconds from exec to the first answer".to_owned(),
        bars: vec![bar("hello-world", "hello"), bar("Aftercare, /healthz", "aftercare")],
        goals: vec![("floor, 5 ×".to_owned(), 5.0 * spread(&rounds, "hello", "ready_ms").median)],
    }];
    let about = vec![
        "From the moment a process is started to its first 200 on `/healthz`, asked for every quarter of a millisecond; \
         the migrations have been applied and the database holds a past. The anchor is one word over the same HTTP library, \
         built with the same settings. Memory is looked at after the program has done nothing for ten seconds."
            .to_owned(),
    ];
    let title = "Footprint (G8)".to_owned();
    Ok(Section { title, about, figures, plots, rounds, ..Section::default() })
}

fn starts(bench: &mut Bench, database: &Path) -> Result<Vec<Round>> {
    compare(
        bench,
        Rests::OnTheProcessor,
        &mut [
            Contender { name: "hello", run: Box::new(|| median_start(start_hello)) },
            Contender { name: "aftercare", run: Box::new(|| median_start(|| start_app(database))) },
        ],
    )
}

fn median_start(mut start: impl FnMut() -> Result<f64>) -> Result<Measured> {
    let took = (0..STARTS).map(|_| start()).collect::<Result<Vec<_>>>()?;
    Ok(measured([("ready_ms", stats::percentile(took, 50.0))]))
}

fn start_hello() -> Result<f64> {
    let port = process::free_port();
    let began = clock::now();
    let _server = hello::start(port)?;
    ready_ms(port, began)
}

fn start_app(database: &Path) -> Result<f64> {
    let app = App::idle(settings(database));
    let began = clock::now();
    app.launch(&[]);
    ready_ms(app.port(), began)
}

fn settings(database: &Path) -> Settings {
    let database_url = Some(shop::sqlite_url(database));
    Settings { database_url, env: shop::environment(), ..Settings::default() }
}

/// Milliseconds until `/healthz` answers 200.
fn ready_ms(port: u16, began: std::time::Instant) -> Result<f64> {
    const PATIENCE: Duration = Duration::from_secs(30);
    while began.elapsed() < PATIENCE {
        let answer = rig::app::http::request(port, "GET", "/healthz", &[], b"");
        if answer.is_ok_and(|answer| answer.status == 200) {
            return Ok(began.elapsed().as_secs_f64() * 1_000.0);
        }
        clock::wait(Duration::from_micros(250));
    }
    Err(Error::internal("the program does not answer"))
}

/// With an empty folder: all migrations, and a secret is made.
fn first_run() -> Result<f64> {
    let app = App::idle(Settings::default());
    let began = clock::now();
    app.launch(&[]);
    ready_ms(app.port(), began)
}

/// Memory and processor time of a program that has nothing to do.
fn idle(database: &Path, span: Duration) -> Result<Measured> {
    let app = App::start(settings(database));
    let pid = app.pid().ok_or_else(|| Error::internal("the program has ended"))?;
    let before = machine::cpu_s(pid);
    clock::wait(span);
    let cpu_percent = (machine::cpu_s(pid) - before) / span.as_secs_f64() * 100.0;
    Ok(measured([
        ("rss_anon_mb", machine::rss_anon_mb(pid)),
        ("rss_mb", machine::rss_mb(pid)),
        ("cpu_percent", cpu_percent),
    ]))
}

fn mb(path: &Path) -> Result<f64> {
    let size =
        std::fs::metadata(path).map_err(|error| Error::internal(format!("{}: {error}", path.display())))?;
    Ok(size.len() as f64 / 1e6)
}

fn figures(rounds: &[Round], idle: &Measured, first_run: f64, size_mb: f64, hello_mb: f64) -> Vec<Figure> {
    let times = ratio(rounds, ("aftercare", "ready_ms"), ("hello", "ready_ms"));
    let of_idle = |what: &str| Spread::single(idle.get(what).copied().unwrap_or_default());
    let hello = format!("hello-world {:.1} ms", spread(rounds, "hello", "ready_ms").median);
    let hello_size = format!("hello-world {hello_mb:.1} MB");
    vec![
        Figure::new("G8 cold start, times a hello-world of the same server", times, "×", "hello-world")
            .floor(Bound::AtMost(5.0)),
        Figure::new("cold start", spread(rounds, "aftercare", "ready_ms"), "ms", &hello),
        Figure::new("first start of all, with every migration", Spread::single(first_run), "ms", "")
            .floor(Bound::AtMost(150.0)),
        Figure::new("G8 RssAnon, idle", of_idle("rss_anon_mb"), "MB", "listmonk: 57 MB at its peak")
            .floor(Bound::AtMost(20.0))
            .moonshot(Bound::AtMost(12.0)),
        Figure::new("VmRSS, idle", of_idle("rss_mb"), "MB", "").floor(Bound::AtMost(40.0)),
        Figure::new("processor, idle", of_idle("cpu_percent"), "%", "of one").floor(Bound::AtMost(0.1)),
        Figure::new("G8 binary, as it is installed", Spread::single(size_mb), "MB", &hello_size)
            .floor(Bound::AtMost(25.0))
            .moonshot(Bound::AtMost(15.0)),
    ]
}
