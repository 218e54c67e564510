//! What a mail server says.

use kernel::Email;
use messaging::provider::{Refusal, RefusalClass};
use messaging::smtp::{SmtpSettings, examine};

/// Replies, whole and byte by byte; and the same bytes as the address of a server.
pub fn replies(bytes: &[u8]) {
    let recipient = Email::parse("ann@example.test").expect("an address");
    let whole = examine(&[bytes], &recipient);
    let pieces: Vec<&[u8]> = bytes.chunks(1).collect();
    assert_eq!(whole, examine(&pieces, &recipient), "how it comes in pieces makes no difference");
    for said in whole.iter().flatten() {
        assert!((200..600).contains(&said.code));
        assert_eq!(said.at_recipient.is_some(), said.code >= 400, "a no is a no");
        for refusal in [&said.at_recipient, &said.at_the_dot].into_iter().flatten() {
            check(refusal, said.code);
        }
    }
    settings(&String::from_utf8_lossy(bytes));
}

fn check(refusal: &Refusal, code: u16) {
    let words = &refusal.words;
    assert!(words.chars().count() <= 500 && !words.chars().any(char::is_control), "words can be shown");
    assert!(!words.to_lowercase().contains("ann@example.test"), "the recipient is nobody's business");
    assert!(
        code >= 500 || refusal.class != RefusalClass::DeadAddress,
        "what is not for good kills no address"
    );
    assert!(refusal.retry_after.is_none_or(|wait| wait.as_secs() <= 86_400 && code < 500));
}

fn settings(url: &str) {
    if let Ok(settings) = SmtpSettings::parse(url) {
        assert!(!settings.host.is_empty() && settings.sessions > 0);
    }
}
