//! The message that brings the code: as a mail with a link beside it, as a text without.

use kernel::words::Arg;
use kernel::{Purpose, Result, Urgency, text};
use messaging::letter::{Block, Letter, by_kind};
use messaging::text_letter::TextLetter;
use messaging::topics::CODES;
use messaging::{Given, Template};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A code to sign in with.
pub const CODE: &str = "account.code";

/// What the message is given.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CodeContext {
    /// Six digits.
    pub code: String,
    /// The page with the button, which works in the browser that asked.
    pub link: String,
}

/// Every message of this crate.
pub const TEMPLATES: &[Template] = &[Template {
    id: CODE,
    version: 1,
    purpose: Purpose::Transactional,
    topic: CODES,
    urgency: Urgency::AtOnce,
    write,
    text,
    sample,
    offer: None,
}];

fn write(given: &Given<'_>) -> Result<Letter> {
    let context = CodeContext::deserialize(given.context)?;
    let shop = text::isolated_in(&given.shop.brand.name, given.locale);
    let say = |key: &str| {
        let args = [("code", Arg::from(&context.code)), ("shop", (&shop).into())];
        given.wording.say(given.locale, key, &args)
    };
    let blocks = vec![
        Block::BrandBar,
        Block::Answer { heading: say("account-mail-heading"), line: say("account-mail-line") },
        Block::Code(context.code.clone()),
        Block::Button { label: say("account-mail-button"), href: context.link.clone() },
        Block::Text(say("account-mail-not-you")),
        Block::Footer { why: say("account-mail-why"), links: Vec::new() },
    ];
    Ok(Letter {
        locale: given.locale.clone(),
        subject: say("account-mail-subject"),
        preheader: text::shortened(&say("account-mail-preheader"), 90),
        blocks: by_kind(blocks),
        json_ld: None,
    })
}

/// Without a link: a code and a link in one text is what thieves send.
fn text(given: &Given<'_>) -> Result<TextLetter> {
    let context = CodeContext::deserialize(given.context)?;
    let say = |key: &str| given.wording.say(given.locale, key, &[("code", (&context.code).into())]);
    Ok(TextLetter { facts: vec![say("account-text"), say("account-text-short")], link: None })
}

fn sample() -> Value {
    let link = "https://orders.northwind.example/you/in/sample".to_owned();
    json!(CodeContext { code: "493817".to_owned(), link })
}
