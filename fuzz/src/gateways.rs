//! What a gateway answers to a text: a yes or a no, in words that can be kept. The first line of an input is the answer's
//! status and the wait it asks for, the rest its body.

use std::time::Duration;

use egress::Answer;
use messaging::provider::{Refusal, RefusalClass, Submission};
use messaging::sms::examine;

use crate::input::first_line;

/// One answer, of either kind of gateway.
pub fn answers(bytes: &[u8]) {
    let (head, body) = first_line(bytes);
    let head = String::from_utf8_lossy(head).into_owned();
    let (status, wait) = head.split_once(' ').unwrap_or((&head, ""));
    let status = status.parse().unwrap_or(200);
    let headers = vec![("retry-after".to_owned(), wait.to_owned())];
    let answer = Answer { status, headers, body: body.to_vec(), is_whole: true };
    for read in [examine::kannel, examine::twilio] {
        let meant = read(status, &answer.text(), answer.retry_after());
        assert_eq!(meant, read(status, &answer.text(), answer.retry_after()), "an answer means one thing");
        check(&meant, status);
    }
}

fn check(meant: &Submission, status: u16) {
    let is_yes = (200..300).contains(&status);
    match meant {
        Submission::Accepted { reference } => {
            assert!(is_yes, "{status} is no yes");
            check_words(reference, 120);
        }
        Submission::Refused(refusal) => check_refusal(refusal, status),
        Submission::Unknown { words } => panic!("there was an answer: {words}"),
    }
}

fn check_refusal(refusal: &Refusal, status: u16) {
    check_words(&refusal.words, 500);
    assert!(refusal.retry_after.is_none_or(|wait| wait <= Duration::from_secs(86_400)));
    let is_theirs = matches!(refusal.class, RefusalClass::DeadAddress | RefusalClass::Stopped);
    assert!(!is_theirs || refusal.words.contains("error 21"), "a number is given up for a reason: {status}");
    let digits = refusal.words.split(|c: char| !c.is_ascii_digit()).map(str::len).max();
    assert!(
        digits.is_none_or(|longest| longest < 11),
        "the recipient is nobody's business: {}",
        refusal.words
    );
}

/// What is kept of an answer stands in the database and on a page.
fn check_words(words: &str, longest: usize) {
    assert!(words.chars().count() <= longest && !words.chars().any(char::is_control), "{words:?}");
}
