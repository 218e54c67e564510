//! Webhooks out: other programs hear what happens, by Standard Webhooks.
//!
//! An event that an endpoint wants becomes a delivery ([`fan_out`]), and each endpoint has one job that sends its
//! deliveries one after the other ([`Deliver`]), so that one that hangs keeps nobody else waiting. What is sent is made
//! when it is sent: the event, and the order, message or customer as it stands then. The identifier `webhook-id` stays
//! the same over all attempts, and a receiver that saw it before may pass it over.

mod deliver;
pub(crate) mod endpoints;
mod fan_out;
pub(crate) mod kinds;
mod payload;
mod read;
pub(crate) mod replay;
pub mod routes;
mod rules;
pub mod schema;
pub(crate) mod store;

pub use deliver::{Deliver, Outside};
pub use endpoints::{Endpoint, EndpointChange, NewEndpoint, create, rotate, test};
pub use fan_out::{fan_out, forget_old_deliveries, somebody_listens};
pub use kinds::KINDS;
pub use store::{FILE, count_by_state, endpoints as list_endpoints};

use kernel::id_type;

id_type!(
    /// An address that wants to hear what happens.
    EndpointId, "wep"
);
id_type!(
    /// What one endpoint is told of one event.
    DeliveryId, "wdl"
);

/// The job that sends what is due to one endpoint; its payload is `{"endpoint": "wep_…"}`.
pub const DELIVER_JOB: &str = "api.deliver_webhooks";
/// The housekeeping that deletes deliveries after thirty days.
pub const FORGET_DELIVERIES_JOB: &str = "api.forget_deliveries";

#[cfg(test)]
mod tests;
