//! A closure on its way through a thread, with the place its answer goes.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

use kernel::{Error, Result};
use tokio::sync::oneshot;

use crate::Write;
use crate::pace::monotonic;

/// A closure without its type, so that one batch can hold many kinds.
pub(crate) trait Work: Send {
    /// The name of the write, for logs.
    fn name(&self) -> &'static str;
    /// When it was asked for.
    fn asked_at(&self) -> Instant;
    /// Runs the closure and keeps its result; says whether what it wrote is to be kept.
    fn run(&mut self, write: &mut Write<'_>) -> bool;
    /// Replaces the result: the closure's work did not last.
    fn refuse(&mut self, error: Error);
    /// Hands the result to the caller.
    fn answer(self: Box<Self>);
}

/// A typed closure and its caller.
pub(crate) struct Task<T, F> {
    name: &'static str,
    asked_at: Instant,
    closure: F,
    result: Option<Result<T>>,
    panicked: bool,
    reply: oneshot::Sender<Result<T>>,
}

impl<T, F> Task<T, F> {
    pub(crate) fn new(name: &'static str, closure: F) -> (Box<Self>, oneshot::Receiver<Result<T>>) {
        let (reply, answer) = oneshot::channel();
        (
            Box::new(Task { name, asked_at: monotonic(), closure, result: None, panicked: false, reply }),
            answer,
        )
    }
}

impl<T, F> Work for Task<T, F>
where
    T: Send + 'static,
    F: FnMut(&mut Write<'_>) -> Result<T> + Send + 'static,
{
    fn name(&self) -> &'static str {
        self.name
    }

    fn asked_at(&self) -> Instant {
        self.asked_at
    }

    fn run(&mut self, write: &mut Write<'_>) -> bool {
        // A closure that has panicked once may have been left half-way, so it never runs again.
        if self.panicked {
            return false;
        }
        let outcome = catch_unwind(AssertUnwindSafe(|| (self.closure)(write)));
        let result = outcome.unwrap_or_else(|_| {
            self.panicked = true;
            // What the panic says may quote the value it fell over, and values are personal.
            Err(Error::internal(format!("{} panicked", self.name)))
        });
        let keep = result.is_ok();
        self.result = Some(result);
        keep
    }

    fn refuse(&mut self, error: Error) {
        self.result = Some(Err(error));
    }

    fn answer(self: Box<Self>) {
        let never_ran = || Err(Error::unavailable(format!("{} was not run", self.name)));
        // A caller that went away has no use for the answer.
        let _ = self.reply.send(self.result.unwrap_or_else(never_ran));
    }
}
