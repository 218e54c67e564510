//! Orders that nobody has told to have left: the one thing that makes no sound, so it is looked for.
//!
//! Every few hours the orders of the last weeks that are to be packed still are walked, a page a write, and each that
//! may be late is looked at. What was looked at has a job of its own for the next moment, so the walk only finds what is
//! new.

use std::time::Duration;

use db::Write;
use jobs::{Lane, NewJob, Next};
use kernel::{Result, Timestamp};
use serde_json::{Value, json};

use crate::order::{Orders, ToPack};
use crate::{store, watch};

/// The schedule that begins a walk.
pub const SWEEP: &str = "shipments.sweep";
/// How often. Each order is found hours before it can be late, and has a job of its own for the moment when it is.
pub const SWEEP_EVERY: Duration = Duration::from_secs(4 * 3_600);
/// The kind of job that walks a further page.
pub const SWEEP_PAGE: &str = "shipments.sweep_page";
/// How far back: what has not left in three weeks was noticed long ago, or is never going to be told of.
const BACK: Duration = Duration::from_secs(21 * 86_400);
/// Nothing is late an hour after it was ordered.
const FRESH: Duration = Duration::from_secs(3_600);
/// As many orders are looked at in one write.
const AT_ONCE: i64 = 50;

/// The handler of [`SWEEP`]: the first page.
pub fn sweep(w: &mut Write<'_>, _: &Value) -> Result<Next> {
    let from = w.now - BACK;
    walk(w, from, "")?;
    Ok(Next::Done)
}

/// The handler of [`SWEEP_PAGE`].
pub fn sweep_page(w: &mut Write<'_>, payload: &Value) -> Result<Next> {
    let from = Timestamp::from_ms(payload.get("from").and_then(Value::as_i64).unwrap_or_default());
    let after = payload.get("after").and_then(Value::as_str).unwrap_or_default();
    walk(w, from, after)?;
    Ok(Next::Done)
}

/// One page, and a job for the next.
fn walk(w: &mut Write<'_>, from: Timestamp, after: &str) -> Result<()> {
    let (now, orders) = (w.now, *w.wired::<Orders>()?);
    let page = ToPack { from, after, until: now - FRESH, limit: AT_ONCE };
    let found = (orders.to_pack)(w, &page)?;
    for (order, _) in &found {
        if store::told(w, order)?.is_none() {
            watch::look(w, order)?;
        }
    }
    match found.last().filter(|_| found.len() as i64 == AT_ONCE) {
        Some((order, placed_at)) => walk_on(w, *placed_at, order),
        None => Ok(()),
    }
}

fn walk_on(w: &mut Write<'_>, from: Timestamp, after: &str) -> Result<()> {
    let (due_at, payload) = (w.now, json!({ "from": from.ms(), "after": after }));
    let key = format!("{} {after}", from.ms());
    jobs::enqueue(w, &NewJob { kind: SWEEP_PAGE, key: &key, payload: &payload, due_at, lane: Lane::Upkeep })
}
