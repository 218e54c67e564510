//! Money that went back: the same sum however it is told, one letter for one flurry, and never a word twice.

use std::time::Duration;

use axum::http::StatusCode;
use kernel::Dice;
use orders::incoming::{IncomingOrder, IncomingRefund, Payment};
use serde_json::{Value, json};
use stories::stage::Stage;
use stories::stories;
use world::samples::{Bend, order};
use world::shopping::{cancelled, changed_quantity, refunded};

use crate::kit::{Shop, all_orders, page_in, read, shopify_order, webhooks, with};

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
const REFUND: &str = include_str!("../payloads/shopify_refunds_create.json");

/// The refund of the payload, moved behind the order's own payload.
fn refund() -> Value {
    let payload: Value = serde_json::from_str(REFUND).expect("a payload is JSON");
    let body =
        payload["request"]["body_raw"].as_str().expect("a body").replace("2026-11-10T12:", "2026-11-20T11:");
    serde_json::from_str(&body).expect("a refund")
}

/// A refund with an identifier and an amount of its own.
fn refund_of(id: u64, amount: &str) -> Value {
    with(with(refund(), "/id", json!(id)), "/transactions/0/amount", json!(amount))
}

/// The order of the payload, whose customer reads English.
fn created() -> Value {
    with(shopify_order("orders/create"), "/customer_locale", json!("en-GB"))
}

/// How webhooks ended, sorted: identifiers of one moment have no order.
async fn states(stage: &Stage) -> Vec<String> {
    let mut states: Vec<String> = webhooks(stage).await.into_iter().map(|row| row.state).collect();
    states.sort();
    states
}

/// The order as `orders/updated` tells it after these refunds.
fn updated(second: u32, refunds: &[Value]) -> Value {
    let order = with(created(), "/financial_status", json!("partially_refunded"));
    let order = with(order, "/refunds", json!(refunds));
    with(order, "/updated_at", json!(format!("2026-11-20T11:30:{second:02}+01:00")))
}

fn one(id: &str, minor: i64, stage: &Stage) -> IncomingRefund {
    IncomingRefund { external_id: id.to_owned(), amount_minor: minor, at: stage.now() }
}

/// The next version of an order, with refunds told one by one.
fn with_refunds(order: &IncomingOrder, stage: &Stage, refunds: Vec<IncomingRefund>) -> IncomingOrder {
    let mut next = order.clone();
    next.version.updated_at = stage.now();
    next.payment = Payment::PartiallyRefunded;
    next.refunded_minor = refunds.iter().map(|refund| refund.amount_minor).sum();
    next.refunds = refunds;
    next
}

async fn refund_events(stage: &Stage) -> usize {
    stage.events().await.iter().filter(|kind| *kind == "refund.issued").count()
}

stories! {
    async fn a_refund_is_told_in_the_thread_of_its_order(stage: &Stage) {
        let shop = Shop::connected(stage).await;
        shop.tell(stage, "orders/create", "w1", &created()).await;
        assert_eq!(shop.tell(stage, "refunds/create", "w2", &refund()).await.status, StatusCode::OK);
        stage.pass(MINUTE).await;
        let mails = stage.mails().await;
        assert_eq!(mails[1].subject, "We’ve sent back €18.00 for order #1001");
        let (first, second) = (read(&mails[0]), read(&mails[1]));
        assert_eq!(second.header("In-Reply-To"), first.header("Message-ID"));
        assert!(mails[1].text.contains("3 to 5 days") && mails[1].text.contains("Sent back"), "{}", mails[1].text);
        let page = stage.get(&page_in(&mails[1])).await.body;
        assert!(page.contains("Sent back") && page.contains("18.00"), "{page}");
        assert!(page.contains("Money sent back"), "the message is listed");
        let stored = &all_orders(stage).await[0].order;
        assert_eq!((stored.refunded_minor, stored.payment), (1800, Payment::PartiallyRefunded));
        assert_eq!(refund_events(stage).await, 1);
    }

    async fn money_that_was_first_told_as_a_sum_moves_once_and_what_a_refund_grows_by_moves_too(stage: &Stage) {
        let paid = order(1, stage.now()).paid();
        stage.take(&paid).await;
        stage.pass(MINUTE).await;
        let mut told_as_sum = with_refunds(&paid, stage, vec![one("r1", 500, stage)]);
        told_as_sum.refunds.clear();
        stage.take(&told_as_sum).await;
        assert_eq!(refund_events(stage).await, 1);
        stage.pass(MINUTE).await;
        stage.take(&with_refunds(&paid, stage, vec![one("r1", 500, stage)])).await;
        assert_eq!(refund_events(stage).await, 1);
        stage.pass(MINUTE).await;
        stage.take(&with_refunds(&paid, stage, vec![one("r1", 700, stage)])).await;
        assert_eq!(refund_events(stage).await, 2);
        assert_eq!(all_orders(stage).await[0].order.refunded_minor, 700);
    }

    async fn a_refund_is_told_in_german(stage: &Stage) {
        let shop = Shop::connected(stage).await;
        shop.tell(stage, "orders/create", "w1", &shopify_order("orders/create")).await;
        shop.tell(stage, "refunds/create", "w2", &refund()).await;
        stage.pass(MINUTE).await;
        let letter = &stage.mails().await[1];
        let subject = &letter.subject;
        assert!(subject.starts_with("Wir haben Ihnen") && subject.ends_with("für Bestellung #1001 erstattet"), "{subject}");
        assert!(letter.text.contains("Zahlungsweg") && letter.text.contains("Erstattet"), "{}", letter.text);
    }

    async fn a_refund_that_overtakes_its_order_waits_for_it(stage: &Stage) {
        let shop = Shop::connected(stage).await;
        shop.tell(stage, "refunds/create", "w1", &refund()).await;
        stage.pass(MINUTE).await;
        let waiting = &webhooks(stage).await[0];
        assert_eq!(waiting.state, "parked");
        assert!(waiting.reason.as_deref().is_some_and(|reason| reason.contains("not here yet")), "{waiting:?}");
        shop.tell(stage, "orders/create", "w2", &created()).await;
        stage.pass(MINUTE).await;
        assert!(webhooks(stage).await.iter().all(|row| row.state == "done" && row.order.is_some()));
        assert_eq!(all_orders(stage).await[0].order.refunded_minor, 1800);
        assert_eq!(stage.subjects().await, ["We’ve got your order #1001", "We’ve sent back €18.00 for order #1001"]);
    }

    async fn refunds_add_up_to_the_same_in_any_order_of_arrival(stage: &Stage) {
        let shop = Shop::connected(stage).await;
        let mut dice = Dice::seeded(5);
        for number in 0..10u64 {
            let id = 9_000 + number;
            let of_order = |refund: Value| with(refund, "/order_id", json!(id));
            let (a, b) = (of_order(refund_of(10 * id + 1, "18.00")), of_order(refund_of(10 * id + 2, "2.50")));
            let version = |order: Value| with(with(order, "/id", json!(id)), "/name", json!(format!("#{id}")));
            let told = [
                ("orders/create", version(created())),
                ("refunds/create", a.clone()),
                ("orders/updated", version(updated(1, std::slice::from_ref(&a)))),
                ("refunds/create", b.clone()),
                ("orders/updated", version(updated(2, &[a, b]))),
            ];
            let mut arrivals: Vec<_> = told.iter().chain(&told).collect();
            for place in (1..arrivals.len()).rev() {
                arrivals.swap(place, dice.below(place as u64 + 1) as usize);
            }
            for (place, (topic, body)) in arrivals.into_iter().enumerate() {
                shop.tell(stage, topic, &format!("{id}-{place}"), body).await;
                if dice.below(3) == 0 {
                    stage.pass(MINUTE).await;
                }
            }
            stage.pass(MINUTE).await;
            let stored = all_orders(stage).await.into_iter().find(|o| o.order.external_id == id.to_string());
            let stored = stored.expect("it is there").order;
            assert_eq!((stored.refunded_minor, stored.payment), (2050, Payment::PartiallyRefunded), "#{id}");
        }
        assert_eq!(refund_events(stage).await, 20, "each refund once");
        let waiting = webhooks(stage).await.into_iter().filter(|row| row.state != "done").count();
        assert_eq!(waiting, 0);
    }

    async fn refunds_of_one_flurry_are_one_letter(stage: &Stage) {
        let paid = order(1042, stage.now()).paid();
        let taken = stage.take(&paid).await;
        stage.pass(MINUTE).await;
        stage.take(&with_refunds(&paid, stage, vec![one("r1", 500, stage)])).await;
        stage.pass(SECOND).await;
        stage.take(&with_refunds(&paid, stage, vec![one("r1", 500, stage), one("r2", 200, stage)])).await;
        stage.pass(MINUTE).await;
        stage.take(&with_refunds(&paid, stage, vec![one("r1", 500, stage), one("r2", 200, stage), one("r3", 100, stage)])).await;
        stage.pass(MINUTE).await;
        let subjects = stage.subjects().await;
        assert_eq!(subjects[1..], ["We’ve sent back £7.00 for order #1042", "We’ve sent back £1.00 for order #1042"]);
        let mails = stage.mails().await;
        assert!(mails[2].text.contains("that makes £8.00"), "{}", mails[2].text);
        assert_eq!(stage.order(&taken.order).await.order.refunded_minor, 800);
        assert_eq!(refund_events(stage).await, 3);
    }

    async fn a_refund_with_a_change_is_one_letter_that_tells_both(stage: &Stage) {
        let paid = order(1042, stage.now()).paid();
        stage.take(&paid).await;
        stage.pass(MINUTE).await;
        let fewer = changed_quantity(&paid, stage.now(), 0, 1);
        stage.take(&with_refunds(&fewer, stage, vec![one("r1", 1200, stage)])).await;
        stage.pass(MINUTE).await;
        let mails = stage.mails().await;
        assert_eq!(mails.len(), 2, "{:?}", stage.subjects().await);
        assert_eq!(mails[1].subject, "We’ve sent back £12.00 for order #1042");
        assert!(mails[1].text.contains("1 piece"), "{}", mails[1].text);
    }

    async fn a_cancellation_that_said_it_is_not_repeated_and_one_that_promised_is_followed(stage: &Stage) {
        let paid = order(1, stage.now()).paid();
        stage.take(&paid).await;
        stage.take(&cancelled(&paid, stage.now() + SECOND, true)).await;
        stage.pass(MINUTE).await;
        let other = order(2, stage.now()).paid();
        stage.take(&other).await;
        let promised = cancelled(&other, stage.now() + SECOND, false);
        stage.take(&IncomingOrder { payment: Payment::Paid, ..promised.clone() }).await;
        stage.pass(MINUTE).await;
        let mut sent = promised;
        sent.version.updated_at = stage.now();
        sent.payment = Payment::Refunded;
        sent.refunds = vec![one("r1", other.totals.total, stage)];
        stage.take(&sent).await;
        stage.pass(MINUTE).await;
        let subjects = stage.subjects().await;
        let about = |number: &str| subjects.iter().filter(|subject| subject.contains(number)).count();
        assert_eq!((about("#1"), about("#2")), (2, 3), "{subjects:?}");
        assert!(subjects[4].starts_with("We’ve sent back"), "{subjects:?}");
    }

    async fn what_is_told_in_sum_is_told_too(stage: &Stage) {
        let paid = order(1042, stage.now()).paid();
        stage.take(&paid).await;
        stage.pass(MINUTE).await;
        stage.take(&refunded(&paid, stage.now())).await;
        stage.pass(MINUTE).await;
        let subjects = stage.subjects().await;
        assert!(subjects[1].starts_with("We’ve sent back"), "{subjects:?}");
        assert_eq!((subjects.len(), refund_events(stage).await), (2, 1));
    }

    async fn history_is_not_spoken_of(stage: &Stage) {
        let old = order(1042, stage.now() - Duration::from_secs(30 * 86_400)).paid();
        stage.take(&old).await;
        stage.take(&with_refunds(&old, stage, vec![one("r1", 500, stage)])).await;
        stage.pass(MINUTE).await;
        assert!(stage.mails().await.is_empty());
        assert_eq!(refund_events(stage).await, 1);
    }

    async fn a_refund_of_another_currency_or_the_far_future_is_parked(stage: &Stage) {
        let shop = Shop::connected(stage).await;
        shop.tell(stage, "orders/create", "w1", &created()).await;
        shop.tell(stage, "refunds/create", "w2", &with(refund(), "/transactions/0/currency", json!("USD"))).await;
        shop.tell(stage, "refunds/create", "w3", &with(refund(), "/processed_at", json!("2099-01-01T00:00:00Z"))).await;
        shop.tell(stage, "refunds/create", "w4", &with(refund(), "/transactions/0/amount", json!("-18.00"))).await;
        shop.tell(stage, "refunds/create", "w5", &with(refund(), "/id", Value::Null)).await;
        shop.tell(stage, "refunds/create", "w6", &with(refund(), "/transactions/0/status", json!("pending"))).await;
        stage.pass(MINUTE).await;
        assert_eq!(states(stage).await, ["done", "done", "parked", "parked", "parked", "parked"]);
        assert_eq!((all_orders(stage).await[0].order.refunded_minor, stage.mails().await.len()), (0, 1));
    }
}
