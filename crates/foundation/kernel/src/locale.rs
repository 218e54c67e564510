//! Languages: a BCP 47 tag we can choose words, dates and money by.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// A language tag such as `en-GB` or `de`. At most 35 characters (RFC 5646 §4.4.1).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Locale(String);

/// Scripts of these languages run from right to left.
const RIGHT_TO_LEFT: [&str; 8] = ["ar", "dv", "fa", "he", "ps", "sd", "ur", "yi"];

impl Locale {
    /// Reads a tag; `en_GB` is understood.
    pub fn parse(text: &str) -> Result<Self> {
        let tag = text.trim().replace('_', "-");
        let parts_ok = tag
            .split('-')
            .all(|p| (1..=8).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphanumeric()));
        let language = tag.split('-').next().unwrap_or_default();
        let language_ok =
            (2..=3).contains(&language.len()) && language.bytes().all(|b| b.is_ascii_alphabetic());
        if tag.len() <= 35 && parts_ok && language_ok {
            Ok(Locale(tag))
        } else {
            Err(Error::invalid("unknown_locale", "Write the language as a tag, like en-GB."))
        }
    }

    /// The whole tag.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The language alone, in lower case.
    pub fn language(&self) -> String {
        self.0.split('-').next().unwrap_or_default().to_ascii_lowercase()
    }

    /// The region, in upper case, when the tag has one.
    pub fn region(&self) -> Option<String> {
        self.0.split('-').skip(1).find(|part| part.len() == 2).map(str::to_ascii_uppercase)
    }

    /// `rtl` or `ltr`, as the `dir` attribute wants it.
    pub fn dir(&self) -> &'static str {
        // The pseudo-locale ar-XB and every tag of these languages.
        if RIGHT_TO_LEFT.contains(&self.language().as_str()) { "rtl" } else { "ltr" }
    }
}

impl Default for Locale {
    fn default() -> Self {
        Locale("en-GB".to_owned())
    }
}

impl fmt::Display for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_read_and_nonsense_is_not() {
        assert_eq!(Locale::parse("en_GB").unwrap().region().as_deref(), Some("GB"));
        assert_eq!(Locale::parse("zh-Hant-TW").unwrap().region().as_deref(), Some("TW"));
        assert_eq!(Locale::parse("ar").unwrap().dir(), "rtl");
        for text in ["", "english", "e", "en-", "e\nn", "en-<b>"] {
            assert!(Locale::parse(text).is_err(), "{text:?}");
        }
    }
}
