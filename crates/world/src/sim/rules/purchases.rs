//! What belongs to a purchase is said, or something outside has kept it from being said.

use std::time::Duration;

use kernel::{Channel, Timestamp};
use messaging::provider::RefusalClass;

use super::{Ending, MessageRow, may_be_switched_off, none};
use crate::sim::outside::{End, HandOff, What};
use crate::sim::post::is_dead;

/// The longest wait between two tries that there is: six hours and a fifth, and the night of a text that may wait.
const LONGEST_WAIT: Duration = Duration::from_secs(20 * 3_600);

/// The longest night there is.
const A_NIGHT: Duration = Duration::from_secs(12 * 3_600);
const MINUTE: Duration = Duration::from_secs(60);

/// "Messages of a purchase: at least once." A program that gives up may not be the one that says why: its reason has to be
/// true outside.
pub(super) fn what_belongs_to_a_purchase_arrives(ending: &Ending<'_>) -> Result<(), String> {
    let purchases = ending.rows.messages.iter().filter(|message| !may_be_switched_off(message));
    none(purchases.into_iter().find_map(|message| {
        let tries: Vec<&HandOff> = ending.hand_offs.iter().filter(|try_| try_.key == message.key).collect();
        let arrived = tries.iter().any(|try_| try_.is_taken());
        (!arrived && !is_excused(ending, message, &tries))
            .then(|| format!("nobody got {message:?}, and nothing was in its way: {tries:?}"))
    }))
}

/// Whether what the program says of its end is so.
fn is_excused(ending: &Ending<'_>, message: &MessageRow, tries: &[&HandOff]) -> bool {
    let refused_for_good = tries.last().is_some_and(|last| last.end == End::Refused(RefusalClass::Permanent));
    match (message.state.as_str(), message.why.as_deref().unwrap_or_default()) {
        (_, "dead_address" | "no_address" | "stopped" | "never_twice") => has_no_way(ending, message, tries),
        ("expired", "expired") | ("unknown", "expired_unknown") => was_hindered(ending, message, tries),
        ("dropped", "overtaken") => was_overtaken(ending, message),
        ("unknown", "refused_unknown") | ("failed", _) => refused_for_good,
        _ => false,
    }
}

/// Their mailbox is gone, and by text it can't be said, or not again: a text may be out when it was given to the gateway, or
/// when the program came to grief before that. What answers a text goes back to its number once and nowhere else.
fn has_no_way(ending: &Ending<'_>, message: &MessageRow, tries: &[&HandOff]) -> bool {
    let lived = message.created_at..=message.finished_at.unwrap_or(message.not_after);
    let came_to_grief = ending.deaths.iter().chain(ending.errors).any(|at| lived.contains(at));
    let was_texted = tries.iter().any(|try_| try_.channel == Channel::Sms) || came_to_grief;
    if matches!(message.topic.as_str(), "stop_confirmation" | "texts") {
        return was_texted;
    }
    let Some(person) = ending.person_of(message) else { return false };
    let stopped = |phone: &str| {
        ending.wishes.iter().any(|wish| matches!(&wish.what, What::Stopped { phone: who } if who == phone))
    };
    let by_text = person.phone.as_ref().is_some_and(|phone| !stopped(phone.as_str()));
    let is_for_the_mailbox = message.is_repeat || message.topic == "codes";
    is_dead(person.email.as_str()) && (!by_text || was_texted || is_for_the_mailbox)
}

/// It was worth something until then, and something went wrong shortly before, or it was too late when it was written.
fn was_hindered(ending: &Ending<'_>, message: &MessageRow, tries: &[&HandOff]) -> bool {
    let over = message.not_after;
    let lately = message.created_at.max(over - LONGEST_WAIT)..=over;
    let was_away = |(from, to): &(Timestamp, Timestamp)| from <= lately.end() && lately.start() <= to;
    let is_over = message.finished_at.is_some_and(|ended| ended >= over);
    is_over
        && (over <= message.created_at
            || its_day_was_over_at_night(ending, message)
            || tries.iter().any(|try_| lately.contains(&try_.at))
            || ending.deaths.iter().any(|death| lately.contains(death))
            || ending.away.iter().any(was_away))
}

/// It tells what comes today and was written in the evening: a text waits for the morning, and then it would not be true.
fn its_day_was_over_at_night(ending: &Ending<'_>, message: &MessageRow) -> bool {
    let names_a_day =
        matches!(message.template.as_str(), "shipment.out_for_delivery" | "shipment.late_arriving");
    let (written, over) = (message.created_at, message.not_after);
    let is_night = |at| ending.person_of(message).is_some_and(|person| ending.is_night(at, &person.zone));
    names_a_day && over.since(written) <= A_NIGHT && is_night(written.max(over - MINUTE))
}

/// Something newer was written in its place.
fn was_overtaken(ending: &Ending<'_>, message: &MessageRow) -> bool {
    ending.rows.messages.iter().any(|newer| {
        newer.thread == message.thread
            && newer.key != message.key
            && Some(newer.created_at) >= message.finished_at
    })
}
