//! Carriers: which of them a tracking number belongs to, where its page is, and what tracking services tell about it.
//!
//! No I/O: everything here is a function of its arguments. The facts are in three tables, so that a carrier is added by
//! adding lines: [`CARRIERS`] with their names and pages, [`FORMATS`] with what their numbers look like, and in
//! [`aftership`], [`easypost`] and [`shippo`] what each word of a service means.
//!
//! In reading order: [`recognise`] a number, [`link`] to its page, and [`Service`] for who tells what happened to it.

pub mod aftership;
pub mod check;
pub mod easypost;
pub mod shippo;

mod country;
mod feed;
mod formats;
mod link;
mod names;
mod number;
mod pattern;
mod posts;
mod recognise;
mod table;
mod when;

pub use feed::{Notice, OrderHint, Service, Signed, Told};
pub use formats::{FORMATS, Format, Reach, Tells};
pub use link::link;
pub use number::normalised;
pub use posts::POSTS;
pub use recognise::{Candidate, Certainty, recognise};
pub use table::{CARRIERS, Carrier, carrier};

#[cfg(test)]
mod tests;
