//! What follows from an attempt. Pure.

use std::time::Duration;

use kernel::{Dice, Timestamp};

/// The waits after each failed attempt, as Standard Webhooks 1.0.0 proposes ("Retry Schedule"), each ± a fifth.
const WAITS_S: [u64; 9] = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
/// How long a delivery is tried: the sum of those waits.
pub const TRIED_FOR: Duration = Duration::from_secs(272_105);
/// How long an endpoint may fail without a single success before it is switched off.
pub const FAILING_FOR: Duration = Duration::from_secs(5 * 86_400);
/// The longest an endpoint in trouble is left alone between two attempts.
const LONGEST_PAUSE: Duration = Duration::from_secs(300);

/// What an attempt came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Attempt {
    /// Answered.
    Answered {
        /// The status.
        status: u16,
        /// The endpoint's own wish.
        retry_after: Option<Duration>,
    },
    /// Not answered.
    Silent {
        /// What happened.
        words: String,
        /// Whether our own rules forbid the address.
        is_forbidden: bool,
    },
}

/// What follows for the delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Follows {
    /// It has arrived.
    Delivered,
    /// It is tried again.
    Again(Timestamp),
    /// It is given up.
    Failed,
    /// The endpoint wants nothing any more: it is switched off, and the delivery given up.
    Gone,
}

impl Attempt {
    /// The status, when there was an answer.
    pub fn status(&self) -> Option<u16> {
        match self {
            Attempt::Answered { status, .. } => Some(*status),
            Attempt::Silent { .. } => None,
        }
    }

    /// What happened, in words for the operator; never what was answered.
    pub fn words(&self) -> String {
        match self {
            Attempt::Answered { status: 200..=299, .. } => "Delivered.".to_owned(),
            Attempt::Answered { status: 300..=399, .. } => {
                "The endpoint answered with a redirect; they are not followed.".to_owned()
            }
            Attempt::Answered { status: 410, .. } => "The endpoint says that it is gone.".to_owned(),
            Attempt::Answered { status, .. } => format!("The endpoint answered {status}."),
            Attempt::Silent { words, .. } => words.clone(),
        }
    }

    /// Whether it is about the endpoint itself, so that the next delivery would fare no better.
    pub fn is_trouble(&self) -> bool {
        match self {
            Attempt::Answered { status, .. } => matches!(status, 410 | 429 | 500..=599),
            Attempt::Silent { .. } => true,
        }
    }
}

/// What follows from the `attempts`-th attempt (counted from 1) of a delivery that is tried until `give_up_at`.
pub fn after(
    attempt: &Attempt,
    attempts: u32,
    give_up_at: Timestamp,
    now: Timestamp,
    dice: &mut Dice,
) -> Follows {
    let asked_for = match attempt {
        Attempt::Answered { status: 200..=299, .. } => return Follows::Delivered,
        Attempt::Answered { status: 410, .. } => return Follows::Gone,
        Attempt::Answered { retry_after, .. } => *retry_after,
        Attempt::Silent { .. } => None,
    };
    let place = (attempts.saturating_sub(1) as usize).min(WAITS_S.len() - 1);
    let wait = dice.jitter(Duration::from_secs(WAITS_S[place]), 20);
    let at = now + wait.max(asked_for.unwrap_or_default());
    if at > give_up_at { Follows::Failed } else { Follows::Again(at) }
}

/// How long an endpoint is left alone after so many failures in a row: 5 s, doubling to five minutes.
pub fn pause(failures: u32, asked_for: Option<Duration>, dice: &mut Dice) -> Duration {
    let doublings = failures.saturating_sub(1).min(10);
    let wait = Duration::from_secs(5u64 << doublings).min(LONGEST_PAUSE);
    dice.jitter(wait, 20).max(asked_for.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_ms(seconds * 1_000)
    }

    fn answered(status: u16) -> Attempt {
        Attempt::Answered { status, retry_after: None }
    }

    #[test]
    fn the_waits_add_up_to_what_is_promised() {
        assert_eq!(WAITS_S.iter().sum::<u64>(), TRIED_FOR.as_secs());
    }

    #[test]
    fn an_answer_decides_what_follows() {
        let mut dice = Dice::seeded(1);
        let mut follows = |attempt: &Attempt| after(attempt, 1, at(1_000_000), at(0), &mut dice);
        for status in [200, 202, 204, 299] {
            assert_eq!(follows(&answered(status)), Follows::Delivered, "{status}");
        }
        assert_eq!(follows(&answered(410)), Follows::Gone);
        for status in [301, 302, 308, 400, 401, 404, 429, 500, 503] {
            match follows(&answered(status)) {
                Follows::Again(when) => assert!(when >= at(4) && when <= at(6), "{status}: {when}"),
                other => panic!("{status}: {other:?}"),
            }
        }
        let later = Attempt::Answered { status: 503, retry_after: Some(Duration::from_secs(3_600)) };
        assert_eq!(follows(&later), Follows::Again(at(3_600)));
    }

    #[test]
    fn attempts_grow_rare_and_end_after_three_days() {
        let silent = Attempt::Silent { words: "No answer.".to_owned(), is_forbidden: false };
        let (mut now, mut attempts, mut dice) = (at(0), 0, Dice::seeded(7));
        let give_up_at = now + TRIED_FOR;
        loop {
            attempts += 1;
            match after(&silent, attempts, give_up_at, now, &mut dice) {
                Follows::Again(when) => {
                    assert!(when > now);
                    now = when;
                }
                other => {
                    assert_eq!(other, Follows::Failed);
                    break;
                }
            }
        }
        assert!((8..=11).contains(&attempts), "{attempts}");
        assert!(now <= give_up_at);
    }

    #[test]
    fn an_endpoint_in_trouble_is_asked_less_and_less_often() {
        let mut dice = Dice::seeded(3);
        for (failures, seconds) in [(1, 5), (2, 10), (3, 20), (6, 160), (7, 300), (500, 300)] {
            let span = pause(failures, None, &mut dice).as_secs();
            assert!(span.abs_diff(seconds) * 5 <= seconds + 5, "{failures}: {span}");
        }
        assert_eq!(pause(1, Some(Duration::from_secs(900)), &mut dice), Duration::from_secs(900));
    }
}
