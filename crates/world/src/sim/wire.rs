//! An order as a shop writes it: the shape of `POST /v1/orders`, and beside it how far it has got.

use kernel::{Channel, Date, Timestamp};
use orders::incoming::{
    Address, IncomingConsent, IncomingCustomer, IncomingLine, IncomingOrder, OrderStatus, Totals,
};
use serde_json::{Value, json};

/// As a caller of the API writes it: it tells neither goods nor refunds.
pub(crate) fn for_api(order: &IncomingOrder) -> Value {
    let status = match order.status {
        OrderStatus::Cancelled => "cancelled",
        OrderStatus::Placed | OrderStatus::Unplaced => "placed",
    };
    json!({
        "source": order.source,
        "external_id": order.external_id,
        "number": order.number,
        "status": status,
        "payment": order.payment.as_str(),
        "placed_at": order.placed_at.to_string(),
        "updated_at": order.version.updated_at.to_string(),
        "currency": order.currency.code(),
        "locale": order.locale.as_ref().map(|locale| locale.to_string()),
        "customer": customer(&order.customer),
        "lines": order.lines.iter().map(line).collect::<Vec<_>>(),
        "totals": totals(&order.totals),
        "shipping_address": order.shipping_address.as_ref().map(address),
        "expected": {
            "ships_by": date(order.expected.ships_by),
            "delivered_from": date(order.expected.delivered_from),
            "delivered_to": date(order.expected.delivered_to),
        },
        "consent": consent(&order.consents),
        "is_gift": order.is_gift,
        "note": order.note,
        "tags": order.tags,
    })
}

/// Money that went back: the shop's name for it, how much, and when.
pub(crate) type Refund = (String, i64, Timestamp);

/// As a shop writes it that signs what it says: with how far goods and money have got, and with its parcel.
pub(crate) fn for_webhook(order: &IncomingOrder, refunds: &[Refund], parcel: Option<&Value>) -> Value {
    let mut told = for_api(order);
    told["status"] = json!(order.status.as_str());
    told["fulfilment"] = json!(order.fulfilment.as_str());
    told["delivered_at"] = json!(order.delivered_at.map(|at| at.to_string()));
    if let Some(cancelled) = &order.cancellation {
        told["cancelled_at"] = json!(cancelled.at.to_string());
        told["cancel_reason"] = json!(cancelled.reason);
    }
    let refund =
        |(id, amount, at): &Refund| json!({ "external_id": id, "amount": amount, "at": at.to_string() });
    told["refunds"] = json!(refunds.iter().map(refund).collect::<Vec<_>>());
    told["shipments"] = json!(parcel.into_iter().collect::<Vec<_>>());
    told
}

fn customer(customer: &IncomingCustomer) -> Value {
    json!({
        "external_id": customer.external_id,
        "email": customer.email.as_ref().map(|email| email.as_str()),
        "phone": customer.phone.as_ref().map(|phone| phone.as_str()),
        "name": customer.name,
        "preferred_channel": customer.preferred_channel.map(Channel::as_str),
        "time_zone": customer.time_zone.as_ref().map(|zone| zone.name()),
    })
}

fn line(line: &IncomingLine) -> Value {
    json!({
        "external_id": line.external_id,
        "sku": line.sku,
        "title": line.title,
        "variant": line.variant,
        "quantity": line.quantity,
        "unit_price": line.unit_price,
        "image_url": line.image_url,
        "url": line.url,
    })
}

fn totals(totals: &Totals) -> Value {
    json!({
        "subtotal": totals.subtotal,
        "discount": totals.discount,
        "shipping": totals.shipping,
        "tax": totals.tax,
        "tax_included": totals.tax_included,
        "total": totals.total,
    })
}

fn address(address: &Address) -> Value {
    json!({
        "name": address.name,
        "line1": address.line1,
        "line2": address.line2,
        "city": address.city,
        "region": address.region,
        "postcode": address.postcode,
        "country": address.country,
    })
}

fn consent(consents: &[IncomingConsent]) -> Value {
    let Some(first) = consents.first() else { return Value::Null };
    let said = |channel| consents.iter().find(|c| c.channel == channel).map(|c| c.granted);
    json!({
        "marketing_email": said(Channel::Email),
        "marketing_sms": said(Channel::Sms),
        "wording": first.wording,
        "at": first.at.to_string(),
    })
}

fn date(date: Option<Date>) -> Option<String> {
    date.map(|date| date.to_string())
}
