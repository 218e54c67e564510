//! What a person sees, checked in a real browser.
//!
//! A [`Browser`] is a fresh Chromium; a [`Page`] is one of its tabs, seen with a certain [`View`]: a width, light or
//! dark, with or without scripts. A page can be looked at, used by keyboard, photographed, and asked for what stands
//! in somebody's way. In a crate of its own, because the driver compiles slowly.

mod axe;
mod chromium;
mod page;

pub use self::chromium::Browser;
pub use self::page::{Page, View};

/// What can go wrong with a browser, in words; a test shows them and fails.
pub type Result<T> = std::result::Result<T, String>;

fn in_words(error: impl std::fmt::Display) -> String {
    format!("the browser failed: {error}")
}
