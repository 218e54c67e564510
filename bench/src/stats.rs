//! Medians and percentiles.

use serde::{Deserialize, Serialize};

/// A figure over all rounds: the middle one, and the lowest and highest beside it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Spread {
    /// The one in the middle.
    pub median: f64,
    /// The lowest.
    pub min: f64,
    /// The highest.
    pub max: f64,
}

impl Spread {
    /// Of these; all zero when there are none.
    pub fn of(values: impl IntoIterator<Item = f64>) -> Spread {
        let sorted = sorted(values);
        let (Some(min), Some(max)) = (sorted.first(), sorted.last()) else { return Spread::default() };
        Spread { median: percentile_of(&sorted, 50.0), min: *min, max: *max }
    }

    /// A figure that was measured once.
    pub fn single(value: f64) -> Spread {
        Spread { median: value, min: value, max: value }
    }
}

/// The value below which `percent` of the values lie, by the nearest rank; zero when there are none.
pub fn percentile(values: impl IntoIterator<Item = f64>, percent: f64) -> f64 {
    percentile_of(&sorted(values), percent)
}

fn percentile_of(sorted: &[f64], percent: f64) -> f64 {
    let rank = (percent / 100.0 * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.saturating_sub(1)).or(sorted.last()).copied().unwrap_or_default()
}

fn sorted(values: impl IntoIterator<Item = f64>) -> Vec<f64> {
    let mut sorted: Vec<f64> = values.into_iter().collect();
    sorted.sort_by(f64::total_cmp);
    sorted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_rank_is_taken() {
        let values = || (1..=100).map(f64::from);
        assert_eq!(percentile(values(), 50.0), 50.0);
        assert_eq!(percentile(values(), 99.0), 99.0);
        assert_eq!(percentile(values(), 99.9), 100.0);
        assert_eq!(percentile([], 50.0), 0.0);
        assert_eq!(Spread::of([3.0, 1.0, 2.0]), Spread { median: 2.0, min: 1.0, max: 3.0 });
    }
}
