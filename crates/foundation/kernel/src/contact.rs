//! Contact points, parsed once and typed from then on.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// An e-mail address that can stand in an SMTP envelope: `local@domain`, no comments, no line breaks.
///
/// The domain is kept in lower case; the local part as it was written (RFC 5321 §2.4 lets the receiver decide).
/// Reserved domains such as `.test` are accepted. Internationalised local parts are not: they need SMTPUTF8
/// on every hop. Internationalised domains are kept as written in ASCII (`xn--…`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Email(String);

impl Email {
    /// Reads an address.
    pub fn parse(text: &str) -> Result<Self> {
        let text = text.trim();
        let (local, domain) = text.rsplit_once('@').ok_or_else(bad_email)?;
        let domain = ascii_domain(domain)?;
        if local_ok(local) && domain_ok(&domain) && local.len() + domain.len() < 254 {
            Ok(Email(format!("{local}@{domain}")))
        } else {
            Err(bad_email())
        }
    }

    /// The whole address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part after the `@`.
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }

    /// What two spellings of one mailbox share: the address in lower case.
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }

    /// The address with its local part hidden but for the first character, for pages that are not signed in.
    pub fn masked(&self) -> String {
        let first = self.0.chars().next().unwrap_or('*');
        format!("{first}…@{}", self.domain())
    }
}

fn bad_email() -> Error {
    Error::invalid("not_an_email", "Write an e-mail address, like amina@example.com.")
}

/// A domain in the form that DNS and SMTP want: lower case, and punycode for what is not ASCII.
fn ascii_domain(domain: &str) -> Result<String> {
    if domain.is_ascii() {
        return Ok(domain.to_ascii_lowercase());
    }
    match url::Host::parse(domain) {
        Ok(url::Host::Domain(ascii)) => Ok(ascii),
        _ => Err(bad_email()),
    }
}

fn local_ok(local: &str) -> bool {
    let atext = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&b);
    let dots_ok = !local.starts_with('.') && !local.ends_with('.') && !local.contains("..");
    (1..=64).contains(&local.len()) && local.bytes().all(atext) && dots_ok
}

fn domain_ok(domain: &str) -> bool {
    let label_ok = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    domain.len() <= 253 && domain.contains('.') && domain.split('.').all(label_ok)
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A telephone number in E.164: `+`, a country code, at most fifteen digits in all.
///
/// Checked for *possible* length only, not for allocated ranges: numbering plans change.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Phone(String);

impl Phone {
    /// Reads an international number; spaces, dots, dashes, slashes and brackets are passed over, `00` is a `+`.
    pub fn parse(text: &str) -> Result<Self> {
        let bare: String =
            text.chars().filter(|c| !matches!(c, ' ' | '.' | '-' | '/' | '(' | ')' | '\u{a0}')).collect();
        let digits = bare.strip_prefix('+').or_else(|| bare.strip_prefix("00")).ok_or_else(bad_phone)?;
        let possible = (7..=15).contains(&digits.len());
        if possible && digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0') {
            Ok(Phone(format!("+{digits}")))
        } else {
            Err(bad_phone())
        }
    }

    /// The number with its `+`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number with its middle hidden, for pages that are not signed in.
    pub fn masked(&self) -> String {
        format!("{}…{}", &self.0[..3], &self.0[self.0.len() - 3..])
    }
}

fn bad_phone() -> Error {
    Error::invalid("not_a_phone", "Write the phone number with its country code, like +44 7700 900123.")
}

impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_people_have_are_read() {
        for text in
            ["amina@example.test", "a.b+tag@sub.example.co.uk", "o'neil@example.com", "x_1@example.com"]
        {
            assert_eq!(Email::parse(text).unwrap().as_str(), text);
        }
        assert_eq!(Email::parse(" Ann@EXAMPLE.test ").unwrap().as_str(), "Ann@example.test");
        assert_eq!(Email::parse("Ann@EXAMPLE.test").unwrap().key(), "ann@example.test");
        assert_eq!(Email::parse("ann@bücher.example").unwrap().domain(), "xn--bcher-kva.example");
    }

    #[test]
    fn addresses_that_could_break_an_envelope_are_not() {
        let long = format!("{}@example.com", "a".repeat(65));
        for text in [
            "",
            "ann",
            "@x.de",
            "a b@x.de",
            "a@x",
            "a@x..de",
            "a@-x.de",
            ".a@x.de",
            "a@x.de>\r\nRCPT TO:<b@x.de",
            "a\"b@x.de",
            "a@x.de\0",
            long.as_str(),
        ] {
            assert!(Email::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn phones_are_possible_numbers_in_e164() {
        assert_eq!(Phone::parse("+44 (7700) 900-123").unwrap().as_str(), "+447700900123");
        assert_eq!(Phone::parse("0044 7700 900123").unwrap().as_str(), "+447700900123");
        assert_eq!(Phone::parse("+447700900123").unwrap().masked(), "+44…123");
        for text in ["", "07700 900123", "+44", "+0123456789", "+1234567890123456", "+44x7700900123"] {
            assert!(Phone::parse(text).is_err(), "{text:?}");
        }
    }
}
