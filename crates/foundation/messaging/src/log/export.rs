//! The log as a file, under the filters in force.

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use db::Read;
use jobs::tasks::{self, Chunk, FileKind, TaskKind, Work};
use kernel::{Channel, Error, Kind, MessageId, Result, csv};
use serde_json::{Value, json};
use staff::{Member, Permission};
use web::{Failure, Form, see_other};

use super::rows::{self, Logged};
use super::{Door, rows::filters_of_query};

/// The kind of task.
const EXPORT: &str = "messages.export";

/// The long work of these pages.
pub const TASKS: &[TaskKind] = &[TaskKind {
    name: EXPORT,
    title: "Messages as a file",
    things: "messages",
    file: Some(FileKind { name: "messages.csv", header }),
    count,
    work: Work::Reads(chunk),
}];

const COLUMNS: [&str; 12] = [
    "id",
    "message",
    "purpose",
    "state",
    "channel",
    "email",
    "phone",
    "why",
    "outcome",
    "written_at",
    "handed_over_at",
    "ended_at",
];

/// `POST /a/messages/export`.
pub(super) async fn begin(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    form: Form,
) -> Result<Response, Failure> {
    if !member.role.may(Permission::Export) {
        let words = "Only a manager takes customers’ data out of the shop. Ask one of them.";
        return Err(Error::new(Kind::Forbidden, "not_allowed", words).into());
    }
    let query = form.text("query").to_owned();
    let task = door
        .db
        .write("messaging.export", move |w| {
            let query = filters_of_query(w, &query)?.query();
            let task = tasks::start(w, EXPORT, &json!({ "query": query }), Some(member.id.as_str()))?;
            let subject = ("task", task.as_str());
            staff::note(w, Some(&member.id), "messages.exported", subject, None, Some(&query))?;
            Ok(task)
        })
        .await?;
    Ok(see_other(&format!("/a/tasks/{task}"))?)
}

fn header() -> String {
    csv::line(&COLUMNS)
}

fn query_of(spec: &Value) -> &str {
    spec.get("query").and_then(Value::as_str).unwrap_or_default()
}

fn count(r: &mut Read<'_>, spec: &Value) -> Result<i64> {
    let filters = filters_of_query(r, query_of(spec))?;
    rows::count(r, &filters)
}

fn chunk(r: &mut Read<'_>, spec: &Value, cursor: Option<&str>) -> Result<Chunk> {
    let filters = filters_of_query(r, query_of(spec))?;
    let before = cursor.filter(|cursor| !cursor.is_empty()).map(MessageId::parse).transpose()?;
    let (lines, walked) = rows::stretch(r, &filters, before.as_ref())?;
    Ok(Chunk {
        content: lines.iter().map(line).collect(),
        written: lines.len() as u32,
        done: walked.looked_at as u32,
        is_last: walked.goes_on_behind.is_none(),
        cursor: walked.goes_on_behind.map(|id| id.as_str().to_owned()).unwrap_or_default(),
        faults: Vec::new(),
    })
}

fn line(logged: &Logged) -> String {
    let recipient = &logged.recipient;
    csv::line(&[
        logged.id.as_str(),
        &logged.template,
        logged.purpose.as_str(),
        logged.state.as_str(),
        logged.channel.map_or("", Channel::as_str),
        recipient.email.as_ref().map_or("", |email| email.as_str()),
        recipient.phone.as_ref().map_or("", |phone| phone.as_str()),
        &logged.reason,
        logged.outcome.as_deref().unwrap_or_default(),
        &logged.created_at.to_string(),
        &logged.handed_off_at.map(|at| at.to_string()).unwrap_or_default(),
        &logged.finished_at.map(|at| at.to_string()).unwrap_or_default(),
    ])
}
