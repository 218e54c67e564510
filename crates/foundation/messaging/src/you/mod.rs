//! How we reach you: what a person decides about our messages, by a signed link and without signing in.
//!
//! `/you/updates/{token}` shows the channel and the topics and changes them; `/unsubscribe/{token}` ends one topic, for
//! a person with a button and for a mail program with one click (RFC 8058). GET looks, POST acts. Every mail carries the
//! link to the first, and every mail that can be switched off the second, as a link and in its headers.

mod fill;
mod form;
mod link;
mod marks;
pub mod one_click;
mod routes;
pub mod view;
mod wishes;

pub use link::{UnsubscribeLink, YouLink};
pub use marks::{add_links, list_headers};
pub use routes::{one_click_router, router};
pub use view::TEMPLATES;
pub use wishes::{set_topic, set_ways, stop_all, topic_states, unsubscribe, ways_of};

/// The source of what a person decides on the page.
pub const YOU_UPDATES: &str = "you_updates";
/// The source of what a mail program, or the page behind the same link, says for a person.
pub const ONE_CLICK: &str = "one_click";
