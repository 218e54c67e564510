//! Shipped words: Fluent catalogues, one per crate and language, merged at start.
//!
//! A missing word in a language falls back to English; a word missing everywhere is shown as its key, and a test
//! makes sure that never happens. Arguments are inserted as they are: whoever prints into HTML escapes afterwards.

use std::collections::BTreeMap;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

use crate::{Date, Error, Locale, Result};

/// The source of one crate's words in one language.
#[derive(Clone, Copy, Debug)]
pub struct Words {
    /// Language, for example `en`.
    pub language: &'static str,
    /// The text of the `.ftl` file.
    pub source: &'static str,
}

/// The kernel's own words: dates and countries.
pub const WORDS: &[Words] = &[
    Words { language: "en", source: include_str!("words/en.ftl") },
    Words { language: "en", source: include_str!("words/countries-en.ftl") },
];

/// The language every word exists in.
const FALLBACK: &str = "en";

/// An argument of a sentence.
pub enum Arg<'a> {
    /// A text, inserted as it is.
    Text(&'a str),
    /// A number, which chooses the plural category.
    Count(i64),
}

impl<'a> From<&'a str> for Arg<'a> {
    fn from(text: &'a str) -> Self {
        Arg::Text(text)
    }
}

impl<'a> From<&'a String> for Arg<'a> {
    fn from(text: &'a String) -> Self {
        Arg::Text(text)
    }
}

impl From<i64> for Arg<'_> {
    fn from(count: i64) -> Self {
        Arg::Count(count)
    }
}

/// Every shipped sentence, by language and key.
pub struct Catalogue {
    bundles: BTreeMap<String, FluentBundle<FluentResource>>,
}

impl Catalogue {
    /// Merges the words of all crates. Fails on a syntax error or a key that two crates claim.
    pub fn new(sources: &[&[Words]]) -> Result<Self> {
        let mut bundles = BTreeMap::new();
        for words in [WORDS].iter().chain(sources).copied().flatten() {
            let bundle =
                bundles.entry(words.language.to_owned()).or_insert_with(|| empty_bundle(words.language));
            let resource = FluentResource::try_new(words.source.to_owned())
                .map_err(|(_, errors)| Error::internal(format!("words in {}: {errors:?}", words.language)))?;
            bundle
                .add_resource(resource)
                .map_err(|errors| Error::internal(format!("words in {}: {errors:?}", words.language)))?;
        }
        Ok(Catalogue { bundles })
    }

    /// The sentence `key` in the language of `locale`, with `args` put in.
    pub fn say(&self, locale: &Locale, key: &str, args: &[(&str, Arg<'_>)]) -> String {
        let language = locale.language();
        self.try_say(&language, key, args)
            .or_else(|| self.try_say(FALLBACK, key, args))
            .unwrap_or_else(|| key.to_owned())
    }

    /// Whether the sentence exists in this very language.
    pub fn has(&self, language: &str, key: &str) -> bool {
        self.bundles.get(language).is_some_and(|bundle| bundle.has_message(key))
    }

    /// A calendar date with its weekday, `Thursday 26 November`; the year only when it is not `today`'s.
    pub fn date(&self, locale: &Locale, date: Date, today: Date) -> String {
        let weekday =
            self.say(locale, "weekday", &[("n", i64::from(date.weekday().to_monday_one_offset()).into())]);
        let month = self.say(locale, "month", &[("n", i64::from(date.month()).into())]);
        let (day, year) = (date.day().to_string(), date.year().to_string());
        let key = if date.year() == today.year() { "date-this-year" } else { "date-other-year" };
        let args = [
            ("weekday", (&weekday).into()),
            ("day", (&day).into()),
            ("month", (&month).into()),
            ("year", (&year).into()),
        ];
        self.say(locale, key, &args)
    }

    /// One date, or `26–27 November` said as a range.
    pub fn date_range(&self, locale: &Locale, from: Date, to: Date, today: Date) -> String {
        if from == to {
            return self.date(locale, from, today);
        }
        let (from, to) = (self.date(locale, from, today), self.date(locale, to, today));
        self.say(locale, "date-range", &[("from", (&from).into()), ("to", (&to).into())])
    }

    /// The name of a country by its ISO 3166-1 code; the code itself when we have no name for it.
    pub fn country(&self, locale: &Locale, code: &str) -> String {
        let key = format!("country-{}", code.to_ascii_lowercase());
        let name = self.say(locale, &key, &[]);
        if name == key { code.to_owned() } else { name }
    }

    /// An hour and a minute, `14:05`.
    pub fn time(&self, locale: &Locale, hour: i8, minute: i8) -> String {
        let (hour, minute) = (format!("{hour:02}"), format!("{minute:02}"));
        self.say(locale, "time-of-day", &[("hour", (&hour).into()), ("minute", (&minute).into())])
    }

    fn try_say(&self, language: &str, key: &str, args: &[(&str, Arg<'_>)]) -> Option<String> {
        let bundle = self.bundles.get(language)?;
        let pattern = bundle.get_message(key)?.value()?;
        let mut fluent_args = FluentArgs::with_capacity(args.len());
        for (name, arg) in args {
            match arg {
                Arg::Text(text) => fluent_args.set(*name, FluentValue::from(*text)),
                Arg::Count(count) => fluent_args.set(*name, FluentValue::from(*count)),
            }
        }
        // A missing argument leaves its name in the sentence; the tests render every sentence and find it.
        let mut errors = Vec::new();
        Some(bundle.format_pattern(pattern, Some(&fluent_args), &mut errors).into_owned())
    }
}

impl std::fmt::Debug for Catalogue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Catalogue({:?})", self.bundles.keys().collect::<Vec<_>>())
    }
}

fn empty_bundle(language: &str) -> FluentBundle<FluentResource> {
    let id: LanguageIdentifier = language.parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![id]);
    // Isolation marks would stand in subjects and attributes; `text::isolated` and `<bdi>` do it where it matters.
    bundle.set_use_isolating(false);
    bundle
}

#[cfg(test)]
mod tests {
    use super::*;

    fn catalogue() -> Catalogue {
        Catalogue::new(&[]).unwrap()
    }

    #[test]
    fn dates_have_a_weekday_and_a_year_only_when_it_differs() {
        let (words, en) = (catalogue(), Locale::default());
        let date = |text: &str| crate::time::parse_date(text).unwrap();
        let today = date("2026-11-22");
        assert_eq!(words.date(&en, date("2026-11-26"), today), "Thursday 26 November");
        assert_eq!(words.date(&en, date("2027-01-02"), today), "Saturday 2 January 2027");
        assert_eq!(
            words.date_range(&en, date("2026-11-25"), date("2026-11-25"), today),
            "Wednesday 25 November"
        );
        let range = words.date_range(&en, date("2026-11-25"), date("2026-11-27"), today);
        assert_eq!(range, "Wednesday 25 November to Friday 27 November");
    }

    #[test]
    fn countries_have_names() {
        let en = Locale::default();
        assert_eq!(catalogue().country(&en, "GB"), "United Kingdom");
        assert_eq!(catalogue().country(&en, "QQ"), "QQ");
    }

    #[test]
    fn an_unknown_language_falls_back_to_english() {
        let xx = Locale::parse("xx").unwrap();
        assert_eq!(catalogue().time(&xx, 4, 5), "04:05");
    }
}
