//! Every sentence the program can say to a customer.

use kernel::Words;

/// The catalogues, crate by crate. The kernel's own come with every catalogue.
pub const WORDS: &[&[Words]] = &[messaging::WORDS, portal::WORDS, orders::WORDS];
