//! Exact decimals, for platforms that tell amounts finer than a currency's smallest unit.

use kernel::{Currency, Error, Result};

/// The most digits of a number, before and behind the point together: any sum of them stays within an `i128`.
const MAX_DIGITS: usize = 24;
/// The digits kept behind the point; no platform tells more.
const SCALE: u32 = 12;

/// A decimal number with twelve digits behind the point. Never a float.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Decimal(i128);

impl Decimal {
    /// Nothing.
    pub const ZERO: Decimal = Decimal(0);

    /// Reads `16.665`, `-20.00`, `1.0e-5`. Digits beyond the twelfth behind the point are cut off.
    pub fn parse(text: &str) -> Result<Self> {
        let wrong = || Error::invalid("not_an_amount", "Write the amount as a decimal number, like 41.00.");
        let (number, exponent) = match text.split_once(['e', 'E']) {
            Some((number, exponent)) => (number, exponent.parse::<i32>().map_err(|_| wrong())?),
            None => (text, 0),
        };
        let (negative, unsigned) = match number.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, number),
        };
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let digits = [whole, fraction].concat();
        let only_digits = digits.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !only_digits || digits.len() > MAX_DIGITS || !(-30..=15).contains(&exponent) {
            return Err(wrong());
        }
        let units: i128 = digits.parse().map_err(|_| wrong())?;
        // How many places the digits move until the twelfth behind the point is the last.
        let places = SCALE as i32 + exponent - fraction.len() as i32;
        let moved = match u32::try_from(places) {
            Ok(left) => units.checked_mul(10i128.checked_pow(left).ok_or_else(wrong)?).ok_or_else(wrong)?,
            Err(_) => 10i128.checked_pow(places.unsigned_abs()).map_or(0, |power| units / power),
        };
        Ok(Decimal(if negative { -moved } else { moved }))
    }

    /// The sum; the largest there is when it would be larger.
    pub fn plus(self, other: Decimal) -> Decimal {
        Decimal(self.0.saturating_add(other.0))
    }

    /// The same without its sign.
    pub fn abs(self) -> Decimal {
        Decimal(self.0.saturating_abs())
    }

    /// Whether it is less than nothing.
    pub fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// The number when it is a whole one.
    pub fn whole(self) -> Option<i64> {
        let one = 10i128.pow(SCALE);
        if self.0 % one == 0 { i64::try_from(self.0 / one).ok() } else { None }
    }

    /// This many minor units of `currency`, a half rounded away from nothing as shops do.
    pub fn minor(self, currency: Currency) -> i64 {
        self.minor_of_each(1, currency)
    }

    /// What one of `pieces` is of it, in minor units, rounded likewise.
    pub fn minor_of_each(self, pieces: u32, currency: Currency) -> i64 {
        let unit = 10i128.pow(SCALE - u32::from(currency.digits())) * i128::from(pieces.max(1));
        let rounded = (self.0.saturating_abs().saturating_add(unit / 2)) / unit;
        let minor = i64::try_from(rounded).unwrap_or(i64::MAX);
        if self.0 < 0 { -minor } else { minor }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minor(text: &str, code: &str) -> i64 {
        Decimal::parse(text).unwrap().minor(Currency::parse(code).unwrap())
    }

    #[test]
    fn amounts_are_exact_to_the_last_digit() {
        assert_eq!(minor("16.665", "EUR"), 1667);
        assert_eq!(minor("16.664999999999", "EUR"), 1666);
        assert_eq!(minor("-20.00", "EUR"), -2000);
        assert_eq!(minor("-0.005", "EUR"), -1);
        assert_eq!(minor("41", "JPY"), 41);
        assert_eq!(minor("1.2345", "KWD"), 1235);
        assert_eq!(minor("1.0e-2", "EUR"), 1);
        assert_eq!(minor("1.5e3", "EUR"), 150_000);
        let parts = ["33.33", "6.67"].map(|part| Decimal::parse(part).unwrap());
        assert_eq!(parts[0].plus(parts[1]).minor_of_each(2, Currency::parse("EUR").unwrap()), 2000);
        assert_eq!(Decimal::parse("10").unwrap().minor_of_each(3, Currency::parse("EUR").unwrap()), 333);
        assert_eq!(
            (Decimal::parse("2.0").unwrap().whole(), Decimal::parse("2.5").unwrap().whole()),
            (Some(2), None)
        );
    }

    #[test]
    fn what_is_no_number_is_refused_and_what_is_vast_stays_in_bounds() {
        for wrong in ["", "-", ".", ".5", "1,00", "0x10", "NaN", "1e99", "1e", "--1", "1.2.3", "９", "+1"] {
            assert!(Decimal::parse(wrong).is_err(), "{wrong}");
        }
        assert!(Decimal::parse(&"9".repeat(25)).is_err());
        let vast = Decimal::parse(&"9".repeat(24)).unwrap();
        assert_eq!(vast.plus(vast).minor(Currency::parse("EUR").unwrap()), i64::MAX);
        assert_eq!(Decimal::parse("1e-30").unwrap(), Decimal::ZERO);
    }
}
