//! Turns a [`Mail`] into the bytes that leave.
//!
//! The same mail gives the same bytes, always: a retry must not look like a second message, and the hash of what
//! left has to be checkable later. So nothing here asks for time or chance; the boundary is a hash of the content,
//! which also means that no content can hold its own boundary.
//!
//! Names, subjects and bodies come from strangers. Whatever they hold, a header stays one header, no line is longer
//! than 998 bytes, and CR and LF only ever come together (RFC 5322 §2.1.1, RFC 5321 §2.3.8).

use kernel::text;
use mail_builder::MessageBuilder;
use mail_builder::headers::HeaderType;
use mail_builder::headers::address::Address;
use mail_builder::headers::content_type::ContentType;
use mail_builder::headers::message_id::MessageId;
use mail_builder::headers::raw::Raw;
use mail_builder::headers::text::Text;
use mail_builder::mime::MimePart;
use sha2::{Digest, Sha256};

use crate::mail::Mail;

/// Names longer than this are cut: a quoted name can't be folded inside a word.
const NAME_CHARS: usize = 200;
/// Longer message identifiers are cut; ours are a third of it, and no line may pass 998 bytes.
const ID_CHARS: usize = 240;
/// Words longer than this can't stand in a header as they are, because nothing may break them.
const WORD_BYTES: usize = 900;
/// As many messages of a thread as are named; of a longer one the oldest are left out.
const REFERENCES: usize = 20;

/// The message as it goes into `DATA`, with CRLF line ends and without dot-stuffing.
pub fn compose(mail: &Mail) -> Vec<u8> {
    let text = body_lines(&mail.text);
    let html = body_lines(&mail.html);
    let boundary = boundary(&mail.message_id, &text, &html);
    let parts = vec![MimePart::new("text/plain", text), MimePart::new("text/html", html)];
    let kind = ContentType::new("multipart/alternative").attribute("boundary", boundary);
    let message = with_extra_headers(with_headers(mail), mail).body(MimePart::new(kind, parts));
    let mut bytes = Vec::new();
    message.serialize(&mut bytes);
    bytes
}

fn with_headers(mail: &Mail) -> MessageBuilder<'_> {
    let from = mailbox(Some(&mail.from.name), mail.from.address.as_str());
    let to = mailbox(mail.to_name.as_deref(), mail.to.as_str());
    let mut message = MessageBuilder::new().from(from).to(to);
    if let Some(reply_to) = &mail.reply_to {
        message = message.reply_to(mailbox(None, reply_to.as_str()));
    }
    message = message
        .subject(Text::new(header_text(&mail.subject)))
        .header("Date", Raw::new(mail.date.rfc2822()))
        .message_id(MessageId::new(identifier(&mail.message_id)));
    with_thread(message, mail)
}

/// Answers belong under what they answer, so that mail programs show one conversation.
fn with_thread<'x>(message: MessageBuilder<'x>, mail: &'x Mail) -> MessageBuilder<'x> {
    let ids: Vec<String> =
        mail.references.iter().map(|id| identifier(id)).filter(|id| !id.is_empty()).collect();
    let Some(last) = ids.last().cloned() else {
        return message;
    };
    let skipped = ids.len().saturating_sub(REFERENCES);
    message.in_reply_to(MessageId::new(last)).references(MessageId::new_list(ids.into_iter().skip(skipped)))
}

fn with_extra_headers<'x>(message: MessageBuilder<'x>, mail: &'x Mail) -> MessageBuilder<'x> {
    let message = message
        // RFC 3834: says to other machines that no person waits for an answer.
        .header("Auto-Submitted", Raw::new("auto-generated"))
        // The same for Exchange. Not `All`: that would also silence the bounces we learn dead addresses from.
        .header("X-Auto-Response-Suppress", Raw::new("OOF, AutoReply"));
    mail.headers.iter().fold(message, |message, (name, value)| message.header(*name, extra_value(value)))
}

/// Headers such as `List-Unsubscribe` are structured and must stay as they are; what can't is written encoded.
fn extra_value(value: &str) -> HeaderType<'static> {
    let value = header_text(value);
    let fits = value.is_ascii() && value.split(' ').all(|word| word.len() <= WORD_BYTES);
    if fits { Raw::new(value).into() } else { Text::new(value).into() }
}

fn mailbox<'x>(name: Option<&str>, address: &'x str) -> Address<'x> {
    let name =
        name.map(|name| text::shortened(&header_text(name), NAME_CHARS)).filter(|name| !name.is_empty());
    Address::new_address(name, address)
}

/// One line of a header: without control characters and direction marks, single spaces between words. An encoded
/// word that somebody typed in (RFC 2047) is taken apart, or it would be decoded into what was removed here.
fn header_text(value: &str) -> String {
    let visible: String =
        text::without_bidi_controls(&text::unfolded(value)).chars().filter(|c| !c.is_control()).collect();
    let words: Vec<&str> = visible.split_whitespace().collect();
    words.join(" ").replace("=?", "= ?")
}

/// What may stand between the angle brackets of a message identifier.
fn identifier(id: &str) -> String {
    id.chars().filter(|c| c.is_ascii_graphic() && !matches!(c, '<' | '>')).take(ID_CHARS).collect()
}

/// A body with CRLF line ends and without control characters other than tabs. What lies between those is copied as it
/// is: looking at each character of a mail by itself costs more than encoding it.
fn body_lines(body: &str) -> String {
    let mut out = String::with_capacity(body.len() + body.len() / 32);
    let mut rest = body;
    // The controls above U+007F are two bytes, of which the first is also that of printable characters.
    let suspect = |byte: u8| (byte < 0x20 && byte != b'\t') || matches!(byte, 0x7F | 0xC2);
    while let Some(at) = rest.bytes().position(suspect) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let mut chars = from.chars();
        match chars.next() {
            // The LF after it ends the line.
            Some('\r') if chars.as_str().starts_with('\n') => {}
            Some('\r' | '\n') => out.push_str("\r\n"),
            Some(c) if !c.is_control() => out.push(c),
            Some(_) | None => {}
        }
        rest = chars.as_str();
    }
    out.push_str(rest);
    out
}

/// `=_` can't appear in quoted-printable or base64, and the hash covers everything a plain part could hold.
fn boundary(message_id: &str, text: &str, html: &str) -> String {
    let mut hash = Sha256::new();
    for part in [message_id, text, html] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    let hex: String = hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("=_{hex}")
}

#[cfg(test)]
mod tests {
    use kernel::shop::Sender;
    use kernel::{Dice, Email, Timestamp};

    use super::*;

    fn mail() -> Mail {
        Mail {
            from: Sender { name: "Nordlys".into(), address: Email::parse("shop@nordlys.test").unwrap() },
            reply_to: Some(Email::parse("help@nordlys.test").unwrap()),
            to: Email::parse("ann@example.test").unwrap(),
            to_name: Some("Ann Zoë".into()),
            subject: "Your order is on its way".into(),
            html: "<p>Hello</p>\n".into(),
            text: "Hello\n".into(),
            message_id: "m.1@nordlys.test".into(),
            references: vec!["m.0@nordlys.test".into()],
            date: Timestamp::parse("2026-11-20T10:00:00Z").unwrap(),
            headers: vec![("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".into())],
        }
    }

    fn words(mail: &Mail) -> String {
        String::from_utf8(compose(mail)).unwrap()
    }

    /// Header lines, unfolded.
    fn headers(message: &str) -> Vec<String> {
        let head = message.split("\r\n\r\n").next().unwrap();
        head.replace("\r\n ", " ").replace("\r\n\t", " ").split("\r\n").map(str::to_owned).collect()
    }

    #[test]
    fn a_plain_mail_has_the_headers_it_should() {
        let message = words(&mail());
        let headers = headers(&message);
        for expected in [
            "From: \"Nordlys\" <shop@nordlys.test>",
            "Reply-To: <help@nordlys.test>",
            "Subject: Your order is on its way",
            "Date: Fri, 20 Nov 2026 10:00:00 +0000",
            "Message-ID: <m.1@nordlys.test>",
            "In-Reply-To: <m.0@nordlys.test>",
            "References: <m.0@nordlys.test>",
            "Auto-Submitted: auto-generated",
            "X-Auto-Response-Suppress: OOF, AutoReply",
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
            "MIME-Version: 1.0",
        ] {
            assert!(headers.iter().any(|line| line == expected), "{expected} in {headers:#?}");
        }
        assert_eq!(headers.len(), 13, "{headers:#?}");
    }

    #[test]
    fn both_parts_are_there_and_the_plain_one_comes_first() {
        let message = words(&mail());
        let text = message.find("Content-Type: text/plain; charset=\"utf-8\"").unwrap();
        let html = message.find("Content-Type: text/html; charset=\"utf-8\"").unwrap();
        assert!(text < html && message.contains("multipart/alternative"));
    }

    #[test]
    fn the_same_mail_gives_the_same_bytes() {
        assert_eq!(compose(&mail()), compose(&mail()));
        let other = Mail { message_id: "m.2@nordlys.test".into(), ..mail() };
        assert_ne!(compose(&mail()), compose(&other));
    }

    #[test]
    fn a_name_cannot_become_a_header() {
        let evil = "Ann\r\nBcc: all@example.test\r\n\r\nbody\0\u{202E}".to_owned();
        let mail = Mail {
            to_name: Some(evil.clone()),
            subject: evil.clone(),
            headers: vec![("X-Note", evil)],
            ..mail()
        };
        let message = words(&mail);
        assert!(!headers(&message).iter().any(|line| line.to_lowercase().starts_with("bcc")));
        assert!(!message.contains("=E2=80=AE"));
    }

    #[test]
    fn an_encoded_word_that_was_typed_in_is_not_one_any_more() {
        let mail = Mail { subject: "=?utf-8?B?QmNjOg==?= hi".into(), ..mail() };
        assert!(headers(&words(&mail)).contains(&"Subject: = ?utf-8?B?QmNjOg== ?= hi".to_owned()));
    }

    #[test]
    fn a_name_of_nothing_is_left_out() {
        let mail = Mail { to_name: Some(" \r\n\u{200F}".into()), ..mail() };
        assert!(headers(&words(&mail)).contains(&"To: <ann@example.test>".to_owned()));
    }

    const NASTY: [&str; 22] = [
        "\r",
        "\n",
        "\r\n",
        "\0",
        "\u{202E}",
        "\u{2028}",
        "\u{85}",
        "\u{7f}",
        "👩‍🚀",
        "é",
        ".",
        "\r\n.\r\n",
        "\n.",
        "..",
        "\"",
        "\\",
        "=?utf-8?Q?=0D=0A?=",
        "<",
        ">",
        ",",
        "\t",
        " ",
    ];

    fn hostile(dice: &mut Dice, pieces: u64) -> String {
        (0..dice.below(pieces))
            .map(|_| match dice.below(3) {
                0 => NASTY[dice.below(NASTY.len() as u64) as usize].to_owned(),
                1 => "x".repeat(dice.below(90) as usize),
                _ => "word ".to_owned(),
            })
            .collect()
    }

    fn assert_strict(bytes: &[u8]) {
        assert!(bytes.ends_with(b"\r\n"));
        for line in bytes.split(|b| *b == b'\n').rev().skip(1) {
            let line = line.strip_suffix(b"\r").expect("no bare LF");
            assert!(line.len() <= 998, "a line of {} bytes", line.len());
            let clean = line.iter().all(|b| matches!(b, b'\t' | b' '..=b'~'));
            assert!(clean, "{:?}", String::from_utf8_lossy(line));
        }
    }

    #[test]
    fn whatever_strangers_write_the_bytes_are_strict() {
        let mut dice = Dice::seeded(41);
        for _ in 0..400 {
            let mail = Mail {
                from: Sender { name: hostile(&mut dice, 8), ..mail().from },
                to_name: Some(hostile(&mut dice, 12)),
                subject: hostile(&mut dice, 60),
                html: hostile(&mut dice, 300),
                text: hostile(&mut dice, 300),
                message_id: hostile(&mut dice, 8),
                references: (0..dice.below(40)).map(|_| hostile(&mut dice, 8)).collect(),
                headers: vec![("List-Unsubscribe", hostile(&mut dice, 30))],
                ..mail()
            };
            let message = words(&mail);
            assert_strict(message.as_bytes());
            assert_eq!(message.matches("\r\nSubject: ").count(), 1);
            assert_eq!(compose(&mail), message.as_bytes());
        }
    }

    #[test]
    fn five_thousand_characters_without_a_space_are_folded() {
        for long in
            ["x".repeat(5_000), "é".repeat(5_000), " ".repeat(5_000), "👩‍🚀".repeat(1_000), "\"".repeat(5_000)]
        {
            let mail = Mail {
                from: Sender { name: long.clone(), ..mail().from },
                to_name: Some(long.clone()),
                subject: long.clone(),
                html: long.clone(),
                text: long.clone(),
                message_id: long.clone(),
                references: vec![long.clone(); 3],
                headers: vec![("List-Id", long)],
                ..mail()
            };
            assert_strict(&compose(&mail));
        }
    }
}
