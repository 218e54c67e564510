//! Nobody gets what they do not want, or not now.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use kernel::{Channel, Timestamp};

use super::{Ending, MessageRow, may_be_switched_off, none};
use crate::sim::agenda::Answer;
use crate::sim::outside::{HandOff, What};

const DAY: Duration = Duration::from_secs(86_400);

/// "Marketing: opt-in."
pub(super) fn marketing_needs_a_yes(ending: &Ending<'_>) -> Result<(), String> {
    none(marketing(ending).find_map(|(hand_off, message)| {
        let person = ending.person_of(message)?;
        let consents =
            ending.versions.iter().filter(|v| v.order.customer.email == Some(person.email.clone()));
        let said_yes = consents.flat_map(|version| &version.order.consents).any(|consent| {
            consent.channel == hand_off.channel && consent.granted && consent.at <= hand_off.at
        });
        (!said_yes).then(|| format!("{} never said yes to {hand_off:?}", person.email))
    }))
}

/// "Unsubscribed: no", from the answer to the person on: for marketing of every kind, and for the topic they left.
pub(super) fn whoever_left_gets_no_more(ending: &Ending<'_>) -> Result<(), String> {
    let left = ending.wishes.iter().filter_map(|wish| match &wish.what {
        What::Left { hand_off, how } => Some((wish, &ending.hand_offs[*hand_off], *how)),
        What::Stopped { .. }
        | What::Started { .. }
        | What::Opened { .. }
        | What::Closing { .. }
        | What::Closed { .. } => None,
    });
    for (wish, from, how) in left {
        let Some(topic) = ending.rows.by_key.get(&from.key).map(|message| message.topic.as_str()) else {
            continue;
        };
        let later = ending.handed().filter(|(hand_off, message)| {
            hand_off.place > wish.place
                && hand_off.address.eq_ignore_ascii_case(&from.address)
                && may_be_switched_off(message)
                && (how == Answer::All || message.topic == topic)
        });
        if let Some((hand_off, message)) = later.into_iter().next() {
            return Err(format!("{wish:?} by {from:?}, and yet {hand_off:?} of {message:?}"));
        }
    }
    Ok(())
}

/// "Text after STOP: e-mail." Only what answers the text itself goes to the number.
pub(super) fn a_stopped_number_gets_only_the_answer(ending: &Ending<'_>) -> Result<(), String> {
    let texts = ending.handed().filter(|(hand_off, message)| {
        hand_off.channel == Channel::Sms && !matches!(message.topic.as_str(), "stop_confirmation" | "texts")
    });
    none(texts.into_iter().find_map(|(hand_off, message)| {
        let before = ending.wishes.iter().filter(|wish| wish.place < hand_off.place);
        let mut last = before.filter_map(|wish| match &wish.what {
            What::Stopped { phone } if *phone == hand_off.address => Some(true),
            What::Started { phone } if *phone == hand_off.address => Some(false),
            _ => None,
        });
        (last.next_back() == Some(true) && !answers_a_text(message))
            .then(|| format!("{} said STOP, and yet {hand_off:?} of {message:?}", hand_off.address))
    }))
}

fn answers_a_text(message: &MessageRow) -> bool {
    message.template.starts_with("text.")
}

/// "Quiet hours: waits", in the recipient's zone.
pub(super) fn nobody_is_disturbed_at_night(ending: &Ending<'_>) -> Result<(), String> {
    none(ending.handed().filter(|(hand_off, message)| waits_at_night(hand_off, message)).find_map(
        |(hand_off, message)| {
            let zone = &ending.person_of(message)?.zone;
            let hour = hand_off.at.clock_in(zone).0;
            let is_night = ending.is_night(hand_off.at, zone);
            is_night.then(|| format!("at {hour} o'clock in {zone:?}: {hand_off:?} of {message:?}"))
        },
    ))
}

fn waits_at_night(hand_off: &HandOff, message: &MessageRow) -> bool {
    let is_text_that_may_wait = message.purpose == "transactional"
        && message.urgency == "may_wait"
        && hand_off.channel == Channel::Sms;
    may_be_switched_off(message) || is_text_that_may_wait
}

/// "Open incident: held", and for the kind's cool-down after it is cured, and never beyond the kind's greatest age.
pub(super) fn nobody_in_trouble_is_asked_or_offered_anything(ending: &Ending<'_>) -> Result<(), String> {
    let quiet = ending.handed().filter(|(_, message)| may_be_switched_off(message));
    for (hand_off, message) in quiet {
        let Some(person) = ending.person_of(message) else { continue };
        if let Some(since) = in_trouble_since(ending, person.email.as_str(), hand_off) {
            return Err(format!("in trouble since {since}, and yet {hand_off:?} of {message:?}"));
        }
    }
    Ok(())
}

fn in_trouble_since(ending: &Ending<'_>, whose: &str, hand_off: &HandOff) -> Option<Timestamp> {
    let mut open = BTreeMap::new();
    for wish in ending.wishes.iter().filter(|wish| wish.place < hand_off.place) {
        match &wish.what {
            What::Opened { email, kind } if email == whose => {
                open.insert(*kind, (wish.at, wish.at + kind.oldest()));
            }
            // Whether it is closed is not known until it is answered.
            What::Closing { email, kind } if email == whose => {
                open.remove(kind);
            }
            What::Closed { email, kind } if email == whose => {
                open.insert(*kind, (wish.at, wish.at + kind.cool_down()));
            }
            _ => {}
        }
    }
    open.into_values().find(|(_, until)| hand_off.at < *until).map(|(since, _)| since)
}

/// "Pressure: held": no more than the budget within its days, over every channel.
pub(super) fn nobody_gets_more_than_the_budget(ending: &Ending<'_>) -> Result<(), String> {
    let pressure = ending.policy.pressure;
    let days = DAY * pressure.days;
    let mut got: BTreeMap<&str, Vec<(Timestamp, &str)>> = BTreeMap::new();
    for (hand_off, message) in ending.handed() {
        let got = got.entry(message.customer.as_str()).or_default();
        let lately: BTreeSet<&str> = got
            .iter()
            .filter(|(at, key)| *at > hand_off.at - days && *at < hand_off.at && *key != hand_off.key)
            .map(|(_, key)| *key)
            .collect();
        if may_be_switched_off(message) && lately.len() >= pressure.messages as usize {
            return Err(format!("{} messages in {} days, and yet {hand_off:?}", lately.len(), pressure.days));
        }
        if hand_off.is_taken() {
            got.push((hand_off.at, &hand_off.key));
        }
    }
    Ok(())
}

/// "Holdout": always the same people, and none of them ever gets marketing.
pub(super) fn whoever_is_held_out_gets_no_marketing(ending: &Ending<'_>) -> Result<(), String> {
    let is_out = |message: &&MessageRow| message.why.as_deref() == Some("held_out");
    let out: BTreeSet<&str> =
        ending.rows.messages.iter().filter(is_out).map(|message| message.customer.as_str()).collect();
    none(marketing(ending).find_map(|(hand_off, message)| {
        out.contains(message.customer.as_str())
            .then(|| format!("{} is held out: {hand_off:?}", message.customer))
    }))
}

fn marketing<'a>(ending: &'a Ending<'_>) -> impl Iterator<Item = (&'a HandOff, &'a MessageRow)> {
    ending.handed().filter(|(_, message)| message.purpose == "marketing")
}
