//! What the sink was given, kept until it is checked.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use kernel::{Error, Keys, Result};
use rig::sink::{Message, Options, Sink};

use super::audience::Audience;
use super::letter::links_are_good;

/// A sink that keeps what it is given.
pub struct Taken {
    sink: Sink,
    kept: Arc<Kept>,
}

struct Kept {
    /// Recipient and mail; only the recipients when mails are not wanted.
    mails: Mutex<Vec<(Vec<u8>, Vec<u8>)>>,
    wants_mails: bool,
    count: AtomicU64,
    bytes: AtomicU64,
    first_us: AtomicU64,
    last_us: AtomicU64,
}

/// A sink that only counts.
pub fn plain_sink() -> Result<Sink> {
    Sink::start(Options::default()).map_err(|error| Error::internal(format!("the sink: {error}")))
}

impl Taken {
    /// One that keeps every mail.
    pub fn start() -> Result<Taken> {
        Taken::keeping(true)
    }

    /// One that keeps nothing but the count.
    pub fn counting() -> Result<Taken> {
        Taken::keeping(false)
    }

    fn keeping(wants_mails: bool) -> Result<Taken> {
        let kept = Arc::new(Kept {
            mails: Mutex::default(),
            wants_mails,
            count: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
            first_us: AtomicU64::new(u64::MAX),
            last_us: AtomicU64::new(0),
        });
        let keeper = Arc::clone(&kept);
        let options =
            Options { look: Some(Arc::new(move |message| keeper.keep(message))), ..Options::default() };
        let sink = Sink::start(options).map_err(|error| Error::internal(format!("the sink: {error}")))?;
        Ok(Taken { sink, kept })
    }

    /// `AFTERCARE_MAIL_URL` for it.
    pub fn mail_url(&self, sessions: u32) -> String {
        format!("{}?sessions={sessions}&messages=100000", self.sink.url())
    }

    /// Begins anew.
    pub fn forget(&self) {
        self.kept.mails().clear();
        for counter in [&self.kept.count, &self.kept.bytes, &self.kept.last_us] {
            counter.store(0, Ordering::SeqCst);
        }
        self.kept.first_us.store(u64::MAX, Ordering::SeqCst);
    }

    /// How many came.
    pub fn count(&self) -> u64 {
        self.kept.count.load(Ordering::SeqCst)
    }

    /// From the first to the last.
    pub fn per_second(&self) -> f64 {
        let (first, last) =
            (self.kept.first_us.load(Ordering::SeqCst), self.kept.last_us.load(Ordering::SeqCst));
        self.count() as f64 * 1e6 / last.saturating_sub(first).max(1) as f64
    }

    /// Bytes of one on the wire.
    pub fn mean_bytes(&self) -> f64 {
        self.kept.bytes.load(Ordering::SeqCst) as f64 / self.count().max(1) as f64
    }

    /// Each recipient exactly once, and every signed link good and theirs.
    pub fn check(&self, audience: &Audience) -> Result<()> {
        let keys = Keys::parse(rig::app::SECRET)?;
        let (mails, mut seen) = (self.kept.mails(), BTreeSet::new());
        for (to, mail) in mails.iter() {
            let to = String::from_utf8_lossy(to).into_owned();
            let nth = to.strip_prefix('c').and_then(|rest| rest.split('@').next()?.parse::<usize>().ok());
            let person = nth.and_then(|nth| audience.people.get(nth));
            let (order, customer) = person.ok_or_else(|| wrong("a mail went to nobody of the campaign"))?;
            if !seen.insert(to) {
                return Err(wrong("somebody was written to twice"));
            }
            if !links_are_good(mail, &keys, order, customer) {
                return Err(wrong("a link is missing, broken or somebody else's"));
            }
        }
        if seen.len() as u64 == audience.recipients { Ok(()) } else { Err(wrong("somebody was left out")) }
    }
}

impl Kept {
    fn keep(&self, message: &Message<'_>) {
        self.first_us.fetch_min(message.at_us, Ordering::SeqCst);
        self.last_us.fetch_max(message.at_us, Ordering::SeqCst);
        self.bytes.fetch_add(message.raw.len() as u64, Ordering::SeqCst);
        if self.wants_mails {
            self.mails().push((message.to.to_vec(), message.raw.to_vec()));
        }
        self.count.fetch_add(1, Ordering::SeqCst);
    }

    fn mails(&self) -> MutexGuard<'_, Vec<(Vec<u8>, Vec<u8>)>> {
        self.mails.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn wrong(words: &str) -> Error {
    Error::internal(words)
}
