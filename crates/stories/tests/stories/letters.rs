//! Every message the program can send, rendered from its sample: whole sentences, nothing missing, small enough.

use std::collections::BTreeMap;

use aftercare::{Config, lists};
use kernel::{Catalogue, Keys, Locale, Shop, Timestamp};
use messaging::letter::Rendered;
use messaging::{Given, Template, Wording, render};
use stories::stage::SECRET;

/// Gmail clips near 102 kB, and with it what stands at the foot.
const MOST_HTML_BYTES: usize = 80_000;

fn shop() -> Shop {
    let mut config = Config::load(None, &BTreeMap::new()).unwrap();
    config.brand = aftercare::demo::northwind("https://northwind.example");
    config.shop(Keys::parse(SECRET).unwrap())
}

fn wording(overrides: &[(&str, &str)]) -> kernel::Result<Wording> {
    let overrides = overrides.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())).collect();
    Wording::new(Catalogue::new(lists::words::WORDS)?, lists::words::WORDS, overrides)
}

fn rendered(template: &Template, wording: &Wording, locale: &Locale) -> Rendered {
    let (shop, context) = (shop(), (template.sample)());
    let written_at = Timestamp::parse("2026-11-20T10:00:00Z").unwrap();
    let given = Given { shop: &shop, wording, locale, written_at, context: &context };
    let letter = (template.write)(&given).unwrap();
    assert!(letter.preheader.chars().count() <= 90, "{}: {}", template.id, letter.preheader);
    assert_ne!(letter.preheader, letter.subject);
    render::render(&letter, &shop.brand, wording)
}

#[test]
fn every_message_is_whole_in_html_and_text() {
    let wording = wording(&[]).unwrap();
    for template in lists::messages::templates().all() {
        let mail = rendered(template, &wording, &Locale::default());
        for part in [&mail.subject, &mail.text] {
            for unfinished in ["mail-", "letter-", "{ $", "{$", "{{"] {
                assert!(!part.contains(unfinished), "{}: {unfinished} in {part}", template.id);
            }
        }
        assert!(mail.html.len() < MOST_HTML_BYTES, "{}: {} bytes", template.id, mail.html.len());
        assert!(mail.text.contains("Northwind Tea"), "{}", template.id);
        assert!(mail.html.contains("help@northwind.example"), "{}: a way to ask is missing", template.id);
    }
}

#[test]
fn every_message_renders_right_to_left() {
    let wording = wording(&[]).unwrap();
    for template in lists::messages::templates().all() {
        let mail = rendered(template, &wording, &Locale::parse("ar").unwrap());
        assert!(mail.html.contains("dir=\"rtl\""), "{}", template.id);
    }
}

#[test]
fn the_same_context_gives_the_same_bytes() {
    let wording = wording(&[]).unwrap();
    for template in lists::messages::templates().all() {
        let first = rendered(template, &wording, &Locale::default());
        assert_eq!(first, rendered(template, &wording, &Locale::default()), "{}", template.id);
    }
}

#[test]
fn the_merchants_own_words_are_used_and_checked() {
    let own = wording(&[("mail-confirmation-subject", "Kettle on! Order {{number}} is in")]).unwrap();
    let confirmation = lists::messages::templates().named(orders::letters::CONFIRMATION).unwrap();
    assert_eq!(rendered(&confirmation, &own, &Locale::default()).subject, "Kettle on! Order #1042 is in");
    let error = wording(&[("mail-confirmation-subject", "Hello {{nobody}}")]).unwrap_err();
    assert!(error.to_string().contains("mail-confirmation-subject"), "{error}");
    assert!(wording(&[("mail-no-such-sentence", "Hello")]).is_err());
}

#[test]
fn every_template_has_a_topic_of_the_table() {
    for template in lists::messages::templates().all() {
        assert!(messaging::topics::TOPICS.contains(&template.topic), "{}", template.id);
    }
}

/// What a person can't switch off never hides behind a topic they can, nor the other way round.
#[test]
fn what_can_be_switched_off_has_a_topic_that_can() {
    let templates = lists::messages::templates();
    for template in templates.all().iter().chain(stories::letters::TEMPLATES) {
        let by_purpose = messaging::decide::may_be_switched_off(template.purpose);
        assert_eq!(by_purpose, template.topic.can_be_switched_off(), "{}", template.id);
    }
}
