//! What a person decides, kept. Every decision is a record with its source: what was switched off, what was agreed to,
//! and what the address wished.

use customers::{Answer, Consent, Person, SuppressionReason};
use db::{Read, Write};
use kernel::{Channel, Purpose, Result};

use super::link::UnsubscribeLink;
use super::{ONE_CLICK, YOU_UPDATES};
use crate::decide::{Verdict, Why};
use crate::look::as_if;
use crate::topics::{self, Topic};

/// Which topics a person gets, of those that can be switched off. Somebody without an address gets what they would.
pub fn topic_states(
    r: &mut Read<'_>,
    person: &Person,
    connected: &[Channel],
) -> Result<Vec<(&'static Topic, bool)>> {
    topics::switches().map(|topic| Ok((topic, gets(r, person, topic, connected)?))).collect()
}

fn gets(r: &mut Read<'_>, person: &Person, topic: &Topic, connected: &[Channel]) -> Result<bool> {
    let (verdict, _) = as_if(r, person, topic, connected)?;
    Ok(match verdict {
        Verdict::Send { .. } | Verdict::Hold { .. } => true,
        Verdict::Drop { why } => matches!(why, Why::NoAddress | Why::DeadAddress),
    })
}

/// The ways on which a person gets a topic; of one that is off, those they would if it were on.
pub fn ways_of(
    r: &mut Read<'_>,
    person: &Person,
    (topic, is_on): (&Topic, bool),
    without: Option<Channel>,
    connected: &[Channel],
) -> Result<Vec<Channel>> {
    let mut ways = Vec::new();
    for channel in connected.iter().copied().filter(|channel| Some(*channel) != without) {
        if !is_on || gets(r, person, topic, &[channel])? {
            ways.push(channel);
        }
    }
    Ok(ways)
}

/// Switches a topic on or off for a person, wherever they can be reached.
///
/// Marketing is switched on by a yes for each channel of `by`, in the words that stood beside the box, and by no yes without
/// such words; it is switched off by a no on every channel. Either way the addresses remember, whoever else may tell us of them later.
pub fn set_topic(
    w: &mut Write<'_>,
    person: &Person,
    topic: &Topic,
    wanted: bool,
    by: &[Channel],
    wording: Option<&str>,
    source: &str,
) -> Result<()> {
    customers::switch_topic(w, &person.id, topic.id, wanted, source)?;
    for point in &person.contact_points {
        if wanted {
            reopen(w, point.channel, &point.key, topic, source)?;
        } else {
            customers::suppress_topic(w, point.channel, &point.key, topic.id, source)?;
        }
    }
    match (topic.purpose, wanted) {
        (Purpose::Marketing, true) if wording.is_some() => {
            by.iter().try_for_each(|channel| answer(w, person, *channel, true, wording, source))
        }
        (Purpose::Marketing, true) => Ok(()),
        (Purpose::Marketing, false) => Channel::ALL
            .into_iter()
            .try_for_each(|channel| answer(w, person, channel, false, wording, source)),
        (Purpose::Transactional | Purpose::Legal | Purpose::Service | Purpose::Survey, _) => Ok(()),
    }
}

/// Says which of the ways `open` a topic that stays on may come. What is marketing needs a yes for each, in the words beside the
/// box, and is no longer agreed to for the others.
pub fn set_ways(
    w: &mut Write<'_>,
    person: &Person,
    topic: &Topic,
    (by, open): (&[Channel], &[Channel]),
    wording: &str,
    source: &str,
) -> Result<()> {
    if topic.purpose != Purpose::Marketing {
        return Ok(());
    }
    for channel in open {
        let is_granted = by.contains(channel);
        answer(w, person, *channel, is_granted, Some(wording).filter(|_| is_granted), source)?;
    }
    Ok(())
}

/// A person who wants something again takes back what they said of everything; the topics they switched off one by one
/// stay off.
fn reopen(w: &mut Write<'_>, channel: Channel, key: &str, topic: &Topic, source: &str) -> Result<()> {
    customers::unsuppress_topic(w, channel, key, topic.id, source)?;
    customers::unsuppress(w, channel, key, SuppressionReason::Unsubscribed, source)?;
    if source == YOU_UPDATES {
        customers::unsuppress(w, channel, key, SuppressionReason::Complained, source)?;
    }
    Ok(())
}

/// Keeps an answer about marketing, unless the person's own last answer was the same.
fn answer(
    w: &mut Write<'_>,
    person: &Person,
    channel: Channel,
    granted: bool,
    wording: Option<&str>,
    source: &str,
) -> Result<()> {
    let purpose = Purpose::Marketing;
    let said_already = |known: &Answer| {
        let consent = &known.consent;
        let same_question = consent.channel == channel && consent.purpose == purpose;
        same_question && consent.granted == granted && !known.is_imported()
    };
    if person.consents.iter().any(said_already) {
        return Ok(());
    }
    let said_at = w.now;
    let consent = Consent { channel, purpose, granted, wording: wording.map(str::to_owned), said_at };
    customers::record_consent(w, &person.id, &consent, source)
}

/// Everything that can be switched off is, at every address.
pub fn stop_all(w: &mut Write<'_>, person: &Person, source: &str) -> Result<()> {
    for topic in topics::switches() {
        set_topic(w, person, topic, false, &[], None, source)?;
    }
    for point in &person.contact_points {
        let reason = SuppressionReason::Unsubscribed;
        customers::suppress(w, point.channel, &point.key, reason, source)?;
    }
    Ok(())
}

/// What a link to unsubscribe does, once or often: the address gets nothing of the topic any more, and neither does the
/// person. With `everything`, nothing that can be switched off.
pub fn unsubscribe(w: &mut Write<'_>, link: &UnsubscribeLink, everything: bool) -> Result<()> {
    let topic = Some(link.topic.id).filter(|_| !everything);
    customers::unsubscribe_hash(w, link.channel, &link.address, topic, ONE_CLICK)?;
    match customers::find(w, &link.customer)? {
        Some(person) if everything => stop_all(w, &person, ONE_CLICK),
        Some(person) => set_topic(w, &person, link.topic, false, &[], None, ONE_CLICK),
        // Their data are gone; the wish stays.
        None => Ok(()),
    }
}
