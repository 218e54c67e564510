//! An order that has not left by the promised day: its customer may keep it or cancel it, and silence means something
//! too. Pure.
//!
//! In the United States a seller who can't say when it will leave has to ask, and what silence means is law: the order
//! counts as cancelled when it has not left within thirty days of the day that was promised first, and at once when the
//! day that was told instead is missed as well (16 CFR 435.2 (b)(1)(iii) and (b)(2)). Elsewhere the shop decides.

use kernel::{Date, Timestamp};
use serde::{Deserialize, Serialize};

use crate::calendar::tomorrow;

kernel::word_enum!(
    /// What a customer wants who was told that their order is late.
    Answer {
        /// To wait for it.
        Keep = "keep",
        /// To have cancelled what has not left.
        Cancel = "cancel",
    }
);

/// An answer, and when it was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answered {
    /// Which.
    pub answer: Answer,
    /// When.
    pub at: Timestamp,
}

kernel::word_enum!(
    /// Why an order should have left by a day.
    #[derive(Default, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    Basis {
        /// Its customer was told that it leaves by then.
        #[default]
        Leaves = "leaves",
        /// They were told that it arrives by then.
        Arrives = "arrives",
        /// They were told nothing, and the law of the place says so.
        Law = "law",
    }
);

/// That a customer was told that their order has not left by the promised day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// The day that was promised.
    pub promised: Date,
    /// When they were told.
    pub told_at: Timestamp,
    /// Whether they had been told before, of a day that was promised then.
    pub is_renewed: bool,
    /// What makes it the promised day.
    #[serde(default)]
    pub basis: Basis,
}

/// The country whose rule is above.
const UNITED_STATES: &str = "US";
/// Days after the promised day within which an order has to leave there, unless its customer waits for it.
const UNITED_STATES_DAYS: u16 = 30;

/// The day by which an order has to have left, and why: as was told; where nothing was, by the day it was to arrive; where
/// that was not told either, by the law of the place. In the United States that is thirty days after the order
/// (16 CFR 435.2 (a)(1)(ii)).
pub fn leaves_by(
    leaves: Option<Date>,
    arrives: Option<Date>,
    placed_on: Date,
    country: Option<&str>,
) -> Option<(Date, Basis)> {
    let law = (country == Some(UNITED_STATES)).then(|| days_after(placed_on, UNITED_STATES_DAYS));
    leaves
        .map(|day| (day, Basis::Leaves))
        .or(arrives.map(|day| (day, Basis::Arrives)))
        .or(law.map(|day| (day, Basis::Law)))
}

/// The day at whose end an order counts as cancelled when nobody answers; none: it is kept. `promised`: the day that is
/// promised now: whoever does not answer agrees to one that was named since and lies within those days ((b)(1)(ii)).
/// `country`: where it goes, ISO 3166-1 alpha-2; `policy_days`: the shop's own rule, days after the promised one, 0 for none.
pub fn cancels_on(
    notice: &Notice,
    promised: Option<Date>,
    country: Option<&str>,
    policy_days: u16,
) -> Option<Date> {
    let days = match (country, notice.is_renewed) {
        (Some(UNITED_STATES), true) => 0,
        (Some(UNITED_STATES), false) => UNITED_STATES_DAYS,
        _ if policy_days == 0 => return None,
        _ => policy_days,
    };
    let last = days_after(notice.promised, days);
    let is_agreed_to = promised.is_some_and(|day| day > notice.promised && day <= last);
    (!is_agreed_to).then_some(last)
}

fn days_after(day: Date, days: u16) -> Date {
    (0..days).fold(day, |day, _| tomorrow(day))
}

/// What counts of what was answered: whoever agreed to wait agreed to the notice they had, not to the next one.
pub fn answer_to(notice: &Notice, answered: Option<Answered>) -> Option<Answer> {
    let answered = answered?;
    let counts = answered.answer == Answer::Cancel || answered.at >= notice.told_at;
    counts.then_some(answered.answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        kernel::time::parse_date(text).unwrap()
    }

    fn notice(is_renewed: bool) -> Notice {
        Notice {
            promised: day("2026-12-01"),
            told_at: Timestamp::from_ms(1_000),
            is_renewed,
            basis: Basis::Leaves,
        }
    }

    #[test]
    fn silence_means_what_the_place_says_and_elsewhere_what_the_shop_says() {
        let still = Some(day("2026-12-01"));
        assert_eq!(cancels_on(&notice(false), still, Some("US"), 0), Some(day("2026-12-31")));
        assert_eq!(cancels_on(&notice(true), still, Some("US"), 90), still);
        assert_eq!(cancels_on(&notice(false), still, Some("DE"), 0), None);
        assert_eq!(cancels_on(&notice(true), still, Some("DE"), 14), Some(day("2026-12-15")));
        assert_eq!(cancels_on(&notice(false), None, None, 14), Some(day("2026-12-15")));
    }

    #[test]
    fn what_was_told_counts_before_what_the_law_says() {
        let (leaves, arrives, placed) = (day("2026-12-01"), day("2026-12-04"), day("2026-11-20"));
        let by = |leaves, arrives, country| leaves_by(leaves, arrives, placed, Some(country));
        assert_eq!(by(Some(leaves), Some(arrives), "US"), Some((leaves, Basis::Leaves)));
        assert_eq!(by(None, Some(arrives), "US"), Some((arrives, Basis::Arrives)));
        assert_eq!(by(None, None, "US"), Some((day("2026-12-20"), Basis::Law)));
        assert_eq!(by(None, None, "DE"), None);
    }

    #[test]
    fn another_day_within_reach_is_agreed_to_by_silence() {
        let named = |text| Some(day(text));
        assert_eq!(cancels_on(&notice(false), named("2026-12-31"), Some("US"), 0), None);
        assert_eq!(cancels_on(&notice(false), named("2027-01-01"), Some("US"), 0), named("2026-12-31"));
        assert_eq!(cancels_on(&notice(true), named("2026-12-04"), Some("US"), 0), named("2026-12-01"));
    }

    #[test]
    fn who_waits_is_asked_anew_and_who_cancels_is_not() {
        let given = |answer, at| Some(Answered { answer, at: Timestamp::from_ms(at) });
        assert_eq!(answer_to(&notice(false), None), None);
        assert_eq!(answer_to(&notice(false), given(Answer::Keep, 1_000)), Some(Answer::Keep));
        assert_eq!(answer_to(&notice(true), given(Answer::Keep, 999)), None);
        assert_eq!(answer_to(&notice(true), given(Answer::Cancel, 999)), Some(Answer::Cancel));
    }
}
