//! When the mail about each order came to the sink, and how often.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use kernel::{Error, Result};
use rig::process::wait_for;
use rig::sink::{Options, Sink};

use crate::seed::FIRST_NEW;
use crate::shop::number_in;

/// More new orders than any run makes.
const MOST: usize = 4_000_000;

/// A sink that notes when which order was confirmed.
pub struct Arrivals {
    sink: Sink,
    noted: Arc<Noted>,
}

struct Noted {
    /// When, in microseconds since 1970, by number from [`FIRST_NEW`] on; 0 for not yet.
    at_us: Vec<AtomicU64>,
    twice: AtomicUsize,
    strange: AtomicUsize,
}

impl Arrivals {
    /// Starts the sink.
    pub fn start() -> Result<Arrivals> {
        let at_us = std::iter::repeat_with(AtomicU64::default).take(MOST).collect();
        let noted = Arc::new(Noted { at_us, twice: AtomicUsize::new(0), strange: AtomicUsize::new(0) });
        let noting = Arc::clone(&noted);
        let options = Options {
            look: Some(Arc::new(move |message| noting.note(message.raw, message.at_us))),
            ..Options::default()
        };
        let sink = Sink::start(options).map_err(|error| Error::internal(format!("the sink: {error}")))?;
        Ok(Arrivals { sink, noted })
    }

    /// `AFTERCARE_MAIL_URL` for it, with as many sessions as Postfix's own source has at its best.
    pub fn mail_url(&self) -> String {
        format!("{}?sessions=16&messages=100000", self.sink.url())
    }

    /// When the mail about an order came.
    pub fn at_us(&self, number: u64) -> Option<u64> {
        let at = self.noted.at_us.get(number.checked_sub(FIRST_NEW)? as usize)?.load(Ordering::Relaxed);
        (at > 0).then_some(at)
    }

    /// Waits until the mail about each of these orders is there; fails when none has come for a while and some are
    /// missing. Returns when the last one came, in microseconds since 1970.
    pub fn wait_for_all(&self, numbers: &[u64]) -> Result<u64> {
        const PATIENCE: Duration = Duration::from_secs(20);
        let mut missing = numbers.to_vec();
        while !missing.is_empty() {
            let before = missing.len();
            let progress = wait_for(PATIENCE, || {
                missing.retain(|number| self.at_us(*number).is_none());
                (missing.len() < before).then_some(())
            });
            if progress.is_none() {
                return Err(Error::internal(format!("{} orders were never confirmed", missing.len())));
            }
        }
        Ok(numbers.iter().filter_map(|number| self.at_us(*number)).max().unwrap_or_default())
    }

    /// Fails when anybody was written to twice, or about no order.
    pub fn check(&self) -> Result<()> {
        let (twice, strange) = (&self.noted.twice, &self.noted.strange);
        match (twice.load(Ordering::SeqCst), strange.load(Ordering::SeqCst)) {
            (0, 0) => Ok(()),
            (twice, strange) => {
                Err(Error::internal(format!("{twice} mails came twice, {strange} are about no order")))
            }
        }
    }
}

impl Noted {
    fn note(&self, raw: &[u8], at_us: u64) {
        let place = number_in(raw).and_then(|number| self.at_us.get(number.checked_sub(FIRST_NEW)? as usize));
        match place.map(|place| place.swap(at_us, Ordering::Relaxed)) {
            Some(0) => {}
            Some(_) => drop(self.twice.fetch_add(1, Ordering::SeqCst)),
            None => drop(self.strange.fetch_add(1, Ordering::SeqCst)),
        }
    }
}
