//! What the demo's page shows: the shop's clock, things to do, and what happened and why.

use serde::Serialize;
use web::{Link, Template};

/// The demo's template. Its forms post to `/demo/orders` (`kind`) and `/demo/time` (`pass`).
pub const TEMPLATES: &[Template] =
    &[Template { name: "demo/demo.html", source: include_str!("templates/demo.html") }];

/// What `demo/demo.html` is given as `page`.
#[derive(Clone, Debug, Serialize)]
pub struct DemoPage {
    /// The shop's clock.
    pub clock: ClockView,
    /// One sentence: whose shop this is.
    pub intro: String,
    /// What the last button did.
    pub done: Option<Done>,
    /// Kinds of orders; the first is chosen.
    pub choices: Vec<Choice>,
    /// Spans of time to let pass.
    pub spans: Vec<Choice>,
    /// What happened, the newest first.
    pub happened: Vec<Happened>,
    /// The page of what happened before.
    pub older: Option<String>,
    /// Inbox, documents, an order.
    pub links: Vec<Link>,
}

/// A point in time for machines and people.
#[derive(Clone, Debug, Serialize)]
pub struct ClockView {
    /// RFC 3339.
    pub at: String,
    /// `Friday 20 November, 10:00`.
    pub shown: String,
}

/// What a button did, and where to see it.
#[derive(Clone, Debug, Serialize)]
pub struct Done {
    /// `Order #1042 is placed.`
    pub text: String,
    /// Where to see it.
    pub link: Option<Link>,
}

/// A value of a form and what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// Sent with the form.
    pub value: &'static str,
    /// Read by the person.
    pub label: &'static str,
}

/// The kinds of orders a visitor can place.
pub const ORDER_KINDS: [Choice; 7] = [
    Choice { value: "paid", label: "Paid at once" },
    Choice { value: "pay-later", label: "Pay later" },
    Choice { value: "made-to-order", label: "Made to order" },
    Choice { value: "gift", label: "A gift" },
    Choice { value: "in-german", label: "Paid at once, in German" },
    Choice { value: "by-text", label: "Paid at once, told by text" },
    Choice { value: "late", label: "Paid at once, and its parcel comes late" },
];

/// The spans a visitor can let pass.
pub const SPANS: [Choice; 3] = [
    Choice { value: "1h", label: "1 hour" },
    Choice { value: "1d", label: "1 day" },
    Choice { value: "7d", label: "1 week" },
];

/// One event of the timeline in words.
#[derive(Clone, Debug, Serialize)]
pub struct Happened {
    /// RFC 3339.
    pub at: String,
    /// By the shop's clock.
    pub when: String,
    /// `Amina Khan placed order #1042`.
    pub words: String,
    /// Of a message: what was decided about it.
    pub verdict: Option<Verdict>,
    /// The order's page, the message in the inbox.
    pub links: Vec<Link>,
}

/// What was decided about a message, and why.
#[derive(Clone, Debug, Serialize)]
pub struct Verdict {
    /// `ok`, `warn`, `bad` or `info`.
    pub tone: &'static str,
    /// `Sent`, `Held`, `Dropped`.
    pub label: String,
    /// The rule that decided, in a sentence.
    pub reason: String,
}

#[cfg(test)]
mod tests;
