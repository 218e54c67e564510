//! Shop platforms in: signatures, the durable inbox, a folder for each platform, one file for shops that speak Standard
//! Webhooks, and one for services that follow parcels.
//!
//! A webhook goes through one pipeline, whatever platform it comes from: size cap, raw bytes, signature, durable row
//! and job in one write, commit, 200. A job then reads the row into an order. So an order is taken in once even when
//! its webhook arrives five times, and a body that no order can be made of is parked with the reason instead of
//! failing for ever.
//!
//! In reading order: [`connect`] a shop, [`hooks`] its webhooks in, [`process_webhook`] each, [`Poll`] for those that
//! were lost, and [`health`] for how it all is. [`staff`] are the pages on which people see to all of it.

pub mod products;
pub mod shopify;
pub mod woocommerce;

mod connections;
mod decimal;
mod examine;
mod forget;
mod health;
mod hooks;
mod inbox;
mod manage;
mod platform;
mod poll;
mod reading;
mod replay;
mod sources;
pub mod staff;
mod standard;
mod store;
mod trackers;
mod vendure;

pub use connections::{Connection, NewConnection, connect};
pub use examine::{Asked, Listed, Polled, examine};
pub use forget::KNOWLEDGE;
pub use health::{ConnectionHealth, Health, Subscription, health};
pub use hooks::hooks;
pub use inbox::{Content, Delivery, Parcels, Received, forget_old_webhooks, process_webhook, receive};
pub use manage::{
    Change, Managed, add, change, find as find_connection, list as list_connections, pause, remove,
    renew_secret, resume,
};
pub use platform::Platform;
pub use poll::{Poll, keep_polling};
pub use replay::{
    InboxRow, ParkedWebhook, count_parked_webhooks, discard_webhook, parked_webhooks, process_again,
    process_parked_again,
};
pub use sources::{Source, sources};
pub use store::{PERSONAL, SQL, State as WebhookState};

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
/// The job that reads a platform's list of changed orders; its payload is `{"connection": "con_…"}`.
pub const POLL_JOB: &str = "platforms.poll";
/// The housekeeping that sees to it that every connection with a key has such a job.
pub const KEEP_POLLING_JOB: &str = "platforms.keep_polling";
/// The housekeeping that deletes webhooks after thirty days.
pub const FORGET_JOB: &str = "platforms.forget_webhooks";

#[cfg(test)]
mod tests;
