//! What is known of something that was bought: its picture and page, how to look after it, how long it lasts.

use db::Read;
use kernel::{Locale, Result};

use crate::store::{self, Candidate};

/// Something that was bought, as its order names it.
#[derive(Clone, Copy, Debug)]
pub struct Bought<'a> {
    /// The order's source.
    pub source: &'a str,
    /// The stock keeping unit.
    pub sku: Option<&'a str>,
    /// The product's title.
    pub title: &'a str,
    /// Which variant, in words.
    pub variant: Option<&'a str>,
}

/// Picture and page of a product.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Links {
    /// A picture.
    pub image_url: Option<String>,
    /// The page.
    pub url: Option<String>,
}

/// What a customer may want to know once they have it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Advice {
    /// How to look after it.
    pub care: Option<String>,
    /// For how many days one piece lasts.
    pub cycle_days: Option<u32>,
}

/// Picture and page of what was bought. Of several that know it, the best that has one tells each.
pub fn links_of(r: &mut Read<'_>, bought: &Bought<'_>) -> Result<Links> {
    let candidates = store::candidates(r, bought)?;
    let first = |pick: fn(&Candidate) -> &Option<String>| candidates.iter().find_map(|c| pick(c).clone());
    Ok(Links {
        image_url: first(|c| &c.variant_image_url).or_else(|| first(|c| &c.image_url)),
        url: first(|c| &c.url),
    })
}

/// Care and cycle of what was bought, in the reader's language or none: care in a language that somebody can't read
/// is not care.
pub fn advice_for(r: &mut Read<'_>, bought: &Bought<'_>, locale: &Locale) -> Result<Advice> {
    let candidates = store::candidates(r, bought)?;
    let mut care = None;
    for candidate in &candidates {
        let texts = store::care(r, &candidate.product)?;
        let exact = texts.iter().find(|text| text.locale == *locale);
        let same_language = || texts.iter().find(|text| text.locale.language() == locale.language());
        care = care.or_else(|| exact.or_else(same_language).map(|text| text.text.clone()));
    }
    let cycle_days = candidates.iter().find_map(|candidate| candidate.cycle_days);
    Ok(Advice { care, cycle_days })
}
