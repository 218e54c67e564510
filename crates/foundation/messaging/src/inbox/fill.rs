//! Fills the inbox's pages from what it keeps.

use kernel::{Channel, Shop, ShopClock};

use super::headers::{headers, mailbox, value_of};
use super::kept::{KeptMail, Listed, Page};
use super::view::{Body, Header, InboxList, InboxMessage, InboxRow, View, frame, tabs};
use super::why::why;
use crate::sms::reports::SentText;
use crate::sms::segments::measure;
use crate::store::Explained;

/// Characters of a mail's text that the list shows.
const PREVIEW_CHARS: usize = 120;

/// The list.
pub(super) fn list(page: &Page, clock: &ShopClock<'_>, demo: Option<&str>) -> InboxList {
    InboxList {
        count: counted(page.count),
        messages: page.mails.iter().map(|mail| row(mail, clock)).collect(),
        newer: page.newer.as_ref().map(|id| format!("/inbox?newer={id}")),
        older: page.older.as_ref().map(|id| format!("/inbox?older={id}")),
        demo: demo.map(str::to_owned),
    }
}

fn channel_word(channel: Channel) -> &'static str {
    match channel {
        Channel::Email => "Email",
        Channel::Sms => "Text",
    }
}

fn counted(count: i64) -> String {
    match count {
        0 => String::new(),
        1 => "1 message.".to_owned(),
        count => format!("{count} messages."),
    }
}

fn row(mail: &Listed, clock: &ShopClock<'_>) -> InboxRow {
    InboxRow {
        to: mail.recipient.clone(),
        subject: mail.subject.clone(),
        preview: preview(&mail.beginning),
        channel: channel_word(mail.channel).to_owned(),
        at: mail.received_at.to_string(),
        when: clock.short(mail.received_at),
        href: format!("/inbox/{}", mail.id),
    }
}

/// The words a text begins with, on one line; lines that only underline or divide are left out.
fn preview(text: &str) -> String {
    let says_something = |line: &&str| line.chars().any(char::is_alphanumeric);
    let words: Vec<&str> = text.lines().filter(says_something).flat_map(str::split_whitespace).collect();
    kernel::text::shortened(&words.join(" "), PREVIEW_CHARS)
}

/// One mail, seen in the way of `view`, or as text when it has no HTML to be seen in that way.
pub(super) fn message(
    mail: &KeptMail,
    explained: Option<&Explained>,
    clock: &ShopClock<'_>,
    view: View,
) -> InboxMessage {
    let (path, has_html) = (format!("/inbox/{}", mail.id), !mail.html.is_empty());
    let headers = headers(&mail.source);
    let tabs_of = |view| tabs(&path, view, has_html);
    let view = if tabs_of(view).iter().any(|tab| tab.current) { view } else { View::Text };
    InboxMessage {
        subject: mail.subject.clone(),
        channel: channel_word(mail.channel).to_owned(),
        from: mailbox(value_of(&headers, "From")),
        to: addressee(&headers, mail),
        at: mail.received_at.to_string(),
        when: clock.long(mail.received_at),
        tabs: tabs_of(view),
        body: body(mail, headers, &path, view),
        why: why(explained, &mail.message_id, clock),
    }
}

/// One text, as the phone shows it.
pub(super) fn text(
    kept: &KeptMail,
    sent: Option<&SentText>,
    explained: Option<&Explained>,
    clock: &ShopClock<'_>,
    shop: &Shop,
) -> InboxMessage {
    InboxMessage {
        subject: format!("Text to {}", kept.recipient),
        channel: channel_word(kept.channel).to_owned(),
        from: shop.brand.name.clone(),
        to: kept.recipient.clone(),
        at: kept.received_at.to_string(),
        when: clock.long(kept.received_at),
        tabs: Vec::new(),
        body: Body::Bubble { text: kept.text.clone(), takes: takes(&kept.text, sent, shop) },
        why: why(explained, &kept.message_id, clock),
    }
}

/// `2 segments in UCS-2, 81 characters, £0.08`.
fn takes(text: &str, sent: Option<&SentText>, shop: &Shop) -> String {
    let measured = measure(text);
    let segments = match measured.segments.len() {
        1 => "1 segment".to_owned(),
        count => format!("{count} segments"),
    };
    let mut takes = format!("{segments} in {}, {} characters", measured.encoding.as_str(), measured.units);
    if let Some(price) = sent.and_then(|sent| sent.price) {
        takes.push_str(&format!(", {}", price.shown(&shop.locale)));
    }
    takes
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
