//! Runs several things at once on one thread, in an order that the dice choose.
//!
//! Nothing here waits for a socket or a timer, so a task that is polled either ends, or has come to one of the places
//! where others may go first, or is part of a process that has died.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use kernel::Dice;

/// Something to do.
pub(crate) type Task<'a> = Pin<Box<dyn Future<Output = ()> + 'a>>;

/// How a round of tasks ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// All of them are done.
    Done,
    /// The process has died under them.
    Died,
    /// They wait for something that never comes.
    Stuck,
}

/// More polls than any round takes that goes on at all.
const MOST_POLLS: u32 = 200_000;

/// Polls one task after another, as the dice say, until all are done or `died` says so.
pub(crate) fn run(mut tasks: Vec<Task<'_>>, dice: &mut Dice, died: impl Fn() -> bool) -> Ended {
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..MOST_POLLS {
        if died() {
            return Ended::Died;
        }
        if tasks.is_empty() {
            return Ended::Done;
        }
        let place = dice.below(tasks.len() as u64) as usize;
        if tasks[place].as_mut().poll(&mut context).is_ready() {
            drop(tasks.swap_remove(place));
        }
    }
    Ended::Stuck
}

/// A place where others may go first.
pub(crate) async fn step_aside() {
    let mut waited = false;
    std::future::poll_fn(|_| match std::mem::replace(&mut waited, true) {
        true => Poll::Ready(()),
        false => Poll::Pending,
    })
    .await;
}

/// What becomes of whoever was at work when the process died.
pub(crate) async fn never<T>() -> T {
    std::future::pending().await
}
