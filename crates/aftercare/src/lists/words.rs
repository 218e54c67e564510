//! Every sentence the program can say to a customer.

use std::collections::BTreeMap;

use kernel::words::pseudo;
use kernel::{Catalogue, Locale, Result, Words};
use messaging::Wording;

/// The catalogues, crate by crate. The kernel's own come with every catalogue.
pub const WORDS: &[&[Words]] =
    &[messaging::WORDS, portal::WORDS, account::WORDS, orders::WORDS, shipments::WORDS];

/// The languages everything can be said in. A test holds each to every sentence and every placeholder of English; one
/// with a gap would not be spoken at all.
pub const LANGUAGES: [&str; 2] = ["en", "de"];

/// All sentences, for a shop whose own language is `shop`. One that is set up in a pseudo-locale, to look at its pages
/// in it, has both of them.
pub fn catalogue(shop: &Locale) -> Result<Catalogue> {
    let tags = shop.fallbacks();
    let is_pseudo =
        [pseudo::LONG, pseudo::RIGHT_TO_LEFT].iter().any(|pseudo| tags.iter().any(|tag| tag == pseudo));
    if is_pseudo { Catalogue::with_pseudo_locales(WORDS) } else { Catalogue::new(WORDS) }
}

/// The same with the merchant's own words over them.
pub fn wording(shop: &Locale, own: BTreeMap<String, String>) -> Result<Wording> {
    Ok(Wording::new(catalogue(shop)?, WORDS, own)?.in_language_of(shop))
}
