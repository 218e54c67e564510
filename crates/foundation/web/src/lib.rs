//! What every page needs: templates, forms, headers, assets, errors.
//!
//! A page lives with its room and is dressed by a door: a room renders its own template through a [`PageShell`],
//! and never knows whether the shopper's portal or our own plain shell is around it. What protects every page
//! (headers, size caps, the check that a form came from our own page) is here once, as functions from a router
//! to a router, so that the binary reads as a list:
//!
//! ```text
//! observed( secured( failures_painted( admitted( guarded( limit_body( routes ) ) ) ) ) )
//! ```

pub mod admission;
pub mod answers;
pub mod assets;
pub mod body;
pub mod chart;
pub mod client;
pub mod cookies;
pub mod error;
pub mod filters;
pub mod forms;
pub mod guard;
pub mod headers;
pub mod html;
pub mod markup;
pub mod page;
pub mod pages;
pub mod request;
pub mod shell;

pub use admission::{Gate, admitted};
pub use answers::{fault_of, see_other};
pub use assets::BrandAssets;
pub use body::limit_body;
pub use client::{ClientAddress, TrustedProxies};
pub use cookies::{read_cookie, set_cookie};
pub use error::{Failure, failures_painted, problem, status_of};
pub use forms::Form;
pub use guard::{Site, guarded};
pub use headers::{HeaderPolicy, secured};
pub use html::{Around, Html};
pub use page::HtmlPage;
pub use pages::{Pages, Template, value};
pub use request::{RequestId, Requests, observed};
pub use shell::{Frame, Link, PageShell, PlainShell, Surrounded, operators_page};

/// A template's context in the form [`PageShell::page`] takes.
pub use minijinja::Value;

#[cfg(test)]
mod tests;
