//! `POST /v1/orders` beside the same statements without HTTP.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use aftercare::Config;
use aftercare::house::{House, Setting};
use kernel::{Clock, Error, Result, SystemClock};
use tokio::sync::watch;

use super::arrivals::Arrivals;
use crate::clock;
use crate::load::{self, Pace};
use crate::protocol::{Bench, Contender, Measured, Rests, compare, measured, ratio, spread};
use crate::report::{Bound, Figure, Section};
use crate::seed::{self, FIRST_NEW};
use crate::shop::{self, Shop};

/// Connections, and callers without HTTP.
const CALLERS: usize = 64;
/// Where the numbers of orders without HTTP begin.
const FIRST_DIRECT: u64 = FIRST_NEW + 2_000_000;

/// Runs it.
pub fn run(bench: &mut Bench) -> Result<Section> {
    let (orders, customers) = bench.pick((100_000, 30_000), (10_000, 5_000));
    let past = seed::past(&bench.folder, orders, customers)?;
    let arrivals = Arrivals::start()?;
    let by_http = shop::copy_of(&past, &bench.folder, "direct-http")?;
    let without = shop::copy_of(&past, &bench.folder, "direct")?;
    let shop = Shop::start(shop::sqlite_url(&by_http), Some(arrivals.mail_url()), customers)?;
    let span = bench.pick(Duration::from_secs(5), Duration::from_secs(3));
    let (mut next, mut next_direct) = (FIRST_NEW, FIRST_DIRECT);
    let rounds = compare(
        bench,
        Rests::OnTheDisk,
        &mut [
            Contender {
                name: "POST /v1/orders",
                run: Box::new(|| {
                    let answers = load::run(shop.app.port(), CALLERS, Pace::Closed(span), next, &|n| {
                        shop.api_order(n)
                    })?;
                    next += answers.all.len() as u64 + CALLERS as u64;
                    let taken = answers.all.iter().filter(|answered| answered.status == 201);
                    arrivals.wait_for_all(&taken.map(|answered| answered.number).collect::<Vec<_>>())?;
                    Ok(measured([("rate", answers.per_second()), ("p99_ms", answers.latency_ms(99.0))]))
                }),
            },
            Contender {
                name: "direct",
                run: Box::new(|| {
                    let (found, after) = direct(&without, &arrivals, customers, next_direct, span)?;
                    next_direct = after;
                    Ok(found)
                }),
            },
        ],
    )?;
    arrivals.check()?;
    let times = ratio(&rounds, ("POST /v1/orders", "rate"), ("direct", "rate"));
    let of = |who: &str, what: &str| spread(&rounds, who, what);
    let figures = vec![
        Figure::new("orders answered by POST /v1/orders, times direct, 64 connections", times, "×", "direct")
            .floor(Bound::AtLeast(0.5)),
        Figure::new("POST /v1/orders", of("POST /v1/orders", "rate"), "per second", ""),
        Figure::new("its 99th percentile", of("POST /v1/orders", "p99_ms"), "ms", "64 requests at once"),
        Figure::new("direct: `orders::take`, 64 callers", of("direct", "rate"), "per second", ""),
    ];
    let about = vec![
        "Each connection posts an order of six lines as soon as its last one was answered. *Direct* is the same house in the \
         process of the benchmark: `orders::take` in the same writes, with the same durability and the same worker sending the \
         confirmations meanwhile, but no HTTP, no text of JSON to parse (each order is made as a JSON value and read \
         from that), no key and no idempotency key."
            .to_owned(),
    ];
    let title = "The API beside the same work without it".to_owned();
    Ok(Section { title, about, figures, rounds, ..Section::default() })
}

/// Takes orders in for a while: the rate, and the number that comes after them.
fn direct(
    database: &Path,
    arrivals: &Arrivals,
    customers: u64,
    first: u64,
    span: Duration,
) -> Result<(Measured, u64)> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Error::internal(error.to_string()))?;
    runtime.block_on(async {
        let house = house(database, &arrivals.mail_url())?;
        let (stop, stopping) = watch::channel(false);
        let working = tokio::spawn(house.runner().await?.serve(stopping));
        let next = Arc::new(AtomicU64::new(first));
        let began = clock::now();
        let callers: Vec<_> = (0..CALLERS)
            .map(|_| {
                let (house, next) = (house.clone(), next.clone());
                tokio::spawn(async move {
                    while began.elapsed() < span {
                        let number = next.fetch_add(1, Ordering::Relaxed);
                        take(&house, number, customers).await?;
                    }
                    Ok::<(), Error>(())
                })
            })
            .collect();
        for caller in callers {
            caller.await.map_err(|error| Error::internal(error.to_string()))??;
        }
        let took = began.elapsed();
        let after = next.load(Ordering::Relaxed);
        arrivals.wait_for_all(&(first..after).collect::<Vec<_>>())?;
        stop.send_replace(true);
        working.await.map_err(|error| Error::internal(error.to_string()))?;
        house.db.clone().close().await;
        Ok((measured([("rate", (after - first) as f64 / took.as_secs_f64())]), after))
    })
}

async fn take(house: &House, number: u64, customers: u64) -> Result<()> {
    let now = SystemClock.now();
    let order = orders::json::read(&shop::order(number, number % customers, now), now)?;
    house.db.write("bench.order", move |w| orders::take(w, &order)).await.map(drop)
}

fn house(database: &Path, mail_url: &str) -> Result<Arc<House>> {
    let mut env: BTreeMap<String, String> = shop::environment().into_iter().collect();
    env.insert("AFTERCARE_DATABASE_URL".to_owned(), shop::sqlite_url(database));
    env.insert("AFTERCARE_MAIL_URL".to_owned(), mail_url.to_owned());
    House::open(Config::load(None, &env)?, Setting::server()).map(Arc::new)
}
