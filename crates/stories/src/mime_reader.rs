//! Reads a mail as its recipient's program would: headers, parts, plain words.
//!
//! Small on purpose and of its own making: a mistake in what we write would go unseen if the same code read it.

use base64::Engine;
use base64::alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};

/// Mail programs forgive missing padding.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// A mail that was delivered.
#[derive(Clone, Debug)]
pub struct Mail {
    /// Every byte of it.
    pub raw: Vec<u8>,
    /// Names as written and values unfolded but still encoded, in their order.
    headers: Vec<(String, String)>,
    /// Its parts that hold no parts themselves, in their order.
    pub parts: Vec<Part>,
}

/// One piece of a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// In lower case and without parameters, such as `text/html`.
    pub content_type: String,
    /// What it says, with the transfer encoding undone.
    pub body: Vec<u8>,
    charset: String,
}

impl Part {
    /// The body as text.
    pub fn text(&self) -> String {
        in_charset(&self.body, &self.charset).replace("\r\n", "\n")
    }
}

impl Mail {
    /// Reads a mail. What cannot be read stays as it is: a test then shows what came.
    pub fn read(raw: &[u8]) -> Mail {
        let (headers, body) = split(raw);
        let mut parts = Vec::new();
        collect(&headers, body, &mut parts);
        Mail { raw: raw.to_vec(), headers, parts }
    }

    /// The first header of that name, decoded; empty when there is none.
    pub fn header(&self, name: &str) -> String {
        self.headers_named(name).into_iter().next().unwrap_or_default()
    }

    /// All headers of that name, decoded.
    pub fn headers_named(&self, name: &str) -> Vec<String> {
        let named = self.headers.iter().filter(|(own, _)| own.eq_ignore_ascii_case(name));
        named.map(|(_, value)| decoded_words(value)).collect()
    }

    /// The plain-text part; empty when there is none.
    pub fn text(&self) -> String {
        self.part("text/plain").map(Part::text).unwrap_or_default()
    }

    /// The HTML part; empty when there is none.
    pub fn html(&self) -> String {
        self.part("text/html").map(Part::text).unwrap_or_default()
    }

    /// The first part of that type.
    pub fn part(&self, content_type: &str) -> Option<&Part> {
        self.parts.iter().find(|part| part.content_type == content_type)
    }
}

type Headers = Vec<(String, String)>;

/// Headers, unfolded, and what follows the empty line.
fn split(raw: &[u8]) -> (Headers, &[u8]) {
    let mut headers: Headers = Vec::new();
    let mut rest = raw;
    while !rest.is_empty() {
        let end = rest.iter().position(|byte| *byte == b'\n').map_or(rest.len(), |at| at + 1);
        let (line, after) = rest.split_at(end);
        rest = after;
        let line = String::from_utf8_lossy(line);
        let line = line.trim_end_matches(['\r', '\n']);
        if line.is_empty() {
            break;
        }
        match (line.starts_with([' ', '\t']), headers.last_mut()) {
            (true, Some((_, value))) => value.push_str(line),
            _ => {
                let (name, value) = line.split_once(':').unwrap_or((line, ""));
                headers.push((name.to_owned(), value.trim().to_owned()));
            }
        }
    }
    (headers, rest)
}

fn collect(headers: &Headers, body: &[u8], parts: &mut Vec<Part>) {
    let field = |name: &str| {
        let named = headers.iter().find(|(own, _)| own.eq_ignore_ascii_case(name));
        named.map_or("", |(_, value)| value.as_str())
    };
    let said = field("Content-Type");
    let content_type = said.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if content_type.starts_with("multipart/") {
        for piece in pieces(body, &parameter(said, "boundary")) {
            let (headers, body) = split(piece);
            collect(&headers, body, parts);
        }
        return;
    }
    let body = match field("Content-Transfer-Encoding").trim().to_ascii_lowercase().as_str() {
        "base64" => {
            let letters: Vec<u8> = body.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
            BASE64.decode(letters).unwrap_or_else(|_| body.to_vec())
        }
        "quoted-printable" => unquoted(body, false),
        _ => body.to_vec(),
    };
    let content_type = if content_type.is_empty() { "text/plain".to_owned() } else { content_type };
    parts.push(Part { content_type, body, charset: parameter(said, "charset") });
}

/// What stands between the lines of a boundary.
fn pieces<'a>(body: &'a [u8], boundary: &str) -> Vec<&'a [u8]> {
    let delimiter = format!("--{boundary}");
    let (mut pieces, mut begun, mut at) = (Vec::new(), None, 0);
    for line in body.split_inclusive(|byte| *byte == b'\n') {
        if line.starts_with(delimiter.as_bytes()) {
            if let Some(start) = begun {
                pieces.push(without_last_line_end(&body[start..at]));
            }
            begun = Some(at + line.len());
            if line[delimiter.len()..].starts_with(b"--") {
                break;
            }
        }
        at += line.len();
    }
    pieces
}

/// The line end before a boundary belongs to the boundary.
fn without_last_line_end(piece: &[u8]) -> &[u8] {
    let piece = piece.strip_suffix(b"\n").unwrap_or(piece);
    piece.strip_suffix(b"\r").unwrap_or(piece)
}

fn parameter(value: &str, name: &str) -> String {
    let pairs = value.split(';').skip(1).filter_map(|pair| pair.trim().split_once('='));
    let found = pairs.into_iter().find(|(own, _)| own.trim().eq_ignore_ascii_case(name));
    found.map(|(_, value)| value.trim().trim_matches('"').to_owned()).unwrap_or_default()
}

/// Undoes `=C3=A4`; in a header word `_` is a space besides.
fn unquoted(bytes: &[u8], in_header: bool) -> Vec<u8> {
    let hex = |byte: u8| char::from(byte).to_digit(16).map(|digit| digit as u8);
    let (mut out, mut rest) = (Vec::new(), bytes);
    while let Some((first, after)) = rest.split_first() {
        (rest, out) = match (*first, after) {
            (b'=', [b'\r', b'\n', after @ ..] | [b'\n', after @ ..]) => (after, out),
            (b'=', [high, low, tail @ ..]) => match (hex(*high), hex(*low)) {
                (Some(high), Some(low)) => (tail, with(out, high * 16 + low)),
                _ => (after, with(out, b'=')),
            },
            (b'_', after) if in_header => (after, with(out, b' ')),
            (other, after) => (after, with(out, other)),
        };
    }
    out
}

fn with(mut bytes: Vec<u8>, byte: u8) -> Vec<u8> {
    bytes.push(byte);
    bytes
}

/// Decodes `=?utf-8?Q?…?=` (RFC 2047). White space between two encoded words is not part of the text.
fn decoded_words(value: &str) -> String {
    let (mut out, mut rest, mut after_word) = (String::new(), value, false);
    while let Some(start) = rest.find("=?") {
        let (before, from) = rest.split_at(start);
        let Some((word, after)) = word(from) else {
            out.push_str(&rest[..start + 2]);
            (rest, after_word) = (&rest[start + 2..], false);
            continue;
        };
        if !(after_word && before.trim().is_empty()) {
            out.push_str(before);
        }
        out.push_str(&word);
        (rest, after_word) = (after, true);
    }
    out + rest
}

/// An encoded word at the beginning of `text`, and what follows it.
fn word(text: &str) -> Option<(String, &str)> {
    let (charset, rest) = text.strip_prefix("=?")?.split_once('?')?;
    let (encoding, rest) = rest.split_once('?')?;
    let (letters, after) = rest.split_once("?=")?;
    let bytes = match encoding {
        "B" | "b" => BASE64.decode(letters).ok()?,
        "Q" | "q" => unquoted(letters.as_bytes(), true),
        _ => return None,
    };
    Some((in_charset(&bytes, charset), after))
}

fn in_charset(bytes: &[u8], charset: &str) -> String {
    match charset.to_ascii_lowercase().as_str() {
        "iso-8859-1" => bytes.iter().copied().map(char::from).collect(),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encoded_words_are_decoded_and_joined() {
        let cases = [
            ("plain words", "plain words"),
            ("=?utf-8?Q?Gr=C3=BC=C3=9Fe_?= =?utf-8?B?8J+NtQ==?=", "Grüße 🍵"),
            ("to =?ISO-8859-1?q?J=F6rg?= from us", "to Jörg from us"),
            ("2 =? 3 and =?utf-8?X?what?=", "2 =? 3 and =?utf-8?X?what?="),
        ];
        for (value, expected) in cases {
            assert_eq!(decoded_words(value), expected);
        }
    }

    #[test]
    fn parts_are_found_in_parts_and_decoded() {
        let raw = b"Subject: =?utf-8?Q?=C3=84?=\r\n folded\r\nContent-Type: multipart/mixed;\r\n boundary=\"out\"\r\n\r\nno part\r\n\
            --out\r\nContent-Type: multipart/alternative; boundary=in\r\n\r\n\
            --in\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
            T=C3=A4=\r\nglich\r\nx =3D 1\r\n--in\r\nContent-Type: text/html; charset=\"utf-8\"\r\n\
            Content-Transfer-Encoding: base64\r\n\r\nPGI+w6Q8\r\nL2I+\r\n--in--\r\n\r\n--out--\r\nepilogue\r\n";
        let mail = Mail::read(raw);
        assert_eq!(mail.header("subject"), "Ä folded");
        assert_eq!((mail.text(), mail.html()), ("Täglich\nx = 1".into(), "<b>ä</b>".into()));
        assert_eq!(mail.parts.len(), 2);
    }
}
