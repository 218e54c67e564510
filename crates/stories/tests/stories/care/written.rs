//! Notes and contacts.

use std::time::Duration;

use axum::http::StatusCode;
use staff::Role;
use stories::stage::Stage;
use stories::stories;
use world::hostile::strings;
use world::samples::{Bend, order};

use super::kit::{Desk, customer_of};

stories! {
    async fn a_call_that_was_logged_stands_on_the_timeline_when_it_was(stage: &Stage) {
        let amina = customer_of(stage, order(1, stage.now()).paid()).await;
        stage.pass(Duration::from_secs(7_200)).await;
        let desk = Desk::of(stage, Role::Agent).await;
        let once = desk.once(&amina).await;
        let call = [
            ("once", &*once), ("way", "phone"), ("direction", "in"), ("at", "2026-11-20T11:00"),
            ("subject", "Where is it"), ("body", "She asked.\nWe looked."),
        ];
        let path = format!("/a/customers/{amina}/contacts");
        desk.does(&path, &call).await;
        desk.does(&path, &call).await;
        let page = desk.customer(&amina, "contacts").await;
        assert_eq!(page.matches("She asked.\nWe looked.").count(), 1, "a form that is sent twice writes once: {page}");
        assert!(page.contains("Contact logged") && page.contains("from <bdi>Sam</bdi>"), "{page}");
        assert!(page.contains("2026-11-20T11:00:00Z"), "when it was, not when it was written: {page}");
        assert!(!page.contains("Order placed"), "a view shows its part: {page}");
        let future = [("once", &*once), ("way", "phone"), ("direction", "in"), ("at", "2026-11-21T11:00"), ("body", "x")];
        let refused = desk.post(&path, &future).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains("This lies in the future"), "{}", refused.body);
        let events = stage.events().await;
        assert_eq!(events.iter().filter(|kind| *kind == "contact.logged").count(), 1);
    }

    async fn a_note_is_changed_by_who_wrote_it_or_a_manager_and_the_log_says_only_that_it_was(stage: &Stage) {
        let amina = customer_of(stage, order(1, stage.now()).paid()).await;
        let (sam, eve) = (Desk::of(stage, Role::Agent).await, Desk::named(stage, Role::Agent, "Eve").await);
        let once = sam.once(&amina).await;
        sam.does(&format!("/a/customers/{amina}/notes"), &[("once", &once), ("body", "Allergic to bergamot.")]).await;
        let note = format!("/a/customers/{amina}/notes/{once}");
        assert!(!eve.get(&note).await.body.contains("<textarea"), "who did not write it only reads it");
        assert_eq!(eve.post(&note, &[("body", "Nonsense.")]).await.status, StatusCode::FORBIDDEN);
        assert_eq!(eve.post(&format!("{note}/remove"), &[]).await.status, StatusCode::FORBIDDEN);
        let empty = sam.post(&note, &[("body", " ")]).await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
        sam.does(&note, &[("subject", "Tea"), ("body", "Allergic to mint.")]).await;
        let page = sam.customer(&amina, "notes").await;
        assert!(page.contains("Allergic to mint.") && page.contains("changed since"), "{page}");
        let liu = Desk::of(stage, Role::Manager).await;
        liu.does(&format!("{note}/remove"), &[]).await;
        let page = liu.customer(&amina, "notes").await;
        assert!(page.contains("What was written was removed.") && !page.contains("mint"), "{page}");
        assert_eq!(sam.post(&note, &[("body", "Again.")]).await.status, StatusCode::NOT_FOUND);
        let log = liu.audited().await;
        let said: Vec<_> = log.iter().map(|e| (&*e.action, e.name.as_deref(), e.after.as_deref())).take(3).collect();
        let expected = [
            ("note.removed", Some("Liu"), None),
            ("note.edited", Some("Sam"), Some("changed")),
            ("note.written", Some("Sam"), None),
        ];
        assert_eq!(said, expected);
    }

    async fn anothers_note_is_not_there(stage: &Stage) {
        let amina = customer_of(stage, order(1, stage.now()).paid()).await;
        let other = customer_of(stage, order(2, stage.now()).paid().by("liu@example.test", "Liu Wei")).await;
        let desk = Desk::of(stage, Role::Owner).await;
        let once = desk.once(&amina).await;
        desk.does(&format!("/a/customers/{amina}/notes"), &[("once", &once), ("body", "Hers.")]).await;
        let through_another = format!("/a/customers/{other}/notes/{once}");
        assert_eq!(desk.get(&through_another).await.status, StatusCode::NOT_FOUND);
        assert_eq!(desk.post(&through_another, &[("body", "His.")]).await.status, StatusCode::NOT_FOUND);
        let nobody = "/a/customers/cus_0000000000000000000000000";
        for path in ["", "/consents", "/merge", "/erase"] {
            assert_eq!(desk.get(&format!("{nobody}{path}")).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        assert!(desk.customer(&amina, "").await.contains("Hers."));
    }

    async fn whatever_somebody_writes_stays_text(stage: &Stage) {
        let amina = customer_of(stage, order(1, stage.now()).paid()).await;
        let desk = Desk::of(stage, Role::Owner).await;
        let calm = desk.customer(&amina, "").await.matches('<').count();
        for (name, hostile) in strings() {
            let once = desk.once(&amina).await;
            let path = format!("/a/customers/{amina}/notes");
            let written = desk.post(&path, &[("once", &once), ("subject", &hostile), ("body", &hostile)]).await;
            if written.status != StatusCode::SEE_OTHER {
                let refused = [StatusCode::UNPROCESSABLE_ENTITY, StatusCode::PAYLOAD_TOO_LARGE];
                assert!(refused.contains(&written.status), "{name}: {}", written.status);
                continue;
            }
            let page = desk.customer(&amina, "").await;
            let note = format!("{path}/{once}");
            let tags = page.matches('<').count();
            desk.does(&format!("{note}/remove"), &[]).await;
            let removed = desk.customer(&amina, "").await.matches('<').count();
            assert!(tags <= removed + 12, "{name}: {calm} {removed} {tags}");
            assert!(!page.contains("<img src=x"), "{name}");
            assert_eq!(page.matches("<script").count(), 1, "{name}: there is our own and no other");
        }
    }

    async fn a_long_stream_is_read_page_by_page_in_each_view(stage: &Stage) {
        let amina = customer_of(stage, order(1, stage.now()).paid()).await;
        let desk = Desk::of(stage, Role::Agent).await;
        for number in 0..60 {
            stage.pass(Duration::from_secs(1)).await;
            let once = desk.once(&amina).await;
            let body = format!("note number {number}.");
            desk.does(&format!("/a/customers/{amina}/notes"), &[("once", &once), ("body", &body)]).await;
        }
        let first = desk.customer(&amina, "notes").await;
        let older = first.split("rel=\"next\" href=\"").nth(1).unwrap().split('"').next().unwrap();
        let second = desk.get(&older.replace("&amp;", "&")).await.body;
        let notes = |page: &str| page.matches("note number").count();
        assert_eq!((notes(&first), notes(&second)), (50, 10));
        assert!(second.contains("rel=\"prev\""), "{second}");
    }
}
