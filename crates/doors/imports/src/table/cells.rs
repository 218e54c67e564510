//! The cells of one row, read by column, with every fault noted at its line and column.

use kernel::Timestamp;
use kernel::fields::Fields;
use kernel::{Currency, Result};

use super::{Header, Row};
use crate::faults::Fault;
use crate::{amounts, times};

/// The cells of a row.
#[derive(Debug)]
pub struct Cells<'a> {
    header: &'a Header,
    row: &'a Row,
    fields: Fields,
    /// Whether a comma may stand before decimals: files separated by semicolons come from where that is the custom.
    comma: bool,
}

impl<'a> Cells<'a> {
    /// Cells that a person can mend: what is not right is a fault.
    pub fn strict(header: &'a Header, row: &'a Row, comma: bool) -> Self {
        Cells { header, row, fields: Fields::strict(), comma }
    }

    /// Cells that a platform wrote: what is harmless is put right.
    pub fn believing(header: &'a Header, row: &'a Row) -> Self {
        Cells { header, row, fields: Fields::believing(), comma: false }
    }

    /// The cell, when there is anything in it. Always text: a formula is the characters it is made of.
    pub fn text(&self, column: &str) -> Option<&'a str> {
        let cell = self.row.cells.get(self.header.place(column)?)?.trim();
        let cell = without_guard(cell);
        (!cell.is_empty()).then_some(cell)
    }

    /// The cell without its capitals, for words with a meaning.
    pub fn word(&self, column: &str) -> Option<String> {
        self.text(column).map(str::to_lowercase)
    }

    /// A text of one line.
    pub fn line(&mut self, column: &str, max: usize) -> Option<String> {
        let text = self.text(column)?;
        self.fields.line(column, text, max)
    }

    /// A text of several lines.
    pub fn paragraph(&mut self, column: &str, max: usize) -> Option<String> {
        let text = self.text(column)?;
        self.fields.paragraph(column, text, max)
    }

    /// An identifier, never shortened.
    pub fn identifier(&mut self, column: &str, max: usize) -> Option<String> {
        let text = self.text(column)?;
        self.fields.identifier(column, text, max)
    }

    /// A link.
    pub fn link(&mut self, column: &str, max: usize) -> Option<String> {
        let text = self.text(column)?;
        self.fields.link(column, text, max)
    }

    /// An amount from 0 to `max` minor units.
    pub fn amount(&mut self, column: &str, currency: Currency, max: i64) -> Option<i64> {
        let comma = self.comma;
        let minor = self.parsed(column, |text| amounts::parse(text, currency, comma))?;
        self.fields.amount(column, minor, max)
    }

    /// A whole number from `min` to `max`.
    pub fn quantity(&mut self, column: &str, min: u32, max: u32) -> Option<u32> {
        let text = self.text(column)?;
        self.fields.quantity(column, text.parse().unwrap_or(-1), min, max)
    }

    /// An instant.
    pub fn instant(&mut self, column: &str) -> Option<Timestamp> {
        self.parsed(column, times::parse)
    }

    /// An instant that is not after `latest`.
    pub fn instant_until(&mut self, column: &str, latest: Timestamp) -> Option<Timestamp> {
        let at = self.instant(column)?;
        if at > latest {
            self.fault(column, "impossible_date", "This lies in the future.");
            return None;
        }
        Some(at)
    }

    /// Yes or no.
    pub fn yes_or_no(&mut self, column: &str) -> Option<bool> {
        match self.word(column)?.as_str() {
            "yes" | "true" | "1" | "ja" => Some(true),
            "no" | "false" | "0" | "nein" => Some(false),
            _ => {
                self.fault(column, "not_yes_or_no", "Write yes or no.");
                None
            }
        }
    }

    /// Anything that has a parser of its own.
    pub fn parsed<T>(&mut self, column: &str, parse: impl FnOnce(&str) -> Result<T>) -> Option<T> {
        let text = self.text(column)?;
        self.fields.parsed(column, text, parse)
    }

    /// A value that must be there. A cell that was there and not right has its fault already.
    pub fn required<T>(&mut self, column: &str, value: Option<T>) -> Option<T> {
        if value.is_none() && self.text(column).is_none() {
            self.fault(column, "missing", "This cell may not be empty.");
        }
        value
    }

    /// Notes a fault.
    pub fn fault(&mut self, column: &str, code: &'static str, detail: impl Into<String>) {
        self.fields.fault(column, code, detail);
    }

    /// The collector of faults, for checks it has of its own.
    pub fn fields(&mut self) -> &mut Fields {
        &mut self.fields
    }

    /// The faults that were found, at their line, under the file's own names of the columns.
    pub fn faults(self) -> Vec<Fault> {
        let Err(error) = self.fields.finish() else { return Vec::new() };
        let fault = |field: &kernel::FieldError| Fault {
            line: self.row.line,
            column: self.header.shown(&field.pointer).to_owned(),
            code: field.code,
            detail: field.detail.clone(),
        };
        error.fields().iter().map(fault).collect()
    }
}

/// Spreadsheets and exports that guard against formulas write `'+44…` and `'=…`; some write `'01234` or `="01234"` to keep
/// a zero.
fn without_guard(cell: &str) -> &str {
    if let Some(kept) = cell.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')) {
        return if kept.contains('"') { cell } else { kept.trim() };
    }
    let guarded = cell.strip_prefix('\'');
    let is_guard = |rest: &&str| {
        rest.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r'))
    };
    guarded.filter(is_guard).unwrap_or(cell)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guard_is_taken_off_and_an_apostrophe_kept() {
        for (cell, text) in [
            ("'+447700900123", "+447700900123"),
            ("'01067", "01067"),
            ("'=1+1", "=1+1"),
            ("=\"0034\"", "0034"),
            ("=\"a\"&\"b\"", "=\"a\"&\"b\""),
            ("=\"", "=\""),
            ("'t Hooft", "'t Hooft"),
            ("'", "'"),
            ("=HYPERLINK(\"x\")", "=HYPERLINK(\"x\")"),
        ] {
            assert_eq!(without_guard(cell), text);
        }
    }
}
