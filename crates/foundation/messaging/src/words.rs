//! The words the blocks of a message bring themselves, and who may be asked for a sentence.

use kernel::words::Arg;
use kernel::{Catalogue, Locale, Words};

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

/// Somebody who knows a sentence by its key: the shipped catalogue, or the merchant's wording over it.
/// The renderers ask through this, so that a merchant can reword what the blocks bring themselves, too.
pub trait Say {
    /// The sentence `key` in the language of `locale`, with `args` put in.
    fn say(&self, locale: &Locale, key: &str, args: &[(&str, Arg<'_>)]) -> String;
}

impl Say for Catalogue {
    fn say(&self, locale: &Locale, key: &str, args: &[(&str, Arg<'_>)]) -> String {
        Catalogue::say(self, locale, key, args)
    }
}
