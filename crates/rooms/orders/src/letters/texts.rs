//! The same messages as texts: one fact and one link.

use kernel::Result;
use kernel::words::Arg;
use messaging::Given;
use messaging::text_letter::TextLetter;
use serde::Deserialize;

use crate::context::{MoneyBack, OrderContext};
use crate::incoming::Payment;
use crate::letters::letter::CodeContext;
use crate::letters::{facts, parts::Parts};
use crate::visible::Difference;

/// The confirmation: paid, awaiting payment, made to order.
pub fn confirmation(given: &Given<'_>) -> Result<TextLetter> {
    let order = OrderContext::deserialize(given.context)?;
    let say = Said::new(given, &order);
    let keys: &[&str] = if order.payment() == Payment::Pending {
        &["text-awaiting", "text-awaiting-short"]
    } else if facts::is_made_to_order(&order) {
        &["text-making", "text-making-short"]
    } else if say.dates.is_some() {
        &["text-confirmation-arrives", "text-confirmation-arrives-short", "text-confirmation-short"]
    } else {
        &["text-confirmation", "text-confirmation-short"]
    };
    Ok(say.with_link(keys))
}

/// That the payment we waited for is here.
pub fn payment_received(given: &Given<'_>) -> Result<TextLetter> {
    let order = OrderContext::deserialize(given.context)?;
    Ok(Said::new(given, &order).with_link(&["text-payment", "text-payment-short"]))
}

/// That it changed: when it arrives, what it costs, or that there is something to read.
pub fn updated(given: &Given<'_>) -> Result<TextLetter> {
    let order = OrderContext::deserialize(given.context)?;
    let say = Said::new(given, &order);
    let only_days = order.changes.iter().all(|change| matches!(change, Difference::Delivery { .. }));
    let money = order.changes.iter().any(|change| matches!(change, Difference::Total { .. }));
    let fullest = match (only_days && !order.changes.is_empty() && say.dates.is_some(), money) {
        (true, _) => "text-updated-arrives",
        (false, true) => "text-updated-total",
        (false, false) => "text-updated",
    };
    Ok(say.with_link(&[fullest, "text-updated-short"]))
}

/// That it is cancelled, and what happens to the money.
pub fn cancelled(given: &Given<'_>) -> Result<TextLetter> {
    let order = OrderContext::deserialize(given.context)?;
    let (key, amount) = match order.money_back() {
        MoneyBack::NothingPaid => ("text-cancelled-unpaid", 0),
        MoneyBack::Released => ("text-cancelled-released", 0),
        MoneyBack::Sent(minor) => ("text-cancelled-sent", minor),
        MoneyBack::Due(minor) => ("text-cancelled-due", minor),
    };
    let amount = order.money(amount).shown(given.locale);
    Ok(Said { amount, ..Said::new(given, &order) }.with_link(&[key, "text-cancelled-short"]))
}

/// That money went back, and how much.
pub fn refunded(given: &Given<'_>) -> Result<TextLetter> {
    let order = OrderContext::deserialize(given.context)?;
    let amount = order.money(order.sent_back).shown(given.locale);
    let say = Said { amount, ..Said::new(given, &order) };
    Ok(say.with_link(&["text-refunded", "text-refunded-short"]))
}

/// A code that shows the full address, without a link.
pub fn code(given: &Given<'_>) -> Result<TextLetter> {
    let context = CodeContext::deserialize(given.context)?;
    let say = Said { code: context.code.clone(), ..Said::new(given, &context.order) };
    Ok(TextLetter { facts: say.all(&["text-code", "text-code-short"]), link: None })
}

/// The link to its page, for somebody who has lost it.
pub fn link(given: &Given<'_>) -> Result<TextLetter> {
    let order = OrderContext::deserialize(given.context)?;
    Ok(Said::new(given, &order).with_link(&["text-link", "text-link-short"]))
}

/// An order and what the sentences may name of it.
struct Said<'a> {
    given: &'a Given<'a>,
    order: &'a OrderContext,
    amount: String,
    dates: Option<String>,
    code: String,
}

impl<'a> Said<'a> {
    fn new(given: &'a Given<'a>, order: &'a OrderContext) -> Self {
        let parts = Parts::new(given, order);
        let (amount, dates) = (parts.money(order.visible.total), parts.arriving());
        Said { given, order, amount, dates, code: String::new() }
    }

    fn with_link(&self, keys: &[&str]) -> TextLetter {
        let link = self.order.short_url.clone().unwrap_or_else(|| self.order.url.clone());
        TextLetter { facts: self.all(keys), link: Some(link) }
    }

    fn all(&self, keys: &[&str]) -> Vec<String> {
        keys.iter().map(|key| self.say(key)).collect()
    }

    fn say(&self, key: &str) -> String {
        let parts = Parts::new(self.given, self.order);
        let date = self.order.visible.ships_by.map(|date| parts.date(date)).unwrap_or_default();
        // Never isolated: two invisible marks would make a text of one segment one of three.
        let args = [
            ("number", Arg::from(&self.order.number)),
            ("amount", (&self.amount).into()),
            ("dates", self.dates.as_deref().unwrap_or_default().into()),
            ("date", (&date).into()),
            ("code", (&self.code).into()),
        ];
        self.given.wording.say(self.given.locale, key, &args)
    }
}
