//! `/find`: for somebody who has lost the link to their order. The link goes to the address given with the order.

use std::time::Duration;

use axum::http::{StatusCode, header};
use kernel::Channel;
use orders::incoming::IncomingOrder;
use stories::stage::{Answer, Stage};
use stories::stories;
use web::markup::assert_html;
use world::samples::{Bend, order};

use crate::account::{from_peer, send, unquoted};
use crate::kit::{form, page_in};

async fn look_for(stage: &Stage, number: &str, contact: &str) -> Answer {
    // A millisecond after what was before it, so that mails have an order.
    stage.pass(Duration::from_millis(1)).await;
    let answer = send(stage, "/find", "", &[("number", number), ("contact", contact)]).await;
    stage.settle().await;
    answer
}

/// Takes an order in, and how many mails and texts there are then.
async fn taken(stage: &Stage, order: &IncomingOrder) -> (usize, usize) {
    stage.take(order).await;
    stage.settle().await;
    (stage.mails().await.len(), stage.texts().await.len())
}

stories! {
    async fn the_link_goes_to_the_address_of_the_order_and_never_to_the_screen(stage: &Stage) {
        let before = taken(stage, &order(1042, stage.now()).paid()).await;
        assert_html("finding", &stage.get("/find").await.body);
        let answer = look_for(stage, "#1042", "amina@example.test").await;
        assert_eq!(answer.header(header::LOCATION), "/find?sent=1");
        let page = stage.get("/find?sent=1").await;
        assert_html("it was sent", &page.body);
        for hidden in ["/o/", "amina", "1042"] {
            assert!(!page.body.contains(hidden) && !answer.body.contains(hidden), "{hidden}");
        }
        let mails = stage.mails().await;
        assert_eq!(mails.len(), before.0 + 1);
        let mail = mails.last().unwrap();
        assert_eq!((&*mail.to, &*mail.subject), ("amina@example.test", "The link to your order #1042"));
        let page = stage.get(&page_in(mail)).await;
        assert!(page.body.contains("First Flush Darjeeling") && page.body.contains("The link to this page"), "{}", page.body);
    }

    async fn what_people_type_is_understood(stage: &Stage) {
        let before = taken(stage, &order(1042, stage.now()).paid()).await;
        for (nth, number) in ["1042", " #1042 ", "# 1042"].into_iter().enumerate() {
            look_for(stage, number, " Amina@Example.TEST ").await;
            assert_eq!(stage.mails().await.len(), before.0 + nth + 1, "{number:?}");
        }
        for (nth, number) in ["+44 7700 900123", "0044 7700 900 123", "07700 900123", "(07700) 900-123"].into_iter().enumerate() {
            look_for(stage, "1042", number).await;
            let texts = stage.texts().await;
            assert_eq!(texts.len(), before.1 + nth + 1, "{number:?}");
            let (to, body) = texts.last().unwrap();
            assert!(to == "+447700900123" && body.contains("/s/"), "{to}: {body}");
        }
        let mut lettered = order(7, stage.now()).paid().by("ben@example.test", "Ben");
        lettered.number = "NW-7B".to_owned();
        let before = taken(stage, &lettered).await;
        look_for(stage, "nw-7b", "ben@example.test").await;
        assert_eq!(stage.mails().await.len(), before.0 + 1);
    }

    /// Neither the answer nor the work of it.
    async fn whether_there_is_such_an_order_can_not_be_told(stage: &Stage) {
        let before = taken(stage, &order(1042, stage.now()).paid()).await;
        // The first time, PostgreSQL prepares what is asked.
        look_for(stage, "1", "first@example.test").await;
        let mut told = Vec::new();
        for (number, contact) in [("1042", "amina@example.test"), ("1042", "ben@example.test"), ("9999", "amina@example.test"), ("x", "y@example.test")] {
            let counted = stage.house.db.stats();
            let answer = send(stage, "/find", "", &[("number", number), ("contact", contact)]).await;
            let after = stage.house.db.stats();
            let work = (after.statements - counted.statements, after.closures - counted.closures);
            told.push((answer.status, answer.header(header::LOCATION).to_owned(), answer.body, work));
            stage.settle().await;
        }
        assert!(told.iter().all(|one| *one == told[0]), "{told:?}");
        assert_eq!(stage.mails().await.len(), before.0 + 1, "one of them was right");
    }

    async fn the_link_goes_nowhere_but_where_it_was_asked_for(stage: &Stage) {
        // They like texts, and have another address by now.
        taken(stage, &order(1042, stage.now()).paid().preferring(Channel::Sms)).await;
        let mut later = order(1043, stage.now()).paid().preferring(Channel::Sms);
        later.customer.email = kernel::Email::parse("a.khan@example.test").ok();
        let before = taken(stage, &later).await;
        look_for(stage, "1042", "amina@example.test").await;
        assert_eq!(stage.mails().await.pop().unwrap().to, "amina@example.test");
        assert_eq!(stage.texts().await.len(), before.1, "the number was not what was typed");
        look_for(stage, "1042", "a.khan@example.test").await;
        look_for(stage, "1043", "amina@example.test").await;
        assert_eq!(stage.mails().await.len(), before.0 + 1, "known of the person is not given with the order");
    }

    async fn an_order_without_a_face_and_one_that_is_not_placed_are_not_found(stage: &Stage) {
        let taken = stage.take(&order(1042, stage.now()).paid()).await;
        stage.take(&order(7, stage.now()).unplaced().by("ben@example.test", "Ben")).await;
        stage.settle().await;
        let id = stage.order(&taken.order).await.customer;
        let erase = stage.house.db.write("story.erase", move |w| customers::begin_erasure(w, &id, customers::Asker::Log));
        assert!(erase.await.unwrap());
        stage.settle().await;
        let mails = stage.mails().await.len();
        look_for(stage, "1042", "amina@example.test").await;
        look_for(stage, "7", "ben@example.test").await;
        assert_eq!(stage.mails().await.len(), mails);
    }

    async fn whoever_tries_again_and_again_is_told_to_wait(stage: &Stage) {
        taken(stage, &order(1042, stage.now()).paid()).await;
        let ask = |number: &str, contact: &str, from: &str| {
            let body = format!("number={number}&contact={}", contact.replace('@', "%40"));
            let mut request = form("/find", "", &body);
            request.extensions_mut().insert(from_peer(from));
            request
        };
        // Address after address for one number.
        for n in 0..10 {
            let asked = ask("1042", &format!("a{n}@example.test"), &format!("192.0.2.{n}"));
            assert_eq!(stage.http(asked).await.status, StatusCode::SEE_OTHER);
        }
        let known = stage.http(ask("%231042", "amina@example.test", "192.0.2.99")).await;
        assert_eq!(known.status, StatusCode::TOO_MANY_REQUESTS);
        for n in 0..10 {
            let asked = ask("9999", &format!("b{n}@example.test"), &format!("198.51.100.{n}"));
            assert_eq!(stage.http(asked).await.status, StatusCode::SEE_OTHER);
        }
        let unknown = stage.http(ask("9999", "amina@example.test", "198.51.100.99")).await;
        assert_eq!(unquoted(&unknown), unquoted(&known), "there or not, the same");
        // Number after number from one place, and with one address.
        for n in 0..20 {
            let asked = ask(&format!("5{n}"), &format!("c{n}@example.test"), "203.0.113.5");
            assert_eq!(stage.http(asked).await.status, StatusCode::SEE_OTHER);
        }
        assert_eq!(stage.http(ask("599", "c99@example.test", "203.0.113.5")).await.status, StatusCode::TOO_MANY_REQUESTS);
        for n in 0..5 {
            let asked = ask(&format!("6{n}"), "liu@example.test", &format!("203.0.113.{}", n + 10));
            assert_eq!(stage.http(asked).await.status, StatusCode::SEE_OTHER);
        }
        assert_eq!(stage.http(ask("699", "liu@example.test", "203.0.113.99")).await.status, StatusCode::TOO_MANY_REQUESTS);
        stage.pass(Duration::from_secs(3_601)).await;
        assert_eq!(stage.http(ask("1042", "amina@example.test", "192.0.2.99")).await.status, StatusCode::SEE_OTHER);
    }

    async fn nonsense_is_said_to_be_and_nothing_that_was_typed_stays(stage: &Stage) {
        taken(stage, &order(1042, stage.now()).paid()).await;
        let long = "9".repeat(5_000);
        for (number, contact) in [("", ""), ("1042", ""), ("", "amina@example.test"), ("1042", "amina"), ("10\u{0}42", "amina@example.test"), (&*long, "amina@example.test"), ("<script>", "<script>alert(1)</script>")] {
            let answer = send(stage, "/find", "", &[("number", number), ("contact", contact)]).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{number:?} {contact:?}");
            assert_html("a fault", &answer.body);
            assert!(answer.body.contains("aria-invalid") && !answer.body.contains("<script>"), "{}", answer.body);
        }
        let mut foreign = form("/find", "", "number=1042&contact=amina%40example.test");
        foreign.headers_mut().insert("Sec-Fetch-Site", "cross-site".parse().unwrap());
        assert_eq!(stage.http(foreign).await.status, StatusCode::FORBIDDEN);
        look_for(stage, "1042", "amina@example.test").await;
        look_for(stage, "1", "nobody@example.test").await;
        let left = stage.house.db.read("story.left", |r| {
            let rows = stories::personal::every_row(r)?;
            Ok(rows.into_iter().find(|(table, _)| table == "order_searches").map(|(_, rows)| rows.len()))
        });
        assert_eq!(left.await.unwrap(), Some(0));
    }
}
