//! What a text costs the shop.

use kernel::Money;

/// The price of a segment, when the shop has said one. Wired beside the shop.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SegmentPrice(pub Option<Money>);

impl SegmentPrice {
    /// What so many segments cost.
    pub fn of(self, segments: usize) -> Option<Money> {
        let price = self.0?;
        let minor = price.minor.saturating_mul(i64::try_from(segments).unwrap_or(i64::MAX));
        Some(Money::new(minor, price.currency))
    }
}
