//! Why a mail was sent: its message's verdict and reason, found by the Message-ID, which begins with the key.

use kernel::{ShopClock, Urgency};

use super::view::{Fact, Why};
use crate::store::{Explained, State};

/// The key of the message that a mail with this Message-ID was written from.
pub(super) fn key_of(message_id: &str) -> &str {
    message_id.split_once('@').map_or(message_id, |(key, _)| key)
}

/// The answer for a mail; `None` is a mail that no message here has the key of, such as one from before a restore.
pub(crate) fn why(message: Option<&Explained>, message_id: &str, clock: &ShopClock<'_>) -> Why {
    let Some(message) = message else {
        return Why {
            tone: "info",
            verdict: "Not known".to_owned(),
            reason: "No message of this shop has this mail’s Message-ID.".to_owned(),
            facts: vec![fact("Message-ID", message_id)],
        };
    };
    let (tone, verdict) = standing(message.state);
    Why { tone, verdict: verdict.to_owned(), reason: message.reason.clone(), facts: facts(message, clock) }
}

/// Where a message stands, as a colour and a word.
pub(crate) fn standing(state: State) -> (&'static str, &'static str) {
    match state {
        State::Queued => ("info", "Waiting"),
        State::HandingOff => ("info", "On its way"),
        State::Accepted => ("ok", "Sent"),
        State::Deferred => ("warn", "Deferred"),
        State::Failed => ("bad", "Failed"),
        State::Unknown => ("warn", "Outcome not known"),
        State::Held => ("warn", "Held"),
        State::Dropped => ("bad", "Dropped"),
        State::Expired => ("bad", "Too late"),
    }
}

fn facts(message: &Explained, clock: &ShopClock<'_>) -> Vec<Fact> {
    let (kind, id) = &message.subject;
    let mut out = vec![
        fact("Verdict", &message.verdict),
        fact("Outcome", message.outcome.as_deref().unwrap_or("none yet")),
        fact("Purpose", &format!("{}, {}", message.purpose.as_str(), urgency(message.urgency))),
        fact("Topic", &message.topic),
        fact("Template", &format!("{}, version {}", message.template, message.template_version)),
        fact("Design", &design(message.design_version)),
        fact("About", &format!("{kind} {id}")),
        fact("Message", message.id.as_str()),
        fact("Key", &message.key),
        fact("Handed over", &times(message.hand_offs)),
        fact("Tries without success", &message.tries.to_string()),
        fact("Written", &clock.exact(message.created_at)),
    ];
    out.extend(message.handed_off_at.map(|at| fact("Last handed over", &clock.exact(at))));
    out.extend(message.finished_at.map(|at| fact(ended(message.state), &clock.exact(at))));
    out
}

fn fact(label: &str, value: &str) -> Fact {
    Fact { label: label.to_owned(), value: value.to_owned(), href: None }
}

/// In which version of the shop's own design it is written.
fn design(version: u32) -> String {
    match version {
        0 => "as it came".to_owned(),
        version => format!("your version {version}"),
    }
}

fn urgency(urgency: Urgency) -> &'static str {
    match urgency {
        Urgency::AtOnce => "at once",
        Urgency::MayWait => "may wait",
    }
}

fn times(count: u32) -> String {
    match count {
        1 => "once".to_owned(),
        count => format!("{count} times"),
    }
}

fn ended(state: State) -> &'static str {
    match state {
        State::Accepted => "Accepted",
        State::Queued
        | State::HandingOff
        | State::Deferred
        | State::Failed
        | State::Unknown
        | State::Held
        | State::Dropped
        | State::Expired => "Ended",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_id_begins_with_the_key() {
        assert_eq!(key_of("0a1b@nordlys.test"), "0a1b");
        assert_eq!(key_of("nothing"), "nothing");
        assert_eq!(key_of(""), "");
    }

    #[test]
    fn every_state_has_a_tone_the_badge_knows_and_a_word_of_its_own() {
        let mut words: Vec<&str> = State::ALL.into_iter().map(|state| standing(state).1).collect();
        assert!(
            State::ALL.into_iter().all(|state| ["ok", "warn", "bad", "info"].contains(&standing(state).0))
        );
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), State::ALL.len());
    }
}
