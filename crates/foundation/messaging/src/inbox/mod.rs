//! The built-in inbox: a provider that keeps what it is given, and pages to read it as the customer would.

mod fill;
mod headers;
mod kept;
mod provider;
mod routes;
pub(crate) mod view;
pub(crate) mod why;

pub use provider::{InboxMailId, InboxProvider, KEPT};
pub use routes::router;
pub use view::TEMPLATES;

#[cfg(test)]
mod tests;
