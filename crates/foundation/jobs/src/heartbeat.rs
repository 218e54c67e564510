//! Says that this process lives, judges the others by their silence, and frees what nobody works on.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use db::{Db, Query, Read, Value, Write, params};
use kernel::{Result, Timestamp, id_type};

use crate::in_hand::{InHand, Lease, locked};
use crate::store::{BEAT, DELETE_RUN, FREE_JOB, FREE_JOBS_OF_RUN, LEASES_OF_RUN, LIST_RUNS, ORPHANED_LEASES};

/// How often a process says that it lives.
const BEAT_EVERY: Duration = Duration::from_secs(10);
/// How long a beat may stand still before the process counts as dead.
const DEAD_AFTER: Duration = Duration::from_secs(30);
/// After a longer gap between two looks at the others, nobody's silence counts: we slept, or the database was away
/// from everybody.
const LONGEST_GAP: Duration = Duration::from_secs(20);

id_type!(
    /// One life of a working process.
    RunId, "run"
);

/// The heartbeat of one process.
pub(crate) struct Heartbeat {
    db: Db,
    run: RunId,
    in_hand: Arc<InHand>,
    /// The last beat seen of every process, and when we saw it change, by our own clock: nodes' clocks may differ.
    seen: Mutex<BTreeMap<String, (i64, Timestamp)>>,
    /// When we last looked at them.
    looked_at: Mutex<Timestamp>,
    /// The leases of this process that nobody worked on at the last beat.
    idle: Mutex<BTreeSet<Lease>>,
}

/// The first beat of a new process.
pub(crate) fn begin(w: &mut Write<'_>) -> Result<RunId> {
    let now = w.now;
    let run = RunId::new(now, w.dice);
    w.send(&BEAT, params![run.as_str(), now])?;
    Ok(run)
}

impl Heartbeat {
    pub(crate) fn new(db: Db, run: RunId, in_hand: Arc<InHand>) -> Self {
        let looked_at = Mutex::new(db.now());
        Heartbeat { db, run, in_hand, seen: Mutex::default(), looked_at, idle: Mutex::default() }
    }

    pub(crate) fn run(&self) -> &RunId {
        &self.run
    }

    pub(crate) async fn beat_for_ever(&self) {
        let mut never = self.db.wakes("jobs.never");
        loop {
            never.wait(BEAT_EVERY).await;
            if let Err(error) = self.beat().await {
                tracing::warn!(?error, "jobs.beat_failed");
            }
        }
    }

    /// Says that we live, and frees what the dead have held.
    pub(crate) async fn beat(&self) -> Result<()> {
        let run = self.run.clone();
        let alive = self.db.write("jobs.beat", move |w| {
            let now = w.now;
            w.execute(&BEAT, params![run.as_str(), now])
        });
        alive.await?;
        self.free_forgotten().await?;
        self.free_orphaned().await?;
        let runs = self.db.read("jobs.list_runs", |r| r.rows(&LIST_RUNS, params![])).await?;
        self.note_look();
        for row in runs {
            self.judge(row.get("id")?, row.get("beat_at")?).await?;
        }
        Ok(())
    }

    /// The process ends: what it holds is free at once.
    pub(crate) async fn sign_off(&self) {
        let run = self.run.clone();
        if let Err(error) = self.db.write("jobs.sign_off", move |w| bury(w, run.as_str())).await {
            tracing::warn!(?error, "jobs.sign_off_failed");
        }
    }

    /// Frees the leases of ours that nobody works on: the answer to their claim was lost with the connection, or the
    /// database was away when their failure was to be recorded. Twice in a row, because a claim that is under way
    /// has leases too that nobody works on yet.
    async fn free_forgotten(&self) -> Result<()> {
        let run = self.run.clone();
        let held =
            self.db.read("jobs.leases", move |r| leases(r, &LEASES_OF_RUN, params![run.as_str()])).await?;
        let idle = self.in_hand.idle(held);
        let before = std::mem::replace(&mut *locked(&self.idle), idle.clone());
        self.free(idle.intersection(&before).cloned().collect(), "forgotten").await
    }

    /// Frees the leases of processes that have no row: they claimed after they were declared dead. Should one of them
    /// live after all, its token is gone and it changes nothing.
    async fn free_orphaned(&self) -> Result<()> {
        let orphaned = self.db.read("jobs.orphans", |r| leases(r, &ORPHANED_LEASES, params![])).await?;
        self.free(orphaned.into_iter().collect(), "orphaned").await
    }

    async fn free(&self, leases: Vec<Lease>, why: &'static str) -> Result<()> {
        if leases.is_empty() {
            return Ok(());
        }
        tracing::warn!(jobs = leases.len(), why, "jobs.leases_freed");
        let free = move |w: &mut Write<'_>| {
            for (id, token) in &leases {
                w.send(&FREE_JOB, params![id, token])?;
            }
            w.wake(crate::WAKE);
            Ok(())
        };
        self.db.write("jobs.free", free).await
    }

    fn note_look(&self) {
        let now = self.db.now();
        let before = std::mem::replace(&mut *locked(&self.looked_at), now);
        if now.since(before) > LONGEST_GAP {
            locked(&self.seen).clear();
        }
    }

    async fn judge(&self, run: String, beat_at: i64) -> Result<()> {
        if run == self.run.as_str() || !self.has_stood_still(&run, beat_at) {
            return Ok(());
        }
        tracing::warn!(run, "jobs.worker_dead");
        self.db.write("jobs.free_dead", move |w| bury(w, &run)).await
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
}

fn leases(r: &mut Read<'_>, query: &'static Query, params: &[Value<'_>]) -> Result<BTreeSet<Lease>> {
    let rows = r.rows(query, params)?;
    rows.iter().map(|row| Ok((row.get("id")?, row.get("token")?))).collect()
}

fn bury(w: &mut Write<'_>, run: &str) -> Result<()> {
    w.send(&FREE_JOBS_OF_RUN, params![run])?;
    w.send(&DELETE_RUN, params![run])?;
    w.wake(crate::WAKE);
    Ok(())
}
