//! An order as a shop tells it: one typed shape that every door parses into.
//!
//! Whoever builds one has already checked every text and number against the limits below; from here on the types
//! carry that. Nothing in it comes from the machine it runs on.

use std::time::Duration;

use kernel::{Channel, Currency, Date, Email, Error, Locale, Phone, Result, Timestamp, Zone};

use crate::parcels::Days;

/// How far a shop's clock may be ahead of ours. A door may be stricter, and says so in its own words.
pub const CLOCKS_DIFFER_BY: Duration = Duration::from_secs(24 * 3_600);
/// The most lines an order may have: one write stays within a thousand rows.
pub const MAX_LINES: usize = 500;
/// The most characters of a person's name.
pub const MAX_NAME: usize = 200;
/// The most characters of a product title, a variant or an address line.
pub const MAX_TITLE: usize = 500;
/// The most characters of an order number or an identifier of a shop.
pub const MAX_ID: usize = 120;
/// The most characters of a note.
pub const MAX_NOTE: usize = 5_000;
/// The most characters of a link.
pub const MAX_LINK: usize = 2_000;
/// The most tags, and the most characters of one.
pub const MAX_TAGS: usize = 250;
/// The most pieces of one line.
pub const MAX_QUANTITY: u32 = 1_000_000;
/// The largest amount, in minor units, that may stand in any field: sums stay far within an i64.
pub const MAX_MINOR: i64 = 1_000_000_000_000_000;

/// One version of an order, as its shop tells it.
#[derive(Clone, Debug, PartialEq)]
pub struct IncomingOrder {
    /// Who says so, for example `web` or `shopify:con_…`. With `external_id` it names the order.
    pub source: String,
    /// The shop's identifier of the order.
    pub external_id: String,
    /// The number customers know it by, for example `#1042`.
    pub number: String,
    /// Whether the customer has ordered, and whether it still stands.
    pub status: OrderStatus,
    /// Where the money is.
    pub payment: Payment,
    /// When the customer ordered.
    pub placed_at: Timestamp,
    /// Which version of the order this is.
    pub version: Version,
    /// The currency of every amount.
    pub currency: Currency,
    /// The language the customer shopped in.
    pub locale: Option<Locale>,
    /// Who ordered.
    pub customer: IncomingCustomer,
    /// What was ordered, without lines that were taken out again.
    pub lines: Vec<IncomingLine>,
    /// What it costs.
    pub totals: Totals,
    /// Where it goes.
    pub shipping_address: Option<Address>,
    /// When it is made and brought.
    pub expected: Expected,
    /// What the customer agreed to with this order.
    pub consents: Vec<IncomingConsent>,
    /// How far it has got, as far as the shop tells with the order itself.
    pub fulfilment: Fulfilment,
    /// When all of it was delivered.
    pub delivered_at: Option<Timestamp>,
    /// When and why it was cancelled.
    pub cancellation: Option<Cancellation>,
    /// Minor units that went back to the customer, in sum. Where `refunds` tells them one by one, those count.
    pub refunded_minor: i64,
    /// What went back, one by one, where the shop tells it so. An amount is never 0.
    pub refunds: Vec<IncomingRefund>,
    /// Whether it is a present: prices stay out of what may be seen by the one who gets it.
    pub is_gift: bool,
    /// The customer's note.
    pub note: Option<String>,
    /// The shop's tags.
    pub tags: Vec<String>,
}

/// Who ordered. At least an e-mail address or a phone number, checked by [`IncomingOrder::check`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct IncomingCustomer {
    /// The shop's identifier of the customer; none for a guest.
    pub external_id: Option<String>,
    /// The e-mail address given with this order.
    pub email: Option<Email>,
    /// The phone number given with this order.
    pub phone: Option<Phone>,
    /// The customer's name.
    pub name: Option<String>,
    /// How they said they want to be told.
    pub preferred_channel: Option<Channel>,
    /// Where their clock stands.
    pub time_zone: Option<Zone>,
}

/// One line of an order.
#[derive(Clone, Debug, PartialEq)]
pub struct IncomingLine {
    /// The shop's identifier of the line, unique within the order.
    pub external_id: String,
    /// The stock keeping unit.
    pub sku: Option<String>,
    /// The product's title.
    pub title: String,
    /// Which variant, in words.
    pub variant: Option<String>,
    /// How many pieces, at least one.
    pub quantity: u32,
    /// Minor units for one piece.
    pub unit_price: i64,
    /// A picture of the product (`https`).
    pub image_url: Option<String>,
    /// The product's page (`https`).
    pub url: Option<String>,
}

/// What an order costs, in minor units. `subtotal` is the sum of the lines before `discount`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Sum of the lines.
    pub subtotal: i64,
    /// What was taken off, as a positive number.
    pub discount: i64,
    /// Delivery.
    pub shipping: i64,
    /// Tax.
    pub tax: i64,
    /// Whether the tax is inside the other amounts.
    pub tax_included: bool,
    /// What the customer pays.
    pub total: i64,
}

impl Totals {
    /// What `total` should be by the other amounts.
    pub fn computed(&self) -> i64 {
        let tax_on_top = if self.tax_included { 0 } else { self.tax };
        self.subtotal - self.discount + self.shipping + tax_on_top
    }
}

/// A postal address. Country first: it decides how the rest is written.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Address {
    /// Who gets the parcel.
    pub name: Option<String>,
    /// Street and number.
    pub line1: String,
    /// Anything more.
    pub line2: Option<String>,
    /// Town.
    pub city: String,
    /// State, province or county.
    pub region: Option<String>,
    /// Postcode.
    pub postcode: Option<String>,
    /// ISO 3166-1 alpha-2 code.
    pub country: String,
}

/// Promised calendar dates, in the destination's calendar.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Expected {
    /// The last day it leaves the shop.
    pub ships_by: Option<Date>,
    /// The first day it may arrive.
    pub delivered_from: Option<Date>,
    /// The last day it may arrive.
    pub delivered_to: Option<Date>,
}

impl Expected {
    /// The days it may arrive on, first and last; one day where only one was told.
    pub fn delivered(&self) -> Option<Days> {
        self.delivered_from.or(self.delivered_to).zip(self.delivered_to.or(self.delivered_from))
    }
}

/// Something the customer agreed to, or not.
#[derive(Clone, Debug, PartialEq)]
pub struct IncomingConsent {
    /// For which channel marketing is meant.
    pub channel: Channel,
    /// Yes or no.
    pub granted: bool,
    /// The words that stood beside the box.
    pub wording: Option<String>,
    /// When it was said.
    pub at: Timestamp,
}

/// When and why an order was cancelled.
#[derive(Clone, Debug, PartialEq)]
pub struct Cancellation {
    /// When.
    pub at: Timestamp,
    /// The shop's word for why.
    pub reason: Option<String>,
}

/// Money that went back to the customer.
#[derive(Clone, Debug, PartialEq)]
pub struct IncomingRefund {
    /// The shop's identifier of the refund, unique within its order.
    pub external_id: String,
    /// How much, in minor units of the order's currency.
    pub amount_minor: i64,
    /// When.
    pub at: Timestamp,
}

/// Orders versions of one order: by the shop's `updated_at`, then by when the notice was triggered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// The shop's time of the last change; some platforms only tell whole seconds.
    pub updated_at: Timestamp,
    /// When the notice was triggered, where the platform tells it.
    pub triggered_at: Option<Timestamp>,
}

kernel::word_enum!(
    /// Whether the customer has ordered. *Placed* means paid, authorised, or by a pay-later method.
    OrderStatus {
        /// Begun, not yet paid for: stored silently.
        Unplaced = "unplaced",
        /// Ordered.
        Placed = "placed",
        /// Cancelled.
        Cancelled = "cancelled",
    }
);

kernel::word_enum!(
    /// Where the money is. The order of the variants is the way of the money.
    Payment {
        /// Nothing yet.
        Pending = "pending",
        /// Reserved on the card.
        Authorized = "authorized",
        /// Ours.
        Paid = "paid",
        /// Some of it went back.
        PartiallyRefunded = "partially_refunded",
        /// All of it went back.
        Refunded = "refunded",
        /// Released without being taken.
        Voided = "voided",
    }
);

kernel::word_enum!(
    /// How far the goods have got. The order of the variants is their way.
    Fulfilment {
        /// Nothing has left.
        Unfulfilled = "unfulfilled",
        /// Some of it has left.
        Partial = "partial",
        /// All of it has left.
        Fulfilled = "fulfilled",
        /// All of it has arrived.
        Delivered = "delivered",
    }
);

impl IncomingOrder {
    /// The rules that span several fields. Each door has checked the single fields.
    pub fn check(&self) -> Result<()> {
        let no_contact = self.customer.email.is_none() && self.customer.phone.is_none();
        if no_contact {
            let detail = "Give the customer's e-mail address or phone number, so that they can be told.";
            return Err(Error::field("/customer", "no_contact", detail));
        }
        if self.lines.is_empty() && self.status != OrderStatus::Cancelled {
            return Err(Error::field("/lines", "empty", "An order has at least one line."));
        }
        if self.lines.len() > MAX_LINES {
            return Err(Error::field(
                "/lines",
                "too_many",
                format!("An order has at most {MAX_LINES} lines."),
            ));
        }
        self.expected.check()
    }
}

impl IncomingOrder {
    /// Refuses times that lie further ahead than clocks differ: a version of the year 9999 would make every later one
    /// stale for ever, and a consent of that year could never be taken back.
    pub fn check_times(&self, now: Timestamp) -> Result<()> {
        let latest = now + CLOCKS_DIFFER_BY;
        let always = [("/placed_at", self.placed_at), ("/updated_at", self.version.updated_at)];
        let cancelled = self.cancellation.iter().map(|cancellation| ("/cancelled_at", cancellation.at));
        let delivered = self.delivered_at.iter().map(|at| ("/delivered_at", *at));
        let agreed = self.consents.iter().map(|consent| ("/consent/at", consent.at));
        let went_back = self.refunds.iter().map(|refund| ("/refunds/at", refund.at));
        let mut told = always.into_iter().chain(cancelled).chain(delivered).chain(agreed).chain(went_back);
        match told.find(|(_, at)| *at > latest) {
            Some((pointer, _)) => Err(Error::field(pointer, "impossible_date", "This lies in the future.")),
            None => Ok(()),
        }
    }
}

impl Expected {
    fn check(&self) -> Result<()> {
        if let (Some(from), Some(to)) = (self.delivered_from, self.delivered_to)
            && from > to
        {
            let detail = "The last day of delivery is before the first.";
            return Err(Error::field("/expected/delivered_to", "impossible_date", detail));
        }
        if let (Some(ships), Some(to)) = (self.ships_by, self.delivered_to.or(self.delivered_from))
            && ships > to
        {
            return Err(Error::field(
                "/expected/ships_by",
                "impossible_date",
                "It arrives before it leaves.",
            ));
        }
        Ok(())
    }
}
