//! An order as it is written in JSON: the shape of `POST /v1/orders`, and of the webhooks of shops that write the
//! same. Pure.
//!
//! There are two manners of reading it. [`read`] refuses whatever is wrong, for the caller can mend it and reads our
//! answer. [`believe`] is for a shop that has signed what it says and will not mend it: what is unknown is passed over,
//! what is unreadable and not needed is absent, and totals that don't add up are noted at the order. It also knows how
//! far the goods and the money have got ([`progress`]), which a caller of the API does not tell.

mod order;
mod progress;

#[cfg(test)]
mod tests;

use kernel::fields::Fields;
use kernel::object::Object;
use kernel::{Result, Timestamp};
use serde_json::Value;

use crate::incoming::{CLOCKS_DIFFER_BY, IncomingOrder};

/// Who tells an order, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Teller<'a> {
    /// What orders of this shop are stored under, such as `vendure:con_…`; what the order itself says does not count.
    pub source: &'a str,
    /// When the shop looked at what it tells.
    pub triggered_at: Option<Timestamp>,
}

/// Reads an order strictly. `now` bounds the instants that have happened already.
pub fn read(value: &Value, now: Timestamp) -> Result<IncomingOrder> {
    read_as(value, None, now)
}

/// Reads an order whose teller is believed.
pub fn believe(value: &Value, teller: Teller<'_>, now: Timestamp) -> Result<IncomingOrder> {
    read_as(value, Some(teller), now)
}

fn read_as(value: &Value, teller: Option<Teller<'_>>, now: Timestamp) -> Result<IncomingOrder> {
    let mut fields = if teller.is_some() { Fields::believing() } else { Fields::strict() };
    let latest = now + CLOCKS_DIFFER_BY;
    let read = Object::new(&mut fields, "", value)
        .and_then(|body| order::order(&mut fields, body, teller.as_ref(), latest));
    let incoming = fields.finish_with(read)?;
    incoming.check()?;
    Ok(incoming)
}
