//! A merchant's design over a shipped letter: whatever is in it, a whole letter comes out, and what nothing was found wrong
//! with can be filled in.
//!
//! An input is a design as it is stored, or the fields of one: subject, preheader, text, paragraphs, a button's words and
//! address, a picture's address and words, and the name of a block that is left out.

use std::sync::LazyLock;

use kernel::words::Catalogue;
use kernel::{Brand, Channel, Locale, Result};
use messaging::design::offer::{FactKind, Facts, Offer, OfferedFact, Place, block, link, text, yes_no};
use messaging::design::{Compiled, Design, Piece, Words, arrange};
use messaging::letter::{Block, Letter, by_kind};
use messaging::{Given, WORDS, render};
use serde_json::json;

use crate::input::Fields;
use crate::mail::check_html;

/// The most blocks of a design, and the longest sentence that may come of it in bytes.
const MOST_PIECES: usize = 40;
const BUDGET: usize = 16 * 1024;

const OFFER: Offer = Offer {
    title: "News",
    about: "Now and then.",
    blocks: &[
        block("brand", "Logo", Place::Top),
        block("answer", "The answer", Place::Top),
        block("text", "The news", Place::Stays),
        block("button", "Button", Place::Free),
        block("footer", "Foot", Place::Foot),
    ],
    facts: &[
        text("name", "who"),
        yes_no("gift", "whether"),
        link("url", "where"),
        OfferedFact { name: "items", means: "what", kind: FactKind::List(&["title"]) },
    ],
    text_needs: &["name"],
    tell: told,
};

static SHIPPED: LazyLock<Catalogue> =
    LazyLock::new(|| Catalogue::new(&[WORDS]).expect("the shipped words are whole"));

fn told(given: &Given<'_>, _: Channel) -> Result<Facts> {
    Ok(given.context.as_object().cloned().unwrap_or_default())
}

/// One design.
pub fn design(bytes: &[u8]) {
    let source = String::from_utf8_lossy(bytes);
    let design = Design::parse(&source).unwrap_or_else(|_| typed(bytes));
    if let Ok(stored) = design.source() {
        assert_eq!(Design::parse(&stored).ok().as_ref(), Some(&design), "what was stored is read again");
    }
    check_shape(&design.clone().over(&OFFER));
    let samples = [facts("Amina", "Darjeeling"), facts("أمينة", "<b>Tea</b>")];
    let (compiled, faults) = Compiled::of(design.clone(), &OFFER, &samples);
    assert_eq!(Compiled::of(design, &OFFER, &samples).1, faults, "the same design has the same faults");
    assert!(
        faults.iter().all(|fault| !fault.code.is_empty() && !fault.words.is_empty()),
        "and each says what to do"
    );
    for facts in samples.iter().chain([&OFFER.silent()]) {
        for tag in ["en", "de-AT"] {
            let locale = Locale::parse(tag).expect("a language");
            let letter = arrange::arrange(letter(&locale), &compiled, facts);
            let letter = letter.expect("what was tried before it is used can be used");
            check_letter(&letter, faults.is_empty());
        }
    }
    // Facts nobody has tried it with may be too much for it; then it is said, and the shipped letter goes out.
    let much = facts(&"x".repeat(9_000), &"y".repeat(900));
    let _ = arrange::arrange(letter(&Locale::default()), &compiled, &much);
}

fn typed(bytes: &[u8]) -> Design {
    let mut fields = Fields::of(bytes);
    let mut words = || {
        let text = fields.text();
        if text.is_empty() { Words::new() } else { Words::from([("en".to_owned(), text)]) }
    };
    let (subject, preheader, text) = (words(), words(), words());
    let (paragraphs, label, alt) = (words(), words(), words());
    let (href, src, hidden) = (fields.text(), fields.text(), fields.text());
    let pieces = vec![
        Piece::Text { name: "own-1".to_owned(), words: paragraphs },
        Piece::Button { name: "own-2".to_owned(), label, href },
        Piece::Picture { name: "own-3".to_owned(), src, alt },
        Piece::Shipped { name: hidden, hidden: true },
    ];
    Design { subject, preheader, text, pieces }
}

/// Every shipped block stands in it once, and what must be said is.
fn check_shape(whole: &Design) {
    assert_eq!(&whole.clone().over(&OFFER), whole, "a whole design stays what it is");
    assert!(whole.pieces.len() <= MOST_PIECES, "a letter is bounded");
    for offered in OFFER.blocks {
        let mut there = whole.pieces.iter().filter(|piece| piece.name() == offered.name);
        let is_hidden = matches!(there.next(), Some(Piece::Shipped { hidden: true, .. }));
        assert!(there.next().is_none(), "{} stands there once", offered.name);
        assert!(!is_hidden || offered.place == Place::Free, "{} can't be left out", offered.name);
    }
    assert_eq!(whole.pieces.last().map(Piece::name), Some("footer"), "the foot is at the foot");
}

fn facts(name: &str, title: &str) -> Facts {
    let items = json!([{ "title": title }, { "title": "Assam" }]);
    let facts = json!({ "name": name, "gift": true, "url": "https://tea.example/o/1", "items": items });
    facts.as_object().cloned().unwrap_or_default()
}

fn letter(locale: &Locale) -> Letter {
    Letter {
        locale: locale.clone(),
        subject: "Spring".to_owned(),
        preheader: "The first leaves".to_owned(),
        blocks: by_kind(vec![
            Block::BrandBar,
            Block::Answer { heading: "Spring is here".to_owned(), line: String::new() },
            Block::Text("The first leaves are in.".to_owned()),
            Block::Button { label: "See them".to_owned(), href: "https://tea.example/".to_owned() },
            Block::Footer { why: "You asked for news.".to_owned(), links: Vec::new() },
        ]),
        json_ld: None,
    }
}

fn check_letter(letter: &Letter, is_right: bool) {
    assert!(!letter.subject.trim().is_empty() && letter.subject.len() <= BUDGET, "a mail has a subject");
    assert!(!letter.subject.contains(['\r', '\n']), "of one line");
    assert!(letter.preheader.chars().count() <= 90);
    let said = |words: &str| letter.blocks.iter().any(|named| format!("{:?}", named.block).contains(words));
    assert!(said("Spring is here") && said("The first leaves are in.") && said("You asked for news."));
    if !is_right {
        return;
    }
    for named in &letter.blocks {
        match &named.block {
            Block::Button { href, .. } => check_address(href, &["https://", "http://", "mailto:", ""]),
            Block::Picture { src, .. } => check_address(src, &["https://"]),
            _ => {}
        }
    }
    check_html(&render::render(letter, &Brand::default(), &*SHIPPED).html);
}

/// A whole address of these; the empty one is a link that the facts don't have.
fn check_address(address: &str, beginnings: &[&str]) {
    let is_known = |beginning: &&str| match *beginning {
        "" => address.is_empty(),
        beginning => address.starts_with(beginning),
    };
    assert!(beginnings.iter().any(is_known) && !address.chars().any(char::is_control), "{address:?}");
}
