//! DKIM: a signature on every mail that leaves, by which a recipient's server knows that it is ours and unchanged
//! (RFC 6376; Ed25519 by RFC 8463).
//!
//! The same message gives the same signature on each attempt: `t=` is the message's own date, and neither algorithm
//! asks for chance. Every header that a reader sees or a mail program acts on is signed once more often than it is
//! there, so that nobody on the way can add a second Subject or a List-Unsubscribe of theirs. `l=` is never written:
//! with it anybody could append to the body.

mod canonical;
mod key;
mod message;
mod record;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kernel::{Error, Result, Timestamp, keys};

pub use self::key::{Algorithm, SigningKey, new_ed25519_pem};
pub use self::record::{Published, published};

/// What is signed, and what may not be added: in the order of the `h=` tag.
const SIGNED: [&str; 14] = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Reply-To",
    "In-Reply-To",
    "References",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
    "List-Id",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
];

/// As long as a line of the signature gets. RFC 5322 wishes for 78.
const LINE: usize = 76;

/// Signs for one domain, with one key or several: each makes a signature of its own, and a recipient's server takes
/// the one it understands.
#[derive(Debug)]
pub struct Signer {
    domain: String,
    keys: Vec<(String, SigningKey)>,
}

impl Signer {
    /// Signs as `domain` with each key under its selector.
    pub fn new(domain: &str, keys: Vec<(String, SigningKey)>) -> Result<Self> {
        let wrong = |what: &str| Error::invalid("bad_dkim", what.to_owned());
        if !is_name(domain) || !domain.contains('.') {
            return Err(wrong("The DKIM domain is not a domain like northwind.example."));
        }
        if keys.is_empty() {
            return Err(wrong("DKIM needs a key."));
        }
        for (number, (selector, _)) in keys.iter().enumerate() {
            if !is_name(selector) {
                return Err(wrong("A DKIM selector is letters, digits and hyphens, like aftercare1."));
            }
            if keys.iter().skip(number + 1).any(|(other, _)| other.eq_ignore_ascii_case(selector)) {
                return Err(wrong("Two DKIM keys need two selectors."));
            }
        }
        Ok(Signer { domain: domain.to_ascii_lowercase(), keys })
    }

    /// The domain that signs.
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// Selectors and keys, in the order of their signatures.
    pub fn keys(&self) -> impl Iterator<Item = (&str, &SigningKey)> {
        self.keys.iter().map(|(selector, key)| (selector.as_str(), key))
    }

    /// The message with its signatures before it. `written_at` is the message's own date.
    pub fn signed(&self, message: &[u8], written_at: Timestamp) -> Result<Vec<u8>> {
        let mut signed = Vec::with_capacity(message.len() + self.keys.len() * 1_024);
        for (selector, key) in &self.keys {
            signed.extend(self.signature(message, selector, key, written_at)?);
        }
        signed.extend_from_slice(message);
        Ok(signed)
    }

    /// One header, with its CRLF.
    fn signature(
        &self,
        message: &[u8],
        selector: &str,
        key: &SigningKey,
        written_at: Timestamp,
    ) -> Result<Vec<u8>> {
        let (fields, body) = message::split(message);
        let names = names_to_sign(&fields);
        let body_hash = STANDARD.encode(keys::sha256(&canonical::body(body)));
        let mut value = Folded::new(&format!(
            "v=1; a={}; c=relaxed/relaxed; d={}; s={selector}; t={};",
            key.algorithm().tag(),
            self.domain,
            written_at.ms().div_euclid(1_000),
        ));
        value.push_list("h=", &names);
        value.push_word(&format!("bh={body_hash};"));
        value.push_word("b=");
        let input = signing_input(&fields, &names, value.text.as_bytes());
        value.push_long(&STANDARD.encode(key.sign(&input)?));
        Ok(format!("{HEADER}:{}\r\n", value.text).into_bytes())
    }
}

const HEADER: &str = "DKIM-Signature";

/// Each name as often as it is there, and once more.
fn names_to_sign(fields: &[message::Field<'_>]) -> Vec<&'static str> {
    let times = |name: &str| {
        fields.iter().filter(|field| field.name.trim_ascii().eq_ignore_ascii_case(name.as_bytes())).count()
    };
    SIGNED.iter().flat_map(|name| std::iter::repeat_n(*name, times(name) + 1)).collect()
}

/// What is signed: the headers named, the last of a name first (RFC 6376 §5.4.2), and the signature's own header with
/// nothing behind `b=`.
fn signing_input(fields: &[message::Field<'_>], names: &[&str], signature: &[u8]) -> Vec<u8> {
    let mut input = Vec::new();
    let mut left: Vec<&message::Field<'_>> = fields.iter().collect();
    for name in names {
        let found =
            left.iter().rposition(|field| field.name.trim_ascii().eq_ignore_ascii_case(name.as_bytes()));
        if let Some(at) = found {
            let field = left.remove(at);
            input.extend(canonical::header(field.name, field.value));
            input.extend_from_slice(b"\r\n");
        }
    }
    input.extend(canonical::header(HEADER.as_bytes(), signature));
    input
}

/// The value of a header that is folded as it grows.
struct Folded {
    text: String,
    column: usize,
}

impl Folded {
    fn new(words: &str) -> Self {
        let mut folded = Folded { text: String::new(), column: HEADER.len() + 1 };
        words.split(' ').for_each(|word| folded.push_word(word));
        folded
    }

    /// A word after a space, or on a new line.
    fn push_word(&mut self, word: &str) {
        if self.column + 1 + word.len() > LINE {
            self.text.push_str("\r\n");
            self.column = 0;
        }
        self.text.push(' ');
        self.text.push_str(word);
        self.column += 1 + word.len();
    }

    /// A list whose items may stand on lines of their own.
    fn push_list(&mut self, tag: &str, items: &[&str]) {
        let last = items.len().saturating_sub(1);
        for (number, item) in items.iter().enumerate() {
            let tag = if number == 0 { tag } else { "" };
            let end = if number == last { ';' } else { ':' };
            self.push_word(&format!("{tag}{item}{end}"));
        }
    }

    /// What may be broken anywhere.
    fn push_long(&mut self, text: &str) {
        for c in text.chars() {
            if self.column >= LINE {
                self.text.push_str("\r\n ");
                self.column = 1;
            }
            self.text.push(c);
            self.column += 1;
        }
    }
}

/// Labels of letters, digits, hyphens and underscores, joined by dots.
fn is_name(text: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    text.len() <= 253 && text.split('.').all(is_label)
}

#[cfg(test)]
mod tests;
