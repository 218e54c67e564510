//! What became of messages.

use std::collections::BTreeMap;
use std::time::Duration;

use kernel::{Channel, Timestamp};

use super::{Ending, may_be_switched_off, none};
use crate::sim::outside::{End, HandOff};

/// How long the report on a text is waited for.
const REPORT_WAIT: Duration = Duration::from_secs(15 * 60);

/// "Every message ends in a final state with a reason." An unknown outcome is final for what is never said again.
pub(super) fn every_message_ends_with_a_reason(ending: &Ending<'_>) -> Result<(), String> {
    none(ending.rows.messages.iter().find_map(|message| {
        let is_ended = message.finished_at.is_some();
        let says_why = !message.reason.is_empty() && message.why.as_ref().is_some_and(|why| !why.is_empty());
        (!is_ended || !says_why).then(|| format!("{message:?} has no end, or no reason for it"))
    }))
}

/// "No job is stuck": nothing is parked, nothing leased while nobody works, nothing due and left.
pub(super) fn no_job_is_stuck(ending: &Ending<'_>) -> Result<(), String> {
    none(ending.rows.unfinished_jobs.first().cloned())
}

/// What a provider has taken is known to be there, or not known to be away; and nothing else is known to be there.
pub(super) fn what_was_taken_is_known_as_accepted_or_unknown(ending: &Ending<'_>) -> Result<(), String> {
    let mut taken: BTreeMap<&str, bool> = BTreeMap::new();
    for hand_off in ending.hand_offs {
        *taken.entry(&hand_off.key).or_default() |= hand_off.is_taken();
    }
    none(ending.rows.messages.iter().find_map(|message| {
        let is_taken = taken.get(message.key.as_str()).copied().unwrap_or_default();
        // Of a text that nobody answered for, a report may say that it was lost after all.
        let was_lost = message.why.as_deref() == Some("tried_once");
        match (is_taken, message.state.as_str()) {
            (false, "accepted") => Some(format!("{message:?} was never taken by a provider")),
            (true, "accepted" | "unknown") | (false, _) => None,
            (true, _) if was_lost => None,
            (true, _) => Some(format!("a provider has taken {message:?}")),
        }
    }))
}

/// "Each key has at most one accepted message unless its crash fell inside the acceptance window": whoever says again
/// what a provider has said yes to has died before it wrote that down. A death after that is no excuse.
pub(super) fn a_key_is_accepted_once_but_for_the_acceptance_window(
    ending: &Ending<'_>,
) -> Result<(), String> {
    let written_down = when_acceptance_was_written_down(ending);
    let mut accepted: BTreeMap<&str, &HandOff> = BTreeMap::new();
    for hand_off in ending.hand_offs {
        if let Some(first) = accepted.get(hand_off.key.as_str()) {
            let written = written_down.get(hand_off.key.as_str()).copied().unwrap_or(hand_off.at);
            let window = first.at..=written.min(hand_off.at);
            if !ending.deaths.iter().any(|death| window.contains(death)) {
                return Err(format!(
                    "{first:?} was accepted, nobody died before that was written down at {written}, and yet {hand_off:?}"
                ));
            }
        }
        if hand_off.end == End::Accepted {
            accepted.insert(&hand_off.key, hand_off);
        }
    }
    Ok(())
}

/// When it was durable first that a message is accepted, by its key: its event is written with that, and never again.
fn when_acceptance_was_written_down<'a>(ending: &'a Ending<'_>) -> BTreeMap<&'a str, Timestamp> {
    let events = ending.rows.events.iter().filter(|event| event.kind == "message.accepted");
    let at: BTreeMap<&str, Timestamp> =
        events.map(|event| (event.subject.as_str(), event.recorded_at)).collect();
    let by_key = |message: &'a super::MessageRow| Some((message.key.as_str(), *at.get(message.id.as_str())?));
    ending.rows.messages.iter().filter_map(by_key).collect()
}

/// "Service, survey and marketing: never again", whatever became of the first time.
pub(super) fn what_may_be_switched_off_is_never_said_twice(ending: &Ending<'_>) -> Result<(), String> {
    let mut before: BTreeMap<&str, &HandOff> = BTreeMap::new();
    for (hand_off, _) in ending.handed().filter(|(_, message)| may_be_switched_off(message)) {
        if let Some(first) = before.get(hand_off.key.as_str())
            && !matches!(first.end, End::Refused(_))
        {
            return Err(format!("{first:?} may have been taken, and yet {hand_off:?}"));
        }
        before.insert(&hand_off.key, hand_off);
    }
    Ok(())
}

/// "Nobody gets what … expiry forbids."
pub(super) fn nothing_is_handed_over_when_it_has_expired(ending: &Ending<'_>) -> Result<(), String> {
    none(ending.handed().find_map(|(hand_off, message)| {
        (hand_off.at >= message.not_after).then(|| format!("{hand_off:?} of {message:?}"))
    }))
}

/// "Outcome unknown, by text: wait 15 min for a report, then e-mail", and never by text again.
pub(super) fn a_text_without_an_answer_is_waited_for(ending: &Ending<'_>) -> Result<(), String> {
    let silent = ending.hand_offs.iter().filter(|hand_off| {
        hand_off.channel == Channel::Sms && matches!(hand_off.end, End::NotTaken | End::TakenUnheard)
    });
    none(silent.into_iter().find_map(|text| {
        let after = ending.hand_offs.iter().find(|next| next.key == text.key && next.place > text.place)?;
        let is_too_early = after.channel == Channel::Email && after.at < text.at + REPORT_WAIT;
        let reported = ending
            .reports
            .iter()
            .any(|(message, at)| Some(message) == text.message.as_ref() && *at <= after.at);
        ((is_too_early && !reported) || after.channel == Channel::Sms)
            .then(|| format!("{text:?} had no answer, and then {after:?}"))
    }))
}
