//! Time-based one-time passwords (RFC 6238 over RFC 4226): HMAC-SHA1, 30 seconds, six digits, which is what every
//! authenticator app takes. Pure.

use kernel::{Timestamp, keys};

/// Seconds of one step.
const STEP_S: i64 = 30;
/// A telephone's clock may be this many steps off, either way (RFC 6238 §5.2).
const SKEW: i64 = 1;
/// Bytes of a secret: as many as HMAC-SHA1 has.
pub(crate) const SECRET_BYTES: usize = 20;

/// The step of a moment.
fn step_at(now: Timestamp) -> i64 {
    now.ms().div_euclid(1_000 * STEP_S)
}

/// The six digits of a step.
fn code(secret: &[u8], step: i64) -> u32 {
    let hash = keys::hmac_sha1(secret, &step.to_be_bytes());
    let from = usize::from(hash[19] & 0x0f);
    let four = [hash[from] & 0x7f, hash[from + 1], hash[from + 2], hash[from + 3]];
    u32::from_be_bytes(four) % 1_000_000
}

/// The step that `typed` is the code of, if it is one of about now that comes after `last`: a code works once, and none
/// works that is older than one that was used.
pub(crate) fn step_of(secret: &[u8], typed: &str, now: Timestamp, last: i64) -> Option<i64> {
    let typed = format!("{typed:0>6}");
    let steps = step_at(now) - SKEW..=step_at(now) + SKEW;
    // All are looked at, however soon one fits.
    let mut found = None;
    for step in steps {
        let fits = keys::same(format!("{:06}", code(secret, step)).as_bytes(), typed.as_bytes());
        if fits && step > last {
            found = Some(step);
        }
    }
    found
}

/// A secret as it is typed into an app (RFC 4648 base 32), in groups of four.
pub(crate) fn spelled(secret: &[u8]) -> String {
    let letters = base32(secret);
    letters.as_bytes().chunks(4).map(String::from_utf8_lossy).collect::<Vec<_>>().join(" ")
}

/// The address that apps open, in the form that they have agreed on.
pub(crate) fn address(secret: &[u8], shop: &str, account: &str) -> String {
    let plain = |text: &str| -> String {
        let keeps = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~@".contains(byte);
        text.bytes()
            .map(|byte| if keeps(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
            .collect()
    };
    let (shop, account) = (plain(shop), plain(account));
    format!("otpauth://totp/{shop}:{account}?secret={}&issuer={shop}", base32(secret))
}

fn base32(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let (mut out, mut bits, mut held) = (String::new(), 0_u32, 0_u32);
    for byte in bytes {
        bits = (bits << 8) | u32::from(*byte);
        held += 8;
        while held >= 5 {
            held -= 5;
            out.push(char::from(ALPHABET[(bits >> held & 31) as usize]));
        }
    }
    if held > 0 {
        out.push(char::from(ALPHABET[(bits << (5 - held) & 31) as usize]));
    }
    out
}

/// What an app shows now, for tests that stand in for one.
pub fn code_at(address: &str, now: Timestamp) -> Option<String> {
    let secret = address.split("secret=").nth(1)?.split('&').next()?;
    Some(format!("{:06}", code(&from_base32(secret)?, step_at(now))))
}

fn from_base32(letters: &str) -> Option<Vec<u8>> {
    let (mut out, mut bits, mut held) = (Vec::new(), 0_u32, 0_u32);
    for letter in letters.bytes() {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'2'..=b'7' => letter - b'2' + 26,
            _ => return None,
        };
        bits = (bits << 5) | u32::from(value);
        held += 5;
        if held >= 8 {
            held -= 8;
            out.push((bits >> held & 255) as u8);
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B: the SHA-1 column, whose last six digits are the code of six digits.
    #[test]
    fn the_codes_are_those_of_the_standard() {
        let secret = b"12345678901234567890";
        for (seconds, eight) in [
            (59, 94_287_082),
            (1_111_111_109, 7_081_804),
            (1_111_111_111, 14_050_471),
            (1_234_567_890, 89_005_924),
            (2_000_000_000, 69_279_037),
            (20_000_000_000, 65_353_130),
        ] {
            assert_eq!(code(secret, seconds / STEP_S), eight % 1_000_000, "{seconds}");
        }
    }

    #[test]
    fn a_code_works_once_and_a_clock_may_be_a_step_off() {
        let (secret, now) = (b"12345678901234567890", Timestamp::from_ms(59_000));
        let of = |step: i64| format!("{:06}", code(secret, step));
        assert_eq!(step_of(secret, "287082", now, 0), Some(1));
        assert_eq!(step_of(secret, "287082", now, 1), None, "it was used");
        assert_eq!(step_of(secret, &of(0), now, -1), Some(0), "a clock that is slow");
        assert_eq!(step_of(secret, &of(2), now, 0), Some(2), "a clock that is fast");
        assert_eq!(step_of(secret, &of(3), now, 0), None);
        assert_eq!(step_of(secret, "", now, 0), None);
    }

    #[test]
    fn a_secret_is_spelled_as_apps_take_it() {
        assert_eq!(spelled(b"12345678901234567890"), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
        assert_eq!(base32(b"fo"), "MZXQ");
        let address = address(b"12345678901234567890", "Tea & Co", "priya@northwind.test");
        assert!(
            address.starts_with("otpauth://totp/Tea%20%26%20Co:priya@northwind.test?secret=GEZDGNBV"),
            "{address}"
        );
        assert_eq!(code_at(&address, Timestamp::from_ms(59_000)).as_deref(), Some("287082"));
    }
}
