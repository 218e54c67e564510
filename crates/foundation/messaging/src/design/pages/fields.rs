//! The fields of the editor: what was written in them, what is said while nothing is, and what is wrong with it.

use kernel::Result;

use super::editor::Desk;
use super::view::{Field, PieceRow};
use crate::design::compile::Fault;
use crate::design::edit;
use crate::design::offer::Offer;
use crate::design::preview::Writer;
use crate::design::source::{Design, Piece, Words};

/// What the message says where the shop says nothing of its own.
pub(super) struct Ours {
    subject: String,
    preheader: String,
    text: String,
}

impl Ours {
    pub(super) fn of(writer: &Writer<'_>) -> Result<Ours> {
        let given = writer.given();
        let (letter, text) = ((writer.template.write)(&given)?, (writer.template.text)(&given)?);
        let text = text.facts.into_iter().next().unwrap_or_default();
        Ok(Ours { subject: letter.subject, preheader: letter.preheader, text })
    }
}

/// Makes the fields of a design in the language that is being written.
pub(super) struct Fields<'a> {
    pub desk: &'a Desk,
    pub ours: Ours,
    pub faults: &'a [Fault],
}

impl Fields<'_> {
    /// Subject, preheader, text message.
    pub(super) fn head(&self, design: &Design) -> Vec<Field> {
        let ours = |text: &str| format!("Ours: {text}");
        vec![
            Field {
                ours: ours(&self.ours.subject),
                ..self.sentence("subject", "Subject", &design.subject, 0)
            },
            Field {
                ours: ours(&self.ours.preheader),
                hint: "What mail programs show after the subject, at most 90 characters.",
                ..self.sentence("preheader", "Preheader", &design.preheader, 0)
            },
            Field {
                ours: ours(&self.ours.text),
                hint: "One sentence. Your name goes before it, and the link after it.",
                ..self.sentence("text", "Text message", &design.text, 2)
            },
        ]
    }

    /// The blocks in order.
    pub(super) fn pieces(&self, design: &Design) -> Vec<PieceRow> {
        design.pieces.iter().enumerate().map(|(at, piece)| self.piece(design, at, piece)).collect()
    }

    fn piece(&self, design: &Design, at: usize, piece: &Piece) -> PieceRow {
        let offer = self.desk.offer;
        let (can_go_up, can_go_down) = edit::can_move(design, at, offer);
        PieceRow {
            name: piece.name().to_owned(),
            label: label(piece, offer),
            place: at + 1,
            is_own: !matches!(piece, Piece::Shipped { .. }),
            is_hidden: matches!(piece, Piece::Shipped { hidden: true, .. }),
            can_hide: edit::can_hide(piece, offer),
            can_go_up,
            can_go_down,
            can_add: edit::can_add_behind(design, at, offer),
            fields: self.of_piece(piece),
        }
    }

    fn of_piece(&self, piece: &Piece) -> Vec<Field> {
        match piece {
            Piece::Text { name, words } => {
                vec![self.sentence(&format!("words-{name}"), "What it says", words, 4)]
            }
            Piece::Button { name, label, href } => vec![
                self.sentence(&format!("label-{name}"), "What it says", label, 0),
                Field {
                    hint: "Begins with https:// or mailto:, or is a link from the list below, such as {{url}}.",
                    ..self.address(&format!("href-{name}"), "Where it leads", href)
                },
            ],
            Piece::Picture { name, src, alt } => vec![
                Field {
                    hint: "PNG or JPEG, beginning with https://.",
                    ..self.address(&format!("src-{name}"), "The picture’s address", src)
                },
                Field {
                    hint: "For everybody who doesn’t see it.",
                    ..self.sentence(&format!("alt-{name}"), "What it shows", alt, 0)
                },
            ],
            Piece::Shipped { .. } | Piece::Divider { .. } => Vec::new(),
        }
    }

    fn sentence(&self, name: &str, label: &'static str, words: &Words, rows: u8) -> Field {
        let language = &self.desk.looks.language;
        Field {
            name: name.to_owned(),
            label,
            value: words.get(language).cloned().unwrap_or_default(),
            ours: String::new(),
            hint: "",
            rows,
            is_for_all: false,
            faults: self.faults_of(name, Some(language)),
        }
    }

    fn address(&self, name: &str, label: &'static str, value: &str) -> Field {
        Field {
            name: name.to_owned(),
            label,
            value: value.to_owned(),
            ours: String::new(),
            hint: "",
            rows: 0,
            is_for_all: true,
            faults: self.faults_of(name, None),
        }
    }

    fn faults_of(&self, field: &str, language: Option<&str>) -> Vec<String> {
        let is_its = |fault: &&Fault| {
            fault.field == field && (fault.language.is_none() || fault.language.as_deref() == language)
        };
        self.faults.iter().filter(is_its).map(|fault| fault.words.clone()).collect()
    }
}

/// What a block is called.
pub(super) fn label(piece: &Piece, offer: &Offer) -> String {
    match piece {
        Piece::Shipped { name, .. } => {
            offer.block(name).map_or(name.as_str(), |block| block.label).to_owned()
        }
        Piece::Text { .. } => "Your text".to_owned(),
        Piece::Button { .. } => "Your button".to_owned(),
        Piece::Picture { .. } => "Your picture".to_owned(),
        Piece::Divider { .. } => "Your dotted line".to_owned(),
    }
}
