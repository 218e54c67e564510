//! What Kannel's answer means. Pure. Its words are in smsbox's source; what they are about decides what is tried next.

use std::time::Duration;

use crate::provider::{Refusal, RefusalClass, Submission};
use crate::sms::without_numbers;

/// Reads an answer: 202 with `0: Accepted for delivery` or `3: Queued for later delivery` is a yes.
pub(in crate::sms) fn of(status: u16, body: &str, retry_after: Option<Duration>) -> Submission {
    let said = without_numbers(body.lines().next().unwrap_or_default(), 120);
    if (200..300).contains(&status) {
        return match said.split(':').next().map(str::trim) {
            // Only the codes of a refusal: other gateways that speak this way answer 200 in words of their own.
            Some("4" | "5") => refused(RefusalClass::Transient, status, &said, retry_after),
            _ => Submission::Accepted { reference: said },
        };
    }
    refused(class(status, &said.to_ascii_lowercase()), status, &said, retry_after)
}

fn class(status: u16, said: &str) -> RefusalClass {
    let says = |words: &[&str]| words.iter().any(|word| said.contains(word));
    match status {
        429 | 500..=599 => RefusalClass::Transient,
        // No line of the gateway goes to this number, or its lists forbid it.
        _ if says(&["not routable", "black-list", "blacklist", "white-"]) => RefusalClass::Permanent,
        // A sender, a user, a path that the gateway doesn't know: ours to mend, and the text waits for it.
        300..=399 | 401 | 403 | 404 | 405 => RefusalClass::Account,
        400..=499 if says(&["sender", "auth", "password", "smsc"]) => RefusalClass::Account,
        _ => RefusalClass::Permanent,
    }
}

fn refused(class: RefusalClass, status: u16, said: &str, retry_after: Option<Duration>) -> Submission {
    let words = format!("The gateway answered {status}: {said}");
    Submission::Refused(Refusal { class, words: words.trim_end_matches([' ', ':']).to_owned(), retry_after })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_answer_is_about_something() {
        use RefusalClass::{Account, Permanent, Transient};
        for (status, body, expected) in [
            (202, "0: Accepted for delivery", None),
            (202, "3: Queued for later delivery", None),
            (200, "Sent.", None),
            (403, "Authorization failed for sendsms", Some(Account)),
            (404, "", Some(Account)),
            (302, "", Some(Account)),
            (400, "Sender missing and no global set, rejected", Some(Account)),
            (400, "Empty receiver number not allowed, rejected", Some(Permanent)),
            (403, "Not routable. Do not try again.", Some(Permanent)),
            (400, "Number(s) has/have been denied by white- and/or black-lists.", Some(Permanent)),
            (503, "Temporal failure, try again later.", Some(Transient)),
            (500, "", Some(Transient)),
            (429, "", Some(Transient)),
        ] {
            let got = match of(status, body, None) {
                Submission::Accepted { .. } => None,
                Submission::Refused(refusal) => Some(refusal.class),
                Submission::Unknown { words } => panic!("{words}"),
            };
            assert_eq!(got, expected, "{status} {body}");
        }
    }

    #[test]
    fn numbers_in_an_answer_are_not_kept() {
        let Submission::Refused(refusal) = of(400, "Invalid receiver +447700900123\nmore", None) else {
            panic!()
        };
        assert_eq!(refusal.words, "The gateway answered 400: Invalid receiver +…");
    }
}
