//! Where the lines of an axis stand, where points stand in the square, and which places can be named.

use std::fmt::Write as _;

use super::words::Unit;

/// As many steps has an axis at most.
const MOST_STEPS: u128 = 5;
/// About how many steps read best.
const BEST_STEPS: u128 = 4;

/// An axis from nought to just above what it has to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Axis {
    pub top: u128,
    pub step: u128,
}

impl Axis {
    /// The axis for values up to `max`: of all steps of 1, 2, 2½ or 5 with noughts behind, the one whose end is nearest.
    pub fn of(max: u64) -> Axis {
        let max = u128::from(max.max(1));
        let axis = |step: u128| Axis { top: max.div_ceil(step) * step, step };
        let fits = |axis: &Axis| axis.steps() <= MOST_STEPS;
        let nearest =
            steps().map(axis).filter(fits).min_by_key(|axis| (axis.top, axis.steps().abs_diff(BEST_STEPS)));
        // Some power of ten is above every number.
        nearest.unwrap_or(Axis { top: max, step: max })
    }

    fn steps(&self) -> u128 {
        self.top / self.step
    }

    /// What stands at its lines, from the top down.
    pub fn labels(&self, unit: Unit) -> Vec<String> {
        (0..=self.steps()).rev().map(|nth| unit.on_axis(nth * self.step, self.top)).collect()
    }

    /// Its lines, as one path.
    pub fn lines(&self) -> String {
        let mut path = String::new();
        for nth in 0..=self.steps() {
            let _ = write!(path, "M0 {}H100", fixed(10_000 - nth * 10_000 / self.steps()));
        }
        path
    }

    /// How far a value is from nought, in hundredths of a hundredth of the axis.
    pub fn share(&self, value: u64) -> u128 {
        u128::from(value) * 10_000 / self.top
    }

    /// Where a value stands in the square, whose top is nought.
    pub fn y(&self, value: u64) -> String {
        fixed(10_000_u128.saturating_sub(self.share(value)))
    }
}

fn steps() -> impl Iterator<Item = u128> {
    let powers = (0..20).map(|zeros| 10_u128.pow(zeros));
    powers.flat_map(|power| {
        let quarter = (power >= 10).then_some(power / 10 * 25);
        [Some(power), Some(2 * power), quarter, Some(5 * power)].into_iter().flatten()
    })
}

/// The middle of the `nth` of so many places.
pub(super) fn x(nth: usize, places: usize) -> String {
    fixed((2 * nth as u128 + 1) * 10_000 / (2 * places.max(1) as u128))
}

/// Hundredths as a path writes them: `33.33`, `50`.
pub(super) fn fixed(value: u128) -> String {
    let (whole, rest) = (value / 100, value % 100);
    match (rest, rest % 10) {
        (0, _) => whole.to_string(),
        (_, 0) => format!("{whole}.{}", rest / 10),
        (_, _) => format!("{whole}.{rest:02}"),
    }
}

/// About how wide the narrowest plot is, on a screen of 320 pixels.
const NARROW: usize = 216;
/// About how wide a character of an axis is, and the gap behind a label.
const CHARACTER: usize = 7;
const GAP: usize = 10;

/// About how wide a label is.
pub(super) fn width(label: &str) -> usize {
    // What is not of a small alphabet is taken for twice as wide.
    let characters: usize = label.chars().map(|c| if (c as u32) < 0x1100 { 1 } else { 2 }).sum();
    characters * CHARACTER + GAP
}

/// Which of these places are named, so that no name touches the next however narrow the plot: every so many, from the
/// first; each begins where its place does.
pub(super) fn named(labels: &[String]) -> Vec<bool> {
    let places = labels.len();
    let widest = labels.iter().map(|label| width(label)).max().unwrap_or_default();
    let every = (widest * places).div_ceil(NARROW).max(1);
    let fits = |nth: usize| nth == 0 || nth * NARROW / places + width(&labels[nth]) <= NARROW + GAP;
    (0..places).map(|nth| nth.is_multiple_of(every) && fits(nth)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_ends_close_above_what_it_shows() {
        for (max, top, step) in [
            (0, 1, 1),
            (1, 1, 1),
            (3, 3, 1),
            (7, 8, 2),
            (10, 10, 2),
            (11, 15, 5),
            (61, 75, 25),
            (100, 100, 25),
            (101, 125, 25),
            (1_800, 2_000, 500),
            (1_999, 2_000, 500),
            (2_001, 2_500, 500),
            (49_999, 50_000, 10_000),
        ] {
            assert_eq!(Axis::of(max), Axis { top, step }, "{max}");
        }
    }

    #[test]
    fn whatever_the_data_the_axis_holds_it_and_is_not_half_empty() {
        let all =
            (1..20_000).chain((0..64).flat_map(|bit| [1 << bit, (1 << bit) - 1, u64::MAX - (1 << bit)]));
        for max in all.chain([u64::MAX]) {
            let axis = Axis::of(max);
            assert!(axis.top >= u128::from(max) && axis.top.is_multiple_of(axis.step), "{max}: {axis:?}");
            assert!(axis.steps() <= MOST_STEPS && axis.labels(Unit::Count).len() <= 6, "{max}: {axis:?}");
            assert!(max == 0 || axis.top * 2 <= u128::from(max) * 3, "{max}: {axis:?}");
            assert!(axis.labels(Unit::Count).iter().all(|label| label.len() <= 13), "{max}: {axis:?}");
        }
    }

    #[test]
    fn the_labels_of_an_axis_are_in_one_measure() {
        let labels = |max, unit| Axis::of(max).labels(unit).join(" ");
        assert_eq!(labels(4, Unit::Count), "4 3 2 1 0");
        assert_eq!(labels(1_800, Unit::Count), "2,000 1,500 1,000 500 0");
        assert_eq!(labels(12_100, Unit::Count), "12.5k 10k 7.5k 5k 2.5k 0");
        assert_eq!(labels(1_234_567, Unit::Count), "1.25M 1M 0.75M 0.5M 0.25M 0");
        assert_eq!(labels(45, Unit::Percent), "0.5% 0.4% 0.3% 0.2% 0.1% 0%");
        assert_eq!(labels(u64::MAX, Unit::Count), "20,000,000tn 15,000,000tn 10,000,000tn 5,000,000tn 0");
    }

    #[test]
    fn names_never_touch_however_many_and_long_they_are() {
        for places in [1, 2, 3, 7, 12, 30, 90, 400] {
            for label in ["1", "26 Nov", "a rather long name of …", "ありがとうございます"] {
                let labels = vec![label.to_owned(); places];
                let named = named(&labels);
                assert!(named[0], "the first is always named");
                let ends = |nth: usize| nth * NARROW / places + width(label);
                let at: Vec<_> = (0..places).filter(|nth| named[*nth]).collect();
                for pair in at.windows(2) {
                    assert!(ends(pair[0]) <= pair[1] * NARROW / places + 1, "{places} × {label}: {pair:?}");
                }
                assert!(at.iter().all(|nth| *nth == 0 || ends(*nth) <= NARROW + GAP), "{places} × {label}");
            }
        }
        assert!(named(&[]).is_empty());
    }
}
