//! A line as small as a word, to stand beside words: it says nothing that they don't.

use serde::Serialize;

use super::axis::Axis;
use super::line::path;

/// What `spark` in `web/chart.html` draws. Who can't see it misses nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Spark {
    d: String,
}

impl Spark {
    /// The line through these values, over nought.
    pub fn of(values: &[u64]) -> Spark {
        // Not a nice number but the highest value is the top: nobody reads an axis off it.
        let top = u128::from(values.iter().copied().max().unwrap_or_default().max(1));
        let values: Vec<_> = values.iter().copied().map(Some).collect();
        let (lines, dots) = path(&Axis { top, step: top }, &values);
        Spark { d: lines + &dots }
    }
}
