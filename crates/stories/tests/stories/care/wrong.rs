//! Incidents by hand.

use std::time::Duration;

use axum::http::StatusCode;
use messaging::decide::Why;
use staff::Role;
use stories::letters::TIP;
use stories::stage::Stage;
use stories::stories;
use world::samples::{Bend, order};

use super::kit::{Desk, customer_of};

const DAY: Duration = Duration::from_secs(86_400);

stories! {
    async fn while_something_is_wrong_a_customer_is_left_in_peace_and_after_that_they_hear_again(stage: &Stage) {
        let amina = customer_of(stage, order(1, stage.now()).paid().left()).await;
        let desk = Desk::of(stage, Role::Agent).await;
        let open = [("kind", "damaged"), ("reason", "The tin was dented.")];
        desk.does(&format!("/a/customers/{amina}/incidents"), &open).await;
        desk.does(&format!("/a/customers/{amina}/incidents"), &open).await;
        let page = desk.customer(&amina, "").await;
        assert_eq!(page.matches("Incident opened").count(), 1, "wrong already is not wrong twice: {page}");
        assert!(page.contains("Something arrived damaged") && page.contains("The tin was dented."), "{page}");
        stage.say(&amina, TIP, "a tip").await;
        assert_eq!(stage.messages().await[1].reason, Why::Incident.words());
        let close = page.split("/incidents/inc_").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let close = format!("/a/customers/{amina}/incidents/inc_{close}");
        desk.does(&close, &[("ending", "cured")]).await;
        desk.does(&close, &[("ending", "mistaken")]).await;
        stage.settle().await;
        let page = desk.customer(&amina, "").await;
        assert!(page.contains("It is closed. Tips, questions and offers wait until"), "{page}");
        assert_eq!(stage.messages().await[1].state, "held", "the cool-down counts");
        stage.pass(7 * DAY + DAY / 2).await;
        assert_eq!(stage.messages().await[1].state, "accepted");
    }

    async fn an_order_shows_what_is_wrong_with_it_and_closes_it(stage: &Stage) {
        let taken = stage.take(&order(1042, stage.now()).paid().left()).await;
        stage.settle().await;
        let amina = stage.order(&taken.order).await.customer;
        let desk = Desk::of(stage, Role::Agent).await;
        let path = format!("/a/orders/{}", taken.order);
        let page = desk.get(&path).await.body;
        assert!(page.contains(&format!("action=\"/a/customers/{amina}/incidents\"")), "{page}");
        let order_id = taken.order.to_string();
        let back = desk.does(&format!("/a/customers/{amina}/incidents"), &[("kind", "lost"), ("order", &order_id)]).await;
        assert_eq!(back, path);
        let page = desk.get(&path).await.body;
        assert!(page.contains("<b>A parcel is lost</b>"), "{page}");
        assert!(desk.customer(&amina, "incidents").await.contains("#1042"), "the customer's page says with which order");
        let close = page.split("/incidents/inc_").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let close = format!("/a/customers/{amina}/incidents/inc_{close}");
        let back = desk.does(&close, &[("ending", "mistaken"), ("back", "order")]).await;
        assert_eq!(back, path);
        assert!(!desk.get(&path).await.body.contains("<b>A parcel is lost</b>"), "what was never wrong needs no cooling down");
        let other = customer_of(stage, order(2, stage.now()).paid().by("liu@example.test", "Liu Wei")).await;
        let theirs = desk.post(&format!("/a/customers/{other}/incidents"), &[("kind", "lost"), ("order", &order_id)]).await;
        assert_eq!(theirs.status, StatusCode::NOT_FOUND, "another's order");
        assert_eq!(desk.post(&close.replace(amina.as_str(), other.as_str()), &[]).await.status, StatusCode::NOT_FOUND);
        let bored = desk.post(&format!("/a/customers/{amina}/incidents"), &[("kind", "bored")]).await;
        assert_eq!(bored.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(bored.body.contains("Say what is wrong."), "{}", bored.body);
    }
}
