//! What a design does to a letter, that no design can do what a template doesn't allow, and that nothing hostile gets
//! further than its refusal.

use kernel::shop::Sender;
use kernel::words::Words as Shipped;
use kernel::{Brand, Catalogue, Channel, Currency, Dice, Email, Keys, Locale, Policy, Purpose, Result, Shop};
use kernel::{Timestamp, Urgency, Zone};
use serde_json::{Value, json};

use super::edit::{Edit, Kind, edited};
use super::offer::{FactKind, Facts, Offer, OfferedFact, Place, block, link, text as fact, yes_no};
use super::source::{MOST_PIECES, own_number};
use super::*;
use crate::letter::{Block, Letter, by_kind};
use crate::template::{Given, Template};
use crate::text_letter::TextLetter;
use crate::topics::NEWS;
use crate::wording::Wording;
use crate::words::WORDS;

const OFFER: Offer = Offer {
    title: "News",
    about: "Now and then.",
    blocks: &[
        block("brand", "Logo", Place::Top),
        block("answer", "The answer", Place::Top),
        block("text", "The news", Place::Stays),
        block("button", "Button", Place::Free),
        block("code", "Code", Place::Free),
        block("footer", "Foot", Place::Foot),
    ],
    facts: &[
        fact("name", "who"),
        yes_no("gift", "whether"),
        link("url", "where"),
        OfferedFact { name: "items", means: "what", kind: FactKind::List(&["title"]) },
    ],
    text_needs: &["name"],
    tell: told,
};

const NEWSLETTER: Template = Template {
    id: "test.news",
    version: 1,
    purpose: Purpose::Marketing,
    topic: NEWS,
    urgency: Urgency::MayWait,
    write: written,
    text: texted,
    sample,
    offer: Some(&OFFER),
};

fn written(given: &Given<'_>) -> Result<Letter> {
    let blocks = vec![
        Block::BrandBar,
        Block::Answer { heading: "Spring is here".to_owned(), line: String::new() },
        Block::Text("The first leaves are in.".to_owned()),
        Block::Button { label: "See them".to_owned(), href: "https://tea.example/".to_owned() },
        Block::Footer { why: "You asked for news.".to_owned(), links: Vec::new() },
    ];
    Ok(Letter {
        locale: given.locale.clone(),
        subject: "Spring".to_owned(),
        preheader: "The first leaves".to_owned(),
        blocks: by_kind(blocks),
        json_ld: None,
    })
}

fn texted(_: &Given<'_>) -> Result<TextLetter> {
    Ok(TextLetter {
        facts: vec!["Spring is here.".to_owned()],
        link: Some("https://tea.example/s".to_owned()),
    })
}

fn told(given: &Given<'_>, _: Channel) -> Result<Facts> {
    Ok(given.context.as_object().cloned().unwrap_or_default())
}

fn sample() -> Value {
    json!({
        "name": "Amina", "gift": true, "url": "https://tea.example/o/1",
        "items": [{ "title": "Darjeeling" }, { "title": "Assam" }],
    })
}

fn shop() -> Shop {
    Shop {
        brand: Brand::default(),
        public_url: "http://127.0.0.1:4080".to_owned(),
        keys: Keys::parse("a root of at least thirty-two bytes").unwrap(),
        locale: Locale::default(),
        zone: Zone::utc(),
        currency: Currency::parse("GBP").unwrap(),
        policy: Policy::default(),
        mail_from: Sender { name: "Shop".to_owned(), address: Email::parse("shop@tea.test").unwrap() },
    }
}

fn words(pairs: &[(&str, &str)]) -> Words {
    pairs.iter().map(|(tag, text)| ((*tag).to_owned(), (*text).to_owned())).collect()
}

fn own_text(name: &str, pairs: &[(&str, &str)]) -> Piece {
    Piece::Text { name: name.to_owned(), words: words(pairs) }
}

fn shipped(name: &str, hidden: bool) -> Piece {
    Piece::Shipped { name: name.to_owned(), hidden }
}

fn compiled(design: Design) -> (Compiled, Vec<Fault>) {
    let facts = sample().as_object().cloned().unwrap();
    Compiled::of(design, &OFFER, &[facts])
}

fn sound(design: Design) -> Compiled {
    let (compiled, faults) = compiled(design);
    assert_eq!(faults, [], "the design is sound");
    compiled
}

fn letter_with(design: &Compiled, language: &str, context: &Value) -> Letter {
    let (shop, locale) = (shop(), Locale::parse(language).unwrap());
    let sources: &[&[Shipped]] = &[WORDS];
    let wording = Wording::new(Catalogue::new(sources).unwrap(), sources, Default::default()).unwrap();
    let written_at = Timestamp::from_ms(0);
    let given = Given { shop: &shop, wording: &wording, locale: &locale, written_at, context };
    arrange::letter(&NEWSLETTER, &given, Some(design)).unwrap()
}

fn names(letter: &Letter) -> Vec<&str> {
    letter.blocks.iter().map(|named| named.name).collect()
}

#[test]
fn a_design_that_says_nothing_is_the_letter_as_it_came() {
    let letter = letter_with(&sound(Design::default()), "en", &sample());
    assert_eq!(names(&letter), ["brand", "answer", "text", "button", "footer"]);
    assert_eq!((letter.subject.as_str(), letter.preheader.as_str()), ("Spring", "The first leaves"));
}

#[test]
fn blocks_are_moved_hidden_and_joined_by_own_ones() {
    let design = Design {
        subject: words(&[("en", "Leaves for {{name}}{{#if gift}}, wrapped{{/if}}")]),
        pieces: vec![
            shipped("button", false),
            own_text("own-1", &[("en", "{{#each items}}{{@index}} {{this.title}}\n{{/each}}")]),
            Piece::Button { name: "own-2".into(), label: words(&[("en", "Go")]), href: "{{url}}".into() },
            Piece::Divider { name: "own-3".into() },
            shipped("text", false),
        ],
        ..Design::default()
    };
    let letter = letter_with(&sound(design), "en-GB", &sample());
    assert_eq!(letter.subject, "Leaves for Amina, wrapped");
    assert_eq!(names(&letter), ["brand", "answer", "button", "own", "own", "own", "text", "footer"]);
    assert_eq!(letter.blocks[3].block, Block::Text("0 Darjeeling\n1 Assam\n".to_owned()));
    let go = Block::Button { label: "Go".to_owned(), href: "https://tea.example/o/1".to_owned() };
    assert_eq!(letter.blocks[4].block, go);
    let hidden = Design { pieces: vec![shipped("button", true)], ..Design::default() };
    assert_eq!(names(&letter_with(&sound(hidden), "en", &sample())), ["brand", "answer", "text", "footer"]);
}

#[test]
fn a_letter_is_never_in_two_languages() {
    let design = Design {
        subject: words(&[("de", "Frühling")]),
        pieces: vec![own_text("own-1", &[("de", "Hallo {{name}}")])],
        ..Design::default()
    };
    let design = sound(design);
    let (german, english) = (letter_with(&design, "de-AT", &sample()), letter_with(&design, "en", &sample()));
    assert_eq!(german.subject, "Frühling");
    assert!(german.shown().any(|block| *block == Block::Text("Hallo Amina".to_owned())));
    assert_eq!(english.subject, "Spring");
    assert!(names(&english).iter().all(|name| *name != "own"), "{english:?}");
}

#[test]
fn what_grows_too_long_for_one_customer_gives_way_to_the_letter_as_it_came() {
    let design = Design { subject: words(&[("en", "{{name}}{{name}}{{name}}")]), ..Design::default() };
    let design = Design { pieces: vec![shipped("button", true)], ..design };
    let mut context = sample();
    context["name"] = "x".repeat(10_000).into();
    let letter = letter_with(&sound(design), "en", &context);
    assert_eq!(letter.subject, "Spring");
    assert_eq!(names(&letter), ["brand", "answer", "text", "button", "footer"], "all of it, not half");
}

#[test]
fn whatever_is_stored_comes_out_as_a_whole_letter() {
    let some = ["brand", "answer", "text", "button", "code", "footer", "own-1", "own-2", "nonsense", "own-x"];
    let mut dice = Dice::seeded(11);
    for _ in 0..2_000 {
        let count = dice.below(60);
        let piece = |dice: &mut Dice| {
            let name = some[dice.below(some.len() as u64) as usize].to_owned();
            match dice.below(3) {
                0 => Piece::Shipped { name, hidden: dice.below(2) == 0 },
                1 => Piece::Text { name, words: Words::new() },
                _ => Piece::Divider { name: format!("own-{}", dice.below(80)) },
            }
        };
        let pieces: Vec<Piece> = (0..count).map(|_| piece(&mut dice)).collect();
        let design = Design { pieces, ..Design::default() }.over(&OFFER);
        let names: Vec<&str> = design.pieces.iter().map(Piece::name).collect();
        for block in OFFER.blocks {
            assert_eq!(names.iter().filter(|name| **name == block.name).count(), 1, "{names:?}");
        }
        assert_eq!((names[0], names[1], names[names.len() - 1]), ("brand", "answer", "footer"));
        assert!(names.len() <= MOST_PIECES);
        let hidden =
            design.pieces.iter().filter(|piece| matches!(piece, Piece::Shipped { hidden: true, .. }));
        assert!(hidden.map(Piece::name).all(|name| matches!(name, "button" | "code")));
        assert_eq!(design.clone().over(&OFFER), design, "once is enough");
    }
}

#[test]
fn a_block_of_a_later_release_stands_behind_the_one_it_follows() {
    let pieces = ["brand", "answer", "button", "text", "footer"].map(|name| shipped(name, false)).to_vec();
    let design = Design { pieces, ..Design::default() }.over(&OFFER);
    let names: Vec<&str> = design.pieces.iter().map(Piece::name).collect();
    assert_eq!(names, ["brand", "answer", "button", "code", "text", "footer"]);
}

#[test]
fn no_button_makes_a_design_that_the_template_does_not_allow() {
    let order = |design: &Design| -> Vec<String> {
        design.pieces.iter().map(|piece| piece.name().to_owned()).collect()
    };
    let start = Design::shipped(&OFFER);
    let after =
        |edits: &[Edit]| edits.iter().fold(start.clone(), |design, edit| edited(design, edit, &OFFER));
    let up = |name: &str| Edit::Up(name.to_owned());
    let add = |after: &str| Edit::Add(Kind::Text, after.to_owned());
    assert_eq!(order(&after(&[up("button")])), ["brand", "answer", "button", "text", "code", "footer"]);
    for stays in [up("text"), up("brand"), up("footer"), Edit::Down("code".into()), up("nobody")] {
        assert_eq!(after(std::slice::from_ref(&stays)), start, "{stays:?}");
    }
    for stays in ["text", "answer", "footer", "nobody"] {
        assert_eq!(after(&[Edit::Hide(stays.into())]), start, "{stays}");
    }
    assert_eq!(after(&[Edit::Hide("code".into()), Edit::Show("code".into())]), start);
    assert_eq!(after(&[add("footer")]), start);
    assert_eq!(after(&[add("brand")]), start, "nothing stands between the head's own");
    let two = after(&[add("answer"), add("own-1")]);
    assert_eq!(order(&two)[..4], ["brand", "answer", "own-1", "own-2"]);
    assert_eq!(edited(two.clone(), &Edit::Remove("own-1".into()), &OFFER).pieces[2].name(), "own-2");
    assert_eq!(
        edited(two.clone(), &Edit::Remove("text".into()), &OFFER),
        two,
        "what was shipped is only hidden"
    );
    assert_eq!(edited(two, &Edit::Fresh, &OFFER), start);
    let many = after(&vec![add("answer"); 100]);
    assert_eq!(many.pieces.len(), MOST_PIECES);
    assert_eq!(own_number("own-99999999999"), None);
}

#[test]
fn hostile_words_are_refused_with_the_reason() {
    let many = |part: &str, times: usize| part.repeat(times);
    let cases = [
        (many("{{#if name}}", 20_000) + &many("{{/if}}", 20_000), "too_long"),
        (many("{{#if name}}", 9) + &many("{{/if}}", 9), "too_deep"),
        ("{{#each items}}{{#each ../items}}x{{/each}}{{/each}}".to_owned(), "too_many_loops"),
        (
            "{{#each items}}{{#each ../items}}{{#each ../../items}}x{{/each}}{{/each}}{{/each}}".to_owned(),
            "too_many_loops",
        ),
        ("{{#each items}}{{this.secret}}{{/each}}".to_owned(), "cannot_be_filled"),
        ("{{#each name}}{{this}}{{/each}}".to_owned(), "cannot_be_filled"),
        ("{{password}}".to_owned(), "unknown_placeholder"),
        ("{{@root}}".to_owned(), "unknown_placeholder"),
        ("{{this}}".to_owned(), "unknown_placeholder"),
        ("{{../name}}".to_owned(), "unknown_placeholder"),
        ("{{name.length}}".to_owned(), "unknown_placeholder"),
        ("{{lookup . name}}".to_owned(), "not_allowed"),
        ("{{log name}}".to_owned(), "not_allowed"),
        ("{{> /etc/passwd}}".to_owned(), "not_allowed"),
        ("{{{{raw}}}}{{name}}{{{{/raw}}}}".to_owned(), "not_allowed"),
        ("{{#*inline \"x\"}}{{/inline}}".to_owned(), "not_allowed"),
        ("{{name".to_owned(), "unclosed"),
        ("{{#if name}}x".to_owned(), "unbalanced"),
        ("a\u{0}b".to_owned(), "control_character"),
    ];
    for (source, code) in cases {
        let fields = [
            Design { subject: words(&[("en", &source)]), ..Design::default() },
            Design { text: words(&[("en", &format!("{{{{name}}}} {source}"))]), ..Design::default() },
            Design { pieces: vec![own_text("own-1", &[("en", &source)])], ..Design::default() },
        ];
        for design in fields {
            let (written, faults) = compiled(design);
            let codes: Vec<&str> = faults.iter().map(|fault| fault.code).collect();
            assert_eq!(codes, [code], "{}", kernel::text::shortened(&source, 80));
            assert!(faults[0].words.len() < 400, "the reason is short: {}", faults[0].words);
            // What is refused is also inert: the rest of the design still writes a whole letter.
            assert_eq!(letter_with(&written, "en", &sample()).subject, "Spring");
        }
    }
}

#[test]
fn the_longest_loops_that_are_allowed_end_within_their_budget() {
    let full = "{{#each items}}{{#if ../gift}}{{/if}}{{/each}}".repeat(85);
    assert!(full.len() <= 4_096);
    let pieces = (1..=30).map(|n| own_text(&format!("own-{n}"), &[("en", &full)])).collect();
    let written = sound(Design { pieces, ..Design::default() });
    let mut context = sample();
    context["items"] = (0..offer::MOST_LISTED).map(|n| json!({ "title": n.to_string() })).collect();
    let letter = letter_with(&written, "en", &context);
    assert_eq!(names(&letter).iter().filter(|name| **name == "own").count(), 30);
    let loud = sound(Design {
        pieces: vec![own_text("own-1", &[("en", &"{{#each items}}{{this.title}}{{/each}}".repeat(100))])],
        ..Design::default()
    });
    context["items"] = (0..offer::MOST_LISTED).map(|_| json!({ "title": "x".repeat(1_000) })).collect();
    assert_eq!(names(&letter_with(&loud, "en", &context)), ["brand", "answer", "text", "button", "footer"]);
}

#[test]
fn addresses_that_lead_nowhere_or_run_something_are_refused() {
    let button = |href: &str| Piece::Button {
        name: "own-1".into(),
        label: words(&[("en", "Go")]),
        href: href.to_owned(),
    };
    for good in [
        "https://tea.example/?a=1",
        "http://tea.example",
        "mailto:help@tea.example",
        " {{url}} ",
        "{{ url }}",
    ] {
        assert_eq!(compiled(Design { pieces: vec![button(good)], ..Design::default() }).1, [], "{good}");
    }
    let bad = [
        "",
        "/cart",
        "javascript:alert(1)",
        "data:text/html,x",
        "{{name}}",
        "{{nothing}}",
        "https://{{url}}",
        "mailto:",
    ];
    for href in bad {
        let faults = compiled(Design { pieces: vec![button(href)], ..Design::default() }).1;
        assert_eq!(faults.iter().map(|fault| fault.code).collect::<Vec<_>>(), ["not_a_link"], "{href}");
    }
    let picture = |src: &str, alt: &[(&str, &str)]| Piece::Picture {
        name: "own-1".into(),
        src: src.to_owned(),
        alt: words(alt),
    };
    let code = |piece: Piece| compiled(Design { pieces: vec![piece], ..Design::default() }).1[0].code;
    assert_eq!(code(picture("http://tea.example/a.png", &[("en", "A pot")])), "not_a_link");
    assert_eq!(code(picture("https://tea.example/a.png", &[])), "no_alternative");
}

#[test]
fn a_text_message_names_what_it_is_for() {
    let text = |source: &str| Design { text: words(&[("en", source)]), ..Design::default() };
    let codes =
        |source: &str| -> Vec<&str> { compiled(text(source)).1.iter().map(|fault| fault.code).collect() };
    assert_eq!(codes("{{name}}, spring is here"), Vec::<&str>::new());
    assert_eq!(codes("Spring is here"), ["missing_placeholder"]);
    assert_eq!(codes("{{#unless gift}}{{name}}{{/unless}}"), ["missing_placeholder"]);
}

#[test]
fn a_script_in_a_text_stays_text() {
    let evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>";
    let design = Design {
        subject: words(&[("en", evil)]),
        preheader: words(&[("en", evil)]),
        pieces: vec![
            own_text("own-1", &[("en", evil)]),
            Piece::Button { name: "own-2".into(), label: words(&[("en", evil)]), href: "{{url}}".into() },
            Piece::Picture {
                name: "own-3".into(),
                src: "https://t.example/a.png".into(),
                alt: words(&[("en", evil)]),
            },
        ],
        ..Design::default()
    };
    let letter = letter_with(&sound(design), "en", &sample());
    let catalogue = Catalogue::new(&[WORDS]).unwrap();
    let html = crate::render::render(&letter, &Brand::default(), &catalogue).html;
    assert!(html.contains("&lt;script&gt;alert(1)"), "{html}");
    assert!(!html.contains("<script>") && !html.contains("<img src=x"), "{html}");
}

#[test]
fn what_is_stored_reads_back_and_nonsense_is_refused() {
    let pieces = vec![
        shipped("button", true),
        own_text("own-1", &[("en", "Hello"), ("de", "Hallo")]),
        Piece::Button { name: "own-2".into(), label: words(&[("en", "Go")]), href: "{{url}}".into() },
        Piece::Picture {
            name: "own-3".into(),
            src: "https://t.example/a".into(),
            alt: words(&[("en", "A")]),
        },
        Piece::Divider { name: "own-4".into() },
    ];
    let design = Design { subject: words(&[("en", "Hi")]), pieces, ..Design::default() };
    assert_eq!(Design::parse(&design.source().unwrap()).unwrap(), design);
    for nonsense in ["", "7", "{\"pieces\":[{\"kind\":\"script\",\"name\":\"own-1\"}]}", "{\"evil\":1}"] {
        assert!(Design::parse(nonsense).is_err(), "{nonsense}");
    }
    let endless = Design { subject: words(&[("en", &"x".repeat(100_000))]), ..Design::default() };
    assert_eq!(endless.source().unwrap_err().code(), "too_long");
}
