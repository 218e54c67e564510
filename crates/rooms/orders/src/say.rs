//! Turns what there is to say into a message, and remembers that it was said: in the write that brought it about.

use std::time::Duration;

use db::{Read, Write};
use jobs::{Lane, NewJob, Next};
use kernel::{Error, Result, Timestamp};
use messaging::{NewMessage, Recipient};
use serde_json::{Value, json};

use crate::OrderId;
use crate::context::{MoneyBack, OrderContext, money_back};
use crate::incoming::Payment;
use crate::letters;
use crate::store::{self, StoredOrder};
use crate::tell::{Letter, Say, Standing, Told, what_to_say};
use crate::visible::{Visible, differences};
use crate::{shelf, short_link};

/// The kind of job that looks again whether there is something to say about an order.
pub const TELL: &str = "orders.tell";

/// The handler of [`TELL`] jobs.
pub fn tell(w: &mut Write<'_>, payload: &Value) -> Result<Next> {
    let id = payload.get("order").and_then(Value::as_str).unwrap_or_default();
    let id = OrderId::parse(id)?;
    let stored =
        store::stored(w, &id)?.ok_or_else(|| Error::internal("an order to speak of that is not there"))?;
    let before = store::told(w, &id)?;
    Ok(say_all(w, &stored, before)?.map_or(Next::Done, Next::Again))
}

/// Says what is due now of an order that has just been stored for the first time: nobody was told anything of it.
pub(crate) fn say_of_new(w: &mut Write<'_>, stored: &StoredOrder) -> Result<()> {
    say_or_wait(w, stored, Told::default())
}

/// Says what is due now, and makes sure that what is due later will be said.
pub(crate) fn say_what_is_due(w: &mut Write<'_>, stored: &StoredOrder) -> Result<()> {
    let before = store::told(w, &stored.id)?;
    say_or_wait(w, stored, before)
}

fn say_or_wait(w: &mut Write<'_>, stored: &StoredOrder, before: Told) -> Result<()> {
    if let Some(due_at) = say_all(w, stored, before)? {
        let id = &stored.id;
        let payload = json!({ "order": id.as_str() });
        jobs::reschedule(
            w,
            &NewJob { kind: TELL, key: id.as_str(), payload: &payload, due_at, lane: Lane::AtOnce },
        )?;
    }
    Ok(())
}

/// Says everything that is due; returns when to look again, if there is more to come.
fn say_all(w: &mut Write<'_>, stored: &StoredOrder, before: Told) -> Result<Option<Timestamp>> {
    let visible = Visible::of(&stored.order);
    let standing = standing(stored, &visible);
    let mut told = before.clone().compared_with(&standing);
    let look_again = loop {
        let now = w.now;
        match what_to_say(&standing, &told, now) {
            Say::Nothing => break None,
            Say::Wait(until) => break Some(until),
            Say::Tell(letter) => {
                write_message(w, stored, &visible, &told, letter)?;
                told = after_telling(letter, stored, &visible, told);
            }
        }
    };
    if told != before {
        store::save_told(w, &stored.id, &told)?;
    }
    Ok(look_again)
}

fn standing<'a>(stored: &StoredOrder, visible: &'a Visible) -> Standing<'a> {
    Standing {
        status: stored.order.status,
        payment: stored.order.payment,
        is_history: stored.is_history,
        seen_placed_at: stored.seen_placed_at,
        changed_at: stored.changed_at,
        visible,
        refunded: stored.order.refunded_minor,
        refund_seen_at: stored.refund_seen_at,
    }
}

/// How the customer has been told the order once they have this letter.
fn after_telling(letter: Letter, stored: &StoredOrder, visible: &Visible, told: Told) -> Told {
    let as_it_stands = |told: Told| Told { visible: Some(visible.clone()), untold_since: None, ..told };
    let money_told = |told: Told, minor: i64| Told { refunded: minor, refund_untold_since: None, ..told };
    let refunded = stored.order.refunded_minor;
    match letter {
        Letter::Confirmation => {
            let awaiting_payment = stored.order.payment == Payment::Pending;
            money_told(as_it_stands(Told { confirmed: true, awaiting_payment, ..told }), refunded)
        }
        // The changes of the same moment are still to be told: what is visible stays as it was told.
        Letter::PaymentReceived => Told { awaiting_payment: false, ..told },
        Letter::Updated => as_it_stands(told),
        Letter::Cancellation => {
            let said = match money_back(stored.order.payment, stored.order.totals.total, refunded) {
                MoneyBack::Sent(minor) => minor.max(refunded),
                MoneyBack::NothingPaid | MoneyBack::Released | MoneyBack::Due(_) => refunded,
            };
            money_told(as_it_stands(Told { cancelled: true, ..told }), said)
        }
        Letter::Refund => money_told(as_it_stands(told), refunded),
    }
}

fn write_message(
    w: &mut Write<'_>,
    stored: &StoredOrder,
    visible: &Visible,
    told: &Told,
    letter: Letter,
) -> Result<()> {
    let (template, trigger) = match letter {
        Letter::Confirmation => (letters::CONFIRMATION, String::new()),
        Letter::PaymentReceived => (letters::PAYMENT_RECEIVED, String::new()),
        Letter::Updated => (letters::UPDATED, format!("revision {}", stored.revision)),
        Letter::Cancellation => (letters::CANCELLED, String::new()),
        Letter::Refund => (letters::REFUNDED, format!("refunded {}", stored.order.refunded_minor)),
    };
    let changes = told.visible.as_ref().map(|before| differences(before, visible)).unwrap_or_default();
    let shown = shelf::filled(w, stored.clone())?;
    let short_url = short_link::make(w, stored)?;
    let sent_back = stored.order.refunded_minor - told.refunded;
    let context =
        OrderContext { short_url, sent_back, ..OrderContext::of(&shown, changes, w.wired()?, w.now) };
    let not_before = happened_at(w, stored, letter)?;
    messaging::queue(
        w,
        &NewMessage {
            customer: &stored.customer,
            template,
            subject: ("order", stored.id.as_str()),
            trigger: &trigger,
            thread: stored.id.as_str(),
            recipient: recipient(stored),
            context: serde_json::to_value(context)?,
            not_before,
            not_after: None,
        },
    )?;
    Ok(())
}

/// When what is told happened, by the shop's own clock: a refund has a time of its own, since it may be told without a new
/// version of its order. Most shops count in whole seconds; the last moment of that second is taken, so that an order
/// placed right after a restore is not taken for one from before it.
fn happened_at(w: &mut Write<'_>, stored: &StoredOrder, letter: Letter) -> Result<Timestamp> {
    const REST_OF_A_SECOND: Duration = Duration::from_millis(999);
    let refunded_at = match letter {
        Letter::Refund => store::refunds(w, &stored.id)?.into_values().map(|refund| refund.at).max(),
        _ => None,
    };
    Ok(w.now.min(refunded_at.unwrap_or(stored.order.version.updated_at) + REST_OF_A_SECOND))
}

/// The addresses that were given with the order.
pub fn recipient(stored: &StoredOrder) -> Recipient {
    let customer = &stored.order.customer;
    Recipient {
        name: customer.name.clone(),
        email: customer.email.clone(),
        phone: customer.phone.clone(),
        locale: stored.order.locale.clone(),
        ..Recipient::default()
    }
}

/// A reaction to `message.failed`, `message.expired`, `message.undelivered` and `message.unknown`: an order whose customer could
/// not be told, or perhaps not, is noted for a person to see. The note stays: that this message never came is true even when
/// a later one does.
pub fn note_unreachable(w: &mut Write<'_>, event: &timeline::Event) -> Result<()> {
    // A text that did not arrive and was said again by mail is not the end of it.
    if event.payload.get("repeated").and_then(Value::as_bool) == Some(true) {
        return Ok(());
    }
    // A survey that was said once, and perhaps not heard, is nothing to ask about.
    if event.payload.get("why").and_then(Value::as_str) == Some("never_twice") {
        return Ok(());
    }
    let Some(order) = event.payload.get("order").and_then(Value::as_str) else { return Ok(()) };
    let id = OrderId::parse(order)?;
    if !exists(w, &id)? {
        return Ok(());
    }
    store::note(w, &id, "customer_unreachable", Some(not_told(event)))
}

fn not_told(event: &timeline::Event) -> &'static str {
    if event.kind == "message.unknown" {
        return "A message about this order may not have arrived, and is not sent again. Ask the customer whether they got it.";
    }
    "A message about this order could not be delivered. Ask the customer for another address."
}

fn exists(r: &mut Read<'_>, id: &OrderId) -> Result<bool> {
    Ok(store::stored(r, id)?.is_some())
}
