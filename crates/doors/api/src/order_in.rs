//! From the JSON of `POST /v1/orders` to an [`IncomingOrder`]. Pure.
//!
//! Every function reads all of its fields before it gives up on any, so that one answer names every fault.

use std::collections::BTreeSet;

use kernel::fields::{self, Fields};
use kernel::{Channel, Currency, Date, Email, Error, Locale, Phone, Result, Timestamp, Zone};
use orders::incoming::{
    Address, CLOCKS_DIFFER_BY, Cancellation, Expected, Fulfilment, IncomingConsent, IncomingCustomer,
    IncomingLine, IncomingOrder, MAX_ID, MAX_LINES, MAX_LINK, MAX_MINOR, MAX_NAME, MAX_NOTE, MAX_QUANTITY,
    MAX_TAGS, MAX_TITLE, OrderStatus, Payment, Totals, Version,
};
use serde_json::Value;

use crate::reader::Object;

/// Reads an order. `now` bounds the instants that have happened already.
pub fn read(value: &Value, now: Timestamp) -> Result<IncomingOrder> {
    let mut fields = Fields::strict();
    let read =
        Object::new(&mut fields, "", value).and_then(|body| order(&mut fields, body, now + CLOCKS_DIFFER_BY));
    let incoming = fields.finish_with(read)?;
    incoming.check()?;
    Ok(incoming)
}

fn order(fields: &mut Fields, mut body: Object<'_>, latest: Timestamp) -> Option<IncomingOrder> {
    let instant = |fields: &mut Fields, at: &str, text: &str| fields.instant_until(at, text, latest);
    let source = body.must_read(fields, "source", source);
    let external_id = body.must_read(fields, "external_id", id);
    let number = body.must_read(fields, "number", id);
    let status = body.must_read(fields, "status", status);
    let payment = body.must_read(fields, "payment", |f, at, text| f.parsed(at, text, Payment::parse));
    let placed_at = body.must_read(fields, "placed_at", instant);
    let updated_at = body.must_read(fields, "updated_at", instant);
    let currency = body.must_read(fields, "currency", |f, at, text| f.parsed(at, text, Currency::parse));
    let locale = body.read(fields, "locale", |f, at, text| f.parsed(at, text, Locale::parse));
    let customer = body.must_object(fields, "customer").and_then(|object| customer(fields, object));
    let lines = lines(fields, &mut body);
    if lines.as_ref().is_some_and(Vec::is_empty) && status != Some(OrderStatus::Cancelled) {
        fields.fault("/lines", "empty", "An order has at least one line.");
    }
    let totals =
        body.must_object(fields, "totals").and_then(|object| totals(fields, object, lines.as_deref()));
    let shipping_address = body.object(fields, "shipping_address").and_then(|object| address(fields, object));
    let expected = body.object(fields, "expected").map(|object| expected(fields, object)).unwrap_or_default();
    let consents = match body.object(fields, "consent") {
        Some(object) => consents(fields, object, latest, placed_at),
        None => Vec::new(),
    };
    let is_gift = body.boolean(fields, "is_gift").unwrap_or(false);
    let note = body.read(fields, "note", |f, at, text| f.paragraph(at, text, MAX_NOTE));
    let tags = tags(fields, &mut body);
    body.close(fields);
    let (status, updated_at, totals, payment) = (status?, updated_at?, totals?, payment?);
    Some(IncomingOrder {
        source: source?,
        external_id: external_id?,
        number: number?,
        status,
        payment,
        placed_at: placed_at?,
        version: Version { updated_at, triggered_at: None },
        currency: currency?,
        locale,
        customer: customer?,
        lines: lines?,
        totals,
        shipping_address,
        expected,
        consents,
        // This shape tells neither dispatch nor refunds; what it does tell is kept consistent.
        fulfilment: Fulfilment::Unfulfilled,
        delivered_at: None,
        cancellation: cancellation(status, updated_at),
        refunded_minor: if payment == Payment::Refunded { totals.total } else { 0 },
        refunds: Vec::new(),
        is_gift,
        note,
        tags,
    })
}

fn id(fields: &mut Fields, at: &str, text: &str) -> Option<String> {
    fields.identifier(at, text, MAX_ID)
}

fn title(fields: &mut Fields, at: &str, text: &str) -> Option<String> {
    fields.line(at, text, MAX_TITLE)
}

fn link(fields: &mut Fields, at: &str, text: &str) -> Option<String> {
    fields.link(at, text, MAX_LINK)
}

fn date(fields: &mut Fields, at: &str, text: &str) -> Option<Date> {
    fields.date(at, text)
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

fn status(fields: &mut Fields, at: &str, text: &str) -> Option<OrderStatus> {
    fields.parsed(at, text, |text| match OrderStatus::parse(text) {
        Ok(status @ (OrderStatus::Placed | OrderStatus::Cancelled)) => Ok(status),
        Ok(OrderStatus::Unplaced) | Err(_) => Err(Error::invalid("unknown_word", "Use placed or cancelled.")),
    })
}

fn cancellation(status: OrderStatus, updated_at: Timestamp) -> Option<Cancellation> {
    (status == OrderStatus::Cancelled).then_some(Cancellation { at: updated_at, reason: None })
}

fn customer(fields: &mut Fields, mut object: Object<'_>) -> Option<IncomingCustomer> {
    let reachable = object.value("email").is_some() || object.value("phone").is_some();
    if !reachable {
        let detail = "Give the customer's e-mail address or phone number, so that they can be told.";
        fields.fault("/customer", "no_contact", detail);
    }
    let customer = IncomingCustomer {
        external_id: object.read(fields, "external_id", id),
        email: object.read(fields, "email", |f, at, text| f.parsed(at, text, Email::parse)),
        phone: object.read(fields, "phone", |f, at, text| f.parsed(at, text, Phone::parse)),
        name: object.read(fields, "name", |f, at, text| f.line(at, text, MAX_NAME)),
        preferred_channel: object
            .read(fields, "preferred_channel", |f, at, text| f.parsed(at, text, Channel::parse)),
        time_zone: object.read(fields, "time_zone", |f, at, text| f.parsed(at, text, Zone::parse)),
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
    let sku = object.read(fields, "sku", id);
    let title_text = object.must_read(fields, "title", title);
    let variant = object.read(fields, "variant", title);
    let quantity_at = object.pointer("quantity");
    let quantity = object.must_integer(fields, "quantity");
    let quantity = quantity.and_then(|pieces| fields.quantity(&quantity_at, pieces, 1, MAX_QUANTITY));
    let unit_price = amount(fields, &mut object, "unit_price");
    let image_url = object.read(fields, "image_url", link);
    let url = object.read(fields, "url", link);
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

fn amount(fields: &mut Fields, object: &mut Object<'_>, name: &'static str) -> Option<i64> {
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
    add_up(fields, &totals, lines);
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
    let line1 = object.must_read(fields, "line1", title);
    let line2 = object.read(fields, "line2", title);
    let city = object.must_read(fields, "city", title);
    let region = object.read(fields, "region", title);
    let postcode = object.read(fields, "postcode", id);
    let country = object.must_read(fields, "country", |f, at, text| f.parsed(at, text, fields::country));
    object.close(fields);
    Some(Address { name, line1: line1?, line2, city: city?, region, postcode, country: country? })
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
