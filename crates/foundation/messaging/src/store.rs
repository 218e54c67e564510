//! Messages, in and out.

use db::{PersonalTable, Read, Row, SqlFile, params};
use kernel::{
    Channel, CustomerId, Email, Locale, MessageId, Phone, Purpose, Result, Timestamp, Urgency, Zone,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::sms::{incoming, reports};

db::sql_file!(pub STORE = "store.sql" {
    INSERT_MESSAGE = "insert_message",
    INSERT_CONTEXT = "insert_context",
    FIND_MESSAGE = "find_message",
    THREAD_BEFORE = "thread_before",
    THREAD_AFTER = "thread_after",
    MARK_HANDING_OFF = "mark_handing_off",
    UNMARK = "unmark",
    SET_OUTCOME = "set_outcome",
    SET_HELD = "set_held",
    SET_ARRIVED = "set_arrived",
    SET_DEFERRED = "set_deferred",
    SET_FINAL = "set_final",
    HANDED_OVER_LATELY = "handed_over_lately",
    LAST_OF_TOPIC = "last_of_topic",
    HELD_OF_CUSTOMER = "held_of_customer",
    MESSAGES_OF_SUBJECT = "messages_of_subject",
    LATEST_MESSAGES = "latest_messages",
    MESSAGE_SHOWN = "message_shown",
    MESSAGES_SHOWN = "messages_shown",
    COUNT_BY_STATE = "count_by_state",
    UNACCOUNTED = "unaccounted",
    INSERT_INBOX_MAIL = "insert_inbox_mail",
    INBOX_OLDER = "inbox_older",
    INBOX_NEWER = "inbox_newer",
    FIND_INBOX_MAIL = "find_inbox_mail",
    TRIM_INBOX = "trim_inbox",
    INBOX_NTH_NEWEST = "inbox_nth_newest",
    INBOX_BEGINNINGS = "inbox_beginnings",
    INBOX_COUNT = "inbox_count",
    MESSAGE_BY_KEY = "message_by_key",
    COUNT_DUE_BETWEEN = "count_due_between",
    RELEASED_WAITING = "released_waiting",
    SET_RELEASED = "set_released",
    SET_RELEASED_ONE = "set_released_one",
    CANCEL_MESSAGE = "cancel_message",
    WAITING_IN_THREAD = "waiting_in_thread",
    INSERT_TRY = "insert_try",
    UNDER_WAY = "under_way",
    WRITTEN_TO = "written_to",
    TELL_MESSAGES = "tell_messages",
    TELL_CONTEXTS = "tell_contexts",
    TELL_INCOMING_TEXTS = "tell_incoming_texts",
    TELL_INBOX = "tell_inbox",
    FORGET_CONTEXTS = "forget_contexts",
    FORGET_INCOMING_TEXTS = "forget_incoming_texts",
    FORGET_INBOX = "forget_inbox",
});

/// The queries of this crate.
pub static SQL: &[&SqlFile] =
    &[&STORE, &reports::STORE, &incoming::STORE, crate::days::FILE, crate::log::FILE, crate::design::FILE];

/// The tables of this crate that hold personal data.
pub const PERSONAL: &[PersonalTable] = &[
    PersonalTable { table: "message_contexts", holds: "recipients and everything a template was given" },
    PersonalTable { table: "inbox_mails", holds: "mails and texts in the built-in inbox" },
    PersonalTable { table: "incoming_texts", holds: "texts that people sent to the shop" },
];

/// To whom a message goes, as known when it was written. The shop's order may name an address of its own.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Recipient {
    /// The name, for the header.
    pub name: Option<String>,
    /// The e-mail address given with what the message is about.
    pub email: Option<Email>,
    /// The phone number given with what the message is about.
    pub phone: Option<Phone>,
    /// The language of the occasion; once the message is written, the one it is written in.
    pub locale: Option<Locale>,
    /// Whether it answers the text that this number has just sent: STOP, START or HELP.
    #[serde(default)]
    pub answers_text: bool,
    /// Whether it was said by text before, and did not arrive.
    #[serde(default)]
    pub was_undelivered: bool,
    /// Whether it goes to the address given here or nowhere: what proves that an address is somebody's must not reach them
    /// at another.
    #[serde(default)]
    pub only_here: bool,
}

/// Where a message stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Waiting for its first try.
    Queued,
    /// On its way to the provider this moment.
    HandingOff,
    /// The provider has it. Final.
    Accepted,
    /// Refused for now.
    Deferred,
    /// Refused for good, or nobody to send it to. Final.
    Failed,
    /// It may or may not have arrived.
    Unknown,
    /// Kept for a better time.
    Held,
    /// Not to be sent. Final.
    Dropped,
    /// Too late to be of use. Final.
    Expired,
}

impl State {
    /// Every state.
    pub const ALL: [State; 9] = [
        State::Queued,
        State::HandingOff,
        State::Accepted,
        State::Deferred,
        State::Failed,
        State::Unknown,
        State::Held,
        State::Dropped,
        State::Expired,
    ];

    /// The word used in rows and in the interface.
    pub fn as_str(self) -> &'static str {
        match self {
            State::Queued => "queued",
            State::HandingOff => "handing_off",
            State::Accepted => "accepted",
            State::Deferred => "deferred",
            State::Failed => "failed",
            State::Unknown => "unknown",
            State::Held => "held",
            State::Dropped => "dropped",
            State::Expired => "expired",
        }
    }

    pub(crate) fn parse(word: &str) -> Result<Self> {
        let found = State::ALL.into_iter().find(|state| state.as_str() == word);
        found.ok_or_else(|| kernel::Error::internal(format!("unknown message state {word}")))
    }
}

/// A message with everything it was written from.
#[derive(Clone, Debug)]
pub struct Message {
    /// Its identifier.
    pub id: MessageId,
    /// What makes it the same message.
    pub key: String,
    /// Whose it is.
    pub customer: CustomerId,
    /// Why it is sent.
    pub purpose: Purpose,
    /// What a person would switch off.
    pub topic: String,
    /// Whether the person waits for it.
    pub urgency: Urgency,
    /// Which template writes it.
    pub template: String,
    /// In which version of the shop's own design; 0 is the letter as it came.
    pub design_version: u32,
    /// What it is about.
    pub subject: (String, String),
    /// Messages of one thread are shown together by mail programs.
    pub thread: String,
    /// Where it stands.
    pub state: State,
    /// On which channel it was last handed over.
    pub channel: Option<Channel>,
    /// When it was due: not sent before, and what a restore holds it by.
    pub not_before: Timestamp,
    /// Worthless from then on.
    pub not_after: Timestamp,
    /// Tries that did not end in acceptance.
    pub tries: u32,
    /// How often it was handed over.
    pub hand_offs: u32,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it was last handed over.
    pub handed_off_at: Option<Timestamp>,
    /// When it came to its end, if it has; an unknown outcome that is final has one too.
    pub finished_at: Option<Timestamp>,
    /// To whom.
    pub recipient: Recipient,
    /// What the template is given.
    pub context: Context,
}

/// What a template is given, as it lies in its row. It is read when the message is rendered: deciding, marking and
/// recording need nothing of it, and reading it is dearer than all they do.
#[derive(Clone, Debug)]
pub struct Context(String);

impl Context {
    /// The context itself.
    pub fn read(&self) -> Result<Value> {
        Ok(serde_json::from_str(&self.0)?)
    }
}

impl Message {
    /// Whether nothing more will be done with it.
    pub fn is_final(&self) -> bool {
        self.finished_at.is_some()
    }

    /// Whether a hand-off of it may have succeeded of which nobody knows: one without an answer, or one that was cut off, by
    /// a crash say. Nothing but a yes of a provider, or a report of arrival, ends that: no later no does.
    pub(crate) fn may_have_arrived(&self) -> bool {
        matches!(self.state, State::HandingOff | State::Unknown)
    }
}

/// Finds a message.
pub fn find(r: &mut Read<'_>, id: &MessageId) -> Result<Option<Message>> {
    r.row(&FIND_MESSAGE, params![id.as_str()])?.map(|row| message_of(&row)).transpose()
}

pub(crate) fn channel_of(row: &Row) -> Result<Option<Channel>> {
    row.get::<Option<String>>("channel")?.as_deref().map(Channel::parse).transpose()
}

fn message_of(row: &Row) -> Result<Message> {
    Ok(Message {
        id: MessageId::stored(row.get("id")?),
        key: row.get("key")?,
        customer: CustomerId::stored(row.get("customer_id")?),
        purpose: Purpose::parse(&row.get::<String>("purpose")?)?,
        topic: row.get("topic")?,
        urgency: Urgency::parse(&row.get::<String>("urgency")?)?,
        template: row.get("template")?,
        design_version: row.get("design_version")?,
        subject: (row.get("subject_kind")?, row.get("subject_id")?),
        thread: row.get("thread")?,
        state: State::parse(&row.get::<String>("state")?)?,
        channel: channel_of(row)?,
        not_before: row.get("not_before")?,
        not_after: row.get("not_after")?,
        tries: row.get("tries")?,
        hand_offs: row.get("hand_offs")?,
        created_at: row.get("created_at")?,
        handed_off_at: row.get("handed_off_at")?,
        finished_at: row.get("finished_at")?,
        recipient: serde_json::from_str(&row.get::<String>("recipient")?)?,
        context: Context(row.get("context")?),
    })
}

/// What was written before a message in the same thread.
#[derive(Clone, Debug, Default)]
pub(crate) struct ThreadBefore {
    /// The key of the first message that may have reached its reader: this one answers it.
    pub root: Option<String>,
    /// While an earlier one is under way: until when it may be, at the longest.
    pub busy_until: Option<Timestamp>,
}

/// What was written before `message` in its thread.
pub(crate) fn thread_before(r: &mut Read<'_>, message: &Message) -> Result<ThreadBefore> {
    let mut before = ThreadBefore::default();
    for row in r.rows(&THREAD_BEFORE, params![&message.thread, message.created_at, message.id.as_str()])? {
        // Mail programs thread mails; a text has no Message-ID to answer.
        let is_mail = channel_of(&row)? == Some(Channel::Email);
        if before.root.is_none() && is_mail && row.get::<u32>("hand_offs")? > 0 {
            before.root = Some(row.get("key")?);
        }
        if row.get::<Option<Timestamp>>("finished_at")?.is_none() {
            before.busy_until = before.busy_until.max(Some(row.get("not_after")?));
        }
    }
    Ok(before)
}

/// The messages that wait in the thread behind `message`.
pub(crate) fn thread_after(r: &mut Read<'_>, message: &Message) -> Result<Vec<MessageId>> {
    let rows = r.rows(&THREAD_AFTER, params![&message.thread, message.created_at, message.id.as_str()])?;
    rows.iter().map(|row| row.get("id").map(MessageId::stored)).collect()
}

/// One line of "what we told".
#[derive(Clone, Debug)]
pub struct Told {
    /// The message.
    pub id: MessageId,
    /// Which template.
    pub template: String,
    /// What it is about.
    pub subject_id: String,
    /// What the provider calls it, once it has it.
    pub reference: Option<String>,
    /// Where it stands.
    pub state: State,
    /// On which channel, once decided.
    pub channel: Option<Channel>,
    /// Why the verdict is what it is.
    pub reason: String,
    /// The rule behind the verdict, by its code.
    pub why: Option<String>,
    /// What became of the last try, in the provider's words.
    pub outcome: Option<String>,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it came to its end.
    pub finished_at: Option<Timestamp>,
}

/// What we told about one thing, oldest first, at most `limit`.
pub fn told_about(r: &mut Read<'_>, kind: &str, id: &str, limit: i64) -> Result<Vec<Told>> {
    r.rows(&MESSAGES_OF_SUBJECT, params![kind, id, limit])?.iter().map(told_of).collect()
}

/// What was written to a person by one template, whichever of these customers they are, newest first, at most `limit`.
pub fn written_to(r: &mut Read<'_>, ids: &[CustomerId], template: &str, limit: usize) -> Result<Vec<Told>> {
    let mut told = Vec::new();
    for id in ids {
        let rows = r.rows(&WRITTEN_TO, params![id.as_str(), template, limit as i64])?;
        told.extend(rows.iter().map(told_of).collect::<Result<Vec<_>>>()?);
    }
    told.sort_by(|a, b| (b.created_at, b.id.as_str()).cmp(&(a.created_at, a.id.as_str())));
    told.truncate(limit);
    Ok(told)
}

/// The newest messages of the shop, newest first, at most `limit`.
pub fn latest(r: &mut Read<'_>, limit: i64) -> Result<Vec<Told>> {
    r.rows(&LATEST_MESSAGES, params![limit])?.iter().map(told_of).collect()
}

fn told_of(row: &Row) -> Result<Told> {
    Ok(Told {
        id: MessageId::stored(row.get("id")?),
        template: row.get("template")?,
        subject_id: row.get("subject_id")?,
        reference: row.get("provider_reference")?,
        state: State::parse(&row.get::<String>("state")?)?,
        channel: channel_of(row)?,
        reason: row.get("reason")?,
        why: row.get("why")?,
        outcome: row.get("outcome")?,
        created_at: row.get("created_at")?,
        finished_at: row.get("finished_at")?,
    })
}

/// Why a message was sent, held or dropped, and what became of it; without what it was written from.
#[derive(Clone, Debug)]
pub(crate) struct Explained {
    pub id: MessageId,
    pub key: String,
    pub state: State,
    /// The latest verdict: `none`, `send`, `hold` or `drop`.
    pub verdict: String,
    /// Why the verdict is what it is, as a sentence.
    pub reason: String,
    /// The rule behind the verdict, by its code.
    pub why: Option<String>,
    /// What became of the last try.
    pub outcome: Option<String>,
    pub purpose: Purpose,
    pub urgency: Urgency,
    pub topic: String,
    pub template: String,
    pub template_version: u32,
    pub design_version: u32,
    /// What it is about: kind and id.
    pub subject: (String, String),
    /// Tries that did not end in acceptance.
    pub tries: u32,
    pub hand_offs: u32,
    pub created_at: Timestamp,
    /// When it was last handed over.
    pub handed_off_at: Option<Timestamp>,
    pub finished_at: Option<Timestamp>,
}

/// The message with this key, explained.
pub(crate) fn explained(r: &mut Read<'_>, key: &str) -> Result<Option<Explained>> {
    r.row(&MESSAGE_BY_KEY, params![key])?.map(|row| explained_of(&row)).transpose()
}

fn explained_of(row: &Row) -> Result<Explained> {
    Ok(Explained {
        id: MessageId::stored(row.get("id")?),
        key: row.get("key")?,
        state: State::parse(&row.get::<String>("state")?)?,
        verdict: row.get("verdict")?,
        reason: row.get("reason")?,
        why: row.get("why")?,
        outcome: row.get("outcome")?,
        purpose: Purpose::parse(&row.get::<String>("purpose")?)?,
        urgency: Urgency::parse(&row.get::<String>("urgency")?)?,
        topic: row.get("topic")?,
        template: row.get("template")?,
        template_version: row.get("template_version")?,
        design_version: row.get("design_version")?,
        subject: (row.get("subject_kind")?, row.get("subject_id")?),
        tries: row.get("tries")?,
        hand_offs: row.get("hand_offs")?,
        created_at: row.get("created_at")?,
        handed_off_at: row.get("handed_off_at")?,
        finished_at: row.get("finished_at")?,
    })
}

/// How many messages there are in each state.
pub fn count_by_state(r: &mut Read<'_>) -> Result<Vec<(String, i64)>> {
    let rows = r.rows(&COUNT_BY_STATE, params![])?;
    rows.iter().map(|row| Ok((row.get("state")?, row.get("messages")?))).collect()
}

/// Messages that nothing will go on with although they are not final: there must be none.
pub fn unaccounted(r: &mut Read<'_>) -> Result<Vec<String>> {
    r.rows(&UNACCOUNTED, params![])?.iter().map(|row| row.get("id")).collect()
}

/// The zone a person's clock is read in.
pub(crate) fn zone_of(person: &customers::Person, shop: &kernel::Shop) -> Zone {
    let own = person.own_hours.as_ref().map(|own| &own.zone);
    own.or(person.zone.as_ref()).unwrap_or(&shop.zone).clone()
}
