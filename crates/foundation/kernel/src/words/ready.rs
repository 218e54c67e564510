//! Sentences made ready at start, so that a page does not ask Fluent for each of its fifty.
//!
//! Most sentences are text with values put in between. Those are taken apart once and put together by hand; what Fluent
//! would say is what is said, and a test holds every one against it. Sentences that choose a form stay Fluent's, but what
//! it says to a small count (a weekday, a month, two pieces) is remembered.

use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock};

use fluent_bundle::FluentResource;
use fluent_syntax::ast::{Entry, Expression, InlineExpression, PatternElement};

use super::Arg;

/// Counts below this are remembered: months, pieces, messages. What is beyond is rare, and may be endless.
const REMEMBERED_BELOW: i64 = 100;

/// What is ready of one language.
#[derive(Default)]
pub(super) struct Ready {
    plain: Plain,
    counted: RwLock<BTreeMap<String, BTreeMap<i64, String>>>,
}

/// Sentences by their keys, which begin alike: comparing them would take longer than all the rest.
#[expect(clippy::disallowed_types, reason = "only looked up, so that its order plays no part")]
type Plain = std::collections::HashMap<String, Vec<Piece>>;

/// A piece of a plain sentence.
enum Piece {
    Text(String),
    Value(String),
}

impl Ready {
    /// Takes the plain sentences of `resource` apart.
    pub(super) fn add(&mut self, resource: &FluentResource) {
        for entry in resource.entries() {
            if let Entry::Message(message) = entry
                && let Some(pattern) = &message.value
                && let Some(pieces) = pattern.elements.iter().map(piece).collect()
            {
                self.plain.insert(message.id.name.to_owned(), pieces);
            }
        }
    }

    /// The sentence `key`, if it is plain and every value it names is given as a text.
    pub(super) fn plain(&self, key: &str, args: &[(&str, Arg<'_>)]) -> Option<String> {
        let pieces = self.plain.get(key)?;
        let mut bytes = 0;
        for piece in pieces {
            bytes += piece.with(args)?.len();
        }
        let mut sentence = String::with_capacity(bytes);
        pieces.iter().filter_map(|piece| piece.with(args)).for_each(|text| sentence.push_str(text));
        Some(sentence)
    }

    /// The sentence `key` said to the small `count`, and nothing else: remembered, or made by `say` and then remembered.
    pub(super) fn counted(
        &self,
        key: &str,
        count: i64,
        say: impl FnOnce() -> Option<String>,
    ) -> Option<String> {
        if !(0..REMEMBERED_BELOW).contains(&count) {
            return say();
        }
        let known = self.counted.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(text) = known.get(key).and_then(|texts| texts.get(&count)) {
            return Some(text.clone());
        }
        drop(known);
        let text = say()?;
        let mut known = self.counted.write().unwrap_or_else(PoisonError::into_inner);
        known.entry(key.to_owned()).or_default().insert(count, text.clone());
        Some(text)
    }
}

impl Piece {
    fn with<'a>(&'a self, args: &'a [(&str, Arg<'_>)]) -> Option<&'a str> {
        match self {
            Piece::Text(text) => Some(text),
            Piece::Value(name) => {
                args.iter().find(|(known, _)| known == name).and_then(|(_, arg)| match arg {
                    Arg::Text(text) => Some(*text),
                    Arg::Count(_) => None,
                })
            }
        }
    }
}

/// `None` for whatever is more than a text or a value.
fn piece(element: &PatternElement<&str>) -> Option<Piece> {
    match element {
        PatternElement::TextElement { value } => Some(Piece::Text((*value).to_owned())),
        PatternElement::Placeable {
            expression: Expression::Inline(InlineExpression::VariableReference { id }),
        } => Some(Piece::Value(id.name.to_owned())),
        PatternElement::Placeable { .. } => None,
    }
}
