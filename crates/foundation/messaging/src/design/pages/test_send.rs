//! A test of a draft, in somebody's mailbox or on their telephone: through the provider that real messages take, outside of
//! every customer's timeline, and written with our sample, so that no customer's details leave.

use db::Write;
use kernel::{Channel, Email, Error, MessageId, Phone, Result, Shop};
use web::Form;

use super::Door;
use super::editor::Desk;
use super::form::Press;
use crate::design::preview::{Filling, Writer, nobody};
use crate::design::source::Design;
use crate::design::trial::compiled;
use crate::mail::Mail;
use crate::outgoing::{Outgoing, Text};
use crate::trial::{self, Trial};
use crate::wording::Wording;
use crate::you;

/// What stands before the subject, and before a text.
const MARK: &str = "[Test]";

/// A test that is ready to leave.
pub(super) struct Test {
    outgoing: Outgoing,
}

/// Writes a test and counts it. A wrong address, and one test too many, are said.
pub(super) fn prepared(
    w: &mut Write<'_>,
    desk: &Desk,
    press: &Press,
    form: &Form,
    design: Design,
) -> Result<Test> {
    let id = MessageId::new(w.now, w.dice);
    let key = kernel::keys::hex(&w.dice.bytes::<16>());
    let outgoing = match press {
        Press::TestText => {
            let to = Phone::parse(form.text("test_text")).map_err(|_| wrong_number())?;
            Outgoing::Text(text(w, desk, design, to, (id, key))?)
        }
        _ => {
            let to = Email::parse(form.text("test_mail")).map_err(|_| wrong_address())?;
            Outgoing::Email(mail(w, desk, design, to, &key)?)
        }
    };
    trial::allowed(w, &desk.member.id)?;
    let (by, channel) = (&desk.member.id, outgoing.channel().as_str());
    staff::note(w, Some(by), trial::TESTED[1], ("template", desk.template.id), None, Some(channel))?;
    Ok(Test { outgoing })
}

fn mail(w: &Write<'_>, desk: &Desk, design: Design, to: Email, key: &str) -> Result<Mail> {
    let filling = Filling::sample(&desk.template, w.now);
    let (written_as, _) = compiled(w, &desk.template, desk.offer, design)?;
    let (shop, wording) = (w.wired::<Shop>()?, w.wired::<Wording>()?);
    let (template, locale) = (&desk.template, &desk.looks.locale);
    let written = Writer { shop, wording, template, filling: &filling, locale }.written(&written_as)?;
    let address = shop.mail_from.address.as_str();
    Ok(Mail {
        from: shop.mail_from.clone(),
        reply_to: None,
        headers: you::list_headers(shop, &nobody(), &template.topic, address),
        to_name: None,
        to,
        subject: format!("{MARK} {}", written.rendered.subject),
        html: written.rendered.html,
        text: written.rendered.text,
        message_id: format!("test-{key}@{}", shop.mail_from.address.domain()),
        references: Vec::new(),
        date: w.now,
    })
}

fn text(
    w: &Write<'_>,
    desk: &Desk,
    design: Design,
    to: Phone,
    (message, key): (MessageId, String),
) -> Result<Text> {
    let filling = Filling::sample(&desk.template, w.now);
    let (written_as, _) = compiled(w, &desk.template, desk.offer, design)?;
    let (shop, wording) = (w.wired::<Shop>()?, w.wired::<Wording>()?);
    let (template, locale) = (&desk.template, &desk.looks.locale);
    let written = Writer { shop, wording, template, filling: &filling, locale }.written(&written_as)?;
    Ok(Text { message, key, to, body: format!("{MARK} {}", written.text) })
}

/// Hands a test over. What the provider says against it is told in its own words.
pub(super) async fn send(door: &Door, test: &Test) -> Result<(), String> {
    let channel = channel_word(test.outgoing.channel());
    match trial::hand_over(&door.providers, &test.outgoing).await {
        Trial::Accepted { .. } => Ok(()),
        Trial::Refused { words } => {
            Err(format!("The test did not leave by {channel}. The provider said: {words}"))
        }
        Trial::Unknown { words } => {
            Err(format!("It may or may not have left by {channel}: {words} Look in a minute."))
        }
        Trial::NotConnected => Err(format!("Nothing carries messages by {channel}. Connect it first.")),
    }
}

fn channel_word(channel: Channel) -> &'static str {
    match channel {
        Channel::Email => "mail",
        Channel::Sms => "text",
    }
}

#[track_caller]
fn wrong_address() -> Error {
    Error::field(
        "/test_mail",
        "not_an_address",
        "Write the e-mail address the test goes to, like you@shop.example.",
    )
}

#[track_caller]
fn wrong_number() -> Error {
    Error::field(
        "/test_text",
        "not_a_number",
        "Write the number the test goes to with its country, like +447700900123.",
    )
}
