//! What goes wrong, and where: at every commit, and at every hand-off.
//!
//! Each seed has a weather of its own: how often, on the whole, a process dies or a commit fails. And it has a few
//! edges it aims at, so that over some dozens of seeds every edge that has a name has had every fault.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use db::{Edge, Edges, Fault};
use kernel::{Clock, Dice, Timestamp, VirtualClock};

use super::trace::Trace;

/// Seeds share the edges among them: each aims at one in so many.
const AIMS: u64 = 12;
/// As many faults an edge that is aimed at gets at most, so that life goes on.
const AT_MOST: u32 = 4;
/// Base rates, in faults per ten thousand commits; a seed has one of them for each kind.
const RATES: [u64; 4] = [0, 2, 10, 40];

/// Every edge that was passed while something could go wrong, with how often nothing, a crash or an error happened there.
pub type EdgesSeen = BTreeMap<(&'static str, &'static str), [u64; 3]>;

/// Decides what goes wrong.
pub(crate) struct Faults {
    clock: Arc<VirtualClock>,
    trace: Arc<Trace>,
    inner: Mutex<Inner>,
}

struct Inner {
    dice: Dice,
    /// Nothing goes wrong while the world is set up and while it comes to its end.
    on: bool,
    died: bool,
    crash_rate: u64,
    error_rate: u64,
    aim: u64,
    aimed: BTreeMap<(&'static str, &'static str), u32>,
    seen: EdgesSeen,
    deaths: Vec<Timestamp>,
    errors: Vec<Timestamp>,
}

impl Faults {
    pub(crate) fn new(clock: Arc<VirtualClock>, trace: Arc<Trace>, mut dice: Dice) -> Self {
        let rate = |dice: &mut Dice| RATES[dice.below(RATES.len() as u64) as usize];
        let inner = Inner {
            on: false,
            died: false,
            crash_rate: rate(&mut dice),
            error_rate: rate(&mut dice),
            aim: dice.below(AIMS),
            aimed: BTreeMap::new(),
            seen: BTreeMap::new(),
            deaths: Vec::new(),
            errors: Vec::new(),
            dice,
        };
        Faults { clock, trace, inner: Mutex::new(inner) }
    }

    /// From now on things go wrong, or no more.
    pub(crate) fn switch(&self, on: bool) {
        self.inner().on = on;
    }

    /// Whether the process has died and nobody has opened another yet.
    pub(crate) fn has_died(&self) -> bool {
        self.inner().died
    }

    /// A new process is there.
    pub(crate) fn reborn(&self) {
        self.inner().died = false;
    }

    /// The process dies here and now.
    pub(crate) fn die(&self, where_at: &str) {
        let mut inner = self.inner();
        inner.died = true;
        inner.deaths.push(self.clock.now());
        self.trace.note(format_args!("{} dies at {where_at}", self.clock.now()));
    }

    /// When it died, each time.
    pub(crate) fn deaths(&self) -> Vec<Timestamp> {
        self.inner().deaths.clone()
    }

    /// When a commit or a hand-off was refused or left unanswered, each time.
    pub(crate) fn errors(&self) -> Vec<Timestamp> {
        self.inner().errors.clone()
    }

    /// How often that was.
    pub(crate) fn errors_so_far(&self) -> usize {
        self.inner().errors.len()
    }

    /// What was seen at every edge.
    pub(crate) fn seen(&self) -> EdgesSeen {
        self.inner().seen.clone()
    }

    /// Whether something that happens `percent` times in a hundred happens now; never while nothing goes wrong.
    pub(crate) fn happens(&self, percent: u64) -> bool {
        let mut inner = self.inner();
        inner.on && inner.dice.below(100) < percent
    }

    /// A fault at a named edge of a hand-off, at the rates of a commit.
    pub(crate) fn at_edge(&self, name: &'static str, edge: &'static str) -> Option<Fault> {
        let fault = self.inner().throw(name, edge);
        match fault {
            Some(Fault::Crash) => self.die(&format!("{name}, {edge}")),
            Some(Fault::Error) => {
                self.inner().errors.push(self.clock.now());
                self.trace.note(format_args!("{} fails at {name}, {edge}", self.clock.now()))
            }
            None => {}
        }
        fault
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Edges for Faults {
    fn at(&self, name: &'static str, edge: Edge) -> Option<Fault> {
        let edge = match edge {
            Edge::Before => "before",
            Edge::After => "after",
        };
        if edge == "before" {
            self.trace.note(format_args!("{} {name}", self.clock.now()));
        }
        self.at_edge(name, edge)
    }
}

impl Inner {
    fn throw(&mut self, name: &'static str, edge: &'static str) -> Option<Fault> {
        if !self.on || self.died {
            return None;
        }
        let fault = self.chosen(name, edge);
        let place = match fault {
            None => 0,
            Some(Fault::Crash) => 1,
            Some(Fault::Error) => 2,
        };
        self.seen.entry((name, edge)).or_default()[place] += 1;
        fault
    }

    fn chosen(&mut self, name: &'static str, edge: &'static str) -> Option<Fault> {
        let thrown = self.dice.below(10_000);
        if thrown < self.crash_rate {
            return Some(Fault::Crash);
        }
        if thrown < self.crash_rate + self.error_rate {
            return Some(Fault::Error);
        }
        let aimed = self.aimed.entry((name, edge)).or_default();
        let is_aimed_at = place_of(name, edge) % AIMS == self.aim && *aimed < AT_MOST;
        if !is_aimed_at || self.dice.below(100) >= 30 {
            return None;
        }
        *aimed += 1;
        Some(if self.dice.below(2) == 0 { Fault::Crash } else { Fault::Error })
    }
}

/// FNV-1a of the name: the same edge is always aimed at by the same share of the seeds.
fn place_of(name: &str, edge: &str) -> u64 {
    let bytes = name.bytes().chain(edge.bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
