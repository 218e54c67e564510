//! The headers of a mail as its reader's program would show them: unfolded, and with encoded words (RFC 2047) read.
//!
//! Read from the bytes that were received and not from what they were made of, so that the inbox shows what really
//! arrived.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::view::Header;

/// Every header in its order.
pub(super) fn headers(source: &[u8]) -> Vec<Header> {
    let text = String::from_utf8_lossy(source);
    let mut unfolded: Vec<String> = Vec::new();
    for line in text.lines().take_while(|line| !line.is_empty()) {
        match unfolded.last_mut() {
            Some(last) if line.starts_with([' ', '\t']) => last.push_str(line),
            Some(_) | None => unfolded.push(line.to_owned()),
        }
    }
    let parts = unfolded.iter().filter_map(|line| line.split_once(':'));
    parts.map(|(name, value)| Header { name: name.to_owned(), value: decoded(value.trim()) }).collect()
}

/// The first header of this name; empty when there is none.
pub(super) fn value_of<'a>(headers: &'a [Header], name: &str) -> &'a str {
    headers.iter().find(|header| header.name.eq_ignore_ascii_case(name)).map_or("", |header| &header.value)
}

/// A mailbox for people: `"Northwind Tea" <a@b>` without the quotes of its grammar.
pub(super) fn mailbox(value: &str) -> String {
    let quoted = value.strip_prefix('"').and_then(|rest| rest.rsplit_once("\" <"));
    quoted.map_or_else(|| value.to_owned(), |(name, address)| format!("{} <{address}", unescaped(name)))
}

fn unescaped(quoted: &str) -> String {
    let mut chars = quoted.chars();
    let mut out = String::with_capacity(quoted.len());
    while let Some(c) = chars.next() {
        out.extend(if c == '\\' { chars.next() } else { Some(c) });
    }
    out
}

/// A value with its encoded words read. Their bytes are put together first, because a character may be cut in two.
fn decoded(value: &str) -> String {
    let mut out: Vec<u8> = Vec::new();
    let mut rest = value;
    let mut after_word = false;
    while let Some(at) = rest.find("=?") {
        let (before, from) = rest.split_at(at);
        let word = encoded_word(from);
        // White space between two encoded words only keeps them apart.
        if !(after_word && word.is_some() && before.trim().is_empty()) {
            out.extend(before.bytes());
        }
        after_word = word.is_some();
        let (bytes, after) = word.unwrap_or_else(|| (b"=?".to_vec(), &from[2..]));
        out.extend(bytes);
        rest = after;
    }
    out.extend(rest.bytes());
    String::from_utf8_lossy(&out).into_owned()
}

/// Reads `=?charset?encoding?text?=` and what comes after it. Only what we write ourselves is read.
fn encoded_word(from: &str) -> Option<(Vec<u8>, &str)> {
    let (charset, rest) = from.strip_prefix("=?")?.split_once('?')?;
    let (encoding, rest) = rest.split_once('?')?;
    let (text, after) = rest.split_once("?=")?;
    if !["utf-8", "us-ascii"].iter().any(|known| charset.eq_ignore_ascii_case(known)) {
        return None;
    }
    let bytes = match encoding {
        "B" | "b" => STANDARD.decode(text).ok()?,
        "Q" | "q" => quoted(text)?,
        _ => return None,
    };
    Some((bytes, after))
}

fn quoted(text: &str) -> Option<Vec<u8>> {
    let mut bytes = text.bytes();
    let mut out = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        out.push(match byte {
            b'_' => b' ',
            b'=' => hex_digit(bytes.next()?)? << 4 | hex_digit(bytes.next()?)?,
            other => other,
        });
    }
    Some(out)
}

fn hex_digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use kernel::shop::Sender;
    use kernel::{Email, Timestamp};

    use super::*;
    use crate::mail::Mail;
    use crate::mime::compose;

    fn mail(name: &str, subject: &str) -> Mail {
        Mail {
            from: Sender { name: name.into(), address: Email::parse("shop@nordlys.test").unwrap() },
            reply_to: None,
            to: Email::parse("ann@example.test").unwrap(),
            to_name: None,
            subject: subject.into(),
            html: "<p>Subject: no header</p>".into(),
            text: "Subject: no header\n".into(),
            message_id: "m.1@nordlys.test".into(),
            references: Vec::new(),
            date: Timestamp::parse("2026-11-20T10:00:00Z").unwrap(),
            headers: Vec::new(),
        }
    }

    #[test]
    fn what_was_written_is_read_back_whatever_its_script_and_length() {
        let long = "Zoë’s köstliche Bestellung 👩‍🚀 ".repeat(12);
        for subject in ["Your order #1042", "We’ve got your order #1042", "テスト注文のお知らせ", long.trim()]
        {
            for name in ["Nordlys", "Tea \"& Co\" \\ Sons", "Größe & Söhne", "茶"] {
                let headers = headers(&compose(&mail(name, subject)));
                assert_eq!(value_of(&headers, "subject"), subject);
                let from = mailbox(value_of(&headers, "From"));
                assert_eq!(from, format!("{name} <shop@nordlys.test>"));
            }
        }
    }

    #[test]
    fn only_the_head_of_a_mail_has_headers() {
        let headers = headers(&compose(&mail("Nordlys", "Hello")));
        assert_eq!(headers.iter().filter(|header| header.name == "Subject").count(), 1);
        assert_eq!(value_of(&headers, "X-Nothing"), "");
    }

    #[test]
    fn words_are_put_together_before_they_are_read() {
        assert_eq!(decoded("=?utf-8?Q?=C3?= \t=?UTF-8?q?=A9_x?= y"), "é x y");
        assert_eq!(decoded("a =?utf-8?B?w6k=?= b"), "a é b");
    }

    #[test]
    fn what_is_no_encoded_word_stays_as_it_is() {
        for plain in
            ["", "=?", "a =? b ?=", "=?utf-8?B?!?=", "=?koi8-r?B?w6k=?=", "=?utf-8?Q?=G1?=", "=?utf-8?X?a?="]
        {
            assert_eq!(decoded(plain), plain);
        }
        assert_eq!(mailbox("ann@example.test"), "ann@example.test");
    }
}
