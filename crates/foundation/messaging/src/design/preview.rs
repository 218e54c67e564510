//! A message as a design would have it, to be looked at: nothing is sent and nothing is stored.
//!
//! The links at its foot are nobody's: a look at a preview, or a test in somebody's mailbox, switches nothing off.

use db::Read;
use kernel::{Channel, CustomerId, Dice, Error, Locale, MessageId, Result, Shop, Timestamp};
use serde_json::Value;

use super::arrange::arrange;
use super::compile::{Compiled, Unfillable};
use super::store;
use crate::letter::{Letter, Rendered};
use crate::render;
use crate::store::find;
use crate::template::{Given, Template};
use crate::text_letter::TextLetter;
use crate::wording::Wording;
use crate::you;

/// The newest messages a preview can be filled with.
const LATEST: i64 = 5;

/// A language that messages can be written in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Spoken {
    /// Its tag, by which own words are kept.
    pub tag: String,
    /// A reader of it: the shop's own locale for the shop's language.
    pub locale: Locale,
    /// Its name in English.
    pub name: String,
}

/// The languages the shop speaks, its own first.
pub(super) fn spoken(wording: &Wording, shop: &Locale) -> Vec<Spoken> {
    let words = wording.catalogue();
    let own = shop.fallbacks();
    let one = |tag: &str| {
        let is_own = own.iter().any(|of| of == tag);
        let locale = if is_own { shop.clone() } else { Locale::parse(tag).ok()? };
        words.speaks(&locale).then(|| Spoken { tag: tag.to_owned(), locale, name: language_name(tag) })
    };
    let mut all: Vec<Spoken> = words.languages().filter_map(one).collect();
    all.sort_by_key(|spoken| spoken.locale != *shop);
    all
}

fn language_name(tag: &str) -> String {
    match tag {
        "en" => "English".to_owned(),
        "de" => "German".to_owned(),
        "fr" => "French".to_owned(),
        "es" => "Spanish".to_owned(),
        "it" => "Italian".to_owned(),
        "nl" => "Dutch".to_owned(),
        "pl" => "Polish".to_owned(),
        "ar" => "Arabic".to_owned(),
        tag => tag.to_owned(),
    }
}

/// What a preview is filled with.
#[derive(Clone, Debug)]
pub(super) struct Filling {
    /// What the template is given.
    pub context: Value,
    /// The reader's today.
    pub written_at: Timestamp,
}

impl Filling {
    /// The order that comes with the program.
    pub(super) fn sample(template: &Template, now: Timestamp) -> Filling {
        Filling { context: (template.sample)(), written_at: now }
    }
}

/// A message that was really written, to fill a preview with.
pub(super) struct Recent {
    pub id: MessageId,
    pub to: String,
    pub filling: Filling,
}

/// The newest messages of a template.
pub(super) fn recent(r: &mut Read<'_>, template: &str) -> Result<Vec<Recent>> {
    let ids = store::written_lately(r, template, LATEST)?;
    ids.into_iter().map(|id| one_of(r, &id, template)).collect()
}

/// One message of a template.
pub(super) fn one_of(r: &mut Read<'_>, id: &MessageId, template: &str) -> Result<Recent> {
    let none = || Error::not_found("There is no such message of this template.");
    let message = find(r, id)?.filter(|message| message.template == template).ok_or_else(none)?;
    let to = message.recipient.name.clone().or_else(|| {
        let email = message.recipient.email.as_ref().map(|email| email.as_str().to_owned());
        email.or_else(|| message.recipient.phone.as_ref().map(|phone| phone.as_str().to_owned()))
    });
    let filling = Filling { context: message.context.read()?, written_at: message.created_at };
    Ok(Recent { id: message.id, to: to.unwrap_or_else(|| "nobody".to_owned()), filling })
}

/// A message as a design has it.
pub(super) struct Written {
    /// The blocks, links at the foot among them.
    pub letter: Letter,
    /// The mail.
    pub rendered: Rendered,
    /// What a telephone shows.
    pub text: String,
    /// What could not be filled in: then the message is as it came.
    pub unfillable: Vec<Unfillable>,
}

/// Whom and what a preview is written with.
pub(super) struct Writer<'a> {
    pub shop: &'a Shop,
    pub wording: &'a Wording,
    pub template: &'a Template,
    pub filling: &'a Filling,
    pub locale: &'a Locale,
}

impl Writer<'_> {
    /// The message as `design` has it.
    pub(super) fn written(&self, design: &Compiled) -> Result<Written> {
        let (given, template) = (self.given(), self.template);
        let mut unfillable = Vec::new();
        let (shipped, shipped_text) = ((template.write)(&given)?, (template.text)(&given)?);
        let arranged = match template.offer {
            Some(offer) => arrange(shipped.clone(), design, &(offer.tell)(&given, Channel::Email)?),
            None => Ok(shipped.clone()),
        };
        let mut letter = arranged.unwrap_or_else(|fault| {
            unfillable.push(fault);
            shipped
        });
        you::add_links(&mut letter, self.shop, self.wording, &nobody(), &template.topic, &self.nowhere());
        let rendered = render::render(&letter, &self.shop.brand, self.wording);
        let text = self.text(design, shipped_text, &mut unfillable)?;
        Ok(Written { letter, rendered, text, unfillable })
    }

    fn text(
        &self,
        design: &Compiled,
        shipped: TextLetter,
        unfillable: &mut Vec<Unfillable>,
    ) -> Result<String> {
        let Some(offer) = self.template.offer else { return Ok(shipped.body(&self.shop.brand.name)) };
        let facts = (offer.tell)(&self.given(), Channel::Sms)?;
        let own = design.filled("text", self.locale, &facts).unwrap_or_else(|fault| {
            unfillable.push(fault);
            None
        });
        let letter = match own.filter(|fact| !fact.trim().is_empty()) {
            Some(fact) => TextLetter { facts: vec![fact], ..shipped },
            None => shipped,
        };
        Ok(letter.body(&self.shop.brand.name))
    }

    pub(super) fn given(&self) -> Given<'_> {
        Given {
            shop: self.shop,
            wording: self.wording,
            locale: self.locale,
            written_at: self.filling.written_at,
            context: &self.filling.context,
        }
    }

    fn nowhere(&self) -> String {
        self.shop.mail_from.address.as_str().to_owned()
    }
}

/// Somebody who is not there, and whose links lead nowhere.
pub(super) fn nobody() -> CustomerId {
    CustomerId::new(Timestamp::from_ms(0), &mut Dice::seeded(0))
}
