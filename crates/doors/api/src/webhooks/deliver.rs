//! The job of one endpoint: sends what is due to it, one after the other.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use db::{Db, Read, Write};
use egress::{CallError, Caller, Egress, Request, Rules};
use jobs::{Job, Stepped};
use kernel::net::Networks;
use kernel::webhooks::{self, Secret};
use kernel::{Error, Result, Timestamp};
use url::Url;

use super::rules::{self, Attempt, Follows};
use super::store::{self, Due, EndpointRow};
use super::{EndpointId, endpoints, payload};

/// How many deliveries one look takes; the job then looks again.
const AT_ONCE: i64 = 20;
/// How long an endpoint may take to answer (Standard Webhooks asks for 15 to 30 s).
const ANSWER_TIME: Duration = Duration::from_secs(15);
/// The answer's body is not looked at.
const ANSWER_BYTES: usize = 4 * 1024;
/// How often an endpoint is looked at while a restore holds what was due to it.
const WHILE_HELD: Duration = Duration::from_secs(3_600);
/// What is written beside deliveries that nobody will send.
const SWITCHED_OFF: &str = "Not sent: the endpoint is switched off.";

/// Where webhooks may go.
#[derive(Clone, Debug, Default)]
pub struct Outside {
    /// Addresses the operator allows besides the public internet.
    pub allowed: Networks,
}

/// Does the jobs of kind [`super::DELIVER_JOB`].
pub struct Deliver {
    caller: Arc<dyn Caller>,
}

/// What one look finds.
enum Look {
    /// Nothing that can be sent now; the job decides in its last write when it goes on.
    Nothing,
    /// The endpoint is switched off or gone.
    SwitchedOff,
    /// These, in this order.
    Send(Vec<Prepared>),
}

/// A delivery with everything that is sent.
#[derive(Clone)]
struct Prepared {
    due: Due,
    url: String,
    secrets: Vec<Secret>,
    /// `None` when its event is gone.
    body: Option<Vec<u8>>,
}

impl Deliver {
    /// A sender to the public internet, and to what the operator allows.
    pub fn new(outside: &Outside) -> Result<Self> {
        let rules = Rules { allowed: outside.allowed.clone(), ..Rules::public_internet() };
        Ok(Deliver { caller: Arc::new(Egress::new(rules)?) })
    }

    /// A sender through `caller`.
    pub fn through(caller: Arc<dyn Caller>) -> Self {
        Deliver { caller }
    }

    async fn attempt(&self, prepared: &Prepared, now: Timestamp) -> Attempt {
        let (Some(body), Ok(url)) = (&prepared.body, Url::parse(&prepared.url)) else {
            let words = "Not sent: its event is not there any more.".to_owned();
            return Attempt::Silent { words, is_forbidden: true };
        };
        let id = &prepared.due.webhook_id;
        let mut request = Request::new("POST", url)
            .body("application/json", body.clone())
            .header(webhooks::ID, id)
            .header(webhooks::TIMESTAMP, webhooks::timestamp_header(now))
            .header(webhooks::SIGNATURE, webhooks::sign_with_all(&prepared.secrets, id, now, body));
        (request.timeout, request.max_answer_bytes) = (ANSWER_TIME, ANSWER_BYTES);
        match self.caller.call(request).await {
            Ok(answer) => Attempt::Answered { status: answer.status, retry_after: answer.retry_after() },
            Err(CallError::NotReached(error)) => {
                Attempt::Silent { words: error.words, is_forbidden: error.is_forbidden }
            }
            Err(CallError::NoAnswer(error)) => Attempt::Silent { words: error.words, is_forbidden: false },
        }
    }
}

#[async_trait]
impl Stepped for Deliver {
    async fn run(&self, db: &Db, job: &Job) -> Result<()> {
        let endpoint = endpoint_of(job)?;
        let looked = endpoint.clone();
        match db.read("webhooks.look", move |r| look(r, &looked)).await? {
            Look::Nothing => {}
            Look::SwitchedOff => return give_up(db, job, &endpoint).await,
            Look::Send(deliveries) => {
                for prepared in deliveries {
                    let attempt = self.attempt(&prepared, db.now()).await;
                    let in_trouble = attempt.is_trouble();
                    record(db, job, prepared.due, attempt).await?;
                    // The next one would fare no better: the endpoint is left alone for a while.
                    if in_trouble {
                        break;
                    }
                }
            }
        }
        let job = job.clone();
        db.write("webhooks.go_on", move |w| go_on(w, &job, &endpoint)).await
    }
}

fn endpoint_of(job: &Job) -> Result<EndpointId> {
    let id = job.payload.get("endpoint").and_then(serde_json::Value::as_str);
    EndpointId::parse(id.ok_or_else(|| Error::internal("a job of webhooks without its endpoint"))?)
}

fn look(r: &mut Read<'_>, id: &EndpointId) -> Result<Look> {
    let Some(endpoint) = switched_on(r, id)? else { return Ok(Look::SwitchedOff) };
    if endpoint.paused_until.is_some_and(|until| until > r.now) {
        return Ok(Look::Nothing);
    }
    let secrets = endpoints::secrets(r, &endpoint)?;
    let mut prepared = Vec::new();
    for due in store::due(r, id, AT_ONCE)? {
        let body = payload::body(r, &due)?.map(|body| body.to_string().into_bytes());
        prepared.push(Prepared { due, url: endpoint.url.clone(), secrets: secrets.clone(), body });
    }
    Ok(if prepared.is_empty() { Look::Nothing } else { Look::Send(prepared) })
}

fn switched_on(r: &mut Read<'_>, id: &EndpointId) -> Result<Option<EndpointRow>> {
    Ok(store::endpoint(r, id)?.filter(|endpoint| endpoint.disabled_at.is_none()))
}

async fn record(db: &Db, job: &Job, due: Due, attempt: Attempt) -> Result<()> {
    let job = job.clone();
    db.write("webhooks.record", move |w| {
        // If another worker has it, what that one records counts.
        jobs::fence(w, &job)?;
        settle(w, &due, &attempt)
    })
    .await
}

/// Writes down what became of an attempt, for the delivery and for its endpoint.
fn settle(w: &mut Write<'_>, due: &Due, attempt: &Attempt) -> Result<()> {
    let follows = rules::after(attempt, due.attempts + 1, due.give_up_at, w.now, w.dice);
    let (state, due_at) = match follows {
        Follows::Delivered => ("delivered", due.due_at),
        Follows::Again(at) => ("queued", at),
        Follows::Failed | Follows::Gone => ("failed", due.due_at),
    };
    store::settle(w, &due.id, state, due_at, attempt.status(), &attempt.words())?;
    match follows {
        Follows::Delivered => store::endpoint_succeeded(w, &due.endpoint),
        Follows::Gone => store::disable_endpoint(w, &due.endpoint, "It answered 410, which means gone."),
        Follows::Again(_) | Follows::Failed => count_failure(w, &due.endpoint, attempt),
    }
}

/// An endpoint in trouble is left alone for a while; one that has failed for days is switched off.
fn count_failure(w: &mut Write<'_>, id: &EndpointId, attempt: &Attempt) -> Result<()> {
    let Some(endpoint) = store::endpoint(w, id)? else { return Ok(()) };
    let asked_for = match attempt {
        Attempt::Answered { retry_after, .. } => *retry_after,
        Attempt::Silent { .. } => None,
    };
    let pause = match attempt.is_trouble() {
        true => rules::pause(endpoint.failures + 1, asked_for, w.dice),
        false => Duration::ZERO,
    };
    let paused_until = w.now + pause;
    store::endpoint_failed(w, id, paused_until)?;
    let failing_for = endpoint.failing_since.map(|since| w.now.since(since)).unwrap_or_default();
    if failing_for >= rules::FAILING_FOR {
        store::disable_endpoint(w, id, "It has failed for five days without a single success.")?;
    }
    Ok(())
}

/// When the job looks again: at the next delivery that is due, but not before the endpoint's pause is over. While a
/// restore holds something it looks every hour, for that may be let go.
fn go_on(w: &mut Write<'_>, job: &Job, id: &EndpointId) -> Result<()> {
    let endpoint = store::endpoint(w, id)?;
    let next_due = store::next_due(w, id)?;
    let next_look = jobs::restore_hold(w)?.map(|_| w.now + WHILE_HELD);
    match next_due.into_iter().chain(next_look).min() {
        Some(at) => {
            let paused_until = endpoint.and_then(|endpoint| endpoint.paused_until).unwrap_or(at);
            jobs::again(w, job, at.max(paused_until))
        }
        None => jobs::finish(w, job),
    }
}

/// Gives up what waits for an endpoint that is switched off, a chunk at a time.
async fn give_up(db: &Db, job: &Job, id: &EndpointId) -> Result<()> {
    let (job, id) = (job.clone(), id.clone());
    db.write("webhooks.give_up", move |w| {
        if switched_on(w, &id)?.is_some() {
            let now = w.now;
            return jobs::again(w, &job, now);
        }
        match store::give_up(w, &id, SWITCHED_OFF)? {
            0 => jobs::finish(w, &job),
            _ => {
                let now = w.now;
                jobs::again(w, &job, now)
            }
        }
    })
    .await
}
