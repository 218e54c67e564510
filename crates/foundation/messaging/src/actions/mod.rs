//! What somebody of the staff may do with a message, and doing it.
//!
//! Each action is a pure rule, [`may`], which a page asks to show the action or say why not, and which the write asks
//! again; and the write itself is guarded by the state, so a hand-off that was marked a moment before wins.

mod rule;

use db::{Read, Write, params};
use kernel::{MessageId, Result};
use serde_json::json;
use timeline::{Actor, NewEvent};

pub use rule::{Action, Standing, WhyNot, may};

use crate::outbox::{self, NewMessage, decide_again, lane_of};
use crate::outcome;
use crate::store::{self, Message, SET_RELEASED_ONE};
use crate::topics;

/// What was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acted {
    /// The message that goes on: the same one, or the one that says it again.
    pub goes_on_as: MessageId,
}

/// Does it, or says why not: then nothing is changed. `by` is somebody of the staff.
pub fn act(
    w: &mut Write<'_>,
    id: &MessageId,
    action: Action,
    by: &str,
) -> Result<std::result::Result<Acted, WhyNot>> {
    let Some((message, standing)) = look(w, id)? else {
        return Err(kernel::Error::not_found("There is no such message."));
    };
    if let Err(why_not) = may(action, &standing) {
        return Ok(Err(why_not));
    }
    let same = Acted { goes_on_as: id.clone() };
    match action {
        Action::DecideAgain => decide_now(w, &message).map(|()| Ok(same)),
        Action::TryAgain => try_again(w, &message, by),
        Action::Cancel if outcome::cancel(w, &message, by)? => decide_now(w, &message).map(|()| Ok(same)),
        Action::Release if release(w, &message)? => decide_now(w, &message).map(|()| Ok(same)),
        Action::Cancel | Action::Release => Ok(Err(WhyNot::ElsewhereMeanwhile)),
    }
}

/// A message, and what the rule asks of it.
pub fn look(r: &mut Read<'_>, id: &MessageId) -> Result<Option<(Message, Standing)>> {
    let Some(message) = store::find(r, id)? else { return Ok(None) };
    let why = store::explained(r, &message.key)?.and_then(|explained| explained.why);
    let standing = Standing {
        state: message.state,
        is_final: message.is_final(),
        purpose: message.purpose,
        why,
        is_for_the_moment: is_for_the_moment(&message),
        was_tried_again: said_again(r, &message)?.is_some(),
    };
    Ok(Some((message, standing)))
}

/// The message that says this one again, when somebody asked for that.
pub fn said_again(r: &mut Read<'_>, message: &Message) -> Result<Option<MessageId>> {
    let trigger = trigger(message);
    let key = outbox::key(&message.template, (&message.subject.0, &message.subject.1), &trigger);
    Ok(store::explained(r, &key)?.map(|again| again.id))
}

/// A code that has run out, or the answer to a text, is worth nothing later.
fn is_for_the_moment(message: &Message) -> bool {
    [topics::CODES.id, topics::STOP_CONFIRMATION.id].contains(&message.topic.as_str())
        || message.recipient.answers_text
}

fn trigger(message: &Message) -> String {
    format!("again {}", message.key)
}

/// Work that waits is due now; what was ended leaves no work behind.
fn decide_now(w: &mut Write<'_>, message: &Message) -> Result<()> {
    let now = w.now;
    decide_again(w, &message.id, lane_of(message.purpose, message.urgency), now)
}

/// A final state is never left: what is tried again is a message of its own, which says the same. Its key comes from the
/// first, so that two who ask at once ask for one.
fn try_again(w: &mut Write<'_>, first: &Message, by: &str) -> Result<std::result::Result<Acted, WhyNot>> {
    let (now, template) = (w.now, w.wired::<crate::Templates>()?.named(&first.template)?);
    let again = NewMessage {
        customer: &first.customer,
        template: template.id,
        subject: (&first.subject.0, &first.subject.1),
        trigger: &trigger(first),
        thread: &first.thread,
        recipient: first.recipient.clone(),
        context: first.context.read()?,
        not_before: now,
        not_after: None,
    };
    let Some(goes_on_as) = outbox::queue(w, &again)? else { return Ok(Err(WhyNot::TriedAgainAlready)) };
    tell_tried_again(w, first, &goes_on_as, by)?;
    Ok(Ok(Acted { goes_on_as }))
}

fn tell_tried_again(w: &mut Write<'_>, first: &Message, again: &MessageId, by: &str) -> Result<()> {
    let occurred_at = w.now;
    let event = NewEvent {
        kind: "message.tried_again",
        version: 1,
        subject: ("message", first.id.as_str()),
        customer: Some(&first.customer),
        actor: Actor::Staff(by.to_owned()),
        cause: None,
        occurred_at,
        source_key: &format!("message.tried_again:{}", first.id),
        payload: json!({ "template": first.template, "again": again.as_str() }),
    };
    timeline::record(w, &event).map(drop)
}

/// Somebody says that it is due now, so no restore holds it any more.
fn release(w: &mut Write<'_>, message: &Message) -> Result<bool> {
    let now = w.now;
    Ok(w.execute(&SET_RELEASED_ONE, params![message.id.as_str(), now])? > 0)
}
