//! Which handler does which kind of work, and what is done again and again.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use db::{Db, Write};
use kernel::{Result, Timestamp};
use serde_json::Value;

use crate::Job;

/// What a handler that runs inside one write wants to happen to its job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// It is done.
    Done,
    /// It goes on at this time.
    Again(Timestamp),
}

/// Work in several steps that talks to the outside between its writes.
/// It completes its job itself, with [`crate::finish`] or [`crate::again`], in the write that records the outcome.
#[async_trait]
pub trait Stepped: Send + Sync {
    /// Does the work. An error gives the lease back and tries again later.
    async fn run(&self, db: &Db, job: &Job) -> Result<()>;
}

/// What does the work of one kind.
#[derive(Clone)]
pub enum Handler {
    /// Runs inside one write that also completes the job. Must be re-runnable.
    Write(fn(&mut Write<'_>, &Value) -> Result<Next>),
    /// Runs in steps.
    Stepped(Arc<dyn Stepped>),
}

/// The list of handlers and schedules. The binary has one; nothing is found by magic.
#[derive(Clone, Default)]
pub struct Registry {
    handlers: BTreeMap<&'static str, Handler>,
    schedules: Vec<Schedule>,
}

/// Housekeeping that is done again and again.
#[derive(Clone, Copy, Debug)]
pub struct Schedule {
    /// Which handler.
    pub kind: &'static str,
    /// How long after the last time.
    pub every: Duration,
}

impl Registry {
    /// A list of nothing.
    pub fn new() -> Self {
        Registry::default()
    }

    /// Work that runs inside one write.
    pub fn write(mut self, kind: &'static str, run: fn(&mut Write<'_>, &Value) -> Result<Next>) -> Self {
        self.handlers.insert(kind, Handler::Write(run));
        self
    }

    /// Work that runs in steps.
    pub fn stepped(mut self, kind: &'static str, run: Arc<dyn Stepped>) -> Self {
        self.handlers.insert(kind, Handler::Stepped(run));
        self
    }

    /// Housekeeping inside one write, `every` so often. Its handler returns [`Next::Done`]; the schedule goes on.
    pub fn schedule(
        mut self,
        kind: &'static str,
        every: Duration,
        run: fn(&mut Write<'_>, &Value) -> Result<Next>,
    ) -> Self {
        self.schedules.push(Schedule { kind, every });
        self.write(kind, run)
    }

    /// The schedules of this list.
    pub fn schedules(&self) -> &[Schedule] {
        &self.schedules
    }

    /// The kinds of work of this list.
    pub fn kinds(&self) -> impl Iterator<Item = &'static str> {
        self.handlers.keys().copied()
    }

    pub(crate) fn handler(&self, kind: &str) -> Option<&Handler> {
        self.handlers.get(kind)
    }

    pub(crate) fn schedule_of(&self, kind: &str) -> Option<Schedule> {
        self.schedules.iter().copied().find(|schedule| schedule.kind == kind)
    }
}
