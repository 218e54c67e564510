//! Promises: which day was told, when, and by what.

use kernel::{Date, MessageId, Timestamp};

kernel::word_enum!(
    /// What was promised.
    Promised {
        /// That it leaves the shop by then.
        Ships = "ships",
        /// That it arrives by then.
        Arrives = "arrives",
    }
);

/// A day that was told to a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promise {
    /// Of what.
    pub what: Promised,
    /// The last day on which it would be kept.
    pub day: Date,
    /// When it was told.
    pub told_at: Timestamp,
    /// By what: `order` as it was confirmed, or the template of a notice.
    pub told_by: String,
}

/// A day that a message told of one parcel, as its carrier said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParcelPromise {
    /// The last day on which it would be kept.
    pub day: Date,
    /// When it was told.
    pub told_at: Timestamp,
    /// By which message: its template says what it was, and its channel how it went.
    pub message: MessageId,
}

/// The day that counts: the one that was told last.
pub fn latest(promises: &[Promise], what: Promised) -> Option<Date> {
    promises
        .iter()
        .filter(|promise| promise.what == what)
        .max_by_key(|promise| promise.told_at)
        .map(|p| p.day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_that_was_told_last_counts() {
        let promise = |ms, day: &str, what| Promise {
            what,
            day: kernel::time::parse_date(day).unwrap(),
            told_at: Timestamp::from_ms(ms),
            told_by: "order".to_owned(),
        };
        let told = [
            promise(5, "2026-12-01", Promised::Arrives),
            promise(9, "2026-12-04", Promised::Arrives),
            promise(7, "2026-11-28", Promised::Ships),
        ];
        assert_eq!(latest(&told, Promised::Arrives), Some(told[1].day));
        assert_eq!(latest(&told, Promised::Ships), Some(told[2].day));
        assert_eq!(latest(&[], Promised::Ships), None);
    }
}
