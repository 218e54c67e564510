//! The provider that keeps mails instead of sending them: the default when nothing else is configured.

use async_trait::async_trait;
use db::{Db, Write, params};
use kernel::{Channel, Result, id_type};

use crate::mail::Mail;
use crate::mime;
use crate::outgoing::{Outgoing, Text};
use crate::provider::{Provider, Refusal, RefusalClass, Session, Submission};
use crate::sms::reports::{self, Report};
use crate::sms::status::DeliveryStatus;
use crate::store::{INBOX_NTH_NEWEST, INSERT_INBOX_MAIL, TRIM_INBOX};

id_type!(
    /// A mail or text in the built-in inbox.
    InboxMailId, "ibx"
);

/// How many mails and texts the inbox keeps: it is for looking at, not an archive.
pub const KEPT: i64 = 1_000;

/// Keeps every message of one channel in the shop's own database, to be read at `/inbox`.
pub struct InboxProvider {
    db: Db,
    channel: Channel,
}

impl InboxProvider {
    /// An inbox for mails in this database.
    pub fn new(db: Db) -> Self {
        InboxProvider { db, channel: Channel::Email }
    }

    /// An inbox for texts in this database.
    pub fn of_texts(db: Db) -> Self {
        InboxProvider { db, channel: Channel::Sms }
    }
}

#[async_trait]
impl Provider for InboxProvider {
    fn name(&self) -> &'static str {
        match self.channel {
            Channel::Email => "inbox",
            Channel::Sms => "inbox of texts",
        }
    }

    fn channel(&self) -> Channel {
        self.channel
    }

    async fn connect(&self) -> std::result::Result<Box<dyn Session>, Refusal> {
        Ok(Box::new(InboxSession { db: self.db.clone() }))
    }

    fn concurrency(&self) -> usize {
        64
    }
}

struct InboxSession {
    db: Db,
}

#[async_trait]
impl Session for InboxSession {
    async fn submit(self: Box<Self>, message: &Outgoing) -> Submission {
        let owned = message.clone();
        match self.db.write("messaging.inbox", move |w| keep(w, &owned)).await {
            Ok(id) => Submission::Accepted { reference: id.as_str().to_owned() },
            Err(error) if error.kind() == kernel::Kind::OutcomeUnknown => {
                Submission::Unknown { words: error.to_string() }
            }
            Err(error) => Submission::Refused(Refusal {
                class: RefusalClass::Transient,
                words: format!("The inbox could not keep it: {}", error.code()),
                retry_after: None,
            }),
        }
    }
}

fn keep(w: &mut Write<'_>, message: &Outgoing) -> Result<InboxMailId> {
    let id = match message {
        Outgoing::Email(mail) => keep_mail(w, mail)?,
        Outgoing::Text(text) => keep_text(w, text)?,
    };
    if let Some(oldest_kept) = w.row(&INBOX_NTH_NEWEST, params![KEPT - 1])? {
        let oldest_kept: String = oldest_kept.get("id")?;
        w.send(&TRIM_INBOX, params![&oldest_kept])?;
    }
    Ok(id)
}

fn keep_mail(w: &mut Write<'_>, mail: &Mail) -> Result<InboxMailId> {
    let now = w.now;
    let id = InboxMailId::new(now, w.dice);
    let (source, recipient, channel) = (mime::compose(mail), mail.to.as_str(), Channel::Email.as_str());
    w.send(
        &INSERT_INBOX_MAIL,
        params![
            id.as_str(),
            &mail.message_id,
            recipient,
            &mail.subject,
            &mail.html,
            &mail.text,
            &source,
            now,
            channel
        ],
    )?;
    Ok(id)
}

/// A text has no subject and no headers: its body stands for all of it. That it is in the inbox is its report.
fn keep_text(w: &mut Write<'_>, text: &Text) -> Result<InboxMailId> {
    let now = w.now;
    let id = InboxMailId::new(now, w.dice);
    let (key, number, channel) = (format!("{}@text", text.key), text.to.as_str(), Channel::Sms.as_str());
    let (subject, source) = (kernel::text::shortened(&text.body, 60), text.body.as_bytes());
    w.send(
        &INSERT_INBOX_MAIL,
        params![id.as_str(), &key, number, &subject, "", &text.body, source, now, channel],
    )?;
    let (message, status) = (text.message.clone(), DeliveryStatus::Delivered);
    let report = Report { message, gateway: "inbox", status, detail: String::new(), number_fault: None };
    reports::take_report(w, &report)?;
    Ok(id)
}
