//! A provider that a story holds in its hand: it stops, fails, or lets other things happen, just where it should.

use std::collections::VecDeque;
use std::fmt::Debug;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use kernel::Channel;
use messaging::mail::Mail;
use messaging::outgoing::Outgoing;
use messaging::provider::{Provider, Refusal, RefusalClass, Session, Submission};
use tokio::sync::Notify;

type Step<T> = Box<dyn FnOnce() -> Pin<Box<dyn Future<Output = T> + Send>> + Send>;

/// Accepts what no story has other plans for.
#[derive(Default)]
pub struct Courier(Arc<Inner>);

#[derive(Default)]
struct Inner {
    given: Mutex<Vec<Mail>>,
    connects: Mutex<VecDeque<Step<Result<(), Refusal>>>>,
    submits: Mutex<VecDeque<Step<Submission>>>,
    reached: Notify,
    released: Notify,
}

impl Courier {
    /// The same courier, for a shop.
    pub fn provider(&self) -> Arc<dyn Provider> {
        Arc::new(Courier(Arc::clone(&self.0)))
    }

    /// Every mail it was given, in order.
    pub fn given(&self) -> Vec<Mail> {
        locked(&self.0.given).clone()
    }

    /// The `Message-ID` of every mail it was given.
    pub fn ids(&self) -> Vec<String> {
        self.given().into_iter().map(|mail| mail.message_id).collect()
    }

    /// What happens when a session is asked for next.
    pub fn on_connect<F>(&self, step: impl FnOnce() -> F + Send + 'static)
    where
        F: Future<Output = Result<(), Refusal>> + Send + 'static,
    {
        locked(&self.0.connects).push_back(Box::new(|| Box::pin(step())));
    }

    /// What happens when a mail is given next.
    pub fn on_submit<F>(&self, step: impl FnOnce() -> F + Send + 'static)
    where
        F: Future<Output = Submission> + Send + 'static,
    {
        locked(&self.0.submits).push_back(Box::new(|| Box::pin(step())));
    }

    /// Stops the next one who asks for a session, until [`release`](Courier::release).
    pub fn stop_at_connect(&self) {
        let inner = Arc::clone(&self.0);
        self.on_connect(|| async move {
            inner.stop().await;
            Ok(())
        });
    }

    /// Stops the next one who gives a mail, and answers so after [`release`](Courier::release).
    pub fn stop_at_submit(&self, answer: Submission) {
        let inner = Arc::clone(&self.0);
        self.on_submit(|| async move {
            inner.stop().await;
            answer
        });
    }

    /// Lets somebody work until they are stopped.
    pub async fn stops<T: Debug>(&self, work: &mut (impl Future<Output = T> + Unpin)) {
        tokio::select! {
            done = work => panic!("nothing stopped it: {done:?}"),
            () = self.0.reached.notified() => {}
        }
    }

    /// Lets the one who is stopped go on.
    pub fn release(&self) {
        self.0.released.notify_one();
    }
}

impl Inner {
    async fn stop(&self) {
        self.reached.notify_one();
        self.released.notified().await;
    }
}

/// An answer that takes the message.
pub fn accepted(reference: &str) -> Submission {
    Submission::Accepted { reference: reference.to_owned() }
}

/// A no of that class.
pub fn refusal(class: RefusalClass) -> Refusal {
    Refusal { class, words: "The courier says no.".to_owned(), retry_after: None }
}

#[async_trait]
impl Provider for Courier {
    fn name(&self) -> &'static str {
        "courier"
    }

    fn channel(&self) -> Channel {
        Channel::Email
    }

    async fn connect(&self) -> Result<Box<dyn Session>, Refusal> {
        let step = locked(&self.0.connects).pop_front();
        if let Some(step) = step {
            step().await?;
        }
        Ok(Box::new(Courier(Arc::clone(&self.0))))
    }

    fn concurrency(&self) -> usize {
        4
    }
}

#[async_trait]
impl Session for Courier {
    async fn submit(self: Box<Self>, message: &Outgoing) -> Submission {
        let Outgoing::Email(mail) = message else { panic!("the courier carries mail: {message:?}") };
        locked(&self.0.given).push(mail.clone());
        let step = locked(&self.0.submits).pop_front();
        match step {
            Some(step) => step().await,
            None => accepted("Taken by the courier"),
        }
    }
}

fn locked<T>(what: &Mutex<T>) -> MutexGuard<'_, T> {
    what.lock().unwrap_or_else(PoisonError::into_inner)
}
