//! A customer's own pages: `/you`, and the way in.
//!
//! Somebody asks for a code at an address of theirs and types it, or follows the link beside it, in the browser that asked:
//! from then on that browser sees what was sent to the address. [`router`] has the pages, [`recognised`] says on every page
//! around it who is signed in, [`send_code`] writes the message. What a proof of an address is worth is decided in
//! `customers::account`; here are only pages.

mod door;
mod fill;
mod leave;
mod letters;
mod link;
mod send;
mod sign_in;
mod view;
mod you;

use kernel::Words;

pub use door::{recognised, router};
pub use letters::{CODE, TEMPLATES as LETTERS};
pub use link::SignInLink;
pub use send::{SEND_JOB, send_code};
pub use view::TEMPLATES;

/// The sentences of these pages and of their message.
pub const WORDS: &[Words] = &[
    Words { language: "en", source: include_str!("words/en.ftl") },
    Words { language: "de", source: include_str!("words/de.ftl") },
];
