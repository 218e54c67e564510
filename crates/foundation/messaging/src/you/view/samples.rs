//! The pages in many states, filled as the program does: for tests, for pictures, and for whoever writes the words.

use kernel::{Channel, Locale, Shop};

use super::{UnsubscribePage, UpdatesPage};
use crate::Wording;
use crate::decide::{Address, Verdict, Why};
use crate::topics;
use crate::you::fill::{Fill, Standing};

/// Every sample of the first page by its name.
pub fn updates(shop: &Shop, wording: &Wording, locale: &Locale) -> Vec<(&'static str, UpdatesPage)> {
    let fill = Fill::new(shop, wording, Some(locale), "sample");
    let page = |standing: &Standing, done: &str| fill.updates(standing, done);
    vec![
        ("by-email", page(&by_email(), "")),
        ("by-text", page(&by_text(), "channel")),
        ("after-stop", page(&after_stop(), "topics")),
        ("unreachable", page(&unreachable(), "not-possible")),
        ("everything-off", page(&everything_off(), "stopped")),
    ]
}

/// Every sample of the second page by its name.
pub fn unsubscribe(shop: &Shop, wording: &Wording, locale: &Locale) -> Vec<(&'static str, UnsubscribePage)> {
    let fill = Fill::new(shop, wording, Some(locale), "sample");
    let more = || Some("/you/updates/sample".to_owned());
    vec![
        ("asked", fill.unsubscribe(&topics::NEWS, more(), "")),
        ("done", fill.unsubscribe(&topics::TIPS, more(), "topic")),
        ("all-done", fill.unsubscribe(&topics::FEEDBACK, more(), "all")),
        ("gone", fill.unsubscribe(&topics::NEWS, None, "")),
    ]
}

fn address(channel: Channel, address: &str) -> Address {
    Address { channel, address: address.to_owned(), dead: false, suppressed: None }
}

fn both() -> Vec<Address> {
    vec![address(Channel::Email, "amina@example.test"), address(Channel::Sms, "+447700900123")]
}

fn send(channel: Channel, to: &str, why: Why) -> Verdict {
    Verdict::Send { channel, address: to.to_owned(), why }
}

fn by_email() -> Standing {
    Standing {
        verdict: send(Channel::Email, "amina@example.test", Why::ShopDefault),
        addresses: vec![address(Channel::Email, "amina@example.test")],
        connected: vec![Channel::Email],
        topics: vec![(&topics::TIPS, true), (&topics::FEEDBACK, true), (&topics::NEWS, false)],
    }
}

fn by_text() -> Standing {
    Standing {
        verdict: send(Channel::Sms, "+447700900123", Why::StatedChannel),
        addresses: both(),
        connected: Channel::ALL.to_vec(),
        topics: vec![(&topics::TIPS, true), (&topics::FEEDBACK, false), (&topics::NEWS, true)],
    }
}

fn after_stop() -> Standing {
    let mut addresses = both();
    addresses[1].suppressed = Some(customers::SuppressionReason::Stopped);
    Standing {
        verdict: send(Channel::Email, "amina@example.test", Why::AfterStop),
        addresses,
        connected: Channel::ALL.to_vec(),
        topics: vec![(&topics::TIPS, false), (&topics::FEEDBACK, true), (&topics::NEWS, true)],
    }
}

fn unreachable() -> Standing {
    let mut addresses = both();
    addresses[0].dead = true;
    addresses[1].dead = true;
    Standing { verdict: Verdict::Drop { why: Why::DeadAddress }, addresses, ..by_text() }
}

fn everything_off() -> Standing {
    let off = topics::switches().map(|topic| (topic, false)).collect();
    Standing { topics: off, ..by_email() }
}
