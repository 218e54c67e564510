//! The sending machine: one message from its row to its provider and back.
//!
//! Look (what would we do?) → render from the frozen context → take a *connected* session → one write that decides
//! again and marks the message `handing_off` → submit → one write with the outcome, fenced by the lease's token.
//! A crash before the mark costs nothing; a crash after it leaves `handing_off` in the row, which the next worker
//! reads as *unknown*, never as *queued*.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use db::{Db, Write};
use jobs::{Job, Stepped};
use kernel::{Channel, Error, Kind, MessageId, Result, Timestamp};

use crate::compose::{Composed, Desk};
use crate::decide::Verdict;
use crate::look::{Look, look_at};
use crate::outcome::{self, Marked};
use crate::provider::{Provider, Refusal, Session, Submission};
use crate::providers::Providers;
use crate::retry;

/// The kind of job that hands one message over.
pub const HAND_OFF: &str = "messaging.hand_off";

/// How often, and how far apart, a database that is away is asked, before the message is left as unknown.
const TRIES: u32 = 3_600;
const EVERY: Duration = Duration::from_secs(1);

/// Does the jobs of kind [`HAND_OFF`].
pub struct HandOff {
    providers: Arc<Providers>,
}

impl HandOff {
    /// A sending machine over these providers.
    pub fn new(providers: Arc<Providers>) -> Self {
        HandOff { providers }
    }
}

#[async_trait]
impl Stepped for HandOff {
    async fn run(&self, db: &Db, job: &Job) -> Result<()> {
        let Some(look) = self.look(db, job).await? else {
            return self.finish(db, job).await;
        };
        if look.has_arrived {
            return self.arrived(db, job, &look).await;
        }
        match &look.verdict {
            Verdict::Send { channel, address, .. } => self.send(db, job, &look, *channel, address).await,
            Verdict::Hold { .. } | Verdict::Drop { .. } => self.settle(db, job, &look).await,
        }
    }
}

impl HandOff {
    /// The message and what we would do with it now; `None` when nothing is left to do.
    async fn look(&self, db: &Db, job: &Job) -> Result<Option<Look>> {
        let id = message_of(job)?;
        let connected = self.providers.connected();
        db.glance("messaging.look", move |r| look_at(r, &id, &connected)).await
    }

    async fn finish(&self, db: &Db, job: &Job) -> Result<()> {
        let job = job.clone();
        db.write("messaging.finish", move |w| jobs::finish(w, &job)).await
    }

    /// A report has said that it is there, though its hand-off had no answer.
    async fn arrived(&self, db: &Db, job: &Job, look: &Look) -> Result<()> {
        let (id, job) = (look.message.id.clone(), job.clone());
        db.write("messaging.arrived", move |w| {
            outcome::arrived(w, &id)?;
            jobs::finish(w, &job)
        })
        .await
    }

    /// Holds or drops without having asked a provider.
    async fn settle(&self, db: &Db, job: &Job, look: &Look) -> Result<()> {
        let (id, job, connected) = (look.message.id.clone(), job.clone(), self.providers.connected());
        db.write("messaging.settle", move |w| outcome::settle(w, &job, &id, &connected)).await
    }

    async fn send(&self, db: &Db, job: &Job, look: &Look, channel: Channel, address: &str) -> Result<()> {
        let provider = self
            .providers
            .of(channel)
            .ok_or_else(|| Error::internal("a verdict for a channel that is not connected"))?;
        let Some(_place) = self.providers.place(channel) else {
            return self.stand_back(db, job, look).await;
        };
        if let Err(probe_at) = self.providers.permit(&*provider, db.now()) {
            let words = format!("{} is in trouble; waiting for it.", provider.name());
            return self.pause(db, job, look, probe_at, words).await;
        }
        let composed = compose_look(db, look, channel, address)?;
        match provider.connect().await {
            Ok(session) => self.hand_over(db, job, look, &*provider, session, Arc::new(composed)).await,
            Err(refusal) => {
                self.providers.refused(&*provider, &refusal, db.now());
                self.defer(db, job, look, refusal).await
            }
        }
    }

    async fn hand_over(
        &self,
        db: &Db,
        job: &Job,
        look: &Look,
        provider: &dyn Provider,
        session: Box<dyn Session>,
        composed: Arc<Composed>,
    ) -> Result<()> {
        let marked = self.mark(db, job, look, provider, &composed).await?;
        let Marked::Go = marked else { return Ok(()) };
        let submission = session.submit(&composed.outgoing).await;
        match &submission {
            Submission::Accepted { .. } => self.providers.answered(provider),
            Submission::Refused(refusal) => self.providers.refused(provider, refusal, db.now()),
            Submission::Unknown { words } => {
                self.providers.refused(provider, &Refusal::unanswered(words), db.now());
            }
        }
        let to = (composed.outgoing.channel(), composed.outgoing.address());
        self.record(db, job, look, submission, to).await
    }

    /// Marks it. Where nobody knows whether that was written, the mark is taken back or made again: a message that is marked
    /// and was never handed over would be taken for one that may have arrived.
    async fn mark(
        &self,
        db: &Db,
        job: &Job,
        look: &Look,
        provider: &dyn Provider,
        composed: &Arc<Composed>,
    ) -> Result<Marked> {
        let mark = |is_doubtful| {
            let (before, job, connected) =
                (Arc::clone(&look.message), job.clone(), self.providers.connected());
            let (name, composed) = (provider.name(), Arc::clone(composed));
            db.write("messaging.mark", move |w| {
                if is_doubtful && outcome::unmark(w, &job, &before)? {
                    return Ok(Marked::Settled);
                }
                outcome::mark(w, &job, &before.id, &connected, name, &composed)
            })
        };
        match mark(false).await {
            Err(error) if error.kind() == Kind::OutcomeUnknown => {
                until_known(db, &look.message.id, || mark(true)).await
            }
            marked => marked,
        }
    }

    /// Records what became of it. The message is out: a database that is away is waited for, not the message repeated.
    async fn record(
        &self,
        db: &Db,
        job: &Job,
        look: &Look,
        submission: Submission,
        to: (Channel, &str),
    ) -> Result<()> {
        until_known(db, &look.message.id, || self.record_once(db, job, look, &submission, to)).await
    }

    async fn record_once(
        &self,
        db: &Db,
        job: &Job,
        look: &Look,
        submission: &Submission,
        (channel, address): (Channel, &str),
    ) -> Result<()> {
        let (job, address) = (job.clone(), address.to_owned());
        if let (Submission::Accepted { reference }, Channel::Email) = (submission, channel) {
            let (message, reference) = (Arc::clone(&look.message), reference.clone());
            let taken = move |w: &mut Write<'_>| outcome::record_taken(w, &job, &message, &reference);
            return db.write("messaging.outcome", taken).await;
        }
        let (before, connected) = (Arc::clone(&look.message), self.providers.connected());
        let submission = submission.clone();
        db.write("messaging.outcome", move |w| {
            outcome::record(w, &job, &before, &submission, &address, &connected)
        })
        .await
    }

    /// All places at the provider are taken: back in the queue for a moment. Not a try, and nothing is said of it.
    async fn stand_back(&self, db: &Db, job: &Job, look: &Look) -> Result<()> {
        let (waits_since, job) = (look.message.not_before, job.clone());
        db.write("messaging.stand_back", move |w| {
            let at = w.now + retry::moment(w.now.since(waits_since), w.dice);
            jobs::again(w, &job, at)
        })
        .await
    }

    async fn defer(&self, db: &Db, job: &Job, look: &Look, refusal: Refusal) -> Result<()> {
        let (id, job) = (look.message.id.clone(), job.clone());
        db.write("messaging.defer", move |w| outcome::defer(w, &job, &id, &refusal)).await
    }

    async fn pause(
        &self,
        db: &Db,
        job: &Job,
        look: &Look,
        not_before: Timestamp,
        words: String,
    ) -> Result<()> {
        let (id, job) = (look.message.id.clone(), job.clone());
        db.write("messaging.pause", move |w| outcome::pause(w, &job, &id, not_before, &words)).await
    }
}

/// Writes what has to be written, and asks a database that is away or does not answer again and again.
async fn until_known<T, F>(db: &Db, message: &MessageId, write: impl Fn() -> F) -> Result<T>
where
    F: Future<Output = Result<T>>,
{
    let mut pause = db.wakes("messaging.never");
    for _ in 1..TRIES {
        match write().await {
            Err(error) if matches!(error.kind(), Kind::Unavailable | Kind::OutcomeUnknown) => {
                tracing::warn!(%message, ?error, "messaging.not_recorded_yet");
                pause.wait(EVERY).await;
            }
            known => return known,
        }
    }
    write().await
}

fn message_of(job: &Job) -> Result<MessageId> {
    let id = job.payload.get("message").and_then(serde_json::Value::as_str);
    id.map(MessageId::parse).transpose()?.ok_or_else(|| Error::internal("a hand-off without a message"))
}

fn compose_look(db: &Db, look: &Look, channel: Channel, address: &str) -> Result<Composed> {
    let wiring = db.wiring();
    let design = look.design.as_deref();
    let desk = Desk { shop: wiring.get()?, wording: wiring.get()?, templates: wiring.get()?, design };
    desk.compose(&look.message, look.thread.root.as_deref(), channel, address)
}
