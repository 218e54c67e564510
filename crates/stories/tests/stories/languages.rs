//! Languages: which are whole, which one somebody is spoken to in, and that no message and no page is in two.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use aftercare::lists;
use db::params;
use kernel::words::{self, FALLBACK, placeholders};
use kernel::{Locale, Words};
use orders::incoming::IncomingOrder;
use stories::stage::Stage;
use stories::stories;
use web::markup::assert_html;
use world::samples::{Bend, order};

use crate::kit::page_in;

db::sql_file!(pub SPOKEN = "languages.sql" {
    FROZEN_RECIPIENTS = "frozen_recipients",
});

fn crates() -> impl Iterator<Item = &'static [Words]> {
    [words::WORDS].into_iter().chain(lists::words::WORDS.iter().copied())
}

/// Keys and their placeholders, of one crate in one language.
fn sentences(words: &[Words], language: &str) -> BTreeMap<String, BTreeSet<String>> {
    words
        .iter()
        .filter(|words| words.language == language)
        .flat_map(|words| placeholders(words.source))
        .collect()
}

#[test]
fn every_language_says_exactly_what_english_says() {
    for words in crates() {
        let english = sentences(words, FALLBACK);
        for language in lists::words::LANGUAGES {
            let own = sentences(words, language);
            let keys = |of: &BTreeMap<String, _>, not: &BTreeMap<String, BTreeSet<String>>| {
                of.keys().filter(|key| !not.contains_key(*key)).cloned().collect::<Vec<_>>()
            };
            assert_eq!(keys(&english, &own), Vec::<String>::new(), "only in English, not in {language}");
            assert_eq!(keys(&own, &english), Vec::<String>::new(), "only in {language}, not in English");
            for (key, names) in &english {
                assert_eq!(&own[key], names, "placeholders of {key} in {language}");
            }
        }
    }
}

#[test]
fn what_is_shipped_is_whole_and_what_is_not_whole_is_not_shipped() {
    let catalogue = lists::words::catalogue(&Locale::default()).unwrap();
    let shipped: Vec<_> = catalogue.languages().collect();
    let mut listed = lists::words::LANGUAGES.to_vec();
    listed.sort_unstable();
    assert_eq!(shipped, listed);
    assert!(listed.iter().all(|tag| catalogue.speaks(&Locale::parse(tag).unwrap())));
}

#[test]
fn german_is_german_formal_and_set_as_german_is() {
    for source in crates().flatten().filter(|words| words.language == "de").map(|words| words.source) {
        for line in source.lines().filter(|line| !line.starts_with('#')) {
            // Fluent's own string literals are the one place for straight quotes.
            let text = line.replace("{\"\\u00A0\"}", " ");
            let lower = format!(" {} ", text.to_lowercase().replace(['.', ',', ':', '?'], " "));
            for wrong in
                [" du ", " dein ", " deine ", " dich ", " the ", " your ", " order ", " kunde ", " kunden "]
            {
                assert!(!lower.contains(wrong), "{wrong:?} in: {line}");
            }
            assert!(!text.contains('"') && !text.contains("..") && !text.contains('!'), "{line}");
        }
    }
}

/// An order that says this language, or none.
fn in_language(number: u32, stage: &Stage, tag: Option<&str>) -> IncomingOrder {
    let mut order = order(number, stage.now()).paid();
    order.locale = tag.map(|tag| Locale::parse(tag).unwrap());
    order
}

/// `lang` of a page or mail, and its first heading.
fn said(html: &str) -> (String, String) {
    let after = |mark: &str| html.split(mark).nth(1).unwrap_or_default();
    let lang = after("<html lang=\"").split('"').next().unwrap_or_default();
    let heading = after("<h1").split_once('>').map_or("", |(_, rest)| rest);
    (lang.to_owned(), heading.split('<').next().unwrap_or_default().trim().to_owned())
}

stories! {
    async fn a_german_order_is_spoken_of_in_german(stage: &Stage) {
        stage.take(&in_language(1, stage, Some("de-AT"))).await;
        stage.settle().await;
        let mail = &stage.mails().await[0];
        assert_eq!(mail.subject, "Ihre Bestellung #1 ist bei uns");
        let wanted = "Ihre Lieferung: Mittwoch, 25. bis Freitag, 27.\u{a0}November";
        assert_eq!(said(&mail.html), ("de-AT".to_owned(), wanted.to_owned()));
        let page = stage.get(&page_in(mail)).await;
        assert_html("German order page", &page.body);
        assert_eq!(said(&page.body), ("de-AT".to_owned(), wanted.to_owned()));
        for part in ["Das haben Sie bestellt", "£\u{a0}27,95", "Vereinigtes Königreich", "Brauchen Sie Hilfe?"] {
            assert!(page.body.contains(part), "{part}: {}", page.body);
        }
        for (part, text) in [("Danke, Amina.", &mail.text), ("Kundenservice", &mail.text), ("£\u{a0}27,95", &mail.html)] {
            assert!(text.contains(part), "{part}: {text}");
        }
    }

    async fn the_order_decides_then_the_customer_then_the_shop(stage: &Stage) {
        // Nobody said a language: the shop's. Then the order says one, and the customer is known by it from then on.
        // One that we don't speak is passed over, as a whole.
        for (number, tag) in [(1, None), (2, Some("de-DE")), (3, None), (4, Some("zh-Hant-TW"))] {
            stage.take(&in_language(number, stage, tag)).await;
            stage.pass(Duration::from_secs(1)).await;
        }
        let mails = stage.mails().await;
        let langs: Vec<_> = mails.iter().map(|mail| said(&mail.html).0).collect();
        assert_eq!(langs, ["en-GB", "de-DE", "de-DE", "en-GB"]);
        let pages = [&mails[0], &mails[1], &mails[3]].map(page_in);
        // The first order says none, and its customer speaks Chinese by now: the shop's.
        for (page, lang) in pages.iter().zip(["en-GB", "de-DE", "en-GB"]) {
            assert_eq!(said(&stage.get(page).await.body).0, lang);
        }
        let frozen = stage.house.db.read("story.frozen", |r| {
            let rows = r.rows(&FROZEN_RECIPIENTS, params![])?;
            rows.iter().map(|row| row.get::<String>("recipient")).collect::<kernel::Result<Vec<_>>>()
        });
        let frozen = frozen.await.unwrap();
        let by: Vec<_> = frozen.iter().map(|text| serde_json::from_str::<serde_json::Value>(text).unwrap()).collect();
        let by: Vec<_> = by.iter().map(|of| of["language_by"].as_str().unwrap()).collect();
        assert_eq!(by, ["shop", "order", "customer", "shop"]);
    }

    async fn a_german_shop_speaks_german_to_who_is_not_known(stage: &Stage) {
        let german = Stage::speaking(stage.house.db.engine(), "de-DE").await;
        let front = german.get("/").await;
        assert_html("front", &front.body);
        assert_eq!(said(&front.body), ("de-DE".to_owned(), "Bestellung finden".to_owned()));
        let nowhere = german.get("/o/nothing").await;
        assert_eq!(said(&nowhere.body), ("de-DE".to_owned(), "Hier gibt es keine Seite".to_owned()));
        let refused = german.http(crate::kit::form("/o/nothing", "", "")).await;
        assert_eq!(said(&refused.body).0, "de-DE");
        assert!(!refused.body.contains("This "), "{}", refused.body);
        german.end().await;
    }
}
