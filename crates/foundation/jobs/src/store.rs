//! Rows of work, in and out.

use std::collections::BTreeSet;

use db::{PersonalTable, Read, Row, SqlFile, Write, params};
use kernel::{Error, Result, Timestamp, id_type};
use serde_json::Value;

use crate::desk::{Desk, Lease};

/// As much due work is looked at before a claim; beyond it, asking for every kind in every lane costs no more.
const AT_A_LOOK: i64 = 64;

db::sql_file!(pub STORE = "store.sql" {
    INSERT_JOB = "insert_job",
    INSERT_LEASED_JOB = "insert_leased_job",
    RESCHEDULE_JOB = "reschedule_job",
    LOOK_AT_DUE = "look_at_due",
    CLAIM_DUE = "claim_due",
    FINISH_JOB = "finish_job",
    AGAIN_LATER = "again_later",
    RETRY_LATER = "retry_later",
    WAIT_OUT = "wait_out",
    PARK_JOB = "park_job",
    HOLDS_LEASE = "holds_lease",
    NEXT_DUE = "next_due",
    NEXT_DUE_OF_KIND = "next_due_of_kind",
    BEAT = "beat",
    LIST_RUNS = "list_runs",
    DELETE_RUN = "delete_run",
    FREE_JOBS_OF_RUN = "free_jobs_of_run",
    LEASES_OF_RUN = "leases_of_run",
    ORPHANED_LEASES = "orphaned_leases",
    FREE_JOB = "free_job",
    FREE_ALL_JOBS = "free_all_jobs",
    DELETE_ALL_RUNS = "delete_all_runs",
    COUNT_BY_STATE = "count_by_state",
    COUNT_BY_LANE = "count_by_lane",
});

/// The queries of this crate.
pub static SQL: &[&SqlFile] = &[&STORE, &crate::hold::HOLD, &crate::parked::PARKED, &crate::tasks::TASKS];

/// The tables of this crate that hold personal data.
pub const PERSONAL: &[PersonalTable] =
    &[PersonalTable { table: "task_parts", holds: "what exports hold, until they are too old" }];

id_type!(
    /// A piece of work.
    JobId, "job"
);

/// Who goes first. A purchase confirmation overtakes any backlog of campaigns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lane {
    /// A person waits for it this moment.
    AtOnce,
    /// Something that came in from outside.
    Input,
    /// A room hears of an event.
    Reaction,
    /// A message that may wait.
    MayWait,
    /// One of many.
    Bulk,
    /// Housekeeping.
    Upkeep,
}

impl Lane {
    /// Every lane, the most urgent first.
    pub const ALL: [Lane; 6] =
        [Lane::AtOnce, Lane::Input, Lane::Reaction, Lane::MayWait, Lane::Bulk, Lane::Upkeep];

    /// The number it is stored and ordered by.
    pub fn number(self) -> i64 {
        match self {
            Lane::AtOnce => 0,
            Lane::Input => 1,
            Lane::Reaction => 2,
            Lane::MayWait => 3,
            Lane::Bulk => 4,
            Lane::Upkeep => 5,
        }
    }
}

/// Work to be queued.
#[derive(Clone, Copy, Debug)]
pub struct NewJob<'a> {
    /// Which handler does it.
    pub kind: &'a str,
    /// What makes it the same work: unique per kind while the job exists.
    pub key: &'a str,
    /// What the handler needs. Ids, never personal data.
    pub payload: &'a Value,
    /// Not before.
    pub due_at: Timestamp,
    /// How urgent.
    pub lane: Lane,
}

/// Work that this process has leased.
#[derive(Clone, Debug)]
pub struct Job {
    /// Its identifier.
    pub id: String,
    /// Which handler does it.
    pub kind: String,
    /// What makes it the same work.
    pub key: String,
    /// How urgent, as stored.
    pub lane: i64,
    /// What the handler needs.
    pub payload: Value,
    /// When it was due.
    pub due_at: Timestamp,
    /// How often it has failed by itself.
    pub attempts: u32,
    /// How often in a row it met trouble that passes.
    pub passing_failures: u32,
    /// The fence of this lease.
    pub token: String,
}

/// Queues work, unless the same work is queued already. What is due now and can be begun at once goes to the workers of
/// this process when the write is durable.
pub fn enqueue(w: &mut Write<'_>, new: &NewJob<'_>) -> Result<()> {
    let desk = w.wired_arc::<Desk>().ok().filter(|_| new.due_at <= w.now);
    match desk.and_then(|desk| desk.lease(new.kind, new.lane)) {
        Some(lease) => insert_leased(w, new, lease),
        None => insert(w, &INSERT_JOB, new),
    }
}

fn insert_leased(w: &mut Write<'_>, new: &NewJob<'_>, lease: Lease) -> Result<()> {
    let now = w.now;
    let job = Job {
        id: JobId::new(now, w.dice).as_str().to_owned(),
        kind: new.kind.to_owned(),
        key: new.key.to_owned(),
        lane: new.lane.number(),
        payload: new.payload.clone(),
        due_at: new.due_at,
        attempts: 0,
        passing_failures: 0,
        token: kernel::ids::sortable(now, w.dice),
    };
    let payload = new.payload.to_string();
    let params =
        params![&job.id, new.kind, new.key, job.lane, &payload, new.due_at, now, &lease.run, &job.token];
    if w.execute(&INSERT_LEASED_JOB, params)? > 0 {
        w.after_commit(move || lease.hand_over(job));
    }
    Ok(())
}

/// Queues work, or moves it to another time; parked work has all its tries again. What looks at the state and ends its
/// job in one write never misses the change that moved it.
pub fn reschedule(w: &mut Write<'_>, new: &NewJob<'_>) -> Result<()> {
    insert(w, &RESCHEDULE_JOB, new)
}

fn insert(w: &mut Write<'_>, query: &'static db::Query, new: &NewJob<'_>) -> Result<()> {
    let now = w.now;
    let id = JobId::new(now, w.dice);
    let payload = new.payload.to_string();
    let params = params![id.as_str(), new.kind, new.key, new.lane.number(), &payload, new.due_at, now];
    w.send(query, params)?;
    w.wake(crate::WAKE);
    Ok(())
}

/// The work is done: its row goes. Fails when the lease was given away meanwhile, and with it the whole write.
pub fn finish(w: &mut Write<'_>, job: &Job) -> Result<()> {
    let touched = w.execute(&FINISH_JOB, params![&job.id, &job.token])?;
    fenced(touched, job)
}

/// The work goes on at `at`. Fails when the lease was given away meanwhile.
pub fn again(w: &mut Write<'_>, job: &Job, at: Timestamp) -> Result<()> {
    let touched = w.execute(&AGAIN_LATER, params![&job.id, &job.token, at])?;
    if at <= w.now {
        w.wake(crate::WAKE);
    }
    fenced(touched, job)
}

/// Fails unless the lease is still ours, and with it the whole write: for work that takes several.
pub fn fence(w: &mut Write<'_>, job: &Job) -> Result<()> {
    let held = w.row(&HOLDS_LEASE, params![&job.id, &job.token])?;
    fenced(u64::from(held.is_some()), job)
}

pub(crate) fn retry(w: &mut Write<'_>, job: &Job, at: Timestamp, error: &str) -> Result<()> {
    let touched = w.execute(&RETRY_LATER, params![&job.id, &job.token, at, error])?;
    fenced(touched, job)
}

pub(crate) fn wait_out(w: &mut Write<'_>, job: &Job, at: Timestamp, error: &str) -> Result<()> {
    let touched = w.execute(&WAIT_OUT, params![&job.id, &job.token, at, error])?;
    fenced(touched, job)
}

pub(crate) fn park(w: &mut Write<'_>, job: &Job, error: &str) -> Result<()> {
    let now = w.now;
    let touched = w.execute(&PARK_JOB, params![&job.id, &job.token, now, error])?;
    fenced(touched, job)
}

/// The code of the error that says a lease was given away.
pub(crate) const STALE: &str = "stale_lease";

fn fenced(touched: u64, job: &Job) -> Result<()> {
    if touched == 1 {
        return Ok(());
    }
    let words = "Another worker has taken this over.";
    Err(Error::new(kernel::Kind::Conflict, STALE, words)
        .detail(format!("job {} of kind {}", job.id, job.kind)))
}

/// What a process has room for.
#[derive(Clone, Debug)]
pub(crate) struct Room {
    pub kinds: Vec<&'static str>,
    pub lanes: Vec<i64>,
    pub places: usize,
}

impl Room {
    /// The part of it that something due may fill; none when nothing may.
    pub(crate) fn within(&self, due: &Due) -> Option<Room> {
        let Due::Only { kinds, lanes } = due else { return Some(self.clone()) };
        let mut room = self.clone();
        room.kinds.retain(|kind| kinds.contains(*kind));
        room.lanes.retain(|lane| lanes.contains(lane));
        let is_asked_for = !room.kinds.is_empty() && !room.lanes.is_empty();
        is_asked_for.then_some(room)
    }
}

/// What is due.
#[derive(Clone, Debug)]
pub(crate) enum Due {
    /// Nothing but work of these kinds, in these lanes.
    Only { kinds: BTreeSet<String>, lanes: BTreeSet<i64> },
    /// More than a look takes in.
    Much,
}

/// Looks at what is due.
pub(crate) fn look_at_due(w: &mut Write<'_>) -> Result<Due> {
    let now = w.now;
    let rows = w.rows(&LOOK_AT_DUE, params![now, AT_A_LOOK])?;
    if rows.len() as i64 == AT_A_LOOK {
        return Ok(Due::Much);
    }
    let (mut kinds, mut lanes) = (BTreeSet::new(), BTreeSet::new());
    for row in rows {
        kinds.insert(row.get("kind")?);
        lanes.insert(row.get("lane")?);
    }
    Ok(Due::Only { kinds, lanes })
}

pub(crate) fn claim(w: &mut Write<'_>, run: &str, room: &Room) -> Result<Vec<Job>> {
    let now = w.now;
    let token = kernel::ids::sortable(now, w.dice);
    let (kinds, lanes) = (serde_json::to_string(&room.kinds)?, serde_json::to_string(&room.lanes)?);
    let rows = w.rows(&CLAIM_DUE, params![run, &token, now, &kinds, &lanes, room.places as i64])?;
    let mut jobs = rows.iter().map(|row| job_of(row, &token)).collect::<Result<Vec<_>>>()?;
    // RETURNING promises no order.
    jobs.sort_by(|a, b| (a.lane, a.due_at, &a.id).cmp(&(b.lane, b.due_at, &b.id)));
    Ok(jobs)
}

fn job_of(row: &Row, token: &str) -> Result<Job> {
    Ok(Job {
        id: row.get("id")?,
        kind: row.get("kind")?,
        key: row.get("key")?,
        lane: row.get("lane")?,
        payload: serde_json::from_str(&row.get::<String>("payload")?)?,
        due_at: row.get("due_at")?,
        attempts: row.get("attempts")?,
        passing_failures: row.get("passing_failures")?,
        token: token.to_owned(),
    })
}

/// When the next work is due, if any is waiting.
pub fn next_due(r: &mut Read<'_>) -> Result<Option<Timestamp>> {
    r.row(&NEXT_DUE, params![])?.map(|row| row.get("due_at")).transpose()
}

/// When the next work of these kinds is due. Mostly that is what is due next at all.
pub(crate) fn next_due_of(r: &mut Read<'_>, kinds: &[&'static str]) -> Result<Option<Timestamp>> {
    let Some(next) = r.row(&NEXT_DUE, params![])? else { return Ok(None) };
    if kinds.contains(&next.get::<String>("kind")?.as_str()) {
        return next.get("due_at").map(Some);
    }
    let mut first = None;
    for kind in kinds {
        let due_at: Option<Timestamp> = r.one(&NEXT_DUE_OF_KIND, params![*kind])?.get("due_at")?;
        first = first.into_iter().chain(due_at).min();
    }
    Ok(first)
}

/// How much work there is, by state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Due and not begun.
    pub due: i64,
    /// Due later.
    pub waiting: i64,
    /// Being done.
    pub running: i64,
    /// Out of tries.
    pub parked: i64,
}

/// Counts the work there is.
pub fn tally(r: &mut Read<'_>) -> Result<Tally> {
    let now = r.now;
    let mut tally = Tally::default();
    for row in r.rows(&COUNT_BY_STATE, params![now])? {
        tally.put(&row)?;
    }
    Ok(tally)
}

/// The same, lane by lane; a lane without work is none.
pub fn tally_by_lane(r: &mut Read<'_>) -> Result<Vec<(Lane, Tally)>> {
    let now = r.now;
    let rows = r.rows(&COUNT_BY_LANE, params![now])?;
    let mut lanes = Lane::ALL.map(|lane| (lane, Tally::default()));
    for row in &rows {
        let number: i64 = row.get("lane")?;
        if let Some((_, tally)) = lanes.iter_mut().find(|(lane, _)| lane.number() == number) {
            tally.put(row)?;
        }
    }
    Ok(lanes.into_iter().filter(|(_, tally)| *tally != Tally::default()).collect())
}

impl Tally {
    /// Takes a counted row over.
    fn put(&mut self, row: &Row) -> Result<()> {
        let jobs: i64 = row.get("jobs")?;
        match row.get::<String>("state")?.as_str() {
            "due" => self.due = jobs,
            "waiting" => self.waiting = jobs,
            "running" => self.running = jobs,
            _ => self.parked = jobs,
        }
        Ok(())
    }
}

/// When each process that works, or has stopped without saying so, last said that it lives. A beat is due every ten
/// seconds, and after thirty without one a process counts as dead.
pub fn beats(r: &mut Read<'_>) -> Result<Vec<Timestamp>> {
    r.rows(&LIST_RUNS, &[])?.iter().map(|row| row.get("beat_at")).collect()
}
