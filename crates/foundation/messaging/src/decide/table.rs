//! The table of ARCHITECTURE's "A message is sent", as a table: one row per cell, for a person who prefers e-mail and
//! for one who prefers texts.

use customers::SuppressionReason;
use kernel::{Channel, Policy, Purpose, Timestamp, Urgency, Zone};

use super::*;

const NOON: i64 = 1_795_348_800_000; // 2026-11-22T12:00:00Z
const HOUR: Duration = Duration::from_secs(3_600);

/// Before the first bar: which message. Then what becomes of it where the person prefers e-mail, and where texts.
const TABLE: &str = "
# nothing is in the way; they said yes to marketing on both channels
transactional, at once  | email: stated_channel         | text: stated_channel
transactional, may wait | email: stated_channel         | text: stated_channel
legal                   | email: stated_channel         | text: stated_channel
service                 | email: stated_channel         | text: stated_channel
survey                  | email: stated_channel         | text: stated_channel
marketing               | email: stated_channel         | text: stated_channel

# they stated nothing: the shop's default is e-mail, or texts
transactional, at once  | email: shop_default           | text: shop_default
transactional, may wait | email: shop_default           | text: shop_default
legal                   | email: shop_default           | text: shop_default
service                 | email: shop_default           | text: shop_default
survey                  | email: shop_default           | text: shop_default
marketing               | email: shop_default           | text: shop_default

# they never said yes to marketing
transactional, at once  | email: stated_channel         | text: stated_channel
transactional, may wait | email: stated_channel         | text: stated_channel
legal                   | email: stated_channel         | text: stated_channel
service                 | email: stated_channel         | text: stated_channel
survey                  | email: stated_channel         | text: stated_channel
marketing               | never: not_opted_in           | never: not_opted_in

# they said yes to marketing on the other channel only
marketing               | text: only_way_left           | email: only_way_left

# they switched the topic off
transactional, at once  | email: stated_channel         | text: stated_channel
transactional, may wait | email: stated_channel         | text: stated_channel
legal                   | email: stated_channel         | text: stated_channel
service                 | never: topic_off              | never: topic_off
survey                  | never: topic_off              | never: topic_off
marketing               | never: topic_off              | never: topic_off

# they don't want the topic this way
transactional, at once  | email: stated_channel         | text: stated_channel
transactional, may wait | email: stated_channel         | text: stated_channel
legal                   | email: stated_channel         | text: stated_channel
service                 | text: only_way_left           | email: only_way_left
survey                  | text: only_way_left           | email: only_way_left
marketing               | text: only_way_left           | email: only_way_left

# they don't want the topic this way, and there is no other
transactional, at once  | email: stated_channel         | text: stated_channel
service                 | never: topic_off              | never: topic_off
survey                  | never: topic_off              | never: topic_off
marketing               | never: topic_off              | never: topic_off

# they want to hear of it seldom, and did: enough for five hours yet
transactional, at once  | email: stated_channel         | text: stated_channel
transactional, may wait | email: stated_channel         | text: stated_channel
legal                   | email: stated_channel         | text: stated_channel
service                 | wait 5 h: pace                | wait 5 h: pace
survey                  | wait 5 h: pace                | wait 5 h: pace
marketing               | wait 5 h: pace                | wait 5 h: pace

# it is ten in the evening, and they chose to be quiet from one to nine only
transactional, may wait | email: stated_channel         | text: stated_channel
service                 | email: stated_channel         | text: stated_channel
marketing               | email: stated_channel         | text: stated_channel

# it is noon, and they chose to be quiet from ten to three
transactional, at once  | email: stated_channel         | text: stated_channel
transactional, may wait | email: stated_channel         | wait 3 h: quiet_hours
legal                   | email: stated_channel         | text: stated_channel
service                 | wait 3 h: quiet_hours         | wait 3 h: quiet_hours
marketing               | wait 3 h: quiet_hours         | wait 3 h: quiet_hours

# they unsubscribed the address
transactional, at once  | email: stated_channel         | text: stated_channel
transactional, may wait | email: stated_channel         | text: stated_channel
legal                   | email: stated_channel         | text: stated_channel
service                 | never: unsubscribed           | never: unsubscribed
survey                  | never: unsubscribed           | never: unsubscribed
marketing               | text: only_way_left           | email: only_way_left

# they unsubscribed both addresses
transactional, at once  | email: stated_channel         | text: stated_channel
service                 | never: unsubscribed           | never: unsubscribed
marketing               | never: unsubscribed           | never: unsubscribed

# they complained at the address
transactional, at once  | email: stated_channel         | text: stated_channel
transactional, may wait | email: stated_channel         | text: stated_channel
legal                   | email: stated_channel         | text: stated_channel
service                 | never: complained             | never: complained
survey                  | never: complained             | never: complained
marketing               | text: only_way_left           | email: only_way_left

# they answered STOP to a text
transactional, at once  | email: stated_channel         | email: after_stop
transactional, may wait | email: stated_channel         | email: after_stop
legal                   | email: stated_channel         | email: after_stop
service                 | email: stated_channel         | never: stopped
survey                  | email: stated_channel         | never: stopped
marketing               | email: stated_channel         | email: only_way_left

# they answered STOP, and there is no e-mail address
transactional, at once  | never: stopped                | never: stopped
transactional, may wait | never: stopped                | never: stopped
legal                   | never: stopped                | never: stopped
service                 | never: stopped                | never: stopped
survey                  | never: stopped                | never: stopped
marketing               | never: stopped                | never: stopped

# they answered STOP, and this confirms it
transactional, at once  | text: stop_confirmed          | text: stop_confirmed

# they have texted START or HELP, and this answers it
transactional, at once  | text: answers_text            | text: answers_text

# a report says that it did not arrive as a text
transactional, at once  | email: text_lost              | email: text_lost
transactional, may wait | email: text_lost              | email: text_lost
legal                   | email: text_lost              | email: text_lost
service                 | never: tried_once             | never: tried_once
survey                  | never: tried_once             | never: tried_once
marketing               | never: tried_once             | never: tried_once

# a report says that it did not arrive as a text, and there is no e-mail address
transactional, at once  | never: no_address             | never: no_address
legal                   | never: no_address             | never: no_address

# the preferred address is dead
transactional, at once  | text: only_way_left           | email: only_way_left
transactional, may wait | text: only_way_left           | email: only_way_left
legal                   | text: only_way_left           | email: only_way_left
service                 | text: only_way_left           | email: only_way_left
survey                  | text: only_way_left           | email: only_way_left
marketing               | text: only_way_left           | email: only_way_left

# every address is dead
transactional, at once  | never: dead_address           | never: dead_address
transactional, may wait | never: dead_address           | never: dead_address
legal                   | never: dead_address           | never: dead_address
service                 | never: dead_address           | never: dead_address
survey                  | never: dead_address           | never: dead_address
marketing               | never: dead_address           | never: dead_address

# there is no address
transactional, at once  | never: no_address             | never: no_address
service                 | never: no_address             | never: no_address
marketing               | never: no_address             | never: no_address

# this shop sends no texts
transactional, at once  | email: stated_channel         | email: only_way_left
transactional, may wait | email: stated_channel         | email: only_way_left
legal                   | email: stated_channel         | email: only_way_left
service                 | email: stated_channel         | email: only_way_left
survey                  | email: stated_channel         | email: only_way_left
marketing               | email: stated_channel         | email: only_way_left

# it is ten in the evening where they are
transactional, at once  | email: stated_channel         | text: stated_channel
transactional, may wait | email: stated_channel         | wait 10 h: quiet_hours
legal                   | email: stated_channel         | text: stated_channel
service                 | wait 10 h: quiet_hours        | wait 10 h: quiet_hours
survey                  | wait 10 h: quiet_hours        | wait 10 h: quiet_hours
marketing               | wait 10 h: quiet_hours        | wait 10 h: quiet_hours

# they asked to be left in peace, for five hours yet
transactional, at once  | email: stated_channel         | text: stated_channel
transactional, may wait | email: stated_channel         | text: stated_channel
legal                   | email: stated_channel         | text: stated_channel
service                 | wait 5 h: paused              | wait 5 h: paused
survey                  | wait 5 h: paused              | wait 5 h: paused
marketing               | wait 5 h: paused              | wait 5 h: paused

# their data were erased
transactional, at once  | never: erased                 | never: erased
transactional, may wait | never: erased                 | never: erased
legal                   | never: erased                 | never: erased
service                 | never: erased                 | never: erased
survey                  | never: erased                 | never: erased
marketing               | never: erased                 | never: erased

# something is wrong for them, for five hours yet
transactional, at once  | email: stated_channel         | text: stated_channel
transactional, may wait | email: stated_channel         | text: stated_channel
legal                   | email: stated_channel         | text: stated_channel
service                 | wait 5 h: incident            | wait 5 h: incident
survey                  | wait 5 h: incident            | wait 5 h: incident
marketing               | wait 5 h: incident            | wait 5 h: incident

# they have been written to often enough, for five hours yet
transactional, at once  | email: stated_channel         | text: stated_channel
transactional, may wait | email: stated_channel         | text: stated_channel
legal                   | email: stated_channel         | text: stated_channel
service                 | wait 5 h: pressure            | wait 5 h: pressure
survey                  | wait 5 h: pressure            | wait 5 h: pressure
marketing               | wait 5 h: pressure            | wait 5 h: pressure

# they are one of those who get no marketing
transactional, at once  | email: stated_channel         | text: stated_channel
transactional, may wait | email: stated_channel         | text: stated_channel
legal                   | email: stated_channel         | text: stated_channel
service                 | email: stated_channel         | text: stated_channel
survey                  | email: stated_channel         | text: stated_channel
marketing               | never: held_out               | never: held_out

# it is not its time yet, for five hours
transactional, at once  | wait 5 h: too_early           | wait 5 h: too_early
legal                   | wait 5 h: too_early           | wait 5 h: too_early
marketing               | wait 5 h: too_early           | wait 5 h: too_early

# it was due before a restore, and nobody has let it go
transactional, at once  | wait 72 h: restored           | wait 72 h: restored
legal                   | wait 72 h: restored           | wait 72 h: restored
marketing               | wait 72 h: restored           | wait 72 h: restored

# an earlier one of its thread is under way, for five hours at the longest
transactional, at once  | wait 5 h: in_order            | wait 5 h: in_order
service                 | wait 5 h: in_order            | wait 5 h: in_order

# it is too late
transactional, at once  | never: expired                | never: expired
legal                   | never: expired                | never: expired
marketing               | never: expired                | never: expired

# it would be too late before their morning
service                 | wait 2 h: quiet_hours         | wait 2 h: quiet_hours
marketing               | wait 2 h: quiet_hours         | wait 2 h: quiet_hours

# it may have arrived five minutes ago
transactional, at once  | email: stated_channel         | wait 10 min: awaiting_report
transactional, may wait | email: stated_channel         | wait 10 min: awaiting_report
legal                   | email: stated_channel         | wait 10 min: awaiting_report
service                 | never: never_twice            | never: never_twice
survey                  | never: never_twice            | never: never_twice
marketing               | never: never_twice            | never: never_twice

# it may have arrived an hour ago
transactional, at once  | email: stated_channel         | email: email_after_text
transactional, may wait | email: stated_channel         | email: email_after_text
legal                   | email: stated_channel         | email: email_after_text
service                 | never: never_twice            | never: never_twice
survey                  | never: never_twice            | never: never_twice
marketing               | never: never_twice            | never: never_twice

# it may have arrived an hour ago by text, and there is no e-mail address
transactional, at once  | never: never_twice            | never: never_twice
legal                   | never: never_twice            | never: never_twice

# it may have arrived by e-mail, and they asked for texts since
transactional, at once  | email: only_way_left          | email: only_way_left

# it may have arrived, and it is too late
transactional, at once  | never: expired_unknown        | never: expired_unknown
service                 | never: expired_unknown        | never: expired_unknown
";

fn at(span: i64) -> Timestamp {
    Timestamp::from_ms(NOON + span * 60_000)
}

/// Everything that is known in one situation.
struct Case {
    message: MessageFacts,
    person: PersonFacts,
    policy: Policy,
    connected: Vec<Channel>,
    now: Timestamp,
}

fn calm(purpose: Purpose, urgency: Urgency, prefers: Channel) -> Case {
    let address = |channel, address: &str| Address {
        channel,
        address: address.to_owned(),
        dead: false,
        suppressed: None,
    };
    let message = MessageFacts {
        purpose,
        urgency,
        not_before: at(-60),
        not_after: at(72 * 60),
        unknown: None,
        thread_busy_until: None,
        held_by_restore: false,
        confirms_stop: false,
        answers_text: false,
        text_lost: false,
    };
    let person = PersonFacts {
        stated: Some(prefers),
        zone: Zone::utc(),
        addresses: vec![address(Channel::Email, "a@example.test"), address(Channel::Sms, "+447700900123")],
        topic_off: false,
        without: None,
        pace_until: None,
        quiet: None,
        opted_in: Channel::ALL.to_vec(),
        erased: false,
        paused_until: None,
        incident_until: None,
        pressure_until: None,
        held_out: false,
    };
    Case { message, person, policy: Policy::default(), connected: Channel::ALL.to_vec(), now: at(0) }
}

fn other(channel: Channel) -> Channel {
    match channel {
        Channel::Email => Channel::Sms,
        Channel::Sms => Channel::Email,
    }
}

/// Brings about what the heading of a block says.
fn bring_about(situation: &str, case: &mut Case, prefers: Channel) {
    let suppress = |case: &mut Case, channel: Channel, reason| {
        let address = case.person.addresses.iter_mut().find(|address| address.channel == channel);
        if let Some(address) = address {
            address.suppressed = Some(reason);
        }
    };
    let unknown = |channel, minutes: i64| Some(Unknown { channel, since: at(-minutes) });
    let no_email = |case: &mut Case| case.person.addresses.retain(|a| a.channel == Channel::Sms);
    match situation {
        "nothing is in the way; they said yes to marketing on both channels" => {}
        "they stated nothing: the shop's default is e-mail, or texts" => {
            case.person.stated = None;
            case.policy.default_channel = prefers;
        }
        "they never said yes to marketing" => case.person.opted_in.clear(),
        "they said yes to marketing on the other channel only" => case.person.opted_in = vec![other(prefers)],
        "they switched the topic off" => case.person.topic_off = true,
        "they don't want the topic this way" => case.person.without = Some(prefers),
        "they don't want the topic this way, and there is no other" => {
            case.person.without = Some(prefers);
            case.person.addresses.retain(|address| address.channel == prefers);
        }
        "they want to hear of it seldom, and did: enough for five hours yet" => {
            case.person.pace_until = Some(at(300));
        }
        "it is ten in the evening, and they chose to be quiet from one to nine only" => {
            case.now = at(10 * 60);
            case.person.quiet = Some(kernel::shop::QuietHours { from: 1, to: 9 });
        }
        "it is noon, and they chose to be quiet from ten to three" => {
            case.person.quiet = Some(kernel::shop::QuietHours { from: 10, to: 15 });
        }
        "they unsubscribed the address" => suppress(case, prefers, SuppressionReason::Unsubscribed),
        "they unsubscribed both addresses" => {
            Channel::ALL
                .into_iter()
                .for_each(|channel| suppress(case, channel, SuppressionReason::Unsubscribed));
        }
        "they complained at the address" => suppress(case, prefers, SuppressionReason::Complained),
        "they answered STOP to a text" => suppress(case, Channel::Sms, SuppressionReason::Stopped),
        "they answered STOP, and there is no e-mail address" => {
            suppress(case, Channel::Sms, SuppressionReason::Stopped);
            no_email(case);
        }
        "they answered STOP, and this confirms it" => {
            suppress(case, Channel::Sms, SuppressionReason::Stopped);
            case.message.confirms_stop = true;
        }
        "they have texted START or HELP, and this answers it" => case.message.answers_text = true,
        "a report says that it did not arrive as a text" => case.message.text_lost = true,
        "a report says that it did not arrive as a text, and there is no e-mail address" => {
            case.message.text_lost = true;
            no_email(case);
        }
        "the preferred address is dead" => {
            case.person.addresses.iter_mut().for_each(|a| a.dead = a.channel == prefers);
        }
        "every address is dead" => case.person.addresses.iter_mut().for_each(|a| a.dead = true),
        "there is no address" => case.person.addresses.clear(),
        "this shop sends no texts" => case.connected = vec![Channel::Email],
        "it is ten in the evening where they are" => case.now = at(10 * 60),
        "they asked to be left in peace, for five hours yet" => case.person.paused_until = Some(at(300)),
        "their data were erased" => case.person.erased = true,
        "something is wrong for them, for five hours yet" => case.person.incident_until = Some(at(300)),
        "they have been written to often enough, for five hours yet" => {
            case.person.pressure_until = Some(at(300));
        }
        "they are one of those who get no marketing" => case.person.held_out = true,
        "it was due before a restore, and nobody has let it go" => case.message.held_by_restore = true,
        "it is not its time yet, for five hours" => case.message.not_before = at(300),
        "an earlier one of its thread is under way, for five hours at the longest" => {
            case.message.thread_busy_until = Some(at(300));
        }
        "it is too late" => case.message.not_after = at(0),
        "it would be too late before their morning" => {
            case.now = at(10 * 60);
            case.message.not_after = at(12 * 60);
        }
        "it may have arrived five minutes ago" => case.message.unknown = unknown(prefers, 5),
        "it may have arrived an hour ago" => case.message.unknown = unknown(prefers, 60),
        "it may have arrived an hour ago by text, and there is no e-mail address" => {
            case.message.unknown = unknown(Channel::Sms, 60);
            no_email(case);
        }
        "it may have arrived by e-mail, and they asked for texts since" => {
            case.message.unknown = unknown(Channel::Email, 60);
            case.person.stated = Some(Channel::Sms);
        }
        "it may have arrived, and it is too late" => {
            case.message.unknown = unknown(prefers, 5);
            case.message.not_after = at(0);
        }
        other => panic!("nobody knows how to bring about: {other}"),
    }
}

fn message_named(name: &str) -> (Purpose, Urgency) {
    match name {
        "transactional, at once" => (Purpose::Transactional, Urgency::AtOnce),
        "transactional, may wait" => (Purpose::Transactional, Urgency::MayWait),
        "legal" => (Purpose::Legal, Urgency::MayWait),
        "service" => (Purpose::Service, Urgency::MayWait),
        "survey" => (Purpose::Survey, Urgency::MayWait),
        "marketing" => (Purpose::Marketing, Urgency::MayWait),
        other => panic!("no such message: {other}"),
    }
}

/// A verdict in the words of the table.
fn said(verdict: &Verdict, now: Timestamp) -> String {
    let why = verdict.why().code();
    match verdict {
        Verdict::Send { channel: Channel::Email, .. } => format!("email: {why}"),
        Verdict::Send { channel: Channel::Sms, .. } => format!("text: {why}"),
        Verdict::Drop { .. } => format!("never: {why}"),
        Verdict::Hold { until, .. } => match until.since(now) {
            span if span.as_secs() % HOUR.as_secs() == 0 => {
                format!("wait {} h: {why}", span.as_secs() / HOUR.as_secs())
            }
            span => format!("wait {} min: {why}", span.as_secs() / 60),
        },
    }
}

#[test]
fn every_cell_of_the_table_is_as_it_says() {
    let (mut situation, mut cells) = ("", 0);
    for line in TABLE.lines().filter(|line| !line.is_empty()) {
        if let Some(heading) = line.strip_prefix("# ") {
            situation = heading;
            continue;
        }
        let columns: Vec<&str> = line.split('|').map(str::trim).collect();
        let (purpose, urgency) = message_named(columns[0]);
        for (prefers, expected) in [(Channel::Email, columns[1]), (Channel::Sms, columns[2])] {
            let mut case = calm(purpose, urgency, prefers);
            bring_about(situation, &mut case, prefers);
            let verdict = decide(&case.message, &case.person, &case.policy, &case.connected, case.now);
            assert_eq!(said(&verdict, case.now), expected, "{}: {situation}; {prefers:?}", columns[0]);
            cells += 1;
        }
    }
    assert!(cells > 200, "{cells}");
}

#[test]
fn every_reason_is_in_the_table() {
    // A person's word is no rule, nor is a provider's.
    let is_ruled = |why: &Why| !matches!(why, Why::Cancelled | Why::Overtaken | Why::RefusedUnknown);
    for why in Why::ALL.into_iter().filter(is_ruled) {
        assert!(TABLE.contains(&format!(": {}", why.code())), "{why:?}");
    }
}

#[test]
fn the_midnight_of_the_constant_is_what_it_says() {
    assert_eq!(at(0).to_string(), "2026-11-22T12:00:00Z");
}
