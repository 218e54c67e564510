//! The stage stories play on: a wired shop on one engine, under a clock that only moves when told.
//!
//! A stage that ends with an unaccounted message, a parked or overdue job, or personal data where none may be, fails
//! its story, whatever the story itself asserts.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use aftercare::house::{House, Setting};
use aftercare::{Config, lists};
use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response, StatusCode, header};
use db::{Durability, Engine, Mode, params};
use http_body_util::BodyExt;
use jobs::Runner;
use kernel::{Clock, CustomerId, Dice, Keys, Policy, Result, Timestamp, VirtualClock};
use messaging::provider::Provider;
use messaging::{NewMessage, Recipient, Templates};
use orders::incoming::IncomingOrder;
use orders::{OrderId, StoredOrder, Taken};
use tower::ServiceExt;

use crate::postgres::{self, Cluster};

db::sql_file!(pub STAGE = "stage.sql" {
    ALL_MAILS = "all_mails",
    ALL_TEXTS = "all_texts",
    ALL_MESSAGES = "all_messages",
    ALL_EVENTS = "all_events",
});

/// When every story begins: a Friday morning.
pub const BEGINNING: &str = "2026-11-20T10:00:00Z";
/// The secret root of every stage.
pub const SECRET: &str = "stage-secret-stage-secret-stage-1";

/// A wired shop, its clock and its hands.
pub struct Stage {
    /// The shop.
    pub house: House,
    /// Its clock.
    pub clock: Arc<VirtualClock>,
    /// What does its jobs.
    pub runner: Arc<Runner>,
    router: Router,
}

/// A mail as it lies in the built-in inbox.
#[derive(Clone, Debug)]
pub struct Mail {
    /// The `Message-ID` without brackets.
    pub message_id: String,
    /// Who it went to.
    pub to: String,
    /// The subject line.
    pub subject: String,
    /// The HTML part.
    pub html: String,
    /// The text part.
    pub text: String,
    /// The whole mail as bytes.
    pub source: Vec<u8>,
}

/// A message's row, as far as stories ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageRow {
    /// Which template.
    pub template: String,
    /// Where it stands.
    pub state: String,
    /// Why it was decided so.
    pub reason: String,
    /// What became of the last try.
    pub outcome: Option<String>,
    /// How often it was handed over.
    pub hand_offs: i64,
    /// Tries that did not end in acceptance.
    pub tries: i64,
}

/// An answer of the shop.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: axum::http::HeaderMap,
    /// The body as text.
    pub body: String,
}

impl Answer {
    /// The body as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    /// Where the list goes on that this page shows, below the address of the list.
    pub fn next_page(&self, list: &str) -> Option<String> {
        let link = format!("href=\"{list}?");
        let links = self.body.split(&link).skip(1).filter_map(|rest| rest.split('"').next());
        let next = links.filter(|query| query.contains("after=")).last()?;
        Some(format!("{list}?{}", next.replace("&amp;", "&")))
    }

    /// A header as text; empty when it is not there.
    pub fn header(&self, name: header::HeaderName) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

impl Stage {
    /// A shop on `engine` with the built-in inbox.
    pub async fn on(engine: Engine) -> Stage {
        Stage::with_mail(engine, None).await
    }

    /// A shop whose mail goes through `mail`.
    pub async fn with_mail(engine: Engine, mail: Option<Arc<dyn Provider>>) -> Stage {
        Stage::at(&fresh_url(engine), Arc::new(VirtualClock::at(at(BEGINNING))), mail).await
    }

    /// A shop whose mail stays in the inbox and whose texts go to `sms_url`.
    pub async fn texting(engine: Engine, sms_url: &str) -> Stage {
        Stage::set_up(engine, &[("AFTERCARE_SMS_URL", sms_url)], as_it_is).await
    }

    /// A shop that has decided other things about messages.
    pub async fn with_policy(engine: Engine, policy: Policy) -> Stage {
        Stage::set_up(engine, &[], |config| config.policy = policy).await
    }

    /// A shop on `engine` whose own language is `tag`.
    pub async fn speaking(engine: Engine, tag: &str) -> Stage {
        Stage::set_up(engine, &[("AFTERCARE_LOCALE", tag)], as_it_is).await
    }

    /// A shop that says these sentences in its own words.
    pub async fn worded(engine: Engine, wording: &[(&str, &str)]) -> Stage {
        let own = wording.iter().map(|(key, words)| ((*key).to_owned(), (*words).to_owned())).collect();
        Stage::set_up(engine, &[], |config| config.wording = own).await
    }

    /// A shop with these settings beside those of every stage, by the names of their variables.
    pub async fn configured(engine: Engine, settings: &[(&str, &str)]) -> Stage {
        Stage::set_up(engine, settings, as_it_is).await
    }

    async fn set_up(engine: Engine, settings: &[(&str, &str)], decide: impl FnOnce(&mut Config)) -> Stage {
        let clock = Arc::new(VirtualClock::at(at(BEGINNING)));
        let house = house(&fresh_url(engine), clock.clone(), None, settings, decide);
        Stage::opened(house, clock).await
    }

    /// A shop on the database at `url`, under a clock that others may know too.
    pub async fn at(url: &str, clock: Arc<VirtualClock>, mail: Option<Arc<dyn Provider>>) -> Stage {
        let house = house(url, clock.clone(), mail, &[], as_it_is);
        Stage::opened(house, clock).await
    }

    async fn opened(house: House, clock: Arc<VirtualClock>) -> Stage {
        house.migrate().expect("the migrations apply");
        house.refresh().await.expect("the settings can be read");
        let runner = house.runner().await.expect("a runner starts");
        let router = house.router().expect("the routes are whole");
        Stage { house, clock, runner, router }
    }

    /// The present instant.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Lets time pass, doing everything at its own moment.
    pub async fn pass(&self, span: Duration) {
        let until = self.now() + span;
        world::passing::pass(&self.runner, &*self.clock, until).await.expect("time passes");
    }

    /// Does what is due now.
    pub async fn settle(&self) {
        self.pass(Duration::ZERO).await;
    }

    /// Takes a version of an order in, as every door does.
    pub async fn take(&self, order: &IncomingOrder) -> Taken {
        self.try_take(order).await.expect("the order is taken in")
    }

    /// Takes a version of an order in that may be refused.
    pub async fn try_take(&self, order: &IncomingOrder) -> Result<Taken> {
        let order = order.clone();
        self.house.db.write("story.take", move |w| orders::take(w, &order)).await
    }

    /// An order as stored.
    pub async fn order(&self, id: &OrderId) -> StoredOrder {
        let id = id.clone();
        let found = self.house.db.read("story.order", move |r| orders::stored(r, &id)).await;
        found.expect("the order can be read").expect("the order is there")
    }

    /// Writes a message of the story's own to somebody, worth sending for a month, and does what is due at once. A
    /// millisecond after what was before it, so that messages have an order.
    pub async fn say(&self, customer: &CustomerId, template: &'static str, said: &str) {
        self.pass(Duration::from_millis(1)).await;
        let (customer, said) = (customer.clone(), said.to_owned());
        let write = self.house.db.write("story.say", move |w| {
            let now = w.now;
            let message = NewMessage {
                customer: &customer,
                template,
                subject: ("customer", customer.as_str()),
                trigger: &said,
                thread: &said,
                recipient: Recipient::default(),
                context: serde_json::json!({ "said": said }),
                not_before: now,
                not_after: Some(now + Duration::from_secs(30 * 86_400)),
            };
            messaging::queue(w, &message)
        });
        write.await.expect("it is written");
        self.settle().await;
    }

    /// Every mail in the inbox, oldest first.
    pub async fn mails(&self) -> Vec<Mail> {
        let read = self.house.db.read("story.mails", |r| {
            let rows = r.rows(&ALL_MAILS, params![])?;
            rows.iter()
                .map(|row| {
                    Ok(Mail {
                        message_id: row.get("message_id_header")?,
                        to: row.get("recipient")?,
                        subject: row.get("subject")?,
                        html: row.get("html")?,
                        text: row.get("body_text")?,
                        source: row.get("source")?,
                    })
                })
                .collect()
        });
        read.await.expect("the inbox can be read")
    }

    /// Every text in the inbox, oldest first: to whom, and what it says.
    pub async fn texts(&self) -> Vec<(String, String)> {
        let read = self.house.db.read("story.texts", |r| {
            let rows = r.rows(&ALL_TEXTS, params![])?;
            rows.iter().map(|row| Ok((row.get("recipient")?, row.get("body_text")?))).collect()
        });
        read.await.expect("the inbox can be read")
    }

    /// A copy of every page and endpoint, for a counterpart that calls the shop while the shop calls it.
    pub fn router(&self) -> Router {
        self.router.clone()
    }

    /// The subjects of every mail, oldest first.
    pub async fn subjects(&self) -> Vec<String> {
        self.mails().await.into_iter().map(|mail| mail.subject).collect()
    }

    /// Every message's row, oldest first.
    pub async fn messages(&self) -> Vec<MessageRow> {
        let read = self.house.db.read("story.messages", |r| {
            let rows = r.rows(&ALL_MESSAGES, params![])?;
            rows.iter()
                .map(|row| {
                    Ok(MessageRow {
                        template: row.get("template")?,
                        state: row.get("state")?,
                        reason: row.get("reason")?,
                        outcome: row.get("outcome")?,
                        hand_offs: row.get("hand_offs")?,
                        tries: row.get("tries")?,
                    })
                })
                .collect()
        });
        read.await.expect("the messages can be read")
    }

    /// The kinds of all events, oldest first.
    pub async fn events(&self) -> Vec<String> {
        let read = self.house.db.read("story.events", |r| {
            r.rows(&ALL_EVENTS, params![])?.iter().map(|row| row.get("kind")).collect()
        });
        read.await.expect("the timeline can be read")
    }

    /// Sends a request through the whole program, without a socket.
    pub async fn http(&self, request: Request<Body>) -> Answer {
        let response: Response<Body> =
            self.router.clone().oneshot(request).await.expect("the service answers");
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.expect("the body can be read").to_bytes();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }

    /// A GET of `path`, which may be a whole address of this shop.
    pub async fn get(&self, path: &str) -> Answer {
        let path = path.strip_prefix(&self.house.config.public_url).unwrap_or(path);
        self.http(Request::get(path).body(Body::empty()).expect("a request")).await
    }

    /// What the API says of the messages about an order, oldest first.
    pub async fn api_messages(&self, id: &OrderId) -> Vec<serde_json::Value> {
        let made =
            self.house.db.write("story.key", |w| api::create_key(w, "reader", &[api::Scope::MessagesRead]));
        let key = made.await.expect("a key is made");
        let request = Request::get(format!("/v1/messages?order={id}"))
            .header(header::AUTHORIZATION, format!("Bearer {key}"));
        let answer = self.http(request.body(Body::empty()).expect("a request")).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        answer.json()["data"].as_array().expect("a list").clone()
    }

    /// A key that may write orders.
    pub async fn api_key(&self) -> String {
        self.api_key_for(&[api::Scope::OrdersWrite]).await
    }

    /// A key that may do this.
    pub async fn api_key_for(&self, scopes: &'static [api::Scope]) -> String {
        let made = self.house.db.write("story.key", move |w| api::create_key(w, "story", scopes));
        made.await.expect("a key is made")
    }

    /// Ends the story: nothing may be left over.
    pub async fn end(self) {
        self.settle().await;
        let left =
            self.house.db.read("story.end", |r| Ok((messaging::unaccounted(r)?, jobs::parked(r, 10)?)));
        let (unaccounted, parked) = left.await.expect("the end can be read");
        assert!(unaccounted.is_empty(), "messages nobody will go on with: {unaccounted:?}");
        assert!(parked.is_empty(), "work that failed too often: {parked:?}");
        crate::personal::assert_personal_data_is_at_home(&self.house.db).await;
        self.house.db.close().await;
    }
}

/// Where a database is that nobody has used.
pub fn fresh_url(engine: Engine) -> String {
    match engine {
        Engine::Sqlite => "sqlite::memory:".to_owned(),
        Engine::Postgres => Cluster::shared().url(&Cluster::shared().fresh_schema()),
    }
}

/// A configuration that is not changed.
fn as_it_is(_: &mut Config) {}

fn house(
    url: &str,
    clock: Arc<VirtualClock>,
    mail: Option<Arc<dyn Provider>>,
    settings: &[(&str, &str)],
    decide: impl FnOnce(&mut Config),
) -> House {
    let env = [
        ("AFTERCARE_DATABASE_URL", url),
        ("AFTERCARE_PUBLIC_URL", "http://127.0.0.1:4080"),
        ("AFTERCARE_MAIL_FROM", "Northwind Tea <orders@northwind.example>"),
        ("AFTERCARE_TIMEZONE", "Europe/London"),
        // The counterparts of stories live on this machine.
        ("AFTERCARE_EGRESS_ALLOW", "127.0.0.0/8"),
    ];
    let env = env
        .into_iter()
        .chain(settings.iter().copied())
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let mut config = Config::load(None, &env).expect("the configuration is right");
    config.brand = aftercare::demo::northwind("https://northwind.example");
    decide(&mut config);
    let templates = Templates::new(&[lists::messages::templates().all(), crate::letters::TEMPLATES]);
    let (mode, durability) = (Mode::Inline, Durability::Full);
    let dice = Dice::seeded(7);
    let setting = Setting { clock, dice, mode, durability, mail, templates, ..Setting::server() };
    let keys = Keys::parse(SECRET).expect("the secret is long enough");
    House::with_keys(config, keys, setting).expect("the house opens")
}

/// An instant in RFC 3339.
pub fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).expect("an instant")
}

/// Tells a story on one engine.
pub fn tell_on<F>(engine: Engine, story: F)
where
    F: for<'a> FnOnce(&'a Stage) -> Pin<Box<dyn Future<Output = ()> + 'a>>,
{
    if engine == Engine::Postgres && !postgres::wanted() {
        return;
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let stage = Stage::on(engine).await;
        story(&stage).await;
        stage.end().await;
    });
}

/// Tells each story on both engines: `stories! { async fn a_claim(stage: &Stage) { … } }`.
#[macro_export]
macro_rules! stories {
    ($($(#[$doc:meta])* async fn $name:ident($stage:ident: &$stage_type:ty) $body:block)+) => {
        $(
            $(#[$doc])*
            mod $name {
                use super::*;

                async fn told($stage: &$stage_type) $body

                #[test]
                fn sqlite() {
                    $crate::stage::tell_on(::db::Engine::Sqlite, |stage| Box::pin(told(stage)));
                }

                #[test]
                fn postgres() {
                    $crate::stage::tell_on(::db::Engine::Postgres, |stage| Box::pin(told(stage)));
                }
            }
        )+
    };
}
