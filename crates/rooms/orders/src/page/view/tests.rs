use std::collections::BTreeSet;

use kernel::{Catalogue, Locale, Words};
use web::Around;
use web::markup::check_html;

use super::*;
use crate::page::html;

const PAGE_WORDS: Words = Words { language: "en", source: include_str!("../../words/page-en.ftl") };

/// In every language there is, and in the two that nobody speaks.
const LOCALES: [&str; 4] = ["en-GB", "de-DE", "en-XA", "ar-XB"];

/// Stands in for what the portal puts around, which this crate doesn't know.
fn around() -> Around {
    let shell =
        "<html lang=\"en\" dir=\"ltr\"><title>TITLE</title><body>MAIN<p id=\"help\"></p></body></html>";
    Around::cut(&shell.replace("TITLE", Around::TITLE).replace("MAIN", Around::MAIN)).unwrap()
}

fn rendered(tag: &str) -> Vec<(&'static str, String)> {
    let words = Catalogue::with_pseudo_locales(&[crate::WORDS]).unwrap();
    let samples = samples::all(&words, &Locale::parse(tag).unwrap());
    let render = |page: &OrderPage| around().page(&page.heading, 0, |html| html::write(html, page));
    samples.iter().map(|(name, page)| (*name, render(page))).collect()
}

#[test]
fn every_state_is_a_whole_page() {
    for (tag, (name, html)) in
        LOCALES.iter().flat_map(|tag| rendered(tag).into_iter().map(move |one| (tag, one)))
    {
        assert_eq!(check_html(&html), Vec::<String>::new(), "{name} {tag}");
        assert!(
            !html.contains(">none<") && !html.contains("page-t"),
            "{name} {tag}: a word is missing\n{html}"
        );
    }
}

#[test]
fn a_name_in_capitals_of_markup_stays_a_name() {
    let gift = rendered("en-GB").into_iter().find(|(name, _)| *name == "gift").unwrap().1;
    assert!(gift.contains("at four. &lt;3"));
}

#[test]
fn the_step_an_order_stands_at_is_named_once() {
    for (name, html) in rendered("en-GB") {
        let expected = usize::from(!name.starts_with("cancelled"));
        assert_eq!(html.matches("aria-current=\"step\"").count(), expected, "{name}");
    }
}

#[test]
fn keys_are_claimed_once() {
    let keys = PAGE_WORDS.source.lines().filter_map(|line| line.split_once(" = ")).map(|(key, _)| key);
    let mut seen = BTreeSet::new();
    for key in keys.filter(|key| !key.starts_with([' ', '#'])) {
        assert!(key.starts_with("page-"), "{key}");
        assert!(seen.insert(key), "{key} twice");
    }
}
