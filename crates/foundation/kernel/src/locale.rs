//! Languages: a BCP 47 tag we can choose words, dates and money by.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// A language tag such as `en-GB` or `de`. At most 35 characters (RFC 5646 §4.4.1).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Locale(String);

/// Scripts that run from right to left.
const RIGHT_TO_LEFT: [&str; 6] = ["Arab", "Hebr", "Thaa", "Nkoo", "Syrc", "Adlm"];

/// Regions where Chinese is written in its traditional script, when the tag names none.
const TRADITIONAL_CHINESE: [&str; 3] = ["TW", "HK", "MO"];

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

    /// The script, when the tag names one, as `Hant`.
    pub fn script(&self) -> Option<String> {
        let is_script = |part: &&str| part.len() == 4 && part.bytes().all(|b| b.is_ascii_alphabetic());
        let part = self.main_parts().find(is_script)?;
        Some(part[..1].to_ascii_uppercase() + &part[1..].to_ascii_lowercase())
    }

    /// The region, in upper case, when the tag has one.
    pub fn region(&self) -> Option<String> {
        let is_region = |part: &&str| match part.len() {
            2 => part.bytes().all(|b| b.is_ascii_alphabetic()),
            3 => part.bytes().all(|b| b.is_ascii_digit()),
            _ => false,
        };
        self.main_parts().find(is_region).map(str::to_ascii_uppercase)
    }

    /// Under which tags to look for something, the most particular first: `de-AT`, `de`.
    ///
    /// The script stays: who reads `zh-Hant` is not served by what is written in `zh`, nor `sr-Latn` by `sr`.
    pub fn fallbacks(&self) -> Vec<String> {
        let (language, region) = (current_name(self.language()), self.region());
        let traditional =
            language == "zh" && region.as_deref().is_some_and(|code| TRADITIONAL_CHINESE.contains(&code));
        let script = self.script().or_else(|| traditional.then(|| "Hant".to_owned()));
        let mut tags = Vec::new();
        let base = match &script {
            Some(script) => format!("{language}-{script}"),
            None => language.clone(),
        };
        tags.extend(region.as_deref().map(|region| format!("{base}-{region}")));
        tags.push(base);
        if script.as_deref().is_some_and(|script| script == usual_script(&language)) {
            tags.extend(region.map(|region| format!("{language}-{region}")));
            tags.push(language);
        }
        tags
    }

    /// What `look` finds under the first of the [`fallbacks`](Locale::fallbacks) that it knows.
    pub fn find<T>(&self, look: impl Fn(&str) -> Option<T>) -> Option<T> {
        match self.simple() {
            Some((language, whole)) => look(whole).or_else(|| look(language)),
            None => self.fallbacks().iter().find_map(|tag| look(tag)),
        }
    }

    /// The language and the whole of a tag that is written as it is looked up, `de` or `en-GB`: nearly every tag is, and
    /// a page looks up a hundred words.
    fn simple(&self) -> Option<(&str, &str)> {
        let (tag, bytes) = (self.0.as_str(), self.0.as_bytes());
        let is_language = bytes.len() >= 2 && bytes[..2].iter().all(u8::is_ascii_lowercase);
        let is_simple = match bytes.len() {
            2 => is_language,
            5 => is_language && bytes[2] == b'-' && bytes[3..].iter().all(u8::is_ascii_uppercase),
            _ => false,
        };
        let is_special = |language: &str| matches!(language, "zh" | "no" | "iw" | "in" | "tl");
        (is_simple && !is_special(&tag[..2])).then(|| (&tag[..2], tag))
    }

    /// `rtl` or `ltr`, as the `dir` attribute wants it.
    pub fn dir(&self) -> &'static str {
        let is_rtl = match self.simple() {
            Some((language, _)) => RIGHT_TO_LEFT.contains(&usual_script(language)),
            None => {
                let script = self.script().unwrap_or_else(|| usual_script(&self.language()).to_owned());
                RIGHT_TO_LEFT.contains(&script.as_str())
            }
        };
        if is_rtl { "rtl" } else { "ltr" }
    }

    /// The parts before an extension (`de-DE-u-co-phonebk`) or private use, without the language.
    fn main_parts(&self) -> impl Iterator<Item = &str> {
        self.0.split('-').skip(1).take_while(|part| part.len() > 1)
    }
}

/// Codes that were replaced, and Norwegian, which is kept under the name of how most of it is written.
fn current_name(language: String) -> String {
    match language.as_str() {
        "no" => "nb".to_owned(),
        "iw" => "he".to_owned(),
        "in" => "id".to_owned(),
        "tl" => "fil".to_owned(),
        _ => language,
    }
}

/// The script a language is written in when its tag names none (CLDR, likely subtags); Latin for all the others.
fn usual_script(language: &str) -> &'static str {
    match language {
        "ar" | "fa" | "ur" | "ps" | "sd" | "ug" | "ckb" | "ks" => "Arab",
        "he" | "iw" | "yi" => "Hebr",
        "dv" => "Thaa",
        "zh" => "Hans",
        "ja" => "Jpan",
        "ko" => "Kore",
        "ru" | "uk" | "be" | "bg" | "mk" | "sr" | "kk" | "ky" | "mn" | "tg" | "tt" => "Cyrl",
        "el" => "Grek",
        "hi" | "mr" | "ne" | "kok" | "sa" => "Deva",
        "bn" | "as" => "Beng",
        "pa" => "Guru",
        "gu" => "Gujr",
        "ta" => "Taml",
        "te" => "Telu",
        "kn" => "Knda",
        "ml" => "Mlym",
        "or" => "Orya",
        "si" => "Sinh",
        "th" => "Thai",
        "lo" => "Laoo",
        "km" => "Khmr",
        "my" => "Mymr",
        "ka" => "Geor",
        "hy" => "Armn",
        "am" | "ti" => "Ethi",
        _ => "Latn",
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
    fn a_word_is_found_under_the_first_tag_that_has_it() {
        for tag in [
            "de",
            "en-GB",
            "de-CH-1996",
            "zh-TW",
            "zh-Hant-TW",
            "no",
            "iw-IL",
            "EN",
            "sr-Latn",
            "es-419",
            "fil",
        ] {
            let (locale, asked) = (Locale::parse(tag).unwrap(), std::cell::RefCell::new(Vec::new()));
            let found = locale.find(|tag| {
                asked.borrow_mut().push(tag.to_owned());
                None::<()>
            });
            let mut asked = asked.into_inner();
            asked.dedup();
            assert_eq!((found, asked), (None, locale.fallbacks()), "{tag}");
        }
    }

    #[test]
    fn tags_are_read_and_nonsense_is_not() {
        assert_eq!(Locale::parse("en_GB").unwrap().region().as_deref(), Some("GB"));
        assert_eq!(Locale::parse("zh-Hant-TW").unwrap().region().as_deref(), Some("TW"));
        assert_eq!(Locale::parse("es-419").unwrap().region().as_deref(), Some("419"));
        assert_eq!(Locale::parse("de-u-co-phonebk").unwrap().region(), None);
        for text in ["", "english", "e", "en-", "e\nn", "en-<b>"] {
            assert!(Locale::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_region_falls_to_its_language_and_a_script_to_no_other() {
        for (tag, wanted) in [
            ("de-AT", "de-AT de"),
            ("DE_ch", "de-CH de"),
            ("de-Latn-CH-1996", "de-Latn-CH de-Latn de-CH de"),
            ("zh-Hant", "zh-Hant"),
            ("zh-TW", "zh-Hant-TW zh-Hant"),
            ("zh-CN", "zh-CN zh"),
            ("zh-Hans-SG", "zh-Hans-SG zh-Hans zh-SG zh"),
            ("sr-Latn-RS", "sr-Latn-RS sr-Latn"),
            ("ar-Latn", "ar-Latn"),
            ("no-NO", "nb-NO nb"),
        ] {
            assert_eq!(Locale::parse(tag).unwrap().fallbacks().join(" "), wanted, "{tag}");
        }
    }

    #[test]
    fn direction_is_the_scripts() {
        for (tag, dir) in
            [("ar", "rtl"), ("he-IL", "rtl"), ("ur-Latn", "ltr"), ("az-Arab", "rtl"), ("de", "ltr")]
        {
            assert_eq!(Locale::parse(tag).unwrap().dir(), dir, "{tag}");
        }
    }
}
