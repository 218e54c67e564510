//! What holds whatever is known: combinations of all facts, decided.

use customers::SuppressionReason;
use kernel::{Channel, Policy, Purpose, Timestamp, Urgency, Zone};

use super::*;

const NOW: Timestamp = Timestamp::from_ms(1_795_348_800_000);

fn minutes(minutes: i64) -> Timestamp {
    Timestamp::from_ms(NOW.ms() + minutes * 60_000)
}

/// Takes one of `options` after another, as the digits of a number that counts up.
struct Digits(usize);

impl Digits {
    fn pick<T: Clone>(&mut self, options: &[T]) -> T {
        let place = self.0 % options.len();
        self.0 /= options.len();
        options[place].clone()
    }
}

fn address(digits: &mut Digits, channel: Channel, address: &str) -> Option<Address> {
    let wishes = [
        None,
        Some(SuppressionReason::Unsubscribed),
        Some(SuppressionReason::Complained),
        Some(SuppressionReason::Stopped),
    ];
    // An e-mail address is never stopped.
    let wishes = if channel == Channel::Sms { &wishes[..] } else { &wishes[..3] };
    let suppressed = digits.pick(wishes);
    match digits.pick(&["alive", "dead", "none"]) {
        "none" => None,
        state => Some(Address { channel, address: address.to_owned(), dead: state == "dead", suppressed }),
    }
}

/// Of three hundred million combinations every so many-th is looked at; a prime meets each value with each other.
const STRIDE: usize = 1_693;

/// Calls `look` with combinations of everything that matters, at noon and at night.
fn everything(mut look: impl FnMut(&MessageFacts, &PersonFacts, &[Channel], Timestamp, &Verdict)) {
    let policy = Policy::default();
    let mut looked_at = 0;
    for number in (0..).step_by(STRIDE) {
        let mut digits = Digits(number);
        let purpose = digits.pick(&Purpose::ALL);
        let unknown_on = digits.pick(&[None, Some(Channel::Email), Some(Channel::Sms)]);
        let emails = address(&mut digits, Channel::Email, "a@example.test");
        let numbers = address(&mut digits, Channel::Sms, "+447700900123");
        let person = PersonFacts {
            stated: digits.pick(&[None, Some(Channel::Email), Some(Channel::Sms)]),
            zone: Zone::utc(),
            addresses: emails.into_iter().chain(numbers).collect(),
            topic_off: digits.pick(&[false, true]),
            without: digits.pick(&[None, Some(Channel::Sms)]),
            pace_until: digits.pick(&[None, Some(minutes(60))]),
            quiet: None,
            opted_in: digits.pick(&[vec![], vec![Channel::Email], vec![Channel::Sms], Channel::ALL.to_vec()]),
            erased: false,
            paused_until: digits.pick(&[None, Some(minutes(120))]),
            incident_until: digits.pick(&[None, Some(minutes(90))]),
            pressure_until: digits.pick(&[None, Some(minutes(90))]),
            held_out: digits.pick(&[false, true]),
        };
        let message = MessageFacts {
            purpose,
            urgency: digits.pick(&[Urgency::AtOnce, Urgency::MayWait]),
            not_before: minutes(0),
            not_after: digits.pick(&[minutes(72 * 60), minutes(0)]),
            unknown: unknown_on.map(|channel| Unknown { channel, since: minutes(-5) }),
            thread_busy_until: None,
            held_by_restore: digits.pick(&[false, true]),
            confirms_stop: digits.pick(&[false, true]) && purpose == Purpose::Transactional,
            answers_text: false,
            text_lost: digits.pick(&[false, true]),
        };
        let connected = digits.pick(&[Channel::ALL.to_vec(), vec![Channel::Email]]);
        let now = digits.pick(&[minutes(0), minutes(10 * 60)]);
        if digits.0 > 0 {
            break;
        }
        let verdict = decide(&message, &person, &policy, &connected, now);
        look(&message, &person, &connected, now, &verdict);
        looked_at += 1;
    }
    assert!(looked_at > 40_000, "{looked_at} combinations");
}

fn channel_of(verdict: &Verdict) -> Option<Channel> {
    match verdict {
        Verdict::Send { channel, .. } => Some(*channel),
        Verdict::Hold { .. } | Verdict::Drop { .. } => None,
    }
}

#[test]
fn whatever_is_known_the_rules_hold() {
    everything(|message, person, connected, now, verdict| {
        let said = || format!("{message:?}\n{person:?}\n{connected:?}\n{verdict:?}");
        if let Verdict::Hold { until, .. } = verdict {
            assert!(*until > now && *until <= message.not_after, "a hold that goes nowhere: {}", said());
        }
        if now >= message.not_after {
            assert!(matches!(verdict, Verdict::Drop { .. }), "sent too late: {}", said());
        }
        let Verdict::Send { channel, address, why } = verdict else { return };
        assert!(!message.held_by_restore, "what a restore holds: {}", said());
        let to = person.addresses.iter().find(|a| a.channel == *channel && a.address == *address);
        let to = to.unwrap_or_else(|| panic!("to an address nobody knows: {}", said()));
        assert!(connected.contains(channel) && !to.dead, "where nothing arrives: {}", said());
        if message.purpose == Purpose::Marketing {
            assert!(person.opted_in.contains(channel), "marketing without a yes: {}", said());
            assert!(!person.held_out, "marketing to who is held out: {}", said());
        }
        if to.suppressed == Some(SuppressionReason::Stopped) {
            assert!(message.confirms_stop && *why == Why::StopConfirmed, "a text after STOP: {}", said());
        }
        if may_be_switched_off(message.purpose) {
            assert!(to.suppressed.is_none() && !person.topic_off, "against a wish: {}", said());
            assert_ne!(person.without, Some(*channel), "a way they don't want: {}", said());
            assert!(message.unknown.is_none() && !message.text_lost, "twice: {}", said());
            let waits =
                person.incident_until.into_iter().chain(person.pressure_until).chain(person.paused_until);
            let waits = waits.chain(person.pace_until);
            assert!(waits.max().is_none_or(|until| until <= now), "while it should wait: {}", said());
        }
        assert!(
            !(message.text_lost && *channel == Channel::Sms) || message.confirms_stop,
            "a lost text again: {}",
            said()
        );
        if message.unknown.is_some() && *channel == Channel::Sms {
            assert_eq!(message.unknown.map(|u| u.channel), Some(Channel::Email), "a second text: {}", said());
        }
    });
}

/// What belongs to the purchase is only given up when there is really no way. What a restore holds waits for a person.
#[test]
fn a_purchase_finds_its_way() {
    everything(|message, person, connected, now, verdict| {
        let is_purchase = !may_be_switched_off(message.purpose) && !message.confirms_stop;
        let is_ours = is_purchase && !message.held_by_restore;
        if !is_ours || now >= message.not_after || message.unknown.is_some() {
            return;
        }
        let reaches = |a: &&Address| {
            let is_open = a.suppressed != Some(SuppressionReason::Stopped);
            let is_lost = message.text_lost && a.channel == Channel::Sms;
            !a.dead && is_open && !is_lost && connected.contains(&a.channel)
        };
        let reachable = person.addresses.iter().any(|a| reaches(&a));
        let given_up = matches!(verdict, Verdict::Drop { .. });
        assert_eq!(reachable, !given_up, "{message:?}\n{person:?}\n{verdict:?}");
        if message.urgency == Urgency::AtOnce && reachable {
            assert!(
                channel_of(verdict).is_some(),
                "at once is at once: {message:?}\n{person:?}\n{verdict:?}"
            );
        }
    });
}

#[test]
fn reasons_have_codes_and_sentences_of_their_own() {
    let mut codes: Vec<_> = Why::ALL.iter().map(|why| why.code()).collect();
    let mut words: Vec<_> = Why::ALL.iter().map(|why| why.words()).collect();
    codes.sort_unstable();
    codes.dedup();
    words.sort_unstable();
    words.dedup();
    assert_eq!((codes.len(), words.len()), (Why::ALL.len(), Why::ALL.len()));
}
