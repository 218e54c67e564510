//! Tasks, in and out.

use db::{Read, Row, Write, params};
use kernel::{Error, Kind, Result, Timestamp, id_type, keys};
use serde_json::Value;

use super::kinds::{Chunk, Fault};
use super::{KEPT_FOR, STEP, step};
use crate::{Lane, NewJob};

db::sql_file!(pub TASKS = "tasks.sql" {
    INSERT_TASK = "insert_task",
    OPEN_TASK = "open_task",
    FIND_TASK = "find_task",
    LATEST_TASKS = "latest_tasks",
    BEGIN_TASK = "begin_task",
    ADVANCE_TASK = "advance_task",
    STOP_TASK = "stop_task",
    INSERT_PART = "insert_part",
    FIND_PART = "find_part",
    HAS_PARTS = "has_parts",
    PARTS_TOO_OLD = "parts_too_old",
    STOP_WRITING = "stop_writing",
    DELETE_PART = "delete_part",
    INSERT_FAULT = "insert_fault",
    FAULTS_OF = "faults_of",
});

id_type!(
    /// Long work that somebody asked for.
    TaskId, "tsk"
);

/// The most bytes of one part of a file.
const PART_BYTES: usize = 1_000_000;

/// How far a task has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskState {
    /// Not begun.
    Waiting,
    /// Begun.
    Running,
    /// Done to its end.
    Done,
    /// Somebody stopped it.
    Stopped,
}

impl TaskState {
    /// Every state.
    pub const ALL: [TaskState; 4] =
        [TaskState::Waiting, TaskState::Running, TaskState::Done, TaskState::Stopped];

    /// The word in rows.
    pub fn as_str(self) -> &'static str {
        match self {
            TaskState::Waiting => "waiting",
            TaskState::Running => "running",
            TaskState::Done => "done",
            TaskState::Stopped => "stopped",
        }
    }

    /// Whether there is more to do.
    pub fn is_open(self) -> bool {
        matches!(self, TaskState::Waiting | TaskState::Running)
    }

    fn parse(word: &str) -> Result<Self> {
        let found = TaskState::ALL.into_iter().find(|state| state.as_str() == word);
        found.ok_or_else(|| Error::internal(format!("unknown state of a task: {word}")))
    }
}

/// Long work that somebody asked for.
#[derive(Clone, Debug)]
pub struct Task {
    /// Its identifier.
    pub id: TaskId,
    /// Which kind, by name.
    pub kind: String,
    /// What is to be done.
    pub spec: Value,
    /// How far it has come.
    pub state: TaskState,
    /// Behind what it goes on.
    pub cursor: Option<String>,
    /// How much there is to go through, once it was counted.
    pub total: Option<i64>,
    /// How much of it was gone through.
    pub done: i64,
    /// What came of it.
    pub written: i64,
    /// What could not be done.
    pub faults: i64,
    /// Parts of its file.
    pub parts: i64,
    /// Bytes of its file.
    pub bytes: i64,
    /// Who asked for it, by identifier.
    pub started_by: Option<String>,
    /// When.
    pub started_at: Timestamp,
    /// When the work began.
    pub begun_at: Option<Timestamp>,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// Why it stands still, when it failed too often: for the operator.
    pub stuck: Option<String>,
}

/// Asks for a task. While the same person's same wish is not finished, that is the task.
pub fn start(w: &mut Write<'_>, kind: &str, spec: &Value, by: Option<&str>) -> Result<TaskId> {
    let (now, spec) = (w.now, spec.to_string());
    let id = TaskId::new(now, w.dice);
    let wish = [kind, &spec, by.unwrap_or_default()].join("\u{1f}");
    let key = keys::hex(&keys::sha256(wish.as_bytes())[..16]);
    if w.execute(&INSERT_TASK, params![id.as_str(), kind, &key, &spec, by, now])? == 0 {
        return w.one(&OPEN_TASK, params![&key])?.get("id").map(TaskId::stored);
    }
    due(w, &id, crate::enqueue)?;
    Ok(id)
}

fn due(w: &mut Write<'_>, id: &TaskId, queue: fn(&mut Write<'_>, &NewJob<'_>) -> Result<()>) -> Result<()> {
    let (due_at, payload) = (w.now, step::payload(id));
    queue(w, &NewJob { kind: STEP, key: id.as_str(), payload: &payload, due_at, lane: Lane::Bulk })
}

/// A task.
pub fn find(r: &mut Read<'_>, id: &TaskId) -> Result<Option<Task>> {
    r.row(&FIND_TASK, params![id.as_str(), STEP])?.map(|row| task_of(&row)).transpose()
}

/// The newest tasks, at most `limit`.
pub fn latest(r: &mut Read<'_>, limit: i64) -> Result<Vec<Task>> {
    r.rows(&LATEST_TASKS, params![STEP, limit])?.iter().map(task_of).collect()
}

fn task_of(row: &Row) -> Result<Task> {
    let is_parked = row.get::<Option<Timestamp>>("parked_at")?.is_some();
    Ok(Task {
        id: TaskId::stored(row.get("id")?),
        kind: row.get("kind")?,
        spec: serde_json::from_str(&row.get::<String>("spec")?)?,
        state: TaskState::parse(&row.get::<String>("state")?)?,
        cursor: row.get("cursor")?,
        total: row.get("total")?,
        done: row.get("done")?,
        written: row.get("written")?,
        faults: row.get("faults")?,
        parts: row.get("parts")?,
        bytes: row.get("bytes")?,
        started_by: row.get("started_by")?,
        started_at: row.get("started_at")?,
        begun_at: row.get("begun_at")?,
        finished_at: row.get("finished_at")?,
        stuck: row.get::<Option<String>>("last_error")?.filter(|_| is_parked),
    })
}

/// Begins a task: how much there is to do, and the first line of its file.
pub(super) fn begin(w: &mut Write<'_>, id: &TaskId, total: i64, header: Option<String>) -> Result<()> {
    let now = w.now;
    if w.execute(&BEGIN_TASK, params![id.as_str(), now, total])? == 0 {
        return Ok(());
    }
    let Some(content) = header else { return Ok(()) };
    let Some(task) = find(w, id)? else { return Ok(()) };
    let header = Chunk { content, cursor: String::new(), ..Chunk::default() };
    advance(w, &task, &header).map(drop)
}

/// Keeps what a chunk brought. False when it was somebody else's to do, or nobody's any more: then nothing is kept.
pub(super) fn advance(w: &mut Write<'_>, task: &Task, chunk: &Chunk) -> Result<bool> {
    let state = if chunk.is_last { TaskState::Done } else { TaskState::Running };
    let (now, parts) = (w.now, cut(&chunk.content));
    let advanced = w.execute(
        &ADVANCE_TASK,
        params![
            task.id.as_str(),
            task.cursor.as_deref().unwrap_or_default(),
            state.as_str(),
            &chunk.cursor,
            chunk.done,
            chunk.written,
            chunk.faults.len() as i64,
            parts.len() as i64,
            chunk.content.len() as i64,
            chunk.is_last.then_some(now)
        ],
    )?;
    if advanced == 0 {
        return Ok(false);
    }
    let kept_until = now + KEPT_FOR;
    for (content, part) in parts.iter().zip(task.parts..) {
        let sha256 = keys::hex(&keys::sha256(content));
        w.send(&INSERT_PART, params![task.id.as_str(), part, *content, &sha256, kept_until])?;
    }
    for (fault, place) in chunk.faults.iter().zip(task.faults..) {
        w.send(&INSERT_FAULT, params![task.id.as_str(), place, &fault.subject, &fault.detail])?;
    }
    Ok(true)
}

fn cut(content: &str) -> Vec<&[u8]> {
    content.as_bytes().chunks(PART_BYTES).collect()
}

/// Stops a task. What was done stays done; what is being done this moment is not kept. False when it had ended.
pub fn stop(w: &mut Write<'_>, id: &TaskId) -> Result<bool> {
    let now = w.now;
    let was_open = w.execute(&STOP_TASK, params![id.as_str(), now])? > 0;
    if was_open {
        // Its job looks once more, and ends; also one that had failed too often.
        due(w, id, crate::reschedule)?;
    }
    Ok(was_open)
}

/// Lets a task that failed too often try again.
pub fn go_on(w: &mut Write<'_>, task: &Task) -> Result<()> {
    if task.state.is_open() { due(w, &task.id, crate::reschedule) } else { Ok(()) }
}

/// Whether the file of a task is there and still kept.
pub fn has_file(r: &mut Read<'_>, id: &TaskId) -> Result<bool> {
    Ok(r.row(&HAS_PARTS, params![id.as_str()])?.is_some())
}

/// One part of a file; `None` behind its end. Damage is noticed.
pub fn part(r: &mut Read<'_>, id: &TaskId, part: i64) -> Result<Option<Vec<u8>>> {
    let Some(row) = r.row(&FIND_PART, params![id.as_str(), part])? else { return Ok(None) };
    let content: Vec<u8> = row.get("content")?;
    if keys::hex(&keys::sha256(&content)) != row.get::<String>("sha256")? {
        return Err(Error::internal(format!("part {part} of the file of {id} is damaged")));
    }
    Ok(Some(content))
}

/// What a task could not do, at most `limit`.
pub fn faults(r: &mut Read<'_>, id: &TaskId, limit: i64) -> Result<Vec<Fault>> {
    let fault = |row: &Row| Ok(Fault { subject: row.get("subject")?, detail: row.get("detail")? });
    r.rows(&FAULTS_OF, params![id.as_str(), limit])?.iter().map(fault).collect()
}

/// There is no such task.
pub fn no_task() -> Error {
    Error::new(Kind::NotFound, "not_found", "There is no such task.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_cut_into_parts_and_is_whole_again() {
        let content = "a".repeat(PART_BYTES * 2 + 1);
        let parts = cut(&content);
        assert_eq!(parts.iter().map(|part| part.len()).collect::<Vec<_>>(), [PART_BYTES, PART_BYTES, 1]);
        assert_eq!(parts.concat(), content.as_bytes());
        assert!(cut("").is_empty());
    }
}
