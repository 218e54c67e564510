//! The provider that keeps mails instead of sending them: the default when nothing else is configured.

use async_trait::async_trait;
use db::{Db, Write, params};
use kernel::{Channel, Result, id_type};

use crate::mail::Mail;
use crate::mime;
use crate::provider::{Provider, Refusal, RefusalClass, Session, Submission};
use crate::store::{INBOX_NTH_NEWEST, INSERT_INBOX_MAIL, TRIM_INBOX};

id_type!(
    /// A mail in the built-in inbox.
    InboxMailId, "ibx"
);

/// How many mails the inbox keeps: it is for looking at, not an archive.
pub const KEPT: i64 = 1_000;

/// Keeps every mail in the shop's own database, to be read at `/inbox`.
pub struct InboxProvider {
    db: Db,
}

impl InboxProvider {
    /// An inbox in this database.
    pub fn new(db: Db) -> Self {
        InboxProvider { db }
    }
}

#[async_trait]
impl Provider for InboxProvider {
    fn name(&self) -> &'static str {
        "inbox"
    }

    fn channel(&self) -> Channel {
        Channel::Email
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
    async fn submit(self: Box<Self>, mail: &Mail) -> Submission {
        let owned = mail.clone();
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

fn keep(w: &mut Write<'_>, mail: &Mail) -> Result<InboxMailId> {
    let now = w.now;
    let id = InboxMailId::new(now, w.dice);
    let source = mime::compose(mail);
    let recipient = mail.to.as_str();
    w.execute(
        &INSERT_INBOX_MAIL,
        params![
            id.as_str(),
            &mail.message_id,
            recipient,
            &mail.subject,
            &mail.html,
            &mail.text,
            &source,
            now
        ],
    )?;
    if let Some(oldest_kept) = w.row(&INBOX_NTH_NEWEST, params![KEPT - 1])? {
        let oldest_kept: String = oldest_kept.get("id")?;
        w.execute(&TRIM_INBOX, params![&oldest_kept])?;
    }
    Ok(id)
}
