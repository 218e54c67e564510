//! Orders as a file: those under the filters in force, or those that were chosen.

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use db::Read;
use jobs::tasks::{self, Chunk, FileKind, TaskKind, Work};
use kernel::{Email, Phone, Result, csv};
use serde_json::{Value, json};
use staff::{Member, Permission};
use web::{Failure, Form, see_other};

use super::list::{self, filters_of_query, place_of};
use super::{Door, only};
use crate::store::{self, StoredOrder};
use crate::{OrderId, marks};

/// The kind of task.
const EXPORT: &str = "orders.export";

/// The long work that makes the file.
pub(super) const TASK: TaskKind = TaskKind {
    name: EXPORT,
    title: "Orders as a file",
    things: "orders",
    file: Some(FileKind { name: "orders.csv", header }),
    count,
    work: Work::Reads(chunk),
};

const COLUMNS: [&str; 18] = [
    "id",
    "source",
    "number",
    "state",
    "payment",
    "fulfilment",
    "marked",
    "placed_at",
    "currency",
    "total_minor",
    "refunded_minor",
    "customer",
    "name",
    "email",
    "phone",
    "country",
    "items",
    "tags",
];

/// `POST /a/orders/export`.
pub(super) async fn begin(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    form: Form,
) -> Result<Response, Failure> {
    let query = form.text("query").to_owned();
    let read = move |r: &mut Read<'_>| Ok(filters_of_query(r, &query)?.query());
    let query = door.db.read("orders.filters", read).await?;
    start(&door, member, json!({ "query": query })).await
}

/// Starts the task, for whoever may take customers' data out.
pub(super) async fn start(door: &Door, member: Member, spec: Value) -> Result<Response, Failure> {
    let words = "Only a manager takes customers’ data out of the shop. Ask one of them.";
    only(&member, Permission::Export, words)?;
    let task = door
        .db
        .write("orders.export", move |w| {
            let task = tasks::start(w, EXPORT, &spec, Some(member.id.as_str()))?;
            let subject = ("task", task.as_str());
            let filters = spec.get("query").and_then(Value::as_str);
            staff::note(w, Some(&member.id), "orders.exported", subject, None, filters)?;
            Ok(task)
        })
        .await?;
    Ok(see_other(&format!("/a/tasks/{task}"))?)
}

fn header() -> String {
    csv::line(&COLUMNS)
}

/// The orders that were chosen, when they were.
fn chosen(spec: &Value) -> Result<Option<Vec<OrderId>>> {
    let Some(ids) = spec.get("ids") else { return Ok(None) };
    let ids: Vec<String> = serde_json::from_value(ids.clone())?;
    ids.iter().map(|id| OrderId::parse(id)).collect::<Result<Vec<_>>>().map(Some)
}

fn query_of(spec: &Value) -> &str {
    spec.get("query").and_then(Value::as_str).unwrap_or_default()
}

fn count(r: &mut Read<'_>, spec: &Value) -> Result<i64> {
    if let Some(ids) = chosen(spec)? {
        return Ok(ids.len() as i64);
    }
    let filters = filters_of_query(r, query_of(spec))?;
    list::count(r, &filters)
}

fn chunk(r: &mut Read<'_>, spec: &Value, cursor: Option<&str>) -> Result<Chunk> {
    if let Some(ids) = chosen(spec)? {
        // Never more than one page of the list.
        let (content, written) = lines(r, &ids)?;
        return Ok(Chunk { content, written, done: ids.len() as u32, is_last: true, ..Chunk::default() });
    }
    let filters = filters_of_query(r, query_of(spec))?;
    let after = cursor.filter(|cursor| !cursor.is_empty()).map(OrderId::parse).transpose()?;
    let place = after.map(|id| place_of(r, &id)).transpose()?;
    let walked = list::stretch(r, &filters, place)?;
    let ids: Vec<OrderId> = walked.kept.iter().map(|place| place.id.clone()).collect();
    let (content, written) = lines(r, &ids)?;
    Ok(Chunk {
        content,
        written,
        done: walked.looked_at as u32,
        is_last: walked.goes_on_behind.is_none(),
        cursor: walked.goes_on_behind.map(|place| place.id.as_str().to_owned()).unwrap_or_default(),
        faults: Vec::new(),
    })
}

fn lines(r: &mut Read<'_>, ids: &[OrderId]) -> Result<(String, u32)> {
    let (mut content, mut written) = (String::new(), 0);
    for id in ids {
        let Some(stored) = store::stored(r, id)? else { continue };
        let marks = marks::marks(r, id)?;
        content.push_str(&line(&stored, &marks));
        written += 1;
    }
    Ok((content, written))
}

fn line(stored: &StoredOrder, marks: &marks::Marks) -> String {
    let (order, who) = (&stored.order, &stored.order.customer);
    let marked = match (marks.held_at, marks.packed_at) {
        (Some(_), _) => "held",
        (None, Some(_)) => "packed",
        (None, None) => "",
    };
    let items: u64 = order.lines.iter().map(|line| u64::from(line.quantity)).sum();
    csv::line(&[
        stored.id.as_str(),
        &order.source,
        &order.number,
        order.status.as_str(),
        order.payment.as_str(),
        order.fulfilment.as_str(),
        marked,
        &order.placed_at.to_string(),
        order.currency.code(),
        &order.totals.total.to_string(),
        &order.refunded_minor.to_string(),
        stored.customer.as_str(),
        who.name.as_deref().unwrap_or_default(),
        who.email.as_ref().map_or("", Email::as_str),
        who.phone.as_ref().map_or("", Phone::as_str),
        order.shipping_address.as_ref().map_or("", |address| &address.country),
        &items.to_string(),
        &order.tags.join(", "),
    ])
}
