//! What a merchant's sentence may cost, checked before it is parsed.
//!
//! Measured on the engine we use: 20,000 nested conditions overflow its stack and end the process, and a loop in a
//! loop five deep over forty things writes nothing and runs for six seconds. So depth and loops are bounded here,
//! by a reader that doesn't recurse.

use std::collections::BTreeSet;

use super::syntax::{self, Block, Misread, Tag};

/// The longest sentence.
const SOURCE_BYTES: usize = 4 * 1024;
/// Blocks in blocks; an `else if` counts like one, because the engine nests it.
const DEPTH: usize = 8;
/// Loops in loops, counted with the outermost.
const LOOPS: usize = 2;
/// What a loop says about its turn.
const LOOP_VALUES: [&str; 4] = ["@index", "@key", "@first", "@last"];

/// Why a merchant's sentence can't be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    UnknownKey { nearest: Option<String> },
    UnknownLanguage,
    TooLong,
    ControlCharacter,
    Unclosed,
    Foreign(String),
    UnknownPlaceholder { name: String, known: Vec<String> },
    TooDeep,
    TooManyLoops { most: usize },
    Unbalanced,
    Unreadable,
    CannotBeFilled,
}

/// Checks a sentence against the placeholders `known` for it.
pub(super) fn check(source: &str, known: &BTreeSet<String>) -> Result<(), Fault> {
    check_within(source, known, LOOPS)
}

/// The same for one whose loops may stand only so deep in one another.
pub(crate) fn check_within(source: &str, known: &BTreeSet<String>, loops: usize) -> Result<(), Fault> {
    if source.len() > SOURCE_BYTES {
        return Err(Fault::TooLong);
    }
    if source.chars().any(|c| c.is_control() && c != '\n') {
        return Err(Fault::ControlCharacter);
    }
    let mut nest = Nest { open: Vec::new(), loops };
    for tag in syntax::tags(source) {
        match tag.map_err(Fault::from)? {
            Tag::Value(path) => nest.know(path, known)?,
            Tag::Open(block, path) => {
                nest.know(path, known)?;
                nest.open(block)?;
            }
            Tag::Else => nest.otherwise(false)?,
            Tag::ElseIf(path) => {
                nest.know(path, known)?;
                nest.otherwise(true)?;
            }
            Tag::Close(block) => nest.close(block)?,
        }
    }
    if nest.open.is_empty() { Ok(()) } else { Err(Fault::Unbalanced) }
}

/// The blocks that are open at some place of a sentence.
struct Nest {
    open: Vec<OpenBlock>,
    /// The most loops in one another.
    loops: usize,
}

struct OpenBlock {
    block: Block,
    /// One, and one more for each `else if`.
    depth: usize,
}

impl Nest {
    fn open(&mut self, block: Block) -> Result<(), Fault> {
        self.open.push(OpenBlock { block, depth: 1 });
        let loops = self.open.iter().filter(|open| open.block == Block::Each).count();
        let most = self.loops;
        if loops > most { Err(Fault::TooManyLoops { most }) } else { self.bounded() }
    }

    fn otherwise(&mut self, chained: bool) -> Result<(), Fault> {
        let innermost = self.open.last_mut().ok_or(Fault::Unbalanced)?;
        innermost.depth += usize::from(chained);
        self.bounded()
    }

    fn close(&mut self, block: Block) -> Result<(), Fault> {
        let closes = self.open.pop().is_some_and(|open| open.block == block);
        if closes { Ok(()) } else { Err(Fault::Unbalanced) }
    }

    fn bounded(&self) -> Result<(), Fault> {
        let depth: usize = self.open.iter().map(|open| open.depth).sum();
        if depth > DEPTH { Err(Fault::TooDeep) } else { Ok(()) }
    }

    /// A name must be one the sentence knows. Inside `each` and `with` it must say whose it is: `this`, or `../` for
    /// what is outside.
    fn know(&self, path: &str, known: &BTreeSet<String>) -> Result<(), Fault> {
        let contexts = self.open.iter().filter(|open| open.block.changes_context()).count();
        let ups = path.matches("../").count();
        let name = path.trim_start_matches("../");
        let root = name.split('.').next().unwrap_or_default();
        let loops = self.open.iter().any(|open| open.block == Block::Each);
        let inner = contexts > 0 && (root == "this" || loops && LOOP_VALUES.contains(&name));
        let outer = ups == contexts && name == root && known.contains(name);
        if inner && ups < contexts || outer {
            return Ok(());
        }
        Err(Fault::UnknownPlaceholder { name: path.to_owned(), known: known.iter().cloned().collect() })
    }
}

impl From<Misread> for Fault {
    fn from(misread: Misread) -> Self {
        match misread {
            Misread::Unclosed => Fault::Unclosed,
            Misread::Foreign(tag) => Fault::Foreign(tag),
        }
    }
}

impl Fault {
    /// A stable name.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Fault::UnknownKey { .. } => "unknown_key",
            Fault::UnknownLanguage => "unknown_locale",
            Fault::TooLong => "too_long",
            Fault::ControlCharacter => "control_character",
            Fault::Unclosed => "unclosed",
            Fault::Foreign(_) => "not_allowed",
            Fault::UnknownPlaceholder { .. } => "unknown_placeholder",
            Fault::TooDeep => "too_deep",
            Fault::TooManyLoops { .. } => "too_many_loops",
            Fault::Unbalanced => "unbalanced",
            Fault::Unreadable => "unreadable",
            Fault::CannotBeFilled => "cannot_be_filled",
        }
    }

    /// What to do, for the merchant.
    pub(crate) fn words(&self) -> String {
        match self {
            Fault::UnknownKey { nearest: Some(key) } => {
                format!("There is no such sentence. Did you mean \"{key}\"?")
            }
            Fault::UnknownKey { nearest: None } => {
                "There is no such sentence. Remove it or mend its name.".into()
            }
            Fault::UnknownLanguage => "Write the language after the @ as a tag, like @de or @pt-BR.".into(),
            Fault::TooLong => format!("Write at most {SOURCE_BYTES} bytes."),
            Fault::ControlCharacter => "Remove the control characters; line breaks are fine.".into(),
            Fault::Unclosed => "A {{ has no }}. Close it.".into(),
            Fault::Foreign(tag) => format!(
                "{tag} can't be used here. Use {{{{name}}}}, if, unless, each, with and else, without a backslash."
            ),
            Fault::UnknownPlaceholder { name, known } => unknown_placeholder(name, known),
            Fault::TooDeep => format!("Put at most {DEPTH} blocks into one another; each else if counts."),
            Fault::TooManyLoops { most: 1 } => "An each can't stand inside another each.".into(),
            Fault::TooManyLoops { .. } => "Put at most one each into another each.".into(),
            Fault::Unbalanced => {
                "A block isn't opened and closed in order. Check each {{#…}} and its {{/…}}.".into()
            }
            Fault::Unreadable => "This can't be read. Check the braces.".into(),
            Fault::CannotBeFilled => {
                "This can't be filled in. Use each only over a list (what sentences know are single values), \
                 and give a with its else."
                    .into()
            }
        }
    }
}

fn unknown_placeholder(name: &str, known: &[String]) -> String {
    if known.is_empty() {
        return format!("This sentence has no placeholders. Remove {{{{{name}}}}}.");
    }
    let known: Vec<String> = known.iter().map(|name| format!("{{{{{name}}}}}")).collect();
    format!("{{{{{name}}}}} isn't known here. This sentence knows {}.", known.join(", "))
}
