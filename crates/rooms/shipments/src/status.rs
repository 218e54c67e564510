//! What a source says of a shipment as it stands: a word, which it repeats with each version, and no event.
//!
//! Kept as a scan of the moment of that version, once for as long as the word stays the same. One that comes again after
//! another is news: a second attempt, or a parcel that moves on after it was said to be there.

use db::Read;
use kernel::{Result, Timestamp};

use crate::fold::Scan;
use crate::incoming::IncomingScan;
use crate::store::{self, Shipment};

/// What the key of such a scan begins with.
const BEGINS: &str = "status ";

/// The key of a scan that says how a shipment stands, by the source's word and the time of its version.
pub fn status_key(word: &str, at: Timestamp) -> String {
    format!("{BEGINS}{word} {}", at.ms())
}

/// The scans without what repeats how the shipment stands.
pub(crate) fn without_repeats(
    r: &mut Read<'_>,
    shipment: &Shipment,
    told: &[IncomingScan],
) -> Result<Vec<IncomingScan>> {
    if !told.iter().any(|scan| word(&scan.key).is_some()) {
        return Ok(told.to_vec());
    }
    let known = store::said_of(r, shipment)?;
    Ok(told.iter().filter(|scan| is_news(scan, &known)).cloned().collect())
}

/// Whether it says anything but what was said last. What an older version said is overtaken.
fn is_news(told: &IncomingScan, known: &[Scan]) -> bool {
    let Some(now) = word(&told.key) else { return true };
    let said = known.iter().filter_map(|scan| word(&scan.key).map(|word| (scan.at, word)));
    said.max().is_none_or(|(at, last)| at <= told.at && last != now)
}

fn word(key: &str) -> Option<&str> {
    key.strip_prefix(BEGINS)?.split(' ').next()
}

#[cfg(test)]
mod tests {
    use kernel::parcel::State;

    use super::*;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_ms(1_795_168_800_000 + minute * 60_000)
    }

    fn told(key: String, minute: i64) -> IncomingScan {
        let (at, state) = (at(minute), State::InTransit);
        IncomingScan { key, at, state, reason: None, words: None, place: None }
    }

    fn known(key: String, minute: i64) -> Scan {
        let IncomingScan { key, at, state, reason, words, place } = told(key, minute);
        Scan { key, at, state, reason, words, place, recorded_at: at }
    }

    #[test]
    fn a_word_is_news_when_it_is_another_than_the_last() {
        let known = [
            known(status_key("attempted_delivery", at(1)), 1),
            known(status_key("in_transit", at(5)), 5),
            known("9001".to_owned(), 9),
        ];
        let is_news = |word: &str, minute| is_news(&told(status_key(word, at(minute)), minute), &known);
        assert!(is_news("attempted_delivery", 7), "a second attempt");
        assert!(!is_news("in_transit", 7), "a repeat");
        assert!(!is_news("delivered", 3), "an older version that comes late");
        assert!(super::is_news(&told("9002".to_owned(), 2), &known), "an event is no word");
        assert!(super::is_news(&told(status_key("delivered", at(0)), 0), &[]), "the first");
    }

    #[test]
    fn what_was_kept_without_its_time_is_the_same_word() {
        let known = [known("status in_transit".to_owned(), 1)];
        assert!(!is_news(&told(status_key("in_transit", at(2)), 2), &known));
        assert!(is_news(&told(status_key("delivered", at(2)), 2), &known));
    }
}
