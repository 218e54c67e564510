//! A mail server's own words, made fit to keep: short, on one line, without addresses.

use std::time::Duration;

use kernel::{Email, text};

/// As much as the operator is shown.
const MAX_CHARS: usize = 500;
/// A server that wants to be left alone for longer is asked again after this.
const LONGEST_WAIT_S: u64 = 24 * 60 * 60;

/// The lines as one, with every address replaced. A server may name addresses nobody gave us, such as the one that
/// mail is forwarded to, so all of them go; the recipient's own is told apart.
pub(super) fn kept(lines: &[String], recipient: Option<&Email>) -> String {
    let joined = lines.join(" ");
    let visible: String =
        text::without_bidi_controls(&text::unfolded(&joined)).chars().filter(|c| !c.is_control()).collect();
    text::shortened(without_addresses(&visible, recipient).trim(), MAX_CHARS)
}

fn without_addresses(words: &str, recipient: Option<&Email>) -> String {
    let mut kept = String::with_capacity(words.len());
    let mut run = String::new();
    for c in words.chars() {
        if in_address(c) {
            run.push(c);
        } else {
            push_run(&mut kept, &mut run, recipient);
            kept.push(c);
        }
    }
    push_run(&mut kept, &mut run, recipient);
    kept.replace("<<", "<").replace(">>", ">")
}

fn in_address(c: char) -> bool {
    c.is_alphanumeric() || "@.!#$%&'*+-/=?^_`{|}~".contains(c)
}

/// Ends a run of characters that may be an address.
fn push_run(kept: &mut String, run: &mut String, recipient: Option<&Email>) {
    let address = run.trim_matches(|c: char| !c.is_alphanumeric());
    let is_address =
        address.split_once('@').is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty());
    if !is_address {
        kept.push_str(run);
    } else if recipient.is_some_and(|email| email.key() == address.to_lowercase()) {
        kept.push_str("<recipient>");
    } else {
        kept.push_str("<address>");
    }
    run.clear();
}

/// Reads `try again in 300 seconds` and its like.
pub(super) fn wait_asked_for(words: &str) -> Option<Duration> {
    let words: Vec<String> = words.split_whitespace().map(bare).collect();
    let seconds = words.windows(3).find_map(|three| match three {
        [before, number, unit] if matches!(before.as_str(), "in" | "after" | "for" | "wait" | "least") => {
            number.parse::<u64>().ok()?.checked_mul(seconds_in(unit)?)
        }
        _ => None,
    })?;
    Some(Duration::from_secs(seconds.min(LONGEST_WAIT_S)))
}

fn bare(word: &str) -> String {
    word.trim_matches(|c: char| !c.is_alphanumeric()).to_ascii_lowercase()
}

fn seconds_in(unit: &str) -> Option<u64> {
    match unit {
        "s" | "sec" | "secs" | "second" | "seconds" => Some(1),
        "m" | "min" | "mins" | "minute" | "minutes" => Some(60),
        "h" | "hour" | "hours" => Some(60 * 60),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn for_ann(words: &str) -> String {
        kept(&[words.to_owned()], Some(&Email::parse("Ann@example.test").unwrap()))
    }

    #[test]
    fn addresses_do_not_stay() {
        assert_eq!(for_ann("<ann@example.test>: no such user"), "<recipient>: no such user");
        assert_eq!(for_ann("user ANN@Example.Test."), "user <recipient>");
        assert_eq!(for_ann("please try <real.ann@other.test>"), "please try <address>");
        assert_eq!(for_ann("meet @ noon, queued as 4X1"), "meet @ noon, queued as 4X1");
    }

    #[test]
    fn words_are_one_short_line() {
        assert_eq!(for_ann("a\r\nb\0\u{202E}c"), "a  bc");
        assert_eq!(for_ann(&"x".repeat(900)).chars().count(), 500);
    }

    #[test]
    fn a_wait_is_read_where_it_is_plain() {
        let cases = [
            ("Greylisted, try again in 300 seconds", Some(300)),
            ("Please retry after 5 minutes.", Some(300)),
            ("wait 1 hour", Some(3_600)),
            ("come back in 99999 hours", Some(86_400)),
            ("try again in 18446744073709551615 hours", None),
            ("try again later", None),
            ("try again in a few minutes", None),
            ("too many messages in 1 session", None),
        ];
        for (words, seconds) in cases {
            assert_eq!(wait_asked_for(words), seconds.map(Duration::from_secs), "{words}");
        }
    }
}
