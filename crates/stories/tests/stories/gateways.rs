//! What becomes of texts when a gateway does what gateways do: is down, is slow, lies, reports early, twice, late, or of
//! messages nobody knows. Faults that a real one can't be told to show.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use db::Engine;
use hmac::{Hmac, KeyInit, Mac};
use kernel::Channel;
use orders::OrderId;
use serde_json::{Value, json};
use sha2::Sha256;
use stories::app::{App, Settings};
use stories::postgres;
use stories::sms_gateway::{Script, SmsGateway, encoded};
use stories::stage::{Answer, Stage};
use world::samples::{Bend, order};

use crate::kit::{full_example, with};

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3_600);
const DAY: Duration = Duration::from_secs(86_400);

/// A shop and the gateway that its texts go through.
struct Wire {
    stage: Stage,
    gateway: SmsGateway,
}

impl Wire {
    async fn order(&self, number: u32) -> OrderId {
        let mut order = order(number, self.stage.now()).paid();
        order.customer.preferred_channel = Some(Channel::Sms);
        let taken = self.stage.take(&order).await;
        self.stage.settle().await;
        taken.order
    }

    async fn messages(&self, order: &OrderId) -> Vec<Value> {
        self.stage.api_messages(order).await
    }

    async fn message(&self, order: &OrderId) -> Value {
        self.messages(order).await.pop().expect("a message")
    }

    /// The gateway reports on its last text.
    async fn report(&self, kind: u8, answer: &str) -> Answer {
        let asked = self.gateway.asked().pop().expect("a text");
        let told = self.stage.get(&asked.report(kind, answer)).await;
        self.stage.settle().await;
        told
    }

    async fn mails(&self) -> usize {
        self.stage.mails().await.len()
    }
}

fn tell<F>(engine: Engine, url: fn(&SmsGateway) -> String, story: F)
where
    F: for<'a> FnOnce(&'a Wire) -> Pin<Box<dyn Future<Output = ()> + 'a>>,
{
    if engine == Engine::Postgres && !postgres::wanted() {
        return;
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let gateway = SmsGateway::start().await;
        let stage = Stage::texting(engine, &url(&gateway)).await;
        let wire = Wire { stage, gateway };
        story(&wire).await;
        wire.stage.end().await;
    });
}

/// Tells each story on both engines, through the gateway that `url` names.
macro_rules! told_through {
    ($url:path; $(async fn $name:ident($wire:ident: &Wire) $body:block)+) => {
        $(
            mod $name {
                use super::*;

                async fn told($wire: &Wire) $body

                #[test]
                fn sqlite() {
                    tell(Engine::Sqlite, $url, |wire| Box::pin(told(wire)));
                }

                #[test]
                fn postgres() {
                    tell(Engine::Postgres, $url, |wire| Box::pin(told(wire)));
                }
            }
        )+
    };
}

told_through! { SmsGateway::kannel_url;
    async fn a_text_that_is_taken_and_reported_is_delivered(wire: &Wire) {
        let id = wire.order(1042).await;
        assert_eq!(wire.message(&id).await["text"]["delivery_report"], Value::Null);
        assert_eq!(wire.report(8, "ACK/").await.status, StatusCode::OK);
        assert_eq!(wire.message(&id).await["text"]["delivery_report"]["status"], "sent");
        wire.report(1, "id:M1 stat:DELIVRD\0 err:000 text:Northwind").await;
        let message = wire.message(&id).await;
        assert_eq!(message["state"], "accepted");
        assert_eq!(message["text"]["delivery_report"]["status"], "delivered");
        assert_eq!(message["text"]["delivery_report"]["code"], "stat:DELIVRD err:000");
        wire.report(2, "id:M1 stat:UNDELIV err:027").await;
        assert_eq!(wire.message(&id).await["text"]["delivery_report"]["status"], "delivered", "it is there");
        assert_eq!((wire.mails().await, wire.gateway.asked().len()), (0, 1));
    }

    async fn a_gateway_that_is_down_for_an_hour_gets_each_text_once(wire: &Wire) {
        wire.gateway.stop().await;
        let id = wire.order(1042).await;
        assert_eq!(wire.message(&id).await["state"], "deferred");
        wire.stage.pass(HOUR).await;
        assert!(wire.gateway.asked().is_empty());
        wire.gateway.restart().await;
        wire.stage.pass(2 * HOUR).await;
        assert_eq!(wire.message(&id).await["state"], "accepted");
        assert_eq!((wire.gateway.asked().len(), wire.mails().await), (1, 0));
    }

    async fn silence_is_waited_out_for_a_report_and_then_said_by_mail(wire: &Wire) {
        wire.gateway.scripts([Script::Hang]);
        let id = wire.order(1042).await;
        assert_eq!(wire.message(&id).await["state"], "unknown");
        wire.stage.pass(14 * MINUTE).await;
        let message = wire.message(&id).await;
        assert_eq!((&message["state"], &message["verdict"]), (&"unknown".into(), &"hold".into()));
        assert_eq!(message["reason"], "Waiting to hear whether the text arrived; else it goes by e-mail.");
        assert_eq!(wire.mails().await, 0);
        wire.stage.pass(2 * MINUTE).await;
        let message = wire.message(&id).await;
        assert_eq!((&message["state"], &message["channel"]), (&"accepted".into(), &"email".into()));
        assert!(message["reason"].as_str().unwrap().contains("nobody could say"), "{message}");
        assert_eq!((wire.gateway.asked().len(), wire.mails().await), (1, 1));
        wire.report(1, "").await;
        assert_eq!((wire.message(&id).await["channel"].clone(), wire.mails().await), ("email".into(), 1));
    }

    async fn a_report_of_arrival_ends_the_silence(wire: &Wire) {
        wire.gateway.scripts([Script::Drop]);
        let id = wire.order(1042).await;
        assert_eq!(wire.message(&id).await["state"], "unknown");
        wire.stage.pass(MINUTE).await;
        wire.report(1, "stat:DELIVRD").await;
        let message = wire.message(&id).await;
        assert_eq!((&message["state"], &message["channel"]), (&"accepted".into(), &"sms".into()));
        wire.stage.pass(DAY).await;
        assert_eq!((wire.gateway.asked().len(), wire.mails().await), (1, 0));
        assert!(wire.stage.events().await.contains(&"message.accepted".to_owned()));
    }

    async fn a_report_of_loss_ends_the_silence_by_mail(wire: &Wire) {
        wire.gateway.scripts([Script::Drop]);
        let id = wire.order(1042).await;
        wire.stage.pass(MINUTE).await;
        wire.report(2, "stat:UNDELIV").await;
        let message = wire.message(&id).await;
        assert_eq!((&message["state"], &message["channel"]), (&"accepted".into(), &"email".into()));
        assert_eq!(message["reason"], "Sent by e-mail: the text did not arrive.");
        assert_eq!((wire.messages(&id).await.len(), wire.mails().await), (1, 1));
    }

    async fn a_report_may_come_before_the_answer(wire: &Wire) {
        wire.gateway.scripts([
            Script::ReportFirst(wire.stage.router(), 1),
            Script::ReportFirst(wire.stage.router(), 2),
        ]);
        let id = wire.order(1042).await;
        let message = wire.message(&id).await;
        assert_eq!((&message["state"], &message["hand_offs"]), (&"accepted".into(), &1.into()));
        assert_eq!(message["text"]["delivery_report"]["status"], "delivered");
        assert_eq!(wire.mails().await, 0);
        let id = wire.order(1043).await;
        assert_eq!(wire.messages(&id).await.len(), 2, "said again by mail");
        assert_eq!(wire.mails().await, 1);
    }

    async fn what_was_accepted_and_did_not_arrive_is_said_once_more_by_mail(wire: &Wire) {
        let id = wire.order(1042).await;
        wire.stage.pass(SECOND).await;
        for _ in 0..3 {
            wire.report(2, "id:M1 stat:UNDELIV err:027").await;
        }
        wire.report(16, "NACK/0x00000058/Throttling").await;
        let messages = wire.messages(&id).await;
        assert_eq!(messages.len(), 2, "{messages:?}");
        assert_eq!((&messages[0]["state"], &messages[0]["channel"]), (&"accepted".into(), &"sms".into()));
        assert_eq!((&messages[1]["state"], &messages[1]["channel"]), (&"accepted".into(), &"email".into()));
        assert_eq!(messages[1]["reason"], "Sent by e-mail: the text did not arrive.");
        assert_eq!(wire.mails().await, 1);
        // The phone was off, not dead: the next order is texted again.
        wire.order(1043).await;
        assert_eq!(wire.gateway.asked().len(), 2);
    }

    async fn a_number_that_does_not_exist_is_not_texted_again(wire: &Wire) {
        wire.order(1042).await;
        wire.report(16, "NACK/0x0000000b/Invalid Destination Address").await;
        assert_eq!(wire.mails().await, 1);
        wire.order(1043).await;
        assert_eq!((wire.gateway.asked().len(), wire.mails().await), (1, 2));
    }

    async fn a_gateway_that_never_reports_is_seen_after_a_day(wire: &Wire) {
        let id = wire.order(1042).await;
        wire.stage.pass(23 * HOUR).await;
        assert_eq!(wire.message(&id).await["text"]["no_report_after_a_day"], false);
        wire.stage.pass(2 * HOUR).await;
        let message = wire.message(&id).await;
        assert_eq!((&message["text"]["no_report_after_a_day"], &message["state"]), (&true.into(), &"accepted".into()));
    }

    async fn nobody_reports_or_texts_without_our_signature(wire: &Wire) {
        let id = wire.order(1042).await;
        let address = wire.gateway.asked()[0].report(1, "");
        let (path, query) = address.split_once('?').unwrap();
        let mut bent = path.to_owned();
        let last = bent.pop().unwrap();
        // The last character of 18 bytes in base64 holds six whole bits.
        bent.push(if last == 'A' { 'B' } else { 'A' });
        let other = path.replace("msg_0", "msg_1");
        for wrong in [bent, other, "/hooks/kannel/dlr/msg_x/y".to_owned(), "/hooks/kannel/mo/AAAA".to_owned()] {
            let answer = wire.stage.get(&format!("{wrong}?{query}&from=%2B447700900123&text=STOP")).await;
            assert!(matches!(answer.status.as_u16(), 401 | 404), "{wrong}: {}", answer.status);
        }
        assert_eq!(wire.message(&id).await["text"]["delivery_report"], Value::Null);
        let unknown = wire.stage.get(&format!("{path}?type=64")).await;
        assert_eq!(unknown.status, StatusCode::OK, "a report that says nothing is no error");
    }

    async fn a_no_is_about_something(wire: &Wire) {
        wire.gateway.scripts([
            Script::Answer(503, "", "Temporal failure, try again later."),
            Script::Answer(202, "", "3: Queued for later delivery"),
        ]);
        let id = wire.order(1042).await;
        let message = wire.message(&id).await;
        assert_eq!(message["state"], "deferred");
        assert_eq!(message["outcome"], "The gateway answered 503: Temporal failure, try again later.");
        wire.stage.pass(5 * SECOND).await;
        assert_eq!(wire.message(&id).await["state"], "accepted");
        wire.gateway.scripts([Script::Answer(403, "", "Not routable. Do not try again.")]);
        let id = wire.order(1043).await;
        assert_eq!(wire.message(&id).await["state"], "failed");
    }

    async fn stop_one_second_before_a_planned_text_is_obeyed(wire: &Wire) {
        wire.gateway.scripts([Script::Answer(503, "Retry-After: 60\r\n", "Temporal failure, try again later.")]);
        let id = wire.order(1042).await;
        assert_eq!(wire.message(&id).await["state"], "deferred");
        wire.stage.pass(59 * SECOND).await;
        let keys = &wire.stage.house.shop().unwrap().keys;
        let path = messaging::sms::signed::incoming_path(keys);
        let text = format!("{path}?from={}&to=13013&text=STOP&coding=0&id=1", encoded("+447700900123"));
        assert_eq!(wire.stage.get(&text).await.status, StatusCode::OK);
        wire.stage.pass(2 * SECOND).await;
        let message = wire.message(&id).await;
        assert_eq!((&message["state"], &message["channel"]), (&"accepted".into(), &"email".into()), "{message}");
        assert_eq!(wire.mails().await, 1);
        let bodies = wire.gateway.bodies();
        assert_eq!(bodies.len(), 2, "the first try and the confirmation of STOP: {bodies:?}");
        assert!(bodies[1].contains("You won"), "{bodies:?}");
    }
}

/// HMAC-SHA256 over address and sorted fields, by Twilio's description and not by our own code.
fn twilio(path: &str, fields: &[(&str, &str)]) -> Request<Body> {
    let mut sorted = fields.to_vec();
    sorted.sort_unstable();
    let mut said = format!("http://127.0.0.1:4080{path}");
    sorted.iter().for_each(|(name, value)| said.push_str(&format!("{name}{value}")));
    let mut mac = Hmac::<Sha256>::new_from_slice(b"12345").expect("a key of any length");
    mac.update(said.as_bytes());
    let signature = STANDARD.encode(mac.finalize().into_bytes());
    let form: Vec<String> = fields.iter().map(|(k, v)| format!("{}={}", encoded(k), encoded(v))).collect();
    Request::post(path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("X-Twilio-Signature", signature)
        .header("X-Twilio-Webhooks-Signature-Settings", "key=webhooks_sharedkey_1,algorithm=HMAC_SHA256")
        .body(Body::from(form.join("&")))
        .expect("a request")
}

told_through! { SmsGateway::twilio_url;
    async fn twilio_is_asked_as_its_api_wants_and_reports_back(wire: &Wire) {
        let id = wire.order(1042).await;
        let asked = &wire.gateway.asked()[0];
        assert_eq!(asked.path, "/2010-04-01/Accounts/AC00000000000000000000000000000000/Messages.json");
        let login = STANDARD.encode("AC00000000000000000000000000000000:12345");
        assert!(asked.head.contains(&format!("Basic {login}")), "{}", asked.head);
        assert_eq!((asked.field("To"), asked.field("From")), ("+447700900123", "+15005550006"));
        let callback = stories::sms_gateway::path_of(asked.field("StatusCallback"));
        let told = |status: &'static str| twilio(&callback, &[("MessageSid", "SM1"), ("MessageStatus", status), ("To", "+447700900123")]);
        assert_eq!(wire.stage.http(told("delivered")).await.status, StatusCode::NO_CONTENT);
        assert_eq!(wire.message(&id).await["text"]["delivery_report"]["status"], "delivered");
        let mut forged = told("undelivered");
        forged.headers_mut().insert("X-Twilio-Signature", "AAAA".parse().unwrap());
        assert_eq!(wire.stage.http(forged).await.status, StatusCode::UNAUTHORIZED);
    }

    async fn a_yes_is_a_yes_whatever_it_calls_the_text(wire: &Wire) {
        let yes = |sid: &'static str| Script::Answer(201, "", sid);
        wire.gateway.scripts([yes("{\"sid\":\"SM\\u00001\\r\\n\"}"), yes("{\"sid\":7}")]);
        let ids = [wire.order(1042).await, wire.order(1043).await];
        wire.stage.pass(DAY).await;
        for id in &ids {
            let message = wire.message(id).await;
            assert_eq!((&message["state"], &message["channel"]), (&"accepted".into(), &"sms".into()), "{message}");
        }
        assert_eq!((wire.gateway.asked().len(), wire.mails().await), (2, 0), "and nothing is said twice");
        let said = [("MessageSid", "SM\09"), ("From", "+447700900123"), ("To", "+15005550006"), ("Body", "St\0op")];
        assert_eq!(wire.stage.http(twilio("/hooks/twilio/incoming", &said)).await.status, StatusCode::OK);
    }

    async fn a_number_that_stopped_at_twilio_is_stopped_here(wire: &Wire) {
        wire.gateway.scripts([Script::Answer(400, "", "{\"code\":21610,\"message\":\"Attempt to send to unsubscribed recipient\"}")]);
        let id = wire.order(1042).await;
        let message = wire.message(&id).await;
        assert_eq!((&message["state"], &message["channel"]), (&"accepted".into(), &"email".into()), "{message}");
        wire.order(1043).await;
        assert_eq!((wire.gateway.asked().len(), wire.mails().await), (1, 2));
    }

    async fn a_dead_number_and_a_busy_service_are_told_apart(wire: &Wire) {
        wire.gateway.scripts([
            Script::Answer(429, "Retry-After: 7\r\n", "{\"code\":20429,\"message\":\"Too many requests\"}"),
            Script::Answer(400, "", "{\"code\":21211,\"message\":\"The 'To' number is not valid\"}"),
        ]);
        let id = wire.order(1042).await;
        wire.stage.pass(6 * SECOND).await;
        assert_eq!(wire.gateway.asked().len(), 1, "as long as it asked for");
        wire.stage.pass(2 * SECOND).await;
        let message = wire.message(&id).await;
        assert_eq!((&message["state"], &message["channel"]), (&"accepted".into(), &"email".into()), "{message}");
        assert_eq!((wire.gateway.asked().len(), wire.mails().await), (2, 1));
    }

    async fn stop_to_twilio_is_not_confirmed_twice(wire: &Wire) {
        wire.order(1042).await;
        let said = [("MessageSid", "SM9"), ("From", "+447700900123"), ("To", "+15005550006"), ("Body", "Stop"), ("OptOutType", "STOP")];
        let answer = wire.stage.http(twilio("/hooks/twilio/incoming", &said)).await;
        assert_eq!((answer.status, answer.body.as_str()), (StatusCode::OK, "<Response></Response>"));
        wire.stage.settle().await;
        wire.order(1043).await;
        assert_eq!((wire.gateway.asked().len(), wire.mails().await), (1, 1), "Twilio has answered it itself");
    }
}

/// More texts than all places together, before a gateway that takes connections and never says a word.
#[test]
fn a_gateway_that_hangs_keeps_no_mail_waiting() {
    const TEXTS: usize = 150;
    let silent = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = silent.local_addr().expect("a bound socket").port();
    let url = format!("kannel+http://u:p@127.0.0.1:{port}/cgi-bin/sendsms?sessions=1&timeout=600");
    let env = vec![("AFTERCARE_SMS_URL".to_owned(), url)];
    let app = App::start(Settings { env, ..Settings::default() });
    let key = app.cli_ok(&["keys", "create", "--name", "story", "--scope", "orders:write"]);
    let now = kernel::Clock::now(&kernel::SystemClock).to_string();
    let ordered = |number: usize, channel: &str| {
        let order = with(full_example(number), "/customer/preferred_channel", json!(channel));
        let order = with(with(order, "/placed_at", json!(now)), "/updated_at", json!(now));
        let order = with(order, "/customer/external_id", json!(format!("c{number}")));
        let order = with(order, "/customer/email", json!(format!("c{number}@example.test")));
        let answer = app.post_json("/v1/orders", &key, &order.to_string());
        assert_eq!(answer.status, 201, "{}", answer.text());
    };
    (1..=TEXTS).for_each(|number| ordered(number, "sms"));
    ordered(TEXTS + 1, "email");
    let arrived = || app.get("/inbox", &[]).text().contains(&format!("#{}", TEXTS + 1)).then_some(());
    let arrived = stories::process::wait_for(Duration::from_secs(30), arrived);
    assert!(arrived.is_some(), "the mail waits behind the texts:\n{}", app.logs());
    app.kill9();
}
