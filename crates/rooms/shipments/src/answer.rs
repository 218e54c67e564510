//! A customer who was told that their order is late says whether they wait for it.

use db::{Read, Write};
use kernel::{Date, Result, Shop};
use serde_json::json;
use timeline::{Actor, NewEvent};

use crate::delay::{Answer, Answered, Notice, answer_to, cancels_on};
use crate::news::is_to_leave;
use crate::order::{OrderFacts, Orders};
use crate::promise::{Promised, latest};
use crate::{store, watch};

/// What there is to answer, and what was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The day at whose end it counts as cancelled when nobody answers; none: it is kept.
    pub cancels_on: Option<Date>,
    /// What was answered to it.
    pub answered: Option<Answered>,
    /// Whether nothing is left to answer: it has left, or does not come any more.
    pub is_settled: bool,
}

/// What the customer of an order is or was asked; none when they were never told that it is late.
pub fn asked(r: &mut Read<'_>, order: &str) -> Result<Option<Asked>> {
    let Some(Noticed { facts, notice, is_open }) = noticed(r, order)? else { return Ok(None) };
    let answered = store::answered(r, order)?;
    let promised = latest(&store::promises(r, order)?, Promised::Ships);
    let days = r.wired::<Shop>()?.policy.parcels.silence_days;
    Ok(Some(Asked {
        cancels_on: cancels_on(&notice, promised, facts.country.as_deref(), days),
        answered: answered.filter(|_| answer_to(&notice, answered).is_some()),
        is_settled: !is_open,
    }))
}

/// Writes an answer down; false when there is nothing to answer. The same answer twice is one.
pub fn answer(w: &mut Write<'_>, order: &str, answer: Answer) -> Result<bool> {
    let Some(Noticed { facts, notice, is_open: true }) = noticed(w, order)? else { return Ok(false) };
    if answer_to(&notice, store::answered(w, order)?) == Some(answer) {
        return Ok(true);
    }
    let answered = Answered { answer, at: w.now };
    store::answer(w, order, answered)?;
    record(w, &facts, answered)?;
    watch::look_at(w, &facts)?;
    Ok(true)
}

/// An order whose customer was told that it is late.
struct Noticed {
    facts: OrderFacts,
    notice: Notice,
    /// Whether that is still so.
    is_open: bool,
}

/// The order and what its customer was told; none of an order without a customer.
fn noticed(r: &mut Read<'_>, order: &str) -> Result<Option<Noticed>> {
    let Some(notice) = store::told(r, order)?.and_then(|told| told.notice) else { return Ok(None) };
    let orders = *r.wired::<Orders>()?;
    let facts = (orders.facts)(r, order)?.filter(|facts| !facts.is_forgotten);
    let Some(facts) = facts else { return Ok(None) };
    let is_open = facts.stands && is_to_leave(&facts, &watch::parcels(r, order)?);
    Ok(Some(Noticed { facts, notice, is_open }))
}

fn record(w: &mut Write<'_>, facts: &OrderFacts, answered: Answered) -> Result<()> {
    let kind = match answered.answer {
        Answer::Keep => "order.delay_accepted",
        Answer::Cancel => "order.cancel_asked",
    };
    let source_key = format!("{kind}:{}:{}", facts.id, answered.at.ms());
    let event = NewEvent {
        kind,
        version: 1,
        subject: ("order", &facts.id),
        customer: Some(&facts.customer),
        actor: Actor::Customer(facts.customer.clone()),
        cause: None,
        occurred_at: answered.at,
        source_key: &source_key,
        payload: json!({}),
    };
    timeline::record(w, &event).map(drop)
}
