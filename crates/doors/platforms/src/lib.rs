//! Shop platforms in: signatures, the durable inbox, Shopify.
//!
//! A webhook goes through one pipeline, whatever platform it comes from: size cap, raw bytes, signature, durable row
//! and job in one write, commit, 200. A job then reads the row into an order. So an order is taken in once even when
//! its webhook arrives five times, and a body that no order can be made of is parked with the reason instead of
//! failing for ever.
//!
//! In reading order: [`connect`] a shop, [`hooks`] its webhooks in, [`process_webhook`] each.

pub mod products;
pub mod shopify;
/// WooCommerce, as far as it tells of products.
pub mod woocommerce {
    pub mod product;
}

mod connections;
mod hooks;
mod inbox;
mod sources;
mod store;

pub use connections::{Connection, Platform, connect};
pub use hooks::hooks;
pub use inbox::{Delivery, Received, forget_old_webhooks, process_webhook, receive};
pub use sources::{Source, sources};
pub use store::{PERSONAL, SQL};

use kernel::id_type;

id_type!(
    /// A connection to a shop platform.
    ConnectionId, "con"
);
id_type!(
    /// A webhook in the inbox.
    WebhookId, "whk"
);

/// The job that reads a webhook; its payload is `{"webhook": "whk_…"}`.
pub const WEBHOOK_JOB: &str = "platforms.webhook";
/// The housekeeping that deletes webhooks after thirty days.
pub const FORGET_JOB: &str = "platforms.forget_webhooks";

#[cfg(test)]
mod tests;
