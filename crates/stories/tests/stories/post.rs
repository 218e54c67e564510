//! What the stories about sending share: a shop whose mail goes to a strict mail server, and its messages in full.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use db::{Engine, Query, params};
use jobs::Runner;
use kernel::{Timestamp, VirtualClock};
use messaging::smtp::{SmtpProvider, SmtpSettings};
use stories::mime_reader;
use stories::postgres;
use stories::smtp_sink::{Received, Script, SmtpSink};
use stories::stage::{self, Stage};
use world::samples::order;

db::sql_file!(pub POST = "post.sql" {
    LETTERS = "letters",
    CONTACTS = "contacts",
    ASK_FOR_AN_OPINION = "ask_for_an_opinion",
});

/// Time limits that a story can wait for.
const BRIEF: Duration = Duration::from_millis(150);
/// As long as a story needs to be sure that a message is in the hands of a server that doesn't answer.
const A_MOMENT: Duration = Duration::from_millis(60);

/// A shop, and the mail server its mail goes to.
pub struct Post {
    pub stage: Stage,
    pub sink: SmtpSink,
}

/// Everything a message's row says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    pub key: String,
    pub state: String,
    pub verdict: String,
    pub reason: String,
    pub outcome: String,
    pub reference: Option<String>,
    pub hand_offs: i64,
    pub tries: i64,
    pub finished_at: Option<Timestamp>,
    /// When its job is due, while it has one.
    pub due_at: Option<Timestamp>,
    /// Whether somebody holds its job.
    pub leased: bool,
}

impl Post {
    /// A shop on `engine` and a mail server whose silence is taken for one after 150 ms.
    pub async fn on(engine: Engine) -> Post {
        let sink = SmtpSink::start().await.expect("the machine has a free port");
        let clock = Arc::new(VirtualClock::at(stage::at(stage::BEGINNING)));
        let provider = smtp(&sink.url(), clock.clone());
        let stage = Stage::at(&stage::fresh_url(engine), clock, Some(Arc::new(provider))).await;
        Post { stage, sink }
    }

    /// What the mail server does with the next messages.
    pub fn scripts(&self, scripts: impl IntoIterator<Item = Script>) {
        scripts.into_iter().for_each(|script| self.sink.script(script));
    }

    /// Takes in a paid order of Amina's and does what is due at once.
    pub async fn order(&self, number: u32) -> orders::OrderId {
        let taken = self.stage.take(&order(number, self.stage.now())).await;
        self.stage.settle().await;
        taken.order
    }

    /// Every message, oldest first.
    pub async fn letters(&self) -> Vec<Letter> {
        letters(&self.stage).await
    }

    /// The only message.
    pub async fn letter(&self) -> Letter {
        let letters = self.letters().await;
        assert_eq!(letters.len(), 1, "{letters:?}");
        letters[0].clone()
    }

    /// How long until the only message is tried again.
    pub async fn wait(&self) -> Duration {
        let due_at = self.letter().await.due_at.expect("it will be tried again");
        due_at.since(self.stage.now())
    }

    /// The kinds of notes on an order.
    pub async fn notes(&self, id: &orders::OrderId) -> Vec<String> {
        let id = id.clone();
        let read = self.stage.house.db.read("story.notes", move |r| orders::notes(r, &id));
        read.await.expect("notes can be read").into_iter().map(|note| note.kind).collect()
    }

    /// Every contact point, and whether it is dead.
    pub async fn contacts(&self) -> Vec<(String, bool)> {
        let read = self.stage.house.db.read("story.contacts", |r| {
            let rows = r.rows(&CONTACTS, params![])?;
            rows.iter().map(|row| Ok((row.get("address")?, row.get::<i64>("dead")? == 1))).collect()
        });
        read.await.expect("contact points can be read")
    }

    /// Changes rows by hand.
    pub async fn tamper(&self, query: &'static Query) {
        let write = self.stage.house.db.write("story.tamper", move |w| w.execute(query, params![]));
        assert!(write.await.expect("rows can be changed") > 0, "{} changed nothing", query.name());
    }

    /// Does what is due, and dies while the mail server keeps us waiting: nothing is written after that.
    pub async fn die_waiting(&mut self) {
        let died = tokio::time::timeout(A_MOMENT, self.stage.runner.run_due()).await;
        assert!(died.is_err(), "nothing kept us waiting");
        self.stage.runner = self.stage.house.runner().await.expect("a new process starts");
    }

    /// Lets the processes that are dead be found so, and does what they left.
    pub async fn find_the_dead(&self) {
        find_the_dead(&self.stage, &self.stage.runner).await;
        self.stage.settle().await;
    }

    /// The `Message-ID` of everything that came to its final dot, without brackets.
    pub fn offered_ids(&self) -> Vec<String> {
        self.sink.offered().iter().map(message_id).collect()
    }

    /// The subjects of what the mail server has taken.
    pub fn subjects(&self) -> Vec<String> {
        self.sink.received().iter().map(|mail| mime_reader::Mail::read(&mail.bytes).header("Subject")).collect()
    }
}

/// On PostgreSQL a process is dead when its beat has stood still for half a minute; on SQLite the restart is enough.
pub async fn find_the_dead(stage: &Stage, runner: &Runner) {
    runner.beat().await.expect("a process beats");
    stage.clock.move_to(stage.now() + Duration::from_secs(30));
    runner.beat().await.expect("a process beats");
}

/// Every message of a stage, oldest first.
pub async fn letters(stage: &Stage) -> Vec<Letter> {
    let read = stage.house.db.read("story.letters", |r| {
        let rows = r.rows(&LETTERS, params![])?;
        rows.iter()
            .map(|row| {
                Ok(Letter {
                    key: row.get("key")?,
                    state: row.get("state")?,
                    verdict: row.get("verdict")?,
                    reason: row.get("reason")?,
                    outcome: row.get::<Option<String>>("outcome")?.unwrap_or_default(),
                    reference: row.get("provider_reference")?,
                    hand_offs: row.get("hand_offs")?,
                    tries: row.get("tries")?,
                    finished_at: row.get("finished_at")?,
                    due_at: row.get("due_at")?,
                    leased: row.get::<i64>("leased")? == 1,
                })
            })
            .collect()
    });
    read.await.expect("messages can be read")
}

/// A provider for the mail server at `url` that doesn't wait for long.
pub fn smtp(url: &str, clock: Arc<VirtualClock>) -> SmtpProvider {
    let mut settings = SmtpSettings::parse(url).expect("an address of a mail server");
    let limits = &mut settings.timeouts;
    for limit in [&mut limits.greeting, &mut limits.command, &mut limits.data, &mut limits.chunk, &mut limits.dot] {
        *limit = BRIEF;
    }
    SmtpProvider::new(settings, clock).expect("a provider needs no files")
}

/// The `Message-ID` of a mail, without brackets.
pub fn message_id(mail: &Received) -> String {
    let header = mime_reader::Mail::read(&mail.bytes).header("Message-ID");
    header.trim_matches(['<', '>']).to_owned()
}

/// Tells a story about sending on one engine.
pub fn tell<F>(engine: Engine, story: F)
where
    F: for<'a> FnOnce(&'a mut Post) -> Pin<Box<dyn Future<Output = ()> + 'a>>,
{
    if engine == Engine::Postgres && !postgres::wanted() {
        return;
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let mut post = Post::on(engine).await;
        story(&mut post).await;
        assert_eq!(post.sink.violations(), Vec::<String>::new(), "the mail server was not spoken to properly");
        post.stage.end().await;
    });
}

/// Tells each story about sending on both engines.
macro_rules! posts {
    ($($(#[$doc:meta])* async fn $name:ident($post:ident: &mut Post) $body:block)+) => {
        $(
            $(#[$doc])*
            mod $name {
                use super::*;

                async fn told($post: &mut Post) $body

                #[test]
                fn sqlite() {
                    crate::post::tell(::db::Engine::Sqlite, |post| Box::pin(told(post)));
                }

                #[test]
                fn postgres() {
                    crate::post::tell(::db::Engine::Postgres, |post| Box::pin(told(post)));
                }
            }
        )+
    };
}
pub(crate) use posts;
