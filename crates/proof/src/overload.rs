//! Five times as much as can be done, offered whatever is answered.

mod fates;
mod load;

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use rig::keep_alive::Client;
use rig::now::{now_us, pause, since};
use rig::process::{Folder, wait_for};
use rig::sink::{Options, Sink};

use self::fates::Fates;
use self::load::{Answers, offered};
use crate::shop::{Kind, Shop, now, order, taken};
use crate::verdict::percentile;
use crate::{Form, Result, Verdict};

/// How many wait for their answers when the sustainable rate is found.
const CLOSED: usize = 32;
const TIMES: u64 = 5;
/// How much of that the load has to have offered, in per cent.
const OFFERED_PERCENT: u64 = 90;
/// Goodput that is promised, in per cent of the sustainable rate.
const PROMISED_PERCENT: u64 = 80;
/// When orders are to be taken as before.
const RECOVERY: Duration = Duration::from_secs(30);
/// Which part of the sustainable rate what is left is confirmed at, at least.
const DRAIN_PART: u64 = 4;
/// What memory may grow by, beside half of what is normal.
const ROOM_KIB: u64 = 64 * 1024;

/// The numbers of the orders so far.
struct Orders {
    next: AtomicU64,
    acknowledged: Mutex<BTreeSet<u64>>,
}

impl Orders {
    fn new() -> Orders {
        Orders { next: AtomicU64::new(1), acknowledged: Mutex::default() }
    }

    fn number(&self) -> u64 {
        self.next.fetch_add(1, Ordering::Relaxed)
    }

    fn acknowledge(&self, numbers: impl IntoIterator<Item = u64>) {
        self.acknowledged.lock().unwrap_or_else(PoisonError::into_inner).extend(numbers);
    }

    fn acknowledged(&self) -> BTreeSet<u64> {
        self.acknowledged.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Posts the next one; returns how long its answer took in microseconds, when it was taken.
    fn post(&self, client: &mut Client, shop: &Shop) -> Option<u64> {
        let number = self.number();
        let sent = now_us();
        let answer = client.post_json("/v1/orders", &shop.key, &order(number, now()));
        let took_us = now_us() - sent;
        answer.is_ok_and(|answer| answer.status == 201).then(|| {
            self.acknowledge([number]);
            took_us
        })
    }
}

/// What can be done when nobody asks for more.
struct Calm {
    /// Orders acknowledged a second.
    rate: u64,
    /// Confirmations that left meanwhile, a second.
    confirmed: u64,
    /// How long the answers took, in microseconds.
    took_us: Vec<u64>,
}

/// What was seen beside the load.
#[derive(Default)]
struct Beside {
    most_kib: u64,
    /// What was asked of the addresses that are never turned away, and answered otherwise.
    refused: u64,
    asked: u64,
}

/// Finds the rate, offers five times as much, and looks how long until everything is as before and everything that was
/// taken is confirmed.
pub fn run(form: Form, _seed: u64) -> Result<Verdict> {
    let (closed, open) = match form {
        Form::Short => (Duration::from_secs(4), Duration::from_secs(8)),
        Form::Long => (Duration::from_secs(20), Duration::from_secs(60)),
    };
    let folder = Folder::fresh("overload")?;
    let sink = Sink::start(Options { log: Some(folder.join("log")), ..Options::default() })?;
    // What the program logs by default is a part of what a request costs.
    let env = vec![("AFTERCARE_LOG".to_owned(), "info".to_owned())];
    let shop = Shop::open(&sink, &Kind { on_disk: true, env, ..Kind::default() })?;
    let orders = Orders::new();
    // The first second warms up caches and the heap.
    sustained(&shop, &sink, &orders, Duration::from_secs(1));
    let (mut calm, normal) = beside(&shop, || sustained(&shop, &sink, &orders, closed));
    let sent_before = sink.messages();
    let first = orders.next.load(Ordering::Relaxed);
    let (answers, loaded) = beside(&shop, || offered(&shop, first, calm.rate * TIMES, open));
    let (confirmed, over_us) = (sink.messages() - sent_before, now_us());
    let (answers, next) = answers?;
    orders.next.store(next, Ordering::Relaxed);
    let mut verdict = Verdict::of("overload");
    figures(&mut verdict, &answers, &calm, open);
    verdict.figure("confirmed per s under load", (confirmed as f64 / open.as_secs_f64()) as u64);
    memory(&mut verdict, &normal, &loaded);
    orders.acknowledge(answers.acknowledged.into_inner().unwrap_or_else(PoisonError::into_inner));
    let usual_us = percentile(&mut calm.took_us, 99).max(50_000);
    let recovered = recovery(&shop, &orders, usual_us);
    verdict.figure("taken as before after ms", recovered.map_or(-1, |span| span.as_millis() as i64));
    verdict.must(recovered.is_some(), || format!("orders are not taken as before within {RECOVERY:?}"));
    drain(&mut verdict, &sink, &orders, calm.rate, over_us);
    shop.app.kill9();
    fates(&shop, &sink, &orders)?.judge(&mut verdict);
    Ok(verdict)
}

fn figures(verdict: &mut Verdict, answers: &Answers, calm: &Calm, open: Duration) {
    let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
    let per_second = |count: u64| (count as f64 / open.as_secs_f64()) as u64;
    let (rate, wanted) = (calm.rate, calm.rate * TIMES);
    let taken = answers.acknowledged.lock().unwrap_or_else(PoisonError::into_inner).len() as u64;
    let (good, offered) = (per_second(taken), per_second(read(&answers.offered)));
    verdict.figure("sustainable per s", rate);
    verdict.figure("confirmed per s meanwhile", calm.confirmed);
    verdict.figure("offered per s", offered);
    verdict.figure("taken per s", good);
    verdict.figure("goodput %", good * 100 / rate.max(1));
    verdict.figure("turned away per s", per_second(read(&answers.turned_away)));
    verdict.must(rate > 0 && calm.confirmed > 0, || "nothing can be done even when it is calm".to_owned());
    verdict
        .must(good * 100 >= rate * PROMISED_PERCENT, || format!("goodput is {} %", good * 100 / rate.max(1)));
    let (silent, other) = (read(&answers.without_word), read(&answers.other));
    verdict.must(silent == 0, || format!("{silent} turned away without Retry-After"));
    verdict.must(other == 0, || format!("{other} answered with something else"));
    let broken = read(&answers.broken);
    verdict.must(broken == 0, || format!("{broken} connections broke"));
    verdict.must(offered * 100 >= wanted * OFFERED_PERCENT, || {
        format!("only {offered} of {wanted} per s could be offered")
    });
}

fn memory(verdict: &mut Verdict, normal: &Beside, loaded: &Beside) {
    verdict.figure("normal MiB", normal.most_kib / 1_024);
    verdict.figure("MiB under load", loaded.most_kib / 1_024);
    let most_kib = normal.most_kib * 3 / 2 + ROOM_KIB;
    verdict.must(loaded.most_kib <= most_kib, || format!("{} KiB, allowed are {most_kib}", loaded.most_kib));
    let refused = loaded.refused;
    verdict.figure("asked of what is never turned away", loaded.asked);
    verdict.must(refused == 0, || format!("{refused} of /healthz and /unsubscribe were turned away"));
}

/// Waits until everything that was taken is confirmed: at a quarter of the sustainable rate or faster.
fn drain(verdict: &mut Verdict, sink: &Sink, orders: &Orders, rate: u64, over_us: u64) {
    let acknowledged = orders.acknowledged().len() as u64;
    let left = acknowledged.saturating_sub(sink.messages());
    let limit = RECOVERY + Duration::from_secs(DRAIN_PART * left / rate.max(1));
    let all = wait_for(limit, || (sink.messages() >= acknowledged).then_some(()));
    verdict.figure("left to confirm after it", left);
    verdict.figure("all confirmed after ms", all.map_or(-1, |()| since(over_us).as_millis() as i64));
    verdict.must(all.is_some(), || format!("not all that was taken is confirmed within {limit:?}"));
}

/// For which the program must not be running.
fn fates(shop: &Shop, sink: &Sink, orders: &Orders) -> Result<Fates> {
    let stored = shop.rows()?.orders()?.iter().filter_map(|id| id.parse().ok()).collect();
    let entries = sink.entries();
    Ok(Fates {
        acknowledged: orders.acknowledged(),
        stored,
        confirmed: taken(&entries),
        confirmations: entries.len(),
    })
}

/// Posts as fast as it is answered.
fn sustained(shop: &Shop, sink: &Sink, orders: &Orders, span: Duration) -> Calm {
    let (began, sent_before) = (now_us(), sink.messages());
    let post = || {
        let mut client = Client::new(shop.app.port());
        let mut took_us = Vec::new();
        while since(began) < span {
            took_us.extend(orders.post(&mut client, shop));
        }
        took_us
    };
    let took_us: Vec<u64> = thread::scope(|scope| {
        let posters: Vec<_> = (0..CLOSED).map(|_| scope.spawn(post)).collect();
        posters.into_iter().flat_map(|poster| poster.join().unwrap_or_default()).collect()
    });
    let per_second = |count: u64| (count as f64 / since(began).as_secs_f64()) as u64;
    let confirmed = per_second(sink.messages() - sent_before);
    Calm { rate: per_second(took_us.len() as u64), confirmed, took_us }
}

/// Does something, and looks meanwhile at the memory of the program and at what it never turns away.
fn beside<T>(shop: &Shop, act: impl FnOnce() -> T) -> (T, Beside) {
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        let looking = scope.spawn(|| {
            let mut seen = Beside::default();
            while !over.load(Ordering::SeqCst) {
                seen.most_kib = seen.most_kib.max(shop.anonymous_kib().unwrap_or(0));
                let health = shop.app.request("GET", "/healthz", &[], b"");
                // No such token: what counts is that somebody looked.
                let way_out = shop.app.request("POST", "/unsubscribe/nobody", &[], b"");
                seen.asked += 2;
                seen.refused += u64::from(!health.is_ok_and(|answer| answer.status == 200));
                seen.refused += u64::from(!way_out.is_ok_and(|answer| answer.status < 429));
                pause(Duration::from_millis(100));
            }
            seen
        });
        let done = act();
        over.store(true, Ordering::SeqCst);
        (done, looking.join().unwrap_or_default())
    })
}

/// How long until ten orders in a row are taken as fast as usual.
fn recovery(shop: &Shop, orders: &Orders, usual_us: u64) -> Option<Duration> {
    let began = now_us();
    let mut client = Client::new(shop.app.port());
    let mut in_a_row = 0;
    while since(began) < RECOVERY {
        let good = orders.post(&mut client, shop).is_some_and(|took_us| took_us <= usual_us);
        in_a_row = if good { in_a_row + 1 } else { 0 };
        if in_a_row == 10 {
            return Some(since(began));
        }
        pause(Duration::from_millis(20));
    }
    None
}
