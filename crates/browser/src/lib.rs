//! What a person sees, checked in a real browser.
//!
//! A [`Browser`] is a fresh Chromium; a [`Page`] is one of its tabs, seen with a certain [`View`]: a width, light or
//! dark, with or without scripts. A page can be looked at, used by keyboard, photographed, and asked for what stands
//! in somebody's way. In a crate of its own, because the driver compiles slowly.

use std::fmt::Display;
use std::time::Duration;

mod axe;
mod chromium;
mod page;
mod trap;

pub use self::chromium::Browser;
pub use self::page::{Page, View};
pub use self::trap::Trap;

/// What can go wrong with a browser, in words; a test shows them and fails.
pub type Result<T> = std::result::Result<T, String>;

/// The browser answers at once or not at all.
const LIMIT: Duration = Duration::from_secs(30);

/// Waits for the browser, but not for ever.
async fn within<T, E: Display>(asked: impl Future<Output = std::result::Result<T, E>>) -> Result<T> {
    let answer = tokio::time::timeout(LIMIT, asked).await;
    answer.map_err(|_| format!("the browser said nothing for {LIMIT:?}"))?.map_err(in_words)
}

fn in_words(error: impl Display) -> String {
    format!("the browser failed: {error}")
}
