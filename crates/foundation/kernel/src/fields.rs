//! A collector of field faults, shared by every door that reads what others wrote.
//!
//! A sender with three wrong fields learns about all three at once, each under its JSON Pointer (RFC 6901). Every
//! check returns `None` when it has noted a fault, so that reading goes on; [`Fields::finish`] then turns what was
//! noted into one error.

use std::collections::BTreeSet;

use crate::brand::check_link;
use crate::text::{self, TextFault};
use crate::{Currency, Date, Error, FieldError, Result, Timestamp, time};

/// The most faults that are told: an answer stays small whatever was sent.
const MAX_FAULTS: usize = 100;

/// How much is asked of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// The sender can mend it, so it is refused as it is.
    Strict,
    /// The sender is a shop's platform that will never mend it, so what is harmless is put right.
    Believing,
}

/// The faults found so far.
#[derive(Debug)]
pub struct Fields {
    mode: Mode,
    faults: Vec<FieldError>,
}

impl Fields {
    /// For senders who read our answer: empty texts, long texts and line breaks in a line are faults.
    pub fn strict() -> Self {
        Fields { mode: Mode::Strict, faults: Vec::new() }
    }

    /// For platforms that are believed: empty texts are absent ones, long prose is shortened, line breaks and tabs in
    /// a line become spaces. NUL and other control characters stay faults, for no honest text has them.
    pub fn believing() -> Self {
        Fields { mode: Mode::Believing, faults: Vec::new() }
    }

    /// Notes a fault.
    pub fn fault(&mut self, pointer: &str, code: &'static str, detail: impl Into<String>) {
        if self.faults.len() < MAX_FAULTS {
            self.faults.push(FieldError { pointer: pointer.to_owned(), code, detail: detail.into() });
        }
    }

    /// Whether the sender is believed: what is unknown or unreadable and not needed counts as absent then.
    pub fn believes(&self) -> bool {
        self.mode == Mode::Believing
    }

    /// Reads something that may be absent. Of a sender who is believed, what can't be read is absent.
    pub fn optional<T>(&mut self, read: impl FnOnce(&mut Fields) -> Option<T>) -> Option<T> {
        match self.mode {
            Mode::Strict => read(self),
            Mode::Believing => {
                let mut apart = Fields::believing();
                read(&mut apart).filter(|_| apart.is_clean())
            }
        }
    }

    /// A text of one line, such as a name or a title.
    pub fn line(&mut self, pointer: &str, text: &str, max_chars: usize) -> Option<String> {
        match self.mode {
            Mode::Strict => self.checked(pointer, text::line(text, max_chars), max_chars),
            Mode::Believing => {
                let short = text::shortened(text::unfolded(text).trim(), max_chars);
                self.checked(pointer, text::line(&short, max_chars), max_chars)
            }
        }
    }

    /// A text of several lines, such as a note.
    pub fn paragraph(&mut self, pointer: &str, text: &str, max_chars: usize) -> Option<String> {
        match self.mode {
            Mode::Strict => self.checked(pointer, text::paragraph(text, max_chars), max_chars),
            Mode::Believing => {
                let short = text::shortened(text.trim(), max_chars);
                self.checked(pointer, text::paragraph(&short, max_chars), max_chars)
            }
        }
    }

    /// An identifier or another text that would mean something else if it were shortened.
    pub fn identifier(&mut self, pointer: &str, text: &str, max_chars: usize) -> Option<String> {
        let checked = match self.mode {
            Mode::Strict => text::line(text, max_chars),
            Mode::Believing => text::line(&text::unfolded(text), max_chars),
        };
        self.checked(pointer, checked, max_chars)
    }

    /// A link that may stand on a page.
    pub fn link(&mut self, pointer: &str, text: &str, max_chars: usize) -> Option<String> {
        let link = self.identifier(pointer, text, max_chars)?;
        self.parsed(pointer, &link, |link| check_link(link).map(|()| link.to_owned()))
    }

    /// Minor units from 0 to `max`.
    pub fn amount(&mut self, pointer: &str, minor: i64, max: i64) -> Option<i64> {
        if (0..=max).contains(&minor) {
            return Some(minor);
        }
        self.fault(pointer, "out_of_range", format!("Write an amount from 0 to {max} minor units."));
        None
    }

    /// An amount from 0 to `max` minor units, written as a decimal number such as `41.00`.
    pub fn decimal(&mut self, pointer: &str, text: &str, currency: Currency, max: i64) -> Option<i64> {
        let money = self.parsed(pointer, text, |text| currency.parse_amount(text))?;
        self.amount(pointer, money.minor, max)
    }

    /// A number of pieces from `min` to `max`.
    pub fn quantity(&mut self, pointer: &str, pieces: i64, min: u32, max: u32) -> Option<u32> {
        if let Some(pieces) = u32::try_from(pieces).ok().filter(|pieces| (min..=max).contains(pieces)) {
            return Some(pieces);
        }
        self.fault(pointer, "out_of_range", format!("Write a whole number from {min} to {max}."));
        None
    }

    /// An instant.
    pub fn instant(&mut self, pointer: &str, text: &str) -> Option<Timestamp> {
        self.parsed(pointer, text, Timestamp::parse)
    }

    /// An instant that is not after `latest`.
    pub fn instant_until(&mut self, pointer: &str, text: &str, latest: Timestamp) -> Option<Timestamp> {
        let at = self.instant(pointer, text)?;
        if at > latest {
            self.fault(pointer, "in_the_future", "This has not happened yet: is a clock wrong?");
            return None;
        }
        Some(at)
    }

    /// A calendar date.
    pub fn date(&mut self, pointer: &str, text: &str) -> Option<Date> {
        self.parsed(pointer, text, time::parse_date)
    }

    /// Anything that has a parser of its own: enums, addresses, currencies, zones.
    pub fn parsed<T>(
        &mut self,
        pointer: &str,
        text: &str,
        parse: impl FnOnce(&str) -> Result<T>,
    ) -> Option<T> {
        match parse(text) {
            Ok(value) => Some(value),
            Err(error) => {
                self.fault(pointer, error.code(), error.words());
                None
            }
        }
    }

    /// A value that must be there.
    pub fn required<T>(&mut self, pointer: &str, value: Option<T>) -> Option<T> {
        if value.is_none() {
            self.fault(pointer, "missing", "This field is required.");
        }
        value
    }

    /// An identifier that may stand only once among those `seen`.
    pub fn unique(&mut self, pointer: &str, seen: &mut BTreeSet<String>, identifier: &str) {
        if !seen.insert(identifier.to_owned()) {
            self.fault(pointer, "duplicate", "Another one has this identifier already.");
        }
    }

    /// `quantity` pieces at `unit_price`, when that stays an amount up to `max`: later sums rely on it.
    pub fn line_total(&mut self, pointer: &str, quantity: u32, unit_price: i64, max: i64) -> Option<i64> {
        let total = unit_price.checked_mul(i64::from(quantity)).unwrap_or(i64::MAX);
        self.amount(pointer, total, max)
    }

    /// Whether nothing was wrong so far.
    pub fn is_clean(&self) -> bool {
        self.faults.is_empty()
    }

    /// One error that names every wrong field, or nothing.
    #[track_caller]
    pub fn finish(self) -> Result<()> {
        if self.faults.is_empty() {
            return Ok(());
        }
        Err(Error::invalid("invalid_fields", "Some fields are not right.").with_fields(self.faults))
    }

    /// The value that was read, when every check passed. A value that is absent without a noted fault is our fault.
    #[track_caller]
    pub fn finish_with<T>(self, value: Option<T>) -> Result<T> {
        self.finish()?;
        value.ok_or_else(|| Error::internal("a field was refused without a reason"))
    }

    fn checked(
        &mut self,
        pointer: &str,
        text: Result<String, TextFault>,
        max_chars: usize,
    ) -> Option<String> {
        match (text, self.mode) {
            (Ok(text), _) => Some(text),
            (Err(TextFault::Empty), Mode::Believing) => None,
            (Err(fault), _) => {
                self.fault(pointer, fault.code(), fault.words(max_chars));
                None
            }
        }
    }
}

/// The alpha-2 code of a country, by its shape: the list of countries changes, and a code nobody knows is printed as
/// it is.
pub fn country(text: &str) -> Result<String> {
    let code = text.trim().to_ascii_uppercase();
    if code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase()) {
        return Ok(code);
    }
    Err(Error::invalid("unknown_country", "Name the country by its two-letter ISO 3166-1 code, like GB."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(fields: Fields) -> Vec<(String, &'static str)> {
        let error = fields.finish().unwrap_err();
        error.fields().iter().map(|fault| (fault.pointer.clone(), fault.code)).collect()
    }

    #[test]
    fn every_wrong_field_is_named_in_one_error() {
        let mut fields = Fields::strict();
        assert_eq!(fields.line("/name", "Ann\r\nBcc: x", 20), None);
        assert_eq!(fields.line("/title", "", 20), None);
        assert_eq!(fields.quantity("/quantity", 0, 1, 10), None);
        assert_eq!(fields.amount("/total", -1, 10), None);
        assert_eq!(fields.link("/url", "javascript:alert(1)", 100), None);
        assert_eq!(fields.required::<i64>("/id", None), None);
        let expected = [
            ("/name", "control_character"),
            ("/title", "empty"),
            ("/quantity", "out_of_range"),
            ("/total", "out_of_range"),
            ("/url", "not_a_link"),
            ("/id", "missing"),
        ];
        assert_eq!(codes(fields), expected.map(|(pointer, code)| (pointer.to_owned(), code)));
    }

    #[test]
    fn what_a_platform_says_is_put_right_where_that_is_harmless() {
        let mut fields = Fields::believing();
        assert_eq!(fields.line("/name", "Ann\r\nBcc: x", 20).as_deref(), Some("Ann  Bcc: x"));
        assert_eq!(fields.line("/name", "abcdef", 5).as_deref(), Some("abcd…"));
        assert_eq!(fields.line("/name", " \n ", 5), None);
        assert!(fields.is_clean());
        assert_eq!(fields.line("/name", "a\0b", 5), None);
        assert_eq!(fields.identifier("/id", "abcdef", 5), None);
        assert_eq!(fields.paragraph("/note", "a\u{1b}[31m", 50), None);
        let expected = [("/name", "nul_byte"), ("/id", "too_long"), ("/note", "control_character")];
        assert_eq!(codes(fields), expected.map(|(pointer, code)| (pointer.to_owned(), code)));
    }

    #[test]
    fn what_is_optional_and_unreadable_counts_as_absent_only_where_the_sender_is_believed() {
        let read = |fields: &mut Fields| fields.optional(|fields| fields.link("/url", "ftp://x", 100));
        let (mut strict, mut believing) = (Fields::strict(), Fields::believing());
        assert_eq!((read(&mut strict), read(&mut believing)), (None, None));
        assert!(believing.is_clean());
        assert_eq!(codes(strict), [("/url".to_owned(), "not_a_link")]);
    }

    #[test]
    fn amounts_are_exact_and_sums_stay_amounts() {
        let eur = Currency::parse("EUR").unwrap();
        let mut fields = Fields::believing();
        assert_eq!(fields.decimal("/price", "41.00", eur, 10_000), Some(4_100));
        assert_eq!(fields.line_total("/price", 2, 4_100, 10_000), Some(8_200));
        assert!(fields.is_clean());
        assert_eq!(fields.line_total("/price", u32::MAX, i64::MAX, 10_000), None);
        assert_eq!(fields.decimal("/price", "-1.00", eur, 10_000), None);
        assert_eq!(fields.decimal("/price", "1,00", eur, 10_000), None);
    }

    #[test]
    fn a_flood_of_faults_is_cut() {
        let mut fields = Fields::strict();
        for place in 0..10_000 {
            fields.fault(&format!("/lines/{place}"), "empty", "Write something here.");
        }
        assert_eq!(codes(fields).len(), MAX_FAULTS);
    }
}
