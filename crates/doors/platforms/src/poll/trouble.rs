//! What an answer that brings no orders means, and when to ask again. Pure.

use std::time::Duration;

use egress::Answer;
use kernel::text;

use crate::health::Health;

/// How soon a platform that is away is asked again.
const SOON: Duration = Duration::from_secs(60);
/// The longest a platform may ask us to wait.
const AT_MOST: Duration = Duration::from_secs(3_600);
/// The most characters of the words.
const MAX_WORDS: usize = 500;

/// Why a list could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// In one word.
    pub health: Health,
    /// For the operator: no part of request or answer.
    pub words: String,
    /// When to ask again; at the usual time when none is said.
    pub wait: Option<Duration>,
    /// Whether the list has to be begun anew: the place where it went on may be gone.
    pub begins_anew: bool,
}

impl Trouble {
    /// Nothing answered, or not in time.
    pub fn unreachable(words: &str) -> Self {
        Trouble::new(Health::Unreachable, words, Some(SOON), false)
    }

    /// What came is not what the platform's documents say.
    pub fn nonsense(words: &str) -> Self {
        Trouble::new(Health::Nonsense, words, None, true)
    }

    fn new(health: Health, words: &str, wait: Option<Duration>, begins_anew: bool) -> Self {
        Trouble { health, words: text::shortened(words, MAX_WORDS), wait, begins_anew }
    }
}

/// The answer, when it is one to read.
pub fn judge(answer: Answer) -> Result<Answer, Trouble> {
    let status = answer.status;
    match status {
        200..=299 if answer.is_whole => Ok(answer),
        200..=299 => Err(Trouble::nonsense("The answer is larger than any page of orders should be.")),
        401 | 403 => {
            let words = format!(
                "The platform refuses the key ({status}). Make a new one and connect again with --api-key."
            );
            Err(Trouble::new(Health::Refused, &words, None, false))
        }
        429 => {
            let wait = answer.retry_after().unwrap_or(SOON).min(AT_MOST);
            Err(Trouble::new(Health::Limited, "The platform asks us to wait (429).", Some(wait), false))
        }
        500..=599 => {
            let wait = answer.retry_after().unwrap_or(SOON).min(AT_MOST);
            let words = format!("The platform is in trouble ({status}).");
            Err(Trouble::new(Health::Unreachable, &words, Some(wait), false))
        }
        404 => Err(Trouble::nonsense("There is no such API at this address (404). Is --api-url right?")),
        300..=399 => Err(Trouble::nonsense(&format!(
            "The address has moved ({status}). Connect again with the new one."
        ))),
        _ => Err(Trouble::nonsense(&format!("The platform answered {status}."))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, retry_after: Option<&str>, is_whole: bool) -> Answer {
        let headers = retry_after.map(|wait| ("retry-after".to_owned(), wait.to_owned()));
        Answer { status, headers: headers.into_iter().collect(), body: Vec::new(), is_whole }
    }

    #[test]
    fn each_answer_says_what_is_wrong_and_when_to_ask_again() {
        let seconds = |seconds| Some(Duration::from_secs(seconds));
        let cases = [
            (401, None, Health::Refused, None, false),
            (403, None, Health::Refused, None, false),
            (429, Some("2"), Health::Limited, seconds(2), false),
            (429, None, Health::Limited, seconds(60), false),
            (429, Some("86400"), Health::Limited, seconds(3_600), false),
            (500, None, Health::Unreachable, seconds(60), false),
            (503, Some("30"), Health::Unreachable, seconds(30), false),
            (404, None, Health::Nonsense, None, true),
            (301, None, Health::Nonsense, None, true),
            (400, None, Health::Nonsense, None, true),
            (422, None, Health::Nonsense, None, true),
        ];
        for (status, retry_after, health, wait, begins_anew) in cases {
            let trouble = judge(answer(status, retry_after, true)).unwrap_err();
            assert_eq!(
                (trouble.health, trouble.wait, trouble.begins_anew),
                (health, wait, begins_anew),
                "{status}"
            );
        }
        assert!(judge(answer(200, None, true)).is_ok());
        assert_eq!(judge(answer(200, None, false)).unwrap_err().health, Health::Nonsense);
    }
}
