//! In which language somebody is spoken to.

use crate::{Catalogue, Locale};

/// The language of a message or a page, and who decided it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// Words, dates and amounts follow it.
    pub locale: Locale,
    /// Whose language it is.
    pub by: ChosenBy,
}

/// Whose language was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChosenBy {
    /// The order's, or that of whatever else it is about.
    Order,
    /// The one the customer is known by.
    Customer,
    /// The shop's.
    Shop,
    /// English, because we speak none of theirs.
    Nobody,
}

impl ChosenBy {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            ChosenBy::Order => "order",
            ChosenBy::Customer => "customer",
            ChosenBy::Shop => "shop",
            ChosenBy::Nobody => "nobody",
        }
    }
}

/// The order's language, else the customer's, else the shop's, else English: the first one we speak wholly.
///
/// One that we have no words in, or not all, is passed over: a message is in one language from its subject to its foot.
pub fn choose(words: &Catalogue, order: Option<&Locale>, customer: Option<&Locale>, shop: &Locale) -> Chosen {
    let wishes = [(order, ChosenBy::Order), (customer, ChosenBy::Customer), (Some(shop), ChosenBy::Shop)];
    let spoken = wishes.into_iter().find_map(|(locale, by)| {
        locale.filter(|locale| words.speaks(locale)).map(|locale| Chosen { locale: locale.clone(), by })
    });
    spoken.unwrap_or_else(|| Chosen { locale: Locale::default(), by: ChosenBy::Nobody })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_language_we_speak_is_chosen() {
        let words = Catalogue::new(&[]).unwrap();
        let locale = |tag: &str| Locale::parse(tag).unwrap();
        for (order, customer, shop, wanted, by) in [
            ("de-AT", "en-GB", "en-GB", "de-AT", ChosenBy::Order),
            ("", "de-CH", "en-GB", "de-CH", ChosenBy::Customer),
            ("", "", "de-DE", "de-DE", ChosenBy::Shop),
            // Not spoken: passed over, and never half of a page.
            ("fr-FR", "de", "en-GB", "de", ChosenBy::Customer),
            ("fr-FR", "pl", "de-DE", "de-DE", ChosenBy::Shop),
            ("zh-Hant", "", "en-US", "en-US", ChosenBy::Shop),
            ("zh-Hant-TW", "", "zh-Hans", "en-GB", ChosenBy::Nobody),
        ] {
            let wish = |tag: &str| (!tag.is_empty()).then(|| locale(tag));
            let chosen = choose(&words, wish(order).as_ref(), wish(customer).as_ref(), &locale(shop));
            assert_eq!(chosen, Chosen { locale: locale(wanted), by }, "{order} {customer} {shop}");
        }
    }
}
