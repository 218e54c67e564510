//! What reading every platform's JSON has in common.
//!
//! Everything may be missing, null or unknown. A plain value may be a string, a number or a boolean, whatever the
//! version of the platform prefers: it is kept as the text that was written, so that a number is never rounded, and
//! read where its meaning is known.

use kernel::fields::Fields;
use kernel::{Error, Kind, Result};
use orders::incoming::MAX_ID;
use serde::de::{Deserialize, Deserializer, Error as _};
use serde_json::value::RawValue;

/// A plain value as text; none when it is null or not plain.
#[derive(Clone, Debug, Default)]
pub struct Plain(Option<String>);

impl Plain {
    /// The text, trimmed, when there is any.
    pub fn text(&self) -> Option<&str> {
        self.0.as_deref().map(str::trim).filter(|text| !text.is_empty())
    }

    /// The text without its capitals, for the platform's own words.
    pub fn word(&self) -> Option<String> {
        self.text().map(str::to_ascii_lowercase)
    }

    /// Whether it says yes.
    pub fn is_true(&self) -> bool {
        self.word().is_some_and(|word| matches!(word.as_str(), "true" | "yes" | "1"))
    }
}

impl From<&str> for Plain {
    fn from(text: &str) -> Self {
        Plain(Some(text.to_owned()))
    }
}

impl<'de> Deserialize<'de> for Plain {
    fn deserialize<D: Deserializer<'de>>(from: D) -> std::result::Result<Self, D::Error> {
        let raw = <&'de RawValue>::deserialize(from)?.get();
        match raw.as_bytes().first() {
            Some(b'"') => serde_json::from_str(raw).map(|text| Plain(Some(text))).map_err(D::Error::custom),
            Some(b'-' | b'0'..=b'9') => Ok(Plain(Some(without_idle_zeros(raw).to_owned()))),
            Some(b't' | b'f') => Ok(Plain(Some(raw.to_owned()))),
            _ => Ok(Plain(None)),
        }
    }
}

/// `18.0` is `18`: some versions write whole numbers with a fraction.
fn without_idle_zeros(number: &str) -> &str {
    match number.contains('.') && !number.contains(['e', 'E']) {
        true => number.trim_end_matches('0').trim_end_matches('.'),
        false => number,
    }
}

/// A list that may be missing or null.
pub type List<T> = Option<Vec<T>>;

/// The items of a list that may be missing.
pub fn items<T>(list: &List<T>) -> &[T] {
    list.as_deref().unwrap_or_default()
}

/// A body that is not what it should be. Category and place only: the parser's own words may quote a value, and values
/// are personal.
pub fn unreadable(what: &str, error: &serde_json::Error) -> Error {
    let place = format!("{:?} error at line {} column {}", error.classify(), error.line(), error.column());
    Error::new(Kind::Unreadable, "unreadable", format!("The body is not {what} in JSON.")).detail(place)
}

/// A value that must be there, read by a parser of its own.
pub fn required<T>(
    fields: &mut Fields,
    pointer: &str,
    value: &Plain,
    parse: impl FnOnce(&str) -> Result<T>,
) -> Option<T> {
    let text = fields.required(pointer, value.text())?;
    fields.parsed(pointer, text, parse)
}

/// An identifier that must be there.
pub fn identifier(fields: &mut Fields, pointer: &str, value: &Plain) -> Option<String> {
    let text = fields.required(pointer, value.text())?;
    fields.identifier(pointer, text, MAX_ID)
}

/// First and last name as one; none when both are missing.
pub fn joined(first: &Plain, last: &Plain) -> Option<String> {
    let parts: Vec<&str> = [first, last].into_iter().filter_map(Plain::text).collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

#[cfg(test)]
mod tests {
    use super::Plain;

    fn read(json: &str) -> Option<String> {
        serde_json::from_str::<Plain>(json).unwrap().text().map(str::to_owned)
    }

    #[test]
    fn a_number_is_kept_as_it_was_written() {
        let written = [
            ("16.665", "16.665"),
            ("0.1", "0.1"),
            ("18.0", "18"),
            ("18.50", "18.5"),
            ("100", "100"),
            ("-20", "-20"),
            ("12345678901234567890123", "12345678901234567890123"),
            ("1.0e-5", "1.0e-5"),
            ("\" a\\u00e4 \"", "aä"),
            ("true", "true"),
        ];
        for (json, text) in written {
            assert_eq!(read(json).as_deref(), Some(text), "{json}");
        }
        for nothing in ["null", "{}", "[1]", "\"\"", "{\"a\":[{}]}"] {
            assert_eq!(read(nothing), None, "{nothing}");
        }
        assert!(serde_json::from_str::<Plain>("\"\\ud800\"").is_err());
    }
}
