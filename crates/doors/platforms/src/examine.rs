//! What a request would be taken for, and what an answer to our asking, without a database: the same steps that a webhook
//! and a polled list go through, in one breath.

use axum::http::HeaderMap;
use egress::Answer;
use kernel::{Currency, Error, Result, Timestamp};
use url::Url;

use crate::connections::{Api, Live};
use crate::health::Subscription;
use crate::inbox::{Content, Delivery};
use crate::platform::{Accepted, Call};
use crate::poll::{Ask, Cursor, Trouble, judge};
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
    asked.platform.read(&waiting(delivery, asked.platform), source, asked.now).map(Some)
}

/// A platform whose API is asked, and how.
#[derive(Clone, Debug)]
pub struct Polled<'a> {
    /// Which platform it is.
    pub platform: Platform,
    /// Which connection.
    pub connection: &'a ConnectionId,
    /// Where its API is.
    pub api_url: &'a str,
    /// The key that goes with every request.
    pub api_key: &'a str,
    /// Where its webhooks go.
    pub hook_url: &'a str,
    /// When it is asked.
    pub now: Timestamp,
}

/// What an answer to a request for changed orders would be taken for.
#[derive(Debug)]
pub struct Listed {
    /// Each order as it would be stored, and what it would be read as.
    pub orders: Vec<(Vec<u8>, Result<Content>)>,
    /// What would be asked for next, with the key: the rest of the list, or what changes after it.
    pub next: Url,
    /// Since when that is.
    pub since: Timestamp,
}

impl Polled<'_> {
    /// Reads an answer to the request for orders changed since, or for the rest of a list that goes on at `next`.
    /// Nothing is stored. The error is what the connection's page says.
    pub fn list(&self, answer: Answer, since: Timestamp, next: Option<&str>) -> Result<Listed> {
        let answer = judge(answer).map_err(in_words)?;
        let ask = Ask { since, next: next.map(str::to_owned) };
        let page = self.platform.orders_page(&answer, &ask)?;
        let cursor = Cursor::new(since).after(&ask, &page, self.now).map_err(in_words)?;
        let cursor = Cursor::parse(&serde_json::to_string(&cursor)?)?;
        let orders = page.orders.iter().map(|order| {
            let delivery = Delivery::fetched(self.connection, self.platform, order, self.now);
            (order.body.clone(), self.read(delivery))
        });
        let ask = cursor.ask();
        let request = self.platform.orders_request(&self.api(), &ask)?;
        Ok(Listed { orders: orders.collect(), next: request.url, since: ask.since })
    }

    /// Reads an answer to the request for our webhooks: where the requests that bring them back would go, with the key.
    pub fn webhooks(&self, answer: Answer) -> Result<Vec<Url>> {
        let hooks = self.platform.hooks(&judge(answer).map_err(in_words)?)?;
        let mend = self.platform.mend(&self.api(), &hooks, Subscription::Active);
        let requests = mend.requests.iter();
        requests
            .map(|change| Ok(self.platform.authorised(&self.api(), change.method, &change.path)?.url))
            .collect()
    }

    fn read(&self, delivery: Delivery) -> Result<Content> {
        let source = format!("{}:{}", self.platform.as_str(), self.connection);
        self.platform.read(&waiting(delivery, self.platform), source, self.now)
    }

    fn api(&self) -> Api {
        Api { url: self.api_url.to_owned(), key: self.api_key.to_owned(), hook_url: self.hook_url.to_owned() }
    }
}

fn in_words(trouble: Trouble) -> Error {
    Error::new(kernel::Kind::Unreadable, "trouble", trouble.words)
}

fn waiting(delivery: Delivery, platform: Platform) -> Waiting {
    Waiting {
        connection: delivery.connection,
        source: platform.as_str().to_owned(),
        topic: delivery.topic,
        triggered_at: delivery.triggered_at,
        body: delivery.body,
        state: State::Received.as_str().to_owned(),
    }
}
