//! The one way in: a version of an order becomes rows, events and words, in one write.

use std::time::Duration;

use customers::{Consent, Described};
use db::Write;
use kernel::{CustomerId, Error, Purpose, Result, Shop, Timestamp};
use serde_json::json;
use timeline::{Actor, NewEvent};

use crate::incoming::{
    CLOCKS_DIFFER_BY, Cancellation, IncomingCustomer, IncomingOrder, IncomingRefund, OrderStatus, Payment,
};
use crate::refunds::{self, Refunds};
use crate::say;
use crate::store::{self, StoredOrder};
use crate::version::supersedes;
use crate::visible::{Visible, differences};
use crate::{Effect, OrderId, Taken};

/// An order first seen longer than this after it was placed is history: stored, and never spoken of.
pub const HISTORY_AFTER: Duration = Duration::from_secs(7 * 86_400);

/// Whether an order is spoken of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Telling {
    /// As its age allows.
    AsEver,
    /// Never: it comes from a file of past orders.
    Never,
}

/// Takes one version of an order in: customer, rows, events and what the customer is told, in one write.
///
/// Repeats, reorderings and stale versions end in the right state: a version that is not newer changes nothing.
/// Fails with [`kernel::Kind::Invalid`] when the order contradicts itself; nothing is written then.
pub fn take(w: &mut Write<'_>, incoming: &IncomingOrder) -> Result<Taken> {
    incoming.check()?;
    incoming.check_times(w.now)?;
    let before = store::find_by_external(w, &incoming.source, &incoming.external_id)?;
    take_version(w, before, incoming, Telling::AsEver)
}

/// Takes an order in from a file of past orders: rows, events and customer as always, and never a word about it,
/// whatever its date and whatever is heard of it later. Its customer was served by another system, and only that one
/// knows what it told them.
///
/// A file changes no order that is spoken of, and no other one that is as new: a platform tells more than its export.
pub fn take_history(w: &mut Write<'_>, incoming: &IncomingOrder) -> Result<Taken> {
    incoming.check()?;
    incoming.check_times(w.now)?;
    let before = store::find_by_external(w, &incoming.source, &incoming.external_id)?;
    match before {
        Some(stored)
            if !stored.is_history || incoming.version.updated_at <= stored.order.version.updated_at =>
        {
            Ok(Taken { order: stored.id, effect: Effect::Stale, is_forgotten: stored.is_forgotten })
        }
        before => take_version(w, before, incoming, Telling::Never),
    }
}

fn take_version(
    w: &mut Write<'_>,
    before: Option<StoredOrder>,
    incoming: &IncomingOrder,
    telling: Telling,
) -> Result<Taken> {
    let fingerprint = fingerprint(w.wired::<Shop>()?, incoming);
    if let Some(stored) = &before
        && (stored.fingerprint == fingerprint || !supersedes(incoming, &stored.order))
    {
        // A refund has no version: one that only an old version tells has happened all the same.
        if stored.fingerprint != fingerprint && !incoming.refunds.is_empty() {
            refunds::add(w, stored, &incoming.refunds)?;
        }
        let (order, is_forgotten) = (stored.id.clone(), stored.is_forgotten);
        return Ok(Taken { order, effect: Effect::Stale, is_forgotten });
    }
    let customer = customer(w, before.as_ref(), incoming, telling)?;
    let faceless = customer.is_forgotten.then(|| faceless(incoming));
    let (incoming, customer) = (faceless.as_ref().unwrap_or(incoming), customer.id);
    let known = known_refunds(w, before.as_ref())?;
    let (news, sum) = refunds::merged(&known, &incoming.refunds);
    let mut after = merged(w, before.as_ref(), incoming, customer, fingerprint);
    count_refunds(&mut after, before.as_ref(), sum, w.now);
    after.is_history |= telling == Telling::Never;
    after.is_forgotten |= faceless.is_some();
    store::save(w, &after)?;
    refunds::keep(w, &after, &news)?;
    note_mismatch(w, before.as_ref(), &after)?;
    record_events(w, before.as_ref(), &after)?;
    refunds::record(w, refunded(before.as_ref()), &known, &after, &news)?;
    let effect = match &before {
        Some(_) => {
            say::say_what_is_due(w, &after)?;
            Effect::Changed
        }
        None => {
            say::say_of_new(w, &after)?;
            Effect::Created
        }
    };
    Ok(Taken { order: after.id, effect, is_forgotten: after.is_forgotten })
}

/// Refunds that are kept one by one; none can be where nothing ever went back.
fn known_refunds(w: &mut Write<'_>, before: Option<&StoredOrder>) -> Result<Refunds> {
    match before.filter(|before| before.order.refunded_minor > 0) {
        Some(before) => store::refunds(w, &before.id),
        None => Ok(Refunds::new()),
    }
}

fn refunded(before: Option<&StoredOrder>) -> i64 {
    before.map_or(0, |before| before.order.refunded_minor)
}

/// The sum of what is told one by one, else what the shop says in sum.
fn count_refunds(after: &mut StoredOrder, before: Option<&StoredOrder>, sum: Option<i64>, now: Timestamp) {
    after.order.refunded_minor = sum.unwrap_or(after.order.refunded_minor);
    after.order.payment = refunds::payment_with(after.order.payment, after.order.refunded_minor);
    let more = after.order.refunded_minor > refunded(before);
    after.refund_seen_at = if more { Some(now) } else { before.and_then(|before| before.refund_seen_at) };
}

/// Refuses refunds from further ahead than clocks differ.
pub(crate) fn check_refund_times(told: &[IncomingRefund], now: Timestamp) -> Result<()> {
    if told.iter().any(|refund| refund.at > now + CLOCKS_DIFFER_BY) {
        return Err(Error::field("/refunds/at", "impossible_date", "This lies in the future."));
    }
    Ok(())
}

/// Notes that an order was thrown away at the shop. It stays here, for it was told to somebody, and nobody is told.
pub fn note_gone(w: &mut Write<'_>, source: &str, order: &str) -> Result<Option<OrderId>> {
    let Some(stored) = store::find_by_external(w, source, order)? else { return Ok(None) };
    let detail = "This order was deleted at the shop. It is kept here, and the customer was not told.";
    store::note(w, &stored.id, "gone_at_shop", Some(detail))?;
    Ok(Some(stored.id))
}

/// A keyed hash of everything the shop told: the same version told again is recognised without keeping it twice.
fn fingerprint(shop: &Shop, incoming: &IncomingOrder) -> String {
    shop.keys.fingerprint("order-version", format!("{incoming:?}").as_bytes())
}

/// Whose an order is.
struct Whose {
    id: CustomerId,
    /// Whether their data were erased: what the shop tells of them stays outside.
    is_forgotten: bool,
}

/// An order of somebody who was forgotten: what was bought and what it cost, and nobody who bought it.
fn faceless(incoming: &IncomingOrder) -> IncomingOrder {
    let cancellation = incoming.cancellation.clone();
    IncomingOrder {
        customer: IncomingCustomer::default(),
        shipping_address: None,
        note: None,
        tags: Vec::new(),
        consents: Vec::new(),
        cancellation: cancellation.map(|cancellation| Cancellation { reason: None, ..cancellation }),
        ..incoming.clone()
    }
}

/// Whose order it is. A known order stays with its customer, whatever address it names now.
fn customer(
    w: &mut Write<'_>,
    before: Option<&StoredOrder>,
    incoming: &IncomingOrder,
    telling: Telling,
) -> Result<Whose> {
    let told = &incoming.customer;
    let described = Described {
        source: &incoming.source,
        external_id: told.external_id.as_deref(),
        email: told.email.as_ref(),
        phone: told.phone.as_ref(),
        name: told.name.as_deref(),
        locale: incoming.locale.as_ref(),
        preferred_channel: told.preferred_channel,
        // A later version of an order repeats what was said with it, and says nothing new.
        preferred_at: Some(incoming.placed_at),
        time_zone: told.time_zone.as_ref(),
        country: incoming.shipping_address.as_ref().map(|address| address.country.as_str()),
    };
    let customer = match before {
        Some(before) => {
            let id = before.customer.clone();
            if !customers::remember(w, &id, &described)? {
                return Ok(Whose { id, is_forgotten: true });
            }
            id
        }
        None if telling == Telling::Never => customers::recognise_from_past(w, &described)?,
        None => customers::recognise(w, &described)?,
    };
    for consent in &incoming.consents {
        let answer = Consent {
            channel: consent.channel,
            purpose: Purpose::Marketing,
            granted: consent.granted,
            wording: consent.wording.clone(),
            said_at: consent.at,
        };
        customers::record_consent(w, &customer, &answer, &incoming.source)?;
    }
    Ok(Whose { id: customer, is_forgotten: false })
}

fn merged(
    w: &mut Write<'_>,
    before: Option<&StoredOrder>,
    incoming: &IncomingOrder,
    customer: CustomerId,
    fingerprint: String,
) -> StoredOrder {
    let now = w.now;
    let is_placed = counts_as_placed(before, incoming);
    let mut order = incoming.clone();
    // Some shops tell the language only while the customer is there: a later version that does not say it leaves it.
    order.locale = order.locale.or_else(|| before.and_then(|b| b.order.locale.clone()));
    let visible_changed = before.is_some_and(|b| !Visible::of(&b.order).looks_like(&Visible::of(incoming)));
    StoredOrder {
        id: before.map_or_else(|| OrderId::new(now, w.dice), |b| b.id.clone()),
        customer,
        order,
        fingerprint,
        revision: before.map_or(1, |b| b.revision + 1),
        first_seen_at: before.map_or(now, |b| b.first_seen_at),
        seen_placed_at: before.and_then(|b| b.seen_placed_at).or(is_placed.then_some(now)),
        refund_seen_at: None,
        changed_at: if visible_changed { now } else { before.map_or(now, |b| b.changed_at) },
        is_history: before.map_or_else(|| is_history(incoming, now), |b| b.is_history),
        is_forgotten: before.is_some_and(|b| b.is_forgotten),
    }
}

/// Whether the customer has ordered. A cancellation may be the first we hear of an order: money that was reserved or
/// taken says that it was placed before. A payment that was released is believed to have been reserved, unless we knew
/// the order while nothing was. One that never got beyond pending promised nobody anything.
fn counts_as_placed(before: Option<&StoredOrder>, incoming: &IncomingOrder) -> bool {
    match (incoming.status, incoming.payment) {
        (OrderStatus::Placed, _) => true,
        (OrderStatus::Unplaced, _) | (OrderStatus::Cancelled, Payment::Pending) => false,
        (OrderStatus::Cancelled, Payment::Voided) => before.is_none(),
        (
            OrderStatus::Cancelled,
            Payment::Authorized | Payment::Paid | Payment::PartiallyRefunded | Payment::Refunded,
        ) => true,
    }
}

fn is_history(incoming: &IncomingOrder, now: Timestamp) -> bool {
    now.since(incoming.placed_at) > HISTORY_AFTER
}

/// What a shop platform says is believed; totals that don't add up are noted for a person to see.
fn note_mismatch(w: &mut Write<'_>, before: Option<&StoredOrder>, after: &StoredOrder) -> Result<()> {
    let totals = &after.order.totals;
    let computed = totals.computed();
    let detail = format!("The shop says the total is {}, but its parts add up to {computed}.", totals.total);
    let detail = (computed != totals.total).then_some(detail);
    if before.is_none() && detail.is_none() {
        // A new order has no note that could be mended.
        return Ok(());
    }
    store::note(w, &after.id, "totals_mismatch", detail.as_deref())
}

fn record_events(w: &mut Write<'_>, before: Option<&StoredOrder>, after: &StoredOrder) -> Result<()> {
    let order = &after.order;
    let was = |reached: fn(&IncomingOrder) -> bool| before.is_some_and(|b| reached(&b.order));
    if after.seen_placed_at.is_some() && before.is_none_or(|b| b.seen_placed_at.is_none()) {
        record(w, after, "order.placed", "", order.placed_at, placed_payload(after))?;
    }
    if is_paid(order) && !was(is_paid) {
        let payload = json!({ "total": order.totals.total, "currency": order.currency.code() });
        record(w, after, "order.paid", "", order.version.updated_at, payload)?;
    }
    if is_cancelled(order) && !was(is_cancelled) {
        let at = order.cancellation.as_ref().map_or(order.version.updated_at, |c| c.at);
        let payload = json!({ "payment": order.payment.as_str(), "refunded": order.refunded_minor });
        record(w, after, "order.cancelled", "", at, payload)?;
    }
    match before {
        Some(before) => record_change(w, before, after),
        None => Ok(()),
    }
}

fn record_change(w: &mut Write<'_>, before: &StoredOrder, after: &StoredOrder) -> Result<()> {
    let found = differences(&Visible::of(&before.order), &Visible::of(&after.order));
    if found.is_empty() {
        return Ok(());
    }
    let mut names: Vec<_> = found.iter().map(|difference| difference.name()).collect();
    names.dedup();
    let (step, payload) = (after.revision.to_string(), json!({ "changed": names }));
    record(w, after, "order.changed", &step, after.order.version.updated_at, payload)
}

fn placed_payload(after: &StoredOrder) -> serde_json::Value {
    let order = &after.order;
    json!({
        "source": order.source,
        "total": order.totals.total,
        "currency": order.currency.code(),
        "lines": order.lines.len(),
        "payment": order.payment.as_str(),
        "history": after.is_history,
    })
}

fn is_paid(order: &IncomingOrder) -> bool {
    matches!(order.payment, Payment::Paid | Payment::PartiallyRefunded | Payment::Refunded)
}

fn is_cancelled(order: &IncomingOrder) -> bool {
    order.status == OrderStatus::Cancelled
}

pub(crate) fn record(
    w: &mut Write<'_>,
    after: &StoredOrder,
    kind: &'static str,
    step: &str,
    occurred_at: Timestamp,
    payload: serde_json::Value,
) -> Result<()> {
    let source_key = format!("{kind}:{}:{step}", after.id);
    let event = NewEvent {
        kind,
        version: 1,
        subject: ("order", after.id.as_str()),
        customer: Some(&after.customer),
        actor: Actor::Source(after.order.source.clone()),
        cause: None,
        occurred_at,
        source_key: &source_key,
        payload,
    };
    timeline::record(w, &event).map(|_| ())
}
