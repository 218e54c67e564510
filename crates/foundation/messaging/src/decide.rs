//! May this message go out now, on which channel, and why. One pure function; the table of ARCHITECTURE's
//! "A message is sent", line by line.

use std::time::Duration;

use customers::SuppressionReason;
use kernel::{Channel, Policy, Purpose, Timestamp, Urgency, Zone};

/// What is known of the message.
#[derive(Clone, Copy, Debug)]
pub struct MessageFacts {
    /// Why it is sent.
    pub purpose: Purpose,
    /// Whether the person waits for it.
    pub urgency: Urgency,
    /// Not before.
    pub not_before: Timestamp,
    /// Worthless from then on.
    pub not_after: Timestamp,
    /// An earlier hand-off that may or may not have succeeded.
    pub unknown: Option<Unknown>,
    /// While an earlier message of its thread is under way: until when it may be, at the longest.
    pub thread_busy_until: Option<Timestamp>,
    /// Whether a report says that it did not arrive as a text.
    pub text_lost: bool,
    /// Whether it answers a text that the person has just sent: STOP, START or HELP.
    pub answers_text: bool,
}

/// A hand-off of which nobody knows whether it succeeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// On which channel.
    pub channel: Channel,
    /// Since when.
    pub since: Timestamp,
}

/// What is known of the person.
#[derive(Clone, Debug)]
pub struct PersonFacts {
    /// The channel they stated.
    pub stated: Option<Channel>,
    /// Their zone, or the shop's.
    pub zone: Zone,
    /// Where they can be reached, best first.
    pub addresses: Vec<Address>,
    /// Channels on which they opted in to marketing.
    pub opted_in: Vec<Channel>,
}

/// An address and whether anything still arrives there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// The channel.
    pub channel: Channel,
    /// The address or number.
    pub address: String,
    /// Nothing arrives there any more.
    pub dead: bool,
    /// What its holder wished.
    pub suppressed: Option<SuppressionReason>,
}

/// What is to be done with the message now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Hand it over.
    Send {
        /// On this channel.
        channel: Channel,
        /// To this address.
        address: String,
        /// Why this channel.
        why: Why,
    },
    /// Keep it until then, and decide again.
    Hold {
        /// When to decide again.
        until: Timestamp,
        /// Why not now.
        why: Why,
    },
    /// Never send it.
    Drop {
        /// Why not.
        why: Why,
    },
}

/// The rule that made a verdict. Stored, and shown to whoever asks "why this, why now, why not".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// The person stated this channel.
    StatedChannel,
    /// The person stated nothing; the shop's default.
    ShopDefault,
    /// The preferred channel can't be used; this one can.
    OnlyWayLeft,
    /// It is not time yet.
    TooEarly,
    /// It would come too late to be of use.
    Expired,
    /// It may have arrived; to send it again would be too late to be of use.
    ExpiredUnknown,
    /// An earlier message of the same thread goes first.
    InOrder,
    /// Quiet hours where the person is.
    QuietHours,
    /// Nobody ever gave an address we can use.
    NoAddress,
    /// Every address we have is dead.
    DeadAddress,
    /// A text may be on its way: its delivery report is awaited.
    AwaitingReport,
    /// A text may not have arrived, so it goes by e-mail.
    EmailAfterText,
    /// A text did not arrive, so it goes by e-mail.
    TextLost,
    /// It answers the text that this person has just sent.
    AnswersText,
    /// Their texts are stopped, so it goes by e-mail.
    AfterStop,
    /// Their texts are stopped, and there is no other way.
    Stopped,
    /// Marketing without a yes.
    NotOptedIn,
    /// It may have arrived already, and this kind is never sent twice.
    NeverTwice,
}

impl Why {
    /// The sentence shown beside the message.
    pub fn words(self) -> &'static str {
        match self {
            Why::StatedChannel => "Sent the way this person asked for.",
            Why::ShopDefault => "Sent the way the shop prefers: this person stated no preference.",
            Why::OnlyWayLeft => "Sent the only way that is left: the preferred one can't be used.",
            Why::TooEarly => "Waiting for its time.",
            Why::Expired => "Not sent: it would have come too late to be of use.",
            Why::ExpiredUnknown => {
                "Not sent again: it may have arrived, and by now it would come too late to be of use."
            }
            Why::InOrder => "Waiting for an earlier message about the same thing to go first.",
            Why::QuietHours => "Waiting for the morning where this person is.",
            Why::NoAddress => "Not sent: there is no address it could go to.",
            Why::DeadAddress => "Not sent: nothing reaches the addresses we have. Ask for a new one.",
            Why::AwaitingReport => "Waiting to hear whether the text arrived; else it goes by e-mail.",
            Why::EmailAfterText => "Sent by e-mail: nobody could say whether the text arrived.",
            Why::TextLost => "Sent by e-mail: the text did not arrive.",
            Why::AnswersText => "Sent because it answers the text that this person has just sent.",
            Why::AfterStop => "Sent by e-mail: this person answered STOP to our texts.",
            Why::Stopped => "Not sent: this person answered STOP to our texts, and this may go no other way.",
            Why::NotOptedIn => {
                "Not sent: this person has not agreed to marketing on any channel we could use."
            }
            Why::NeverTwice => {
                "Not sent again: it may have arrived, and this kind of message is never sent twice."
            }
        }
    }

    /// The name used in rows and metrics.
    pub fn code(self) -> &'static str {
        match self {
            Why::StatedChannel => "stated_channel",
            Why::ShopDefault => "shop_default",
            Why::OnlyWayLeft => "only_way_left",
            Why::TooEarly => "too_early",
            Why::Expired => "expired",
            Why::ExpiredUnknown => "expired_unknown",
            Why::InOrder => "in_order",
            Why::QuietHours => "quiet_hours",
            Why::NoAddress => "no_address",
            Why::DeadAddress => "dead_address",
            Why::AwaitingReport => "awaiting_report",
            Why::EmailAfterText => "email_after_text",
            Why::TextLost => "text_lost",
            Why::AnswersText => "answers_text",
            Why::AfterStop => "after_stop",
            Why::Stopped => "stopped",
            Why::NotOptedIn => "not_opted_in",
            Why::NeverTwice => "never_twice",
        }
    }
}

/// Decides. Total: every message gets a verdict, and every verdict its reason.
pub fn decide(
    message: &MessageFacts,
    person: &PersonFacts,
    policy: &Policy,
    connected: &[Channel],
    now: Timestamp,
) -> Verdict {
    if now >= message.not_after {
        let why = if message.unknown.is_some() { Why::ExpiredUnknown } else { Why::Expired };
        return Verdict::Drop { why };
    }
    if message.unknown.is_some() && !may_be_sent_twice(message.purpose) {
        return Verdict::Drop { why: Why::NeverTwice };
    }
    if now < message.not_before {
        return Verdict::Hold { until: message.not_before, why: Why::TooEarly };
    }
    if let Some(until) = message.thread_busy_until.filter(|until| *until > now) {
        return Verdict::Hold { until, why: Why::InOrder };
    }
    if message.answers_text {
        return answer(message, person, connected);
    }
    let chosen = match another_way(message, connected, now) {
        Ok(None) => choose(message.purpose, person, policy, connected),
        // The text that may or did not arrive is the reason, whichever way is left.
        Ok(Some((rest, why))) => choose(message.purpose, person, policy, &rest).map(|(to, _)| (to, why)),
        Err(until) => return Verdict::Hold { until, why: Why::AwaitingReport },
    };
    let (address, why) = match chosen {
        Ok(choice) => choice,
        // It may have arrived, and nothing but a second text is left: never that.
        Err(_) if message.unknown.is_some_and(|unknown| unknown.channel == Channel::Sms) => {
            return Verdict::Drop { why: Why::NeverTwice };
        }
        Err(why) => return Verdict::Drop { why },
    };
    match quiet_until(message, person, policy, address.channel, now) {
        Some(until) => Verdict::Hold { until, why: Why::QuietHours },
        None => Verdict::Send { channel: address.channel, address: address.address.clone(), why },
    }
}

/// How long a report on a text without an answer is waited for.
const REPORT_WITHIN: Duration = Duration::from_secs(15 * 60);

/// The channels that are left, and why, once a text may or did not arrive; until when to wait for its report.
fn another_way(
    message: &MessageFacts,
    connected: &[Channel],
    now: Timestamp,
) -> Result<Option<(Vec<Channel>, Why)>, Timestamp> {
    let why = match message.unknown {
        _ if message.text_lost => Why::TextLost,
        Some(Unknown { channel: Channel::Sms, since }) if now < since + REPORT_WITHIN => {
            return Err((since + REPORT_WITHIN).min(message.not_after));
        }
        Some(Unknown { channel: Channel::Sms, .. }) => Why::EmailAfterText,
        Some(Unknown { channel: Channel::Email, .. }) | None => return Ok(None),
    };
    let rest = connected.iter().copied().filter(|channel| *channel != Channel::Sms).collect();
    Ok(Some((rest, why)))
}

/// An answer goes to the number that asked, whatever that number has stopped: the law wants the confirmation of a STOP,
/// and nobody is surprised by it. Once, whatever becomes of it.
fn answer(message: &MessageFacts, person: &PersonFacts, connected: &[Channel]) -> Verdict {
    let number = person.addresses.iter().find(|address| address.channel == Channel::Sms);
    match number.filter(|_| connected.contains(&Channel::Sms)) {
        None => Verdict::Drop { why: Why::NoAddress },
        Some(_) if message.unknown.is_some() => Verdict::Drop { why: Why::NeverTwice },
        Some(number) => {
            Verdict::Send { channel: Channel::Sms, address: number.address.clone(), why: Why::AnswersText }
        }
    }
}

/// At least once for what belongs to the purchase; at most once for everything else.
fn may_be_sent_twice(purpose: Purpose) -> bool {
    match purpose {
        Purpose::Transactional | Purpose::Legal => true,
        Purpose::Service | Purpose::Survey | Purpose::Marketing => false,
    }
}

/// A stated preference beats the shop's default; a dead or unconnected channel gives way to one that lives.
fn choose<'a>(
    purpose: Purpose,
    person: &'a PersonFacts,
    policy: &Policy,
    connected: &[Channel],
) -> Result<(&'a Address, Why), Why> {
    let preferred = person.stated.unwrap_or(policy.default_channel);
    let usable: Vec<&Address> = person.addresses.iter().filter(|a| connected.contains(&a.channel)).collect();
    if usable.is_empty() {
        return Err(Why::NoAddress);
    }
    let alive: Vec<&Address> = usable.into_iter().filter(|a| !a.dead).collect();
    if alive.is_empty() {
        return Err(Why::DeadAddress);
    }
    let is_stopped = |a: &&Address| a.suppressed == Some(SuppressionReason::Stopped);
    let open: Vec<&Address> = alive.iter().copied().filter(|a| !is_stopped(a)).collect();
    if open.is_empty() {
        return Err(Why::Stopped);
    }
    let allowed = |a: &&Address| purpose != Purpose::Marketing || person.opted_in.contains(&a.channel);
    let allowed: Vec<&Address> = open.into_iter().filter(allowed).collect();
    let first_choice = allowed.iter().find(|a| a.channel == preferred);
    let stopped_here = alive.iter().any(|a| a.channel == preferred && is_stopped(a));
    match (first_choice, allowed.first()) {
        (Some(address), _) if person.stated.is_some() => Ok((address, Why::StatedChannel)),
        (Some(address), _) => Ok((address, Why::ShopDefault)),
        (None, Some(address)) if stopped_here => Ok((address, Why::AfterStop)),
        (None, Some(address)) => Ok((address, Why::OnlyWayLeft)),
        (None, None) => Err(Why::NotOptedIn),
    }
}

/// Until when this message has to wait for the person's morning; `None` when it need not.
fn quiet_until(
    message: &MessageFacts,
    person: &PersonFacts,
    policy: &Policy,
    channel: Channel,
    now: Timestamp,
) -> Option<Timestamp> {
    let waits = match (message.purpose, message.urgency, channel) {
        (Purpose::Legal, _, _) | (Purpose::Transactional, Urgency::AtOnce, _) => false,
        (Purpose::Transactional, Urgency::MayWait, Channel::Email) => false,
        (Purpose::Transactional, Urgency::MayWait, Channel::Sms) => true,
        (Purpose::Service | Purpose::Survey | Purpose::Marketing, _, _) => true,
    };
    let quiet = policy.quiet_hours;
    let (hour, _) = now.clock_in(&person.zone);
    let hour = hour.unsigned_abs();
    let is_quiet = if quiet.from <= quiet.to {
        (quiet.from..quiet.to).contains(&hour)
    } else {
        hour >= quiet.from || hour < quiet.to
    };
    (waits && is_quiet).then(|| now.next_hour_in(&person.zone, quiet.to as i8))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: i64 = 1_795_348_800_000; // 2026-11-22T12:00:00Z

    fn at(hours: i64) -> Timestamp {
        Timestamp::from_ms(NOON + hours * 3_600_000)
    }

    fn message(purpose: Purpose, urgency: Urgency) -> MessageFacts {
        MessageFacts {
            purpose,
            urgency,
            not_before: at(-1),
            not_after: at(72),
            unknown: None,
            thread_busy_until: None,
            text_lost: false,
            answers_text: false,
        }
    }

    fn person() -> PersonFacts {
        let address = |channel, address: &str| Address {
            channel,
            address: address.to_owned(),
            dead: false,
            suppressed: None,
        };
        PersonFacts {
            stated: None,
            zone: Zone::utc(),
            addresses: vec![
                address(Channel::Email, "a@example.test"),
                address(Channel::Sms, "+447700900123"),
            ],
            opted_in: Vec::new(),
        }
    }

    fn verdict(message: &MessageFacts, person: &PersonFacts, now: Timestamp) -> Verdict {
        decide(message, person, &Policy::default(), &Channel::ALL, now)
    }

    fn why(verdict: &Verdict) -> Why {
        match verdict {
            Verdict::Send { why, .. } | Verdict::Hold { why, .. } | Verdict::Drop { why } => *why,
        }
    }

    #[test]
    fn the_midnight_of_the_constant_is_what_it_says() {
        assert_eq!(Timestamp::from_ms(NOON).to_string(), "2026-11-22T12:00:00Z");
    }

    #[test]
    fn a_stated_preference_beats_the_default_and_gives_way_to_death() {
        let confirmation = message(Purpose::Transactional, Urgency::AtOnce);
        assert_eq!(why(&verdict(&confirmation, &person(), at(0))), Why::ShopDefault);
        let mut texter = PersonFacts { stated: Some(Channel::Sms), ..person() };
        assert_eq!(why(&verdict(&confirmation, &texter, at(0))), Why::StatedChannel);
        texter.addresses[1].dead = true;
        assert_eq!(why(&verdict(&confirmation, &texter, at(0))), Why::OnlyWayLeft);
        texter.addresses[0].dead = true;
        assert_eq!(why(&verdict(&confirmation, &texter, at(0))), Why::DeadAddress);
        texter.addresses.clear();
        assert_eq!(why(&verdict(&confirmation, &texter, at(0))), Why::NoAddress);
    }

    #[test]
    fn a_channel_that_is_not_connected_is_not_chosen() {
        let texter = PersonFacts { stated: Some(Channel::Sms), ..person() };
        let confirmation = message(Purpose::Transactional, Urgency::AtOnce);
        let verdict = decide(&confirmation, &texter, &Policy::default(), &[Channel::Email], at(0));
        assert_eq!(why(&verdict), Why::OnlyWayLeft);
    }

    #[test]
    fn a_thread_is_told_in_its_order_but_never_held_up_by_what_is_past() {
        let busy = |until| MessageFacts {
            thread_busy_until: Some(until),
            ..message(Purpose::Transactional, Urgency::AtOnce)
        };
        let held = verdict(&busy(at(3)), &person(), at(0));
        assert_eq!(held, Verdict::Hold { until: at(3), why: Why::InOrder });
        assert_eq!(why(&verdict(&busy(at(-1)), &person(), at(0))), Why::ShopDefault);
    }

    #[test]
    fn quiet_hours_hold_what_may_wait() {
        let night = at(10);
        for (purpose, urgency, channel, held) in [
            (Purpose::Transactional, Urgency::AtOnce, Channel::Sms, false),
            (Purpose::Transactional, Urgency::MayWait, Channel::Email, false),
            (Purpose::Transactional, Urgency::MayWait, Channel::Sms, true),
            (Purpose::Legal, Urgency::MayWait, Channel::Sms, false),
            (Purpose::Service, Urgency::MayWait, Channel::Email, true),
            (Purpose::Survey, Urgency::MayWait, Channel::Email, true),
            (Purpose::Marketing, Urgency::MayWait, Channel::Email, true),
        ] {
            let person = PersonFacts { stated: Some(channel), opted_in: vec![channel], ..person() };
            let verdict = verdict(&message(purpose, urgency), &person, night);
            match verdict {
                Verdict::Hold { until, why } => {
                    assert!(held, "{purpose:?} {channel:?}");
                    assert_eq!((until, why), (at(20), Why::QuietHours));
                }
                other => assert!(!held, "{purpose:?} {channel:?} {other:?}"),
            }
        }
    }

    #[test]
    fn marketing_needs_a_yes_on_the_channel_it_uses() {
        let offer = message(Purpose::Marketing, Urgency::MayWait);
        assert_eq!(why(&verdict(&offer, &person(), at(0))), Why::NotOptedIn);
        let by_text = PersonFacts { opted_in: vec![Channel::Sms], ..person() };
        assert_eq!(why(&verdict(&offer, &by_text, at(0))), Why::OnlyWayLeft);
    }

    #[test]
    fn an_unknown_outcome_is_sent_again_only_for_what_belongs_to_the_purchase() {
        for purpose in Purpose::ALL {
            let unknown = MessageFacts {
                unknown: Some(Unknown { channel: Channel::Email, since: at(-1) }),
                ..message(purpose, Urgency::AtOnce)
            };
            let person = PersonFacts { opted_in: Channel::ALL.to_vec(), ..person() };
            let sends = matches!(verdict(&unknown, &person, at(0)), Verdict::Send { .. });
            assert_eq!(sends, matches!(purpose, Purpose::Transactional | Purpose::Legal), "{purpose:?}");
        }
    }

    #[test]
    fn a_text_without_an_answer_waits_for_its_report_and_then_goes_by_mail() {
        let silent = MessageFacts {
            unknown: Some(Unknown { channel: Channel::Sms, since: at(0) }),
            ..message(Purpose::Transactional, Urgency::AtOnce)
        };
        let minutes = |n: i64| Timestamp::from_ms(NOON + n * 60_000);
        let texter = PersonFacts { stated: Some(Channel::Sms), ..person() };
        let waits = Verdict::Hold { until: minutes(15), why: Why::AwaitingReport };
        assert_eq!(verdict(&silent, &texter, minutes(14)), waits);
        let Verdict::Send { channel, why, .. } = verdict(&silent, &texter, minutes(15)) else { panic!() };
        assert_eq!((channel, why), (Channel::Email, Why::EmailAfterText));
        let only_phone = PersonFacts { addresses: person().addresses[1..].to_vec(), ..texter.clone() };
        assert_eq!(verdict(&silent, &only_phone, minutes(15)), Verdict::Drop { why: Why::NeverTwice });
        let code = MessageFacts { not_after: minutes(10), ..silent };
        let until_useless = Verdict::Hold { until: minutes(10), why: Why::AwaitingReport };
        assert_eq!(verdict(&code, &texter, minutes(1)), until_useless);
    }

    #[test]
    fn a_text_that_did_not_arrive_goes_by_mail_at_once() {
        let lost = MessageFacts { text_lost: true, ..message(Purpose::Transactional, Urgency::AtOnce) };
        let texter = PersonFacts { stated: Some(Channel::Sms), ..person() };
        let Verdict::Send { channel, why, .. } = verdict(&lost, &texter, at(0)) else { panic!() };
        assert_eq!((channel, why), (Channel::Email, Why::TextLost));
        let only_phone = PersonFacts { addresses: person().addresses[1..].to_vec(), ..texter };
        assert_eq!(verdict(&lost, &only_phone, at(0)), Verdict::Drop { why: Why::NoAddress });
    }

    #[test]
    fn an_answer_goes_to_the_number_that_asked_and_never_twice() {
        let answer = MessageFacts { answers_text: true, ..message(Purpose::Transactional, Urgency::AtOnce) };
        let Verdict::Send { channel, why, .. } = verdict(&answer, &person(), at(10)) else { panic!() };
        assert_eq!((channel, why), (Channel::Sms, Why::AnswersText));
        let unknown =
            MessageFacts { unknown: Some(Unknown { channel: Channel::Email, since: at(-1) }), ..answer };
        assert_eq!(why_of(&unknown), Why::NeverTwice);
        let only_mail = decide(&answer, &person(), &Policy::default(), &[Channel::Email], at(0));
        assert!(matches!(only_mail, Verdict::Drop { why: Why::NoAddress }));
    }

    #[test]
    fn after_a_stop_it_goes_by_mail_and_no_other_text() {
        let confirmation = message(Purpose::Transactional, Urgency::AtOnce);
        let mut texter = PersonFacts { stated: Some(Channel::Sms), ..person() };
        texter.addresses[1].suppressed = Some(SuppressionReason::Stopped);
        let Verdict::Send { channel, why, .. } = verdict(&confirmation, &texter, at(0)) else { panic!() };
        assert_eq!((channel, why), (Channel::Email, Why::AfterStop));
        texter.addresses.remove(0);
        assert_eq!(verdict(&confirmation, &texter, at(0)), Verdict::Drop { why: Why::Stopped });
        let answer = MessageFacts { answers_text: true, ..confirmation };
        assert!(matches!(verdict(&answer, &texter, at(0)), Verdict::Send { channel: Channel::Sms, .. }));
    }

    fn why_of(message: &MessageFacts) -> Why {
        why(&verdict(message, &person(), at(0)))
    }

    #[test]
    fn nothing_goes_out_too_early_or_too_late() {
        let confirmation = message(Purpose::Transactional, Urgency::AtOnce);
        assert_eq!(why(&verdict(&confirmation, &person(), at(72))), Why::Expired);
        assert_eq!(why(&verdict(&confirmation, &person(), at(-2))), Why::TooEarly);
        let unknown = MessageFacts {
            unknown: Some(Unknown { channel: Channel::Email, since: at(-1) }),
            ..confirmation
        };
        assert_eq!(why(&verdict(&unknown, &person(), at(72))), Why::ExpiredUnknown);
    }
}
