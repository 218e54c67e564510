//! The queue in front of a thread: a line for each lane. It can be closed: what is inside is still worked off, nothing new
//! gets in.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::{self, Thread};

/// Who asks, and so in which line of a queue they wait. While somebody waits in both, the lines take turns: however many
/// requests come in, each write of the work in the background waits for one of them, not for all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lane {
    /// Requests, and whatever says nothing else.
    Door,
    /// What the workers do: without it, what was let in would never be dealt with.
    Work,
}

/// A queue for any number of senders and takers, first in, first out within a lane.
///
/// Of several takers that wait, the one that has worked last goes first: its connection is open and its pages are warm, and
/// the others stay asleep until there is more to do than it can.
pub(crate) struct Queue<T> {
    state: Mutex<State<T>>,
}

struct State<T> {
    lines: Lines<T>,
    closed: bool,
    /// Takers that sleep, the one that came last at the end.
    asleep: Vec<Thread>,
}

/// The items of the two lanes, and whose turn it is.
struct Lines<T> {
    door: VecDeque<T>,
    work: VecDeque<T>,
    turn: Lane,
}

impl<T> Lines<T> {
    fn new() -> Self {
        Lines { door: VecDeque::new(), work: VecDeque::new(), turn: Lane::Door }
    }

    fn line(&mut self, lane: Lane) -> &mut VecDeque<T> {
        match lane {
            Lane::Door => &mut self.door,
            Lane::Work => &mut self.work,
        }
    }

    /// The lane that the next item comes from: the one whose turn it is, unless nobody waits there.
    fn next(&mut self) -> Lane {
        let turn = self.turn;
        if self.line(turn).is_empty() { turn.other() } else { turn }
    }

    /// The next item if there is one and it is `wanted`.
    fn take_if(&mut self, wanted: impl FnOnce(&T) -> bool) -> Option<T> {
        let lane = self.next();
        if !self.line(lane).front().is_some_and(wanted) {
            return None;
        }
        self.turn = lane.other();
        self.line(lane).pop_front()
    }

    fn len(&self) -> usize {
        self.door.len() + self.work.len()
    }
}

impl Lane {
    fn other(self) -> Self {
        match self {
            Lane::Door => Lane::Work,
            Lane::Work => Lane::Door,
        }
    }
}

impl<T> Queue<T> {
    pub(crate) fn new() -> Self {
        Queue { state: Mutex::new(State { lines: Lines::new(), closed: false, asleep: Vec::new() }) }
    }

    /// Adds an item at the end of its lane; gives it back when the queue is closed.
    pub(crate) fn push(&self, lane: Lane, item: T) -> Result<(), T> {
        self.add(item, |lines, item| lines.line(lane).push_back(item))
    }

    /// Leaves an item that was taken to whoever takes next; gives it back when the queue is closed.
    pub(crate) fn put_back(&self, item: T) -> Result<(), T> {
        self.add(item, |lines, item| {
            let turn = lines.turn;
            lines.line(turn).push_front(item);
        })
    }

    fn add(&self, item: T, place: impl FnOnce(&mut Lines<T>, T)) -> Result<(), T> {
        let mut state = self.lock();
        if state.closed {
            return Err(item);
        }
        place(&mut state.lines, item);
        let next = state.asleep.pop();
        drop(state);
        if let Some(taker) = next {
            taker.unpark();
        }
        Ok(())
    }

    /// The next item, waiting for it; `None` when the queue is closed and empty. A taker that is not `ready` is woken after all
    /// that are.
    pub(crate) fn take(&self, ready: bool) -> Option<T> {
        loop {
            let mut state = self.lock();
            let myself = thread::current();
            // A thread may wake for no reason, and is then still down as asleep.
            state.asleep.retain(|taker| taker.id() != myself.id());
            if let Some(item) = state.lines.take_if(|_| true) {
                return Some(item);
            }
            if state.closed {
                return None;
            }
            let place = if ready { state.asleep.len() } else { 0 };
            state.asleep.insert(place, myself);
            drop(state);
            // Whoever wakes this thread between the two lines makes it not sleep at all.
            thread::park();
        }
    }

    /// The next item if it is there already and `wanted`.
    pub(crate) fn take_if(&self, wanted: impl FnOnce(&T) -> bool) -> Option<T> {
        self.lock().lines.take_if(wanted)
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
        self.lock().lines.len()
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
        queue.push(Lane::Door, 1).unwrap();
        queue.push(Lane::Door, 2).unwrap();
        queue.close();
        assert_eq!(queue.push(Lane::Door, 3), Err(3));
        assert_eq!(queue.take_if(|n| *n == 2), None);
        assert_eq!((queue.take(true), queue.take(true), queue.take(true)), (Some(1), Some(2), None));
    }

    #[test]
    fn what_was_put_back_is_next() {
        let queue = Queue::new();
        (1..=3).for_each(|item| queue.push(Lane::Door, item).unwrap());
        queue.push(Lane::Work, 11).unwrap();
        let first = queue.take(true).unwrap();
        queue.put_back(first).unwrap();
        let taken: Vec<_> = (0..4).filter_map(|_| queue.take(true)).collect();
        assert_eq!(taken, [1, 2, 11, 3]);
        queue.close();
        assert_eq!(queue.put_back(1), Err(1));
    }

    #[test]
    fn the_lanes_take_turns_while_somebody_waits_in_both() {
        let queue = Queue::new();
        (1..=3).for_each(|item| queue.push(Lane::Door, item).unwrap());
        (11..=12).for_each(|item| queue.push(Lane::Work, item).unwrap());
        let taken: Vec<_> = (0..5).filter_map(|_| queue.take(true)).collect();
        assert_eq!(taken, [1, 11, 2, 12, 3]);
        queue.push(Lane::Work, 13).unwrap();
        queue.push(Lane::Door, 4).unwrap();
        assert_eq!(queue.take_if(|item| *item == 4), None, "the work’s turn");
        assert_eq!(queue.len(), 2, "nothing is taken out of turn");
        assert_eq!((queue.take(true), queue.take(true)), (Some(13), Some(4)));
    }

    #[test]
    fn a_lane_where_nobody_waits_costs_the_other_no_turn() {
        let queue = Queue::new();
        (1..=2).for_each(|item| queue.push(Lane::Work, item).unwrap());
        assert_eq!((queue.take(true), queue.take(true)), (Some(1), Some(2)));
        (3..=4).for_each(|item| queue.push(Lane::Door, item).unwrap());
        assert_eq!((queue.take(true), queue.take(true)), (Some(3), Some(4)));
    }

    /// Waits until so many takers sleep.
    fn until_asleep<T>(queue: &Queue<T>, takers: usize) {
        while queue.lock().asleep.len() < takers {
            thread::yield_now();
        }
    }

    #[test]
    fn who_is_not_ready_sleeps_behind_who_is() {
        let queue = Arc::new(Queue::new());
        let (done, seen) = mpsc::channel();
        for (asleep, ready) in [true, false].into_iter().enumerate() {
            let (queue, done) = (Arc::clone(&queue), done.clone());
            until_asleep(&queue, asleep);
            thread::spawn(move || queue.take(ready).map(|_: i32| done.send(ready)));
        }
        until_asleep(&queue, 2);
        for ready in [true, false] {
            queue.push(Lane::Door, 1).unwrap();
            assert_eq!(seen.recv(), Ok(ready));
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
                    while let Some(item) = queue.take(true) {
                        done.send((item, thread::current().id())).unwrap();
                    }
                })
            })
            .collect();
        until_asleep(&queue, 3);
        let one_by_one: Vec<_> = (0..20)
            .map(|item| {
                queue.push(Lane::Door, item).unwrap();
                let (taken, by) = seen.recv().unwrap();
                until_asleep(&queue, 3);
                assert_eq!(taken, item);
                by
            })
            .collect();
        assert!(one_by_one.iter().all(|by| *by == one_by_one[0]), "{one_by_one:?}");
        (20..1_000).for_each(|item| queue.push(Lane::Door, item).unwrap());
        queue.close();
        takers.into_iter().for_each(|taker| taker.join().unwrap());
        let mut rest: Vec<i32> = seen.try_iter().map(|(item, _)| item).collect();
        rest.sort_unstable();
        assert_eq!(rest, (20..1_000).collect::<Vec<_>>(), "each is taken once");
    }
}
