//! That money went back: how much, where to, and how the order stands now.

use kernel::Result;
use kernel::words::Arg;
use messaging::Given;
use messaging::letter::Letter;
use serde_json::{Value, json};

use super::letter::{letter, read, sample_order};
use super::parts::Parts;

/// The letter. What changed with the refund is told in it too, so that one flurry is one message.
pub fn refunded(given: &Given<'_>) -> Result<Letter> {
    let order = read(given)?;
    let parts = Parts::new(given, &order);
    let amount = parts.money(order.sent_back);
    let args = [("amount", Arg::from(&amount)), ("number", (&parts.number).into())];
    let heading = parts.say("mail-refunded-heading", &args);
    let mut blocks = vec![parts.brand(), parts.said(heading, line(&parts))];
    if !order.changes.is_empty() {
        blocks.push(parts.changed());
    }
    blocks.push(parts.see_order());
    blocks.extend(match order.is_cancelled {
        true => parts.receipt_without_promises("mail-items"),
        false => parts.receipt(if order.changes.is_empty() { "mail-items" } else { "mail-items-now" }),
    });
    blocks.push(parts.footer("mail-why-order"));
    let (subject, preheader) =
        (parts.say("mail-refunded-subject", &args), parts.say("mail-refunded-preheader", &args));
    let status = if order.is_cancelled { "OrderCancelled" } else { "OrderProcessing" };
    Ok(letter(given, subject, preheader, blocks, parts.json_ld(status)))
}

/// Where it goes and how long it takes; with an earlier refund, what that makes together.
fn line(parts: &Parts<'_>) -> String {
    let order = parts.order;
    if order.refunded > order.sent_back {
        let sum = parts.money(order.refunded);
        return parts.say("mail-refunded-line-more", &[("sum", (&sum).into())]);
    }
    parts.say("mail-refunded-line", &[])
}

/// The order of which a part went back.
pub fn sample() -> Value {
    let mut order = sample_order();
    order.payment = "partially_refunded".to_owned();
    order.refunded = 1800;
    order.sent_back = 1200;
    json!(order)
}
