//! Fills the order page from a stored order, in the reader's language.

mod actions;
mod address;
mod answer;
mod delay;
mod goods;
mod parcels;
mod told;

use kernel::words::Arg;
use kernel::{Channel, Date, Locale, Money, Shop, Timestamp, choose, text};
use messaging::Wording;

use super::view::{Fact, OrderPage};
use crate::incoming::IncomingOrder;
use crate::parcels::{Arrived, DelayAsked, ParcelPlace, ParcelSeen, arrived};
use crate::store::StoredOrder;

/// How much of the address this reader sees.
pub enum AddressView {
    /// All of it: not delivered yet, and the link is young.
    Open,
    /// All of it: the right code was entered.
    Granted,
    /// The town, and a way to see more.
    Masked,
    /// A code is out; with what was wrong with the last try.
    Asking(Option<&'static str>),
    /// Too many codes or tries.
    TooMany,
    /// There is nowhere to send a code.
    NoContact,
}

/// An order, and the words to show it with.
pub struct Fill<'a> {
    shop: &'a Shop,
    wording: &'a Wording,
    stored: &'a StoredOrder,
    order: &'a IncomingOrder,
    locale: Locale,
    now: Timestamp,
    token: &'a str,
    code_goes_by: Channel,
    parcels: Vec<ParcelSeen>,
    arrived: Option<Arrived>,
    delay: Option<DelayAsked>,
    all_scans: bool,
}

impl AddressView {
    /// Whether this reader sees everything. What the customer wrote goes with the address: it may hold a door code.
    fn shows_all(&self) -> bool {
        match self {
            AddressView::Open | AddressView::Granted => true,
            AddressView::Masked | AddressView::Asking(_) | AddressView::TooMany | AddressView::NoContact => {
                false
            }
        }
    }
}

impl<'a> Fill<'a> {
    /// Said in the order's language, else in that of its `customer`, else in the shop's.
    pub fn new(
        shop: &'a Shop,
        wording: &'a Wording,
        stored: &'a StoredOrder,
        customer: Option<&Locale>,
        now: Timestamp,
        token: &'a str,
    ) -> Self {
        let told = stored.order.locale.as_ref();
        let locale = choose(wording.catalogue(), told, customer, &shop.locale).locale;
        let code_goes_by = Channel::Email;
        let (order, parcels, delay) = (&stored.order, Vec::new(), None);
        let arrived = arrived(order, &[]);
        let all_scans = false;
        Fill {
            shop,
            wording,
            stored,
            order,
            locale,
            now,
            token,
            code_goes_by,
            parcels,
            arrived,
            delay,
            all_scans,
        }
    }

    /// Said in this language, whatever the order's is: for a page on which there are several.
    pub fn said_in(self, locale: &Locale) -> Self {
        Fill { locale: locale.clone(), ..self }
    }

    /// Where the order is, in a sentence.
    pub fn heading(&self) -> String {
        self.answer().0
    }

    /// Whether all of it is there.
    pub fn arrived(&self) -> Option<Arrived> {
        self.arrived
    }

    /// Says which way a code goes to this customer.
    pub fn with_codes_by(self, code_goes_by: Channel) -> Self {
        Fill { code_goes_by, ..self }
    }

    /// With the parcels that are known of.
    pub fn with_parcels(self, parcels: Vec<ParcelSeen>) -> Self {
        let places: Vec<ParcelPlace> = parcels.iter().map(ParcelSeen::place).collect();
        Fill { arrived: arrived(self.order, &places), parcels, ..self }
    }

    /// With what the customer is asked whose order has not left in time.
    pub fn with_delay(self, delay: Option<DelayAsked>) -> Self {
        Fill { delay, ..self }
    }

    /// With every scan, however many there are.
    pub fn with_all_scans(self, all_scans: bool) -> Self {
        Fill { all_scans, ..self }
    }

    /// The reader's language.
    pub fn locale(&self) -> &Locale {
        &self.locale
    }

    /// The whole page.
    pub fn page(&self, address: &AddressView, told: &[messaging::Told]) -> OrderPage {
        let (heading, lead, hint) = self.answer();
        OrderPage {
            path: format!("/o/{}", self.token),
            kicker: self.kicker(),
            heading,
            lead,
            hint,
            notices: self.notices(),
            steps: self.steps(),
            steps_label: self.say("page-steps", &[]),
            actions: self.actions(),
            delay: self.delay.map(|asked| self.delay(asked)),
            parcels: self.parcel_cards(),
            items: self.items(),
            details: self.details(address.shows_all()),
            address: self.order.shipping_address.as_ref().map(|a| self.address(a, address)),
            told: self.told(told),
        }
    }

    fn say(&self, key: &str, args: &[(&str, Arg<'_>)]) -> String {
        self.wording.say(&self.locale, key, args)
    }

    fn one(&self, key: &str, name: &str, value: &str) -> String {
        self.say(key, &[(name, value.into())])
    }

    /// An amount in a place of its own.
    fn money(&self, minor: i64) -> String {
        Money::new(minor, self.order.currency).shown(&self.locale)
    }

    /// An amount inside a sentence.
    fn sum(&self, minor: i64) -> String {
        Money::new(minor, self.order.currency).in_sentence(&self.locale)
    }

    fn day(&self, at: Timestamp) -> String {
        self.date(at.date_in(&self.shop.zone))
    }

    fn date(&self, date: Date) -> String {
        self.wording.catalogue().date(&self.locale, date, self.today())
    }

    fn today(&self) -> Date {
        self.now.date_in(&self.shop.zone)
    }

    fn arriving(&self) -> Option<String> {
        let ((from, to), today) = (self.order.expected.delivered()?, self.today());
        // A day that has passed is no promise any more.
        let days = || self.wording.catalogue().date_range(&self.locale, from.max(today), to, today);
        (to >= today).then(days)
    }

    fn kicker(&self) -> String {
        let (order, date) =
            (text::isolated_in(&self.order.number, &self.locale), self.day(self.order.placed_at));
        self.say("page-kicker", &[("order", (&order).into()), ("date", (&date).into())])
    }

    fn fact(&self, key: &str, value: String) -> Fact {
        Fact { label: self.say(key, &[]), value }
    }
}
