//! Mail by SMTP, driven step by step, so that a failure before a message is known from one after it.
//!
//! `connect()` gives a session on which everything but the message has been said: reached, greeted, encrypted,
//! logged in. A pooled one is asked `RSET` first, so that a session the server has closed in the meantime is found
//! here, where nothing is lost, and not at hand-off. One that took a message a moment ago is not asked: should the server
//! have closed it since, the message begins again on a new one. `session` is what happens then.
//!
//! Where the operator has keys for it, each message is signed (`crate::dkim`) as its bytes are made.
//!
//! The mail server is `AFTERCARE_MAIL_URL`; [`SmtpSettings`] and [`Timeouts`] name the options.

mod examine;
mod look;
mod opening;
mod pool;
mod reply;
mod session;
mod settings;
mod stuffing;
mod verdict;
mod wire;
mod words;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use kernel::{Channel, Clock, Result};
use tls::Tls;
use tokio::sync::Semaphore;

pub use self::examine::{Said, examine};
pub use self::look::{Looked, look};
use self::opening::Line;
use self::pool::Pool;
use self::session::{Lent, SmtpSession};
pub use self::settings::{Login, Security, SmtpSettings, Timeouts};
use crate::dkim::Signer;
use crate::provider::{Provider, Refusal, Session};

/// A session that took a message less than this ago is used without asking whether it still answers.
const YOUNG: Duration = Duration::from_secs(1);

/// Sends mail through the operator's mail server.
pub struct SmtpProvider {
    reach: Arc<Reach>,
    pool: Arc<Pool>,
    gate: Arc<Semaphore>,
    signer: Option<Arc<Signer>>,
}

impl SmtpProvider {
    /// A provider with an empty pool; nothing is connected yet. Fails when the file of certificates can't be read.
    pub fn new(settings: SmtpSettings, clock: Arc<dyn Clock>) -> Result<Self> {
        Ok(SmtpProvider {
            pool: Arc::new(Pool::new(settings.messages_per_session, clock)),
            gate: Arc::new(Semaphore::new(settings.sessions)),
            signer: None,
            reach: Arc::new(Reach { tls: Tls::new(settings.ca.as_deref(), None)?, settings }),
        })
    }

    /// The same, signing every message.
    pub fn signing(mut self, signer: Signer) -> Self {
        self.signer = Some(Arc::new(signer));
        self
    }

    /// How many sessions are open and wait for a message.
    pub fn idle_sessions(&self) -> usize {
        self.pool.waiting()
    }

    /// A pooled session that still answers, or that is young enough to be believed.
    async fn pooled(&self) -> Option<Lent> {
        while let Some((mut line, idle_for)) = self.pool.take() {
            if line.took_the_last && idle_for < YOUNG {
                return Some(Lent { line, is_asked: false });
            }
            let answer = line.wire.ask("RSET\r\n", self.reach.settings.timeouts.reuse).await;
            if answer.is_ok_and(|reply| reply.is_done()) {
                return Some(Lent { line, is_asked: true });
            }
            tracing::debug!(server = %self.reach.settings, "a pooled mail session was stale");
        }
        None
    }
}

/// The way to the server.
struct Reach {
    settings: SmtpSettings,
    tls: Tls,
}

impl Reach {
    /// A new session.
    async fn opened(&self) -> Result<Line, Refusal> {
        let opened = opening::open(&self.settings, &self.tls).await;
        match &opened {
            Ok(_) => tracing::debug!(server = %self.settings, "opened a mail session"),
            Err(refusal) => {
                tracing::warn!(server = %self.settings, class = ?refusal.class, words = %refusal.words, "no mail session");
            }
        }
        opened
    }
}

#[async_trait]
impl Provider for SmtpProvider {
    fn name(&self) -> &'static str {
        "smtp"
    }

    fn channel(&self) -> Channel {
        Channel::Email
    }

    async fn connect(&self) -> Result<Box<dyn Session>, Refusal> {
        let permit = Arc::clone(&self.gate).acquire_owned().await.map_err(|_| session::shutting_down())?;
        let lent = match self.pooled().await {
            Some(lent) => lent,
            None => Lent { line: self.reach.opened().await?, is_asked: true },
        };
        let (pool, reach) = (Arc::clone(&self.pool), Arc::clone(&self.reach));
        Ok(Box::new(SmtpSession::new(lent, pool, reach, self.signer.clone(), permit)))
    }

    fn concurrency(&self) -> usize {
        self.reach.settings.sessions
    }
}
