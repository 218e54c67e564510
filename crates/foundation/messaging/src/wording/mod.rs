//! The merchant's own words: any shipped sentence may be written anew under `[wording]` in `aftercare.toml`.
//!
//! A sentence is written in the placeholder syntax merchants know (`{{order}}`, `{{#if note}}…{{/if}}`), checked when
//! the program starts, and compiled once. The checks stand before the parser because the parser can be made to
//! overflow the stack, and nothing a merchant writes may take the program down. The result is plain text: the
//! renderers escape it like every other text.

pub(crate) mod budget;
mod known;
pub(crate) mod limits;
mod syntax;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use handlebars::{Handlebars, Template};
use kernel::words::{Arg, Say};
use kernel::{Catalogue, Error, FieldError, Locale, Result, Words};
use serde_json::{Map, Value};

use limits::Fault;

/// The shipped sentences with the merchant's own over them.
pub struct Wording {
    catalogue: Catalogue,
    /// Which languages a sentence was rewritten for, by its key.
    rewritten: BTreeMap<String, Vec<Rewrite>>,
    /// The language of rewrites that name none; without it they are for every language.
    untagged: Option<String>,
    engine: Handlebars<'static>,
    /// Every sentence there is, and what it can be given.
    known: known::Placeholders,
    /// The merchant's own, as they were written.
    own: BTreeMap<String, String>,
}

/// One rewritten sentence.
struct Rewrite {
    /// The language or locale it is meant for, in lower case; `None` is the shop's own.
    tag: Option<String>,
    /// Its name in the engine: the key as the merchant wrote it.
    template: String,
}

/// The helpers that remain. All others are taken away, so that a placeholder named like one (`len`) is a placeholder.
const UNWANTED_HELPERS: [&str; 13] =
    ["lookup", "raw", "log", "eq", "ne", "gt", "gte", "lt", "lte", "and", "or", "not", "len"];

impl Wording {
    /// Checks and compiles what stands under `[wording]`: key, or `key@de` for one language, and the sentence.
    ///
    /// `sources` are the words `catalogue` was made of, without the kernel's: they say which keys exist and which
    /// placeholders each sentence knows. Every sentence that can't be used is named in the error, with what to do.
    pub fn new(
        catalogue: Catalogue,
        sources: &[&[Words]],
        overrides: BTreeMap<String, String>,
    ) -> Result<Wording> {
        let mut wording = Wording {
            catalogue,
            rewritten: BTreeMap::new(),
            untagged: None,
            engine: engine(),
            known: known::placeholders(sources),
            own: BTreeMap::new(),
        };
        let mut wrong = Vec::new();
        for (name, source) in overrides {
            if let Err(fault) = wording.add(&name, &source) {
                wrong.push(field_error(&name, &fault));
            }
            wording.own.insert(name, source);
        }
        if wrong.is_empty() { Ok(wording) } else { Err(unusable(wrong)) }
    }

    /// Sentences without a language are in the shop's own, and for no other: a German letter with an English subject
    /// would be in two languages.
    pub fn in_language_of(self, shop: &Locale) -> Wording {
        Wording { untagged: Some(shop.language()), ..self }
    }

    /// The sentence `key`: the merchant's, when there is one for this language and it can be filled in, else ours.
    pub fn say(&self, locale: &Locale, key: &str, args: &[(&str, Arg<'_>)]) -> String {
        let own = self.rewrite(locale, key).and_then(|rewrite| self.filled(rewrite, args));
        own.unwrap_or_else(|| self.catalogue.say(locale, key, args))
    }

    /// The shipped sentences.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// Every sentence there is, with the placeholders it can be given.
    pub fn sentences(&self) -> &BTreeMap<String, BTreeSet<String>> {
        &self.known
    }

    /// The merchant's own sentences as they were written, by key, or `key@de` for one language.
    pub fn own(&self) -> &BTreeMap<String, String> {
        &self.own
    }

    /// Whether a sentence could be used under this name: key, or key and language. Fails with what to do about it.
    pub fn check(&self, name: &str, source: &str) -> Result<()> {
        let usable = self.read(name, source).and_then(|read| tried(read));
        usable.map(drop).map_err(|fault| Error::field("/text", fault.code(), fault.words()))
    }

    fn add(&mut self, name: &str, source: &str) -> Result<(), Fault> {
        let Sentence { key, tag, template, .. } = tried(self.read(name, source)?)?;
        let key = key.to_owned();
        self.engine.register_template(name, template);
        let rewrite = Rewrite { tag, template: name.to_owned() };
        self.rewritten.entry(key).or_default().push(rewrite);
        Ok(())
    }

    /// Reads a sentence, within its limits.
    fn read<'a>(&'a self, name: &'a str, source: &str) -> Result<Sentence<'a>, Fault> {
        let (key, tag) = split(name)?;
        let unknown = || Fault::UnknownKey { nearest: known::nearest(&self.known, key) };
        let names = self.known.get(key).ok_or_else(unknown)?;
        limits::check(source, names)?;
        let template = Template::compile(source).map_err(|_| Fault::Unreadable)?;
        Ok(Sentence { key, tag, names, template })
    }

    /// The most particular rewrite: for this very locale, for its language, for the shop's language if it is that.
    fn rewrite(&self, locale: &Locale, key: &str) -> Option<&Rewrite> {
        let rewrites = self.rewritten.get(key)?;
        let is_for = |tag: &str| rewrites.iter().find(|rewrite| rewrite.tag.as_deref() == Some(tag));
        let tagged = locale.fallbacks().iter().find_map(|tag| is_for(&tag.to_ascii_lowercase()));
        let is_shops = self.untagged.as_ref().is_none_or(|language| *language == locale.language());
        tagged.or_else(|| rewrites.iter().find(|rewrite| rewrite.tag.is_none() && is_shops))
    }

    /// `None` when it can't be filled in: too long with these values, or a value that this caller doesn't give.
    fn filled(&self, rewrite: &Rewrite, args: &[(&str, Arg<'_>)]) -> Option<String> {
        let data: Map<String, Value> =
            args.iter().map(|(name, arg)| ((*name).to_owned(), value(arg))).collect();
        let text = budget::render(&self.engine, &rewrite.template, data);
        if text.is_none() {
            tracing::warn!(
                key = rewrite.template,
                "this sentence of [wording] can't be filled in; ours is used"
            );
        }
        text
    }
}

/// A sentence of the merchant's, read and within its limits.
struct Sentence<'a> {
    key: &'a str,
    tag: Option<String>,
    names: &'a BTreeSet<String>,
    template: Template,
}

/// Fills the sentence in twice, with everything known and with nothing, so that both sides of its conditions are seen to
/// work before a customer sees them.
fn tried(sentence: Sentence<'_>) -> Result<Sentence<'_>, Fault> {
    let mut engine = engine();
    engine.register_template("tried", sentence.template.clone());
    for sample in ["1", ""] {
        let data = sentence.names.iter().map(|name| (name.clone(), Value::from(sample))).collect();
        budget::render(&engine, "tried", data).ok_or(Fault::CannotBeFilled)?;
    }
    Ok(sentence)
}

impl Say for Wording {
    fn say(&self, locale: &Locale, key: &str, args: &[(&str, Arg<'_>)]) -> String {
        Wording::say(self, locale, key, args)
    }

    fn speaks(&self, locale: &Locale) -> bool {
        self.catalogue.speaks(locale)
    }
}

impl std::fmt::Debug for Wording {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Wording({:?})", self.rewritten.keys().collect::<Vec<_>>())
    }
}

/// An engine that writes plain text, knows four helpers, and refuses a placeholder without a value.
pub(crate) fn engine() -> Handlebars<'static> {
    let mut engine = Handlebars::new();
    engine.register_escape_fn(handlebars::no_escape);
    engine.set_strict_mode(true);
    for helper in UNWANTED_HELPERS {
        engine.unregister_helper(helper);
    }
    engine
}

fn value(arg: &Arg<'_>) -> Value {
    match arg {
        Arg::Text(text) => Value::from(*text),
        Arg::Count(count) => Value::from(*count),
    }
}

/// `key@de` is the key and the language.
fn split(name: &str) -> Result<(&str, Option<String>), Fault> {
    match name.split_once('@') {
        None => Ok((name, None)),
        Some((key, tag)) => {
            let locale = Locale::parse(tag).map_err(|_| Fault::UnknownLanguage)?;
            Ok((key, Some(locale.as_str().to_ascii_lowercase())))
        }
    }
}

fn field_error(name: &str, fault: &Fault) -> FieldError {
    let pointer = format!("/wording/{}", name.replace('~', "~0").replace('/', "~1"));
    FieldError { pointer, code: fault.code(), detail: fault.words() }
}

fn unusable(wrong: Vec<FieldError>) -> Error {
    Error::invalid("wording", "Some sentences under [wording] can't be used.").with_fields(wrong)
}
