//! The writes of the sending machine: each one moves the message *and* its job, so they can't disagree.

use customers::SuppressionReason;
use db::{Write, params};
use jobs::Job;
use kernel::{Channel, CustomerId, MessageId, Result, Timestamp};
use serde_json::json;
use timeline::{Actor, NewEvent};

use crate::compose::Composed;
use crate::decide::{Verdict, Why, may_be_switched_off};
use crate::look::{key_of, look_at};
use crate::outbox;
use crate::outgoing::Outgoing;
use crate::provider::{Refusal, RefusalClass, Submission};
use crate::render::RENDERER_VERSION;
use crate::retry;
use crate::sms::reports;
use crate::store::{
    self, CANCEL_MESSAGE, INSERT_TRY, MARK_HANDING_OFF, Message, SET_ARRIVED, SET_DEFERRED, SET_FINAL,
    SET_HELD, SET_OUTCOME, State, UNDER_WAY, UNMARK, WAITING_IN_THREAD,
};

/// What is said of a message that the provider has.
const TAKEN: &str = "The provider has taken it.";

/// Whether a message may be handed over now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Marked {
    /// Marked: hand it over.
    Go,
    /// Things changed since the first look; it has been settled otherwise.
    Settled,
}

/// Decides again, and marks the message as handed off when the verdict still is to send it to `address`. Fails when the lease was
/// given away meanwhile.
pub(crate) fn mark(
    w: &mut Write<'_>,
    job: &Job,
    id: &MessageId,
    connected: &[Channel],
    provider: &str,
    composed: &Composed,
) -> Result<Marked> {
    let outgoing = &composed.outgoing;
    jobs::fence(w, job)?;
    let Some(look) = look_at(w, id, connected)? else {
        jobs::finish(w, job)?;
        return Ok(Marked::Settled);
    };
    let now = w.now;
    match &look.verdict {
        Verdict::Send { channel, address, why } if goes_to(outgoing, *channel, address) => {
            let (reason, channel, sha256) = (why.words(), channel.as_str(), &composed.sha256);
            let params = params![
                id.as_str(),
                reason,
                channel,
                &job.token,
                provider,
                RENDERER_VERSION,
                sha256,
                now,
                why.code()
            ];
            w.send(&MARK_HANDING_OFF, params)?;
            if let Outgoing::Text(text) = outgoing {
                reports::handed_over(w, text)?;
            }
            Ok(Marked::Go)
        }
        // The way changed since the first look: look again from the start.
        Verdict::Send { .. } => jobs::again(w, job, now).map(|()| Marked::Settled),
        Verdict::Hold { .. } | Verdict::Drop { .. } => {
            settle_as(w, job, &look.message, &look.verdict).map(|()| Marked::Settled)
        }
    }
}

/// Takes a mark back of which its own holder has not heard, so that nothing has left; it is decided on anew. Whether there was
/// one. Fails when the lease was given away meanwhile: then its heir decides.
pub(crate) fn unmark(w: &mut Write<'_>, job: &Job, before: &Message) -> Result<bool> {
    jobs::fence(w, job)?;
    let state = before.state.as_str();
    let params = params![before.id.as_str(), &job.token, state, before.handed_off_at, before.finished_at];
    let was_marked = w.execute(&UNMARK, params)? == 1;
    if was_marked {
        let now = w.now;
        jobs::again(w, job, now)?;
    }
    Ok(was_marked)
}

fn goes_to(outgoing: &Outgoing, channel: Channel, address: &str) -> bool {
    outgoing.channel() == channel && outgoing.address().eq_ignore_ascii_case(address)
}

/// Decides again and holds or drops. When it may go out after all, the job looks again at once.
pub(crate) fn settle(w: &mut Write<'_>, job: &Job, id: &MessageId, connected: &[Channel]) -> Result<()> {
    match look_at(w, id, connected)? {
        Some(look) => settle_as(w, job, &look.message, &look.verdict),
        None => jobs::finish(w, job),
    }
}

fn settle_as(w: &mut Write<'_>, job: &Job, message: &Message, verdict: &Verdict) -> Result<()> {
    match verdict {
        Verdict::Send { .. } => {
            let now = w.now;
            jobs::again(w, job, now)
        }
        Verdict::Hold { until, why } => {
            w.send(&SET_HELD, params![message.id.as_str(), why.words(), why.code()])?;
            jobs::again(w, job, *until)
        }
        Verdict::Drop { why } => {
            let state = final_state(*why, message);
            end(w, message, state, *why)?;
            jobs::finish(w, job)
        }
    }
}

/// What may have arrived is not called anything else because no further try is made. Of what is tried once only and was
/// reported lost we know.
fn final_state(why: Why, message: &Message) -> State {
    match why {
        why if message.may_have_arrived() && why != Why::TriedOnce => State::Unknown,
        Why::Expired => State::Expired,
        Why::NoAddress | Why::DeadAddress | Why::TriedOnce => State::Failed,
        // What belongs to the purchase and finds no way is a failure that a person at the shop must see.
        Why::Stopped if !may_be_switched_off(message.purpose) => State::Failed,
        Why::NeverTwice | Why::ExpiredUnknown | Why::RefusedUnknown => State::Unknown,
        Why::Stopped
        | Why::Unsubscribed
        | Why::Complained
        | Why::TopicOff
        | Why::NotOptedIn
        | Why::HeldOut
        | Why::Cancelled
        | Why::Overtaken
        | Why::StatedChannel
        | Why::ShopDefault
        | Why::OnlyWayLeft
        | Why::AfterStop
        | Why::EmailAfterText
        | Why::StopConfirmed
        | Why::TooEarly
        | Why::InOrder
        | Why::TextLost
        | Why::AnswersText
        | Why::Restored
        | Why::AwaitingReport
        | Why::Paused
        | Why::Erased
        | Why::Incident
        | Why::Pace
        | Why::Pressure
        | Why::QuietHours => State::Dropped,
    }
}

/// Ends what somebody of the staff does not want sent. False when it was handed off, or ended, a moment before.
pub(crate) fn cancel(w: &mut Write<'_>, message: &Message, by: &str) -> Result<bool> {
    let (now, why) = (w.now, Why::Cancelled);
    if w.execute(&CANCEL_MESSAGE, params![message.id.as_str(), why.words(), why.code(), now])? == 0 {
        return Ok(false);
    }
    let actor = Actor::Staff(by.to_owned());
    tell_timeline_of(w, message, State::Dropped, json!({ "why": why.code() }), actor)?;
    let_the_next_go(w, message)?;
    Ok(true)
}

/// Ends what of a thread still waits to be handed over: something newer about the same is said instead. What is said at the
/// same moment belongs to it. How many.
pub fn overtake(w: &mut Write<'_>, thread: &str) -> Result<usize> {
    let (now, why) = (w.now, Why::Overtaken);
    let rows = w.rows(&WAITING_IN_THREAD, params![thread, now])?;
    for row in &rows {
        let id = MessageId::stored(row.get("id")?);
        let Some(message) = store::find(w, &id)? else { continue };
        w.send(&CANCEL_MESSAGE, params![id.as_str(), why.words(), why.code(), now])?;
        tell_timeline(w, &message, State::Dropped, json!({ "why": why.code() }))?;
    }
    Ok(rows.len())
}

/// Ends what is still to be sent to somebody whose data are erased. What is on its way this moment ends by itself: whoever
/// looks at it next finds nobody to send it to.
pub(crate) fn cancel_for(w: &mut Write<'_>, customer: &CustomerId, limit: i64) -> Result<usize> {
    let rows = w.rows(&UNDER_WAY, params![customer.as_str(), limit])?;
    for row in &rows {
        let id = MessageId::stored(row.get("id")?);
        if let Some(message) = store::find(w, &id)? {
            end(w, &message, final_state(Why::Erased, &message), Why::Erased)?;
        }
    }
    Ok(rows.len())
}

pub(crate) fn end(w: &mut Write<'_>, message: &Message, state: State, why: Why) -> Result<()> {
    let now = w.now;
    w.send(&SET_FINAL, params![message.id.as_str(), state.as_str(), why.words(), now, why.code()])?;
    tell_timeline(w, message, state, json!({ "why": why.code() }))?;
    let_the_next_go(w, message)
}

/// Wakes what waited in the thread for this message to come to its end.
fn let_the_next_go(w: &mut Write<'_>, message: &Message) -> Result<()> {
    let now = w.now;
    for next in store::thread_after(w, message)? {
        outbox::wake_hand_off(w, &next, message, now)?;
    }
    Ok(())
}

fn set_deferred(w: &mut Write<'_>, message: &Message, outcome: &str, tries: i64) -> Result<()> {
    let state = while_it_waits(message);
    w.send(&SET_DEFERRED, params![message.id.as_str(), state.as_str(), outcome, tries])?;
    Ok(())
}

/// What may have arrived stays *unknown* while it waits for another try; anything else is *deferred*.
fn while_it_waits(message: &Message) -> State {
    if message.may_have_arrived() { State::Unknown } else { State::Deferred }
}

/// The provider could not even be reached: nothing was said of the message, so it simply waits.
pub(crate) fn defer(w: &mut Write<'_>, job: &Job, id: &MessageId, refusal: &Refusal) -> Result<()> {
    let Some(message) = store::find(w, id)? else { return jobs::finish(w, job) };
    let at = next_try(w, &message, refusal);
    set_deferred(w, &message, &refusal.words, 1)?;
    remember_try(w, &message, State::Deferred, &refusal.words)?;
    jobs::again(w, job, at)
}

/// The breaker is open: not a try, only a pause, and never before the provider may be asked again.
pub(crate) fn pause(
    w: &mut Write<'_>,
    job: &Job,
    id: &MessageId,
    not_before: Timestamp,
    words: &str,
) -> Result<()> {
    let Some(message) = store::find(w, id)? else { return jobs::finish(w, job) };
    set_deferred(w, &message, words, 0)?;
    let wait = retry::pause(w.now.since(message.not_before.max(message.created_at)), w.dice);
    let at = (w.now + wait).max(not_before).min(message.not_after.max(not_before));
    jobs::again(w, job, at)
}

/// Records that a mail was taken, which is what becomes of nearly all: what `message` says that matters here was written
/// with it and never changes, so it is not read again. A stale token changes nothing and fails the write.
pub(crate) fn record_taken(w: &mut Write<'_>, job: &Job, message: &Message, reference: &str) -> Result<()> {
    // Only the mark's own token is good for this: whoever has ended the message otherwise has told of it too.
    if set_outcome(w, job, message, State::Accepted, TAKEN, Some(reference))? {
        tell_timeline(w, message, State::Accepted, json!({}))?;
        let_the_next_go(w, message)?;
    }
    jobs::finish(w, job)
}

/// Records what became of a hand-off. `before` is the message as it was before it: what may have arrived then is not
/// known any better by a no to this try. A stale token changes nothing and fails the write.
pub(crate) fn record(
    w: &mut Write<'_>,
    job: &Job,
    before: &Message,
    submission: &Submission,
    address: &str,
    connected: &[Channel],
) -> Result<()> {
    let Some(message) = store::find(w, &before.id)? else { return jobs::finish(w, job) };
    if message.channel == Some(Channel::Sms) {
        reports::answered(w, &message.id, submission)?;
    }
    match submission {
        Submission::Accepted { reference } => {
            set_outcome(w, job, &message, State::Accepted, TAKEN, Some(reference))?;
            tell_timeline(w, &message, State::Accepted, json!({}))?;
            let_the_next_go(w, &message)?;
            if message.channel == Some(Channel::Sms) {
                reports::catch_up(w, &message)?;
            }
            jobs::finish(w, job)
        }
        Submission::Refused(refusal) => {
            let handed = Handed { before, message: &message, address };
            record_refusal(w, job, handed, refusal, connected)
        }
        Submission::Unknown { words } => {
            let at = next_try(w, &message, &Refusal::unanswered(words));
            set_outcome(w, job, &message, State::Unknown, words, None)?;
            jobs::again(w, job, at)
        }
    }
}

/// A message that was handed over.
#[derive(Clone, Copy)]
struct Handed<'a> {
    /// As it was before.
    before: &'a Message,
    /// As it is.
    message: &'a Message,
    /// Where it went.
    address: &'a str,
}

fn record_refusal(
    w: &mut Write<'_>,
    job: &Job,
    handed: Handed<'_>,
    refusal: &Refusal,
    connected: &[Channel],
) -> Result<()> {
    let Handed { before, message, address } = handed;
    let channel = message.channel.unwrap_or(Channel::Email);
    match refusal.class {
        RefusalClass::Transient | RefusalClass::RecipientBusy | RefusalClass::Account => {
            let at = next_try(w, message, refusal);
            set_outcome(w, job, message, while_it_waits(before), &refusal.words, None)?;
            jobs::again(w, job, at)
        }
        RefusalClass::DeadAddress => {
            mark_dead(w, message, address, &refusal.words)?;
            another_address(w, job, handed, refusal, connected)
        }
        RefusalClass::Stopped => {
            let key = key_of(channel, address);
            customers::suppress(w, channel, &key, SuppressionReason::Stopped, "provider")?;
            another_address(w, job, handed, refusal, connected)
        }
        RefusalClass::Permanent if before.may_have_arrived() => {
            end_refused(w, job, message, refusal, connected)
        }
        RefusalClass::Permanent => {
            set_outcome(w, job, message, State::Failed, &refusal.words, None)?;
            tell_timeline(w, message, State::Failed, json!({ "why": "refused" }))?;
            let_the_next_go(w, message)?;
            jobs::finish(w, job)
        }
    }
}

/// Refused for good, but an earlier try may have arrived; or has, as a report may say by now.
fn end_refused(
    w: &mut Write<'_>,
    job: &Job,
    message: &Message,
    refusal: &Refusal,
    connected: &[Channel],
) -> Result<()> {
    set_outcome(w, job, message, State::Unknown, &refusal.words, None)?;
    match look_at(w, &message.id, connected)? {
        Some(look) if look.has_arrived => arrived(w, &message.id)?,
        _ => end(w, message, State::Unknown, Why::RefusedUnknown)?,
    }
    jobs::finish(w, job)
}

/// Nothing reaches this address any more.
fn mark_dead(w: &mut Write<'_>, message: &Message, address: &str, words: &str) -> Result<()> {
    let channel = message.channel.unwrap_or(Channel::Email);
    customers::mark_dead(w, &message.customer, channel, &key_of(channel, address), words)
}

/// The address is no use any more, and the message decides again. When it would go to the very same address (nobody
/// we know of holds it), it ends here: a dead address is never tried twice.
fn another_address(
    w: &mut Write<'_>,
    job: &Job,
    Handed { before, message, address }: Handed<'_>,
    refusal: &Refusal,
    connected: &[Channel],
) -> Result<()> {
    set_outcome(w, job, message, while_it_waits(before), &refusal.words, None)?;
    let verdict = look_at(w, &message.id, connected)?.map(|look| look.verdict);
    match verdict {
        Some(Verdict::Send { address: next, .. }) if next.eq_ignore_ascii_case(address) => {
            end(w, message, final_state(Why::DeadAddress, before), Why::DeadAddress)?;
            jobs::finish(w, job)
        }
        _ => {
            let now = w.now;
            jobs::again(w, job, now)
        }
    }
}

/// A report says that a text is there whose hand-off had no answer: so it was accepted.
pub(crate) fn arrived(w: &mut Write<'_>, id: &MessageId) -> Result<()> {
    let now = w.now;
    let Some(message) = store::find(w, id)? else { return Ok(()) };
    if w.execute(&SET_ARRIVED, params![id.as_str(), "A delivery report says that it is there.", now])? > 0 {
        tell_timeline(w, &message, State::Accepted, json!({ "by": "report" }))?;
        let_the_next_go(w, &message)?;
    }
    Ok(())
}

/// Whether it was still ours to say.
fn set_outcome(
    w: &mut Write<'_>,
    job: &Job,
    message: &Message,
    state: State,
    outcome: &str,
    reference: Option<&str>,
) -> Result<bool> {
    let finished_at = matches!(state, State::Accepted | State::Failed).then_some(w.now);
    let unsuccessful = i64::from(state != State::Accepted);
    let params = params![
        message.id.as_str(),
        &job.token,
        state.as_str(),
        outcome,
        reference,
        unsuccessful,
        finished_at
    ];
    let touched = w.execute(&SET_OUTCOME, params)?;
    if touched == 0 {
        tracing::warn!(message = %message.id, "messaging.stale_outcome");
    } else if unsuccessful == 1 {
        remember_try(w, message, state, outcome)?;
    }
    Ok(touched > 0)
}

/// What became of a try that did not succeed, for people who ask. What is taken at once costs nothing here.
fn remember_try(w: &mut Write<'_>, message: &Message, state: State, words: &str) -> Result<()> {
    let (now, channel) = (w.now, message.channel.map(Channel::as_str));
    let params =
        params![message.id.as_str(), i64::from(message.tries) + 1, state.as_str(), channel, words, now];
    w.send(&INSERT_TRY, params)?;
    Ok(())
}

/// When to try again, but never later than the moment the message becomes worthless: then it ends visibly.
fn next_try(w: &mut Write<'_>, message: &Message, refusal: &Refusal) -> Timestamp {
    let wait = retry::wait(message.urgency, message.tries + 1, refusal.retry_after, w.dice);
    (w.now + wait).min(message.not_after)
}

fn tell_timeline(
    w: &mut Write<'_>,
    message: &Message,
    state: State,
    payload: serde_json::Value,
) -> Result<()> {
    tell_timeline_of(w, message, state, payload, Actor::Rule("messaging"))
}

fn tell_timeline_of(
    w: &mut Write<'_>,
    message: &Message,
    state: State,
    mut payload: serde_json::Value,
    actor: Actor,
) -> Result<()> {
    payload["template"] = json!(message.template);
    payload[&message.subject.0] = json!(message.subject.1);
    let kind = match state {
        State::Accepted => "message.accepted",
        State::Expired => "message.expired",
        State::Dropped => "message.dropped",
        State::Unknown => "message.unknown",
        State::Queued | State::HandingOff | State::Deferred | State::Failed | State::Held => "message.failed",
    };
    let source_key = format!("{kind}:{}", message.id);
    let occurred_at = w.now;
    timeline::record(
        w,
        &NewEvent {
            kind,
            version: 1,
            subject: ("message", message.id.as_str()),
            customer: Some(&message.customer),
            actor,
            cause: None,
            occurred_at,
            source_key: &source_key,
            payload,
        },
    )?;
    Ok(())
}
