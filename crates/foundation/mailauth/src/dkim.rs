//! Where the public half of a DKIM key is published.

use crate::{Failure, Lookup, texts};

/// The name of the record: `SELECTOR._domainkey.DOMAIN`.
pub fn record_name(selector: &str, domain: &str) -> String {
    format!("{selector}._domainkey.{domain}")
}

/// Every text at that name. More than one leaves it to chance which of them a server reads (RFC 6376 §3.6.2.2).
pub fn keys_at(selector: &str, domain: &str, lookup: &Lookup<'_>) -> Result<Vec<String>, Failure> {
    texts(lookup, &record_name(selector, domain))
}
