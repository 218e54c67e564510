//! The thread behind a connection: takes what is queued, runs each closure in a savepoint, commits once, answers all.
//!
//! The same loop serves the writer, the claimer and the readers; only the writer's closures share a commit.

use std::sync::Arc;
use std::time::{Duration, Instant};

use kernel::{Clock, Dice, Error};

use crate::checked::Checked;
use crate::conn::Conn;
use crate::migrate::MigrateJob;
use crate::pace::monotonic;
use crate::queue::Queue;
use crate::serving::Serving;
use crate::session::{Broken, Fate, Isolation, Session};
use crate::stats::{Counters, count};
use crate::task::Work;
use crate::wakes::{Afterwards, Bells};
use crate::wiring::Exchange;
use crate::{Edge, Edges, Fault, Read, Write};

/// A batch holds at most this many closures …
const MOST_CLOSURES: usize = 64;
/// … and takes no further one after this much work.
const MOST_WORK: Duration = Duration::from_millis(5);
/// A closure that takes longer is logged by name.
const SLOW: Duration = Duration::from_millis(50);
/// How soon a log that could not be emptied is tried again.
const SCRUBBED_AGAIN: Duration = Duration::from_secs(1);
/// Who was refused within this may ask elsewhere; who waited longer has waited long enough.
const AT_ONCE: Duration = Duration::from_secs(1);
/// For how long a thread without a connection leaves the work to the others.
const ASIDE: Duration = Duration::from_millis(250);
/// How often a closure that runs alone is run again because of what others did.
const TRIES: u32 = 50;

/// What a queue holds.
pub(crate) enum Job {
    /// A closure and the transaction it wants.
    Closure(Isolation, Box<dyn Work>),
    /// A list of migrations.
    Migrate(MigrateJob),
}

/// What every worker of a handle shares.
#[derive(Clone)]
pub(crate) struct Shared {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) wiring: Arc<Exchange>,
    pub(crate) bells: Arc<Bells>,
    pub(crate) counters: Arc<Counters>,
}

/// One connection and what it needs to run closures.
pub(crate) struct Worker {
    session: Box<dyn Session>,
    shared: Shared,
    dice: Dice,
    joining: Joining,
    serving: Serving,
    edges: Option<Arc<dyn Edges>>,
    died: bool,
    /// From when on the log is to be emptied.
    scrub_at: Option<Instant>,
}

/// Whose closures may join a transaction that has begun, and share its commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Joining {
    /// Nobody's.
    Nobody,
    /// Of those who asked before it began. What another connection commits after that is not in its snapshot (PostgreSQL), and
    /// whoever asks later may have seen it: work that was claimed, an answer of another node.
    WhoAskedBefore,
    /// Everybody's: nothing is committed meanwhile (SQLite).
    Everybody,
}

impl Joining {
    fn admits(self, asked_at: Instant, began: Instant) -> bool {
        match self {
            Joining::Nobody => false,
            Joining::WhoAskedBefore => asked_at < began,
            Joining::Everybody => true,
        }
    }
}

/// The closures of one transaction.
struct Batch {
    isolation: Isolation,
    works: Vec<Box<dyn Work>>,
}

impl Worker {
    /// `joining` says which closures share a commit.
    pub(crate) fn new(session: Box<dyn Session>, shared: Shared, dice: Dice, joining: Joining) -> Self {
        let serving = Serving::default();
        Worker { session, shared, dice, joining, serving, edges: None, died: false, scrub_at: None }
    }

    /// One of several that take from the same queue.
    pub(crate) fn among(self, serving: Serving) -> Self {
        Worker { serving, ..self }
    }

    /// Asks `edges` at every commit.
    pub(crate) fn with_edges(self, edges: Option<Arc<dyn Edges>>) -> Self {
        Worker { edges, ..self }
    }

    /// A worker over a copy of the same rows; nothing goes wrong at its edges.
    pub(crate) fn twin(&mut self) -> kernel::Result<Self> {
        let session = self.session.twin()?;
        Ok(Worker::new(session, self.shared.clone(), self.dice.fork(), self.joining))
    }

    /// The worker of the next process, over the same connection.
    pub(crate) fn reborn(mut self, shared: Shared, dice: Dice, edges: Option<Arc<dyn Edges>>) -> Self {
        self.session.abandon();
        Worker { shared, dice, edges, died: false, ..self }
    }

    pub(crate) fn has_died(&self) -> bool {
        self.died
    }

    pub(crate) fn has_edges(&self) -> bool {
        self.edges.is_some()
    }

    /// Works until the queue is closed and empty.
    pub(crate) fn serve(mut self, queue: &Queue<Job>) {
        // A process that died may have been asked to empty the log, and its long log makes each start slower.
        self.scrub_at = Some(monotonic());
        while let Some(job) = queue.take(self.serving.does()) {
            self.handle(job, Some(queue));
        }
    }

    /// Does one job; with a queue, further closures may join its commit.
    pub(crate) fn handle(&mut self, job: Job, queue: Option<&Queue<Job>>) {
        match job {
            // The dead do nothing, and drop what they hold.
            _ if self.died => {}
            Job::Closure(isolation, work) => self.settle(Batch { isolation, works: vec![work] }, queue),
            Job::Migrate(job) => job.run(self.session.as_mut(), self.shared.clock.now()),
        }
    }

    /// Runs a batch until every closure has its answer.
    fn settle(&mut self, mut batch: Batch, queue: Option<&Queue<Job>>) {
        match self.persist(&mut batch, queue, 0) {
            Ok(()) => {}
            Err(Broken { fate: Fate::Again | Fate::Refused, .. }) => return self.settle_one_by_one(batch),
            Err(Broken { fate: Fate::Died | Fate::Elsewhere, .. }) => return,
            Err(broken) => batch.refuse(&broken),
        }
        batch.answer();
    }

    /// After a conflict, each closure gets a transaction of its own, so that none suffers for another.
    fn settle_one_by_one(&mut self, batch: Batch) {
        for work in batch.works {
            let mut alone = Batch { isolation: batch.isolation, works: vec![work] };
            count(&self.shared.counters.retries);
            match self.persist(&mut alone, None, TRIES) {
                Ok(()) => {}
                Err(Broken { fate: Fate::Died, .. }) => return,
                Err(broken) => alone.refuse(&broken),
            }
            alone.answer();
        }
    }

    /// Runs a batch, once more after a lost connection and up to `tries` times more after conflicts.
    fn persist(&mut self, batch: &mut Batch, queue: Option<&Queue<Job>>, tries: u32) -> Result<(), Broken> {
        let (mut conflicts, mut losses) = (0, 0);
        loop {
            let broken = match self.attempt(batch, queue) {
                Ok(()) => return Ok(()),
                Err(broken) => broken,
            };
            self.session.abandon();
            match broken.fate {
                Fate::Again if conflicts < tries => {
                    self.step_aside(conflicts);
                    conflicts += 1;
                }
                Fate::Lost if losses == 0 => losses += 1,
                _ => return Err(broken),
            }
            count(&self.shared.counters.retries);
        }
    }

    /// One transaction over the whole batch.
    fn attempt(&mut self, batch: &mut Batch, queue: Option<&Queue<Job>>) -> Result<(), Broken> {
        let began = monotonic();
        let mut afterwards = Afterwards::default();
        self.begin(batch, queue)?;
        let mut at = 0;
        while at < batch.works.len() {
            if at > 0 {
                self.session.next()?;
            }
            self.run(batch.works[at].as_mut(), batch.isolation, &mut afterwards)?;
            at += 1;
            if let Some(queue) = queue.filter(|_| at == batch.works.len()) {
                batch.grow(queue, self.joining, began);
            }
        }
        self.edge(batch, Edge::Before)?;
        self.session.commit(&afterwards.wakes)?;
        self.edge(batch, Edge::After)?;
        if batch.isolation != Isolation::Snapshot {
            count(&self.shared.counters.commits);
            self.scrub(afterwards.scrub);
        }
        self.shared.bells.ring(&afterwards.wakes);
        afterwards.deeds.into_iter().for_each(|deed| deed());
        Ok(())
    }

    /// Empties the log when it is asked for. Where somebody reads at that moment, a backup for instance, it is tried again
    /// after a later commit, and at the latest when the database is closed.
    fn scrub(&mut self, asked: bool) {
        if asked {
            self.scrub_at = Some(monotonic());
        }
        if self.scrub_at.is_some_and(|at| monotonic() >= at) {
            let is_clean = self.session.scrub();
            self.scrub_at = (!is_clean).then(|| monotonic() + SCRUBBED_AGAIN);
        }
    }

    /// What an experiment wants to happen at this edge of the commit.
    fn edge(&mut self, batch: &Batch, edge: Edge) -> Result<(), Broken> {
        let (Some(edges), Some(work)) = (&self.edges, batch.works.first()) else { return Ok(()) };
        if batch.isolation == Isolation::Snapshot {
            return Ok(());
        }
        match (edges.at(work.name(), edge), edge) {
            (None, _) => Ok(()),
            (Some(Fault::Crash), _) => {
                self.died = true;
                Err(Broken::new(Fate::Died, "the process has died"))
            }
            (Some(Fault::Error), Edge::Before) => Err(Broken::new(Fate::Failed, "the commit was refused")),
            (Some(Fault::Error), Edge::After) => {
                Err(Broken::new(Fate::Unknown, "the commit was not answered"))
            }
        }
    }

    /// Opens the transaction. When that fails, whoever waits behind would wait just as long in turn (for a lock, for
    /// a server that is away), so everybody who waits now is told now. Unless another thread of the queue can open one: it gets
    /// what could not be begun here, or at least what waits.
    fn begin(&mut self, batch: &mut Batch, queue: Option<&Queue<Job>>) -> Result<(), Broken> {
        let asked = monotonic();
        let begun = self.session.begin(batch.isolation);
        self.serving.note(begun.is_ok());
        let (Err(Broken { fate: Fate::Failed, detail }), Some(queue)) = (&begun, queue) else { return begun };
        if !self.serving.others_do() {
            while batch.join(queue, |_| true) {}
            return begun;
        }
        tracing::warn!(detail, "db.connection_refused");
        if asked.elapsed() > AT_ONCE || !batch.put_back(queue) {
            return begun;
        }
        std::thread::park_timeout(ASIDE);
        Err(Broken::new(Fate::Elsewhere, detail.clone()))
    }

    /// One closure in its savepoint.
    fn run(
        &mut self,
        work: &mut dyn Work,
        isolation: Isolation,
        afterwards: &mut Afterwards,
    ) -> Result<(), Broken> {
        let began = monotonic();
        let mut own = Afterwards::default();
        let mut conn = Checked::new(self.session.conn(), &self.shared.counters);
        let now = self.shared.clock.now();
        let wiring = self.shared.wiring.current();
        let read = Read { conn: &mut conn, wiring: &wiring, now };
        let mut keep = work.run(&mut Write { read, due_at: now, dice: &mut self.dice, afterwards: &mut own });
        let settled = conn.settle();
        let failed = conn.failed();
        self.note(work.name(), isolation, began);
        if let Some(broken) = self.session.broken() {
            return Err(broken.because(failed));
        }
        if let Some(failed) = failed.filter(|_| keep) {
            work.refuse(Error::internal(format!("{} went on after {failed}", work.name())));
            keep = false;
        }
        if let Some(error) = settled.err().filter(|_| keep) {
            work.refuse(error);
            keep = false;
        }
        if keep {
            afterwards.append(own);
            return Ok(());
        }
        count(&self.shared.counters.rollbacks);
        self.session.undo()
    }

    /// Counts a closure and logs a slow one: its name, never its parameters.
    fn note(&self, name: &'static str, isolation: Isolation, began: Instant) {
        if isolation == Isolation::Snapshot {
            return;
        }
        count(&self.shared.counters.closures);
        let took = began.elapsed();
        if took > SLOW {
            count(&self.shared.counters.slow_writes);
            tracing::warn!(write = name, duration_ms = took.as_millis() as u64, "write.slow");
        }
    }

    /// Two nodes that collide again and again step aside for a random, growing, but short moment.
    fn step_aside(&mut self, conflicts: u32) {
        let most_us = 100_u64 << conflicts.min(7);
        std::thread::park_timeout(Duration::from_micros(self.dice.below(most_us)));
    }
}

impl Batch {
    /// Takes what is queued already; a batch never waits for more. Only writes share a commit.
    fn grow(&mut self, queue: &Queue<Job>, joining: Joining, began: Instant) {
        let room = self.works.len() < MOST_CLOSURES && began.elapsed() < MOST_WORK;
        if room && self.isolation == Isolation::Serial {
            self.join(queue, |work| joining.admits(work.asked_at(), began));
        }
    }

    /// Takes one closure of the same kind, if it is next and may come along.
    fn join(&mut self, queue: &Queue<Job>, may: impl FnOnce(&dyn Work) -> bool) -> bool {
        let isolation = self.isolation;
        let joins = |job: &Job| matches!(job, Job::Closure(wanted, work) if *wanted == isolation && may(work.as_ref()));
        match queue.take_if(joins) {
            Some(Job::Closure(_, work)) => self.works.push(work),
            Some(Job::Migrate(_)) | None => return false,
        }
        true
    }

    /// Leaves its closures to another thread of the queue. Whether they are left: a queue that is closed takes none.
    fn put_back(&mut self, queue: &Queue<Job>) -> bool {
        while let Some(work) = self.works.pop() {
            if let Err(Job::Closure(_, work)) = queue.put_back(Job::Closure(self.isolation, work)) {
                self.works.push(work);
                return false;
            }
        }
        true
    }

    fn refuse(&mut self, broken: &Broken) {
        self.works.iter_mut().for_each(|work| work.refuse(broken.error()));
    }

    fn answer(self) {
        self.works.into_iter().for_each(|work| work.answer());
    }
}
