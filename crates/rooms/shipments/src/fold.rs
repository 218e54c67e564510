//! Where a shipment is, by everything its carrier ever wrote down. Pure.
//!
//! The scans are sorted by when they happened and looked at one after the other, so the answer is the same in whatever
//! order they came, and however often.

use std::time::Duration;

use kernel::Timestamp;

use crate::state::{Reason, State};

/// For how long after a parcel has come to its end a scan of its number can still be of it. Carriers take a delivery back
/// within days, and give the number to another parcel after some months.
pub const NUMBER_KEPT_FOR: Duration = Duration::from_secs(60 * 86_400);

/// A scan as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scan {
    /// What makes it the same scan when it is told again.
    pub key: String,
    /// When it happened, by the carrier.
    pub at: Timestamp,
    /// Where the shipment was then.
    pub state: State,
    /// What more is known.
    pub reason: Option<Reason>,
    /// The carrier's own words.
    pub words: Option<String>,
    /// The place.
    pub place: Option<String>,
    /// When we first heard of it.
    pub recorded_at: Timestamp,
}

impl Scan {
    /// When it counts as having happened: a scan can't come from the future, whatever its clock says.
    pub fn happened_at(&self) -> Timestamp {
        self.at.min(self.recorded_at)
    }
}

/// Where a shipment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The state.
    pub state: State,
    /// What more is known of it.
    pub reason: Option<Reason>,
    /// When the newest scan happened; without any, when the shipment left.
    pub at: Timestamp,
    /// When it came into this state.
    pub since: Timestamp,
    /// When the carrier first had it in hand.
    pub live_at: Option<Timestamp>,
    /// When the customer got it.
    pub delivered_at: Option<Timestamp>,
}

impl Standing {
    /// Whether a scan of its number that was made at that moment can be of this parcel.
    pub fn may_be_scanned(&self, at: Timestamp) -> bool {
        !self.state.is_final() || at < self.at + NUMBER_KEPT_FOR
    }
}

/// Folds the scans of a shipment that left at `shipped_at`. `is_cancelled`: its source has taken it back, which counts
/// unless the carrier has it all the same.
pub fn fold(scans: &[Scan], shipped_at: Timestamp, is_cancelled: bool) -> Standing {
    let mut standing = Standing {
        state: State::Pending,
        reason: None,
        at: shipped_at,
        since: shipped_at,
        live_at: None,
        delivered_at: None,
    };
    for scan in in_order(scans) {
        standing = after(standing, scan);
    }
    if is_cancelled && !standing.state.is_moving() {
        return Standing { state: State::Cancelled, reason: None, ..standing };
    }
    standing
}

/// By when they happened; of one moment, the one that is further on its way last.
pub fn in_order(scans: &[Scan]) -> Vec<&Scan> {
    let mut sorted: Vec<&Scan> = scans.iter().collect();
    sorted.sort_by(|a, b| {
        (a.happened_at(), a.state, &a.reason, &a.key).cmp(&(b.happened_at(), b.state, &b.reason, &b.key))
    });
    sorted
}

fn after(before: Standing, scan: &Scan) -> Standing {
    let at = scan.happened_at();
    let (state, reason) = on_its_way_back(&before, scan).unwrap_or((scan.state, scan.reason));
    let delivered_at = match state {
        // Told again, it was still the first time that counts.
        State::Delivered => before.delivered_at.or(Some(at)),
        _ => None,
    };
    Standing {
        state,
        reason: reason.or(before.reason.filter(|_| state == before.state)),
        at,
        since: if state == before.state { before.since } else { at },
        live_at: before.live_at.or(scan.state.is_moving().then_some(at)),
        delivered_at,
    }
}

/// Whoever has turned round is scanned like anybody under way: only the way back's end is another state.
fn on_its_way_back(before: &Standing, scan: &Scan) -> Option<(State, Option<Reason>)> {
    let is_returning = before.state == State::Exception
        && matches!(before.reason, Some(Reason::Returning | Reason::Refused | Reason::NotCollected));
    match (before.state, scan.state) {
        (State::Returned, State::InTransit | State::OutForDelivery | State::Delivered) => {
            Some((State::Returned, None))
        }
        _ if !is_returning => None,
        (_, State::Delivered) => Some((State::Returned, None)),
        (_, State::Pending | State::InfoReceived | State::InTransit | State::OutForDelivery) => {
            Some((State::Exception, before.reason))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use kernel::Dice;

    use super::*;

    fn at(minutes: i64) -> Timestamp {
        Timestamp::from_ms(1_795_168_800_000 + minutes * 60_000)
    }

    fn scan(minutes: i64, state: State, reason: Option<Reason>) -> Scan {
        Scan {
            key: format!("{minutes} {}", state.as_str()),
            at: at(minutes),
            state,
            reason,
            words: None,
            place: None,
            recorded_at: at(10_000),
        }
    }

    fn folded(scans: &[Scan]) -> Standing {
        fold(scans, at(0), false)
    }

    #[test]
    fn without_a_scan_it_is_pending_since_it_left() {
        let standing = folded(&[]);
        assert_eq!((standing.state, standing.at, standing.live_at), (State::Pending, at(0), None));
        assert_eq!(fold(&[], at(0), true).state, State::Cancelled);
    }

    #[test]
    fn the_order_in_which_scans_come_changes_nothing() {
        let mut scans = vec![
            scan(1, State::InfoReceived, None),
            scan(5, State::InTransit, None),
            scan(5, State::OutForDelivery, None),
            scan(9, State::FailedAttempt, Some(Reason::NobodyHome)),
            scan(20, State::OutForDelivery, None),
            scan(30, State::Delivered, Some(Reason::Neighbour)),
        ];
        let oracle = folded(&scans);
        assert_eq!((oracle.state, oracle.reason), (State::Delivered, Some(Reason::Neighbour)));
        assert_eq!((oracle.live_at, oracle.delivered_at), (Some(at(5)), Some(at(30))));
        let mut dice = Dice::seeded(7);
        for _ in 0..200 {
            for place in (1..scans.len()).rev() {
                scans.swap(place, dice.below(place as u64 + 1) as usize);
            }
            let twice: Vec<Scan> = scans.iter().chain(&scans).cloned().collect();
            assert_eq!(folded(&scans), oracle);
            assert_eq!(folded(&twice), oracle);
        }
    }

    #[test]
    fn a_parcel_that_moves_on_after_it_was_delivered_is_on_its_way() {
        let standing = folded(&[scan(5, State::Delivered, None), scan(9, State::InTransit, None)]);
        assert_eq!((standing.state, standing.delivered_at), (State::InTransit, None));
        let standing = folded(&[
            scan(5, State::Delivered, None),
            scan(9, State::InTransit, None),
            scan(12, State::Delivered, None),
        ]);
        assert_eq!(standing.delivered_at, Some(at(12)));
    }

    #[test]
    fn what_is_delivered_on_the_way_back_is_with_the_sender() {
        for reason in [Reason::Returning, Reason::Refused, Reason::NotCollected] {
            let turned = scan(5, State::Exception, Some(reason));
            let back = [turned.clone(), scan(7, State::InTransit, None)];
            assert_eq!((folded(&back).state, folded(&back).reason), (State::Exception, Some(reason)));
            let home = [turned, scan(7, State::OutForDelivery, None), scan(9, State::Delivered, None)];
            assert_eq!(folded(&home).state, State::Returned);
        }
        let mended = [scan(5, State::Exception, Some(Reason::Address)), scan(7, State::InTransit, None)];
        assert_eq!(folded(&mended).state, State::InTransit);
    }

    #[test]
    fn a_scan_from_the_future_counts_from_when_we_heard_of_it() {
        let future = Scan { at: at(90_000), recorded_at: at(8), ..scan(0, State::InTransit, None) };
        let later = scan(9, State::OutForDelivery, None);
        assert_eq!(folded(&[future, later]).state, State::OutForDelivery);
    }

    #[test]
    fn a_number_is_a_parcels_own_until_long_after_its_end() {
        let day = 24 * 60;
        let under_way = folded(&[scan(5, State::InTransit, None)]);
        assert!(under_way.may_be_scanned(at(400 * day)), "it may be found after a year");
        let there = folded(&[scan(5, State::Delivered, None)]);
        assert!(there.may_be_scanned(at(59 * day)), "a delivery may be taken back");
        assert!(!there.may_be_scanned(at(61 * day)), "somebody else has the number now");
        assert!(there.may_be_scanned(at(1)), "what is told late happened before");
    }

    #[test]
    fn a_label_that_was_cancelled_counts_unless_the_carrier_has_the_parcel() {
        assert_eq!(fold(&[scan(1, State::InfoReceived, None)], at(0), true).state, State::Cancelled);
        assert_eq!(fold(&[scan(1, State::InTransit, None)], at(0), true).state, State::InTransit);
    }
}
