//! Addresses that may not be written to, by hand and by list.

use std::time::Duration;

use axum::http::StatusCode;
use customers::SuppressionReason;
use kernel::{Channel, Purpose};
use messaging::decide::Why;
use staff::Role;
use stories::letters::TIP;
use stories::stage::Stage;
use stories::stories;
use world::samples::{Bend, order};

use super::kit::{Desk, customer_of};

const ADDRESS: &str = "amina@example.test";

async fn wished(stage: &Stage, source: &'static str) {
    let write = stage.house.db.write("story.wish", move |w| {
        customers::suppress(w, Channel::Email, ADDRESS, SuppressionReason::Unsubscribed, source)
    });
    write.await.unwrap();
}

async fn holds(stage: &Stage) -> bool {
    let read = stage.house.db.read("story.holds", |r| customers::suppressed(r, Channel::Email, ADDRESS));
    read.await.unwrap().is_some()
}

const LIFT: [(&str, &str); 4] =
    [("address", ADDRESS), ("reason", "unsubscribed"), ("topic", ""), ("because", "They rang.")];

stories! {
    async fn an_address_the_shop_suppressed_hears_nothing_until_the_shop_lifts_it(stage: &Stage) {
        let amina = customer_of(stage, order(1, stage.now()).paid()).await;
        let (sam, liu) = (Desk::of(stage, Role::Agent).await, Desk::of(stage, Role::Manager).await);
        let add = [("address", "Amina@Example.test"), ("reason", "unsubscribed")];
        assert_eq!(sam.does("/a/suppressions", &add).await, "/a/suppressions?done=added");
        assert_eq!(sam.does("/a/suppressions", &add).await, "/a/suppressions?done=known");
        stage.say(&amina, TIP, "a tip").await;
        assert_eq!(stage.messages().await[1].reason, Why::Unsubscribed.words());
        let page = sam.get("/a/suppressions?address=AMINA%40example.test").await.body;
        assert!(page.contains("<b>unsubscribed</b>") && page.contains("from <bdi>Sam</bdi>"), "{page}");
        assert!(!page.contains("/a/suppressions/lift"), "an agent lifts nothing: {page}");
        assert_eq!(sam.post("/a/suppressions/lift", &LIFT).await.status, StatusCode::FORBIDDEN);
        let no_reason = liu.post("/a/suppressions/lift", &LIFT[..3]).await;
        assert!(no_reason.body.contains("Say in a line why it is lifted."), "{}", no_reason.body);
        assert!(holds(stage).await);
        liu.does("/a/suppressions/lift", &LIFT).await;
        assert!(!holds(stage).await);
        let page = liu.get("/a/suppressions?address=amina%40example.test").await.body;
        assert!(page.contains("; lifted Fri 20 Nov"), "that it held stays on record: {page}");
        let log = liu.audited().await;
        let actions: Vec<_> = log.iter().map(|entry| &*entry.action).collect();
        assert_eq!(actions, ["suppression.lifted", "suppression.added"]);
    }

    async fn a_persons_own_no_is_lifted_only_after_their_new_yes(stage: &Stage) {
        let amina = customer_of(stage, order(1, stage.now()).paid()).await;
        let liu = Desk::of(stage, Role::Owner).await;
        stage.pass(Duration::from_secs(60)).await;
        wished(stage, "one_click").await;
        let refused = liu.post("/a/suppressions/lift", &LIFT).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains("Only they take it back"), "{}", refused.body);
        assert!(holds(stage).await, "the yes from before does not count");
        stage.pass(Duration::from_secs(60)).await;
        let said_at = stage.now();
        let yes = customers::Consent {
            channel: Channel::Email, purpose: Purpose::Marketing, granted: true, wording: Some("Tick to get our news".to_owned()), said_at,
        };
        stage.house.db.write("story.yes", move |w| customers::record_consent(w, &amina, &yes, "web")).await.unwrap();
        liu.does("/a/suppressions/lift", &LIFT).await;
        assert!(!holds(stage).await);
    }

    async fn a_list_only_adds_and_names_the_lines_it_can_not_read(stage: &Stage) {
        wished(stage, "one_click").await;
        let liu = Desk::of(stage, Role::Manager).await;
        let list = "email,status\namina@example.test,subscribed\nliu@example.test\nnobody\n+447700900124;x\n";
        let page = liu.post("/a/suppressions/import", &[("list", list)]).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        assert!(page.body.contains("Added: 2. Known already: 1.") && page.body.contains("Line 4:"), "{}", page.body);
        assert!(!page.body.contains("nobody</"), "what a line says is not repeated");
        assert!(holds(stage).await, "subscribed in a list is no yes");
        let again = liu.post("/a/suppressions/import", &[("list", list)]).await;
        assert!(again.body.contains("Added: 0. Known already: 3."), "{}", again.body);
        let refused = liu.post("/a/suppressions/lift", &LIFT).await;
        assert!(refused.body.contains("Only they take it back"), "an import has not made it the shop's: {}", refused.body);
        let empty = liu.post("/a/suppressions/import", &[("list", "\n<script>\n")]).await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(!empty.body.contains("<script>\n"), "{}", empty.body);
        let sam = Desk::of(stage, Role::Agent).await;
        assert_eq!(sam.post("/a/suppressions/import", &[("list", list)]).await.status, StatusCode::FORBIDDEN);
        let mail = sam.post("/a/suppressions", &[("address", "x@example.test"), ("reason", "stopped")]).await;
        assert_eq!(mail.status, StatusCode::UNPROCESSABLE_ENTITY, "an e-mail address can't answer STOP");
        let none = sam.post("/a/suppressions", &[("address", "x"), ("reason", "unsubscribed")]).await;
        assert!(none.body.contains("Write an e-mail address"), "{}", none.body);
    }
}
