//! Five times as much as can be done, offered whatever is answered.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use rig::keep_alive::{Answer, Client, parse, post_of};
use rig::now::{now_us, pause, since};
use rig::sink::{Options, Sink};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::shop::{FORM, Kind, Shop, now, order, order_form};
use crate::verdict::percentile;
use crate::{Form, Result, Verdict};

/// How many wait for their answers when the sustainable rate is found.
const CLOSED: usize = 32;
/// Connections of the load, so many that it is never held up by who waits inside.
const OPEN: usize = 600;
const TIMES: u64 = 5;
/// Goodput that is promised, in per cent of the sustainable rate.
const PROMISED_PERCENT: u64 = 80;
/// When everything is to be as before.
const RECOVERY: Duration = Duration::from_secs(30);
/// What memory may grow by, beside half of what is normal.
const ROOM_KIB: u64 = 64 * 1024;

/// What was answered.
#[derive(Default)]
struct Answers {
    offered: AtomicU64,
    taken: AtomicU64,
    turned_away: AtomicU64,
    /// Turned away without being told when to come back.
    without_word: AtomicU64,
    other: AtomicU64,
    broken: AtomicU64,
}

impl Answers {
    fn note(&self, answer: std::io::Result<Answer>) {
        let count = match answer {
            Ok(Answer { status: 201, .. }) => &self.taken,
            Ok(Answer { status: 503 | 429, retry_after_s: Some(_) }) => &self.turned_away,
            Ok(Answer { status: 503 | 429, retry_after_s: None }) => &self.without_word,
            Ok(_) => &self.other,
            Err(_) => &self.broken,
        };
        count.fetch_add(1, Ordering::Relaxed);
    }

    fn read(count: &AtomicU64) -> u64 {
        count.load(Ordering::Relaxed)
    }
}

/// What was seen beside the load.
#[derive(Default)]
struct Beside {
    most_kib: u64,
    /// What was asked of the addresses that are never turned away, and answered otherwise.
    refused: u64,
    asked: u64,
}

/// Finds the rate, offers five times as much, and looks how long until everything is as before.
pub fn run(form: Form, _seed: u64) -> Result<Verdict> {
    let (closed, open) = match form {
        Form::Short => (Duration::from_secs(5), Duration::from_secs(15)),
        Form::Long => (Duration::from_secs(20), Duration::from_secs(60)),
    };
    let sink = Sink::start(Options::default())?;
    // What the program logs by default is a part of what a request costs.
    let env = vec![("AFTERCARE_LOG".to_owned(), "info".to_owned())];
    let shop = Shop::open(&sink, &Kind { on_disk: true, env, ..Kind::default() })?;
    let next = AtomicU64::new(1);
    // The first second warms up caches and the heap.
    sustained(&shop, &next, Duration::from_secs(1));
    let ((rate, mut calm_us), normal) = beside(&shop, || sustained(&shop, &next, closed));
    let (answers, loaded) = beside(&shop, || offered(&shop, &next, rate * TIMES, open));
    let answers = answers?;
    let usual_us = percentile(&mut calm_us, 99).max(50_000);
    let recovered = recovery(&shop, &next, usual_us);
    let mut verdict = Verdict::of("overload");
    figures(&mut verdict, &answers, rate, open);
    verdict.figure("normal MiB", normal.most_kib / 1_024);
    verdict.figure("MiB under load", loaded.most_kib / 1_024);
    verdict.figure("recovered after ms", recovered.map_or(-1, |span| span.as_millis() as i64));
    let most_kib = normal.most_kib * 3 / 2 + ROOM_KIB;
    verdict.must(loaded.most_kib <= most_kib, || format!("{} KiB, allowed are {most_kib}", loaded.most_kib));
    verdict.must(recovered.is_some(), || format!("not as before within {RECOVERY:?}"));
    let refused = loaded.refused;
    verdict.figure("asked of what is never turned away", loaded.asked);
    verdict.must(refused == 0, || format!("{refused} of /healthz and /unsubscribe were turned away"));
    Ok(verdict)
}

fn figures(verdict: &mut Verdict, answers: &Answers, rate: u64, open: Duration) {
    let per_second = |count: &AtomicU64| (Answers::read(count) as f64 / open.as_secs_f64()) as u64;
    let good = per_second(&answers.taken);
    verdict.figure("sustainable per s", rate);
    verdict.figure("offered per s", per_second(&answers.offered));
    verdict.figure("taken per s", good);
    verdict.figure("goodput %", good * 100 / rate.max(1));
    verdict.figure("turned away per s", per_second(&answers.turned_away));
    verdict
        .must(good * 100 >= rate * PROMISED_PERCENT, || format!("goodput is {} %", good * 100 / rate.max(1)));
    let (silent, other) = (Answers::read(&answers.without_word), Answers::read(&answers.other));
    verdict.must(silent == 0, || format!("{silent} turned away without Retry-After"));
    verdict.must(other == 0, || format!("{other} answered with something else"));
    let broken = Answers::read(&answers.broken);
    verdict.must(broken == 0, || format!("{broken} connections broke"));
    let offered = Answers::read(&answers.offered) as f64 / open.as_secs_f64();
    let wanted = (rate * TIMES) as f64;
    verdict
        .must(offered >= 0.6 * wanted, || format!("only {offered:.0} of {wanted:.0} per s could be offered"));
}

/// Posts as fast as it is answered; returns the rate, and how long each answer took in microseconds.
fn sustained(shop: &Shop, next: &AtomicU64, span: Duration) -> (u64, Vec<u64>) {
    let began = now_us();
    let post = || {
        let mut client = Client::new(shop.app.port());
        let mut took_us = Vec::new();
        while since(began) < span {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let sent = now_us();
            let answer = client.post_json("/v1/orders", &shop.key, &order(number, now()));
            if answer.is_ok_and(|answer| answer.status == 201) {
                took_us.push(now_us() - sent);
            }
        }
        took_us
    };
    let took_us: Vec<u64> = thread::scope(|scope| {
        let posters: Vec<_> = (0..CLOSED).map(|_| scope.spawn(post)).collect();
        posters.into_iter().flat_map(|poster| poster.join().unwrap_or_default()).collect()
    });
    ((took_us.len() as f64 / since(began).as_secs_f64()) as u64, took_us)
}

/// Offers so much a second, each at its own moment, whatever is answered.
fn offered(shop: &Shop, next: &AtomicU64, per_second: u64, span: Duration) -> Result<Answers> {
    let answers = Arc::new(Answers::default());
    let load = Arc::new(Load {
        port: shop.app.port(),
        key: shop.key.clone(),
        form: order_form(now()),
        first: next.load(Ordering::Relaxed),
        next: AtomicU64::new(0),
        began_us: now_us(),
        per_second: per_second.max(1),
        span,
        answers: Arc::clone(&answers),
    });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let connections: Vec<_> = (0..OPEN).map(|_| tokio::spawn(Arc::clone(&load).connection())).collect();
        for connection in connections {
            // One that panicked has broken, and is counted by what it did not offer.
            let _ = connection.await;
        }
    });
    drop(runtime);
    next.fetch_add(load.next.load(Ordering::Relaxed), Ordering::Relaxed);
    drop(load);
    Arc::into_inner(answers).ok_or_else(|| "a connection is still there".into())
}

/// An open-loop load.
struct Load {
    port: u16,
    key: String,
    form: String,
    first: u64,
    next: AtomicU64,
    began_us: u64,
    per_second: u64,
    span: Duration,
    answers: Arc<Answers>,
}

impl Load {
    async fn connection(self: Arc<Self>) {
        let mut stream = None;
        let mut read = Vec::with_capacity(16 * 1024);
        loop {
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            let due_us = self.began_us + number * 1_000_000 / self.per_second;
            if due_us >= self.began_us + self.span.as_micros() as u64 || since(self.began_us) > self.span {
                return;
            }
            let early = Duration::from_micros(due_us.saturating_sub(now_us()));
            if !early.is_zero() {
                tokio::time::sleep_until(tokio::time::Instant::now() + early).await;
            }
            let body = self.form.replace(FORM, &(self.first + number).to_string());
            let request = post_of(self.port, "/v1/orders", &self.key, &body);
            self.answers.offered.fetch_add(1, Ordering::Relaxed);
            let answer = exchange(self.port, &mut stream, request.as_bytes(), &mut read).await;
            if answer.is_err() {
                stream = None;
            }
            self.answers.note(answer);
        }
    }
}

async fn exchange(
    port: u16,
    stream: &mut Option<TcpStream>,
    request: &[u8],
    read: &mut Vec<u8>,
) -> std::io::Result<Answer> {
    let stream = match stream {
        Some(stream) => stream,
        none => none.insert(TcpStream::connect(("127.0.0.1", port)).await?),
    };
    stream.write_all(request).await?;
    read.clear();
    loop {
        if stream.read_buf(read).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        if let Some((answer, _)) = parse(read) {
            return Ok(answer);
        }
    }
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
fn recovery(shop: &Shop, next: &AtomicU64, usual_us: u64) -> Option<Duration> {
    let began = now_us();
    let mut client = Client::new(shop.app.port());
    let mut in_a_row = 0;
    while since(began) < RECOVERY {
        let number = next.fetch_add(1, Ordering::Relaxed);
        let sent = now_us();
        let answer = client.post_json("/v1/orders", &shop.key, &order(number, now()));
        let good = answer.is_ok_and(|answer| answer.status == 201) && now_us() - sent <= usual_us;
        in_a_row = if good { in_a_row + 1 } else { 0 };
        if in_a_row == 10 {
            return Some(since(began));
        }
        pause(Duration::from_millis(20));
    }
    None
}
