//! Delivery reports: what a gateway says of a text after it has answered, or before, or instead.
//!
//! A report may come before the answer to its hand-off, twice, late, out of order, and of a message we don't know. All
//! are kept; by rank one counts. A report of arrival ends an unknown outcome, and one of loss sends what belongs to
//! the purchase by mail, once, as a message of its own: a final state is never left.

use customers::SuppressionReason;
use db::{Read, Row, Write, params};
use kernel::{Channel, Currency, MessageId, Money, Phone, Purpose, Result, Timestamp, id_type};
use serde_json::json;
use timeline::{Actor, NewEvent};

use super::price::SegmentPrice;
use super::status::DeliveryStatus;
use crate::outgoing::Text;
use crate::provider::Submission;
use crate::store::{self, Message, State};
use crate::{outbox, outcome};

db::sql_file!(pub STORE = "reports.sql" {
    UPSERT_TEXT = "upsert_text",
    SET_ANSWER = "set_answer",
    FIND_TEXT = "find_text",
    INSERT_REPORT = "insert_report",
    SET_REPORT = "set_report",
    FORGET_REPORTS = "forget_reports",
});

id_type!(
    /// A delivery report.
    ReportId, "dlr"
);

/// What a gateway reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Of which message.
    pub message: MessageId,
    /// Which gateway.
    pub gateway: &'static str,
    /// What it says.
    pub status: DeliveryStatus,
    /// The gateway's code. Never its free text.
    pub detail: String,
    /// What it says of the number itself.
    pub number_fault: Option<NumberFault>,
}

/// What a report says of a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NumberFault {
    /// There is none, or none that takes texts.
    Dead(Phone),
    /// Its holder has told the service to stop.
    Stopped(Phone),
}

/// What is known of a message as a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentText {
    /// `GSM-7` or `UCS-2`.
    pub encoding: String,
    /// How many segments it took.
    pub segments: u32,
    /// What they cost, when the shop has said what one does.
    pub price: Option<Money>,
    /// When it was last handed over.
    pub handed_over_at: Timestamp,
    /// What the gateway answered to that: `accepted`, `refused` or `unknown`.
    pub answer: Option<String>,
    /// The report that counts.
    pub report: Option<DeliveryStatus>,
    /// The gateway's code.
    pub report_detail: Option<String>,
    /// When it came.
    pub reported_at: Option<Timestamp>,
}

/// What is known of a message as a text; `None` when it was never handed over as one.
pub fn sent_text(r: &mut Read<'_>, id: &MessageId) -> Result<Option<SentText>> {
    r.row(&FIND_TEXT, params![id.as_str()])?.map(|row| sent_text_of(&row)).transpose()
}

pub(crate) fn sent_text_of(row: &Row) -> Result<SentText> {
    let currency: Option<String> = row.get("price_currency")?;
    let currency = currency.as_deref().map(Currency::parse).transpose()?;
    let minor: Option<i64> = row.get("price_minor")?;
    let report: Option<String> = row.get("report")?;
    Ok(SentText {
        encoding: row.get("encoding")?,
        segments: row.get("segments")?,
        price: minor.zip(currency).map(|(minor, currency)| Money::new(minor, currency)),
        handed_over_at: row.get("handed_over_at")?,
        answer: row.get("answer")?,
        report: report.as_deref().map(DeliveryStatus::parse).transpose()?,
        report_detail: row.get("report_detail")?,
        reported_at: row.get("reported_at")?,
    })
}

/// What is known of a message as a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TextStanding {
    /// It was not handed over as one, or the gateway refused it.
    Untried,
    /// The gateway may have taken it: handed over then, and neither an answer nor a report since.
    Silent {
        /// When it was handed over.
        since: Timestamp,
    },
    /// A report says that it did not arrive.
    Undelivered,
    /// A report says that it did.
    Arrived,
}

/// What the decision has to know of a message as a text.
pub(crate) fn standing(r: &mut Read<'_>, message: &Message) -> Result<TextStanding> {
    if message.recipient.was_undelivered {
        return Ok(TextStanding::Undelivered);
    }
    // Most messages are decided before they were ever handed over: those ask nothing.
    if message.hand_offs == 0 {
        return Ok(TextStanding::Untried);
    }
    let Some(text) = sent_text(r, &message.id)? else { return Ok(TextStanding::Untried) };
    if text.answer.as_deref() == Some("refused") {
        return Ok(TextStanding::Untried);
    }
    Ok(match text.report {
        Some(DeliveryStatus::Delivered) => TextStanding::Arrived,
        Some(report) if report.is_lost() => TextStanding::Undelivered,
        _ => TextStanding::Silent { since: text.handed_over_at },
    })
}

/// Notes what a text takes, in the write that marks it as handed over.
pub(crate) fn handed_over(w: &mut Write<'_>, text: &Text) -> Result<()> {
    let (now, measured) = (w.now, text.measured());
    let price = w.wired::<SegmentPrice>()?.of(measured.segments.len());
    let (minor, currency) = (price.map(|price| price.minor), price.map(|price| price.currency.code()));
    let segments = measured.segments.len() as i64;
    let params = params![text.message.as_str(), measured.encoding.as_str(), segments, minor, currency, now];
    w.send(&UPSERT_TEXT, params)?;
    Ok(())
}

/// Notes what the gateway answered.
pub(crate) fn answered(w: &mut Write<'_>, id: &MessageId, submission: &Submission) -> Result<()> {
    let answer = match submission {
        Submission::Accepted { .. } => "accepted",
        Submission::Refused(_) => "refused",
        Submission::Unknown { .. } => "unknown",
    };
    w.send(&SET_ANSWER, params![id.as_str(), answer])?;
    Ok(())
}

/// Takes a report in. The same one twice has the effect of once.
pub fn take_report(w: &mut Write<'_>, report: &Report) -> Result<()> {
    if !keep(w, report)? {
        return Ok(());
    }
    let Some(message) = store::find(w, &report.message)? else {
        tracing::info!(message = %report.message, "messaging.report_of_unknown_message");
        return Ok(());
    };
    let Some(text) = sent_text(w, &message.id)? else { return Ok(()) };
    if !report.status.supersedes(text.report) {
        return Ok(());
    }
    let now = w.now;
    w.send(&SET_REPORT, params![message.id.as_str(), report.status.as_str(), &report.detail, now])?;
    remember_number(w, &message, report)?;
    act_on(w, &message, report)
}

fn remember_number(w: &mut Write<'_>, message: &Message, report: &Report) -> Result<()> {
    match &report.number_fault {
        None => Ok(()),
        Some(NumberFault::Dead(number)) => {
            customers::mark_dead(w, &message.customer, Channel::Sms, number.as_str(), &report.detail)
        }
        Some(NumberFault::Stopped(number)) => {
            let reason = SuppressionReason::Stopped;
            customers::suppress(w, Channel::Sms, number.as_str(), reason, "provider").map(drop)
        }
    }
}

fn keep(w: &mut Write<'_>, report: &Report) -> Result<bool> {
    let now = w.now;
    let id = ReportId::new(now, w.dice);
    let (message, status) = (report.message.as_str(), report.status.as_str());
    let params = params![id.as_str(), message, report.gateway, status, &report.detail, now];
    Ok(w.execute(&INSERT_REPORT, params)? > 0)
}

/// A message on its way this moment is left to the one who has it in hand: its answer looks at the report.
fn act_on(w: &mut Write<'_>, message: &Message, report: &Report) -> Result<()> {
    match (message.state, message.channel) {
        (State::Accepted, Some(Channel::Sms)) if report.status.is_lost() => lost(w, message, report.status),
        (State::Unknown, _) if report.status == DeliveryStatus::Delivered => {
            outcome::arrived(w, &message.id)?;
            wake(w, message)
        }
        (State::Unknown, _) if report.status.is_lost() && !message.is_final() => wake(w, message),
        _ => Ok(()),
    }
}

/// A report of loss may have come before the answer that accepted the text.
pub(crate) fn catch_up(w: &mut Write<'_>, message: &Message) -> Result<()> {
    let report = sent_text(w, &message.id)?.and_then(|text| text.report);
    match report.filter(|report| report.is_lost()) {
        Some(status) => lost(w, message, status),
        None => Ok(()),
    }
}

/// Lets what waits for a report be decided again at once.
fn wake(w: &mut Write<'_>, message: &Message) -> Result<()> {
    let now = w.now;
    outbox::wake_hand_off(w, &message.id, message, now)
}

/// An accepted text that did not arrive. What belongs to the purchase is said by mail.
fn lost(w: &mut Write<'_>, message: &Message, status: DeliveryStatus) -> Result<()> {
    let is_for_the_number = message.recipient.answers_text || message.recipient.only_here;
    let is_of_use = w.now < message.not_after && !is_for_the_number;
    let belongs = matches!(message.purpose, Purpose::Transactional | Purpose::Legal);
    let repeated = belongs && is_of_use && can_be_mailed(w, message)?;
    if repeated {
        outbox::repeat(w, message)?;
    }
    let (now, source_key) = (w.now, format!("message.undelivered:{}", message.id));
    let mut payload =
        json!({ "template": message.template, "status": status.as_str(), "repeated": repeated });
    payload[&message.subject.0] = json!(message.subject.1);
    let event = NewEvent {
        kind: "message.undelivered",
        version: 1,
        subject: ("message", message.id.as_str()),
        customer: Some(&message.customer),
        actor: Actor::Rule("messaging"),
        cause: None,
        occurred_at: now,
        source_key: &source_key,
        payload,
    };
    timeline::record(w, &event).map(drop)
}

fn can_be_mailed(r: &mut Read<'_>, message: &Message) -> Result<bool> {
    if message.recipient.email.is_some() {
        return Ok(true);
    }
    let person = customers::person(r, &message.customer)?;
    let lives = |point: &customers::ContactPoint| point.channel == Channel::Email && point.dead_at.is_none();
    Ok(person.contact_points.iter().any(lives))
}
