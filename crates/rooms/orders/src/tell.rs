//! What there is to say about an order, and when. Pure.
//!
//! The rule compares how an order stands with how the customer was last told it. Create, paid and updated in one
//! flurry are one message, and nobody waits for it: what is paid is confirmed at once; what is to be paid later waits
//! five seconds for its payment; changes are told two seconds after the last and at most eight after the first.

use std::time::Duration;

use kernel::Timestamp;
use serde::{Deserialize, Serialize};

use crate::incoming::{OrderStatus, Payment};
use crate::visible::Visible;

/// How long a pay-later order waits for its payment before it is confirmed as awaiting it.
pub const WAIT_FOR_PAYMENT: Duration = Duration::from_secs(5);
/// How long after the last change the customer is told.
pub const SETTLE: Duration = Duration::from_secs(2);
/// How long after the first untold change the customer is told at the latest.
pub const SETTLE_AT_MOST: Duration = Duration::from_secs(8);

/// How an order stands.
#[derive(Clone, Copy, Debug)]
pub struct Standing<'a> {
    /// Placed, cancelled, or not even placed.
    pub status: OrderStatus,
    /// Where the money is.
    pub payment: Payment,
    /// First seen long after it was placed: never spoken of.
    pub is_history: bool,
    /// When we first saw it placed.
    pub seen_placed_at: Option<Timestamp>,
    /// The last change that can be seen.
    pub changed_at: Timestamp,
    /// What the customer can see of it.
    pub visible: &'a Visible,
    /// Minor units that went back.
    pub refunded: i64,
    /// When more was last seen to have gone back.
    pub refund_seen_at: Option<Timestamp>,
}

/// How the customer was last told an order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Told {
    /// It was confirmed.
    pub confirmed: bool,
    /// The confirmation said that we wait for the payment, and nothing has been said since.
    pub awaiting_payment: bool,
    /// Its cancellation was told.
    pub cancelled: bool,
    /// What was visible of it then.
    pub visible: Option<Visible>,
    /// The first change since then; none while the order looks as they were told.
    pub untold_since: Option<Timestamp>,
    /// How much they know to have gone back, in minor units.
    #[serde(default)]
    pub refunded: i64,
    /// When the first refund was seen that they don't know of.
    #[serde(default)]
    pub refund_untold_since: Option<Timestamp>,
}

impl Told {
    /// Remembers since when the order looks different from what was told. What was taken back has left nothing to tell.
    pub fn compared_with(self, order: &Standing<'_>) -> Told {
        let looks_as_told = self.visible.as_ref().is_none_or(|told| told.looks_like(order.visible));
        let since = self.untold_since.unwrap_or(order.changed_at);
        let refund_since =
            self.refund_untold_since.unwrap_or(order.refund_seen_at.unwrap_or(order.changed_at));
        let more_went_back = order.refunded > self.refunded && (self.confirmed || self.cancelled);
        Told {
            untold_since: (!looks_as_told).then_some(since),
            refund_untold_since: more_went_back.then_some(refund_since),
            ..self
        }
    }
}

/// What there is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Say {
    /// Nothing, until something changes.
    Nothing,
    /// Nothing yet; look again then.
    Wait(Timestamp),
    /// Write this now.
    Tell(Letter),
}

/// What there is to tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Letter {
    /// That we have the order.
    Confirmation,
    /// That the payment we waited for is here.
    PaymentReceived,
    /// What changed.
    Updated,
    /// That it is cancelled, and what happens to the money.
    Cancellation,
    /// That money went back, and with it whatever else changed.
    Refund,
}

/// What there is to say about an order that stands like this, to somebody who was told that.
pub fn what_to_say(order: &Standing<'_>, told: &Told, now: Timestamp) -> Say {
    if order.is_history {
        return Say::Nothing;
    }
    match order.status {
        OrderStatus::Unplaced => Say::Nothing,
        OrderStatus::Cancelled if told.cancelled => refund(order, told, now).unwrap_or(Say::Nothing),
        OrderStatus::Cancelled => cancellation(order, told),
        OrderStatus::Placed if !told.confirmed => confirmation(order, now),
        OrderStatus::Placed if told.awaiting_payment && has_come(order.payment) => {
            Say::Tell(Letter::PaymentReceived)
        }
        OrderStatus::Placed => refund(order, told, now).unwrap_or_else(|| change(order, told, now)),
    }
}

/// An order that was given up before it was ever placed is nobody's business.
fn cancellation(order: &Standing<'_>, told: &Told) -> Say {
    let was_theirs = told.confirmed || order.seen_placed_at.is_some();
    if was_theirs { Say::Tell(Letter::Cancellation) } else { Say::Nothing }
}

fn confirmation(order: &Standing<'_>, now: Timestamp) -> Say {
    let confirm_at = match (order.payment, order.seen_placed_at) {
        (Payment::Pending, Some(seen)) => seen + WAIT_FOR_PAYMENT,
        _ => now,
    };
    if now >= confirm_at { Say::Tell(Letter::Confirmation) } else { Say::Wait(confirm_at) }
}

fn has_come(payment: Payment) -> bool {
    match payment {
        Payment::Authorized | Payment::Paid | Payment::PartiallyRefunded | Payment::Refunded => true,
        // Released without being taken: there is no payment to thank for.
        Payment::Voided | Payment::Pending => false,
    }
}

fn change(order: &Standing<'_>, told: &Told, now: Timestamp) -> Say {
    let Some(since) = told.untold_since else { return Say::Nothing };
    settled(order.changed_at, since, now, Letter::Updated)
}

/// Refunds settle like changes, and a refund that comes with a change is one message with it: whichever of the two was
/// seen last is waited for. What was told of a refund is never taken back, so less than what was told is nothing.
fn refund(order: &Standing<'_>, told: &Told, now: Timestamp) -> Option<Say> {
    let refund_since = told.refund_untold_since?;
    let refund_seen = order.refund_seen_at.unwrap_or(refund_since);
    let (last, first) = match told.untold_since {
        Some(since) => (refund_seen.max(order.changed_at), refund_since.min(since)),
        None => (refund_seen, refund_since),
    };
    Some(settled(last, first, now, Letter::Refund))
}

/// Two seconds after the last, eight after the first at the latest.
fn settled(last: Timestamp, first: Timestamp, now: Timestamp, letter: Letter) -> Say {
    let tell_at = (last + SETTLE).min(first + SETTLE_AT_MOST);
    if now >= tell_at { Say::Tell(letter) } else { Say::Wait(tell_at) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_ms(1_790_000_000_000 + ms)
    }

    fn standing(visible: &Visible) -> Standing<'_> {
        Standing {
            status: OrderStatus::Placed,
            payment: Payment::Paid,
            is_history: false,
            seen_placed_at: Some(at(0)),
            changed_at: at(0),
            visible,
            refunded: 0,
            refund_seen_at: None,
        }
    }

    fn confirmed(visible: &Visible) -> Told {
        Told { confirmed: true, visible: Some(visible.clone()), ..Told::default() }
    }

    #[test]
    fn what_is_paid_or_authorised_is_confirmed_at_once() {
        let visible = Visible::default();
        for payment in [Payment::Paid, Payment::Authorized] {
            let order = Standing { payment, ..standing(&visible) };
            assert_eq!(what_to_say(&order, &Told::default(), at(0)), Say::Tell(Letter::Confirmation));
        }
    }

    #[test]
    fn a_pay_later_order_waits_five_seconds_for_its_payment() {
        let visible = Visible::default();
        let pending = Standing { payment: Payment::Pending, ..standing(&visible) };
        assert_eq!(what_to_say(&pending, &Told::default(), at(0)), Say::Wait(at(5_000)));
        assert_eq!(what_to_say(&pending, &Told::default(), at(5_000)), Say::Tell(Letter::Confirmation));
        let told = Told { awaiting_payment: true, ..confirmed(&visible) };
        assert_eq!(what_to_say(&pending, &told, at(6_000)), Say::Nothing);
        assert_eq!(what_to_say(&standing(&visible), &told, at(6_000)), Say::Tell(Letter::PaymentReceived));
        let voided = Standing { payment: Payment::Voided, ..standing(&visible) };
        assert_eq!(what_to_say(&voided, &told, at(6_000)), Say::Nothing);
        let edited = Told { untold_since: Some(at(0)), ..told };
        assert_eq!(what_to_say(&voided, &edited, at(6_000)), Say::Tell(Letter::Updated));
    }

    #[test]
    fn changes_settle_for_two_seconds_and_never_longer_than_eight() {
        let (before, after) = (Visible::default(), Visible { note: Some("x".into()), ..Visible::default() });
        let told = confirmed(&before);
        let changed = |last| Standing { changed_at: at(last), ..standing(&after) };
        let told = told.compared_with(&changed(1_000));
        assert_eq!(what_to_say(&changed(1_000), &told, at(1_000)), Say::Wait(at(3_000)));
        assert_eq!(what_to_say(&changed(1_000), &told, at(3_000)), Say::Tell(Letter::Updated));
        let told = told.compared_with(&changed(8_500));
        assert_eq!(what_to_say(&changed(8_500), &told, at(8_600)), Say::Wait(at(9_000)));
        assert_eq!(what_to_say(&changed(9_500), &told, at(9_500)), Say::Tell(Letter::Updated));
    }

    #[test]
    fn a_change_nobody_can_see_or_that_was_taken_back_is_not_told() {
        let visible = Visible::default();
        let order = Standing { changed_at: at(9_000), ..standing(&visible) };
        let told = Told { untold_since: Some(at(1_000)), ..confirmed(&visible) }.compared_with(&order);
        assert_eq!(told, confirmed(&visible), "the next change settles anew");
        assert_eq!(what_to_say(&order, &told, at(20_000)), Say::Nothing);
    }

    #[test]
    fn a_cancellation_is_told_once_and_only_for_what_was_placed() {
        let visible = Visible::default();
        let cancelled = Standing { status: OrderStatus::Cancelled, ..standing(&visible) };
        assert_eq!(what_to_say(&cancelled, &confirmed(&visible), at(0)), Say::Tell(Letter::Cancellation));
        let told = Told { cancelled: true, ..confirmed(&visible) };
        assert_eq!(what_to_say(&cancelled, &told, at(0)), Say::Nothing);
        let never_placed = Standing { seen_placed_at: None, ..cancelled };
        assert_eq!(what_to_say(&never_placed, &Told::default(), at(0)), Say::Nothing);
        let unplaced = Standing { status: OrderStatus::Unplaced, ..standing(&visible) };
        assert_eq!(what_to_say(&unplaced, &Told::default(), at(0)), Say::Nothing);
    }

    #[test]
    fn refunds_of_one_flurry_are_told_once_and_with_what_changed() {
        let visible = Visible::default();
        let refunded = |minor, seen| Standing {
            refunded: minor,
            refund_seen_at: Some(at(seen)),
            payment: Payment::PartiallyRefunded,
            ..standing(&visible)
        };
        let told = confirmed(&visible).compared_with(&refunded(500, 1_000));
        assert_eq!(what_to_say(&refunded(500, 1_000), &told, at(1_000)), Say::Wait(at(3_000)));
        let told = told.compared_with(&refunded(900, 2_000));
        assert_eq!(what_to_say(&refunded(900, 2_000), &told, at(3_000)), Say::Wait(at(4_000)));
        assert_eq!(what_to_say(&refunded(900, 2_000), &told, at(4_000)), Say::Tell(Letter::Refund));
        let knows = Told { refunded: 900, ..confirmed(&visible) };
        for minor in [900, 400] {
            let told = knows.clone().compared_with(&refunded(minor, 2_000));
            assert_eq!(what_to_say(&refunded(minor, 2_000), &told, at(9_000)), Say::Nothing);
        }
        let other = Visible { total: 7, ..Visible::default() };
        let both = Standing { changed_at: at(2_500), visible: &other, ..refunded(900, 2_000) };
        let told = confirmed(&visible).compared_with(&both);
        assert_eq!(what_to_say(&both, &told, at(4_000)), Say::Wait(at(4_500)));
        assert_eq!(what_to_say(&both, &told, at(4_500)), Say::Tell(Letter::Refund));
    }

    #[test]
    fn money_that_follows_a_cancellation_is_told_unless_the_cancellation_said_so() {
        let visible = Visible::default();
        let gone = Standing {
            status: OrderStatus::Cancelled,
            refunded: 4_100,
            refund_seen_at: Some(at(0)),
            ..standing(&visible)
        };
        let told = Told { cancelled: true, ..confirmed(&visible) };
        let said = Told { refunded: 4_100, ..told.clone() }.compared_with(&gone);
        assert_eq!(what_to_say(&gone, &said, at(9_000)), Say::Nothing);
        let promised = told.compared_with(&gone);
        assert_eq!(what_to_say(&gone, &promised, at(9_000)), Say::Tell(Letter::Refund));
    }

    #[test]
    fn what_was_told_before_refunds_were_is_still_read() {
        let told: Told = serde_json::from_str(
            r#"{"refunded":700,"confirmed":true,"awaiting_payment":false,"cancelled":false,"visible":null,"untold_since":null}"#,
        )
        .unwrap();
        assert_eq!((told.refunded, told.confirmed, told.refund_untold_since), (700, true, None));
    }

    #[test]
    fn history_is_never_spoken_of() {
        let visible = Visible::default();
        for status in [OrderStatus::Placed, OrderStatus::Cancelled, OrderStatus::Unplaced] {
            let order = Standing { is_history: true, status, ..standing(&visible) };
            assert_eq!(what_to_say(&order, &Told::default(), at(0)), Say::Nothing);
        }
    }
}
