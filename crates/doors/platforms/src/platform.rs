//! The platforms, and the one seam between each of them and everything else here.
//!
//! A platform is a folder with three answers: [`Platform::accept`] checks a request and makes a [`Delivery`] of it,
//! [`Platform::reads`] says whether a topic tells something we act on, and [`Platform::read`] makes an order, or what
//! else there is to tell, of a body. Everything around them, from the size cap to the version guard, is the same for all.

use std::time::Duration;

use axum::http::HeaderMap;
use kernel::webhooks::Secret;
use kernel::{Dice, Error, Keys, Kind, Result, Timestamp, text};

use crate::connections::Live;
use crate::inbox::{Content, Delivery};
use crate::store::Waiting;
use crate::{ConnectionId, shopify, standard, woocommerce};

/// The most characters of a header we keep.
const MAX_HEADER: usize = 200;

/// A kind of shop.
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
}

impl Platform {
    /// Every platform there is a word for.
    pub const ALL: [Platform; 4] =
        [Platform::Shopify, Platform::Woocommerce, Platform::Vendure, Platform::Generic];

    /// The word used in rows, in addresses and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Platform::Shopify => "shopify",
            Platform::Woocommerce => "woocommerce",
            Platform::Vendure => "vendure",
            Platform::Generic => "generic",
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
            Platform::Shopify | Platform::Woocommerce => Ok(()),
            Platform::Vendure | Platform::Generic => standard::check_secret(secret),
        }
    }

    /// A secret of our own, for a platform that takes one.
    pub(crate) fn new_secret(self, dice: &mut Dice) -> String {
        match self {
            Platform::Shopify | Platform::Woocommerce => Keys::generate(dice),
            Platform::Vendure | Platform::Generic => Secret::generate(dice).text(),
        }
    }

    /// How long the secret before the last one is still taken, so that both sides need not change it in one moment.
    pub(crate) fn overlap(self) -> Option<Duration> {
        match self {
            Platform::Shopify | Platform::Woocommerce => None,
            Platform::Vendure | Platform::Generic => Some(standard::OVERLAP),
        }
    }

    /// Checks a request that came to a connection of this platform. Nothing of it is stored when this fails.
    pub(crate) fn accept(self, call: &Call<'_>) -> Result<Accepted> {
        match self {
            Platform::Shopify => shopify::accept(call),
            Platform::Woocommerce => woocommerce::accept(call),
            Platform::Vendure | Platform::Generic => standard::accept(call),
        }
    }

    /// Whether webhooks under this topic are read. Every other is stored unread.
    pub(crate) fn reads(self, topic: &str) -> bool {
        match self {
            Platform::Shopify => shopify::reads(topic),
            Platform::Woocommerce => woocommerce::reads(topic),
            Platform::Vendure | Platform::Generic => standard::is_order_topic(topic),
        }
    }

    /// Reads a stored webhook. `source` is what its orders are stored under, `shopify:con_…`.
    pub(crate) fn read(self, waiting: &Waiting, source: String, now: Timestamp) -> Result<Content> {
        match self {
            Platform::Shopify => shopify::read(waiting, source, now),
            Platform::Woocommerce => woocommerce::read(waiting, source),
            Platform::Vendure | Platform::Generic => standard::read(waiting, &source, now),
        }
    }
}

/// A request that came to the address of a connection.
pub(crate) struct Call<'a> {
    /// Which connection.
    pub connection: &'a ConnectionId,
    /// What is known of it.
    pub live: &'a Live,
    /// The headers; believed only as far as the signature covers them.
    pub headers: &'a HeaderMap,
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
