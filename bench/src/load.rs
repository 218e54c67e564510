//! Requests over HTTP/1.1 with connections kept open, by a thread to a connection.
//!
//! *Closed*: each connection asks again as soon as it is answered; how many a second is what the server gives. *Open*:
//! each request has its due time, whether or not the server keeps up, and its latency counts from there, so that a
//! server that stalls is not excused from what would have come meanwhile.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use kernel::{Error, Result};
use rig::now::now_us;

use crate::clock;
use crate::stats;

/// Longer than any answer that comes.
const PATIENCE: Duration = Duration::from_secs(60);

/// Writes the request of that number: the whole of it, head and body.
pub type Prepare<'a> = &'a (dyn Fn(u64) -> Vec<u8> + Sync);

/// When requests are made.
#[derive(Clone, Copy, Debug)]
pub enum Pace {
    /// As fast as they are answered, for so long.
    Closed(Duration),
    /// So many a second by the clock, for so long.
    Open(f64, Duration),
}

/// One answer.
#[derive(Clone, Copy, Debug)]
pub struct Answered {
    /// Which request.
    pub number: u64,
    /// When it was due, in microseconds since 1970; with a closed pace, when it was sent.
    pub due_us: u64,
    /// When its answer was read.
    pub at_us: u64,
    /// The status; 0 when the connection broke.
    pub status: u16,
}

/// All answers of a run.
pub struct Answers {
    /// In no order.
    pub all: Vec<Answered>,
    /// From the first due time to the last answer.
    pub took: Duration,
}

impl Answers {
    /// How many were answered with 2xx.
    pub fn good(&self) -> usize {
        self.all.iter().filter(|answered| (200..300).contains(&answered.status)).count()
    }

    /// The latency in milliseconds below which `percent` of all lie.
    pub fn latency_ms(&self, percent: f64) -> f64 {
        let took = |answered: &Answered| answered.at_us.saturating_sub(answered.due_us) as f64 / 1_000.0;
        stats::percentile(self.all.iter().map(took), percent)
    }

    /// Good answers a second.
    pub fn per_second(&self) -> f64 {
        self.good() as f64 / self.took.as_secs_f64()
    }
}

/// Makes requests from number `first` on over `connections` until the pace says that it is enough.
pub fn run(port: u16, connections: usize, pace: Pace, first: u64, prepare: Prepare<'_>) -> Result<Answers> {
    let next = AtomicU64::new(0);
    let all = Mutex::new(Vec::new());
    let (began_us, began) = (now_us(), clock::now());
    let failed = std::thread::scope(|scope| {
        let worker = || -> io::Result<()> {
            let mut connection = Connection { port, stream: None, input: Vec::new() };
            let mut own = Vec::new();
            while let Some((number, due_us)) = due(&next, pace, began_us) {
                let status = connection.ask(&prepare(first + number));
                own.push(Answered { number: first + number, due_us, at_us: now_us(), status });
            }
            all.lock().unwrap_or_else(PoisonError::into_inner).append(&mut own);
            Ok(())
        };
        let working: Vec<_> = (0..connections).map(|_| scope.spawn(worker)).collect();
        working.into_iter().filter_map(|worker| worker.join().err()).count()
    });
    if failed > 0 {
        return Err(Error::internal(format!("{failed} threads of the load have failed")));
    }
    let all = all.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok(Answers { all, took: began.elapsed() })
}

/// The next request's number and due time, when it is due; `None` when it is enough.
fn due(next: &AtomicU64, pace: Pace, began_us: u64) -> Option<(u64, u64)> {
    let number = next.fetch_add(1, Ordering::Relaxed);
    match pace {
        Pace::Closed(span) => {
            let now = now_us();
            (now < began_us + span.as_micros() as u64).then_some((number, now))
        }
        Pace::Open(rate, span) => {
            let after = number as f64 / rate;
            if after >= span.as_secs_f64() {
                return None;
            }
            let due_us = began_us + (after * 1_000_000.0) as u64;
            let early = due_us.saturating_sub(now_us());
            if early > 0 {
                clock::wait(Duration::from_micros(early));
            }
            Some((number, due_us))
        }
    }
}

/// One connection, opened when it is needed.
struct Connection {
    port: u16,
    stream: Option<TcpStream>,
    input: Vec<u8>,
}

impl Connection {
    /// Asks and reads the answer to its end: the status, 0 when the connection broke.
    fn ask(&mut self, request: &[u8]) -> u16 {
        self.try_ask(request).unwrap_or_else(|_| {
            self.stream = None;
            0
        })
    }

    fn try_ask(&mut self, request: &[u8]) -> io::Result<u16> {
        let stream = match &mut self.stream {
            Some(stream) => stream,
            none => none.insert(open(self.port)?),
        };
        stream.write_all(request)?;
        self.input.clear();
        let mut chunk = [0; 16 * 1024];
        loop {
            let read = stream.read(&mut chunk)?;
            if read == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            self.input.extend_from_slice(&chunk[..read]);
            if let Some(status) = complete(&self.input) {
                return Ok(status);
            }
        }
    }
}

fn open(port: u16) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    Ok(stream)
}

/// The status of an answer that is there to its end.
fn complete(input: &[u8]) -> Option<u16> {
    let end = input.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let head = std::str::from_utf8(&input[..end]).ok()?;
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
    });
    let there = input.len() - end;
    (there >= length.unwrap_or(0))
        .then(|| head.get(9..12).and_then(|status| status.parse().ok()).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_to_its_end() {
        assert_eq!(complete(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nh"), None);
        assert_eq!(complete(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"), Some(200));
        assert_eq!(complete(b"HTTP/1.1 503 No\r\ncontent-length: 0\r\n\r\n"), Some(503));
        assert_eq!(complete(b"HTTP/1.1 200 OK\r\n"), None);
    }

    #[test]
    fn latency_counts_from_the_due_time() {
        let answered = |due_us, at_us| Answered { number: 0, due_us, at_us, status: 200 };
        let all = vec![answered(1_000, 2_000), answered(2_000, 12_000)];
        let answers = Answers { all, took: Duration::from_secs(2) };
        assert_eq!((answers.latency_ms(50.0), answers.latency_ms(100.0)), (1.0, 10.0));
        assert_eq!((answers.good(), answers.per_second()), (2, 1.0));
    }
}
