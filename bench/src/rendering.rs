//! Confirmations rendered from their frozen context and composed to the bytes that leave.

use std::collections::BTreeMap;

use aftercare::{Config, lists};
use kernel::{Catalogue, Dice, Keys, Locale, Result, Timestamp};
use messaging::mail::Mail;
use messaging::{Given, Wording, mime, render};

const ROUNDS: usize = 3_000;

/// What was measured.
pub struct Rendered {
    /// Mails a second on one core.
    pub per_second: f64,
    /// Bytes of the HTML part.
    pub html_bytes: usize,
    /// Bytes of the whole mail.
    pub mail_bytes: usize,
}

/// Renders and composes the same confirmation again and again.
pub fn per_second() -> Result<Rendered> {
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
    let (outcome, took) = crate::timed(|| (0..ROUNDS).try_for_each(|_| one().map(|_| ())));
    outcome?;
    Ok(Rendered { per_second: ROUNDS as f64 / took.as_secs_f64(), html_bytes, mail_bytes })
}
