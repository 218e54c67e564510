//! A message as those see it who ask why it was sent, how, and what became of it. Nothing personal is in it.

use std::time::Duration;

use db::{Read, Row, params};
use kernel::{Channel, MessageId, Result, Timestamp};

use crate::sms::reports::{SentText, sent_text_of};
use crate::sms::status::DeliveryStatus;
use crate::store::{MESSAGE_SHOWN, MESSAGES_SHOWN, State, channel_of};

/// A gateway that accepts and never reports: after so long it is said.
const REPORT_EXPECTED_WITHIN: Duration = Duration::from_secs(86_400);

/// A message and everything that was decided about it.
#[derive(Clone, Debug)]
pub struct Shown {
    /// Its identifier.
    pub id: MessageId,
    /// What it is about: kind and id.
    pub subject: (String, String),
    /// Which template.
    pub template: String,
    /// Why it is sent.
    pub purpose: String,
    /// What a person would switch off.
    pub topic: String,
    /// Where it stands.
    pub state: State,
    /// On which channel it was last handed over.
    pub channel: Option<Channel>,
    /// The latest verdict: `none`, `send`, `hold` or `drop`.
    pub verdict: String,
    /// Why the verdict is what it is.
    pub reason: String,
    /// What became of the last try.
    pub outcome: Option<String>,
    /// Who carried it.
    pub provider: Option<String>,
    /// How often it was handed over.
    pub hand_offs: u32,
    /// Not before.
    pub not_before: Timestamp,
    /// Worthless from then on.
    pub not_after: Timestamp,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it was last handed over.
    pub handed_off_at: Option<Timestamp>,
    /// When it came to its end.
    pub finished_at: Option<Timestamp>,
    /// How it went as a text, if it did.
    pub text: Option<SentText>,
}

impl Shown {
    /// Whether a gateway has taken the text and has not reported within a day what became of it.
    pub fn lacks_report(&self, now: Timestamp) -> bool {
        let Some(text) = &self.text else { return false };
        let waits = matches!(text.report, None | Some(DeliveryStatus::Queued | DeliveryStatus::Sent));
        let accepted = self.state == State::Accepted && self.channel == Some(Channel::Sms);
        accepted && waits && now >= text.handed_over_at + REPORT_EXPECTED_WITHIN
    }
}

/// One message.
pub fn shown(r: &mut Read<'_>, id: &MessageId) -> Result<Option<Shown>> {
    r.row(&MESSAGE_SHOWN, params![id.as_str()])?.map(|row| shown_of(&row)).transpose()
}

/// The messages about one thing, oldest first, at most `limit`.
pub fn shown_about(r: &mut Read<'_>, kind: &str, id: &str, limit: i64) -> Result<Vec<Shown>> {
    r.rows(&MESSAGES_SHOWN, params![kind, id, limit])?.iter().map(shown_of).collect()
}

fn shown_of(row: &Row) -> Result<Shown> {
    let was_text = row.get::<Option<String>>("encoding")?.is_some();
    Ok(Shown {
        id: MessageId::stored(row.get("id")?),
        subject: (row.get("subject_kind")?, row.get("subject_id")?),
        template: row.get("template")?,
        purpose: row.get("purpose")?,
        topic: row.get("topic")?,
        state: State::parse(&row.get::<String>("state")?)?,
        channel: channel_of(row)?,
        verdict: row.get("verdict")?,
        reason: row.get("reason")?,
        outcome: row.get("outcome")?,
        provider: row.get("provider")?,
        hand_offs: row.get("hand_offs")?,
        not_before: row.get("not_before")?,
        not_after: row.get("not_after")?,
        created_at: row.get("created_at")?,
        handed_off_at: row.get("handed_off_at")?,
        finished_at: row.get("finished_at")?,
        text: was_text.then(|| sent_text_of(row)).transpose()?,
    })
}
