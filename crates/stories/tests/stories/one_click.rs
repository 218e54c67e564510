//! Unsubscribing with one click (RFC 8058), as mail programs do it, and as scanners and strangers try to.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use db::Engine;
use kernel::{Keys, VirtualClock};
use messaging::decide::Why;
use messaging::you::{self, UnsubscribeLink};
use stories::letters::{LATER, NOTICE, OFFER, QUESTION, TIP};
use stories::stage::{self, Answer, Mail, Stage};
use stories::{postgres, stories};

use crate::courier::Courier;
use crate::held::amina;
use crate::kit::{header_names, path_in, read, rows};

const ONE_CLICK: &str = "List-Unsubscribe=One-Click";
const FORM: &str = "application/x-www-form-urlencoded";

/// A header of a mail, unfolded.
fn header_of(mail: &Mail, name: &str) -> String {
    let text = String::from_utf8_lossy(&mail.source).replace("\r\n ", " ").replace("\r\n\t", " ");
    let head = text.split("\r\n\r\n").next().unwrap_or_default().to_owned();
    let line = head.lines().find(|line| line.starts_with(&format!("{name}: ")));
    line.map(|line| line[name.len() + 2..].to_owned()).unwrap_or_default()
}

/// The path to post to, out of the header.
fn way_out(mail: &Mail) -> String {
    let value = header_of(mail, "List-Unsubscribe");
    let url = value.split(['<', '>']).nth(1).unwrap_or_else(|| panic!("no address in {value:?}"));
    url[url.find("/unsubscribe/").expect("our own path")..].to_owned()
}

/// As a mail provider posts it: from another site, with whatever its own browser carries.
async fn click(stage: &Stage, path: &str, kind: &str, body: &str) -> Answer {
    let request = Request::post(path)
        .header(header::CONTENT_TYPE, kind)
        .header(header::ORIGIN, "https://mail.example")
        .header("Sec-Fetch-Site", "cross-site")
        .header(header::COOKIE, "other=1");
    stage.http(request.body(Body::from(body.to_owned())).expect("a request")).await
}

/// The newest mail.
async fn newest(stage: &Stage) -> Mail {
    stage.mails().await.pop().expect("a mail")
}

stories! {
    async fn every_mail_that_can_be_switched_off_carries_the_way_out_and_no_other_does(stage: &Stage) {
        let customer = amina(stage).await;
        for (template, topic) in [(TIP, "tips"), (QUESTION, "feedback"), (OFFER, "news")] {
            stage.say(&customer, template, topic).await;
            let mail = newest(stage).await;
            assert_eq!(header_of(&mail, "List-Id"), format!("<{topic}.northwind.example>"));
            assert_eq!(header_of(&mail, "List-Unsubscribe-Post"), ONE_CLICK);
            let way = header_of(&mail, "List-Unsubscribe");
            assert!(way.starts_with("<http://127.0.0.1:4080/unsubscribe/"), "{way}");
            assert!(way.ends_with(&format!(", <mailto:help@northwind.example?subject=unsubscribe%20{topic}>")), "{way}");
            assert!(!way.contains("amina"), "the address stands in no link: {way}");
            assert_eq!(path_in(&mail, "/unsubscribe/"), way_out(&mail), "and at the foot of the mail");
            path_in(&mail, "/you/updates/");
            assert!(read(&mail).html().contains("/unsubscribe/"));
        }
        stage.say(&customer, LATER, "your order").await;
        stage.say(&customer, NOTICE, "your rights").await;
        let mails = stage.mails().await;
        for mail in [&mails[0], &mails[4], &mails[5]] {
            let names = header_names(&mail.source);
            assert!(!names.iter().any(|name| name.starts_with("List-")), "{names:?}");
            assert!(!mail.text.contains("/unsubscribe/"));
            path_in(mail, "/you/updates/");
        }
    }

    async fn one_click_ends_the_topic_however_often_it_comes(stage: &Stage) {
        let customer = amina(stage).await;
        stage.say(&customer, OFFER, "an offer").await;
        let path = way_out(&newest(stage).await);
        for _ in 0..3 {
            let answer = click(stage, &path, FORM, ONE_CLICK).await;
            assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.body);
            assert!(!answer.headers.contains_key(header::LOCATION));
            assert!(!answer.headers.contains_key(header::SET_COOKIE));
        }
        let kept = rows(stage).await;
        assert_eq!((kept["topic_choices"], kept["suppressions"]), (1, 2), "once for the mailbox and once for the number");
        stage.say(&customer, OFFER, "another offer").await;
        let last = stage.messages().await.pop().expect("a message");
        assert_eq!((last.state.as_str(), last.reason.as_str()), ("dropped", Why::TopicOff.words()));
        stage.say(&customer, TIP, "a tip").await;
        stage.say(&customer, LATER, "your order").await;
        assert_eq!(stage.subjects().await.split_off(2), ["a tip", "your order"], "only this topic was ended");
        let events = stage.events().await;
        assert_eq!(events.iter().filter(|kind| *kind == "consent.withdrawn").count(), 1);
    }

    async fn a_form_in_parts_is_one_click_too(stage: &Stage) {
        let customer = amina(stage).await;
        stage.say(&customer, TIP, "a tip").await;
        let path = way_out(&newest(stage).await);
        let body = "--x\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--x--\r\n";
        let answer = click(stage, &path, "multipart/form-data; boundary=x", body).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT);
        stage.say(&customer, TIP, "another tip").await;
        assert_eq!(stage.messages().await.pop().expect("a message").reason, Why::TopicOff.words());
    }

    async fn whoever_only_looks_unsubscribes_nobody(stage: &Stage) {
        let customer = amina(stage).await;
        stage.say(&customer, OFFER, "an offer").await;
        let mail = newest(stage).await;
        let before = rows(stage).await;
        for path in [way_out(&mail), path_in(&mail, "/you/updates/")] {
            for method in [Method::GET, Method::HEAD] {
                let request = Request::builder().method(method).uri(&path).header(header::USER_AGENT, "Scanner/1.0");
                let answer = stage.http(request.body(Body::empty()).expect("a request")).await;
                assert_eq!(answer.status, StatusCode::OK);
            }
        }
        let page = stage.get(&way_out(&mail)).await;
        assert!(page.body.contains("Stop “News and offers”?"), "{}", page.body);
        web::markup::assert_html("the way out", &page.body);
        for form in ["topic", "all"] {
            let pressed = click(stage, &format!("{}/{form}", way_out(&mail)), FORM, "").await;
            assert_eq!(pressed.status, StatusCode::FORBIDDEN, "a button counts on our own page only");
        }
        assert_eq!(rows(stage).await, before);
    }

    async fn what_nobody_signed_is_not_found_and_what_is_no_click_does_nothing(stage: &Stage) {
        let customer = amina(stage).await;
        stage.say(&customer, OFFER, "an offer").await;
        let mail = newest(stage).await;
        let path = way_out(&mail);
        let before = rows(stage).await;
        let bent = format!("{}{}", &path[..path.len() - 1], if path.ends_with('A') { 'B' } else { 'A' });
        let you = path_in(&mail, "/you/updates/").replace("/you/updates/", "/unsubscribe/");
        for forged in [bent.as_str(), you.as_str(), "/unsubscribe/x", "/unsubscribe/%FF"] {
            assert_eq!(click(stage, forged, FORM, ONE_CLICK).await.status, StatusCode::NOT_FOUND, "{forged}");
            assert_eq!(stage.get(forged).await.status, StatusCode::NOT_FOUND, "{forged}");
        }
        for (kind, body) in [(FORM, ""), (FORM, "List-Unsubscribe=Maybe"), ("text/plain", ONE_CLICK)] {
            assert_eq!(click(stage, &path, kind, body).await.status, StatusCode::BAD_REQUEST);
        }
        let flood = format!("{ONE_CLICK}&more={}", "x".repeat(20_000));
        assert_eq!(click(stage, &path, FORM, &flood).await.status, StatusCode::PAYLOAD_TOO_LARGE);
        assert_eq!(rows(stage).await, before);
    }

    async fn the_buttons_of_the_page_end_the_topic_or_everything(stage: &Stage) {
        let customer = amina(stage).await;
        stage.say(&customer, TIP, "a tip").await;
        let path = way_out(&newest(stage).await);
        let answer = stage.http(crate::kit::form(&format!("{path}/topic"), "", "")).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        let page = stage.get(answer.header(header::LOCATION)).await;
        assert!(page.body.contains("Stopped: “Tips for what you bought”"), "{}", page.body);
        stage.say(&customer, QUESTION, "a question").await;
        let answer = stage.http(crate::kit::form(&format!("{path}/all"), "", "")).await;
        let page = stage.get(answer.header(header::LOCATION)).await;
        assert!(page.body.contains("everything but your orders"), "{}", page.body);
        stage.say(&customer, QUESTION, "another question").await;
        stage.say(&customer, OFFER, "an offer").await;
        stage.say(&customer, LATER, "your order").await;
        assert_eq!(stage.subjects().await.split_off(1), ["a tip", "a question", "your order"]);
    }

    async fn the_wish_holds_for_everybody_at_the_mailbox_and_for_who_comes_anew(stage: &Stage) {
        let customer = amina(stage).await;
        stage.say(&customer, TIP, "a tip").await;
        click(stage, &way_out(&newest(stage).await), FORM, ONE_CLICK).await;
        let mut other = world::samples::order(7, stage.now());
        other.customer.external_id = Some("another account".to_owned());
        let other = stage.take(&other).await;
        let other = stage.order(&other.order).await.customer;
        assert_ne!(other, customer, "two accounts, one mailbox");
        stage.say(&other, TIP, "a tip for the other").await;
        let last = stage.messages().await.pop().expect("a message");
        assert_eq!((last.state.as_str(), last.reason.as_str()), ("dropped", Why::Unsubscribed.words()));
    }
}

/// The click is committed while a session is being opened: after the first look, before the mark.
fn a_click_at_the_last_moment(engine: Engine) {
    if engine == Engine::Postgres && !postgres::wanted() {
        return;
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let courier = Courier::default();
        let clock = Arc::new(VirtualClock::at(stage::at(stage::BEGINNING)));
        let stage = Stage::at(&stage::fresh_url(engine), clock, Some(courier.provider())).await;
        let customer = amina(&stage).await;
        stage.say(&customer, OFFER, "an offer").await;
        let mail = courier.given().pop().expect("the offer");
        let (_, way) = mail.headers.iter().find(|(name, _)| *name == "List-Unsubscribe").expect("a way out");
        let token = way.split(['/', '>']).nth(4).expect("a token").to_owned();
        let link = UnsubscribeLink::read(&token, &Keys::parse(stage::SECRET).unwrap()).expect("our own link");
        let db = stage.house.db.clone();
        courier.on_connect(|| async move {
            db.write("story.click", move |w| you::unsubscribe(w, &link, false))
                .await
                .expect("the click is kept");
            Ok(())
        });
        stage.say(&customer, OFFER, "another offer").await;
        assert_eq!(courier.given().len(), 2, "nothing went out after the click");
        let last = stage.messages().await.pop().expect("a message");
        assert_eq!((last.state.as_str(), last.hand_offs), ("dropped", 0));
        assert_eq!(last.reason, Why::TopicOff.words());
        stage.end().await;
    });
}

#[test]
fn a_click_committed_before_the_mark_wins_on_sqlite() {
    a_click_at_the_last_moment(Engine::Sqlite);
}

#[test]
fn a_click_committed_before_the_mark_wins_on_postgres() {
    a_click_at_the_last_moment(Engine::Postgres);
}
