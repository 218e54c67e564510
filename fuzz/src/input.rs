//! Cutting one run of bytes into what a target needs, and the shop that all of them belong to.

use kernel::{Keys, Timestamp};

/// What stands between two fields: a byte that no text has a use for, so that an input can be read by a person.
const BETWEEN: u8 = 0x1f;

/// The secret root of the shop. Whoever guesses it from outside has won.
const SECRET: &str = "fuzzing-secret-fuzzing-secret-123";

/// The present: the instant every input is read at.
pub fn now() -> Timestamp {
    Timestamp::parse("2026-11-20T12:00:00Z").expect("an instant")
}

/// The shop's keys.
pub fn keys() -> Keys {
    Keys::parse(SECRET).expect("the secret is long enough")
}

/// The same secret, for a configuration.
pub fn secret() -> &'static str {
    SECRET
}

/// The fields of an input, one after the other; empty when there are no more.
pub struct Fields<'a>(std::slice::Split<'a, u8, fn(&u8) -> bool>);

impl<'a> Fields<'a> {
    /// Fields of these bytes.
    pub fn of(bytes: &'a [u8]) -> Self {
        Fields(bytes.split(|byte| *byte == BETWEEN))
    }

    /// The next as bytes.
    pub fn bytes(&mut self) -> &'a [u8] {
        self.0.next().unwrap_or_default()
    }

    /// The next as text; what is no UTF-8 is replaced, as everywhere where text is expected.
    pub fn text(&mut self) -> String {
        String::from_utf8_lossy(self.bytes()).into_owned()
    }

    /// All that are left, as texts.
    pub fn rest(self) -> Vec<String> {
        self.0.map(|bytes| String::from_utf8_lossy(bytes).into_owned()).collect()
    }
}

/// The first line, and what is below it.
pub fn first_line(bytes: &[u8]) -> (&[u8], &[u8]) {
    match bytes.iter().position(|byte| *byte == b'\n') {
        Some(end) => (&bytes[..end], &bytes[end + 1..]),
        None => (bytes, &[]),
    }
}
