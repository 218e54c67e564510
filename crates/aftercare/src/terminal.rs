//! One line that shows how far long work has come: a bar on a terminal, a line now and then anywhere else.

use std::io::{IsTerminal, Write};
use std::time::Duration;

use kernel::{Clock, SystemClock, Timestamp};

/// How often the bar moves.
const BAR_EVERY: Duration = Duration::from_millis(100);
/// How often a line is written where nobody watches.
const LINE_EVERY: Duration = Duration::from_secs(5);
/// How wide the bar is.
const WIDTH: u64 = 24;

/// The line.
pub struct Line {
    is_terminal: bool,
    last: Timestamp,
    shown: bool,
}

impl Line {
    /// On stderr, with nothing shown yet.
    pub fn new() -> Self {
        // Work that is soon done needs no words on the way.
        Line { is_terminal: std::io::stderr().is_terminal(), last: SystemClock.now(), shown: false }
    }

    /// Shows how far `what` has come, unless something was shown a moment ago.
    pub fn show(&mut self, what: &str, done: u64, of: Option<u64>, unit: &str) {
        self.say(done, of, |_| worded(what, done, of, unit));
    }

    /// The same in other words; `text` is given the time. The end is always shown on a terminal.
    pub fn say(&mut self, done: u64, of: Option<u64>, text: impl FnOnce(Timestamp) -> String) {
        let now = SystemClock.now();
        let every = if self.is_terminal { BAR_EVERY } else { LINE_EVERY };
        let is_end = self.is_terminal && of == Some(done);
        if now.since(self.last) < every && !is_end {
            return;
        }
        self.last = now;
        self.shown = true;
        let text = text(now);
        // A terminal that is gone is no reason to stop the work.
        let _ = match self.is_terminal {
            true => write!(std::io::stderr(), "\r\x1b[K{} {text}", bar(done, of)),
            false => writeln!(std::io::stderr(), "{text}"),
        };
    }

    /// Leaves what is shown where it is, and goes on below it.
    pub fn end(&self) {
        if self.is_terminal && self.shown {
            let _ = writeln!(std::io::stderr());
        }
    }

    /// Makes room for other words.
    pub fn clear(&mut self) {
        if self.is_terminal && self.shown {
            let _ = write!(std::io::stderr(), "\r\x1b[K");
        }
    }
}

fn worded(what: &str, done: u64, of: Option<u64>, unit: &str) -> String {
    match of {
        Some(of) => format!("{what}: {done} of {of} {unit}"),
        None => format!("{what}: {done} {unit}"),
    }
}

fn bar(done: u64, of: Option<u64>) -> String {
    let Some(of) = of.filter(|of| *of > 0) else { return String::new() };
    let full = (done.min(of) * WIDTH / of) as usize;
    format!("[{}{}]", "#".repeat(full), "·".repeat(WIDTH as usize - full))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_is_as_full_as_the_work_is_done() {
        assert_eq!(bar(0, Some(8)), format!("[{}]", "·".repeat(24)));
        assert_eq!(bar(4, Some(8)), format!("[{}{}]", "#".repeat(12), "·".repeat(12)));
        assert_eq!(bar(9, Some(8)), format!("[{}]", "#".repeat(24)));
        assert_eq!((bar(1, None), bar(0, Some(0))), (String::new(), String::new()));
        assert_eq!(worded("Restoring orders", 2, Some(3), "rows"), "Restoring orders: 2 of 3 rows");
    }
}
