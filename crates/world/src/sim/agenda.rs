//! What the world still has in mind, each at its time.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use kernel::Timestamp;
use timeline::IncidentKind;

/// Something that will happen.
#[derive(Clone, Debug)]
pub(crate) enum Action {
    /// The shop tells a version of an order through the API; again until it is acknowledged.
    Tell { version: usize, attempt: u32 },
    /// The carrier tells where a parcel is; again until it is acknowledged.
    Track { telling: usize, attempt: u32 },
    /// The Vendure shop delivers a webhook about a version, and does not care what becomes of it.
    Deliver { version: usize },
    /// The merchant writes a message to somebody.
    Say { person: usize, template: &'static str, nth: u32 },
    /// Somebody who got a mail answers it.
    Answer { hand_off: usize, how: Answer },
    /// Somebody texts the shop; `nth` is how the network tells this text from the next with the same words.
    Text { person: usize, body: &'static str, nth: u32 },
    /// Somebody asks for a code to see all their orders.
    SignIn { person: usize },
    /// The gateway reports on a text.
    Report { hand_off: usize, status: &'static str },
    /// A mail scanner follows everything in a mail.
    Scan { hand_off: usize },
    /// Something goes wrong for a customer.
    Open { person: usize, kind: IncidentKind },
    /// And is put right.
    Close { person: usize, kind: IncidentKind },
    /// The process says that it lives, and looks after its leases.
    Beat,
    /// Somebody kills it.
    Kill,
    /// It is started again.
    Restart,
}

/// How a reader answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// By the button of the mail program (RFC 8058).
    OneClick,
    /// On the page behind the link: this topic.
    Topic,
    /// On the page behind the link: everything.
    All,
}

/// The list.
#[derive(Default)]
pub(crate) struct Agenda(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    actions: BTreeMap<(Timestamp, u64), Action>,
    written: u64,
}

impl Agenda {
    /// Writes something down.
    pub(crate) fn add(&self, at: Timestamp, action: Action) {
        let mut inner = self.inner();
        inner.written += 1;
        let place = inner.written;
        inner.actions.insert((at, place), action);
    }

    /// When the next thing happens.
    pub(crate) fn next(&self) -> Option<Timestamp> {
        self.inner().actions.keys().next().map(|(at, _)| *at)
    }

    /// Takes what happens until `now`.
    pub(crate) fn take_due(&self, now: Timestamp) -> Vec<Action> {
        let mut inner = self.inner();
        let later = inner.actions.split_off(&(Timestamp::from_ms(now.ms() + 1), 0));
        std::mem::replace(&mut inner.actions, later).into_values().collect()
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
