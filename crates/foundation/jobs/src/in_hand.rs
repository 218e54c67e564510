//! What this process works on at this moment.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::Job;

/// A job and the token it is held by.
pub(crate) type Lease = (String, String);

/// The leases this process works on, with the kind of each.
#[derive(Default)]
pub(crate) struct InHand(Mutex<BTreeMap<Lease, String>>);

impl InHand {
    pub(crate) fn begin(&self, jobs: &[Job]) {
        self.locked().extend(jobs.iter().map(|job| (lease_of(job), job.kind.clone())));
    }

    pub(crate) fn end(&self, job: &Job) {
        self.locked().remove(&lease_of(job));
    }

    /// How much is in hand of these kinds.
    pub(crate) fn count(&self, kinds: &[&'static str]) -> usize {
        self.locked().values().filter(|kind| kinds.contains(&kind.as_str())).count()
    }

    /// Which of these leases nobody here works on.
    pub(crate) fn idle(&self, held: BTreeSet<Lease>) -> BTreeSet<Lease> {
        let in_hand = self.locked();
        held.into_iter().filter(|lease| !in_hand.contains_key(lease)).collect()
    }

    fn locked(&self) -> MutexGuard<'_, BTreeMap<Lease, String>> {
        locked(&self.0)
    }
}

fn lease_of(job: &Job) -> Lease {
    (job.id.clone(), job.token.clone())
}

/// Nobody leaves these lists half-changed, so a panic elsewhere does not spoil them.
pub(crate) fn locked<T>(what: &Mutex<T>) -> MutexGuard<'_, T> {
    what.lock().unwrap_or_else(PoisonError::into_inner)
}
