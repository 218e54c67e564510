//! Messages of every purpose for stories and the simulator to send, in one sentence each: no room sends all of them yet, and what decides
//! about them must be seen to work before one does.

use kernel::{Channel, Purpose, Result, Urgency};
use messaging::design::offer::{Facts, Offer, Place, block, text as fact};
use messaging::letter::{Block, Letter, by_kind};
use messaging::text_letter::TextLetter;
use messaging::topics::{FEEDBACK, NEWS, ORDERS, STOP_CONFIRMATION, TIPS, Topic};
use messaging::{Given, Template};
use serde_json::{Value, json};

/// Part of a purchase, but may wait.
pub const LATER: &str = "story.later";
/// What the law demands.
pub const NOTICE: &str = "story.notice";
/// Helps with what was bought.
pub const TIP: &str = "story.tip";
/// Asks how it was.
pub const QUESTION: &str = "story.question";
/// Offers something.
pub const OFFER: &str = "story.offer";
/// Confirms a STOP.
pub const STOPPED: &str = "story.stopped";

/// All of them.
pub const TEMPLATES: &[Template] = &[
    one(LATER, Purpose::Transactional, ORDERS, Urgency::MayWait),
    one(NOTICE, Purpose::Legal, ORDERS, Urgency::MayWait),
    one(TIP, Purpose::Service, TIPS, Urgency::MayWait),
    one(QUESTION, Purpose::Survey, FEEDBACK, Urgency::MayWait),
    one(OFFER, Purpose::Marketing, NEWS, Urgency::MayWait),
    one(STOPPED, Purpose::Transactional, STOP_CONFIRMATION, Urgency::AtOnce),
];

/// What a design over them may be made of.
const OFFERED: Offer = Offer {
    title: "A word",
    about: "When a story says so.",
    blocks: &[
        block("brand", "Your logo or name", Place::Top),
        block("answer", "What is said", Place::Top),
        block("footer", "Foot: help, address, why they got it", Place::Foot),
    ],
    facts: &[fact("said", "what is said")],
    text_needs: &[],
    tell,
};

const fn one(id: &'static str, purpose: Purpose, topic: Topic, urgency: Urgency) -> Template {
    Template { id, version: 1, purpose, topic, urgency, write, text, sample, offer: Some(&OFFERED) }
}

fn write(given: &Given<'_>) -> Result<Letter> {
    let said = given.context["said"].as_str().unwrap_or_default().to_owned();
    Ok(Letter {
        locale: given.locale.clone(),
        subject: said.clone(),
        preheader: "A word from the shop".to_owned(),
        blocks: by_kind(vec![
            Block::BrandBar,
            Block::Answer { heading: said, line: "One sentence is enough.".to_owned() },
            Block::Footer { why: "You bought something here.".to_owned(), links: Vec::new() },
        ]),
        json_ld: None,
    })
}

fn tell(given: &Given<'_>, _: Channel) -> Result<Facts> {
    let said = given.context["said"].as_str().unwrap_or_default();
    Ok(Facts::from_iter([("said".to_owned(), said.into())]))
}

fn text(given: &Given<'_>) -> Result<TextLetter> {
    let said = given.context["said"].as_str().unwrap_or_default().to_owned();
    Ok(TextLetter { facts: vec![said], link: None })
}

fn sample() -> Value {
    json!({ "said": "Rinse the pot with hot water first" })
}
