//! `GET /v1/messages`: what was said, on which channel, why, and what became of it. Read only, and nothing personal.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use db::Db;
use kernel::{Channel, Error, MessageId, Result, Timestamp};
use messaging::Shown;
use messaging::sms::reports::SentText;
use orders::OrderId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use web::Failure;

use crate::keys::{self, Scope};
use crate::schema::{ChannelWord, Problem};

/// The most messages about one order that are listed.
const MOST: i64 = 100;

/// A message to a customer, without what it says.
#[derive(Serialize, ToSchema)]
pub struct MessageOut {
    /// Our identifier of the message.
    #[schema(example = "msg_01k9z3v5pq7n4m2x8r6t")]
    pub id: String,
    /// The order it is about, when it is about one.
    #[schema(example = "ord_01k9z3v5pq7n4m2x8r6t")]
    pub order: Option<String>,
    /// Which message it is.
    #[schema(example = "order.confirmation")]
    pub template: String,
    /// `transactional`, `legal`, `service`, `survey` or `marketing`.
    #[schema(example = "transactional")]
    pub purpose: String,
    /// What the customer would switch off.
    #[schema(example = "orders")]
    pub topic: String,
    /// `queued`, `handing_off`, `accepted`, `deferred`, `failed`, `unknown`, `held`, `dropped` or `expired`.
    #[schema(example = "accepted")]
    pub state: &'static str,
    /// On which channel it was last handed over.
    #[schema(value_type = Option<ChannelWord>)]
    pub channel: Option<&'static str>,
    /// The latest decision: `none`, `send`, `hold` or `drop`.
    #[schema(example = "send")]
    pub verdict: String,
    /// Why it was decided so.
    #[schema(example = "Sent the way this person asked for.")]
    pub reason: String,
    /// What became of the last try, in the provider's words.
    pub outcome: Option<String>,
    /// Who carried it.
    #[schema(example = "kannel")]
    pub provider: Option<String>,
    /// How often it was handed over.
    pub hand_offs: u32,
    /// How it went as a text message, when it did.
    pub text: Option<TextOut>,
    /// When it was written (RFC 3339).
    #[schema(format = DateTime)]
    pub created_at: String,
    /// It is not sent before.
    #[schema(format = DateTime)]
    pub not_before: String,
    /// It is of no use from then on.
    #[schema(format = DateTime)]
    pub not_after: String,
    /// When it was last handed over.
    #[schema(format = DateTime)]
    pub handed_off_at: Option<String>,
    /// When it came to its end.
    #[schema(format = DateTime)]
    pub finished_at: Option<String>,
}

/// A message as a text message.
#[derive(Serialize, ToSchema)]
pub struct TextOut {
    /// `GSM-7` or `UCS-2`.
    #[schema(example = "GSM-7")]
    pub encoding: String,
    /// How many segments it took.
    #[schema(example = 1)]
    pub segments: u32,
    /// What they cost, when the shop has said what a segment does.
    pub price: Option<PriceOut>,
    /// The delivery report that counts.
    pub delivery_report: Option<ReportOut>,
    /// Whether the gateway has taken it more than a day ago and never reported what became of it.
    pub no_report_after_a_day: bool,
}

/// An amount.
#[derive(Serialize, ToSchema)]
pub struct PriceOut {
    /// Minor units.
    #[schema(example = 4)]
    pub amount: i64,
    /// ISO 4217.
    #[schema(example = "GBP")]
    pub currency: &'static str,
}

/// What a gateway reported.
#[derive(Serialize, ToSchema)]
pub struct ReportOut {
    /// `queued`, `sent`, `undelivered`, `rejected` or `delivered`.
    #[schema(example = "delivered")]
    pub status: &'static str,
    /// The gateway's code.
    pub code: Option<String>,
    /// When it came (RFC 3339).
    #[schema(format = DateTime)]
    pub at: Option<String>,
}

/// Messages about an order, oldest first.
#[derive(Serialize, ToSchema)]
pub struct MessageList {
    /// At most 100.
    pub data: Vec<MessageOut>,
}

/// Which messages.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct About {
    /// The order's `ord_…`.
    #[param(required = true, value_type = String)]
    order: Option<String>,
}

/// List messages
///
/// Everything that was said about an order, oldest first, with why it was sent as it was.
#[utoipa::path(
    get, path = "/v1/messages", operation_id = "listMessages", tag = "messages", params(About),
    responses(
        (status = 200, description = "The messages about the order.", body = MessageList),
        (status = 401, description = "No key, or none of this shop.", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The key lacks the scope.", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such order.", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "No order is named.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = ["messages:read"])),
)]
pub async fn list_messages(
    State(db): State<Db>,
    headers: HeaderMap,
    Query(about): Query<About>,
) -> Result<Response, Failure> {
    keys::authenticate(&db, &headers, Scope::MessagesRead).await?;
    let Some(order) = about.order else {
        return Err(Error::field("/order", "missing", "Name the order: ?order=ord_…").into());
    };
    let order = OrderId::parse(&order)?;
    let list = db.read("api.messages", move |r| {
        let shown = messaging::shown_about(r, "order", order.as_str(), MOST)?;
        if shown.is_empty() && orders::stored(r, &order)?.is_none() {
            return Err(Error::not_found("There is no order by that identifier."));
        }
        Ok(MessageList { data: shown.iter().map(|message| present(message, r.now)).collect() })
    });
    Ok(Json(list.await?).into_response())
}

/// Read a message
#[utoipa::path(
    get, path = "/v1/messages/{id}", operation_id = "readMessage", tag = "messages",
    params(("id" = String, Path, description = "The message's `msg_…`.")),
    responses(
        (status = 200, description = "The message.", body = MessageOut),
        (status = 401, description = "No key, or none of this shop.", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The key lacks the scope.", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such message.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = ["messages:read"])),
)]
pub async fn get_message(
    State(db): State<Db>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    keys::authenticate(&db, &headers, Scope::MessagesRead).await?;
    let id = MessageId::parse(&id)?;
    let message = db.read("api.message", move |r| {
        let shown = messaging::shown(r, &id)?;
        let shown = shown.ok_or_else(|| Error::not_found("There is no message by that identifier."))?;
        Ok(present(&shown, r.now))
    });
    Ok(Json(message.await?).into_response())
}

/// A message as the API shows it at this moment.
pub fn present(message: &Shown, now: Timestamp) -> MessageOut {
    let (kind, id) = &message.subject;
    let at = |at: Option<Timestamp>| at.map(|at| at.to_string());
    MessageOut {
        id: message.id.to_string(),
        order: (kind == "order").then(|| id.clone()),
        template: message.template.clone(),
        purpose: message.purpose.clone(),
        topic: message.topic.clone(),
        state: message.state.as_str(),
        channel: message.channel.map(Channel::as_str),
        verdict: message.verdict.clone(),
        reason: message.reason.clone(),
        outcome: message.outcome.clone(),
        provider: message.provider.clone(),
        hand_offs: message.hand_offs,
        text: message.text.as_ref().map(|text| present_text(text, message.lacks_report(now))),
        created_at: message.created_at.to_string(),
        not_before: message.not_before.to_string(),
        not_after: message.not_after.to_string(),
        handed_off_at: at(message.handed_off_at),
        finished_at: at(message.finished_at),
    }
}

fn present_text(text: &SentText, no_report_after_a_day: bool) -> TextOut {
    let delivery_report = text.report.map(|report| ReportOut {
        status: report.as_str(),
        code: text.report_detail.clone().filter(|code| !code.is_empty()),
        at: text.reported_at.map(|at| at.to_string()),
    });
    TextOut {
        encoding: text.encoding.clone(),
        segments: text.segments,
        price: text.price.map(|price| PriceOut { amount: price.minor, currency: price.currency.code() }),
        delivery_report,
        no_report_after_a_day,
    }
}
