//! What messages are about, and what of it a person can switch off. One table: each template names one of these.

use kernel::Purpose;

/// A topic of messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Topic {
    /// The name used in rows and in the API.
    pub id: &'static str,
    /// What messages of this topic are for. A topic of something that belongs to the purchase stays on.
    pub purpose: Purpose,
}

impl Topic {
    /// Whether a person can switch it off.
    pub const fn can_be_switched_off(&self) -> bool {
        matches!(self.purpose, Purpose::Service | Purpose::Survey | Purpose::Marketing)
    }

    /// Whether a person may ask to hear of it seldom: what comes late is still of use.
    pub const fn can_wait(&self) -> bool {
        matches!(self.purpose, Purpose::Service | Purpose::Marketing)
    }
}

/// News about one's own orders.
pub const ORDERS: Topic = Topic { id: "orders", purpose: Purpose::Transactional };

/// Codes that somebody asked for this moment.
pub const CODES: Topic = Topic { id: "codes", purpose: Purpose::Transactional };

/// The confirmation of a STOP: the one text that may follow it.
pub const STOP_CONFIRMATION: Topic = Topic { id: "stop_confirmation", purpose: Purpose::Transactional };

/// Answers to START and HELP.
pub const TEXTS: Topic = Topic { id: "texts", purpose: Purpose::Transactional };

/// How to get the most out of what was bought.
pub const TIPS: Topic = Topic { id: "tips", purpose: Purpose::Service };

/// Questions about how it was.
pub const FEEDBACK: Topic = Topic { id: "feedback", purpose: Purpose::Survey };

/// News and offers of the shop.
pub const NEWS: Topic = Topic { id: "news", purpose: Purpose::Marketing };

/// Every topic there is, in the order a person reads them.
pub const TOPICS: &[Topic] = &[ORDERS, CODES, STOP_CONFIRMATION, TEXTS, TIPS, FEEDBACK, NEWS];

/// The topics a person can switch off.
pub fn switches() -> impl Iterator<Item = &'static Topic> {
    TOPICS.iter().filter(|topic| topic.can_be_switched_off())
}

/// The topic of this name that a person can switch off.
pub fn switch_named(id: &str) -> Option<&'static Topic> {
    switches().find(|topic| topic.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_belongs_to_the_purchase_stays_on() {
        let names: Vec<_> = switches().map(|topic| topic.id).collect();
        assert_eq!(names, ["tips", "feedback", "news"]);
        assert!(switch_named("orders").is_none() && switch_named("nonsense").is_none());
    }
}
