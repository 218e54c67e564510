//! Waking those who wait for work, after the write that made the work is durable.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

/// What a write wants done once it is durable.
#[derive(Default)]
pub(crate) struct Afterwards {
    /// Topics to be rung.
    pub(crate) wakes: BTreeSet<&'static str>,
    /// What is done in this process.
    pub(crate) deeds: Vec<Box<dyn FnOnce() + Send>>,
    /// Whether what was deleted must not stay readable in a log.
    pub(crate) scrub: bool,
}

impl Afterwards {
    /// What another write of the same commit wants, too.
    pub(crate) fn append(&mut self, mut other: Afterwards) {
        self.wakes.append(&mut other.wakes);
        self.deeds.append(&mut other.deeds);
        self.scrub |= other.scrub;
    }
}

/// One counter per topic. A counter, not a flag: whoever looks late still sees that something happened.
#[derive(Default)]
pub(crate) struct Bells {
    counters: Mutex<BTreeMap<&'static str, watch::Sender<u64>>>,
}

impl Bells {
    /// Rings the topics of a durable write.
    pub(crate) fn ring(&self, topics: &BTreeSet<&'static str>) {
        topics.iter().for_each(|topic| self.ring_one(topic));
    }

    /// Rings one topic; nobody waits for a topic without a counter.
    pub(crate) fn ring_one(&self, topic: &str) {
        let counters = self.counters.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(counter) = counters.get(topic) {
            counter.send_modify(|count| *count += 1);
        }
    }

    /// Rings every topic: after a gap in which rings of other nodes may have been missed.
    pub(crate) fn ring_all(&self) {
        let counters = self.counters.lock().unwrap_or_else(PoisonError::into_inner);
        counters.values().for_each(|counter| counter.send_modify(|count| *count += 1));
    }

    pub(crate) fn listen(self: &Arc<Self>, topic: &'static str) -> Wakes {
        let mut counters = self.counters.lock().unwrap_or_else(PoisonError::into_inner);
        let counter = counters.entry(topic).or_insert_with(|| watch::Sender::new(0));
        Wakes { topic, seen: counter.subscribe(), waits: true, _bells: Arc::clone(self) }
    }
}

/// Waits for the writes that call `w.wake(topic)`.
pub struct Wakes {
    topic: &'static str,
    seen: watch::Receiver<u64>,
    waits: bool,
    /// The counters stay as long as somebody waits, so that a waiter never sees its channel close.
    _bells: Arc<Bells>,
}

impl Wakes {
    /// Returns at once instead: in a simulated world time moves only between its events.
    pub(crate) fn never_waiting(self) -> Self {
        Wakes { waits: false, ..self }
    }

    /// Returns when a write has woken the topic since the last return (or since [`crate::Db::wakes`]), or after
    /// `at_most`; says which. Needs a tokio runtime with time.
    pub async fn wait(&mut self, at_most: Duration) -> bool {
        if !self.waits {
            return false;
        }
        tokio::time::timeout(at_most, self.seen.changed()).await.is_ok()
    }

    /// Whether a write has woken the topic since the last time that was asked or waited for. Does not wait.
    pub fn have_rung(&mut self) -> bool {
        let rung = self.seen.has_changed().unwrap_or(false);
        // Not where nothing has rung: a ring between the question and the mark would be heard by nobody.
        if rung {
            self.seen.mark_unchanged();
        }
        rung
    }
}

impl fmt::Debug for Wakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Wakes({})", self.topic)
    }
}
