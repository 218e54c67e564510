//! Whatever happens to parcels, in whatever order it is heard of: what is said is said once, is true when it is said, and
//! comes to an end.

use kernel::{CustomerId, Dice, ParcelPolicy};
use messaging::Recipient;

use super::*;
use crate::ShipmentId;
use crate::fold::{Scan, fold};
use crate::incoming::{DateRange, ShipmentLine, Tracking};
use crate::order::OrderedLine;
use crate::silence::{Patience, silence};
use crate::wrong::{Detector, Wrongs, wrongs};

const MINUTE: Duration = Duration::from_secs(60);

fn start() -> Timestamp {
    Timestamp::from_ms(1_795_168_800_000)
}

fn day(after: u64) -> Date {
    (start() + DAY * u32::try_from(after).unwrap()).date_in(&Zone::utc())
}

fn order(lines: u32) -> OrderFacts {
    let line = |nth: u32| OrderedLine {
        external_id: format!("l{nth}"),
        title: "Tea".to_owned(),
        variant: None,
        quantity: 1,
        image_url: None,
        url: None,
    };
    OrderFacts {
        id: "ord_1".to_owned(),
        number: "#1".to_owned(),
        customer: CustomerId::stored("cus_1".to_owned()),
        recipient: Recipient::default(),
        placed_at: start(),
        first_seen_at: start(),
        stands: true,
        is_history: false,
        is_forgotten: false,
        has_left: false,
        has_arrived: false,
        ships_by: Some(day(2)),
        arrives: Some(DateRange { from: day(4), to: day(5) }),
        country: Some("GB".to_owned()),
        lines: (0..lines).map(line).collect(),
    }
}

fn parcel(nth: u32, shipped_at: Timestamp, scans: &[Scan]) -> Parcel {
    let standing = fold(scans, shipped_at, false);
    let shipment = Shipment {
        id: ShipmentId::stored(format!("shp_{nth}")),
        order: "ord_1".to_owned(),
        source: "web".to_owned(),
        external_id: nth.to_string(),
        updated_at: shipped_at,
        shipped_at,
        first_seen_at: shipped_at,
        is_cancelled: false,
        tracking: Tracking { number: Some(format!("N{nth}")), ..Tracking::default() },
        part_of: None,
        lines: vec![ShipmentLine { line: format!("l{nth}"), quantity: 1 }],
        expected: None,
        pickup: None,
        disputed_at: None,
        standing,
    };
    let heard_at = scans.iter().map(|scan| scan.recorded_at).max().unwrap_or(shipped_at);
    Parcel { shipment, heard_at, is_silent: false, is_followed: true }
}

/// A random life: parcels that leave, scans that are made and heard of later or never, looked at whenever the rule asks.
#[test]
fn whatever_happens_each_change_is_told_once_and_the_rule_comes_to_rest() {
    for seed in 0..400 {
        let mut dice = Dice::seeded(seed);
        let parcels = 1 + dice.below(3) as u32;
        let order = order(parcels);
        let mut told = Told::default();
        let mut said: Vec<News> = Vec::new();
        let all: Vec<Life> = (0..parcels).map(|nth| life(nth, &mut dice)).collect();
        let mut now = start();
        for _ in 0..200 {
            now = now + MINUTE * (1 + dice.below(600) as u32);
            let heard: Vec<Parcel> = heard_by(now, &all);
            live(&order, &heard, now, &mut told, &mut said, seed);
        }
        assert!(said.len() <= 11 * parcels as usize + 3, "seed {seed}: {said:?}");
    }
}

/// What becomes of a parcel, and on which days its carrier expects it, from when on.
struct Life {
    nth: u32,
    shipped_at: Timestamp,
    scans: Vec<Scan>,
    expected: Vec<(Timestamp, Date)>,
    is_followed: bool,
}

fn life(nth: u32, dice: &mut Dice) -> Life {
    let shipped_at = start() + HOUR * (dice.below(80) as u32);
    let mut at = shipped_at;
    let scans = (0..dice.below(9)).map(|place| {
        at = at + HOUR * (dice.below(30) as u32);
        let state = State::ALL[dice.below(9) as usize];
        let reasons = Reason::ALL;
        let reason = (state == State::Exception).then(|| reasons[dice.below(reasons.len() as u64) as usize]);
        let recorded_at = at + MINUTE * (dice.below(2_000) as u32);
        Scan { key: format!("{place}"), at, state, reason, words: None, place: None, recorded_at }
    });
    let scans = scans.collect();
    let named = (0..dice.below(4))
        .map(|_| (shipped_at + HOUR * (dice.below(120) as u32), day(2 + dice.below(9))))
        .collect();
    Life { nth, shipped_at, scans, expected: named, is_followed: dice.below(4) > 0 }
}

fn heard_by(now: Timestamp, all: &[Life]) -> Vec<Parcel> {
    let left = all.iter().filter(|life| life.shipped_at <= now);
    left.map(|life| {
        let heard: Vec<Scan> = life.scans.iter().filter(|scan| scan.recorded_at <= now).cloned().collect();
        let mut parcel = parcel(life.nth, life.shipped_at, &heard);
        let named = life.expected.iter().filter(|(at, _)| *at <= now).max_by_key(|(at, _)| *at);
        parcel.shipment.expected = named.map(|(_, day)| DateRange { from: *day, to: *day });
        parcel.is_followed = life.is_followed;
        parcel
    })
    .collect()
}

/// Says all there is to say, and holds what is said against what is known.
fn live(
    order: &OrderFacts,
    parcels: &[Parcel],
    now: Timestamp,
    told: &mut Told,
    said: &mut Vec<News>,
    seed: u64,
) {
    let (policy, zone) = (ParcelPolicy::default(), Zone::utc());
    let situation = Situation {
        order,
        parcels,
        promised_ships: order.ships_by,
        promised_arrives: order.arrives.map(|range| range.to),
        answered: None,
        policy: &policy,
        zone: &zone,
        now,
    };
    for step in 0.. {
        assert!(step < 12, "seed {seed}: it never comes to rest: {said:?}");
        match what_to_say(&situation, told) {
            Say::Nothing => break,
            Say::Wait(until) => {
                assert!(until > now, "seed {seed}: {until} is not to come");
                break;
            }
            Say::Tell(news) => {
                is_true(&news, &situation, seed);
                after_telling(&news, &situation, told);
                said.push(news);
            }
        }
    }
    let wrongs = wrongs(&situation, told);
    assert!(wrongs.look_at.is_none_or(|at| at > now), "seed {seed}");
    if order.stands && !order.is_history {
        page_and_staff_agree(&situation, &wrongs, seed);
    }
}

/// What the page says of a silent parcel is what the staff see of it.
fn page_and_staff_agree(situation: &Situation<'_>, wrongs: &Wrongs, seed: u64) {
    let (policy, zone, country) = (situation.policy, situation.zone, "GB");
    for parcel in situation.parcels {
        let state = parcel.shipment.standing.state;
        if state == State::Exception {
            continue;
        }
        let noticed = |of: Detector| {
            let of_parcel = wrongs.now.iter().filter(|((about, _), _)| about.1 == parcel.id());
            of_parcel.flat_map(|(_, detectors)| detectors).any(|detector| *detector == of)
        };
        let patience = Patience { policy, country, zone };
        let silence = silence(&parcel.shipment, &patience, situation.now).filter(|_| parcel.is_followed);
        let is_silent = noticed(Detector::Silent) || noticed(Detector::NeverScanned);
        assert_eq!(silence.is_some(), is_silent, "seed {seed}: {parcel:?}");
        assert_eq!(silence.is_some_and(|silence| silence.is_lost), noticed(Detector::Lost), "seed {seed}");
    }
}

fn is_true(news: &News, situation: &Situation<'_>, seed: u64) {
    let standing = |id: &str| situation.parcels.iter().find(|p| p.id() == id).unwrap().shipment.standing;
    let fits = match news {
        News::Delivered { shipment, .. } => standing(shipment).state == State::Delivered,
        News::OutForDelivery(id) => standing(id).state == State::OutForDelivery,
        News::ReadyForPickup(id) | News::PickupReminder(id) => {
            standing(id).state == State::AvailableForPickup
        }
        News::Missed(id) => standing(id).state == State::FailedAttempt,
        News::Problem(id) => standing(id).reason.is_some(),
        News::Corrected(id) => standing(id).state != State::Delivered,
        News::Returned(id) => standing(id).state == State::Returned,
        News::Shipped(ids) => !ids.is_empty() && ids.iter().all(|id| !standing(id).state.is_final()),
        News::NewNumber(_) => true,
        News::LateLeaving(notice) => situation.now.date_in(situation.zone) >= notice.promised,
        News::LateArriving { promised, expected, .. } => match expected {
            Some(day) => day > promised && *day >= situation.now.date_in(situation.zone),
            None => situation.now.date_in(situation.zone) > *promised,
        },
    };
    assert!(fits, "seed {seed}: {news:?} of {:?}", situation.parcels);
}

#[test]
fn nothing_is_said_of_an_order_that_does_not_stand_or_is_history() {
    let arrived = Scan {
        key: "1".to_owned(),
        at: start() + HOUR,
        state: State::Delivered,
        reason: None,
        words: None,
        place: None,
        recorded_at: start() + HOUR,
    };
    let parcels = [parcel(0, start(), &[arrived])];
    for (stands, is_history) in [(false, false), (true, true)] {
        let order = OrderFacts { stands, is_history, ..order(1) };
        let mut said = Vec::new();
        live(&order, &parcels, start() + HOUR * 2, &mut Told::default(), &mut said, 0);
        assert!(said.is_empty(), "{said:?}");
    }
}

/// A parcel that its carrier expects on that day, and the first hours of its way.
fn expected_on(nth: u32, day: Date) -> Parcel {
    let mut parcel = parcel(nth, start(), &[moved(1)]);
    parcel.shipment.expected = Some(DateRange { from: day, to: day });
    parcel
}

fn moved(hours: u32) -> Scan {
    Scan {
        key: hours.to_string(),
        at: start() + HOUR * hours,
        state: State::InTransit,
        reason: None,
        words: None,
        place: None,
        recorded_at: start() + HOUR * hours,
    }
}

/// What is said of these parcels at each of these hours, of an order that named no days.
fn said_at(told: &mut Told, hours: u32, parcels: &[Parcel]) -> Vec<News> {
    let order = OrderFacts { ships_by: None, arrives: None, ..order(parcels.len() as u32) };
    let mut said = Vec::new();
    live(&order, parcels, start() + HOUR * hours, told, &mut said, 0);
    said
}

#[test]
fn the_day_that_a_carrier_named_was_promised_and_a_later_one_is_told() {
    let mut told = Told::default();
    assert_eq!(said_at(&mut told, 2, &[expected_on(0, day(3))]), [News::Shipped(vec!["shp_0".to_owned()])]);
    assert!(said_at(&mut told, 3, &[expected_on(0, day(2))]).is_empty(), "sooner than promised is no news");
    let late =
        |expected| News::LateArriving { promised: day(3), expected, shipment: Some("shp_0".to_owned()) };
    assert_eq!(said_at(&mut told, 30, &[expected_on(0, day(5))]), [late(Some(day(5)))]);
    assert!(said_at(&mut told, 40, &[expected_on(0, day(5))]).is_empty());
    // And when that day passes as well, the morning after.
    assert!(said_at(&mut told, 24 * 5, &[expected_on(0, day(5))]).is_empty());
    let missed = said_at(&mut told, 24 * 6 + 12, &[expected_on(0, day(5))]);
    assert!(
        matches!(&missed[..], [News::LateArriving { promised, expected: None, .. }] if *promised == day(5))
    );
}

#[test]
fn each_parcel_has_its_own_day() {
    let mut told = Told::default();
    let both = [expected_on(0, day(3)), expected_on(1, day(4))];
    assert_eq!(said_at(&mut told, 2, &both).len(), 1, "one message for both");
    assert_eq!((told.of("shp_0").day, told.of("shp_1").day), (Some(day(4)), Some(day(4))));
    let late = said_at(&mut told, 30, &[expected_on(0, day(6)), expected_on(1, day(4))]);
    assert!(
        matches!(&late[..], [News::LateArriving { shipment: Some(id), .. }] if id == "shp_0"),
        "{late:?}"
    );
    assert_eq!((told.of("shp_0").day, told.of("shp_1").day), (Some(day(6)), Some(day(4))));
}

#[test]
fn a_day_that_passes_says_nothing_where_nobody_would_tell_of_the_delivery() {
    let unfollowed = Parcel { is_followed: false, ..expected_on(0, day(3)) };
    let mut told = Told::default();
    assert_eq!(said_at(&mut told, 2, std::slice::from_ref(&unfollowed)).len(), 1);
    assert!(said_at(&mut told, 24 * 5, std::slice::from_ref(&unfollowed)).is_empty());
    let order = order(1);
    let parcels = [unfollowed];
    let situation = Situation {
        order: &order,
        parcels: &parcels,
        promised_ships: None,
        promised_arrives: None,
        answered: None,
        policy: &ParcelPolicy::default(),
        zone: &Zone::utc(),
        now: start() + DAY * 40,
    };
    assert!(wrongs(&situation, &told).now.is_empty(), "{:?}", wrongs(&situation, &told));
    let parcels = [Parcel { is_followed: true, ..parcels[0].clone() }];
    assert!(!wrongs(&Situation { parcels: &parcels, ..situation }, &told).now.is_empty());
}

#[test]
fn an_order_that_has_not_left_is_late_by_the_day_it_was_to_arrive_and_else_by_law() {
    let notice = |order: &OrderFacts, days: u32| {
        let (mut told, mut said) = (Told::default(), Vec::new());
        live(order, &[], start() + DAY * days + HOUR * 20, &mut told, &mut said, 0);
        told.notice.map(|notice| (notice.promised, notice.basis))
    };
    let arriving = OrderFacts { ships_by: None, ..order(1) };
    assert_eq!((notice(&arriving, 4), notice(&arriving, 5)), (None, Some((day(5), Basis::Arrives))));
    let silent = OrderFacts { arrives: None, ..arriving };
    assert_eq!(notice(&silent, 33), None, "nobody promised anything");
    let american = OrderFacts { country: Some("US".to_owned()), ..silent };
    assert_eq!((notice(&american, 29), notice(&american, 30)), (None, Some((day(30), Basis::Law))));
}

#[test]
fn a_carrier_that_names_another_day_each_day_is_told_of_three_times() {
    let mut told = Told::default();
    said_at(&mut told, 2, &[expected_on(0, day(3))]);
    let later: Vec<News> = (4..12)
        .flat_map(|to| said_at(&mut told, 24 * to, &[expected_on(0, day(u64::from(to) + 2))]))
        .collect();
    assert_eq!(later.len(), 3, "{later:?}");
    // It comes on none of those days either: that is looked at the morning after the last, and told.
    let last = [expected_on(0, day(13))];
    let order = OrderFacts { ships_by: None, arrives: None, ..order(1) };
    let situation = Situation {
        order: &order,
        parcels: &last,
        promised_ships: None,
        promised_arrives: None,
        answered: None,
        policy: &ParcelPolicy::default(),
        zone: &Zone::utc(),
        now: start() + DAY * 11,
    };
    let Say::Wait(until) = what_to_say(&situation, &told) else { panic!("nobody looks again") };
    assert_eq!(until.date_in(&Zone::utc()), day(14));
    let told_then = what_to_say(&Situation { now: until, ..situation }, &told);
    assert!(matches!(told_then, Say::Tell(News::LateArriving { expected: None, .. })), "{told_then:?}");
}
