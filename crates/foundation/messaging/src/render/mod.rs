//! Turns the blocks of a message into what leaves: one HTML part and one text part, from the same blocks.
//!
//! The renderers escape everything, so a template can't forget to. A block with nothing to say is not there, and
//! neither is a rule that would then stand alone. The HTML is tables and inline styles because that is what mail
//! programs agree on; its `<style>` only adds what a program without it can miss.

mod commerce;
mod escape;
mod footer;
mod html;
mod page;
mod pieces;
mod plan;
#[cfg(test)]
mod sample;
mod style;
#[cfg(test)]
mod tests;
mod text;
mod wrap;

use kernel::Brand;
use kernel::words::Say;

use crate::letter::{Letter, Rendered};

#[cfg(test)]
pub use sample::{sample_brand, sample_letter};

/// Changes whenever the same letter would render differently; stored beside each message, so that a preview after
/// an upgrade can say so.
pub const RENDERER_VERSION: &str = "1";

/// The HTML and the text of `letter` in the look of `brand`. The same input gives the same bytes.
pub fn render(letter: &Letter, brand: &Brand, words: &impl Say) -> Rendered {
    Rendered {
        subject: kernel::text::unfolded(&letter.subject),
        html: html::document(letter, brand, words),
        text: text::document(letter, brand, words),
    }
}
