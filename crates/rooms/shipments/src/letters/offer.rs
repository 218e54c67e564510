//! What a merchant's design over these letters may be made of.

use kernel::{Channel, Result, text};
use messaging::Given;
use messaging::design::offer::{
    FactKind, Facts, MOST_LISTED, Offer, OfferedBlock, OfferedFact, Place, block, link, text as fact, yes_no,
};
use messaging::letter::Item;
use serde_json::{Value, json};

use crate::letters::letter::Parts;

const BLOCKS: &[OfferedBlock] = &[
    block("brand", "Your logo or name", Place::Top),
    block("answer", "The answer, in big letters", Place::Top),
    block("progress", "Where the order stands", Place::Free),
    block("see_order", "Button to the order’s page", Place::Free),
    block("line_before_facts", "Dotted line above the tracking number", Place::Free),
    block("facts", "Carrier, tracking number, day of arrival", Place::Stays),
    block("line_before_items", "Dotted line above the goods", Place::Free),
    block("items", "What is in the parcel", Place::Free),
    block("footer", "Foot: help, address, why they got it", Place::Foot),
];

const KNOWN: &[OfferedFact] = &[
    fact("number", "the order’s number"),
    fact("name", "the customer’s first name; empty when we don’t know it"),
    fact("shop", "your shop’s name"),
    fact("carrier", "who carries the parcel; empty when nobody has said"),
    fact("tracking_number", "the tracking number; empty without one"),
    fact("dates", "when it should arrive; empty when nobody has said, or the day has passed"),
    fact("expected", "the new day of a parcel that is late; empty when nobody knows"),
    yes_no("part", "whether more of the order comes in other parcels"),
    yes_no("all_here", "whether everything is there now"),
    link("url", "the order’s own page"),
    link("tracking_url", "the carrier’s page of the parcel; empty when it has none we know"),
    OfferedFact {
        name: "items",
        means: "what is in the parcel, line by line",
        kind: FactKind::List(&["title", "detail"]),
    },
];

const fn offer(title: &'static str, about: &'static str) -> Offer {
    Offer { title, about, blocks: BLOCKS, facts: KNOWN, text_needs: &[], tell }
}

/// That parcels are on their way.
pub const SHIPPED: Offer = offer(
    "On its way",
    "When parcels are on their way: as soon as the tracking number leads somewhere, several together.",
);
/// Another number.
pub const NEW_NUMBER: Offer =
    offer("New tracking number", "When a parcel gets another tracking number after the first was told.");
/// Today.
pub const OUT: Offer = offer("Out for delivery", "On the day a parcel is brought.");
/// To be collected.
pub const READY: Offer = offer("Ready to collect", "When a parcel can be collected.");
/// Still to be collected.
pub const REMINDER: Offer =
    offer("Reminder to collect", "When a parcel has waited some days to be collected.");
/// Missed.
pub const MISSED: Offer = offer("Missed delivery", "When nobody was there to take a parcel.");
/// A problem.
pub const PROBLEM: Offer =
    offer("Problem on the way", "When a carrier names a problem: address, customs, damage, loss, way back.");
/// There.
pub const DELIVERED: Offer =
    offer("Delivered", "At once when a parcel is there; the last one says that all is.");
/// Not there after all.
pub const CORRECTED: Offer =
    offer("Not delivered after all", "When a carrier takes back that a parcel was delivered.");
/// Back.
pub const RETURNED: Offer = offer("Back with us", "When a parcel is back at the shop.");
/// Late, ours.
pub const LATE_LEAVING: Offer =
    offer("Late: not sent yet", "At the end of the day by which an order was to leave.");
/// Late, the carrier's.
pub const LATE_ARRIVING: Offer = offer(
    "Late: not there yet",
    "When the carrier names a later day than was promised, or on the morning after the promised day.",
);

fn tell(given: &Given<'_>, channel: Channel) -> Result<Facts> {
    let parts = Parts::of(given)?;
    let context = &parts.context;
    // Marks that keep a name from turning its sentence around would cost a text two more segments.
    let isolated = |words: &str| match channel {
        Channel::Email => text::isolated_in(words, given.locale),
        Channel::Sms => words.to_owned(),
    };
    let first = context.name.as_deref().and_then(|name| name.split_whitespace().next()).unwrap_or_default();
    let parcel = parts.parcel();
    let of_parcel = |field: fn(&super::ParcelTold) -> &Option<String>| {
        parcel.and_then(|parcel| field(parcel).clone()).unwrap_or_default()
    };
    let today = given.written_at.date_in(&given.shop.zone);
    let expected = context.expected.map(|day| given.wording.catalogue().date(given.locale, day, today));
    let link = match channel {
        Channel::Email => &context.url,
        Channel::Sms => context.short_url.as_ref().unwrap_or(&context.url),
    };
    let items: Vec<Value> = parts.items().iter().take(MOST_LISTED).map(item).collect();
    let facts = json!({
        "number": isolated(&context.number),
        "name": isolated(first),
        "shop": isolated(&given.shop.brand.name),
        "carrier": isolated(&of_parcel(|parcel| &parcel.carrier)),
        "tracking_number": isolated(&of_parcel(|parcel| &parcel.number)),
        "dates": parts.arriving().unwrap_or_default(),
        "expected": expected.unwrap_or_default(),
        "part": parts.is_one_of_several(),
        "all_here": context.all_here,
        "url": link,
        "tracking_url": of_parcel(|parcel| &parcel.link),
        "items": items,
    });
    match facts {
        Value::Object(facts) => Ok(facts),
        _ => Ok(Facts::new()),
    }
}

fn item(item: &Item) -> Value {
    json!({ "title": item.title, "detail": item.detail })
}
