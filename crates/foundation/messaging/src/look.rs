//! What is known of a message and its person when it is decided. Both the first look and the mark use it, so they
//! can't disagree about the rules.

use std::sync::Arc;
use std::time::Duration;

use customers::{Person, Suppression, SuppressionReason};
use db::{Read, params};
use kernel::{
    Channel, CustomerId, Email, Error, Keys, MessageId, Policy, Purpose, Result, Shop, Timestamp, Urgency,
};

use crate::connected::Connected;
use crate::decide::{Address, MessageFacts, PersonFacts, Unknown, Verdict, decide, may_be_switched_off};
use crate::design::{self, Compiled};
use crate::outbox::WORTH_SENDING_FOR;
use crate::sms::reports::{self, TextStanding};
use crate::store::{self, HANDED_OVER_LATELY, LAST_OF_TOPIC, Message, Recipient, ThreadBefore};
use crate::template::Template;
use crate::topics::{self, Topic};

/// What a look at a message finds.
pub(crate) struct Look {
    pub message: Arc<Message>,
    pub thread: ThreadBefore,
    pub verdict: Verdict,
    /// Whether a delivery report says that it is with its reader, whatever we heard at hand-off.
    pub has_arrived: bool,
    /// The shop's own design that it is written in.
    pub design: Option<Arc<Compiled>>,
}

/// Finds the message and decides; `None` when nothing is left to do with it.
pub(crate) fn look_at(r: &mut Read<'_>, id: &MessageId, connected: &[Channel]) -> Result<Option<Look>> {
    let Some(message) = store::find(r, id)? else {
        return Err(Error::internal("a hand-off of a message that is not there"));
    };
    if message.is_final() {
        return Ok(None);
    }
    let person = match message.purpose {
        Purpose::Marketing => customers::person(r, &message.customer)?,
        // Nothing else asks for a yes.
        Purpose::Transactional | Purpose::Legal | Purpose::Service | Purpose::Survey => {
            customers::person_unasked(r, &message.customer)?
        }
    };
    let thread = store::thread_before(r, &message)?;
    let text = reports::standing(r, &message)?;
    let hold = jobs::restore_hold(r)?;
    let held_by_restore = hold.is_some_and(|hold| hold.holds(message.not_before));
    let asking = Asking {
        purpose: message.purpose,
        topic: &message.topic,
        recipient: &message.recipient,
        message: Some(&message.id),
    };
    let facts = person_facts(r, &asking, &person)?;
    let now = r.now;
    let policy = &r.wired::<Shop>()?.policy;
    let about = message_facts(&message, &thread, text, held_by_restore);
    let verdict = decide(&about, &facts, policy, connected, now);
    let has_arrived = text == TextStanding::Arrived;
    let design = design::of(r, &message.template, message.design_version)?;
    Ok(Some(Look { message: Arc::new(message), thread, verdict, has_arrived, design }))
}

fn message_facts(
    message: &Message,
    thread: &ThreadBefore,
    text: TextStanding,
    held_by_restore: bool,
) -> MessageFacts {
    MessageFacts {
        purpose: message.purpose,
        urgency: message.urgency,
        not_before: message.not_before,
        not_after: message.not_after,
        unknown: unknown(message, text),
        held_by_restore,
        thread_busy_until: thread.busy_until,
        confirms_stop: message.topic == topics::STOP_CONFIRMATION.id,
        answers_text: message.recipient.answers_text,
        text_lost: text == TextStanding::Undelivered,
    }
}

/// A text without an answer stays one, whatever was tried since; any other hand-off is unknown while its state says so.
fn unknown(message: &Message, text: TextStanding) -> Option<Unknown> {
    match text {
        TextStanding::Silent { since } => Some(Unknown { channel: Channel::Sms, since }),
        // A report has told, one way or the other.
        TextStanding::Undelivered | TextStanding::Arrived => None,
        // `handing_off` without an outcome is what a crash leaves behind. No text is out, so it was a mail.
        TextStanding::Untried => message.may_have_arrived().then(|| Unknown {
            channel: Channel::Email,
            since: message.handed_off_at.unwrap_or(message.created_at),
        }),
    }
}

/// What of a message matters for what is to be known of its person.
struct Asking<'a> {
    purpose: Purpose,
    topic: &'a str,
    recipient: &'a Recipient,
    /// The message itself, when there is one: it does not count towards its own pressure.
    message: Option<&'a MessageId>,
}

/// What belongs to the purchase asks for little; only what may be switched off asks whether the person is to be left
/// in peace.
fn person_facts(r: &mut Read<'_>, asking: &Asking<'_>, person: &Person) -> Result<PersonFacts> {
    let addresses = addresses(r, asking.recipient, asking.topic, person)?;
    let shop = r.wired::<Shop>()?;
    let is_marketing = asking.purpose == Purpose::Marketing;
    let is_out = is_marketing && held_out(&shop.keys, &shop.policy, &person.id);
    let mut facts = PersonFacts {
        stated: person.preferred_channel,
        zone: store::zone_of(person, shop),
        addresses,
        topic_off: false,
        without: None,
        pace_until: None,
        quiet: person.own_hours.as_ref().map(|own| own.hours),
        opted_in: opted_in(person),
        erased: person.erased_at.is_some(),
        paused_until: person.paused_until,
        incident_until: None,
        pressure_until: None,
        held_out: is_out,
    };
    if may_be_switched_off(asking.purpose) {
        let ids = person.ids();
        facts.topic_off = customers::topics_off(r, &ids)?.contains(asking.topic);
        let limit = customers::topic_limits(r, &ids)?.remove(asking.topic).unwrap_or_default();
        facts.without = limit.without;
        facts.pace_until = pace_until(r, &ids, asking, limit.every_days)?;
        facts.incident_until = incident_until(r, &ids)?;
        facts.pressure_until = pressure_until(r, &ids, asking.message)?;
    }
    Ok(facts)
}

/// What would become of a message of this template if it were written to this person now and were due: the same facts and
/// the same rule as at a hand-off. Nothing is written.
pub fn dry_run(r: &mut Read<'_>, person: &Person, template: &Template) -> Result<Verdict> {
    let recipient = Recipient::default();
    let asking =
        Asking { purpose: template.purpose, topic: template.topic.id, recipient: &recipient, message: None };
    let facts = person_facts(r, &asking, person)?;
    let connected = r.wired::<Connected>()?.0.clone();
    let now = r.now;
    let due = MessageFacts {
        urgency: template.urgency,
        confirms_stop: template.topic == topics::STOP_CONFIRMATION,
        answers_text: template.topic == topics::TEXTS,
        ..due_now(template.purpose, now, WORTH_SENDING_FOR)
    };
    Ok(decide(&due, &facts, &r.wired::<Shop>()?.policy, &connected, now))
}

/// A message that is due now, with nothing before it.
fn due_now(purpose: Purpose, now: Timestamp, worth_sending_for: Duration) -> MessageFacts {
    MessageFacts {
        purpose,
        urgency: Urgency::AtOnce,
        not_before: now,
        not_after: now + worth_sending_for,
        unknown: None,
        thread_busy_until: None,
        held_by_restore: false,
        confirms_stop: false,
        answers_text: false,
        text_lost: false,
    }
}

/// What would become of a message of this topic if it were to go to this person now and nothing held it up: how they
/// are reached, or why they are not; and the addresses we have.
pub(crate) fn as_if(
    r: &mut Read<'_>,
    person: &Person,
    topic: &Topic,
    connected: &[Channel],
) -> Result<(Verdict, Vec<Address>)> {
    let addresses = addresses(r, &Recipient::default(), topic.id, person)?;
    let off = customers::topics_off(r, &person.ids())?;
    let limit = customers::topic_limits(r, &person.ids())?.remove(topic.id).unwrap_or_default();
    let now = r.now;
    let shop = r.wired::<Shop>()?;
    let facts = PersonFacts {
        stated: person.preferred_channel,
        zone: store::zone_of(person, shop),
        addresses: addresses.clone(),
        topic_off: off.contains(topic.id),
        without: limit.without,
        pace_until: None,
        quiet: None,
        opted_in: opted_in(person),
        erased: person.erased_at.is_some(),
        paused_until: None,
        incident_until: None,
        pressure_until: None,
        held_out: false,
    };
    let message = due_now(topic.purpose, now, Duration::from_secs(1));
    Ok((decide(&message, &facts, &shop.policy, connected, now), addresses))
}

/// The channels on which a person said yes to marketing.
fn opted_in(person: &Person) -> Vec<Channel> {
    let yes = |channel: &Channel| customers::is_granted(&person.consents, *channel, Purpose::Marketing);
    Channel::ALL.into_iter().filter(yes).collect()
}

/// Addresses of the occasion first, then what else we know of the person unless it goes nowhere else; each with what its
/// holder wished.
fn addresses(r: &mut Read<'_>, recipient: &Recipient, topic: &str, person: &Person) -> Result<Vec<Address>> {
    let email = recipient.email.iter().map(|email| (Channel::Email, email.as_str(), email.key()));
    let phone = recipient.phone.iter().map(|p| (Channel::Sms, p.as_str(), p.as_str().to_owned()));
    let known = person.contact_points.iter().filter(|_| !recipient.only_here);
    let known = known.map(|point| (point.channel, &*point.address, point.key.clone()));
    let mut all: Vec<(Channel, &str, String)> = Vec::new();
    for (channel, address, key) in email.chain(phone).chain(known) {
        if !all.iter().any(|(other, _, k)| *other == channel && *k == key) {
            all.push((channel, address, key));
        }
    }
    let keys: Vec<(Channel, &str)> = all.iter().map(|(channel, _, key)| (*channel, key.as_str())).collect();
    let holding = customers::suppressions_holding(r, &keys)?;
    let address =
        |((channel, address, key), holding): (&(Channel, &str, String), Vec<Suppression>)| Address {
            channel: *channel,
            address: (*address).to_owned(),
            dead: person
                .contact_points
                .iter()
                .any(|point| point.channel == *channel && point.key == *key && point.dead_at.is_some()),
            suppressed: strongest(&holding, topic),
        };
    Ok(all.iter().zip(holding).map(address).collect())
}

/// What concerns a topic: the address as a whole, or this topic of it.
fn strongest(holding: &[Suppression], topic: &str) -> Option<SuppressionReason> {
    let concerns = |s: &&Suppression| s.topic.as_deref().is_none_or(|of| of == topic);
    holding.iter().filter(concerns).map(|suppression| suppression.reason).max()
}

/// Until when something counts that is wrong for a person, whichever of these customers they are.
fn incident_until(r: &mut Read<'_>, ids: &[CustomerId]) -> Result<Option<Timestamp>> {
    let mut until = None;
    for id in ids {
        until = until.max(timeline::incident_holds_until(r, id)?);
    }
    Ok(until)
}

/// Until when a person has heard enough of a topic who wants to hear of it once in so many days: counted from the last
/// message that was handed over, whichever of these customers it went to. The message that asks does not count itself.
fn pace_until(
    r: &mut Read<'_>,
    ids: &[CustomerId],
    asking: &Asking<'_>,
    every_days: u32,
) -> Result<Option<Timestamp>> {
    if every_days == 0 {
        return Ok(None);
    }
    let span = Duration::from_secs(u64::from(every_days) * 86_400);
    let (since, itself) = (r.now - span, asking.message.map_or("", MessageId::as_str));
    let mut last: Option<Timestamp> = None;
    for id in ids {
        let row = r.one(&LAST_OF_TOPIC, params![id.as_str(), since, itself, asking.topic])?;
        last = last.max(row.get("last")?);
    }
    Ok(last.map(|last| last + span))
}

/// Until when the budget of a person is used up, over every channel and whichever of these customers they are: as many
/// messages as the policy allows have been handed over within its days. The message that asks does not count itself.
fn pressure_until(
    r: &mut Read<'_>,
    ids: &[CustomerId],
    asking: Option<&MessageId>,
) -> Result<Option<Timestamp>> {
    let pressure = r.wired::<Shop>()?.policy.pressure;
    let days = Duration::from_secs(u64::from(pressure.days) * 86_400);
    let since = r.now - days;
    let asking = asking.map_or("", MessageId::as_str);
    let mut lately: Vec<Timestamp> = Vec::new();
    for id in ids {
        let params = params![id.as_str(), since, asking, pressure.messages];
        for row in r.rows(&HANDED_OVER_LATELY, params)? {
            lately.push(row.get("handed_off_at")?);
        }
    }
    lately.sort_unstable_by(|a, b| b.cmp(a));
    // The oldest of as many as are allowed frees a place; with none allowed, none ever does.
    let place = (pressure.messages as usize).checked_sub(1);
    Ok(place.and_then(|place| lately.get(place)).map(|oldest| *oldest + days))
}

/// Whether a customer is one of those who get no marketing: always the same ones while the secret stays.
fn held_out(keys: &Keys, policy: &Policy, customer: &CustomerId) -> bool {
    let hash = keys.fingerprint("holdout", customer.as_str().as_bytes());
    let place = u64::from_str_radix(hash.get(..8).unwrap_or_default(), 16).unwrap_or_default();
    place * 100 < u64::from(policy.holdout_percent) << 32
}

/// The key of an address, as its contact point has it.
pub(crate) fn key_of(channel: Channel, address: &str) -> String {
    match channel {
        Channel::Email => Email::parse(address).map_or_else(|_| address.to_lowercase(), |email| email.key()),
        Channel::Sms => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use kernel::Dice;

    use super::*;

    #[test]
    fn the_holdout_has_its_share_and_always_the_same_members() {
        let keys = Keys::parse("0123456789abcdef0123456789abcdef").unwrap();
        let mut dice = Dice::seeded(6);
        let people: Vec<_> = (0..4_000).map(|n| CustomerId::new(Timestamp::from_ms(n), &mut dice)).collect();
        let share = |percent: u8| {
            let policy = Policy { holdout_percent: percent, ..Policy::default() };
            people.iter().filter(|id| held_out(&keys, &policy, id)).cloned().collect::<Vec<_>>()
        };
        assert!(share(0).is_empty());
        assert_eq!(share(100).len(), people.len());
        let (ten, twenty) = (share(10), share(20));
        assert!((320..=480).contains(&ten.len()), "{}", ten.len());
        assert!(ten.iter().all(|id| twenty.contains(id)), "a greater share keeps who was in it");
        assert_eq!(ten, share(10));
    }
}
