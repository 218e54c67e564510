//! Noticing first: what is wrong with an order's parcels, before the customer asks. Pure.
//!
//! Each detector looks at one thing, by working days where the parcel goes. What several of them find about one parcel is
//! one incident; when none finds it any more, it is cured.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use kernel::{Date, Timestamp, Zone};
use timeline::IncidentKind;

use crate::calendar::{tomorrow, working_days_after};
use crate::delay::{Answer, Notice, answer_to, cancels_on};
use crate::fold::Standing;
use crate::news::{Parcel, Situation, hour_of, is_to_leave};
use crate::state::{Reason, State};
use crate::told::Told;

const DAY: Duration = Duration::from_secs(86_400);
/// The hour from which a day counts as passed without what it should have brought.
const END_OF_DAY: u32 = 18;
/// The hour at which what was to be done by yesterday is missed.
const MORNING: u32 = 9;

kernel::word_enum!(
    /// What was noticed.
    Detector {
        /// Nothing has left by the promised day, or within the days an order may take.
        NotPacked = "not_packed",
        /// A label that its carrier has never scanned.
        NeverScanned = "never_scanned",
        /// Under way, and not scanned for days.
        Silent = "silent",
        /// Not scanned for so long that it counts as lost.
        Lost = "lost",
        /// Something went wrong, and it was not put right by the next working day.
        NotCured = "not_cured",
        /// The carrier says that it is damaged.
        Damaged = "damaged",
        /// It waits to be collected, and goes back soon.
        PickupEnds = "pickup_ends",
        /// Not there by the promised day.
        PastPromise = "past_promise",
        /// Its customer was told that it is late, and would rather not wait.
        CancelAsked = "cancel_asked",
        /// Its customer was told that it is late and has not answered, and by the rule of the place it counts as cancelled.
        CountsAsCancelled = "counts_as_cancelled",
        /// On its way back, or back.
        ComesBack = "comes_back",
        /// The carrier says that it is there, and the customer that it is not.
        Disputed = "disputed",
    }
);

impl Detector {
    /// What it opens.
    pub fn incident(self) -> IncidentKind {
        match self {
            Detector::NotPacked
            | Detector::NeverScanned
            | Detector::Silent
            | Detector::NotCured
            | Detector::PickupEnds
            | Detector::PastPromise
            | Detector::CancelAsked
            | Detector::CountsAsCancelled
            | Detector::ComesBack => IncidentKind::Late,
            Detector::Lost | Detector::Disputed => IncidentKind::Lost,
            Detector::Damaged => IncidentKind::Damaged,
        }
    }
}

/// What something is wrong with: kind and id.
pub type About = (&'static str, String);

/// What is wrong now, and when to look again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wrongs {
    /// By what it is about and what kind it is, everything that was noticed.
    pub now: BTreeMap<(About, IncidentKind), BTreeSet<Detector>>,
    /// The next moment at which something more may be wrong.
    pub look_at: Option<Timestamp>,
}

impl Wrongs {
    fn notice(&mut self, about: About, detector: Detector) {
        self.now.entry((about, detector.incident())).or_default().insert(detector);
    }

    /// Noticed once its moment has come, else looked at then.
    fn from(&mut self, due: Timestamp, now: Timestamp, about: impl FnOnce() -> About, detector: Detector) {
        if now >= due {
            self.notice(about(), detector);
        } else {
            self.look_at = Some(self.look_at.map_or(due, |at| at.min(due)));
        }
    }
}

/// What is wrong with the parcels of an order; `told`: what its customer knows.
pub fn wrongs(situation: &Situation<'_>, told: &Told) -> Wrongs {
    let mut wrongs = Wrongs::default();
    let order = situation.order;
    if order.is_history || !order.stands {
        return wrongs;
    }
    if is_to_leave(order, situation.parcels) {
        not_packed(situation, &mut wrongs);
        if let Some(notice) = &told.notice {
            to_cancel(situation, notice, &mut wrongs);
        }
    }
    for parcel in situation.parcels.iter().filter(|parcel| !parcel.is_cancelled()) {
        let about = || ("shipment", parcel.id().to_owned());
        match parcel.shipment.standing.state {
            State::Cancelled => continue,
            State::Delivered => {
                if parcel.shipment.is_disputed() {
                    wrongs.notice(about(), Detector::Disputed);
                }
                continue;
            }
            // What is wrong with it is wrong with the shipment that it belongs to, and noticed there.
            _ if parcel.is_silent => continue,
            // Its shop says that all of it is there, and what of the parcels says otherwise has not heard.
            _ if order.has_arrived => continue,
            State::Returned => wrongs.notice(about(), Detector::ComesBack),
            State::Exception => exception(situation, parcel, &mut wrongs),
            State::Pending | State::InfoReceived => never_scanned(situation, parcel, &mut wrongs),
            State::InTransit | State::OutForDelivery | State::FailedAttempt => {
                silent(situation, parcel, &mut wrongs);
            }
            // It waits for the customer, and that is nobody's fault.
            State::AvailableForPickup => {
                pickup_ends(situation, parcel, &mut wrongs);
                continue;
            }
        }
        past_promise(situation, parcel, told, &mut wrongs);
    }
    wrongs
}

fn country<'a>(situation: &Situation<'a>) -> &'a str {
    situation.order.country.as_deref().unwrap_or_default()
}

fn day_of(situation: &Situation<'_>, at: Timestamp) -> Date {
    at.date_in(situation.zone)
}

/// The end of the day that lies so many working days after a moment.
fn after_days(situation: &Situation<'_>, at: Timestamp, days: u16) -> Timestamp {
    end_of_day_after(day_of(situation, at), days, country(situation), situation.zone)
}

/// The end of the day that lies so many working days of a country after a day.
pub(crate) fn end_of_day_after(day: Date, days: u16, country: &str, zone: &Zone) -> Timestamp {
    hour_of(working_days_after(day, u32::from(days), country), END_OF_DAY, zone)
}

/// By the promised day; without one, after the days that an order may take.
fn not_packed(situation: &Situation<'_>, wrongs: &mut Wrongs) {
    let due = match situation.promised_ships {
        Some(day) => hour_of(day, END_OF_DAY, situation.zone),
        // Nobody said when it leaves: so many working days are usual.
        None => after_days(situation, situation.order.placed_at, situation.policy.unpacked_days),
    };
    wrongs.from(due, situation.now, || whole(situation), Detector::NotPacked);
}

/// Somebody has to cancel it at the shop: its customer asks for it, or silence means it.
fn to_cancel(situation: &Situation<'_>, notice: &Notice, wrongs: &mut Wrongs) {
    match answer_to(notice, situation.answered) {
        Some(Answer::Cancel) => wrongs.notice(whole(situation), Detector::CancelAsked),
        Some(Answer::Keep) => {}
        None => {
            let country = situation.order.country.as_deref();
            if let Some(day) =
                cancels_on(notice, situation.promised_ships, country, situation.policy.silence_days)
            {
                let due = hour_of(day, END_OF_DAY, situation.zone);
                wrongs.from(due, situation.now, || whole(situation), Detector::CountsAsCancelled);
            }
        }
    }
}

fn never_scanned(situation: &Situation<'_>, parcel: &Parcel, wrongs: &mut Wrongs) {
    // What has no number is never scanned, what nobody follows neither, and nothing is wrong with that.
    if parcel.shipment.tracking.number.is_none() || !parcel.is_followed {
        return;
    }
    let due = after_days(situation, parcel.shipment.shipped_at, situation.policy.unscanned_days);
    wrongs.from(due, situation.now, || about(parcel), Detector::NeverScanned);
}

fn silent(situation: &Situation<'_>, parcel: &Parcel, wrongs: &mut Wrongs) {
    if !parcel.is_followed {
        return;
    }
    let at = parcel.shipment.standing.at;
    let silent = after_days(situation, at, situation.policy.silent_days);
    wrongs.from(silent, situation.now, || about(parcel), Detector::Silent);
    let lost = after_days(situation, at, situation.policy.lost_days);
    wrongs.from(lost, situation.now, || about(parcel), Detector::Lost);
}

fn exception(situation: &Situation<'_>, parcel: &Parcel, wrongs: &mut Wrongs) {
    let Standing { reason, since, .. } = parcel.shipment.standing;
    match reason {
        Some(Reason::Lost | Reason::NoNews) => wrongs.notice(about(parcel), Detector::Lost),
        Some(Reason::Damaged) => wrongs.notice(about(parcel), Detector::Damaged),
        Some(Reason::Returning | Reason::Refused | Reason::NotCollected) => {
            wrongs.notice(about(parcel), Detector::ComesBack);
        }
        _ => {
            wrongs.from(after_days(situation, since, 1), situation.now, || about(parcel), Detector::NotCured)
        }
    }
}

/// The day before the last on which it waits; without one, when its customer was reminded of it as long ago as it had waited
/// by then.
fn pickup_ends(situation: &Situation<'_>, parcel: &Parcel, wrongs: &mut Wrongs) {
    let until = parcel.shipment.pickup.as_ref().and_then(|point| point.until);
    let due = match until {
        Some(last) => hour_of(last.yesterday().unwrap_or(last), END_OF_DAY, situation.zone),
        None => {
            let days = 2 * u32::from(situation.policy.pickup_reminder_days);
            parcel.shipment.standing.since + DAY.saturating_mul(days)
        }
    };
    wrongs.from(due, situation.now, || about(parcel), Detector::PickupEnds);
}

fn past_promise(situation: &Situation<'_>, parcel: &Parcel, told: &Told, wrongs: &mut Wrongs) {
    let day = told.of(parcel.id()).day.or(situation.promised_arrives);
    let Some(day) = day.filter(|_| parcel.is_followed) else { return };
    let due = hour_of(tomorrow(day), MORNING, situation.zone);
    wrongs.from(due, situation.now, || about(parcel), Detector::PastPromise);
}

fn whole(situation: &Situation<'_>) -> About {
    ("order", situation.order.id.clone())
}

fn about(parcel: &Parcel) -> About {
    ("shipment", parcel.id().to_owned())
}
