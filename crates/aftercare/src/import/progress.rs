//! How far an import is: a bar on a terminal, a line now and then elsewhere.

use std::io::{IsTerminal, Write};
use std::time::Duration;

use imports::Count;
use kernel::Timestamp;

/// How often the bar is painted.
const BAR_EVERY: Duration = Duration::from_millis(100);
/// How often a line is written where there is no terminal.
const LINE_EVERY: Duration = Duration::from_secs(10);
/// How many characters the bar has.
const BAR: u64 = 24;

/// Shows how far it is.
pub struct Progress {
    began: Timestamp,
    shown: Timestamp,
    is_terminal: bool,
}

impl Progress {
    /// From now on.
    pub fn begun(now: Timestamp) -> Self {
        Progress { began: now, shown: now, is_terminal: std::io::stderr().is_terminal() }
    }

    /// Shows it, unless it was shown a moment ago. What was looked through before the first row is not counted as work
    /// on rows, or the time left would be said too long.
    pub fn show(&mut self, count: &Count, now: Timestamp) {
        if count.done == 0 {
            self.began = now;
        }
        let every = if self.is_terminal { BAR_EVERY } else { LINE_EVERY };
        if now.since(self.shown) < every && !(self.is_terminal && count.done == count.rows) {
            return;
        }
        self.shown = now;
        let line = line(count, now.since(self.began));
        if self.is_terminal {
            // A terminal that is gone is no reason to stop.
            let _ = write!(std::io::stderr(), "\r\x1b[K{} {line}", bar(count));
            let _ = std::io::stderr().flush();
        } else {
            eprintln!("{line}");
        }
    }

    /// Leaves the bar where it is and goes on below it.
    pub fn end(&self) {
        if self.is_terminal {
            eprintln!();
        }
    }
}

fn bar(count: &Count) -> String {
    let full = (count.done * BAR).checked_div(count.rows).unwrap_or(BAR) as usize;
    format!("[{}{}]", "#".repeat(full), "-".repeat(BAR as usize - full))
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
        assert_eq!(bar(&count), "[######------------------]");
        let begun = Count { rows: 5, ..Count::default() };
        assert_eq!(line(&begun, Duration::ZERO), "0 of 5 rows · 0 rows/s · 0 not taken");
        assert_eq!(bar(&Count::default()), format!("[{}]", "#".repeat(24)));
    }
}
