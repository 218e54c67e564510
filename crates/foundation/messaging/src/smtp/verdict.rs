//! What a server's no is about, and so what may be tried next.
//!
//! The costly mistakes are two: giving up an address that is fine, because a policy or our own account was the
//! reason, and going on against one that is dead. So only the codes that speak of the mailbox itself kill an
//! address, and what smells of policy never does.

use kernel::Email;

use super::reply::Reply;
use super::words;
use crate::provider::{Refusal, RefusalClass};

/// Where in the conversation something was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Reaching the server.
    Connect,
    /// Its first words.
    Greeting,
    /// `EHLO`.
    Hello,
    /// `STARTTLS` and the handshake.
    Tls,
    /// `AUTH`.
    Auth,
    /// `MAIL FROM`.
    Mail,
    /// `RCPT TO`.
    Rcpt,
    /// `DATA`.
    Data,
    /// The bytes of the message.
    Body,
    /// The final dot.
    Dot,
}

impl Step {
    /// The name for logs and the operator.
    pub fn name(self) -> &'static str {
        match self {
            Step::Connect => "connecting",
            Step::Greeting => "the greeting",
            Step::Hello => "EHLO",
            Step::Tls => "TLS",
            Step::Auth => "AUTH",
            Step::Mail => "MAIL FROM",
            Step::Rcpt => "RCPT TO",
            Step::Data => "DATA",
            Step::Body => "the message",
            Step::Dot => "the final dot",
        }
    }
}

/// The refusal that `reply` is at `step`.
pub(super) fn refusal(step: Step, reply: &Reply, recipient: Option<&Email>) -> Refusal {
    let said = words::kept(&reply.lines, recipient);
    let status = reply.enhanced.map(|(class, subject, detail)| format!(" {class}.{subject}.{detail}"));
    let words = format!("{}{} {said} (at {})", reply.code, status.unwrap_or_default(), step.name());
    let retry_after = if reply.code < 500 { words::wait_asked_for(&said) } else { None };
    Refusal { class: class(step, reply), words: kernel::text::shortened(&words, 500), retry_after }
}

fn class(step: Step, reply: &Reply) -> RefusalClass {
    if reply.is_closing() || !reply.is_no() {
        return RefusalClass::Transient;
    }
    if speaks_of_login(reply) {
        return RefusalClass::Account;
    }
    match (step, reply.code < 500) {
        (Step::Rcpt | Step::Data | Step::Body | Step::Dot, true) => busy_or_transient(step, reply),
        (_, true) => RefusalClass::Transient,
        (Step::Rcpt | Step::Data | Step::Body | Step::Dot, false) => dead_or_permanent(step, reply),
        // A size is refused at MAIL when it was announced there; everything else there is about the sender.
        (Step::Mail, false) if too_large(reply) => RefusalClass::Permanent,
        // Before a message has been offered, a lasting no can only be about us.
        (Step::Connect | Step::Greeting | Step::Hello | Step::Tls | Step::Auth | Step::Mail, false) => {
            RefusalClass::Account
        }
    }
}

/// Codes of RFC 4954 that say who we are was not shown, not believed, or not safely said.
fn speaks_of_login(reply: &Reply) -> bool {
    matches!(reply.code, 530 | 534 | 535 | 538) || reply.enhanced == Some((5, 7, 8))
}

fn too_large(reply: &Reply) -> bool {
    reply.code == 552 || matches!(reply.enhanced, Some((5, 3, 4) | (5, 2, 3)))
}

fn busy_or_transient(step: Step, reply: &Reply) -> RefusalClass {
    let mailbox = matches!(reply.enhanced, Some((4, 2, _)));
    // 4.3.x is the server's own trouble, whatever code it comes with.
    let server = matches!(reply.enhanced, Some((4, 3, _)));
    let at_recipient = step == Step::Rcpt && matches!(reply.code, 450 | 452) && !server;
    if mailbox || at_recipient || says(reply, &["greylist", "graylist"]) {
        RefusalClass::RecipientBusy
    } else {
        RefusalClass::Transient
    }
}

fn dead_or_permanent(step: Step, reply: &Reply) -> RefusalClass {
    match reply.enhanced {
        Some((5, 1, 1 | 2 | 10) | (5, 2, 1)) => RefusalClass::DeadAddress,
        // A full mailbox is emptied some day, although servers say "permanent".
        Some((5, 2, 2)) => RefusalClass::RecipientBusy,
        // Our own relay does not take mail for others from us: the operator's to mend, not the message's fault.
        _ if step == Step::Rcpt && says(reply, &["relay"]) => RefusalClass::Account,
        Some(_) => RefusalClass::Permanent,
        None => bare_no(step, reply),
    }
}

/// A server that gives no enhanced code: at RCPT its reply code has to do, unless its words name a policy.
fn bare_no(step: Step, reply: &Reply) -> RefusalClass {
    let policy =
        ["spam", "block", "policy", "reputation", "listed", "rejected due", "access denied", "dmarc", "spf"];
    match (step, reply.code) {
        (Step::Rcpt, 552) => RefusalClass::RecipientBusy,
        (Step::Rcpt, 550 | 551 | 553) if !says(reply, &policy) => RefusalClass::DeadAddress,
        _ => RefusalClass::Permanent,
    }
}

fn says(reply: &Reply, words: &[&str]) -> bool {
    let said = reply.lines.join(" ").to_lowercase();
    words.iter().any(|word| said.contains(word))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use RefusalClass::{Account, DeadAddress, Permanent, RecipientBusy, Transient};
    use Step::{Auth, Data, Dot, Greeting, Hello, Mail, Rcpt, Tls};

    use super::*;

    fn reply(text: &str) -> Reply {
        Reply::take(&mut format!("{text}\r\n").into_bytes()).unwrap().unwrap()
    }

    #[test]
    fn each_no_is_about_something() {
        let table = [
            (Rcpt, "550 5.1.1 No such user", DeadAddress),
            (Rcpt, "550 5.1.2 Bad domain", DeadAddress),
            (Rcpt, "550 5.1.10 Null MX", DeadAddress),
            (Rcpt, "550 5.2.1 Mailbox disabled", DeadAddress),
            (Dot, "550 5.1.1 No such user", DeadAddress),
            (Rcpt, "550 mailbox unavailable", DeadAddress),
            (Rcpt, "551 user not local", DeadAddress),
            (Rcpt, "553 mailbox name not allowed", DeadAddress),
            (Rcpt, "550 blocked, see our list", Permanent),
            (Rcpt, "550 rejected by spam policy", Permanent),
            (Rcpt, "550 5.7.1 not welcome", Permanent),
            (Rcpt, "554 5.7.1 Relay access denied", Account),
            (Rcpt, "550 relaying denied", Account),
            (Rcpt, "552 mailbox full", RecipientBusy),
            (Rcpt, "552 5.2.2 mailbox full", RecipientBusy),
            (Rcpt, "450 try later", RecipientBusy),
            (Rcpt, "452 too many", RecipientBusy),
            (Rcpt, "452 4.2.2 mailbox full", RecipientBusy),
            (Rcpt, "451 4.2.1 mailbox moving", RecipientBusy),
            (Rcpt, "452 4.3.1 insufficient storage", Transient),
            (Rcpt, "451 4.7.1 Greylisted", RecipientBusy),
            (Rcpt, "451 4.4.4 no route", Transient),
            (Dot, "451 4.3.0 try again", Transient),
            (Dot, "450 wait", Transient),
            (Dot, "550 5.7.26 not authenticated by SPF or DKIM", Permanent),
            (Dot, "554 content refused", Permanent),
            (Dot, "550 no", Permanent),
            (Data, "503 bad sequence", Permanent),
            (Mail, "550 5.7.1 sender not allowed", Account),
            (Mail, "553 sender domain unknown", Account),
            (Mail, "530 5.7.0 Must issue STARTTLS first", Account),
            (Mail, "552 5.3.4 Message too big", Permanent),
            (Mail, "452 4.3.1 no space", Transient),
            (Rcpt, "535 5.7.8 who are you", Account),
            (Auth, "535 5.7.8 bad credentials", Account),
            (Auth, "535 bad credentials", Account),
            (Auth, "504 mechanism unknown", Account),
            (Auth, "454 4.7.0 temporary", Transient),
            (Greeting, "554 go away", Account),
            (Greeting, "421 too many connections", Transient),
            (Hello, "501 bad name", Account),
            (Tls, "454 not now", Transient),
            (Rcpt, "421 4.2.1 closing", Transient),
            (Dot, "421 5.1.1 closing", Transient),
            (Data, "250 what?", Transient),
        ];
        for (step, said, expected) in table {
            assert_eq!(class(step, &reply(said)), expected, "{said:?} at {}", step.name());
        }
    }

    #[test]
    fn a_refusal_keeps_the_words_without_the_address() {
        let ann = Email::parse("ann@example.test").unwrap();
        let busy = refusal(
            Rcpt,
            &reply("450 4.2.0 <Ann@example.test>: Greylisted, try again in 300 seconds"),
            Some(&ann),
        );
        assert_eq!(busy.words, "450 4.2.0 <recipient>: Greylisted, try again in 300 seconds (at RCPT TO)");
        assert_eq!(busy.retry_after, Some(Duration::from_secs(300)));
        let long = refusal(Dot, &reply(&format!("554 {}", "x".repeat(2_000))), None);
        assert_eq!(long.words.chars().count(), 500);
        assert_eq!(long.retry_after, None);
    }
}
