//! What a message about an order is written from: frozen when the message is written, so that a retry tomorrow and a
//! preview next year say the same.

use kernel::{Currency, Money, Shop, Timestamp};
use serde::{Deserialize, Serialize};

use crate::incoming::{Address, Fulfilment, OrderStatus, Payment};
use crate::link::OrderLink;
use crate::store::StoredOrder;
use crate::visible::{Difference, Visible};

/// An order as a message tells it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OrderContext {
    /// The number customers know.
    pub number: String,
    /// The order page.
    pub url: String,
    /// A shorter way to it, for a text.
    #[serde(default)]
    pub short_url: Option<String>,
    /// The customer's name.
    pub name: Option<String>,
    /// When the customer ordered.
    pub placed_at: Timestamp,
    /// The currency of every amount.
    pub currency: Currency,
    /// Where the money is, in the word of the API.
    pub payment: String,
    /// Whether anything has left yet.
    pub has_left: bool,
    /// What can be seen of it.
    pub visible: Visible,
    /// Sum of the lines, in minor units.
    pub subtotal: i64,
    /// Tax, in minor units.
    pub tax: i64,
    /// Whether the tax is inside the other amounts.
    pub tax_included: bool,
    /// Minor units that went back.
    pub refunded: i64,
    /// Minor units of that which went back since the customer was last told.
    #[serde(default)]
    pub sent_back: i64,
    /// Whether it will not come any more.
    #[serde(default)]
    pub is_cancelled: bool,
    /// Whether it is a present.
    pub is_gift: bool,
    /// Pictures and pages of the lines, in their order.
    pub links: Vec<LineLinks>,
    /// What changed since the customer was last told.
    pub changes: Vec<Difference>,
}

/// Picture and page of one line.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LineLinks {
    /// A picture of the product.
    pub image_url: Option<String>,
    /// The product's page.
    pub url: Option<String>,
}

impl OrderContext {
    /// Freezes an order as it stands, with what changed.
    pub fn of(stored: &StoredOrder, changes: Vec<Difference>, shop: &Shop, now: Timestamp) -> Self {
        let order = &stored.order;
        let links =
            order.lines.iter().map(|l| LineLinks { image_url: l.image_url.clone(), url: l.url.clone() });
        OrderContext {
            number: order.number.clone(),
            url: OrderLink::new(stored.id.clone(), now).url(shop),
            short_url: None,
            name: order.customer.name.clone(),
            placed_at: order.placed_at,
            currency: order.currency,
            payment: order.payment.as_str().to_owned(),
            has_left: order.fulfilment > Fulfilment::Unfulfilled,
            visible: Visible::of(order),
            subtotal: order.totals.subtotal,
            tax: order.totals.tax,
            tax_included: order.totals.tax_included,
            refunded: order.refunded_minor,
            sent_back: 0,
            is_cancelled: order.status == OrderStatus::Cancelled,
            is_gift: order.is_gift,
            links: links.collect(),
            changes,
        }
    }

    /// An amount of this order.
    pub fn money(&self, minor: i64) -> Money {
        Money::new(minor, self.currency)
    }

    /// Where the money is.
    pub fn payment(&self) -> Payment {
        Payment::parse(&self.payment).unwrap_or(Payment::Pending)
    }

    /// What happens to the money of a cancelled order.
    pub fn money_back(&self) -> MoneyBack {
        money_back(self.payment(), self.visible.total, self.refunded)
    }
}

/// What happens to the money of a cancelled order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MoneyBack {
    /// Nothing was paid.
    NothingPaid,
    /// It was reserved and is released.
    Released,
    /// This much has gone back, in minor units.
    Sent(i64),
    /// This much will go back, in minor units.
    Due(i64),
}

/// What happens to the money of a cancelled order. Pure.
pub fn money_back(payment: Payment, total: i64, refunded: i64) -> MoneyBack {
    match payment {
        Payment::Pending => MoneyBack::NothingPaid,
        Payment::Authorized | Payment::Voided => MoneyBack::Released,
        Payment::Refunded => MoneyBack::Sent(if refunded > 0 { refunded } else { total }),
        Payment::Paid | Payment::PartiallyRefunded if refunded >= total => MoneyBack::Sent(refunded),
        Payment::Paid | Payment::PartiallyRefunded => MoneyBack::Due(total - refunded),
    }
}

/// An address as its country's post writes it, one line each; `country` names the country in the reader's language.
pub fn address_lines(address: &Address, country: &str) -> Vec<String> {
    let town = [address.postcode.as_deref(), Some(address.city.as_str())];
    let town = match address.country.as_str() {
        // Town before postcode, as the post of these countries asks (UPU addressing guides).
        "GB" | "IE" | "US" | "CA" | "AU" | "NZ" | "IN" => {
            [Some(address.city.as_str()), address.region.as_deref(), address.postcode.as_deref()].to_vec()
        }
        _ => town.to_vec(),
    };
    let town: Vec<&str> = town.into_iter().flatten().filter(|part| !part.is_empty()).collect();
    let lines = [
        address.name.clone(),
        Some(address.line1.clone()),
        address.line2.clone(),
        Some(town.join(" ")),
        Some(country.to_owned()),
    ];
    lines.into_iter().flatten().filter(|line| !line.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cancellation_says_what_happens_to_the_money() {
        assert_eq!(money_back(Payment::Pending, 100, 0), MoneyBack::NothingPaid);
        assert_eq!(money_back(Payment::Authorized, 100, 0), MoneyBack::Released);
        assert_eq!(money_back(Payment::Voided, 100, 0), MoneyBack::Released);
        assert_eq!(money_back(Payment::Refunded, 100, 0), MoneyBack::Sent(100));
        assert_eq!(money_back(Payment::Paid, 100, 0), MoneyBack::Due(100));
        assert_eq!(money_back(Payment::PartiallyRefunded, 100, 40), MoneyBack::Due(60));
        assert_eq!(money_back(Payment::Paid, 100, 100), MoneyBack::Sent(100));
    }

    #[test]
    fn addresses_read_as_their_post_writes_them() {
        let leeds = Address {
            name: Some("Amina Khan".into()),
            line1: "14 Elm Row".into(),
            city: "Leeds".into(),
            postcode: Some("LS6 2AB".into()),
            country: "GB".into(),
            ..Address::default()
        };
        assert_eq!(
            address_lines(&leeds, "United Kingdom"),
            ["Amina Khan", "14 Elm Row", "Leeds LS6 2AB", "United Kingdom"]
        );
        let wien =
            Address { city: "Wien".into(), postcode: Some("1010".into()), country: "AT".into(), ..leeds };
        assert_eq!(address_lines(&wien, "Austria")[2], "1010 Wien");
    }
}
