//! What became of the orders of an overload, as sets of their numbers.

use std::collections::BTreeSet;

use crate::Verdict;

/// The orders, as each log has them.
#[derive(Default)]
pub(super) struct Fates {
    /// Answered with 201.
    pub(super) acknowledged: BTreeSet<u64>,
    /// What the rows hold.
    pub(super) stored: BTreeSet<u64>,
    /// What the mail server has taken a confirmation of.
    pub(super) confirmed: BTreeSet<u64>,
    /// Confirmations that it has taken in all.
    pub(super) confirmations: usize,
}

impl Fates {
    /// All three have to be the same: what was acknowledged is kept, and what was turned away left nothing behind.
    pub(super) fn judge(&self, verdict: &mut Verdict) {
        let lost = &self.acknowledged - &self.stored;
        let unsaid = &self.acknowledged - &self.confirmed;
        let strange = &(&self.stored | &self.confirmed) - &self.acknowledged;
        let again = self.confirmations - self.confirmed.len();
        verdict.figure("acknowledged in all", self.acknowledged.len());
        verdict.figure("of them not stored", lost.len());
        verdict.figure("of them not confirmed", unsaid.len());
        verdict.figure("stored or confirmed and not acknowledged", strange.len());
        verdict.figure("confirmed again", again);
        verdict.must(!self.acknowledged.is_empty(), || "nothing was taken".to_owned());
        verdict.must(lost.is_empty(), || format!("acknowledged and not stored: {lost:?}"));
        verdict.must(unsaid.is_empty(), || format!("acknowledged and never confirmed: {unsaid:?}"));
        verdict.must(strange.is_empty(), || format!("not acknowledged, and there all the same: {strange:?}"));
        verdict.must(again == 0, || format!("{again} confirmations came again though the program lived"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether three orders that were acknowledged are well.
    fn is_well(stored: &[u64], confirmed: &[u64], confirmations: usize) -> bool {
        let set = |numbers: &[u64]| numbers.iter().copied().collect();
        let fates = Fates {
            acknowledged: BTreeSet::from([1, 2, 3]),
            stored: set(stored),
            confirmed: set(confirmed),
            confirmations,
        };
        let mut verdict = Verdict::of("overload");
        fates.judge(&mut verdict);
        verdict.is_ok()
    }

    #[test]
    fn what_is_acknowledged_is_stored_and_confirmed_once_and_nothing_else_is() {
        assert!(is_well(&[1, 2, 3], &[1, 2, 3], 3));
        assert!(!is_well(&[1, 2], &[1, 2, 3], 3), "acknowledged and not stored");
        assert!(!is_well(&[1, 2, 3], &[1, 2], 2), "acknowledged and never confirmed");
        assert!(!is_well(&[1, 2, 4], &[1, 2, 3], 3), "as many, but not the same");
        assert!(!is_well(&[1, 2, 3, 4], &[1, 2, 3], 3), "turned away and stored");
        assert!(!is_well(&[1, 2, 3], &[1, 2, 3], 4), "confirmed again");
        let mut nothing = Verdict::of("overload");
        Fates::default().judge(&mut nothing);
        assert!(!nothing.is_ok(), "nothing was tried");
    }
}
