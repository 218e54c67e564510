//! Repeats, reorderings and stale versions end in the right state.

use std::time::Duration;

use kernel::Dice;
use orders::Effect;
use orders::incoming::{Cancellation, IncomingOrder, OrderStatus, Payment};
use stories::stage::Stage;
use stories::stories;
use world::samples::{Bend, order};
use world::shopping::{cancelled, changed_quantity, delivered, fulfilled, paid};

const SECOND: Duration = Duration::from_secs(1);

/// The versions of one order, in the order in which the shop made them.
fn life(stage: &Stage) -> Vec<IncomingOrder> {
    let after = |seconds| stage.now() + Duration::from_secs(seconds);
    let created = order(1042, stage.now()).pending();
    let paid = paid(&created, after(1));
    let more = changed_quantity(&paid, after(2), 0, 3);
    let gone = fulfilled(&more, after(3));
    let here = delivered(&gone, after(4));
    vec![created, paid, more, gone, here]
}

stories! {
    async fn the_same_version_told_again_changes_nothing(stage: &Stage) {
        let first = order(1042, stage.now()).paid();
        let taken = stage.take(&first).await;
        for _ in 0..4 {
            let again = stage.take(&first).await;
            assert_eq!((again.order, again.effect), (taken.order.clone(), Effect::Stale));
        }
        stage.settle().await;
        assert_eq!(stage.mails().await.len(), 1);
        assert_eq!(stage.order(&taken.order).await.revision, 1);
    }

    async fn a_version_that_comes_late_is_stale(stage: &Stage) {
        let created = order(1042, stage.now()).pending();
        let payment = paid(&created, stage.now() + Duration::from_secs(1));
        stage.take(&payment).await;
        let late = stage.take(&created).await;
        assert_eq!(late.effect, Effect::Stale);
        assert_eq!(stage.order(&late.order).await.order.payment, Payment::Paid);
    }

    async fn versions_of_the_same_second_never_lose_ground(stage: &Stage) {
        let created = order(1042, stage.now()).pending();
        let mut payment = paid(&created, stage.now());
        payment.version = created.version;
        stage.take(&payment).await;
        assert_eq!(stage.take(&created).await.effect, Effect::Stale);
        let mut gone = cancelled(&payment, stage.now(), true);
        gone.version = created.version;
        assert_eq!(stage.take(&gone).await.effect, Effect::Changed);
        assert_eq!(stage.take(&payment).await.effect, Effect::Stale);
    }

    async fn any_order_of_arrival_ends_in_the_newest_version(stage: &Stage) {
        let mut dice = Dice::seeded(3);
        for number in 0..20 {
            let versions: Vec<IncomingOrder> = life(stage)
                .into_iter()
                .map(|version| IncomingOrder { external_id: format!("shuffled-{number}"), ..version })
                .collect();
            let newest = versions.last().cloned().unwrap();
            let mut arrivals: Vec<_> = versions.iter().chain(&versions).collect();
            for place in (1..arrivals.len()).rev() {
                arrivals.swap(place, dice.below(place as u64 + 1) as usize);
            }
            let mut id = None;
            for version in arrivals {
                id = Some(stage.take(version).await.order);
            }
            let stored = stage.order(&id.unwrap()).await.order;
            assert_eq!((stored.lines, stored.payment, stored.fulfilment), (newest.lines, newest.payment, newest.fulfilment));
            assert_eq!(stored.version, newest.version);
        }
    }

    async fn a_cancellation_that_overtakes_the_order_is_told_and_stays(stage: &Stage) {
        let first = order(1042, stage.now()).paid();
        let gone = cancelled(&first, stage.now() + Duration::from_secs(1), true);
        let taken = stage.take(&gone).await;
        stage.settle().await;
        assert_eq!(stage.subjects().await, ["Your order #1042 is cancelled"]);
        assert_eq!(stage.take(&first).await.effect, Effect::Stale);
        stage.pass(60 * SECOND).await;
        assert_eq!(stage.subjects().await, ["Your order #1042 is cancelled"]);
        assert_eq!(stage.order(&taken.order).await.order.status, OrderStatus::Cancelled);
        assert!(stage.events().await.contains(&"order.placed".to_owned()));
    }

    async fn a_cancellation_that_comes_first_is_told_where_money_was_reserved(stage: &Stage) {
        let voided = cancelled(&order(1, stage.now()).authorized(), stage.now(), false);
        let taken = stage.take(&voided).await;
        assert_eq!(stage.order(&taken.order).await.order.payment, Payment::Voided);
        let promised_nobody = cancelled(&order(2, stage.now()).pending(), stage.now(), false).pending();
        stage.take(&promised_nobody).await;
        let begun = order(3, stage.now()).pending().unplaced();
        stage.take(&begun).await;
        stage.take(&cancelled(&begun, stage.now() + SECOND, false)).await;
        stage.pass(60 * SECOND).await;
        assert_eq!(stage.subjects().await, ["Your order #1 is cancelled"]);
    }

    async fn a_version_from_the_far_future_is_refused_and_makes_nothing_stale(stage: &Stage) {
        let mut odd = order(1042, stage.now()).paid();
        odd.version.updated_at = stage.now() + Duration::from_secs(49 * 3_600);
        let error = stage.try_take(&odd).await.unwrap_err();
        assert_eq!(error.fields()[0].pointer, "/updated_at");
        assert_eq!(stage.take(&order(1042, stage.now()).paid()).await.effect, Effect::Created);
    }

    async fn what_happened_in_the_far_future_is_refused(stage: &Stage) {
        let plain = order(1042, stage.now()).paid();
        let far = stage.now() + Duration::from_secs(49 * 3_600);
        let mut agreed = plain.clone();
        agreed.consents[0].at = far;
        let mut brought = plain.clone();
        brought.delivered_at = Some(far);
        let mut gone = cancelled(&plain, stage.now(), true);
        gone.cancellation = Some(Cancellation { at: far, reason: None });
        for (odd, pointer) in [(agreed, "/consent/at"), (brought, "/delivered_at"), (gone, "/cancelled_at")] {
            let error = stage.try_take(&odd).await.unwrap_err();
            assert_eq!(error.fields()[0].pointer, pointer);
        }
        assert_eq!(stage.take(&plain).await.effect, Effect::Created);
    }

    async fn totals_that_do_not_add_up_are_believed_and_noted(stage: &Stage) {
        let mut odd = order(1042, stage.now()).paid();
        odd.totals.total += 5;
        let taken = stage.take(&odd).await;
        let id = taken.order.clone();
        let notes = stage.house.db.read("story.notes", move |r| orders::notes(r, &id)).await.unwrap();
        assert_eq!(notes.len(), 1);
        assert_eq!(notes[0].kind, "totals_mismatch");
        let mut mended = order(1042, stage.now()).paid();
        mended.version.updated_at = stage.now() + Duration::from_secs(1);
        stage.take(&mended).await;
        let notes = stage.house.db.read("story.notes", move |r| orders::notes(r, &taken.order)).await.unwrap();
        assert!(notes.is_empty());
    }
}
