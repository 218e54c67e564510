use std::collections::BTreeSet;

use kernel::{Catalogue, Words};
use web::markup::check_html;
use web::{Pages, Surrounded, value};

use super::*;

const PAGE_WORDS: Words = Words { language: "en", source: include_str!("../../words/page-en.ftl") };

const REFUND_WORDS: Words = Words { language: "en", source: include_str!("../../words/refund-en.ftl") };

/// Stands in for the portal's shell, which this crate doesn't know.
const SHELL: Template = Template {
    name: "portal/shell.html",
    source: "<html lang=\"en\" dir=\"ltr\"><body>{% block main %}{% endblock %}<p id=\"help\"></p></body></html>",
};

fn rendered() -> Vec<(&'static str, String)> {
    let pages = Pages::new(&[&[SHELL], TEMPLATES]).unwrap();
    let words = Catalogue::new(&[&[PAGE_WORDS, REFUND_WORDS]]).unwrap();
    let render = |page: &OrderPage| {
        pages.render("orders/order.html", &Surrounded { shell: value(&()), page: value(page) }).unwrap()
    };
    samples::all(&words).iter().map(|(name, page)| (*name, render(page))).collect()
}

#[test]
fn every_state_is_a_whole_page() {
    for (name, html) in rendered() {
        assert_eq!(check_html(&html), Vec::<String>::new(), "{name}");
        assert!(!html.contains(">none<") && !html.contains("page-t"), "{name}: a word is missing\n{html}");
    }
}

#[test]
fn a_name_in_capitals_of_markup_stays_a_name() {
    let gift = rendered().into_iter().find(|(name, _)| *name == "gift").unwrap().1;
    assert!(gift.contains("at four. &lt;3"));
}

#[test]
fn the_step_an_order_stands_at_is_named_once() {
    for (name, html) in rendered() {
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
