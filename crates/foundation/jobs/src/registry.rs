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
    /// Runs in steps, at most so many at once in one process.
    Stepped(Arc<dyn Stepped>, usize),
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

    /// Work that runs in steps, at most so many at once in one process: as many as get ahead at once, since whatever
    /// else is in hand only waits. At least one, so that its work comes to an end however little there is to do it with.
    pub fn stepped(mut self, kind: &'static str, at_most: usize, run: Arc<dyn Stepped>) -> Self {
        self.handlers.insert(kind, Handler::Stepped(run, at_most.max(1)));
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

    /// The kinds that run inside one write.
    pub(crate) fn write_kinds(&self) -> Vec<&'static str> {
        let writes = self.handlers.iter().filter(|(_, handler)| matches!(handler, Handler::Write(_)));
        writes.map(|(kind, _)| *kind).collect()
    }

    /// The kinds that run in steps, and how many of each at once.
    pub(crate) fn stepped_kinds(&self) -> Vec<(&'static str, usize)> {
        let steps = self.handlers.iter().filter_map(|(kind, handler)| match handler {
            Handler::Stepped(_, at_most) => Some((*kind, *at_most)),
            Handler::Write(_) => None,
        });
        steps.collect()
    }

    /// A kind of this list by its name, and who does it.
    pub(crate) fn kind(&self, kind: &str) -> Option<(&'static str, &Handler)> {
        self.handlers.get_key_value(kind).map(|(kind, handler)| (*kind, handler))
    }

    pub(crate) fn handler(&self, kind: &str) -> Option<&Handler> {
        self.handlers.get(kind)
    }

    pub(crate) fn schedule_of(&self, kind: &str) -> Option<Schedule> {
        self.schedules.iter().copied().find(|schedule| schedule.kind == kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Nothing;

    #[async_trait]
    impl Stepped for Nothing {
        async fn run(&self, _: &Db, _: &Job) -> Result<()> {
            Ok(())
        }
    }

    #[test]
    fn work_in_steps_has_its_own_room_and_never_none() {
        let registry = Registry::new()
            .write("b.write", |_, _| Ok(Next::Done))
            .stepped("a.steps", 4, Arc::new(Nothing))
            .stepped("c.steps", 0, Arc::new(Nothing))
            .schedule("d.upkeep", Duration::from_secs(1), |_, _| Ok(Next::Done));
        assert_eq!(registry.write_kinds(), ["b.write", "d.upkeep"]);
        assert_eq!(registry.stepped_kinds(), [("a.steps", 4), ("c.steps", 1)]);
        assert_eq!(registry.kinds().count(), 4);
    }
}
