//! The handle that everyone holds: which thread runs which closure.

use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use kernel::{Clock, Error, Result, Timestamp};
use tokio::sync::{mpsc, oneshot};

use crate::migrate::{self, MigrateJob, PING};
use crate::open::Opening;
use crate::postgres::Listener;
use crate::queue::{Lane, Queue};
use crate::session::Isolation;
use crate::stats::Counters;
use crate::task::{Task, Work};
use crate::wakes::Bells;
use crate::wiring::Exchange;
use crate::writer::{Job, Shared, Worker};
use crate::{Applied, DatabaseUrl, DbStats, Engine, Migration, Options, Read, Wakes, Wiring, Write};

/// The shop's database. Cheap to clone; the threads stop with the last clone.
#[derive(Clone)]
pub struct Db {
    inner: Arc<Inner>,
    lane: Lane,
}

/// What the clones of a handle share.
pub(crate) struct Inner {
    pub(crate) engine: Engine,
    pub(crate) shared: Shared,
    pub(crate) plan: Plan,
    pub(crate) listener: Option<Listener>,
}

/// Who runs the closures.
pub(crate) enum Plan {
    /// The caller; nobody any more when the worker was handed on.
    Inline(Box<Mutex<Option<Worker>>>),
    /// Threads behind queues; all three may be the same queue.
    Threads(Threads),
}

/// The queues in front of the threads.
pub(crate) struct Threads {
    pub(crate) writes: Arc<Queue<Job>>,
    pub(crate) claims: Arc<Queue<Job>>,
    pub(crate) reads: Arc<Queue<Job>>,
    /// Connections for [`Db::glance`]; none where every question is a journey.
    pub(crate) glances: Vec<Mutex<Option<Worker>>>,
    /// Closes when the last thread has stopped.
    pub(crate) stopped: Mutex<Option<mpsc::Receiver<Infallible>>>,
}

impl Db {
    /// Opens a database. A PostgreSQL server may be down: operations then fail as unavailable and recover by
    /// themselves.
    pub fn open(url: &DatabaseUrl, options: Options) -> Result<Db> {
        let Options { clock, dice, wiring, durability, mode, edges } = options;
        let shared = shared(clock, wiring);
        let opening = Opening { shared, dice, mode, edges };
        let inner = match url {
            DatabaseUrl::Sqlite(path) => opening.file(path, durability)?,
            DatabaseUrl::Memory => opening.memory(durability)?,
            DatabaseUrl::Postgres { server, schema } => opening.postgres(server, schema)?,
        };
        Ok(Db::over(inner))
    }

    fn over(inner: Inner) -> Db {
        Db { inner: Arc::new(inner), lane: Lane::Door }
    }

    /// The same database for the work in the background. What is asked through this handle waits in a lane of its own,
    /// and takes turns with what requests ask: a flood of them doesn't keep what was let in from being dealt with.
    #[must_use]
    pub fn for_work(&self) -> Db {
        Db { lane: Lane::Work, ..self.clone() }
    }

    /// Another database with the same rows, under a handle of its own. Only for [`Mode::Inline`](crate::Mode) on SQLite
    /// in memory: a thousand simulated lives begin with the same empty schema, and it is written once.
    pub fn twin(&self) -> Result<Db> {
        let Plan::Inline(worker) = &self.inner.plan else {
            return Err(Error::internal("only an inline handle has a twin"));
        };
        let mut worker = worker.lock().unwrap_or_else(PoisonError::into_inner);
        let twin = worker.as_mut().ok_or_else(closed)?.twin()?;
        let (engine, shared) = (self.inner.engine, self.inner.shared.clone());
        Ok(Db::over(Inner { engine, shared, plan: Plan::inline(twin), listener: None }))
    }

    /// What a process that has died leaves to the next one: the same bytes under a handle of its own. Of the old
    /// process nothing else is left; its clones of the handle are closed. Only for [`Mode::Inline`](crate::Mode) on
    /// SQLite, where a database in memory has to outlive the simulated processes that work on it.
    pub fn hand_on(self, options: Options) -> Result<Db> {
        let Options { clock, dice, wiring, edges, .. } = options;
        let Plan::Inline(worker) = &self.inner.plan else {
            return Err(Error::internal("only an inline handle is handed on"));
        };
        let worker = worker.lock().unwrap_or_else(PoisonError::into_inner).take().ok_or_else(closed)?;
        let shared = shared(clock, wiring);
        let plan = Plan::inline(worker.reborn(shared.clone(), dice, edges));
        Ok(Db::over(Inner { engine: self.inner.engine, shared, plan, listener: None }))
    }

    /// Runs `f` over one snapshot. It may run again after a lost connection.
    pub async fn read<T, F>(&self, name: &'static str, mut f: F) -> Result<T>
    where
        F: FnMut(&mut Read<'_>) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        self.submit(Isolation::Snapshot, name, move |write: &mut Write<'_>| f(&mut write.read)).await
    }

    /// Like [`Db::read`], for a few look-ups by key that somebody waits for. On an SQLite file they run on the caller's own
    /// thread: handing them to another takes longer than they do. A connection that is in use is not waited for; then,
    /// and with PostgreSQL, it is a read like any other.
    pub async fn glance<T, F>(&self, name: &'static str, mut f: F) -> Result<T>
    where
        F: FnMut(&mut Read<'_>) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        let (task, mut answer) = Task::new(name, move |write: &mut Write<'_>| f(&mut write.read));
        let job = Job::Closure(Isolation::Snapshot, task as Box<dyn Work>);
        match self.at_once(job) {
            None => answer.try_recv().unwrap_or_else(|_| Err(closed())),
            Some(job) => {
                self.send(Isolation::Snapshot, job);
                self.answered(answer).await
            }
        }
    }

    /// Runs `f` as if it were alone, and returns when what it wrote is durable. It may run again after a conflict or
    /// a lost connection, so it must do nothing but read, compute and write.
    pub async fn write<T, F>(&self, name: &'static str, f: F) -> Result<T>
    where
        F: FnMut(&mut Write<'_>) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        self.submit(Isolation::Serial, name, f).await
    }

    /// Like [`Db::write`], but on PostgreSQL READ COMMITTED on a connection of its own, for job rows that are claimed
    /// with FOR UPDATE SKIP LOCKED. No other rule may rest on it.
    pub async fn claim<T, F>(&self, name: &'static str, f: F) -> Result<T>
    where
        F: FnMut(&mut Write<'_>) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        self.submit(self.claiming(), name, f).await
    }

    /// Brings the schema up to date. Blocks the calling thread; it may be a thread of a runtime.
    pub fn migrate(&self, migrations: &[Migration]) -> Result<Applied> {
        let (job, answer) = MigrateJob::new(migrations);
        self.send(Isolation::Schema, Job::Migrate(job));
        answer.recv().unwrap_or_else(|_| Err(closed()))
    }

    /// The version of the schema; 0 before the first migration. Blocks like [`Db::migrate`] and changes nothing.
    pub fn version(&self) -> Result<u32> {
        let (task, mut answer) = Task::new("version", |w: &mut Write<'_>| migrate::version(&mut w.read));
        self.send(Isolation::Snapshot, Job::Closure(Isolation::Snapshot, task as Box<dyn Work>));
        let answered = match &self.inner.plan {
            Plan::Inline(_) => answer.try_recv().ok(),
            // A thread of a runtime may not wait for an answer itself.
            Plan::Threads(_) => {
                thread::scope(|scope| scope.spawn(|| answer.blocking_recv().ok()).join().ok().flatten())
            }
        };
        answered.unwrap_or_else(|| Err(closed()))
    }

    /// Whether the database answers, for `/readyz`.
    pub async fn ping(&self) -> Result<()> {
        self.read("ping", |r| r.one(&PING, &[]).map(drop)).await
    }

    /// Where `now` comes from.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.inner.shared.clock
    }

    /// The present instant.
    pub fn now(&self) -> Timestamp {
        self.clock().now()
    }

    /// Which engine is behind the handle.
    pub fn engine(&self) -> Engine {
        self.inner.engine
    }

    /// What the binary wired in, as it stands at this moment.
    pub fn wiring(&self) -> Arc<Wiring> {
        self.inner.shared.wiring.current()
    }

    /// Puts another wiring in the place of this one, for every clone of the handle. What runs already goes on with what it
    /// began with.
    pub fn rewire(&self, wiring: Wiring) {
        self.inner.shared.wiring.replace(wiring);
    }

    /// Waits for writes that call `w.wake(topic)`, in this process and, on PostgreSQL, on every node.
    pub fn wakes(&self, topic: &'static str) -> Wakes {
        let wakes = self.inner.shared.bells.listen(topic);
        let wakes = if self.is_simulated() { wakes.never_waiting() } else { wakes };
        if let Some(listener) = &self.inner.listener {
            listener.ensure_started();
        }
        wakes
    }

    /// Counts since the database was opened.
    pub fn stats(&self) -> DbStats {
        let queued = match &self.inner.plan {
            Plan::Inline(_) => 0,
            Plan::Threads(threads) => threads.queues().iter().map(|queue| queue.len()).sum(),
        };
        self.inner.shared.counters.read(queued)
    }

    /// Stops the threads after what is queued. Other clones of the handle then fail as unavailable.
    pub async fn close(self) {
        let Plan::Threads(threads) = &self.inner.plan else { return };
        threads.close();
        let stopped = threads.stopped.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(mut stopped) = stopped {
            // Nothing is ever sent: the channel closes when the last thread drops its end.
            stopped.recv().await;
        }
    }

    /// Whether an experiment has let the process of this handle die.
    fn has_died(&self) -> bool {
        self.of_worker(Worker::has_died)
    }

    /// Whether the world around is simulated: then nothing else happens while somebody waits.
    fn is_simulated(&self) -> bool {
        self.of_worker(Worker::has_edges)
    }

    fn of_worker(&self, ask: impl Fn(&Worker) -> bool) -> bool {
        let Plan::Inline(worker) = &self.inner.plan else { return false };
        worker.lock().unwrap_or_else(PoisonError::into_inner).as_ref().is_some_and(ask)
    }

    /// Runs a job on this very thread, or gives it back when no connection is free for that.
    fn at_once(&self, job: Job) -> Option<Job> {
        let Plan::Threads(threads) = &self.inner.plan else { return Some(job) };
        let mut free = threads.glances.iter().filter_map(|worker| worker.try_lock().ok());
        let Some(mut worker) = free.find(|worker| worker.is_some()) else { return Some(job) };
        match worker.as_mut() {
            Some(worker) => worker.handle(job, None),
            None => return Some(job),
        }
        None
    }

    fn claiming(&self) -> Isolation {
        match self.inner.engine {
            Engine::Sqlite => Isolation::Serial,
            Engine::Postgres => Isolation::Claim,
        }
    }

    async fn submit<T, F>(&self, isolation: Isolation, name: &'static str, f: F) -> Result<T>
    where
        F: FnMut(&mut Write<'_>) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        let (task, answer) = Task::new(name, f);
        self.send(isolation, Job::Closure(isolation, task as Box<dyn Work>));
        self.answered(answer).await
    }

    /// On the caller's thread the answer is there already; asking for it without awaiting keeps a runtime from
    /// switching tasks, so that stories run in one order.
    async fn answered<T>(&self, mut answer: oneshot::Receiver<Result<T>>) -> Result<T> {
        let answered = match &self.inner.plan {
            Plan::Inline(_) => answer.try_recv().ok(),
            Plan::Threads(_) => answer.await.ok(),
        };
        if answered.is_none() && self.has_died() {
            // Nothing of a dead process ever goes on.
            return std::future::pending().await;
        }
        answered.unwrap_or_else(|| Err(closed()))
    }

    /// A job that finds its queue closed is dropped, which its caller sees as a closed channel.
    fn send(&self, isolation: Isolation, job: Job) {
        match &self.inner.plan {
            Plan::Inline(worker) => {
                if let Some(worker) = worker.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
                    worker.handle(job, None);
                }
            }
            Plan::Threads(threads) => drop(threads.queue(isolation).push(self.lane, job)),
        }
    }
}

fn shared(clock: Arc<dyn Clock>, wiring: Wiring) -> Shared {
    let wiring = Arc::new(Exchange::new(wiring));
    Shared { clock, wiring, bells: Arc::new(Bells::default()), counters: Arc::new(Counters::default()) }
}

#[track_caller]
fn closed() -> Error {
    Error::unavailable("the database handle is closed")
}

impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Db({:?})", self.inner.engine)
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        if let Plan::Threads(threads) = &self.plan {
            threads.close();
        }
    }
}

impl Plan {
    pub(crate) fn inline(worker: Worker) -> Self {
        Plan::Inline(Box::new(Mutex::new(Some(worker))))
    }
}

impl Threads {
    fn queue(&self, isolation: Isolation) -> &Queue<Job> {
        match isolation {
            Isolation::Serial | Isolation::Schema => &self.writes,
            Isolation::Claim => &self.claims,
            Isolation::Snapshot => &self.reads,
        }
    }

    /// Each queue once.
    fn queues(&self) -> Vec<&Arc<Queue<Job>>> {
        let mut queues = vec![&self.writes];
        for queue in [&self.claims, &self.reads] {
            if !queues.iter().any(|known| Arc::ptr_eq(known, queue)) {
                queues.push(queue);
            }
        }
        queues
    }

    fn close(&self) {
        self.queues().into_iter().for_each(|queue| queue.close());
        for worker in &self.glances {
            *worker.lock().unwrap_or_else(PoisonError::into_inner) = None;
        }
    }
}
