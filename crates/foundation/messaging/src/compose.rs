//! From a message's row to the mail that leaves. Pure: the same row gives the same bytes on each attempt.

use kernel::{Email, Locale, Result, Shop, choose, keys};

use crate::mail::Mail;
use crate::render;
use crate::store::Message;
use crate::template::{Given, Templates};
use crate::wording::Wording;
use crate::you;

/// A mail, and the fingerprint of its content.
#[derive(Clone, Debug)]
pub struct Composed {
    /// What leaves.
    pub mail: Mail,
    /// Over subject, HTML and text.
    pub sha256: String,
}

/// Renders a message from its frozen context for `address`.
pub fn compose(
    shop: &Shop,
    wording: &Wording,
    templates: &Templates,
    message: &Message,
    thread_root: Option<&str>,
    address: &str,
) -> Result<Composed> {
    let template = templates.named(&message.template)?;
    // Chosen when the message was written. One from before that rule may name a language we don't speak.
    let locale = choose(wording.catalogue(), message.recipient.locale.as_ref(), None, &shop.locale).locale;
    let rendered = rendered(shop, wording, &locale, message, &template, address)?;
    let parts = [rendered.subject.as_str(), &rendered.html, &rendered.text].join("\u{1f}");
    let mail = Mail {
        from: shop.mail_from.clone(),
        reply_to: shop.brand.contact.email.as_deref().and_then(|email| Email::parse(email).ok()),
        to: Email::parse(address)?,
        to_name: message.recipient.name.clone(),
        subject: rendered.subject,
        html: rendered.html,
        text: rendered.text,
        message_id: message_id(&message.key, shop),
        references: thread_root.map(|key| message_id(key, shop)).into_iter().collect(),
        date: message.created_at,
        headers: you::list_headers(shop, &message.customer, &template.topic, address),
    };
    Ok(Composed { mail, sha256: keys::hex(&keys::sha256(parts.as_bytes())) })
}

fn rendered(
    shop: &Shop,
    wording: &Wording,
    locale: &Locale,
    message: &Message,
    template: &crate::Template,
    address: &str,
) -> Result<crate::letter::Rendered> {
    let given = Given { shop, wording, locale, written_at: message.created_at, context: &message.context };
    let mut letter = (template.write)(&given)?;
    you::add_links(&mut letter, shop, wording, &message.customer, &template.topic, address);
    Ok(render::render(&letter, &shop.brand, wording))
}

/// The same on each attempt, so that a mail program shows a repeat as one: it comes from the message's key.
fn message_id(key: &str, shop: &Shop) -> String {
    format!("{key}@{}", shop.mail_from.address.domain())
}
