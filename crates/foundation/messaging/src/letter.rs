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
    pub blocks: Vec<Named>,
    /// Structured data for mail programs that read it (schema.org), already without personal surprises.
    pub json_ld: Option<serde_json::Value>,
}

impl Letter {
    /// The blocks themselves, in order.
    pub fn shown(&self) -> impl Iterator<Item = &Block> {
        self.blocks.iter().map(|named| &named.block)
    }
}

/// A block and what it is called within its letter. The name stays the same from release to release: a merchant's design
/// moves and hides blocks by it.
#[derive(Clone, Debug, PartialEq)]
pub struct Named {
    /// For example `see_order`.
    pub name: &'static str,
    /// The block.
    pub block: Block,
}

/// Blocks that are each called by their kind: for letters that have none of them twice.
pub fn by_kind(blocks: Vec<Block>) -> Vec<Named> {
    blocks.into_iter().map(|block| block.kind_name()).collect()
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
    /// A picture of the shop's own.
    Picture {
        /// Where it is: a PNG or JPEG over https.
        src: String,
        /// What it shows, for those who don't see it.
        alt: String,
    },
    /// Help, contacts, social profiles, postal address, and why the person got this.
    Footer {
        /// One sentence: why this message was sent.
        why: String,
        /// Links such as "Questions and answers", label and address.
        links: Vec<(String, String)>,
    },
}

impl Block {
    /// The block under a name of its own.
    pub fn called(self, name: &'static str) -> Named {
        Named { name, block: self }
    }

    fn kind_name(self) -> Named {
        let name = match self {
            Block::BrandBar => "brand",
            Block::Answer { .. } => "answer",
            Block::Text(_) => "text",
            Block::Button { .. } => "button",
            Block::Changes(_) => "changes",
            Block::Items { .. } => "items",
            Block::Totals(_) => "totals",
            Block::Facts(_) => "facts",
            Block::Progress { .. } => "progress",
            Block::Code(_) => "code",
            Block::Divider => "divider",
            Block::Picture { .. } => "picture",
            Block::Footer { .. } => "footer",
        };
        self.called(name)
    }
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
