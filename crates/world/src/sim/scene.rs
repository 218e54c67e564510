//! What all of the simulated world shares, whichever process of the shop lives.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use kernel::{Clock, Dice, Timestamp, VirtualClock};

use super::agenda::{Action, Agenda};
use super::faults::Faults;
use super::outside::Outside;
use super::trace::Trace;

/// The world.
pub(crate) struct Scene {
    pub(crate) clock: Arc<VirtualClock>,
    pub(crate) trace: Arc<Trace>,
    pub(crate) faults: Arc<Faults>,
    pub(crate) agenda: Agenda,
    pub(crate) outside: Outside,
    dice: Mutex<Dice>,
    faulty: Mutex<Vec<(&'static str, String)>>,
}

impl Scene {
    pub(crate) fn new(begins: Timestamp, mut dice: Dice) -> Self {
        let clock = Arc::new(VirtualClock::at(begins));
        let trace = Arc::new(Trace::default());
        let faults = Arc::new(Faults::new(clock.clone(), trace.clone(), dice.fork()));
        let (agenda, outside) = (Agenda::default(), Outside::default());
        Scene { clock, trace, faults, agenda, outside, dice: Mutex::new(dice), faulty: Mutex::default() }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The shop has refused something that was right.
    pub(crate) fn refuse(&self, words: String) {
        self.blame("what_is_right_is_never_refused", words);
    }

    /// A rule did not hold, and it was seen at once.
    pub(crate) fn blame(&self, rule: &'static str, words: String) {
        self.faulty.lock().unwrap_or_else(PoisonError::into_inner).push((rule, words));
    }

    /// The first rule that was seen not to hold.
    pub(crate) fn blamed(&self) -> Option<(&'static str, String)> {
        self.faulty.lock().unwrap_or_else(PoisonError::into_inner).first().cloned()
    }

    /// Asks the dice of the world.
    pub(crate) fn throw<T>(&self, ask: impl FnOnce(&mut Dice) -> T) -> T {
        ask(&mut self.dice.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Whether something happens that happens `percent` times in a hundred.
    pub(crate) fn chance(&self, percent: u64) -> bool {
        self.throw(|dice| dice.below(100) < percent)
    }

    /// Between `low` and `high`, in seconds.
    pub(crate) fn span(&self, low: u64, high: u64) -> Duration {
        Duration::from_secs(self.throw(|dice| low + dice.below(high - low + 1)))
    }

    /// Writes something down for later: between `low` and `high` seconds from now.
    pub(crate) fn later(&self, low: u64, high: u64, action: Action) {
        let at = self.now() + self.span(low, high);
        self.agenda.add(at, action);
    }
}
