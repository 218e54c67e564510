//! The shipped letter as a design has it. Pure: the same letter, design and facts give the same letter.

use kernel::{Channel, Locale, Result};

use super::compile::{Compiled, Unfillable, address};
use super::offer::Facts;
use super::source::Piece;
use crate::letter::{Block, Letter, Named};
use crate::template::{Given, Template};
use crate::text_letter::TextLetter;

/// The longest preheader, as everywhere.
const PREHEADER_CHARS: usize = 90;
/// What an own block is called within a letter.
const OWN: &str = "own";

/// Writes a message as a design has it, or as it came where there is none. One that can't be filled in gives way to the
/// shipped letter: a message is never lost for its looks.
pub fn letter(template: &Template, given: &Given<'_>, design: Option<&Compiled>) -> Result<Letter> {
    let shipped = (template.write)(given)?;
    let Some((design, facts)) = facts_for(template, given, design, Channel::Email)? else {
        return Ok(shipped);
    };
    match arrange(shipped.clone(), design, &facts) {
        Ok(arranged) => Ok(arranged),
        Err(fault) => Ok(given_way(template, &fault, shipped)),
    }
}

/// The same of a message as a text: the shop's own fact, with the shipped link.
pub fn text(template: &Template, given: &Given<'_>, design: Option<&Compiled>) -> Result<TextLetter> {
    let shipped = (template.text)(given)?;
    let Some((design, facts)) = facts_for(template, given, design, Channel::Sms)? else {
        return Ok(shipped);
    };
    match design.filled("text", given.locale, &facts) {
        Ok(Some(fact)) if !fact.trim().is_empty() => Ok(TextLetter { facts: vec![fact], ..shipped }),
        Ok(Some(_) | None) => Ok(shipped),
        Err(fault) => Ok(given_way(template, &fault, shipped)),
    }
}

/// The letter with the blocks and words of the design. A sentence that the merchant didn't write in the reader's language
/// is ours, and a block of words that isn't written in it is left out: no message is in two languages.
pub fn arrange(letter: Letter, design: &Compiled, facts: &Facts) -> Result<Letter, Unfillable> {
    let locale = letter.locale.clone();
    let mut shipped = letter.blocks;
    let mut blocks = Vec::with_capacity(shipped.len());
    for piece in design.pieces() {
        match piece {
            Piece::Shipped { name, hidden } => {
                let named = shipped.extract_if(.., |block| block.name == name);
                blocks.extend(named.filter(|_| !hidden));
            }
            own => blocks.extend(own_block(own, design, &locale, facts)?.map(|block| block.called(OWN))),
        }
    }
    let subject = filled_or(design, "subject", &locale, facts, letter.subject)?;
    let preheader = filled_or(design, "preheader", &locale, facts, letter.preheader)?;
    Ok(Letter {
        subject: kernel::text::unfolded(&subject),
        preheader: kernel::text::shortened(&preheader, PREHEADER_CHARS),
        blocks: with_rest(blocks, shipped),
        json_ld: letter.json_ld,
        locale,
    })
}

/// Blocks that no offer names stand before the foot: better in a strange place than lost.
fn with_rest(mut blocks: Vec<Named>, rest: Vec<Named>) -> Vec<Named> {
    let foot = blocks.iter().position(|named| matches!(named.block, Block::Footer { .. }));
    let at = foot.unwrap_or(blocks.len());
    blocks.splice(at..at, rest);
    blocks
}

fn own_block(
    piece: &Piece,
    design: &Compiled,
    locale: &Locale,
    facts: &Facts,
) -> Result<Option<Block>, Unfillable> {
    let filled = |field: String| design.filled(&field, locale, facts);
    Ok(match piece {
        Piece::Text { name, .. } => filled(format!("words-{name}"))?.map(Block::Text),
        Piece::Button { name, href, .. } => filled(format!("label-{name}"))?
            .zip(address(href, facts))
            .map(|(label, href)| Block::Button { label, href }),
        Piece::Picture { name, src, .. } => {
            filled(format!("alt-{name}"))?.map(|alt| Block::Picture { src: src.clone(), alt })
        }
        Piece::Divider { .. } => Some(Block::Divider),
        Piece::Shipped { .. } => None,
    })
}

fn filled_or(
    design: &Compiled,
    field: &str,
    locale: &Locale,
    facts: &Facts,
    ours: String,
) -> Result<String, Unfillable> {
    let own = design.filled(field, locale, facts)?;
    Ok(own.filter(|text| !text.trim().is_empty()).unwrap_or(ours))
}

fn facts_for<'a>(
    template: &Template,
    given: &Given<'_>,
    design: Option<&'a Compiled>,
    channel: Channel,
) -> Result<Option<(&'a Compiled, Facts)>> {
    let (Some(design), Some(offer)) = (design, template.offer) else { return Ok(None) };
    Ok(Some((design, (offer.tell)(given, channel)?)))
}

fn given_way<T>(template: &Template, fault: &Unfillable, shipped: T) -> T {
    tracing::warn!(
        template = template.id,
        field = fault.field,
        "this sentence of the message's design can't be filled in; the shipped message is sent"
    );
    shipped
}
