//! What can be parked, and how it is listed, tried again and given up.

use std::sync::Arc;

use db::{Read, Write};
use kernel::{Error, Result, Timestamp};
use serde::Serialize;

/// Everything that can be parked. Wired into the database handle.
pub struct Parkings(pub Vec<Arc<dyn Parking>>);

/// Something that is parked until a person has looked at it.
pub trait Parking: Send + Sync {
    /// Its word in addresses.
    fn word(&self) -> &'static str;

    /// What it is called, in the plural.
    fn title(&self) -> &'static str;

    /// How many pieces there are; none is counted beyond `most`.
    fn count(&self, r: &mut Read<'_>, most: i64) -> Result<i64>;

    /// The kinds there are of it, and how many of each; none is counted beyond `most`.
    fn kinds(&self, r: &mut Read<'_>, most: i64) -> Result<Vec<KindCount>>;

    /// A page, the longest waiting first, behind the piece that the page before ended with.
    fn page(&self, r: &mut Read<'_>, after: Option<(Timestamp, &str)>, limit: i64) -> Result<Vec<Piece>>;

    /// Tries one piece again; what it was, when it was still parked.
    fn try_again(&self, w: &mut Write<'_>, id: &str) -> Result<Option<Subject>>;

    /// Tries every piece of a kind again that was parked before `parked_before`, a bounded number; returns how many.
    fn try_all_again(&self, w: &mut Write<'_>, kind: &str, parked_before: Timestamp) -> Result<u64>;

    /// Gives one piece up; what it was, when it was still parked.
    fn discard(&self, w: &mut Write<'_>, id: &str, reason: Reason) -> Result<Option<Subject>>;
}

/// What a piece was about, for the audit log: kind and identifier.
pub type Subject = (String, String);

/// How many pieces there are of a kind.
#[derive(Clone, Debug, Serialize)]
pub struct KindCount {
    /// Its word.
    pub kind: String,
    /// In words.
    pub name: String,
    /// How many.
    pub count: i64,
}

/// Something that is parked.
#[derive(Clone, Debug)]
pub struct Piece {
    /// What it is found by.
    pub id: String,
    /// What it is.
    pub what: String,
    /// The page about it, where there is one.
    pub href: Option<String>,
    /// Why it is parked.
    pub why: String,
    /// Since when.
    pub parked_at: Timestamp,
    /// What is lost when it is given up; or why it can't be.
    pub discarded: std::result::Result<&'static str, &'static str>,
}

/// Why somebody gives a piece up. Words that are chosen and not typed: the audit log is no place for free text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It was seen to in another way.
    Done,
    /// It was a test.
    Test,
    /// Nobody needs it any more.
    Needless,
}

impl Reason {
    pub(super) const ALL: [Reason; 3] = [Reason::Done, Reason::Test, Reason::Needless];

    /// The word of the form.
    pub fn as_str(self) -> &'static str {
        match self {
            Reason::Done => "done",
            Reason::Test => "test",
            Reason::Needless => "needless",
        }
    }

    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Reason::Done => "It was seen to in another way",
            Reason::Test => "It was a test",
            Reason::Needless => "Nobody needs it any more",
        }
    }

    pub(super) fn parse(word: &str) -> Result<Self> {
        let known = Reason::ALL.into_iter().find(|reason| reason.as_str() == word);
        known.ok_or_else(|| Error::field("/reason", "unknown_word", "Choose why it is given up."))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_chosen() {
        for reason in Reason::ALL {
            assert_eq!(Reason::parse(reason.as_str()).unwrap(), reason);
        }
        assert!(Reason::parse("because").is_err());
    }
}
