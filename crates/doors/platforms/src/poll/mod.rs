//! Looking after webhooks that were lost: every few minutes the platform's own list of changed orders is read.
//!
//! What is found goes through the same inbox as a webhook, so it is taken in once however often it is found. The cursor
//! advances in the write that stores a page, so nothing is passed over by a crash. A platform that is away, refuses the
//! key or talks nonsense is asked again later; how it went stands with the connection.

mod cursor;
mod subscription;
mod trouble;

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use async_trait::async_trait;
use db::{Db, Write};
use egress::{Answer, Caller, Egress, Request, Rules};
use jobs::{Job, Lane, NewJob, Next, Stepped};
use kernel::{Error, Result, Timestamp};
use serde_json::{Value, json};

use crate::connections::{self, Target};
use crate::health::Health;
use crate::inbox::{self, Delivery};
use crate::{ConnectionId, POLL_JOB, store};

pub(crate) use cursor::Cursor;
pub(crate) use subscription::{Change, Hook, Mend};
pub(crate) use trouble::{Trouble, judge};

/// How many pages one run reads before other work has its turn.
const PAGES_PER_RUN: u32 = 20;
/// How soon a list that is longer is read on.
const READ_ON: Duration = Duration::from_secs(1);
/// The most bytes of an answer.
const MAX_ANSWER: usize = 32 * 1024 * 1024;
/// The most bytes of one order, as for webhooks.
const MAX_ORDER: usize = 1_000_000;
/// The most orders of one page; no platform gives more than 250.
const MAX_ORDERS: usize = 500;
/// How long an answer may take: a page of large orders is made slowly.
const ANSWER_TIME: Duration = Duration::from_secs(60);

/// What to ask for: orders changed since, or the rest of a list that was begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ask {
    /// Changed at this time or later.
    pub since: Timestamp,
    /// The platform's word for where the list goes on.
    pub next: Option<String>,
}

/// A page of the platform's list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Page {
    /// The orders on it.
    pub orders: Vec<Fetched>,
    /// The platform's word for where it goes on.
    pub next: Option<String>,
}

/// An order of a page, byte for byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fetched {
    /// The order.
    pub body: Vec<u8>,
    /// When it last changed; none when it doesn't say so in words we know.
    pub updated_at: Option<Timestamp>,
}

impl Page {
    /// The latest change on it.
    pub fn newest(&self) -> Option<Timestamp> {
        self.orders.iter().filter_map(|order| order.updated_at).max()
    }
}

/// Does the jobs of kind [`POLL_JOB`], one per connection.
pub struct Poll {
    every: Duration,
    caller: OnceLock<Arc<dyn Caller>>,
}

impl Poll {
    /// Reads each list this often.
    pub fn new(every: Duration) -> Self {
        Poll { every, caller: OnceLock::new() }
    }

    /// Reads each list this often, through `caller`.
    pub fn through(every: Duration, caller: Arc<dyn Caller>) -> Self {
        Poll { every, caller: OnceLock::from(caller) }
    }

    /// Made when it is needed first: a shop without an API to ask pays nothing for it. The addresses are the
    /// operator's own word on the command line.
    fn caller(&self) -> Result<&dyn Caller> {
        if self.caller.get().is_none() {
            let made = Arc::new(Egress::new(Rules::anywhere())?);
            return Ok(self.caller.get_or_init(|| made).as_ref());
        }
        let made =
            self.caller.get().ok_or_else(|| Error::internal("the client was made and is not there"))?;
        Ok(made.as_ref())
    }

    async fn call(&self, request: Request) -> std::result::Result<Answer, Trouble> {
        let caller = self.caller().map_err(|error| Trouble::unreachable(error.words()))?;
        let request = Request { timeout: ANSWER_TIME, max_answer_bytes: MAX_ANSWER, ..request };
        let answer = caller.call(request).await.map_err(|error| Trouble::unreachable(error.words()))?;
        judge(answer)
    }

    async fn page(&self, target: &Target, ask: &Ask) -> std::result::Result<Page, Trouble> {
        let platform = target.platform;
        let request =
            platform.orders_request(&target.api, ask).map_err(|error| Trouble::nonsense(error.words()))?;
        let answer = self.call(request).await?;
        let page = platform.orders_page(&answer, ask).map_err(|error| Trouble::nonsense(error.words()))?;
        match page.orders.len() > MAX_ORDERS {
            true => Err(Trouble::nonsense("A page holds more orders than were asked for.")),
            false => Ok(page),
        }
    }
}

#[async_trait]
impl Stepped for Poll {
    async fn run(&self, db: &Db, job: &Job) -> Result<()> {
        let id = connection_of(job)?;
        let Some(target) = db.read("platforms.poll_target", move |r| connections::target(r, &id)).await?
        else {
            let job = job.clone();
            return db.write("platforms.poll_nothing", move |w| jobs::finish(w, &job)).await;
        };
        let target = Arc::new(target);
        let mut cursor = target.cursor.clone();
        for _ in 0..PAGES_PER_RUN {
            let (ask, asked_at) = (cursor.ask(), db.now());
            let page = match self.page(&target, &ask).await {
                Ok(page) => page,
                Err(trouble) => return self.later(db, job, &target, cursor, trouble).await,
            };
            cursor = match cursor.after(&ask, &page, db.now()) {
                Ok(cursor) => cursor,
                Err(endless) => return self.later(db, job, &target, cursor, endless).await,
            };
            store_page(db, job, &target, page, asked_at, cursor.clone()).await?;
            if cursor.is_at_the_end() {
                return self.end(db, job, &target).await;
            }
        }
        let job = job.clone();
        db.write("platforms.poll_on", move |w| {
            let at = w.now + READ_ON;
            jobs::again(w, &job, at)
        })
        .await
    }
}

impl Poll {
    /// The list is read: look after the platform's webhook, say that all is well, and come back.
    async fn end(&self, db: &Db, job: &Job, target: &Arc<Target>) -> Result<()> {
        let mended = self.look_after_webhook(target).await;
        let (job, target, every) = (job.clone(), target.clone(), self.every);
        db.write("platforms.poll_end", move |w| {
            store::polled(w, &target.id)?;
            store::set_subscription(w, &target.id, mended.subscription, mended.words.as_deref())?;
            let at = w.now + every;
            jobs::again(w, &job, at)
        })
        .await
    }

    /// Something is in the way: say what, and come back.
    async fn later(
        &self,
        db: &Db,
        job: &Job,
        target: &Arc<Target>,
        cursor: Cursor,
        trouble: Trouble,
    ) -> Result<()> {
        let (job, target, every) = (job.clone(), target.clone(), self.every);
        db.write("platforms.poll_later", move |w| {
            if trouble.begins_anew {
                store::set_cursor(w, &target.id, &cursor.begun_anew())?;
            }
            store::set_trouble(w, &target.id, trouble.health, &trouble.words)?;
            let span = w.dice.jitter(trouble.wait.unwrap_or(every).min(every), 20);
            let at = w.now + span;
            jobs::again(w, &job, at)
        })
        .await
    }
}

/// The orders of a page and the cursor behind them, in one write.
async fn store_page(
    db: &Db,
    job: &Job,
    target: &Arc<Target>,
    page: Page,
    asked_at: Timestamp,
    cursor: Cursor,
) -> Result<()> {
    let (job, target) = (job.clone(), target.clone());
    db.write("platforms.poll_page", move |w| {
        // If another worker has it, that one reads the list.
        jobs::fence(w, &job)?;
        let too_large = page.orders.iter().filter(|order| order.body.len() > MAX_ORDER).count();
        for order in page.orders.iter().filter(|order| order.body.len() <= MAX_ORDER) {
            inbox::receive(w, &Delivery::fetched(&target.id, target.platform, order, asked_at))?;
        }
        if too_large > 0 {
            let words = format!("{too_large} orders were larger than {MAX_ORDER} bytes and were not read.");
            store::set_trouble(w, &target.id, Health::Well, &words)?;
        }
        store::set_cursor(w, &target.id, &cursor)
    })
    .await
}

fn connection_of(job: &Job) -> Result<ConnectionId> {
    let id = job.payload.get("connection").and_then(Value::as_str);
    ConnectionId::parse(id.ok_or_else(|| Error::internal("a poll without its connection"))?)
}

/// Begins to look after a connection, at once.
pub(crate) fn begin(w: &mut Write<'_>, id: &ConnectionId) -> Result<()> {
    let payload = json!({ "connection": id.as_str() });
    let due_at = w.now;
    let job = NewJob { kind: POLL_JOB, key: id.as_str(), payload: &payload, due_at, lane: Lane::Upkeep };
    jobs::reschedule(w, &job)
}

/// Makes sure that every connection with a key has a job that looks after it. One that waits for a person stays so.
pub fn keep_polling(w: &mut Write<'_>, _payload: &Value) -> Result<Next> {
    for id in store::with_key(w)? {
        let payload = json!({ "connection": id.as_str() });
        let due_at = w.now;
        let job = NewJob { kind: POLL_JOB, key: id.as_str(), payload: &payload, due_at, lane: Lane::Upkeep };
        jobs::enqueue(w, &job)?;
    }
    Ok(Next::Done)
}
