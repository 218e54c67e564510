//! What the staff's pages of orders show.

use kernel::{Channel, Locale, Money, ShopClock, parcel};
use messaging::State;
use serde::Serialize;
use timeline::Card;
use web::filters::Bar;

use super::wrong::WrongCard;
use crate::incoming::{Address, IncomingOrder, OrderStatus, Payment};
use crate::marks::{Mark, Marks, may_mark};
use crate::parcels::{DelayAnswer, DelayAsked, ParcelSeen};
use crate::resend::{Confirmations, may_resend};
use crate::store::{OrderNote, StoredOrder};

/// What `orders/staff-list.html` is given as `page`.
#[derive(Clone, Debug, Serialize)]
pub(super) struct OrdersPage {
    pub bar: Bar,
    pub rows: Vec<OrderRow>,
    /// Those on this page, for the button that takes them all.
    pub on_page: String,
    /// What can be done with several at once.
    pub actions: Vec<(&'static str, &'static str)>,
    /// What to say when there are none.
    pub nothing: &'static str,
    /// How far was looked, where the page is not full for that.
    pub looked_until: Option<String>,
    pub older: Option<String>,
    pub newest: Option<String>,
    pub may_export: bool,
    pub flash: Option<Flash>,
}

/// What was just done, or could not be.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Flash {
    pub tone: &'static str,
    pub words: String,
}

impl Flash {
    pub(super) fn warn(words: &str) -> Self {
        Flash { tone: "warn", words: words.to_owned() }
    }
}

/// What `orders/staff-resend.html` is given as `page`.
#[derive(Clone, Debug, Serialize)]
pub(super) struct ResendPage {
    pub messages: usize,
    pub people: usize,
    pub rows: Vec<ResendRow>,
}

/// One order whose confirmation would be sent again, or why not.
#[derive(Clone, Debug, Serialize)]
pub(super) struct ResendRow {
    pub id: String,
    pub href: String,
    pub number: String,
    pub customer: String,
    pub to: String,
    pub seen: u32,
    pub why_not: Option<&'static str>,
}

/// The marks of an order, and what it can be marked with.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct ShownMarks {
    pub packed: Option<String>,
    pub held: Option<String>,
    pub because: Option<String>,
    pub may: Vec<(&'static str, &'static str)>,
    pub may_hold: bool,
    /// Why it can be marked with nothing.
    pub why_not: Option<&'static str>,
}

/// Sending the confirmation again.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Resend {
    pub to: String,
    pub seen: u32,
    pub why_not: Option<&'static str>,
}

/// A note of the staff.
#[derive(Clone, Debug, Serialize)]
pub(super) struct StaffsNote {
    pub id: String,
    pub who: String,
    pub body: String,
    pub at: String,
    pub when: String,
    pub may_remove: bool,
}

/// One order of a list.
#[derive(Clone, Debug, Serialize)]
pub struct OrderRow {
    /// Its identifier.
    pub id: String,
    /// The page about it.
    pub href: String,
    /// `#1042`.
    pub number: String,
    /// Who ordered.
    pub who: String,
    /// `Paid`, `Cancelled`.
    pub standing: &'static str,
    /// `ok`, `warn`, `bad` or `info`.
    pub tone: &'static str,
    /// What whoever packs has marked it with: `Held`, `Packed`, or nothing.
    pub mark: Option<&'static str>,
    /// `ok` or `warn`.
    pub mark_tone: &'static str,
    /// How far it has got.
    pub fulfilment: String,
    /// What it costs.
    pub total: String,
    /// RFC 3339, for machines.
    pub at: String,
    /// By the shop's clock.
    pub when: String,
}

/// What `orders/staff-order.html` is given as `page`.
#[derive(Clone, Debug, Serialize)]
pub(super) struct OrderPage {
    pub path: String,
    pub number: String,
    pub tone: &'static str,
    pub standing: &'static str,
    pub at: String,
    pub when: String,
    pub customer: String,
    /// The order page as the customer sees it.
    pub customers_page: String,
    pub facts: Vec<(&'static str, String)>,
    pub lines: Vec<Line>,
    pub totals: Vec<(&'static str, String)>,
    pub address: Vec<String>,
    pub notes: Vec<String>,
    /// What to do about it, when it is late and its customer was told.
    pub delay: Option<String>,
    pub told: Vec<Told>,
    pub events: Vec<Card>,
    pub marks: ShownMarks,
    pub resend: Resend,
    pub staffs_notes: Vec<StaffsNote>,
    pub parcels: Vec<ParcelRow>,
    pub flash: Option<Flash>,
    pub wrong: WrongCard,
    pub order: String,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct Line {
    pub title: String,
    pub about: String,
    pub price: String,
}

/// A message about the order.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Told {
    pub href: String,
    pub what: String,
    pub channel: &'static str,
    pub state: String,
    pub tone: &'static str,
    pub reason: String,
    pub at: String,
    pub when: String,
}

pub(super) fn row(stored: &StoredOrder, marks: &Marks, clock: &ShopClock<'_>, locale: &Locale) -> OrderRow {
    let order = &stored.order;
    let (tone, standing) = standing(order);
    let (mark_tone, mark) = match (marks.held_at, marks.packed_at) {
        (Some(_), _) => ("warn", Some("Held")),
        (None, Some(_)) => ("ok", Some("Packed")),
        (None, None) => ("info", None),
    };
    OrderRow {
        id: stored.id.as_str().to_owned(),
        mark,
        mark_tone,
        href: format!("/a/orders/{}", stored.id),
        number: order.number.clone(),
        who: who(order),
        standing,
        tone,
        fulfilment: words(order.fulfilment.as_str()),
        total: Money::new(order.totals.total, order.currency).shown(locale),
        at: order.placed_at.to_string(),
        when: clock.short(order.placed_at),
    }
}

pub(super) fn order(
    stored: &StoredOrder,
    notes: &[OrderNote],
    (told, events, wrong): (Vec<Told>, Vec<Card>, WrongCard),
    customers_page: String,
    (clock, locale): (&ShopClock<'_>, &Locale),
) -> OrderPage {
    let order = &stored.order;
    let (tone, standing) = standing(order);
    OrderPage {
        path: format!("/a/orders/{}", stored.id),
        number: order.number.clone(),
        tone,
        standing,
        at: order.placed_at.to_string(),
        when: clock.long(order.placed_at),
        customer: format!("/a/customers/{}", stored.customer),
        customers_page,
        facts: facts(stored, clock),
        lines: lines(order, locale),
        totals: totals(order, locale),
        address: order.shipping_address.as_ref().map(address).unwrap_or_default(),
        notes: notes.iter().map(|note| note.detail.clone()).collect(),
        told,
        events,
        wrong,
        order: stored.id.to_string(),
        marks: ShownMarks::default(),
        resend: Resend::default(),
        staffs_notes: Vec::new(),
        parcels: Vec::new(),
        delay: None,
        flash: None,
    }
}

/// What to do about an order that is late, by what its customer answered or did not.
pub(super) fn delay(asked: DelayAsked, clock: &ShopClock<'_>) -> Option<String> {
    match (asked.answered, asked.cancels_on) {
        (Some((DelayAnswer::Cancel, at)), _) => Some(format!(
            "Its customer asked on {} to cancel what has not left. Cancel it in your shop: they are told then.",
            clock.short(at)
        )),
        (Some((DelayAnswer::Keep, at)), _) => {
            Some(format!("It is late, and its customer said on {} that they wait for it.", clock.short(at)))
        }
        (None, Some(day)) if day <= clock.today() => Some(format!(
            "It is late, its customer was told and has not answered: it counts as cancelled since the end of {}. Cancel it in \
             your shop: they are told then.",
            clock.day(day)
        )),
        (None, Some(day)) => Some(format!(
            "It is late, its customer was told and has not answered. Unless it leaves or they answer, it counts as \
             cancelled at the end of {}.",
            clock.day(day)
        )),
        (None, None) => None,
    }
}

/// One parcel of the order.
#[derive(Clone, Debug, Serialize)]
pub(super) struct ParcelRow {
    pub href: String,
    pub tone: &'static str,
    pub state: String,
    pub carrier: Option<String>,
    pub number: Option<String>,
    pub is_unlinked: bool,
    pub heard: String,
}

pub(super) fn parcel(parcel: &ParcelSeen, clock: &ShopClock<'_>) -> ParcelRow {
    let tone = match parcel.state {
        parcel::State::Exception | parcel::State::Returned => "bad",
        parcel::State::FailedAttempt | parcel::State::AvailableForPickup => "warn",
        parcel::State::Delivered => "ok",
        _ if parcel.is_late => "warn",
        _ => "info",
    };
    ParcelRow {
        href: format!("/a/parcels/{}", parcel.id),
        tone,
        state: parcel.state.as_str().replace('_', " "),
        carrier: parcel.carrier.clone(),
        number: parcel.number.clone(),
        is_unlinked: parcel.is_unlinked,
        heard: clock.short(parcel.heard_at),
    }
}

pub(super) fn marks(stored: &StoredOrder, marks: &Marks, clock: &ShopClock<'_>) -> ShownMarks {
    let may = |mark| may_mark(mark, stored.order.status, marks);
    let buttons =
        [(Mark::Pack, "Mark as packed"), (Mark::Unpack, "Not packed after all"), (Mark::LetGo, "Let it go")];
    let buttons = buttons.into_iter().filter(|(mark, _)| may(*mark).is_ok());
    let buttons: Vec<_> = buttons.map(|(mark, label)| (mark.as_str(), label)).collect();
    let may_hold = may(Mark::Hold);
    ShownMarks {
        packed: marks.packed_at.map(|at| clock.short(at)),
        held: marks.held_at.map(|at| clock.short(at)),
        because: marks.held_because.clone(),
        why_not: may_hold.err().filter(|_| buttons.is_empty()),
        may_hold: may_hold.is_ok(),
        may: buttons,
    }
}

pub(super) fn resend(stored: &StoredOrder, confirmations: Confirmations) -> Resend {
    let why_not = may_resend(stored, confirmations).err();
    Resend { to: reached_at(&stored.order), seen: confirmations.count, why_not }
}

pub(super) fn resend_row(
    stored: &StoredOrder,
    confirmations: Confirmations,
    why_not: Option<&'static str>,
) -> ResendRow {
    ResendRow {
        id: stored.id.as_str().to_owned(),
        href: format!("/a/orders/{}", stored.id),
        number: stored.order.number.clone(),
        customer: stored.customer.as_str().to_owned(),
        to: reached_at(&stored.order),
        seen: confirmations.count,
        why_not,
    }
}

/// The addresses given with the order; which of them it goes to is decided when it leaves.
fn reached_at(order: &IncomingOrder) -> String {
    let email = order.customer.email.as_ref().map(|email| email.as_str());
    let phone = order.customer.phone.as_ref().map(|phone| phone.as_str());
    let both: Vec<&str> = [email, phone].into_iter().flatten().collect();
    if both.is_empty() { "the addresses we know of the customer".to_owned() } else { both.join(" or ") }
}

pub(super) fn staffs_note(note: &staff::Note, member: &staff::Member, clock: &ShopClock<'_>) -> StaffsNote {
    StaffsNote {
        id: note.id.as_str().to_owned(),
        who: note.name.clone(),
        body: note.body.clone(),
        at: note.written_at.to_string(),
        when: clock.short(note.written_at),
        may_remove: note.may_be_removed_by(member),
    }
}

fn standing(order: &IncomingOrder) -> (&'static str, &'static str) {
    match (order.status, order.payment) {
        (OrderStatus::Cancelled, _) => ("bad", "Cancelled"),
        (OrderStatus::Unplaced, _) => ("info", "Not placed yet"),
        (OrderStatus::Placed, Payment::Paid) => ("ok", "Paid"),
        (OrderStatus::Placed, Payment::Pending) => ("warn", "Payment pending"),
        (OrderStatus::Placed, Payment::Authorized) => ("info", "Payment authorized"),
        (OrderStatus::Placed, Payment::PartiallyRefunded) => ("warn", "Partly refunded"),
        (OrderStatus::Placed, Payment::Refunded) => ("warn", "Refunded"),
        (OrderStatus::Placed, Payment::Voided) => ("bad", "Payment voided"),
    }
}

fn who(order: &IncomingOrder) -> String {
    let customer = &order.customer;
    let email = || customer.email.as_ref().map(|email| email.as_str().to_owned());
    let phone = || customer.phone.as_ref().map(|phone| phone.as_str().to_owned());
    customer.name.clone().or_else(email).or_else(phone).unwrap_or_default()
}

fn facts(stored: &StoredOrder, clock: &ShopClock<'_>) -> Vec<(&'static str, String)> {
    let order = &stored.order;
    let day = |day: Option<kernel::Date>| day.map(|day| day.to_string());
    let all = [
        ("Ordered by", order.customer.name.clone()),
        ("E-mail", order.customer.email.as_ref().map(|email| email.as_str().to_owned())),
        ("Phone", order.customer.phone.as_ref().map(|phone| phone.as_str().to_owned())),
        ("Fulfilment", Some(words(order.fulfilment.as_str()))),
        ("Leaves by", day(order.expected.ships_by)),
        ("Arrives from", day(order.expected.delivered_from)),
        ("Arrives until", day(order.expected.delivered_to)),
        ("Delivered", order.delivered_at.map(|at| clock.short(at))),
        ("Cancelled", order.cancellation.as_ref().and_then(|gone| gone.reason.clone())),
        ("Customer’s note", order.note.clone()),
        ("Present", order.is_gift.then(|| "yes".to_owned())),
        ("Tags", (!order.tags.is_empty()).then(|| order.tags.join(", "))),
        ("From", Some(order.source.clone())),
        ("Last changed", Some(clock.short(stored.changed_at))),
        ("Imported", stored.is_history.then(|| "yes: nothing is sent about it".to_owned())),
    ];
    all.into_iter().filter_map(|(label, value)| value.map(|value| (label, value))).collect()
}

fn lines(order: &IncomingOrder, locale: &Locale) -> Vec<Line> {
    let line = |line: &crate::incoming::IncomingLine| {
        let about = [line.variant.clone(), line.sku.clone(), Some(format!("{} ×", line.quantity))];
        Line {
            title: line.title.clone(),
            about: about.into_iter().flatten().collect::<Vec<_>>().join(" · "),
            price: Money::new(line.unit_price.saturating_mul(line.quantity.into()), order.currency)
                .shown(locale),
        }
    };
    order.lines.iter().map(line).collect()
}

fn totals(order: &IncomingOrder, locale: &Locale) -> Vec<(&'static str, String)> {
    let totals = &order.totals;
    let all = [
        ("Items", totals.subtotal, true),
        ("Discount", -totals.discount, totals.discount != 0),
        ("Delivery", totals.shipping, true),
        (if totals.tax_included { "Tax, included" } else { "Tax" }, totals.tax, totals.tax != 0),
        ("Total", totals.total, true),
        ("Refunded", -order.refunded_minor, order.refunded_minor != 0),
    ];
    let shown = all.into_iter().filter(|(_, _, is_shown)| *is_shown);
    shown.map(|(label, minor, _)| (label, Money::new(minor, order.currency).shown(locale))).collect()
}

fn address(address: &Address) -> Vec<String> {
    let town = [address.postcode.clone(), Some(address.city.clone())]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ");
    let parts = [
        address.name.clone(),
        Some(address.line1.clone()),
        address.line2.clone(),
        Some(town),
        address.region.clone(),
        Some(address.country.clone()),
    ];
    parts.into_iter().flatten().collect()
}

pub(super) fn told(told: &messaging::Told, clock: &ShopClock<'_>) -> Told {
    Told {
        href: format!("/a/messages/{}", told.id),
        what: words(&told.template.replace('.', " ")),
        channel: match told.channel {
            Some(Channel::Email) => "Email",
            Some(Channel::Sms) => "Text",
            None => "",
        },
        state: words(told.state.as_str()),
        tone: tone(told.state),
        reason: told.reason.clone(),
        at: told.created_at.to_string(),
        when: clock.short(told.created_at),
    }
}

fn tone(state: State) -> &'static str {
    match state {
        State::Accepted => "ok",
        State::Queued | State::HandingOff => "info",
        State::Deferred | State::Unknown | State::Held => "warn",
        State::Failed | State::Dropped | State::Expired => "bad",
    }
}

/// `partially_refunded` as `Partially refunded`.
fn words(name: &str) -> String {
    let spaced = name.replace('_', " ");
    let mut letters = spaced.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
