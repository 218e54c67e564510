//! What an event is.

use kernel::{CustomerId, EventId, Timestamp};
use serde_json::Value;

/// Who made it happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// The customer.
    Customer(CustomerId),
    /// A member of the staff, by id.
    Staff(String),
    /// A program with an API key, by the key's id.
    ApiKey(String),
    /// One of our own rules, by name.
    Rule(&'static str),
    /// A shop platform or another outside source, by name.
    Source(String),
}

impl Actor {
    /// The word stored for the kind of actor.
    pub fn kind(&self) -> &'static str {
        match self {
            Actor::Customer(_) => "customer",
            Actor::Staff(_) => "staff",
            Actor::ApiKey(_) => "api_key",
            Actor::Rule(_) => "rule",
            Actor::Source(_) => "source",
        }
    }

    /// Which one.
    pub fn id(&self) -> &str {
        match self {
            Actor::Customer(id) => id.as_str(),
            Actor::Staff(id) | Actor::ApiKey(id) | Actor::Source(id) => id,
            Actor::Rule(name) => name,
        }
    }
}

/// An event to be recorded. Its payload holds ids, kinds, amounts and dates, never personal data.
#[derive(Clone, Debug)]
pub struct NewEvent<'a> {
    /// Past tense: `order.placed`.
    pub kind: &'static str,
    /// The version of the payload's shape.
    pub version: u32,
    /// What it is about: kind and id.
    pub subject: (&'static str, &'a str),
    /// Whose timeline it belongs to.
    pub customer: Option<&'a CustomerId>,
    /// Who made it happen.
    pub actor: Actor,
    /// The event it follows from.
    pub cause: Option<&'a EventId>,
    /// When it happened, by the one who told us.
    pub occurred_at: Timestamp,
    /// What makes it the same happening when we hear of it again.
    pub source_key: &'a str,
    /// What else is known.
    pub payload: Value,
}

/// An event as recorded.
#[derive(Clone, Debug)]
pub struct Event {
    /// Its identifier.
    pub id: EventId,
    /// Past tense: `order.placed`.
    pub kind: String,
    /// The version of the payload's shape.
    pub version: u32,
    /// What kind of thing it is about.
    pub subject_kind: String,
    /// Which one.
    pub subject_id: String,
    /// Whose timeline it belongs to.
    pub customer: Option<CustomerId>,
    /// The kind of actor.
    pub actor_kind: String,
    /// Which one, where there are several.
    pub actor_id: Option<String>,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// When we wrote it down.
    pub recorded_at: Timestamp,
    /// What else is known.
    pub payload: Value,
}
