//! Doing a task, chunk by chunk.

use std::time::Duration;

use async_trait::async_trait;
use db::{Db, Write, params};
use kernel::{Error, Result, Timestamp};
use serde_json::{Value, json};

use super::KEPT_FOR;
use super::kinds::{Chunk, TaskKind, Tasks, Work};
use super::store::{self, DELETE_PART, PARTS_TOO_OLD, STOP_WRITING, Task, TaskId, TaskState};
use crate::{Job, Next, Stepped};

/// The kind of job that does a chunk of a task.
pub const STEP: &str = "tasks.step";
/// The schedule that removes files that are too old.
pub const FORGET_PARTS: &str = "tasks.forget_parts";
/// Parts that are removed at once; each may be a megabyte.
const FORGOTTEN_AT_ONCE: i64 = 100;
/// Between one write that removes some and the next.
const SOON: Duration = Duration::from_secs(1);

/// What the job of a task is given.
pub(super) fn payload(id: &TaskId) -> Value {
    json!({ "task": id.as_str() })
}

/// Does the jobs of kind [`STEP`].
pub struct RunTasks;

#[async_trait]
impl Stepped for RunTasks {
    async fn run(&self, db: &Db, job: &Job) -> Result<()> {
        let id = job.payload.get("task").and_then(Value::as_str).unwrap_or_default();
        let id = TaskId::parse(id).map_err(|_| Error::internal("a step of a task without a task"))?;
        let found = db.read("tasks.look", move |r| store::find(r, &id)).await?;
        let Some(task) = found.filter(|task| task.state.is_open()) else {
            let job = job.clone();
            return db.write("tasks.over", move |w| crate::finish(w, &job)).await;
        };
        let kind = db.wiring().get::<Tasks>()?.named(&task.kind)?;
        match task.state {
            TaskState::Waiting => begin(db, job, task, kind).await,
            TaskState::Running | TaskState::Done | TaskState::Stopped => chunk(db, job, task, kind).await,
        }
    }
}

async fn begin(db: &Db, job: &Job, task: Task, kind: TaskKind) -> Result<()> {
    let spec = task.spec.clone();
    let total = db.read("tasks.count", move |r| (kind.count)(r, &spec)).await?;
    let job = job.clone();
    db.write("tasks.begin", move |w| {
        store::begin(w, &task.id, total, kind.file.map(|file| (file.header)()))?;
        let now = w.now;
        crate::again(w, &job, now)
    })
    .await
}

async fn chunk(db: &Db, job: &Job, task: Task, kind: TaskKind) -> Result<()> {
    let job = job.clone();
    match kind.work {
        Work::Reads(read) => {
            let (spec, cursor) = (task.spec.clone(), task.cursor.clone());
            let chunk = db.read("tasks.read", move |r| read(r, &spec, cursor.as_deref())).await?;
            db.write("tasks.chunk", move |w| keep(w, &job, &task, &chunk)).await
        }
        Work::Writes(write) => {
            db.write("tasks.chunk", move |w| {
                // Whoever comes second would do it twice: only who still has the task at its cursor begins.
                let same = |now: &Task| now.state == TaskState::Running && now.cursor == task.cursor;
                if !store::find(w, &task.id)?.as_ref().is_some_and(same) {
                    let now = w.now;
                    return crate::again(w, &job, now);
                }
                let chunk = write(w, &task.spec, task.cursor.as_deref())?;
                keep(w, &job, &task, &chunk)
            })
            .await
        }
    }
}

/// Keeps what a chunk brought and goes on behind it, unless the task was stopped meanwhile.
fn keep(w: &mut Write<'_>, job: &Job, task: &Task, chunk: &Chunk) -> Result<()> {
    if store::advance(w, task, chunk)? && !chunk.is_last {
        let now = w.now;
        return crate::again(w, job, now);
    }
    crate::finish(w, job)
}

/// Removes files that are too old.
pub fn forget_old_parts(w: &mut Write<'_>, _: &Value) -> Result<Next> {
    let now = w.now;
    Ok(if drop_parts(w, now)? { Next::Again(now + SOON) } else { Next::Done })
}

/// Removes files whatever their age, and stops what is writing one: somebody who is named in them is to be forgotten. True
/// while there are more.
pub fn drop_files(w: &mut Write<'_>) -> Result<bool> {
    let now = w.now;
    w.send(&STOP_WRITING, params![now])?;
    drop_parts(w, now + KEPT_FOR)
}

/// Removes a bounded number of those that are kept no longer than until then. True when there may be more.
fn drop_parts(w: &mut Write<'_>, until: Timestamp) -> Result<bool> {
    let parts = w.rows(&PARTS_TOO_OLD, params![until, FORGOTTEN_AT_ONCE])?;
    for row in &parts {
        let (task, part): (String, i64) = (row.get("task_id")?, row.get("part")?);
        w.send(&DELETE_PART, params![&task, part])?;
    }
    Ok(parts.len() as i64 == FORGOTTEN_AT_ONCE)
}
