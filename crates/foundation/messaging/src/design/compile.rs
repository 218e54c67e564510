//! From a design to something that writes: every sentence checked, parsed once and tried.
//!
//! The checks of `[wording]` stand before the parser, and a loop may stand in no other: what is listed is one deep.

use std::collections::BTreeSet;

use handlebars::{Handlebars, Template};
use kernel::Locale;
use kernel::brand::check_link;

use super::offer::{FactKind, Facts, Offer};
use super::source::{Design, Piece, Sentence, Words};
use crate::wording::{self, budget, limits};

/// Loops in loops, counted with the outermost.
const LOOPS: usize = 1;

/// A design that writes.
pub struct Compiled {
    design: Design,
    engine: Handlebars<'static>,
}

/// Why something of a design can't be used, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The field of the form.
    pub field: String,
    /// In which language, where it has one.
    pub language: Option<String>,
    /// A stable name.
    pub code: &'static str,
    /// What to do, for the merchant.
    pub words: String,
}

/// A sentence that was right when it was saved and can't be filled in now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfillable {
    /// Which field.
    pub field: String,
}

impl Compiled {
    /// Everything of the design that can be used, and what can't. `samples` are facts to try every sentence with before
    /// a customer sees it.
    pub fn of(design: Design, offer: &Offer, samples: &[Facts]) -> (Compiled, Vec<Fault>) {
        let known: BTreeSet<String> = offer.facts.iter().map(|fact| fact.name.to_owned()).collect();
        let mut compiled = Compiled { design: design.over(offer), engine: wording::engine() };
        let mut faults = Vec::new();
        let design = compiled.design.clone();
        for sentence in design.sentences() {
            if let Err((code, words)) = compiled.add(&sentence, &known, offer, samples) {
                let language = Some(sentence.language.to_owned());
                faults.push(Fault { field: sentence.field, language, code, words });
            }
        }
        faults.extend(compiled.design.pieces.iter().filter_map(|piece| address_fault(piece, offer)));
        (compiled, faults)
    }

    /// The blocks in order.
    pub fn pieces(&self) -> &[Piece] {
        &self.design.pieces
    }

    /// The sentence of a field in the reader's language; `None` where the merchant wrote none in it.
    pub fn filled(&self, field: &str, locale: &Locale, facts: &Facts) -> Result<Option<String>, Unfillable> {
        let name = locale.find(|tag| {
            let name = template_name(field, tag);
            self.engine.has_template(&name).then_some(name)
        });
        let Some(name) = name else { return Ok(None) };
        let filled = budget::render(&self.engine, &name, facts.clone());
        filled.map(Some).ok_or_else(|| Unfillable { field: field.to_owned() })
    }

    fn add(
        &mut self,
        sentence: &Sentence<'_>,
        known: &BTreeSet<String>,
        offer: &Offer,
        samples: &[Facts],
    ) -> Result<(), (&'static str, String)> {
        limits::check_within(sentence.source, known, LOOPS).map_err(|fault| (fault.code(), fault.words()))?;
        let template = Template::compile(sentence.source)
            .map_err(|_| ("unreadable", "This can’t be read. Check the braces.".to_owned()))?;
        let name = template_name(&sentence.field, sentence.language);
        self.engine.register_template(&name, template);
        let tried = self.tried(sentence, &name, offer, samples);
        if tried.is_err() {
            self.engine.unregister_template(&name);
        }
        tried
    }

    /// Fills a sentence in with every sample and with nothing, so that both sides of its conditions are seen to work before
    /// a customer sees them.
    fn tried(
        &self,
        sentence: &Sentence<'_>,
        name: &str,
        offer: &Offer,
        samples: &[Facts],
    ) -> Result<(), (&'static str, String)> {
        let filled = |facts: &Facts| {
            let text = budget::render(&self.engine, name, facts.clone());
            text.ok_or_else(|| ("cannot_be_filled", cannot_be_filled(offer)))
        };
        filled(&offer.silent())?;
        for facts in samples {
            let text = filled(facts)?;
            let value = |need: &str| facts.get(need).and_then(|value| value.as_str());
            let is_said = |need: &&&str| value(need).is_some_and(|value| text.contains(value));
            let missing = offer.text_needs.iter().find(|need| !is_said(need));
            if let Some(missing) = missing.filter(|_| sentence.field == "text") {
                let words = format!("Name {{{{{missing}}}}}: without it this text is of no use.");
                return Err(("missing_placeholder", words));
            }
        }
        Ok(())
    }
}

impl std::fmt::Debug for Compiled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Compiled({} blocks)", self.design.pieces.len())
    }
}

/// Where an own button leads, with these facts; `None` where it leads nowhere.
pub fn address(href: &str, facts: &Facts) -> Option<String> {
    match named_link(href) {
        Some(name) => facts.get(name).and_then(|value| value.as_str()).map(str::to_owned),
        None => Some(href.trim().to_owned()),
    }
}

/// Words of a field that are not blank in any language.
pub(super) fn is_written(words: &Words) -> bool {
    words.values().any(|source| !source.trim().is_empty())
}

fn template_name(field: &str, language: &str) -> String {
    format!("{field}@{}", language.to_ascii_lowercase())
}

/// `{{url}}` names a link of the template.
fn named_link(href: &str) -> Option<&str> {
    href.trim().strip_prefix("{{")?.strip_suffix("}}").map(str::trim)
}

fn address_fault(piece: &Piece, offer: &Offer) -> Option<Fault> {
    let fault = |field: String, code, words: String| Some(Fault { field, language: None, code, words });
    match piece {
        Piece::Button { name, href, label } if is_written(label) || !href.is_empty() => {
            let words = button_fault(href, offer)?;
            fault(format!("href-{name}"), "not_a_link", words)
        }
        Piece::Picture { name, src, .. } if !src.starts_with("https://") || check_link(src).is_err() => {
            let words = "Write the picture’s address, beginning with https://.".to_owned();
            fault(format!("src-{name}"), "not_a_link", words)
        }
        Piece::Picture { name, alt, .. } if !is_written(alt) => {
            let words = "Say what the picture shows, for everybody who doesn’t see it.".to_owned();
            fault(format!("alt-{name}"), "no_alternative", words)
        }
        Piece::Button { .. }
        | Piece::Picture { .. }
        | Piece::Shipped { .. }
        | Piece::Text { .. }
        | Piece::Divider { .. } => None,
    }
}

fn button_fault(href: &str, offer: &Offer) -> Option<String> {
    let is_link = |name: &str| offer.fact(name).is_some_and(|fact| fact.kind == FactKind::Link);
    let leads = match named_link(href) {
        Some(name) => is_link(name),
        // A value within an address would have to be written as addresses are.
        None => !href.contains("{{") && (check_link(href).is_ok() || is_mail_address(href)),
    };
    let links = offer.facts.iter().filter(|fact| fact.kind == FactKind::Link);
    let links: Vec<String> = links.map(|fact| format!("{{{{{}}}}}", fact.name)).collect();
    let or = if links.is_empty() { String::new() } else { format!(", or {}", links.join(", ")) };
    (!leads).then(|| format!("Write a whole address that begins with https:// or mailto:{or}."))
}

fn is_mail_address(href: &str) -> bool {
    let address = href.strip_prefix("mailto:").map(|rest| rest.split('?').next().unwrap_or_default());
    address.is_some_and(|address| kernel::Email::parse(address).is_ok())
        && !href.chars().any(char::is_control)
}

fn cannot_be_filled(offer: &Offer) -> String {
    let lists: Vec<String> = offer.facts.iter().filter_map(|fact| list_words(fact.name, fact.kind)).collect();
    if lists.is_empty() {
        return "This can’t be filled in. Take each and with away: what this message knows are single values."
            .to_owned();
    }
    format!("This can’t be filled in, or grows too long. {}", lists.join(" "))
}

fn list_words(name: &str, kind: FactKind) -> Option<String> {
    let FactKind::List(fields) = kind else { return None };
    let fields: Vec<String> = fields.iter().map(|field| format!("{{{{this.{field}}}}}")).collect();
    Some(format!("Inside {{{{#each {name}}}}} write {}.", fields.join(", ")))
}
