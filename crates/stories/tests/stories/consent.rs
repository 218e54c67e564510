//! Customers at the JSON API: how they are reached, what they chose, and the ledger of what they agreed to.

use std::time::Duration;

use api::Scope;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use messaging::decide::Why;
use serde_json::{Value, json};
use stories::letters::{OFFER, TIP};
use stories::stage::{Answer, Stage};
use stories::stories;

use crate::held::amina;
use crate::kit::{example, post_order, rows};

const MINUTE: Duration = Duration::from_secs(60);

async fn get(stage: &Stage, key: &str, id: &str) -> Answer {
    let request = Request::get(format!("/v1/customers/{id}"));
    stage
        .http(
            request
                .header(header::AUTHORIZATION, format!("Bearer {key}"))
                .body(Body::empty())
                .expect("a request"),
        )
        .await
}

async fn patch(stage: &Stage, key: &str, id: &str, body: &Value) -> Answer {
    let request =
        Request::patch(format!("/v1/customers/{id}")).header(header::CONTENT_TYPE, "application/json");
    let request = request.header(header::AUTHORIZATION, format!("Bearer {key}"));
    let answer = stage.http(request.body(Body::from(body.to_string())).expect("a request")).await;
    stage.settle().await;
    answer
}

async fn last_reason(stage: &Stage) -> String {
    stage.messages().await.pop().expect("a message").reason
}

stories! {
    async fn a_customer_is_shown_with_everything_that_decides_how_they_are_told(stage: &Stage) {
        let writer = stage.api_key().await;
        let order = stage.http(post_order(&writer, example().to_string())).await.json();
        stage.settle().await;
        let id = order["customer_id"].as_str().expect("an order names its customer");
        let key = stage.api_key_for(&[Scope::CustomersRead]).await;
        let before = rows(stage).await;
        let shown = get(stage, &key, id).await.json();
        assert_eq!((shown["id"].as_str(), shown["name"].as_str()), (Some(id), Some("Amina Khan")));
        assert_eq!((shown["preferred_channel"].as_str(), shown["time_zone"].as_str()), (Some("email"), Some("Europe/London")));
        let points = shown["contact_points"].as_array().expect("a list");
        assert_eq!(points.len(), 2);
        assert!(points.iter().all(|point| point["dead_at"].is_null() && point["suppressions"] == json!([])));
        let topics: Vec<_> = shown["topics"].as_array().expect("a list").iter().map(|topic| topic["topic"].clone()).collect();
        assert_eq!(topics, [json!("tips"), json!("feedback"), json!("news")]);
        let yes = json!({
            "channel": "email", "purpose": "marketing", "granted": true, "wording": "Tick to get our news",
            "source": "web", "at": "2026-11-20T09:59:58Z"
        });
        assert_eq!(shown["consents"][0], yes);
        assert_eq!(shown["consent_history"].as_array().expect("a list").len(), 2);
        let now = rows(stage).await;
        assert_eq!(now, before, "looking changes nothing");
    }

    async fn only_a_key_with_the_scope_may_look_or_change(stage: &Stage) {
        let customer = amina(stage).await;
        let (orders, reader) = (stage.api_key().await, stage.api_key_for(&[Scope::CustomersRead]).await);
        assert_eq!(get(stage, &orders, customer.as_str()).await.status, StatusCode::FORBIDDEN);
        assert_eq!(get(stage, "ak_none", customer.as_str()).await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(patch(stage, &reader, customer.as_str(), &json!({})).await.status, StatusCode::FORBIDDEN);
        let writer = stage.api_key_for(&[Scope::CustomersWrite]).await;
        assert_eq!(get(stage, &writer, customer.as_str()).await.status, StatusCode::OK, "who may write may read");
        for nobody in ["cus_00000000000000000000", "nonsense"] {
            assert_eq!(get(stage, &writer, nobody).await.status, StatusCode::NOT_FOUND);
            assert_eq!(patch(stage, &writer, nobody, &json!({ "preferred_channel": "sms" })).await.status, StatusCode::NOT_FOUND);
        }
    }

    async fn what_the_shop_is_told_at_the_counter_is_kept_with_its_words_and_its_source(stage: &Stage) {
        let customer = amina(stage).await;
        let key = stage.api_key_for(&[Scope::CustomersWrite]).await;
        stage.pass(MINUTE).await;
        let told = json!({
            "preferred_channel": "sms",
            "topics": { "tips": false },
            "consents": [
                { "channel": "email", "granted": false, "source": "counter" },
                { "channel": "sms", "granted": true, "wording": "May we text you offers?", "source": "counter" }
            ]
        });
        let shown = patch(stage, &key, customer.as_str(), &told).await.json();
        assert_eq!(shown["preferred_channel"], "sms");
        let tips = &shown["topics"][0];
        assert_eq!((tips["wanted"].as_bool(), tips["source"].as_str()), (Some(false), Some("api")));
        let granted: Vec<_> = shown["consents"].as_array().expect("a list").iter().map(|c| c["granted"].clone()).collect();
        assert_eq!(granted, [json!(false), json!(true)]);
        assert_eq!(shown["consents"][1]["wording"], "May we text you offers?");
        assert_eq!(shown["consent_history"].as_array().expect("a list").len(), 4, "nothing is overwritten");
        let wished = &shown["contact_points"][0]["suppressions"][0];
        assert_eq!((wished["reason"].as_str(), wished["topic"].as_str()), (Some("unsubscribed"), Some("tips")));
        let before = rows(stage).await;
        let again = patch(stage, &key, customer.as_str(), &json!({ "preferred_channel": "sms", "topics": { "tips": false } })).await;
        assert_eq!(again.status, StatusCode::OK);
        assert_eq!(rows(stage).await, before, "the same twice is once");
        stage.say(&customer, TIP, "a tip").await;
        assert_eq!(last_reason(stage).await, Why::TopicOff.words());
        let forgets = patch(stage, &key, customer.as_str(), &json!({ "preferred_channel": null })).await.json();
        assert!(forgets["preferred_channel"].is_null());
    }

    async fn a_yes_told_later_does_not_lift_what_the_person_unsubscribed(stage: &Stage) {
        let customer = amina(stage).await;
        let key = stage.api_key_for(&[Scope::CustomersWrite]).await;
        let id = customer.clone();
        let stop = stage.house.db.write("story.stop", move |w| {
            let person = customers::person(w, &id)?;
            messaging::you::stop_all(w, &person, messaging::you::YOU_UPDATES)
        });
        stop.await.expect("it is kept");
        stage.pass(MINUTE).await;
        let yes = json!({ "consents": [{ "channel": "email", "granted": true, "wording": "News?", "source": "shop" }] });
        patch(stage, &key, customer.as_str(), &yes).await;
        stage.say(&customer, OFFER, "an offer").await;
        assert_eq!(last_reason(stage).await, Why::TopicOff.words());
        patch(stage, &key, customer.as_str(), &json!({ "topics": { "news": true } })).await;
        stage.say(&customer, OFFER, "another offer").await;
        assert_eq!(stage.subjects().await.pop().expect("a mail"), "another offer", "they asked for it themselves");
    }

    async fn wrong_fields_are_named_and_nothing_is_changed(stage: &Stage) {
        let customer = amina(stage).await;
        let key = stage.api_key_for(&[Scope::CustomersWrite]).await;
        let before = rows(stage).await;
        let wrong = json!({
            "preferred_channel": "pigeon", "topics": { "orders": false },
            "consents": [{ "channel": "email", "granted": true, "source": "one_click" }]
        });
        let answer = patch(stage, &key, customer.as_str(), &wrong).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        let problem = answer.json();
        let mut pointers: Vec<_> = problem["errors"].as_array().expect("errors").iter().map(|e| e["pointer"].as_str().expect("a pointer")).collect();
        pointers.sort_unstable();
        assert_eq!(pointers, ["/consents/0/source", "/consents/0/wording", "/preferred_channel", "/topics/orders"]);
        assert_eq!(rows(stage).await, before);
    }

    async fn the_timeline_hears_what_changed_and_never_to_what_address(stage: &Stage) {
        let customer = amina(stage).await;
        let first = stage.events().await;
        assert!(first.contains(&"consent.given".to_owned()), "the box of the order was ticked");
        let key = stage.api_key_for(&[Scope::CustomersWrite]).await;
        stage.pass(MINUTE).await;
        let told = json!({
            "preferred_channel": "sms", "topics": { "feedback": false },
            "consents": [{ "channel": "email", "granted": false, "source": "counter" }]
        });
        patch(stage, &key, customer.as_str(), &told).await;
        let mut told = stage.events().await.split_off(first.len());
        told.sort();
        assert_eq!(told, ["consent.withdrawn", "customer.changed", "customer.changed"]);
    }
}
