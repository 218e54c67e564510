//! Two customers who are one person.

use std::time::Duration;

use axum::body::Body;
use axum::http::StatusCode;
use axum::http::{Request, header};
use kernel::{Channel, CustomerId, Email, Purpose};
use messaging::decide::Why;
use orders::incoming::IncomingOrder;
use staff::Role;
use stories::letters::{OFFER, TIP};
use stories::stage::Stage;
use stories::stories;
use world::samples::{Bend, order};

use super::kit::{Desk, customer_of, person};

fn from(number: u32, stage: &Stage, account: &str, email: &str) -> IncomingOrder {
    let mut order = order(number, stage.now()).paid();
    order.customer.external_id = Some(account.to_owned());
    order.customer.email = Email::parse(email).ok();
    order
}

/// Amina with her account and the account that she forgot.
async fn two(stage: &Stage) -> (CustomerId, CustomerId) {
    let kept = customer_of(stage, from(1, stage, "c1", "amina@example.test")).await;
    stage.pass(Duration::from_secs(60)).await;
    let gone = customer_of(stage, from(2, stage, "c2", "a.khan@example.test")).await;
    assert_ne!(kept, gone);
    (kept, gone)
}

async fn merge(desk: &Desk<'_>, kept: &CustomerId, gone: &CustomerId) {
    let there = desk.does(&format!("/a/customers/{kept}/merge"), &[("other", gone.as_str())]).await;
    assert_eq!(there, format!("/a/customers/{kept}"));
}

async fn unmerge(desk: &Desk<'_>, kept: &CustomerId, gone: &CustomerId) {
    desk.does(&format!("/a/customers/{kept}/unmerge"), &[("other", gone.as_str())]).await;
}

stories! {
    async fn two_who_are_one_are_shown_as_one_and_made_two_again_exactly(stage: &Stage) {
        let (kept, gone) = two(stage).await;
        let desk = Desk::of(stage, Role::Manager).await;
        let before = [desk.customer(&kept, "").await, desk.customer(&gone, "").await];
        let sides = desk.get(&format!("/a/customers/{kept}/merge?with=a.khan%40example.test")).await.body;
        assert!(sides.contains("Stays") && sides.contains("Is merged into it") && sides.contains("Nothing is moved"), "{sides}");
        merge(&desk, &kept, &gone).await;
        merge(&desk, &kept, &gone).await;
        let page = desk.customer(&kept, "").await;
        assert_eq!(page.matches("Order placed").count(), 2, "{page}");
        assert_eq!(page.matches("/a/orders/ord_").count(), 2 + before.iter().map(|page| page.matches("\">order</a>").count()).sum::<usize>());
        assert_eq!(desk.customer(&gone, "").await.split("name=\"once\"").next(), page.split("name=\"once\"").next(), "whoever asks for either sees both");
        let list = desk.get("/a/customers").await.body;
        assert_eq!(list.matches("/a/customers/cus_").count(), 1, "{list}");
        let found = desk.get("/a/search?q=a.khan%40example.test").await;
        assert_eq!(found.header(header::LOCATION), format!("/a/customers/{kept}"));
        unmerge(&desk, &kept, &gone).await;
        unmerge(&desk, &kept, &gone).await;
        for (id, before) in [(&kept, &before[0]), (&gone, &before[1])] {
            let page = desk.customer(id, "orders").await;
            assert_eq!(page.matches("Order placed").count(), before.matches("Order placed").count());
            assert!(desk.customer(id, "").await.contains("Made two again"));
        }
        let log = desk.audited().await;
        let actions: Vec<_> = log.iter().map(|entry| &*entry.action).collect();
        assert_eq!(actions, ["customer.unmerged", "customer.merged"]);
    }

    async fn what_comes_for_either_after_a_merge_is_at_home_and_goes_back_with_it(stage: &Stage) {
        let (kept, gone) = two(stage).await;
        let desk = Desk::of(stage, Role::Manager).await;
        merge(&desk, &kept, &gone).await;
        customer_of(stage, from(3, stage, "c2", "a.khan@example.test")).await;
        let mut cancelled = from(2, stage, "c2", "a.khan@example.test");
        cancelled.status = orders::incoming::OrderStatus::Cancelled;
        cancelled.version.updated_at = stage.now();
        stage.take(&cancelled).await;
        stage.settle().await;
        let page = desk.customer(&kept, "").await;
        assert!(page.contains("#3") && page.contains("Order cancelled"), "{page}");
        unmerge(&desk, &kept, &gone).await;
        let orders = |page: String| ["#1", "#2", "#3"].map(|number| page.contains(&format!("<bdi>{number}</bdi>")));
        assert_eq!(orders(desk.customer(&kept, "").await), [true, false, false]);
        assert_eq!(orders(desk.customer(&gone, "").await), [false, true, true]);
        assert_eq!(customer_of(stage, from(4, stage, "c2", "a.khan@example.test")).await, gone);
    }

    async fn of_what_both_said_the_newest_counts_and_a_no_is_not_lost(stage: &Stage) {
        let (kept, gone) = two(stage).await;
        let (marketing, by_mail) = (Purpose::Marketing, Channel::Email);
        stage.pass(Duration::from_secs(60)).await;
        let (said_at, no) = (stage.now(), gone.clone());
        let consent = customers::Consent { channel: by_mail, purpose: marketing, granted: false, wording: None, said_at };
        stage.house.db.write("story.no", move |w| customers::record_consent(w, &no, &consent, "web")).await.unwrap();
        let off = gone.clone();
        stage.house.db.write("story.off", move |w| customers::switch_topic(w, &off, "tips", false, "you_updates")).await.unwrap();
        assert!(customers::is_granted(&person(stage, &kept).await.consents, by_mail, marketing));
        let desk = Desk::of(stage, Role::Manager).await;
        merge(&desk, &kept, &gone).await;
        assert!(!customers::is_granted(&person(stage, &kept).await.consents, by_mail, marketing));
        stage.say(&kept, OFFER, "an offer").await;
        stage.say(&kept, TIP, "a tip").await;
        let rows = stage.messages().await;
        assert_eq!((&*rows[2].reason, &*rows[3].reason), (Why::NotOptedIn.words(), Why::TopicOff.words()));
        unmerge(&desk, &kept, &gone).await;
        assert!(customers::is_granted(&person(stage, &kept).await.consents, by_mail, marketing));
    }

    async fn what_waits_for_one_of_them_hears_of_what_changes_for_the_other(stage: &Stage) {
        let (kept, gone) = two(stage).await;
        let desk = Desk::of(stage, Role::Manager).await;
        desk.does(&format!("/a/customers/{kept}/pause"), &[("for", "30")]).await;
        stage.say(&gone, TIP, "before").await;
        assert_eq!(stage.messages().await[2].state, "accepted", "two people, two pauses");
        merge(&desk, &kept, &gone).await;
        stage.settle().await;
        stage.say(&gone, TIP, "after").await;
        assert_eq!(stage.messages().await[3].reason, Why::Paused.words());
        unmerge(&desk, &kept, &gone).await;
        stage.settle().await;
        assert_eq!(stage.messages().await[3].state, "accepted");
    }

    async fn the_api_knows_a_person_by_whichever_of_their_names(stage: &Stage) {
        let (kept, gone) = two(stage).await;
        merge(&Desk::of(stage, Role::Manager).await, &kept, &gone).await;
        let key = stage.api_key_for(&[api::Scope::CustomersRead]).await;
        for id in [&kept, &gone] {
            let request = Request::get(format!("/v1/customers/{id}")).header(header::AUTHORIZATION, format!("Bearer {key}"));
            let told = stage.http(request.body(Body::empty()).unwrap()).await.json();
            assert_eq!(told["id"], kept.as_str());
            assert_eq!(told["contact_points"].as_array().unwrap().len(), 3, "{told}");
            assert_eq!(told["consent_history"].as_array().unwrap().len(), 4);
        }
    }

    async fn a_merge_that_would_not_come_back_exactly_is_refused_with_what_helps(stage: &Stage) {
        let (kept, gone) = two(stage).await;
        let third = customer_of(stage, from(3, stage, "c3", "third@example.test")).await;
        let desk = Desk::of(stage, Role::Manager).await;
        merge(&desk, &kept, &gone).await;
        let refused = desk.post(&format!("/a/customers/{third}/merge"), &[("other", kept.as_str())]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains("Merge the other way round"), "{}", refused.body);
        let refused = desk.post(&format!("/a/customers/{kept}/merge"), &[("other", kept.as_str())]).await;
        assert!(refused.body.contains("This is the same customer"), "{}", refused.body);
        let nobody = desk.get(&format!("/a/customers/{kept}/merge?with=nobody%40example.test")).await;
        assert_eq!(nobody.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(nobody.body.contains("Nobody is known by that"), "{}", nobody.body);
        let sam = Desk::of(stage, Role::Agent).await;
        for act in ["merge", "unmerge"] {
            let asked = sam.post(&format!("/a/customers/{kept}/{act}"), &[("other", third.as_str())]).await;
            assert_eq!(asked.status, StatusCode::FORBIDDEN, "{act}");
        }
        assert!(person(stage, &third).await.others.is_empty());
    }
}
