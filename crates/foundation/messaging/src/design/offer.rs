//! What a template offers to a design over its letter: the blocks it is made of, and the facts that own words may name.

use kernel::{Channel, Result};
use serde_json::{Map, Value};

use crate::template::Given;

/// The most lines of a list that own words go through: an order may have a thousand.
pub const MOST_LISTED: usize = 50;

/// The facts of one message, by name.
pub type Facts = Map<String, Value>;

/// What a template offers.
#[derive(Clone, Copy, Debug)]
pub struct Offer {
    /// What the message is called on the staff's pages: `Order confirmation`.
    pub title: &'static str,
    /// When it is sent, in a sentence.
    pub about: &'static str,
    /// Every block its letters may have, in the order they come in. A letter may lack some, and has no other.
    pub blocks: &'static [OfferedBlock],
    /// What own words may name.
    pub facts: &'static [OfferedFact],
    /// What of it an own text message must name, because the text would be of no use without.
    pub text_needs: &'static [&'static str],
    /// The facts of one message, in its reader's language. Pure, like the letter. Texts get no invisible marks.
    pub tell: fn(&Given<'_>, Channel) -> Result<Facts>,
}

/// A block of the shipped letter.
#[derive(Clone, Copy, Debug)]
pub struct OfferedBlock {
    /// Its name within the letter.
    pub name: &'static str,
    /// What it is called on the staff's pages.
    pub label: &'static str,
    /// What a design may do with it.
    pub place: Place,
}

/// What a design may do with a shipped block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Stays where it is, at the top.
    Top,
    /// May be moved, never hidden: without it the message would not say what it is for.
    Stays,
    /// May be moved and hidden.
    Free,
    /// Stays where it is, at the foot.
    Foot,
}

/// Something that own words may name.
#[derive(Clone, Copy, Debug)]
pub struct OfferedFact {
    /// Its name: `number` is written `{{number}}`.
    pub name: &'static str,
    /// What it is, for the merchant.
    pub means: &'static str,
    /// How it may be used.
    pub kind: FactKind,
}

/// How a fact may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FactKind {
    /// Words to put in; empty where there is nothing to say.
    Text,
    /// An address that a button may lead to.
    Link,
    /// Holds or doesn't: for `{{#if …}}`.
    YesNo,
    /// A list for `{{#each …}}`, with what each of its lines knows.
    List(&'static [&'static str]),
}

impl Offer {
    /// The block of this name.
    pub fn block(&self, name: &str) -> Option<&'static OfferedBlock> {
        self.blocks.iter().find(|block| block.name == name)
    }

    /// Whether own words may name it.
    pub fn fact(&self, name: &str) -> Option<&'static OfferedFact> {
        self.facts.iter().find(|fact| fact.name == name)
    }

    /// Every fact there is, without anything to say: the other side of each condition.
    pub fn silent(&self) -> Facts {
        self.facts.iter().map(|fact| (fact.name.to_owned(), fact.kind.silent())).collect()
    }
}

impl FactKind {
    fn silent(self) -> Value {
        match self {
            FactKind::Text | FactKind::Link => Value::from(""),
            FactKind::YesNo => Value::from(false),
            FactKind::List(_) => Value::Array(Vec::new()),
        }
    }
}

/// A fact to put in.
pub const fn text(name: &'static str, means: &'static str) -> OfferedFact {
    OfferedFact { name, means, kind: FactKind::Text }
}

/// A fact that holds or doesn't.
pub const fn yes_no(name: &'static str, means: &'static str) -> OfferedFact {
    OfferedFact { name, means, kind: FactKind::YesNo }
}

/// A fact that a button may lead to.
pub const fn link(name: &'static str, means: &'static str) -> OfferedFact {
    OfferedFact { name, means, kind: FactKind::Link }
}

/// A block of the shipped letter.
pub const fn block(name: &'static str, label: &'static str, place: Place) -> OfferedBlock {
    OfferedBlock { name, label, place }
}
