//! Telling the timeline what changed about a customer: what, never to what address.

use db::Write;
use kernel::{CustomerId, Result, ids};
use serde_json::{Value, json};
use timeline::{Actor, NewEvent};

/// Sources in which the person acted with their own hand.
const THEMSELVES: [&str; 4] = ["you_updates", "one_click", "text", crate::account::SIGN_IN];

/// Before the identifier of whoever of the staff did it.
const STAFF: &str = "staff:";

/// The source of what somebody of the staff did.
pub fn by_staff(member: &str) -> String {
    format!("{STAFF}{member}")
}

/// Who of the staff did it, if it was one of them.
pub fn staff_of(source: &str) -> Option<&str> {
    source.strip_prefix(STAFF)
}

/// Whether a person did it with their own hand, so that nobody else takes it back.
pub(crate) fn is_their_own(source: &str) -> bool {
    THEMSELVES.contains(&source)
}

/// Records an event about a customer.
pub(crate) fn tell(
    w: &mut Write<'_>,
    kind: &'static str,
    customer: &CustomerId,
    source: &str,
    mut payload: Value,
) -> Result<()> {
    payload["source"] = json!(source);
    let actor = match source.strip_prefix(STAFF) {
        Some(member) => Actor::Staff(member.to_owned()),
        None if THEMSELVES.contains(&source) => Actor::Customer(customer.clone()),
        None => Actor::Source(source.to_owned()),
    };
    let now = w.now;
    // Each change is a happening of its own, also when the same comes about again.
    let source_key = format!("{kind}:{}", ids::sortable(now, w.dice));
    timeline::record(
        w,
        &NewEvent {
            kind,
            version: 1,
            subject: ("customer", customer.as_str()),
            customer: Some(customer),
            actor,
            cause: None,
            occurred_at: now,
            source_key: &source_key,
            payload,
        },
    )?;
    Ok(())
}
