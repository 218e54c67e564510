//! `/a/tasks`: long work, how far it is, and the files that came of it.

use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use db::Read;
use jobs::tasks::{self, Task, TaskId, TaskState, Tasks};
use kernel::{Error, Kind, Result, Shop, ShopClock, csv};
use serde::Serialize;
use staff::{Account, Member, Permission};
use web::{Failure, HtmlPage};

use crate::door::{Door, see_other};
use crate::file::FileBody;

/// Tasks on the page.
const MOST: i64 = 50;
/// Faults on the page of a task.
const MOST_FAULTS: i64 = 20;
/// Faults in the file of them.
const MOST_FAULTS_IN_FILE: i64 = 10_000;

/// What `admin/tasks.html` is given as `page`.
#[derive(Debug, Serialize)]
struct TasksPage {
    tasks: Vec<TaskRow>,
}

/// What `admin/task.html` is given as `page`.
#[derive(Debug, Serialize)]
struct TaskPage {
    task: TaskRow,
    /// What is counted, in the plural.
    things: &'static str,
    done: i64,
    total: Option<i64>,
    written: i64,
    faults: i64,
    some_faults: Vec<(String, String)>,
    time_left: Option<String>,
    is_open: bool,
    is_stuck: bool,
    /// The file's name and size, when the reader may have it.
    file: Option<(&'static str, String)>,
    /// Whether there was a file, and it is too old by now.
    was_removed: bool,
    /// Until when the file is kept.
    kept_until: Option<String>,
    /// Whether the reader may not have the file.
    is_for_managers: bool,
}

/// One task of a list.
#[derive(Debug, Serialize)]
struct TaskRow {
    href: String,
    title: &'static str,
    tone: &'static str,
    standing: &'static str,
    who: String,
    at: String,
    when: String,
    /// `1,200 of 3,000`.
    progress: String,
}

/// `GET /a/tasks`.
pub(crate) async fn list(State(door): State<Door>) -> Result<HtmlPage, Failure> {
    let page = door.db.read("staff.tasks", tasks_page).await?;
    Ok(door.page("admin/tasks.html", "Long work", &page)?)
}

fn tasks_page(r: &mut Read<'_>) -> Result<TasksPage> {
    let (tasks, names) = (tasks::latest(r, MOST)?, staff::accounts(r)?);
    let rows = tasks.iter().map(|task| row(r, task, &names)).collect::<Result<Vec<_>>>()?;
    Ok(TasksPage { tasks: rows })
}

fn row(r: &Read<'_>, task: &Task, names: &[Account]) -> Result<TaskRow> {
    let by = names.iter().find(|one| Some(one.id.as_str()) == task.started_by.as_deref());
    let kind = r.wired::<Tasks>()?.named(&task.kind)?;
    let clock = ShopClock::new(&r.wired::<Shop>()?.zone, r.now);
    let (tone, standing) = standing(task);
    Ok(TaskRow {
        href: format!("/a/tasks/{}", task.id),
        title: kind.title,
        tone,
        standing,
        who: by.map_or_else(|| "somebody who has left".to_owned(), |one| one.name.clone()),
        at: task.started_at.to_string(),
        when: clock.short(task.started_at),
        progress: progress(task),
    })
}

fn standing(task: &Task) -> (&'static str, &'static str) {
    match task.state {
        TaskState::Waiting | TaskState::Running if task.stuck.is_some() => ("bad", "Stands still"),
        TaskState::Waiting => ("info", "Waiting"),
        TaskState::Running => ("info", "Running"),
        TaskState::Done => ("ok", "Done"),
        TaskState::Stopped => ("warn", "Stopped"),
    }
}

fn progress(task: &Task) -> String {
    match task.total {
        Some(total) => format!("{} of {}", grouped(task.done), grouped(total)),
        None => "not begun".to_owned(),
    }
}

/// `1200` as `1,200`.
fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// `GET /a/tasks/{id}`.
pub(crate) async fn show(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    Path(id): Path<String>,
) -> Result<HtmlPage, Failure> {
    let id = TaskId::parse(&id)?;
    let page = door.db.read("staff.task", move |r| task_page(r, &id, &member)).await?;
    let title = format!("{}: {}", page.task.title, page.task.progress);
    Ok(door.page("admin/task.html", &title, &page)?)
}

fn task_page(r: &mut Read<'_>, id: &TaskId, member: &Member) -> Result<TaskPage> {
    let task = tasks::find(r, id)?.ok_or_else(tasks::no_task)?;
    let kind = r.wired::<Tasks>()?.named(&task.kind)?;
    let has_file = tasks::has_file(r, id)?;
    let faults = tasks::faults(r, id, MOST_FAULTS)?;
    let names = staff::accounts(r)?;
    let row = row(r, &task, &names)?;
    let clock = ShopClock::new(&r.wired::<Shop>()?.zone, r.now);
    let is_ended = !task.state.is_open();
    let may = member.role.may(Permission::Export);
    let elapsed = task.begun_at.map(|begun| r.now.since(begun));
    let time_left = elapsed.zip(task.total).filter(|_| task.state.is_open());
    let (name, made_file) = kind.file.map_or(("", false), |file| (file.name, is_ended && task.parts > 0));
    let kept_until = task.finished_at.map(|at| clock.short(at + tasks::KEPT_FOR));
    Ok(TaskPage {
        things: kind.things,
        done: task.done,
        total: task.total,
        written: task.written,
        faults: task.faults,
        some_faults: faults.into_iter().map(|fault| (fault.subject, fault.detail)).collect(),
        time_left: time_left.and_then(|(elapsed, total)| tasks::time_left(task.done, total, elapsed)),
        is_open: task.state.is_open(),
        is_stuck: task.state.is_open() && task.stuck.is_some(),
        file: (made_file && has_file && may).then(|| (name, size(task.bytes))),
        kept_until: kept_until.filter(|_| has_file),
        was_removed: made_file && !has_file,
        is_for_managers: made_file && has_file && !may,
        task: row,
    })
}

fn size(bytes: i64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{} KB", bytes / 1_000),
        _ => format!("{} MB", bytes / 1_000_000),
    }
}

/// `POST /a/tasks/{id}/stop`: by who started it, or a manager.
pub(crate) async fn stop(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let id = TaskId::parse(&id)?;
    let path = format!("/a/tasks/{id}");
    door.db
        .write("staff.stop_task", move |w| {
            let task = tasks::find(w, &id)?.ok_or_else(tasks::no_task)?;
            only_whose_it_is(&task, &member)?;
            if tasks::stop(w, &id)? {
                staff::note(w, Some(&member.id), "task.stopped", ("task", id.as_str()), None, None)?;
            }
            Ok(())
        })
        .await?;
    Ok(see_other(&path, None)?)
}

/// `POST /a/tasks/{id}/go-on`: what failed too often is tried again.
pub(crate) async fn go_on(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let id = TaskId::parse(&id)?;
    let path = format!("/a/tasks/{id}");
    door.db
        .write("staff.go_on_with_task", move |w| {
            let task = tasks::find(w, &id)?.ok_or_else(tasks::no_task)?;
            only_whose_it_is(&task, &member)?;
            tasks::go_on(w, &task)?;
            staff::note(w, Some(&member.id), "task.went_on", ("task", id.as_str()), None, None)
        })
        .await?;
    Ok(see_other(&path, None)?)
}

fn only_whose_it_is(task: &Task, member: &Member) -> Result<()> {
    let is_own = task.started_by.as_deref() == Some(member.id.as_str());
    if is_own || member.role.may(Permission::Export) {
        return Ok(());
    }
    let words = "Only who started it, or a manager, decides about this work.";
    Err(Error::new(Kind::Forbidden, "not_allowed", words))
}

/// `GET /a/tasks/{id}/file`.
pub(crate) async fn file(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    only_managers(&member)?;
    let id = TaskId::parse(&id)?;
    let asked = id.clone();
    let (task, name) = door
        .db
        .read("staff.task_file", move |r| {
            let task = tasks::find(r, &asked)?.ok_or_else(tasks::no_task)?;
            let kind = r.wired::<Tasks>()?.named(&task.kind)?;
            let is_there = !task.state.is_open() && tasks::has_file(r, &asked)?;
            let name = kind.file.map(|file| file.name).filter(|_| is_there);
            Ok((task, name.ok_or_else(|| Error::not_found("This file is not kept any more."))?))
        })
        .await?;
    let body = FileBody::new(door.db.clone(), id, task.bytes, task.parts);
    Ok(attachment(name, Body::new(body)))
}

/// `GET /a/tasks/{id}/faults`: what could not be done, as a file.
pub(crate) async fn faults(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    only_managers(&member)?;
    let id = TaskId::parse(&id)?;
    let faults = door
        .db
        .read("staff.task_faults", move |r| {
            tasks::find(r, &id)?.ok_or_else(tasks::no_task)?;
            tasks::faults(r, &id, MOST_FAULTS_IN_FILE)
        })
        .await?;
    let header = csv::line(&["about", "what to know"]);
    let lines = faults.iter().map(|fault| csv::line(&[&fault.subject, &fault.detail]));
    Ok(attachment("faults.csv", Body::from(std::iter::once(header).chain(lines).collect::<String>())))
}

fn only_managers(member: &Member) -> Result<()> {
    if member.role.may(Permission::Export) {
        return Ok(());
    }
    let words = "Only a manager takes customers’ data out of the shop. Ask one of them.";
    Err(Error::new(Kind::Forbidden, "not_allowed", words))
}

/// A file to be kept, never to be shown, whatever it holds.
fn attachment(name: &str, body: Body) -> Response {
    let disposition = HeaderValue::try_from(format!("attachment; filename=\"{name}\""));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::CONTENT_DISPOSITION, disposition.unwrap_or(HeaderValue::from_static("attachment"))),
    ];
    (headers, body).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_sizes_are_read_at_a_glance() {
        let numbers = [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")];
        for (number, words) in numbers {
            assert_eq!(grouped(number), words);
        }
        let sizes = [(0, "0 bytes"), (999, "999 bytes"), (1_000, "1 KB"), (2_500_000, "2 MB")];
        for (bytes, words) in sizes {
            assert_eq!(size(bytes), words);
        }
    }
}
