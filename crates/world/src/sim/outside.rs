//! What everybody outside the shop saw and did, in one order. The rules are judged by it, never by what the shop says
//! of itself alone.

use std::sync::{Mutex, MutexGuard, PoisonError};

use kernel::{Channel, Timestamp};
use messaging::provider::RefusalClass;
use timeline::IncidentKind;

use super::agenda::Answer;

/// A message that was given to a provider.
#[derive(Clone, Debug)]
pub(crate) struct HandOff {
    /// Its place in the one order of things: when it was marked, nothing later was known.
    pub(crate) place: u64,
    pub(crate) at: Timestamp,
    /// The message's key, the same on each attempt.
    pub(crate) key: String,
    pub(crate) channel: Channel,
    pub(crate) address: String,
    /// Which message it is, for reports on texts.
    pub(crate) message: Option<String>,
    /// Where one leaves the topic: the address in `List-Unsubscribe`.
    pub(crate) way_out: Option<String>,
    /// Every address in it that leads to the shop.
    pub(crate) links: Vec<String>,
    pub(crate) end: End,
}

/// How a hand-off ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// The provider never took it, and never answered: the shop died first, or the line did.
    NotTaken,
    /// The provider said no, and about what.
    Refused(RefusalClass),
    /// Taken, and said so.
    Accepted,
    /// Taken; the answer was lost, or the shop died before it heard it.
    TakenUnheard,
}

impl HandOff {
    /// Whether it has reached its reader.
    pub(crate) fn is_taken(&self) -> bool {
        matches!(self.end, End::Accepted | End::TakenUnheard)
    }
}

/// Something a person or the merchant said, with its place. It counts from its answer on.
#[derive(Clone, Debug)]
pub(crate) struct Wish {
    pub(crate) place: u64,
    pub(crate) at: Timestamp,
    pub(crate) what: What,
}

/// What was said.
#[derive(Clone, Debug)]
pub(crate) enum What {
    /// Somebody left by a mail: the hand-off they answered, and how.
    Left { hand_off: usize, how: Answer },
    /// A number said STOP.
    Stopped { phone: String },
    /// A number said START.
    Started { phone: String },
    /// An incident was opened for the customer with this address.
    Opened { email: String, kind: IncidentKind },
    /// The merchant began to close it.
    Closing { email: String, kind: IncidentKind },
    /// And it is closed.
    Closed { email: String, kind: IncidentKind },
}

/// All of it.
#[derive(Default)]
pub(crate) struct Outside(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    places: u64,
    hand_offs: Vec<HandOff>,
    wishes: Vec<Wish>,
    reports: Vec<(String, Timestamp)>,
}

impl Outside {
    /// A message is given to a provider; returns which it is.
    pub(crate) fn given(&self, mut hand_off: HandOff) -> usize {
        let mut inner = self.inner();
        hand_off.place = inner.next_place();
        inner.hand_offs.push(hand_off);
        inner.hand_offs.len() - 1
    }

    /// How it ended.
    pub(crate) fn ended(&self, which: usize, end: End) {
        self.inner().hand_offs[which].end = end;
    }

    /// The shop has acknowledged what somebody said.
    pub(crate) fn said(&self, at: Timestamp, what: What) {
        let mut inner = self.inner();
        let place = inner.next_place();
        inner.wishes.push(Wish { place, at, what });
    }

    /// The shop has acknowledged a report on a text.
    pub(crate) fn reported(&self, message: String, at: Timestamp) {
        self.inner().reports.push((message, at));
    }

    /// Which texts were reported on, and when.
    pub(crate) fn reports(&self) -> Vec<(String, Timestamp)> {
        self.inner().reports.clone()
    }

    /// One hand-off.
    pub(crate) fn hand_off(&self, which: usize) -> HandOff {
        self.inner().hand_offs[which].clone()
    }

    /// Every hand-off, in their order.
    pub(crate) fn hand_offs(&self) -> Vec<HandOff> {
        self.inner().hand_offs.clone()
    }

    /// Everything that was said, in its order.
    pub(crate) fn wishes(&self) -> Vec<Wish> {
        self.inner().wishes.clone()
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn next_place(&mut self) -> u64 {
        self.places += 1;
        self.places
    }
}
