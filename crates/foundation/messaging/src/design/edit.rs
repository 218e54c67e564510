//! What a press of a button does to a draft. Pure: no button can make a design that the template doesn't allow.

use super::offer::{Offer, Place};
use super::source::{Design, MOST_PIECES, Piece, Words};

/// A change of the order of blocks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// One place up.
    Up(String),
    /// One place down.
    Down(String),
    /// Left out.
    Hide(String),
    /// There again.
    Show(String),
    /// An own block goes.
    Remove(String),
    /// An own block comes behind another.
    Add(Kind, String),
    /// Everything as it came.
    Fresh,
}

/// What can be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Paragraphs.
    Text,
    /// A button.
    Button,
    /// A picture.
    Picture,
    /// A dotted rule.
    Divider,
}

impl Kind {
    /// Every kind, with its name in the form and what it is called.
    pub const ALL: [(Kind, &'static str, &'static str); 4] = [
        (Kind::Text, "text", "Text"),
        (Kind::Button, "button", "Button"),
        (Kind::Picture, "picture", "Picture"),
        (Kind::Divider, "divider", "Dotted line"),
    ];

    fn parse(word: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|(_, name, _)| *name == word).map(|(kind, _, _)| kind)
    }

    fn block(self, name: String) -> Piece {
        match self {
            Kind::Text => Piece::Text { name, words: Words::new() },
            Kind::Button => Piece::Button { name, label: Words::new(), href: String::new() },
            Kind::Picture => Piece::Picture { name, src: String::new(), alt: Words::new() },
            Kind::Divider => Piece::Divider { name },
        }
    }
}

impl Edit {
    /// Reads the value of a button: `up:items`, `add-text:items`, `fresh`.
    pub fn parse(value: &str) -> Option<Edit> {
        let (verb, name) = value.split_once(':').unwrap_or((value, ""));
        let name = || name.to_owned();
        Some(match verb {
            "up" => Edit::Up(name()),
            "down" => Edit::Down(name()),
            "hide" => Edit::Hide(name()),
            "show" => Edit::Show(name()),
            "remove" => Edit::Remove(name()),
            "fresh" => Edit::Fresh,
            _ => Edit::Add(Kind::parse(verb.strip_prefix("add-")?)?, name()),
        })
    }

    /// How an address says that it was done. It names only blocks that are there: what a form names may be anything.
    pub fn done_word(&self, design: &Design) -> String {
        match (self, self.subject(design)) {
            (Edit::Remove(_), _) => "remove".to_owned(),
            (Edit::Fresh, _) => "fresh".to_owned(),
            (edit, Some(_)) => edit.word(),
            (Edit::Up(_) | Edit::Down(_) | Edit::Hide(_) | Edit::Show(_) | Edit::Add(..), None) => {
                String::new()
            }
        }
    }

    fn word(&self) -> String {
        let kind = |kind: &Kind| {
            Kind::ALL.into_iter().find(|(of, _, _)| of == kind).map_or("text", |(_, name, _)| name)
        };
        match self {
            Edit::Up(name) => format!("up:{name}"),
            Edit::Down(name) => format!("down:{name}"),
            Edit::Hide(name) => format!("hide:{name}"),
            Edit::Show(name) => format!("show:{name}"),
            Edit::Remove(name) => format!("remove:{name}"),
            Edit::Add(added, name) => format!("add-{}:{name}", kind(added)),
            Edit::Fresh => "fresh".to_owned(),
        }
    }

    /// The block it is about, after it was done to `design`.
    pub fn subject<'a>(&self, design: &'a Design) -> Option<&'a str> {
        match self {
            Edit::Up(name) | Edit::Down(name) | Edit::Hide(name) | Edit::Show(name) => {
                design.pieces.iter().map(Piece::name).find(|known| known == name)
            }
            Edit::Add(_, after) => {
                let at = design.pieces.iter().position(|piece| piece.name() == after)?;
                design.pieces.get(at + 1).map(Piece::name)
            }
            Edit::Remove(_) | Edit::Fresh => None,
        }
    }
}

/// Whether a block can go one place up and one place down, within what the template allows.
pub fn can_move(design: &Design, at: usize, offer: &Offer) -> (bool, bool) {
    let moves = |piece: Option<&Piece>| piece.is_some_and(|piece| is_movable(piece, offer));
    let at_hand = |at: usize| moves(design.pieces.get(at));
    let up = at.checked_sub(1).is_some_and(at_hand);
    if at_hand(at) { (up, at_hand(at + 1)) } else { (false, false) }
}

/// Whether a block can be left out.
pub fn can_hide(piece: &Piece, offer: &Offer) -> bool {
    match piece {
        Piece::Shipped { name, .. } => offer.block(name).is_some_and(|block| block.place == Place::Free),
        Piece::Text { .. } | Piece::Button { .. } | Piece::Picture { .. } | Piece::Divider { .. } => false,
    }
}

/// Whether another block can come behind this one: not between what stays at the top, and not below the foot.
pub fn can_add_behind(design: &Design, at: usize, offer: &Offer) -> bool {
    let place = |at: usize| match design.pieces.get(at) {
        Some(Piece::Shipped { name, .. }) => offer.block(name).map(|block| block.place),
        Some(_) | None => None,
    };
    let is_within_head = place(at) == Some(Place::Top) && place(at + 1) == Some(Place::Top);
    design.pieces.len() < MOST_PIECES && place(at) != Some(Place::Foot) && !is_within_head
}

/// The design after the edit. What isn't allowed, or names a block that is gone, changes nothing.
pub fn edited(mut design: Design, edit: &Edit, offer: &Offer) -> Design {
    let at = |design: &Design, name: &str| design.pieces.iter().position(|piece| piece.name() == name);
    match edit {
        Edit::Up(name) => {
            if let Some(at) = at(&design, name).filter(|at| can_move(&design, *at, offer).0) {
                design.pieces.swap(at, at - 1);
            }
        }
        Edit::Down(name) => {
            if let Some(at) = at(&design, name).filter(|at| can_move(&design, *at, offer).1) {
                design.pieces.swap(at, at + 1);
            }
        }
        Edit::Hide(name) => set_hidden(&mut design, name, true),
        Edit::Show(name) => set_hidden(&mut design, name, false),
        Edit::Remove(name) => {
            design.pieces.retain(|piece| matches!(piece, Piece::Shipped { .. }) || piece.name() != name);
        }
        Edit::Add(kind, after) => {
            if let Some(at) = at(&design, after).filter(|at| can_add_behind(&design, *at, offer)) {
                let block = kind.block(design.next_name());
                design.pieces.insert(at + 1, block);
            }
        }
        Edit::Fresh => design = Design::default(),
    }
    design.over(offer)
}

fn set_hidden(design: &mut Design, wanted: &str, to: bool) {
    for piece in &mut design.pieces {
        if let Piece::Shipped { name, hidden } = piece
            && name == wanted
        {
            *hidden = to;
        }
    }
}

fn is_movable(piece: &Piece, offer: &Offer) -> bool {
    match piece {
        Piece::Shipped { name, .. } => {
            let place = offer.block(name).map(|block| block.place);
            matches!(place, Some(Place::Stays | Place::Free))
        }
        Piece::Text { .. } | Piece::Button { .. } | Piece::Picture { .. } | Piece::Divider { .. } => true,
    }
}

/// Puts what was typed into the fields of one language in its place; a field that was not sent stays as it is.
pub fn typed<'f>(design: &mut Design, language: &str, field: impl Fn(&str) -> Option<&'f str>) {
    let put = |words: &mut Words, name: &str| {
        let Some(text) = field(name) else { return };
        // Browsers end lines with two characters, of which one is a control character.
        let text = text.replace("\r\n", "\n");
        if text.trim().is_empty() {
            words.remove(language);
        } else {
            words.insert(language.to_owned(), text);
        }
    };
    put(&mut design.subject, "subject");
    put(&mut design.preheader, "preheader");
    put(&mut design.text, "text");
    for piece in &mut design.pieces {
        match piece {
            Piece::Text { name, words } => put(words, &format!("words-{name}")),
            Piece::Button { name, label, href } => {
                put(label, &format!("label-{name}"));
                href_typed(href, field(&format!("href-{name}")));
            }
            Piece::Picture { name, src, alt } => {
                put(alt, &format!("alt-{name}"));
                href_typed(src, field(&format!("src-{name}")));
            }
            Piece::Shipped { .. } | Piece::Divider { .. } => {}
        }
    }
}

fn href_typed(href: &mut String, typed: Option<&str>) {
    if let Some(typed) = typed {
        typed.trim().clone_into(href);
    }
}
