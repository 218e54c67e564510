//! The words the blocks of a message bring themselves.

use kernel::Words;

/// This crate's own sentences.
pub const WORDS: &[Words] = &[
    Words { language: "en", source: include_str!("words/en.ftl") },
    Words { language: "de", source: include_str!("words/de.ftl") },
    Words { language: "en", source: include_str!("words/text-en.ftl") },
    Words { language: "de", source: include_str!("words/text-de.ftl") },
    YOU[0],
    YOU[1],
];

/// The pages on which a person decides about our messages, and the links that lead there.
pub(crate) const YOU: [Words; 2] = [
    Words { language: "en", source: include_str!("words/you-en.ftl") },
    Words { language: "de", source: include_str!("words/you-de.ftl") },
];
