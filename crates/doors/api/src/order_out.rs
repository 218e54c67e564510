//! From a stored order to the JSON that says it.

use kernel::Channel;
use orders::incoming::{Address, IncomingConsent, IncomingLine, IncomingOrder};

use crate::schema::{
    AddressBody, ConsentBody, CustomerBody, ExpectedBody, LineBody, OrderBody, OrderOut, TotalsBody,
};
use crate::stored::{Said, Stored};

/// The stored order as the API says it.
pub fn present(stored: &Stored) -> OrderOut {
    OrderOut {
        id: stored.id.to_string(),
        customer_id: stored.customer.to_string(),
        url: stored.url.clone(),
        fulfilment: stored.order.fulfilment.as_str(),
        delivered_at: stored.order.delivered_at.map(|at| at.to_string()),
        refunded: stored.order.refunded_minor,
        order: body(&stored.order, &stored.consents),
    }
}

/// A version of an order as it would be written to `POST /v1/orders`, with the answers that came with it.
pub fn told(order: &IncomingOrder) -> OrderBody {
    let said = |consent: &IncomingConsent| Said {
        channel: consent.channel,
        granted: consent.granted,
        wording: consent.wording.clone(),
        at: consent.at,
    };
    body(order, &order.consents.iter().map(said).collect::<Vec<_>>())
}

/// An order in the shape it was written in.
pub fn body(order: &IncomingOrder, consents: &[Said]) -> OrderBody {
    OrderBody {
        source: order.source.clone(),
        external_id: order.external_id.clone(),
        number: order.number.clone(),
        status: order.status.as_str(),
        payment: order.payment.as_str(),
        placed_at: order.placed_at.to_string(),
        updated_at: order.version.updated_at.to_string(),
        currency: order.currency.code(),
        locale: order.locale.as_ref().map(ToString::to_string),
        customer: customer(order),
        lines: order.lines.iter().map(line).collect(),
        totals: totals(order),
        shipping_address: order.shipping_address.as_ref().map(address),
        expected: expected(order),
        consent: consent(consents),
        is_gift: order.is_gift,
        note: order.note.clone(),
        tags: order.tags.clone(),
    }
}

fn customer(order: &IncomingOrder) -> CustomerBody {
    let customer = &order.customer;
    CustomerBody {
        external_id: customer.external_id.clone(),
        email: customer.email.as_ref().map(ToString::to_string),
        phone: customer.phone.as_ref().map(ToString::to_string),
        name: customer.name.clone(),
        preferred_channel: customer.preferred_channel.map(Channel::as_str),
        time_zone: customer.time_zone.as_ref().map(|zone| zone.name().to_owned()),
    }
}

fn line(line: &IncomingLine) -> LineBody {
    LineBody {
        external_id: line.external_id.clone(),
        sku: line.sku.clone(),
        title: line.title.clone(),
        variant: line.variant.clone(),
        quantity: line.quantity,
        unit_price: line.unit_price,
        image_url: line.image_url.clone(),
        url: line.url.clone(),
    }
}

fn totals(order: &IncomingOrder) -> TotalsBody {
    let orders::incoming::Totals { subtotal, discount, shipping, tax, tax_included, total } = order.totals;
    TotalsBody { subtotal, discount, shipping, tax, tax_included, total }
}

fn address(address: &Address) -> AddressBody {
    AddressBody {
        name: address.name.clone(),
        line1: address.line1.clone(),
        line2: address.line2.clone(),
        city: address.city.clone(),
        region: address.region.clone(),
        postcode: address.postcode.clone(),
        country: address.country.clone(),
    }
}

/// None when nothing was promised, as it was written.
fn expected(order: &IncomingOrder) -> Option<ExpectedBody> {
    let expected = order.expected;
    let said = expected != orders::incoming::Expected::default();
    let date = |date: Option<kernel::Date>| date.map(|date| date.to_string());
    said.then(|| ExpectedBody {
        ships_by: date(expected.ships_by),
        delivered_from: date(expected.delivered_from),
        delivered_to: date(expected.delivered_to),
    })
}

/// One answer per channel; words and time are those of the newest.
fn consent(consents: &[Said]) -> Option<ConsentBody> {
    let newest = consents.iter().max_by_key(|said| said.at)?;
    let said = |channel| consents.iter().find(|said| said.channel == channel).map(|said| said.granted);
    Some(ConsentBody {
        marketing_email: said(Channel::Email),
        marketing_sms: said(Channel::Sms),
        wording: newest.wording.clone(),
        at: Some(newest.at.to_string()),
    })
}
