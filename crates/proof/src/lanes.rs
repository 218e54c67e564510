//! A purchase is confirmed while a campaign of a hundred thousand is on its way.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aftercare::Config;
use rig::keep_alive::Client;
use rig::now::{now_us, pause};
use rig::postgres::Cluster;
use rig::process::wait_for;
use rig::sink::{Look, Message, Options, Sink};

use crate::host;
use crate::shop::{Kind, Shop, guest, now, order};
use crate::verdict::percentile;
use crate::{Form, Result, Verdict};

/// What is promised.
const PROMISED_MS: u64 = 2_000;
const PURCHASES: u64 = 100;
const BETWEEN: Duration = Duration::from_millis(60);
const IN_THE_END: Duration = Duration::from_secs(60);

/// When the mail of each guest came to its final dot.
type Arrivals = Arc<Mutex<BTreeMap<Vec<u8>, u64>>>;

/// SQLite in the short form, and both engines in the long one.
pub fn run(form: Form, _seed: u64) -> Result<Verdict> {
    let mut verdict = Verdict::of("lanes");
    verdict.part(with_backlog("sqlite", None, 100_000)?);
    if form == Form::Long {
        let cluster = Cluster::start();
        verdict.part(with_backlog("postgres", Some(cluster.url("lanes")), 100_000)?);
    }
    Ok(verdict)
}

fn with_backlog(name: &str, database_url: Option<String>, backlog: u64) -> Result<Verdict> {
    let arrivals: Arrivals = Arc::default();
    let sink = Sink::start(Options { look: Some(noting(&arrivals)), ..Options::default() })?;
    let kind = Kind { with_offers: true, database_url, ..Kind::default() };
    let shop = Shop::open(&sink, &kind)?;
    let file = shop.file();
    shop.app.kill9();
    queue(&kind, &file, backlog)?;
    shop.app.restart();
    let sent_before = sink.messages();
    let acknowledged = buy(&shop)?;
    let all = || {
        let arrivals = arrivals.lock().unwrap_or_else(PoisonError::into_inner);
        acknowledged.keys().all(|number| arrivals.contains_key(guest(*number).as_bytes())).then_some(())
    };
    let arrived = wait_for(IN_THE_END, all).is_some();
    let sent = sink.messages() - sent_before;
    let mut waits_ms = waits(&acknowledged, &arrivals);
    let (half, most) = (percentile(&mut waits_ms, 50), percentile(&mut waits_ms, 99));
    let mut verdict = Verdict::of(name);
    verdict.figure("offers queued", backlog);
    verdict.figure("purchases", acknowledged.len());
    verdict.figure("offers sent meanwhile", sent.saturating_sub(acknowledged.len() as u64));
    verdict.figure("confirmed after, p50 ms", half);
    verdict.figure("p99 ms", most);
    verdict.must(arrived, || "some were never confirmed".to_owned());
    verdict.must(most <= PROMISED_MS, || format!("p99 is {most} ms, promised are {PROMISED_MS}"));
    verdict.must(sent > 2 * PURCHASES && sent < backlog, || {
        format!("{sent} sent: that is no backlog on its way")
    });
    Ok(verdict)
}

fn noting(arrivals: &Arrivals) -> Look {
    let arrivals = Arc::clone(arrivals);
    Arc::new(move |message: &Message<'_>| {
        if message.to.starts_with(b"guest") {
            let mut arrivals = arrivals.lock().unwrap_or_else(PoisonError::into_inner);
            arrivals.entry(message.to.to_vec()).or_insert(message.at_us);
        }
    })
}

/// Queues the backlog with the program's own keys: the links in its letters are signed by them.
fn queue(kind: &Kind, file: &std::path::Path, backlog: u64) -> Result<()> {
    let url = kind.database_url.clone().unwrap_or_else(|| format!("sqlite:{}", file.display()));
    let mut env = BTreeMap::from([("AFTERCARE_DATABASE_URL".to_owned(), url.clone())]);
    if url.starts_with("postgres") {
        env.insert("AFTERCARE_SECRET".to_owned(), rig::app::SECRET.to_owned());
    }
    Ok(host::queue_backlog(Config::load(None, &env)?, backlog)?)
}

/// Buys again and again; returns when each was acknowledged.
fn buy(shop: &Shop) -> Result<BTreeMap<u64, u64>> {
    let mut client = Client::new(shop.app.port());
    let mut acknowledged = BTreeMap::new();
    for number in 1..=PURCHASES {
        let answer = client.post_json("/v1/orders", &shop.key, &order(number, now()))?;
        if answer.status != 201 {
            return Err(format!("an order is answered with {}", answer.status).into());
        }
        acknowledged.insert(number, now_us());
        pause(BETWEEN);
    }
    Ok(acknowledged)
}

fn waits(acknowledged: &BTreeMap<u64, u64>, arrivals: &Arrivals) -> Vec<u64> {
    let arrivals = arrivals.lock().unwrap_or_else(PoisonError::into_inner);
    let wait = |(number, at_us): (&u64, &u64)| {
        let arrived = arrivals.get(guest(*number).as_bytes());
        arrived.map_or(IN_THE_END.as_millis() as u64, |arrived| arrived.saturating_sub(*at_us) / 1_000)
    };
    acknowledged.iter().map(wait).collect()
}
