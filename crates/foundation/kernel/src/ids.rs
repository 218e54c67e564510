//! Identifiers: a prefix that names the kind, and twenty characters that sort by time.
//!
//! Ten characters of milliseconds and ten of chance in Crockford's base 32 (lower case), so that text order is
//! creation order on both engines and an identifier says in a log what it belongs to.

use crate::{Dice, Error, Result, Timestamp};

/// Crockford's alphabet: no i, l, o, u.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Characters after the prefix.
pub const LEN: usize = 20;

/// Twenty sortable characters: fifty bits of `now`, fifty of chance.
pub fn sortable(now: Timestamp, dice: &mut Dice) -> String {
    let mut out = String::with_capacity(LEN);
    push(&mut out, now.ms() as u64);
    push(&mut out, dice.bits());
    out
}

/// What sorts before every identifier of this kind that was made at `at` or later, and behind every one before: a range of
/// time is a range of identifiers.
pub fn first_at(prefix: &str, at: Timestamp) -> String {
    let mut out = format!("{prefix}_");
    push(&mut out, at.ms() as u64);
    push(&mut out, 0);
    out
}

/// When an identifier of any kind was made, as far as it is one.
pub fn made_at(id: &str) -> Option<Timestamp> {
    let chars = id.split_once('_')?.1;
    let packed = pack(chars)?;
    let ms = packed.iter().take(7).fold(0u64, |ms, byte| ms << 8 | u64::from(*byte));
    // A hundred bits fill thirteen bytes but for the first four; the first half of them is the time.
    i64::try_from(ms >> 2).ok().map(Timestamp::from_ms)
}

fn push(out: &mut String, bits: u64) {
    for place in (0..10).rev() {
        out.push(char::from(ALPHABET[(bits >> (place * 5)) as usize & 31]));
    }
}

/// The hundred bits of an identifier's twenty characters, in thirteen bytes.
pub fn pack(chars: &str) -> Option<[u8; 13]> {
    if chars.len() != LEN {
        return None;
    }
    let bits = chars.bytes().try_fold(0u128, |bits, c| {
        let digit = ALPHABET.iter().position(|a| *a == c)?;
        Some(bits << 5 | digit as u128)
    })?;
    bits.to_be_bytes()[3..].try_into().ok()
}

/// The inverse of [`pack`].
pub fn unpack(packed: [u8; 13]) -> String {
    let mut wide = [0u8; 16];
    wide[3..].copy_from_slice(&packed);
    let bits = u128::from_be_bytes(wide);
    (0..LEN).rev().map(|place| char::from(ALPHABET[(bits >> (place * 5)) as usize & 31])).collect()
}

/// Checks prefix, length and alphabet.
pub fn check(text: &str, prefix: &str) -> Result<()> {
    let chars = text.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('_'));
    match chars.and_then(pack) {
        Some(_) => Ok(()),
        None => Err(Error::not_found("There is nothing by that identifier.")),
    }
}

/// Declares an identifier type with its prefix.
#[macro_export]
macro_rules! id_type {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, ::serde::Serialize, ::serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// What the identifier begins with.
            pub const PREFIX: &'static str = $prefix;

            /// A new identifier.
            pub fn new(now: $crate::Timestamp, dice: &mut $crate::Dice) -> Self {
                $name(format!(concat!($prefix, "_{}"), $crate::ids::sortable(now, dice)))
            }

            /// Reads an identifier; anything that is not one is simply not found.
            pub fn parse(text: &str) -> $crate::Result<Self> {
                $crate::ids::check(text, $prefix)?;
                Ok($name(text.to_owned()))
            }

            /// Takes over an identifier that our own database holds.
            pub fn stored(text: String) -> Self {
                $name(text)
            }

            /// The whole identifier, prefix included.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The twenty characters after the prefix.
            pub fn chars(&self) -> &str {
                &self.0[$prefix.len() + 1..]
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id_type!(
    /// A customer.
    CustomerId, "cus"
);
id_type!(
    /// An event on the timeline.
    EventId, "evt"
);
id_type!(
    /// A message to a person.
    MessageId, "msg"
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_sort_by_time_and_have_one_length() {
        let mut dice = Dice::seeded(3);
        let early = CustomerId::new(Timestamp::from_ms(1_700_000_000_000), &mut dice);
        let late = CustomerId::new(Timestamp::from_ms(1_700_000_000_001), &mut dice);
        assert!(early < late);
        assert_eq!(early.as_str().len(), "cus_".len() + LEN);
    }

    #[test]
    fn an_identifier_says_when_it_was_made_and_a_range_of_time_is_one_of_identifiers() {
        let mut dice = Dice::seeded(4);
        for ms in [0, 1, 1_700_000_000_000, 1_790_000_000_123, 253_402_300_799_999] {
            let at = Timestamp::from_ms(ms);
            let id = CustomerId::new(at, &mut dice);
            assert_eq!(made_at(id.as_str()), Some(at));
            assert!(first_at("cus", at).as_str() <= id.as_str());
            assert!(first_at("cus", Timestamp::from_ms(ms + 1)).as_str() > id.as_str());
        }
        assert_eq!(made_at("cus_short"), None);
    }

    #[test]
    fn packing_is_lossless_and_refuses_strangers() {
        let chars = sortable(Timestamp::from_ms(1_790_000_000_123), &mut Dice::seeded(9));
        assert_eq!(unpack(pack(&chars).unwrap()), chars);
        assert!(CustomerId::parse("cus_short").is_err());
        assert!(CustomerId::parse(&format!("ord_{chars}")).is_err());
        assert!(CustomerId::parse(&format!("cus_{}u", &chars[1..])).is_err());
    }
}
