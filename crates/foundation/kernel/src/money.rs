//! Money: integer minor units and a currency. Never a float, never a sum over currencies.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Error, Locale, Result};

/// A currency of ISO 4217, by its three letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Currency {
    code: &'static str,
    digits: u8,
}

/// Minor-unit digits by ISO 4217 (list one, amendment 179); every other code of `TWO_DIGITS` has two.
const OTHER_DIGITS: [(&str, u8); 27] = [
    ("BIF", 0),
    ("CLP", 0),
    ("DJF", 0),
    ("GNF", 0),
    ("ISK", 0),
    ("JPY", 0),
    ("KMF", 0),
    ("KRW", 0),
    ("PYG", 0),
    ("RWF", 0),
    ("UGX", 0),
    ("UYI", 0),
    ("VND", 0),
    ("VUV", 0),
    ("XAF", 0),
    ("XOF", 0),
    ("XPF", 0),
    ("BHD", 3),
    ("IQD", 3),
    ("JOD", 3),
    ("KWD", 3),
    ("LYD", 3),
    ("OMR", 3),
    ("TND", 3),
    ("CLF", 4),
    ("UYW", 4),
    ("MGA", 2),
];

const TWO_DIGITS: &[&str] = &[
    "AED", "AFN", "ALL", "AMD", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD", "BDT", "BGN", "BMD", "BND",
    "BOB", "BRL", "BSD", "BTN", "BWP", "BYN", "BZD", "CAD", "CDF", "CHF", "CNY", "COP", "CRC", "CUP", "CVE",
    "CZK", "DKK", "DOP", "DZD", "EGP", "ERN", "ETB", "EUR", "FJD", "FKP", "GBP", "GEL", "GHS", "GIP", "GMD",
    "GTQ", "GYD", "HKD", "HNL", "HTG", "HUF", "IDR", "ILS", "INR", "IRR", "JMD", "KES", "KGS", "KHR", "KPW",
    "KYD", "KZT", "LAK", "LBP", "LKR", "LRD", "LSL", "MAD", "MDL", "MKD", "MMK", "MNT", "MOP", "MRU", "MUR",
    "MVR", "MWK", "MXN", "MYR", "MZN", "NAD", "NGN", "NIO", "NOK", "NPR", "NZD", "PAB", "PEN", "PGK", "PHP",
    "PKR", "PLN", "QAR", "RON", "RSD", "RUB", "SAR", "SBD", "SCR", "SDG", "SEK", "SGD", "SHP", "SLE", "SOS",
    "SRD", "SSP", "STN", "SVC", "SYP", "SZL", "THB", "TJS", "TMT", "TOP", "TRY", "TTD", "TWD", "TZS", "UAH",
    "USD", "UYU", "UZS", "VED", "VES", "WST", "XCD", "XCG", "YER", "ZAR", "ZMW", "ZWG",
];

/// Symbols that name one currency in every English text; others are told apart by `local_symbol`.
const CLEAR_SYMBOLS: [(&str, &str); 9] = [
    ("GBP", "£"),
    ("EUR", "€"),
    ("JPY", "¥"),
    ("INR", "₹"),
    ("KRW", "₩"),
    ("ILS", "₪"),
    ("VND", "₫"),
    ("NGN", "₦"),
    ("PHP", "₱"),
];

/// Dollars and the region where `$` alone means them; elsewhere they are written with the region's letters.
const DOLLARS: [(&str, &str, &str); 6] = [
    ("USD", "US", "US$"),
    ("CAD", "CA", "CA$"),
    ("AUD", "AU", "A$"),
    ("NZD", "NZ", "NZ$"),
    ("HKD", "HK", "HK$"),
    ("SGD", "SG", "S$"),
];

impl Currency {
    /// Reads a three-letter code.
    pub fn parse(code: &str) -> Result<Self> {
        if let Some((code, digits)) = OTHER_DIGITS.iter().find(|(known, _)| *known == code) {
            return Ok(Currency { code, digits: *digits });
        }
        match TWO_DIGITS.iter().find(|known| **known == code) {
            Some(code) => Ok(Currency { code, digits: 2 }),
            None => {
                Err(Error::invalid("unknown_currency", "Name the currency by its ISO 4217 code, like EUR."))
            }
        }
    }

    /// The three letters.
    pub fn code(self) -> &'static str {
        self.code
    }

    /// How many decimal digits the minor unit has: 2 for EUR, 0 for JPY, 3 for KWD.
    pub fn digits(self) -> u8 {
        self.digits
    }

    /// Reads a decimal string such as `"41.00"` exactly. More digits than the currency has are accepted when zero.
    pub fn parse_amount(self, decimal: &str) -> Result<Money> {
        let wrong = || Error::invalid("not_an_amount", "Write the amount as a decimal number, like 41.00.");
        let (negative, unsigned) = match decimal.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, decimal),
        };
        // Everything below counts bytes.
        if !unsigned.is_ascii() {
            return Err(wrong());
        }
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let digits = usize::from(self.digits);
        let (kept, beyond) = fraction.split_at(fraction.len().min(digits));
        let only_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        let whole_ok = !whole.is_empty() && whole.len() <= 15 && only_digits(whole);
        if !whole_ok || fraction.len() > 12 || !only_digits(kept) || !beyond.bytes().all(|b| b == b'0') {
            return Err(wrong());
        }
        let text = format!("{whole}{kept:0<digits$}");
        let minor: i64 = text.parse().map_err(|_| wrong())?;
        Ok(Money { minor: if negative { -minor } else { minor }, currency: self })
    }
}

impl Serialize for Currency {
    fn serialize<S: serde::Serializer>(&self, to: S) -> std::result::Result<S::Ok, S::Error> {
        to.serialize_str(self.code)
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> std::result::Result<Self, D::Error> {
        let code = String::deserialize(from)?;
        Currency::parse(&code).map_err(serde::de::Error::custom)
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code)
    }
}

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

    /// As a reader of `locale` writes it: `£1,234.50`, `US$12.00` where the dollar would be unclear.
    ///
    /// English pattern (CLDR 46, `¤#,##0.00`). Other languages bring theirs with their catalogue.
    pub fn shown(self, locale: &Locale) -> String {
        let (whole, fraction) = self.parts();
        let sign = if self.minor < 0 { "-" } else { "" };
        let point = if fraction.is_empty() { "" } else { "." };
        format!("{sign}{}{}{point}{fraction}", symbol(self.currency, locale), grouped(&whole))
    }

    fn parts(self) -> (String, String) {
        let digits = usize::from(self.currency.digits);
        let text = format!("{:0>width$}", self.minor.unsigned_abs(), width = digits + 1);
        let (whole, fraction) = text.split_at(text.len() - digits);
        (whole.to_owned(), fraction.to_owned())
    }
}

fn symbol(currency: Currency, locale: &Locale) -> String {
    if let Some((_, symbol)) = CLEAR_SYMBOLS.iter().find(|(code, _)| *code == currency.code) {
        return (*symbol).to_owned();
    }
    match DOLLARS.iter().find(|(code, _, _)| *code == currency.code) {
        Some((_, home, _)) if locale.region().as_deref() == Some(home) => "$".to_owned(),
        Some((_, _, abroad)) => (*abroad).to_owned(),
        // A no-break space keeps code and number on one line.
        None => format!("{}\u{a0}", currency.code),
    }
}

fn grouped(whole: &str) -> String {
    let mut out = String::with_capacity(whole.len() + whole.len() / 3);
    for (i, c) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn money(minor: i64, code: &str) -> Money {
        Money::new(minor, Currency::parse(code).unwrap())
    }

    #[test]
    fn decimal_strings_are_read_exactly() {
        let eur = Currency::parse("EUR").unwrap();
        assert_eq!(eur.parse_amount("41.00").unwrap().minor, 4100);
        assert_eq!(eur.parse_amount("0.1").unwrap().minor, 10);
        assert_eq!(eur.parse_amount("-6.67").unwrap().minor, -667);
        assert_eq!(eur.parse_amount("5").unwrap().minor, 500);
        assert_eq!(eur.parse_amount("1.2300").unwrap().minor, 123);
        assert_eq!(Currency::parse("JPY").unwrap().parse_amount("2795").unwrap().minor, 2795);
        assert_eq!(Currency::parse("JPY").unwrap().parse_amount("2795.00").unwrap().minor, 2795);
        assert_eq!(Currency::parse("KWD").unwrap().parse_amount("1.234").unwrap().minor, 1234);
        for bad in [
            "",
            ".",
            "1,00",
            "1.234",
            "1e3",
            " 1",
            "NaN",
            "9999999999999999",
            "--1",
            "+1",
            "41.0€",
            "1.é",
            "€1.00",
            "１.00",
        ] {
            assert!(eur.parse_amount(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_is_read_is_written_back() {
        for code in TWO_DIGITS.iter().chain(OTHER_DIGITS.iter().map(|(code, _)| code)) {
            let currency = Currency::parse(code).unwrap();
            for minor in [0, 1, -1, 99, 100, 123_456_789, -5] {
                let money = Money::new(minor, currency);
                assert_eq!(currency.parse_amount(&money.decimal()).unwrap(), money);
            }
        }
    }

    #[test]
    fn english_readers_see_unambiguous_money() {
        let gb = Locale::parse("en-GB").unwrap();
        let us = Locale::parse("en-US").unwrap();
        assert_eq!(money(123_456_789, "GBP").shown(&gb), "£1,234,567.89");
        assert_eq!(money(0, "EUR").shown(&gb), "€0.00");
        assert_eq!(money(-500, "GBP").shown(&gb), "-£5.00");
        assert_eq!(money(1200, "USD").shown(&gb), "US$12.00");
        assert_eq!(money(1200, "USD").shown(&us), "$12.00");
        assert_eq!(money(2795, "JPY").shown(&gb), "¥2,795");
        assert_eq!(money(1234, "KWD").shown(&gb), "KWD\u{a0}1.234");
        assert!(Currency::parse("EURO").is_err());
        assert!(Currency::parse("XXX").is_err());
    }
}
