//! A merchant's own design over a shipped letter: its words, and the order of its blocks.
//!
//! What a template [offers](offer) (blocks and facts) is said by its owner; a [`Design`] is data over it, [compiled](compile)
//! once and [arranged](arrange) over the letter the template writes. Versions are only added; each message keeps the number
//! of the one it was written in, so that a retry and a preview say the same. What can't be filled in gives way to the
//! letter as it came: nothing a merchant writes loses a message or takes the program down.
//! [0022](../../../../docs/decisions/0022-a-design-over-the-shipped-letter.md)

pub mod arrange;
pub mod checks;
mod compile;
mod diff;
mod edit;
mod lines;
mod live;
pub mod offer;
mod pages;
mod preview;
mod save;
mod source;
mod store;
#[cfg(test)]
mod tests;
mod trial;

pub use compile::{Compiled, Fault, Unfillable};
pub(crate) use live::of;
pub use live::{CHANGED, Designs};
pub use pages::{TEMPLATES, router};
pub use save::{Saved, save};
pub use source::{Design, Piece, Words};
pub use store::is_any_changed;

/// The queries of designs.
pub(crate) static FILE: &db::SqlFile = &store::DESIGNS;
