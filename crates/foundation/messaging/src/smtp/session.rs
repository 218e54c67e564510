//! One message over one session.
//!
//! Everything up to the end of the body is known to have failed when it fails: a server must not deliver a message
//! whose `DATA` was never finished (RFC 5321 §4.1.1.4). From the first byte of the final dot on, silence means that
//! nobody knows, and that is what is said.

use std::sync::Arc;

use async_trait::async_trait;
use tokio::sync::OwnedSemaphorePermit;

use super::Reach;
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

/// A line for one message, and whether it has answered since its last one. One that has not may be stale.
pub(super) struct Lent {
    pub line: Line,
    pub is_asked: bool,
}

/// A session lent for one message. When it is dropped unused it goes back to its pool.
pub(super) struct SmtpSession {
    lent: Option<Lent>,
    pool: Arc<Pool>,
    reach: Arc<Reach>,
    signer: Option<Arc<Signer>>,
    /// Held until the line is back, so that there are never more lines than permits.
    _permit: OwnedSemaphorePermit,
}

impl SmtpSession {
    /// Lends a line out.
    pub fn new(
        lent: Lent,
        pool: Arc<Pool>,
        reach: Arc<Reach>,
        signer: Option<Arc<Signer>>,
        permit: OwnedSemaphorePermit,
    ) -> Self {
        SmtpSession { lent: Some(lent), pool, reach, signer, _permit: permit }
    }

    /// One try on one line, which is kept when both sides agree where they are.
    async fn try_on(&mut self, mut line: Line, mail: &Mail, message: &[u8]) -> Outcome {
        line.messages += 1;
        line.took_the_last = false;
        let timeouts = &self.reach.settings.timeouts;
        let outcome = Transfer { line: &mut line, timeouts, mail, message }.run().await;
        line.took_the_last = matches!(outcome.submission, Submission::Accepted { .. });
        if outcome.reusable {
            self.lent = Some(Lent { line, is_asked: true });
        }
        outcome
    }
}

impl Drop for SmtpSession {
    fn drop(&mut self) {
        if let Some(lent) = self.lent.take() {
            self.pool.keep(lent.line);
        }
    }
}

#[async_trait]
impl Session for SmtpSession {
    async fn submit(mut self: Box<Self>, message: &Outgoing) -> Submission {
        let Outgoing::Email(mail) = message else { return wrong_channel(message) };
        let bytes = match leaving(mail, self.signer.as_deref()) {
            Ok(bytes) => stuffed(&bytes),
            Err(refusal) => return Submission::Refused(refusal),
        };
        // The line is out of the session while it is used: if this future is dropped half-way, so is the connection.
        let Some(Lent { line, is_asked }) = self.lent.take() else {
            return Submission::Refused(Trouble::Closed.refusal(Step::Mail));
        };
        let outcome = self.try_on(line, mail, &bytes).await;
        if is_asked || !outcome.is_stale {
            return outcome.submission;
        }
        // Nothing of the message was answered, let alone its end sent: it begins again.
        match self.reach.opened().await {
            Ok(line) => self.try_on(line, mail, &bytes).await.submission,
            Err(refusal) => Submission::Refused(refusal),
        }
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
    /// The server had hung up before it heard of the message.
    is_stale: bool,
}

impl Outcome {
    fn refused(refusal: Refusal, reusable: bool) -> Self {
        Outcome { submission: Submission::Refused(refusal), reusable, is_stale: false }
    }

    /// The connection broke at the first command.
    fn stale(trouble: &Trouble) -> Self {
        let is_stale = matches!(trouble, Trouble::Closed | Trouble::Broken(_));
        Outcome { is_stale, ..Outcome::refused(trouble.refusal(Step::Mail), false) }
    }
}

struct Transfer<'a> {
    line: &'a mut Line,
    timeouts: &'a Timeouts,
    mail: &'a Mail,
    /// As it goes over the wire, without its final dot.
    message: &'a [u8],
}

impl Transfer<'_> {
    async fn run(&mut self) -> Outcome {
        if let Err(outcome) = self.envelope(self.message.len()).await {
            return outcome;
        }
        let last = self.message.len() - self.message.len() % CHUNK_BYTES;
        let (body, rest) = self.message.split_at(last);
        match self.body(body).await {
            // The server is still waiting for the rest, so only closing ends this message.
            Err(refusal) => Outcome::refused(refusal, false),
            Ok(()) => self.dot(rest).await,
        }
    }

    /// `MAIL`, `RCPT` and `DATA`: in one write where the server can take it, else one by one.
    async fn envelope(&mut self, size: usize) -> Result<(), Outcome> {
        let commands = self.commands(size);
        let together = self.line.abilities.pipelining;
        if together {
            let all: String = commands.iter().map(|(_, command)| command.as_str()).collect();
            let written = self.line.wire.write(all.as_bytes(), self.timeouts.command).await;
            written.map_err(|trouble| Outcome::stale(&trouble))?;
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
                    // Some servers say 421 to what comes after their last message.
                    let is_stale = step == Step::Mail && !reusable;
                    let no = no.get_or_insert(Outcome { is_stale, ..Outcome::refused(refusal, true) });
                    no.reusable &= reusable;
                }
                Answer::Broken(trouble) if step == Step::Mail => return Err(Outcome::stale(&trouble)),
                // The first no stands, whatever breaks after it.
                Answer::Broken(trouble) => {
                    let first = no.unwrap_or_else(|| Outcome::refused(trouble.refusal(step), false));
                    return Err(Outcome { reusable: false, ..first });
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
            Err(trouble) => Answer::Broken(trouble),
            Ok(reply) if step == Step::Data && reply.wants_more() => Answer::Yes,
            Ok(reply) if step != Step::Data && reply.is_done() => Answer::Yes,
            Ok(reply) => {
                let reusable = reply.is_no() && !reply.is_closing();
                Answer::No(verdict::refusal(step, &reply, Some(&self.mail.to)), reusable)
            }
        }
    }

    /// The message but for its end, in pieces.
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

    /// The last piece and the final dot, in one write. From the dot's first byte on the server may have the message; a
    /// connection that took less than the piece before it has not carried the dot.
    async fn dot(&mut self, rest: &[u8]) -> Outcome {
        let end = [rest, b".\r\n"].concat();
        let (taken, written) = self.line.wire.write_counting(&end, self.timeouts.chunk).await;
        match written {
            Err(trouble) if taken <= rest.len() => {
                let refusal = self.interruption().await.unwrap_or_else(|| trouble.refusal(Step::Body));
                Outcome::refused(refusal, false)
            }
            Err(trouble) => unknown(trouble.words(Step::Dot)),
            Ok(()) => self.answer_to_dot().await,
        }
    }

    async fn answer_to_dot(&mut self) -> Outcome {
        match self.line.wire.reply(self.timeouts.dot).await {
            Ok(reply) if reply.is_done() => {
                let reference = words::kept(&reply.lines, Some(&self.mail.to));
                Outcome { submission: Submission::Accepted { reference }, reusable: true, is_stale: false }
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
    Broken(Trouble),
}

fn unknown(words: String) -> Outcome {
    Outcome { submission: Submission::Unknown { words }, reusable: false, is_stale: false }
}

/// The refusal of a provider that is shutting down.
pub(super) fn shutting_down() -> Refusal {
    Refusal {
        class: RefusalClass::Transient,
        words: "This process is shutting down.".to_owned(),
        retry_after: None,
    }
}
