//! Addresses and phone numbers: what is one stays one, and can stand where it will be put.

use kernel::{Email, Phone};

/// An address and a number out of the same text.
pub fn contact(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(email) = Email::parse(&text) {
        check_email(&email);
    }
    if let Ok(phone) = Phone::parse(&text) {
        check_phone(&phone);
    }
}

fn check_email(email: &Email) {
    let text = email.as_str();
    assert_eq!(Email::parse(text).ok().as_ref(), Some(email), "what was read is read again");
    assert!(text.len() <= 254, "RFC 5321 has no room for more");
    let plain = |byte: u8| byte.is_ascii_graphic() && !b"<>()[],;:\\\"".contains(&byte);
    assert!(text.bytes().all(plain), "it can stand in an envelope and in a header");
    assert_eq!(text.bytes().filter(|byte| *byte == b'@').count(), 1);
    assert_eq!(email.domain(), email.domain().to_lowercase());
    let spelled = Email::parse(&text.to_uppercase()).map(|email| email.key()).ok();
    assert_eq!(spelled, Some(email.key()), "two spellings of one mailbox share their key");
    let local = text.split('@').next().unwrap_or_default();
    assert!(local.len() == 1 || !email.masked().starts_with(&format!("{local}@")), "a mask hides something");
}

fn check_phone(phone: &Phone) {
    let text = phone.as_str();
    assert_eq!(Phone::parse(text).ok().as_ref(), Some(phone), "what was read is read again");
    assert!(text.starts_with('+') && text[1..].bytes().all(|byte| byte.is_ascii_digit()));
    assert!((8..=16).contains(&text.len()), "E.164 has at most fifteen digits");
    let dialled = format!("00{}", &text[1..]);
    assert_eq!(Phone::parse(&dialled).ok().as_ref(), Some(phone), "00 is a plus");
    assert!(phone.masked().chars().count() <= 7 && !phone.masked().contains(&text[3..]));
}
