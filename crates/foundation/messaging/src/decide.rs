//! May this message go out now, on which channel, and why. One pure function; the table of ARCHITECTURE's
//! "A message is sent", line by line.

mod facts;
mod help;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod table;
mod why;

use std::time::Duration;

use customers::SuppressionReason;
use kernel::{Channel, Policy, Purpose, Timestamp, Urgency};

pub use facts::{Address, MessageFacts, PersonFacts, Unknown, Verdict};
pub use why::Why;

/// How long the report on a text is waited for before the same is said by e-mail.
pub const REPORT_WAIT: Duration = Duration::from_secs(15 * 60);

/// Decides. Total: every message gets a verdict, and every verdict its reason.
pub fn decide(
    message: &MessageFacts,
    person: &PersonFacts,
    policy: &Policy,
    connected: &[Channel],
    now: Timestamp,
) -> Verdict {
    let verdict = rule(message, person, policy, connected, now);
    match verdict {
        // What becomes worthless while it is held ends then, and not in the morning after.
        Verdict::Hold { until, why } => Verdict::Hold { until: until.min(message.not_after), why },
        Verdict::Send { .. } | Verdict::Drop { .. } => verdict,
    }
}

fn rule(
    message: &MessageFacts,
    person: &PersonFacts,
    policy: &Policy,
    connected: &[Channel],
    now: Timestamp,
) -> Verdict {
    let later = |until: Option<Timestamp>| until.filter(|until| *until > now);
    let may_be_switched_off = may_be_switched_off(message.purpose);
    if now >= message.not_after {
        let why = if message.unknown.is_some() { Why::ExpiredUnknown } else { Why::Expired };
        return Verdict::Drop { why };
    }
    if message.unknown.is_some() && may_be_switched_off {
        return Verdict::Drop { why: Why::NeverTwice };
    }
    if message.text_lost && may_be_switched_off {
        return Verdict::Drop { why: Why::TriedOnce };
    }
    if person.erased {
        return Verdict::Drop { why: Why::Erased };
    }
    if now < message.not_before {
        return Verdict::Hold { until: message.not_before, why: Why::TooEarly };
    }
    if message.held_by_restore {
        return Verdict::Hold { until: message.not_after, why: Why::Restored };
    }
    if person.topic_off && may_be_switched_off {
        return Verdict::Drop { why: Why::TopicOff };
    }
    if let Some(until) = later(message.thread_busy_until) {
        return Verdict::Hold { until, why: Why::InOrder };
    }
    let (address, why) = match way(message, person, policy, connected, now) {
        Ok(way) => way,
        Err(verdict) => return verdict,
    };
    if message.purpose == Purpose::Marketing && person.held_out {
        return Verdict::Drop { why: Why::HeldOut };
    }
    if let Some(until) = later(person.paused_until).filter(|_| may_be_switched_off) {
        return Verdict::Hold { until, why: Why::Paused };
    }
    if let Some(until) = later(person.incident_until).filter(|_| may_be_switched_off) {
        return Verdict::Hold { until, why: Why::Incident };
    }
    if let Some(until) = later(person.pace_until).filter(|_| may_be_switched_off) {
        return Verdict::Hold { until, why: Why::Pace };
    }
    if let Some(until) = later(person.pressure_until).filter(|_| may_be_switched_off) {
        return Verdict::Hold { until, why: Why::Pressure };
    }
    match quiet_until(message, person, policy, address.channel, now) {
        Some(until) => Verdict::Hold { until, why: Why::QuietHours },
        None => Verdict::Send { channel: address.channel, address: address.address.clone(), why },
    }
}

/// Service, survey and marketing: a person may switch them off, they wait while something is wrong, and they are sent
/// at most once. What belongs to the purchase is none of this, and is sent at least once.
pub fn may_be_switched_off(purpose: Purpose) -> bool {
    match purpose {
        Purpose::Transactional | Purpose::Legal => false,
        Purpose::Service | Purpose::Survey | Purpose::Marketing => true,
    }
}

/// An address and why this one; or what is to be done without one.
type Way<'a> = Result<(&'a Address, Why), Verdict>;

fn no<'a>(why: Why) -> Way<'a> {
    Err(Verdict::Drop { why })
}

/// Which way it goes: among the addresses on connected channels, those where something still arrives.
fn way<'a>(
    message: &MessageFacts,
    person: &'a PersonFacts,
    policy: &Policy,
    connected: &[Channel],
    now: Timestamp,
) -> Way<'a> {
    let usable: Vec<&Address> = person.addresses.iter().filter(|a| connected.contains(&a.channel)).collect();
    if message.confirms_stop || message.answers_text {
        let why = if message.confirms_stop { Why::StopConfirmed } else { Why::AnswersText };
        return answer_to_text(&usable, message.unknown, why);
    }
    if usable.is_empty() {
        return no(Why::NoAddress);
    }
    let unwanted = person.without.filter(|_| may_be_switched_off(message.purpose));
    let usable: Vec<&Address> = usable.into_iter().filter(|a| Some(a.channel) != unwanted).collect();
    // Who does not want it the only way there is does not want it.
    if usable.is_empty() {
        return no(Why::TopicOff);
    }
    let alive: Vec<&Address> = usable.into_iter().filter(|a| !a.dead).collect();
    if alive.is_empty() {
        return no(Why::DeadAddress);
    }
    if message.text_lost {
        return instead_of_the_text(&alive, person, policy);
    }
    match message.unknown {
        Some(unknown) => again(&alive, unknown, person, policy, now),
        None => first_time(message.purpose, &alive, person, policy),
    }
}

/// A text of what belongs to a purchase did not arrive: by e-mail then.
fn instead_of_the_text<'a>(alive: &[&'a Address], person: &PersonFacts, policy: &Policy) -> Way<'a> {
    let emails: Vec<&Address> = alive.iter().copied().filter(|a| a.channel == Channel::Email).collect();
    if emails.is_empty() {
        return no(Why::NoAddress);
    }
    purchase(&emails, person, policy).map(|(email, _)| (email, Why::TextLost))
}

/// The narrow way past a STOP: what answers a text, its own confirmation above all, goes to the number that sent it (the
/// first one known), once, and never any other way.
fn answer_to_text<'a>(usable: &[&'a Address], unknown: Option<Unknown>, why: Why) -> Way<'a> {
    if unknown.is_some() {
        return no(Why::NeverTwice);
    }
    match usable.iter().find(|address| address.channel == Channel::Sms) {
        None => no(Why::NoAddress),
        Some(number) if number.dead => no(Why::DeadAddress),
        Some(number) => Ok((number, why)),
    }
}

/// It may have arrived. By e-mail it goes again under its Message-ID, which a mail program shows once; a text has
/// nothing of the kind, so after a while without a report the same is said by e-mail.
fn again<'a>(
    alive: &[&'a Address],
    unknown: Unknown,
    person: &PersonFacts,
    policy: &Policy,
    now: Timestamp,
) -> Way<'a> {
    let emails: Vec<&Address> = alive.iter().copied().filter(|a| a.channel == Channel::Email).collect();
    match unknown.channel {
        Channel::Email if emails.is_empty() => purchase(alive, person, policy),
        Channel::Email => purchase(&emails, person, policy),
        Channel::Sms if now < unknown.since + REPORT_WAIT => {
            Err(Verdict::Hold { until: unknown.since + REPORT_WAIT, why: Why::AwaitingReport })
        }
        Channel::Sms => match emails.first() {
            Some(email) => Ok((email, Why::EmailAfterText)),
            None => no(Why::NeverTwice),
        },
    }
}

fn first_time<'a>(purpose: Purpose, alive: &[&'a Address], person: &PersonFacts, policy: &Policy) -> Way<'a> {
    match purpose {
        Purpose::Transactional | Purpose::Legal => purchase(alive, person, policy),
        Purpose::Service | Purpose::Survey => by_topic(alive, person, policy),
        Purpose::Marketing => opted_in(alive, person, policy),
    }
}

/// What belongs to the purchase finds its way past everything but a STOP to texts.
fn purchase<'a>(alive: &[&'a Address], person: &PersonFacts, policy: &Policy) -> Way<'a> {
    let is_stopped = |a: &&Address| a.suppressed == Some(SuppressionReason::Stopped);
    let open: Vec<&Address> = alive.iter().copied().filter(|a| !is_stopped(a)).collect();
    match preferred(&open, person, policy) {
        Some((_, Why::OnlyWayLeft)) if preferred_channel(alive, person, policy).iter().any(is_stopped) => {
            Ok((open[0], Why::AfterStop))
        }
        Some(way) => Ok(way),
        None => no(Why::Stopped),
    }
}

/// Help and questions: a no on the way we would take is a no. It is not gone round by another.
fn by_topic<'a>(alive: &[&'a Address], person: &PersonFacts, policy: &Policy) -> Way<'a> {
    match preferred(alive, person, policy) {
        Some((address, why)) => {
            address.suppressed.map_or(Ok((address, why)), |reason| no(suppressed(reason)))
        }
        None => no(Why::NoAddress),
    }
}

/// Marketing goes only where somebody said yes, and has not said no since.
fn opted_in<'a>(alive: &[&'a Address], person: &PersonFacts, policy: &Policy) -> Way<'a> {
    let open: Vec<&Address> = alive.iter().copied().filter(|a| a.suppressed.is_none()).collect();
    let yes: Vec<&Address> = open.iter().copied().filter(|a| person.opted_in.contains(&a.channel)).collect();
    match (preferred(&yes, person, policy), open.is_empty()) {
        (Some(way), _) => Ok(way),
        (None, true) => no(alive.iter().find_map(|a| a.suppressed).map_or(Why::NotOptedIn, suppressed)),
        (None, false) => no(Why::NotOptedIn),
    }
}

fn suppressed(reason: SuppressionReason) -> Why {
    match reason {
        SuppressionReason::Unsubscribed => Why::Unsubscribed,
        SuppressionReason::Complained => Why::Complained,
        SuppressionReason::Stopped => Why::Stopped,
    }
}

/// A stated preference beats the shop's default; both give way to the best of what is left.
fn preferred<'a>(
    addresses: &[&'a Address],
    person: &PersonFacts,
    policy: &Policy,
) -> Option<(&'a Address, Why)> {
    let why = if person.stated.is_some() { Why::StatedChannel } else { Why::ShopDefault };
    let first_choice = preferred_channel(addresses, person, policy).first().map(|address| (*address, why));
    first_choice.or_else(|| addresses.first().map(|address| (*address, Why::OnlyWayLeft)))
}

fn preferred_channel<'a>(
    addresses: &[&'a Address],
    person: &PersonFacts,
    policy: &Policy,
) -> Vec<&'a Address> {
    let channel = person.stated.unwrap_or(policy.default_channel);
    addresses.iter().copied().filter(|address| address.channel == channel).collect()
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
    let quiet = person.quiet.unwrap_or(policy.quiet_hours);
    let (hour, _) = now.clock_in(&person.zone);
    let hour = hour.unsigned_abs();
    let is_quiet = if quiet.from <= quiet.to {
        (quiet.from..quiet.to).contains(&hour)
    } else {
        hour >= quiet.from || hour < quiet.to
    };
    (waits && is_quiet).then(|| now.next_hour_in(&person.zone, quiet.to as i8))
}
