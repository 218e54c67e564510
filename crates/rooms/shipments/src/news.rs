//! What there is to say about the parcels of an order, and when. Pure.
//!
//! A message tells a change of state, once. What was overtaken by something later is not told any more, and what nobody
//! would call news is not either: a parcel that arrived a week ago, a shipment of last month.

use std::cmp::Reverse;
use std::time::Duration;

use kernel::{Date, ParcelPolicy, Timestamp, Zone};

use crate::days::day_told;
use crate::delay::{Answered, Basis, Notice, leaves_by};
use crate::fold::Standing;
use crate::order::OrderFacts;
use crate::state::{Reason, State};
use crate::store::{Shipment, number_mark};

use crate::told::{Said, Told};

const HOUR: Duration = Duration::from_secs(3_600);
const DAY: Duration = Duration::from_secs(24 * 3_600);
/// How long what happened to a parcel is still news.
const NEWS_FOR: Duration = DAY.saturating_mul(3);
/// How long a shipment is still news.
const SHIPPED_NEWS_FOR: Duration = DAY.saturating_mul(7);
/// The hour at which the shop is done for the day: what has not left by then does not leave that day.
const SHOP_CLOSES_AT: u32 = 18;
/// The hour at which yesterday's missed promise is told.
const MORNING: u32 = 9;
/// How often a parcel is said to have been missed, and to be not there after all.
const MOST_MISSED: usize = 3;
const MOST_CORRECTED: u32 = 2;
/// How often a later day is told of one parcel: whoever has heard three knows what the next is worth, and finds it on the page.
const MOST_PUT_OFF: u32 = 3;

/// Everything the rule looks at.
#[derive(Clone, Copy, Debug)]
pub struct Situation<'a> {
    /// The order.
    pub order: &'a OrderFacts,
    /// Its parcels.
    pub parcels: &'a [Parcel],
    /// The day it was promised to leave by.
    pub promised_ships: Option<Date>,
    /// The day it was promised to arrive by.
    pub promised_arrives: Option<Date>,
    /// What its customer answered when they were told that it is late.
    pub answered: Option<Answered>,
    /// How long things may take.
    pub policy: &'a ParcelPolicy,
    /// The shop's zone.
    pub zone: &'a Zone,
    /// The present.
    pub now: Timestamp,
}

/// A parcel as it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Parcel {
    /// What is stored of it, with where it is by all its scans.
    pub shipment: Shipment,
    /// When we last heard something new of it.
    pub heard_at: Timestamp,
    /// Whether it is a further parcel of a shipment of which nobody says anything else: what happens to that one happens to
    /// it, and is said and noticed once.
    pub is_silent: bool,
    /// Whether anybody tells of its way: of one that nobody follows, silence says nothing.
    pub is_followed: bool,
}

/// What there is to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    /// These are on their way.
    Shipped(Vec<String>),
    /// It goes under another number now.
    NewNumber(String),
    /// It comes today.
    OutForDelivery(String),
    /// It waits to be collected.
    ReadyForPickup(String),
    /// It still waits.
    PickupReminder(String),
    /// They came, and nobody was there.
    Missed(String),
    /// Something is wrong with it.
    Problem(String),
    /// It is there; `all_here`: and so is everything else.
    Delivered {
        /// Which one.
        shipment: String,
        /// Whether that was the last of several.
        all_here: bool,
    },
    /// It is not there after all.
    Corrected(String),
    /// It is back at the shop.
    Returned(String),
    /// It does not leave by the promised day, and its customer is asked whether they wait for it.
    LateLeaving(Notice),
    /// It does not arrive by the promised day.
    LateArriving {
        /// The day that was promised.
        promised: Date,
        /// The day it is expected on now, when somebody knows.
        expected: Option<Date>,
        /// The parcel that is late.
        shipment: Option<String>,
    },
}

/// What is to be done now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Say {
    /// Say this.
    Tell(News),
    /// Nothing before then.
    Wait(Timestamp),
    /// Nothing, until something happens.
    Nothing,
}

/// What to say now. Saying it and asking again ends in [`Say::Wait`] or [`Say::Nothing`].
pub fn what_to_say(situation: &Situation<'_>, told: &Told) -> Say {
    let order = situation.order;
    if order.is_history || !order.stands {
        return Say::Nothing;
    }
    let speaking = situation.parcels.iter().filter(|parcel| !parcel.is_silent);
    let steps = speaking.map(|parcel| of_parcel(situation, told, parcel));
    let late = [late_leaving(situation, told), late_arriving(situation, told)];
    first(steps.chain(late))
}

/// The first thing to tell; else the earliest moment to look again.
fn first(steps: impl Iterator<Item = Say>) -> Say {
    let mut wait = None;
    for step in steps {
        match step {
            Say::Tell(news) => return Say::Tell(news),
            Say::Wait(until) => wait = Some(wait.map_or(until, |wait: Timestamp| wait.min(until))),
            Say::Nothing => {}
        }
    }
    wait.map_or(Say::Nothing, Say::Wait)
}

fn of_parcel(situation: &Situation<'_>, told: &Told, parcel: &Parcel) -> Say {
    let id = parcel.id().to_owned();
    let (standing, said) = (&parcel.shipment.standing, told.of(&id));
    let news_since = |since: Timestamp| situation.now < since + NEWS_FOR;
    match standing.state {
        State::Cancelled => Say::Nothing,
        State::Delivered => {
            let at = standing.delivered_at.unwrap_or(standing.at);
            match !said.delivered && news_since(at) {
                true => Say::Tell(News::Delivered { shipment: id, all_here: all_here(situation) }),
                false => Say::Nothing,
            }
        }
        _ if said.delivered => corrected(situation, parcel, &said),
        State::Returned => tell_if(!said.returned && news_since(standing.since), News::Returned(id)),
        State::AvailableForPickup => waits(situation, parcel, &said),
        State::FailedAttempt => {
            let day = standing.since.date_in(situation.zone);
            let is_new = !said.missed_on.contains(&day) && said.missed_on.len() < MOST_MISSED;
            tell_if(is_new && news_since(standing.since), News::Missed(id))
        }
        State::OutForDelivery => {
            let day = standing.since.date_in(situation.zone);
            let is_today = day == situation.now.date_in(situation.zone);
            tell_if(said.out_on != Some(day) && is_today, News::OutForDelivery(id))
        }
        State::Exception => problem(situation, told, parcel, &said),
        State::Pending | State::InfoReceived | State::InTransit => on_its_way(situation, told, parcel, &said),
    }
}

fn tell_if(is_due: bool, news: News) -> Say {
    if is_due { Say::Tell(news) } else { Say::Nothing }
}

/// Now, when that moment has come.
fn at(situation: &Situation<'_>, due: Timestamp, news: News) -> Say {
    if situation.now >= due { Say::Tell(news) } else { Say::Wait(due) }
}

/// Carriers tell several things at once, and in any order: what would take a message back waits for the flurry to end.
fn settled_at(situation: &Situation<'_>, parcel: &Parcel) -> Timestamp {
    parcel.heard_at + digest(situation)
}

fn digest(situation: &Situation<'_>) -> Duration {
    Duration::from_secs(60 * u64::from(situation.policy.digest_minutes))
}

fn corrected(situation: &Situation<'_>, parcel: &Parcel, said: &Said) -> Say {
    if said.corrected >= MOST_CORRECTED {
        return Say::Nothing;
    }
    at(situation, settled_at(situation, parcel), News::Corrected(parcel.id().to_owned()))
}

fn waits(situation: &Situation<'_>, parcel: &Parcel, said: &Said) -> Say {
    let (since, id) = (parcel.shipment.standing.since, parcel.id().to_owned());
    match said.pickup_since {
        None => tell_if(situation.now < since + NEWS_FOR, News::ReadyForPickup(id)),
        Some(_) if said.reminded => Say::Nothing,
        Some(_) => {
            let (due, ends) = reminded_at(situation, parcel, since);
            if situation.now >= ends {
                return Say::Nothing;
            }
            at(situation, due, News::PickupReminder(id))
        }
    }
}

/// When to remind somebody to collect, and from when on a reminder helps nobody: after so many days, or on the morning
/// before the last day, whichever comes first.
fn reminded_at(situation: &Situation<'_>, parcel: &Parcel, since: Timestamp) -> (Timestamp, Timestamp) {
    let due = since + DAY.saturating_mul(u32::from(situation.policy.pickup_reminder_days));
    let until = parcel.shipment.pickup.as_ref().and_then(|point| point.until);
    match until {
        Some(last) => {
            let before = last.yesterday().unwrap_or(last);
            let closes = hour_of(last, SHOP_CLOSES_AT, situation.zone);
            (due.min(hour_of(before, MORNING, situation.zone)), closes)
        }
        // A reminder that comes a week late reminds of nothing.
        None => (due, due + SHIPPED_NEWS_FOR),
    }
}

/// A problem that has a name is told; one without, and a mere delay, is waited out for a working day by the detectors.
fn problem(situation: &Situation<'_>, told: &Told, parcel: &Parcel, said: &Said) -> Say {
    let standing = &parcel.shipment.standing;
    match standing.reason.filter(|reason| is_worth_telling(*reason)) {
        Some(reason) if !said.knows_of(reason) && situation.now < standing.since + NEWS_FOR => {
            at(situation, settled_at(situation, parcel), News::Problem(parcel.id().to_owned()))
        }
        Some(_) => Say::Nothing,
        None => on_its_way(situation, told, parcel, said),
    }
}

fn is_worth_telling(reason: Reason) -> bool {
    match reason {
        Reason::Address
        | Reason::Customs
        | Reason::Damaged
        | Reason::Refused
        | Reason::Lost
        | Reason::Returning
        | Reason::NotCollected => true,
        Reason::NobodyHome
        | Reason::Delayed
        | Reason::Weather
        | Reason::NoNews
        | Reason::Signed
        | Reason::Neighbour
        | Reason::SafePlace
        | Reason::Locker => false,
    }
}

fn on_its_way(situation: &Situation<'_>, told: &Told, parcel: &Parcel, said: &Said) -> Say {
    if said.shipped {
        let number = parcel.number();
        return tell_if(number.is_some() && said.number != number, News::NewNumber(parcel.id().to_owned()));
    }
    if knows_more_than_shipped(said) || situation.now >= parcel.shipment.shipped_at + SHIPPED_NEWS_FOR {
        return Say::Nothing;
    }
    let due = live_at(situation, parcel);
    if situation.now < due {
        return Say::Wait(due);
    }
    shipped(situation, told, parcel)
}

fn knows_more_than_shipped(said: &Said) -> bool {
    said.out_on.is_some()
        || said.pickup_since.is_some()
        || !said.missed_on.is_empty()
        || said.problem.is_some()
}

/// When a number leads somewhere: when its carrier has said something; without a number at once, and in the end anyhow.
fn live_at(situation: &Situation<'_>, parcel: &Parcel) -> Timestamp {
    let shipment = &parcel.shipment;
    match (&shipment.tracking.number, shipment.standing.live_at) {
        (None, _) => shipment.first_seen_at,
        (Some(_), Some(live_at)) => live_at,
        (Some(_), None) => {
            shipment.first_seen_at + HOUR.saturating_mul(u32::from(situation.policy.live_cap_hours))
        }
    }
}

/// Alone at once when it is all that is left; else together with what else leaves within ten minutes.
fn shipped(situation: &Situation<'_>, told: &Told, parcel: &Parcel) -> Say {
    let is_untold = |other: &&Parcel| {
        let said = told.of(other.id());
        !said.shipped && !knows_more_than_shipped(&said) && !said.delivered && other.is_under_way()
    };
    let untold: Vec<&Parcel> = situation.parcels.iter().filter(is_untold).collect();
    let ready: Vec<&&Parcel> =
        untold.iter().filter(|other| live_at(situation, other) <= situation.now).collect();
    let ids = || ready.iter().map(|parcel| parcel.id().to_owned()).collect::<Vec<_>>();
    if untold.len() == 1 && nothing_left(situation) {
        return Say::Tell(News::Shipped(vec![parcel.id().to_owned()]));
    }
    let first = ready.iter().map(|other| live_at(situation, other)).min().unwrap_or(situation.now);
    at(situation, first + digest(situation), News::Shipped(ids()))
}

fn nothing_left(situation: &Situation<'_>) -> bool {
    let shipments: Vec<&Shipment> = standing_parcels(situation).map(|parcel| &parcel.shipment).collect();
    situation.order.left_after(&shipments).is_empty()
}

fn standing_parcels<'a>(situation: &Situation<'a>) -> impl Iterator<Item = &'a Parcel> {
    situation.parcels.iter().filter(|parcel| !parcel.is_cancelled())
}

/// Whether the last of several parcels has come, and nothing is still to be sent.
fn all_here(situation: &Situation<'_>) -> bool {
    let parcels: Vec<&Parcel> = standing_parcels(situation).collect();
    parcels.len() > 1
        && parcels.iter().all(|parcel| parcel.shipment.standing.state == State::Delivered)
        && nothing_left(situation)
}

/// Whether anything is still to leave the shop.
pub fn is_to_leave(order: &OrderFacts, parcels: &[Parcel]) -> bool {
    let standing: Vec<&Shipment> =
        parcels.iter().filter(|parcel| !parcel.is_cancelled()).map(|parcel| &parcel.shipment).collect();
    let has_left = order.has_left || order.has_arrived;
    !has_left && (standing.is_empty() || !order.left_after(&standing).is_empty())
}

fn late_leaving(situation: &Situation<'_>, told: &Told) -> Say {
    let noticed = told.notice.map(|notice| notice.promised);
    let due = has_to_leave(situation).filter(|(day, _)| noticed != Some(*day));
    let Some((promised, basis)) = due else { return Say::Nothing };
    if !is_to_leave(situation.order, situation.parcels) {
        return Say::Nothing;
    }
    let due = hour_of(promised, SHOP_CLOSES_AT, situation.zone);
    if !is_ours_to_tell(situation, due) {
        return Say::Nothing;
    }
    let is_renewed = told.notice.is_some();
    at(situation, due, News::LateLeaving(Notice { promised, told_at: situation.now, is_renewed, basis }))
}

/// The day by which it has to have left, and why.
fn has_to_leave(situation: &Situation<'_>) -> Option<(Date, Basis)> {
    let order = situation.order;
    let placed_on = order.placed_at.date_in(situation.zone);
    leaves_by(situation.promised_ships, situation.promised_arrives, placed_on, order.country.as_deref())
}

/// A promise that was missed before we heard of the order was somebody else's, and one of last week is no news.
fn is_ours_to_tell(situation: &Situation<'_>, due: Timestamp) -> bool {
    situation.order.first_seen_at < due && situation.now < due + SHIPPED_NEWS_FOR
}

/// The latest first: the day that is told of it may be the new one of all.
fn late_arriving(situation: &Situation<'_>, told: &Told) -> Say {
    if situation.order.has_arrived {
        return Say::Nothing;
    }
    let is_late_news = |parcel: &&Parcel| parcel.is_under_way() && !parcel.is_silent && !is_old_news(parcel);
    let mut under_way: Vec<&Parcel> = standing_parcels(situation).filter(is_late_news).collect();
    under_way.sort_by_key(|parcel| Reverse(expected_by(parcel)));
    first(under_way.into_iter().map(|parcel| late_parcel(situation, told, parcel)))
}

/// A later day that the carrier names is told when it is named; a promise that simply passes, the morning after, where
/// anybody would have told that it was kept.
fn late_parcel(situation: &Situation<'_>, told: &Told, parcel: &Parcel) -> Say {
    let said = told.of(parcel.id());
    let Some(promised) = said.day.or(situation.promised_arrives) else { return Say::Nothing };
    let shipment = Some(parcel.id().to_owned());
    let today = situation.now.date_in(situation.zone);
    let later = expected_by(parcel).filter(|day| *day > promised && *day >= today);
    if let Some(expected) = later.filter(|_| said.put_off < MOST_PUT_OFF) {
        let news = News::LateArriving { promised, expected: Some(expected), shipment };
        return at(situation, settled_at(situation, parcel), news);
    }
    // Where its page names a day that is still ahead, the one that was told before is no news.
    if let Some(later) = later {
        return Say::Wait(hour_of(crate::calendar::tomorrow(later), MORNING, situation.zone));
    }
    let missed = if said.day.is_some() { said.late } else { told.late_arrives };
    let due = hour_of(crate::calendar::tomorrow(promised), MORNING, situation.zone);
    if missed == Some(promised) || !parcel.is_followed || !is_ours_to_tell(situation, due) {
        return Say::Nothing;
    }
    at(situation, due, News::LateArriving { promised, expected: None, shipment })
}

/// It had left long before we first heard of it, and nothing was heard since: nobody knows whether it is there by now.
fn is_old_news(parcel: &Parcel) -> bool {
    let shipment = &parcel.shipment;
    let left_long_ago = shipment.first_seen_at >= shipment.shipped_at + SHIPPED_NEWS_FOR;
    left_long_ago && parcel.heard_at <= shipment.first_seen_at
}

fn expected_by(parcel: &Parcel) -> Option<Date> {
    parcel.shipment.expected.map(|range| range.to)
}

/// That hour of a day, by the shop's clock.
pub fn hour_of(day: Date, hour: u32, zone: &Zone) -> Timestamp {
    Timestamp::at_start_of(day, zone).unwrap_or_default() + HOUR.saturating_mul(hour)
}

/// What is known once it is said.
pub fn after_telling(news: &News, situation: &Situation<'_>, told: &mut Told) {
    let day = situation.now.date_in(situation.zone);
    let parcel = |id: &str| situation.parcels.iter().find(|parcel| parcel.id() == id);
    let standing = |id: &str| parcel(id).map(|parcel| parcel.shipment.standing);
    let number = |id: &str| parcel(id).and_then(Parcel::number);
    match news {
        News::Shipped(ids) => ids.iter().for_each(|id| {
            told.change(id, |said| (said.shipped, said.number) = (true, number(id)));
        }),
        News::NewNumber(id) => told.change(id, |said| {
            (said.number, said.renumbered) = (number(id), said.renumbered + 1);
        }),
        News::OutForDelivery(id) => told.change(id, |said| {
            said.out_on = Some(day);
            (said.shipped, said.number) = (true, number(id));
        }),
        News::ReadyForPickup(id) => {
            told.change(id, |said| said.pickup_since = standing(id).map(|standing| standing.since));
        }
        News::PickupReminder(id) => told.change(id, |said| said.reminded = true),
        News::Missed(id) => told.change(id, |said| {
            let missed =
                standing(id).map_or(day, |standing: Standing| standing.since.date_in(situation.zone));
            said.missed_on.insert(missed);
        }),
        News::Problem(id) => told.change(id, |said| {
            let reason = standing(id).and_then(|standing| standing.reason);
            said.problem = reason.map(|reason| reason.as_str().to_owned());
        }),
        News::Delivered { shipment, .. } => told.change(shipment, |said| said.delivered = true),
        News::Corrected(id) => told.change(id, |said| {
            let is_out = standing(id).is_some_and(|standing| standing.state == State::OutForDelivery);
            let (number, corrected, renumbered) = (number(id), said.corrected + 1, said.renumbered);
            let out_on = is_out.then_some(day);
            *said = Said { shipped: true, number, renumbered, out_on, corrected, ..Said::default() };
        }),
        News::Returned(id) => told.change(id, |said| said.returned = true),
        News::LateLeaving(notice) => told.notice = Some(*notice),
        News::LateArriving { promised, expected, shipment } => {
            let own = shipment.as_ref().filter(|id| told.of(id).day == Some(*promised));
            match own {
                Some(id) => told.change(id, |said| said.late = Some(*promised)),
                None => told.late_arrives = Some(*promised),
            }
            for id in shipment.iter().filter(|_| expected.is_some()) {
                told.change(id, |said| said.put_off += 1);
            }
        }
    }
    let (parcels, day) = day_told(news, situation).unzip();
    for id in parcels.unwrap_or_default() {
        told.change(&id, |said| said.day = day);
    }
}

impl Parcel {
    /// Its identifier.
    pub fn id(&self) -> &str {
        self.shipment.id.as_str()
    }

    /// What tells its number from another one without being it: what was said is kept longer than what was sent.
    pub fn number(&self) -> Option<String> {
        self.shipment.tracking.number.as_ref().map(|_| number_mark(&self.shipment.number_key()))
    }

    /// Whether nothing comes by it.
    pub fn is_cancelled(&self) -> bool {
        self.shipment.standing.state == State::Cancelled
    }

    /// Whether it is neither there nor waiting to be collected, nor given up.
    pub fn is_under_way(&self) -> bool {
        match self.shipment.standing.state {
            State::Pending
            | State::InfoReceived
            | State::InTransit
            | State::OutForDelivery
            | State::Exception => true,
            State::FailedAttempt
            | State::AvailableForPickup
            | State::Delivered
            | State::Returned
            | State::Cancelled => false,
        }
    }
}

#[cfg(test)]
mod tests;
