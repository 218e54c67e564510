//! A walk along an index that keeps what fits: bounded, however little fits.
//!
//! A list with five filters would need an index for each of their combinations. Instead it is read in the order of its
//! one index, a stretch at a time, until a page is full or enough was looked at; then the reader is told how far that was,
//! and may look further.

use kernel::Result;

/// How far a walk goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Rows that are read at once.
    pub stretch: usize,
    /// Rows that are looked at in all, about.
    pub most_looked_at: usize,
    /// Rows that are kept at most.
    pub most_kept: usize,
}

/// What a walk has found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Walked<K> {
    /// What fits, in the order of the index.
    pub kept: Vec<K>,
    /// Rows that were looked at.
    pub looked_at: usize,
    /// The last row that was looked at, when there may be more behind it.
    pub goes_on_behind: Option<K>,
}

/// One page of what was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found<K> {
    /// What is on it.
    pub rows: Vec<K>,
    /// Behind what the next page goes on, when there may be one.
    pub older: Option<K>,
    /// Whether the page is not full because enough was looked at.
    pub is_cut: bool,
}

impl<K: Clone> Walked<K> {
    /// The page of at most `size` rows, of a walk that kept at most one more.
    pub fn page(mut self, size: usize) -> Found<K> {
        let is_full = self.kept.len() > size;
        self.kept.truncate(size);
        let behind = if is_full { self.kept.last().cloned() } else { self.goes_on_behind };
        Found { is_cut: !is_full && behind.is_some(), older: behind, rows: self.kept }
    }
}

/// Walks from behind `after`. `read` gives the next stretch of at most so many rows behind a row, and says of each whether
/// it fits.
pub fn walk<K: Clone>(
    bounds: Bounds,
    after: Option<K>,
    mut read: impl FnMut(Option<&K>, usize) -> Result<Vec<(K, bool)>>,
) -> Result<Walked<K>> {
    let mut walked = Walked { kept: Vec::new(), looked_at: 0, goes_on_behind: None };
    let mut last = after;
    loop {
        let stretch = read(last.as_ref(), bounds.stretch)?;
        let is_last = stretch.len() < bounds.stretch;
        for (row, fits) in stretch {
            walked.looked_at += 1;
            if fits {
                walked.kept.push(row.clone());
            }
            last = Some(row);
            if walked.kept.len() == bounds.most_kept {
                walked.goes_on_behind = last;
                return Ok(walked);
            }
        }
        if is_last {
            return Ok(walked);
        }
        if walked.looked_at >= bounds.most_looked_at {
            walked.goes_on_behind = last;
            return Ok(walked);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUNDS: Bounds = Bounds { stretch: 10, most_looked_at: 50, most_kept: 5 };

    /// A walk down from `top`, and how often it read.
    fn down(after: Option<u32>, top: u32, fits: impl Fn(u32) -> bool) -> (Walked<u32>, usize) {
        let mut reads = 0;
        let read = |after: Option<&u32>, limit: usize| {
            reads += 1;
            let rows = (1..after.copied().unwrap_or(top + 1)).rev().take(limit);
            Ok(rows.map(|row| (row, fits(row))).collect())
        };
        let walked = walk(BOUNDS, after, read).unwrap();
        (walked, reads)
    }

    #[test]
    fn where_much_fits_little_is_read() {
        let (walked, reads) = down(None, 1_000, |_| true);
        assert_eq!((walked.kept, reads), (vec![1_000, 999, 998, 997, 996], 1));
        assert_eq!((walked.goes_on_behind, walked.looked_at), (Some(996), 5));
    }

    #[test]
    fn where_little_fits_it_ends_and_says_how_far_it_got() {
        let (walked, reads) = down(None, 1_000, |row| row % 30 == 0);
        assert_eq!((walked.kept, reads, walked.looked_at), (vec![990, 960], 5, 50));
        assert_eq!(walked.goes_on_behind, Some(951));
    }

    #[test]
    fn at_the_end_there_is_no_more() {
        let (walked, _) = down(Some(13), 1_000, |row| row < 3);
        assert_eq!((walked.kept, walked.goes_on_behind), (vec![2, 1], None));
        assert_eq!(down(None, 0, |_| true).0.kept, Vec::<u32>::new());
    }

    #[test]
    fn page_by_page_nothing_is_left_out_and_nothing_comes_twice() {
        let (mut after, mut all) = (None, Vec::new());
        loop {
            let (walked, _) = down(after, 777, |row| row % 7 == 0);
            all.extend(walked.kept);
            after = walked.goes_on_behind;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(all, (1..=777).rev().filter(|row| row % 7 == 0).collect::<Vec<_>>());
    }

    #[test]
    fn a_page_says_whether_it_is_full_cut_or_the_last() {
        let page = |fits: fn(u32) -> bool, top| down(None, top, fits).0.page(4);
        let full = page(|_| true, 1_000);
        assert_eq!((full.rows.len(), full.older, full.is_cut), (4, Some(997), false));
        let cut = page(|row| row % 30 == 0, 1_000);
        assert_eq!((cut.rows.len(), cut.older, cut.is_cut), (2, Some(951), true));
        let last = page(|_| true, 4);
        assert_eq!((last.rows.len(), last.older, last.is_cut), (4, None, false));
    }
}
