//! Numbers as words, and words short enough for an axis.

use std::fmt::Write as _;

/// What numbers count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Things.
    Count,
    /// Hundredths of a per cent.
    Percent,
}

impl Unit {
    /// A value in full: `1,234`, `0.10%`.
    pub fn words(self, value: u64) -> String {
        match self {
            Unit::Count => grouped(value),
            Unit::Percent => format!("{}.{:02}%", grouped(value / 100), value % 100),
        }
    }

    /// A value as an axis has it, whose largest is `top`: short, and all of one axis in one measure.
    pub(super) fn on_axis(self, value: u128, top: u128) -> String {
        match self {
            Unit::Count => compact(value, top),
            Unit::Percent => format!("{}%", hundredths(value)),
        }
    }
}

/// A count with its thousands apart: `12,345`.
pub fn grouped(count: u64) -> String {
    apart(u128::from(count))
}

fn apart(count: u128) -> String {
    let digits = count.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

fn compact(value: u128, top: u128) -> String {
    const MEASURES: [(u128, &str); 4] =
        [(1_000_000_000_000, "tn"), (1_000_000_000, "bn"), (1_000_000, "M"), (10_000, "k")];
    let Some((from, name)) = MEASURES.into_iter().find(|(from, _)| top >= *from) else { return apart(value) };
    let one = if from == 10_000 { 1_000 } else { from };
    if value == 0 { "0".to_owned() } else { format!("{}{name}", hundredths(value * 100 / one)) }
}

/// `1234` hundredths are `12.34`, `1200` are `12`.
pub(super) fn hundredths(value: u128) -> String {
    let (whole, rest) = (value / 100, value % 100);
    let mut out = apart(whole);
    if rest > 0 {
        let _ = match rest % 10 {
            0 => write!(out, ".{}", rest / 10),
            _ => write!(out, ".{rest:02}"),
        };
    }
    out
}

/// The longest label of a place. What is cut off stands in the table.
const LONGEST: usize = 24;

/// A label short enough to stand in a picture.
pub(super) fn cut(label: &str) -> String {
    if label.chars().count() <= LONGEST {
        return label.to_owned();
    }
    label.chars().take(LONGEST - 1).chain(['…']).collect()
}
