//! The platforms, and the one seam between each of them and everything else here.
//! A tracking service is one, too: it is connected, signs and sends as a shop does, and tells of parcels alone.
//!
//! A platform is a folder with three answers: [`Platform::accept`] checks a request and makes a [`Delivery`] of it,
//! [`Platform::reads`] says whether a topic tells something we act on, and [`Platform::read`] makes an order, or what
//! else there is to tell, of a body. Everything around them, from the size cap to the version guard, is the same for all.

use std::time::Duration;

use axum::http::HeaderMap;
use carriers::Service;
use egress::{Answer, Request};
use kernel::webhooks::Secret;
use kernel::{Dice, Error, Keys, Kind, Result, Timestamp, text};

use crate::connections::{Api, Live};
use crate::health::Subscription;
use crate::inbox::{Content, Delivery};
use crate::poll::{Ask, Hook, Mend, Page};
use crate::products::{Notice, Told};
use crate::store::Waiting;
use crate::{ConnectionId, shopify, standard, trackers, vendure, woocommerce};

/// The most characters of a header we keep.
const MAX_HEADER: usize = 200;

/// A kind of shop, or a service that follows the parcels of any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Platform {
    /// Shopify.
    Shopify,
    /// WooCommerce, the shop plugin of WordPress.
    Woocommerce,
    /// Vendure.
    Vendure,
    /// Anything that speaks Standard Webhooks and tells orders as our own API takes them.
    Generic,
    /// A service that tells what happens to parcels, and knows no orders.
    Tracker(Service),
}

impl Platform {
    /// Every platform there is a word for.
    pub const ALL: [Platform; 7] = [
        Platform::Shopify,
        Platform::Woocommerce,
        Platform::Vendure,
        Platform::Generic,
        Platform::Tracker(Service::Aftership),
        Platform::Tracker(Service::Easypost),
        Platform::Tracker(Service::Shippo),
    ];

    /// The word used in rows, in addresses and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Platform::Shopify => "shopify",
            Platform::Woocommerce => "woocommerce",
            Platform::Vendure => "vendure",
            Platform::Generic => "generic",
            Platform::Tracker(service) => service.as_str(),
        }
    }

    /// Whether orders come from it.
    pub fn is_shop(self) -> bool {
        match self {
            Platform::Shopify | Platform::Woocommerce | Platform::Vendure | Platform::Generic => true,
            Platform::Tracker(_) => false,
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Result<Self> {
        Platform::ALL.into_iter().find(|platform| platform.as_str() == word).ok_or_else(|| {
            let words = Platform::ALL.map(Platform::as_str).join(", ");
            let words = format!("Connect one of {words}. Any other shop can use POST /v1/orders.");
            Error::invalid("unknown_platform", words)
        })
    }

    /// Refuses a secret that this platform can't sign with.
    pub(crate) fn check_secret(self, secret: &str) -> Result<()> {
        match self {
            Platform::Shopify | Platform::Woocommerce | Platform::Tracker(_) => Ok(()),
            Platform::Vendure | Platform::Generic => standard::check_secret(secret),
        }
    }

    /// A secret of our own, for a platform that takes one.
    pub(crate) fn new_secret(self, dice: &mut Dice) -> String {
        match self {
            Platform::Shopify | Platform::Woocommerce | Platform::Tracker(_) => Keys::generate(dice),
            Platform::Vendure | Platform::Generic => Secret::generate(dice).text(),
        }
    }

    /// How long the secret before the last one is still taken, so that both sides need not change it in one moment.
    pub(crate) fn overlap(self) -> Option<Duration> {
        match self {
            Platform::Shopify | Platform::Woocommerce => None,
            Platform::Vendure | Platform::Generic | Platform::Tracker(_) => Some(standard::OVERLAP),
        }
    }

    /// Checks a request that came to a connection of this platform. Nothing of it is stored when this fails.
    pub(crate) fn accept(self, call: &Call<'_>) -> Result<Accepted> {
        match self {
            Platform::Shopify => shopify::accept(call),
            Platform::Woocommerce => woocommerce::accept(call),
            Platform::Vendure | Platform::Generic => standard::accept(call),
            Platform::Tracker(service) => trackers::accept(service, call),
        }
    }

    /// Whether webhooks under this topic are read. Every other is stored unread.
    pub(crate) fn reads(self, topic: &str) -> bool {
        if self.tells_product(topic) {
            return true;
        }
        match self {
            Platform::Shopify => shopify::reads(topic),
            Platform::Woocommerce => woocommerce::reads(topic),
            Platform::Vendure | Platform::Generic => standard::is_order_topic(topic),
            Platform::Tracker(service) => service.reads(topic),
        }
    }

    /// Whether a webhook under this topic tells of a product.
    pub(crate) fn tells_product(self, topic: &str) -> bool {
        match self {
            Platform::Shopify => shopify::product::is_topic(topic),
            Platform::Woocommerce => woocommerce::product::is_topic(topic),
            Platform::Vendure | Platform::Generic | Platform::Tracker(_) => false,
        }
    }

    /// Reads a webhook about a product.
    pub(crate) fn read_product(self, topic: &str, body: &[u8], notice: &Notice<'_>) -> Result<Told> {
        match self {
            Platform::Shopify => shopify::product::read(topic, body, notice),
            Platform::Woocommerce => woocommerce::product::read(topic, body, notice),
            Platform::Vendure | Platform::Generic | Platform::Tracker(_) => {
                Err(Error::internal("a product of a platform that tells none"))
            }
        }
    }

    /// What stands in the place of a topic when an order was fetched and not told.
    pub(crate) fn polled_topic(self) -> &'static str {
        match self {
            Platform::Shopify => shopify::POLLED,
            Platform::Woocommerce => woocommerce::POLLED,
            Platform::Vendure | Platform::Generic | Platform::Tracker(_) => standard::POLLED,
        }
    }

    /// Reads a stored webhook. `source` is what its orders are stored under, `shopify:con_…`.
    pub(crate) fn read(self, waiting: &Waiting, source: String, now: Timestamp) -> Result<Content> {
        match self {
            Platform::Shopify => shopify::read(waiting, source, now),
            Platform::Woocommerce => woocommerce::read(waiting, source),
            Platform::Vendure | Platform::Generic => standard::read(waiting, &source, now),
            Platform::Tracker(service) => trackers::read(service, waiting, source, now),
        }
    }
}

/// Asking a platform's API: a request for a cursor, the page it brings, and the webhooks it keeps for us. A platform
/// without an API that is asked answers [`not_asked`], and [`Platform::is_polled`] says so before.
impl Platform {
    /// Whether its API is asked for what webhooks have lost.
    pub fn is_polled(self) -> bool {
        match self {
            Platform::Shopify | Platform::Woocommerce | Platform::Vendure => true,
            Platform::Generic | Platform::Tracker(_) => false,
        }
    }

    /// Refuses a key that can't be one of this platform's.
    pub(crate) fn check_key(self, key: &str) -> Result<()> {
        match self {
            Platform::Woocommerce if !key.contains(':') => Err(woocommerce::api::wrong_key()),
            Platform::Shopify
            | Platform::Woocommerce
            | Platform::Vendure
            | Platform::Generic
            | Platform::Tracker(_) => Ok(()),
        }
    }

    /// The request for orders that have changed.
    pub(crate) fn orders_request(self, api: &Api, ask: &Ask) -> Result<Request> {
        match self {
            Platform::Shopify => shopify::api::orders_request(api, ask),
            Platform::Woocommerce => woocommerce::api::orders_request(api, ask),
            Platform::Vendure => vendure::orders_request(api, ask),
            Platform::Generic | Platform::Tracker(_) => Err(not_asked()),
        }
    }

    /// The page an answer brings.
    pub(crate) fn orders_page(self, answer: &Answer, ask: &Ask) -> Result<Page> {
        match self {
            Platform::Shopify => shopify::api::orders_page(answer),
            Platform::Woocommerce => woocommerce::api::orders_page(answer, ask),
            Platform::Vendure => vendure::orders_page(answer),
            Platform::Generic | Platform::Tracker(_) => Err(not_asked()),
        }
    }

    /// The request for the webhooks the platform keeps.
    pub(crate) fn hooks_request(self, api: &Api) -> Result<Request> {
        match self {
            Platform::Shopify => shopify::api::hooks_request(api),
            Platform::Woocommerce => woocommerce::api::hooks_request(api),
            Platform::Vendure | Platform::Generic | Platform::Tracker(_) => Err(not_asked()),
        }
    }

    /// The webhooks an answer lists.
    pub(crate) fn hooks(self, answer: &Answer) -> Result<Vec<Hook>> {
        match self {
            Platform::Shopify => shopify::api::hooks(answer),
            Platform::Woocommerce => woocommerce::api::hooks(answer),
            Platform::Vendure | Platform::Generic | Platform::Tracker(_) => Err(not_asked()),
        }
    }

    /// What there is to do about the webhooks that come to us, when they stood like that `before`.
    pub(crate) fn mend(self, api: &Api, ours: &[Hook], before: Subscription) -> Mend {
        match self {
            Platform::Shopify => shopify::api::mend(api, ours, before),
            Platform::Woocommerce => woocommerce::api::mend(ours),
            Platform::Vendure | Platform::Generic | Platform::Tracker(_) => {
                Mend { found: before, requests: Vec::new(), then: (before, None) }
            }
        }
    }

    /// A request with the connection's key.
    pub(crate) fn authorised(self, api: &Api, method: &'static str, path: &str) -> Result<Request> {
        match self {
            Platform::Shopify => shopify::api::authorised(api, method, path),
            Platform::Woocommerce => woocommerce::api::authorised(api, method, path),
            Platform::Vendure | Platform::Generic | Platform::Tracker(_) => Err(not_asked()),
        }
    }
}

fn not_asked() -> Error {
    Error::internal("this platform's API is not asked")
}

/// A request that came to the address of a connection.
pub(crate) struct Call<'a> {
    /// Which connection.
    pub connection: &'a ConnectionId,
    /// What is known of it.
    pub live: &'a Live,
    /// The headers; believed only as far as the signature covers them.
    pub headers: &'a HeaderMap,
    /// The parameter `token` of the address, for senders that sign nothing and know it.
    pub token: Option<&'a str>,
    /// The raw bytes.
    pub body: &'a [u8],
    /// When it came, for signatures that cover a time.
    pub now: Timestamp,
}

impl Call<'_> {
    /// One plain line of a header; anything else counts as absent.
    pub fn header(&self, name: &str) -> Option<String> {
        text::line(self.headers.get(name)?.to_str().ok()?, MAX_HEADER).ok()
    }
}

/// What a request turned out to be.
pub(crate) enum Accepted {
    /// A webhook with a right signature: to be stored.
    Delivery(Delivery),
    /// A platform that asks whether anybody is there: answered with 200, and nothing is stored.
    Ping,
}

/// What a request with a wrong signature, or none, is told.
pub(crate) fn bad_signature() -> Error {
    Error::new(Kind::Unauthorized, "bad_signature", "The signature is missing or wrong.")
}

/// What is wrong with an address is not told: it is not a secret, but neither is it anybody's business.
pub(crate) fn nothing_here() -> Error {
    Error::not_found("There is nothing at this address.")
}
