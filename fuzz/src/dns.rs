//! What the DNS answers, and the records in it: SPF, DMARC, MX and DKIM, whoever wrote them.

use std::cell::Cell;

use kernel::Dice;
use mailauth::{Answer, Kind, Record, answer_in, dmarc, mx, spf};
use messaging::dkim::{SigningKey, new_ed25519_pem, published};

use crate::input::Fields;

/// A packet; and texts as the records of a domain that has every name under it.
pub fn dns(bytes: &[u8]) {
    for kind in [Kind::A, Kind::Aaaa, Kind::Mx, Kind::Txt] {
        if let Some(Answer::Records(records)) = answer_in(bytes, 7, "a.example", kind) {
            assert!(!records.is_empty() && records.len() <= 200);
        }
    }
    let texts = Fields::of(bytes).rest();
    let asked = Cell::new(0);
    let lookup = |name: &str, kind: Kind| {
        asked.set(asked.get() + 1);
        answer(&texts, name, kind)
    };
    let found = spf::examine("a.example", &lookup);
    assert!(asked.get() <= 2_000, "a record makes nobody ask for ever: {}", asked.get());
    assert!(found.lookups <= spf::MOST_LOOKUPS || !found.faults.is_empty(), "too many lookups are a fault");
    for text in &texts {
        if let Some(record) = dmarc::Record::parse(text) {
            assert!(!record.policy.is_some_and(|policy| policy.as_str().is_empty()));
        }
    }
    let _ = dmarc::discover("mail.a.example", &lookup);
    let _ = mx::examine("a.example", &lookup);
}

/// Which text stands at a name depends on the name, so that one record can lead to another.
fn answer(texts: &[String], name: &str, kind: Kind) -> Answer {
    let place = name.bytes().map(usize::from).sum::<usize>() % texts.len().max(1);
    let text = texts.get(place).cloned().unwrap_or_default();
    match kind {
        Kind::Txt => Answer::Records(vec![Record::Text(text)]),
        Kind::Mx => Answer::Records(vec![Record::Mx { preference: 10, host: text }]),
        Kind::A | Kind::Aaaa => Answer::Nothing,
    }
}

/// A file that should hold a key, and a text that should be the record of one.
pub fn key(bytes: &[u8]) {
    if let Ok(key) = SigningKey::from_pem(bytes) {
        let record = key.record();
        assert_eq!(published(&record, &key), messaging::dkim::Published::Same, "our own record is ours");
    }
    let ours =
        SigningKey::from_pem(new_ed25519_pem(&mut Dice::seeded(1)).as_bytes()).expect("a key of our own");
    let text = String::from_utf8_lossy(bytes);
    if published(&text, &ours) == messaging::dkim::Published::Same {
        let public = ours.record();
        let half = public.rsplit("p=").next().unwrap_or_default();
        let bare: String = text.split_whitespace().collect();
        assert!(bare.contains(half), "another key is never taken for ours");
    }
}
