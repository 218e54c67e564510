//! The parcels of the order: which one the answer is about, and a card for each, the one in trouble first.

use std::time::Duration;

use kernel::parcel::{Reason, State};
use kernel::{Timestamp, text};

use super::Fill;
use crate::incoming::Fulfilment;
use crate::page::view::{ParcelCard, ScanLine, Tone};
use crate::parcels::{Days, ParcelPlace, ParcelSeen, ScanSeen, is_rest_left};

/// How long after its delivery a parcel may be said to be missing.
const REPORTED_WITHIN: Duration = Duration::from_secs(30 * 86_400);
/// How many scans are shown before "earlier".
const LATEST_SCANS: usize = 2;
/// As many scans are shown unless somebody asks for all: hardly anybody reads further, and the page stays light.
const MOST_SCANS: usize = 40;

/// How much a parcel needs to be looked at, the most first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Need {
    Problem,
    Missing,
    Lost,
    Silent,
    Missed,
    Collect,
    Late,
    Today,
    UnderWay,
    Packed,
    There,
}

pub(super) fn need(parcel: &ParcelSeen) -> Need {
    // Wherever it was last, nobody knows any more where it is.
    if let Some(silence) = parcel.silence {
        return if silence.is_lost { Need::Lost } else { Need::Silent };
    }
    match parcel.state {
        // A mere delay is a matter of days, not of somebody's help.
        State::Exception if is_delay(parcel.reason) && !parcel.is_late => Need::UnderWay,
        State::Exception if is_delay(parcel.reason) => Need::Late,
        State::Exception | State::Returned => Need::Problem,
        State::FailedAttempt => Need::Missed,
        State::AvailableForPickup => Need::Collect,
        State::Delivered if parcel.is_disputed => Need::Missing,
        State::Delivered | State::Cancelled => Need::There,
        _ if parcel.is_late => Need::Late,
        State::OutForDelivery => Need::Today,
        State::InTransit => Need::UnderWay,
        State::Pending | State::InfoReceived => Need::Packed,
    }
}

fn is_delay(reason: Option<Reason>) -> bool {
    matches!(reason, Some(Reason::Delayed | Reason::Weather))
}

impl Fill<'_> {
    /// Parcels by which something comes, the one in most need first.
    pub(super) fn parcels_by_need(&self) -> Vec<&ParcelSeen> {
        let mut parcels: Vec<&ParcelSeen> =
            self.parcels.iter().filter(|parcel| parcel.state != State::Cancelled).collect();
        parcels.sort_by_key(|parcel| need(parcel));
        parcels
    }

    /// The answer by the parcels; none when there are none, or the shop says more than they do.
    pub(super) fn answer_by_parcels(&self) -> Option<(String, String)> {
        let parcels = self.parcels_by_need();
        let first = *parcels.first()?;
        let is_in_trouble = matches!(need(first), Need::Problem | Need::Missing);
        if self.order.fulfilment == Fulfilment::Delivered && !is_in_trouble {
            return None;
        }
        let there = parcels.iter().filter(|parcel| parcel.state == State::Delivered).count();
        let is_rest_left = self.is_rest_left(&parcels);
        if there == parcels.len() && is_rest_left {
            return Some((
                self.say("page-parcels-part-heading", &[]),
                self.say("page-parcels-part-lead", &[]),
            ));
        }
        if there == parcels.len() && there > 1 && !is_in_trouble {
            // What is to be said of one of them stands on its card.
            return Some((self.delivered_heading(), self.say("page-delivered-lead", &[])));
        }
        if need(first) >= Need::Today && there > 0 && there < parcels.len() {
            let args = [("there", (there as i64).into()), ("all", (parcels.len() as i64).into())];
            return Some((self.say("page-parcels-heading", &args), self.sentence(first)));
        }
        Some((self.parcel_heading(first), self.sentence(first)))
    }

    /// Whether something of the order is in no parcel yet.
    fn is_rest_left(&self, parcels: &[&ParcelSeen]) -> bool {
        let places: Vec<ParcelPlace> = parcels.iter().map(|parcel| parcel.place()).collect();
        is_rest_left(self.order, &places.iter().collect::<Vec<_>>())
    }

    /// How far the order is by its parcels: the step of the way.
    pub(super) fn step_by_parcels(&self) -> Option<usize> {
        let parcels = self.parcels_by_need();
        if parcels.is_empty() {
            return None;
        }
        Some(match self.arrived {
            Some(_) => 3,
            None if parcels.iter().any(|parcel| parcel.state.is_moving()) => 2,
            None => 1,
        })
    }

    fn parcel_heading(&self, parcel: &ParcelSeen) -> String {
        let carrier = self.carrier(parcel);
        let with_carrier = |key: &str| text::capitalised(&self.one(key, "carrier", &carrier));
        match need(parcel) {
            Need::Problem if parcel.state == State::Returned => self.say("page-parcel-returned-heading", &[]),
            Need::Problem => self.say("page-parcel-problem-heading", &[]),
            Need::Missing => self.say("page-parcel-missing-heading", &[]),
            Need::Lost | Need::Silent => self.say("page-parcel-silent-heading", &[]),
            Need::Missed => with_carrier("page-parcel-missed-heading"),
            Need::Collect => self.say("page-parcel-collect-heading", &[]),
            Need::Late => with_carrier("page-parcel-late-heading"),
            Need::Today => self.say("page-parcel-today-heading", &[]),
            Need::UnderWay => self.arriving_heading(parcel),
            Need::Packed => self.say("page-packed-heading", &[]),
            Need::There => self.one("page-delivered-heading", "date", &self.day(parcel.since)),
        }
    }

    /// The days it is expected on, else those it probably comes on, else that it is on its way.
    fn arriving_heading(&self, parcel: &ParcelSeen) -> String {
        if let Some(days) = self.expected_days(parcel) {
            return self.one("page-arriving-heading", "dates", &days);
        }
        match self.likely_days(parcel) {
            Some((days, _)) => self.one("page-likely-heading", "dates", &days),
            None => self.say("page-shipped-heading", &[]),
        }
    }

    /// Where a parcel is, in a sentence.
    fn sentence(&self, parcel: &ParcelSeen) -> String {
        let carrier = self.carrier(parcel);
        let with_carrier = |key: &str| text::capitalised(&self.one(key, "carrier", &carrier));
        match need(parcel) {
            Need::Problem if parcel.state == State::Returned => self.say("page-parcel-returned-lead", &[]),
            Need::Problem => self.problem(parcel.reason, &carrier),
            Need::Missing => with_carrier("page-parcel-missing-lead"),
            Need::Lost => self.no_news("page-parcel-lost-lead", parcel),
            Need::Silent => self.no_news("page-parcel-silent-lead", parcel),
            Need::Missed => with_carrier("page-parcel-missed-lead"),
            Need::Collect => with_carrier("page-parcel-collect-lead"),
            Need::Late => with_carrier("page-parcel-late-lead"),
            Need::Today => with_carrier("page-parcel-today-lead"),
            Need::UnderWay if is_delay(parcel.reason) => self.problem(parcel.reason, &carrier),
            Need::UnderWay => self.on_its_way_words(parcel, with_carrier("page-parcel-way-lead")),
            Need::Packed => with_carrier("page-parcel-packed-lead"),
            Need::There => match parcel.reason {
                Some(Reason::Neighbour) => self.say("page-parcel-there-neighbour", &[]),
                Some(Reason::SafePlace) => self.say("page-parcel-there-safe-place", &[]),
                Some(Reason::Locker) => self.say("page-parcel-there-locker", &[]),
                _ => self.say("page-delivered-lead", &[]),
            },
        }
    }

    fn no_news(&self, key: &str, parcel: &ParcelSeen) -> String {
        let since = parcel.silence.map_or(parcel.since, |silence| silence.since);
        let (carrier, date) = (self.carrier(parcel), self.day(since));
        text::capitalised(&self.say(key, &[("carrier", (&carrier).into()), ("date", (&date).into())]))
    }

    fn problem(&self, reason: Option<Reason>, carrier: &str) -> String {
        let key = match reason {
            Some(Reason::Address) => "page-parcel-problem-address",
            Some(Reason::Customs) => "page-parcel-problem-customs",
            Some(Reason::Damaged) => "page-parcel-problem-damaged",
            Some(Reason::Lost | Reason::NoNews) => "page-parcel-problem-lost",
            Some(Reason::Refused | Reason::NotCollected | Reason::Returning) => {
                "page-parcel-problem-returning"
            }
            Some(Reason::Delayed | Reason::Weather) => "page-parcel-problem-delayed",
            Some(
                Reason::NobodyHome | Reason::Signed | Reason::Neighbour | Reason::SafePlace | Reason::Locker,
            )
            | None => "page-parcel-problem-other",
        };
        text::capitalised(&self.one(key, "carrier", carrier))
    }

    fn carrier(&self, parcel: &ParcelSeen) -> String {
        match &parcel.carrier {
            Some(name) => text::isolated_in(name, &self.locale),
            None => self.say("page-the-carrier", &[]),
        }
    }

    /// The days a parcel is expected on, unless they have passed.
    fn expected_days(&self, parcel: &ParcelSeen) -> Option<String> {
        self.days_to_come(parcel.expected?)
    }

    /// The days on which it probably comes, and of how many in a hundred that was true.
    fn likely_days(&self, parcel: &ParcelSeen) -> Option<(String, u32)> {
        let (days, percent) = parcel.likely?;
        self.days_to_come(days).map(|days| (days, percent))
    }

    fn days_to_come(&self, (from, to): Days) -> Option<String> {
        let today = self.today();
        let days = || self.wording.catalogue().date_range(&self.locale, from.max(today), to, today);
        (to >= today).then(days)
    }

    /// That it is on its way, and how sure the days are that stand above where nobody has named any.
    fn on_its_way_words(&self, parcel: &ParcelSeen, words: String) -> String {
        let likely = self.likely_days(parcel).filter(|_| self.expected_days(parcel).is_none());
        let Some((_, percent)) = likely else { return words };
        format!("{words} {}", self.say("page-parcel-likely", &[("percent", i64::from(percent).into())]))
    }

    /// A card for each parcel.
    pub(super) fn parcel_cards(&self) -> Vec<ParcelCard> {
        let parcels = self.parcels_by_need();
        let all = parcels.len();
        let place = |parcel: &ParcelSeen| {
            self.parcels.iter().filter(|p| p.state != State::Cancelled).position(|p| p == parcel)
        };
        parcels
            .iter()
            .map(|parcel| self.parcel_card(parcel, place(parcel).unwrap_or_default() + 1, all))
            .collect()
    }

    fn parcel_card(&self, parcel: &ParcelSeen, place: usize, all: usize) -> ParcelCard {
        let heading = match all {
            1 => self.say("page-parcel", &[]),
            _ => {
                let args = [("place", (place as i64).into()), ("all", (all as i64).into())];
                self.say("page-parcel-of", &args)
            }
        };
        let most = if self.all_scans { usize::MAX } else { MOST_SCANS };
        let mut scans: Vec<ScanLine> = parcel.scans.iter().take(most).map(|scan| self.scan(scan)).collect();
        let all_scans = (scans.len() < parcel.scans.len()).then_some(parcel.scans.len() as i64);
        let earlier = scans.split_off(scans.len().min(LATEST_SCANS));
        let count = earlier.len() as i64;
        ParcelCard {
            heading,
            tone: tone(need(parcel)),
            state: match need(parcel) {
                Need::Lost | Need::Silent => self.say("page-state-silent", &[]),
                _ => self.state_words(parcel.state),
            },
            sentence: (all > 1).then(|| self.sentence(parcel)),
            carrier: parcel.carrier.clone(),
            number: parcel.number.clone(),
            heard: self.one("page-parcel-heard", "when", &self.moment(parcel.heard_at)),
            link: self.carriers_page(parcel),
            collect: self.collect(parcel),
            latest: scans,
            earlier_label: match count {
                0 => String::new(),
                count => self.say("page-parcel-earlier", &[("count", count.into())]),
            },
            earlier,
            is_open: self.all_scans,
            all_label: all_scans.map(|count| self.say("page-parcel-all-scans", &[("count", count.into())])),
            report: self.report(parcel),
            items_label: self.say("page-parcel-items", &[]),
            items: if all > 1 { self.parcel_items(parcel) } else { Vec::new() },
        }
    }

    /// The carrier's own page of it: label and address.
    pub(super) fn carriers_page(&self, parcel: &ParcelSeen) -> Option<(String, String)> {
        let label = |url: String| (self.one("page-parcel-link", "carrier", &self.carrier(parcel)), url);
        parcel.link.clone().map(label)
    }

    /// Where it is to be collected, until it is.
    fn collect(&self, parcel: &ParcelSeen) -> Option<(String, Vec<String>)> {
        let point = parcel.pickup.as_ref().filter(|_| need(parcel) != Need::There)?;
        let until = point.until.filter(|day| *day >= self.today());
        let until = until.map(|day| self.one("page-collect-by", "date", &self.date(day)));
        let lines = [Some(point.name.clone()), point.address.clone(), point.hours.clone(), until];
        Some((self.say("page-collect-at", &[]), lines.into_iter().flatten().collect()))
    }

    /// A parcel that was delivered may be missing all the same, for as long as anybody would look for it.
    fn report(&self, parcel: &ParcelSeen) -> Option<(String, String)> {
        let button = |what: &str, key: &str| (format!("/parcels/{}/{what}", parcel.id), self.say(key, &[]));
        match need(parcel) {
            Need::Missing => Some(button("found", "page-parcel-found")),
            Need::There if self.now < parcel.since + REPORTED_WITHIN => {
                Some(button("missing", "page-parcel-missing"))
            }
            _ => None,
        }
    }

    fn parcel_items(&self, parcel: &ParcelSeen) -> Vec<String> {
        if parcel.is_part {
            return vec![self.say("page-parcel-part-of", &[])];
        }
        let item = |(line, pieces): &(String, u32)| {
            let found = self.order.lines.iter().find(|ordered| ordered.external_id == *line)?;
            let title = text::isolated_in(&found.title, &self.locale);
            let args = [("pieces", i64::from(*pieces).into()), ("title", (&title).into())];
            Some(self.say("page-parcel-item", &args))
        };
        parcel.lines.iter().filter_map(item).collect()
    }

    fn scan(&self, scan: &ScanSeen) -> ScanLine {
        ScanLine {
            state: self.state_words(scan.state),
            words: [scan.words.clone(), scan.place.clone()].into_iter().flatten().collect(),
            at: scan.at.to_string(),
            when: self.moment(scan.at),
        }
    }

    fn state_words(&self, state: State) -> String {
        self.say(&format!("page-state-{}", state.as_str().replace('_', "-")), &[])
    }

    /// Day and time of day.
    pub(super) fn moment(&self, at: Timestamp) -> String {
        let (hour, minute) = at.clock_in(&self.shop.zone);
        format!("{}, {}", self.day(at), self.wording.catalogue().time(&self.locale, hour, minute))
    }
}

fn tone(need: Need) -> Tone {
    match need {
        Need::Problem | Need::Missing | Need::Lost => Tone::Bad,
        Need::Silent | Need::Missed | Need::Collect | Need::Late => Tone::Warn,
        Need::There => Tone::Ok,
        Need::Today | Need::UnderWay | Need::Packed => Tone::Info,
    }
}
