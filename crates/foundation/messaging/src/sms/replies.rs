//! The answers to STOP, START and HELP: who we are, and what happens now.

use kernel::words::Arg;
use kernel::{Purpose, Result, Urgency};
use serde_json::{Value, json};

use crate::letter::{Block, Letter, by_kind};
use crate::template::{Given, Template};
use crate::text_letter::TextLetter;
use crate::topics::{STOP_CONFIRMATION, TEXTS};

/// That no more texts will come: the one text that is allowed after STOP.
pub const STOPPED: &str = "text.stopped";
/// That texts come again.
pub const STARTED: &str = "text.started";
/// Who we are and how to reach us.
pub const HELP: &str = "text.help";

/// The answers. They only ever go by text; as letters they exist for previews.
pub const TEMPLATES: &[Template] = &[
    Template {
        topic: STOP_CONFIRMATION,
        ..answer(STOPPED, |given| letter(given, "text-stopped"), |given| text(given, &["text-stopped"]))
    },
    answer(STARTED, |given| letter(given, "text-started"), |given| text(given, &["text-started"])),
    answer(HELP, help_letter, help_text),
];

const fn answer(
    id: &'static str,
    write: fn(&Given<'_>) -> Result<Letter>,
    text: fn(&Given<'_>) -> Result<TextLetter>,
) -> Template {
    let (purpose, urgency) = (Purpose::Transactional, Urgency::AtOnce);
    Template { id, version: 1, purpose, topic: TEXTS, urgency, write, text, sample: empty, offer: None }
}

fn empty() -> Value {
    json!({})
}

fn help_letter(given: &Given<'_>) -> Result<Letter> {
    letter(given, help_key(given))
}

fn help_text(given: &Given<'_>) -> Result<TextLetter> {
    text(given, &[help_key(given), "text-help"])
}

/// With the way to reach a person that the shop has told.
fn help_key(given: &Given<'_>) -> &'static str {
    let contact = &given.shop.brand.contact;
    match (&contact.phone, &contact.email) {
        (Some(_), _) => "text-help-phone",
        (None, Some(_)) => "text-help-email",
        (None, None) => "text-help",
    }
}

fn text(given: &Given<'_>, keys: &[&str]) -> Result<TextLetter> {
    Ok(TextLetter { facts: keys.iter().map(|key| say(given, key)).collect(), link: None })
}

fn letter(given: &Given<'_>, key: &str) -> Result<Letter> {
    let (subject, line) = (say(given, "text-subject"), say(given, key));
    let why = say(given, "text-why");
    let preheader = kernel::text::shortened(&line, 90);
    let blocks = vec![
        Block::BrandBar,
        Block::Answer { heading: subject.clone(), line },
        Block::Footer { why, links: Vec::new() },
    ];
    let blocks = by_kind(blocks);
    Ok(Letter { locale: given.locale.clone(), subject, preheader, blocks, json_ld: None })
}

fn say(given: &Given<'_>, key: &str) -> String {
    let contact = &given.shop.brand.contact;
    let (phone, email) = (contact.phone.as_deref(), contact.email.as_deref());
    let args = [
        ("phone", Arg::from(phone.unwrap_or_default())),
        ("email", Arg::from(email.unwrap_or_default())),
        ("shop", Arg::from(&given.shop.brand.name)),
    ];
    given.wording.say(given.locale, key, &args)
}
