//! What gateways call us with, and what people text: reports, incoming texts, keywords, segments.

use kernel::{Dice, MessageId};
use messaging::sms::keywords::{Meaning, understand};
use messaging::sms::reports::Report;
use messaging::sms::segments::{Encoding, fitted, measure};
use messaging::sms::{kannel, twilio};

use crate::input::now;

/// The same bytes as a query, a form, an object and a text.
pub fn texts(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let message = MessageId::new(now(), &mut Dice::seeded(1));
    if let Some(report) = kannel::report(message.clone(), &text) {
        check(&report, 80);
    }
    if let Some(incoming) = kannel::incoming(&text) {
        understand(&incoming.body);
    }
    for params in [twilio::Params::of_form(bytes), twilio::Params::of_json(bytes)] {
        if let Some(report) = twilio::report(message.clone(), &params) {
            check(&report, 8);
        }
        if let Some(incoming) = twilio::incoming(&params) {
            assert_eq!(incoming.is_answered, incoming.understood.is_some());
        }
    }
    keywords(&text);
    segments(&text);
}

fn check(report: &Report, longest: usize) {
    assert!(report.detail.chars().count() <= longest, "a code is kept, not a text");
    assert!(!report.detail.contains('\0'), "no database keeps a NUL");
}

/// How something is written is not what it says.
fn keywords(text: &str) {
    let meaning = understand(text);
    assert_eq!(understand(&format!("  {text}.\n")), meaning, "signs around it say nothing");
    if text.is_ascii() {
        assert_eq!(understand(&text.to_uppercase()), meaning, "nor does shouting");
    }
    if text.trim().eq_ignore_ascii_case("stop") {
        assert_eq!(meaning, Meaning::Stop);
    }
}

fn segments(text: &str) {
    let measured = measure(text);
    assert_eq!(measured.segments.concat(), text, "nothing is lost between two segments");
    let (alone, together) = match measured.encoding {
        Encoding::Gsm7 => (160, 153),
        Encoding::Ucs2 => (70, 67),
    };
    let parts = measured.segments.len();
    assert!(if parts == 1 { measured.units <= alone } else { measured.units <= parts * together });
    assert!(measure(&fitted(text)).segments.len() <= parts, "it never gets longer");
}
