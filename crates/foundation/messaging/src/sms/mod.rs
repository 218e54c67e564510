//! Texts: how they are written and counted, the gateways that carry them, and what comes back: delivery reports and
//! what people text to the shop.

pub mod examine;
pub mod gsm7;
mod hooks;
pub mod incoming;
pub mod kannel;
pub mod keywords;
pub mod price;
pub mod replies;
pub mod reports;
pub mod segments;
pub mod settings;
pub mod signed;
pub mod status;
pub mod twilio;
mod upkeep;

pub use hooks::hooks;
pub use upkeep::{FORGET_TEXTS_JOB, forget_old_texts};

/// A gateway's words without the numbers it may quote: six digits and more become an ellipsis.
pub(crate) fn without_numbers(words: &str, max_chars: usize) -> String {
    let mut out = String::new();
    let mut digits = String::new();
    for c in words.chars().filter(|c| !c.is_control()).chain(std::iter::once(' ')) {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        out.push_str(if digits.len() >= 6 { "…" } else { &digits });
        digits.clear();
        out.push(c);
    }
    kernel::text::shortened(out.trim(), max_chars)
}
