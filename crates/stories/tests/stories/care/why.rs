//! "Why didn't they get it?"

use std::time::Duration;

use axum::http::StatusCode;
use customers::SuppressionReason;
use kernel::Channel;
use messaging::decide::Why;
use staff::Role;
use stories::letters::{OFFER, TIP};
use stories::stage::Stage;
use stories::stories;
use timeline::{Actor, IncidentKind};
use world::samples::{Bend, order};

use super::kit::{Desk, customer_of};

async fn asked(desk: &Desk<'_>, who: &str, template: &str) -> String {
    let who = who.replace('@', "%40").replace('+', "%2B").replace('#', "%23");
    let page = desk.get(&format!("/a/why?who={who}&template={template}")).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    page.body
}

stories! {
    async fn what_was_sent_says_so_and_what_was_never_written_says_what_did_not_happen(stage: &Stage) {
        let amina = customer_of(stage, order(1042, stage.now()).paid()).await;
        let desk = Desk::of(stage, Role::Agent).await;
        for who in [amina.as_str(), "amina@example.test", "+447700900123", "#1042"] {
            let page = asked(&desk, who, "order.confirmation").await;
            assert!(page.contains("It was sent") && page.contains("Accepted"), "{who}: {page}");
        }
        let page = asked(&desk, amina.as_str(), "order.cancelled").await;
        assert!(page.contains("It was never written") && page.contains("when an order is cancelled"), "{page}");
        assert!(page.contains("That has not happened to any order of theirs."), "{page}");
        let mut old = order(7, stage.now() - Duration::from_secs(30 * 86_400)).paid().by("old@example.test", "Old");
        old.version.updated_at = old.placed_at;
        customer_of(stage, old).await;
        let page = asked(&desk, "old@example.test", "order.confirmation").await;
        assert!(page.contains("came as history"), "{page}");
        let nobody = desk.get("/a/why?who=nobody%40example.test&template=order.confirmation").await;
        assert_eq!(nobody.status, StatusCode::UNPROCESSABLE_ENTITY);
        let no_message = desk.get(&format!("/a/why?who={amina}&template=order.nonsense")).await;
        assert_eq!(no_message.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(desk.get("/a/why").await.status, StatusCode::OK);
    }

    /// The answer runs the rule itself, on what is known today: it can't say anything else than what would happen.
    async fn the_answer_is_what_the_rule_would_say_today(stage: &Stage) {
        let amina = customer_of(stage, order(1, stage.now()).paid()).await;
        let desk = Desk::of(stage, Role::Agent).await;
        let rule = |page: &str, why: Why| page.contains(&format!("<dd>{}</dd>", why.words())) && page.contains(why.help());
        let page = asked(&desk, amina.as_str(), TIP).await;
        assert!(rule(&page, Why::StatedChannel) && page.contains("by e-mail to amina@example.test"), "{page}");
        desk.does(&format!("/a/customers/{amina}/pause"), &[("for", "7")]).await;
        assert!(rule(&asked(&desk, amina.as_str(), TIP).await, Why::Paused));
        assert!(rule(&asked(&desk, amina.as_str(), "order.confirmation").await, Why::StatedChannel));
        desk.does(&format!("/a/customers/{amina}/resume"), &[]).await;
        let id = amina.clone();
        let opened = stage.house.db.write("story.lost", move |w| {
            timeline::open_incident(w, IncidentKind::Lost, ("parcel", "p1"), &id, Actor::Rule("story"))
        });
        opened.await.unwrap();
        assert!(rule(&asked(&desk, amina.as_str(), OFFER).await, Why::Incident));
        let id = amina.clone();
        let switched = stage.house.db.write("story.off", move |w| customers::switch_topic(w, &id, "tips", false, "you_updates"));
        switched.await.unwrap();
        assert!(rule(&asked(&desk, amina.as_str(), TIP).await, Why::TopicOff));
        let wish = |w: &mut db::Write<'_>| {
            customers::suppress(w, Channel::Email, "amina@example.test", SuppressionReason::Complained, "provider")?;
            customers::suppress(w, Channel::Sms, "+447700900123", SuppressionReason::Complained, "provider")
        };
        stage.house.db.write("story.wish", wish).await.unwrap();
        assert!(rule(&asked(&desk, amina.as_str(), OFFER).await, Why::Complained));
        let before = stage.messages().await.len();
        assert_eq!(before, 1, "a question writes nothing");
    }
}
