//! An order comes in, and its confirmation is with the mail server.

use std::time::Duration;

use kernel::Result;
use rig::postgres::Cluster;

use super::arrivals::Arrivals;
use crate::anchors::{pgbench, postfix::Postfix, smtp_source};
use crate::load::{self, Answers, Pace};
use crate::machine;
use crate::protocol::{Bench, Contender, Measured, Rests, Round, compare, figure, measured, ratio, spread};
use crate::report::{Bound, Figure, Plot, Section, Table};
use crate::seed::{self, FIRST_NEW};
use crate::shop::{self, Shop};
use crate::stats::{self, Spread};

/// Connections that orders come in by.
const CONNECTIONS: usize = 32;
/// Orders a second at which latency is measured.
const STEADY: f64 = 1_000.0;
/// The share of what is confirmed at most at which latency is looked at too: a rate that the program keeps up.
const KEPT_UP: f64 = 0.6;
/// Orders a second of the burst.
const BURST: f64 = 20_000.0;
/// Connections of the burst. Each waits for its answer, so a burst takes as long as the answers do.
const BURST_CONNECTIONS: usize = 128;

/// A shop, its sink, and the number of its next order.
struct Stand<'a> {
    shop: &'a Shop,
    arrivals: &'a Arrivals,
    next: u64,
}

/// Runs all parts.
pub fn run(bench: &mut Bench) -> Result<Section> {
    let (orders, customers) = bench.pick((300_000, 100_000), (10_000, 5_000));
    let past = seed::past(&bench.folder, orders, customers)?;
    let database = shop::copy_of(&past, &bench.folder, "orders")?;
    let (arrivals, postfix) = (Arrivals::start()?, Postfix::start()?);
    let shop = Shop::start(shop::sqlite_url(&database), Some(arrivals.mail_url()), customers)?;
    let mut stand = Stand { shop: &shop, arrivals: &arrivals, next: FIRST_NEW };
    let _warm = stand.drain(Pace::Closed(Duration::from_secs(2)))?;
    let throughput = throughput(bench, &mut stand, &postfix)?;
    let kept_up = kept_up(bench, &mut stand, KEPT_UP * spread(&throughput, "aftercare", "rate").median)?;
    let steady = steady(bench, &mut stand)?;
    let tail = tail(bench, &mut stand)?;
    let burst = burst(bench, &mut stand)?;
    arrivals.check()?;
    drop(shop);
    let (rows, on_postgres) = on_postgres(bench, &arrivals, customers)?;
    let mut figures = throughput_figures(&throughput);
    figures.extend(steady_figures(&steady));
    figures.push(tail);
    figures.extend(burst);
    figures.extend(postgres_figures(&on_postgres));
    let plots = vec![rates_plot(&throughput, &on_postgres)];
    let tables = vec![rows, latency_table(&steady), kept_up];
    let about = about(orders, customers);
    let rounds = [throughput, steady, on_postgres].concat();
    let title = "Orders: from the webhook to the confirmation (G1)".to_owned();
    Ok(Section { title, about, figures, plots, tables, rounds, ..Section::default() })
}

fn about(orders: u64, customers: u64) -> Vec<String> {
    vec![
        format!(
            "A signed webhook with an order of six lines is posted to the program (one process, release build) over a database \
             that holds {orders} orders of {customers} customers. It is verified, stored and flushed before the 200; then the order is \
             taken in, the confirmation (HTML and text) decided, rendered, marked, handed over by SMTP and recorded. \
             An order counts when the sink has answered the final dot."
        ),
        "The anchor is Postfix in a private instance that flushes each message to its queue before it answers, fed by \
         `smtp-source -d -s 4 -l 10240`, and throws the mail away afterwards. F is the median flush of the round, S the time of \
         one message of `smtp-source` over one session into a sink of its own that only counts. Latency counts from the moment an order was *due*."
            .to_owned(),
    ]
}

impl Stand<'_> {
    /// Posts orders at a pace.
    fn post(&mut self, pace: Pace, connections: usize) -> Result<Answers> {
        let (shop, first) = (self.shop, self.next);
        let answers = load::run(shop.app.port(), connections, pace, first, &|number| shop.webhook(number))?;
        self.next = answers.all.iter().map(|answered| answered.number + 1).max().unwrap_or(first);
        Ok(answers)
    }

    /// Posts orders and waits until each one that was taken is confirmed: rate and processor time of the whole.
    fn drain(&mut self, pace: Pace) -> Result<(Answers, Measured)> {
        let pid = self.shop.pid()?;
        let before = machine::cpu_s(pid);
        let answers = self.post(pace, CONNECTIONS)?;
        let numbers = good(&answers);
        let last_us = self.arrivals.wait_for_all(&numbers)?;
        let began_us = answers.all.iter().map(|answered| answered.due_us).min().unwrap_or_default();
        let span_s = last_us.saturating_sub(began_us) as f64 / 1e6;
        let cpu_us = (machine::cpu_s(pid) - before) * 1e6;
        let orders = numbers.len() as f64;
        let found = measured([
            ("rate", orders / span_s),
            ("accepted", answers.per_second()),
            ("cpu_us", cpu_us / orders),
        ]);
        Ok((answers, found))
    }
}

/// The numbers of the orders that were taken.
fn good(answers: &Answers) -> Vec<u64> {
    let good = answers.all.iter().filter(|answered| answered.status == 200);
    good.map(|answered| answered.number).collect()
}

fn throughput(bench: &mut Bench, stand: &mut Stand<'_>, postfix: &Postfix) -> Result<Vec<Round>> {
    let (span, messages) = bench.pick((Duration::from_secs(6), 8_000), (Duration::from_secs(3), 2_000));
    compare(
        bench,
        Rests::OnTheDisk,
        &mut [
            Contender {
                name: "postfix",
                run: Box::new(|| {
                    Ok(measured([("rate", smtp_source::per_second(postfix.port(), 4, messages)?)]))
                }),
            },
            Contender {
                name: "aftercare",
                run: Box::new(|| stand.drain(Pace::Closed(span)).map(|(_, found)| found)),
            },
        ],
    )
}

fn throughput_figures(rounds: &[Round]) -> Vec<Figure> {
    let times = ratio(rounds, ("aftercare", "rate"), ("postfix", "rate"));
    let of = |what: &str| spread(rounds, "aftercare", what);
    vec![
        Figure::new("G1a orders confirmed, times Postfix's durable rate", times, "×", "Postfix, 4 sessions")
            .floor(Bound::AtLeast(2.0))
            .moonshot(Bound::AtLeast(4.0)),
        Figure::new("orders confirmed", of("rate"), "per second", &per_second(rounds, "postfix", "Postfix")),
        Figure::new("webhooks answered meanwhile", of("accepted"), "per second", ""),
        Figure::new("processor time of an order, all of it", of("cpu_us"), "µs", ""),
    ]
}

fn per_second(rounds: &[Round], who: &str, name: &str) -> String {
    format!("{name} {:.0} per second", spread(rounds, who, "rate").median)
}

/// At a steady thousand a second.
fn steady(bench: &mut Bench, stand: &mut Stand<'_>) -> Result<Vec<Round>> {
    let span = bench.pick(Duration::from_secs(10), Duration::from_secs(4));
    let messages = bench.pick(10_000, 3_000);
    // What the source sends is about no order: it goes to a sink of its own.
    let plain = rig::sink::Sink::start(rig::sink::Options::default());
    let plain = plain.map_err(|error| kernel::Error::internal(format!("the sink: {error}")))?;
    compare(
        bench,
        Rests::OnTheDisk,
        &mut [
            Contender {
                name: "smtp-source",
                run: Box::new(|| {
                    let rate = smtp_source::per_second(plain.address().port(), 1, messages)?;
                    Ok(measured([("message_ms", 1_000.0 / rate)]))
                }),
            },
            Contender { name: "aftercare", run: Box::new(|| latencies(stand, STEADY, span)) },
        ],
    )
}

/// Latencies from due to the sink's word, and to the answer to the webhook.
fn latencies(stand: &mut Stand<'_>, rate: f64, span: Duration) -> Result<Measured> {
    let (answers, found) = stand.drain(Pace::Open(rate, span))?;
    let confirmed = confirmed_ms(stand.arrivals, &answers);
    let at = |percent: f64| stats::percentile(confirmed.iter().copied(), percent);
    let mut all = measured([
        ("p50_ms", at(50.0)),
        ("p99_ms", at(99.0)),
        ("p999_ms", at(99.9)),
        ("answer_p50_ms", answers.latency_ms(50.0)),
        ("answer_p99_ms", answers.latency_ms(99.0)),
        ("answer_p999_ms", answers.latency_ms(99.9)),
    ]);
    all.extend(found);
    Ok(all)
}

fn confirmed_ms(arrivals: &Arrivals, answers: &Answers) -> Vec<f64> {
    let took = answers.all.iter().filter_map(|answered| {
        let at = arrivals.at_us(answered.number)?;
        Some(at.saturating_sub(answered.due_us) as f64 / 1_000.0)
    });
    took.collect()
}

fn steady_figures(rounds: &[Round]) -> Vec<Figure> {
    // F + S of the same round.
    let unit_ms = |round: &Round| {
        let (before, after) = round.flush_ms?;
        Some((before + after) / 2.0 + figure(round, "smtp-source", "message_ms")?)
    };
    let times = |what: &str| {
        let counted = rounds.iter().filter(|round| round.counts);
        Spread::of(counted.filter_map(|round| Some(figure(round, "aftercare", what)? / unit_ms(round)?)))
    };
    let beside = "F + S of the same round";
    vec![
        Figure::new("G1b median latency at 1,000 orders a second, in F + S", times("p50_ms"), "×", beside)
            .floor(Bound::AtMost(4.0)),
        Figure::new("G1b 99th percentile of it, in F + S", times("p99_ms"), "×", beside)
            .floor(Bound::AtMost(12.0)),
    ]
}

fn latency_table(rounds: &[Round]) -> Table {
    let caption = "Latency at 1,000 orders a second, in milliseconds from the due time.".to_owned();
    latencies_under(caption, |what| {
        let Spread { median, min, max } = spread(rounds, "aftercare", what);
        format!("{median:.2} ({min:.2}–{max:.2})")
    })
}

/// The same at a rate that does not fill the queue: what one order takes, not how many wait before it.
fn kept_up(bench: &Bench, stand: &mut Stand<'_>, rate: f64) -> Result<Table> {
    let span = bench.pick(Duration::from_secs(30), Duration::from_secs(4));
    let found = latencies(stand, rate, span)?;
    let caption = format!(
        "The same at {rate:.0} orders a second, {:.0} % of what is confirmed at most, for {} s.",
        KEPT_UP * 100.0,
        span.as_secs()
    );
    Ok(latencies_under(caption, |what| format!("{:.2}", found.get(what).copied().unwrap_or_default())))
}

fn latencies_under(caption: String, of: impl Fn(&str) -> String) -> Table {
    let row = |to: &str, figures: [&str; 3]| [vec![to.to_owned()], figures.map(&of).to_vec()].concat();
    Table {
        caption,
        head: ["to", "p50", "p99", "p99.9"].map(str::to_owned).to_vec(),
        rows: vec![
            row("the answer to the webhook (durable)", ["answer_p50_ms", "answer_p99_ms", "answer_p999_ms"]),
            row("the sink's answer to the final dot", ["p50_ms", "p99_ms", "p999_ms"]),
        ],
    }
}

/// The tail over minutes, in which the write-ahead log goes through the file many times.
fn tail(bench: &mut Bench, stand: &mut Stand<'_>) -> Result<Figure> {
    let span = bench.pick(Duration::from_secs(120), Duration::from_secs(5));
    let (answers, _) = stand.drain(Pace::Open(STEADY, span))?;
    let tail = stats::percentile(confirmed_ms(stand.arrivals, &answers), 99.9);
    let what =
        format!("G1c 99.9th percentile over {} s at 1,000 a second, checkpoints running", span.as_secs());
    let figure =
        Figure::new(&what, Spread::single(tail), "ms", "the prototype's stalls: 25–36 FAST, 160–770 SLOW");
    Ok(figure.floor(Bound::AtMost(100.0)))
}

/// Far more than can be sent: what is accepted, that none of it is lost, and how long the rest takes.
fn burst(bench: &mut Bench, stand: &mut Stand<'_>) -> Result<Vec<Figure>> {
    let span = bench.pick(Duration::from_secs(10), Duration::from_secs(2));
    let answers = stand.post(Pace::Open(BURST, span), BURST_CONNECTIONS)?;
    let taken = good(&answers);
    let refused = answers.all.iter().filter(|answered| matches!(answered.status, 429 | 503)).count();
    let end_us = answers.all.iter().map(|answered| answered.at_us).max().unwrap_or_default();
    let last_us = stand.arrivals.wait_for_all(&taken)?;
    let drained_s = last_us.saturating_sub(end_us) as f64 / 1e6;
    let offered = format!(
        "{} that were due within {} s, posted over {BURST_CONNECTIONS} connections that wait for their answers, which took {:.0} s; \
         {refused} were told to come again",
        answers.all.len(),
        span.as_secs(),
        answers.took.as_secs_f64()
    );
    Ok(vec![
        Figure::new(
            "G1d webhooks accepted in a burst, durably",
            Spread::single(answers.per_second()),
            "per second",
            &offered,
        )
        .floor(Bound::AtLeast(20_000.0)),
        Figure::new(
            "time until the last order of the burst was confirmed",
            Spread::single(drained_s),
            "s",
            "none lost, none twice",
        ),
    ])
}

/// The same on PostgreSQL, beside its own rate of single rows.
fn on_postgres(bench: &mut Bench, arrivals: &Arrivals, customers: u64) -> Result<(Table, Vec<Round>)> {
    let cluster = Cluster::start_durable();
    let shop = Shop::start(cluster.url("bench"), Some(arrivals.mail_url()), customers)?;
    let mut stand = Stand { shop: &shop, arrivals, next: FIRST_NEW + 2_000_000 };
    let _warm = stand.drain(Pace::Closed(Duration::from_secs(2)))?;
    let (span, seconds) = bench.pick((Duration::from_secs(5), 5), (Duration::from_secs(3), 2));
    let folder = bench.folder.clone();
    let rounds = compare(
        bench,
        Rests::OnTheDisk,
        &mut [
            Contender {
                name: "pgbench",
                run: Box::new(|| {
                    Ok(measured([("rate", pgbench::per_second(&folder, cluster.port(), seconds)?)]))
                }),
            },
            Contender {
                name: "aftercare on PostgreSQL",
                run: Box::new(|| stand.drain(Pace::Closed(span)).map(|(_, found)| found)),
            },
        ],
    )?;
    let of = |what: &str| format!("{:.0}", spread(&rounds, "aftercare on PostgreSQL", what).median);
    let table = Table {
        caption: "On PostgreSQL, one node, the server on the same machine.".to_owned(),
        head: ["orders confirmed per second", "webhooks answered per second", "µs of the program per order"]
            .map(str::to_owned)
            .to_vec(),
        rows: vec![vec![of("rate"), of("accepted"), of("cpu_us")]],
    };
    Ok((table, rounds))
}

fn postgres_figures(rounds: &[Round]) -> Vec<Figure> {
    let times = ratio(rounds, ("aftercare on PostgreSQL", "rate"), ("pgbench", "rate"));
    let beside = per_second(rounds, "pgbench", "pgbench -c 16, one row a transaction:");
    vec![
        Figure::new("G1e orders confirmed on PostgreSQL, times its single-row rate", times, "×", &beside)
            .floor(Bound::AtLeast(0.7)),
    ]
}

fn rates_plot(throughput: &[Round], on_postgres: &[Round]) -> Plot {
    let anchor = spread(throughput, "postfix", "rate");
    let bar = |name: &str, rounds: &[Round], who: &str| (name.to_owned(), spread(rounds, who, "rate"));
    Plot::Bars {
        title: "Orders confirmed per second, durable end to end".to_owned(),
        bars: vec![
            bar("Postfix accepts durably", throughput, "postfix"),
            bar("Aftercare on SQLite", throughput, "aftercare"),
            bar("Aftercare on PostgreSQL", on_postgres, "aftercare on PostgreSQL"),
        ],
        goals: vec![
            ("floor, 2 × Postfix".to_owned(), 2.0 * anchor.median),
            ("moonshot, 4 ×".to_owned(), 4.0 * anchor.median),
        ],
    }
}
