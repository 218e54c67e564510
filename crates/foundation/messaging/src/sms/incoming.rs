//! What people text to the shop: kept, understood, and acted on once, however often a gateway tells it.

use std::time::Duration;

use customers::{Described, SuppressionReason};
use db::{Write, params};
use kernel::{Channel, CustomerId, Phone, Result, id_type, keys};
use serde_json::json;
use timeline::{Actor, NewEvent};

use super::keywords::{Meaning, understand};
use super::replies;
use crate::outbox::{self, NewMessage};
use crate::store::Recipient;

db::sql_file!(pub STORE = "incoming.sql" {
    INSERT_INCOMING = "insert_incoming",
    FIND_INCOMING = "find_incoming",
    FORGET_OLD_TEXTS = "forget_old_texts",
});

id_type!(
    /// A text that somebody sent to the shop.
    IncomingTextId, "txt"
);

/// The most characters of a text that are kept: ten segments and more.
const LONGEST_BODY: usize = 2_000;
/// The most characters of the shop's own number, as the gateway tells it.
const LONGEST_NUMBER: usize = 40;
/// An answer that comes later than this puzzles more than it helps.
const ANSWER_WITHIN: Duration = Duration::from_secs(3_600);
/// HELP is answered once in so long: two machines that answer each other would never end.
const HELP_EVERY_MS: i64 = 3_600_000;

/// A text that somebody sent to the shop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncomingText {
    /// Which gateway brought it.
    pub gateway: &'static str,
    /// What the gateway calls it.
    pub id: Option<String>,
    /// When the gateway says it was sent: tells texts apart that have no name.
    pub sent_at: String,
    /// Who sent it.
    pub from: Phone,
    /// To which of the shop's numbers.
    pub to: String,
    /// What it says.
    pub body: String,
    /// Whether the gateway has answered the person already, as some do to STOP.
    pub is_answered: bool,
    /// What the gateway has understood, where it says so.
    pub understood: Option<Meaning>,
}

impl IncomingText {
    fn dedupe_key(&self) -> String {
        let parts = [self.from.as_str(), &self.to, &self.sent_at, &self.body].join("\u{1f}");
        self.id.clone().unwrap_or_else(|| keys::hex(&keys::sha256(parts.as_bytes())))
    }
}

/// Takes a text in: keeps it, tells the timeline, obeys STOP and START, answers what has to be answered.
pub fn take_text(w: &mut Write<'_>, text: &IncomingText) -> Result<()> {
    let key = kept(&text.dedupe_key(), 200);
    if w.row(&FIND_INCOMING, params![text.gateway, &key])?.is_some() {
        return Ok(());
    }
    let meaning = text.understood.unwrap_or_else(|| understand(&text.body));
    let customer = sender(w, &text.from)?;
    let Some(id) = keep(w, text, &key, &customer, meaning)? else { return Ok(()) };
    tell_timeline(w, &id, &customer, meaning)?;
    match meaning {
        Meaning::Stop => {
            let is_news =
                customers::suppress(w, Channel::Sms, text.from.as_str(), SuppressionReason::Stopped, "text")?;
            reply(w, text, &customer, replies::STOPPED, id.as_str(), is_news)
        }
        Meaning::Start => {
            let was_stopped = customers::unsuppress(
                w,
                Channel::Sms,
                text.from.as_str(),
                SuppressionReason::Stopped,
                "text",
            )?;
            reply(w, text, &customer, replies::STARTED, id.as_str(), was_stopped)
        }
        Meaning::Help => {
            let hour = w.now.ms().div_euclid(HELP_EVERY_MS).to_string();
            reply(w, text, &customer, replies::HELP, &hour, true)
        }
        Meaning::Other => Ok(()),
    }
}

/// The customer whose number it is, the one we met last when it is shared; a stranger becomes one.
fn sender(w: &mut Write<'_>, number: &Phone) -> Result<CustomerId> {
    match customers::latest_with_number(w, number)? {
        Some(customer) => Ok(customer),
        None => customers::recognise(
            w,
            &Described { source: "text", phone: Some(number), ..Described::default() },
        ),
    }
}

fn keep(
    w: &mut Write<'_>,
    text: &IncomingText,
    key: &str,
    customer: &CustomerId,
    meaning: Meaning,
) -> Result<Option<IncomingTextId>> {
    let now = w.now;
    let id = IncomingTextId::new(now, w.dice);
    let (to, body) = (kept(&text.to, LONGEST_NUMBER), kept(&text.body, LONGEST_BODY));
    let kept = w.execute(
        &INSERT_INCOMING,
        params![
            id.as_str(),
            text.gateway,
            key,
            customer.as_str(),
            text.from.as_str(),
            &to,
            &body,
            meaning.as_str(),
            now
        ],
    )?;
    Ok((kept > 0).then_some(id))
}

/// No database keeps a NUL in a text, and nobody types one.
fn kept(text: &str, most_chars: usize) -> String {
    kernel::text::shortened(&text.replace('\0', ""), most_chars)
}

/// That a text came and what it meant; never what it says.
fn tell_timeline(
    w: &mut Write<'_>,
    id: &IncomingTextId,
    customer: &CustomerId,
    meaning: Meaning,
) -> Result<()> {
    let (occurred_at, source_key) = (w.now, format!("text.received:{id}"));
    let event = NewEvent {
        kind: "text.received",
        version: 1,
        subject: ("text", id.as_str()),
        customer: Some(customer),
        actor: Actor::Customer(customer.clone()),
        cause: None,
        occurred_at,
        source_key: &source_key,
        payload: json!({ "meaning": meaning.as_str() }),
    };
    timeline::record(w, &event).map(drop)
}

fn reply(
    w: &mut Write<'_>,
    text: &IncomingText,
    customer: &CustomerId,
    template: &'static str,
    trigger: &str,
    is_due: bool,
) -> Result<()> {
    if !is_due || text.is_answered {
        return Ok(());
    }
    let (now, locale) = (w.now, customers::person(w, customer)?.locale);
    let recipient =
        Recipient { phone: Some(text.from.clone()), locale, answers_text: true, ..Recipient::default() };
    let answer = NewMessage {
        customer,
        template,
        subject: ("customer", customer.as_str()),
        trigger,
        thread: &format!("{customer}:texts"),
        recipient,
        context: json!({}),
        not_before: now,
        not_after: Some(now + ANSWER_WITHIN),
    };
    outbox::queue(w, &answer).map(drop)
}
