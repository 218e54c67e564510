//! Who may be asked for a sentence.

use super::{Arg, Catalogue};
use crate::Locale;

/// Somebody who knows a sentence by its key: the shipped catalogue, or the merchant's wording over it. Whatever shows
/// words to a customer asks through this, so that there is no sentence a merchant can't reword.
pub trait Say: std::fmt::Debug + Send + Sync {
    /// The sentence `key` in the language of `locale`, with `args` put in.
    fn say(&self, locale: &Locale, key: &str, args: &[(&str, Arg<'_>)]) -> String;

    /// Whether whole pages can be said to this reader.
    fn speaks(&self, locale: &Locale) -> bool;
}

impl Say for Catalogue {
    fn say(&self, locale: &Locale, key: &str, args: &[(&str, Arg<'_>)]) -> String {
        Catalogue::say(self, locale, key, args)
    }

    fn speaks(&self, locale: &Locale) -> bool {
        Catalogue::speaks(self, locale)
    }
}
