//! Confirmations rendered from their frozen context and composed to the bytes that leave.

use std::collections::BTreeMap;

use aftercare::{Config, lists};
use kernel::{Catalogue, Dice, Keys, Locale, Result, Timestamp};
use messaging::mail::Mail;
use messaging::{Given, Wording, mime, render};

use crate::clock;
use crate::report::{Figure, Section};
use crate::stats::Spread;

const ROUNDS: usize = 3_000;

/// Renders and composes the same confirmation again and again.
pub fn run() -> Result<Section> {
    let config = Config::load(None, &BTreeMap::new())?;
    let shop = config.shop(Keys::parse(&Keys::generate(&mut Dice::seeded(1)))?);
    let wording = Wording::new(Catalogue::new(lists::words::WORDS)?, lists::words::WORDS, BTreeMap::new())?;
    let template = lists::messages::templates().named(orders::letters::CONFIRMATION)?;
    let (context, locale) = ((template.sample)(), Locale::default());
    let one = || -> Result<(usize, usize)> {
        let written_at = Timestamp::from_ms(1_795_168_800_000);
        let given = Given { shop: &shop, wording: &wording, locale: &locale, written_at, context: &context };
        let rendered = render::render(&(template.write)(&given)?, &shop.brand, &wording);
        let html_bytes = rendered.html.len();
        let mail = Mail {
            from: shop.mail_from.clone(),
            reply_to: None,
            to: kernel::Email::parse("amina@example.test")?,
            to_name: None,
            subject: rendered.subject,
            html: rendered.html,
            text: rendered.text,
            message_id: "bench@example.test".to_owned(),
            references: Vec::new(),
            date: written_at,
            headers: Vec::new(),
        };
        Ok((html_bytes, mime::compose(&mail).len()))
    };
    let (html_bytes, mail_bytes) = one()?;
    let (outcome, took) = clock::timed(|| (0..ROUNDS).try_for_each(|_| one().map(|_| ())));
    outcome?;
    let single = |what: &str, value: f64, unit: &str| Figure::new(what, Spread::single(value), unit, "");
    let figures = vec![
        single(
            "one confirmation rendered and composed, one core",
            took.as_secs_f64() * 1e6 / ROUNDS as f64,
            "µs",
        ),
        single("its HTML", html_bytes as f64, "bytes"),
        single("the mail as it leaves", mail_bytes as f64, "bytes"),
    ];
    let about = vec![
        "The template, the renderers and the MIME composer over the same frozen context, without database or network.".to_owned(),
    ];
    Ok(Section { title: "Rendering".to_owned(), about, figures, ..Section::default() })
}
