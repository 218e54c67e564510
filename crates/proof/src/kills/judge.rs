//! What the two logs and the rows say, as sets: nothing here touches a process.

use std::collections::{BTreeMap, BTreeSet};

use rig::sink::{Answer, Entry};

use crate::Verdict;
use crate::posting::What;
use crate::rows::Message;
use crate::shop::{by_number, key_of, number_in};

/// What was seen while the program was killed.
#[derive(Default)]
pub(super) struct Seen {
    pub(super) kills_us: Vec<u64>,
    /// The keys of all messages that were out at some kill.
    pub(super) out_at_a_kill: BTreeSet<String>,
    /// Kills before the program was ready.
    pub(super) while_starting: u64,
}

/// Holds what was acknowledged, what came to the mail server and what the rows say against one another.
pub(super) fn judge(
    what: What,
    seen: &Seen,
    acknowledged: &BTreeSet<u64>,
    entries: &[Entry],
    rows: &BTreeMap<String, Message>,
) -> Verdict {
    let mut verdict = Verdict::of("kills");
    let comings = by_number(entries);
    let twice = twice(seen, &comings);
    let lost = lost(what, acknowledged, &comings, rows);
    verdict.figure("kills", seen.kills_us.len());
    verdict.figure("of them while starting", seen.while_starting);
    verdict.figure("acknowledged", acknowledged.len());
    verdict.figure("final dots", entries.len());
    verdict.figure("lost", lost.len());
    verdict.figure("out at the kills", seen.out_at_a_kill.len());
    verdict.figure("twice by kills", twice.by_kills.len());
    verdict.figure("twice by answers", twice.by_answers.len());
    verdict.figure("twice for no reason", twice.for_no_reason.len());
    verdict.must(lost.is_empty(), || format!("acknowledged and lost: {lost:?}"));
    verdict.must(twice.for_no_reason.is_empty(), || {
        format!("sent twice for no reason: {:?}", twice.for_no_reason)
    });
    verdict.must(twice.by_kills.len() <= seen.out_at_a_kill.len(), || "more twice than were out".to_owned());
    verdict.must(twice.other_ids.is_empty(), || {
        format!("repeated under another Message-ID: {:?}", twice.other_ids)
    });
    if what == What::Offers {
        let any = twice.by_kills.len() + twice.by_answers.len();
        verdict
            .must(any == 0, || format!("marketing sent twice: {:?} {:?}", twice.by_kills, twice.by_answers));
    }
    verdict
}

/// What was acknowledged, was neither taken nor refused, and has no row of its own that says why.
fn lost(
    what: What,
    acknowledged: &BTreeSet<u64>,
    comings: &BTreeMap<u64, Vec<Entry>>,
    rows: &BTreeMap<String, Message>,
) -> BTreeSet<u64> {
    let is_answered = |entry: &Entry| entry.answer.takes() || entry.answer == Answer::Refuse;
    let answered = comings.iter().filter(|(_, entries)| entries.iter().any(is_answered));
    let answered: BTreeSet<u64> = answered.map(|(number, _)| *number).collect();
    let said = if what == What::Offers { said_by_rows(rows) } else { BTreeSet::new() };
    acknowledged
        .iter()
        .filter(|number| !answered.contains(number) && !said.contains(number))
        .copied()
        .collect()
}

/// The offers that may have arrived and are closed as unknown, and those that were put off and still wait.
fn said_by_rows(rows: &BTreeMap<String, Message>) -> BTreeSet<u64> {
    let says = |message: &&Message| matches!(message.state.as_str(), "unknown" | "deferred");
    rows.values().filter(says).filter_map(|message| number_in(&message.to)).collect()
}

#[derive(Default)]
struct Twice {
    by_kills: BTreeSet<u64>,
    by_answers: BTreeSet<u64>,
    for_no_reason: BTreeSet<u64>,
    other_ids: BTreeSet<u64>,
}

/// What the mail server has more than once, by the reason for it.
fn twice(seen: &Seen, comings: &BTreeMap<u64, Vec<Entry>>) -> Twice {
    let mut twice = Twice::default();
    for (number, entries) in comings {
        let had: Vec<&Entry> = entries.iter().filter(|entry| entry.answer.takes()).collect();
        if entries.iter().any(|entry| entry.message_id != entries[0].message_id) {
            twice.other_ids.insert(*number);
        }
        for pair in had.windows(2) {
            let (first, second) = (pair[0], pair[1]);
            let killed = seen.kills_us.iter().any(|kill| (first.at_us..second.at_us).contains(kill));
            let reason = if first.answer.is_unknown() {
                &mut twice.by_answers
            } else if killed && seen.out_at_a_kill.contains(key_of(&first.message_id)) {
                &mut twice.by_kills
            } else {
                &mut twice.for_no_reason
            };
            reason.insert(*number);
        }
    }
    twice
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(number: u64, at_us: u64, answer: Answer) -> Entry {
        Entry {
            at_us,
            answer,
            message_id: format!("<key{number}@shop.test>"),
            to: format!("guest{number}@x.test"),
        }
    }

    fn judged(what: What, out: &[&str], entries: &[Entry]) -> Verdict {
        let out_at_a_kill = out.iter().map(|key| (*key).to_owned()).collect();
        let seen = Seen { kills_us: vec![100], out_at_a_kill, while_starting: 0 };
        judge(what, &seen, &BTreeSet::from([1]), entries, &BTreeMap::new())
    }

    #[test]
    fn what_was_taken_once_is_well_and_what_never_came_is_lost() {
        assert!(judged(What::Orders, &[], &[entry(1, 10, Answer::Accept)]).is_ok());
        assert!(judged(What::Orders, &[], &[entry(1, 10, Answer::Refuse)]).is_ok());
        assert!(!judged(What::Orders, &[], &[]).is_ok());
        assert!(!judged(What::Offers, &[], &[]).is_ok());
        assert!(!judged(What::Orders, &[], &[entry(1, 10, Answer::TryAgain)]).is_ok());
    }

    fn row(number: u64, state: &str) -> (String, Message) {
        let message =
            Message { to: format!("reader{number}@x.test"), state: state.to_owned(), ..Message::default() };
        (format!("key{number}"), message)
    }

    /// What is lost of two offers.
    fn lost_of_two(entries: &[Entry], rows: &[(String, Message)]) -> BTreeSet<u64> {
        let rows = rows.iter().cloned().collect();
        lost(What::Offers, &BTreeSet::from([1, 2]), &by_number(entries), &rows)
    }

    #[test]
    fn an_offer_that_never_came_needs_a_row_of_its_own_that_says_why() {
        let came = [entry(1, 10, Answer::Accept)];
        for state in ["unknown", "deferred"] {
            assert!(lost_of_two(&came, &[row(2, state)]).is_empty(), "{state}");
        }
        for state in ["queued", "accepted", "expired", "dropped"] {
            assert_eq!(lost_of_two(&came, &[row(2, state)]), BTreeSet::from([2]), "{state}");
        }
        assert!(lost_of_two(&[came[0].clone(), entry(2, 10, Answer::Refuse)], &[]).is_empty());
    }

    #[test]
    fn an_order_is_lost_whatever_its_row_says() {
        let (acknowledged, rows) = (BTreeSet::from([2]), BTreeMap::from([row(2, "unknown")]));
        assert_eq!(lost(What::Orders, &acknowledged, &BTreeMap::new(), &rows), acknowledged);
    }

    #[test]
    fn an_unknown_one_that_arrived_hides_no_lost_one() {
        let came = [entry(1, 10, Answer::AcceptThenHang)];
        assert_eq!(lost_of_two(&came, &[row(1, "unknown")]), BTreeSet::from([2]));
        assert_eq!(lost_of_two(&came, &[row(1, "unknown"), row(2, "accepted")]), BTreeSet::from([2]));
    }

    #[test]
    fn a_repeat_needs_a_reason() {
        let around = [entry(1, 90, Answer::Accept), entry(1, 110, Answer::Accept)];
        assert!(judged(What::Orders, &["key1"], &around).is_ok());
        assert!(!judged(What::Orders, &["key2"], &around).is_ok(), "another one was out");
        let later = [entry(1, 101, Answer::Accept), entry(1, 110, Answer::Accept)];
        assert!(!judged(What::Orders, &["key1"], &later).is_ok(), "no kill between them");
        let silent = [entry(1, 101, Answer::AcceptThenHang), entry(1, 110, Answer::Accept)];
        assert!(judged(What::Orders, &[], &silent).is_ok());
        for entries in [&around, &silent] {
            assert!(!judged(What::Offers, &["key1"], entries).is_ok(), "marketing is never repeated");
        }
    }

    #[test]
    fn a_repeat_has_the_same_message_id() {
        let mut entries = [entry(1, 90, Answer::Accept), entry(1, 110, Answer::Accept)];
        entries[1].message_id = "<another@shop.test>".to_owned();
        assert!(!judged(What::Orders, &["key1"], &entries).is_ok());
    }
}
