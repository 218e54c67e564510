//! What the two logs and the rows say, as sets: nothing here touches a process.

use std::collections::{BTreeMap, BTreeSet};

use rig::sink::{Answer, Entry};

use super::goodbyes::Said;
use crate::Verdict;
use crate::posting::What;
use crate::rows::Message;
use crate::shop::{by_number, key_of, number_in};

/// One kill.
pub(super) struct Kill {
    /// When, in microseconds since 1970: after the program was dead and before it was started again.
    pub(super) at_us: u64,
    /// The keys of the messages it had in hand, each with the number of the hand-off that was cut short.
    pub(super) in_hand: BTreeMap<String, i64>,
}

/// What was seen while the program was killed.
#[derive(Default)]
pub(super) struct Seen {
    pub(super) kills: Vec<Kill>,
    /// Kills before the program was ready.
    pub(super) while_starting: u64,
}

impl Seen {
    /// The hand-offs that were cut short. One that nobody has gone on with at the next kill is the same one still.
    fn cut_short(&self) -> BTreeSet<HandOff<'_>> {
        let in_hand = self.kills.iter().flat_map(|kill| &kill.in_hand);
        in_hand.map(|(key, number)| (key.as_str(), *number)).collect()
    }
}

/// The key of a message, and which of its hand-offs.
type HandOff<'a> = (&'a str, i64);

/// Holds what was acknowledged, what came to the mail server and what the rows say against one another.
pub(super) fn judge(
    what: What,
    seen: &Seen,
    acknowledged: &BTreeSet<u64>,
    said: &Said,
    entries: &[Entry],
    rows: &BTreeMap<String, Message>,
) -> Verdict {
    let mut verdict = Verdict::of("kills");
    let comings = by_number(entries);
    let twice = twice(seen, &comings);
    // Who has said goodbye need not be written to again, though the mail server may have put the first offer off.
    let lost = &lost(what, acknowledged, &comings, rows) - &said.goodbye;
    verdict.figure("kills", seen.kills.len());
    verdict.figure("of them while starting", seen.while_starting);
    verdict.figure("acknowledged", acknowledged.len());
    verdict.figure("final dots", entries.len());
    verdict.figure("lost", lost.len());
    verdict.figure("hand-offs cut short", seen.cut_short().len());
    verdict.figure("repeats by kills", twice.by_kills.len());
    verdict.figure("repeats by answers", twice.by_answers.len());
    verdict.figure("repeats for no reason", twice.for_no_reason.len());
    verdict.must(lost.is_empty(), || format!("acknowledged and lost: {lost:?}"));
    verdict.must(twice.for_no_reason.is_empty(), || {
        format!("sent twice for no reason: {:?}", twice.for_no_reason)
    });
    verdict.must(twice.other_ids.is_empty(), || {
        format!("repeated under another Message-ID: {:?}", twice.other_ids)
    });
    if what == What::Offers {
        let disturbed = said.disturbed(&comings);
        verdict.figure("goodbyes acknowledged", said.goodbye.len());
        verdict.figure("offers after them", said.offered_again.len());
        verdict.figure("of them sent", disturbed.len());
        verdict
            .must(!said.offered_again.is_empty(), || "nobody has said goodbye: nothing was tried".to_owned());
        verdict.must(disturbed.is_empty(), || format!("written to after their goodbye: {disturbed:?}"));
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

/// The numbers of what came again, one for each time it did.
#[derive(Default)]
struct Twice {
    by_kills: Vec<u64>,
    by_answers: Vec<u64>,
    for_no_reason: Vec<u64>,
    other_ids: BTreeSet<u64>,
}

/// What the mail server has more than once, by the reason for each time.
fn twice(seen: &Seen, comings: &BTreeMap<u64, Vec<Entry>>) -> Twice {
    let mut twice = Twice::default();
    let mut explained = BTreeSet::new();
    for (number, entries) in comings {
        let had: Vec<&Entry> = entries.iter().filter(|entry| entry.answer.takes()).collect();
        if entries.iter().any(|entry| entry.message_id != entries[0].message_id) {
            twice.other_ids.insert(*number);
        }
        for pair in had.windows(2) {
            let reason = if pair[0].answer.is_unknown() {
                &mut twice.by_answers
            } else if is_by_a_kill(seen, pair[0], pair[1], &mut explained) {
                &mut twice.by_kills
            } else {
                &mut twice.for_no_reason
            };
            reason.push(*number);
        }
    }
    twice
}

/// Whether a kill between these two dots cut a hand-off of this message short. Each hand-off explains one repeat, so no
/// more repeats are explained than were in hand.
fn is_by_a_kill<'a>(
    seen: &'a Seen,
    first: &Entry,
    second: &Entry,
    explained: &mut BTreeSet<HandOff<'a>>,
) -> bool {
    let between = seen.kills.iter().filter(|kill| (first.at_us..second.at_us).contains(&kill.at_us));
    let mut cut_short = between.filter_map(|kill| kill.in_hand.get_key_value(key_of(&first.message_id)));
    cut_short.any(|(key, number)| explained.insert((key.as_str(), *number)))
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

    /// A kill that cut the first hand-off of these messages short.
    fn kill(at_us: u64, keys: &[&str]) -> Kill {
        Kill { at_us, in_hand: keys.iter().map(|key| ((*key).to_owned(), 1)).collect() }
    }

    fn judged(what: What, out: &[&str], entries: &[Entry]) -> Verdict {
        judged_with(what, vec![kill(100, out)], entries)
    }

    fn judged_with(what: What, kills: Vec<Kill>, entries: &[Entry]) -> Verdict {
        let seen = Seen { kills, while_starting: 0 };
        judge(what, &seen, &BTreeSet::from([1]), &said(&[4]), entries, &BTreeMap::new())
    }

    /// Readers whose goodbye was acknowledged, and who were offered something again.
    fn said(readers: &[u64]) -> Said {
        let readers: BTreeSet<u64> = readers.iter().copied().collect();
        Said { goodbye: readers.clone(), offered_again: readers }
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
    fn who_has_said_goodbye_is_not_written_to_again() {
        let first = entry(1, 90, Answer::Accept);
        let again = Entry { message_id: "<another@shop.test>".to_owned(), ..entry(1, 110, Answer::Refuse) };
        let of = |said, entries: &[Entry]| {
            let acknowledged = BTreeSet::from([1]);
            judge(What::Offers, &Seen::default(), &acknowledged, &said, entries, &BTreeMap::new())
        };
        assert!(of(said(&[1]), std::slice::from_ref(&first)).is_ok());
        let disturbed = of(said(&[1]), &[first.clone(), again]);
        assert_eq!(disturbed.json()["figures"]["of them sent"], 1, "{}", disturbed.line());
        assert!(!disturbed.is_ok());
        assert!(!of(said(&[]), &[first]).is_ok(), "nobody has tried");
        assert!(of(said(&[1]), &[entry(1, 90, Answer::TryAgain)]).is_ok(), "put off, and then not wanted");
        assert!(
            !of(said(&[2]), &[entry(1, 90, Answer::TryAgain)]).is_ok(),
            "it was another reader’s goodbye"
        );
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
    fn a_repeat_needs_a_kill_that_it_was_in_hand_at_between_its_dots() {
        let around = [entry(1, 290, Answer::Accept), entry(1, 310, Answer::Accept)];
        let elsewhere = vec![kill(100, &["key1"]), kill(300, &["key2"])];
        assert!(!judged_with(What::Orders, elsewhere, &around).is_ok(), "it was in hand at another kill");
        let there = vec![kill(100, &["key2"]), kill(300, &["key1"])];
        assert!(judged_with(What::Orders, there, &around).is_ok());
    }

    #[test]
    fn each_repeat_needs_a_hand_off_of_its_own() {
        let thrice = [90, 110, 210].map(|at_us| entry(1, at_us, Answer::Accept));
        let (first, same) = (kill(100, &["key1"]), kill(200, &["key1"]));
        let second = Kill { in_hand: BTreeMap::from([("key1".to_owned(), 2)]), ..kill(200, &[]) };
        assert!(
            !judged_with(What::Orders, vec![kill(100, &["key1"])], &thrice).is_ok(),
            "one kill, two repeats"
        );
        assert!(
            !judged_with(What::Orders, vec![kill(100, &["key1"]), same], &thrice).is_ok(),
            "one hand-off"
        );
        let well = judged_with(What::Orders, vec![first, second], &thrice);
        assert!(well.is_ok());
        assert_eq!(well.json()["figures"]["repeats by kills"], 2, "each time counts");
        assert_eq!(well.json()["figures"]["hand-offs cut short"], 2);
    }

    #[test]
    fn a_repeat_has_the_same_message_id() {
        let mut entries = [entry(1, 90, Answer::Accept), entry(1, 110, Answer::Accept)];
        entries[1].message_id = "<another@shop.test>".to_owned();
        assert!(!judged(What::Orders, &["key1"], &entries).is_ok());
    }
}
