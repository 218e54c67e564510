//! Shipped words: Fluent catalogues, one per crate and language, merged at start.
//!
//! A word is looked for in the reader's own tag, then in what the tag falls back to (`de-AT`, `de`), then in English; a
//! word missing everywhere is shown as its key, and a test makes sure that never happens. Arguments are inserted as
//! they are: whoever prints into HTML escapes afterwards. Which language a reader is spoken to in is decided before, by
//! [`choose`], so that no page is half in one and half in another.

mod choose;
mod dates;
mod numbers;
mod placeholders;
pub mod pseudo;
mod ready;
mod say;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use fluent_syntax::ast;
use unic_langid::LanguageIdentifier;

pub use choose::{Chosen, ChosenBy, choose};
pub use placeholders::placeholders;
use ready::Ready;
pub use say::Say;

use crate::{Error, Locale, Result};

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
    Words { language: "en", source: include_str!("en.ftl") },
    Words { language: "en", source: include_str!("countries-en.ftl") },
    Words { language: "de", source: include_str!("de.ftl") },
    Words { language: "de", source: include_str!("countries-de.ftl") },
];

/// The language every word exists in.
pub const FALLBACK: &str = "en";

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
    bundles: BTreeMap<String, Bundle>,
    /// The keys of each language.
    keys: BTreeMap<String, BTreeSet<String>>,
    /// The languages that have every sentence English has.
    whole: BTreeSet<String>,
}

/// The sentences of one language.
struct Bundle {
    fluent: FluentBundle<FluentResource>,
    ready: Ready,
}

impl Catalogue {
    /// Merges the words of all crates. Fails on a syntax error or a key that two crates claim.
    pub fn new(sources: &[&[Words]]) -> Result<Self> {
        let mut catalogue =
            Catalogue { bundles: BTreeMap::new(), keys: BTreeMap::new(), whole: BTreeSet::new() };
        for words in all(sources) {
            catalogue.add(words.language, words.language, words.source.to_owned())?;
        }
        catalogue.whole = catalogue.whole_languages();
        Ok(catalogue)
    }

    /// The same with two languages nobody speaks, made from the English one: `en-XA`, whose every sentence is accented,
    /// longer and in brackets, and `ar-XB`, which runs from right to left. They show what was not translated, what is
    /// too narrow, and what takes left for the beginning.
    pub fn with_pseudo_locales(sources: &[&[Words]]) -> Result<Self> {
        let mut catalogue = Catalogue::new(sources)?;
        for words in all(sources).filter(|words| words.language == FALLBACK) {
            for (tag, source) in pseudo::locales_of(words.source)? {
                catalogue.add(tag, FALLBACK, source)?;
            }
        }
        catalogue.whole = catalogue.whole_languages();
        Ok(catalogue)
    }

    /// The sentence `key` in the language of `locale`, with `args` put in.
    pub fn say(&self, locale: &Locale, key: &str, args: &[(&str, Arg<'_>)]) -> String {
        let said = locale.find(|tag| self.try_say(tag, locale, key, args));
        said.or_else(|| self.try_say(FALLBACK, locale, key, args)).unwrap_or_else(|| key.to_owned())
    }

    /// Whether the sentence exists in this very language.
    pub fn has(&self, language: &str, key: &str) -> bool {
        self.bundles.get(language).is_some_and(|bundle| bundle.fluent.has_message(key))
    }

    /// The languages there are words in, complete or not.
    pub fn languages(&self) -> impl Iterator<Item = &str> {
        self.keys.keys().map(String::as_str)
    }

    /// Every key of a language.
    pub fn keys(&self, language: &str) -> BTreeSet<&str> {
        self.keys.get(language).into_iter().flatten().map(String::as_str).collect()
    }

    /// Whether whole pages can be said to this reader: every sentence there is in English is there in their language.
    pub fn speaks(&self, locale: &Locale) -> bool {
        locale.find(|tag| self.whole.contains(tag).then_some(())).is_some()
    }

    /// The name of a country by its ISO 3166-1 code; the code itself when we have no name for it.
    pub fn country(&self, locale: &Locale, code: &str) -> String {
        let key = format!("country-{}", code.to_ascii_lowercase());
        let name = self.say(locale, &key, &[]);
        if name == key { code.to_owned() } else { name }
    }

    fn try_say(&self, tag: &str, locale: &Locale, key: &str, args: &[(&str, Arg<'_>)]) -> Option<String> {
        let bundle = self.bundles.get(tag)?;
        if let Some(text) = bundle.ready.plain(key, args) {
            return Some(text);
        }
        let by_fluent = || said_by(&bundle.fluent, locale, key, args);
        match args {
            [(_, Arg::Count(count))] if numbers::is_plain(*count, &bundle.fluent.locales) => {
                bundle.ready.counted(key, *count, by_fluent)
            }
            _ => by_fluent(),
        }
    }

    /// The languages with all of English's keys.
    fn whole_languages(&self) -> BTreeSet<String> {
        let english = self.keys.get(FALLBACK);
        let whole = self.keys.iter().filter(|(_, own)| english.is_some_and(|all| own.is_superset(all)));
        whole.map(|(tag, _)| tag.clone()).collect()
    }

    /// Adds words under `tag`, whose plurals are those of `rules`.
    fn add(&mut self, tag: &str, rules: &str, source: String) -> Result<()> {
        let unusable = |errors: &dyn std::fmt::Debug| Error::internal(format!("words in {tag}: {errors:?}"));
        let resource = FluentResource::try_new(source).map_err(|(_, errors)| unusable(&errors))?;
        let keys = self.keys.entry(tag.to_owned()).or_default();
        keys.extend(resource.entries().filter_map(key_of));
        let empty = || Bundle { fluent: empty_bundle(rules), ready: Ready::default() };
        let bundle = self.bundles.entry(tag.to_owned()).or_insert_with(empty);
        bundle.ready.add(&resource);
        bundle.fluent.add_resource(resource).map_err(|errors| unusable(&errors))
    }
}

impl std::fmt::Debug for Catalogue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Catalogue({:?})", self.bundles.keys().collect::<Vec<_>>())
    }
}

/// The kernel's words and those of `sources`.
fn all<'a>(sources: &'a [&'a [Words]]) -> impl Iterator<Item = &'a Words> {
    WORDS.iter().chain(sources.iter().copied().flatten())
}

/// The sentence `key` as Fluent says it.
fn said_by(
    bundle: &FluentBundle<FluentResource>,
    locale: &Locale,
    key: &str,
    args: &[(&str, Arg<'_>)],
) -> Option<String> {
    let pattern = bundle.get_message(key)?.value()?;
    let mut fluent_args = FluentArgs::with_capacity(args.len());
    for (name, arg) in args {
        match arg {
            Arg::Text(text) => fluent_args.set(*name, FluentValue::from(*text)),
            Arg::Count(count) => fluent_args.set(*name, numbers::counted(*count, &bundle.locales, locale)),
        }
    }
    // A missing argument leaves its name in the sentence; the tests render every sentence and find it.
    let mut errors = Vec::new();
    Some(bundle.format_pattern(pattern, Some(&fluent_args), &mut errors).into_owned())
}

fn key_of(entry: &ast::Entry<&str>) -> Option<String> {
    match entry {
        ast::Entry::Message(message) => Some(message.id.name.to_owned()),
        ast::Entry::Term(_)
        | ast::Entry::Comment(_)
        | ast::Entry::GroupComment(_)
        | ast::Entry::ResourceComment(_)
        | ast::Entry::Junk { .. } => None,
    }
}

fn empty_bundle(language: &str) -> FluentBundle<FluentResource> {
    let id: LanguageIdentifier = language.parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![id]);
    // Isolation marks would stand in subjects and attributes; `text::isolated` and `<bdi>` do it where it matters.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(|value, _| numbers::shown(value)));
    bundle
}
