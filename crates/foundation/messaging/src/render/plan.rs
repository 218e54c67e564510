//! What of a letter is shown: blocks with something to say, on paper or on the receipt, and rules only between them.

use kernel::Brand;

use super::escape;
use crate::letter::{Block, Change, Fact, Item};

/// A run of blocks on the same ground.
#[derive(Debug, PartialEq)]
pub(super) struct Section<'a> {
    pub ground: Ground,
    pub blocks: Vec<&'a Block>,
}

/// What a block stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ground {
    /// Outside the receipt: the brand above, the footer below.
    Paper,
    /// The receipt.
    Surface,
}

/// The visible blocks, grouped by what they stand on.
pub(super) fn sections<'a>(blocks: impl IntoIterator<Item = &'a Block>, brand: &Brand) -> Vec<Section<'a>> {
    let mut sections: Vec<Section<'a>> = Vec::new();
    for block in blocks.into_iter().filter(|block| has_something_to_say(block, brand)) {
        let ground = ground_of(block);
        match sections.last_mut() {
            Some(section) if section.ground == ground => section.blocks.push(block),
            Some(_) | None => sections.push(Section { ground, blocks: vec![block] }),
        }
    }
    for section in &mut sections {
        keep_rules_between_blocks(&mut section.blocks);
    }
    sections.retain(|section| !section.blocks.is_empty());
    sections
}

/// A change is shown when it says what changed, and how.
pub(super) fn shows_change(change: &Change) -> bool {
    let has_value = !blank(&change.before) || !blank(&change.after);
    has_value && !blank(&change.label)
}

/// A line is shown when it says what was bought.
pub(super) fn shows_item(item: &Item) -> bool {
    !blank(&item.title)
}

/// A fact is shown when it has a value.
pub(super) fn shows_fact(fact: &Fact) -> bool {
    fact.lines.iter().any(|line| !blank(line))
}

/// Whether a text says nothing.
pub(super) fn blank(text: &str) -> bool {
    text.trim().is_empty()
}

/// The text of an optional field, when it says something.
pub(super) fn said(text: &Option<String>) -> Option<&str> {
    text.as_deref().map(str::trim).filter(|text| !text.is_empty())
}

fn ground_of(block: &Block) -> Ground {
    match block {
        Block::BrandBar | Block::Footer { .. } => Ground::Paper,
        Block::Answer { .. }
        | Block::Text(_)
        | Block::Button { .. }
        | Block::Changes(_)
        | Block::Items { .. }
        | Block::Totals(_)
        | Block::Facts(_)
        | Block::Progress { .. }
        | Block::Code(_)
        | Block::Picture { .. }
        | Block::Divider => Ground::Surface,
    }
}

fn has_something_to_say(block: &Block, brand: &Brand) -> bool {
    match block {
        Block::BrandBar => !blank(&brand.name) || said(&brand.logo_url).is_some(),
        Block::Answer { heading, line } => !(blank(heading) && blank(line)),
        Block::Text(text) | Block::Code(text) => !blank(text),
        Block::Button { label, .. } => !blank(label),
        Block::Changes(changes) => changes.iter().any(shows_change),
        Block::Items { items, .. } => items.iter().any(shows_item),
        Block::Totals(rows) => rows.iter().any(|row| !blank(&row.amount)),
        Block::Facts(facts) => facts.iter().any(shows_fact),
        Block::Progress { steps, .. } => !steps.is_empty(),
        Block::Divider => true,
        // One that shows nothing still says what it would show.
        Block::Picture { src, alt } => !blank(alt) || escape::src(src).is_some(),
        Block::Footer { why, links } => !blank(why) || !links.is_empty() || brand_says_more(brand),
    }
}

fn brand_says_more(brand: &Brand) -> bool {
    let contact = &brand.contact;
    let fields = [&contact.email, &contact.phone, &contact.hours, &contact.url, &brand.postal_address];
    fields.into_iter().any(|field| said(field).is_some()) || !brand.social.is_empty()
}

/// No rule at an edge, and never two in a row: the block between them was hidden.
fn keep_rules_between_blocks(blocks: &mut Vec<&Block>) {
    let mut after_rule = true;
    blocks.retain(|block| {
        let is_rule = matches!(block, Block::Divider);
        let kept = !(is_rule && after_rule);
        after_rule = is_rule;
        kept
    });
    if blocks.last().is_some_and(|block| matches!(block, Block::Divider)) {
        blocks.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_stand_only_between_blocks_that_are_shown() {
        let text = Block::Text("Hello".into());
        let blocks = [
            Block::Divider,
            text.clone(),
            Block::Divider,
            Block::Facts(vec![]),
            Block::Divider,
            text.clone(),
            Block::Divider,
            Block::Text(" \n".into()),
        ];
        let sections = sections(&blocks, &Brand::default());
        assert_eq!(sections.len(), 1);
        assert_eq!(sections[0].blocks, [&text, &Block::Divider, &text]);
    }

    #[test]
    fn nothing_at_all_is_no_section() {
        let blocks = [Block::Divider, Block::Progress { steps: vec![], current: 0 }];
        assert!(sections(&blocks, &Brand::default()).is_empty());
    }
}
