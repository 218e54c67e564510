//! The queue in front of a thread. It can be closed: what is inside is still worked off, nothing new gets in.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::{self, Thread};

/// A first-in, first-out queue for any number of senders and takers.
///
/// Of several takers that wait, the one that has worked last goes first: its connection is open and its pages are warm, and
/// the others stay asleep until there is more to do than it can.
pub(crate) struct Queue<T> {
    state: Mutex<State<T>>,
}

struct State<T> {
    items: VecDeque<T>,
    closed: bool,
    /// Takers that sleep, the one that came last at the end.
    asleep: Vec<Thread>,
}

impl<T> Queue<T> {
    pub(crate) fn new() -> Self {
        Queue { state: Mutex::new(State { items: VecDeque::new(), closed: false, asleep: Vec::new() }) }
    }

    /// Adds an item; gives it back when the queue is closed.
    pub(crate) fn push(&self, item: T) -> Result<(), T> {
        let mut state = self.lock();
        if state.closed {
            return Err(item);
        }
        state.items.push_back(item);
        let next = state.asleep.pop();
        drop(state);
        if let Some(taker) = next {
            taker.unpark();
        }
        Ok(())
    }

    /// The next item, waiting for it; `None` when the queue is closed and empty.
    pub(crate) fn take(&self) -> Option<T> {
        loop {
            let mut state = self.lock();
            let myself = thread::current();
            // A thread may wake for no reason, and is then still down as asleep.
            state.asleep.retain(|taker| taker.id() != myself.id());
            if let Some(item) = state.items.pop_front() {
                return Some(item);
            }
            if state.closed {
                return None;
            }
            state.asleep.push(myself);
            drop(state);
            // Whoever wakes this thread between the two lines makes it not sleep at all.
            thread::park();
        }
    }

    /// The next item if it is there already and `wanted`.
    pub(crate) fn take_if(&self, wanted: impl FnOnce(&T) -> bool) -> Option<T> {
        let mut state = self.lock();
        if state.items.front().is_some_and(wanted) { state.items.pop_front() } else { None }
    }

    /// Lets nothing in any more and wakes the takers.
    pub(crate) fn close(&self) {
        let mut state = self.lock();
        state.closed = true;
        let asleep = std::mem::take(&mut state.asleep);
        drop(state);
        asleep.iter().for_each(Thread::unpark);
    }

    /// How many items wait.
    pub(crate) fn len(&self) -> usize {
        self.lock().items.len()
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        // No code of ours can panic while it holds the lock, so the state behind a poisoned one is whole.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn a_closed_queue_is_worked_off_and_takes_nothing_new() {
        let queue = Queue::new();
        queue.push(1).unwrap();
        queue.push(2).unwrap();
        queue.close();
        assert_eq!(queue.push(3), Err(3));
        assert_eq!(queue.take_if(|n| *n == 2), None);
        assert_eq!((queue.take(), queue.take(), queue.take()), (Some(1), Some(2), None));
    }

    /// Waits until so many takers sleep.
    fn until_asleep<T>(queue: &Queue<T>, takers: usize) {
        while queue.lock().asleep.len() < takers {
            thread::yield_now();
        }
    }

    #[test]
    fn what_comes_one_after_the_other_is_done_by_one_taker_and_what_comes_at_once_by_all() {
        let queue = Arc::new(Queue::new());
        let (done, seen) = mpsc::channel();
        let takers: Vec<_> = (0..3)
            .map(|_| {
                let (queue, done) = (Arc::clone(&queue), done.clone());
                thread::spawn(move || {
                    while let Some(item) = queue.take() {
                        done.send((item, thread::current().id())).unwrap();
                    }
                })
            })
            .collect();
        until_asleep(&queue, 3);
        let one_by_one: Vec<_> = (0..20)
            .map(|item| {
                queue.push(item).unwrap();
                let (taken, by) = seen.recv().unwrap();
                until_asleep(&queue, 3);
                assert_eq!(taken, item);
                by
            })
            .collect();
        assert!(one_by_one.iter().all(|by| *by == one_by_one[0]), "{one_by_one:?}");
        (20..1_000).for_each(|item| queue.push(item).unwrap());
        queue.close();
        takers.into_iter().for_each(|taker| taker.join().unwrap());
        let mut rest: Vec<i32> = seen.try_iter().map(|(item, _)| item).collect();
        rest.sort_unstable();
        assert_eq!(rest, (20..1_000).collect::<Vec<_>>(), "each is taken once");
    }
}
