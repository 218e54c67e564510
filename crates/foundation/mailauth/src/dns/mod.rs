//! Asking the DNS: one question at a time, by UDP, and by TCP where the answer is too long for that.
//!
//! Four kinds of records are all that is asked for, so the packets are written and read here (decision 0013).

mod packet;
mod resolver;

use std::fmt;
use std::net::IpAddr;

pub use self::resolver::Resolver;

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// An IPv4 address.
    A,
    /// An IPv6 address.
    Aaaa,
    /// A server that takes mail.
    Mx,
    /// A text.
    Txt,
}

/// One record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Record {
    /// An address.
    Address(IpAddr),
    /// A server that takes mail, in lower case and without the dot at its end: empty for "none" (RFC 7505).
    Mx {
        /// The lowest is tried first.
        preference: u16,
        /// Its name.
        host: String,
    },
    /// A text, its pieces put together.
    Text(String),
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// At least one record of the kind.
    Records(Vec<Record>),
    /// The name is there, and has no such record.
    Nothing,
    /// There is no such name.
    NoSuchName,
    /// Nobody could say.
    Failed(Failure),
}

/// Why nobody could say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// No server answered in time.
    Silence,
    /// The server said no, with this code (2 is SERVFAIL).
    Refused(u8),
    /// What came was no answer to the question.
    Garbage,
    /// The name can't be asked for.
    BadName,
}

/// What a packet says to the question for `kind` at `name` that was asked under this number; `None` when it is no
/// answer to it, or is cut off.
pub fn answer_in(packet: &[u8], id: u16, name: &str, kind: Kind) -> Option<Answer> {
    let question = packet::question(id, name, kind)?;
    match packet::read(packet, &question, kind) {
        packet::Read::Answer(answer) => Some(answer),
        packet::Read::Truncated | packet::Read::NotOurs => None,
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Silence => f.write_str("the DNS does not answer"),
            Failure::Refused(2) => f.write_str("the DNS server failed (SERVFAIL)"),
            Failure::Refused(5) => f.write_str("the DNS server refuses to answer (REFUSED)"),
            Failure::Refused(code) => write!(f, "the DNS server answered with error {code}"),
            Failure::Garbage => f.write_str("what the DNS server sent is no answer"),
            Failure::BadName => f.write_str("that is no name the DNS can hold"),
        }
    }
}
