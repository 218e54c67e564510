//! A design as it is stored: own words, and the order of the blocks. Data only, bounded, and of any content: what of it
//! can be used is said by [`compile`](super::compile).

use std::collections::{BTreeMap, BTreeSet};

use kernel::{Error, Result};
use serde::{Deserialize, Serialize};

use super::offer::{Offer, Place};

/// The most blocks of a design, shipped ones among them.
pub const MOST_PIECES: usize = 40;
/// The most bytes of a design.
pub const MOST_BYTES: usize = 96 * 1024;

/// Words by language, in the placeholder syntax of `[wording]`.
pub type Words = BTreeMap<String, String>;

/// A merchant's arrangement over a shipped letter. One that says nothing is the letter as it came.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Design {
    /// The subject line; ours in languages without one.
    #[serde(skip_serializing_if = "Words::is_empty")]
    pub subject: Words,
    /// What a mail program shows after the subject.
    #[serde(skip_serializing_if = "Words::is_empty")]
    pub preheader: Words,
    /// The one fact of the message as a text.
    #[serde(skip_serializing_if = "Words::is_empty")]
    pub text: Words,
    /// The blocks in order.
    pub pieces: Vec<Piece>,
}

/// One block of a design.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Piece {
    /// A block of the shipped letter.
    Shipped {
        /// Its name within the letter.
        name: String,
        /// Whether it is left out.
        #[serde(default)]
        hidden: bool,
    },
    /// Paragraphs of the shop's own.
    Text {
        /// `own-1`: unlike that of any other block.
        name: String,
        /// What they say.
        #[serde(default)]
        words: Words,
    },
    /// A button of the shop's own.
    Button {
        /// `own-2`.
        name: String,
        /// What it says.
        #[serde(default)]
        label: Words,
        /// Where it leads: an absolute address, or a link the template knows, `{{url}}`.
        #[serde(default)]
        href: String,
    },
    /// A picture of the shop's own.
    Picture {
        /// `own-3`.
        name: String,
        /// Where it is.
        #[serde(default)]
        src: String,
        /// What it shows.
        #[serde(default)]
        alt: Words,
    },
    /// A dotted rule.
    Divider {
        /// `own-4`.
        name: String,
    },
}

impl Piece {
    /// What it is called within the design.
    pub fn name(&self) -> &str {
        match self {
            Piece::Shipped { name, .. }
            | Piece::Text { name, .. }
            | Piece::Button { name, .. }
            | Piece::Picture { name, .. }
            | Piece::Divider { name } => name,
        }
    }

    fn is_shipped(&self) -> bool {
        matches!(self, Piece::Shipped { .. })
    }
}

impl Design {
    /// Reads what was stored.
    pub fn parse(source: &str) -> Result<Design> {
        Ok(serde_json::from_str(source)?)
    }

    /// As it is stored.
    pub fn source(&self) -> Result<String> {
        let source = serde_json::to_string(self)?;
        if source.len() > MOST_BYTES {
            let words = format!("This is longer than a message may be: {} KB at most.", MOST_BYTES / 1024);
            return Err(Error::invalid("too_long", words));
        }
        Ok(source)
    }

    /// The letter as it came.
    pub fn shipped(offer: &Offer) -> Design {
        Design::default().over(offer)
    }

    /// The same design with every block of the shipped letter in it exactly once, what must stay where it must, and
    /// nothing that isn't known. Whatever was stored, and whichever release stored it, what comes out is a whole letter:
    /// a block that a later release adds stands behind the one it follows in the shipped letter.
    pub fn over(self, offer: &Offer) -> Design {
        let mut seen = BTreeSet::new();
        let is_kept = |piece: &Piece| match piece {
            Piece::Shipped { name, .. } => offer.block(name).is_some(),
            Piece::Text { name, .. }
            | Piece::Button { name, .. }
            | Piece::Picture { name, .. }
            | Piece::Divider { name } => own_number(name).is_some(),
        };
        let mut pieces: Vec<Piece> = self.pieces;
        pieces.retain(|piece| is_kept(piece) && seen.insert(piece.name().to_owned()));
        add_missing(&mut pieces, offer);
        keep_the_most(&mut pieces, offer);
        pieces.iter_mut().for_each(|piece| show_what_stays(piece, offer));
        pieces.sort_by_key(|piece| rank(piece, offer));
        Design { pieces, ..self }
    }

    /// A name for another own block.
    pub fn next_name(&self) -> String {
        let highest = self.pieces.iter().filter_map(|piece| own_number(piece.name())).max();
        format!("own-{}", highest.unwrap_or_default() + 1)
    }

    /// Every sentence of the merchant's own: its field, its language and what it says. Blank ones are none.
    pub fn sentences(&self) -> Vec<Sentence<'_>> {
        let head = [("subject", &self.subject), ("preheader", &self.preheader), ("text", &self.text)];
        let head = head.into_iter().map(|(field, words)| (field.to_owned(), words));
        let own = self.pieces.iter().filter_map(|piece| match piece {
            Piece::Text { name, words } => Some((format!("words-{name}"), words)),
            Piece::Button { name, label, .. } => Some((format!("label-{name}"), label)),
            Piece::Picture { name, alt, .. } => Some((format!("alt-{name}"), alt)),
            Piece::Shipped { .. } | Piece::Divider { .. } => None,
        });
        let all = head.chain(own).flat_map(|(field, words)| {
            words.iter().map(move |(language, source)| Sentence { field: field.clone(), language, source })
        });
        all.filter(|sentence| !sentence.source.trim().is_empty()).collect()
    }
}

/// A sentence of the merchant's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence<'a> {
    /// Where it stands, which is also the name of its field in the form: `subject`, `words-own-1`.
    pub field: String,
    /// Its language.
    pub language: &'a str,
    /// What was written.
    pub source: &'a str,
}

/// The number of an own block's name.
pub(super) fn own_number(name: &str) -> Option<u32> {
    name.strip_prefix("own-")?.parse().ok().filter(|number| *number < 1_000_000)
}

/// Puts each shipped block that is not there behind the one it follows in the shipped letter.
fn add_missing(pieces: &mut Vec<Piece>, offer: &Offer) {
    for (at, block) in offer.blocks.iter().enumerate() {
        if pieces.iter().any(|piece| piece.name() == block.name) {
            continue;
        }
        let before = at.checked_sub(1).map(|before| offer.blocks[before].name);
        let behind = before.and_then(|name| pieces.iter().position(|piece| piece.name() == name));
        let place = behind.map_or(0, |place| place + 1);
        pieces.insert(place, Piece::Shipped { name: block.name.to_owned(), hidden: false });
    }
}

/// Of too many own blocks the last ones go.
fn keep_the_most(pieces: &mut Vec<Piece>, offer: &Offer) {
    let mut room = MOST_PIECES.saturating_sub(offer.blocks.len());
    pieces.retain(|piece| {
        let fits = piece.is_shipped() || room > 0;
        room -= usize::from(fits && !piece.is_shipped());
        fits
    });
}

fn show_what_stays(piece: &mut Piece, offer: &Offer) {
    if let Piece::Shipped { name, hidden } = piece {
        let is_free = offer.block(name).is_some_and(|block| block.place == Place::Free);
        *hidden &= is_free;
    }
}

/// The head first, in the shipped order, and the foot last.
fn rank(piece: &Piece, offer: &Offer) -> (u8, usize) {
    let at = offer.blocks.iter().position(|block| block.name == piece.name()).unwrap_or_default();
    match offer.block(piece.name()).map(|block| block.place) {
        Some(Place::Top) => (0, at),
        Some(Place::Foot) => (2, at),
        Some(Place::Stays | Place::Free) | None => (1, 0),
    }
}
