//! What happens to an order after it is placed: money, changes of mind, the workshop, the carrier.

use std::time::Duration;

use kernel::{Date, Dice, Timestamp, Zone};
use orders::incoming::{IncomingOrder, OrderStatus, Payment};

use super::{basket, transit_days, versions};
use crate::calendar::{
    DAY, at_local, brought_after, days_after, is_open, open_day, open_days_after, shop_zone,
};
use crate::people;
use crate::throws::{between, chance};

const HOUR: Duration = Duration::from_secs(3_600);

/// Every version of the order, beginning with the first.
pub(super) fn lived(first: IncomingOrder, dice: &mut Dice) -> Vec<IncomingOrder> {
    let mut life = Life { versions: vec![first], dice };
    life.wait_for_the_money();
    life.change_their_mind();
    life.make_and_send();
    life.versions
}

/// The versions so far. Each step looks at the latest, and does nothing when the order has ended.
struct Life<'a> {
    versions: Vec<IncomingOrder>,
    dice: &'a mut Dice,
}

impl Life<'_> {
    fn latest(&self) -> &IncomingOrder {
        self.versions.last().expect("a life begins with a version")
    }

    fn now(&self) -> Timestamp {
        self.latest().version.updated_at
    }

    fn stands(&self) -> bool {
        self.latest().status == OrderStatus::Placed
    }

    /// A bank transfer takes one to three days; now and then it never comes, and the shop gives up after a week.
    fn wait_for_the_money(&mut self) {
        if self.latest().payment != Payment::Pending {
            return;
        }
        let next = if chance(self.dice, 85) {
            let at = self.now() + self.dice.jitter(DAY * 2, 50);
            versions::paid(self.latest(), whole_seconds(at))
        } else {
            versions::cancelled(self.latest(), self.now() + DAY * 7, false)
        };
        self.versions.push(next);
    }

    /// In the first hours, before anyone has packed: another address, another quantity, or not at all.
    fn change_their_mind(&mut self) {
        if !self.stands() {
            return;
        }
        if chance(self.dice, 4) {
            self.move_house();
        }
        if chance(self.dice, 3) {
            self.take_more_or_fewer();
        }
        if chance(self.dice, 4) {
            self.cancel();
        }
    }

    fn move_house(&mut self) {
        if let Some(address) = self.latest().shipping_address.clone() {
            let address = people::moved(&address, self.dice);
            let at = self.soon();
            self.versions.push(versions::changed_address(self.latest(), at, address));
        }
    }

    fn take_more_or_fewer(&mut self) {
        let index = self.dice.below(self.latest().lines.len() as u64) as usize;
        let before = self.latest().lines[index].quantity;
        let fewer = before > 1 && chance(self.dice, 40);
        let quantity = if fewer { before - 1 } else { before + 1 };
        let at = self.soon();
        self.versions.push(versions::changed_quantity(self.latest(), at, index, quantity));
    }

    /// Three in four get their money back at once, most others some days later, and a few have to ask.
    fn cancel(&mut self) {
        let (at, luck) = (self.soon(), self.dice.below(100));
        self.versions.push(versions::cancelled(self.latest(), at, luck < 75));
        if (75..92).contains(&luck) && self.latest().payment == Payment::Paid {
            let later = whole_seconds(at + self.dice.jitter(DAY * 3, 40));
            self.versions.push(versions::refunded(self.latest(), later));
        }
    }

    fn make_and_send(&mut self) {
        if !self.stands() {
            return;
        }
        let mut leaves_on = self.ready_on();
        if self.is_made() && chance(self.dice, 12) {
            leaves_on = self.need_more_time(leaves_on);
        }
        if self.latest().lines.len() > 1 && chance(self.dice, 3) {
            let at = self.in_packing_hours(leaves_on);
            self.versions.push(versions::partly_fulfilled(self.latest(), at));
            leaves_on = open_days_after(leaves_on, 2);
        }
        let at = self.in_packing_hours(leaves_on);
        self.versions.push(versions::fulfilled(self.latest(), at));
        self.bring(leaves_on);
    }

    /// One or two working days, or what the making takes; one parcel in twenty-five is late.
    fn ready_on(&mut self) -> Date {
        let today = self.now().date_in(&shop_zone());
        let making_days = basket::making_days(&self.latest().lines);
        let late = if chance(self.dice, 4) { between(self.dice, 2, 4) } else { 0 };
        open_days_after(today, making_days + between(self.dice, 1, 2) + late)
    }

    fn is_made(&self) -> bool {
        basket::making_days(&self.latest().lines) > 0
    }

    /// The kiln cracked a glaze: the shop says so before the promised day, and leaves as many days later.
    fn need_more_time(&mut self, leaves_on: Date) -> Date {
        let today = self.now().date_in(&shop_zone());
        let told_at = self.in_packing_hours(open_days_after(today, 2));
        let days = between(self.dice, 4, 10);
        self.versions.push(versions::delayed(self.latest(), told_at, days));
        open_day(days_after(leaves_on, days))
    }

    /// Almost every parcel arrives and is seen arriving; a broken cup now and then is partly paid back.
    fn bring(&mut self, left_on: Date) {
        if chance(self.dice, 3) {
            return;
        }
        let country = self.latest().shipping_address.as_ref().map_or("GB", |address| &address.country);
        let (fastest, slowest) = transit_days(country);
        let day = brought_after(left_on, between(self.dice, fastest, slowest));
        let zone = self.latest().customer.time_zone.clone().unwrap_or(Zone::utc());
        let at = at_local(day, between(self.dice, 9 * 3_600, 19 * 3_600), &zone);
        self.versions.push(versions::delivered(self.latest(), at));
        if chance(self.dice, 2) {
            let minor = self.latest().lines[0].unit_price.min(self.latest().totals.total);
            let at = whole_seconds(at + self.dice.jitter(DAY * 2, 50));
            self.versions.push(versions::partly_refunded(self.latest(), at, minor));
        }
    }

    /// A quarter of an hour to four hours later.
    fn soon(&mut self) -> Timestamp {
        whole_seconds(self.now() + HOUR / 4 + Duration::from_secs(self.dice.below(3 * 3_600 + 2_700)))
    }

    /// Between ten and half past four, when the workshop packs.
    fn in_packing_hours(&mut self, date: Date) -> Timestamp {
        debug_assert!(is_open(date), "nobody packs on {date}");
        at_local(date, between(self.dice, 36_000, 59_400), &shop_zone())
    }
}

/// Shops tell times in whole seconds.
fn whole_seconds(at: Timestamp) -> Timestamp {
    Timestamp::from_ms(at.ms() - at.ms().rem_euclid(1_000))
}
