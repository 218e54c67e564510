//! The merchant's own words: what is accepted can be said, within its budget, and says what it was given.

use std::collections::BTreeMap;

use kernel::Locale;
use kernel::words::{Catalogue, Words};
use messaging::Wording;

use crate::input::Fields;

const SHOP: &[Words] = &[Words {
    language: "en",
    source: "subject = Order { $order } for { $name }\nplain = Hello\npieces = { $n } pieces\n",
}];
/// The longest sentence that may come of a template, in bytes.
const BUDGET: usize = 16 * 1024;

const KEYS: [&str; 5] = ["subject", "plain", "pieces", "subject@de", "unknown"];

/// A template, two values for it, and which sentence it is for.
pub fn wording(bytes: &[u8]) {
    let mut fields = Fields::of(bytes);
    let (source, order, name, key) = (fields.text(), fields.text(), fields.text(), fields.bytes());
    let key = KEYS[key.len() % KEYS.len()];
    let catalogue = Catalogue::new(&[SHOP]).expect("the shipped words are whole");
    match Wording::new(catalogue, &[SHOP], BTreeMap::from([(key.to_owned(), source)])) {
        Ok(wording) => say(&wording, &order, &name),
        Err(error) => assert_eq!(error.fields().len(), 1, "a sentence that can't be used is named"),
    }
}

fn say(wording: &Wording, order: &str, name: &str) {
    for tag in ["en", "de-AT", "ar"] {
        let locale = Locale::parse(tag).expect("a language");
        for values in [[order, name], ["", ""]] {
            let said =
                wording.say(&locale, "subject", &[("order", values[0].into()), ("name", values[1].into())]);
            let shipped = values[0].len() + values[1].len() + 100;
            assert!(said.len() <= BUDGET.max(shipped), "a sentence stays within its budget");
        }
        wording.say(&locale, "pieces", &[("n", 3.into())]);
        wording.say(&locale, "plain", &[]);
        // A caller that gives less than the sentence knows gets ours instead, and no error.
        wording.say(&locale, "subject", &[]);
    }
}
