//! Fills the order page from a stored order, in the reader's language.

use kernel::words::Arg;
use kernel::{Date, Locale, Money, Shop, Timestamp, text};
use messaging::{State, Wording};
use web::Link;

use super::view::{
    Action, Address as AddressBox, Details, Fact, Item, Items, Message, Notice, OrderPage, Shown, Step,
    StepState, Told, Tone,
};
use crate::context::{MoneyBack, address_lines, money_back};
use crate::incoming::{Address, Fulfilment, IncomingLine, IncomingOrder, OrderStatus, Payment};
use crate::store::StoredOrder;

/// How many messages are shown before "earlier".
const LATEST_TOLD: usize = 3;
/// Days between ordering and leaving from which an order counts as made to order.
const MAKING_FROM_DAYS: i64 = 4;

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
}

impl<'a> Fill<'a> {
    /// The words are the order's language, or the shop's.
    pub fn new(
        shop: &'a Shop,
        wording: &'a Wording,
        stored: &'a StoredOrder,
        now: Timestamp,
        token: &'a str,
    ) -> Self {
        let locale = stored.order.locale.clone().unwrap_or_else(|| shop.locale.clone());
        Fill { shop, wording, stored, order: &stored.order, locale, now, token }
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
            items: self.items(),
            details: self.details(),
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

    fn money(&self, minor: i64) -> String {
        Money::new(minor, self.order.currency).shown(&self.locale)
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
        let expected = self.order.expected;
        let from = expected.delivered_from.or(expected.delivered_to)?;
        let to = expected.delivered_to.unwrap_or(from);
        Some(self.wording.catalogue().date_range(&self.locale, from, to, self.today()))
    }

    fn kicker(&self) -> String {
        let (order, date) = (text::isolated(&self.order.number), self.day(self.order.placed_at));
        self.say("page-kicker", &[("order", (&order).into()), ("date", (&date).into())])
    }

    /// The heading answers "where is my order?"; the sentence says what comes next or what to do.
    fn answer(&self) -> (String, String, Option<String>) {
        let say = |key: &str| self.say(key, &[]);
        match (self.order.status, self.order.fulfilment) {
            (OrderStatus::Cancelled, _) => (say("page-cancelled-heading"), self.money_back(), None),
            (_, Fulfilment::Delivered) => (self.delivered_heading(), say("page-delivered-lead"), None),
            (_, Fulfilment::Fulfilled | Fulfilment::Partial) => self.on_its_way(),
            (_, Fulfilment::Unfulfilled) if self.order.payment == Payment::Pending => {
                let lead = self.one("page-unpaid-lead", "amount", &self.money(self.order.totals.total));
                (say("page-unpaid-heading"), lead, Some(say("page-unpaid-hint")))
            }
            (_, Fulfilment::Unfulfilled) if self.is_making() => {
                (say("page-making-heading"), self.by("page-making-lead"), None)
            }
            (_, Fulfilment::Unfulfilled) => self.placed(),
        }
    }

    fn placed(&self) -> (String, String, Option<String>) {
        match (self.arriving(), self.order.expected.ships_by) {
            (Some(dates), Some(ships_by)) => (
                self.one("page-arriving-heading", "dates", &dates),
                self.one("page-arriving-lead-placed", "date", &self.date(ships_by)),
                None,
            ),
            (Some(dates), None) => {
                (self.one("page-arriving-heading", "dates", &dates), self.by("page-placed-lead"), None)
            }
            (None, _) => (self.say("page-placed-heading", &[]), self.by("page-placed-lead"), None),
        }
    }

    fn on_its_way(&self) -> (String, String, Option<String>) {
        match self.arriving() {
            Some(dates) => {
                let heading = self.one("page-arriving-heading", "dates", &dates);
                (heading, self.say("page-arriving-lead-shipped", &[]), None)
            }
            None => (self.say("page-shipped-heading", &[]), self.say("page-shipped-lead", &[]), None),
        }
    }

    fn delivered_heading(&self) -> String {
        match self.order.delivered_at {
            Some(at) => self.one("page-delivered-heading", "date", &self.day(at)),
            None => self.say("page-delivered-heading-no-date", &[]),
        }
    }

    /// The sentence with the day it leaves, or the one without when no day is promised.
    fn by(&self, key: &str) -> String {
        match self.order.expected.ships_by {
            Some(date) => self.one(key, "date", &self.date(date)),
            None => self.say(&format!("{key}-no-date"), &[]),
        }
    }

    fn is_making(&self) -> bool {
        let placed = self.order.placed_at.date_in(&self.shop.zone);
        let days = |by: Date| placed.until(by).map_or(0, |span| i64::from(span.get_days()));
        self.order.expected.ships_by.is_some_and(|by| days(by) > MAKING_FROM_DAYS)
    }

    fn money_back(&self) -> String {
        let with = |key: &str, minor: i64| self.one(key, "amount", &self.money(minor));
        match money_back(self.order.payment, self.order.totals.total, self.order.refunded_minor) {
            MoneyBack::NothingPaid => self.say("page-cancelled-lead-unpaid", &[]),
            MoneyBack::Released => self.say("page-cancelled-lead-voided", &[]),
            MoneyBack::Sent(minor) => with("page-cancelled-lead-refunded", minor),
            MoneyBack::Due(minor) => with("page-cancelled-lead-refund-due", minor),
        }
    }

    fn notices(&self) -> Vec<Notice> {
        let notice = |text: String| Notice { tone: Tone::Info, text };
        let stands = self.order.status != OrderStatus::Cancelled;
        let changed = (stands && self.stored.changed_at > self.stored.first_seen_at)
            .then(|| notice(self.one("page-changed", "date", &self.day(self.stored.changed_at))));
        let refunded = (stands && self.order.refunded_minor > 0).then(|| {
            notice(self.one("page-refunded-part", "amount", &self.money(self.order.refunded_minor)))
        });
        let gift = self.order.is_gift.then(|| notice(self.say("page-gift", &[])));
        [changed, refunded, gift].into_iter().flatten().collect()
    }

    fn steps(&self) -> Vec<Step> {
        if self.order.status == OrderStatus::Cancelled {
            return Vec::new();
        }
        let second = if self.is_making() { "page-step-making" } else { "page-step-packed" };
        let keys = ["page-step-ordered", second, "page-step-shipped", "page-step-delivered"];
        let at = match self.order.fulfilment {
            Fulfilment::Unfulfilled if self.is_making() && self.order.payment != Payment::Pending => 1,
            Fulfilment::Unfulfilled => 0,
            Fulfilment::Partial | Fulfilment::Fulfilled => 2,
            Fulfilment::Delivered => 3,
        };
        keys.iter().enumerate().map(|(place, key)| self.step(key, place, at)).collect()
    }

    fn step(&self, key: &str, place: usize, at: usize) -> Step {
        let (state, words) = match place.cmp(&at) {
            std::cmp::Ordering::Less => (StepState::Done, "page-step-done"),
            std::cmp::Ordering::Equal => (StepState::Current, "page-step-current"),
            std::cmp::Ordering::Greater => (StepState::Todo, "page-step-todo"),
        };
        let when = (place == 0).then(|| self.day(self.order.placed_at));
        Step { label: self.say(key, &[]), state, state_words: self.say(words, &[]), when }
    }

    fn actions(&self) -> Vec<Action> {
        let contact = &self.shop.brand.contact;
        let by_mail = contact.email.as_ref().map(|email| {
            let number: String = self.order.number.chars().filter(char::is_ascii_alphanumeric).collect();
            format!("mailto:{email}?subject=Order%20{number}")
        });
        let href = contact.url.clone().or(by_mail);
        let help =
            href.map(|href| Action { link: Link::new(self.say("page-get-help", &[]), href), primary: false });
        help.into_iter().collect()
    }

    fn items(&self) -> Items {
        let heading = match self.order.status {
            OrderStatus::Cancelled => "page-items-cancelled",
            OrderStatus::Placed | OrderStatus::Unplaced => "page-items",
        };
        Items {
            heading: self.say(heading, &[]),
            lines: self.order.lines.iter().map(|line| self.item(line)).collect(),
            totals: self.totals(),
            total: self.fact("page-total", self.money(self.order.totals.total)),
        }
    }

    fn item(&self, line: &IncomingLine) -> Item {
        let quantity = i64::from(line.quantity);
        let pieces = self.say("page-item-quantity", &[("quantity", quantity.into())]);
        let variant = line.variant.as_deref().map(text::isolated);
        let each =
            (line.quantity > 1).then(|| self.one("page-item-each", "price", &self.money(line.unit_price)));
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

    fn fact(&self, key: &str, value: String) -> Fact {
        Fact { label: self.say(key, &[]), value }
    }

    fn details(&self) -> Details {
        let expected = self.order.expected;
        let stands = self.order.status != OrderStatus::Cancelled;
        let payment = self.fact("page-payment", self.payment());
        let has_left = self.order.fulfilment != Fulfilment::Unfulfilled;
        let ships = expected.ships_by.filter(|_| stands && !has_left);
        let ships = ships.map(|date| self.fact("page-ships-by", self.date(date)));
        let arrives = self.arriving().filter(|_| stands && self.order.fulfilment != Fulfilment::Delivered);
        let arrives = arrives.map(|dates| self.fact("page-arriving", dates));
        Details {
            heading: self.say("page-details", &[]),
            facts: [Some(payment), ships, arrives].into_iter().flatten().collect(),
            note: self.order.note.clone().map(|note| self.fact("page-note", note)),
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
        self.one(key, "amount", &self.money(self.order.refunded_minor))
    }

    fn address(&self, address: &Address, view: &AddressView) -> AddressBox {
        let place = self.place(address);
        let say = |key: &str| self.say(key, &[]);
        let country = self.wording.catalogue().country(&self.locale, &address.country);
        let lines = address_lines(address, &country);
        let shown = match view {
            AddressView::Open => Shown::Full { lines, done: String::new() },
            AddressView::Granted => Shown::Full { lines, done: say("page-address-done") },
            AddressView::Masked => {
                Shown::Masked { place, why: say("page-address-why"), send: Some(say("page-address-send")) }
            }
            AddressView::TooMany => {
                let why = self.say("page-code-too-many", &[("minutes", 60i64.into())]);
                Shown::Masked { place, why, send: None }
            }
            AddressView::NoContact => Shown::Masked { place, why: say("page-code-no-contact"), send: None },
            AddressView::Asking(fault) => Shown::Asking {
                place,
                sent: self.one("page-code-sent", "to", &self.masked_recipient()),
                label: say("page-code-label"),
                hint: say("page-code-hint"),
                fault: fault.map(say),
                submit: say("page-code-submit"),
                again: say("page-code-again"),
            },
        };
        AddressBox { heading: self.say("page-address", &[]), shown }
    }

    /// Town and the last characters of the postcode.
    fn place(&self, address: &Address) -> String {
        let town = text::isolated(&address.city);
        let end: Option<String> = address.postcode.as_deref().map(|postcode| {
            let chars: Vec<char> = postcode.chars().collect();
            chars[chars.len().saturating_sub(3)..].iter().collect()
        });
        match end {
            Some(end) => {
                let end = text::isolated(&end);
                self.say("page-address-masked", &[("town", (&town).into()), ("postcode", (&end).into())])
            }
            None => self.one("page-address-masked-town", "town", &town),
        }
    }

    fn masked_recipient(&self) -> String {
        let customer = &self.order.customer;
        let phone = || {
            customer.phone.as_ref().map(|phone| format!("…{}", &phone.as_str()[phone.as_str().len() - 3..]))
        };
        customer.email.as_ref().map(kernel::Email::masked).or_else(phone).unwrap_or_default()
    }

    fn told(&self, told: &[messaging::Told]) -> Told {
        let mut newest_first: Vec<Message> = told.iter().rev().map(|message| self.message(message)).collect();
        let earlier = newest_first.split_off(newest_first.len().min(LATEST_TOLD));
        let count = earlier.len() as i64;
        Told {
            heading: self.say("page-told", &[]),
            none: self.say("page-told-none", &[]),
            latest: newest_first,
            earlier_label: if count == 0 {
                String::new()
            } else {
                self.say("page-told-earlier", &[("count", count.into())])
            },
            earlier,
        }
    }

    fn message(&self, message: &messaging::Told) -> Message {
        let key = match message.state {
            State::Accepted if message.channel == Some(kernel::Channel::Sms) => "page-told-text",
            State::Accepted => "page-told-email",
            State::Failed | State::Dropped | State::Expired => "page-told-failed",
            State::Queued | State::HandingOff | State::Deferred | State::Unknown | State::Held => {
                "page-told-pending"
            }
        };
        let (hour, minute) = message.created_at.clock_in(&self.shop.zone);
        let time = self.wording.catalogue().time(&self.locale, hour, minute);
        Message {
            subject: self.say(&format!("told-{}", message.template.replace('.', "-")), &[]),
            how: self.one(key, "to", &self.masked_recipient()),
            at: message.created_at.to_string(),
            when: format!("{}, {time}", self.day(message.created_at)),
        }
    }
}
