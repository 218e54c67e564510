//! A design as lines to read and to compare: one for each thing it says.

use super::offer::Offer;
use super::source::{Design, Piece, Words};

/// The lines. A line about an own sentence begins with what it is and its language.
pub fn of(design: &Design, offer: &Offer) -> Vec<String> {
    let mut lines = Vec::new();
    said(&mut lines, "Subject", &design.subject);
    said(&mut lines, "Preheader", &design.preheader);
    said(&mut lines, "Text message", &design.text);
    for piece in &design.pieces {
        of_piece(&mut lines, piece, offer);
    }
    lines
}

fn of_piece(lines: &mut Vec<String>, piece: &Piece, offer: &Offer) {
    match piece {
        Piece::Shipped { name, hidden } => {
            let label = offer.block(name).map_or(name.as_str(), |block| block.label);
            lines.push(format!("{label}: {}", if *hidden { "hidden" } else { "shown" }));
        }
        Piece::Text { words, .. } => said(lines, "Own text", words),
        Piece::Button { label, href, .. } => {
            said(lines, "Own button", label);
            lines.push(format!("Own button leads to: {href}"));
        }
        Piece::Picture { src, alt, .. } => {
            lines.push(format!("Own picture: {src}"));
            said(lines, "Own picture shows", alt);
        }
        Piece::Divider { .. } => lines.push("Own dotted line".to_owned()),
    }
}

fn said(lines: &mut Vec<String>, what: &str, words: &Words) {
    for (language, text) in words {
        for (at, line) in text.lines().filter(|line| !line.trim().is_empty()).enumerate() {
            let more = if at == 0 { String::new() } else { format!(", line {}", at + 1) };
            lines.push(format!("{what} ({language}{more}): {}", line.trim()));
        }
    }
}
