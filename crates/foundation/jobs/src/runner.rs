//! Claims work and does it. One runner per process; its heartbeat row says it lives.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use std::time::Duration;

use db::{Db, Engine, Write, params};
use kernel::{Error, Result, Timestamp, id_type};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::backoff::{AfterFailure, after_failure};
use crate::registry::{Handler, Next, Registry};
use crate::store::{
    self, BEAT, DELETE_ALL_RUNS, DELETE_RUN, FREE_ALL_JOBS, FREE_JOB, FREE_JOBS_OF_RUN, INSERT_RUN, Job,
    LEASES_OF_RUN, LIST_RUNS, Lane, NewJob,
};

/// How often a process says that it lives.
pub const BEAT_EVERY: Duration = Duration::from_secs(10);
/// How long a beat may stand still before the process counts as dead.
pub const DEAD_AFTER: Duration = Duration::from_secs(30);
/// After a longer gap between two looks at the others, nobody's silence counts: we slept, or the database was away
/// from everybody.
const LONGEST_GAP: Duration = Duration::from_secs(20);
/// How long a worker waits at most before it looks again by itself.
const POLL: Duration = Duration::from_millis(250);
/// How much work one process does at once.
const CAPACITY: usize = 64;
/// How much of that is kept free for what a person waits for.
const KEPT_FOR_URGENT: usize = 16;

id_type!(
    /// One life of a working process.
    RunId, "run"
);

/// Claims work and does it.
pub struct Runner {
    db: Db,
    registry: Registry,
    run: Mutex<RunId>,
    /// The last beat seen of every process, and when we saw it change, by our own clock: nodes' clocks may differ.
    seen: Mutex<BTreeMap<String, (i64, Timestamp)>>,
    /// When we last looked at them.
    looked_at: Mutex<Timestamp>,
    /// The leases this process works on.
    doing: Mutex<BTreeSet<Lease>>,
    /// The leases of this process that nobody worked on at the last beat.
    idle: Mutex<BTreeSet<Lease>>,
}

/// A job and the token it is held by.
type Lease = (String, String);

impl Runner {
    /// Registers this process and queues the schedules. On SQLite, where one process works at a time, everything
    /// that a crash left leased is free again at once.
    pub async fn start(db: Db, registry: Registry) -> Result<Runner> {
        let schedules = registry.schedules().to_vec();
        let alone = db.engine() == Engine::Sqlite;
        let run = db
            .write("jobs.start_run", move |w| {
                if alone {
                    w.execute(&FREE_ALL_JOBS, params![])?;
                    w.execute(&DELETE_ALL_RUNS, params![])?;
                }
                for schedule in &schedules {
                    let due_at = w.now + schedule.every;
                    enqueue_schedule(w, schedule.kind, due_at)?;
                }
                register(w)
            })
            .await?;
        let now = db.now();
        Ok(Runner {
            db,
            registry,
            run: Mutex::new(run),
            seen: Mutex::default(),
            looked_at: Mutex::new(now),
            doing: Mutex::default(),
            idle: Mutex::default(),
        })
    }

    /// Does everything that is due now, one after the other, and what becomes due by it. Returns how much it did.
    /// Stories, the demo's time machine and the simulator walk through time with this.
    pub async fn run_due(&self) -> Result<usize> {
        let mut done = 0;
        loop {
            // One at a time: what the first job changes may decide what the second finds.
            let jobs = self.claim(Lane::LAST, 1).await?;
            if jobs.is_empty() {
                return Ok(done);
            }
            for job in jobs {
                self.do_job(&job).await;
                done += 1;
            }
        }
    }

    /// When the next work is due.
    pub async fn next_due(&self) -> Result<Option<Timestamp>> {
        self.db.read("jobs.next_due", store::next_due).await
    }

    /// Works until `shutdown` says so, then finishes what it has begun.
    pub async fn serve(self: Arc<Self>, mut shutdown: watch::Receiver<bool>) {
        let beating = tokio::spawn(self.clone().beat_for_ever());
        let mut running = JoinSet::new();
        let mut wakes = self.db.wakes(crate::WAKE);
        while !*shutdown.borrow() {
            while running.try_join_next().is_some() {}
            let claimed = self.claim_for(running.len()).await;
            let idle = claimed.is_empty();
            for job in claimed {
                let runner = self.clone();
                running.spawn(async move { runner.do_job(&job).await });
            }
            if idle {
                tokio::select! {
                    _ = wakes.wait(POLL) => {}
                    _ = shutdown.changed() => {}
                    Some(_) = running.join_next() => {}
                }
            }
        }
        while running.join_next().await.is_some() {}
        beating.abort();
        self.sign_off().await;
    }

    /// Claims what there is room for; the last places are for urgent work only.
    async fn claim_for(&self, running: usize) -> Vec<Job> {
        let free = CAPACITY.saturating_sub(running);
        let (up_to, at_most) = match free.checked_sub(KEPT_FOR_URGENT) {
            Some(room) if room > 0 => (Lane::LAST, room),
            _ => (Lane::Input, free),
        };
        if at_most == 0 {
            return Vec::new();
        }
        self.claim(up_to, at_most as i64).await.unwrap_or_else(|error| {
            tracing::warn!(?error, "jobs.claim_failed");
            Vec::new()
        })
    }

    async fn claim(&self, up_to: Lane, at_most: i64) -> Result<Vec<Job>> {
        let run = self.run_id();
        let jobs =
            self.db.claim("jobs.claim", move |w| store::claim(w, run.as_str(), up_to, at_most)).await?;
        locked(&self.doing).extend(jobs.iter().map(lease_of));
        Ok(jobs)
    }

    /// Does one job, and records what became of it. Never fails: what fails is the job.
    async fn do_job(&self, job: &Job) {
        let outcome = match self.registry.handler(&job.kind) {
            Some(Handler::Write(run)) => self.run_in_write(*run, job).await,
            Some(Handler::Stepped(run)) => without_panic(run.run(&self.db, job)).await,
            None => Err(Error::internal(format!("no handler for jobs of kind {}", job.kind))),
        };
        if let Err(error) = outcome {
            self.failed(job, &error).await;
        }
        locked(&self.doing).remove(&lease_of(job));
    }

    async fn run_in_write(
        &self,
        run: fn(&mut Write<'_>, &serde_json::Value) -> Result<Next>,
        job: &Job,
    ) -> Result<()> {
        let schedule = self.registry.schedule_of(&job.kind);
        let job = job.clone();
        self.db
            .write("jobs.run", move |w| {
                let next = run(w, &job.payload)?;
                match (next, schedule) {
                    (Next::Again(at), _) => store::again(w, &job, at),
                    (Next::Done, Some(schedule)) => {
                        let at = w.now + schedule.every;
                        store::again(w, &job, at)
                    }
                    (Next::Done, None) => store::finish(w, &job),
                }
            })
            .await
    }

    async fn failed(&self, job: &Job, error: &Error) {
        if error.code() == store::STALE {
            tracing::warn!(job.id, job.kind, "jobs.lease_lost");
            return;
        }
        tracing::warn!(job.id, job.kind, job.attempts, ?error, "jobs.failed");
        let words = format!("{error:?}");
        let next = after_failure(job.attempts, error.is_transient());
        let owned = job.clone();
        let recorded = self
            .db
            .write("jobs.failed", move |w| match next {
                AfterFailure::RetryIn(span) => {
                    let at = w.now + w.dice.jitter(span, 20);
                    store::retry(w, &owned, at, &words)
                }
                AfterFailure::Park => store::park(w, &owned, &words),
            })
            .await;
        if let Err(error) = recorded {
            // The lease stays until a beat finds that nobody works on it: nothing is lost, only later.
            tracing::error!(job.id, ?error, "jobs.failure_not_recorded");
        }
    }

    async fn beat_for_ever(self: Arc<Self>) {
        let mut never = self.db.wakes("jobs.never");
        loop {
            never.wait(BEAT_EVERY).await;
            if let Err(error) = self.beat().await {
                tracing::warn!(?error, "jobs.beat_failed");
            }
        }
    }

    /// Says that we live, and frees what the dead have held.
    pub async fn beat(&self) -> Result<()> {
        let run = self.run_id();
        let alive = self.db.write("jobs.beat", move |w| {
            let now = w.now;
            if w.execute(&BEAT, params![run.as_str(), now])? == 1 { Ok(None) } else { register(w).map(Some) }
        });
        if let Some(new_run) = alive.await? {
            tracing::warn!("jobs.declared_dead_and_back");
            *locked(&self.run) = new_run;
        }
        self.free_forgotten().await?;
        let runs = self.db.read("jobs.list_runs", |r| r.rows(&LIST_RUNS, params![])).await?;
        self.note_look();
        for row in runs {
            self.judge(row.get("id")?, row.get("beat_at")?).await?;
        }
        Ok(())
    }

    fn note_look(&self) {
        let now = self.db.now();
        let before = std::mem::replace(&mut *locked(&self.looked_at), now);
        if now.since(before) > LONGEST_GAP {
            locked(&self.seen).clear();
        }
    }

    /// Frees the leases of ours that nobody works on: the answer to their claim was lost with the connection, or the
    /// database was away when their failure was to be recorded. Twice in a row, because a claim that is under way
    /// has leases too that nobody works on yet.
    async fn free_forgotten(&self) -> Result<()> {
        let run = self.run_id();
        let rows =
            self.db.read("jobs.leases", move |r| r.rows(&LEASES_OF_RUN, params![run.as_str()])).await?;
        let held = rows
            .iter()
            .map(|row| Ok((row.get("id")?, row.get("token")?)))
            .collect::<Result<BTreeSet<Lease>>>()?;
        let idle: BTreeSet<Lease> = held.difference(&locked(&self.doing)).cloned().collect();
        let before = std::mem::replace(&mut *locked(&self.idle), idle.clone());
        let forgotten: Vec<Lease> = idle.intersection(&before).cloned().collect();
        if forgotten.is_empty() {
            return Ok(());
        }
        tracing::warn!(jobs = forgotten.len(), "jobs.forgotten_leases_freed");
        let free = move |w: &mut Write<'_>| {
            for (id, token) in &forgotten {
                w.execute(&FREE_JOB, params![id, token])?;
            }
            w.wake(crate::WAKE);
            Ok(())
        };
        self.db.write("jobs.free_forgotten", free).await
    }

    async fn judge(&self, run: String, beat_at: i64) -> Result<()> {
        if run == self.run_id().as_str() || !self.has_stood_still(&run, beat_at) {
            return Ok(());
        }
        tracing::warn!(run, "jobs.worker_dead");
        self.db.write("jobs.free_dead", move |w| free(w, &run)).await
    }

    fn has_stood_still(&self, run: &str, beat_at: i64) -> bool {
        let now = self.db.now();
        let mut seen = locked(&self.seen);
        let entry = seen.entry(run.to_owned()).or_insert((beat_at, now));
        if entry.0 != beat_at {
            *entry = (beat_at, now);
        }
        now.since(entry.1) >= DEAD_AFTER
    }

    async fn sign_off(&self) {
        let run = self.run_id();
        if let Err(error) = self.db.write("jobs.sign_off", move |w| free(w, run.as_str())).await {
            tracing::warn!(?error, "jobs.sign_off_failed");
        }
    }

    fn run_id(&self) -> RunId {
        locked(&self.run).clone()
    }
}

fn lease_of(job: &Job) -> Lease {
    (job.id.clone(), job.token.clone())
}

/// Nobody leaves these lists half-changed, so a panic elsewhere does not spoil them.
fn locked<T>(what: &Mutex<T>) -> MutexGuard<'_, T> {
    what.lock().unwrap_or_else(PoisonError::into_inner)
}

fn register(w: &mut Write<'_>) -> Result<RunId> {
    let now = w.now;
    let run = RunId::new(now, w.dice);
    w.execute(&INSERT_RUN, params![run.as_str(), now])?;
    Ok(run)
}

fn free(w: &mut Write<'_>, run: &str) -> Result<()> {
    w.execute(&FREE_JOBS_OF_RUN, params![run])?;
    w.execute(&DELETE_RUN, params![run])?;
    w.wake(crate::WAKE);
    Ok(())
}

fn enqueue_schedule(w: &mut Write<'_>, kind: &str, due_at: Timestamp) -> Result<()> {
    let payload = serde_json::Value::Null;
    store::enqueue(w, &NewJob { kind, key: "schedule", payload: &payload, due_at, lane: Lane::Upkeep })
}

/// A panic in a handler fails its job, not the process.
async fn without_panic(work: impl Future<Output = Result<()>>) -> Result<()> {
    let mut work = pin!(work);
    std::future::poll_fn(|cx| {
        catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(cx)))
            .unwrap_or_else(|_| Poll::Ready(Err(Error::internal("the handler panicked"))))
    })
    .await
}
