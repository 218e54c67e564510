//! What went back to the customer: the successful refund transactions, in the shop's currency.
//!
//! A refund is told twice: inside every later version of its order, and alone under a topic of its own, which may
//! come before the order itself. Both carry the same identifier, so they add up once.

use kernel::fields::Fields;
use kernel::{Currency, Result, Timestamp};
use orders::incoming::{IncomingRefund, MAX_LINES, MAX_MINOR, Payment};

use super::body::{Order, Refund, Transaction};
use super::totals;
use crate::inbox::Content;
use crate::reading::{Plain, identifier, items, unreadable};

/// Reads a refund that comes alone.
pub fn parse(body: &[u8], source: String) -> Result<Content> {
    let told: Refund = serde_json::from_slice(body).map_err(|error| unreadable("a refund", &error))?;
    let mut fields = Fields::believing();
    let order = identifier(&mut fields, "/order_id", &told.order_id);
    let currency = currency(&mut fields, &told);
    let refund = match currency {
        Some(currency) => one(&mut fields, "", &told, currency, None),
        None => None,
    };
    let order = fields.finish_with(order)?;
    let refund = currency.zip(refund).map(|(currency, refund)| (currency, Box::new(refund)));
    Ok(Content::Refund { source, order, refund })
}

/// The currency of the first refund that happened; none when none did.
fn currency(fields: &mut Fields, told: &Refund) -> Option<Currency> {
    let happened = items(&told.transactions).iter().find(|transaction| happened(transaction))?;
    let code = fields.required("/transactions/0/currency", happened.currency.text())?;
    fields.parsed("/transactions/0/currency", code, Currency::parse)
}

/// The refunds of an order, one by one; none of them where one has no identifier, for then only their sum is known.
pub fn refunds(
    fields: &mut Fields,
    order: &Order,
    currency: Currency,
    updated_at: Timestamp,
) -> Vec<IncomingRefund> {
    let told = items(&order.refunds);
    if told.len() > MAX_LINES {
        fields.fault("/refunds", "too_many", format!("An order has at most {MAX_LINES} refunds."));
        return Vec::new();
    }
    if told.iter().any(|refund| refund.id.text().is_none()) {
        return Vec::new();
    }
    let refunds = told.iter().enumerate();
    refunds
        .filter_map(|(place, told)| {
            one(fields, &format!("/refunds/{place}"), told, currency, Some(updated_at))
        })
        .collect()
}

/// One refund; none while nothing of it has happened.
fn one(
    fields: &mut Fields,
    at: &str,
    told: &Refund,
    currency: Currency,
    else_at: Option<Timestamp>,
) -> Option<IncomingRefund> {
    let external_id = identifier(fields, &format!("{at}/id"), &told.id)?;
    let amount_minor =
        sum(fields, &format!("{at}/transactions"), told, currency).filter(|minor| *minor > 0)?;
    let time = told.processed_at.text().or(told.created_at.text());
    let at = match (time, else_at) {
        (None, Some(at)) => at,
        (time, _) => {
            let pointer = format!("{at}/processed_at");
            let text = fields.required(&pointer, time)?;
            fields.instant(&pointer, text)?
        }
    };
    Some(IncomingRefund { external_id, amount_minor, at })
}

/// What went back by an order as a whole. One that is told as refunded without any transaction had all of its `total`
/// given back.
pub fn refunded(fields: &mut Fields, order: &Order, currency: Currency, total: i64) -> i64 {
    let told = items(&order.refunds).iter().filter_map(|refund| sum(fields, "/refunds", refund, currency));
    let sum = told.reduce(i64::saturating_add);
    match (sum, totals::payment(order)) {
        (Some(sum), _) => fields.amount("/refunds", sum, MAX_MINOR).unwrap_or(0),
        (None, Payment::Refunded) => total,
        (None, _) => 0,
    }
}

/// The sum of what happened in this currency; none when nothing did.
fn sum(fields: &mut Fields, pointer: &str, refund: &Refund, currency: Currency) -> Option<i64> {
    let ours = |transaction: &&Transaction| {
        happened(transaction) && transaction.currency.text().is_none_or(|code| code == currency.code())
    };
    let amounts = items(&refund.transactions).iter().filter(ours).filter_map(|t| t.amount.text());
    let minor = amounts.map(|amount| fields.decimal(pointer, amount, currency, MAX_MINOR).unwrap_or(0));
    minor.reduce(i64::saturating_add)
}

fn happened(transaction: &Transaction) -> bool {
    let succeeded = |status: &Plain| status.word().is_none_or(|status| status == "success");
    transaction.kind.word().as_deref() == Some("refund") && succeeded(&transaction.status)
}
