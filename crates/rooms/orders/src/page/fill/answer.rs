//! Where the order stands: the heading that answers, notices and steps.

use kernel::Date;

use super::Fill;
use crate::context::{MoneyBack, money_back};
use crate::incoming::{Fulfilment, OrderStatus, Payment};
use crate::page::view::{Notice, Step, StepState, Tone};

/// Days between ordering and leaving from which an order counts as made to order.
const MAKING_FROM_DAYS: i64 = 4;

impl Fill<'_> {
    /// The heading answers "where is my order?"; the sentence says what comes next or what to do.
    pub(super) fn answer(&self) -> (String, String, Option<String>) {
        let say = |key: &str| self.say(key, &[]);
        if self.order.status == OrderStatus::Cancelled {
            return (say("page-cancelled-heading"), self.money_back(), None);
        }
        if let Some((heading, lead)) = self.answer_by_parcels() {
            return (heading, lead, None);
        }
        match (self.order.status, self.order.fulfilment) {
            (_, Fulfilment::Delivered) => (self.delivered_heading(), say("page-delivered-lead"), None),
            (_, Fulfilment::Fulfilled | Fulfilment::Partial) => self.on_its_way(),
            (_, Fulfilment::Unfulfilled) if self.order.payment == Payment::Pending => {
                let lead = self.one("page-unpaid-lead", "amount", &self.sum(self.order.totals.total));
                (say("page-unpaid-heading"), lead, Some(say("page-unpaid-hint")))
            }
            (_, Fulfilment::Unfulfilled) if self.is_late() => {
                (say("page-late-heading"), say("page-late-lead"), None)
            }
            (_, Fulfilment::Unfulfilled) if self.is_making() => {
                (say("page-making-heading"), self.by("page-making-lead"), None)
            }
            (_, Fulfilment::Unfulfilled) => self.placed(),
        }
    }

    fn placed(&self) -> (String, String, Option<String>) {
        match (self.arriving(), self.order.expected.ships_by) {
            (Some(dates), Some(ships_by)) => (
                self.one("page-arriving-heading", "dates", &dates),
                self.one("page-arriving-lead-placed", "date", &self.date(ships_by)),
                None,
            ),
            (Some(dates), None) => {
                (self.one("page-arriving-heading", "dates", &dates), self.by("page-placed-lead"), None)
            }
            (None, _) => (self.say("page-placed-heading", &[]), self.by("page-placed-lead"), None),
        }
    }

    fn on_its_way(&self) -> (String, String, Option<String>) {
        match self.arriving() {
            Some(dates) => {
                let heading = self.one("page-arriving-heading", "dates", &dates);
                (heading, self.say("page-arriving-lead-shipped", &[]), None)
            }
            None => (self.say("page-shipped-heading", &[]), self.say("page-shipped-lead", &[]), None),
        }
    }

    pub(super) fn delivered_heading(&self) -> String {
        match self.arrived.and_then(|arrived| arrived.at) {
            Some(at) => self.one("page-delivered-heading", "date", &self.day(at)),
            None => self.say("page-delivered-heading-no-date", &[]),
        }
    }

    /// The sentence with the day it leaves, or the one without when no day is promised.
    fn by(&self, key: &str) -> String {
        match self.order.expected.ships_by {
            Some(date) => self.one(key, "date", &self.date(date)),
            None => self.say(&format!("{key}-no-date"), &[]),
        }
    }

    /// Whether the day by which it was to leave has passed, or its customer was told in its evening that it has not left. Where
    /// nobody said when it leaves, the day by which it was to be there.
    pub(super) fn is_late(&self) -> bool {
        let (today, expected) = (self.today(), self.order.expected);
        let ships_by = expected.ships_by.or(expected.delivered().map(|(_, to)| to));
        let is_told = self.delay.is_some_and(|asked| !asked.is_settled);
        // Another day that was named since is one to wait for.
        let is_told_today = is_told && ships_by.is_none_or(|by| by <= today);
        is_told_today || ships_by.is_some_and(|by| by < today)
    }

    fn is_making(&self) -> bool {
        let placed = self.order.placed_at.date_in(&self.shop.zone);
        let days = |by: Date| placed.until(by).map_or(0, |span| i64::from(span.get_days()));
        self.order.expected.ships_by.is_some_and(|by| days(by) > MAKING_FROM_DAYS)
    }

    fn money_back(&self) -> String {
        let with = |key: &str, minor: i64| self.one(key, "amount", &self.sum(minor));
        match money_back(self.order.payment, self.order.totals.total, self.order.refunded_minor) {
            MoneyBack::NothingPaid => self.say("page-cancelled-lead-unpaid", &[]),
            MoneyBack::Released => self.say("page-cancelled-lead-voided", &[]),
            MoneyBack::Sent(minor) => with("page-cancelled-lead-refunded", minor),
            MoneyBack::Due(minor) => with("page-cancelled-lead-refund-due", minor),
        }
    }

    pub(super) fn notices(&self) -> Vec<Notice> {
        let notice = |text: String| Notice { tone: Tone::Info, text };
        let stands = self.order.status != OrderStatus::Cancelled;
        let changed = (stands && self.stored.changed_at > self.stored.first_seen_at)
            .then(|| notice(self.one("page-changed", "date", &self.day(self.stored.changed_at))));
        let refunded = (stands && self.order.refunded_minor > 0)
            .then(|| notice(self.one("page-refunded-part", "amount", &self.sum(self.order.refunded_minor))));
        let gift = self.order.is_gift.then(|| notice(self.say("page-gift", &[])));
        [changed, refunded, gift].into_iter().flatten().collect()
    }

    pub(super) fn steps(&self) -> Vec<Step> {
        if self.order.status == OrderStatus::Cancelled {
            return Vec::new();
        }
        let second = if self.is_making() { "page-step-making" } else { "page-step-packed" };
        let keys = ["page-step-ordered", second, "page-step-shipped", "page-step-delivered"];
        let at = self.step_by_parcels().filter(|_| self.order.fulfilment != Fulfilment::Delivered);
        let at = at.unwrap_or(match self.order.fulfilment {
            Fulfilment::Unfulfilled if self.is_making() && self.order.payment != Payment::Pending => 1,
            Fulfilment::Unfulfilled => 0,
            Fulfilment::Partial | Fulfilment::Fulfilled => 2,
            Fulfilment::Delivered => 3,
        });
        keys.iter().enumerate().map(|(place, key)| self.step(key, place, at)).collect()
    }

    fn step(&self, key: &str, place: usize, at: usize) -> Step {
        let (state, words) = match place.cmp(&at) {
            std::cmp::Ordering::Less => (StepState::Done, "page-step-done"),
            std::cmp::Ordering::Equal => (StepState::Current, "page-step-current"),
            std::cmp::Ordering::Greater => (StepState::Todo, "page-step-todo"),
        };
        let when = (place == 0).then(|| self.day(self.order.placed_at));
        Step { label: self.say(key, &[]), state, state_words: self.say(words, &[]), when }
    }
}
