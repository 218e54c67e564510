//! The shapes of endpoints and deliveries in the API.

use serde::Serialize;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema, openapi};

use super::endpoints::Endpoint;
use super::kinds::KINDS;
use super::store::Due;

/// A kind of event, as the documents list them.
#[derive(Debug)]
pub struct EventKind;

impl PartialSchema for EventKind {
    fn schema() -> openapi::RefOr<Schema> {
        let words = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(KINDS.iter().copied()));
        words.description(Some("What can happen.")).into()
    }
}

impl ToSchema for EventKind {}

/// An address that wants to hear what happens.
#[derive(Debug, Serialize, ToSchema)]
pub struct EndpointOut {
    /// Its identifier.
    #[schema(example = "wep_01jd3m9f2k7q8x5n0v4c")]
    pub id: String,
    /// Where to.
    #[schema(example = "https://erp.northwind.example/hooks/aftercare")]
    pub url: String,
    /// Kinds of event; empty for all of them.
    #[schema(value_type = Vec<EventKind>)]
    pub kinds: Vec<String>,
    /// What it is for.
    pub description: Option<String>,
    /// When it was made.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// Since when nothing is sent to it, if so.
    #[schema(format = DateTime)]
    pub disabled_at: Option<String>,
    /// Why nothing is sent to it.
    pub disabled_reason: Option<String>,
    /// Since when it has failed without a success, if it does.
    #[schema(format = DateTime)]
    pub failing_since: Option<String>,
}

/// An endpoint with its secret, which is shown this once.
#[derive(Debug, Serialize, ToSchema)]
pub struct EndpointMade {
    /// The endpoint.
    #[serde(flatten)]
    pub endpoint: EndpointOut,
    /// What its webhooks are signed with.
    #[schema(example = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    pub secret: String,
}

/// A new secret.
#[derive(Debug, Serialize, ToSchema)]
pub struct Rotated {
    /// What webhooks are signed with from now on. Shown this once.
    pub secret: String,
    /// Until when the secret of before signs beside it.
    #[schema(format = DateTime)]
    pub old_secret_until: String,
}

/// An endpoint to be made. Its secret is made by us.
#[derive(Debug, Serialize, ToSchema)]
pub struct EndpointBody {
    /// Where to: `https://`, on the public internet.
    #[schema(max_length = 2000, example = "https://erp.northwind.example/hooks/aftercare")]
    pub url: String,
    /// Kinds of event, such as `order.placed`; all of them when absent or empty.
    #[schema(required = false, nullable, value_type = Vec<EventKind>)]
    pub kinds: Vec<String>,
    /// What it is for.
    #[schema(min_length = 1, max_length = 500)]
    pub description: Option<String>,
}

/// What is to be changed; what is absent stays.
#[derive(Debug, Serialize, ToSchema)]
pub struct EndpointPatch {
    /// Where to.
    #[schema(max_length = 2000)]
    pub url: Option<String>,
    /// Kinds of event; an empty list for all of them.
    #[schema(value_type = Option<Vec<EventKind>>)]
    pub kinds: Option<Vec<String>>,
    /// What it is for.
    #[schema(min_length = 1, max_length = 500)]
    pub description: Option<String>,
    /// Whether it is switched off.
    pub disabled: Option<bool>,
}

/// Every endpoint.
#[derive(Debug, Serialize, ToSchema)]
pub struct EndpointList {
    /// The endpoints, oldest first.
    pub data: Vec<EndpointOut>,
}

/// What one endpoint was or will be told of one event.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeliveryOut {
    /// Its identifier.
    #[schema(example = "wdl_01jd3m9f2k7q8x5n0v4c")]
    pub id: String,
    /// To whom.
    pub endpoint_id: String,
    /// The header `webhook-id`: the same on each attempt.
    pub webhook_id: String,
    /// What it tells.
    #[schema(example = "order.placed")]
    pub kind: String,
    /// `queued`, `delivered` or `failed`.
    pub state: String,
    /// How often it was tried.
    pub attempts: u32,
    /// The status of the last answer.
    pub status: Option<u32>,
    /// What happened at the last attempt.
    pub outcome: Option<String>,
    /// When it is tried next, while it is queued.
    #[schema(format = DateTime)]
    pub next_attempt_at: Option<String>,
    /// When it was queued.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// When it came to its end.
    #[schema(format = DateTime)]
    pub finished_at: Option<String>,
}

/// A page of deliveries.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeliveryList {
    /// The newest first.
    pub data: Vec<DeliveryOut>,
    /// Whether there are older ones.
    pub has_more: bool,
}

/// A range of time whose events are sent again.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReplayBody {
    /// From when on, by when we recorded it.
    #[schema(format = DateTime, example = "2026-11-20T00:00:00Z")]
    pub since: String,
    /// Until when; until now when absent.
    #[schema(format = DateTime)]
    pub until: Option<String>,
    /// Where the page before ended: its `next`.
    pub after: Option<String>,
}

/// How much of a range was queued.
#[derive(Debug, Serialize, ToSchema)]
pub struct Replayed {
    /// How many events are sent again.
    pub queued: usize,
    /// Ask again with this as `after` while it is not null: a request queues 500 events at most.
    pub next: Option<String>,
}

/// An endpoint without its secrets.
pub fn present(endpoint: &Endpoint) -> EndpointOut {
    EndpointOut {
        id: endpoint.id.to_string(),
        url: endpoint.url.clone(),
        kinds: endpoint.wanted.list(),
        description: endpoint.description.clone(),
        created_at: endpoint.created_at.to_string(),
        disabled_at: endpoint.disabled_at.map(|at| at.to_string()),
        disabled_reason: endpoint.disabled_reason.clone(),
        failing_since: endpoint.failing_since.map(|at| at.to_string()),
    }
}

/// A delivery.
pub fn present_delivery(due: &Due) -> DeliveryOut {
    DeliveryOut {
        id: due.id.to_string(),
        endpoint_id: due.endpoint.to_string(),
        webhook_id: due.webhook_id.clone(),
        kind: due.kind.clone(),
        state: due.state.clone(),
        attempts: due.attempts,
        status: due.status,
        outcome: due.outcome.clone(),
        next_attempt_at: due.finished_at.is_none().then(|| due.due_at.to_string()),
        created_at: due.created_at.to_string(),
        finished_at: due.finished_at.map(|at| at.to_string()),
    }
}
