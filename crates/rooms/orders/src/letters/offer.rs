//! What a merchant's design over these letters may be made of.

use kernel::{Channel, Result, text};
use messaging::Given;
use messaging::design::offer::{
    FactKind, Facts, MOST_LISTED, Offer, OfferedBlock, OfferedFact, Place, block, link, text as fact, yes_no,
};
use messaging::letter::Item;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::context::OrderContext;
use crate::incoming::Payment;
use crate::letters::letter::CodeContext;
use crate::letters::{facts, parts::Parts};

/// The blocks that open and close every letter of this room.
const BRAND: OfferedBlock = block("brand", "Your logo or name", Place::Top);
const ANSWER: OfferedBlock = block("answer", "The answer, in big letters", Place::Top);
const FOOTER: OfferedBlock = block("footer", "Foot: help, address, why they got it", Place::Foot);
const PROGRESS: OfferedBlock = block("progress", "Where the order stands", Place::Free);
const SEE_ORDER: OfferedBlock = block("see_order", "Button to the order’s page", Place::Free);
const CHANGES: OfferedBlock = block("changes", "What changed", Place::Stays);
const LINE_BEFORE_ITEMS: OfferedBlock =
    block("line_before_items", "Dotted line above the goods", Place::Free);
const ITEMS: OfferedBlock = block("items", "What was ordered", Place::Free);
const TOTALS: OfferedBlock = block("totals", "Prices and total", Place::Free);
const LINE_BEFORE_FACTS: OfferedBlock =
    block("line_before_facts", "Dotted line above the details", Place::Free);
const FACTS: OfferedBlock = block("facts", "Dates, address, payment", Place::Free);

const CONFIRMED: &[OfferedBlock] = &[
    BRAND,
    ANSWER,
    PROGRESS,
    SEE_ORDER,
    block("gift", "Note that it is a gift", Place::Free),
    LINE_BEFORE_ITEMS,
    // The law asks a confirmation to say what was bought and what it costs.
    OfferedBlock { place: Place::Stays, ..ITEMS },
    OfferedBlock { place: Place::Stays, ..TOTALS },
    LINE_BEFORE_FACTS,
    FACTS,
    FOOTER,
];
const PAID: &[OfferedBlock] =
    &[BRAND, ANSWER, PROGRESS, SEE_ORDER, LINE_BEFORE_ITEMS, ITEMS, TOTALS, LINE_BEFORE_FACTS, FACTS, FOOTER];
const CHANGED: &[OfferedBlock] =
    &[BRAND, ANSWER, CHANGES, SEE_ORDER, LINE_BEFORE_ITEMS, ITEMS, TOTALS, LINE_BEFORE_FACTS, FACTS, FOOTER];
const ENDED: &[OfferedBlock] =
    &[BRAND, ANSWER, SEE_ORDER, LINE_BEFORE_ITEMS, ITEMS, TOTALS, LINE_BEFORE_FACTS, FACTS, FOOTER];
const CODED: &[OfferedBlock] = &[
    BRAND,
    ANSWER,
    block("code", "The code", Place::Stays),
    block("not_you", "What to do if it wasn’t them", Place::Stays),
    FOOTER,
];

const LINKED: &[OfferedBlock] = &[
    BRAND,
    ANSWER,
    OfferedBlock { place: Place::Stays, ..SEE_ORDER },
    block("not_you", "What to do if it wasn’t them", Place::Stays),
    FOOTER,
];

/// What every letter about an order knows.
const KNOWN: [OfferedFact; 13] = [
    fact("number", "the order’s number"),
    fact("name", "the customer’s first name; empty when we don’t know it"),
    fact("shop", "your shop’s name"),
    fact("total", "what the order costs"),
    fact("dates", "when it should arrive; empty when nobody has said"),
    fact("ships_by", "by when it leaves; empty when nobody has said"),
    fact("ordered_on", "the day it was placed"),
    fact("city", "the town it goes to; empty for what isn’t sent"),
    yes_no("unpaid", "whether the payment is still awaited"),
    yes_no("made_to_order", "whether it is made first, and leaves later than usual"),
    yes_no("gift", "whether it is a gift"),
    link("url", "the order’s own page"),
    OfferedFact {
        name: "items",
        means: "what was ordered, line by line",
        kind: FactKind::List(&["title", "detail", "price"]),
    },
];

const fn known_and<const N: usize>(more: OfferedFact) -> [OfferedFact; N] {
    let mut all = [more; N];
    let mut at = 0;
    while at < KNOWN.len() {
        all[at] = KNOWN[at];
        at += 1;
    }
    all
}

const KNOWN_OF_REFUND: [OfferedFact; 14] = known_and(fact("sent_back", "how much went back"));
const KNOWN_OF_CODE: [OfferedFact; 14] = known_and(fact("code", "the six digits"));

/// The confirmation.
pub const CONFIRMATION: Offer = Offer {
    title: "Order confirmation",
    about: "At once when an order is placed.",
    blocks: CONFIRMED,
    facts: &KNOWN,
    text_needs: &[],
    tell: of_order,
};

/// The payment's arrival.
pub const PAYMENT_RECEIVED: Offer = Offer {
    title: "Payment received",
    about: "When the payment of an order that was placed unpaid has come.",
    blocks: PAID,
    ..CONFIRMATION
};

/// A change.
pub const UPDATED: Offer = Offer {
    title: "Order changed",
    about: "When something about an order changes that its customer can see.",
    blocks: CHANGED,
    ..CONFIRMATION
};

/// A cancellation.
pub const CANCELLED: Offer =
    Offer { title: "Order cancelled", about: "When an order is cancelled.", blocks: ENDED, ..CONFIRMATION };

/// Money that went back.
pub const REFUNDED: Offer = Offer {
    title: "Refund sent",
    about: "When money goes back, once for each flurry of refunds.",
    blocks: CHANGED,
    facts: &KNOWN_OF_REFUND,
    text_needs: &[],
    tell: of_refund,
};

/// A code.
pub const CODE: Offer = Offer {
    title: "Code for the full address",
    about: "When somebody on the order’s page asks to see the full address.",
    blocks: CODED,
    facts: &KNOWN_OF_CODE,
    text_needs: &["code"],
    tell: of_code,
};

/// The link to the order's page.
pub const LINK: Offer = Offer {
    title: "Link to the order’s page",
    about: "When somebody who has lost the link looks for the order on your page.",
    blocks: LINKED,
    ..CONFIRMATION
};

fn of_order(given: &Given<'_>, channel: Channel) -> Result<Facts> {
    Ok(told(given, &OrderContext::deserialize(given.context)?, channel))
}

fn of_refund(given: &Given<'_>, channel: Channel) -> Result<Facts> {
    let order = OrderContext::deserialize(given.context)?;
    let mut told = told(given, &order, channel);
    told.insert("sent_back".to_owned(), amount(given, &order, order.sent_back, channel).into());
    Ok(told)
}

fn of_code(given: &Given<'_>, channel: Channel) -> Result<Facts> {
    let context = CodeContext::deserialize(given.context)?;
    let mut told = told(given, &context.order, channel);
    told.insert("code".to_owned(), context.code.into());
    Ok(told)
}

fn told(given: &Given<'_>, order: &OrderContext, channel: Channel) -> Facts {
    let parts = Parts::new(given, order);
    // Marks that keep a name from turning its sentence around would cost a text two more segments.
    let isolated = |words: &str| match channel {
        Channel::Email => text::isolated_in(words, given.locale),
        Channel::Sms => words.to_owned(),
    };
    let first = order.name.as_deref().and_then(|name| name.split_whitespace().next()).unwrap_or_default();
    let city = order.visible.address.as_ref().map_or("", |address| &address.city);
    let link = match channel {
        Channel::Email => &order.url,
        Channel::Sms => order.short_url.as_ref().unwrap_or(&order.url),
    };
    let items: Vec<Value> = parts.items().iter().take(MOST_LISTED).map(item).collect();
    let facts = json!({
        "number": isolated(&order.number),
        "name": isolated(first),
        "shop": isolated(&given.shop.brand.name),
        "total": amount(given, order, order.visible.total, channel),
        "dates": parts.arriving().unwrap_or_default(),
        "ships_by": order.visible.ships_by.map(|date| parts.date(date)).unwrap_or_default(),
        "ordered_on": parts.date(order.placed_at.date_in(&given.shop.zone)),
        "city": isolated(city),
        "unpaid": order.payment() == Payment::Pending,
        "made_to_order": facts::is_made_to_order(order),
        "gift": order.is_gift,
        "url": link,
        "items": items,
    });
    match facts {
        Value::Object(facts) => facts,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => Facts::new(),
    }
}

fn item(item: &Item) -> Value {
    json!({ "title": item.title, "detail": item.detail, "price": item.price })
}

fn amount(given: &Given<'_>, order: &OrderContext, minor: i64, channel: Channel) -> String {
    match channel {
        Channel::Email => order.money(minor).in_sentence(given.locale),
        Channel::Sms => order.money(minor).shown(given.locale),
    }
}
