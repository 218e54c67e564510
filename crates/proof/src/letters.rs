//! The one message that no room sends yet: an offer, so that the rules of marketing are tried too.

use kernel::{Purpose, Result, Urgency};
use messaging::letter::{Block, Letter, by_kind};
use messaging::text_letter::TextLetter;
use messaging::topics::NEWS;
use messaging::{Given, Template};
use serde_json::{Value, json};

/// Offers something.
pub const OFFER: &str = "proof.offer";

/// All of them.
pub const TEMPLATES: &[Template] = &[Template {
    id: OFFER,
    version: 1,
    purpose: Purpose::Marketing,
    topic: NEWS,
    urgency: Urgency::MayWait,
    write,
    text,
    sample,
    offer: None,
}];

fn said(given: &Given<'_>) -> String {
    given.context["said"].as_str().unwrap_or_default().to_owned()
}

fn write(given: &Given<'_>) -> Result<Letter> {
    let said = said(given);
    Ok(Letter {
        locale: given.locale.clone(),
        subject: said.clone(),
        preheader: "A word from the shop".to_owned(),
        blocks: by_kind(vec![
            Block::BrandBar,
            Block::Answer { heading: said, line: "The first flush has arrived.".to_owned() },
            Block::Footer { why: "You asked for news.".to_owned(), links: Vec::new() },
        ]),
        json_ld: None,
    })
}

fn text(given: &Given<'_>) -> Result<TextLetter> {
    Ok(TextLetter { facts: vec![said(given)], link: None })
}

fn sample() -> Value {
    json!({ "said": "New teas are here" })
}
