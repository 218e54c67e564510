//! One small order that stories begin with, and the words that bend it.
//!
//! It is the order that the public interface shows as its example, so that a story, the documentation and a
//! reader all speak of the same thing.

use std::time::Duration;

use kernel::{Channel, Currency, Date, Email, Locale, Phone, Timestamp, Zone};
use orders::incoming::{
    Address, Expected, Fulfilment, IncomingConsent, IncomingCustomer, IncomingLine, IncomingOrder,
    OrderStatus, Payment, Totals, Version,
};

use crate::calendar::{days_after, shop_zone};

/// Amina Khan's order of two bags of First Flush Darjeeling, paid, placed at `now`.
pub fn order(number: u32, now: Timestamp) -> IncomingOrder {
    IncomingOrder {
        source: "web".to_owned(),
        external_id: number.to_string(),
        number: format!("#{number}"),
        status: OrderStatus::Placed,
        payment: Payment::Paid,
        placed_at: now,
        version: Version { updated_at: now, triggered_at: None },
        currency: Currency::parse("GBP").expect("a currency of ISO 4217"),
        locale: Some(Locale::default()),
        customer: amina(),
        lines: vec![darjeeling()],
        totals: Totals {
            subtotal: 2_400,
            discount: 0,
            shipping: 395,
            tax: 466,
            tax_included: true,
            total: 2_795,
        },
        shipping_address: Some(elm_row()),
        expected: promised(now.date_in(&shop_zone())),
        consents: consents(now - Duration::from_secs(2)),
        fulfilment: Fulfilment::Unfulfilled,
        delivered_at: None,
        cancellation: None,
        refunded_minor: 0,
        refunds: Vec::new(),
        is_gift: false,
        note: None,
        tags: Vec::new(),
    }
}

fn amina() -> IncomingCustomer {
    IncomingCustomer {
        external_id: Some("c1".to_owned()),
        email: Some(Email::parse("amina@example.test").expect("a plain address")),
        phone: Some(Phone::parse("+447700900123").expect("a number for drama")),
        name: Some("Amina Khan".to_owned()),
        preferred_channel: Some(Channel::Email),
        time_zone: Some(Zone::parse("Europe/London").expect("the zone data holds London")),
    }
}

fn darjeeling() -> IncomingLine {
    IncomingLine {
        external_id: "l1".to_owned(),
        sku: Some("TEA-1".to_owned()),
        title: "First Flush Darjeeling".to_owned(),
        variant: Some("100 g".to_owned()),
        quantity: 2,
        unit_price: 1_200,
        image_url: None,
        url: None,
    }
}

fn elm_row() -> Address {
    Address {
        name: Some("Amina Khan".to_owned()),
        line1: "14 Elm Row".to_owned(),
        line2: None,
        city: "Leeds".to_owned(),
        region: None,
        postcode: Some("LS6 2AB".to_owned()),
        country: "GB".to_owned(),
    }
}

fn promised(today: Date) -> Expected {
    Expected {
        ships_by: Some(days_after(today, 3)),
        delivered_from: Some(days_after(today, 5)),
        delivered_to: Some(days_after(today, 7)),
    }
}

fn consents(at: Timestamp) -> Vec<IncomingConsent> {
    let said = |channel, granted| {
        let wording = Some("Tick to get our news".to_owned());
        IncomingConsent { channel, granted, wording, at }
    };
    vec![said(Channel::Email, true), said(Channel::Sms, false)]
}

/// Bends an order before it is first told, so that a story reads `samples::order(1042, now).pending().gift()`.
///
/// What happens to an order later is in [`crate::shopping`]: those functions make a newer version.
pub trait Bend: Sized {
    /// Paid for.
    fn paid(self) -> IncomingOrder;
    /// Ordered by a pay-later method, nothing paid yet.
    fn pending(self) -> IncomingOrder;
    /// Reserved on the card.
    fn authorized(self) -> IncomingOrder;
    /// Begun, not yet paid for.
    fn unplaced(self) -> IncomingOrder;
    /// A present.
    fn gift(self) -> IncomingOrder;
    /// By a guest with this e-mail address and name, and nothing else known.
    ///
    /// # Panics
    /// When `email` is not an e-mail address.
    fn by(self, email: &str, name: &str) -> IncomingOrder;
    /// With a phone number as the only contact.
    fn by_phone_only(self) -> IncomingOrder;
    /// With an e-mail address as the only contact.
    fn by_email_only(self) -> IncomingOrder;
    /// Told over this channel, if the customer can choose.
    fn preferring(self, channel: Channel) -> IncomingOrder;
    /// In this language.
    ///
    /// # Panics
    /// When `tag` is not a language tag.
    fn in_language(self, tag: &str) -> IncomingOrder;
    /// With all of it on its way, as far as its shop tells.
    fn left(self) -> IncomingOrder;
    /// Without promised dates.
    fn without_dates(self) -> IncomingOrder;
    /// Without having said anything about marketing.
    fn without_consent(self) -> IncomingOrder;
    /// With a second line, a strainer at £8.95, in the totals too.
    fn with_strainer(self) -> IncomingOrder;
    /// With the customer's note.
    fn with_note(self, note: &str) -> IncomingOrder;
}

impl Bend for IncomingOrder {
    fn paid(self) -> IncomingOrder {
        IncomingOrder { payment: Payment::Paid, ..self }
    }

    fn pending(self) -> IncomingOrder {
        IncomingOrder { payment: Payment::Pending, ..self }
    }

    fn authorized(self) -> IncomingOrder {
        IncomingOrder { payment: Payment::Authorized, ..self }
    }

    fn unplaced(self) -> IncomingOrder {
        IncomingOrder { status: OrderStatus::Unplaced, payment: Payment::Pending, ..self }
    }

    fn gift(self) -> IncomingOrder {
        IncomingOrder { is_gift: true, ..self }
    }

    fn by(self, email: &str, name: &str) -> IncomingOrder {
        let email = Some(Email::parse(email).expect("a story gives an e-mail address"));
        let customer = IncomingCustomer { email, name: Some(name.to_owned()), ..IncomingCustomer::default() };
        IncomingOrder { customer, ..self }
    }

    fn by_phone_only(self) -> IncomingOrder {
        let customer = IncomingCustomer { email: None, ..self.customer };
        IncomingOrder { customer, ..self }
    }

    fn by_email_only(self) -> IncomingOrder {
        let customer = IncomingCustomer { phone: None, ..self.customer };
        IncomingOrder { customer, ..self }
    }

    fn preferring(self, channel: Channel) -> IncomingOrder {
        let customer = IncomingCustomer { preferred_channel: Some(channel), ..self.customer };
        IncomingOrder { customer, ..self }
    }

    fn in_language(self, tag: &str) -> IncomingOrder {
        IncomingOrder { locale: Some(Locale::parse(tag).expect("a story gives a language tag")), ..self }
    }

    fn left(self) -> IncomingOrder {
        IncomingOrder { fulfilment: Fulfilment::Fulfilled, ..self }
    }

    fn without_dates(self) -> IncomingOrder {
        IncomingOrder { expected: Expected::default(), ..self }
    }

    fn without_consent(self) -> IncomingOrder {
        IncomingOrder { consents: Vec::new(), ..self }
    }

    fn with_strainer(mut self) -> IncomingOrder {
        self.lines.push(IncomingLine {
            external_id: "l2".to_owned(),
            sku: Some("WAR-STR".to_owned()),
            title: "Fine Strainer".to_owned(),
            variant: None,
            quantity: 1,
            unit_price: 895,
            image_url: None,
            url: None,
        });
        self.totals = crate::shopping::totals_after_edit(&self);
        self
    }

    fn with_note(self, note: &str) -> IncomingOrder {
        IncomingOrder { note: Some(note.to_owned()), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> IncomingOrder {
        order(1042, Timestamp::parse("2026-11-20T10:00:00Z").unwrap())
    }

    #[test]
    fn the_sample_is_the_example_of_the_interface() {
        let sample = sample();
        sample.check().unwrap();
        assert_eq!(sample.totals.computed(), sample.totals.total);
        assert_eq!((sample.external_id.as_str(), sample.number.as_str()), ("1042", "#1042"));
        let dates = [sample.expected.ships_by, sample.expected.delivered_from, sample.expected.delivered_to];
        let dates: Vec<_> = dates.iter().map(|date| date.unwrap().to_string()).collect();
        assert_eq!(dates, ["2026-11-23", "2026-11-25", "2026-11-27"]);
        assert_eq!(sample.consents[0].at.to_string(), "2026-11-20T09:59:58Z");
    }

    #[test]
    fn every_bend_leaves_an_order_that_passes() {
        let bent = [
            sample().pending().paid(),
            sample().authorized().gift().with_note("Wrap it, please."),
            sample().unplaced().without_dates().without_consent(),
            sample().by("guest@example.test", "Guest").in_language("el-GR"),
            sample().by_phone_only().preferring(Channel::Sms),
            sample().by_email_only(),
            sample().with_strainer(),
        ];
        for order in bent {
            order.check().unwrap();
            assert_eq!(order.totals.computed(), order.totals.total);
        }
    }

    #[test]
    fn a_second_line_is_in_the_totals() {
        let order = sample().with_strainer();
        assert_eq!((order.totals.subtotal, order.totals.total, order.totals.tax), (3_295, 3_690, 615));
    }
}
