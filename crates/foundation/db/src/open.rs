//! Opens connections and starts the threads behind them.

use std::convert::Infallible;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread;

use kernel::{Dice, Error, Result};
use tokio::sync::mpsc;

use crate::handle::{Inner, Plan, Threads};
use crate::postgres::{Listener, PostgresSession, Target};
use crate::queue::Queue;
use crate::serving::Serving;
use crate::session::Session;
use crate::sqlite::{self, Checkpointer, SqliteReader, SqliteSession};
use crate::writer::{Job, Joining, Shared, Worker};
use crate::{Durability, Edges, Engine, Mode};

/// How many snapshots can be read at once.
const READERS: usize = 4;

/// How many look-ups can run on their callers' own threads at once: no machine that serves one shop has more to do.
const GLANCERS: usize = 4;

/// What every kind of database is opened with.
pub(crate) struct Opening {
    pub(crate) shared: Shared,
    pub(crate) dice: Dice,
    pub(crate) mode: Mode,
    pub(crate) edges: Option<Arc<dyn Edges>>,
}

impl Opening {
    /// An SQLite file.
    pub(crate) fn file(self, path: &Path, durability: Durability) -> Result<Inner> {
        let writer = SqliteSession::new(sqlite::open_writer(Some(path), durability)?);
        if self.mode == Mode::Inline {
            return Ok(self.inline(writer));
        }
        let writer = writer.telling(Checkpointer::start(path)?.after_commit());
        let readers = (0..READERS).map(|_| SqliteReader::new(path)).collect();
        let mut crew = Crew::new(self);
        let writes = crew.start("db-writer", writer, Joining::Everybody)?;
        let reads = crew.start_many("db-reader", readers)?;
        let claims = Arc::clone(&writes);
        let glances = (0..GLANCERS).map(|_| crew.glancer(SqliteReader::new(path))).collect();
        Ok(crew.inner(Engine::Sqlite, [writes, claims, reads], glances, None))
    }

    /// An SQLite database in memory: it has one connection, so everything goes through it.
    pub(crate) fn memory(self, durability: Durability) -> Result<Inner> {
        let session = SqliteSession::new(sqlite::open_writer(None, durability)?);
        if self.mode == Mode::Inline {
            return Ok(self.inline(session));
        }
        let mut crew = Crew::new(self);
        let all = crew.start("db-memory", session, Joining::Everybody)?;
        Ok(crew.inner(Engine::Sqlite, [Arc::clone(&all), Arc::clone(&all), all], Vec::new(), None))
    }

    /// A PostgreSQL server; nothing is connected yet.
    pub(crate) fn postgres(mut self, server: &str, schema: &str) -> Result<Inner> {
        let node = format!("{:016x}", self.dice.bits());
        let target = Arc::new(Target::new(server, schema, node)?);
        let listener = Listener::new(Arc::clone(&target), Arc::clone(&self.shared.bells));
        let session = || PostgresSession::new(Arc::clone(&target));
        let mode = self.mode;
        let mut crew = Crew::new(self);
        let queues = match mode {
            Mode::Threads => [
                crew.start("db-writer", session(), Joining::WhoAskedBefore)?,
                crew.start("db-claimer", session(), Joining::Nobody)?,
                crew.start_many("db-reader", (0..READERS).map(|_| session()).collect())?,
            ],
            Mode::Inline => {
                let all = crew.start("db-inline", session(), Joining::Nobody)?;
                [Arc::clone(&all), Arc::clone(&all), all]
            }
        };
        Ok(crew.inner(Engine::Postgres, queues, Vec::new(), Some(listener)))
    }

    fn inline(self, session: SqliteSession) -> Inner {
        let worker = Worker::new(Box::new(session), self.shared.clone(), self.dice, Joining::Nobody);
        let worker = worker.with_edges(self.edges);
        Inner { engine: Engine::Sqlite, shared: self.shared, plan: Plan::inline(worker), listener: None }
    }
}

/// The threads of one handle.
struct Crew {
    shared: Shared,
    dice: Dice,
    /// Every thread holds a clone; when all are gone, all threads have stopped.
    working: mpsc::Sender<Infallible>,
    stopped: mpsc::Receiver<Infallible>,
}

impl Crew {
    fn new(opening: Opening) -> Self {
        let (working, stopped) = mpsc::channel(1);
        Crew { shared: opening.shared, dice: opening.dice, working, stopped }
    }

    /// One thread with its own queue. Only a writer's closures share commits.
    fn start(
        &mut self,
        name: &str,
        session: impl Session + 'static,
        joining: Joining,
    ) -> Result<Arc<Queue<Job>>> {
        let queue = Arc::new(Queue::new());
        let worker = self.worker(session, joining);
        self.spawn(name, worker, &queue)?;
        Ok(queue)
    }

    /// A thread per session, all taking from one queue.
    fn start_many<S: Session + 'static>(&mut self, name: &str, sessions: Vec<S>) -> Result<Arc<Queue<Job>>> {
        let (queue, serving) = (Arc::new(Queue::new()), Serving::default());
        for session in sessions {
            let worker = self.worker(session, Joining::Nobody).among(serving.another());
            self.spawn(name, worker, &queue)?;
        }
        Ok(queue)
    }

    fn worker(&mut self, session: impl Session + 'static, joining: Joining) -> Worker {
        Worker::new(Box::new(session), self.shared.clone(), self.dice.fork(), joining)
    }

    fn spawn(&self, name: &str, worker: Worker, queue: &Arc<Queue<Job>>) -> Result<()> {
        let (queue, working) = (Arc::clone(queue), self.working.clone());
        let serve = move || {
            worker.serve(&queue);
            drop(working);
        };
        let spawned = thread::Builder::new().name(name.to_owned()).spawn(serve);
        spawned.map(drop).map_err(|error| Error::unavailable(format!("no thread for {name}: {error}")))
    }

    /// A connection that has no thread: whoever asks runs it.
    fn glancer(&mut self, session: SqliteReader) -> Mutex<Option<Worker>> {
        Mutex::new(Some(Worker::new(
            Box::new(session),
            self.shared.clone(),
            self.dice.fork(),
            Joining::Nobody,
        )))
    }

    fn inner(
        self,
        engine: Engine,
        [writes, claims, reads]: [Arc<Queue<Job>>; 3],
        glances: Vec<Mutex<Option<Worker>>>,
        listener: Option<Listener>,
    ) -> Inner {
        let threads = Threads { writes, claims, reads, glances, stopped: Mutex::new(Some(self.stopped)) };
        Inner { engine, shared: self.shared, plan: Plan::Threads(threads), listener }
    }
}
