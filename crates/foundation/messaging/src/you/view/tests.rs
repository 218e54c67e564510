use std::collections::{BTreeMap, BTreeSet};

use kernel::shop::Sender;
use kernel::{Brand, Catalogue, Currency, Email, Keys, Locale, Policy, Shop, Words, Zone};
use web::markup::check_html;
use web::{Pages, Surrounded, value};

use super::*;
use crate::words::YOU;
use crate::{WORDS, Wording};

/// Stands in for the portal's shell, which this crate doesn't know.
const SHELL: Template = Template {
    name: "portal/shell.html",
    source: "<html lang=\"en\" dir=\"ltr\"><body>{% block main %}{% endblock %}<p id=\"help\"></p></body></html>",
};
/// So that German is a language the pages may be in.
const SKIP: &[Words] = &[
    Words { language: "en", source: "shell-skip = Skip" },
    Words { language: "de", source: "shell-skip = Weiter" },
];

fn shop() -> Shop {
    Shop {
        brand: Brand { name: "Northwind <Tea>".to_owned(), ..Brand::default() },
        public_url: "http://127.0.0.1:4080".to_owned(),
        keys: Keys::parse("a root of at least thirty-two bytes").unwrap(),
        locale: Locale::default(),
        zone: Zone::utc(),
        currency: Currency::parse("GBP").unwrap(),
        policy: Policy::default(),
        mail_from: Sender { name: "Shop".to_owned(), address: Email::parse("shop@nordlys.test").unwrap() },
    }
}

fn rendered(locale: &str) -> Vec<(&'static str, String)> {
    let pages = Pages::new(&[&[SHELL], TEMPLATES]).unwrap();
    let wording = Wording::new(Catalogue::new(&[WORDS, SKIP]).unwrap(), &[WORDS], BTreeMap::new()).unwrap();
    let (shop, locale) = (shop(), Locale::parse(locale).unwrap());
    let html = |template: &str, page: web::Value| {
        pages.render(template, &Surrounded { shell: value(&()), page }).unwrap()
    };
    let updates = samples::updates(&shop, &wording, &locale);
    let unsubscribe = samples::unsubscribe(&shop, &wording, &locale);
    let updates = updates.iter().map(|(name, page)| (*name, html("messaging/updates.html", value(page))));
    let unsubscribe =
        unsubscribe.iter().map(|(name, page)| (*name, html("messaging/unsubscribe.html", value(page))));
    updates.chain(unsubscribe).collect()
}

#[test]
fn every_state_is_a_whole_page_in_both_languages() {
    for locale in ["en", "de"] {
        for (name, html) in rendered(locale) {
            assert_eq!(check_html(&html), Vec::<String>::new(), "{name}");
            for unfinished in [">you-", "unsubscribe-", ">none<", "{ $", "{$"] {
                assert!(!html.contains(unfinished), "{name}: {unfinished}\n{html}");
            }
            assert!(!html.contains("<Tea>"), "{name}: a name became markup");
        }
    }
}

#[test]
fn no_address_is_shown_in_full() {
    for (name, html) in rendered("en") {
        assert!(!html.contains("amina@example.test") && !html.contains("7700900"), "{name}\n{html}");
    }
}

#[test]
fn german_and_english_say_the_same_things() {
    let keys = |language: &str| {
        let sources = YOU.iter().filter(|words| words.language == language);
        let lines = sources.flat_map(|words| words.source.lines());
        let keys = lines.filter_map(|line| line.split_once(" = ")).map(|(key, _)| key.to_owned());
        keys.filter(|key| !key.starts_with([' ', '#'])).collect::<BTreeSet<_>>()
    };
    assert_eq!(keys("en"), keys("de"));
    assert!(keys("en").len() > 30);
}

#[test]
fn a_choice_of_one_is_no_form() {
    let pages = rendered("en");
    let html = |wanted: &str| &pages.iter().find(|(name, _)| *name == wanted).unwrap().1;
    assert!(!html("by-email").contains("type=\"radio\""));
    assert_eq!(html("by-text").matches("type=\"radio\"").count(), 2);
    assert!(html("after-stop").contains("STOP"));
    assert!(!html("everything-off").contains("/stop\""), "there is nothing left to stop");
}
