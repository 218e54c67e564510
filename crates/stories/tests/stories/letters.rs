//! Every message the program can send, rendered from its sample: whole sentences, nothing missing, small enough.

use std::collections::BTreeMap;
use std::path::Path;

use aftercare::{Config, lists};
use kernel::{Catalogue, Keys, Locale, Shop, Timestamp};
use messaging::letter::Rendered;
use messaging::sms::segments::{Encoding, measure};
use messaging::{Given, Template, Wording, render};
use stories::stage::SECRET;

/// Gmail clips near 102 kB, and with it what stands at the foot.
const MOST_HTML_BYTES: usize = 80_000;

pub fn shop() -> Shop {
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
            for unfinished in ["mail-", "letter-", "text-", "{ $", "{$", "{{"] {
                assert!(!part.contains(unfinished), "{}: {unfinished} in {part}", template.id);
            }
        }
        assert!(mail.html.len() < MOST_HTML_BYTES, "{}: {} bytes", template.id, mail.html.len());
        assert!(mail.text.contains("Northwind Tea"), "{}", template.id);
        assert!(mail.html.contains("help@northwind.example"), "{}: a way to ask is missing", template.id);
    }
}

/// Rewrites the golden files when `UPDATE` is set, else compares with them.
fn golden(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stories/golden").join(name);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, text).unwrap();
    }
    let wanted = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(wanted == text, "{name} differs; look at it and run ./x golden");
}

/// What a template's sample reads as, as a text.
fn texted(template: &Template, wording: &Wording, locale: &Locale, context: &serde_json::Value) -> String {
    let shop = shop();
    let written_at = Timestamp::parse("2026-11-20T10:00:00Z").unwrap();
    let given = Given { shop: &shop, wording, locale, written_at, context };
    (template.text)(&given).unwrap().body(&shop.brand.name)
}

#[test]
fn every_message_reads_as_one_text_in_english_and_german() {
    let wording = wording(&[]).unwrap();
    for template in lists::messages::templates().all() {
        for language in ["en", "de"] {
            let body = texted(template, &wording, &Locale::parse(language).unwrap(), &(template.sample)());
            let measured = measure(&body);
            assert!(body.starts_with("Northwind Tea: "), "{}: the brand first: {body}", template.id);
            assert_eq!(measured.segments.len(), 1, "{} in {language}: {body}", template.id);
            assert_eq!(measured.encoding, Encoding::Gsm7, "{} in {language}: {body}", template.id);
            for unfinished in ["text-", "{ $", "{$", "  "] {
                assert!(!body.contains(unfinished), "{}: {unfinished} in {body}", template.id);
            }
            let links = body.matches("https://").count();
            let is_about_goods = ["order.", "shipment."].iter().any(|room| template.id.starts_with(room));
            let expects_link = is_about_goods && template.id != orders::letters::CODE;
            assert_eq!(links, usize::from(expects_link), "{}: one link: {body}", template.id);
        }
    }
}

#[test]
fn german_texts_are_german() {
    let wording = wording(&[]).unwrap();
    let (english, german) = (Locale::default(), Locale::parse("de").unwrap());
    for template in lists::messages::templates().all() {
        let context = (template.sample)();
        assert_ne!(
            texted(template, &wording, &english, &context),
            texted(template, &wording, &german, &context),
            "{}",
            template.id
        );
    }
}

/// Every way an order can stand has its own fact, and a name in any script costs no more than it must.
#[test]
fn each_way_an_order_stands_is_one_fact_in_few_segments() {
    let wording = wording(&[]).unwrap();
    let named = |id: &str| lists::messages::templates().named(id).unwrap();
    let (confirmation, cancelled) = (named(orders::letters::CONFIRMATION), named(orders::letters::CANCELLED));
    let with = |pointer: &str, value: serde_json::Value| {
        let mut context = (confirmation.sample)();
        *context.pointer_mut(pointer).unwrap() = value;
        context
    };
    for language in ["en", "de"] {
        let locale = Locale::parse(language).unwrap();
        let mut told = std::collections::BTreeSet::new();
        for payment in ["paid", "pending", "authorized", "refunded"] {
            for template in [&confirmation, &cancelled] {
                let body = texted(template, &wording, &locale, &with("/payment", payment.into()));
                assert_eq!(measure(&body).segments.len(), 1, "{body}");
                told.insert(body);
            }
        }
        let late = with("/visible/ships_by", "2026-12-20".into());
        told.insert(texted(&confirmation, &wording, &locale, &late));
        assert_eq!(told.len(), 7, "{told:#?}");
        let long = with("/number", "#2026-WEB-1042-KÖLN-ÖSTLICH".into());
        assert_eq!(measure(&texted(&confirmation, &wording, &locale, &long)).segments.len(), 1);
        let arabic = texted(&confirmation, &wording, &locale, &with("/number", "طلب".into()));
        assert!(measure(&arabic).segments.len() <= 3, "{arabic}");
    }
}

#[test]
fn german_messages_read_as_they_did() {
    let (wording, german) = (wording(&[]).unwrap(), Locale::parse("de-DE").unwrap());
    for template in lists::messages::templates().all() {
        let mail = rendered(template, &wording, &german);
        golden(&format!("{}-de.txt", template.id), &format!("{}\n\n{}", mail.subject, mail.text));
        if template.id == orders::letters::CONFIRMATION {
            golden(&format!("{}-de.html", template.id), &mail.html);
        }
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
