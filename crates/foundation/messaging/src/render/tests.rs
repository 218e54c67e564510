//! Golden files for whole letters and single blocks; what holds for every letter, hostile ones included.

use std::path::PathBuf;

use kernel::brand::{Contact, SocialProfile};
use kernel::{Catalogue, Locale};

use super::sample::{arabic_letter, every_block, every_block_empty, item};
use super::*;
use crate::letter::{Block, Change, Fact, Item, TotalRow, by_kind};
use crate::words::WORDS;

/// Rewrites the golden files when `UPDATE=1`, else compares with them.
fn golden(name: &str, rendered: &Rendered) {
    for (extension, text) in [("html", &rendered.html), ("txt", &rendered.text)] {
        let path =
            PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("src/render/golden/{name}.{extension}"));
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&path, text).unwrap();
        }
        let wanted = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(wanted == *text, "{name}.{extension} differs; look at it and run the tests with UPDATE=1");
    }
}

fn shown(letter: &Letter, brand: &Brand) -> Rendered {
    render(letter, brand, &Catalogue::new(&[WORDS]).unwrap())
}

fn letter_of(locale: &str, blocks: Vec<Block>) -> Letter {
    let blocks = by_kind(blocks);
    Letter { locale: Locale::parse(locale).unwrap(), blocks, json_ld: None, ..sample_letter() }
}

fn nobody() -> Brand {
    Brand { name: String::new(), ..Brand::default() }
}

/// What a block is called in a golden file's name.
fn name_of(block: &Block) -> &'static str {
    match block {
        Block::BrandBar => "brand-bar",
        Block::Answer { .. } => "answer",
        Block::Text(_) => "text",
        Block::Button { .. } => "button",
        Block::Changes(_) => "changes",
        Block::Items { .. } => "items",
        Block::Totals(_) => "totals",
        Block::Facts(_) => "facts",
        Block::Progress { .. } => "progress",
        Block::Code(_) => "code",
        Block::Divider => "divider",
        Block::Picture { .. } => "picture",
        Block::Footer { .. } => "footer",
    }
}

#[test]
fn letters_look_as_they_did() {
    golden("confirmation", &shown(&sample_letter(), &sample_brand()));
    golden("confirmation-ar", &shown(&arabic_letter(), &sample_brand()));
    golden("every-block", &shown(&letter_of("en-GB", every_block()), &sample_brand()));
    let logo = Brand { logo_url: Some("https://cdn.northwind.example/logo.png".into()), ..sample_brand() };
    golden("every-block-ar", &shown(&letter_of("ar", every_block()), &logo));
}

#[test]
fn every_block_runs_both_ways() {
    for block in every_block() {
        // A rule alone is nothing, so each block stands between two texts.
        let around =
            |block: &Block| vec![Block::Text("Above".into()), block.clone(), Block::Text("Below".into())];
        let render_in = |locale: &str| shown(&letter_of(locale, around(&block)), &sample_brand());
        let (left, right) = (render_in("en"), render_in("ar"));
        let name = name_of(&block);
        assert!(
            left.html.contains("dir=\"ltr\"") && right.html.contains("<html lang=\"ar\" dir=\"rtl\""),
            "{name}"
        );
        // Only sides, direction, language and the room between lines may differ.
        let mirrored = right
            .html
            .replace("lang=\"ar\" dir=\"rtl\"", "lang=\"en\" dir=\"ltr\"")
            .replace("dir=\"rtl\"", "dir=\"ltr\"");
        let mirrored = mirrored
            .replace("line-height:1.7", "line-height:1.5")
            .replace("letter-spacing:normal", "letter-spacing:-.01em");
        let swapped = mirrored.replace("right", "\u{0}").replace("left", "right").replace('\u{0}', "left");
        let body = |html: &str| html[html.find("<body").unwrap()..].to_owned();
        assert_eq!(body(&left.html), body(&swapped), "{name}");
        let unmarked = |text: &str| text.replace(['\u{2068}', '\u{2069}'], "");
        assert_eq!(unmarked(&left.text), unmarked(&right.text), "{name}");
    }
}

#[test]
fn a_block_with_nothing_to_say_is_not_there() {
    for locale in ["en", "ar"] {
        let nothing = shown(&letter_of(locale, vec![]), &nobody());
        for block in every_block_empty() {
            let name = name_of(&block);
            let rendered = shown(&letter_of(locale, vec![block]), &nobody());
            assert_eq!(rendered, nothing, "{name}");
        }
        assert_eq!(shown(&letter_of(locale, every_block_empty()), &nobody()), nothing);
        assert_eq!(nothing.text, "");
    }
}

#[test]
fn the_same_letter_gives_the_same_bytes() {
    let letter = letter_of("en", every_block());
    assert_eq!(shown(&letter, &sample_brand()), shown(&letter, &sample_brand()));
}

#[test]
fn letters_are_small() {
    let normal = shown(&sample_letter(), &sample_brand());
    assert!(normal.html.len() <= 20 * 1024, "{}", normal.html.len());
    let line = Item {
        image_url: Some(
            "https://cdn.northwind.example/products/darjeeling-first-flush-100g_128x128.jpg".into(),
        ),
        url: Some("https://northwind.example/products/darjeeling-first-flush".into()),
        ..item("Darjeeling First Flush, organic, spring picking", "100 g · 2 pieces", "£29.90")
    };
    let mut long = sample_letter();
    long.blocks.insert(3, Block::Items { heading: "All".into(), items: vec![line; 40] }.called("all"));
    let long = shown(&long, &sample_brand());
    assert!(long.html.len() < 80 * 1024, "{}", long.html.len());
}

#[test]
fn the_preheader_is_padded_and_never_repeats_the_subject() {
    let html = shown(&sample_letter(), &sample_brand()).html;
    assert!(html.contains("4pm today.\u{34F}\u{200C}\u{A0}"));
    let letter = Letter { preheader: sample_letter().subject, ..sample_letter() };
    let html = shown(&letter, &sample_brand()).html;
    assert_eq!(html.matches(&sample_letter().subject).count(), 1, "the title alone");
}

#[test]
fn the_first_button_is_filled_and_the_second_is_not() {
    let button = |href: &str| Block::Button { label: "Go".into(), href: href.into() };
    let filled = |blocks: Vec<Block>| {
        shown(&letter_of("en", blocks), &sample_brand()).html.matches("class=\"f\"").count()
    };
    assert_eq!(filled(vec![button("https://a.example"), Block::Divider, button("https://b.example")]), 1);
    assert_eq!(filled(vec![button("javascript:x"), button("https://b.example")]), 1);
    assert_eq!(filled(vec![button("javascript:x")]), 0);
}

#[test]
fn lines_of_text_are_short_and_links_are_whole() {
    let text = shown(&letter_of("en", every_block()), &sample_brand()).text;
    assert!(text.lines().all(|line| wrap::width(line) <= wrap::WIDTH), "{text}");
    assert!(text.contains("https://northwind.example/o/7Q2X?t=abc&lang=en\n"));
    let amounts = text.lines().filter(|line| line.contains(".. ")).map(wrap::width);
    assert!(amounts.into_iter().all(|wide| wide == wrap::RECEIPT));
    assert!(text.contains("\u{2068}Happy birthday, أمينة\u{2069}") && text.contains(" £69.95\n"));
    let arabic = shown(&arabic_letter(), &sample_brand()).text;
    assert!(arabic.contains("\u{2068}Visa ending 4242\u{2069}"));
    assert!(arabic.lines().all(|line| !line.contains("https://") || !line.ends_with('\u{2069}')));
}

#[test]
fn pure_black_and_white_are_never_used_and_pictures_have_an_alt() {
    let logo = Brand { logo_url: Some("https://cdn.northwind.example/logo.png".into()), ..sample_brand() };
    let html = shown(&letter_of("en", every_block()), &logo).html.to_lowercase();
    for color in ["#000", "#fff;", "#fff\"", "#ffffff"] {
        assert!(!html.contains(color), "{color}");
    }
    assert_eq!(html.matches("<img ").count(), 3);
    assert_eq!(html.matches(" alt=\"").count(), 3);
    assert_eq!(html.matches("<table").count(), html.matches("<table role=\"presentation\"").count());
}

const HOSTILE: &str =
    "\"'><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}\u{202E}&amp;\u{0}]]>--><!--";
const HOSTILE_LINK: &str = "javascript:alert(document.domain)//\" onmouseover=\"x";

/// A letter and a brand in which every text and every link is an attack.
fn hostile() -> (Letter, Brand) {
    let (text, link) = (HOSTILE.to_owned(), HOSTILE_LINK.to_owned());
    let item =
        Item { image_url: Some(link.clone()), url: Some(link.clone()), ..item(HOSTILE, HOSTILE, HOSTILE) };
    let blocks = vec![
        Block::BrandBar,
        Block::Answer { heading: text.clone(), line: text.clone() },
        Block::Text(text.clone()),
        Block::Button { label: text.clone(), href: link.clone() },
        Block::Button { label: text.clone(), href: "https://a.example/?q=\"><script>".into() },
        Block::Changes(vec![Change { label: text.clone(), before: text.clone(), after: text.clone() }]),
        Block::Items { heading: text.clone(), items: vec![item] },
        Block::Totals(vec![TotalRow { label: text.clone(), amount: text.clone(), strong: true }]),
        Block::Facts(vec![Fact { label: text.clone(), lines: vec![text.clone()] }]),
        Block::Progress { steps: vec![text.clone()], current: usize::MAX },
        Block::Code(text.clone()),
        Block::Picture { src: "https://a.example/\"onerror=\"x".into(), alt: text.clone() },
        Block::Footer { why: text.clone(), links: vec![(text.clone(), link.clone())] },
    ];
    let own = || Some(HOSTILE.to_owned());
    let brand = Brand {
        name: text.clone(),
        logo_url: Some("https://a.example/\"onerror=\"x".into()),
        color: text.clone(),
        postal_address: own(),
        site_url: Some(link.clone()),
        contact: Contact { email: own(), phone: own(), hours: own(), url: Some(link.clone()) },
        social: vec![SocialProfile { name: text.clone(), url: link }],
        ..Brand::default()
    };
    let json_ld = Some(serde_json::json!({ "name": HOSTILE }));
    let blocks = by_kind(blocks);
    (Letter { locale: Locale::default(), subject: text.clone(), preheader: text, blocks, json_ld }, brand)
}

#[test]
fn hostile_markup_is_inert_everywhere() {
    let (letter, brand) = hostile();
    let html = shown(&letter, &brand).html;
    assert_eq!(html.matches("<script").count(), 1, "only our own JSON");
    assert_eq!(html.matches("</script>").count(), 1);
    assert_eq!(html.matches("<img").count(), 0);
    assert!(!html.contains("javascript:") && !html.contains('\u{0}'));
    assert_eq!(html.matches("<!--").count(), 3, "only our own comments");
    only_known_tags(&html);
}

/// Reads the document tag by tag: each must be one we write, with attributes we write.
fn only_known_tags(html: &str) {
    const ATTRIBUTES: [&str; 23] = [
        "role",
        "cellpadding",
        "cellspacing",
        "border",
        "width",
        "height",
        "align",
        "valign",
        "bgcolor",
        "style",
        "class",
        "href",
        "src",
        "alt",
        "lang",
        "dir",
        "name",
        "content",
        "charset",
        "type",
        "colspan",
        "aria-current",
        "xmlns:o",
    ];
    for tag in html.split('<').skip(1).filter(|tag| !tag.starts_with(['/', '!'])) {
        let inside = tag.split('>').next().unwrap();
        // Every second piece between double quotes is a value; the pieces between are names.
        for names in inside.split('"').step_by(2) {
            for name in names.split_whitespace().skip(usize::from(inside.starts_with(names))) {
                let name = name.trim_end_matches('=');
                assert!(ATTRIBUTES.contains(&name), "{name} in <{inside}>");
            }
        }
    }
}

#[test]
fn a_hostile_text_part_has_no_controls_and_no_loose_direction() {
    let (letter, brand) = hostile();
    let rendered = shown(&letter, &brand);
    assert!(!rendered.text.chars().any(|c| c.is_control() && c != '\n'));
    assert!(!rendered.text.contains("javascript:"));
    assert!(!rendered.subject.contains('\n'));
}

#[test]
fn a_merchants_words_reach_the_blocks() {
    let overrides = [("letter-follow".to_owned(), "Find <us>".to_owned())].into();
    let catalogue = Catalogue::new(&[WORDS]).unwrap();
    let wording = crate::wording::Wording::new(catalogue, &[WORDS], overrides).unwrap();
    let rendered = render(&sample_letter(), &sample_brand(), &wording);
    assert!(rendered.html.contains("Find &lt;us&gt;") && rendered.text.contains("Find <us>"));
}
