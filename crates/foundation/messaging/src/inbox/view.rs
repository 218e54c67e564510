//! What the built-in inbox shows: the list, one message in the ways a mail program may show it, and why it was sent.

use serde::Serialize;
use web::Template;

/// The inbox's templates.
pub const TEMPLATES: &[Template] = &[
    Template { name: "messaging/list.html", source: include_str!("templates/list.html") },
    Template { name: "messaging/message.html", source: include_str!("templates/message.html") },
];

/// What `messaging/list.html` is given as `page`.
#[derive(Clone, Debug, Serialize)]
pub struct InboxList {
    /// How many there are, as a sentence: `12 messages.`; empty when not counted.
    pub count: String,
    /// One page of messages, the newest first.
    pub messages: Vec<InboxRow>,
    /// The page of newer messages.
    pub newer: Option<String>,
    /// The page of older messages.
    pub older: Option<String>,
    /// Where an order can be placed; the demo has such a page.
    pub demo: Option<String>,
}

/// One message of the list.
#[derive(Clone, Debug, Serialize)]
pub struct InboxRow {
    /// Name or address.
    pub to: String,
    /// The subject; of a text message its beginning.
    pub subject: String,
    /// What a mail program shows after the subject.
    pub preview: String,
    /// `Email` or `Text`.
    pub channel: String,
    /// RFC 3339, for machines.
    pub at: String,
    /// By the shop's clock: `Fri 20 Nov, 10:00`.
    pub when: String,
    /// The message's page.
    pub href: String,
}

/// What `messaging/message.html` is given as `page`.
#[derive(Clone, Debug, Serialize)]
pub struct InboxMessage {
    /// The subject; of a text message its beginning.
    pub subject: String,
    /// `Email` or `Text`.
    pub channel: String,
    /// Who it comes from.
    pub from: String,
    /// Who it goes to.
    pub to: String,
    /// RFC 3339, for machines.
    pub at: String,
    /// By the shop's clock.
    pub when: String,
    /// The ways to see it, see [`tabs`].
    pub tabs: Vec<Tab>,
    /// What the current tab shows.
    pub body: Body,
    /// Why it was sent.
    pub why: Why,
}

/// A way to see a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// As on a desk.
    Html,
    /// As on a telephone of this many pixels.
    Phone(u16),
    /// As in a dark mail program.
    Dark,
    /// The text part.
    Text,
    /// The HTML as it was sent.
    Source,
    /// The mail's headers.
    Headers,
}

/// All ways to see a mail, in the order of the tabs.
pub const VIEWS: [View; 7] =
    [View::Html, View::Phone(360), View::Phone(320), View::Dark, View::Text, View::Source, View::Headers];

impl View {
    /// Its name in the address, `?view=…`.
    pub fn name(self) -> &'static str {
        match self {
            View::Html => "html",
            View::Phone(320) => "phone-320",
            View::Phone(_) => "phone",
            View::Dark => "dark",
            View::Text => "text",
            View::Source => "source",
            View::Headers => "headers",
        }
    }

    /// Its name on the tab.
    pub fn label(self) -> &'static str {
        match self {
            View::Html => "Desktop",
            View::Phone(320) => "Phone, 320 px",
            View::Phone(_) => "Phone, 360 px",
            View::Dark => "Dark",
            View::Text => "Text",
            View::Source => "Source",
            View::Headers => "Headers",
        }
    }

    /// Reads the name in an address; what is unknown is the first tab.
    pub fn of_name(name: &str) -> View {
        VIEWS.into_iter().find(|view| view.name() == name).unwrap_or(View::Html)
    }
}

/// A link to another way to see the message.
#[derive(Clone, Debug, Serialize)]
pub struct Tab {
    /// What it says.
    pub label: &'static str,
    /// Where it leads.
    pub href: String,
    /// Whether the reader is there.
    pub current: bool,
}

/// The tabs of the message at `path`; a text message has no HTML and so only the last ones.
pub fn tabs(path: &str, current: View, has_html: bool) -> Vec<Tab> {
    let fits = |view: &View| has_html || matches!(view, View::Text | View::Headers);
    let tab = |view: View| Tab {
        label: view.label(),
        href: format!("{path}?view={}", view.name()),
        current: view == current,
    };
    VIEWS.into_iter().filter(fits).map(tab).collect()
}

/// What a tab shows.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Body {
    /// The mail itself in a frame without scripts, forms or origin.
    Frame {
        /// What the frame holds, for people who listen.
        title: String,
        /// A class: empty, `w320` or `w360`.
        width: &'static str,
        /// `…/html`, which gives [`forced_light`]; with `?dark=1`, [`forced_dark`].
        src: String,
    },
    /// Text as it is.
    Text {
        /// What it is.
        title: String,
        /// The text.
        text: String,
    },
    /// A text message as the phone shows it.
    Bubble {
        /// The text.
        text: String,
        /// What it takes: encoding, segments, price.
        takes: String,
    },
    /// The mail's headers in order.
    Headers {
        /// Names and values.
        headers: Vec<Header>,
    },
}

/// The frame that shows the HTML of the message at `path` in one of the ways that need it.
pub fn frame(path: &str, view: View) -> Body {
    let width = match view {
        View::Phone(320) => "w320",
        View::Phone(_) => "w360",
        View::Html | View::Dark | View::Text | View::Source | View::Headers => "",
    };
    let query = if view == View::Dark { "?dark=1" } else { "" };
    Body::Frame { title: format!("The message: {}", view.label()), width, src: format!("{path}/html{query}") }
}

/// One header of a mail.
#[derive(Clone, Debug, Serialize)]
pub struct Header {
    /// `Subject`.
    pub name: String,
    /// Its value, decoded.
    pub value: String,
}

/// Why a message was sent, held or dropped.
#[derive(Clone, Debug, Serialize)]
pub struct Why {
    /// `ok`, `warn`, `bad` or `info`.
    pub tone: &'static str,
    /// `Sent`, `Held`, `Dropped`.
    pub verdict: String,
    /// The rule that decided, in a sentence.
    pub reason: String,
    /// Purpose, topic, template, key, and the order it is about.
    pub facts: Vec<Fact>,
}

/// A label and what it is about.
#[derive(Clone, Debug, Serialize)]
pub struct Fact {
    /// `Purpose`.
    pub label: String,
    /// `transactional`.
    pub value: String,
    /// A page about it.
    pub href: Option<String>,
}

/// The HTML as a reader with a dark mail program sees it: what it says under `prefers-color-scheme: dark` always
/// applies, and what it says for light never does.
///
/// A preview can't ask the browser for the dark theme of one frame, so the condition itself is rewritten. Spaces and
/// capitals in the condition are taken as they come.
pub fn forced_dark(html: &str) -> String {
    forced(html, "dark")
}

/// The HTML as a reader with a light mail program sees it, whatever theme the developer at the inbox prefers.
pub fn forced_light(html: &str) -> String {
    forced(html, "light")
}

fn forced(html: &str, scheme: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((start, end, asked)) = next_condition(rest) {
        out.push_str(&rest[..start]);
        // Conditions that hold for any width and for none; both may stand within `and`.
        out.push_str(if asked == scheme { "(min-width:0)" } else { "(max-width:0)" });
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

/// Start, end and value of the next `(prefers-color-scheme: …)`.
fn next_condition(text: &str) -> Option<(usize, usize, String)> {
    let lower = text.to_ascii_lowercase();
    let mut from = 0;
    while let Some(at) = lower[from..].find("prefers-color-scheme").map(|at| from + at) {
        let open = lower[..at].trim_end().strip_suffix('(').map(str::len);
        let close = lower[at..].find(')').map(|end| at + end);
        if let (Some(open), Some(close)) = (open, close) {
            let value = lower[at..close].split_once(':').map(|(_, value)| value.trim().to_owned());
            if let Some(value) = value.filter(|value| value == "dark" || value == "light") {
                return Some((open, close + 1, value));
            }
        }
        from = at + 1;
    }
    None
}

#[cfg(test)]
mod tests;
