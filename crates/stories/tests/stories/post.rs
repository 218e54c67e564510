//! What the stories about sending share: a shop whose mail goes to a strict mail server, and its messages in full.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use db::{Engine, params};
use kernel::{Timestamp, VirtualClock};
use messaging::smtp::{SmtpProvider, SmtpSettings};
use stories::mime_reader;
use stories::postgres;
use stories::smtp_sink::{Received, Script, SmtpSink};
use stories::stage::{self, Stage};
use world::samples::{Bend, order};

db::sql_file!(pub POST = "post.sql" {
    LETTERS = "letters",
    CONTACTS = "contacts",
});

/// Longer than a machine with too much to do keeps us waiting.
const PATIENT: Duration = Duration::from_secs(60);
/// As long as a story about silence waits for it.
const BRIEF: Duration = Duration::from_millis(300);

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
    /// A shop on `engine` and a mail server that may take this long for each answer.
    pub async fn on(engine: Engine, limit: Duration) -> Post {
        let sink = SmtpSink::start().await.expect("the machine has a free port");
        let clock = Arc::new(VirtualClock::at(stage::at(stage::BEGINNING)));
        let provider = smtp(&sink.url(), clock.clone(), limit);
        let stage = Stage::at(&stage::fresh_url(engine), clock, Some(Arc::new(provider))).await;
        Post { stage, sink }
    }

    /// What the mail server does with the next messages.
    pub fn scripts(&self, scripts: impl IntoIterator<Item = Script>) {
        scripts.into_iter().for_each(|script| self.sink.script(script));
    }

    /// Takes in a paid order of Amina's and does what is due at once. A millisecond after what was before it, so that
    /// messages have an order.
    pub async fn order(&self, number: u32) -> orders::OrderId {
        self.stage.pass(Duration::from_millis(1)).await;
        let taken = self.stage.take(&order(number, self.stage.now()).left()).await;
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
        contacts(&self.stage).await
    }

    /// The `Message-ID` of everything that came to its final dot, without brackets.
    pub fn offered_ids(&self) -> Vec<String> {
        self.sink.offered().iter().map(message_id).collect()
    }

    /// The subjects of what the mail server has taken.
    pub fn subjects(&self) -> Vec<String> {
        self.sink
            .received()
            .iter()
            .map(|mail| mime_reader::Mail::read(&mail.bytes).header("Subject"))
            .collect()
    }
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
                    leased: row.get::<Option<String>>("lease")?.is_some(),
                })
            })
            .collect()
    });
    read.await.expect("messages can be read")
}

/// Every contact point, and whether it is dead.
pub async fn contacts(stage: &Stage) -> Vec<(String, bool)> {
    let read = stage.house.db.read("story.contacts", |r| {
        let rows = r.rows(&CONTACTS, params![])?;
        let dead = |row: &db::Row| row.get("dead_at").map(|at: Option<Timestamp>| at.is_some());
        rows.iter().map(|row| Ok((row.get("address")?, dead(row)?))).collect()
    });
    read.await.expect("contact points can be read")
}

/// A provider for the mail server at `url` that waits so long for each answer.
pub fn smtp(url: &str, clock: Arc<VirtualClock>, limit: Duration) -> SmtpProvider {
    let mut settings = SmtpSettings::parse(url).expect("an address of a mail server");
    let limits = &mut settings.timeouts;
    for own in
        [&mut limits.greeting, &mut limits.command, &mut limits.data, &mut limits.chunk, &mut limits.dot]
    {
        *own = limit;
    }
    SmtpProvider::new(settings, clock).expect("a provider needs no files")
}

/// The `Message-ID` of a mail, without brackets.
pub fn message_id(mail: &Received) -> String {
    let header = mime_reader::Mail::read(&mail.bytes).header("Message-ID");
    header.trim_matches(['<', '>']).to_owned()
}

/// A future that borrows what its story is about.
pub type Told<'a> = Pin<Box<dyn Future<Output = ()> + 'a>>;

/// Runs a story to its end on one engine, unless that engine is left out.
pub fn run_on(engine: Engine, story: impl Future<Output = ()>) {
    if engine == Engine::Postgres && !postgres::wanted() {
        return;
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(story);
}

/// Tells a story about sending on one engine.
pub fn tell(engine: Engine, story: impl for<'a> FnOnce(&'a mut Post) -> Told<'a>) {
    tell_within(PATIENT, engine, story);
}

/// The same for a story in which the mail server keeps silent.
pub fn tell_of_silence(engine: Engine, story: impl for<'a> FnOnce(&'a mut Post) -> Told<'a>) {
    tell_within(BRIEF, engine, story);
}

fn tell_within(limit: Duration, engine: Engine, story: impl for<'a> FnOnce(&'a mut Post) -> Told<'a>) {
    run_on(engine, async {
        let mut post = Post::on(engine, limit).await;
        story(&mut post).await;
        assert_eq!(
            post.sink.violations(),
            Vec::<String>::new(),
            "the mail server was not spoken to properly"
        );
        post.stage.end().await;
    });
}

/// Tells each story on both engines, with what `tell` prepares for it.
macro_rules! told_by {
    ($tell:path: $($(#[$doc:meta])* async fn $name:ident($what:ident: &mut $type:ty) $body:block)+) => {
        $(
            $(#[$doc])*
            mod $name {
                use super::*;

                async fn told($what: &mut $type) $body

                #[test]
                fn sqlite() {
                    $tell(::db::Engine::Sqlite, |what| Box::pin(told(what)));
                }

                #[test]
                fn postgres() {
                    $tell(::db::Engine::Postgres, |what| Box::pin(told(what)));
                }
            }
        )+
    };
}
pub(crate) use told_by;
