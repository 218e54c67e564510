//! Money: integer minor units and a currency. Never a float, never a sum over currencies.

mod currency;
mod pattern;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use currency::Currency;
pub(crate) use pattern::count;

use crate::{Locale, text};

/// An amount in minor units of one currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Money {
    /// Minor units: pence, cents, whole yen.
    pub minor: i64,
    /// The currency the minor units belong to.
    pub currency: Currency,
}

impl Money {
    /// An amount of minor units.
    pub fn new(minor: i64, currency: Currency) -> Self {
        Money { minor, currency }
    }

    /// The plain decimal, `-41.00`, as machine-readable formats want it.
    pub fn decimal(self) -> String {
        let (whole, fraction) = self.parts();
        let sign = if self.minor < 0 { "-" } else { "" };
        if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
    }

    /// As a reader of `locale` writes it: `£1,234.50`, `1.234,50 €`, `US$12.00` where the dollar would be unclear.
    ///
    /// Pattern, separators, sign and digits are CLDR's for the language and region (`cldr/money.tsv`). Spaces in it
    /// are no-break ones. For a place of its own; inside a sentence it is [`in_sentence`](Money::in_sentence).
    pub fn shown(self, locale: &Locale) -> String {
        if locale.dir() == "rtl" {
            pattern::right_to_left(self, locale)
        } else {
            pattern::by_cldr(self, locale)
        }
    }

    /// The same, kept in one piece by isolation marks (UAX #9) where it stands in a sentence that runs from right to
    /// left, or is itself written so: else its sign or its minus would be shown at the wrong end.
    pub fn in_sentence(self, locale: &Locale) -> String {
        let shown = self.shown(locale);
        if locale.dir() == "rtl" { text::kept_together(&shown) } else { shown }
    }

    fn parts(self) -> (String, String) {
        let digits = usize::from(self.currency.digits());
        let text = format!("{:0>width$}", self.minor.unsigned_abs(), width = digits + 1);
        let (whole, fraction) = text.split_at(text.len() - digits);
        (whole.to_owned(), fraction.to_owned())
    }
}
