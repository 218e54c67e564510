//! The published half of a key: the TXT record at `SELECTOR._domainkey.DOMAIN`, read as a verifier reads it
//! (RFC 6376 §3.6.1).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::key::SigningKey;

/// What a published record means for a key of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Published {
    /// It is the other half of the key.
    Same,
    /// The same, but it says that the domain is only testing: verifiers may ignore the signature.
    Testing,
    /// It is another key.
    Other,
    /// It says that the key is not to be believed any more (`p=` with nothing behind it).
    Revoked,
    /// It may not be used for mail, or not with SHA-256.
    NotForThis,
    /// It is no record of a key.
    Unreadable,
}

/// Compares the text of a record with a key.
pub fn published(text: &str, key: &SigningKey) -> Published {
    let Some(tags) = tags(text) else { return Published::Unreadable };
    let tag = |name: &str| tags.iter().find(|(own, _)| *own == name).map(|(_, value)| value.as_str());
    let lists = |name: &str, wanted: &[&str]| {
        tag(name).is_none_or(|list| list.split(':').any(|item| wanted.contains(&item.trim())))
    };
    let first_is_version = tags.first().is_some_and(|(name, _)| *name == "v");
    if tag("v").is_some_and(|version| version != "DKIM1" || !first_is_version) {
        return Published::Unreadable;
    }
    let Some(data) = tag("p") else { return Published::Unreadable };
    if data.is_empty() {
        return Published::Revoked;
    }
    let data: String = data.split_whitespace().collect();
    let Ok(data) = STANDARD.decode(data) else { return Published::Unreadable };
    if tag("k").unwrap_or("rsa") != key.algorithm().kind() || data != key.public() {
        return Published::Other;
    }
    if !lists("h", &["sha256"]) || !lists("s", &["*", "email"]) {
        return Published::NotForThis;
    }
    if tag("t").is_some_and(|flags| flags.split(':').any(|flag| flag.trim() == "y")) {
        return Published::Testing;
    }
    Published::Same
}

/// `name=value` pairs; none when something stands there that is no pair, or a name twice.
fn tags(text: &str) -> Option<Vec<(&str, String)>> {
    let mut tags: Vec<(&str, String)> = Vec::new();
    for part in text.split(';').map(str::trim).filter(|part| !part.is_empty()) {
        let (name, value) = part.split_once('=')?;
        let name = name.trim();
        if name.is_empty() || tags.iter().any(|(own, _)| *own == name) {
            return None;
        }
        tags.push((name, value.trim().to_owned()));
    }
    Some(tags)
}
