//! A message as blocks: what a template makes and what the renderers turn into HTML and text.
//!
//! Every block declares both of its forms in `render`, is hidden when it has nothing to say, and holds plain text only:
//! the renderers escape. So no template can forget to.

use kernel::Locale;

/// A message before it is rendered.
#[derive(Clone, Debug)]
pub struct Letter {
    /// Chooses direction and the few words the blocks bring themselves.
    pub locale: Locale,
    /// The subject line: what happened.
    pub subject: String,
    /// What a mail program shows after the subject; at most 90 characters; never repeats the subject.
    pub preheader: String,
    /// What the person reads, in order.
    pub blocks: Vec<Block>,
    /// Structured data for mail programs that read it (schema.org), already without personal surprises.
    pub json_ld: Option<serde_json::Value>,
}

/// One block of a message.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// Logo or name, at the top.
    BrandBar,
    /// The answer first: the biggest text, and one line under it.
    Answer {
        /// The heading.
        heading: String,
        /// The line under it.
        line: String,
    },
    /// A paragraph, or several separated by line breaks.
    Text(String),
    /// A thing to do. The first of a message is filled, a second is outlined.
    Button {
        /// What it says; begins with a verb.
        label: String,
        /// Where it leads.
        href: String,
    },
    /// A list of what changed: what, from, to.
    Changes(Vec<Change>),
    /// What was bought.
    Items {
        /// Heading over the list.
        heading: String,
        /// The lines.
        items: Vec<Item>,
    },
    /// Subtotal, delivery, tax, total.
    Totals(Vec<TotalRow>),
    /// Labelled facts: address, dates, payment.
    Facts(Vec<Fact>),
    /// Where the order stands: text cells, no image.
    Progress {
        /// The steps in order.
        steps: Vec<String>,
        /// Index of the step it stands at.
        current: usize,
    },
    /// A code to type, large and easy to copy.
    Code(String),
    /// A dotted rule.
    Divider,
    /// Help, contacts, social profiles, postal address, and why the person got this.
    Footer {
        /// One sentence: why this message was sent.
        why: String,
        /// Links such as "Questions and answers", label and address.
        links: Vec<(String, String)>,
    },
}

/// One change of an order.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// What changed, for example "Delivery address".
    pub label: String,
    /// How it was; empty when it is new.
    pub before: String,
    /// How it is; empty when it is gone.
    pub after: String,
}

/// One order line.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Product title.
    pub title: String,
    /// Variant and quantity in words, for example "100 g · 2 pieces".
    pub detail: String,
    /// Price of the line, formatted.
    pub price: String,
    /// Picture of the product.
    pub image_url: Option<String>,
    /// The product's page.
    pub url: Option<String>,
}

/// One line of the totals.
#[derive(Clone, Debug, PartialEq)]
pub struct TotalRow {
    /// Label.
    pub label: String,
    /// Amount, formatted.
    pub amount: String,
    /// Whether this is the line that counts.
    pub strong: bool,
}

/// A labelled fact.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// Label.
    pub label: String,
    /// Lines of the value.
    pub lines: Vec<String>,
}

/// A letter turned into what leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// The subject line.
    pub subject: String,
    /// The HTML part.
    pub html: String,
    /// The plain-text part.
    pub text: String,
}
