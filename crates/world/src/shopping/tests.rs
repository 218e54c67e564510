//! Claims about the eighteen months: they add up, they replay, and they look like a shop.

use std::collections::BTreeMap;

use kernel::{Dice, Timestamp};
use orders::incoming::{Address, Fulfilment, IncomingOrder, OrderStatus, Payment};

use super::*;
use crate::people::people;
use crate::samples;

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn lived_by(customers: usize, seed: u64) -> Vec<Moment> {
    let mut dice = Dice::seeded(seed);
    let people = people(customers, &mut dice);
    eighteen_months(&people, at("2025-05-20T00:00:00Z"), at("2026-11-20T00:00:00Z"), &mut dice)
}

fn moments() -> Vec<Moment> {
    lived_by(400, 1)
}

/// The versions of each order, by its number, in the order in which they were told.
fn by_order(moments: &[Moment]) -> BTreeMap<u32, Vec<&IncomingOrder>> {
    let mut orders: BTreeMap<u32, Vec<&IncomingOrder>> = BTreeMap::new();
    for order in moments.iter().filter_map(Moment::order) {
        orders.entry(order.external_id.parse().unwrap()).or_default().push(order);
    }
    orders
}

#[test]
fn the_same_seed_lives_the_same_months() {
    assert_eq!(lived_by(40, 7), lived_by(40, 7));
    assert_ne!(lived_by(40, 7), lived_by(40, 8));
}

#[test]
fn every_version_passes_and_adds_up() {
    for moment in moments() {
        let Some(order) = moment.order() else { continue };
        order.check().unwrap();
        assert_eq!(moment.at, order.version.updated_at);
        let subtotal: i64 = order.lines.iter().map(|line| line.unit_price * i64::from(line.quantity)).sum();
        assert_eq!(order.totals.subtotal, subtotal, "{}", order.number);
        assert_eq!(order.totals.computed(), order.totals.total, "{}", order.number);
        assert!((0..=subtotal).contains(&order.totals.discount));
        assert!((0..=order.totals.total).contains(&order.refunded_minor));
        assert!((1..=5).contains(&order.lines.len()));
        assert_eq!(order.delivered_at.is_some(), order.fulfilment == Fulfilment::Delivered);
        assert_eq!(order.cancellation.is_some(), order.status == OrderStatus::Cancelled);
    }
}

#[test]
fn versions_of_an_order_only_go_forward() {
    let moments = moments();
    assert!(moments.is_sorted_by_key(|moment| moment.at));
    for (number, versions) in by_order(&moments) {
        assert_eq!(versions[0].version.updated_at, versions[0].placed_at);
        for pair in versions.windows(2) {
            assert!(pair[0].version < pair[1].version, "#{number}");
            assert!(pair[0].fulfilment <= pair[1].fulfilment, "#{number}");
            assert!(pair[0].refunded_minor <= pair[1].refunded_minor, "#{number}");
            assert_eq!(pair[0].status == OrderStatus::Cancelled, pair[0].cancellation.is_some());
            assert_eq!((pair[0].placed_at, &pair[0].customer), (pair[1].placed_at, &pair[1].customer));
        }
    }
}

#[test]
fn order_numbers_begin_at_1001_and_grow_with_time() {
    let moments = moments();
    let orders = by_order(&moments);
    assert_eq!(orders.keys().next(), Some(&1_001));
    assert_eq!(orders.keys().last().map(|last| *last as usize), Some(1_000 + orders.len()));
    assert!(orders.values().map(|versions| versions[0].placed_at).is_sorted());
}

#[test]
fn four_hundred_customers_order_about_thirteen_hundred_times() {
    for seed in 1..=5 {
        let moments = lived_by(400, seed);
        let orders = by_order(&moments);
        assert!((1_050..=1_600).contains(&orders.len()), "{} orders", orders.len());
        assert!((3_100..=5_000).contains(&moments.len()), "{} versions", moments.len());
    }
}

#[test]
fn half_of_the_customers_come_once_and_some_come_often() {
    let moments = moments();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for versions in by_order(&moments).into_values() {
        *counts.entry(versions[0].customer.email.as_ref().unwrap().as_str()).or_default() += 1;
    }
    assert!(counts.len() > 380, "almost everybody bought something: {}", counts.len());
    let once = counts.values().filter(|count| **count == 1).count();
    let often = counts.values().filter(|count| **count >= 10).count();
    assert!((160..=280).contains(&once), "{once} once");
    assert!((12..=60).contains(&often), "{often} often");
}

#[test]
fn people_buy_before_christmas_and_not_in_their_sleep() {
    let moments = lived_by(1_200, 2);
    let orders = by_order(&moments);
    let placed =
        |keep: &dyn Fn(&IncomingOrder) -> bool| orders.values().filter(|versions| keep(versions[0])).count();
    let month = |order: &IncomingOrder| order.placed_at.date_in(&shop_zone()).month();
    let year = |order: &IncomingOrder| order.placed_at.date_in(&shop_zone()).year();
    let (december, august) = (placed(&|o| month(o) == 12), placed(&|o| month(o) == 8 && year(o) == 2025));
    assert!(december * 2 > august * 3, "{december} in December, {august} in August");
    let hour = |order: &IncomingOrder| order.placed_at.clock_in(order.customer.time_zone.as_ref().unwrap()).0;
    let (night, evening) = (placed(&|o| (1..5).contains(&hour(o))), placed(&|o| (18..22).contains(&hour(o))));
    assert!(night * 20 < evening, "{night} at night, {evening} in the evening");
}

#[test]
fn everything_that_happens_to_orders_happens_to_some() {
    let moments = moments();
    let orders = by_order(&moments);
    let count =
        |seen: &dyn Fn(&[&IncomingOrder]) -> bool| orders.values().filter(|versions| seen(versions)).count();
    let any = |seen: fn(&IncomingOrder) -> bool| count(&|versions| versions.iter().any(|order| seen(order)));
    let changes = |differs: fn(&IncomingOrder, &IncomingOrder) -> bool| {
        count(&|versions| versions.windows(2).any(|pair| differs(pair[0], pair[1])))
    };
    let found = [
        ("delivered", any(|o| o.fulfilment == Fulfilment::Delivered), 1_000..1_600),
        ("partial", any(|o| o.fulfilment == Fulfilment::Partial), 3..60),
        ("gifts", any(|o| o.is_gift), 70..250),
        ("to someone else", any(|o| o.shipping_address.as_ref().unwrap().name != o.customer.name), 25..150),
        ("paid later", changes(|a, b| a.payment == Payment::Pending && b.payment == Payment::Paid), 45..150),
        ("never paid", any(|o| o.payment == Payment::Voided), 3..40),
        ("refunded", any(|o| o.payment == Payment::Refunded), 15..90),
        ("partly refunded", any(|o| o.payment == Payment::PartiallyRefunded), 5..60),
        ("cancelled, not refunded", any(|o| o.cancellation.is_some() && o.payment == Payment::Paid), 3..40),
        ("another address", changes(|a, b| a.shipping_address != b.shipping_address), 20..100),
        ("another quantity", changes(|a, b| a.lines != b.lines), 15..90),
        ("delayed", changes(|a, b| a.expected != b.expected && a.payment == b.payment), 3..50),
        ("discounted", any(|o| o.totals.discount > 0), 100..500),
        ("abroad", any(|o| o.totals.tax == 0), 100..500),
        ("noted", any(|o| o.note.is_some()), 80..400),
    ];
    for (what, count, believable) in found {
        assert!(believable.contains(&count), "{what}: {count}");
    }
}

#[test]
fn parcels_leave_on_working_days_and_most_arrive_when_promised() {
    let moments = moments();
    let (mut delivered, mut late) = (0, 0);
    for order in moments.iter().filter_map(Moment::order) {
        if let (Some(at), Some(by)) = (order.delivered_at, order.expected.delivered_to) {
            delivered += 1;
            late += u32::from(at.date_in(&shop_zone()) > by);
        }
    }
    assert!((1..delivered / 8).contains(&late), "{late} of {delivered} late");
    for versions in by_order(&moments).into_values() {
        for pair in versions.windows(2).filter(|pair| pair[0].fulfilment < Fulfilment::Fulfilled) {
            let left = pair[1].fulfilment == Fulfilment::Fulfilled;
            let day = pair[1].version.updated_at.date_in(&shop_zone());
            assert!(!left || crate::calendar::is_open(day), "{} on {day}", pair[1].number);
        }
    }
}

#[test]
fn only_the_first_order_asks_about_news() {
    let moments = lived_by(100, 4);
    let mut asked: BTreeMap<String, u32> = BTreeMap::new();
    for versions in by_order(&moments).into_values().filter(|versions| !versions[0].consents.is_empty()) {
        *asked.entry(versions[0].customer.email.as_ref().unwrap().key()).or_default() += 1;
    }
    assert!(asked.len() > 90 && asked.values().all(|times| *times == 1), "{asked:?}");
}

#[test]
fn the_button_places_each_kind_of_order() {
    let (mut dice, now) = (Dice::seeded(3), at("2026-11-20T10:00:00Z"));
    for person in people(60, &mut dice) {
        for kind in [Kind::Paid, Kind::PayLater, Kind::MadeToOrder, Kind::Gift] {
            let order = order_now(&person, kind, 9_001, now, &mut dice);
            order.check().unwrap();
            assert_eq!((order.placed_at, order.number.as_str()), (now, "#9001"));
            assert_eq!(order.payment == Payment::Pending, kind == Kind::PayLater);
            assert_eq!(order.is_gift, kind == Kind::Gift);
            assert_eq!(basket::making_days(&order.lines) > 0, kind == Kind::MadeToOrder);
        }
    }
}

fn sample() -> IncomingOrder {
    samples::order(1042, at("2026-11-20T10:00:00Z"))
}

#[test]
fn another_quantity_changes_the_totals_and_nothing_else() {
    let before = sample();
    let after = changed_quantity(&before, at("2026-11-20T11:00:00Z"), 0, 3);
    assert_eq!((after.totals.subtotal, after.totals.shipping, after.totals.total), (3_600, 395, 3_995));
    assert_eq!(after.totals.tax, 666);
    assert_eq!(after.shipping_address, before.shipping_address);
    assert_eq!(changed_quantity(&after, at("2026-11-20T12:00:00Z"), 0, 2).totals, before.totals);
}

#[test]
fn a_cancelled_order_gives_back_only_what_was_taken() {
    let at = at("2026-11-20T11:00:00Z");
    let back = cancelled(&sample(), at, true);
    assert_eq!((back.payment, back.refunded_minor), (Payment::Refunded, 2_795));
    let kept = cancelled(&sample(), at, false);
    assert_eq!((kept.payment, kept.refunded_minor), (Payment::Paid, 0));
    let unpaid = IncomingOrder { payment: Payment::Pending, ..sample() };
    let unpaid = cancelled(&unpaid, at, true);
    assert_eq!((unpaid.payment, unpaid.refunded_minor), (Payment::Voided, 0));
    assert_eq!(unpaid.cancellation.unwrap().at, at);
}

#[test]
fn a_change_at_the_same_instant_is_told_a_second_later() {
    let before = sample();
    let moved = changed_address(&before, before.placed_at, Address::default());
    assert_eq!(moved.version.updated_at.since(before.version.updated_at).as_secs(), 1);
    let arrived = delivered(&fulfilled(&moved, at("2026-11-23T10:00:00Z")), at("2026-11-25T10:00:00Z"));
    assert_eq!(arrived.delivered_at, Some(at("2026-11-25T10:00:00Z")));
}

#[test]
fn money_that_comes_later_moves_the_promise() {
    let pending = IncomingOrder { payment: Payment::Pending, ..sample() };
    let paid = paid(&pending, at("2026-11-23T10:00:00Z"));
    assert_eq!(paid.payment, Payment::Paid);
    assert_eq!(paid.expected.ships_by.unwrap().to_string(), "2026-11-26");
    let late = delayed(&paid, at("2026-11-24T10:00:00Z"), 3);
    assert_eq!(late.expected.ships_by.unwrap().to_string(), "2026-11-30", "the workshop is closed on Sunday");
    assert_eq!(late.expected.delivered_from.unwrap().to_string(), "2026-12-01");
    late.check().unwrap();
}

#[test]
fn partial_refunds_never_exceed_the_price() {
    let once = partly_refunded(&sample(), at("2026-11-20T11:00:00Z"), 1_200);
    assert_eq!((once.payment, once.refunded_minor), (Payment::PartiallyRefunded, 1_200));
    let twice = partly_refunded(&once, at("2026-11-20T12:00:00Z"), 9_999);
    assert_eq!((twice.payment, twice.refunded_minor), (Payment::Refunded, 2_795));
    assert_eq!(refunded(&once, at("2026-11-20T12:00:00Z")).refunded_minor, 2_795);
}
