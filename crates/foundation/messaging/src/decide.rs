//! May this message go out now, on which channel, and why. One pure function; the table of ARCHITECTURE's
//! "A message is sent", line by line.

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
    /// Whether an earlier hand-off may or may not have succeeded.
    pub outcome_unknown: bool,
    /// While an earlier message of its thread is under way: until when it may be, at the longest.
    pub thread_busy_until: Option<Timestamp>,
    /// Whether it was due before a restore and nobody has let it go yet.
    pub held_by_restore: bool,
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
    /// It was due before this database was restored, and may have been sent by the shop the backup was taken of.
    Restored,
    /// An earlier message of the same thread goes first.
    InOrder,
    /// Quiet hours where the person is.
    QuietHours,
    /// Nobody ever gave an address we can use.
    NoAddress,
    /// Every address we have is dead.
    DeadAddress,
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
            Why::Restored => {
                "Held by a restore: it was due before that and may have been sent already. Waiting for `aftercare messages release`."
            }
            Why::InOrder => "Waiting for an earlier message about the same thing to go first.",
            Why::QuietHours => "Waiting for the morning where this person is.",
            Why::NoAddress => "Not sent: there is no address it could go to.",
            Why::DeadAddress => "Not sent: nothing reaches the addresses we have. Ask for a new one.",
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
            Why::Restored => "restored",
            Why::InOrder => "in_order",
            Why::QuietHours => "quiet_hours",
            Why::NoAddress => "no_address",
            Why::DeadAddress => "dead_address",
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
        let why = if message.outcome_unknown { Why::ExpiredUnknown } else { Why::Expired };
        return Verdict::Drop { why };
    }
    if message.outcome_unknown && !may_be_sent_twice(message.purpose) {
        return Verdict::Drop { why: Why::NeverTwice };
    }
    if now < message.not_before {
        return Verdict::Hold { until: message.not_before, why: Why::TooEarly };
    }
    if message.held_by_restore {
        return Verdict::Hold { until: message.not_after, why: Why::Restored };
    }
    if let Some(until) = message.thread_busy_until.filter(|until| *until > now) {
        return Verdict::Hold { until, why: Why::InOrder };
    }
    let (address, why) = match choose(message.purpose, person, policy, connected) {
        Ok(choice) => choice,
        Err(why) => return Verdict::Drop { why },
    };
    match quiet_until(message, person, policy, address.channel, now) {
        Some(until) => Verdict::Hold { until, why: Why::QuietHours },
        None => Verdict::Send { channel: address.channel, address: address.address.clone(), why },
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
    let allowed = |a: &&Address| purpose != Purpose::Marketing || person.opted_in.contains(&a.channel);
    let allowed: Vec<&Address> = alive.into_iter().filter(allowed).collect();
    let first_choice = allowed.iter().find(|a| a.channel == preferred);
    match (first_choice, allowed.first()) {
        (Some(address), _) if person.stated.is_some() => Ok((address, Why::StatedChannel)),
        (Some(address), _) => Ok((address, Why::ShopDefault)),
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
            outcome_unknown: false,
            thread_busy_until: None,
            held_by_restore: false,
        }
    }

    fn person() -> PersonFacts {
        let address = |channel, address: &str| Address { channel, address: address.to_owned(), dead: false };
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
    fn what_a_restore_holds_waits_until_it_is_let_go_or_worthless() {
        for purpose in Purpose::ALL {
            let held = MessageFacts { held_by_restore: true, ..message(purpose, Urgency::AtOnce) };
            let waits = Verdict::Hold { until: at(72), why: Why::Restored };
            assert_eq!(verdict(&held, &person(), at(0)), waits, "{purpose:?}");
            assert_eq!(why(&verdict(&held, &person(), at(72))), Why::Expired, "{purpose:?}");
            let cut_off = MessageFacts { outcome_unknown: true, ..held };
            let never = !matches!(purpose, Purpose::Transactional | Purpose::Legal);
            assert_eq!(why(&verdict(&cut_off, &person(), at(0))) == Why::NeverTwice, never, "{purpose:?}");
        }
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
            let unknown = MessageFacts { outcome_unknown: true, ..message(purpose, Urgency::AtOnce) };
            let person = PersonFacts { opted_in: Channel::ALL.to_vec(), ..person() };
            let sends = matches!(verdict(&unknown, &person, at(0)), Verdict::Send { .. });
            assert_eq!(sends, matches!(purpose, Purpose::Transactional | Purpose::Legal), "{purpose:?}");
        }
    }

    #[test]
    fn nothing_goes_out_too_early_or_too_late() {
        let confirmation = message(Purpose::Transactional, Urgency::AtOnce);
        assert_eq!(why(&verdict(&confirmation, &person(), at(72))), Why::Expired);
        assert_eq!(why(&verdict(&confirmation, &person(), at(-2))), Why::TooEarly);
        let unknown = MessageFacts { outcome_unknown: true, ..confirmation };
        assert_eq!(why(&verdict(&unknown, &person(), at(72))), Why::ExpiredUnknown);
    }
}
