//! Tracking numbers and what is told of them.

use std::collections::BTreeSet;

use carriers::{link, normalised, recognise};
use shipments::incoming::{IncomingTracking, MAX_NAME, MAX_NUMBER, MAX_WORDS};

use crate::input::Fields;

/// A number, where it goes, and what somebody calls its carrier.
pub fn number(bytes: &[u8]) {
    let mut fields = Fields::of(bytes);
    let (number, country, hint) = (fields.text(), fields.text(), fields.text());
    let plain = normalised(&number);
    if let Some(plain) = &plain {
        assert_eq!(normalised(plain).as_ref(), Some(plain), "what was read is read again");
        assert!(plain.len() <= MAX_NUMBER && plain.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    }
    let found = recognise(&number, Some(&country), Some(&hint));
    let codes = |number: &str| {
        let found = recognise(number, Some(&country), Some(&hint));
        found.iter().map(|candidate| (candidate.carrier.code, candidate.certainty)).collect::<Vec<_>>()
    };
    let all = codes(&number);
    assert!(all.is_sorted_by_key(|(_, certainty)| *certainty), "the surest comes first");
    assert_eq!(all.iter().map(|(code, _)| code).collect::<BTreeSet<_>>().len(), all.len());
    if let Some(plain) = &plain {
        assert_eq!(codes(plain), all, "however it is written it is one number");
    }
    for candidate in found {
        let link = link(candidate.carrier.code, &number);
        let page = candidate.carrier.page.unwrap_or_default();
        let beginning = page.split("{number}").next().unwrap_or_default();
        assert!(link.is_none_or(
            |link| link.starts_with(beginning) && link.bytes().all(|byte| byte.is_ascii_graphic())
        ));
    }
}

/// What every tracking is that any service tells.
pub fn check(tracking: &IncomingTracking) {
    assert!(tracking.check().is_ok(), "what was read passes the check of the one way in");
    let is_line = |text: &str, most: usize| {
        !text.is_empty() && text.chars().count() <= most && !text.chars().any(char::is_control)
    };
    assert!(is_line(&tracking.number, MAX_NUMBER));
    assert!(tracking.carrier.as_deref().is_none_or(|code| carriers::carrier(code).is_some()));
    assert!(tracking.expected.is_none_or(|days| days.from <= days.to));
    let keys: BTreeSet<_> = tracking.scans.iter().map(|scan| &scan.key).collect();
    assert_eq!(keys.len(), tracking.scans.len(), "a scan is told once");
    assert!(tracking.scans.is_sorted_by_key(|scan| scan.at), "the oldest comes first");
    for scan in &tracking.scans {
        assert!(is_line(&scan.key, MAX_NUMBER));
        assert!(scan.words.as_deref().is_none_or(|words| is_line(words, MAX_WORDS)));
        assert!(scan.place.as_deref().is_none_or(|place| is_line(place, MAX_NAME)));
    }
}
