//! The list of messages there are. A template turns a frozen context into a [`Letter`].

use kernel::{Error, Locale, Purpose, Result, Shop, Timestamp, Urgency};
use serde_json::Value;

use crate::design::offer::Offer;
use crate::letter::Letter;
use crate::text_letter::TextLetter;
use crate::topics::Topic;
use crate::wording::Wording;

/// What a template is given.
#[derive(Clone, Copy)]
pub struct Given<'a> {
    /// The shop.
    pub shop: &'a Shop,
    /// Shipped words and the merchant's own.
    pub wording: &'a Wording,
    /// The reader's language.
    pub locale: &'a Locale,
    /// When the message was written: the reader's "today" comes from it, on each attempt the same.
    pub written_at: Timestamp,
    /// What the room froze when it wrote the message.
    pub context: &'a Value,
}

/// One kind of message.
#[derive(Clone, Copy)]
pub struct Template {
    /// Its name, `order.confirmation`.
    pub id: &'static str,
    /// Raised whenever the same context would read differently.
    pub version: u32,
    /// Why it is sent.
    pub purpose: Purpose,
    /// What a person would switch off.
    pub topic: Topic,
    /// Whether the person waits for it.
    pub urgency: Urgency,
    /// Writes the letter. Pure: the same given, the same letter.
    pub write: fn(&Given<'_>) -> Result<Letter>,
    /// Writes it as a text: one fact and one link. As pure.
    pub text: fn(&Given<'_>) -> Result<TextLetter>,
    /// A context for tests and previews.
    pub sample: fn() -> Value,
    /// What a merchant's design may be made of; none for words that stay as they are.
    pub offer: Option<&'static Offer>,
}

/// Every message there is. The binary joins the rooms' lists.
#[derive(Clone)]
pub struct Templates(Vec<Template>);

impl Templates {
    /// Joins the lists of the rooms.
    pub fn new(lists: &[&[Template]]) -> Self {
        Templates(lists.concat())
    }

    /// All of them.
    pub fn all(&self) -> &[Template] {
        &self.0
    }

    /// The template of this name.
    pub fn named(&self, id: &str) -> Result<Template> {
        let found = self.0.iter().copied().find(|template| template.id == id);
        found.ok_or_else(|| Error::internal(format!("no template named {id}")))
    }
}
