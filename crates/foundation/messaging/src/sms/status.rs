//! What a gateway reports of a text, and which of two reports counts. Pure.

use kernel::{Error, Result};

/// Where a text stands with the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryStatus {
    /// The gateway or the network keeps it for later.
    Queued,
    /// The network has taken it.
    Sent,
    /// It did not reach the phone, and will not.
    Undelivered,
    /// The network did not take it.
    Rejected,
    /// It is on the phone.
    Delivered,
}

impl DeliveryStatus {
    /// Every status.
    pub const ALL: [DeliveryStatus; 5] = [
        DeliveryStatus::Queued,
        DeliveryStatus::Sent,
        DeliveryStatus::Undelivered,
        DeliveryStatus::Rejected,
        DeliveryStatus::Delivered,
    ];

    /// The word used in rows, in the API and in the interface.
    pub fn as_str(self) -> &'static str {
        match self {
            DeliveryStatus::Queued => "queued",
            DeliveryStatus::Sent => "sent",
            DeliveryStatus::Undelivered => "undelivered",
            DeliveryStatus::Rejected => "rejected",
            DeliveryStatus::Delivered => "delivered",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Result<Self> {
        let found = DeliveryStatus::ALL.into_iter().find(|status| status.as_str() == word);
        found.ok_or_else(|| Error::internal(format!("unknown delivery status {word}")))
    }

    /// Whether it takes the place of what was known: reports come late and out of order, so the further one counts
    /// and not the later. A phone that has the text has it, whatever else is reported.
    pub fn supersedes(self, known: Option<DeliveryStatus>) -> bool {
        known.is_none_or(|known| self.rank() > known.rank())
    }

    /// Whether it says that the text will not arrive.
    pub fn is_lost(self) -> bool {
        matches!(self, DeliveryStatus::Undelivered | DeliveryStatus::Rejected)
    }

    fn rank(self) -> u8 {
        match self {
            DeliveryStatus::Queued => 1,
            DeliveryStatus::Sent => 2,
            DeliveryStatus::Undelivered | DeliveryStatus::Rejected => 3,
            DeliveryStatus::Delivered => 4,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_whatever_order_reports_come_the_same_one_counts() {
        use DeliveryStatus::{Delivered, Queued, Rejected, Sent, Undelivered};
        let counts = |order: &[DeliveryStatus]| {
            order.iter().fold(None, |known, new| if new.supersedes(known) { Some(*new) } else { known })
        };
        for (order, expected) in [
            (vec![Queued, Sent, Delivered], Delivered),
            (vec![Delivered, Sent, Queued], Delivered),
            (vec![Delivered, Undelivered], Delivered),
            (vec![Undelivered, Delivered], Delivered),
            (vec![Sent, Undelivered, Sent], Undelivered),
            (vec![Rejected, Queued], Rejected),
        ] {
            assert_eq!(counts(&order), Some(expected), "{order:?}");
        }
        for status in DeliveryStatus::ALL {
            assert!(!status.supersedes(Some(status)), "told twice says nothing new");
            assert_eq!(DeliveryStatus::parse(status.as_str()).unwrap(), status);
        }
    }
}
