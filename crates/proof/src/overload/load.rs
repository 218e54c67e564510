//! A load that asks at its own moments, whatever is answered.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rig::keep_alive::{Answer, parse, post_of};
use rig::now::{now_us, since};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::Result;
use crate::shop::{FORM, Shop, now, order_form};

/// Connections of the load, so many that it is never held up by who waits inside.
const OPEN: usize = 600;

/// What was answered.
#[derive(Default)]
pub(super) struct Answers {
    pub(super) offered: AtomicU64,
    pub(super) acknowledged: Mutex<Vec<u64>>,
    pub(super) turned_away: AtomicU64,
    /// Turned away without being told when to come back.
    pub(super) without_word: AtomicU64,
    pub(super) other: AtomicU64,
    pub(super) broken: AtomicU64,
}

impl Answers {
    fn note(&self, number: u64, answer: std::io::Result<Answer>) {
        let count = match answer {
            Ok(Answer { status: 201, .. }) => {
                return self.acknowledged.lock().unwrap_or_else(PoisonError::into_inner).push(number);
            }
            Ok(Answer { status: 503 | 429, retry_after_s: Some(_) }) => &self.turned_away,
            Ok(Answer { status: 503 | 429, retry_after_s: None }) => &self.without_word,
            Ok(_) => &self.other,
            Err(_) => &self.broken,
        };
        count.fetch_add(1, Ordering::Relaxed);
    }
}

/// Offers so much a second from number `first` on, each at its own moment, whatever is answered; returns the answers and
/// the number that comes next.
pub(super) fn offered(shop: &Shop, first: u64, per_second: u64, span: Duration) -> Result<(Answers, u64)> {
    let answers = Arc::new(Answers::default());
    let load = Arc::new(Load {
        port: shop.app.port(),
        key: shop.key.clone(),
        form: order_form(now()),
        first,
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
    let next = first + load.next.load(Ordering::Relaxed);
    drop(load);
    let answers = Arc::into_inner(answers).ok_or("a connection is still there")?;
    Ok((answers, next))
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
            let number = self.first + number;
            let body = self.form.replace(FORM, &number.to_string());
            let request = post_of(self.port, "/v1/orders", &self.key, &body);
            self.answers.offered.fetch_add(1, Ordering::Relaxed);
            let answer = exchange(self.port, &mut stream, request.as_bytes(), &mut read).await;
            if answer.is_err() {
                stream = None;
            }
            self.answers.note(number, answer);
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
