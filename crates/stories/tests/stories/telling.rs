//! What a customer is told about an order, and what they are spared.

use std::time::Duration;

use stories::stage::Stage;
use stories::stories;
use world::samples::{Bend, order};
use world::shopping::{cancelled, changed_address, changed_quantity, paid};

const SECOND: Duration = Duration::from_secs(1);

fn elsewhere() -> orders::incoming::Address {
    orders::incoming::Address {
        name: Some("Amina Khan".into()),
        line1: "9 Quay Road".into(),
        city: "Leeds".into(),
        postcode: Some("LS1 4AB".into()),
        country: "GB".into(),
        ..Default::default()
    }
}

stories! {
    async fn a_paid_order_is_confirmed_at_once(stage: &Stage) {
        let taken = stage.take(&order(1042, stage.now()).paid()).await;
        assert_eq!(taken.effect, orders::Effect::Created);
        stage.settle().await;
        let mails = stage.mails().await;
        assert_eq!(mails.len(), 1);
        assert_eq!(mails[0].to, "amina@example.test");
        assert_eq!(mails[0].subject, "We’ve got your order #1042");
        assert!(mails[0].text.contains("First Flush Darjeeling"));
        assert!(mails[0].text.contains("£27.95"));
        let mut events = stage.events().await;
        events.sort_unstable();
        assert_eq!(events, ["consent.given", "message.accepted", "order.paid", "order.placed"]);
    }

    async fn an_authorised_order_is_confirmed_at_once(stage: &Stage) {
        stage.take(&order(1042, stage.now()).authorized()).await;
        stage.settle().await;
        assert_eq!(stage.subjects().await, ["We’ve got your order #1042"]);
    }

    async fn create_paid_and_updated_in_one_flurry_are_one_message(stage: &Stage) {
        let created = order(1042, stage.now()).pending();
        stage.take(&created).await;
        stage.pass(SECOND).await;
        assert!(stage.mails().await.is_empty(), "a pay-later order waits for its payment");
        let payment = paid(&created, stage.now());
        stage.take(&payment).await;
        stage.pass(SECOND).await;
        let mut same_again = payment.clone();
        same_again.version.updated_at = stage.now();
        stage.take(&same_again).await;
        stage.pass(60 * SECOND).await;
        assert_eq!(stage.subjects().await, ["We’ve got your order #1042"]);
    }

    async fn an_order_to_be_paid_later_is_confirmed_as_such_and_its_payment_is_one_message(stage: &Stage) {
        let created = order(1042, stage.now()).pending().without_dates();
        stage.take(&created).await;
        stage.pass(4 * SECOND).await;
        assert!(stage.mails().await.is_empty());
        stage.pass(SECOND).await;
        assert_eq!(stage.subjects().await, ["Your order #1042: waiting for your payment"]);
        stage.pass(86_400 * SECOND).await;
        stage.take(&paid(&created, stage.now())).await;
        stage.pass(60 * SECOND).await;
        let subjects = stage.subjects().await;
        assert_eq!(subjects[1..], ["Payment received for order #1042"]);
    }

    async fn a_change_the_customer_can_see_is_told_once_after_it_has_settled(stage: &Stage) {
        let first = order(1042, stage.now()).paid();
        stage.take(&first).await;
        stage.pass(60 * SECOND).await;
        let moved = changed_address(&first, stage.now(), elsewhere());
        stage.take(&moved).await;
        stage.pass(SECOND).await;
        let more = changed_quantity(&moved, stage.now(), 0, 3);
        stage.take(&more).await;
        stage.pass(SECOND).await;
        assert_eq!(stage.mails().await.len(), 1, "it settles for two seconds");
        stage.pass(10 * SECOND).await;
        let mails = stage.mails().await;
        assert_eq!(mails.len(), 2);
        assert_eq!(mails[1].subject, "Your order #1042 has changed");
        assert!(mails[1].text.contains("9 Quay Road"), "{}", mails[1].text);
        assert!(mails[1].text.contains("3 pieces"), "{}", mails[1].text);
    }

    async fn a_change_nobody_can_see_is_not_told(stage: &Stage) {
        let first = order(1042, stage.now()).paid();
        stage.take(&first).await;
        stage.pass(60 * SECOND).await;
        let mut tagged = first.clone();
        tagged.tags.push("vip".into());
        tagged.version.updated_at = stage.now();
        stage.take(&tagged).await;
        stage.pass(60 * SECOND).await;
        assert_eq!(stage.mails().await.len(), 1);
    }

    async fn the_same_lines_in_another_order_are_not_told(stage: &Stage) {
        let first = order(1042, stage.now()).paid().with_strainer();
        let taken = stage.take(&first).await;
        stage.pass(60 * SECOND).await;
        let told = stage.order(&taken.order).await.changed_at;
        let mut turned = first.clone();
        turned.lines.reverse();
        turned.version.updated_at = stage.now();
        assert_eq!(stage.take(&turned).await.effect, orders::Effect::Changed);
        stage.pass(60 * SECOND).await;
        assert_eq!(stage.mails().await.len(), 1);
        assert_eq!(stage.order(&taken.order).await.changed_at, told);
    }

    async fn after_a_change_that_was_taken_back_the_next_one_settles_anew(stage: &Stage) {
        let first = order(1042, stage.now()).paid();
        stage.take(&first).await;
        stage.pass(60 * SECOND).await;
        let more = changed_quantity(&first, stage.now(), 0, 3);
        stage.take(&more).await;
        stage.pass(SECOND).await;
        let as_before = changed_quantity(&more, stage.now(), 0, 2);
        stage.take(&as_before).await;
        stage.pass(60 * SECOND).await;
        assert_eq!(stage.mails().await.len(), 1, "nothing is left to tell");
        let moved = changed_address(&as_before, stage.now(), elsewhere());
        stage.take(&moved).await;
        stage.pass(SECOND).await;
        assert_eq!(stage.mails().await.len(), 1, "it settles for two seconds");
        stage.pass(SECOND).await;
        assert_eq!(stage.mails().await.len(), 2);
    }

    async fn changes_are_told_after_the_awaited_payment_was_voided(stage: &Stage) {
        let created = order(1042, stage.now()).pending().without_dates();
        stage.take(&created).await;
        stage.pass(60 * SECOND).await;
        let mut voided = created.clone();
        voided.payment = orders::incoming::Payment::Voided;
        voided.version.updated_at = stage.now();
        stage.take(&voided).await;
        stage.pass(60 * SECOND).await;
        assert_eq!(stage.mails().await.len(), 1, "there is no payment to thank for");
        stage.take(&changed_address(&voided, stage.now(), elsewhere())).await;
        stage.pass(60 * SECOND).await;
        assert_eq!(stage.subjects().await[1..], ["Your order #1042 has changed"]);
    }

    async fn changes_that_never_settle_are_told_after_eight_seconds(stage: &Stage) {
        let mut latest = order(1042, stage.now()).paid();
        stage.take(&latest).await;
        stage.pass(60 * SECOND).await;
        for quantity in 3..12 {
            latest = changed_quantity(&latest, stage.now(), 0, quantity);
            stage.take(&latest).await;
            stage.pass(SECOND).await;
        }
        assert_eq!(stage.mails().await.len(), 2, "eight seconds after the first change at the latest");
    }

    async fn a_cancellation_says_what_happens_to_the_money(stage: &Stage) {
        let first = order(1042, stage.now()).paid();
        stage.take(&first).await;
        stage.pass(60 * SECOND).await;
        stage.take(&cancelled(&first, stage.now(), true)).await;
        stage.settle().await;
        let mails = stage.mails().await;
        assert_eq!(mails[1].subject, "Your order #1042 is cancelled");
        assert!(mails[1].text.contains("We’ve sent £27.95 back"), "{}", mails[1].text);
    }

    async fn later_messages_answer_the_first_one(stage: &Stage) {
        let first = order(1042, stage.now()).paid();
        stage.take(&first).await;
        stage.pass(60 * SECOND).await;
        stage.take(&cancelled(&first, stage.now(), true)).await;
        stage.settle().await;
        let mails = stage.mails().await;
        let source = String::from_utf8_lossy(&mails[1].source).into_owned();
        assert!(source.contains(&format!("In-Reply-To: <{}>", mails[0].message_id)), "{source}");
        assert_ne!(mails[0].message_id, mails[1].message_id);
    }

    async fn an_old_order_is_history_and_never_spoken_of(stage: &Stage) {
        let mut old = order(900, stage.now() - Duration::from_secs(8 * 86_400)).paid();
        let taken = stage.take(&old).await;
        stage.pass(60 * SECOND).await;
        old.version.updated_at = stage.now();
        stage.take(&cancelled(&old, stage.now(), true)).await;
        stage.pass(60 * SECOND).await;
        assert!(stage.order(&taken.order).await.is_history);
        assert!(stage.mails().await.is_empty());
    }

    async fn an_unplaced_order_is_stored_silently_until_it_is_paid(stage: &Stage) {
        let begun = order(1042, stage.now()).unplaced();
        stage.take(&begun).await;
        stage.pass(60 * SECOND).await;
        assert!(stage.mails().await.is_empty());
        let mut placed = paid(&begun, stage.now());
        placed.status = orders::incoming::OrderStatus::Placed;
        stage.take(&placed).await;
        stage.settle().await;
        assert_eq!(stage.subjects().await, ["We’ve got your order #1042"]);
    }

    async fn a_gift_says_so(stage: &Stage) {
        stage.take(&order(1042, stage.now()).paid().gift()).await;
        stage.settle().await;
        assert!(stage.mails().await[0].text.contains("gift"));
    }

    async fn what_is_not_shipped_at_once_says_when_it_is_made_and_brought(stage: &Stage) {
        let mut made = order(1042, stage.now()).paid();
        let date = |text: &str| kernel::time::parse_date(text).ok();
        made.expected.ships_by = date("2026-12-07");
        made.expected.delivered_from = date("2026-12-09");
        made.expected.delivered_to = date("2026-12-11");
        stage.take(&made).await;
        stage.settle().await;
        let mail = &stage.mails().await[0];
        assert_eq!(mail.subject, "We’re making your order #1042");
        assert!(mail.text.contains("Monday 7 December"), "{}", mail.text);
        assert!(mail.text.contains("Wednesday 9 to Friday 11 December"), "{}", mail.text);
    }
}
