//! The parts the letters are made of.

use kernel::words::Arg;
use kernel::{Date, text};
use messaging::Given;
use messaging::letter::{Block, Change, Fact, Item, Named, TotalRow};
use serde_json::{Value, json};

use crate::context::{OrderContext, address_lines};
use crate::incoming::{Address, Payment};
use crate::visible::{Difference, VisibleLine};

/// An order with the words to tell it.
pub struct Parts<'a> {
    given: &'a Given<'a>,
    /// The order.
    pub order: &'a OrderContext,
    /// Its number, safe inside a sentence of any direction.
    pub number: String,
    /// The shop's name, likewise.
    pub shop_name: String,
}

impl<'a> Parts<'a> {
    /// The parts of one order.
    pub fn new(given: &'a Given<'a>, order: &'a OrderContext) -> Self {
        let shop_name = text::isolated_in(&given.shop.brand.name, given.locale);
        Parts { given, order, number: text::isolated_in(&order.number, given.locale), shop_name }
    }

    /// A sentence in the reader's language.
    pub fn say(&self, key: &str, args: &[(&str, Arg<'_>)]) -> String {
        self.given.wording.say(self.given.locale, key, args)
    }

    /// An amount of this order.
    pub fn money(&self, minor: i64) -> String {
        self.order.money(minor).shown(self.given.locale)
    }

    /// The same inside a sentence.
    pub fn sum(&self, minor: i64) -> String {
        self.order.money(minor).in_sentence(self.given.locale)
    }

    /// A calendar date; the year only when it is not the one the message is written in.
    pub fn date(&self, date: Date) -> String {
        self.given.wording.catalogue().date(self.given.locale, date, self.today())
    }

    fn today(&self) -> Date {
        self.given.written_at.date_in(&self.given.shop.zone)
    }

    /// The days it should arrive, said as one date or a range.
    pub fn arriving(&self) -> Option<String> {
        self.days(self.order.visible.delivered_from, self.order.visible.delivered_to)
    }

    fn days(&self, from: Option<Date>, to: Option<Date>) -> Option<String> {
        let (from, to) = (from.or(to)?, to.or(from)?);
        Some(self.given.wording.catalogue().date_range(self.given.locale, from, to, self.today()))
    }

    /// Whose letter it is.
    pub fn brand(&self) -> Named {
        Block::BrandBar.called("brand")
    }

    /// The answer with a heading from the catalogue.
    pub fn answer(&self, heading_key: &str, line: String) -> Named {
        self.said(self.say(heading_key, &[]), line)
    }

    /// The answer.
    pub fn said(&self, heading: String, line: String) -> Named {
        Block::Answer { heading, line }.called("answer")
    }

    /// A sentence that thanks by first name, or without one when we know none.
    pub fn thank(&self, key: &str, args: &[(&str, Arg<'_>)]) -> String {
        let first = self.order.name.as_deref().and_then(|name| name.split_whitespace().next());
        let Some(first) = first else { return self.say(&format!("{key}-no-name"), args) };
        let name = text::isolated_in(first, self.given.locale);
        let mut all = vec![("name", Arg::from(&name))];
        all.extend(args.iter().map(|(key, arg)| (*key, copied(arg))));
        self.say(key, &all)
    }

    /// The way to the order page.
    pub fn see_order(&self) -> Named {
        let label = self.say("mail-see-order", &[]);
        Block::Button { label, href: self.order.url.clone() }.called("see_order")
    }

    /// Where the order stands.
    pub fn progress(&self) -> Named {
        let steps = ["mail-step-ordered", "mail-step-packed", "mail-step-shipped", "mail-step-delivered"];
        let current = if self.order.has_left { 2 } else { 0 };
        let steps = steps.iter().map(|key| self.say(key, &[])).collect();
        Block::Progress { steps, current }.called("progress")
    }

    /// Goods, money, where and when: the receipt in every message.
    pub fn receipt(&self, heading_key: &str) -> Vec<Named> {
        let mut facts = self.promises();
        facts.extend(self.facts());
        self.receipt_with(heading_key, facts)
    }

    /// The receipt of an order that will not come any more.
    pub fn receipt_without_promises(&self, heading_key: &str) -> Vec<Named> {
        self.receipt_with(heading_key, self.facts())
    }

    fn receipt_with(&self, heading_key: &str, facts: Vec<Fact>) -> Vec<Named> {
        let heading = self.say(heading_key, &[]);
        vec![
            Block::Divider.called("line_before_items"),
            Block::Items { heading, items: self.items() }.called("items"),
            Block::Totals(self.totals()).called("totals"),
            Block::Divider.called("line_before_facts"),
            Block::Facts(facts).called("facts"),
        ]
    }

    /// What was bought, line by line.
    pub fn items(&self) -> Vec<Item> {
        let no_links = crate::context::LineLinks::default();
        let lines = self.order.visible.lines.iter().enumerate();
        lines
            .map(|(at, line)| {
                let links = self.order.links.get(at).unwrap_or(&no_links);
                Item {
                    title: line.title.clone(),
                    detail: self.about(line),
                    price: self.money(line.unit_price.saturating_mul(i64::from(line.quantity))),
                    image_url: links.image_url.clone(),
                    url: links.url.clone(),
                }
            })
            .collect()
    }

    fn about(&self, line: &VisibleLine) -> String {
        let pieces = self.say("mail-pieces", &[("n", i64::from(line.quantity).into())]);
        match &line.variant {
            Some(variant) => {
                let variant = text::isolated_in(variant, self.given.locale);
                self.say("mail-item-about", &[("variant", (&variant).into()), ("pieces", (&pieces).into())])
            }
            None => pieces,
        }
    }

    fn totals(&self) -> Vec<TotalRow> {
        let (order, visible) = (self.order, &self.order.visible);
        let row = |key: &str, amount: String| TotalRow { label: self.say(key, &[]), amount, strong: false };
        let mut rows = vec![row("mail-subtotal", self.money(order.subtotal))];
        if visible.discount != 0 {
            rows.push(row("mail-discount", self.money(-visible.discount)));
        }
        let shipping =
            if visible.shipping == 0 { self.say("mail-free", &[]) } else { self.money(visible.shipping) };
        rows.push(row("mail-shipping", shipping));
        let tax_key = if order.tax_included { "mail-tax-included" } else { "mail-tax" };
        let tax = row(tax_key, self.money(order.tax));
        let total = TotalRow { strong: true, ..row("mail-total", self.money(visible.total)) };
        match (order.tax, order.tax_included) {
            (0, _) => rows.push(total),
            (_, true) => rows.extend([total, tax]),
            (_, false) => rows.extend([tax, total]),
        }
        if order.refunded > 0 {
            rows.push(row("mail-refunded", self.money(-order.refunded)));
        }
        rows
    }

    /// The days it leaves and arrives.
    fn promises(&self) -> Vec<Fact> {
        let fact = |key: &str, day: String| Fact { label: self.say(key, &[]), lines: vec![day] };
        let ships_key =
            if super::facts::is_made_to_order(self.order) { "mail-made-by" } else { "mail-ships-by" };
        let ships = self.order.visible.ships_by.map(|date| fact(ships_key, self.date(date)));
        let arrives = self.arriving().map(|days| fact("mail-arrives", days));
        [ships, arrives].into_iter().flatten().collect()
    }

    fn facts(&self) -> Vec<Fact> {
        let visible = &self.order.visible;
        let fact = |key: &str, lines: Vec<String>| Fact { label: self.say(key, &[]), lines };
        let address = visible.address.as_ref().map(|address| fact("mail-address", self.address(address)));
        let payment = fact("mail-payment", vec![self.say(payment_key(self.order.payment()), &[])]);
        let ordered_on =
            fact("mail-ordered-on", vec![self.date(self.order.placed_at.date_in(&self.given.shop.zone))]);
        let note =
            visible.note.as_ref().map(|note| fact("mail-note", note.lines().map(str::to_owned).collect()));
        [address, Some(payment), Some(ordered_on), note].into_iter().flatten().collect()
    }

    fn address(&self, address: &Address) -> Vec<String> {
        address_lines(address, &self.given.wording.catalogue().country(self.given.locale, &address.country))
    }

    /// What changed, each with how it was and how it is.
    pub fn changed(&self) -> Named {
        Block::Changes(self.order.changes.iter().map(|difference| self.change(difference)).collect())
            .called("changes")
    }

    fn change(&self, difference: &Difference) -> Change {
        let change = |label: String, before: String, after: String| Change { label, before, after };
        let date = |date: &Option<Date>| date.map(|date| self.date(date)).unwrap_or_default();
        let address = |address: &Option<Address>| {
            address.as_ref().map(|a| self.address(a).join(", ")).unwrap_or_default()
        };
        match difference {
            Difference::LineAdded { line } => change(line.title.clone(), String::new(), self.priced(line)),
            Difference::LineRemoved { line } => change(line.title.clone(), self.priced(line), String::new()),
            Difference::LineChanged { before, after } => {
                change(after.title.clone(), self.priced(before), self.priced(after))
            }
            Difference::Address { before, after } => {
                change(self.say("mail-address", &[]), address(before), address(after))
            }
            Difference::ShipsBy { before, after } => {
                change(self.say("mail-ships-by", &[]), date(before), date(after))
            }
            Difference::Delivery { before, after } => {
                let days =
                    |days: &(Option<Date>, Option<Date>)| self.days(days.0, days.1).unwrap_or_default();
                change(self.say("mail-arrives", &[]), days(before), days(after))
            }
            Difference::Shipping { before, after } => self.money_change("mail-shipping", *before, *after),
            Difference::Discount { before, after } => self.money_change("mail-discount", *before, *after),
            Difference::Total { before, after } => self.money_change("mail-total", *before, *after),
            Difference::Note { before, after } => {
                let note = |note: &Option<String>| note.clone().unwrap_or_default();
                change(self.say("mail-note", &[]), note(before), note(after))
            }
        }
    }

    fn money_change(&self, key: &str, before: i64, after: i64) -> Change {
        Change { label: self.say(key, &[]), before: self.money(before), after: self.money(after) }
    }

    fn priced(&self, line: &VisibleLine) -> String {
        let price = self.money(line.unit_price.saturating_mul(i64::from(line.quantity)));
        format!("{}, {price}", self.about(line))
    }

    /// Why the person got this, and where to ask.
    pub fn footer(&self, why_key: &str) -> Named {
        let brand = &self.given.shop.brand;
        let why = self.say(why_key, &[("number", (&self.number).into()), ("shop", (&self.shop_name).into())]);
        // The ways to reach a person come with the footer itself.
        let faq = brand.faq_url.clone().map(|url| (self.say("mail-faq", &[]), url));
        Block::Footer { why, links: faq.into_iter().collect() }.called("footer")
    }

    /// The order for mail programs that read structured data (schema.org/Order).
    pub fn json_ld(&self, status: &str) -> Option<Value> {
        let order = self.order;
        let offers: Vec<Value> = order.visible.lines.iter().map(|line| self.offer(line)).collect();
        Some(json!({
            "@context": "https://schema.org",
            "@type": "Order",
            "orderNumber": order.number,
            "orderDate": order.placed_at.to_string(),
            "orderStatus": format!("https://schema.org/{status}"),
            "merchant": { "@type": "Organization", "name": self.given.shop.brand.name },
            "priceCurrency": order.currency.code(),
            "price": order.money(order.visible.total).decimal(),
            "url": order.url,
            "acceptedOffer": offers,
            "potentialAction": { "@type": "ViewAction", "name": self.say("mail-see-order", &[]), "target": order.url },
        }))
    }

    fn offer(&self, line: &VisibleLine) -> Value {
        json!({
            "@type": "Offer",
            "itemOffered": { "@type": "Product", "name": line.title },
            "price": self.order.money(line.unit_price).decimal(),
            "priceCurrency": self.order.currency.code(),
            "eligibleQuantity": { "@type": "QuantitativeValue", "value": line.quantity },
        })
    }
}

fn payment_key(payment: Payment) -> &'static str {
    match payment {
        Payment::Pending => "mail-payment-pending",
        Payment::Authorized => "mail-payment-authorized",
        Payment::Paid | Payment::PartiallyRefunded => "mail-payment-paid",
        Payment::Refunded => "mail-payment-refunded",
        Payment::Voided => "mail-payment-voided",
    }
}

fn copied<'a>(arg: &Arg<'a>) -> Arg<'a> {
    match arg {
        Arg::Text(text) => Arg::Text(text),
        Arg::Count(count) => Arg::Count(*count),
    }
}
