//! When people buy: how often each of them, in which season, on which day and at which hour of their own clock.

use kernel::{Date, Dice, Timestamp, Zone};

use crate::calendar::{DAY, at_local, days_after, weekday};
use crate::throws::{chance, pick_by};

/// How somebody buys.
struct Habit {
    /// How many people in a hundred are like this.
    weight: u64,
    /// Days between two purchases, outside the busy seasons; none for who buys once.
    every_days: Option<u64>,
    /// How many in a hundred stay away for good after a purchase.
    leaves_percent: u64,
}

/// Half of the customers never come back, and a tenth of them place two fifths of the orders.
const HABITS: &[Habit] = &[
    Habit { weight: 50, every_days: None, leaves_percent: 100 },
    Habit { weight: 30, every_days: Some(90), leaves_percent: 14 },
    Habit { weight: 13, every_days: Some(34), leaves_percent: 7 },
    Habit { weight: 7, every_days: Some(17), leaves_percent: 4 },
];

/// The instants at which one customer, whose clock stands in `zone`, buys between `from` and `to`.
pub(super) fn times(zone: &Zone, from: Timestamp, to: Timestamp, dice: &mut Dice) -> Vec<Timestamp> {
    let habit = pick_by(dice, HABITS, |habit| habit.weight);
    let first_day = from.date_in(zone);
    let span = to.since(from).as_secs().div_ceil(DAY.as_secs()).max(1);
    let mut day = first_purchase(first_day, span, dice);
    let mut times = Vec::new();
    while day <= span {
        times.push(at_local(days_after(first_day, day), second_of_day(dice), zone));
        match habit.every_days {
            Some(gap) if !chance(dice, habit.leaves_percent) => {
                day = next_purchase(first_day, day, gap, dice)
            }
            _ => break,
        }
    }
    times.retain(|at| (from..to).contains(at));
    times
}

/// Somebody finds the shop on any day, sooner in a busy season; many had found it before the story begins.
fn first_purchase(first_day: Date, span: u64, dice: &mut Dice) -> u64 {
    let mut day = 0;
    // A hundred throws are more than the quietest season needs.
    for _ in 0..100 {
        day = dice.below(span).min(dice.below(span));
        if wants_to_buy(days_after(first_day, day), dice) {
            break;
        }
    }
    day
}

/// The tea runs out after about `gap` days; in quiet weeks the next order waits a little longer.
fn next_purchase(first_day: Date, day: u64, gap: u64, dice: &mut Dice) -> u64 {
    let about = dice.jitter(DAY * gap as u32, 60).as_secs() / DAY.as_secs();
    let mut next = day + about.max(1);
    while !wants_to_buy(days_after(first_day, next), dice) {
        next += 1 + dice.below(gap / 4 + 1);
    }
    for_presents(first_day, day, next, dice).unwrap_or(next)
}

/// Presents bring people back before the tea runs out.
fn for_presents(first_day: Date, day: u64, next: u64, dice: &mut Dice) -> Option<u64> {
    (day + 5..next).find(|sooner| is_before_christmas(days_after(first_day, *sooner)) && chance(dice, 3))
}

fn wants_to_buy(date: Date, dice: &mut Dice) -> bool {
    let busiest = 260 * 120;
    dice.below(busiest) < season(date) * WEEKDAYS[weekday(date)]
}

/// Whether presents are on people's minds.
pub(super) fn is_before_christmas(date: Date) -> bool {
    matches!((date.month(), date.day()), (11, 20..) | (12, ..=23))
}

/// How busy the shop is, compared with an ordinary day's 100.
fn season(date: Date) -> u64 {
    match (date.month(), date.day()) {
        (12, 1..=17) => 260,
        (11, 20..) => 230,
        (12, 18..=23) => 130,
        (12, _) => 60,
        (11, _) => 130,
        (10, _) => 115,
        (3, _) => 110,
        (6..=8, _) => 75,
        _ => 100,
    }
}

/// Monday to Sunday: people order tea on Sunday evening, and go out on Saturday.
const WEEKDAYS: [u64; 7] = [108, 104, 100, 98, 88, 80, 120];

/// Midnight to eleven at night: a little at lunch, most in the evening, next to nothing while people sleep.
const HOURS: [u64; 24] =
    [6, 3, 1, 1, 1, 2, 8, 18, 30, 40, 46, 48, 58, 50, 42, 40, 42, 50, 58, 72, 88, 80, 48, 20];

fn second_of_day(dice: &mut Dice) -> u64 {
    let hours: [u64; 24] = std::array::from_fn(|hour| hour as u64);
    let hour = pick_by(dice, &hours, |hour| HOURS[*hour as usize]);
    hour * 3_600 + dice.below(3_600)
}
