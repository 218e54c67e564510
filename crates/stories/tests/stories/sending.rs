//! What becomes of a message when the mail server does what mail servers do, and what is said about it.

use std::time::Duration;

use stories::smtp_sink::{Moment, Script};
use world::samples::{Bend, order};
use world::shopping::changed_quantity;

use crate::post::{self, Post, told_by};

const SECOND: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_secs(3_600);
/// Why Amina's mails go by mail: she said so.
const ASKED_FOR: &str = "Sent the way this person asked for.";

fn no(moment: Moment, code: u16, words: &str) -> Script {
    Script::Reject(moment, code, words.to_owned())
}

fn busy() -> Script {
    no(Moment::Dot, 451, "4.3.0 Queue is full")
}

/// Within a fifth of what it should be.
fn assert_about(span: Duration, expected: Duration) {
    let (least, most) = (expected * 4 / 5, expected * 6 / 5);
    assert!((least..=most).contains(&span), "{span:?} is not about {expected:?}");
}

told_by! { post::tell:
    async fn what_the_server_takes_is_accepted_and_says_so(post: &mut Post) {
        post.order(1042).await;
        let letter = post.letter().await;
        assert_eq!((letter.state.as_str(), letter.verdict.as_str()), ("accepted", "send"));
        assert_eq!((letter.reason.as_str(), letter.outcome.as_str()), (ASKED_FOR, "The provider has taken it."));
        assert!(letter.reference.is_some_and(|words| words.contains("Taken as 0-0")));
        assert_eq!((letter.hand_offs, letter.tries, letter.due_at), (1, 0, None));
        assert_eq!(letter.finished_at, Some(post.stage.now()));
        assert_eq!(post.offered_ids(), [format!("{}@northwind.example", letter.key)]);
        assert_eq!(post.subjects(), ["We’ve got your order #1042"]);
    }

    async fn a_busy_server_is_tried_again_after_two_ten_thirty_seconds_and_two_minutes(post: &mut Post) {
        post.scripts((0..4).map(|_| busy()));
        post.order(1042).await;
        for (try_, seconds) in [(1, 2), (2, 10), (3, 30), (4, 120)] {
            let letter = post.letter().await;
            assert_eq!((letter.state.as_str(), letter.hand_offs, letter.tries), ("deferred", try_, try_));
            assert_eq!(letter.outcome, "451 4.3.0 Queue is full (at the final dot)");
            let wait = post.wait().await;
            assert_about(wait, seconds * SECOND);
            post.stage.pass(wait - Duration::from_millis(1)).await;
            assert_eq!(post.sink.offered().len() as i64, try_, "not before its time");
            post.stage.pass(Duration::from_millis(1)).await;
        }
        let letter = post.letter().await;
        assert_eq!((letter.state.as_str(), letter.hand_offs, letter.tries), ("accepted", 5, 4));
        assert_eq!(post.sink.received().len(), 1);
        let ids = post.offered_ids();
        assert!(ids.len() == 5 && ids.iter().all(|id| *id == ids[0]), "the same Message-ID each time: {ids:?}");
    }

    async fn a_message_nobody_will_ever_take_fails_in_the_servers_own_words(post: &mut Post) {
        post.scripts([no(Moment::Dot, 554, "5.6.0 We don't like <amina@example.test>'s mail")]);
        let id = post.order(1042).await;
        let letter = post.letter().await;
        assert_eq!((letter.state.as_str(), letter.tries, letter.due_at), ("failed", 1, None));
        assert_eq!(letter.outcome, "554 5.6.0 We don't like <recipient>'s mail (at the final dot)");
        assert_eq!(post.contacts().await, [("+447700900123".to_owned(), false), ("amina@example.test".to_owned(), false)]);
        assert_eq!(post.notes(&id).await, ["customer_unreachable"]);
        post.stage.pass(100 * HOUR).await;
        assert_eq!(post.sink.offered().len(), 1, "never offered again");
        assert!(post.stage.events().await.contains(&"message.failed".to_owned()));
    }

    async fn a_dead_address_is_marked_and_no_later_message_goes_there(post: &mut Post) {
        post.scripts([no(Moment::Rcpt, 550, "5.1.1 No such user")]);
        let id = post.order(1042).await;
        let letter = post.letter().await;
        assert_eq!((letter.state.as_str(), letter.verdict.as_str()), ("failed", "drop"));
        assert_eq!(letter.reason, "Not sent: nothing reaches the addresses we have. Ask for a new one.");
        assert_eq!(letter.outcome, "550 5.1.1 No such user (at RCPT TO)");
        assert_eq!(post.contacts().await, [("+447700900123".to_owned(), false), ("amina@example.test".to_owned(), true)]);
        assert_eq!(post.notes(&id).await, ["customer_unreachable"]);
        let next = post.order(1043).await;
        let letters = post.letters().await;
        assert_eq!((letters[1].state.as_str(), letters[1].hand_offs), ("failed", 0));
        assert_eq!(letters[1].reason, letter.reason);
        assert_eq!(post.notes(&next).await, ["customer_unreachable"]);
        assert!(post.sink.offered().is_empty());
    }

    async fn a_dead_address_gives_way_to_another_one_that_lives(post: &mut Post) {
        let stage = &post.stage;
        let mut first = order(1042, stage.now());
        first.customer.email = Some(kernel::Email::parse("old@example.test").unwrap());
        stage.take(&first).await;
        stage.settle().await;
        post.scripts([no(Moment::Rcpt, 550, "5.1.1 No such user")]);
        post.order(1043).await;
        let letters = post.letters().await;
        assert_eq!((letters[1].state.as_str(), letters[1].hand_offs, letters[1].tries), ("accepted", 2, 1));
        let to: Vec<_> = post.sink.received().into_iter().flat_map(|mail| mail.to).collect();
        assert_eq!(to, ["old@example.test", "old@example.test"]);
    }

    async fn an_address_that_came_with_a_later_version_can_die_too(post: &mut Post) {
        let first = order(1042, post.stage.now());
        post.stage.take(&first).await;
        post.stage.pass(60 * SECOND).await;
        let mut corrected = changed_quantity(&first, post.stage.now(), 0, 3);
        corrected.customer.email = Some(kernel::Email::parse("Later@Example.test").unwrap());
        post.scripts([no(Moment::Rcpt, 550, "5.1.1 No such user")]);
        post.stage.take(&corrected).await;
        post.stage.pass(60 * SECOND).await;
        let letters = post.letters().await;
        assert_eq!((letters[1].state.as_str(), letters[1].hand_offs), ("accepted", 2));
        let to: Vec<_> = post.sink.received().into_iter().flat_map(|mail| mail.to).collect();
        assert_eq!(to, ["amina@example.test", "amina@example.test"]);
        assert!(post.contacts().await.contains(&("Later@example.test".to_owned(), true)), "{:?}", post.contacts().await);
    }

    async fn a_server_that_goes_away_before_the_message_defers_it(post: &mut Post) {
        post.scripts([no(Moment::Data, 421, "4.3.2 Shutting down")]);
        post.order(1042).await;
        let letter = post.letter().await;
        assert_eq!((letter.state.as_str(), letter.tries), ("deferred", 1));
        assert_eq!(letter.outcome, "421 4.3.2 Shutting down (at DATA)");
        post.stage.pass(3 * SECOND).await;
        assert_eq!((post.letter().await.state.as_str(), post.sink.offered().len()), ("accepted", 1));
    }

    async fn five_failures_in_a_row_leave_the_server_alone_but_for_one_try_every_five_seconds(post: &mut Post) {
        post.scripts((0..6).map(|_| Script::greeting_421()));
        for number in 0..8 {
            let sample = order(1042 + number, post.stage.now());
            post.stage.take(&sample).await;
        }
        post.stage.settle().await;
        let open = || post.stage.house.providers.open_breakers();
        assert_eq!((post.sink.connections(), open()), (5, vec![("smtp", true)]));
        let waiting = post.letters().await;
        let patient: Vec<_> = waiting.iter().filter(|letter| letter.tries == 0).collect();
        assert_eq!(patient.len(), 3, "{waiting:?}");
        for letter in patient {
            assert_eq!((letter.state.as_str(), letter.hand_offs), ("deferred", 0));
            assert_eq!(letter.outcome, "smtp is in trouble; waiting for it.");
        }
        post.stage.pass(5 * SECOND - Duration::from_millis(1)).await;
        assert_eq!(post.sink.connections(), 5, "left alone for five seconds");
        // A probe is a message that comes back: the dice make each wait up to a fifth longer.
        post.stage.pass(SECOND + Duration::from_millis(1)).await;
        assert_eq!((post.sink.connections(), open()), (6, vec![("smtp", true)]));
        post.stage.pass(7 * SECOND).await;
        assert_eq!(open(), [("smtp", false)], "one answer closes it");
        post.stage.pass(30 * SECOND).await;
        assert!(post.letters().await.iter().all(|letter| letter.state == "accepted"));
        assert_eq!(post.sink.received().len(), 8);
    }

    async fn a_full_mailbox_says_nothing_about_the_server(post: &mut Post) {
        post.scripts((0..6).map(|_| no(Moment::Rcpt, 452, "4.2.2 Mailbox full")));
        for number in 0..6 {
            post.order(1042 + number).await;
        }
        assert_eq!(post.stage.house.providers.open_breakers(), [("smtp", false)]);
        assert!(post.letters().await.iter().all(|letter| letter.state == "deferred" && letter.tries == 1));
        post.stage.pass(3 * SECOND).await;
        assert_eq!(post.sink.received().len(), 6);
    }

    async fn a_server_that_names_a_time_is_believed(post: &mut Post) {
        post.scripts([no(Moment::Rcpt, 450, "4.2.0 Greylisted, try again in 300 seconds")]);
        post.order(1042).await;
        assert_eq!(post.wait().await, 300 * SECOND);
        post.stage.pass(299 * SECOND).await;
        assert!(post.sink.offered().is_empty());
        post.stage.pass(SECOND).await;
        assert_eq!(post.letter().await.state, "accepted");
    }

    async fn after_three_days_it_is_given_up_in_sight_of_all_and_never_offered_again(post: &mut Post) {
        post.scripts((0..200).map(|_| Script::greeting_421()));
        let id = post.order(1042).await;
        post.stage.pass(72 * HOUR - SECOND).await;
        let letter = post.letter().await;
        assert_eq!((letter.state.as_str(), letter.hand_offs), ("deferred", 0));
        assert!((70..90).contains(&letter.tries), "every hour in the end: {}", letter.tries);
        post.sink.recover();
        post.stage.pass(SECOND).await;
        let letter = post.letter().await;
        assert_eq!((letter.state.as_str(), letter.verdict.as_str()), ("expired", "drop"));
        assert_eq!(letter.reason, "Not sent: it would have come too late to be of use.");
        assert!(letter.outcome.contains("Too many connections"), "{}", letter.outcome);
        assert!(post.stage.events().await.contains(&"message.expired".to_owned()));
        assert_eq!(post.notes(&id).await, ["customer_unreachable"], "nobody has told this customer anything");
        post.stage.pass(100 * HOUR).await;
        assert!(post.sink.offered().is_empty(), "no final dot after its time");
    }

    async fn a_wait_that_would_end_too_late_ends_when_the_message_does(post: &mut Post) {
        post.scripts((0..4).map(|_| no(Moment::Rcpt, 450, "4.2.0 Greylisted, try again in 23 hours")));
        post.order(1042).await;
        post.stage.pass(72 * HOUR).await;
        let letter = post.letter().await;
        assert_eq!((letter.state.as_str(), letter.tries), ("expired", 4));
        assert!(post.sink.offered().is_empty());
    }

    async fn a_guest_with_only_a_phone_is_not_mailed_and_it_is_noted(post: &mut Post) {
        let sample = order(1042, post.stage.now()).by_phone_only();
        let taken = post.stage.take(&sample).await;
        post.stage.settle().await;
        let letter = post.letter().await;
        assert_eq!((letter.state.as_str(), letter.verdict.as_str(), letter.hand_offs), ("failed", "drop", 0));
        assert_eq!(letter.reason, "Not sent: there is no address it could go to.");
        assert_eq!(post.notes(&taken.order).await, ["customer_unreachable"]);
        assert_eq!(post.sink.connections(), 0);
    }
}

told_by! { post::tell_of_silence:
    async fn no_answer_to_the_dot_is_unknown_and_repeated_under_the_same_message_id(post: &mut Post) {
        for (number, script) in [(1042, Script::Hang(Moment::Dot)), (1043, Script::DropAfterDot)] {
            post.scripts([script]);
            post.order(number).await;
            let letter = post.letters().await.pop().unwrap();
            assert_eq!((letter.state.as_str(), letter.hand_offs, letter.tries), ("unknown", 1, 1));
            assert!(letter.outcome.contains("the final dot"), "{}", letter.outcome);
            assert!(letter.due_at.is_some() && letter.finished_at.is_none());
            post.stage.pass(3 * SECOND).await;
            let letter = post.letters().await.pop().unwrap();
            assert_eq!((letter.state.as_str(), letter.hand_offs), ("accepted", 2));
        }
        let ids = post.offered_ids();
        assert_eq!(ids.len(), 4);
        assert!(ids[0] == ids[1] && ids[2] == ids[3] && ids[0] != ids[2], "{ids:?}");
    }

    async fn silence_before_the_message_defers_it(post: &mut Post) {
        post.scripts([Script::Hang(Moment::Rcpt)]);
        post.order(1042).await;
        let letter = post.letter().await;
        assert_eq!((letter.state.as_str(), letter.tries), ("deferred", 1));
        post.stage.pass(3 * SECOND).await;
        assert_eq!((post.letter().await.state.as_str(), post.sink.offered().len()), ("accepted", 1));
    }
}
