//! The pages in many states, filled as the program does: for tests, for pictures, and for whoever writes the words.

use customers::OwnHours;
use kernel::shop::QuietHours;
use kernel::{Channel, Locale, Shop, Timestamp, Zone};

use super::{UnsubscribePage, UpdatesPage};
use crate::Wording;
use crate::decide::{Address, Verdict, Why};
use crate::topics;
use crate::you::fill::{Fill, Standing, TopicStanding};
use crate::you::form::Brought;

/// Every sample of the first page by its name.
pub fn updates(shop: &Shop, wording: &Wording, locale: &Locale) -> Vec<(&'static str, UpdatesPage)> {
    let fill = Fill::new(shop, wording, Some(locale), "sample");
    let page = |standing: &Standing, done: &str| {
        fill.updates(standing, done, &Brought::of(topics::switches().map(|topic| (topic, Vec::new()))))
    };
    vec![
        ("by-email", page(&by_email(), "")),
        ("by-text", page(&by_text(), "channel")),
        ("after-stop", page(&after_stop(), "topics")),
        ("unreachable", page(&unreachable(), "not-possible")),
        ("everything-off", page(&everything_off(), "stopped")),
        ("seldom", page(&seldom(), "hours")),
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
        topics: wanted([true, true, false]),
        ..calm()
    }
}

fn by_text() -> Standing {
    Standing {
        verdict: send(Channel::Sms, "+447700900123", Why::StatedChannel),
        addresses: both(),
        connected: Channel::ALL.to_vec(),
        topics: wanted([true, false, true]),
        ..calm()
    }
}

fn after_stop() -> Standing {
    let mut addresses = both();
    addresses[1].suppressed = Some(customers::SuppressionReason::Stopped);
    Standing {
        verdict: send(Channel::Email, "amina@example.test", Why::AfterStop),
        addresses,
        connected: Channel::ALL.to_vec(),
        topics: wanted([false, true, true]),
        ..calm()
    }
}

fn unreachable() -> Standing {
    let mut addresses = both();
    addresses[0].dead = true;
    addresses[1].dead = true;
    Standing { verdict: Verdict::Drop { why: Why::DeadAddress }, addresses, ..by_text() }
}

fn everything_off() -> Standing {
    Standing { topics: wanted([false; 3]), ..by_email() }
}

/// They want little of it, and not now.
fn seldom() -> Standing {
    let mut topics = wanted([true; 3]);
    topics[0].by = vec![Channel::Email];
    (topics[0].every_days, topics[2].every_days) = (7, 30);
    let hours = QuietHours { from: 19, to: 9 };
    Standing {
        topics,
        paused_until: Some(at(40)),
        own_hours: Some(OwnHours { hours, zone: Zone::utc() }),
        ..by_text()
    }
}

fn wanted(are_on: [bool; 3]) -> Vec<TopicStanding> {
    let standing = |(topic, is_on)| TopicStanding { topic, is_on, by: Channel::ALL.to_vec(), every_days: 0 };
    topics::switches().zip(are_on).map(standing).collect()
}

/// So many days after the day of the samples.
fn at(days: i64) -> Timestamp {
    Timestamp::from_ms(1_795_168_800_000 + days * 86_400_000)
}

/// Nothing is known and nothing was said.
fn calm() -> Standing {
    Standing {
        verdict: Verdict::Drop { why: Why::NoAddress },
        addresses: Vec::new(),
        connected: Vec::new(),
        topics: Vec::new(),
        paused_until: None,
        own_hours: None,
        zone: Zone::utc(),
        now: at(0),
    }
}
