//! What the page is given as `page`: finished strings, nothing to look up.

use serde::Serialize;
use web::{Link, Template};

/// The template. It extends the shopper's shell.
pub const TEMPLATES: &[Template] =
    &[Template { name: "orders/history.html", source: include_str!("templates/history.html") }];

/// What somebody has ordered.
#[derive(Clone, Debug, Serialize)]
pub struct HistoryPage {
    /// The heading.
    pub heading: String,
    /// The form to look for some of them; none for somebody without orders.
    pub look: Option<Look>,
    /// The orders.
    pub orders: Vec<Card>,
    /// Says that there are none, and why.
    pub none: Option<None>,
    /// Says that not everything was looked at yet.
    pub cut: Option<String>,
    /// To those that were placed before.
    pub older: Option<Link>,
    /// To the beginning.
    pub newest: Option<Link>,
}

/// The form to look for some of them.
#[derive(Clone, Debug, Serialize)]
pub struct Look {
    /// Beside the field for words.
    pub label: String,
    /// What is looked for.
    pub words: String,
    /// How many characters may be.
    pub longest: usize,
    /// Beside the choice of states.
    pub state_label: String,
    /// The states.
    pub states: Vec<Choice>,
    /// Beside the choice of periods.
    pub period_label: String,
    /// The periods.
    pub periods: Vec<Choice>,
    /// The button.
    pub submit: String,
    /// To all of them, when some are looked for.
    pub clear: Option<Link>,
}

/// Something to choose.
#[derive(Clone, Debug, Serialize)]
pub struct Choice {
    /// Its name in the address.
    pub value: String,
    /// What it is.
    pub label: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// An order.
#[derive(Clone, Debug, Serialize)]
pub struct Card {
    /// To its page.
    pub href: String,
    /// Its number, for an anchor of its own.
    pub anchor: String,
    /// Number and day.
    pub kicker: String,
    /// Where it is.
    pub heading: String,
    /// What is in it.
    pub items: Vec<Item>,
    /// How many more things are.
    pub more: Option<String>,
    /// "Total".
    pub total_label: String,
    /// What it costs.
    pub total: String,
    /// What the link says.
    pub see: String,
}

/// Something that was ordered.
#[derive(Clone, Debug, Serialize)]
pub struct Item {
    /// A picture of it.
    pub image_url: Option<String>,
    /// Stands for it without one.
    pub initial: String,
    /// What it is called.
    pub title: String,
    /// Variant and quantity.
    pub about: String,
}

/// That there are none.
#[derive(Clone, Debug, Serialize)]
pub struct None {
    /// What is missing.
    pub heading: String,
    /// What to do.
    pub text: String,
    /// Where.
    pub link: Link,
}
