//! Sending the confirmation of an order once more, because somebody at the shop asks for it.

use db::{Read, Write};
use jobs::tasks::{Chunk, Fault, TaskKind, Work};
use kernel::{Error, MessageId, Result};
use messaging::{NewMessage, State};
use serde_json::{Value, json};

use crate::context::OrderContext;
use crate::incoming::OrderStatus;
use crate::store::{self, StoredOrder};
use crate::{OrderId, letters, say, shelf, short_link};

/// The kind of task that does it for several orders.
pub const RESEND: &str = "orders.resend";

/// The long work that sends something.
pub const TASK: TaskKind = TaskKind {
    name: RESEND,
    title: "Confirmations sent again",
    things: "orders",
    file: None,
    count,
    work: Work::Writes(chunk),
};

/// Orders of one chunk: each is about a dozen statements.
const AT_ONCE: usize = 20;
/// Messages about one order that are looked through.
const MOST_MESSAGES: i64 = 200;

/// What is known of the confirmations of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Confirmations {
    /// How many were written.
    pub count: u32,
    /// Whether one of them is still to leave.
    pub is_under_way: bool,
}

/// What became of the wish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resent {
    /// It is written.
    Now(MessageId),
    /// It was sent again after whoever asks has looked: pressing twice is pressing once.
    Already,
}

/// Whether the confirmation may be sent again, or why not.
pub fn may_resend(stored: &StoredOrder, confirmations: Confirmations) -> Result<(), &'static str> {
    let known = match stored.order.status {
        _ if stored.is_history => Err("It was imported: nothing is sent about it."),
        OrderStatus::Cancelled => Err("It is cancelled, and its confirmation would say otherwise."),
        OrderStatus::Unplaced => Err("It is not placed yet."),
        OrderStatus::Placed => Ok(()),
    };
    known?;
    match confirmations {
        Confirmations { count: 0, .. } => Err("Its confirmation has not been sent a first time yet."),
        Confirmations { is_under_way: true, .. } => Err("Its confirmation is still under way."),
        Confirmations { .. } => Ok(()),
    }
}

/// The confirmations of an order so far.
pub fn confirmations(r: &mut Read<'_>, id: &OrderId) -> Result<Confirmations> {
    let told = messaging::told_about(r, "order", id.as_str(), MOST_MESSAGES)?;
    let confirmations = told.iter().filter(|told| told.template == letters::CONFIRMATION);
    let under_way = |state: State| match state {
        State::Queued | State::HandingOff | State::Deferred | State::Held => true,
        State::Unknown | State::Accepted | State::Failed | State::Dropped | State::Expired => false,
    };
    Ok(Confirmations {
        count: confirmations.clone().count() as u32,
        is_under_way: confirmations.map(|told| told.state).any(under_way),
    })
}

/// Sends the confirmation of an order again. Whoever asks has seen so many of them: when there are more by now, it was sent
/// again since, and nothing is done. Fails with the reason when it may not be.
pub fn resend(w: &mut Write<'_>, id: &OrderId, seen: u32) -> Result<Resent> {
    let stored = store::stored(w, id)?.ok_or_else(|| Error::not_found("There is no such order."))?;
    let so_far = confirmations(w, id)?;
    if seen < so_far.count {
        return Ok(Resent::Already);
    }
    may_resend(&stored, so_far).map_err(|why_not| Error::invalid("not_now", why_not))?;
    let trigger = format!("resent {}", so_far.count);
    Ok(write(w, stored, &trigger)?.map_or(Resent::Already, Resent::Now))
}

/// The order as it stands now, in words that say nothing of why they come again.
fn write(w: &mut Write<'_>, stored: StoredOrder, trigger: &str) -> Result<Option<MessageId>> {
    let not_before = w.now;
    let short_url = short_link::make(w, &stored)?;
    let shown = shelf::filled(w, stored)?;
    let context = OrderContext { short_url, ..OrderContext::of(&shown, Vec::new(), w.wired()?, w.now) };
    messaging::queue(
        w,
        &NewMessage {
            customer: &shown.customer,
            template: letters::CONFIRMATION,
            subject: ("order", shown.id.as_str()),
            trigger,
            thread: shown.id.as_str(),
            recipient: say::recipient(&shown),
            context: serde_json::to_value(context)?,
            not_before,
            not_after: None,
        },
    )
}

/// What a task is to do: each order, and how many confirmations whoever asked has seen.
pub fn spec(orders: &[(OrderId, u32)]) -> Value {
    json!({ "orders": orders.iter().map(|(id, seen)| json!([id.as_str(), seen])).collect::<Vec<_>>() })
}

fn orders_of(spec: &Value) -> Result<Vec<(OrderId, u32)>> {
    let orders: Vec<(String, u32)> = serde_json::from_value(spec["orders"].clone())?;
    orders.into_iter().map(|(id, seen)| Ok((OrderId::parse(&id)?, seen))).collect()
}

fn count(_: &mut Read<'_>, spec: &Value) -> Result<i64> {
    Ok(orders_of(spec)?.len() as i64)
}

fn chunk(w: &mut Write<'_>, spec: &Value, cursor: Option<&str>) -> Result<Chunk> {
    let orders = orders_of(spec)?;
    let begin: usize = cursor.and_then(|place| place.parse().ok()).unwrap_or(0);
    let mut chunk = Chunk::default();
    for (id, seen) in orders.iter().skip(begin).take(AT_ONCE) {
        chunk.done += 1;
        match resend(w, id, *seen) {
            Ok(Resent::Now(_)) => chunk.written += 1,
            Ok(Resent::Already) => chunk.faults.push(fault(id, "It was sent again since you looked.")),
            Err(error) if error.kind() == kernel::Kind::Invalid => {
                chunk.faults.push(fault(id, error.words()));
            }
            Err(error) => return Err(error),
        }
    }
    let end = begin + chunk.done as usize;
    Ok(Chunk { cursor: end.to_string(), is_last: end >= orders.len(), ..chunk })
}

fn fault(id: &OrderId, detail: &str) -> Fault {
    Fault { subject: id.as_str().to_owned(), detail: detail.to_owned() }
}
