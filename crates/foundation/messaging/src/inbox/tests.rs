//! The inbox as its reader meets it: mails come in through the provider and are looked at through the routes.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::handler::Handler;
use axum::http::{Request, StatusCode};
use axum::response::Response;
use axum::routing::any_service;
use db::{DatabaseUrl, Db, Migration, Mode, Options, Wiring, Write, params};
use kernel::shop::Sender;
use kernel::{
    Brand, Currency, Dice, Email, Keys, Locale, MessageId, Policy, Shop, Timestamp, VirtualClock, Zone,
};
use web::{Pages, PlainShell};

use super::{InboxProvider, TEMPLATES, kept, router};
use crate::mail::Mail;
use crate::outgoing::Outgoing;
use crate::provider::{Provider, Submission};
use crate::store::{INSERT_MESSAGE, SET_FINAL};

const MIGRATIONS: &[Migration] = &[
    Migration { version: 1, name: "jobs", sql: include_str!("../../../../../migrations/0001_jobs.sql") },
    Migration {
        version: 2,
        name: "customers",
        sql: include_str!("../../../../../migrations/0003_customers.sql"),
    },
    Migration {
        version: 3,
        name: "messaging",
        sql: include_str!("../../../../../migrations/0004_messaging.sql"),
    },
    Migration { version: 4, name: "reach", sql: include_str!("../../../../../migrations/0011_reach.sql") },
    Migration { version: 5, name: "texts", sql: include_str!("../../../../../migrations/0012_texts.sql") },
    Migration {
        version: 6,
        name: "templates",
        sql: include_str!("../../../../../migrations/0023_templates.sql"),
    },
    Migration { version: 7, name: "people", sql: include_str!("../../../../../migrations/0024_people.sql") },
    Migration { version: 8, name: "orders", sql: include_str!("../../../../../migrations/0007_orders.sql") },
    Migration {
        version: 9,
        name: "marks_and_lists",
        sql: include_str!("../../../../../migrations/0022_marks_and_lists.sql"),
    },
    Migration {
        version: 10,
        name: "countries",
        sql: include_str!("../../../../../migrations/0029_products_and_countries.sql"),
    },
];

/// An inbox, its clock, and its pages.
struct Kit {
    db: Db,
    clock: Arc<VirtualClock>,
}

fn shop() -> Shop {
    Shop {
        brand: Brand::default(),
        public_url: "http://127.0.0.1:4080".to_owned(),
        keys: Keys::parse("a root of at least thirty-two bytes").unwrap(),
        locale: Locale::default(),
        zone: Zone::parse("Europe/Berlin").unwrap(),
        currency: Currency::parse("GBP").unwrap(),
        policy: Policy::default(),
        mail_from: Sender { name: "Shop".to_owned(), address: Email::parse("shop@nordlys.test").unwrap() },
    }
}

fn mail(n: usize) -> Mail {
    Mail {
        from: Sender { name: "Nordlys".into(), address: Email::parse("shop@nordlys.test").unwrap() },
        reply_to: None,
        to: Email::parse("ann@example.test").unwrap(),
        to_name: Some("Ann Zoë".into()),
        subject: format!("We’ve got your order #{n}"),
        html: format!(
            "<style>@media (prefers-color-scheme:dark){{p{{}}}}</style><p>Mail {n}</p><script>x</script>"
        ),
        text: format!("Text {n} <b>\n"),
        message_id: format!("key{n}@nordlys.test"),
        references: Vec::new(),
        date: Timestamp::parse("2026-11-20T10:00:00Z").unwrap(),
        headers: Vec::new(),
    }
}

impl Kit {
    fn new() -> Kit {
        let clock = Arc::new(VirtualClock::at(Timestamp::parse("2026-11-20T10:00:00Z").unwrap()));
        let wiring = Wiring::new().with(shop());
        let options = Options { mode: Mode::Inline, ..Options::new(clock.clone(), Dice::seeded(1), wiring) };
        let db = Db::open(&DatabaseUrl::Memory, options).unwrap();
        db.migrate(MIGRATIONS).unwrap();
        Kit { db, clock }
    }

    /// Gives the provider a mail; answers with its identifier.
    async fn receive(&self, n: usize) -> String {
        self.clock.move_to(self.db.now() + Duration::from_secs(1));
        let session = InboxProvider::new(self.db.clone()).connect().await.unwrap();
        match session.submit(&Outgoing::Email(mail(n))).await {
            Submission::Accepted { reference } => reference,
            other => panic!("{other:?}"),
        }
    }

    async fn get(&self, path: &str) -> Response {
        let pages = Arc::new(Pages::new(&[TEMPLATES]).unwrap());
        let shell = Arc::new(PlainShell::new(pages, Vec::new()));
        call(router(self.db.clone(), shell, Some("/demo")), path).await
    }

    async fn text(&self, path: &str) -> String {
        let response = self.get(path).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        String::from_utf8(to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec()).unwrap()
    }
}

async fn call(routes: Router, path: &str) -> Response {
    let request = Request::get(path).body(Body::empty()).unwrap();
    any_service(routes).call(request, ()).await
}

fn write_message(w: &mut Write<'_>) -> kernel::Result<()> {
    let email = Email::parse("ann@example.test")?;
    let described = customers::Described {
        source: "web",
        external_id: None,
        email: Some(&email),
        phone: None,
        name: None,
        locale: None,
        preferred_channel: None,
        preferred_at: None,
        time_zone: None,
        country: None,
    };
    let customer = customers::recognise(w, &described)?;
    let (id, now) = (MessageId::new(w.now, w.dice), w.now);
    w.send(
        &INSERT_MESSAGE,
        params![
            id.as_str(),
            "key7",
            customer.as_str(),
            "transactional",
            "orders",
            "at_once",
            "orders.confirmation",
            3i64,
            "order",
            "ord_1",
            "thread",
            now,
            now,
            now,
            0i64
        ],
    )?;
    let why = crate::decide::Why::Expired;
    w.send(&SET_FINAL, params![id.as_str(), "expired", why.words(), now, why.code()])?;
    Ok(())
}

/// Identifiers of a list page, in its order.
fn ids(html: &str) -> Vec<String> {
    let links = html.split("href=\"/inbox/").skip(1);
    links.map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

fn link(html: &str, start: &str) -> Option<String> {
    let at = html.find(start)?;
    Some(html[at..].split('"').next().unwrap().to_owned())
}

#[tokio::test]
async fn an_empty_inbox_points_to_the_demo() {
    let html = Kit::new().text("/inbox").await;
    assert!(html.contains("No messages yet") && html.contains("href=\"/demo\""), "{html}");
}

#[tokio::test]
async fn every_mail_is_on_one_page_whichever_way_one_goes() {
    let kit = Kit::new();
    let mut received = Vec::new();
    for n in 0..kept::PAGE * 2 + 5 {
        received.insert(0, kit.receive(n).await);
    }
    let first = kit.text("/inbox").await;
    assert!(first.contains("105 messages.") && first.contains("Text 104 &lt;b&gt;"), "{first}");
    assert_eq!(link(&first, "/inbox?newer="), None);
    let second = kit.text(&link(&first, "/inbox?older=").unwrap()).await;
    let third = kit.text(&link(&second, "/inbox?older=").unwrap()).await;
    assert_eq!([ids(&first), ids(&second), ids(&third)].concat(), received);
    assert_eq!(link(&third, "/inbox?older="), None);
    let back = kit.text(&link(&third, "/inbox?newer=").unwrap()).await;
    assert_eq!(ids(&back), ids(&second));
    assert_eq!(ids(&kit.text(&link(&back, "/inbox?newer=").unwrap()).await), ids(&first));
}

#[tokio::test]
async fn a_page_of_mails_that_are_gone_is_the_newest() {
    let kit = Kit::new();
    let id = kit.receive(1).await;
    for path in [format!("/inbox?older={id}"), format!("/inbox?newer={id}")] {
        assert_eq!(ids(&kit.text(&path).await), [id.as_str()], "{path}");
    }
}

#[tokio::test]
async fn a_mail_is_seen_in_every_way() {
    let kit = Kit::new();
    let path = format!("/inbox/{}", kit.receive(7).await);
    for (view, part) in [
        ("", "sandbox title"),
        ("?view=phone-320", "w320"),
        ("?view=dark", "/html?dark=1"),
        ("?view=text", "Text 7 &lt;b&gt;"),
        ("?view=source", "Message-ID: &lt;key7@nordlys.test&gt;"),
        ("?view=headers", "<td>We’ve got your order #7</td>"),
    ] {
        let html = kit.text(&format!("{path}{view}")).await;
        assert!(html.contains(part), "{view}: {html}");
        assert!(html.contains("Friday 20 November, 11:00"), "{html}");
        assert!(html.contains("Nordlys &lt;shop@nordlys.test&gt;"), "{html}");
        assert!(html.contains("Ann Zoë &lt;ann@example.test&gt;"), "{html}");
    }
}

#[tokio::test]
async fn the_mail_itself_comes_under_the_policy_for_strangers() {
    use web::headers::{HeaderPolicy, secured};

    let kit = Kit::new();
    let path = format!("/inbox/{}/html", kit.receive(7).await);
    assert!(kit.text(&path).await.contains("@media (max-width:0){p{}}"));
    assert!(kit.text(&format!("{path}?dark=1")).await.contains("@media (min-width:0){p{}}"));
    let pages = Arc::new(Pages::new(&[TEMPLATES]).unwrap());
    let routes = router(kit.db.clone(), Arc::new(PlainShell::new(pages, Vec::new())), None);
    let response = call(secured(routes, HeaderPolicy::default()), &path).await;
    let policy = response.headers()["content-security-policy"].to_str().unwrap();
    assert!(policy.starts_with("sandbox; default-src 'none'") && !policy.contains("script"), "{policy}");
}

#[tokio::test]
async fn a_mail_says_why_it_was_sent_when_its_message_is_known() {
    let kit = Kit::new();
    let path = format!("/inbox/{}?view=text", kit.receive(7).await);
    assert!(kit.text(&path).await.contains("Not known"));
    kit.db.write("test", write_message).await.unwrap();
    let html = kit.text(&path).await;
    for part in [
        "Too late",
        "it would have come too late",
        "transactional, at once",
        "key7",
        "order ord_1",
        "version 3",
    ] {
        assert!(html.contains(part), "{part}: {html}");
    }
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let kit = Kit::new();
    let gone = "ibx_00000000000000000000";
    for path in [
        "/inbox/1",
        "/inbox/msg_00000000000000000000",
        "/inbox?older=x",
        "/inbox?newer='",
        &format!("/inbox/{gone}"),
        &format!("/inbox/{gone}/html"),
    ] {
        assert_eq!(kit.get(path).await.status(), StatusCode::NOT_FOUND, "{path}");
    }
}
