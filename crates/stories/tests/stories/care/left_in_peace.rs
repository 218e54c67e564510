//! A customer who asked to be left in peace for a while.

use std::time::Duration;

use axum::http::StatusCode;
use messaging::decide::Why;
use staff::Role;
use stories::letters::{OFFER, TIP};
use stories::stage::Stage;
use stories::stories;
use world::samples::{Bend, order};

use super::kit::{Desk, customer_of, person};

const DAY: Duration = Duration::from_secs(86_400);

stories! {
    async fn what_could_wait_waits_for_the_end_of_a_pause_and_the_purchase_does_not(stage: &Stage) {
        let amina = customer_of(stage, order(1, stage.now()).paid().left()).await;
        let desk = Desk::of(stage, Role::Agent).await;
        desk.does(&format!("/a/customers/{amina}/pause"), &[("for", "7")]).await;
        assert!(desk.customer(&amina, "").await.contains("Left in peace until Friday 27 November"));
        stage.say(&amina, TIP, "a tip").await;
        stage.say(&amina, OFFER, "an offer").await;
        stage.pass(Duration::from_millis(1)).await;
        stage.take(&order(2, stage.now()).paid().left()).await;
        stage.settle().await;
        let said: Vec<_> = stage.messages().await.into_iter().map(|m| (m.template, m.state, m.reason)).collect();
        assert_eq!(said[1].2, Why::Paused.words());
        assert_eq!(said[2].2, Why::Paused.words());
        assert_eq!((&*said[3].0, &*said[3].1), ("order.confirmation", "accepted"));
        stage.pass(8 * DAY).await;
        let states: Vec<_> = stage.messages().await.into_iter().map(|m| m.state).collect();
        assert_eq!(states, ["accepted"; 4], "it ends by itself");
        let eve = Desk::named(stage, Role::Agent, "Eve").await;
        assert!(!eve.customer(&amina, "").await.contains("Left in peace until"));
    }

    async fn a_pause_is_ended_by_a_word_and_what_waited_goes_out_then(stage: &Stage) {
        let amina = customer_of(stage, order(1, stage.now()).paid().left()).await;
        let desk = Desk::of(stage, Role::Agent).await;
        let pause = format!("/a/customers/{amina}/pause");
        desk.does(&pause, &[("for", "date"), ("until", "2026-12-24")]).await;
        assert_eq!(person(stage, &amina).await.paused_until.unwrap().to_string(), "2026-12-24T00:00:00Z");
        stage.say(&amina, TIP, "a tip").await;
        assert_eq!(stage.messages().await[1].state, "held");
        desk.does(&format!("/a/customers/{amina}/resume"), &[]).await;
        stage.settle().await;
        assert_eq!(stage.messages().await[1].state, "accepted");
        desk.does(&format!("/a/customers/{amina}/resume"), &[]).await;
        let log = desk.audited().await;
        let actions: Vec<_> = log.iter().map(|entry| &*entry.action).collect();
        assert_eq!(actions, ["customer.resumed", "customer.paused"], "what changed nothing is not noted");
        for (span, until) in [("date", "2026-11-20"), ("date", "2029-01-01"), ("date", "soon"), ("forever", "")] {
            let refused = desk.post(&pause, &[("for", span), ("until", until)]).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{span} {until}");
            assert!(refused.body.contains("role=\"alert\""), "{span} {until}");
        }
    }
}
