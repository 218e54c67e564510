//! A test message: straight to a provider, past every customer's timeline, to see what the provider says.

use std::time::Duration;

use db::{Db, Read, Write};
use kernel::{Channel, Email, Error, Kind, MessageId, Phone, Result, Shop};
use staff::StaffId;

use crate::letter::{Block, Letter, Rendered, by_kind};
use crate::mail::Mail;
use crate::outgoing::{Outgoing, Text};
use crate::provider::{Refusal, Submission};
use crate::providers::Providers;
use crate::render;
use crate::text_letter::TextLetter;
use crate::wording::Wording;

/// Somebody waits at a page for the answer.
const PATIENCE: Duration = Duration::from_secs(30);
/// What tests are called in the audit log: of a channel, and of a template.
pub const TESTED: [&str; 2] = ["channel.tested", "template.tested"];
/// Tests that one person may send
const MOST: i64 = 20;
/// within this time: nobody's mailbox is to be filled from here.
const WITHIN: Duration = Duration::from_secs(3_600);

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trial {
    /// The provider has taken it.
    Accepted {
        /// What it called it, or its closing words.
        words: String,
    },
    /// The provider said no, or could not be reached.
    Refused {
        /// Its own words.
        words: String,
    },
    /// It may have arrived: the answer failed to come.
    Unknown {
        /// What happened.
        words: String,
    },
    /// Nothing carries messages on this channel.
    NotConnected,
}

impl Trial {
    /// One word, for the audit log.
    pub fn as_str(&self) -> &'static str {
        match self {
            Trial::Accepted { .. } => "accepted",
            Trial::Refused { .. } => "refused",
            Trial::Unknown { .. } => "unknown",
            Trial::NotConnected => "not connected",
        }
    }
}

/// Fails when somebody has sent as many tests as one may for now. Each is counted by its line in the audit log.
pub fn allowed(r: &mut Read<'_>, by: &StaffId) -> Result<()> {
    let since = r.now - WITHIN;
    let mut sent = 0;
    for action in TESTED {
        sent += staff::count_of(r, by, action, since, MOST)?;
    }
    if sent < MOST {
        return Ok(());
    }
    let words = format!("That is {MOST} tests within an hour. Wait a little before the next one.");
    Err(Error::new(Kind::TooMany, "too_many_tests", words))
}

/// Writes a test message to `address` and hands it over, once, whatever becomes of it.
pub async fn send(db: &Db, providers: &Providers, channel: Channel, address: &str) -> Result<Trial> {
    let outgoing = written(db, channel, address).await?;
    Ok(hand_over(providers, &outgoing).await)
}

/// Hands a test over, once, whatever becomes of it. It takes a place like every message, so that tests in great number
/// wait for nobody and nobody for them.
pub(crate) async fn hand_over(providers: &Providers, outgoing: &Outgoing) -> Trial {
    let channel = outgoing.channel();
    let Some(provider) = providers.of(channel) else { return Trial::NotConnected };
    let Some(_place) = providers.place(channel) else {
        return Trial::Refused { words: "All its sessions are busy. Try again in a moment.".to_owned() };
    };
    let handed = async {
        match provider.connect().await {
            Ok(session) => session.submit(outgoing).await,
            Err(refusal) => Submission::Refused(refusal),
        }
    };
    match tokio::time::timeout(PATIENCE, handed).await {
        Ok(Submission::Accepted { reference }) => Trial::Accepted { words: reference },
        Ok(Submission::Refused(Refusal { words, .. })) => Trial::Refused { words },
        Ok(Submission::Unknown { words }) => Trial::Unknown { words },
        Err(_) => Trial::Unknown { words: format!("No answer within {} seconds.", PATIENCE.as_secs()) },
    }
}

/// A write, for its dice: each test has a `Message-ID` of its own. Nothing is stored.
async fn written(db: &Db, channel: Channel, address: &str) -> Result<Outgoing> {
    let address = address.to_owned();
    let write = move |w: &mut Write<'_>| {
        let now = w.now;
        let id = MessageId::new(now, w.dice);
        match channel {
            Channel::Email => Ok(Outgoing::Email(mail(w, &id, Email::parse(&address)?)?)),
            Channel::Sms => Ok(Outgoing::Text(text(w, id, Phone::parse(&address)?)?)),
        }
    };
    db.write("messaging.trial", write).await
}

fn mail(r: &Read<'_>, id: &MessageId, to: Email) -> Result<Mail> {
    let (shop, wording) = (r.wired::<Shop>()?, r.wired::<Wording>()?);
    let Rendered { subject, html, text } = render::render(&letter(shop), &shop.brand, wording);
    Ok(Mail {
        from: shop.mail_from.clone(),
        reply_to: None,
        to,
        to_name: None,
        subject,
        html,
        text,
        message_id: format!("{id}@{}", shop.mail_from.address.domain()),
        references: Vec::new(),
        date: r.now,
        headers: Vec::new(),
    })
}

fn letter(shop: &Shop) -> Letter {
    let name = &shop.brand.name;
    Letter {
        locale: kernel::Locale::default(),
        subject: format!("[Test] {name} can send mail"),
        preheader: "If you read this, it arrived.".to_owned(),
        blocks: by_kind(vec![
            Block::BrandBar,
            Block::Answer {
                heading: "It works".to_owned(),
                line: format!("This test of {name} arrived. Customers will see mail in this look."),
            },
            Block::Text(
                "Look where it landed: in a folder for spam it is not seen. The records of your domain decide about that."
                    .to_owned(),
            ),
            Block::Footer { why: format!("Somebody at {name} asked for this test."), links: Vec::new() },
        ]),
        json_ld: None,
    }
}

fn text(r: &Read<'_>, message: MessageId, to: Phone) -> Result<Text> {
    let facts = vec!["This test arrived. Customers will get texts like this.".to_owned()];
    let body = TextLetter { facts, link: None }.body(&r.wired::<Shop>()?.brand.name);
    Ok(Text { key: message.to_string(), message, to, body })
}
