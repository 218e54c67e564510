//! What was bought, what it cost, and the facts beside it.

use kernel::text;

use super::Fill;
use crate::incoming::{Fulfilment, IncomingLine, OrderStatus, Payment};
use crate::page::view::{Details, Fact, Item, Items};

impl Fill<'_> {
    pub(super) fn items(&self) -> Items {
        let heading = match self.order.status {
            OrderStatus::Cancelled => "page-items-cancelled",
            OrderStatus::Placed | OrderStatus::Unplaced => "page-items",
        };
        Items {
            heading: self.say(heading, &[]),
            lines: self.order.lines.iter().map(|line| self.item(line)).collect(),
            totals: self.totals(),
            total: self.fact("page-total", self.money(self.order.totals.total)),
            refunded: (self.order.refunded_minor > 0)
                .then(|| self.fact("page-refunded", self.money(-self.order.refunded_minor))),
        }
    }

    fn item(&self, line: &IncomingLine) -> Item {
        let quantity = i64::from(line.quantity);
        let pieces = self.say("page-item-quantity", &[("quantity", quantity.into())]);
        let variant = line.variant.as_deref().map(|variant| text::isolated_in(variant, &self.locale));
        let each =
            (line.quantity > 1).then(|| self.one("page-item-each", "price", &self.sum(line.unit_price)));
        let about: Vec<String> = [variant, Some(pieces), each].into_iter().flatten().collect();
        Item {
            title: line.title.clone(),
            url: line.url.clone(),
            image_url: line.image_url.clone(),
            initial: web::assets::initial(&line.title),
            about: about.join(" · "),
            amount: self.money(line.unit_price.saturating_mul(quantity)),
        }
    }

    fn totals(&self) -> Vec<Fact> {
        let totals = &self.order.totals;
        let subtotal = self.fact("page-subtotal", self.money(totals.subtotal));
        let discount =
            (totals.discount != 0).then(|| self.fact("page-discount", self.money(-totals.discount)));
        let shipping = match totals.shipping {
            0 => self.say("page-shipping-free", &[]),
            minor => self.money(minor),
        };
        let shipping = self.fact("page-shipping", shipping);
        let tax_key = if totals.tax_included { "page-tax-included" } else { "page-tax" };
        let tax = (totals.tax != 0).then(|| self.fact(tax_key, self.money(totals.tax)));
        [Some(subtotal), discount, Some(shipping), tax].into_iter().flatten().collect()
    }

    pub(super) fn details(&self, with_note: bool) -> Details {
        let expected = self.order.expected;
        let stands = self.order.status != OrderStatus::Cancelled;
        let payment = self.fact("page-payment", self.payment());
        let has_left = self.order.fulfilment != Fulfilment::Unfulfilled;
        let is_ahead = |day: &kernel::Date| *day >= self.today();
        // The days of the order as a whole were told before anything left: now each parcel says its own.
        let is_open = stands && self.arrived().is_none() && self.parcels_by_need().is_empty();
        let ships = expected.ships_by.filter(is_ahead).filter(|_| is_open && !has_left);
        let ships = ships.map(|date| self.fact("page-ships-by", self.date(date)));
        let arrives = self.arriving().filter(|_| is_open).map(|dates| self.fact("page-arriving", dates));
        let note = self.order.note.clone().filter(|_| with_note);
        Details {
            heading: self.say("page-details", &[]),
            facts: [Some(payment), ships, arrives].into_iter().flatten().collect(),
            note: note.map(|note| self.fact("page-note", note)),
        }
    }

    fn payment(&self) -> String {
        let key = match self.order.payment {
            Payment::Pending => "page-payment-pending",
            Payment::Authorized => "page-payment-authorized",
            Payment::Paid => "page-payment-paid",
            Payment::PartiallyRefunded => "page-payment-partially-refunded",
            Payment::Refunded => "page-payment-refunded",
            Payment::Voided => "page-payment-voided",
        };
        self.one(key, "amount", &self.sum(self.order.refunded_minor))
    }
}
