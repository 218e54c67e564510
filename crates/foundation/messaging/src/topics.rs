//! What a person can switch off. One table: each template names one of these.

/// A topic of messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Topic {
    /// The name used in rows and in the API.
    pub id: &'static str,
    /// Whether a person can switch it off; news about one's own order stays on.
    pub can_be_switched_off: bool,
}

/// News about one's own orders.
pub const ORDERS: Topic = Topic { id: "orders", can_be_switched_off: false };

/// Codes that somebody asked for this moment.
pub const CODES: Topic = Topic { id: "codes", can_be_switched_off: false };

/// Answers to what somebody has just texted: STOP, START, HELP.
pub const TEXTS: Topic = Topic { id: "texts", can_be_switched_off: false };

/// Every topic there is.
pub const TOPICS: &[Topic] = &[ORDERS, CODES, TEXTS];
