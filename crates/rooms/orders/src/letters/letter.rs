//! The letters: which blocks, in which order. The answer first; what it means; everything else behind it.

use kernel::words::Arg;
use kernel::{Result, Timestamp};
use messaging::Given;
use messaging::letter::{Block, Letter, Named};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::context::{MoneyBack, OrderContext};
use crate::incoming::Payment;
use crate::letters::{facts, parts::Parts};
use crate::visible::{Difference, Visible, VisibleLine};

/// The confirmation: paid, awaiting payment, made to order, gift.
pub fn confirmation(given: &Given<'_>) -> Result<Letter> {
    let order = read(given)?;
    let parts = Parts::new(given, &order);
    let (subject, preheader, answer) = if order.payment() == Payment::Pending {
        awaiting(&parts)
    } else if facts::is_made_to_order(&order) {
        making(&parts)
    } else {
        ordered(&parts)
    };
    let mut blocks = vec![parts.brand(), answer, parts.progress(), parts.see_order()];
    if order.is_gift {
        blocks.push(Block::Text(parts.say("mail-gift", &[])).called("gift"));
    }
    blocks.extend(parts.receipt("mail-items"));
    blocks.push(parts.footer("mail-why-order"));
    Ok(letter(given, subject, preheader, blocks, parts.json_ld("OrderProcessing")))
}

fn awaiting(parts: &Parts<'_>) -> (String, String, Named) {
    let amount = parts.sum(parts.order.visible.total);
    let args = [("amount", Arg::from(&amount)), ("number", (&parts.number).into())];
    let answer = parts.answer("mail-awaiting-heading", parts.say("mail-awaiting-line", &args));
    (parts.say("mail-awaiting-subject", &args), parts.say("mail-awaiting-preheader", &args), answer)
}

fn making(parts: &Parts<'_>) -> (String, String, Named) {
    let date = parts.order.visible.ships_by.map(|date| parts.date(date)).unwrap_or_default();
    let args = [("date", Arg::from(&date)), ("number", (&parts.number).into())];
    let answer = parts.answer("mail-making-heading", parts.thank("mail-making-line", &args));
    (parts.say("mail-making-subject", &args), parts.say("mail-making-preheader", &args), answer)
}

fn ordered(parts: &Parts<'_>) -> (String, String, Named) {
    let subject = parts.say("mail-confirmation-subject", &[("number", (&parts.number).into())]);
    let preheader = match parts.order.visible.ships_by {
        Some(date) => parts.say("mail-confirmation-preheader-ships", &[("date", (&parts.date(date)).into())]),
        None => parts.say("mail-confirmation-preheader", &[("shop", (&parts.shop_name).into())]),
    };
    let heading = match parts.arriving() {
        Some(dates) => parts.say("mail-arriving-heading", &[("dates", (&dates).into())]),
        None => parts.say("mail-confirmation-heading", &[]),
    };
    let answer = parts.said(heading, parts.thank("mail-confirmation-line", &[]));
    (subject, preheader, answer)
}

/// That the payment we waited for is here.
pub fn payment_received(given: &Given<'_>) -> Result<Letter> {
    let order = read(given)?;
    let parts = Parts::new(given, &order);
    let amount = parts.sum(order.visible.total);
    let args = [("amount", Arg::from(&amount)), ("number", (&parts.number).into())];
    let answer = parts.answer("mail-payment-heading", parts.say("mail-payment-line", &args));
    let mut blocks = vec![parts.brand(), answer, parts.progress(), parts.see_order()];
    blocks.extend(parts.receipt("mail-items"));
    blocks.push(parts.footer("mail-why-order"));
    let (subject, preheader) =
        (parts.say("mail-payment-subject", &args), parts.say("mail-payment-preheader", &args));
    Ok(letter(given, subject, preheader, blocks, parts.json_ld("OrderProcessing")))
}

/// What changed, and how the order stands now.
pub fn updated(given: &Given<'_>) -> Result<Letter> {
    let order = read(given)?;
    let parts = Parts::new(given, &order);
    let args = [("number", Arg::from(&parts.number))];
    let answer = parts.answer("mail-updated-heading", parts.say("mail-updated-line", &args));
    let mut blocks = vec![parts.brand(), answer, parts.changed(), parts.see_order()];
    blocks.extend(parts.receipt("mail-items-now"));
    blocks.push(parts.footer("mail-why-order"));
    let (subject, preheader) =
        (parts.say("mail-updated-subject", &args), parts.say("mail-updated-preheader", &args));
    Ok(letter(given, subject, preheader, blocks, parts.json_ld("OrderProcessing")))
}

/// That it is cancelled, and what happens to the money.
pub fn cancelled(given: &Given<'_>) -> Result<Letter> {
    let order = read(given)?;
    let parts = Parts::new(given, &order);
    let (outcome, amount) = match order.money_back() {
        MoneyBack::NothingPaid => ("unpaid", 0),
        MoneyBack::Released => ("released", 0),
        MoneyBack::Sent(minor) => ("sent", minor),
        MoneyBack::Due(minor) => ("due", minor),
    };
    let amount = parts.sum(amount);
    let args = [("amount", Arg::from(&amount)), ("number", (&parts.number).into())];
    let line = parts.say(&format!("mail-cancelled-line-{outcome}"), &args);
    let mut blocks = vec![parts.brand(), parts.answer("mail-cancelled-heading", line), parts.see_order()];
    blocks.extend(parts.receipt_without_promises("mail-items"));
    blocks.push(parts.footer("mail-why-order"));
    let subject = parts.say("mail-cancelled-subject", &args);
    let preheader = parts.say(&format!("mail-cancelled-preheader-{outcome}"), &args);
    Ok(letter(given, subject, preheader, blocks, parts.json_ld("OrderCancelled")))
}

/// What the code's message is written from.
#[derive(Serialize, Deserialize)]
pub struct CodeContext {
    /// The six digits.
    pub code: String,
    /// The order.
    pub order: OrderContext,
}

/// A code that shows the full address.
pub fn code(given: &Given<'_>) -> Result<Letter> {
    let context = CodeContext::deserialize(given.context)?;
    let parts = Parts::new(given, &context.order);
    let args = [("code", Arg::from(&context.code)), ("number", (&parts.number).into())];
    let blocks = vec![
        parts.brand(),
        parts.answer("mail-code-heading", parts.say("mail-code-line", &args)),
        Block::Code(context.code.clone()).called("code"),
        Block::Text(parts.say("mail-code-not-you", &[])).called("not_you"),
        parts.footer("mail-why-code"),
    ];
    let (subject, preheader) = (parts.say("mail-code-subject", &args), parts.say("mail-code-preheader", &[]));
    Ok(letter(given, subject, preheader, blocks, None))
}

/// The link to the order's page, for somebody who has lost it.
pub fn link(given: &Given<'_>) -> Result<Letter> {
    let order = read(given)?;
    let parts = Parts::new(given, &order);
    let args = [("number", Arg::from(&parts.number))];
    let blocks = vec![
        parts.brand(),
        parts.answer("mail-link-heading", parts.say("mail-link-line", &args)),
        parts.see_order(),
        Block::Text(parts.say("mail-link-not-you", &[])).called("not_you"),
        parts.footer("mail-why-link"),
    ];
    let (subject, preheader) = (parts.say("mail-link-subject", &args), parts.say("mail-link-preheader", &[]));
    Ok(letter(given, subject, preheader, blocks, None))
}

pub(super) fn read(given: &Given<'_>) -> Result<OrderContext> {
    Ok(OrderContext::deserialize(given.context)?)
}

pub(super) fn letter(
    given: &Given<'_>,
    subject: String,
    preheader: String,
    blocks: Vec<Named>,
    json_ld: Option<Value>,
) -> Letter {
    let preheader = kernel::text::shortened(&preheader, 90);
    Letter { locale: given.locale.clone(), subject, preheader, blocks, json_ld }
}

/// An order to render in tests and previews.
pub fn sample() -> Value {
    json!(sample_order())
}

/// The same order after a change.
pub fn sample_changed() -> Value {
    let mut order = sample_order();
    let before = order.visible.lines[0].clone();
    order.visible.lines[0].quantity = 3;
    order.visible.total = 3995;
    let after = order.visible.lines[0].clone();
    order.changes =
        vec![Difference::LineChanged { before, after }, Difference::Total { before: 2795, after: 3995 }];
    json!(order)
}

/// A code for the same order.
pub fn sample_code() -> Value {
    json!(CodeContext { code: "493817".to_owned(), order: sample_order() })
}

pub(super) fn sample_order() -> OrderContext {
    let line = VisibleLine {
        external_id: "l1".to_owned(),
        title: "First Flush Darjeeling".to_owned(),
        variant: Some("100 g".to_owned()),
        quantity: 2,
        unit_price: 1200,
    };
    let date = |text: &str| kernel::time::parse_date(text).ok();
    let address = crate::incoming::Address {
        name: Some("Amina Khan".to_owned()),
        line1: "14 Elm Row".to_owned(),
        city: "Leeds".to_owned(),
        postcode: Some("LS6 2AB".to_owned()),
        country: "GB".to_owned(),
        ..Default::default()
    };
    OrderContext {
        number: "#1042".to_owned(),
        url: "https://orders.northwind.example/o/sample".to_owned(),
        short_url: Some("https://orders.northwind.example/s/7q2x4m9kc0v3w5t".to_owned()),
        name: Some("Amina Khan".to_owned()),
        placed_at: Timestamp::from_ms(1_795_168_800_000),
        currency: kernel::Currency::parse("GBP").expect("GBP is a currency"),
        payment: "paid".to_owned(),
        has_left: false,
        visible: Visible {
            lines: vec![line],
            shipping: 395,
            total: 2795,
            address: Some(address),
            ships_by: date("2026-11-23"),
            delivered_from: date("2026-11-25"),
            delivered_to: date("2026-11-27"),
            ..Visible::default()
        },
        subtotal: 2400,
        tax: 466,
        tax_included: true,
        refunded: 0,
        sent_back: 0,
        is_cancelled: false,
        is_gift: false,
        links: Vec::new(),
        changes: Vec::new(),
    }
}
