//! What a message says, rendered from its frozen context as its reader got it, or would.

use db::Read;
use kernel::{Channel, Error, Result};

use crate::compose::Desk;
use crate::design;
use crate::outgoing::Outgoing;
use crate::store::{self, Message};

/// A message in words.
pub(super) struct Written {
    /// A mail's HTML.
    pub html: Option<String>,
    /// The text of either.
    pub text: String,
    /// A mail's subject.
    pub subject: Option<String>,
    /// To whom it goes.
    pub to: String,
}

/// The message as it is written today from what was frozen with it. Nothing is sent and nothing is stored.
pub(super) fn of(r: &mut Read<'_>, message: &Message) -> Result<Written> {
    let thread = store::thread_before(r, message)?;
    let (channel, address) =
        way(message).ok_or_else(|| Error::not_found("This message has nowhere to go."))?;
    let design = design::of(r, &message.template, message.design_version)?;
    let desk =
        Desk { shop: r.wired()?, wording: r.wired()?, templates: r.wired()?, design: design.as_deref() };
    let composed = desk.compose(message, thread.root.as_deref(), channel, &address)?;
    Ok(match composed.outgoing {
        Outgoing::Email(mail) => {
            Written { html: Some(mail.html), text: mail.text, subject: Some(mail.subject), to: address }
        }
        Outgoing::Text(text) => Written { html: None, text: text.body, subject: None, to: address },
    })
}

/// The way it went, else the way that is known for it.
fn way(message: &Message) -> Option<(Channel, String)> {
    let recipient = &message.recipient;
    let email = || recipient.email.as_ref().map(|email| (Channel::Email, email.as_str().to_owned()));
    let phone = || recipient.phone.as_ref().map(|phone| (Channel::Sms, phone.as_str().to_owned()));
    match message.channel {
        Some(Channel::Sms) => phone().or_else(email),
        Some(Channel::Email) | None => email().or_else(phone),
    }
}
