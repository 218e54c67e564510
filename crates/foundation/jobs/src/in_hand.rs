//! What this process works on at this moment.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::Job;

/// A job and the token it is held by.
pub(crate) type Lease = (String, String);

/// The leases this process works on, by room.
#[derive(Default)]
pub(crate) struct InHand {
    held: Mutex<Held>,
    freed: Notify,
}

#[derive(Default)]
struct Held {
    /// Each lease and the room it takes a place in.
    leases: BTreeMap<Lease, &'static str>,
    /// How many places of a room are taken, or kept for what is on its way.
    taken: BTreeMap<&'static str, usize>,
}

/// A place that is kept for work on its way; free again when it is dropped.
pub(crate) struct Place {
    room: &'static str,
    in_hand: Arc<InHand>,
}

impl InHand {
    /// Work is begun, in these rooms.
    pub(crate) fn begin<'a>(&self, jobs: impl Iterator<Item = (&'a Job, &'static str)>) {
        let mut held = self.held();
        for (job, room) in jobs {
            if held.leases.insert(lease_of(job), room).is_none() {
                *held.taken.entry(room).or_default() += 1;
            }
        }
    }

    /// Work has ended.
    pub(crate) fn end(&self, job: &Job) {
        let mut held = self.held();
        if let Some(room) = held.leases.remove(&lease_of(job)) {
            held.give_back(room);
        }
        drop(held);
        self.freed.notify_one();
    }

    /// How many places of a room are taken.
    pub(crate) fn taken(&self, room: &str) -> usize {
        self.held().taken.get(room).copied().unwrap_or_default()
    }

    /// Keeps a place, while fewer than `at_most` are taken.
    pub(crate) fn reserve(self: &Arc<Self>, room: &'static str, at_most: usize) -> Option<Place> {
        let mut held = self.held();
        let taken = held.taken.entry(room).or_default();
        if *taken >= at_most {
            return None;
        }
        *taken += 1;
        Some(Place { room, in_hand: self.clone() })
    }

    /// Waits until work has ended since the last time.
    pub(crate) async fn freed(&self) {
        self.freed.notified().await;
    }

    /// Which of these leases nobody here works on.
    pub(crate) fn idle(&self, held: BTreeSet<Lease>) -> BTreeSet<Lease> {
        let in_hand = self.held();
        held.into_iter().filter(|lease| !in_hand.leases.contains_key(lease)).collect()
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        locked(&self.held)
    }
}

impl Held {
    fn give_back(&mut self, room: &str) {
        if let Some(taken) = self.taken.get_mut(room) {
            *taken = taken.saturating_sub(1);
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.in_hand.held().give_back(self.room);
    }
}

fn lease_of(job: &Job) -> Lease {
    (job.id.clone(), job.token.clone())
}

/// Nobody leaves these lists half-changed, so a panic elsewhere does not spoil them.
pub(crate) fn locked<T>(what: &Mutex<T>) -> MutexGuard<'_, T> {
    what.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_kept_until_its_owner_goes() {
        let in_hand = Arc::new(InHand::default());
        let first = in_hand.reserve("a", 2);
        let second = in_hand.reserve("a", 2);
        assert!(first.is_some() && second.is_some() && in_hand.reserve("a", 2).is_none());
        assert!(in_hand.reserve("b", 1).is_some(), "a room of its own");
        drop(first);
        assert_eq!(in_hand.taken("a"), 1);
        assert!(in_hand.reserve("a", 2).is_some());
    }
}
