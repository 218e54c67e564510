//! What the service's answer to a text means. Pure. The numbers are of Twilio's dictionary of errors.

use std::time::Duration;

use serde::Deserialize;

use crate::provider::{Refusal, RefusalClass, Submission};
use crate::sms::without_numbers;

/// An answer, as far as we read it: a message that was made, or a fault.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Said {
    sid: Option<String>,
    code: Option<u32>,
    message: Option<String>,
}

/// Reads an answer.
pub(in crate::sms) fn of(status: u16, body: &str, retry_after: Option<Duration>) -> Submission {
    let said: Said = serde_json::from_str(body).unwrap_or_default();
    if (200..300).contains(&status) {
        return Submission::Accepted { reference: reference(said.sid.as_deref()) };
    }
    let code = said.code.unwrap_or(0);
    let message = without_numbers(said.message.as_deref().unwrap_or_default(), 160);
    let words = match code {
        0 => format!("The service answered {status}."),
        code => format!("The service answered {status}, error {code}: {message}"),
    };
    Submission::Refused(Refusal { class: class(status, code), words, retry_after })
}

/// What the service calls the message. No database keeps a NUL in a text: what can't be kept of a yes must not make it fail.
fn reference(sid: Option<&str>) -> String {
    let plain: String = sid.unwrap_or_default().chars().filter(|c| !c.is_control()).collect();
    if plain.is_empty() { "no identifier".to_owned() } else { kernel::text::shortened(&plain, 64) }
}

fn class(status: u16, code: u32) -> RefusalClass {
    match (status, code) {
        // The holder of the number has sent STOP to the carrier or the service.
        (_, 21610) => RefusalClass::Stopped,
        // No such number, or none that takes texts.
        (_, 21211 | 21214 | 21217 | 21614) => RefusalClass::DeadAddress,
        // Too fast, or too many waiting.
        (429, _) | (_, 14107 | 20429 | 21611 | 30022) | (500..=599, _) => RefusalClass::Transient,
        // Credentials, the account's state, the sender, the countries it may text.
        (401 | 403 | 404, _)
        | (
            _,
            10001 | 20003 | 20005 | 20006 | 20404 | 21212 | 21408 | 21603 | 21606 | 21612 | 21659 | 21705,
        ) => RefusalClass::Account,
        (300..=399, _) => RefusalClass::Account,
        _ => RefusalClass::Permanent,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_answer_is_about_something() {
        use RefusalClass::{Account, DeadAddress, Permanent, Stopped, Transient};
        for (status, code, expected) in [
            (400, 21610, Stopped),
            (400, 21211, DeadAddress),
            (400, 21614, DeadAddress),
            (401, 20003, Account),
            (400, 21606, Account),
            (400, 21408, Account),
            (404, 20404, Account),
            (429, 20429, Transient),
            (503, 0, Transient),
            (400, 21602, Permanent),
        ] {
            let body = format!("{{\"code\":{code},\"message\":\"no\",\"status\":{status}}}");
            let Submission::Refused(refusal) = of(status, &body, None) else { panic!("{status} {code}") };
            assert_eq!(refusal.class, expected, "{status} {code}");
        }
        for (sid, kept) in [("\"SM1\"", "SM1"), ("\"S\\u0000M\\r\\n1\"", "SM1"), ("null", "no identifier")] {
            let made = of(201, &format!("{{\"sid\":{sid},\"status\":\"queued\"}}"), None);
            assert_eq!(made, Submission::Accepted { reference: kept.into() });
        }
    }

    #[test]
    fn the_wait_that_is_asked_for_is_kept_and_no_number() {
        let wait = Some(Duration::from_secs(9));
        let body = "{\"code\":20429,\"message\":\"Too many for +15005550006\"}";
        let Submission::Refused(refusal) = of(429, body, wait) else { panic!() };
        assert_eq!(refusal.retry_after, wait);
        assert_eq!(refusal.words, "The service answered 429, error 20429: Too many for +…");
        let Submission::Refused(refusal) = of(502, "<html>Bad gateway", None) else { panic!() };
        assert_eq!(refusal.words, "The service answered 502.");
    }
}
