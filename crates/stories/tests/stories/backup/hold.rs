//! What a restore holds, told in one process under the virtual clock: the hold is a row, wherever it came from.

use std::time::Duration;

use db::Write;
use kernel::Timestamp;
use orders::incoming::IncomingRefund;
use stories::smtp_sink::Script;
use stories::stage::Stage;
use stories::stories;
use world::samples::{Bend, order};
use world::shopping::changed_quantity;

use crate::post::{self, Post, told_by};

const SECOND: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_secs(3_600);
const HELD: &str = "Held by a restore: it was due before that and may have been sent already. Waiting for `aftercare messages release`.";

/// What a restore does last.
async fn restored(stage: &Stage) -> Timestamp {
    let hold = |w: &mut Write<'_>| jobs::hold_after_restore(w);
    stage.house.db.write("story.restored", hold).await.expect("a hold is written");
    stage.now()
}

async fn release(stage: &Stage, before: Timestamp) -> u64 {
    let db = &stage.house.db;
    let released = db.write("story.release", move |w| messaging::release(w, before)).await.expect("released");
    while db.write("story.wake", |w| messaging::wake_released(w, 2)).await.expect("woken") > 0 {}
    stage.settle().await;
    released
}

async fn held(stage: &Stage) -> Option<u64> {
    let read = stage.house.db.read("story.held", messaging::held_by_restore).await;
    read.expect("the hold can be read").map(|held| held.messages)
}

async fn states(stage: &Stage) -> Vec<(String, String)> {
    stage.messages().await.into_iter().map(|message| (message.state, message.reason)).collect()
}

/// Lets time pass without anything being done in it: the shop does not run.
fn sleep(stage: &Stage, span: Duration) {
    stage.clock.move_to(stage.now() + span);
}

stories! {
    async fn what_was_due_before_a_restore_is_held_and_let_go_in_parts(stage: &Stage) {
        let first = stage.now();
        for number in 1..=5 {
            stage.take(&order(number, stage.now()).by(&format!("guest{number}@example.test"), "A guest")).await;
            sleep(stage, HOUR);
        }
        let restored_at = restored(stage).await;
        assert_eq!(held(stage).await, Some(5));
        stage.settle().await;
        assert_eq!(states(stage).await, vec![("held".to_owned(), HELD.to_owned()); 5]);
        assert_eq!(stage.mails().await.len(), 0);
        stage.pass(HOUR).await;
        assert_eq!(stage.mails().await.len(), 0, "time lets nothing go");
        assert_eq!(release(stage, first).await, 0);
        assert_eq!(release(stage, first + 2 * HOUR).await, 2);
        assert_eq!((stage.mails().await.len(), held(stage).await), (2, Some(3)));
        assert_eq!(release(stage, first + 2 * HOUR).await, 0, "twice is once");
        assert_eq!(release(stage, first).await, 0, "what was let go is not taken back");
        assert_eq!(release(stage, restored_at + 100 * HOUR).await, 3);
        assert_eq!((stage.mails().await.len(), held(stage).await), (5, None));
        assert_eq!(release(stage, restored_at).await, 0);
        assert!(states(stage).await.iter().all(|(state, _)| state == "accepted"));
    }

    async fn what_happens_after_a_restore_is_told_at_once(stage: &Stage) {
        stage.take(&order(1, stage.now())).await;
        sleep(stage, HOUR);
        let restored_at = restored(stage).await;
        // Shops count in whole seconds, and cut off the rest.
        sleep(stage, Duration::from_millis(700));
        stage.take(&order(2, restored_at).by("new@example.test", "New")).await;
        stage.settle().await;
        assert_eq!(stage.subjects().await, ["We’ve got your order #2"]);
        assert_eq!(held(stage).await, Some(1));
        release(stage, restored_at).await;
        assert_eq!(stage.mails().await.len(), 2);
    }

    async fn work_that_was_left_and_orders_that_come_again_bring_nothing_out(stage: &Stage) {
        // Its confirmation is a job for later, which nobody has done when the backup is taken.
        stage.take(&order(1, stage.now()).pending()).await;
        let told_before = order(2, stage.now()).by("two@example.test", "Two");
        stage.take(&told_before).await;
        stage.runner.run_due().await.unwrap();
        assert_eq!(stage.mails().await.len(), 1);
        let changed_meanwhile = changed_quantity(&told_before, stage.now() + 10 * SECOND, 0, 3);
        let placed_meanwhile = order(3, stage.now() + 20 * SECOND).by("three@example.test", "Three");
        sleep(stage, HOUR);
        let restored_at = restored(stage).await;
        stage.pass(SECOND).await;
        // The platform sends what the shop of before has heard and told already.
        stage.take(&changed_meanwhile).await;
        stage.take(&placed_meanwhile).await;
        stage.pass(HOUR).await;
        assert_eq!((stage.mails().await.len(), held(stage).await), (1, Some(3)), "{:?}", states(stage).await);
        assert_eq!(release(stage, restored_at).await, 3);
        assert_eq!(stage.mails().await.len(), 4);
    }

    async fn a_refund_is_due_when_the_money_went_back_and_not_when_its_order_changed(stage: &Stage) {
        let order = order(1, stage.now()).paid();
        stage.take(&order).await;
        stage.settle().await;
        assert_eq!(stage.mails().await.len(), 1);
        let before = stage.now();
        sleep(stage, HOUR);
        let restored_at = restored(stage).await;
        stage.pass(HOUR).await;
        let refund = async |id: &str, at: Timestamp| {
            let (source, external_id, currency) = (order.source.clone(), order.external_id.clone(), order.currency);
            let refund = IncomingRefund { external_id: id.to_owned(), amount_minor: 100, at };
            let take = move |w: &mut Write<'_>| orders::take_refund(w, &source, &external_id, currency, &refund);
            stage.house.db.write("story.refund", take).await.expect("it is taken in").expect("its order is here");
            stage.pass(HOUR).await;
        };
        refund("1", before).await;
        assert_eq!((stage.mails().await.len(), held(stage).await), (1, Some(1)));
        assert_eq!(release(stage, restored_at).await, 1);
        refund("2", stage.now()).await;
        assert_eq!((stage.mails().await.len(), held(stage).await), (3, None));
    }

    async fn what_follows_in_a_thread_waits_behind_what_is_held(stage: &Stage) {
        let first = order(1, stage.now());
        stage.take(&first).await;
        sleep(stage, HOUR);
        let restored_at = restored(stage).await;
        stage.pass(HOUR).await;
        stage.take(&changed_quantity(&first, stage.now(), 0, 3)).await;
        stage.pass(HOUR).await;
        assert_eq!(stage.mails().await.len(), 0, "{:?}", states(stage).await);
        assert_eq!(release(stage, restored_at).await, 1);
        assert_eq!(stage.subjects().await.len(), 2);
    }

    async fn what_is_held_too_long_expires(stage: &Stage) {
        stage.take(&order(1, stage.now()).left()).await;
        sleep(stage, HOUR);
        let restored_at = restored(stage).await;
        stage.pass(80 * HOUR).await;
        assert_eq!(stage.messages().await[0].state, "expired");
        assert_eq!((held(stage).await, release(stage, restored_at).await, stage.mails().await.len()), (Some(0), 0, 0));
    }

    async fn a_second_restore_holds_again_what_the_first_has_let_go(stage: &Stage) {
        stage.take(&order(1, stage.now())).await;
        sleep(stage, HOUR);
        let first = restored(stage).await;
        let write = stage.house.db.write("story.release", move |w| messaging::release(w, first)).await;
        assert_eq!(write.unwrap(), 1);
        sleep(stage, HOUR);
        let second = restored(stage).await;
        stage.settle().await;
        assert_eq!((stage.mails().await.len(), held(stage).await), (0, Some(1)));
        assert_eq!(release(stage, second).await, 1);
        assert_eq!(stage.mails().await.len(), 1);
    }
}

told_by! { post::tell:
    async fn what_may_have_arrived_stays_unknown_while_a_restore_holds_it(post: &mut Post) {
        post.scripts([Script::DropAfterDot]);
        post.order(1042).await;
        assert_eq!(post.letter().await.state, "unknown");
        sleep(&post.stage, SECOND);
        let restored_at = restored(&post.stage).await;
        post.stage.pass(HOUR).await;
        let letter = post.letter().await;
        assert_eq!((letter.state.as_str(), letter.verdict.as_str(), letter.reason.as_str()), ("unknown", "hold", HELD));
        assert_eq!(post.sink.offered().len(), 1, "never again by itself");
        assert_eq!(release(&post.stage, restored_at).await, 1);
        assert_eq!(post.letter().await.state, "accepted");
        let ids = post.offered_ids();
        assert!(ids.len() == 2 && ids[0] == ids[1], "under the same Message-ID: {ids:?}");
    }
}
