//! The shapes of `/v1/customers`.

use serde::Serialize;
use utoipa::ToSchema;

use crate::schema::ChannelWord;

/// How a person is reached, and what they chose and agreed to.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CustomerOut {
    /// Our identifier of the customer.
    #[schema(example = "cus_01k9z3v5pq7n4m2x8r6t")]
    pub id: String,
    /// Since when we know them (RFC 3339).
    #[schema(format = DateTime)]
    pub created_at: String,
    /// Their name.
    pub name: Option<String>,
    /// Their language (BCP 47).
    pub locale: Option<String>,
    /// Where their clock stands (IANA).
    pub time_zone: Option<String>,
    /// How they said they want to be told; the shop's default counts when they said nothing.
    #[schema(value_type = Option<ChannelWord>)]
    pub preferred_channel: Option<&'static str>,
    /// Where they can be reached, oldest first.
    pub contact_points: Vec<ContactPointOut>,
    /// What can be switched off, and whether they want it.
    pub topics: Vec<TopicOut>,
    /// The answers that count, one per channel and purpose.
    pub consents: Vec<ConsentOut>,
    /// Everything they answered, newest first, at most 500 answers.
    pub consent_history: Vec<ConsentOut>,
}

/// A place where a person can be reached.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ContactPointOut {
    /// Which way.
    #[schema(value_type = ChannelWord)]
    pub channel: &'static str,
    /// The address or number.
    pub address: String,
    /// Since when nothing arrives there (RFC 3339).
    #[schema(format = DateTime)]
    pub dead_at: Option<String>,
    /// What its holder does not want, and did not want once: oldest first.
    pub suppressions: Vec<SuppressionOut>,
}

/// A wish not to be written to at an address.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SuppressionOut {
    /// `stopped` (answered STOP), `unsubscribed` or `complained`.
    #[schema(example = "unsubscribed")]
    pub reason: &'static str,
    /// Of which topic only; `null` for everything the reason covers.
    pub topic: Option<String>,
    /// Who told us.
    pub source: String,
    /// Since when (RFC 3339).
    #[schema(format = DateTime)]
    pub since: String,
    /// When it was lifted (RFC 3339); `null` while it holds.
    #[schema(format = DateTime)]
    pub lifted_at: Option<String>,
}

/// A topic that can be switched off.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TopicOut {
    /// Its name.
    #[schema(example = "tips")]
    pub topic: &'static str,
    /// Whether they want it. Marketing also needs their consent.
    pub wanted: bool,
    /// Who told us; `null` when nobody ever chose.
    pub source: Option<String>,
    /// When it was chosen (RFC 3339).
    #[schema(format = DateTime)]
    pub at: Option<String>,
}

/// An answer to a question for consent.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ConsentOut {
    /// For which channel.
    #[schema(value_type = ChannelWord)]
    pub channel: &'static str,
    /// For which purpose.
    #[schema(example = "marketing")]
    pub purpose: &'static str,
    /// Yes or no.
    pub granted: bool,
    /// The words that stood beside the box, where they are known.
    pub wording: Option<String>,
    /// Who told us.
    pub source: String,
    /// When it was said (RFC 3339).
    #[schema(format = DateTime)]
    pub at: String,
}

/// What a person chose or agreed to. What is absent changes nothing.
#[derive(ToSchema)]
pub struct CustomerPatch {
    /// How they want to be told; `null` when they don't mind.
    #[schema(value_type = Option<ChannelWord>, required = false)]
    pub preferred_channel: Option<String>,
    /// Topics by name, and whether they want them: `tips`, `feedback`, `news`. Switching one on lifts what they
    /// unsubscribed of it.
    #[schema(value_type = Option<std::collections::BTreeMap<String, bool>>, required = false)]
    pub topics: Option<()>,
    /// Answers about marketing.
    #[schema(required = false, max_items = 20)]
    pub consents: Option<Vec<ConsentIn>>,
}

/// An answer about marketing. A yes does not lift what the person unsubscribed.
#[derive(ToSchema)]
pub struct ConsentIn {
    /// For which channel.
    #[schema(value_type = ChannelWord)]
    pub channel: String,
    /// Yes or no.
    pub granted: bool,
    /// The words that stood beside the box. Needed for a yes.
    #[schema(max_length = 5000)]
    pub wording: Option<String>,
    /// Where it was said, for example `checkout`; `import` for what stood in a list, which never beats a person's own
    /// no.
    #[schema(min_length = 1, max_length = 120, example = "checkout")]
    pub source: String,
    /// When it was said (RFC 3339); now when absent.
    #[schema(format = DateTime)]
    pub at: Option<String>,
}
