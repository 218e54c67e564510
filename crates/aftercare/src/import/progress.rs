//! How far an import is, how fast, and how long it will take yet.

use std::time::Duration;

use imports::Count;
use kernel::{Clock, SystemClock, Timestamp};

use crate::terminal::Line;

/// Shows how far it is.
pub struct Progress {
    began: Timestamp,
    line: Line,
}

impl Progress {
    /// From now on.
    pub fn begun() -> Self {
        Progress { began: SystemClock.now(), line: Line::new() }
    }

    /// Shows it, unless it was shown a moment ago. What was looked through before the first row is not counted as work
    /// on rows, or the time left would be said too long.
    pub fn show(&mut self, count: &Count) {
        if count.done == 0 {
            self.began = SystemClock.now();
        }
        let began = self.began;
        self.line.say(count.done, Some(count.rows), |now| line(count, now.since(began)));
    }

    /// Leaves the bar where it is and goes on below it.
    pub fn end(&self) {
        self.line.end();
    }
}

/// `430,000 of 1,000,000 rows · 2,310 rows/s · 3 not taken · 4 min left`
fn line(count: &Count, passed: Duration) -> String {
    let per_second = count.done * 1_000 / u64::try_from(passed.as_millis()).unwrap_or(u64::MAX).max(1);
    let left = (count.rows - count.done).checked_div(per_second).map(left);
    let mut line = format!(
        "{} of {} rows · {} rows/s · {} not taken",
        grouped(count.done),
        grouped(count.rows),
        grouped(per_second),
        grouped(count.refused_rows)
    );
    if let Some(left) = left.filter(|_| count.done < count.rows) {
        line += &format!(" · {left} left");
    }
    line
}

fn left(seconds: u64) -> String {
    match seconds {
        0..60 => format!("{seconds} s"),
        60..7_200 => format!("{} min", seconds.div_ceil(60)),
        _ => format!("{} h", seconds.div_ceil(3_600)),
    }
}

fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_says_how_far_how_fast_and_how_long_yet() {
        let count = Count { rows: 1_000_000, done: 250_000, refused_rows: 3, ..Count::default() };
        assert_eq!(
            line(&count, Duration::from_secs(100)),
            "250,000 of 1,000,000 rows · 2,500 rows/s · 3 not taken · 5 min left"
        );
        let begun = Count { rows: 5, ..Count::default() };
        assert_eq!(line(&begun, Duration::ZERO), "0 of 5 rows · 0 rows/s · 0 not taken");
    }
}
