//! PostgreSQL going away between any two steps of a hand-off, and several processes on one schema.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use db::Engine;
use kernel::{Kind, VirtualClock};
use messaging::provider::RefusalClass;
use stories::postgres::{Cluster, Cut, Proxy};
use stories::stage::{self, Stage};
use world::samples::{Bend, order};

use crate::courier::{Courier, accepted, refusal};
use crate::post;

/// How often a process looks after its own leases.
const BEAT: Duration = Duration::from_secs(10);

async fn shop(url: &str, courier: &Courier) -> Stage {
    let clock = Arc::new(VirtualClock::at(stage::at(stage::BEGINNING)));
    Stage::at(url, clock, Some(courier.provider())).await
}

async fn order_in(stage: &Stage) {
    stage.take(&order(1042, stage.now())).await;
}

async fn assert_sent(stage: &Stage, hand_offs: i64) {
    let letters = post::letters(stage).await;
    assert_eq!((letters.len(), letters[0].state.as_str(), letters[0].hand_offs), (1, "accepted", hand_offs));
}

#[test]
fn a_message_that_is_out_when_the_database_goes_is_recorded_later_and_not_sent_again() {
    post::run_on(Engine::Postgres, async {
        let cluster = Arc::new(Cluster::start());
        let courier = Courier::default();
        let stage = shop(&cluster.url("away"), &courier).await;
        order_in(&stage).await;
        let killed = Arc::clone(&cluster);
        courier.on_submit(|| async move {
            killed.kill9();
            std::thread::spawn(move || killed.restart());
            accepted("while the database was away")
        });
        stage.settle().await;
        assert_sent(&stage, 1).await;
        stage.pass(Duration::from_secs(3_600)).await;
        assert_eq!(courier.given().len(), 1);
        stage.end().await;
    });
}

#[test]
fn a_failure_that_could_not_be_recorded_does_not_hold_the_message_for_ever() {
    post::run_on(Engine::Postgres, async {
        let cluster = Arc::new(Cluster::start());
        let courier = Courier::default();
        let stage = shop(&cluster.url("away"), &courier).await;
        order_in(&stage).await;
        let killed = Arc::clone(&cluster);
        courier.on_connect(|| async move {
            killed.kill9();
            Err(refusal(RefusalClass::Transient))
        });
        assert!(stage.runner.run_due().await.is_err(), "nothing can be claimed without a database");
        cluster.restart();
        assert!(post::letters(&stage).await[0].leased);
        free_and_send(&stage).await;
        assert_eq!(courier.given().len(), 1);
        stage.end().await;
    });
}

#[test]
fn a_claim_whose_answer_was_lost_does_not_hold_the_message_for_ever() {
    post::run_on(Engine::Postgres, async {
        let proxy = Proxy::start(Cluster::shared().port());
        let schema = Cluster::shared().fresh_schema();
        let courier = Courier::default();
        let stage = shop(&Cluster::shared().url_through(proxy.port(), &schema), &courier).await;
        order_in(&stage).await;
        proxy.cut_once(b" COMMIT\0", Cut::BeforeAnswer);
        let error = stage.runner.run_due().await.expect_err("the answer was lost");
        assert_eq!((error.kind(), proxy.cuts()), (Kind::OutcomeUnknown, 1));
        assert!(post::letters(&stage).await[0].leased);
        free_and_send(&stage).await;
        assert_eq!(courier.given().len(), 1);
        stage.end().await;
    });
}

#[test]
fn a_mark_whose_answer_was_lost_is_taken_back_and_the_message_handed_over() {
    post::run_on(Engine::Postgres, async {
        let proxy = Arc::new(Proxy::start(Cluster::shared().port()));
        let schema = Cluster::shared().fresh_schema();
        let courier = Courier::default();
        let stage = shop(&Cluster::shared().url_through(proxy.port(), &schema), &courier).await;
        order_in(&stage).await;
        let cutting = Arc::clone(&proxy);
        courier.on_connect(|| async move {
            cutting.cut_once(b" COMMIT\0", Cut::BeforeAnswer);
            Ok(())
        });
        stage.settle().await;
        assert_eq!(proxy.cuts(), 1);
        assert_sent(&stage, 1).await;
        assert_eq!(courier.given().len(), 1);
        stage.end().await;
    });
}

/// Two beats find that nobody works on it.
async fn free_and_send(stage: &Stage) {
    stage.runner.beat().await.expect("it beats");
    stage.settle().await;
    assert!(post::letters(stage).await[0].leased, "one look is not enough: a claim may be under way");
    stage.pass(BEAT).await;
    stage.runner.beat().await.expect("it beats");
    stage.settle().await;
    assert_sent(stage, 1).await;
}

#[test]
fn work_in_hand_is_not_taken_away_by_a_beat() {
    post::run_on(Engine::Postgres, async {
        let courier = Courier::default();
        let stage = shop(&stage::fresh_url(Engine::Postgres), &courier).await;
        order_in(&stage).await;
        courier.stop_at_submit(accepted("after a while"));
        let mut working = Box::pin(stage.runner.run_due());
        courier.stops(&mut working).await;
        for _ in 0..10 {
            stage.clock.move_to(stage.now() + BEAT);
            stage.runner.beat().await.expect("it beats");
        }
        courier.release();
        working.await.expect("it goes on");
        assert_sent(&stage, 1).await;
        stage.end().await;
    });
}

#[test]
fn an_outage_for_everybody_is_nobodys_death() {
    post::run_on(Engine::Postgres, async {
        let url = stage::fresh_url(Engine::Postgres);
        let (one, other) = (Courier::default(), Courier::default());
        let first = shop(&url, &one).await;
        order_in(&first).await;
        one.stop_at_submit(accepted("after the outage"));
        let mut working = Box::pin(first.runner.run_due());
        one.stops(&mut working).await;
        let second = beside(&first, &url, &other).await;
        second.runner.beat().await.expect("it beats");
        // For a minute nobody reaches the database; then this process happens to be the first who does.
        second.clock.move_to(second.now() + Duration::from_secs(60));
        second.runner.beat().await.expect("it beats");
        second.settle().await;
        one.release();
        working.await.expect("it goes on");
        assert_sent(&first, 1).await;
        assert!(other.given().is_empty(), "nobody took the work of one who lives");
        second.end().await;
        first.end().await;
    });
}

/// Another process on the same database.
async fn beside(first: &Stage, url: &str, courier: &Courier) -> Stage {
    // Every stage has the same dice; the same moment too would make the same identifiers.
    let later = Arc::new(VirtualClock::at(first.now() + Duration::from_secs(1)));
    Stage::at(url, later, Some(courier.provider())).await
}

#[test]
fn two_processes_share_the_work_and_send_each_message_once() {
    post::run_on(Engine::Postgres, async {
        let url = stage::fresh_url(Engine::Postgres);
        let (one, other) = (Courier::default(), Courier::default());
        let first = shop(&url, &one).await;
        let second = beside(&first, &url, &other).await;
        for number in 0..30_u32 {
            let email = format!("guest{number}@example.test");
            first.take(&order(1_000 + number, first.now()).by(&email, "A guest")).await;
            for courier in [&one, &other] {
                courier.on_submit(|| async {
                    tokio::task::yield_now().await;
                    accepted("taken")
                });
            }
        }
        let (a, b) = tokio::join!(first.runner.run_due(), second.runner.run_due());
        assert!(a.expect("it works") > 0 && b.expect("it works") > 0, "both have a share");
        let (ours, theirs) = (one.ids(), other.ids());
        assert!(!ours.is_empty() && !theirs.is_empty(), "{} and {}", ours.len(), theirs.len());
        let all: BTreeSet<_> = ours.iter().chain(&theirs).collect();
        assert_eq!((all.len(), ours.len() + theirs.len()), (30, 30));
        assert!(post::letters(&first).await.iter().all(|letter| letter.state == "accepted"));
        second.end().await;
        first.end().await;
    });
}
