//! The small language a merchant may write, read tag by tag without recursion.
//!
//! It is a part of Handlebars: values, `if`, `unless`, `each`, `with`, `else`, `else if`. What isn't in it is refused
//! here, so the real parser never meets a partial, a decorator, a raw block, a literal or a call.

/// One tag between double braces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tag<'a> {
    /// `{{order}}`: a value.
    Value(&'a str),
    /// `{{#if order}}`: opens a block over a value.
    Open(Block, &'a str),
    /// `{{else}}`.
    Else,
    /// `{{else if order}}`.
    ElseIf(&'a str),
    /// `{{/if}}`.
    Close(Block),
}

/// What a block does with its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Block {
    If,
    Unless,
    Each,
    With,
}

/// Why a tag was not understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Misread {
    /// `{{` without its `}}`.
    Unclosed,
    /// Something the language doesn't have; the tag as it was written.
    Foreign(String),
}

/// All tags of a text in order, up to the first that is not understood.
pub(super) fn tags(source: &str) -> impl Iterator<Item = Result<Tag<'_>, Misread>> {
    let mut rest = source;
    std::iter::from_fn(move || {
        let at = rest.find("{{")?;
        let (before, from) = rest.split_at(at);
        let read = one(before, from);
        rest = read.as_ref().map_or("", |(_, after)| *after);
        Some(read.map(|(tag, _)| tag))
    })
}

impl Block {
    fn named(name: &str) -> Option<Self> {
        match name {
            "if" => Some(Block::If),
            "unless" => Some(Block::Unless),
            "each" => Some(Block::Each),
            "with" => Some(Block::With),
            _ => None,
        }
    }

    /// Whether names inside mean something else than outside.
    pub(super) fn changes_context(self) -> bool {
        match self {
            Block::Each | Block::With => true,
            Block::If | Block::Unless => false,
        }
    }
}

/// The tag `from` begins with, and what comes after it.
fn one<'a>(before: &str, from: &'a str) -> Result<(Tag<'a>, &'a str), Misread> {
    // Three braces mean "don't escape" elsewhere; here nothing is escaped, so they mean the same as two.
    let (open, close) = if from.starts_with("{{{") { ("{{{", "}}}") } else { ("{{", "}}") };
    let end = from.find(close).ok_or(Misread::Unclosed)? + close.len();
    let whole = &from[..end];
    let foreign = || Misread::Foreign(kernel::text::shortened(whole, 60));
    // A backslash would make the braces plain text for the parser, and a tag for us.
    if before.ends_with('\\') {
        return Err(foreign());
    }
    let inner = &whole[open.len()..whole.len() - close.len()];
    let inner = inner.strip_prefix('~').unwrap_or(inner);
    let inner = inner.strip_suffix('~').unwrap_or(inner);
    let tag = classified(inner).ok_or_else(foreign)?;
    let triple_is_a_value = open == "{{" || matches!(tag, Tag::Value(_));
    if triple_is_a_value { Ok((tag, &from[end..])) } else { Err(foreign()) }
}

fn classified(inner: &str) -> Option<Tag<'_>> {
    let trimmed = inner.trim();
    if let Some(closed) = trimmed.strip_prefix('/') {
        return Block::named(closed.trim()).map(Tag::Close);
    }
    let (opens, parts) = match trimmed.strip_prefix('#') {
        Some(rest) => (true, rest.split_whitespace().collect::<Vec<_>>()),
        None => (false, trimmed.split_whitespace().collect()),
    };
    match (opens, parts.as_slice()) {
        (true, [block, value]) if is_path(value) => Some(Tag::Open(Block::named(block)?, value)),
        (false, ["else"]) => Some(Tag::Else),
        (false, ["else", "if", value]) if is_path(value) => Some(Tag::ElseIf(value)),
        (false, [value]) if is_path(value) => Some(Tag::Value(value)),
        _ => None,
    }
}

/// `order`, `this`, `this.name`, `@index`, `../order`.
fn is_path(text: &str) -> bool {
    let mut rest = text;
    while let Some(shorter) = rest.strip_prefix("../") {
        rest = shorter;
    }
    let rest = rest.strip_prefix('@').unwrap_or(rest);
    let is_name = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
    };
    rest.split('.').all(is_name) && !matches!(rest, "if" | "unless" | "each" | "with" | "else" | "as")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(source: &str) -> Vec<Result<Tag<'_>, Misread>> {
        tags(source).collect()
    }

    #[test]
    fn the_small_language_is_read() {
        let source = "Hi {{ name }}{{~#if note~}}: {{{note}}}{{else if @first}}a{{else}}b{{/if}}{{#each this.lines}}{{../x}}{{/each}} }}";
        let tags: Vec<Tag<'_>> = read(source).into_iter().map(Result::unwrap).collect();
        let wanted = [
            Tag::Value("name"),
            Tag::Open(Block::If, "note"),
            Tag::Value("note"),
            Tag::ElseIf("@first"),
            Tag::Else,
            Tag::Close(Block::If),
            Tag::Open(Block::Each, "this.lines"),
            Tag::Value("../x"),
            Tag::Close(Block::Each),
        ];
        assert_eq!(tags, wanted);
    }

    #[test]
    fn everything_else_is_foreign() {
        let foreign = [
            "{{> partial}}",
            "{{#> layout}}{{/layout}}",
            "{{* inline}}",
            "{{#*inline \"x\"}}{{/inline}}",
            "{{{{raw}}}} x {{{{/raw}}}}",
            "{{lookup a b}}",
            "{{eq a 1}}",
            "{{\"text\"}}",
            "{{12}}",
            "{{(a)}}",
            "{{! note }}",
            "{{!-- note --}}",
            "{{&a}}",
            "{{^}}",
            "{{#log a}}",
            "{{#if a b}}",
            "{{#each a as |b|}}",
            "\\{{a}}",
            "{{a[0]}}",
            "{{[a b]}}",
            "{{}}",
            "{{if}}",
            "{{else with a}}",
            "{{#if (a)}}",
            "{{a\u{a0}b}}",
            "{{{#if a}}}",
            "{{a.}}",
            "{{../../}}",
            "{{//if}}",
        ];
        for source in foreign {
            assert!(matches!(read(source).first(), Some(Err(Misread::Foreign(_)))), "{source}");
        }
        assert_eq!(read("Hello {{name"), [Err(Misread::Unclosed)]);
    }
}
