//! Signing and verifying by Standard Webhooks 1.0.0, for webhooks in either direction. Pure.
//!
//! The signature covers `id.timestamp.body`, byte for byte as it travels: who, when and what. A sender rotates its
//! secret by signing with both ([`sign_with_all`]), a receiver by taking either ([`verify`]).

use std::time::Duration;

use base64::Engine as _;
use base64::alphabet::STANDARD as ALPHABET;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};

use crate::{Dice, Error, Kind, Result, Timestamp, keys};

/// The header that names the message; the same each time it is sent.
pub const ID: &str = "webhook-id";
/// The header that tells when this attempt was made, in whole seconds since the epoch.
pub const TIMESTAMP: &str = "webhook-timestamp";
/// The header with the signatures, separated by spaces.
pub const SIGNATURE: &str = "webhook-signature";
/// How far the sender's clock may be from ours, both ways: what is older may be a recording.
pub const TOLERANCE: Duration = Duration::from_secs(5 * 60);

/// What a secret begins with.
const PREFIX: &str = "whsec_";
/// What a signature by a shared secret begins with.
const SCHEME: &str = "v1,";
/// The fewest and the most bytes of a secret.
const SECRET_BYTES: std::ops::RangeInclusive<usize> = 24..=64;
/// The most bytes of an id.
const MAX_ID: usize = 200;
/// The most signatures that are looked at.
const MAX_SIGNATURES: usize = 10;

/// Many programs leave the padding out.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &ALPHABET,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// A secret that both sides know, written `whsec_` and base64.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Vec<u8>);

impl Secret {
    /// Reads `whsec_…`: 24 to 64 bytes in base64.
    pub fn parse(text: &str) -> Result<Self> {
        let bytes = text.trim().strip_prefix(PREFIX).and_then(|base64| LENIENT.decode(base64).ok());
        bytes.filter(|bytes| SECRET_BYTES.contains(&bytes.len())).map(Secret).ok_or_else(|| {
            Error::invalid("not_a_secret", "Write the secret as whsec_ and 24 to 64 random bytes in base64.")
        })
    }

    /// A new one of 32 bytes.
    pub fn generate(dice: &mut Dice) -> Self {
        Secret(dice.bytes::<32>().to_vec())
    }

    /// As it is written and handed to the other side.
    pub fn text(&self) -> String {
        format!("{PREFIX}{}", STANDARD.encode(&self.0))
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// The three headers, as they came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Headers<'a> {
    /// [`ID`].
    pub id: &'a str,
    /// [`TIMESTAMP`].
    pub timestamp: &'a str,
    /// [`SIGNATURE`].
    pub signature: &'a str,
}

/// One signature, `v1,` and base64. `id` has no full stop in it, for one separates it from the timestamp.
pub fn sign(secret: &Secret, id: &str, timestamp: Timestamp, body: &[u8]) -> String {
    signature(secret, id, timestamp.ms().div_euclid(1_000), body)
}

/// The value of [`SIGNATURE`] while a secret is being replaced: a receiver that knows any of them is content.
pub fn sign_with_all(secrets: &[Secret], id: &str, timestamp: Timestamp, body: &[u8]) -> String {
    let each: Vec<String> = secrets.iter().map(|secret| sign(secret, id, timestamp, body)).collect();
    each.join(" ")
}

/// The value of [`TIMESTAMP`].
pub fn timestamp_header(timestamp: Timestamp) -> String {
    timestamp.ms().div_euclid(1_000).to_string()
}

/// Refuses what was not signed with one of `secrets`, or was signed further from `now` than `tolerance`. Constant in
/// time where a signature is compared.
pub fn verify(
    secrets: &[Secret],
    headers: &Headers<'_>,
    body: &[u8],
    now: Timestamp,
    tolerance: Duration,
) -> Result<()> {
    let id_is_one = !headers.id.is_empty() && headers.id.len() <= MAX_ID && !headers.id.contains('.');
    let signed_at = seconds(headers.timestamp).filter(|_| id_is_one).ok_or_else(wrong)?;
    let expected: Vec<String> =
        secrets.iter().map(|secret| signature(secret, headers.id, signed_at, body)).collect();
    let given = headers.signature.split(' ').take(MAX_SIGNATURES);
    let matches =
        |given: &str| expected.iter().any(|expected| keys::same(expected.as_bytes(), given.as_bytes()));
    if !given.fold(false, |found, given| matches(given) || found) {
        return Err(wrong());
    }
    // Only a sender who knows the secret is told about the time: it is the operator's to mend.
    let distance_s = (now.ms().div_euclid(1_000)).abs_diff(signed_at);
    if distance_s > tolerance.as_secs() {
        let words = "The webhook was signed at another time: are both clocks right?";
        return Err(Error::new(Kind::Unauthorized, "bad_timestamp", words));
    }
    Ok(())
}

fn wrong() -> Error {
    Error::new(Kind::Unauthorized, "bad_signature", "The signature is missing or wrong.")
}

/// Digits, as a number is written: another way to write it would be another message to sign.
fn seconds(text: &str) -> Option<i64> {
    let digits = text.len() <= 11 && text.bytes().all(|byte| byte.is_ascii_digit());
    let canonical = digits && (text == "0" || !text.starts_with('0'));
    text.parse().ok().filter(|_| canonical)
}

fn signature(secret: &Secret, id: &str, seconds: i64, body: &[u8]) -> String {
    let signed = [id.as_bytes(), b".", seconds.to_string().as_bytes(), b".", body].concat();
    format!("{SCHEME}{}", STANDARD.encode(keys::hmac_sha256(&secret.0, &signed)))
}

#[cfg(test)]
mod tests;
