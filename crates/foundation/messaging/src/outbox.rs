//! Writing a message: the message, its context and its job commit together with the business change.

use std::time::Duration;

use db::{Read, Write, params};
use jobs::{Lane, NewJob};
use kernel::{CustomerId, Locale, MessageId, Purpose, Result, Shop, Timestamp, Urgency, choose, keys};
use serde::Serialize;
use serde_json::{Value, json};

use crate::design::Designs;
use crate::hand_off::HAND_OFF;
use crate::store::{HELD_OF_CUSTOMER, INSERT_CONTEXT, INSERT_MESSAGE, Message, Recipient};
use crate::template::{Template, Templates};
use crate::wording::Wording;

/// How long a message is worth sending when the room does not say: three days.
pub const WORTH_SENDING_FOR: Duration = Duration::from_secs(72 * 3_600);

/// A message a room wants to reach a person.
#[derive(Clone, Debug)]
pub struct NewMessage<'a> {
    /// Who.
    pub customer: &'a CustomerId,
    /// Which template; it knows purpose, topic and urgency.
    pub template: &'static str,
    /// What it is about: kind and id.
    pub subject: (&'a str, &'a str),
    /// What set it off: an event, a version, a step. With template and subject it makes the key.
    pub trigger: &'a str,
    /// Messages of one thread are shown together by mail programs.
    pub thread: &'a str,
    /// Addresses of the occasion.
    pub recipient: Recipient,
    /// What the template will be given, frozen.
    pub context: Value,
    /// When it is due: not sent before. When it tells of something past, the moment of that, so that a restore can hold
    /// what was due before it; work that has waited makes it no younger.
    pub not_before: Timestamp,
    /// Worthless from then on; three days after it may first be sent when the room does not say.
    pub not_after: Option<Timestamp>,
}

/// Writes a message. `None` when the same message was written before: nothing is done then.
pub fn queue(w: &mut Write<'_>, new: &NewMessage<'_>) -> Result<Option<MessageId>> {
    let template = w.wired::<Templates>()?.named(new.template)?;
    let id = MessageId::new(w.now, w.dice);
    if insert(w, &id, new, &template)? == 0 {
        return Ok(None);
    }
    let recipient = serde_json::to_string(&frozen(w, new)?)?;
    w.send(&INSERT_CONTEXT, params![id.as_str(), &recipient, &new.context.to_string()])?;
    let lane = lane_of(template.purpose, template.urgency);
    let due_at = new.not_before.max(w.now);
    hand_off_at(w, &id, due_at, lane, jobs::enqueue)?;
    Ok(Some(id))
}

/// The recipient as the message keeps them: whatever becomes of order, customer or shop, a repeat is in the language the
/// first try was in.
#[derive(Serialize)]
struct Frozen<'a> {
    #[serde(flatten)]
    recipient: Recipient,
    /// Whose language it is.
    language_by: &'a str,
}

fn frozen<'a>(w: &mut Write<'_>, new: &NewMessage<'_>) -> Result<Frozen<'a>> {
    let order = new.recipient.locale.clone();
    let is_spoken =
        |locale: &Locale| Ok::<_, kernel::Error>(w.wired::<Wording>()?.catalogue().speaks(locale));
    // Most orders say their language; nobody has to be looked up for those.
    let customer = match order.as_ref().map(is_spoken).transpose()? {
        Some(true) => None,
        Some(false) | None => customers::language_of(w, new.customer)?,
    };
    let (words, shop) = (w.wired::<Wording>()?.catalogue(), &w.wired::<Shop>()?.locale);
    let chosen = choose(words, order.as_ref(), customer.as_ref(), shop);
    let recipient = Recipient { locale: Some(chosen.locale), ..new.recipient.clone() };
    Ok(Frozen { recipient, language_by: chosen.by.as_str() })
}

/// Says by mail what a text did not bring: a message of its own, whose key comes from the first, so that it is said
/// once. Returns nothing when it was said before.
pub(crate) fn repeat(w: &mut Write<'_>, first: &Message) -> Result<Option<MessageId>> {
    let (now, template) = (w.now, w.wired::<Templates>()?.named(&first.template)?);
    let recipient = Recipient { was_undelivered: true, ..first.recipient.clone() };
    let again = NewMessage {
        customer: &first.customer,
        template: template.id,
        subject: (&first.subject.0, &first.subject.1),
        trigger: &format!("undelivered {}", first.key),
        thread: &first.thread,
        recipient,
        context: first.context.read()?,
        not_before: now,
        not_after: Some(first.not_after),
    };
    queue(w, &again)
}

/// Lets a message that waits behind `before` be decided again at `due_at`.
pub(crate) fn wake_hand_off(
    w: &mut Write<'_>,
    id: &MessageId,
    before: &Message,
    due_at: Timestamp,
) -> Result<()> {
    // Messages of one thread are of one kind, and so of one lane.
    decide_again(w, id, lane_of(before.purpose, before.urgency), due_at)
}

/// Lets a message that waits be decided again at `due_at`.
pub(crate) fn decide_again(w: &mut Write<'_>, id: &MessageId, lane: Lane, due_at: Timestamp) -> Result<()> {
    hand_off_at(w, id, due_at, lane, jobs::reschedule)
}

/// Whether anything is held for the customer of an event: mostly nothing is, and then there is nothing to reconsider.
pub fn something_is_held(r: &mut Read<'_>, event: &timeline::Event) -> Result<bool> {
    let Some(customer) = &event.customer else { return Ok(false) };
    Ok(!r.rows(&HELD_OF_CUSTOMER, params![customer.as_str()])?.is_empty())
}

/// A reaction to what changes for a customer: whatever is held for them is decided again now, and held again where its
/// cause is still there. So what waits need not ask.
pub fn reconsider(w: &mut Write<'_>, event: &timeline::Event) -> Result<()> {
    let Some(customer) = &event.customer else { return Ok(()) };
    let now = w.now;
    // What was held for one customer waits for what changes for any that they are one with.
    for row in w.rows(&HELD_OF_CUSTOMER, params![customer.as_str()])? {
        let id = MessageId::stored(row.get("id")?);
        let purpose = Purpose::parse(&row.get::<String>("purpose")?)?;
        let urgency = Urgency::parse(&row.get::<String>("urgency")?)?;
        decide_again(w, &id, lane_of(purpose, urgency), now)?;
    }
    Ok(())
}

fn hand_off_at(
    w: &mut Write<'_>,
    id: &MessageId,
    due_at: Timestamp,
    lane: Lane,
    queue: fn(&mut Write<'_>, &NewJob<'_>) -> Result<()>,
) -> Result<()> {
    let payload = json!({ "message": id.as_str() });
    queue(w, &NewJob { kind: HAND_OFF, key: id.as_str(), payload: &payload, due_at, lane })
}

fn insert(w: &mut Write<'_>, id: &MessageId, new: &NewMessage<'_>, template: &Template) -> Result<u64> {
    let now = w.now;
    let not_after = new.not_after.unwrap_or(new.not_before.max(now) + WORTH_SENDING_FOR);
    let not_before = due(w, new);
    let key = key(new.template, new.subject, new.trigger);
    let design = w.wired::<Designs>()?.live_version(template.id);
    w.execute(
        &INSERT_MESSAGE,
        params![
            id.as_str(),
            &key,
            new.customer.as_str(),
            template.purpose.as_str(),
            template.topic.id,
            template.urgency.as_str(),
            template.id,
            template.version,
            new.subject.0,
            new.subject.1,
            new.thread,
            not_before,
            not_after,
            now,
            design,
        ],
    )
}

/// When a message was due. One for later is due then; any other is as old as what it tells, and as the work that wrote it.
fn due(w: &Write<'_>, new: &NewMessage<'_>) -> Timestamp {
    if new.not_before > w.now { new.not_before } else { new.not_before.min(w.due_at) }
}

/// `hash(template, subject, trigger)`: the same happening can write the same message only once.
pub(crate) fn key(template: &str, subject: (&str, &str), trigger: &str) -> String {
    // A separator that can stand in none of the parts keeps ("a", "bc") and ("ab", "c") apart.
    let parts = [template, subject.0, subject.1, trigger].join("\u{1f}");
    keys::hex(&keys::sha256(parts.as_bytes())[..16])
}

pub(crate) fn lane_of(purpose: Purpose, urgency: Urgency) -> Lane {
    match (purpose, urgency) {
        (Purpose::Transactional | Purpose::Legal, Urgency::AtOnce) => Lane::AtOnce,
        (Purpose::Transactional | Purpose::Legal, Urgency::MayWait)
        | (Purpose::Service | Purpose::Survey, _) => Lane::MayWait,
        (Purpose::Marketing, _) => Lane::Bulk,
    }
}
