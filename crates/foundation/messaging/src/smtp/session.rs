//! One message over one session.
//!
//! Everything up to the end of the body is known to have failed when it fails: a server must not deliver a message
//! whose `DATA` was never finished (RFC 5321 §4.1.1.4). From the first byte of the final dot on, silence means that
//! nobody knows, and that is what is said.

use std::sync::Arc;

use async_trait::async_trait;
use tokio::sync::OwnedSemaphorePermit;

use super::opening::Line;
use super::pool::Pool;
use super::settings::Timeouts;
use super::stuffing::stuffed;
use super::verdict::{self, Step};
use super::wire::Trouble;
use super::words;
use crate::dkim::Signer;
use crate::mail::Mail;
use crate::mime;
use crate::outgoing::Outgoing;
use crate::provider::{Refusal, RefusalClass, Session, Submission, wrong_channel};

/// A message goes out in pieces of this size, each with its own time limit.
const CHUNK_BYTES: usize = 16 * 1024;

/// A session lent for one message. When it is dropped unused it goes back to its pool.
pub(super) struct SmtpSession {
    line: Option<Line>,
    pool: Arc<Pool>,
    timeouts: Timeouts,
    signer: Option<Arc<Signer>>,
    /// Held until the line is back, so that there are never more lines than permits.
    _permit: OwnedSemaphorePermit,
}

impl SmtpSession {
    /// Lends `line` out.
    pub fn new(
        line: Line,
        pool: Arc<Pool>,
        timeouts: Timeouts,
        signer: Option<Arc<Signer>>,
        permit: OwnedSemaphorePermit,
    ) -> Self {
        SmtpSession { line: Some(line), pool, timeouts, signer, _permit: permit }
    }
}

impl Drop for SmtpSession {
    fn drop(&mut self) {
        if let Some(line) = self.line.take() {
            self.pool.keep(line);
        }
    }
}

#[async_trait]
impl Session for SmtpSession {
    async fn submit(mut self: Box<Self>, message: &Outgoing) -> Submission {
        let Outgoing::Email(mail) = message else { return wrong_channel(message) };
        let bytes = match leaving(mail, self.signer.as_deref()) {
            Ok(bytes) => bytes,
            Err(refusal) => return Submission::Refused(refusal),
        };
        // The line is out of the session while it is used: if this future is dropped half-way, so is the connection.
        let Some(mut line) = self.line.take() else {
            return Submission::Refused(Trouble::Closed.refusal(Step::Mail));
        };
        line.messages += 1;
        let outcome = Transfer { line: &mut line, timeouts: &self.timeouts, mail, bytes }.run().await;
        if outcome.reusable {
            self.line = Some(line);
        }
        outcome.submission
    }
}

/// The bytes of a mail as they leave: signed where there is a key. An unsigned mail in their place would be worse
/// than a late one.
fn leaving(mail: &Mail, signer: Option<&Signer>) -> Result<Vec<u8>, Refusal> {
    let bytes = mime::compose(mail);
    let Some(signer) = signer else { return Ok(bytes) };
    signer.signed(&bytes, mail.date).map_err(|error| Refusal::unanswered(error.words()))
}

/// What became of the message, and whether the connection is still in a state that both sides agree on.
struct Outcome {
    submission: Submission,
    reusable: bool,
}

impl Outcome {
    fn refused(refusal: Refusal, reusable: bool) -> Self {
        Outcome { submission: Submission::Refused(refusal), reusable }
    }
}

struct Transfer<'a> {
    line: &'a mut Line,
    timeouts: &'a Timeouts,
    mail: &'a Mail,
    bytes: Vec<u8>,
}

impl Transfer<'_> {
    async fn run(&mut self) -> Outcome {
        let message = stuffed(&self.bytes);
        if let Err(outcome) = self.envelope(message.len()).await {
            return outcome;
        }
        match self.body(&message).await {
            // The server is still waiting for the rest, so only closing ends this message.
            Err(refusal) => Outcome::refused(refusal, false),
            Ok(()) => self.dot().await,
        }
    }

    /// `MAIL`, `RCPT` and `DATA`: in one write where the server can take it, else one by one.
    async fn envelope(&mut self, size: usize) -> Result<(), Outcome> {
        let commands = self.commands(size);
        let together = self.line.abilities.pipelining;
        if together {
            let all: String = commands.iter().map(|(_, command)| command.as_str()).collect();
            let written = self.line.wire.write(all.as_bytes(), self.timeouts.command).await;
            written.map_err(|trouble| Outcome::refused(trouble.refusal(Step::Mail), false))?;
        }
        let mut no: Option<Outcome> = None;
        for (step, command) in commands {
            if no.is_some() && !together {
                break;
            }
            match self.answer_to(step, (!together).then_some(command)).await {
                Answer::Yes if step == Step::Data => no.iter_mut().for_each(|no| no.reusable = false),
                Answer::Yes => {}
                Answer::No(refusal, reusable) => {
                    let no = no.get_or_insert(Outcome::refused(refusal, true));
                    no.reusable &= reusable;
                }
                // The first no stands, whatever breaks after it.
                Answer::Broken(refusal) => {
                    let first = no.map_or(Submission::Refused(refusal), |no| no.submission);
                    return Err(Outcome { submission: first, reusable: false });
                }
            }
        }
        no.map_or(Ok(()), Err)
    }

    fn commands(&self, size: usize) -> [(Step, String); 3] {
        let size = if self.line.abilities.size { format!(" SIZE={size}") } else { String::new() };
        [
            (Step::Mail, format!("MAIL FROM:<{}>{size}\r\n", self.mail.from.address)),
            (Step::Rcpt, format!("RCPT TO:<{}>\r\n", self.mail.to)),
            (Step::Data, "DATA\r\n".to_owned()),
        ]
    }

    /// Says `command`, unless it has gone out already, and reads its answer.
    async fn answer_to(&mut self, step: Step, command: Option<String>) -> Answer {
        let limit = if step == Step::Data { self.timeouts.data } else { self.timeouts.command };
        let answer = match command {
            Some(command) => self.line.wire.ask(&command, limit).await,
            None => self.line.wire.reply(limit).await,
        };
        match answer {
            Err(trouble) => Answer::Broken(trouble.refusal(step)),
            Ok(reply) if step == Step::Data && reply.wants_more() => Answer::Yes,
            Ok(reply) if step != Step::Data && reply.is_done() => Answer::Yes,
            Ok(reply) => {
                let reusable = reply.is_no() && !reply.is_closing();
                Answer::No(verdict::refusal(step, &reply, Some(&self.mail.to)), reusable)
            }
        }
    }

    /// The message without its final dot.
    async fn body(&mut self, message: &[u8]) -> Result<(), Refusal> {
        for chunk in message.chunks(CHUNK_BYTES) {
            if let Err(trouble) = self.line.wire.write(chunk, self.timeouts.chunk).await {
                return Err(self.interruption().await.unwrap_or_else(|| trouble.refusal(Step::Body)));
            }
        }
        // A server that gave up on the message has said so by now, or closed: then the dot must not follow.
        self.interruption().await.map_or(Ok(()), Err)
    }

    /// The server's own word, or its hanging up, in the middle of the message.
    async fn interruption(&mut self) -> Option<Refusal> {
        match self.line.wire.unasked().await? {
            Ok(reply) => Some(verdict::refusal(Step::Body, &reply, Some(&self.mail.to))),
            Err(trouble) => Some(trouble.refusal(Step::Body)),
        }
    }

    /// The final dot. From its first byte on the server may have the message.
    async fn dot(&mut self) -> Outcome {
        match self.line.wire.ask(".\r\n", self.timeouts.dot).await {
            Ok(reply) if reply.is_done() => {
                let reference = words::kept(&reply.lines, Some(&self.mail.to));
                Outcome { submission: Submission::Accepted { reference }, reusable: true }
            }
            Ok(reply) if reply.is_no() => {
                let refusal = verdict::refusal(Step::Dot, &reply, Some(&self.mail.to));
                Outcome::refused(refusal, !reply.is_closing())
            }
            Ok(reply) => unknown(format!("The answer to the final dot was {}", reply.code)),
            Err(trouble) => unknown(trouble.words(Step::Dot)),
        }
    }
}

/// An answer within the envelope.
enum Answer {
    Yes,
    /// A no, and whether the connection can go on after it.
    No(Refusal, bool),
    Broken(Refusal),
}

fn unknown(words: String) -> Outcome {
    Outcome { submission: Submission::Unknown { words }, reusable: false }
}

/// The refusal of a provider that is shutting down.
pub(super) fn shutting_down() -> Refusal {
    Refusal {
        class: RefusalClass::Transient,
        words: "This process is shutting down.".to_owned(),
        retry_after: None,
    }
}
