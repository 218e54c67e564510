//! Every message and every page in two languages that nobody speaks: nothing untranslated is left, nothing is shown as
//! its key, and what runs from right to left does so to the end.

use aftercare::lists;
use kernel::words::pseudo::{LONG, RIGHT_TO_LEFT};
use kernel::{Catalogue, Locale, Shop, Timestamp};
use messaging::letter::{Block, Letter};
use messaging::{Given, Template, Wording, render};
use orders::incoming::IncomingOrder;
use serde_json::Value;
use stories::stage::Stage;
use stories::stories;
use stories::untranslated;
use web::markup::assert_html;
use world::samples::{Bend, order};
use world::shopping::{cancelled, delivered, fulfilled};

use crate::kit::{cookies, form, get_with};
use crate::letters::shop;

const LOCALES: [&str; 2] = [LONG, RIGHT_TO_LEFT];

/// What a subject may be long in the wordiest language: mail programs on a desk show about so much.
const MOST_SUBJECT: usize = 90;

fn wording() -> Wording {
    let catalogue = Catalogue::with_pseudo_locales(lists::words::WORDS).unwrap();
    Wording::new(catalogue, lists::words::WORDS, Default::default()).unwrap()
}

/// Every text of a context, whole and word by word: names, titles, addresses.
fn texts(value: &Value, out: &mut Vec<String>) {
    match value {
        Value::String(text) => {
            out.push(text.clone());
            out.extend(text.split_whitespace().filter(|word| word.len() > 2).map(str::to_owned));
        }
        Value::Array(all) => all.iter().for_each(|one| texts(one, out)),
        Value::Object(all) => all.values().for_each(|one| texts(one, out)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// What the shop says of itself, and how its currency is written.
fn shops_own(shop: &Shop, locale: &Locale) -> Vec<String> {
    let mut out = Vec::new();
    texts(&serde_json::to_value(&shop.brand).unwrap(), &mut out);
    let amount = kernel::Money::new(1_200, shop.currency).shown(locale);
    out.push(amount.chars().filter(|c| c.is_alphabetic()).collect());
    out.extend(["a…@example.test".to_owned(), "Amina".to_owned()]);
    out
}

fn letter(template: &Template, wording: &Wording, locale: &Locale) -> (Letter, Vec<String>) {
    let (shop, context) = (shop(), (template.sample)());
    let written_at = Timestamp::parse("2026-11-20T10:00:00Z").unwrap();
    let given = Given { shop: &shop, wording, locale, written_at, context: &context };
    let mut data = shops_own(&shop, locale);
    texts(&context, &mut data);
    ((template.write)(&given).unwrap(), data)
}

#[test]
fn every_message_is_translated_from_its_subject_to_its_foot() {
    let wording = wording();
    for template in lists::messages::templates().all() {
        for tag in LOCALES {
            let locale = Locale::parse(tag).unwrap();
            let (letter, data) = letter(template, &wording, &locale);
            let mail = render::render(&letter, &shop().brand, &wording);
            let name = format!("{} {tag}", template.id);
            let nothing = Vec::<String>::new();
            assert_eq!(untranslated::in_html(&mail.html, &data), nothing, "{name}: {}", mail.html);
            assert_eq!(untranslated::in_text(&mail.text, &data), nothing, "{name}: {}", mail.text);
            assert_eq!(untranslated::in_text(&mail.subject, &data), nothing, "{name}");
            assert!(mail.subject.chars().count() <= MOST_SUBJECT, "{name}: {}", mail.subject);
            assert!(letter.preheader.chars().count() <= 90, "{name}: {}", letter.preheader);
            assert!(letter.preheader.ends_with(['⟧', '…']), "{name}: {}", letter.preheader);
            let opening = format!("<html lang=\"{tag}\" dir=\"{}\"", locale.dir());
            assert!(mail.html.contains(&opening), "{name}");
            assert_eq!(mail.html.matches("dir=\"rtl\"").count() > 1, tag == RIGHT_TO_LEFT, "{name}");
            assert!(letter.shown().any(|block| matches!(block, Block::Footer { .. })), "{name}");
        }
    }
}

/// Orders in every state there is, none of which says a language.
fn in_every_state(stage: &Stage) -> Vec<IncomingOrder> {
    let (now, mut number) = (stage.now(), 0);
    let mut plain = || {
        number += 1;
        let mut order = order(number, now).paid();
        (order.locale, order.shipping_address.as_mut().unwrap().country) = (None, "DE".to_owned());
        order
    };
    let gift = IncomingOrder { is_gift: true, note: Some("Amina".to_owned()), ..plain() };
    let refunded = IncomingOrder { refunded_minor: 500, ..plain() };
    let discounted = IncomingOrder { expected: Default::default(), ..plain() };
    vec![
        gift,
        refunded,
        discounted,
        plain().without_dates(),
        plain().pending(),
        plain().authorized(),
        fulfilled(&plain(), now),
        delivered(&plain(), now),
        cancelled(&plain(), now, true),
        cancelled(&plain(), now, false),
        cancelled(&plain().pending(), now, false),
        cancelled(&plain().authorized(), now, false),
    ]
}

async fn path_of(stage: &Stage, order: &IncomingOrder) -> String {
    let taken = stage.take(order).await;
    let url = stage.house.db.read("story.link", move |r| {
        Ok(orders::OrderLink::new(taken.order.clone(), r.now).url(r.wired::<Shop>()?))
    });
    let url = url.await.expect("a link is made");
    url[url.find("/o/").expect("a path")..].to_owned()
}

fn assert_page(name: &str, tag: &str, body: &str, data: &[String]) {
    let name = format!("{name} {tag}");
    assert_html(&name, body);
    assert_eq!(untranslated::in_html(body, data), Vec::<String>::new(), "{name}: {body}");
    let dir = Locale::parse(tag).unwrap().dir();
    assert!(body.contains(&format!("<html lang=\"{tag}\" dir=\"{dir}\"")), "{name}: {body}");
}

stories! {
    async fn every_page_is_translated(stage: &Stage) {
        for tag in LOCALES {
            let stage = Stage::speaking(stage.house.db.engine(), tag).await;
            let locale = Locale::parse(tag).unwrap();
            let mut data = shops_own(&stage.house.shop().unwrap(), &locale);
            for order in in_every_state(&stage) {
                texts(&serde_json::to_value(order.shipping_address.as_ref().unwrap()).unwrap(), &mut data);
                data.extend(order.lines.iter().flat_map(|line| [Some(line.title.clone()), line.variant.clone()]).flatten());
                let path = path_of(&stage, &order).await;
                stage.settle().await;
                assert_page(&order.number, tag, &stage.get(&path).await.body, &data);
            }
            for path in ["/", "/nothing", "/o/nothing"] {
                assert_page(path, tag, &stage.get(path).await.body, &data);
            }
            // A delivered order hides its address behind a code.
            let mut hidden = order(99, stage.now()).paid();
            hidden.locale = None;
            let path = path_of(&stage, &delivered(&hidden, stage.now())).await;
            let asked = stage.http(form(&format!("{path}/code"), "", "")).await;
            for after in ["", "?code=sent", "?code=wrong", "?code=expired", "?code=too-many", "?code=no-contact"] {
                let page = get_with(&stage, &format!("{path}{after}"), &cookies(&asked)).await;
                assert_page(after, tag, &page.body, &data);
            }
            stage.end().await;
        }
    }
}
