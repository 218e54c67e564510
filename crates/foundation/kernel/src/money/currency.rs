//! Currencies of ISO 4217, and how many digits their smallest unit has.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Money;
use crate::{Error, Result};

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

/// Every other currency.
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

/// Every currency there is.
#[cfg(test)]
pub(super) fn codes() -> impl Iterator<Item = &'static str> {
    TWO_DIGITS.iter().chain(OTHER_DIGITS.iter().map(|(code, _)| code)).copied()
}
