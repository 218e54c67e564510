//! JSON API, its keys, its OpenAPI document.
//!
//! A shop that no platform connects writes its orders here. Nobody's word is corrected at this door: what is wrong is
//! refused, every wrong field at once and by its JSON Pointer, and nothing is changed.
//!
//! In reading order: [`router`], the routes; [`create_key`], who may call them; [`openapi`], what they are;
//! [`webhooks`], what other programs are told without asking; [`staff`], the pages on which people see to both.

mod body;
mod customer_in;
pub mod customer_schema;
mod customers;
pub mod docs;
mod idempotency;
mod keys;
mod messages;
mod openapi;
mod order_out;
mod routes;
pub mod schema;
mod shipments;
pub mod staff;
mod store;
mod stored;
pub mod webhooks;

pub use customer_in::{Patch as CustomerChange, read as read_customer_change};
pub use idempotency::forget_old_requests;
pub use keys::{Key, KeyId, Scope, count_keys, create_key, list_keys, make_key, revoke_key};
pub use openapi::openapi;
pub use order_out::told;
pub use routes::router;
pub use store::SQL;

/// The housekeeping that deletes idempotency keys after a week.
pub const FORGET_JOB: &str = "api.forget_requests";

#[cfg(test)]
mod tests;
