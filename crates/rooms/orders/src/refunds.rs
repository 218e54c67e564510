//! Money that went back, one refund at a time.
//!
//! A shop tells a refund inside later versions of its order, alone, or both, repeatedly and in any order. A refund has
//! an identifier, an amount that only grows while it happens, and no version: so they add up to the same sum however
//! they come.

use std::collections::BTreeMap;

use db::Write;
use kernel::{Currency, Error, Result};
use serde_json::json;

use crate::incoming::{IncomingRefund, Payment};
use crate::store::{self, StoredOrder};
use crate::{OrderId, say, take};

/// The refunds of an order by their identifiers.
pub(crate) type Refunds = BTreeMap<String, IncomingRefund>;

/// What is known of an order's refunds once these are told too: those that are new or larger than before, and the sum
/// of all; no sum while none was ever told by itself. Pure.
pub(crate) fn merged(known: &Refunds, told: &[IncomingRefund]) -> (Vec<IncomingRefund>, Option<i64>) {
    let mut all = known.clone();
    for refund in told {
        let kept = all.entry(refund.external_id.clone()).or_insert_with(|| refund.clone());
        if refund.amount_minor > kept.amount_minor {
            *kept = refund.clone();
        }
    }
    let news = all.values().filter(|refund| known.get(&refund.external_id) != Some(refund));
    let sum = all.values().map(|refund| refund.amount_minor).reduce(i64::saturating_add);
    (news.cloned().collect(), sum)
}

/// Where the money is, once refunds are counted that the shop's word for it does not know of yet. Pure.
pub(crate) fn payment_with(payment: Payment, refunded: i64) -> Payment {
    match payment {
        Payment::Paid if refunded > 0 => Payment::PartiallyRefunded,
        known => known,
    }
}

/// Takes in a refund that is told by itself; none when its order is not here. The same refund told again changes
/// nothing.
pub fn take_refund(
    w: &mut Write<'_>,
    source: &str,
    order: &str,
    currency: Currency,
    refund: &IncomingRefund,
) -> Result<Option<OrderId>> {
    let Some(stored) = store::find_by_external(w, source, order)? else { return Ok(None) };
    if currency != stored.order.currency {
        let detail = "The shop told a refund in another currency than the order's.";
        return Err(Error::field("/currency", "another_currency", detail));
    }
    add(w, &stored, std::slice::from_ref(refund))?;
    Ok(Some(stored.id))
}

/// Adds refunds to an order that stays as it is otherwise.
pub(crate) fn add(w: &mut Write<'_>, stored: &StoredOrder, told: &[IncomingRefund]) -> Result<()> {
    take::check_refund_times(told, w.now)?;
    let known = store::refunds(w, &stored.id)?;
    let (news, sum) = merged(&known, told);
    let Some(sum) = sum.filter(|_| !news.is_empty()) else { return Ok(()) };
    let mut after = stored.clone();
    after.order.refunded_minor = sum;
    after.order.payment = payment_with(stored.order.payment, sum);
    if sum > stored.order.refunded_minor {
        after.refund_seen_at = Some(w.now);
    }
    store::save_refunded(w, &after)?;
    keep(w, &after, &news)?;
    record(w, stored.order.refunded_minor, &known, &after, &news)?;
    say::say_what_is_due(w, &after)
}

/// Writes refunds down.
pub(crate) fn keep(w: &mut Write<'_>, after: &StoredOrder, news: &[IncomingRefund]) -> Result<()> {
    news.iter().try_for_each(|refund| store::save_refund(w, &after.id, refund))
}

/// What each of the `news` adds to the `before` minor units that had gone back. A refund that grew adds what it grew by;
/// one that is told by itself at last, after only its sum was, adds nothing. Pure.
fn added<'a>(before: i64, known: &Refunds, news: &'a [IncomingRefund]) -> Vec<(&'a IncomingRefund, i64)> {
    let named: i64 = known.values().map(|refund| refund.amount_minor).sum();
    let mut unnamed = (before - named).max(0);
    let adds = news.iter().map(|refund| {
        let had = known.get(&refund.external_id).map_or(0, |refund| refund.amount_minor);
        let more = refund.amount_minor - had;
        let counted = unnamed.min(more);
        unnamed -= counted;
        (refund, more - counted)
    });
    adds.filter(|(_, more)| *more > 0).collect()
}

/// Records each movement of money once: by its refund and the amount that has reached, or by the new sum where only a
/// sum is told.
pub(crate) fn record(
    w: &mut Write<'_>,
    before: i64,
    known: &Refunds,
    after: &StoredOrder,
    news: &[IncomingRefund],
) -> Result<()> {
    let (order, sum) = (&after.order, after.order.refunded_minor);
    for (refund, more) in added(before, known, news) {
        let payload = json!({
            "refund": refund.external_id, "amount": more, "refunded": sum, "currency": order.currency.code(),
        });
        let step = format!("{} {}", refund.external_id, refund.amount_minor);
        take::record(w, after, "refund.issued", &step, refund.at, payload)?;
    }
    if news.is_empty() && sum > before {
        let payload = json!({
            "refund": null, "amount": sum - before, "refunded": sum, "currency": order.currency.code(),
        });
        take::record(w, after, "refund.issued", &format!("sum {sum}"), order.version.updated_at, payload)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use kernel::{Dice, Timestamp};

    use super::*;

    fn refund(id: u64, amount_minor: i64) -> IncomingRefund {
        IncomingRefund { external_id: id.to_string(), amount_minor, at: Timestamp::from_ms(1) }
    }

    #[test]
    fn refunds_add_up_to_the_same_sum_however_they_come() {
        let told = [refund(1, 1_800), refund(2, 500), refund(2, 700), refund(3, 1)];
        for seed in 0..200 {
            let mut dice = Dice::seeded(seed);
            let mut known = Refunds::new();
            let mut sum = None;
            let mut seen = [false; 4];
            while seen.contains(&false) || dice.below(4) > 0 {
                let place = dice.below(4) as usize;
                seen[place] = true;
                let (news, now) = merged(&known, &told[place..=place]);
                known.extend(news.into_iter().map(|refund| (refund.external_id.clone(), refund)));
                assert!(now >= sum, "money never comes back");
                sum = now;
            }
            assert_eq!(sum, Some(1_800 + 700 + 1));
        }
    }

    /// What `news` adds where `before` went back and `known` are its refunds.
    fn moved(before: i64, known: &[IncomingRefund], news: &[IncomingRefund]) -> Vec<i64> {
        let known = known.iter().map(|refund| (refund.external_id.clone(), refund.clone())).collect();
        added(before, &known, news).into_iter().map(|(_, more)| more).collect()
    }

    #[test]
    fn money_that_was_told_as_a_sum_moves_no_second_time() {
        assert_eq!(moved(0, &[], &[refund(1, 500), refund(2, 300)]), [500, 300]);
        assert_eq!(moved(500, &[], &[refund(1, 500)]), [0_i64; 0]);
        assert_eq!(moved(500, &[], &[refund(1, 500), refund(2, 300)]), [300]);
        assert_eq!(moved(500, &[], &[refund(1, 300), refund(2, 300)]), [100]);
        assert_eq!(moved(800, &[refund(1, 300)], &[refund(2, 600)]), [100]);
    }

    #[test]
    fn a_refund_that_grew_moves_what_it_grew_by() {
        assert_eq!(moved(500, &[refund(1, 500)], &[refund(1, 700)]), [200]);
        assert_eq!(moved(800, &[refund(1, 500)], &[refund(1, 700)]), [0_i64; 0]);
    }

    #[test]
    fn nothing_told_is_no_sum_of_nothing() {
        assert_eq!(merged(&Refunds::new(), &[]), (Vec::new(), None));
        let known = Refunds::from([("1".to_owned(), refund(1, 5))]);
        assert_eq!(merged(&known, &[]), (Vec::new(), Some(5)));
        assert_eq!(merged(&known, &[refund(1, 5)]), (Vec::new(), Some(5)));
    }
}
