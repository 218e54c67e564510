//! The main job against real counterparts: a signed webhook in, a mail in the customer's mailbox, and its page.

use std::time::Duration;

use db::Engine;
use kernel::{Clock, SystemClock};
use serde_json::{Value, json};
use stories::app::{App, Settings};
use stories::mail_server::{self, MailServer};
use stories::mime_reader::Mail;
use stories::postgres::{self, Cluster};

use crate::kit::{numbered, shopify_order, signature, with};

const SECRET: &str = "the secret the shop signs with";
const LONG: Duration = Duration::from_secs(30);

fn started(engine: Engine, server: &MailServer) -> App {
    let database_url = match engine {
        Engine::Sqlite => None,
        Engine::Postgres => Some(Cluster::shared().url(&Cluster::shared().fresh_schema())),
    };
    App::start(Settings {
        database_url,
        mail_url: Some(server.submission_url()),
        env: vec![("AFTERCARE_MAIL_FROM".into(), "Nordlys Té <orders@example.test>".into())],
        ..Settings::default()
    })
}

/// A Shopify order of this moment, for this mailbox.
fn order_for(mailbox: &str, number: usize) -> String {
    let now = json!(SystemClock.now().to_string());
    let order = with(numbered(&shopify_order("orders/create"), number), "/processed_at", now.clone());
    let address = json!(format!("{mailbox}@example.test"));
    let order = with(with(order, "/updated_at", now), "/email", address.clone());
    with(with(order, "/contact_email", address.clone()), "/customer/email", address).to_string()
}

fn post_signed(app: &App, body: &str) {
    let said = app.cli_ok(&["connect", "shopify", "--name", "Example", "--secret", SECRET]);
    let made: Value = serde_json::from_str(&said).unwrap();
    let url = made["webhook_url"].as_str().unwrap();
    let path = &url[url.find("/hooks/").unwrap()..];
    let signature = signature(SECRET, body.as_bytes());
    let headers = [
        ("X-Shopify-Hmac-Sha256", signature.as_str()),
        ("X-Shopify-Topic", "orders/create"),
        ("X-Shopify-Webhook-Id", "one"),
    ];
    assert_eq!(app.post(path, &headers, body.as_bytes()).status, 200);
}

/// The link of the order page in a mail's text.
fn page_link(mail: &Mail) -> String {
    let text = mail.text();
    let at = text.find("http://").expect("the mail has a link");
    text[at..].split_whitespace().next().unwrap_or_default().to_owned()
}

fn a_signed_order_arrives_in_the_mailbox(engine: Engine, mailbox: &str) {
    let server = MailServer::shared().unwrap();
    let app = started(engine, server);
    post_signed(&app, &order_for(mailbox, 7_001));
    let arrived = server.wait_for(mailbox, 1, LONG);
    let mail = &arrived[0];
    assert!(mail.header("Subject").contains("7001"), "{}", mail.header("Subject"));
    assert!(mail.header("From").contains("Nordlys Té"), "{}", mail.header("From"));
    let url = page_link(mail);
    assert!(mail.html().contains(&url), "HTML and text lead to the same page");
    let page = app.get(&url[url.find("/o/").unwrap()..], &[]);
    assert_eq!(page.status, 200);
    let token = &url[url.find("/o/").unwrap() + 3..];
    for personal in [mailbox, "Buyer", "Ringstraße", "+4315550100", token] {
        assert!(!app.logs().contains(personal), "{personal} is in the log:\n{}", app.logs());
    }
    assert!(page.text().contains("Merino tee") && mail.text().contains("Merino tee"));
}

#[test]
fn a_signed_order_arrives_in_the_mailbox_from_sqlite() {
    if mail_server::wanted() {
        a_signed_order_arrives_in_the_mailbox(Engine::Sqlite, "ann.sqlite");
    }
}

#[test]
fn a_signed_order_arrives_in_the_mailbox_from_postgres() {
    if mail_server::wanted() && postgres::wanted() {
        a_signed_order_arrives_in_the_mailbox(Engine::Postgres, "ann.postgres");
    }
}
