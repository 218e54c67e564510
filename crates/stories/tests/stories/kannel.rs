//! The whole way of a text through a real Kannel: our program, the gateway, the network behind it, and back.

use std::time::Duration;

use db::Engine;
use serde_json::{Value, json};
use stories::app::{App, Settings};
use stories::kannel::Kannel;
use stories::mail_server;
use stories::postgres::{self, Cluster};
use stories::process;

use crate::kit::{example, with};

/// A text takes less than a second; a busy machine may take its time.
const LONG: Duration = Duration::from_secs(60);

/// The program, wired to a Kannel of its own.
struct Bench {
    app: App,
    kannel: Kannel,
    key: String,
}

impl Bench {
    fn set_up(engine: Engine) -> Option<Bench> {
        // The gateway is a package of its own, left out with the mail server's.
        if !mail_server::wanted() || (engine == Engine::Postgres && !postgres::wanted()) {
            return None;
        }
        let send_port = process::free_port();
        let database_url = match engine {
            Engine::Sqlite => None,
            Engine::Postgres => Some(Cluster::shared().url(&Cluster::shared().fresh_schema())),
        };
        let env = vec![("AFTERCARE_SMS_URL".to_owned(), Kannel::url(send_port))];
        let config = "[brand]\nname = 'Northwind Tea'\n[sms]\nprice_per_segment = 4\n".to_owned();
        let app = App::idle(Settings { database_url, env, config: Some(config), ..Settings::default() });
        app.cli_ok(&["migrate"]);
        let printed: Value = serde_json::from_str(&app.cli_ok(&["sms"])).unwrap();
        assert_eq!(printed["provider"], "kannel");
        let kannel = Kannel::start(send_port, printed["incoming_url"].as_str().unwrap());
        app.restart();
        let scopes =
            ["keys", "create", "--name", "story", "--scope", "orders:write", "--scope", "messages:read"];
        let key = app.cli_ok(&scopes);
        Some(Bench { app, kannel, key })
    }

    /// An order of somebody with this number who wants to be texted; its identifier.
    fn order(&self, number: usize, phone: &str) -> String {
        let now = kernel::Clock::now(&kernel::SystemClock).to_string();
        let mut order = with(example(), "/external_id", json!(number.to_string()));
        order = with(order, "/number", json!(format!("#{number}")));
        order = with(order, "/customer/external_id", json!(phone));
        order = with(order, "/customer/phone", json!(phone));
        order = with(order, "/customer/email", json!(format!("{}@example.test", &phone[1..])));
        order = with(order, "/customer/preferred_channel", json!("sms"));
        order = with(order, "/consent", Value::Null);
        order = with(order, "/expected", Value::Null);
        for at in ["/placed_at", "/updated_at"] {
            order = with(order, at, json!(now));
        }
        let answer = self.app.post_json("/v1/orders", &self.key, &order.to_string());
        assert_eq!(answer.status, 201, "{}", answer.text());
        answer.json()["id"].as_str().unwrap().to_owned()
    }

    fn messages(&self, order: &str) -> Vec<Value> {
        let bearer = format!("Bearer {}", self.key);
        let path = format!("/v1/messages?order={order}");
        let answer = self.app.get(&path, &[("Authorization", bearer.as_str())]);
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()["data"].as_array().unwrap().clone()
    }

    /// Waits until the messages of an order are as they should be; fails with how they are.
    fn until(&self, order: &str, what: &str, is_so: impl Fn(&[Value]) -> bool) -> Vec<Value> {
        let found = process::wait_for(LONG, || Some(self.messages(order)).filter(|messages| is_so(messages)));
        found.unwrap_or_else(|| {
            panic!("{what}: {:#?}\n{}\n{}", self.messages(order), self.kannel.logs(), self.app.logs())
        })
    }

    /// Texts that the network was given for this number.
    fn texts(&self, phone: &str) -> Vec<stories::smsc::Submitted> {
        let to = phone.trim_start_matches('+');
        let submitted = self.kannel.smsc.submitted().into_iter();
        submitted.filter(|text| text.to.trim_start_matches('+') == to).collect()
    }
}

fn status(message: &Value) -> &str {
    message["text"]["delivery_report"]["status"].as_str().unwrap_or_default()
}

fn the_whole_way(bench: &Bench) {
    let delivered = bench.order(1042, "+447700900123");
    let undelivered = bench.order(1043, "+447700909999");
    let rejected = bench.order(1044, "+447700900000");

    let messages =
        bench.until(&delivered, "delivered", |all| all.len() == 1 && status(&all[0]) == "delivered");
    assert_eq!((&messages[0]["channel"], &messages[0]["state"]), (&json!("sms"), &json!("accepted")));
    assert_eq!(messages[0]["text"]["price"], json!({ "amount": 4, "currency": "GBP" }));
    let texts = bench.texts("+447700900123");
    assert_eq!((texts.len(), texts[0].data_coding, texts[0].has_header), (1, 0, false), "{texts:?}");
    let body = String::from_utf8_lossy(&texts[0].bytes);
    assert!(body.starts_with("Northwind Tea: ") && body.contains("#1042") && body.contains("/s/"), "{body}");

    for (order, phone, expected) in
        [(&undelivered, "+447700909999", "undelivered"), (&rejected, "+447700900000", "rejected")]
    {
        let by_mail = |all: &[Value]| all.len() == 2 && all[1]["state"] == "accepted";
        let messages = bench.until(order, expected, by_mail);
        assert_eq!(
            (status(&messages[0]), &messages[1]["channel"]),
            (expected, &json!("email")),
            "{messages:#?}"
        );
        assert_eq!(messages[1]["reason"], "Sent by e-mail: the text did not arrive.");
        assert_eq!(bench.texts(phone).len(), 1);
    }
    let after = bench.order(1045, "+447700900000");
    let messages =
        bench.until(&after, "a dead number", |all| all.len() == 1 && all[0]["state"] == "accepted");
    assert_eq!(messages[0]["channel"], "email", "nothing reaches that number any more");

    bench.kannel.smsc.bring("+447700900123", "13013", "Stop, please").unwrap();
    let confirmed =
        process::wait_for(LONG, || Some(bench.texts("+447700900123")).filter(|all| all.len() == 2));
    let confirmed = confirmed.unwrap_or_else(|| panic!("no confirmation:\n{}", bench.kannel.logs()));
    assert!(String::from_utf8_lossy(&confirmed[1].bytes).contains("any more texts"), "{confirmed:?}");
    let stopped = bench.order(1046, "+447700900123");
    let messages = bench.until(&stopped, "after STOP", |all| all.len() == 1 && all[0]["state"] == "accepted");
    assert_eq!(messages[0]["channel"], "email");
    assert_eq!(messages[0]["reason"], "Sent by e-mail: this person answered STOP to our texts.");
    assert_eq!(bench.texts("+447700900123").len(), 2, "nothing after the confirmation");
}

#[test]
fn a_real_kannel_carries_texts_and_brings_back_what_became_of_them_sqlite() {
    let Some(bench) = Bench::set_up(Engine::Sqlite) else { return };
    the_whole_way(&bench);
}

#[test]
fn a_real_kannel_carries_texts_and_brings_back_what_became_of_them_postgres() {
    let Some(bench) = Bench::set_up(Engine::Postgres) else { return };
    the_whole_way(&bench);
}

/// A text of several parts, in letters that need sixteen bits: the provider against the gateway, without the shop.
#[test]
fn a_long_text_in_any_script_arrives_whole() {
    if !mail_server::wanted() {
        return;
    }
    let send_port = process::free_port();
    let kannel = Kannel::start(send_port, "http://127.0.0.1:9/none");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let body = "Zażółć gęślą jaźń ✓ 😀 ".repeat(6);
    let segments = messaging::sms::segments::measure(&body).segments.len();
    let send = |body: &str| {
        let sent = runtime.block_on(crate::kit::send_text(&Kannel::url(send_port), "+447700900124", body));
        assert!(
            matches!(sent, messaging::provider::Submission::Accepted { .. }),
            "{sent:?}\n{}",
            kannel.logs()
        );
    };
    // Until the gateway is bound to the network it keeps what it takes.
    send(&body);
    let given = process::wait_for(LONG, || Some(kannel.smsc.submitted()).filter(|all| all.len() == segments));
    let given = given.unwrap_or_else(|| panic!("{:?}\n{}", kannel.smsc.submitted(), kannel.logs()));
    let units: Vec<u16> = given
        .iter()
        .flat_map(|part| {
            assert!(part.has_header && part.data_coding == 8, "{part:?}");
            let text = &part.bytes[usize::from(part.bytes[0]) + 1..];
            text.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(String::from_utf16(&units).unwrap(), body);
    send("Northwind: a € and { braces }");
    let given =
        process::wait_for(LONG, || Some(kannel.smsc.submitted()).filter(|all| all.len() == segments + 1));
    let last = given.expect("one more").pop().unwrap();
    // The default alphabet: the euro is ESC and `e`.
    assert_eq!((last.data_coding, last.has_header), (0, false));
    assert!(last.bytes.windows(2).any(|pair| pair == [0x1b, 0x65]), "{last:?}");
}
