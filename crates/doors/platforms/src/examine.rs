//! What a request would be taken for, without a database: the same steps that a webhook goes through, in one breath.

use axum::http::HeaderMap;
use kernel::{Currency, Result, Timestamp};

use crate::connections::Live;
use crate::inbox::Content;
use crate::platform::{Accepted, Call};
use crate::products::Notice;
use crate::store::{State, Waiting};
use crate::{ConnectionId, Platform};

/// A request, and what is known of the connection it came to.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// Which connection.
    pub connection: &'a ConnectionId,
    /// Which platform it is.
    pub platform: Platform,
    /// What its webhooks are signed with.
    pub secret: &'a str,
    /// The shop's currency, for products told without one.
    pub currency: Currency,
    /// The headers.
    pub headers: &'a HeaderMap,
    /// The raw bytes.
    pub body: &'a [u8],
    /// When it came.
    pub now: Timestamp,
}

/// Checks the request and reads it; `None` for one that is accepted and tells nothing we act on, a ping among them.
/// Nothing is stored. The error is what the platform is told, or what the webhook would be parked with.
pub fn examine(asked: &Asked<'_>) -> Result<Option<Content>> {
    let live = Live {
        platform: asked.platform,
        secret: asked.secret.to_owned(),
        old_secret: None,
        webhook_at: None,
    };
    let call = Call {
        connection: asked.connection,
        live: &live,
        headers: asked.headers,
        token: None,
        body: asked.body,
        now: asked.now,
    };
    let delivery = match asked.platform.accept(&call)? {
        Accepted::Ping => return Ok(None),
        Accepted::Delivery(delivery) => delivery,
    };
    if !asked.platform.reads(&delivery.topic) {
        return Ok(None);
    }
    let source = format!("{}:{}", asked.platform.as_str(), asked.connection);
    if asked.platform.tells_product(&delivery.topic) {
        let notice = Notice { source: &source, currency: asked.currency, now: asked.now };
        let told = asked.platform.read_product(&delivery.topic, &delivery.body, &notice)?;
        return Ok(Some(Content::Product { source, told }));
    }
    let waiting = Waiting {
        connection: delivery.connection,
        source: asked.platform.as_str().to_owned(),
        topic: delivery.topic,
        triggered_at: delivery.triggered_at,
        body: delivery.body,
        state: State::Received.as_str().to_owned(),
    };
    asked.platform.read(&waiting, source, asked.now).map(Some)
}
