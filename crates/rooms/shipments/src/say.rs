//! Turns news into a message, in the write that brought it about.

use std::time::Duration;

use db::{Read, Write};
use kernel::{Date, MessageId, Result, Timestamp};
use messaging::NewMessage;

use crate::calendar::tomorrow;
use crate::delay::{Basis, Notice, cancels_on};
use crate::incoming::DateRange;
use crate::letters::{self, ItemTold, ParcelContext, ParcelTold};
use crate::news::{News, Parcel, Situation, hour_of};
use crate::order::{Carriers, OrderFacts, Orders};
use crate::state::{Reason, State};
use crate::store::Shipment;
use crate::told::Told;

const HOUR: Duration = Duration::from_secs(3_600);
const DAY: Duration = Duration::from_secs(24 * 3_600);

/// The template that tells it.
pub fn template_of(news: &News) -> &'static str {
    match news {
        News::Shipped(_) => letters::SHIPPED,
        News::NewNumber(_) => letters::NEW_NUMBER,
        News::OutForDelivery(_) => letters::OUT_FOR_DELIVERY,
        News::ReadyForPickup(_) => letters::READY_FOR_PICKUP,
        News::PickupReminder(_) => letters::PICKUP_REMINDER,
        News::Missed(_) => letters::MISSED,
        News::Problem(_) => letters::PROBLEM,
        News::Delivered { .. } => letters::DELIVERED,
        News::Corrected(_) => letters::CORRECTED,
        News::Returned(_) => letters::RETURNED,
        News::LateLeaving(_) => letters::LATE_LEAVING,
        News::LateArriving { .. } => letters::LATE_ARRIVING,
    }
}

/// Writes the message. What still waits to be said of the same parcel is overtaken by it. None when it was said before.
pub fn say(
    w: &mut Write<'_>,
    situation: &Situation<'_>,
    news: &News,
    told: &Told,
) -> Result<Option<MessageId>> {
    let order = situation.order;
    let thread = thread_of(order, news);
    messaging::overtake(w, &thread)?;
    let context = context(w, situation, news)?;
    let (trigger, happened_at) = (trigger(situation, news, told), happened_at(situation, news));
    let message = NewMessage {
        customer: &order.customer,
        template: template_of(news),
        subject: ("order", &order.id),
        trigger: &trigger,
        thread: &thread,
        recipient: order.recipient.clone(),
        context: serde_json::to_value(context)?,
        not_before: w.now.min(happened_at),
        not_after: Some(worth_saying_until(situation, news)),
    };
    messaging::queue(w, &message)
}

/// What is said of one parcel goes out in order; so does what is said of all of them.
fn thread_of(order: &OrderFacts, news: &News) -> String {
    match one_of(news) {
        Some(shipment) => format!("parcel {shipment}"),
        None => format!("parcels {}", order.id),
    }
}

/// The one parcel that the news is of.
fn one_of(news: &News) -> Option<&str> {
    match news {
        News::Shipped(ids) if ids.len() == 1 => ids.first().map(String::as_str),
        News::Shipped(_) | News::LateLeaving(_) => None,
        News::NewNumber(id)
        | News::OutForDelivery(id)
        | News::ReadyForPickup(id)
        | News::PickupReminder(id)
        | News::Missed(id)
        | News::Problem(id)
        | News::Corrected(id)
        | News::Returned(id)
        | News::Delivered { shipment: id, .. } => Some(id),
        News::LateArriving { shipment, .. } => shipment.as_deref(),
    }
}

/// What makes it the same news: the parcel and the moment its state began, the number, or the day that was promised. A
/// number that is told again after another one is news again.
fn trigger(situation: &Situation<'_>, news: &News, told: &Told) -> String {
    let since = |id: &str| find(situation, id).map_or(0, |parcel| parcel.shipment.standing.since.ms());
    let state = |id: &str| format!("{id} since {}", since(id));
    match news {
        News::Shipped(ids) => ids.join(" "),
        News::NewNumber(id) => {
            let number = find(situation, id).and_then(Parcel::number).unwrap_or_default();
            match told.of(id).renumbered {
                0 => format!("{id} {number}"),
                times => format!("{id} {number} after {times}"),
            }
        }
        News::OutForDelivery(id)
        | News::ReadyForPickup(id)
        | News::PickupReminder(id)
        | News::Missed(id)
        | News::Problem(id)
        | News::Corrected(id)
        | News::Returned(id)
        | News::Delivered { shipment: id, .. } => state(id),
        News::LateLeaving(Notice { promised, .. }) => format!("promised {promised}"),
        News::LateArriving { promised, expected, .. } => {
            let expected = expected.map(|day| day.to_string()).unwrap_or_default();
            format!("promised {promised}, expected {expected}")
        }
    }
}

fn happened_at(situation: &Situation<'_>, news: &News) -> Timestamp {
    let parcel = one_of(news).and_then(|id| find(situation, id));
    match (news, parcel) {
        // What is late is late now, and when a label was made is not when it moved.
        (News::LateLeaving(_) | News::LateArriving { .. } | News::Shipped(_), _) | (_, None) => situation.now,
        (_, Some(parcel)) => parcel.shipment.standing.since,
    }
}

/// Until when a message is worth sending: whoever hears of today's parcel tomorrow is misled, and so is whoever hears of a
/// day that has passed.
fn worth_saying_until(situation: &Situation<'_>, news: &News) -> Timestamp {
    let until = situation.now + worth_saying_for(news);
    let named = match news {
        News::OutForDelivery(_) => Some(situation.now.date_in(situation.zone)),
        News::LateArriving { expected, .. } => *expected,
        _ => None,
    };
    named.map_or(until, |day| until.min(hour_of(tomorrow(day), 0, situation.zone)))
}

/// How long a message is worth sending, whatever day it names.
fn worth_saying_for(news: &News) -> Duration {
    match news {
        News::OutForDelivery(_) => HOUR.saturating_mul(14),
        News::Missed(_) | News::Corrected(_) => DAY,
        News::Shipped(_)
        | News::NewNumber(_)
        | News::Problem(_)
        | News::Delivered { .. }
        | News::LateLeaving(_)
        | News::LateArriving { .. } => DAY.saturating_mul(2),
        News::ReadyForPickup(_) | News::PickupReminder(_) | News::Returned(_) => DAY.saturating_mul(3),
    }
}

fn find<'a>(situation: &Situation<'a>, id: &str) -> Option<&'a Parcel> {
    situation.parcels.iter().find(|parcel| parcel.id() == id)
}

fn context(w: &mut Write<'_>, situation: &Situation<'_>, news: &News) -> Result<ParcelContext> {
    let order = situation.order;
    let links = (w.wired::<Orders>()?.links)(w, &order.id)?;
    let ids: Vec<&str> = match news {
        News::Shipped(ids) => ids.iter().map(String::as_str).collect(),
        other => one_of(other).into_iter().collect(),
    };
    let mut parcels = Vec::with_capacity(ids.len());
    for id in ids {
        if let Some(parcel) = find(situation, id) {
            parcels.push(told(w, order, &parcel.shipment)?);
        }
    }
    let standing = situation.parcels.iter().filter(|parcel| !parcel.is_cancelled());
    let (promised, expected) = match news {
        News::LateLeaving(notice) => (Some(notice.promised), None),
        News::LateArriving { promised, expected, .. } => (Some(*promised), *expected),
        _ => (None, None),
    };
    Ok(ParcelContext {
        number: order.number.clone(),
        url: links.url,
        short_url: links.short_url,
        name: order.recipient.name.clone(),
        parcels,
        of_parcels: standing.count(),
        all_here: matches!(news, News::Delivered { all_here: true, .. }),
        promised,
        basis: match news {
            News::LateLeaving(notice) => notice.basis,
            _ => Basis::default(),
        },
        expected,
        cancels_on: silence(situation, news),
        arrives: order.arrives.map(|DateRange { from, to }| (from, to)),
    })
}

/// The day at whose end an order counts as cancelled when nobody answers this.
fn silence(situation: &Situation<'_>, news: &News) -> Option<Date> {
    let News::LateLeaving(notice) = news else { return None };
    let (country, days) = (situation.order.country.as_deref(), situation.policy.silence_days);
    cancels_on(notice, situation.promised_ships, country, days)
}

/// A parcel as a message tells it.
fn told(r: &mut Read<'_>, order: &OrderFacts, shipment: &Shipment) -> Result<ParcelTold> {
    let (carrier, link) = carrier_of(r, shipment);
    Ok(ParcelTold {
        carrier,
        number: shipment.tracking.number.clone(),
        link,
        state: shipment.standing.state.as_str().to_owned(),
        reason: shipment.standing.reason.map(|reason| Reason::as_str(reason).to_owned()),
        since: shipment.standing.since,
        expected: shipment.expected.map(|DateRange { from, to }| (from, to)),
        pickup: shipment.pickup.clone(),
        items: items_of(order, shipment),
        is_there: shipment.standing.state == State::Delivered,
    })
}

/// Who carries it, for people, and the carrier's page: ours by the number, else the one its source gave.
pub fn carrier_of(r: &mut Read<'_>, shipment: &Shipment) -> (Option<String>, Option<String>) {
    let tracking = &shipment.tracking;
    let told = tracking.carrier_name.clone();
    let Ok(carriers) = r.wired::<Carriers>().copied() else { return (told, tracking.url.clone()) };
    let Some(code) = &tracking.carrier else { return (told, tracking.url.clone()) };
    let name = (carriers.name)(code).map(str::to_owned).or(told);
    let link = tracking.number.as_ref().and_then(|number| (carriers.link)(code, number));
    (name, link.or(tracking.url.clone()))
}

/// What is in a parcel. One whose source does not say what is in it shows everything that was ordered; a further parcel of
/// a shipment shows nothing, because nobody knows which pieces are in it.
pub fn items_of(order: &OrderFacts, shipment: &Shipment) -> Vec<ItemTold> {
    if shipment.part_of.is_some() {
        return Vec::new();
    }
    let pieces = |line: &str| match shipment.lines.is_empty() {
        true => None,
        false => Some(shipment.lines.iter().find(|sent| sent.line == line).map_or(0, |sent| sent.quantity)),
    };
    let items = order.lines.iter().map(|line| ItemTold {
        title: line.title.clone(),
        variant: line.variant.clone(),
        quantity: pieces(&line.external_id).unwrap_or(line.quantity),
        image_url: line.image_url.clone(),
        url: line.url.clone(),
    });
    items.filter(|item| item.quantity > 0).collect()
}
