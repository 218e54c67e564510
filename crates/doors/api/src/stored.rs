//! What the orders room gives back, and what the API shows beside it. The only place that knows how stored orders are
//! read.

use customers::Consent;
use db::Read;
use kernel::{Channel, CustomerId, Purpose, Result, Shop, Timestamp};
use orders::incoming::IncomingOrder;
use orders::{OrderId, OrderLink, StoredOrder};

/// An order as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    /// The order.
    pub id: OrderId,
    /// Whose it is.
    pub customer: CustomerId,
    /// The customer's page.
    pub url: String,
    /// What it is, in the shape it came in. Preferences live with the customer and are theirs of this moment.
    pub order: IncomingOrder,
    /// What the customer last answered about marketing.
    pub consents: Vec<Said>,
}

/// An answer to a question for consent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// For which channel.
    pub channel: Channel,
    /// Yes or no.
    pub granted: bool,
    /// The words that stood beside the box, where they are known.
    pub wording: Option<String>,
    /// When it was said.
    pub at: Timestamp,
}

/// The stored order by this identifier.
pub fn stored(r: &mut Read<'_>, id: &OrderId) -> Result<Option<Stored>> {
    match orders::stored(r, id)? {
        Some(found) => completed(r, found).map(Some),
        None => Ok(None),
    }
}

/// At most `limit` stored orders, newest first, those after `after` in that order.
pub fn list(r: &mut Read<'_>, after: Option<&OrderId>, limit: u32) -> Result<Vec<Stored>> {
    let found = orders::list(r, after, i64::from(limit))?;
    found.into_iter().map(|found| completed(r, found)).collect()
}

fn completed(r: &mut Read<'_>, found: StoredOrder) -> Result<Stored> {
    let person = customers::person(r, &found.customer)?;
    let mut order = found.order;
    order.customer.preferred_channel = person.preferred_channel;
    order.customer.time_zone = person.zone;
    let url = OrderLink::new(found.id.clone(), r.now).url(r.wired::<Shop>()?);
    let marketing = person.consents.into_iter().map(|answer| answer.consent);
    let marketing = marketing.filter(|consent| consent.purpose == Purpose::Marketing);
    Ok(Stored { id: found.id, customer: found.customer, url, order, consents: marketing.map(said).collect() })
}

fn said(consent: Consent) -> Said {
    Said { channel: consent.channel, granted: consent.granted, wording: consent.wording, at: consent.said_at }
}
