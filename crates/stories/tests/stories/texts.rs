//! Orders told by text: to whom, in which words, and what a person who texts back brings about. The texts stay in the
//! built-in inbox here; gateways and their faults are in `gateways` and `kannel`.

use std::time::Duration;

use axum::http::{StatusCode, header};
use db::Engine;
use kernel::{Channel, Phone};
use messaging::sms::incoming::{IncomingText, take_text};
use orders::OrderId;
use orders::incoming::IncomingOrder;
use serde_json::Value;
use stories::stage::Stage;
use stories::stories;
use world::samples::{Bend, order};

use crate::courier::Courier;

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
const NUMBER: &str = "+447700900123";

/// An order of somebody who wants to be texted.
fn by_text(number: u32, stage: &Stage) -> IncomingOrder {
    let mut order = order(number, stage.now()).paid();
    order.customer.preferred_channel = Some(Channel::Sms);
    order
}

/// Somebody texts the shop.
async fn says(stage: &Stage, body: &str, id: &str) {
    // Nobody types an answer within the millisecond.
    stage.pass(SECOND).await;
    let text = IncomingText {
        gateway: "story",
        id: Some(id.to_owned()),
        sent_at: String::new(),
        from: Phone::parse(NUMBER).unwrap(),
        to: "13013".to_owned(),
        body: body.to_owned(),
        is_answered: false,
        understood: None,
    };
    stage.house.db.write("story.text", move |w| take_text(w, &text)).await.unwrap();
    stage.settle().await;
}

async fn last_message(stage: &Stage, id: &OrderId) -> Value {
    stage.api_messages(id).await.pop().expect("a message")
}

fn bodies(texts: &[(String, String)]) -> Vec<&str> {
    texts.iter().map(|(_, body)| body.as_str()).collect()
}

stories! {
    async fn who_prefers_texts_gets_a_text_and_no_mail(stage: &Stage) {
        let taken = stage.take(&by_text(1042, stage)).await;
        stage.settle().await;
        assert!(stage.mails().await.is_empty());
        let texts = stage.texts().await;
        assert_eq!(texts.len(), 1);
        let (to, body) = &texts[0];
        assert_eq!(to, NUMBER);
        assert!(body.starts_with("Northwind Tea: ") && body.contains("#1042"), "{body}");
        let message = last_message(stage, &taken.order).await;
        assert_eq!(message["channel"], "sms");
        assert_eq!(message["reason"], "Sent the way this person asked for.");
        assert_eq!(message["text"]["segments"], 1);
        assert_eq!(message["text"]["delivery_report"]["status"], "delivered");
    }

    async fn the_short_link_opens_the_page_and_changes_nothing(stage: &Stage) {
        stage.take(&by_text(1042, stage)).await;
        stage.settle().await;
        let texts = stage.texts().await;
        let link = texts[0].1.split_whitespace().last().unwrap().to_owned();
        assert!(link.starts_with("http://127.0.0.1:4080/s/"), "{link}");
        for _ in 0..2 {
            let answer = stage.get(&link).await;
            assert_eq!(answer.status, StatusCode::FOUND);
            let page = stage.get(answer.header(header::LOCATION)).await;
            assert_eq!(page.status, StatusCode::OK);
            assert!(page.body.contains("#1042") && page.body.contains("14 Elm Row"), "{}", page.body);
        }
        for wrong in ["/s/0000000000000000", "/s/000000000000000", "/s/%00", "/s/../../etc"] {
            assert_eq!(stage.get(wrong).await.status, StatusCode::NOT_FOUND, "{wrong}");
        }
    }

    async fn who_answers_stop_gets_the_next_confirmation_by_mail_and_one_text_that_says_so(stage: &Stage) {
        stage.take(&by_text(1042, stage)).await;
        stage.settle().await;
        says(stage, "STOP", "a").await;
        let texts = stage.texts().await;
        assert_eq!(texts.len(), 2, "{texts:?}");
        assert!(bodies(&texts)[1].starts_with("Northwind Tea: You won"), "{texts:?}");
        says(stage, "Stop!", "b").await;
        let next = stage.take(&by_text(1043, stage)).await;
        stage.settle().await;
        assert_eq!(stage.texts().await.len(), 2, "nothing after the confirmation of STOP");
        let mails = stage.mails().await;
        assert_eq!(mails.len(), 1);
        assert!(mails[0].subject.contains("#1043"));
        let message = last_message(stage, &next.order).await;
        assert_eq!((&message["channel"], &message["state"]), (&"email".into(), &"accepted".into()));
        assert_eq!(message["reason"], "Sent by e-mail: this person answered STOP to our texts.");
    }

    async fn start_lifts_a_stop_and_help_says_who_we_are_once(stage: &Stage) {
        stage.take(&by_text(1042, stage)).await;
        stage.settle().await;
        says(stage, "START", "0").await;
        assert_eq!(stage.texts().await.len(), 1, "nothing was stopped");
        says(stage, "Arrêt", "a").await;
        says(stage, "start", "b").await;
        says(stage, "help", "c").await;
        says(stage, "HELP", "d").await;
        let texts = stage.texts().await;
        assert_eq!(texts.len(), 4, "{texts:?}");
        assert!(bodies(&texts)[2].contains("Welcome back"), "{texts:?}");
        assert!(bodies(&texts)[3].contains("0113 496"), "{texts:?}");
        stage.take(&by_text(1043, stage)).await;
        stage.settle().await;
        assert_eq!((stage.texts().await.len(), stage.mails().await.len()), (5, 0));
    }

    async fn a_text_told_twice_acts_once_and_a_question_is_kept_for_a_person(stage: &Stage) {
        stage.take(&by_text(1042, stage)).await;
        stage.settle().await;
        for _ in 0..3 {
            says(stage, "can you stop by on Monday?", "q").await;
            says(stage, "STOP", "s").await;
        }
        assert_eq!(stage.texts().await.len(), 2, "one order, one confirmation of STOP");
        let received = stage.events().await.into_iter().filter(|kind| kind == "text.received").count();
        assert_eq!(received, 2);
    }

    async fn a_stranger_may_stop_us_too(stage: &Stage) {
        says(stage, "unsubscribe", "x").await;
        assert_eq!(stage.texts().await.len(), 1);
        says(stage, "unsubscribe", "y").await;
        assert_eq!(stage.texts().await.len(), 1, "said once");
    }

    async fn the_code_for_the_address_goes_by_text_to_who_gave_a_number_alone(stage: &Stage) {
        let mut first = by_text(1042, stage);
        first.customer.email = None;
        stage.take(&first).await;
        stage.settle().await;
        let link = stage.texts().await[0].1.split_whitespace().last().unwrap().to_owned();
        let page = stage.get(&link).await.header(header::LOCATION).to_owned();
        stage.take(&world::shopping::delivered(&first, stage.now())).await;
        stage.pass(MINUTE).await;
        let before = stage.texts().await.len();
        let asked = stage.http(crate::kit::form(&format!("{page}/code"), "", "")).await;
        assert!(asked.header(header::LOCATION).contains("code=sent"), "{}", asked.header(header::LOCATION));
        stage.settle().await;
        let texts = stage.texts().await;
        assert_eq!(texts.len(), before + 1);
        let body = &texts[before].1;
        assert!(body.contains("is your code") && !body.contains("http"), "{body}");
        let shown = crate::kit::get_with(stage, &format!("{page}?code=sent"), &crate::kit::cookies(&asked)).await;
        assert!(shown.body.contains("…123"), "{}", shown.body);
    }
}

/// Once mail really leaves, texts that nobody configured would only lie in an inbox.
async fn while_texts_are_not_connected_on(engine: Engine) {
    let courier = Courier::default();
    let stage = Stage::with_mail(engine, Some(courier.provider())).await;
    let taken = stage.take(&by_text(1042, &stage)).await;
    stage.settle().await;
    assert_eq!((courier.given().len(), stage.texts().await.len()), (1, 0));
    let message = last_message(&stage, &taken.order).await;
    assert_eq!(message["channel"], "email");
    assert!(message["reason"].as_str().unwrap().contains("only way that is left"), "{message}");
    stage.end().await;
}

#[tokio::test]
async fn who_prefers_texts_gets_mail_while_texts_are_not_connected_sqlite() {
    while_texts_are_not_connected_on(Engine::Sqlite).await;
}

#[tokio::test]
async fn who_prefers_texts_gets_mail_while_texts_are_not_connected_postgres() {
    if stories::postgres::wanted() {
        while_texts_are_not_connected_on(Engine::Postgres).await;
    }
}
