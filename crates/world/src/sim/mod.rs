//! The shop's life with everything in it that goes wrong: one thread, one seed, the same every time.
//!
//! A [`Host`] opens the real program (every room, door and page, wired as the binary wires them) over a database in
//! memory, under a virtual clock. Around it live simulated platforms, customers, providers and mail scanners, and at
//! every commit the [`faults`] may let it die, refuse the commit, or lose its answer. What is durable stays; a new
//! process is opened over it and has to go on. In the end the [`rules`] are held against everything that was seen.
//!
//! Where to look: `driver` moves time and runs what is due; `agenda` is what the world still has in mind; `life` decides
//! who does what when; `post` and `gateway` carry messages; `shop` tells orders; `customers` and `scanner` answer mail;
//! `outside` is what everybody saw, in one order; `oracle` is what the orders should have become.

mod agenda;
mod carrier;
mod customers;
mod driver;
mod faults;
mod host;
mod http;
mod life;
mod oracle;
mod outside;
mod post;
mod rules;
mod scanner;
mod scene;
mod shop;
mod tasks;
mod trace;
mod wire;

use kernel::Timestamp;

pub use driver::live;
pub use faults::EdgesSeen;
pub use host::{Credentials, Host, Parts, Program, VENDURE_API};
pub use rules::{RULES, Rule};
pub use trace::Trace;

/// How customers reach the simulated shop.
pub const PUBLIC_URL: &str = "http://127.0.0.1:4080";
/// When every simulated life begins: the Friday on which stories begin too.
pub const BEGINNING: &str = "2026-11-20T10:00:00Z";

/// How a life went.
#[derive(Clone, Debug, Default)]
pub struct Lived {
    /// Events on the timeline.
    pub events: u64,
    /// Messages written.
    pub messages: u64,
    /// Times that the program died.
    pub crashes: u64,
    /// Which edges were seen, and what happened there.
    pub edges: EdgesSeen,
    /// A hash over everything that happened, in its order.
    pub trace: [u8; 32],
}

/// A rule that did not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// Its name: that of the function in `rules`.
    pub rule: &'static str,
    /// When it was seen, by the shop's clock.
    pub at: Timestamp,
    /// What was seen.
    pub words: String,
}

impl std::fmt::Display for Broken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} at {}: {}", self.rule, self.at, self.words)
    }
}
