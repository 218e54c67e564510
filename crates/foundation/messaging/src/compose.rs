//! From a message's row to what leaves. Pure: the same row gives the same bytes on each attempt.

use kernel::{Channel, Email, Phone, Result, Shop, choose, keys};

use crate::design::{Compiled, arrange};
use crate::letter::Rendered;
use crate::mail::Mail;
use crate::outgoing::{Outgoing, Text};
use crate::render;
use crate::store::Message;
use crate::template::{Given, Template, Templates};
use crate::wording::Wording;
use crate::you;

/// What leaves, and the fingerprint of its content.
#[derive(Clone, Debug)]
pub struct Composed {
    /// What leaves.
    pub outgoing: Outgoing,
    /// Over subject, HTML and text of a mail; over the body of a text.
    pub sha256: String,
}

/// What every message of the shop is written with.
pub struct Desk<'a> {
    /// The shop.
    pub shop: &'a Shop,
    /// Shipped words and the merchant's own.
    pub wording: &'a Wording,
    /// Every message there is.
    pub templates: &'a Templates,
    /// The shop's own design that the message is written in; none is the letter as it came.
    pub design: Option<&'a Compiled>,
}

impl Desk<'_> {
    /// Renders a message from its frozen context for `address` on `channel`.
    pub fn compose(
        &self,
        message: &Message,
        thread_root: Option<&str>,
        channel: Channel,
        address: &str,
    ) -> Result<Composed> {
        let template = self.templates.named(&message.template)?;
        // Chosen when the message was written. One from before that rule may name a language we don't speak.
        let words = self.wording.catalogue();
        let locale = choose(words, message.recipient.locale.as_ref(), None, &self.shop.locale).locale;
        let (shop, wording, written_at) = (self.shop, self.wording, message.created_at);
        let context = message.context.read()?;
        let given = Given { shop, wording, locale: &locale, written_at, context: &context };
        match channel {
            Channel::Email => self.mail(message, &template, &given, thread_root, address),
            Channel::Sms => self.text(message, &template, &given, address),
        }
    }

    fn mail(
        &self,
        message: &Message,
        template: &Template,
        given: &Given<'_>,
        thread_root: Option<&str>,
        address: &str,
    ) -> Result<Composed> {
        let shop = self.shop;
        let mut letter = arrange::letter(template, given, self.design)?;
        you::add_links(&mut letter, shop, self.wording, &message.customer, &template.topic, address);
        let Rendered { subject, html, text } = render::render(&letter, &shop.brand, self.wording);
        let sha256 = fingerprint(&[&subject, &html, &text]);
        let mail = Mail {
            from: shop.mail_from.clone(),
            reply_to: shop.brand.contact.email.as_deref().and_then(|email| Email::parse(email).ok()),
            to: Email::parse(address)?,
            to_name: message.recipient.name.clone(),
            subject,
            html,
            text,
            message_id: message_id(&message.key, shop),
            references: thread_root.map(|key| message_id(key, shop)).into_iter().collect(),
            date: message.created_at,
            headers: you::list_headers(shop, &message.customer, &template.topic, address),
        };
        Ok(Composed { outgoing: Outgoing::Email(mail), sha256 })
    }

    fn text(
        &self,
        message: &Message,
        template: &Template,
        given: &Given<'_>,
        number: &str,
    ) -> Result<Composed> {
        let body = arrange::text(template, given, self.design)?.body(&given.shop.brand.name);
        let sha256 = fingerprint(&[&body]);
        let (to, key) = (Phone::parse(number)?, message.key.clone());
        let text = Text { message: message.id.clone(), key, to, body };
        Ok(Composed { outgoing: Outgoing::Text(text), sha256 })
    }
}

fn fingerprint(parts: &[&str]) -> String {
    keys::hex(&keys::sha256(parts.join("\u{1f}").as_bytes()))
}

/// The same on each attempt, so that a mail program shows a repeat as one: it comes from the message's key.
fn message_id(key: &str, shop: &Shop) -> String {
    format!("{key}@{}", shop.mail_from.address.domain())
}
