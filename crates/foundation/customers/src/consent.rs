//! What somebody agreed to. The ledger is append-only: what counts now is a fold over everything that was said.

use std::collections::BTreeMap;

use db::{Read, Row, SqlFile, Write, params};
use kernel::{Channel, CustomerId, Purpose, Result, Timestamp, id_type};
use serde_json::json;

use crate::happened;

db::sql_file!(pub STORE = "consent.sql" {
    INSERT_CONSENT = "insert_consent",
    CONSENTS_THAT_COUNT = "consents_that_count",
});

pub(crate) static FILE: &SqlFile = &STORE;

/// The source of what came from a list, such as a file from another system.
pub const IMPORT: &str = "import";

id_type!(
    /// An answer to a question for consent.
    ConsentId, "cns"
);

/// An answer to a question for consent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    /// For this channel.
    pub channel: Channel,
    /// For this purpose.
    pub purpose: Purpose,
    /// Yes or no.
    pub granted: bool,
    /// The words that stood beside the box, where they are known.
    pub wording: Option<String>,
    /// When it was said.
    pub said_at: Timestamp,
}

/// An answer in the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// What was answered.
    pub consent: Consent,
    /// By whom we know: an order's source, `you_updates`, `one_click`, `import` …
    pub source: String,
}

impl Answer {
    /// Whether it stood in a list, and was not said to us or to a shop by the person.
    pub fn is_imported(&self) -> bool {
        self.source == IMPORT
    }

    /// The newer answer counts; of two at one moment the no.
    fn rank(&self) -> (Timestamp, bool) {
        (self.consent.said_at, !self.consent.granted)
    }
}

/// The answers that count, one per channel and purpose. Pure.
///
/// The newest counts, and of two at one moment the no. A yes from a list never beats a person's own no, whatever its
/// date: lists are old, and dated by whoever wrote them. A no from a list counts like any other.
pub fn fold(ledger: &[Answer]) -> Vec<Answer> {
    let mut by_question: BTreeMap<(Channel, Purpose), Vec<&Answer>> = BTreeMap::new();
    for answer in ledger {
        by_question.entry((answer.consent.channel, answer.consent.purpose)).or_default().push(answer);
    }
    by_question.into_values().filter_map(|answers| counts(&answers)).cloned().collect()
}

fn counts<'a>(answers: &[&'a Answer]) -> Option<&'a Answer> {
    let newest = |answers: &mut dyn Iterator<Item = &'a Answer>| answers.max_by_key(|answer| answer.rank());
    let own = newest(&mut answers.iter().copied().filter(|answer| !answer.is_imported()));
    let own_no = own.is_some_and(|answer| !answer.consent.granted);
    let beaten = |answer: &&Answer| own_no && answer.is_imported() && answer.consent.granted;
    newest(&mut answers.iter().copied().filter(|answer| !beaten(answer)))
}

/// Appends an answer to a question for consent. The same answer told twice is one answer. When it changes what counts,
/// the timeline hears of it.
pub fn record_consent(w: &mut Write<'_>, id: &CustomerId, consent: &Consent, source: &str) -> Result<()> {
    let mut ledger = ledger_that_counts(w, id)?;
    let before = is_granted(&fold(&ledger), consent.channel, consent.purpose);
    if !insert(w, id, consent, source)? {
        return Ok(());
    }
    ledger.push(Answer { consent: consent.clone(), source: source.to_owned() });
    let after = is_granted(&fold(&ledger), consent.channel, consent.purpose);
    let kind = match (before, after) {
        (false, true) => "consent.given",
        (true, false) => "consent.withdrawn",
        (false, false) | (true, true) => return Ok(()),
    };
    let (channel, purpose) = (consent.channel.as_str(), consent.purpose.as_str());
    happened::tell(w, kind, id, source, json!({ "channel": channel, "purpose": purpose }))
}

/// Whether, by what counts, they said yes.
pub fn is_granted(answers: &[Answer], channel: Channel, purpose: Purpose) -> bool {
    let asked = |answer: &&Answer| answer.consent.channel == channel && answer.consent.purpose == purpose;
    answers.iter().find(asked).is_some_and(|answer| answer.consent.granted)
}

fn insert(w: &mut Write<'_>, id: &CustomerId, consent: &Consent, source: &str) -> Result<bool> {
    let now = w.now;
    let consent_id = ConsentId::new(now, w.dice);
    let (channel, purpose) = (consent.channel.as_str(), consent.purpose.as_str());
    let params = params![
        consent_id.as_str(),
        id.as_str(),
        channel,
        purpose,
        consent.granted,
        &consent.wording,
        source,
        consent.said_at,
        now,
    ];
    Ok(w.execute(&INSERT_CONSENT, params)? > 0)
}

/// The answers of a customer that count.
pub fn consents(r: &mut Read<'_>, id: &CustomerId) -> Result<Vec<Answer>> {
    Ok(fold(&ledger_that_counts(r, id)?))
}

/// The answers that count of somebody who is several customers: one ledger, one fold.
pub(crate) fn consents_of(r: &mut Read<'_>, ids: &[CustomerId]) -> Result<Vec<Answer>> {
    let mut ledger = Vec::new();
    for id in ids {
        ledger.extend(ledger_that_counts(r, id)?);
    }
    Ok(fold(&ledger))
}

fn ledger_that_counts(r: &mut Read<'_>, id: &CustomerId) -> Result<Vec<Answer>> {
    r.rows(&CONSENTS_THAT_COUNT, params![id.as_str()])?.iter().map(answer_of).collect()
}

pub(crate) fn answer_of(row: &Row) -> Result<Answer> {
    let consent = Consent {
        channel: Channel::parse(&row.get::<String>("channel")?)?,
        purpose: Purpose::parse(&row.get::<String>("purpose")?)?,
        granted: row.get("granted")?,
        wording: row.get("wording")?,
        said_at: row.get("said_at")?,
    };
    Ok(Answer { consent, source: row.get("source")? })
}

#[cfg(test)]
mod tests {
    use kernel::Dice;

    use super::*;

    fn answer(said_at: i64, granted: bool, source: &str) -> Answer {
        let consent = Consent {
            channel: Channel::Email,
            purpose: Purpose::Marketing,
            granted,
            wording: None,
            said_at: Timestamp::from_ms(said_at),
        };
        Answer { consent, source: source.to_owned() }
    }

    /// When, yes or no, who.
    fn outcome(said: &[(i64, bool, &str)]) -> Option<bool> {
        let ledger: Vec<_> = said.iter().map(|(at, granted, source)| answer(*at, *granted, source)).collect();
        fold(&ledger).first().map(|answer| answer.consent.granted)
    }

    #[test]
    fn what_counts_of_what_was_said() {
        const YES: bool = true;
        const NO: bool = false;
        for (said, expected) in [
            (&[][..], None),
            (&[(1, YES, "web")][..], Some(YES)),
            (&[(1, YES, "web"), (2, NO, "one_click")], Some(NO)),
            (&[(1, NO, "web"), (2, YES, "web")], Some(YES)),
            // Of two at one moment the no, whoever said it.
            (&[(1, YES, "web"), (1, NO, "web")], Some(NO)),
            (&[(1, NO, "web"), (1, YES, "till")], Some(NO)),
            // A list is believed where nobody said otherwise.
            (&[(1, YES, "import")], Some(YES)),
            (&[(1, YES, "import"), (2, NO, "import")], Some(NO)),
            (&[(1, YES, "web"), (2, YES, "import")], Some(YES)),
            // A yes from a list never beats a person's own no, whatever its date.
            (&[(1, NO, "one_click"), (9, YES, "import")], Some(NO)),
            (&[(9, YES, "import"), (1, NO, "one_click")], Some(NO)),
            (&[(1, YES, "web"), (2, NO, "you_updates"), (3, YES, "import"), (4, YES, "import")], Some(NO)),
            // A person's own yes after their no does.
            (&[(1, NO, "one_click"), (2, YES, "you_updates"), (3, YES, "import")], Some(YES)),
            // A no from a list counts like any other.
            (&[(1, YES, "web"), (2, NO, "import")], Some(NO)),
            (&[(1, NO, "web"), (2, YES, "web"), (3, NO, "import"), (4, YES, "import")], Some(YES)),
        ] {
            assert_eq!(outcome(said), expected, "{said:?}");
        }
    }

    #[test]
    fn each_channel_and_purpose_is_a_question_of_its_own() {
        let mut by_text = answer(1, true, "web");
        by_text.consent.channel = Channel::Sms;
        let ledger = [answer(2, false, "web"), by_text];
        let standing = fold(&ledger);
        assert!(!is_granted(&standing, Channel::Email, Purpose::Marketing));
        assert!(is_granted(&standing, Channel::Sms, Purpose::Marketing));
        assert!(!is_granted(&standing, Channel::Sms, Purpose::Survey));
    }

    /// The order in which the ledger is read, and the answers that can't count, make no difference.
    #[test]
    fn the_fold_depends_on_what_was_said_and_not_on_how_it_is_read() {
        let mut dice = Dice::seeded(12);
        for _ in 0..2_000 {
            let sources = ["web", "one_click", IMPORT];
            let said: Vec<_> = (0..dice.below(7))
                .map(|_| {
                    let source = sources[dice.below(3) as usize];
                    (dice.below(4) as i64, dice.below(2) == 0, source)
                })
                .collect();
            let mut turned = said.clone();
            turned.reverse();
            assert_eq!(outcome(&said), outcome(&turned), "{said:?}");
            let own = said.iter().filter(|(_, _, source)| *source != IMPORT);
            let own_last = own.max_by_key(|(at, granted, _)| (*at, !granted));
            if let Some((_, false, _)) = own_last {
                assert_eq!(outcome(&said), Some(false), "an own no was beaten: {said:?}");
            }
        }
    }
}
