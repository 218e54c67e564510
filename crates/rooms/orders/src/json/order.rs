//! The order itself, field by field.
//!
//! Every function reads all of its fields before it gives up on any, so that one error names every fault.

use std::collections::BTreeSet;

use kernel::fields::{self, Fields};
use kernel::{Channel, Currency, Date, Email, Error, Locale, Phone, Timestamp, Zone};
use serde_json::Value;

use super::Teller;
use super::progress::Progress;
use crate::incoming::{
    Address, Expected, IncomingConsent, IncomingCustomer, IncomingLine, IncomingOrder, MAX_ID, MAX_LINES,
    MAX_LINK, MAX_MINOR, MAX_NAME, MAX_NOTE, MAX_QUANTITY, MAX_TAGS, MAX_TITLE, OrderStatus, Payment, Totals,
    Version,
};
use kernel::object::Object;

/// Reads the order. `None` only when `fields` holds the reason.
pub fn order(
    fields: &mut Fields,
    mut body: Object<'_>,
    teller: Option<&Teller<'_>>,
    latest: Timestamp,
) -> Option<IncomingOrder> {
    let instant = |fields: &mut Fields, at: &str, text: &str| fields.instant_until(at, text, latest);
    let source = match teller {
        Some(teller) => Some(teller.source.to_owned()),
        None => body.must_read(fields, "source", source),
    };
    let external_id = body.must_read(fields, "external_id", id);
    let number = body.must_read(fields, "number", id);
    let status = body.must_read(fields, "status", status);
    let payment = body.must_read(fields, "payment", |f, at, text| f.parsed(at, text, Payment::parse));
    let placed_at = body.must_read(fields, "placed_at", instant);
    let updated_at = body.must_read(fields, "updated_at", instant);
    let currency = body.must_read(fields, "currency", |f, at, text| f.parsed(at, text, Currency::parse));
    let locale = parsed(fields, &mut body, "locale", Locale::parse);
    let customer = body.must_object(fields, "customer").and_then(|object| customer(fields, object));
    let lines = lines(fields, &mut body);
    if lines.as_ref().is_some_and(Vec::is_empty) && status != Some(OrderStatus::Cancelled) {
        fields.fault("/lines", "empty", "An order has at least one line.");
    }
    let totals =
        body.must_object(fields, "totals").and_then(|object| totals(fields, object, lines.as_deref()));
    let shipping_address =
        fields.optional(|fields| body.object(fields, "shipping_address").and_then(|o| address(fields, o)));
    let expected =
        fields.optional(|fields| body.object(fields, "expected").map(|object| expected(fields, object)));
    let consents = fields.optional(|fields| {
        body.object(fields, "consent").map(|object| consents(fields, object, latest, placed_at))
    });
    let is_gift = fields.optional(|fields| body.boolean(fields, "is_gift")).unwrap_or(false);
    let note =
        fields.optional(|fields| body.read(fields, "note", |f, at, text| f.paragraph(at, text, MAX_NOTE)));
    let tags = fields.optional(|fields| Some(tags(fields, &mut body))).unwrap_or_default();
    let progress = match (status, updated_at, teller) {
        (Some(status), Some(updated_at), Some(_)) => {
            Some(Progress::read(fields, &mut body, status, updated_at, latest))
        }
        (Some(status), Some(updated_at), None) => Some(Progress::untold(status, updated_at)),
        (None, _, _) | (_, None, _) => None,
    };
    body.close(fields);
    let (status, updated_at, totals, payment) = (status?, updated_at?, totals?, payment?);
    let progress = progress?;
    Some(IncomingOrder {
        source: source?,
        external_id: external_id?,
        number: number?,
        status,
        payment,
        placed_at: placed_at?,
        version: Version { updated_at, triggered_at: teller.and_then(|teller| teller.triggered_at) },
        currency: currency?,
        locale,
        customer: customer?,
        lines: lines?,
        totals,
        shipping_address,
        expected: expected.unwrap_or_default(),
        consents: consents.unwrap_or_default(),
        refunded_minor: progress.refunded_minor(payment, totals.total),
        fulfilment: progress.fulfilment,
        delivered_at: progress.delivered_at,
        cancellation: progress.cancellation,
        refunds: progress.refunds,
        is_gift,
        note,
        tags,
    })
}

pub fn id(fields: &mut Fields, at: &str, text: &str) -> Option<String> {
    fields.identifier(at, text, MAX_ID)
}

pub fn title(fields: &mut Fields, at: &str, text: &str) -> Option<String> {
    fields.line(at, text, MAX_TITLE)
}

fn link(fields: &mut Fields, at: &str, text: &str) -> Option<String> {
    fields.link(at, text, MAX_LINK)
}

fn date(fields: &mut Fields, at: &str, text: &str) -> Option<Date> {
    fields.date(at, text)
}

/// A field that may be absent and has a parser of its own.
fn parsed<T>(
    fields: &mut Fields,
    object: &mut Object<'_>,
    name: &'static str,
    parse: impl FnOnce(&str) -> kernel::Result<T>,
) -> Option<T> {
    fields.optional(|fields| object.read(fields, name, |fields, at, text| fields.parsed(at, text, parse)))
}

/// A colon stands in the sources of connected platforms, which nobody may write in the name of.
fn source(fields: &mut Fields, at: &str, text: &str) -> Option<String> {
    let source = fields.identifier(at, text, MAX_ID)?;
    if source.contains(':') {
        fields.fault(at, "reserved", "A source has no colon in its name.");
        return None;
    }
    Some(source)
}

/// Only a shop that is believed has orders that were begun and not placed.
fn status(fields: &mut Fields, at: &str, text: &str) -> Option<OrderStatus> {
    let may_be_unplaced = fields.believes();
    fields.parsed(at, text, |text| match OrderStatus::parse(text) {
        Ok(status @ (OrderStatus::Placed | OrderStatus::Cancelled)) => Ok(status),
        Ok(OrderStatus::Unplaced) if may_be_unplaced => Ok(OrderStatus::Unplaced),
        Ok(OrderStatus::Unplaced) | Err(_) => Err(Error::invalid("unknown_word", "Use placed or cancelled.")),
    })
}

fn customer(fields: &mut Fields, mut object: Object<'_>) -> Option<IncomingCustomer> {
    let reachable = object.value("email").is_some() || object.value("phone").is_some();
    if !reachable {
        let detail = "Give the customer's e-mail address or phone number, so that they can be told.";
        fields.fault("/customer", "no_contact", detail);
    }
    let customer = IncomingCustomer {
        external_id: fields.optional(|fields| object.read(fields, "external_id", id)),
        email: parsed(fields, &mut object, "email", Email::parse),
        phone: parsed(fields, &mut object, "phone", Phone::parse),
        name: fields.optional(|fields| object.read(fields, "name", |f, at, text| f.line(at, text, MAX_NAME))),
        preferred_channel: parsed(fields, &mut object, "preferred_channel", Channel::parse),
        time_zone: parsed(fields, &mut object, "time_zone", Zone::parse),
    };
    object.close(fields);
    Some(customer)
}

/// All lines, or none when one is wrong: their sum would be, too.
fn lines(fields: &mut Fields, body: &mut Object<'_>) -> Option<Vec<IncomingLine>> {
    let told = body.list(fields, "lines");
    if body.value("lines").is_none() {
        fields.required::<()>("/lines", None);
    }
    let told = told?;
    if told.len() > MAX_LINES {
        fields.fault("/lines", "too_many", format!("An order has at most {MAX_LINES} lines."));
        return None;
    }
    let mut seen = BTreeSet::new();
    let read: Vec<_> =
        told.iter().enumerate().map(|(place, value)| line(fields, place, value, &mut seen)).collect();
    read.into_iter().collect()
}

fn line(
    fields: &mut Fields,
    place: usize,
    value: &Value,
    seen: &mut BTreeSet<String>,
) -> Option<IncomingLine> {
    let mut object = Object::new(fields, &format!("/lines/{place}"), value)?;
    let external_id = object.must_read(fields, "external_id", id);
    if let Some(external_id) = &external_id {
        fields.unique(&object.pointer("external_id"), seen, external_id);
    }
    let sku = fields.optional(|fields| object.read(fields, "sku", id));
    let title_text = object.must_read(fields, "title", title);
    let variant = fields.optional(|fields| object.read(fields, "variant", title));
    let quantity_at = object.pointer("quantity");
    let quantity = object.must_integer(fields, "quantity");
    let quantity = quantity.and_then(|pieces| fields.quantity(&quantity_at, pieces, 1, MAX_QUANTITY));
    let unit_price = amount(fields, &mut object, "unit_price");
    let image_url = fields.optional(|fields| object.read(fields, "image_url", link));
    let url = fields.optional(|fields| object.read(fields, "url", link));
    let price_at = object.pointer("unit_price");
    object.close(fields);
    let (quantity, unit_price) = (quantity?, unit_price?);
    fields.line_total(&price_at, quantity, unit_price, MAX_MINOR)?;
    Some(IncomingLine {
        external_id: external_id?,
        sku,
        title: title_text?,
        variant,
        quantity,
        unit_price,
        image_url,
        url,
    })
}

pub fn amount(fields: &mut Fields, object: &mut Object<'_>, name: &'static str) -> Option<i64> {
    let minor = object.must_integer(fields, name)?;
    fields.amount(&object.pointer(name), minor, MAX_MINOR)
}

fn totals(fields: &mut Fields, mut object: Object<'_>, lines: Option<&[IncomingLine]>) -> Option<Totals> {
    let subtotal = amount(fields, &mut object, "subtotal");
    let discount = optional_amount(fields, &mut object, "discount");
    let shipping = optional_amount(fields, &mut object, "shipping");
    let tax = optional_amount(fields, &mut object, "tax");
    let tax_included = object.boolean(fields, "tax_included").unwrap_or(true);
    let total = amount(fields, &mut object, "total");
    object.close(fields);
    let (discount, shipping, tax) = (discount?, shipping?, tax?);
    let totals = Totals { subtotal: subtotal?, discount, shipping, tax, tax_included, total: total? };
    if !fields.believes() {
        add_up(fields, &totals, lines);
    }
    Some(totals)
}

fn optional_amount(fields: &mut Fields, object: &mut Object<'_>, name: &'static str) -> Option<i64> {
    match object.value(name) {
        Some(_) => amount(fields, object, name),
        None => Some(0),
    }
}

/// A caller that writes this shape can add, so a sum that is wrong is a mistake worth telling.
fn add_up(fields: &mut Fields, totals: &Totals, lines: Option<&[IncomingLine]>) {
    let Some(lines) = lines else { return };
    let sum: i64 = lines.iter().map(|line| line.unit_price * i64::from(line.quantity)).sum();
    if totals.subtotal != sum {
        fields.fault("/totals/subtotal", "does_not_add_up", format!("The lines add up to {sum}."));
    }
    if totals.total != totals.computed() {
        let computed = totals.computed();
        let detail = format!("Subtotal, discount, shipping and tax add up to {computed}.");
        fields.fault("/totals/total", "does_not_add_up", detail);
    }
}

fn address(fields: &mut Fields, mut object: Object<'_>) -> Option<Address> {
    let name = object.read(fields, "name", |f, at, text| f.line(at, text, MAX_NAME));
    let line1 = part_of_address(fields, &mut object, "line1");
    let line2 = object.read(fields, "line2", title);
    let city = part_of_address(fields, &mut object, "city");
    let region = object.read(fields, "region", title);
    let postcode = object.read(fields, "postcode", id);
    let country = object.must_read(fields, "country", |f, at, text| f.parsed(at, text, fields::country));
    object.close(fields);
    let (line1, city) = (line1?, city?);
    if line1.is_empty() && city.is_empty() {
        return None;
    }
    Some(Address { name, line1, line2, city, region, postcode, country: country? })
}

/// Street or town. Of a shop that is believed one of them is enough.
fn part_of_address(fields: &mut Fields, object: &mut Object<'_>, name: &'static str) -> Option<String> {
    if fields.believes() {
        return Some(object.read(fields, name, title).unwrap_or_default());
    }
    object.must_read(fields, name, title)
}

fn expected(fields: &mut Fields, mut object: Object<'_>) -> Expected {
    let expected = Expected {
        ships_by: object.read(fields, "ships_by", date),
        delivered_from: object.read(fields, "delivered_from", date),
        delivered_to: object.read(fields, "delivered_to", date),
    };
    object.close(fields);
    expected
}

/// What is not said is not changed: only `true` and `false` are consents.
fn consents(
    fields: &mut Fields,
    mut object: Object<'_>,
    latest: Timestamp,
    placed_at: Option<Timestamp>,
) -> Vec<IncomingConsent> {
    let email = object.boolean(fields, "marketing_email");
    let sms = object.boolean(fields, "marketing_sms");
    let wording = object.read(fields, "wording", |f, at, text| f.paragraph(at, text, MAX_NOTE));
    let at = object.read(fields, "at", |f, at, text| f.instant_until(at, text, latest));
    object.close(fields);
    // Without its own time it was said with the order; without the order's there is a fault already.
    let Some(at) = at.or(placed_at) else { return Vec::new() };
    let said = [(Channel::Email, email), (Channel::Sms, sms)].into_iter();
    said.filter_map(|(channel, granted)| {
        Some(IncomingConsent { channel, granted: granted?, wording: wording.clone(), at })
    })
    .collect()
}

fn tags(fields: &mut Fields, body: &mut Object<'_>) -> Vec<String> {
    let told = body.list(fields, "tags").unwrap_or_default();
    if told.len() > MAX_TAGS {
        fields.fault("/tags", "too_many", format!("An order has at most {MAX_TAGS} tags."));
        return Vec::new();
    }
    let tag = |(place, value): (usize, &Value)| {
        let at = format!("/tags/{place}");
        match value.as_str() {
            Some(text) => fields.line(&at, text, MAX_TAGS),
            None => {
                fields.fault(&at, "wrong_type", "Write a text in quotes.");
                None
            }
        }
    };
    told.iter().enumerate().filter_map(tag).collect()
}
