//! Fills the inbox's pages from what it keeps.

use kernel::text;

use super::clock::Clock;
use super::headers::{headers, mailbox, value_of};
use super::kept::{KeptMail, Listed, Page};
use super::view::{Body, Header, InboxList, InboxMessage, InboxRow, View, frame, tabs};
use super::why::why;
use crate::store::Explained;

/// Characters of a mail's text that the list shows.
const PREVIEW_CHARS: usize = 120;

/// Only mails come to this inbox; text messages have no provider here yet.
const CHANNEL: &str = "Email";

/// The list.
pub(super) fn list(page: &Page, clock: &Clock<'_>, demo: Option<&str>) -> InboxList {
    InboxList {
        count: counted(page.count),
        messages: page.mails.iter().map(|mail| row(mail, clock)).collect(),
        newer: page.newer.as_ref().map(|id| format!("/inbox?newer={id}")),
        older: page.older.as_ref().map(|id| format!("/inbox?older={id}")),
        demo: demo.map(str::to_owned),
    }
}

fn counted(count: i64) -> String {
    match count {
        0 => String::new(),
        1 => "1 message.".to_owned(),
        count => format!("{count} messages."),
    }
}

fn row(mail: &Listed, clock: &Clock<'_>) -> InboxRow {
    InboxRow {
        to: mail.recipient.clone(),
        subject: mail.subject.clone(),
        preview: preview(&mail.beginning),
        channel: CHANNEL.to_owned(),
        at: mail.received_at.to_string(),
        when: clock.short(mail.received_at),
        href: format!("/inbox/{}", mail.id),
    }
}

/// The words a text begins with, on one line; lines that only underline or divide are left out.
fn preview(text: &str) -> String {
    let says_something = |line: &&str| line.chars().any(char::is_alphanumeric);
    let words: Vec<&str> = text.lines().filter(says_something).flat_map(str::split_whitespace).collect();
    text::shortened(&words.join(" "), PREVIEW_CHARS)
}

/// One mail, seen in the way of `view`, or as text when it has no HTML to be seen in that way.
pub(super) fn message(
    mail: &KeptMail,
    explained: Option<&Explained>,
    clock: &Clock<'_>,
    view: View,
) -> InboxMessage {
    let (path, has_html) = (format!("/inbox/{}", mail.id), !mail.html.is_empty());
    let headers = headers(&mail.source);
    let tabs_of = |view| tabs(&path, view, has_html);
    let view = if tabs_of(view).iter().any(|tab| tab.current) { view } else { View::Text };
    InboxMessage {
        subject: mail.subject.clone(),
        channel: CHANNEL.to_owned(),
        from: mailbox(value_of(&headers, "From")),
        to: addressee(&headers, mail),
        at: mail.received_at.to_string(),
        when: clock.long(mail.received_at),
        tabs: tabs_of(view),
        body: body(mail, headers, &path, view),
        why: why(explained, &mail.message_id, clock),
    }
}

/// With the name, when the mail says one.
fn addressee(headers: &[Header], mail: &KeptMail) -> String {
    match mailbox(value_of(headers, "To")) {
        to if to.is_empty() => mail.recipient.clone(),
        to => to,
    }
}

fn body(mail: &KeptMail, headers: Vec<Header>, path: &str, view: View) -> Body {
    match view {
        View::Html | View::Phone(_) | View::Dark => frame(path, view),
        View::Text => Body::Text { title: "The text part".to_owned(), text: mail.text.clone() },
        View::Source => {
            let text = String::from_utf8_lossy(&mail.source).into_owned();
            Body::Text { title: "The mail as it was received".to_owned(), text }
        }
        View::Headers => Body::Headers { headers },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_preview_is_words_on_one_line() {
        let text = "Northwind Tea\r\n\r\nArriving\tThursday\n========\n. . . . .\nThank  you.";
        assert_eq!(preview(text), "Northwind Tea Arriving Thursday Thank you.");
        assert_eq!(preview(&"é ".repeat(300)).chars().count(), PREVIEW_CHARS);
        assert_eq!(preview("----"), "");
    }

    #[test]
    fn a_count_is_a_sentence() {
        assert_eq!([0, 1, 61].map(counted), ["", "1 message.", "61 messages."]);
    }
}
