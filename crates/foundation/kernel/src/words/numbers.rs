//! Counts inside sentences: the right form for them, and their digits and separators as the reader writes them.
//!
//! The plural rules under Fluent (`intl_pluralrules` 7, CLDR 37) lose the `% 100` of some rules, so that 103 parcels are
//! not *few* in Arabic. Where they are wrong, a number of the right form is handed to them in place of the count, and
//! the count is shown all the same.

use fluent_bundle::FluentValue;
use fluent_bundle::types::{FluentNumber, FluentNumberOptions};
use intl_pluralrules::{PluralCategory, PluralRuleType, PluralRules};
use unic_langid::LanguageIdentifier;

use crate::{Locale, money};

/// How far to look for a number that the rules give a form: farther than any sentence names one by itself.
const STAND_INS: std::ops::Range<u64> = 3..1_000;

/// From here on a number has separators.
const PARTED_FROM: u64 = 1_000;

/// A count for the sentences of a bundle whose plurals are those of `rules`, to be read by `locale`.
///
/// A small one stays a plain number, so that a sentence can name it by itself (`[1]`, as months do); its digits are
/// Latin, which every language that has others reads too.
pub(super) fn counted(count: i64, rules: &[LanguageIdentifier], locale: &Locale) -> FluentValue<'static> {
    let stand_in = rules.first().and_then(|rules| stand_in(count.unsigned_abs(), rules));
    if stand_in.is_none() && count.unsigned_abs() < PARTED_FROM {
        return FluentValue::from(count);
    }
    // A number has no place for what is shown of it, so that travels in the one text that counts have no use for.
    let options = FluentNumberOptions { currency: Some(money::count(count, locale)), ..Default::default() };
    FluentValue::Number(FluentNumber {
        value: stand_in.map_or(count as f64, |number| number as f64),
        options,
    })
}

/// Whether a sentence shows this count in the same digits to every reader of its language.
pub(super) fn is_plain(count: i64, rules: &[LanguageIdentifier]) -> bool {
    count.unsigned_abs() < PARTED_FROM
        && rules.first().is_none_or(|rules| stand_in(count.unsigned_abs(), rules).is_none())
}

/// What is shown of a number. Everything else is left to Fluent.
pub(super) fn shown(value: &FluentValue<'_>) -> Option<String> {
    match value {
        FluentValue::Number(number) => number.options.currency.clone(),
        _ => None,
    }
}

/// The number to choose the form by, where the count itself would choose the wrong one.
fn stand_in(count: u64, language: &LanguageIdentifier) -> Option<u64> {
    let wanted = mended(language.language.as_str(), count)?;
    let rules = PluralRules::create(language.clone(), PluralRuleType::CARDINAL).ok()?;
    let chooses = |number: u64| rules.select(number).is_ok_and(|category| category == wanted);
    if chooses(count) { None } else { STAND_INS.rev().find(|number| chooses(*number)) }
}

/// CLDR 48's form of a whole number, for the languages that the rules under Fluent have wrong.
fn mended(language: &str, n: u64) -> Option<PluralCategory> {
    use PluralCategory::{FEW, MANY, ONE, OTHER, TWO, ZERO};
    let (ten, hundred) = (n % 10, n % 100);
    let category = match language {
        "ar" => match (n, hundred) {
            (0, _) => ZERO,
            (1, _) => ONE,
            (2, _) => TWO,
            (_, 3..=10) => FEW,
            (_, 11..=99) => MANY,
            _ => OTHER,
        },
        "be" => match (ten, hundred) {
            (_, 11..=14) => MANY,
            (1, _) => ONE,
            (2..=4, _) => FEW,
            _ => MANY,
        },
        "he" => match n {
            1 => ONE,
            2 => TWO,
            _ => OTHER,
        },
        "lt" => match (ten, hundred) {
            (_, 11..=19) | (0, _) => OTHER,
            (1, _) => ONE,
            _ => FEW,
        },
        "lv" => match (ten, hundred) {
            (_, 11..=19) | (0, _) => ZERO,
            (1, _) => ONE,
            _ => OTHER,
        },
        "ro" => match (n, hundred) {
            (1, _) => ONE,
            (0, _) | (_, 1..=19) => FEW,
            _ => OTHER,
        },
        _ => return None,
    };
    Some(category)
}
